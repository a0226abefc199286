using System.Collections.Immutable;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Tests;

/// <summary>Cases of one rule, run against the real packages.</summary>
internal static class Verify<TRule>
    where TRule : DiagnosticAnalyzer, new()
{
    /// <summary>The marked holes of an SQL text are reported, whatever API takes it and however it is built.</summary>
    /// <param name="sql">The text, like the content of an interpolated string; <c>[|{name}|]</c> marks a hole that is reported.</param>
    /// <param name="variables">The parameters of the method around it that the holes use.</param>
    /// <param name="families">The APIs.</param>
    public static Task Sql(string sql, string variables = "string name", Families families = Families.All)
    {
        Assert.Contains("[|", sql);
        return CSharp(SqlCases.Embed(sql, variables, families));
    }

    /// <summary>Nothing in an SQL text is reported, whatever API takes it and however it is built.</summary>
    public static Task Silent(string sql, string variables = "string name", Families families = Families.All)
    {
        Assert.DoesNotContain("[|", sql);
        return CSharp(SqlCases.Embed(sql, variables, families));
    }

    /// <summary>What is marked in statements is reported. They stand in a public method with connections at hand (<see cref="SqlCases.Parameters"/>).</summary>
    public static Task Statements(string statements, string variables = "string name") => CSharp(SqlCases.Wrap(statements, variables));

    /// <summary>What is marked in a file, with <c>[|..|]</c> or <c>{|DBS1001:..|}</c>, is reported, and nothing else.</summary>
    public static Task CSharp(string source, Action<RuleTest>? configure = null)
    {
        var test = new RuleTest(new TRule()) { TestCode = source };
        configure?.Invoke(test);
        return test.RunAndExplainAsync(source);
    }
}

/// <summary>Cases of all rules together.</summary>
internal static class Verify
{
    /// <summary>Each rule, in the order of their ids.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Rules =>
    [
        .. typeof(DbRule).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!).OrderBy(rule => rule.SupportedDiagnostics[0].Id, StringComparer.Ordinal),
    ];

    /// <summary>What is marked in a file with <c>{|DBS1001:..|}</c> is reported, and nothing else.</summary>
    public static Task CSharp(string source, Action<RuleTest>? configure = null)
    {
        var test = new RuleTest([.. Rules]) { TestCode = source };
        configure?.Invoke(test);
        return test.RunAndExplainAsync(source);
    }

    /// <summary>The same for statements in a public method with connections at hand.</summary>
    public static Task Statements(string statements, string variables = "string name") => CSharp(SqlCases.Wrap(statements, variables));

    /// <summary>Code that need not compile: no rule throws. Gives what is reported, in the order of the text.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Survives(string source)
    {
        var diagnostics = await Compile(source).WithAnalyzers(Rules).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id.StartsWith("AD", StringComparison.Ordinal));
        return [.. diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>A compilation of one file beside what every case may use; it may have errors.</summary>
    public static CSharpCompilation Compile(string source)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp12);
        return CSharpCompilation.Create(
            "Case",
            [CSharpSyntaxTree.ParseText(RuleTest.Shared, options), CSharpSyntaxTree.ParseText(source, options)],
            RuleTest.References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }
}

/// <summary>A run of rules over C# code that references .NET, the real packages and the clients of other databases.</summary>
internal sealed class RuleTest : AnalyzerTest<DefaultVerifier>
{
    /// <summary>What every case may use.</summary>
    public const string Shared = """
        global using System;
        global using System.Collections.Generic;
        global using System.Data;
        global using System.Data.Common;
        global using System.Globalization;
        global using System.Linq;
        global using System.Text;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Dapper;
        global using Microsoft.Data.SqlClient;
        global using Microsoft.Data.Sqlite;
        global using Microsoft.EntityFrameworkCore;
        global using MySqlConnector;
        global using Npgsql;

        public class User { public int Id { get; set; } public string Name { get; set; } = ""; public Status Status { get; set; } }
        public class Shop : DbContext { public DbSet<User> Users => Set<User>(); }
        public enum Status { Active, Closed }
        """;

