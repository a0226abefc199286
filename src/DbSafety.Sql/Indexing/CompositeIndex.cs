using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Indexing;

/// <summary>Where an index serves in part: it finds by some of the equalities, or by all of them and leaves the range or the order.</summary>
internal static class CompositeIndex
{
    /// <summary>The advice; null where the indexes serve well enough, or nobody knows.</summary>
    /// <param name="use">The table reference, which an index serves.</param>
    /// <param name="own">Its own conjuncts.</param>
    /// <param name="indexes">The indexes of its table.</param>
    /// <param name="catalog">The schema.</param>
    /// <param name="sortsInSteps">Whether the server goes on from rows that are sorted by a part of the order already.</param>
    public static IndexAdvice? Advise(TableUse use, ImmutableArray<Condition> own, ImmutableArray<TableIndex> indexes, SchemaCatalog catalog, bool sortsInSteps)
    {
        var need = IndexNeed.Of(use, own, catalog);
        var bound = new HashSet<string>(need.Equal.Concat(need.Listed).Select(key => key.Text), StringComparer.Ordinal);
        if (need.Equal.IsEmpty || need.Keys.Length < 2 || own.Any(condition => condition is UnknownCondition))
        {
            return null;
        }

        var match = new IndexMatch(use, indexes);
        TableIndex? best = null;
        var most = 0;
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var index in indexes)
        {
            var fit = match.Fit(index);
            var sort = need.IsSort ? SortMatch.Of(index, use) : default;
            if (fit == IndexFit.Maybe || (index.Method != "btree" && fit == IndexFit.Serves))
            {
                return null;
            }

            if (fit == IndexFit.No && !(sort.IsFull && match.Holds(index) == IndexFit.Serves))
            {
                continue;
            }

            var keys = index.Keys.Select(key => TextOf(use.Table, key)).ToList();
            var implied = index.Predicate is { } predicate ? IndexMatch.ColumnsOf(predicate).Select(IndexSuggestionText.Quote) : [];
            if ((index.IsUnique && keys.All(key => key is not null && need.Equal.Any(equal => equal.Text == key))) || Suffices(need, keys.Concat(implied).ToList(), bound, sort, sortsInSteps))
            {
                return null;
            }

            held.UnionWith(keys.Take(1).Where(key => key is not null && bound.Contains(key)).Select(key => key!));
            var prefix = keys.TakeWhile(key => key is not null && bound.Contains(key)).Count();
            if (best is null || prefix > most)
            {
                (best, most) = (index, prefix);
            }
        }

        // Several indexes of one column each are combined (BitmapAnd); they give no order.
        if (best is null || (!need.IsSort && need.Keys.All(key => held.Contains(key.Text) || indexes.Any(index => TextOf(use.Table, index.Keys.FirstOrDefault()) == key.Text && match.Holds(index) != IndexFit.No))))
        {
            return null;
        }

        var rest = need.Keys.Where(key => !best.Keys.Take(most).Any(held => TextOf(use.Table, held) == key.Text)).ToList();
        var isOrder = need.IsSort && bound.IsSubsetOf(best.Keys.Take(most).Select(key => TextOf(use.Table, key) ?? ""));
        return new IndexAdvice(IndexAdviceKind.Composite, use, isOrder ? use.OrderSpan : (rest.Select(need.ConditionOf).FirstOrDefault(condition => condition is not null) ?? need.First!).Span)
        {
            Suggestion = need.ToSuggestion(),
            Existing = best,
            Reason = most == 0
                ? $"{best.Name} gives the order, and no index finds the rows"
                : $"{best.Name} leaves {string.Join(", ", rest.Select(key => key.Column ?? key.Text))} to be {(need.IsSort ? "filtered or sorted" : "filtered")} row by row",
        };
    }

    /// <summary>The advice for the first rows of a whole table in an order that no index gives; null where one does, or nobody knows.</summary>
    /// <param name="use">The table reference, which nothing restricts.</param>
    /// <param name="indexes">The indexes of its table.</param>
    /// <param name="catalog">The schema.</param>
    /// <param name="sortsInSteps">Whether the server goes on from rows that are sorted by a part of the order already.</param>
    public static IndexAdvice? OfOrder(TableUse use, ImmutableArray<TableIndex> indexes, SchemaCatalog catalog, bool sortsInSteps)
    {
        var keys = IndexNeed.OrderOf(use, catalog);
        return keys.IsEmpty || indexes.Any(index => index.IsIncomplete || (index.Predicate is null && SortMatch.Of(index, use) is var sort && (sort.IsFull || (sortsInSteps && sort.Matched > 0))))
            ? null
            : new IndexAdvice(IndexAdviceKind.Composite, use, use.OrderSpan)
            {
                Suggestion = new IndexSuggestion(use.Table, keys),
                Reason = $"No index of {use.Table.Name} gives the order, so that all rows are sorted for the first ones",
            };
    }

    /// <summary>Whether an index holds all that is needed, with gaps perhaps; of the order at least the first key, by which the sort goes on in small steps.</summary>
    private static bool Suffices(IndexNeed need, List<string?> keys, HashSet<string> bound, SortMatch sort, bool sortsInSteps) =>
        bound.All(keys.Contains)
        && (need.IsSort ? sort.IsFull || (sortsInSteps && sort.Matched > 0) || sort.Total == 0 : need.Tail.All(key => keys.Contains(key.Text)));

    private static string? TextOf(Table table, IndexKey? key) => key switch
    {
        null => null,
        { Column: { } column } => IndexSuggestionText.Quote(column),
        { Expression: { } expression } => expression.TextIn(table) is { } text ? IndexSuggestionText.KeyText(text) : null,
        _ => null,
    };
}
