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

    /// <summary>The columns that it names, as they are called now, each once and in order; none of a subquery. Null where a hole, a star or something not understood is in it.</summary>
    public ImmutableArray<string>? Columns()
    {
        var columns = ImmutableArray.CreateBuilder<string>();
        return Collect(Node, columns) ? columns.ToImmutable() : null;
    }

    private bool Collect(SqlExpression expression, ImmutableArray<string>.Builder columns)
    {
        switch (expression)
        {
            case ColumnReference column:
                if (NameOf(column) is not { } name)
                {
                    return false;
                }

                if (!columns.Contains(name))
                {
                    columns.Add(name);
                }

                return true;
            case HoleExpression or UnknownExpression or SubqueryExpression:
                return false;
            default:
                var isKnown = true;
                foreach (var operand in expression.Operands)
                {
                    isKnown &= Collect(operand, columns);
                }

                return isKnown;
        }
    }

    /// <summary>The same expression after a column was renamed.</summary>
    internal SchemaExpression Rename(string from, string to) => new(Node, RenamesAfter(Node, from, to, Renames));

    private static ImmutableDictionary<string, string> RenamesAfter(SqlExpression node, string from, string to, ImmutableDictionary<string, string> renames)
    {
        // What was written by this name and had another one since keeps that; what has the name now gets the new one.
        var written = renames.Where(pair => pair.Value == from).Select(pair => pair.Key).ToList();
        var result = renames;
        foreach (var name in written)
        {
            result = result.SetItem(name, to);
        }

        return !renames.ContainsKey(from) && Names(node, from) ? result.SetItem(from, to) : result;
    }

    private static bool Names(SqlExpression expression, string column) =>
        expression is ColumnReference reference ? reference.Column == column : expression.Operands.Any(operand => Names(operand, column));

    /// <summary>The name that a column has now; null where a hole is in it.</summary>
    public string? NameOf(ColumnReference column) =>
        column.HasHole || column.IsStar ? null : Renames.TryGetValue(column.Column, out var name) ? name : column.Column;
}

/// <summary>The query of a view.</summary>
/// <param name="Query">The query.</param>
/// <param name="Columns">The names that the view gives its columns; empty: those of the query.</param>
/// <param name="SearchPath">The schemas in which its names were looked up.</param>
public sealed record ViewDefinition(SqlQuery Query, ImmutableArray<string> Columns, ImmutableArray<string> SearchPath);
