using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Indexing;

/// <summary>The indexes that serve operators on values with parts: JSONB, arrays, documents for text search, ranges.</summary>
internal static class ContainerIndexes
{
    /// <summary>The index that a comparison could be searched by; null where there is none for certain.</summary>
    public static IndexSuggestion? For(TableUse use, Comparison comparison)
    {
        if (comparison.Keys.Length != 1 || comparison.Values.Any(value => value.Kind is QueryValueKind.Volatile or QueryValueKind.Unknown))
        {
            return null;
        }

        var type = TypeOf(use.Table, comparison.Key);
        var method = (type, comparison.Operator) switch
        {
            ("jsonb", "@>" or "?" or "?|" or "?&" or "@?" or "@@") => "gin",
            ("tsvector", "@@") => "gin",
            ({ } array, "@>" or "&&" or "<@" or "ANY =") when array.EndsWith("[]", StringComparison.Ordinal) => "gin",
            ({ } range, "@>" or "&&" or "<@" or "<<" or ">>" or "-|-") when OperatorFamilies.IsRange(range) => "gist",
            _ => null,
        };
        return method is not null && KeyOf(use.Table, comparison.Key) is { } key ? new IndexSuggestion(use.Table, ImmutableArray.Create(key)) { Method = method } : null;
    }

    /// <summary>Whether it is a condition on a part of a JSONB value, an operator of JSONB or of arrays.</summary>
    public static bool IsJson(Table table, Comparison comparison) =>
        TypeOf(table, comparison.Key) is { } type && (type == "jsonb" || type.EndsWith("[]", StringComparison.Ordinal)) || ReadsPath(comparison.Key.Expression);

    /// <summary>The type of a key.</summary>
    public static string? TypeOf(Table table, QueryKey key) => key.Type ?? (key.Column is { } column ? table.FindColumn(column)?.Type : null);

    private static SuggestedKey? KeyOf(Table table, QueryKey key)
    {
        if (key.Column is { } column)
        {
            return new SuggestedKey(IndexSuggestionText.Quote(column), column);
        }

        return key.Text is { } text && key.Expression is { } expression && new Immutability(table).Allows(expression) ? new SuggestedKey(IndexSuggestionText.KeyText(text), null) : null;
    }

    private static bool ReadsPath(SqlExpression? expression) => expression is not null && CanonicalText.Strip(expression) switch
    {
        BinaryExpression { Operator: "->" or "->>" or "#>" or "#>>" } => true,
        var other => other.Operands.Any(ReadsPath),
    };
}
