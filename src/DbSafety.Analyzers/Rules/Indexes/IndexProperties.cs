using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Sql.Indexing;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>Writes an index into the properties of a diagnostic, for the fixes.</summary>
internal static class IndexProperties
{
    public static ImmutableDictionary<string, string?> Of(IndexSuggestion? suggestion, string? name, string? statement, string? script)
    {
        var properties = ImmutableDictionary.CreateBuilder<string, string?>();
        if (statement is not null)
        {
            properties.Add(FixKeys.Statement, statement);
            properties.Add(FixKeys.IndexName, name);
            if (script is not null)
            {
                properties.Add(FixKeys.Script, script);
            }
        }

        if (suggestion is not null)
        {
            properties.Add(FixKeys.FreeKeys, suggestion.FreeKeys.ToString(CultureInfo.InvariantCulture));
        }

        return properties.ToImmutable();
    }
}
