using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>Writes the statements of many diagnostics into one file: each once, and one index where it serves what several were asked for.</summary>
internal sealed class MigrationFixAll : FixAllProvider
{
    public static readonly MigrationFixAll Instance = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        if (MigrationFixer.TargetOf(context.CodeActionEquivalenceKey) is not { } target)
        {
            return null;
        }

        // Several projects may see one set of migrations.
        var places = new Dictionary<string, (MigrationEdit Edit, List<Diagnostic> Diagnostics)>();
        foreach (var project in ProjectsOf(context))
        {
            var found = await DiagnosticsAsync(context, project).ConfigureAwait(false);
            foreach (var group in found.Where(diagnostic => IndexStatements.StatementOf(diagnostic) is not null).GroupBy(IndexStatements.ScriptOf))
            {
                if (await MigrationFixer.EditOf(project, group.Key, context.CancellationToken).ConfigureAwait(false) is { } edit && edit.Targets.Contains(target))
                {
                    var place = target == MigrationTarget.NamedFile ? edit.NamedFile! : edit.Newest!;
                    if (!places.TryGetValue(place, out var there))
                    {
                        places.Add(place, there = (edit, []));
                    }

                    there.Diagnostics.AddRange(group);
                }
            }
        }

        var solution = context.Solution;
        foreach (var (edit, diagnostics) in places.Values)
        {
            var statements = IndexStatements.Of(diagnostics, edit.Catalog);
            solution = await edit.ApplyAsync(solution, target, statements, statements.Count == 1 ? MigrationFixer.SlugOf(diagnostics[0]) : "indexes", context.CancellationToken).ConfigureAwait(false);
        }

        return places.Count == 0 ? null : CodeAction.Create("Write the statements into the migrations", _ => Task.FromResult(solution), context.CodeActionEquivalenceKey);
    }

    /// <summary>The projects that a FixAll is about.</summary>
    internal static IEnumerable<Project> ProjectsOf(FixAllContext context) => context.Scope == FixAllScope.Solution ? context.Solution.Projects.Where(project => project.Language == context.Project.Language) : [context.Project];

    /// <summary>The diagnostics of a project that a FixAll is about. Those of additional files have no document of C#.</summary>
    internal static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(FixAllContext context, Project project)
    {
        if (context is { Scope: FixAllScope.Document, Document: { } document })
        {
            return await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
        }

        return await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
    }
}
