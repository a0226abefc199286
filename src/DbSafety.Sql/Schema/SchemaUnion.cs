using System.Collections.Immutable;

namespace DbSafety.Sql.Schema;

/// <summary>Joins what two sources tell of one database, such as SQL files and the model of an object mapper.</summary>
public static class SchemaUnion
{
    /// <summary>The catalog of both. A table that both know has the columns of the first, and those that only the second knows.</summary>
    /// <param name="first">The one that is believed where they differ.</param>
    /// <param name="second">The other one.</param>
    /// <param name="joinsTables">
    /// Whether indexes and keys that only the second knows count for a table that both know; an index that says nothing beyond one of the first does not. Else such a table is
    /// that of the first.
    /// </param>
    public static SchemaCatalog Of(SchemaCatalog first, SchemaCatalog second, bool joinsTables)
    {
        if (second.Tables.IsEmpty && second.Types.IsEmpty && !second.IsIncomplete)
        {
            return first;
        }

        if (first.Tables.IsEmpty && first.Types.IsEmpty && !first.IsIncomplete && first.UnknownRelations.IsEmpty)
        {
            return second;
        }

        var state = new CatalogState
        {
            UnknownRelations = first.UnknownRelations.Union(second.UnknownRelations),
            MayHoldMore = first.IsIncomplete || second.IsIncomplete,
            MayChangeAny = first.MayChangeAny || second.MayChangeAny,
        };
        foreach (var type in second.Types.Concat(first.Types))
        {
            state.Put(type);
        }

        foreach (var table in second.Tables)
        {
            state.Put(table);
        }

        foreach (var table in first.Tables)
        {
            state.Put(joinsTables && second.FindTable(table.FullName) is { } other ? Join(table, other) : table);
        }

        return new SchemaCatalog(state);
    }

    /// <summary>The first, with the indexes that only the second knows; what else the second says, or does not know, changes nothing.</summary>
    /// <param name="first">The one that is believed.</param>
    /// <param name="second">The one that may know further indexes of the same tables.</param>
    public static SchemaCatalog WithIndexesOf(SchemaCatalog first, SchemaCatalog second)
    {
        var more = first.Tables.Select(table => second.FindTable(table.FullName) is { } other ? table with { Indexes = Join(table, other).Indexes } : table)
            .Where(table => table.Indexes.Length > first.FindTable(table.FullName)!.Indexes.Length).ToImmutableArray();
        return first.With(more);
    }

    private static Table Join(Table table, Table other)
    {
        var indexes = table.Indexes;
        foreach (var index in other.Indexes)
        {
            var isKnown = index.Constraint == IndexConstraint.PrimaryKey ? table.PrimaryKey is not null : indexes.Any(known => Covers(known, index, table, other));
            if (!isKnown)
            {
                indexes = indexes.Add(index);
            }
        }

        var keys = table.ForeignKeys;
        foreach (var key in other.ForeignKeys)
        {
            if (!keys.Any(known => known.ReferencedTable == key.ReferencedTable && known.Columns.OrderBy(name => name, StringComparer.Ordinal).SequenceEqual(key.Columns.OrderBy(name => name, StringComparer.Ordinal))))
            {
                keys = keys.Add(key);
            }
        }

        return table with
        {
            Columns = table.Columns.AddRange(other.Columns.Where(column => table.FindColumn(column.Name) is null)),
            Indexes = indexes,
            ForeignKeys = keys,
            IsIncomplete = table.IsIncomplete || other.IsIncomplete,
            SeededRows = table.SeededRows is { } rows && other.SeededRows is { } more ? Math.Max(rows, more) : null,
        };
    }

    /// <summary>Whether an index says all that another says: what begins with its keys, with the same predicate; the same keys where that one is unique.</summary>
    private static bool Covers(TableIndex known, TableIndex index, Table table, Table other)
    {
        if (known.IsIncomplete || known.Method != index.Method || known.Predicate?.TextIn(table) != index.Predicate?.TextIn(other) || known.Keys.Length < index.Keys.Length ||
            (index.IsUnique && (!known.IsUnique || known.Keys.Length != index.Keys.Length)))
        {
            return false;
        }

        return index.Keys.Select((key, at) => (key, of: known.Keys[at])).All(pair =>
            pair.key.Column == pair.of.Column && pair.key.Expression?.TextIn(other) == pair.of.Expression?.TextIn(table) && pair.key.OperatorClass == pair.of.OperatorClass);
    }
}
