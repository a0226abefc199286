using System.Collections.Immutable;
using DbSafety.Analyzers.Rules;
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

        var solution = context.Solution;
        foreach (var id in context.Scope == FixAllScope.Solution ? context.Solution.ProjectIds : [context.Project.Id])
        {
            var found = await DiagnosticsAsync(context, context.Solution.GetProject(id)!).ConfigureAwait(false);
            foreach (var group in found.Where(diagnostic => diagnostic.Properties.ContainsKey(FixKeys.Statement))
                .GroupBy(diagnostic => diagnostic.Properties.TryGetValue(FixKeys.Script, out var script) ? script : null))
            {
                if (await MigrationFixer.EditOf(solution.GetProject(id)!, group.First(), context.CancellationToken).ConfigureAwait(false) is { } edit && edit.Targets.Contains(target))
                {
                    solution = await edit.ApplyAsync(target, IndexStatements.Of(group, edit.Catalog), "indexes", context.CancellationToken).ConfigureAwait(false);
                }
            }
        }

        return ReferenceEquals(solution, context.Solution) ? null : CodeAction.Create("Add the indexes", _ => Task.FromResult(solution), context.CodeActionEquivalenceKey);
    }

    private static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(FixAllContext context, Project project)
    {
        if (context is { Scope: FixAllScope.Document, Document: { } document })
        {
            return await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
        }

        return await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
    }
}
