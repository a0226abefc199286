using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Indexing;

/// <summary>How far an index gives the order that a query asks for (<c>pathkeys.c</c>).</summary>
/// <param name="Matched">How many of the keys of ORDER BY it gives.</param>
/// <param name="Total">How many there are, without those that have one value only.</param>
public readonly record struct SortMatch(int Matched, int Total)
{
    /// <summary>Whether no sort is left.</summary>
    public bool IsFull => Total > 0 && Matched == Total;

    /// <summary>Looks at an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="use">The table reference.</param>
    public static SortMatch Of(TableIndex index, TableUse use)
    {
        var bound = Bound(use);
        var wanted = Wanted(use, bound);
        if (index.Method != "btree" || !index.IsValid || index.IsIncomplete)
        {
            return new SortMatch(0, wanted.Count);
        }

        var matched = 0;
        bool? isReversed = null;
        foreach (var key in index.Keys)
        {
            if (matched == wanted.Count)
            {
                break;
            }

            if (Matches(use.Table, key, wanted[matched], out var reversed) && (isReversed is null || isReversed == reversed))
            {
                isReversed = reversed;
                matched++;
                continue;
            }

            // A key with one value only orders nothing.
            if (TextOf(use.Table, key) is not { } text || !bound.Contains(text))
            {
                break;
            }
        }

        return new SortMatch(matched, wanted.Count);
    }

    /// <summary>The keys of ORDER BY, without those that <c>=</c> binds to one value, and those that repeat.</summary>
    public static ImmutableArray<SortKey> Wanted(TableUse use) => Wanted(use, Bound(use)).ToImmutableArray();

    private static List<SortKey> Wanted(TableUse use, HashSet<string> bound)
    {
        var wanted = new List<SortKey>();
        var seen = new HashSet<string>(bound, StringComparer.Ordinal);
        foreach (var sort in use.Order)
        {
            if (KeyMatch.TextOf(sort.Key) is not { } text || seen.Add(text))
            {
                wanted.Add(sort);
            }
        }

        return wanted;
    }

    /// <summary>The keys that have one value in all rows: compared with a constant by <c>=</c>. IN with one element is <c>=</c>; IS NULL is not.</summary>
    private static HashSet<string> Bound(TableUse use)
    {
        var bound = new HashSet<string>(StringComparer.Ordinal);
        foreach (var comparison in use.Conjuncts.OfType<Comparison>())
        {
            if (comparison.Values.All(value => value.Kind is QueryValueKind.Constant or QueryValueKind.Parameter or QueryValueKind.Stable)
                && (comparison.Operator == "=" || (comparison.Operator == "IN" && comparison.Values.Length == comparison.Keys.Length)))
            {
                for (var i = 0; i < comparison.Keys.Length && i < comparison.Values.Length; i++)
                {
                    var key = comparison.Keys[i];
                    var type = key.Type ?? (key.Column is { } column ? use.Table.FindColumn(column)?.Type : null);
                    if (OperatorFamilies.Compare(type, comparison.Values[i]).Fit != IndexFit.No && KeyMatch.TextOf(key) is { } text)
                    {
                        bound.Add(text);
                    }
                }
            }
        }

        return bound;
    }

    private static string? TextOf(Table table, IndexKey key) => key.Column is { } column ? "\"" + column + "\"" : key.Expression?.TextIn(table);

    private static bool Matches(Table table, IndexKey key, SortKey sort, out bool isReversed)
    {
        isReversed = key.IsDescending != sort.IsDescending;
        if (!KeyMatch.IsPlainClass(key.OperatorClass) || KeyMatch.TextOf(sort.Key) is not { } text || TextOf(table, key) != text)
        {
            return false;
        }

        var column = key.Column is { } name ? table.FindColumn(name)?.Collation : null;
        return (key.IsNullsFirst != sort.IsNullsFirst) == isReversed && (key.Collation ?? column) == (sort.Key.Collation ?? column);
    }
}
