using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Rules;
using DbSafety.Sql.Indexing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>Declares an index in EF Core's configuration of the entity, for tables that EF Core makes. A table that files of SQL make is none of its business: the configuration does nothing there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HasIndexFixer))]
public sealed class HasIndexFixer : CodeFixProvider
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.DeclareIndex";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(
        Descriptors.DBS4001_FilterWithoutIndex.Id, Descriptors.DBS4002_JsonFilterWithoutIndex.Id, Descriptors.DBS4003_ForeignKeyWithoutIndex.Id,
        Descriptors.DBS4004_CompositeIndexMissing.Id, Descriptors.DBS4005_IndexCannotServe.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => HasIndexFixAll.Instance;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var project = context.TextDocument.Project;
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(FixKeys.IndexName, out var name) && name is not null && IsOurs(diagnostic) && IndexStatements.SuggestionOf(diagnostic) is { } suggestion
                && await IndexOf(project, suggestion, name, context.CancellationToken).ConfigureAwait(false) is { } index
                && await ConfigurationEdit.ApplyAsync(project, index, context.CancellationToken).ConfigureAwait(false) is { } changed)
            {
                context.RegisterCodeFix(CodeAction.Create($"Declare the index over {index.Properties} in the configuration of '{index.Entity.Name}' ({EfIndexEmit.HasIndex.Member})", _ => Task.FromResult(changed), Key), diagnostic);
            }
        }
    }

    // A table of a file of SQL is made there.
    private static bool IsOurs(Diagnostic diagnostic) => IndexStatements.ScriptOf(diagnostic) is null;

    private static async Task<ConfiguredIndex?> IndexOf(Project project, IndexSuggestion suggestion, string name, CancellationToken cancellation) =>
        await project.GetCompilationAsync(cancellation).ConfigureAwait(false) is { } compilation && DbFacts.For(compilation, project.AnalyzerOptions) is { } facts ? ConfiguredIndex.Of(facts, suggestion, name) : null;

    /// <summary>Declares the fewest indexes that serve what the diagnostics ask for, one after another.</summary>
    private sealed class HasIndexFixAll : FixAllProvider
    {
        public static readonly HasIndexFixAll Instance = new();

        public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            var solution = context.Solution;
            foreach (var project in MigrationFixAll.ProjectsOf(context))
            {
                var diagnostics = (await MigrationFixAll.DiagnosticsAsync(context, project).ConfigureAwait(false)).Where(IsOurs).ToList();
                if (diagnostics.Count == 0 || await project.GetCompilationAsync(context.CancellationToken).ConfigureAwait(false) is not { } compilation || SchemaFacts.For(compilation, project.AnalyzerOptions) is not { } schema)
                {
                    continue;
                }

                foreach (var (suggestion, name) in IndexStatements.IndexesOf(diagnostics, schema.Catalog))
                {
                    var current = solution.GetProject(project.Id)!;
                    if (await IndexOf(current, suggestion, name, context.CancellationToken).ConfigureAwait(false) is { } index)
                    {
                        solution = await ConfigurationEdit.ApplyAsync(current, index, context.CancellationToken).ConfigureAwait(false) ?? solution;
                    }
                }
            }

            return ReferenceEquals(solution, context.Solution) ? null : CodeAction.Create("Declare the indexes in the configuration of their entities", _ => Task.FromResult(solution), Key);
        }
    }
}
