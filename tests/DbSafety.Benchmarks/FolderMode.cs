using System.Collections.Immutable;
using System.Diagnostics;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Benchmarks;

/// <summary>
/// What each set of analyzers says about the C# projects below a folder, without a restore: each project compiles against the framework, the
/// database libraries of this program and the other projects of the folder. What that leaves unbound is counted.
/// </summary>
internal static class FolderMode
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private const string WebUsings = """
        global using System.Net.Http.Json; global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Hosting; global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing; global using Microsoft.Extensions.Configuration; global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    public static async Task<int> Run(string folder, Arguments arguments)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"{folder} does not exist.");
            return 1;
        }

        var only = arguments.List("only");
        var ids = arguments.List("ids");
        var sets = AnalyzerSet.All().Where(set => only?.Contains(set.Name) != false).ToList();
        var projects = FindProjects(folder);
        var compilations = new Dictionary<string, CSharpCompilation>();
        var totals = sets.ToDictionary(set => set.Name, _ => (Time: TimeSpan.Zero, Findings: new List<Diagnostic>(), Crashes: new List<Diagnostic>()));
        foreach (var project in projects.Values)
        {
            var compilation = Compile(project, projects, compilations, []);
            var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            var sample = errors.Count > 0 ? $", such as {errors[0].Id}: {errors[0].GetMessage()}" : "";
            Console.WriteLine($"# {Path.GetRelativePath(folder, project.Path)}: {compilation.SyntaxTrees.Length} files, {errors.Count} errors of the compiler{sample}");
            foreach (var set in sets)
            {
                var watch = Stopwatch.StartNew();
                var run = await AnalyzerRun.Of(compilation.WithOptions((CSharpCompilationOptions)set.Enable(compilation.Options)), set, project.AdditionalFiles);
                var total = totals[set.Name];
                total.Findings.AddRange(run.Findings);
                total.Crashes.AddRange(run.Crashes);
                totals[set.Name] = total with { Time = total.Time + watch.Elapsed };
            }
        }

        foreach (var (name, total) in totals)
        {
            Console.WriteLine();
            Console.WriteLine($"## {name}: {total.Findings.Count} findings, {total.Crashes.Count} crashes, {total.Time.TotalMilliseconds:F0} ms");
            foreach (var rule in total.Findings.GroupBy(finding => finding.Id).OrderBy(group => group.Key))
            {
                Console.WriteLine($"{rule.Key}: {rule.Count()}");
            }

            foreach (var finding in total.Findings.Where(finding => ids?.Contains(finding.Id) != false).OrderBy(finding => finding.Id).ThenBy(Place))
            {
                Console.WriteLine($"{finding.Id}\t{Place(finding)}\t{finding.GetMessage()}\t{Line(finding)}");
            }

            foreach (var crash in total.Crashes)
            {
                Console.WriteLine($"AD0001\t{crash.GetMessage()}");
            }
        }

        return 0;

        string Place(Diagnostic finding)
        {
            var span = finding.Location.GetLineSpan();
            return span.IsValid ? $"{Path.GetRelativePath(folder, span.Path)}:{span.StartLinePosition.Line + 1}" : "";
        }
    }

    private static string Line(Diagnostic finding) =>
        finding.Location.SourceTree?.GetText().Lines[finding.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim() ?? "";

    private static Dictionary<string, Project> FindProjects(string folder)
    {
        var paths = Files(folder, "*.csproj").ToList();
        var folders = paths.Select(path => Path.GetDirectoryName(path)!).ToHashSet();
        var projects = paths.ToDictionary(path => path, path => new Project(path, Path.GetDirectoryName(path)!, folders));
        return projects.Count > 0 ? projects : new() { [folder] = new Project(folder, folder, []) };
    }

    private static CSharpCompilation Compile(Project project, Dictionary<string, Project> projects, Dictionary<string, CSharpCompilation> done, ImmutableHashSet<string> above)
    {
        if (done.TryGetValue(project.Path, out var known))
        {
            return known;
        }

        var parsing = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: ["NET", "NET10_0", "NET8_0_OR_GREATER", "NET6_0_OR_GREATER", "NETCOREAPP", "RELEASE"]);
        var trees = project.Sources.AsParallel().AsOrdered().Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parsing, file)).ToList();
        if (project.HasImplicitUsings)
        {
            trees.Add(CSharpSyntaxTree.ParseText(ImplicitUsings + (project.IsWeb ? WebUsings : ""), parsing, "ImplicitUsings.g.cs"));
        }

        var references = project.References.Where(path => path != project.Path && !above.Contains(path) && projects.ContainsKey(path))
            .Select(path => (MetadataReference)Compile(projects[path], projects, done, above.Add(project.Path)).ToMetadataReference());
        return done[project.Path] = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(project.Path),
            trees,
            Inputs.References.Concat(references),
            new CSharpCompilationOptions(
                project.IsProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: project.IsNullable ? NullableContextOptions.Enable : NullableContextOptions.Disable));
    }

    /// <summary>The files of a pattern, without what builds, tools and version control leave.</summary>
    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" || part.StartsWith('.')))
            .Order(StringComparer.Ordinal);

    /// <summary>A project file as far as its text tells.</summary>
    private sealed class Project
    {
        private readonly string _text;

        public Project(string path, string folder, HashSet<string> folders)
        {
            Path = path;
            var isFile = File.Exists(path);
            _text = (isFile ? File.ReadAllText(path) : "") + BuildProps(folder);
            References = isFile ? ReadReferences(path, folder) : [];
            Sources = Files(folder, "*.cs").Where(IsOwn).ToList();
            AdditionalFiles = Files(folder, "*.sql").Concat(Directory.EnumerateFiles(folder, "appsettings*.json"))
                .Select(file => (AdditionalText)new FileText(file)).ToImmutableArray();

            // A file belongs to the project nearest to it.
            bool IsOwn(string file)
            {
                var at = System.IO.Path.GetDirectoryName(file)!;
                while (at != folder && !folders.Contains(at))
                {
                    at = System.IO.Path.GetDirectoryName(at)!;
                }

                return at == folder;
            }
        }

        public string Path { get; }

        public List<string> Sources { get; }

        public List<string> References { get; }

        public ImmutableArray<AdditionalText> AdditionalFiles { get; }

        public bool IsWeb => _text.Contains("Microsoft.NET.Sdk.Web", StringComparison.Ordinal);

        public bool IsProgram => IsWeb || _text.Contains("<OutputType>Exe", StringComparison.OrdinalIgnoreCase);

        public bool HasImplicitUsings => _text.Contains("<ImplicitUsings>enable", StringComparison.OrdinalIgnoreCase) || _text.Contains("<ImplicitUsings>true", StringComparison.OrdinalIgnoreCase);

        public bool IsNullable => _text.Contains("<Nullable>enable", StringComparison.OrdinalIgnoreCase);

        /// <summary>The properties of all folders above; the nearest usually imports the others.</summary>
        private static string BuildProps(string folder)
        {
            var text = "";
            for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            {
                var file = System.IO.Path.Combine(at.FullName, "Directory.Build.props");
                text += File.Exists(file) ? File.ReadAllText(file) : "";
            }

            return text;
        }

        private static List<string> ReadReferences(string path, string folder)
        {
            try
            {
                return XDocument.Load(path).Descendants().Where(element => element.Name.LocalName == "ProjectReference")
                    .Select(element => element.Attribute("Include")?.Value)
                    .OfType<string>()
                    .Select(include => System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, include.Replace('\\', '/'))))
                    .ToList();
            }
            catch (System.Xml.XmlException)
            {
                return [];
            }
        }
    }

    private sealed class FileText(string path) : AdditionalText
    {
        public override string Path { get; } = path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(File.ReadAllText(Path));
    }
}
