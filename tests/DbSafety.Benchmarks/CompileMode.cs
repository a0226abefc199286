using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Benchmarks;

/// <summary>What each set of analyzers adds to a compilation: parse, analyse, emit, against parse and emit alone.</summary>
internal static class CompileMode
{
    public static async Task<int> Run(Arguments arguments)
    {
        var rounds = arguments.Number("rounds", 5);
        var sources = SyntheticSolution.Generate(arguments.Number("classes", 2000), arguments.Share("share", 0.3)).ToList();
        Console.WriteLine($"{sources.Count} files, {sources.Sum(source => source.Text.Count(c => c == '\n')):N0} lines, {Environment.ProcessorCount} processors, median of {rounds}");
        if (Compile(sources).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList() is [var first, ..] errors)
        {
            Console.Error.WriteLine($"The generated code has {errors.Count} errors: {first}");
            return 1;
        }

        var only = arguments.List("only");
        var sets = AnalyzerSet.All().Where(set => only?.Contains(set.Name) != false).ToList();
        var none = new AnalyzerSet("none", null, ImmutableArray<DiagnosticAnalyzer>.Empty, ImmutableArray<AdditionalText>.Empty);
        var measured = new[] { none }.Concat(sets).ToDictionary(set => set.Name, _ => new List<(TimeSpan Elapsed, AnalyzerRun? Run)>());

        // All sets in each round, so that whatever else the machine does meets all of them; the first round warms up.
        for (var round = -1; round < rounds; round++)
        {
            foreach (var set in sets.Prepend(none))
            {
                var measurement = await Measure(sources, set);
                if (round >= 0)
                {
                    measured[set.Name].Add(measurement);
                }
            }
        }

        var medians = measured.ToDictionary(pair => pair.Key, pair => pair.Value.OrderBy(item => item.Elapsed).ElementAt(rounds / 2));
        Console.WriteLine();
        Console.WriteLine("| analyzers | compile ms | ratio | in analyzers ms | findings | crashes |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, (elapsed, run)) in medians)
        {
            var findings = run?.Findings.GroupBy(finding => finding.Id).OrderBy(group => group.Key).Select(group => $"{group.Key}: {group.Count()}") ?? [];
            Console.WriteLine(
                $"| {name} | {elapsed.TotalMilliseconds:F0} | {elapsed / medians["none"].Elapsed:F2} | {run?.ExecutionTime.TotalMilliseconds:F0} | {string.Join(", ", findings)} | {run?.Crashes.Length} |");
            foreach (var crash in run?.Crashes.Take(3) ?? [])
            {
                Console.Error.WriteLine(crash.GetMessage());
            }
        }

        return 0;
    }

    private static async Task<(TimeSpan Elapsed, AnalyzerRun? Run)> Measure(List<(string Path, string Text)> sources, AnalyzerSet set)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var watch = Stopwatch.StartNew();
        var compilation = Compile(sources);
        AnalyzerRun? run = null;
        if (!set.Analyzers.IsEmpty)
        {
            compilation = compilation.WithOptions((CSharpCompilationOptions)set.Enable(compilation.Options));
            run = await AnalyzerRun.Of(compilation, set, ImmutableArray<AdditionalText>.Empty);
        }

        compilation.Emit(Stream.Null);
        return (watch.Elapsed, run);
    }

    private static CSharpCompilation Compile(List<(string Path, string Text)> sources)
    {
        var trees = sources.AsParallel().AsOrdered().Select(source => CSharpSyntaxTree.ParseText(source.Text, new CSharpParseOptions(LanguageVersion.Latest), source.Path));
        return CSharpCompilation.Create(
            "Synthetic", trees, Inputs.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }
}
