namespace DbSafety.Analyzers.Rules;

/// <summary>The names of the properties by which diagnostics tell fixes what was found.</summary>
public static class FixKeys
{
    /// <summary>The statement that mends the schema, with its semicolon: <c>CREATE INDEX .. ;</c></summary>
    public const string Statement = "dbsafety.statement";

    /// <summary>The name of the index that the statement creates or drops.</summary>
    public const string IndexName = "dbsafety.index_name";

    /// <summary>How many of the first keys of the index are compared by <c>=</c>, and may stand in any order.</summary>
    public const string FreeKeys = "dbsafety.free_keys";

    /// <summary>The path of the file of SQL that declares the table, or the index that is dropped; absent where C# declares it (EF Core).</summary>
    public const string Script = "dbsafety.script";
}
