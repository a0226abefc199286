using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Tests.Facts;

/// <summary>What a large schema costs: it is read once, and stays while somebody types.</summary>
public sealed class SchemaWorkTests
{
    private const int Tables = 500;
    private const int Files = 2000;

    [Fact]
    public void A_keystroke_in_code_reads_parses_and_plays_nothing_again()
    {
        var (compilation, files) = Project();
        var first = Analyse(compilation, files);
        Assert.Equal((Files, Files, 1), Work(first));
        Assert.Equal(Tables, first.Schema.Tables.Length);
        Assert.False(first.Schema.IsIncomplete);

        var second = Analyse(Edited(compilation), files);
        Assert.Equal((0, 0, 0), Work(second));
        Assert.Same(first.Schema, second.Schema);
        Assert.Equal(first.SchemaFacts.Findings.Select(finding => finding.Statement).Order(), second.SchemaFacts.Findings.Select(finding => finding.Statement).Order());
        Assert.NotEmpty(second.SchemaFacts.Findings);
    }

    [Fact]
    public void One_changed_file_is_read_and_parsed_alone()
    {
        var (compilation, files) = Project();
        var before = Analyse(compilation, files);
        var changed = files.SetItem(1200, new SqlFile(files[1200].Path, "ALTER TABLE t_0 ADD COLUMN more int;"));
        var after = Analyse(Edited(compilation), changed);
        Assert.Equal((1, 1, 1), Work(after));
        Assert.Null(before.Schema.FindTable(null, "t_0")!.FindColumn("more"));
        Assert.NotNull(after.Schema.FindTable(null, "t_0")!.FindColumn("more"));

        // A file less, and other settings: nothing is taken for what it was.
        Assert.Equal((0, 0, 1), Work(Analyse(compilation.Clone(), files.RemoveAt(1500))));
    }

    /// <summary>A compilation without a database library has the rules about the schema alone.</summary>
    [Fact]
    public void Without_a_library_it_is_the_same()
    {
        var (_, files) = Project();
        var compilation = CSharpCompilation.Create("Plain", [CSharpSyntaxTree.ParseText("public class A;", cancellationToken: TestContext.Current.CancellationToken)], References.Framework, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var first = SchemaFacts.For(compilation, new AnalyzerOptions(files))!;
        var second = SchemaFacts.For(compilation.Clone(), new AnalyzerOptions(files))!;
        Assert.NotSame(first, second);
        Assert.Equal((Files, 0), (first.Work.FilesRead, second.Work.FilesRead + second.Work.ScriptsParsed + second.Work.Replays));
        Assert.Same(first.Catalog, second.Catalog);
    }

    /// <summary>Facts about code belong to one compilation: of a new one the queries are read again, but no more of them than somebody asks for.</summary>
    [Fact]
    public void Only_the_queries_of_what_is_analysed_are_read()
    {
        var (compilation, files) = Project();
        Assert.Equal(24, Analyse(compilation, files).QueriesRead);

        var edited = Edited(compilation);
        var facts = DbFacts.For(edited, new AnalyzerOptions(files))!;
        Ask(facts, edited.SyntaxTrees.Last());
        Ask(facts, edited.SyntaxTrees.Last());
        Assert.Equal(4, facts.QueriesRead);
    }

    private static (int, int, int) Work(DbFacts facts) => (facts.SchemaFacts.Work.FilesRead, facts.SchemaFacts.Work.ScriptsParsed, facts.SchemaFacts.Work.Replays);

    private static DbFacts Analyse(Compilation compilation, ImmutableArray<AdditionalText> files)
    {
        var facts = DbFacts.For(compilation, new AnalyzerOptions(files))!;
        foreach (var tree in compilation.SyntaxTrees)
        {
            Ask(facts, tree);
        }

        return facts;
    }

    private static void Ask(DbFacts facts, SyntaxTree tree)
    {
        var model = facts.Compilation.GetSemanticModel(tree);
        foreach (var call in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            Assert.NotEmpty(facts.IndexFindingsOf(model.GetOperation(call, TestContext.Current.CancellationToken)!, TestContext.Current.CancellationToken));
        }
    }

    private static Compilation Edited(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(tree.GetText().WithChanges(new TextChange(new TextSpan(0, 0), "// typed\n"))));
    }

    private static (Compilation Compilation, ImmutableArray<AdditionalText> Files) Project()
    {
        var files = Enumerable.Range(0, Files).Select(i => (AdditionalText)new SqlFile($"db/migrations/{i + 1:D4}_change.sql", Migration(i))).ToImmutableArray();
        var compilation = CSharpCompilation.Create(
            "Case", [Queries("A", 20), Queries("B", 4)], RuleTest.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return (compilation, files);
    }

    private static string Migration(int i)
    {
        var table = i % Tables;
        var text = (i / Tables) switch
        {
            0 => $"CREATE TABLE t_{table} (id bigint PRIMARY KEY, before bigint{(table == 0 ? "" : $" REFERENCES t_{table - 1} (id)")}, name text NOT NULL, kind text);",
            1 => $"ALTER TABLE t_{table} ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();",
            2 => $"CREATE INDEX idx_t_{table}_kind ON t_{table} (kind);",
            _ => $"COMMENT ON TABLE t_{table} IS 'the table {table}';",
        };
        return text;
    }

    private static SyntaxTree Queries(string name, int count) => CSharpSyntaxTree.ParseText(
        $$"""
        using Dapper;
        using Npgsql;
        public class {{name}}
        {
            public void Run(NpgsqlConnection pg, string x)
            {
        {{string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"        pg.Query<int>(\"SELECT id FROM t_{i} WHERE name = @x\", new {{ x }});\n")))}}
            }
        }
        """, new CSharpParseOptions(LanguageVersion.CSharp12), name + ".cs");

    private sealed class SqlFile(string path, string text) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From(text);

        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }
}
