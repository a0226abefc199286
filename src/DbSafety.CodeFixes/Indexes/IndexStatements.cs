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
    /// <summary>Collects the statements.</summary>
    /// <param name="diagnostics">The diagnostics; those without a statement are passed over.</param>
    /// <param name="catalog">The schema, for names that are free.</param>
    public static List<string> Of(IEnumerable<Diagnostic> diagnostics, SchemaCatalog catalog)
    {
        var needs = new List<IndexSuggestion>();
        var others = new List<string>();
        foreach (var diagnostic in diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(FixKeys.Statement, out var statement) || statement is null)
            {
                continue;
            }

            if (SqlParser.Parse(new SqlSource(statement)).Statements is { Length: 1 } statements && statements[0] is CreateIndexStatement { IsIncomplete: false } index)
            {
                diagnostic.Properties.TryGetValue(FixKeys.FreeKeys, out var free);
                needs.Add(IndexSuggestionReader.Read(index, new SqlSource(statement)) with { FreeKeys = int.TryParse(free, NumberStyles.None, CultureInfo.InvariantCulture, out var keys) ? keys : 0 });
            }
            else if (!others.Contains(statement))
            {
                others.Add(statement);
            }
        }

        return IndexSet.Smallest(needs).Select(choice => choice.Suggestion).Select(suggestion => suggestion.ToSql(suggestion.Name(catalog)) + ";").Concat(others).ToList();
    }
}
