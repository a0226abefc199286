using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Indexing;

/// <summary>Tells which indexes the table references of a query lack, the way PostgreSQL's planner matches indexes with conditions.</summary>
public static class IndexAdvisor
{
    /// <summary>What is missing; at most one advice for each table reference. Empty where the evidence is unknown.</summary>
    /// <param name="query">The query.</param>
    /// <param name="catalog">The schema.</param>
    /// <param name="source">The text of the query; without it no condition is rewritten.</param>
    /// <param name="version">The major version of the server; null: not known, and new enough.</param>
    public static ImmutableArray<IndexAdvice> Advise(QueryTables query, SchemaCatalog catalog, SqlSource? source = null, int? version = null) =>
        Advise(query, catalog, ImmutableArray<IndexSuggestion>.Empty, source, version);

    /// <summary>What would be missing still, were the suggestions followed.</summary>
    /// <param name="query">The query.</param>
    /// <param name="catalog">The schema.</param>
    /// <param name="followed">Indexes that are thought of as existing.</param>
    /// <param name="source">The text of the query; without it no condition is rewritten.</param>
    /// <param name="version">The major version of the server; null: not known, and new enough.</param>
    public static ImmutableArray<IndexAdvice> Advise(QueryTables query, SchemaCatalog catalog, ImmutableArray<IndexSuggestion> followed, SqlSource? source = null, int? version = null)
    {
        var indexes = new Dictionary<Table, ImmutableArray<TableIndex>>();

        // Incremental sort came with PostgreSQL 13.
        var sortsInSteps = version is null or >= 13;
        var order = JoinOrder.Of(query, catalog, use => IndexesOf(use.Table));
        var advice = ImmutableArray.CreateBuilder<IndexAdvice>();
        foreach (var use in order.Unserved)
        {
            Add(new MissingIndex(use, order.Own(use), IndexesOf(use.Table), catalog, source).Advise());
        }

        foreach (var (use, conditions) in order.Unreached)
        {
            Add(new MissingIndex(use, conditions, IndexesOf(use.Table), catalog, source).Advise());
        }

        foreach (var use in order.Starts)
        {
            Add(CompositeIndex.Advise(use, order.Own(use), IndexesOf(use.Table), catalog, sortsInSteps));
        }

        foreach (var use in query.Uses.Where(use => use is { IsLimited: true, IsUncertain: false, Filter: null, Order.IsEmpty: false } && !Rows.AreFew(use.Table)))
        {
            Add(CompositeIndex.OfOrder(use, IndexesOf(use.Table), catalog, sortsInSteps));
        }

        foreach (var use in source is null ? [] : query.Uses.Where(use => !use.IsUncertain && !Rows.AreFew(use.Table) && advice.All(item => item.Use.Number != use.Number)))
        {
            Add(OfFunction(use));
        }

        return advice.OrderBy(item => item.Use.Number).ToImmutableArray();

        void Add(IndexAdvice? item)
        {
            if (item is null || !catalog.IsComplete(item.Use.Table) || IsPruned(item.Use))
            {
                return;
            }

            // An index that gives the order already finds the first rows, if not by the conditions.
            advice.Add(item.Kind == IndexAdviceKind.Filter && item.Use.IsLimited && IndexesOf(item.Use.Table).FirstOrDefault(index => index.Predicate is null && SortMatch.Of(index, item.Use).IsFull) is { } sorted
                ? item with { Kind = IndexAdviceKind.Composite, Existing = sorted, Reason = $"{sorted.Name} gives the order, and no index finds the rows" }
                : item);
        }

        // A comparison of the key that the table is partitioned by leaves few partitions to read.
        static bool IsPruned(TableUse use) => use.Table.PartitionKey is { Node: ColumnReference part } key && key.NameOf(part) is { } name &&
            use.Conjuncts.Any(condition => condition is Comparison { Operator: "=" or "<" or "<=" or ">" or ">=" or "IN" or "= ANY" } comparison && comparison.Keys[0].Column == name);

        // A function that no index serves, and that an operator does: nothing else must serve.
        IndexAdvice? OfFunction(TableUse use)
        {
            var match = new IndexMatch(use, IndexesOf(use.Table));
            foreach (var condition in use.Conjuncts)
            {
                if (Rewrites.OfFunction(use.Table, condition, source!) is { } rewrite && use.Conjuncts.All(other => other == condition || match.Fit(other) == IndexFit.No))
                {
                    var existing = match.Indexes.FirstOrDefault(index => index is { Method: "gin", IsValid: true, IsIncomplete: false, Predicate: null } && index.Keys.Any(key => key.Column == rewrite.Column));
                    return new IndexAdvice(IndexAdviceKind.Json, use, condition.Span)
                    {
                        Existing = existing,
                        Suggestion = existing is not null ? null : new IndexSuggestion(use.Table, ImmutableArray.Create(new SuggestedKey(IndexSuggestionText.Quote(rewrite.Column), rewrite.Column))) { Method = "gin" },
                        Rewrite = rewrite.Text,
                        IsRewriteNeeded = true,
                        Reason = "no index serves the function jsonb_path_exists; the operator @? is the same condition",
                    };
                }
            }

            return null;
        }

        ImmutableArray<TableIndex> IndexesOf(Table table)
        {
            if (!indexes.TryGetValue(table, out var all))
            {
                all = TableIndexes.Of(table, catalog).AddRange(followed.Where(suggestion => suggestion.Table.FullName == table.FullName).Select((suggestion, i) => suggestion.ToIndex("suggested_" + i)));
                indexes.Add(table, all);
            }

            return all;
        }
    }
}

/// <summary>Which indexes a table has.</summary>
internal static class TableIndexes
{
    /// <summary>Its own, and those of the tables that it is a partition of.</summary>
    public static ImmutableArray<TableIndex> Of(Table table, SchemaCatalog catalog)
    {
        var all = table.Indexes;
        for (var (next, depth) = (table, 0); next is { IsPartition: true, Parents: { IsEmpty: false } parents } && depth < 16; depth++)
        {
            next = catalog.FindTable(parents[0].Schema, parents[0].Name);
            all = next is null ? all : all.AddRange(next.Indexes.Where(index => index.IsValid));
        }

        return all;
    }
}