    private readonly DiagnosticAnalyzer[] _rules;

    /// <summary>Makes a run of some rules.</summary>
    public RuleTest(params DiagnosticAnalyzer[] rules)
    {
        _rules = rules;
        ReferenceAssemblies = new ReferenceAssemblies("none");
        TestState.Sources.Add(("Shared.cs", Shared));
        TestState.AdditionalReferences.AddRange(References);
        TestBehaviors = TestBehaviors.SkipSuppressionCheck | TestBehaviors.SkipGeneratedCodeCheck;
        MarkupOptions = MarkupOptions.TreatPositionIndicatorsAsCode;
        SolutionTransforms.Add((solution, project) => solution.WithProjectCompilationOptions(project, CreateCompilationOptions()));
    }

    /// <summary>The references of a run, unless a case changes them.</summary>
    public static ImmutableArray<MetadataReference> References { get; } = [.. Tests.References.Newest, .. Tests.References.OtherClients];

    /// <inheritdoc/>
    public override string Language => LanguageNames.CSharp;

    /// <inheritdoc/>
    protected override string DefaultFileExt => "cs";

    /// <summary>The case references only these.</summary>
    public RuleTest Referencing(IEnumerable<MetadataReference> references)
    {
        TestState.AdditionalReferences.Clear();
        TestState.AdditionalReferences.AddRange(references);
        return this;
    }

    /// <summary>Runs the case. A failure is told line by line, where the file alone is enough to see it.</summary>
    public async Task RunAndExplainAsync(string source)
    {
        try
        {
            await RunAsync(TestContext.Current.CancellationToken);
        }
        catch (InvalidOperationException failure) when (failure.Message.Contains("diagnostic"))
        {
            throw new InvalidOperationException(await Explain(source) is { Length: > 0 } lines ? lines : failure.Message, failure);
        }
    }

    private async Task<string> Explain(string source)
    {
        TestFileMarkupParser.GetSpans(source, treatPositionIndicatorsAsCode: true, out var code, out ImmutableDictionary<string, ImmutableArray<TextSpan>> marks);
        var only = _rules.Length == 1 ? _rules[0].SupportedDiagnostics[0].Id : "";
        var expected = marks.SelectMany(mark => mark.Value.Select(span => (Id: mark.Key.Length == 0 ? only : mark.Key, Span: span))).ToHashSet();
        var compilation = Tests.Verify.Compile(code);
        var tree = compilation.SyntaxTrees[1];
        var diagnostics = await compilation.WithAnalyzers([.. _rules]).GetAnalyzerDiagnosticsAsync();
        var actual = diagnostics.Select(diagnostic => (diagnostic.Id, Span: diagnostic.Location.SourceSpan)).ToList();
        var lines = tree.GetText().Lines;
        return string.Concat(
            actual.Where(found => !expected.Contains(found)).Select(found => Show("UNEXPECTED", found)).Concat(
            actual.GroupBy(found => found).Where(group => group.Count() > 1).Select(group => Show("TWICE", group.Key))).Concat(
            expected.Where(mark => !actual.Contains(mark)).Select(mark => Show("MISSING", mark))).Concat(
            diagnostics.Where(diagnostic => diagnostic.Id == "AD0001").Concat(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)).Select(diagnostic => "\n" + diagnostic)));

        string Show(string what, (string Id, TextSpan Span) found)
        {
            var line = lines.GetLineFromPosition(found.Span.Start);
            return $"\n{what} {found.Id} at '{code.Substring(found.Span.Start, found.Span.Length)}' in line {line.LineNumber + 1}: {line.ToString().Trim()}";
        }
    }

    /// <inheritdoc/>
    protected override CompilationOptions CreateCompilationOptions() =>
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    /// <inheritdoc/>
    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.CSharp12, DocumentationMode.Diagnose);

    /// <inheritdoc/>
    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => _rules;
}
