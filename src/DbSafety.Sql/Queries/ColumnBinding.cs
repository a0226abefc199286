using System.Collections.Immutable;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Queries;

/// <content>Columns: what a name means where it stands.</content>
internal sealed partial class StatementReading
{
    private readonly Dictionary<SqlExpression, BoundColumn> _bound = new(SameNode.Comparer);

    /// <summary>The meaning of a bound column reference.</summary>
    private BoundColumn? MeaningOf(SqlExpression expression) => _bound.TryGetValue(expression, out var bound) ? bound : null;

    private ColumnReference Column(SqlSpan span, BoundColumn meaning)
    {
        var node = new ColumnReference(span, ImmutableArray.Create(new SqlName(span, meaning.Column, true, false)), meaning.Column.Length == 0);
        _bound[node] = meaning;
        return node;
    }

    private SqlExpression Use(EntryColumn column, SqlSpan span) => column.Expression switch
    {
        null => Column(span, new BoundColumn(column.Relation, column.Column, column.Type)),
        ColumnReference reference when MeaningOf(reference) is { } meaning => Column(span, meaning),
        var expression => expression,
    };

    private ColumnReference Unknown(SqlSpan span, IEnumerable<Relation> candidates) =>
        Column(span, new BoundColumn(null, "?", null) { Candidates = candidates.Distinct().ToImmutableArray() });

    /// <summary>The whole row of a table, or an expression that must be left where it is: it depends on these relations, and is no column.</summary>
    private ColumnReference Opaque(SqlSpan span, IReadOnlyList<Relation> relations) => relations.Count switch
    {
        1 => Column(span, new BoundColumn(relations[0], "", null)),
        _ => Unknown(span, relations),
    };

    private SqlExpression Resolve(ColumnReference column, Scope scope)
    {
        var span = scope.Place ?? column.Span;
        if (column.HasHole || column.Parts.IsEmpty)
        {
            // {column} = 1: it may be any column in sight.
            return column.HasHole && column.Parts.Length > 1 && !column.Parts[column.Parts.Length - 2].HasHole && FindEntry(column, column.Parts.Length - 2, scope) is { } owner
                ? Unknown(span, owner.Beneath)
                : Unknown(span, scope.Namespaces.SelectMany(space => space.Tables).SelectMany(table => table.Beneath));
        }

        if (column.IsStar)
        {
            return FindEntry(column, column.Parts.Length - 1, scope) is { } all ? Opaque(span, all.Beneath) : Unknown(span, []);
        }

        if (column.Parts.Length > 1)
        {
            return FindEntry(column, column.Parts.Length - 2, scope) is { } entry ? ResolveIn(entry, column.Column, span)
                : FindEntry(column, 0, scope) is { } whole ? Opaque(span, whole.Beneath) // column.field of an unknown shape
                : Unknown(span, []);
        }

        return ResolveBare(column.Column, span, scope);
    }

    private SqlExpression ResolveIn(TableEntry entry, string name, SqlSpan span)
    {
        if (entry.TryFind(name, out var found))
        {
            return Use(found, span);
        }

        if (entry.Relation is { } relation && SystemColumnType(name) is { } type)
        {
            return Column(span, new BoundColumn(relation, name, type));
        }

        return OpenColumn(entry.Candidates().ToList(), name, span, entry.Beneath);
    }

    /// <summary>A column that no known table has: of the one table that may have it.</summary>
    private ColumnReference OpenColumn(List<Relation> candidates, string name, SqlSpan span, IEnumerable<Relation> others) =>
        candidates.Count == 1 ? Column(span, new BoundColumn(candidates[0], name, null)) : Unknown(span, candidates.Count > 0 ? candidates : others);

    private SqlExpression ResolveBare(string name, SqlSpan span, Scope scope)
    {
        var open = new List<Relation>();
        for (var current = scope; current is not null; current = current.Outer)
        {
            // A valid statement names no column twice, so that the first table that is known to have it is the one.
            foreach (var space in current.Namespaces)
            {
                Work(1 + (space.Columns.Count / 8));
                foreach (var column in space.Columns)
                {
                    if (column.Name == name)
                    {
                        return open.Count == 0 || current == scope ? Use(column, span) : Unknown(span, open.Concat(column.Relation is { } own ? [own] : []));
                    }
                }
            }

            foreach (var space in current.Namespaces)
            {
                foreach (var table in space.Tables)
                {
                    open.AddRange(table.Candidates());
                    if (table.Relation is { } relation && SystemColumnType(name) is { } type && space.Tables.Count == 1 && current.Namespaces.Count == 1)
                    {
                        return Column(span, new BoundColumn(relation, name, type));
                    }

                    if (table.Name == name && open.Count == 0)
                    {
                        return Opaque(span, table.Beneath);
                    }
                }
            }
        }

        return OpenColumn(open, name, span, scope.Namespaces.SelectMany(space => space.Tables).SelectMany(table => table.Beneath));
    }

    private TableEntry? FindEntry(ColumnReference column, int part, Scope scope)
    {
        var name = column.Parts[part].Text;
        var schema = part > 0 ? column.Parts[part - 1].Text : null;
        for (var current = scope; current is not null; current = current.Outer)
        {
            foreach (var space in current.Namespaces)
            {
                foreach (var table in space.Tables)
                {
                    Work();
                    if (table.Name == name && (schema is null || table.Schema is null || table.Schema == schema))
                    {
                        return table;
                    }
                }
            }
        }

        return null;
    }

    private static string? SystemColumnType(string name) => name switch
    {
        "ctid" => "tid",
        "xmin" or "xmax" => "xid",
        "cmin" or "cmax" => "cid",
        "tableoid" => "oid",
        _ => null,
    };
}
