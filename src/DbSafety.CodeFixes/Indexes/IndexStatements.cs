using System.Globalization;
using DbSafety.Analyzers.Rules;
using DbSafety.Sql.Indexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>The statements that several diagnostics ask for: each once, and one index where it serves what several were asked for.</summary>
internal static class IndexStatements
{
    /// <summary>The statement that a diagnostic carries; null: none.</summary>
    public static string? StatementOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(FixKeys.Statement, out var statement) ? statement : null;

    /// <summary>The file of SQL that owns what the statement is about; null: none does, EF Core's model may.</summary>
    public static string? ScriptOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(FixKeys.Script, out var script) ? script : null;

    /// <summary>The index that the statement of a diagnostic creates; null where it is another statement, or none.</summary>
    public static IndexSuggestion? SuggestionOf(Diagnostic diagnostic)
    {
        if (StatementOf(diagnostic) is not { } statement || SqlParser.Parse(new SqlSource(statement)).Statements is not { Length: 1 } statements || statements[0] is not CreateIndexStatement { IsIncomplete: false } index)
        {
            return null;
        }

        diagnostic.Properties.TryGetValue(FixKeys.FreeKeys, out var free);
        return IndexSuggestionReader.Read(index, new SqlSource(statement)) with { FreeKeys = int.TryParse(free, NumberStyles.None, CultureInfo.InvariantCulture, out var keys) ? keys : 0 };
    }

    /// <summary>The fewest indexes that serve what the diagnostics ask for, each with a name that is free.</summary>
    /// <param name="diagnostics">The diagnostics; those that ask for none are passed over.</param>
    /// <param name="catalog">The schema.</param>
    public static List<(IndexSuggestion Suggestion, string Name)> IndexesOf(IEnumerable<Diagnostic> diagnostics, SchemaCatalog catalog)
    {
        var indexes = new List<(IndexSuggestion Suggestion, string Name)>();
        foreach (var choice in IndexSet.Smallest(diagnostics.Select(SuggestionOf).OfType<IndexSuggestion>()))
        {
            indexes.Add((choice.Suggestion, choice.Suggestion.Name(catalog, indexes.Where(index => index.Suggestion.Table.Schema == choice.Suggestion.Table.Schema).Select(index => index.Name).ToList())));
        }

        return indexes;
    }

    /// <summary>The statements, each with its semicolon.</summary>
    /// <param name="diagnostics">The diagnostics; those without a statement are passed over.</param>
    /// <param name="catalog">The schema.</param>
    public static List<string> Of(IReadOnlyCollection<Diagnostic> diagnostics, SchemaCatalog catalog) =>
        IndexesOf(diagnostics, catalog).Select(index => index.Suggestion.ToSql(index.Name) + ";")
            .Concat(diagnostics.Where(diagnostic => SuggestionOf(diagnostic) is null).Select(StatementOf).OfType<string>().Distinct()).ToList();
}
