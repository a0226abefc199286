using System.Collections.Immutable;
using DbSafety.Sql.Indexing;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>Writes an index that is suggested into the properties of a diagnostic, for the fixes.</summary>
internal static class IndexProperties
{
    public static ImmutableDictionary<string, string?> Of(IndexSuggestion? suggestion, string? statement)
    {
        var properties = ImmutableDictionary.CreateBuilder<string, string?>();
        if (statement is not null)
        {
            properties.Add(FixKeys.Statement, statement);
        }

        if (suggestion is not null)
        {
            properties.Add(FixKeys.IndexName, suggestion.Name);
            properties.Add(FixKeys.Table, suggestion.Table.Schema + "." + suggestion.Table.Name);
            properties.Add(FixKeys.Keys, string.Join("\n", suggestion.Keys.Select(key => key.ToSql())));
            properties.Add(FixKeys.Columns, string.Join("\n", suggestion.Keys.Select(key => key.Column)));
            properties.Add(FixKeys.Method, suggestion.Method);
            properties.Add(FixKeys.Predicate, suggestion.Predicate);
        }

        return properties.ToImmutable();
    }
}
