using System.Collections.Immutable;
using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Indexing;

/// <summary>A foreign key whose columns no index begins with.</summary>
/// <param name="Table">The referencing table.</param>
/// <param name="Key">The foreign key.</param>
/// <param name="Suggestion">The index that would serve.</param>
public sealed record UnindexedForeignKey(Table Table, ForeignKey Key, IndexSuggestion Suggestion);

/// <summary>An index that another one makes needless.</summary>
/// <param name="Table">The table.</param>
/// <param name="Index">The needless one.</param>
/// <param name="By">The one that does its work.</param>
public sealed record RedundantIndex(Table Table, TableIndex Index, TableIndex By);

/// <summary>What the schema alone tells about its indexes.</summary>
public static class SchemaIndexes
{
    /// <summary>
    /// The foreign keys whose columns are not, as a set, the first keys of a valid btree that is whole, or partial only on IS NOT NULL of those columns. A DELETE or an UPDATE of a
    /// referenced row reads the whole referencing table then. Of partitions the parent tells; tables that are not completely known are left out.
    /// </summary>
    public static ImmutableArray<UnindexedForeignKey> ForeignKeysWithoutIndex(SchemaCatalog catalog)
    {
        var found = ImmutableArray.CreateBuilder<UnindexedForeignKey>();
        foreach (var table in catalog.Tables)
        {
            if (table.IsIncomplete || table.IsPartition || table.Kind is not (TableKind.Table or TableKind.Partitioned))
            {
                continue;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var key in table.ForeignKeys)
            {
                if (!key.Columns.IsEmpty && !table.Indexes.Any(index => Covers(table, index, key.Columns)) && seen.Add(string.Join("\0", key.Columns.OrderBy(column => column, StringComparer.Ordinal))))
                {
                    var keys = key.Columns.Select(column => new SuggestedKey(IndexSuggestionText.Quote(column), column)).ToImmutableArray();
                    found.Add(new UnindexedForeignKey(table, key, new IndexSuggestion(table, keys) { FreeKeys = keys.Length }));
                }
            }
        }

        return found.ToImmutable();
    }

    /// <summary>
    /// The indexes whose keys are the first keys of another index that does their work: the same method, operator classes, collations and order (or all reversed), the same predicate.
    /// Indexes of constraints are never among them, unique ones only where the other is unique on the same keys. Of two that are alike the later one is.
    /// </summary>
    public static ImmutableArray<RedundantIndex> Redundant(SchemaCatalog catalog)
    {
        var found = ImmutableArray.CreateBuilder<RedundantIndex>();
        foreach (var table in catalog.Tables)
        {
            for (var i = 0; i < table.Indexes.Length; i++)
            {
                var index = table.Indexes[i];
                var by = table.Indexes.Where((other, at) => at != i && Replaces(table, other, index) && (at < i || !Replaces(table, index, other))).OrderBy(other => other.Keys.Length).FirstOrDefault();
                if (by is not null)
                {
                    found.Add(new RedundantIndex(table, index, by));
                }
            }
        }

        return found.ToImmutable();
    }

    private static bool Covers(Table table, TableIndex index, ImmutableArray<string> columns)
    {
        if (index.IsIncomplete)
        {
            return true;
        }

        return index is { Method: "btree", IsValid: true } && index.Keys.Length >= columns.Length
            && index.Keys.Take(columns.Length).All(key => key.Column is { } column && columns.Contains(column) && ServesEquality(key))
            && columns.All(column => index.Keys.Take(columns.Length).Any(key => key.Column == column))
            && (index.Predicate is null || IsNotNull(table, index.Predicate, columns));
    }

    // A pattern class has the same equality; of other classes nobody knows.
    private static bool ServesEquality(IndexKey key) => KeyMatch.IsPlainClass(key.OperatorClass) || key.OperatorClass!.EndsWith("_pattern_ops", StringComparison.Ordinal);

    private static bool IsNotNull(Table table, SchemaExpression predicate, ImmutableArray<string> columns)
    {
        var condition = new PredicateReader(table).Read(predicate);
        var parts = condition is Queries.AllOf all ? all.Conditions : ImmutableArray.Create(condition);
        return parts.All(part => part is Queries.Comparison { Operator: "IS NOT NULL", Key.Column: { } column } && columns.Contains(column));
    }

    private static bool Replaces(Table table, TableIndex by, TableIndex index)
    {
        // What is attached to a parent's index goes only with it.
        if (index.Constraint != IndexConstraint.None || index.Parent is not null || index.IsIncomplete || by.IsIncomplete || !by.IsValid || index.Keys.IsEmpty || by.Method != index.Method || !SamePredicate(table, by, index))
        {
            return false;
        }

        var isSameLength = by.Keys.Length == index.Keys.Length;
        if (by.Keys.Length < index.Keys.Length || (index.IsUnique && !(by.IsUnique && isSameLength && by.IsNullsNotDistinct == index.IsNullsNotDistinct && !by.IsDeferrable)))
        {
            return false;
        }

        // A prefix serves where the keys are ordered; others are searched as a whole, and grow with each key.
        if (!isSameLength && index.Method != "btree")
        {
            return false;
        }

        var columns = by.Keys.Select(key => key.Column).Concat(by.Include).ToList();
        return index.Include.All(columns.Contains) && (SameKeys(table, by, index, isReversed: false) || (index.Method == "btree" && SameKeys(table, by, index, isReversed: true)));
    }

    private static bool SameKeys(Table table, TableIndex by, TableIndex index, bool isReversed)
    {
        for (var i = 0; i < index.Keys.Length; i++)
        {
            IndexKey first = by.Keys[i], second = index.Keys[i];
            var isSame = first.Column == second.Column
                && (first.Column is not null || (first.Expression?.TextIn(table) is { } text && text == second.Expression?.TextIn(table)))
                && SameClass(first.OperatorClass, second.OperatorClass)
                && Collation(table, first) == Collation(table, second)
                && (first.IsDescending != second.IsDescending) == isReversed
                && (first.IsNullsFirst != second.IsNullsFirst) == isReversed;
            if (!isSame)
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameClass(string? first, string? second) => first == second || ((first is null || second is null) && IsDefault(first ?? second!));

    // jsonb_ops, text_ops and the like are default classes of their methods; of array_ops and others nobody asks for them by name.
    private static bool IsDefault(string name) => KeyMatch.IsPlainClass(name) && name is not ("inet_ops" or "varchar_ops" or "cidr_ops");

    private static string? Collation(Table table, IndexKey key) =>
        (key.Collation ?? (key.Column is { } column ? table.FindColumn(column)?.Collation : null)) is { } name and not "default" ? name : null;

    private static bool SamePredicate(Table table, TableIndex by, TableIndex index) => (by.Predicate, index.Predicate) switch
    {
        (null, null) => true,
        ({ } first, { } second) => first.TextIn(table) is { } text && text == second.TextIn(table),
        _ => false,
    };
}
