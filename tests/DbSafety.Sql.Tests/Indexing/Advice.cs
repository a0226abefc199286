using DbSafety.Sql.Indexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests.Indexing;

/// <summary>Short ways from DDL and a query to what is said about indexes.</summary>
internal static class Advice
{
    public static SchemaCatalog Catalog(string ddl) => SchemaReader.Read([SqlParser.Parse(new SqlSource(ddl))]);

    /// <summary>The advice: kind, index, and what the condition is rewritten to.</summary>
    public static string Of(string ddl, string sql, int? version = null)
    {
        var catalog = Catalog(ddl);
        var source = Sql.Source(sql);
        var query = QueryReader.Read(Assert.Single(SqlParser.Parse(source).Statements), catalog);
        return string.Join("; ", IndexAdvisor.Advise(query, catalog, source, version).Select(advice =>
            $"{advice.Kind} {advice.Use.Table.Name}{(advice.Suggestion is { } suggestion ? Keys(suggestion) : "")}{(advice.Rewrite is { } text ? ": " + text : "")}"));
    }

    /// <summary>What stands behind the table in CREATE INDEX.</summary>
    public static string Keys(IndexSuggestion suggestion)
    {
        var sql = suggestion.ToSql("x");
        return sql.Substring(sql.IndexOf(" ON ", StringComparison.Ordinal) + 4 + IndexSuggestionText.Quote(suggestion.Table.Name).Length);
    }
}
