using System.Collections.Immutable;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Queries;

/// <summary>How a table reference takes part in its query.</summary>
public enum TableRole
{
    /// <summary>It stands alone, or is joined with INNER JOIN or a comma: the planner chooses which table comes first.</summary>
    Inner,

    /// <summary>The side of an outer join whose rows are all kept.</summary>
    Preserved,

    /// <summary>The side of an outer join that is looked up for each row of the other one.</summary>
    LookedUp,
}

/// <summary>A key of ORDER BY.</summary>
/// <param name="Key">What is sorted by.</param>
/// <param name="IsDescending">DESC</param>
/// <param name="IsNullsFirst">Whether nulls come first: written so, or DESC without a word about nulls.</param>
public sealed record SortKey(QueryKey Key, bool IsDescending, bool IsNullsFirst);

/// <summary>A reference to a table in a query: what restricts its rows, what joins it, what sorts it.</summary>
/// <param name="Number">Its number in <see cref="QueryTables.Uses"/>.</param>
/// <param name="Table">The table; never a view.</param>
/// <param name="Span">The characters of the reference: the name of the table, or of the view that it stands in.</param>
public sealed record TableUse(int Number, Table Table, SqlSpan Span)
{
    /// <summary>
    /// The query that it stands in: references of one level are joined with each other. A subquery that is planned by itself has a level of its own; one that is pulled
    /// up (a derived table, a view, a CTE inlined, EXISTS and IN as joins) has that of the query around.
    /// </summary>
    public int Level { get; init; }

    /// <summary>How it takes part.</summary>
    public TableRole Role { get; init; }

    /// <summary>
    /// What restricts its rows where they are read, or null: nothing. Joins are among it: a <see cref="Comparison"/> whose value is of another table reference. What follows from equalities is there too
    /// (<c>a.x = b.y AND a.x = 5</c> gives <c>b.y = 5</c>, in place of the join); what is asked behind an outer join is not.
    /// </summary>
    public Condition? Filter { get; init; }

    /// <summary>
    /// ORDER BY of its query, where all keys are of this table reference, and no outer join may null them; else empty. A single min or max over one table reads like ORDER BY with a limit, and
    /// IS NOT NULL among the conditions.
    /// </summary>
    public ImmutableArray<SortKey> Order { get; init; } = ImmutableArray<SortKey>.Empty;

    /// <summary>Where ORDER BY stands.</summary>
    public SqlSpan OrderSpan { get; init; }

    /// <summary>Whether only the first rows in this order are taken: LIMIT or FETCH FIRST, and nothing between that reads all rows (GROUP BY, DISTINCT, aggregates, windows, set operations).</summary>
    public bool IsLimited { get; init; }

    /// <summary>Whether a hole may hold further conditions, joins or tables: then nothing is missing for certain.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>Whether the rows are locked, updated or deleted, not only read.</summary>
    public bool IsTarget { get; init; }

    /// <summary>The conjuncts of <see cref="Filter"/>.</summary>
    public ImmutableArray<Condition> Conjuncts => Filter switch
    {
        null => ImmutableArray<Condition>.Empty,
        AllOf all => all.Conditions,
        var one => ImmutableArray.Create(one),
    };
}

/// <summary>The references to tables in one statement, with subqueries, views and CTEs resolved.</summary>
/// <param name="Uses">The references. One whose table the catalog does not know is not among them; the comparisons of others with it are joins with an unknown value.</param>
public sealed record QueryTables(ImmutableArray<TableUse> Uses)
{
    /// <summary>Of a statement that reads no table that the catalog knows.</summary>
    public static QueryTables None { get; } = new(ImmutableArray<TableUse>.Empty);
}
