using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Benchmarks;

/// <summary>What a large schema costs: parsed and played by itself; with the rules about indexes, the first time, after an edit of code, and after an edit of SQL.</summary>
internal static class SchemaMode
{
    private const int QueriesOfFile = 20;

    public static async Task<int> Run(Arguments arguments)
    {
        int tables = arguments.Number("tables", 500), count = arguments.Number("files", 2000), queries = arguments.Number("queries", 1000), rounds = arguments.Number("rounds", 5);
        var texts = Enumerable.Range(0, count).Select(i => Migration(i, tables)).ToArray();
        var bytes = texts.Sum(text => 2.0 * text.Length);
        Console.WriteLine($"{tables} tables, {count} files, {bytes / 1e6:F2} MB of UTF-16, {queries} queries, {Environment.ProcessorCount} processors, median of {rounds}");

        // The first round warms up.
        List<double> parsing = [], playing = [];
        for (var round = -1; round < rounds; round++)
        {
            SqlTree[] trees = [];
            var parse = Time(() => trees = texts.Select(text => SqlParser.Parse(new SqlSource(text))).ToArray());
            var play = Time(() => SchemaReader.Read(trees));
            if (round >= 0)
            {
                parsing.Add(parse);
                playing.Add(play);
            }
        }

        Console.WriteLine($"parse          {Median(parsing),8:F1} ms   {bytes / 1e3 / Median(parsing):F1} MB/s");
        Console.WriteLine($"replay         {Median(playing),8:F1} ms");
        Console.WriteLine($"both                          {bytes / 1e3 / (Median(parsing) + Median(playing)):F1} MB/s");

        var set = AnalyzerSet.All().First();
        set = set with { Analyzers = set.Analyzers.Where(analyzer => analyzer.SupportedDiagnostics.Any(descriptor => descriptor.Category == "Indexes")).ToImmutableArray() };
        var files = texts.Select((text, i) => (AdditionalText)new SqlFile($"db/migrations/{i + 1:D6}_change.sql", text)).ToImmutableArray();
        var sources = Enumerable.Range(0, Math.Max(1, queries / QueriesOfFile)).Select(i => Queries(i, tables));
        Compilation compilation = CSharpCompilation.Create("Case", sources, Inputs.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        if (compilation.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
        {
            Console.Error.WriteLine(error);
            return 1;
        }

        // Once to warm up, with texts of its own.
        await Whole(compilation, set, files.Select(file => (AdditionalText)new SqlFile(file.Path, file.GetText()!.ToString())).ToImmutableArray());
        var (first, findings) = await Whole(Fresh(compilation), set, files);
        Console.WriteLine($"first analysis {first,8:F1} ms   of all files, {findings} findings");

        List<double> open = [], whole = [], sql = [];
        for (var round = 0; round < rounds; round++)
        {
            compilation = Edited(compilation, round);
            open.Add(await OpenFile(compilation, set, files));
            compilation = Edited(compilation, round + 1000);
            whole.Add((await Whole(compilation, set, files)).Milliseconds);
            files = files.SetItem(count / 2, new SqlFile(files[count / 2].Path, texts[count / 2] + "-- " + round));
            compilation = Edited(compilation, round + 2000);
            sql.Add(await OpenFile(compilation, set, files));
        }

        Console.WriteLine($"C# edit        {Median(open),8:F1} ms   the open file analysed again");
        Console.WriteLine($"               {Median(whole),8:F1} ms   all files analysed again");
        Console.WriteLine($"SQL edit       {Median(sql),8:F1} ms   the open file analysed again");
        return 0;
    }

    private static async Task<(double Milliseconds, int Findings)> Whole(Compilation compilation, AnalyzerSet set, ImmutableArray<AdditionalText> files)
    {
        var watch = Stopwatch.StartNew();
        var run = await AnalyzerRun.Of(compilation, set, files);
        if (run.Crashes.Length > 0)
        {
            throw new InvalidOperationException(run.Crashes[0].GetMessage(CultureInfo.InvariantCulture));
        }

        return (watch.Elapsed.TotalMilliseconds, run.Findings.Length);
    }

    // As an editor asks: the file in which somebody types, and no other.
    private static async Task<double> OpenFile(Compilation compilation, AnalyzerSet set, ImmutableArray<AdditionalText> files)
    {
        var watch = Stopwatch.StartNew();
        var run = compilation.WithAnalyzers(set.Analyzers, new AnalyzerOptions(files));
        var tree = compilation.SyntaxTrees.Last();
        await run.GetAnalyzerSyntaxDiagnosticsAsync(tree, CancellationToken.None);
        var found = await run.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, CancellationToken.None);
        return found.IsEmpty ? throw new InvalidOperationException("Nothing is found in the open file.") : watch.Elapsed.TotalMilliseconds;
    }

    private static Compilation Edited(Compilation compilation, int number)
    {
        var tree = compilation.SyntaxTrees.Last();
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(tree.GetText().WithChanges(new TextChange(new TextSpan(0, 0), $"// {number}\n"))));
    }

    // New trees, of which nothing is remembered.
    private static Compilation Fresh(Compilation compilation) => compilation.RemoveAllSyntaxTrees()
        .AddSyntaxTrees(compilation.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(tree.GetText(), (CSharpParseOptions)tree.Options, tree.FilePath)));

    private static string Migration(int i, int tables)
    {
        var table = i % tables;
        return (i / tables) switch
        {
            0 => $"""
                CREATE TABLE orders_{table} (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    parent_id bigint{(table == 0 ? "" : $" REFERENCES orders_{table - 1} (id) ON DELETE CASCADE")},
                    name text NOT NULL,
                    status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'sent')),
                    amount numeric(12, 2) NOT NULL,
                    details jsonb NOT NULL DEFAULT jsonb_build_object(),
                    created_at timestamptz NOT NULL DEFAULT now()
                );

                """,
            1 => $"ALTER TABLE orders_{table} ADD COLUMN changed_at timestamptz, ADD COLUMN note text;\nUPDATE orders_{table} SET note = name WHERE note IS NULL;\n",
            2 => $"CREATE INDEX idx_orders_{table}_status ON orders_{table} (status, created_at DESC) WHERE amount > 0;\n",
            _ => $"COMMENT ON TABLE orders_{table} IS 'orders of kind {i}';\nALTER TABLE orders_{table} ALTER COLUMN note SET DEFAULT '{i}';\n",
        };
    }

    private static SyntaxTree Queries(int file, int tables)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"using Dapper;\nusing Npgsql;\npublic class Queries{file}\n{{\n");
        for (var i = 0; i < QueriesOfFile; i++)
        {
            var table = ((file * QueriesOfFile) + i) % tables;
            var sql = i % 2 == 0
                ? $"SELECT id FROM orders_{table} WHERE name = @name ORDER BY created_at DESC LIMIT 20"
                : $"SELECT o.id FROM orders_{table} o JOIN orders_{(table + 1) % tables} p ON p.parent_id = o.id WHERE o.name = @name AND p.amount > 5 ORDER BY o.created_at DESC LIMIT 20";
            text.Append(CultureInfo.InvariantCulture, $"    public object Find{i}(NpgsqlConnection pg, string name) => pg.Query<long>(\"{sql}\", new {{ name }});\n");
        }

        return CSharpSyntaxTree.ParseText(text.Append("}\n").ToString(), new CSharpParseOptions(LanguageVersion.Latest), $"Queries{file}.cs");
    }

    private static double Time(Action action)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class SqlFile(string path, string text) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From(text);

        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }
}
