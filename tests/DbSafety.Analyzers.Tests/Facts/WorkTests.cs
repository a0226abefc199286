using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Tests.Facts;

/// <summary>Wall 3: what code pays that has nothing to do with a database.</summary>
public sealed class WorkTests
{
    private const string Ordinary = """
        public class Ordinary
        {
            private readonly List<int> _list = new();
            public string Text { get; set; } = "";
            public void Run(string name, int[] numbers)
            {
                Text = name.Trim() + numbers.Length;
                Text += name.Substring(1);
                _list.AddRange(numbers.Where(n => n > 1).Select(n => n * 2));
                Console.WriteLine(string.Join(",", _list));
                var set = new HashSet<string>(StringComparer.Ordinal) { name, "a" };
                var builder = new StringBuilder(name).Append(1).AppendLine("x");
                _ = new ArgumentException(name, nameof(name));
                _list.ForEach(n => Console.WriteLine(n));
                foreach (var number in numbers) { Console.WriteLine(number); }
                for (var i = 0; i < numbers.Length; i++) { Text = _list.Where(n => n > 1).ToList().Count + name; }
            }
        }
        """;

    [Fact]
    public async Task A_compilation_without_a_database_library_registers_nothing()
    {
        var compilation = CSharpCompilation.Create("Plain", [Parse(Usings + Ordinary)], References.Framework, s_library);
        Assert.Null(DbFacts.For(compilation, new AnalyzerOptions([], new Forbidden())));

        var run = compilation.WithAnalyzers(Verify.Rules, new AnalyzerOptions([], new Forbidden()));
        Assert.Empty(await run.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken));
        foreach (var rule in Verify.Rules)
        {
            var telemetry = await run.GetAnalyzerTelemetryInfoAsync(run.Analyzers.Single(analyzer => analyzer.GetType() == rule.GetType()), TestContext.Current.CancellationToken);
            Assert.Equal(1, telemetry.CompilationStartActionsCount);
            Assert.Equal(0, telemetry.OperationActionsCount + telemetry.OperationBlockStartActionsCount + telemetry.OperationBlockActionsCount +
                telemetry.SyntaxNodeActionsCount + telemetry.SyntaxTreeActionsCount + telemetry.SymbolActionsCount + telemetry.SemanticModelActionsCount +
                telemetry.CompilationEndActionsCount + telemetry.CompilationActionsCount);
        }
    }

    [Fact]
    public void An_operation_whose_member_is_not_in_the_table_costs_no_allocation()
    {
        var compilation = Verify.Compile(Ordinary + """

            public static class Wrappers { public static int Run(this NpgsqlConnection pg, string sql) => pg.Execute(sql); }
            """);
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        var tree = compilation.SyntaxTrees[1];
        var model = compilation.GetSemanticModel(tree);
        var operations = tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<ClassDeclarationSyntax>().First().DescendantNodes()
            .Select(node => model.GetOperation(node, TestContext.Current.CancellationToken))
            .Where(operation => operation is IInvocationOperation or IObjectCreationOperation or IAssignmentOperation or ILoopOperation)
            .OfType<IOperation>()
            .ToArray();
        Assert.True(operations.Length > 12);
        Assert.All(operations, operation => Assert.Null(facts.CallOf(operation)));

        Ask(facts, operations);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(facts, operations);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, facts.CallsCreated + facts.QueriesRead);
    }

    [Fact]
    public void A_call_is_read_once_though_five_rules_ask_at_the_same_time()
    {
        const int Calls = 40;
        var methods = string.Concat(Enumerable.Range(0, Calls).Select(i =>
            $"public void M{i}(NpgsqlConnection pg, string name) => pg.Execute($\"SELECT {i} FROM users WHERE name = '{{name}}'\");\n"));
        var compilation = Verify.Compile($"public class Case {{ {methods} }}");
        var tree = compilation.SyntaxTrees[1];
        var nodes = tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<InvocationExpressionSyntax>().ToList();
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        var answers = Verify.Rules.AsParallel().WithDegreeOfParallelism(Verify.Rules.Length)
            .Select(_ => nodes.Select(facts.CallAt).ToList()).ToList();
        Assert.Equal(Calls, nodes.Count);
        Assert.Equal(Calls, facts.CallsCreated);
        Assert.All(answers, calls => Assert.Equal(answers[0], calls));
    }

    [Fact]
    public void Facts_belong_to_one_compilation()
    {
        var compilation = Verify.Compile(Ordinary);
        var options = new AnalyzerOptions([]);
        Assert.Same(DbFacts.For(compilation, options), DbFacts.For(compilation, options));
        Assert.NotSame(DbFacts.For(compilation, options), DbFacts.For(compilation.Clone(), options));
    }

    private const string Usings = "using System; using System.Collections.Generic; using System.Linq; using System.Text;\n";

    private static readonly CSharpCompilationOptions s_library = new(OutputKind.DynamicallyLinkedLibrary);

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp12));

    private static void Ask(DbFacts facts, IOperation[] operations)
    {
        for (var i = 0; i < 200; i++)
        {
            foreach (var operation in operations)
            {
                facts.CallOf(operation);
                facts.IndexFindingsOf(operation, CancellationToken.None);
            }
        }
    }

    /// <summary>Options that nobody may read.</summary>
    private sealed class Forbidden : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions => throw new InvalidOperationException("read");

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => throw new InvalidOperationException("read");

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => throw new InvalidOperationException("read");
    }
}
