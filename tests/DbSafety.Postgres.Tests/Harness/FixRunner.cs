using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Postgres.Tests.Harness;

/// <summary>A code action that a fix offers.</summary>
/// <param name="DiagnosticId">For which diagnostic.</param>
/// <param name="Title">What the user reads.</param>
/// <param name="EquivalenceKey">The transformation's name.</param>
public sealed record Offer(string DiagnosticId, string Title, string? EquivalenceKey);

/// <summary>A source after its fixes.</summary>
/// <param name="Source">The changed text; it compiles.</param>
/// <param name="Applied">The actions, in the order in which they were applied.</param>
public sealed record FixedSource(string Source, ImmutableArray<Offer> Applied);

/// <summary>A run of a snippet on the server.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Statements">The texts that the server executed, in order, with BEGIN, COMMIT and whatever else a driver adds.</param>
public sealed record CountedRun(Outcome Outcome, ImmutableArray<string> Statements)
{
    /// <summary>How many of the statements contain a text.</summary>
    public int Count(string text) => Statements.Count(statement => statement.Contains(text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// Compiles snippets against the libraries that this process runs on, applies fixes to them, and runs them on the server.
/// A snippet is a file with the class <c>Snippet</c> and its method <c>public static async Task&lt;T&gt; Run(string connectionString, ..)</c>.
/// </summary>
public sealed class FixRunner
{
    // A fix that leaves its own diagnostic standing would otherwise run for ever.
    private const int MostActions = 25;
    private const string DocumentName = "Snippet.cs";

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp12);

    private static readonly CSharpCompilationOptions CompilationOptions =
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: false);

    // A user's project sees neither the compiler nor the test tools.
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !IsOfTests(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    // Compilations made from one another share what the compiler has read from the references.
    private static readonly CSharpCompilation Base = CSharpCompilation.Create(
        "Snippet", [CSharpSyntaxTree.ParseText(Prelude.Source, ParseOptions)], References, CompilationOptions);

    /// <summary>The analyzers that look at the snippet; all of them run, as in a build.</summary>
    public ImmutableArray<DiagnosticAnalyzer> Analyzers { get; init; } = [];

    /// <summary>The fixes that may be asked.</summary>
    public ImmutableArray<CodeFixProvider> Fixes { get; init; } = [];

    /// <summary>Additional files by name, such as the schema.</summary>
    public ImmutableArray<(string Name, string Text)> AdditionalFiles { get; init; } = [];

    /// <summary>The lines of a global config, without its heading; build properties go here as <c>build_property.Name = value</c>.</summary>
    public string GlobalConfig { get; init; } = "";

    /// <summary>Compiles a snippet.</summary>
    /// <exception cref="InvalidOperationException">It does not compile, or has no <c>Snippet.Run</c>.</exception>
    public static CompiledSnippet Compile(string source)
    {
        var compilation = Base.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, ParseOptions));
        using var image = new MemoryStream();
        ThrowOnErrors(compilation.Emit(image).Diagnostics, source);
        image.Position = 0;
        return new CompiledSnippet(image);
    }

    /// <summary>Compiles a snippet and runs it once.</summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public static async Task<Outcome> RunAsync(string source, params object?[] arguments)
    {
        using var snippet = Compile(source);
        return await snippet.RunAsync(arguments);
    }

