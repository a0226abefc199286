namespace DbSafety.Sql.Parsing;

/// <summary>Whose SQL a text is.</summary>
public enum SqlDialect
{
    /// <summary>PostgreSQL.</summary>
    PostgreSql,

    /// <summary>
    /// Another database, or nobody knows which: <c>[name]</c>, <c>`name`</c>, <c>TOP n</c>, <c>#temp</c> and <c>?</c> are accepted too, and
    /// no site is certain unless it would be in every dialect.
    /// </summary>
    Other,
}
