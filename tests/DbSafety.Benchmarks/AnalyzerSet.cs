using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Benchmarks;

/// <summary>The analyzers of one package, as a build would load them, restricted to the rules that are compared.</summary>
/// <param name="Name">Its name in the output.</param>
/// <param name="Ids">The rules that are turned on, or null for all.</param>
/// <param name="Analyzers">The analyzers that report them.</param>
/// <param name="Files">Additional files that it needs.</param>
internal sealed record AnalyzerSet(string Name, ImmutableHashSet<string>? Ids, ImmutableArray<DiagnosticAnalyzer> Analyzers, ImmutableArray<AdditionalText> Files)
{
    /// <summary>Ours and the peers; of a peer only what it has against SQL injection.</summary>
    public static IEnumerable<AnalyzerSet> All()
    {
        yield return Load("DbSafety", null, [Path.Combine(AppContext.BaseDirectory, "DbSafety.Analyzers.dll")]);
        yield return Load("SecurityCodeScan", ["SCS0002"], Inputs.Peers["SecurityCodeScan"]);
        // By default it wants to see where a value comes from in the request; in this mode any value that is not constant counts.
        yield return Load("SecurityCodeScan-audit", ["SCS0002"], Inputs.Peers["SecurityCodeScan"]) with
        {
            Files = ImmutableArray.Create<AdditionalText>(new Settings("SecurityCodeScan.config.yml", "Version: '3.1'\nAuditMode: true\n")),
        };
        // A security hotspot of Sonar runs only where its own settings file names it.
        yield return Load("SonarAnalyzer", ["S2077"], Inputs.Peers["SonarAnalyzer"]) with
        {
            Files = ImmutableArray.Create<AdditionalText>(
                new Settings("SonarLint.xml", "<AnalysisInput><Settings /><Rules><Rule><Key>S2077</Key></Rule></Rules><Files /></AnalysisInput>")),
        };
        yield return Load("NetAnalyzers", ["CA2100"], Inputs.Peers["NetAnalyzers"]);
    }

    /// <summary>Options that turn on what is compared, whatever its default, and nothing else.</summary>
    public CompilationOptions Enable(CompilationOptions options) =>
        options.WithSpecificDiagnosticOptions(Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)
            .Select(descriptor => descriptor.Id).Distinct()
            .Where(id => Ids is null || Ids.Contains(id))
            .ToDictionary(id => id, _ => ReportDiagnostic.Warn));

    /// <summary>Whether a diagnostic counts as a finding of this set.</summary>
    public bool Owns(Diagnostic diagnostic) => Ids is null ? diagnostic.Id.StartsWith("DBS", StringComparison.Ordinal) : Ids.Contains(diagnostic.Id);

    private static AnalyzerSet Load(string name, ImmutableHashSet<string>? ids, IEnumerable<string> paths)
    {
        var files = paths.ToList();
        var loader = new Loader(name, Path.GetDirectoryName(files[0])!);
        var analyzers = files
            .SelectMany(path => new AnalyzerFileReference(path, loader).GetAnalyzers(LanguageNames.CSharp))
            .Where(analyzer => ids is null || analyzer.SupportedDiagnostics.Any(descriptor => ids.Contains(descriptor.Id)))
            .ToImmutableArray();
        return new AnalyzerSet(name, ids, analyzers, ImmutableArray<AdditionalText>.Empty);
    }

    /// <summary>A context of its own for each package; the compiler is shared.</summary>
    private sealed class Loader(string name, string folder) : AssemblyLoadContext(name), IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => LoadFromAssemblyPath(fullPath);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var isShared = assemblyName.Name is "Microsoft.CodeAnalysis" or "Microsoft.CodeAnalysis.CSharp" || assemblyName.Name!.StartsWith("System.", StringComparison.Ordinal);
            var file = Path.Combine(folder, assemblyName.Name + ".dll");
            return !isShared && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }

    /// <summary>A settings file of a peer; on disk too, because some read it there.</summary>
    private sealed class Settings : AdditionalText
    {
        private readonly SourceText _text;

        public Settings(string name, string text)
        {
            Path = System.IO.Path.Combine(AppContext.BaseDirectory, name);
            File.WriteAllText(Path, text);
            _text = SourceText.From(text);
        }

        public override string Path { get; }

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }
}
