using System.Collections.Immutable;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Indexing;

/// <summary>Reads a suggestion back from the statement that it was written as.</summary>
public static class IndexSuggestionReader
{
    /// <summary>The suggestion, over a table of which only the name is known.</summary>
    /// <param name="index">The statement.</param>
    /// <param name="source">Its text.</param>
    public static IndexSuggestion Read(CreateIndexStatement index, SqlSource source) =>
        new(new Table(index.Table.Schema ?? "public", index.Table.Name, ImmutableArray<Column>.Empty, IsIncomplete: true), index.Elements.Select(element => Key(element, source)).ToImmutableArray())
        {
            Method = index.Method ?? "btree",
            Predicate = index.Where.Value is { } where ? source.ToString(where.Expression.Span) : null,
        };

    private static SuggestedKey Key(IndexElement element, SqlSource source)
    {
        var column = element.Expression is ColumnReference { Parts.Length: 1 } reference ? reference.Column : null;
        var text = source.ToString(element.Expression.Span);
        return new SuggestedKey(column is null && element.Expression is not FunctionCall ? "(" + text + ")" : text, column)
        {
            OperatorClass = element.OperatorClass?.Name,
            IsDescending = element.IsDescending,
            IsNullsFirst = element.IsNullsFirst,
        };
    }
}
