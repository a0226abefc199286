using System.Collections.Immutable;
using System.Reflection;
using DbSafety.CodeFixes.Indexes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Tests.Fixes.Indexes;

/// <summary>A project as an editor holds it: documents of C#, additional documents, diagnostics in both, and the fixes that say they are for such a document.</summary>
internal sealed class IndexWorkspace : IDisposable
{
    private readonly AdhocWorkspace _workspace = new();
    private ProjectId? _project;

    /// <summary>The solution as the actions have left it.</summary>
    public Solution Solution { get; private set; } = null!;

    private Project Project => Solution.GetProject(_project!)!;

    /// <summary>Opens a project.</summary>
    public static IndexWorkspace Open(string source, (string Path, string Text)[] files, string config = "", LanguageVersion version = LanguageVersion.CSharp12, IEnumerable<MetadataReference>? references = null)
    {
        var opened = new IndexWorkspace();
        opened.Solution = opened._workspace.CurrentSolution;
        opened.AddProject("Case", source, files, config, version, references);
        return opened;
    }

    /// <summary>Adds a project; it becomes the one that is looked at.</summary>
    public ProjectId AddProject(string name, string source, (string Path, string Text)[] files, string config = "", LanguageVersion version = LanguageVersion.CSharp12, IEnumerable<MetadataReference>? references = null)
    {
        var project = Solution.AddProject(name, name, LanguageNames.CSharp)
            .WithParseOptions(new CSharpParseOptions(version))
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: version < LanguageVersion.CSharp8 ? NullableContextOptions.Disable : NullableContextOptions.Enable))
            .WithMetadataReferences(references ?? References.Newest)
            .AddAnalyzerConfigDocument(".globalconfig", SourceText.From($"is_global = true\nbuild_property.ProjectDir = /app/\n{config}\n"), filePath: $"/app/{name}/.globalconfig").Project
            .AddDocument(name + ".cs", source, filePath: $"/app/{name}.cs").Project;
        foreach (var (path, text) in files)
        {
            project = path.Length == 0 ? project.AddAdditionalDocument("unsaved.sql", text).Project : project.AddAdditionalDocument(Path.GetFileName(path), text, ["db"], path).Project;
        }

        _project = project.Id;
        Solution = project.Solution;
        return project.Id;
    }

    /// <summary>The text of an additional document, or null.</summary>
    public string? File(string path) => Project.AdditionalDocuments.SingleOrDefault(document => document.FilePath == path)?.GetTextAsync().Result.ToString();

    /// <summary>The paths of the additional documents.</summary>
    public IEnumerable<string> Files => Project.AdditionalDocuments.Select(document => document.FilePath ?? document.Name);

    /// <summary>The C# code.</summary>
    public string Source => Project.Documents.Single().GetTextAsync().Result.ToString();

    /// <summary>What the rules report, in the order of the text.</summary>
    public Task<ImmutableArray<Diagnostic>> Diagnostics(params string[] ids) => DiagnosticsOf(Project, ids);

    /// <summary>The titles of what is offered for a diagnostic.</summary>
    public async Task<string[]> Titles(Diagnostic diagnostic) => [.. (await Actions(diagnostic)).Select(offer => offer.Action.Title)];

    /// <summary>Applies what is offered.</summary>
    public async Task Apply(Diagnostic diagnostic, string key) => await Apply((await Actions(diagnostic)).First(offer => offer.Action.EquivalenceKey!.EndsWith(key, StringComparison.Ordinal)).Action);

    /// <summary>Applies an action to all of a scope.</summary>
    public async Task<bool> ApplyAll(string id, string key, FixAllScope scope, bool isSql = false)
    {
        foreach (var diagnostic in await Diagnostics(id))
        {
            foreach (var (action, fixer) in await Actions(diagnostic))
            {
                if (!action.EquivalenceKey!.EndsWith(key, StringComparison.Ordinal))
                {
                    continue;
                }

                var provider = new Provider();
                var context = isSql ? new FixAllContext(Project, fixer, scope, action.EquivalenceKey, [id], provider, default)
                    : new FixAllContext(Project.Documents.Single(), fixer, scope, action.EquivalenceKey, [id], provider, default);
                if (await fixer.GetFixAllProvider()!.GetFixAsync(context) is not { } all)
                {
                    return false;
                }

                await Apply(all);
                return true;
            }
        }

        return false;
    }

    /// <summary>What is offered for a diagnostic, by the fixes that are for documents of its kind.</summary>
    public async Task<List<(CodeAction Action, CodeFixProvider Fixer)>> Actions(Diagnostic diagnostic)
    {
        var path = diagnostic.Location.GetLineSpan().Path;
        TextDocument document = Project.Documents.FirstOrDefault(candidate => candidate.FilePath == path) is { } code ? code : Project.AdditionalDocuments.Single(candidate => (candidate.FilePath ?? candidate.Name) == path);
        var kind = document is Document ? "Document" : "AdditionalDocument";
        var offers = new List<(CodeAction, CodeFixProvider)>();
        foreach (var fixer in new CodeFixProvider[] { new MigrationFixer(), new HasIndexFixer(), new ConditionFixer() })
        {
            var export = fixer.GetType().GetCustomAttribute<ExportCodeFixProviderAttribute>()!;
            if (fixer.FixableDiagnosticIds.Contains(diagnostic.Id) && export.DocumentKinds.Contains(kind) && (export.DocumentExtensions is null or [] || export.DocumentExtensions.Contains(Path.GetExtension(path))))
            {
                await fixer.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offers.Add((action, fixer)), default));
            }
        }

        return offers;
    }

    /// <inheritdoc/>
    public void Dispose() => _workspace.Dispose();

    private async Task Apply(CodeAction action)
    {
        Solution = (await action.GetOperationsAsync(default)).OfType<ApplyChangesOperation>().Single().ChangedSolution;
        foreach (var project in Solution.Projects)
        {
            var errors = (await project.GetCompilationAsync())!.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            Assert.True(errors.Count == 0, string.Join("\n", errors) + Source);
        }
    }

    private static async Task<ImmutableArray<Diagnostic>> DiagnosticsOf(Project project, params string[] ids)
    {
        var compilation = (await project.GetCompilationAsync())!;
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 0, string.Join("\n", errors));
        var rules = Verify.Rules.Where(rule => ids.Contains(rule.SupportedDiagnostics[0].Id)).ToImmutableArray();
        var found = await compilation.WithAnalyzers(rules, project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id.StartsWith("AD", StringComparison.Ordinal));
        return [.. found.OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private sealed class Provider : FixAllContext.DiagnosticProvider
    {
        private static readonly string[] s_ids = ["DBS4001", "DBS4002", "DBS4003", "DBS4004", "DBS4005", "DBS4006"];

        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => await DiagnosticsOf(project, s_ids);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            (await DiagnosticsOf(document.Project, s_ids)).Where(diagnostic => diagnostic.Location.GetLineSpan().Path == document.FilePath);

        public override async Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            (await DiagnosticsOf(project, s_ids)).Where(diagnostic => diagnostic.Location.SourceTree is null);
    }
}
