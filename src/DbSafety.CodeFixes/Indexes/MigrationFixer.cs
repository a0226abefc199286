using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>
/// Writes the statement that mends the schema into the migrations. Offered at C# code and at files of SQL; a host that does not write additional files
/// (a command-line tool) changes nothing, and the statement stands in the message.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MigrationFixer), DocumentKinds = ["Document", "AdditionalDocument"], DocumentExtensions = [".cs", ".sql"])]
public sealed class MigrationFixer : CodeFixProvider
{
    private const string Key = "DbSafety.Migration.";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(
        Descriptors.DBS4001_FilterWithoutIndex.Id, Descriptors.DBS4002_JsonFilterWithoutIndex.Id, Descriptors.DBS4003_ForeignKeyWithoutIndex.Id,
        Descriptors.DBS4004_CompositeIndexMissing.Id, Descriptors.DBS4005_IndexCannotServe.Id, Descriptors.DBS4006_RedundantIndex.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => MigrationFixAll.Instance;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (IndexStatements.StatementOf(diagnostic) is not { } statement ||
                await EditOf(context.TextDocument.Project, IndexStatements.ScriptOf(diagnostic), context.CancellationToken).ConfigureAwait(false) is not { } edit)
            {
                continue;
            }

            var slug = SlugOf(diagnostic);
            var solution = context.TextDocument.Project.Solution;
            foreach (var target in edit.Targets)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(edit.Title(target, WhatOf(diagnostic), slug), cancellation => edit.ApplyAsync(solution, target, [statement], slug, cancellation), KeyOf(target)), diagnostic);
            }
        }
    }

    /// <summary>What can be written into the migrations of a project; null where it has no schema.</summary>
    /// <param name="project">The project.</param>
    /// <param name="script">The file of SQL that declares the table, or null.</param>
    /// <param name="cancellation">Ends the work.</param>
    internal static async Task<MigrationEdit?> EditOf(Project project, string? script, CancellationToken cancellation)
    {
        if (await project.GetCompilationAsync(cancellation).ConfigureAwait(false) is not { } compilation || SchemaFacts.For(compilation, project.AnalyzerOptions) is not { } schema)
        {
            return null;
        }

        var options = new Options(project.AnalyzerOptions.AnalyzerConfigOptionsProvider);
        return MigrationEdit.Of(project, schema, options.MigrationFile(compilation.SyntaxTrees.FirstOrDefault()), script);
    }

    internal static string KeyOf(MigrationTarget target) => Key + target;

    internal static MigrationTarget? TargetOf(string? key) =>
        key is not null && key.StartsWith(Key, StringComparison.Ordinal) && Enum.TryParse<MigrationTarget>(key.Substring(Key.Length), out var target) ? target : null;

    private static string WhatOf(Diagnostic diagnostic) => IsDrop(diagnostic) ? "DROP INDEX " + NameOf(diagnostic) : "index " + NameOf(diagnostic);

    internal static string SlugOf(Diagnostic diagnostic) =>
        (IsDrop(diagnostic) ? "drop_" : "create_") + new string(NameOf(diagnostic).Select(character => char.IsLetterOrDigit(character) ? character : '_').ToArray());

    private static bool IsDrop(Diagnostic diagnostic) => diagnostic.Id == Descriptors.DBS4006_RedundantIndex.Id;

    private static string NameOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(FixKeys.IndexName, out var name) && name is not null ? name : "index";
}
