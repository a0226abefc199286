using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Text;

namespace DbSafety.Benchmarks;

/// <summary>How fast the parser reads a corpus, in MB of UTF-16 characters a second, and what it allocates.</summary>
[MemoryDiagnoser]
[Config(typeof(Config))]
public class ParserBenchmark
{
    private static readonly Dictionary<string, string[]> s_corpora = SqlCorpus.Load().ToDictionary(corpus => corpus.Name, corpus => corpus.Texts);

    private string[] _texts = [];

    /// <summary>The names of the corpora that there are.</summary>
    public static IEnumerable<string> Names => s_corpora.Keys;

    /// <summary>Which corpus.</summary>
    [ParamsSource(nameof(Names))]
    public string Corpus { get; set; } = "";

    /// <summary>Takes the corpus.</summary>
    [GlobalSetup]
    public void Load() => _texts = s_corpora[Corpus];

    /// <summary>Parses every text of the corpus.</summary>
    /// <returns>How many statements there were.</returns>
    [Benchmark]
    public int Parse()
    {
        var statements = 0;
        foreach (var text in _texts)
        {
            statements += SqlParser.Parse(new SqlSource(text)).Statements.Length;
        }

        return statements;
    }

    private sealed class Config : ManualConfig
    {
        // In this process: a generated project would inherit the settings of the repository.
        public Config() => AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).AddColumn(new Throughput());
    }

    private sealed class Throughput : IColumn
    {
        public string Id => nameof(Throughput);

        public string ColumnName => "MB/s";

        public string Legend => "Megabytes of UTF-16 text parsed in a second";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            var bytes = s_corpora[(string)benchmarkCase.Parameters[nameof(Corpus)]].Sum(text => 2.0 * text.Length);
            return summary[benchmarkCase]?.ResultStatistics is { } statistics ? (bytes / 1e6 / (statistics.Mean / 1e9)).ToString("F1", System.Globalization.CultureInfo.InvariantCulture) : "?";
        }

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
    }
}
