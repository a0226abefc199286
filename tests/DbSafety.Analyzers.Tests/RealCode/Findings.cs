using System.Collections.Immutable;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Tests.RealCode;

/// <summary>Runs every rule over a file.</summary>
internal static class Findings
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules =
        [.. typeof(DbRule).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DbRule))).Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    /// <summary>The findings in a file of types, each as its id and the characters that it marks, in the order of the text.</summary>
    public static Task<string[]> In(string source) => In(Code.Compile("using Dapper;\nusing Npgsql;\n" + source, References.Newest));

    /// <summary>The findings in code that does not compile.</summary>
    public static Task<string[]> InBroken(string source) =>
        In(CSharpCompilation.Create("Broken", [CSharpSyntaxTree.ParseText("using System.Data;\nusing Dapper;\n" + source)], References.Newest,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)));

    private static async Task<string[]> In(CSharpCompilation compilation)
    {
        var found = await compilation.WithAnalyzers(Rules, new AnalyzerOptions([])).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. found.OrderBy(finding => finding.Location.SourceSpan.Start).Select(finding =>
            finding.Id + " " + finding.Location.SourceTree?.ToString().Substring(finding.Location.SourceSpan.Start, finding.Location.SourceSpan.Length))];
    }
}
