using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>An expression that the catalog keeps: of a default, a check, a key or the predicate of an index.</summary>
/// <param name="Node">The expression as it was written.</param>
/// <param name="Renames">Columns that were renamed since: the name in the node, and the name that they have now.</param>
public sealed record SchemaExpression(SqlExpression Node, ImmutableDictionary<string, string> Renames)
{
    /// <summary>An expression whose columns have the names that they were written with.</summary>
    public SchemaExpression(SqlExpression node)
        : this(node, ImmutableDictionary<string, string>.Empty)
    {
    }

    /// <summary>The expression in its one form, by which two are compared (<see cref="CanonicalText"/>); null where a hole or something not understood is in it.</summary>
    /// <param name="table">The table whose columns it names.</param>
    public string? TextIn(Table table) => CanonicalText.Of(Node, NameOf, column => NameOf(column) is { } name ? table.FindColumn(name)?.Type : null);

    /// <summary>The name that a column has now; null where a hole is in it.</summary>
    public string? NameOf(ColumnReference column) =>
        column.HasHole || column.IsStar ? null : Renames.TryGetValue(column.Column, out var name) ? name : column.Column;
}

/// <summary>The query of a view.</summary>
/// <param name="Query">The query.</param>
/// <param name="Columns">The names that the view gives its columns; empty: those of the query.</param>
/// <param name="SearchPath">The schemas in which its names were looked up.</param>
public sealed record ViewDefinition(SqlQuery Query, ImmutableArray<string> Columns, ImmutableArray<string> SearchPath);
