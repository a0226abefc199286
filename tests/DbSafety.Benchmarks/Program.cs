using BenchmarkDotNet.Running;
using DbSafety.Benchmarks;

switch (args)
{
    case ["parser", .. var rest]:
        BenchmarkSwitcher.FromTypes([typeof(ParserBenchmark)]).Run(["--filter", "*", .. rest]);
        return 0;
    case ["compile", .. var rest]:
        return await CompileMode.Run(new Arguments(rest));
    case ["schema", .. var rest]:
        return await SchemaMode.Run(new Arguments(rest));
    case ["folder", var folder, .. var rest]:
        return await FolderMode.Run(folder, new Arguments(rest));
    default:
        Console.Error.WriteLine(
            """
            parser                      speed and allocations of the SQL parser (BenchmarkDotNet); DBSAFETY_SQL_CORPUS names a folder of *.jsonl.gz
            compile                     what each analyzer adds to the compilation of generated code
              --classes 2000              how many classes
              --share 0.3                 which share of them talks to a database
              --rounds 5                  how often each is measured; the median counts
            schema                      what a large schema costs: once, and after each edit
              --tables 500                how many tables
              --files 2000                how many files of SQL
              --queries 1000              how many queries
              --rounds 5                  how often each edit is measured; the median counts
            folder <path>               what each analyzer finds in the C# projects below a folder
              --ids DBS1001,CA2100        ids to list
            both: --only DbSafety,NetAnalyzers   names of analyzers
            """);
        return 2;
}
