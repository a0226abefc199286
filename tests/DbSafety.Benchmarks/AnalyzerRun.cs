using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Benchmarks;

/// <summary>One run of a set of analyzers over one compilation.</summary>
/// <param name="Findings">What the set reports.</param>
/// <param name="Crashes">Analyzers that threw (AD0001).</param>
/// <param name="ExecutionTime">The compiler's own account of the time in the analyzers' actions, over all threads.</param>
internal sealed record AnalyzerRun(ImmutableArray<Diagnostic> Findings, ImmutableArray<Diagnostic> Crashes, TimeSpan ExecutionTime)
{
    public static async Task<AnalyzerRun> Of(Compilation compilation, AnalyzerSet set, ImmutableArray<AdditionalText> files)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions(files.AddRange(set.Files)), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: true, reportSuppressedDiagnostics: false);
        var result = await compilation.WithAnalyzers(set.Analyzers, options).GetAnalysisResultAsync(CancellationToken.None);
        var all = result.GetAllDiagnostics();
        return new AnalyzerRun(
            all.Where(set.Owns).ToImmutableArray(),
            all.Where(diagnostic => diagnostic.Id == "AD0001").ToImmutableArray(),
            TimeSpan.FromTicks(result.AnalyzerTelemetryInfo.Values.Sum(info => info.ExecutionTime.Ticks)));
    }
}
