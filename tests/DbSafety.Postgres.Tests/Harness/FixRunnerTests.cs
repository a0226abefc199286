using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Postgres.Tests.Harness;

/// <summary>The harness itself: a proof is worth what its tool is worth.</summary>
public sealed class FixRunnerTests(PostgresServer server)
{
    private const string Source = """
        public static class Snippet
        {
            public static async Task<object> Run(string connectionString, int most)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                return await connection.QueryAsync("SELECT id, name FROM samples WHERE id < @most AND id <> @first AND id <> @second", new { most, first = 41, second = 41 });
            }
        }
        """;

    [Fact]
    public async Task Applies_the_first_action_until_nothing_is_left()
    {
        var result = await Runner(("to 42", "42"), ("to 1", "1")).ApplyFixAsync(Source);

        Assert.Equal(Source.Replace("41", "42"), result.Source);
        Assert.Equal([new Offer("PROBE", "to 42", "to 42"), new Offer("PROBE", "to 42", "to 42")], result.Applied);
    }

    [Fact]
    public async Task Chooses_by_index_or_key()
    {
        var runner = Runner(("to 42", "42"), ("to 1", "1"));

        Assert.Equal(Source.Replace("41", "1"), (await runner.ApplyFixAsync(Source, actionIndex: 1)).Source);
        Assert.Equal(Source.Replace("41", "1"), (await runner.ApplyFixAsync(Source, equivalenceKey: "to 1")).Source);
        Assert.Equal(["to 42", "to 1", "to 42", "to 1"], (await runner.OffersAsync(Source)).Select(offer => offer.Title));
        Assert.Equal(2, (await runner.DiagnoseAsync(Source)).Length);
    }

    [Theory]
    [InlineData("\"x\" * 2", "does not compile")]
    [InlineData("41", "changed nothing")]
    [InlineData("41 + 0", "still one to apply")]
    public async Task Refuses_a_bad_fix(string replacement, string reason)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Runner(("bad", replacement)).ApplyFixAsync(Source));
        Assert.Contains(reason, exception.Message);
    }

    [Fact]
    public async Task Refuses_when_nothing_is_offered()
    {
        Assert.Contains("No fix", (await Assert.ThrowsAsync<InvalidOperationException>(() => Runner().ApplyFixAsync(Source))).Message);
        Assert.Contains("No fix", (await Assert.ThrowsAsync<InvalidOperationException>(() => Runner(("to 42", "42")).ApplyFixAsync(Source, "OTHER"))).Message);
    }

    [Fact]
    public async Task Reports_a_crashing_analyzer()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Runner().DiagnoseAsync(Source + "// crash"));
        Assert.Equal("boom", exception.InnerException!.Message);
    }

    [Fact]
    public async Task Hands_files_and_options_to_the_analyzers()
    {
        var runner = new FixRunner
        {
            Analyzers = [new Probe()],
            AdditionalFiles = [("schema.sql", Schema.Sql)],
            GlobalConfig = "build_property.Probe = seen",
        };
        Assert.Contains("schema.sql/seen", (await runner.DiagnoseAsync(Source))[0].GetMessage());
    }

    [Fact]
    public async Task Compares_what_ran_before_with_what_runs_after()
    {
        var (_, outcomes) = await Runner(("to 2", "2")).CompareAsync(server, Source, [[2], [4]]);

        Assert.Equal("(Int32 1, 'alpha')", outcomes[0].Before.ToString());
        Assert.Equal(outcomes[0].Before.ToString(), outcomes[0].After.ToString());
        Assert.Equal(3, outcomes[1].Before.Rows.Length);
        Assert.Equal(2, outcomes[1].After.Rows.Length);
    }

    [Fact]
    public async Task Every_run_has_fresh_data()
    {
        const string deletes = """
            public static class Snippet
            {
                public static async Task<int> Run(string connectionString, string name)
                {
                    var most = 41;
                    await using var context = new SamplesContext(connectionString);
                    return await context.Database.ExecuteSqlAsync($"DELETE FROM samples WHERE id < {most} AND name <> {name}");
                }
            }
            """;
        var (_, outcomes) = await Runner(("to 99", "99")).CompareAsync(server, deletes, [["none"], ["alpha"]]);

        Assert.Equal(["(Int32 5)|(Int32 5)", "(Int32 4)|(Int32 4)"], outcomes.Select(pair => $"{pair.Before}|{pair.After}"));
    }

    [Fact]
    public async Task Keeps_the_sqlstate_of_a_failure()
    {
        await using var database = await server.CreateDatabaseAsync();
        const string fails = """
            public static class Snippet
            {
                public static async Task<List<object[]>> Run(string connectionString)
                {
                    await using var source = NpgsqlDataSource.Create(connectionString);
                    await using var command = source.CreateCommand("SELECT 1 / 0");
                    return await Rows.ReadAsync(command);
                }
            }
            """;
        var outcome = await FixRunner.RunAsync(fails, database.ConnectionString);
        Assert.Equal("PostgresException 22012", outcome.ToString());
        Assert.Equal("22012", outcome.SqlState);
    }

    private static FixRunner Runner(params (string Title, string Replacement)[] actions) => new()
    {
        Analyzers = [new Probe()],
        Fixes = [new ProbeFix(actions)],
    };

#pragma warning disable RS1001, RS1036, RS2008 // A probe of this test, never shipped.
    private sealed class Probe : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Rule = new("PROBE", "Probe", "The number 41: {0}", "Probe", DiagnosticSeverity.Warning, true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSyntaxTreeAction(tree =>
            {
                if (tree.Tree.ToString().EndsWith("// crash", StringComparison.Ordinal))
                {
                    throw new NotSupportedException("boom");
                }
            });
            context.RegisterSyntaxNodeAction(
                node =>
                {
                    if (node.Node.ToString() != "41")
                    {
                        return;
                    }

                    node.Options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("build_property.Probe", out var option);
                    var files = string.Join(",", node.Options.AdditionalFiles.Select(file => Path.GetFileName(file.Path)));
                    node.ReportDiagnostic(Diagnostic.Create(Rule, node.Node.GetLocation(), $"{files}/{option}"));
                },
                SyntaxKind.NumericLiteralExpression);
        }
    }

    private sealed class ProbeFix((string Title, string Replacement)[] actions) : CodeFixProvider
    {
        public override ImmutableArray<string> FixableDiagnosticIds => ["PROBE"];

        public override FixAllProvider? GetFixAllProvider() => null;

        public override Task RegisterCodeFixesAsync(CodeFixContext context)
        {
            foreach (var (title, replacement) in actions)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        title,
                        async cancellation =>
                        {
                            var text = await context.Document.GetTextAsync(cancellation);
                            return context.Document.WithText(text.Replace(context.Span, replacement));
                        },
                        title),
                    context.Diagnostics);
            }

            return Task.CompletedTask;
        }
    }
}
