using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Indexing;

/// <summary>Tells which indexes the table references of a query lack, the way PostgreSQL's planner matches indexes with conditions.</summary>
public static class IndexAdvisor
{
    /// <summary>What is missing; at most one advice for each table reference. Empty where the evidence is unknown.</summary>
    /// <param name="query">The query.</param>
    /// <param name="catalog">The schema.</param>
    public static ImmutableArray<IndexAdvice> Advise(QueryTables query, SchemaCatalog catalog) => ImmutableArray<IndexAdvice>.Empty;
}