    /// <summary>
    /// Applies the chosen action of the first diagnostic that has one, again and again, until none is left.
    /// </summary>
    /// <param name="source">The snippet.</param>
    /// <param name="diagnosticId">Only for this diagnostic; null for all.</param>
    /// <param name="equivalenceKey">Only this transformation; null for the one at <paramref name="actionIndex"/>.</param>
    /// <param name="actionIndex">Which of the actions offered for a diagnostic.</param>
    /// <exception cref="InvalidOperationException">Nothing was offered, an analyzer threw, a fix changed nothing or never came to an end, or the
    /// result does not compile.</exception>
    public async Task<FixedSource> ApplyFixAsync(string source, string? diagnosticId = null, string? equivalenceKey = null, int actionIndex = 0)
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source);
        ThrowOnErrors((await document.Project.GetCompilationAsync())!.GetDiagnostics(), source);
        var applied = ImmutableArray.CreateBuilder<Offer>();
        while (await NextActionAsync(document, diagnosticId, equivalenceKey, actionIndex) is var (action, offer))
        {
            if (applied.Count == MostActions)
            {
                throw new InvalidOperationException($"After {MostActions} fixes there is still one to apply.\n{await TextAsync(document)}");
            }

            var before = await TextAsync(document);
            var operations = await action.GetOperationsAsync(default);
            var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
            document = changed.GetDocument(document.Id)!;
            applied.Add(offer);
            var after = await TextAsync(document);
            if (after == before)
            {
                throw new InvalidOperationException($"'{offer.Title}' changed nothing.\n{after}");
            }

            ThrowOnErrors((await document.Project.GetCompilationAsync())!.GetDiagnostics(), after);
        }

        return applied.Count > 0
            ? new FixedSource(await TextAsync(document), applied.ToImmutable())
            : throw new InvalidOperationException($"No fix was offered.\n{source}");
    }

    /// <summary>
    /// Applies the first action of each method of a source with many methods, in rounds, until none is left: the same as one after another, since
    /// no action reaches beyond its method, and much quicker.
    /// </summary>
    /// <param name="source">The class <c>Snippet</c>.</param>
    /// <returns>The fixed source, and the offers that were taken, by the name of the method.</returns>
    public async Task<(string Source, ILookup<string, Offer> Applied)> ApplyFixesAsync(string source)
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source);
        ThrowOnErrors((await document.Project.GetCompilationAsync())!.GetDiagnostics(), source);
        var applied = new List<(string Method, Offer Offer)>();
        for (var round = 0; ; round++)
        {
            var root = (await document.GetSyntaxRootAsync())!;
            var text = await document.GetTextAsync();
            var changes = new List<TextChange>();
            var done = new HashSet<string>();
            foreach (var diagnostic in await DiagnoseAsync(document))
            {
                var method = root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MethodDeclarationSyntax>()!.Identifier.ValueText;
                if (done.Contains(method) || await ActionsAsync(document, diagnostic) is not [var (action, offer), ..])
                {
                    continue;
                }

                var operations = await action.GetOperationsAsync(default);
                var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
                changes.AddRange((await changed.GetTextAsync()).GetTextChanges(text));
                applied.Add((method, offer));
                done.Add(method);
            }

            if (changes.Count == 0)
            {
                break;
            }

            if (round == MostActions)
            {
                throw new InvalidOperationException($"After {MostActions} rounds there is still a fix to apply.\n{text}");
            }

            document = document.WithText(text.WithChanges(changes.OrderBy(change => change.Span.Start)));
            ThrowOnErrors((await document.Project.GetCompilationAsync())!.GetDiagnostics(), await TextAsync(document));
        }

        return (await TextAsync(document), applied.ToLookup(found => found.Method, found => found.Offer));
    }

    /// <summary>Applies a transformation to all of a source, as FixAll does.</summary>
    public async Task<string> ApplyFixAllAsync(string source, string equivalenceKey)
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source);
        var diagnostics = await DiagnoseAsync(document);
        foreach (var fix in Fixes)
        {
            var context = new FixAllContext(
                document, fix, FixAllScope.Document, equivalenceKey, fix.FixableDiagnosticIds, new Found(diagnostics), CancellationToken.None);
            if (await fix.GetFixAllProvider()!.GetFixAsync(context) is { } action)
            {
                var operations = await action.GetOperationsAsync(default);
                document = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
            }
        }

        return await TextAsync(document);
    }

    private sealed class Found(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            Task.FromResult(diagnostics.Where(diagnostic => diagnostic.Location.SourceTree?.FilePath == document.FilePath));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult(Enumerable.Empty<Diagnostic>());
    }

    /// <summary>Every action offered for the source as it stands, in the order of the diagnostics.</summary>
    public async Task<ImmutableArray<Offer>> OffersAsync(string source)
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source);
        var offers = ImmutableArray.CreateBuilder<Offer>();
        foreach (var diagnostic in await DiagnoseAsync(document))
        {
            offers.AddRange((await ActionsAsync(document, diagnostic)).Select(found => found.Offer));
        }

        return offers.ToImmutable();
    }

    /// <summary>What the analyzers report for the source, in order of position.</summary>
    public async Task<ImmutableArray<Diagnostic>> DiagnoseAsync(string source)
    {
        using var workspace = new AdhocWorkspace();
        return await DiagnoseAsync(Open(workspace, source));
    }

    /// <summary>
    /// Fixes the snippet and runs it before and after with each set of arguments (the connection string goes first), each time on fresh data, since
    /// either may write.
    /// </summary>
    /// <returns>The fixed source, and both outcomes for each set.</returns>
    public async Task<(FixedSource Fixed, ImmutableArray<(Outcome Before, Outcome After)> Outcomes)> CompareAsync(
        PostgresServer server,
        string source,
        IEnumerable<object?[]> argumentSets,
        string? diagnosticId = null,
        string? equivalenceKey = null,
        int actionIndex = 0)
    {
        var result = await ApplyFixAsync(source, diagnosticId, equivalenceKey, actionIndex);
        using var before = Compile(source);
        using var after = Compile(result.Source);
        var outcomes = ImmutableArray.CreateBuilder<(Outcome, Outcome)>();
        foreach (var arguments in argumentSets)
        {
            outcomes.Add((await RunFreshAsync(server, before, arguments), await RunFreshAsync(server, after, arguments)));
        }

        return (result, outcomes.ToImmutable());
    }

    /// <summary>The same, and the statements that the server executed, counted there.</summary>
    public async Task<(FixedSource Fixed, ImmutableArray<(CountedRun Before, CountedRun After)> Runs)> CompareStatementsAsync(
        PostgresServer server,
        string source,
        IEnumerable<object?[]> argumentSets,
        string? diagnosticId = null,
        string? equivalenceKey = null,
        int actionIndex = 0)
    {
        var result = await ApplyFixAsync(source, diagnosticId, equivalenceKey, actionIndex);
        using var before = Compile(source);
        using var after = Compile(result.Source);
        var runs = ImmutableArray.CreateBuilder<(CountedRun, CountedRun)>();
        foreach (var arguments in argumentSets)
        {
            runs.Add((await CountFreshAsync(server, before, arguments), await CountFreshAsync(server, after, arguments)));
        }

        return (result, runs.ToImmutable());
    }

    /// <summary>Compiles a snippet, runs it once on fresh data, and lists the statements that the server executed.</summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public static async Task<CountedRun> CountAsync(PostgresServer server, string source, params object?[] arguments)
    {
        using var snippet = Compile(source);
        return await CountFreshAsync(server, snippet, arguments);
    }

    private static async Task<CountedRun> CountFreshAsync(PostgresServer server, CompiledSnippet snippet, object?[] arguments)
    {
        await using var database = await server.CreateDatabaseAsync();
        var log = await server.CountStatementsAsync(database);
        var outcome = await snippet.RunAsync([database.ConnectionString, .. arguments]);
        return new CountedRun(outcome, await log.TextsAsync());
    }

    private static async Task<Outcome> RunFreshAsync(PostgresServer server, CompiledSnippet snippet, object?[] arguments)
    {
        await using var database = await server.CreateDatabaseAsync();
        return await snippet.RunAsync([database.ConnectionString, .. arguments]);
    }

    private Document Open(AdhocWorkspace workspace, string source)
    {
        var project = workspace.CurrentSolution.AddProject("Snippet", "Snippet", LanguageNames.CSharp)
            .WithParseOptions(ParseOptions)
            .WithCompilationOptions(CompilationOptions)
            .WithMetadataReferences(References)
            .AddDocument("Prelude.cs", Prelude.Source).Project
            .AddAnalyzerConfigDocument(".globalconfig", SourceText.From($"is_global = true\n{GlobalConfig}\n"), filePath: "/.globalconfig").Project;
        foreach (var (name, text) in AdditionalFiles)
        {
            project = project.AddAdditionalDocument(name, text, filePath: "/" + name).Project;
        }

        return project.AddDocument(DocumentName, source, filePath: "/" + DocumentName);
    }

    private async Task<ImmutableArray<Diagnostic>> DiagnoseAsync(Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync())!;
        var tree = (await document.GetSyntaxTreeAsync())!;

        // By default a crash would become a diagnostic that no test looks at.
        Exception? crash = null;
        var options = new CompilationWithAnalyzersOptions(
            document.Project.AnalyzerOptions,
            (exception, _, _) => crash ??= exception,
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);
        var diagnostics = await compilation.WithAnalyzers(Analyzers, options).GetAnalyzerDiagnosticsAsync();
        return crash is null
            ? [.. diagnostics.Where(diagnostic => diagnostic.Location.SourceTree == tree).OrderBy(diagnostic => diagnostic.Location.SourceSpan)]
            : throw new InvalidOperationException("An analyzer threw.", crash);
    }

    private async Task<(CodeAction Action, Offer Offer)?> NextActionAsync(
        Document document, string? diagnosticId, string? equivalenceKey, int actionIndex)
    {
        foreach (var diagnostic in await DiagnoseAsync(document))
        {
            if (diagnosticId is not null && diagnostic.Id != diagnosticId)
            {
                continue;
            }

            var actions = await ActionsAsync(document, diagnostic);
            if (equivalenceKey is not null)
            {
                actions = [.. actions.Where(found => found.Offer.EquivalenceKey == equivalenceKey)];
            }

            if (actionIndex < actions.Length)
            {
                return actions[actionIndex];
            }
        }

        return null;
    }

    private async Task<ImmutableArray<(CodeAction Action, Offer Offer)>> ActionsAsync(Document document, Diagnostic diagnostic)
    {
        var actions = ImmutableArray.CreateBuilder<(CodeAction, Offer)>();
        foreach (var fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await fix.RegisterCodeFixesAsync(new CodeFixContext(
                document,
                diagnostic,
                (action, _) => actions.Add((action, new Offer(diagnostic.Id, action.Title, action.EquivalenceKey))),
                default));
        }

        return actions.ToImmutable();
    }

    private static async Task<string> TextAsync(Document document) => (await document.GetTextAsync()).ToString();

    private static void ThrowOnErrors(ImmutableArray<Diagnostic> diagnostics, string source)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count > 0)
        {
            throw new InvalidOperationException($"The source does not compile.\n{string.Join('\n', errors)}\n{source}");
        }
    }

    // The client of SQLite is here for one test of its own; beside it nobody could tell which database a plain connection leads to.
    private static bool IsOfTests(string file) =>
        new[] { "DbSafety.", "Microsoft.Data.Sqlite", "xunit.", "Microsoft.CodeAnalysis", "Microsoft.TestPlatform", "Microsoft.VisualStudio", "Microsoft.Testing" }
            .Any(prefix => file.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
