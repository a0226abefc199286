namespace DbSafety.Analyzers.Rules;

/// <summary>The names of the properties by which diagnostics tell fixes what was found.</summary>
public static class FixKeys
{
    /// <summary>The statement that mends the schema, with its semicolon: <c>CREATE INDEX .. ;</c></summary>
    public const string Statement = "dbsafety.statement";

    /// <summary>The path of the file of SQL that declares the table.</summary>
    public const string Script = "dbsafety.script";

    /// <summary>The name of the index that the statement creates or drops.</summary>
    public const string IndexName = "dbsafety.index_name";

    /// <summary>The table that it is about, with its schema: <c>public.orders</c>.</summary>
    public const string Table = "dbsafety.table";

    /// <summary>The keys of the index that the statement creates, one in each line, as DDL writes them with their direction and operator class.</summary>
    public const string Keys = "dbsafety.keys";

    /// <summary>The columns among the keys, in their order, one in each line; a line is empty where the key is an expression.</summary>
    public const string Columns = "dbsafety.columns";

    /// <summary>The access method of the index.</summary>
    public const string Method = "dbsafety.method";

    /// <summary>The predicate of the index.</summary>
    public const string Predicate = "dbsafety.predicate";

    /// <summary>The text that replaces the reported characters of the SQL text.</summary>
    public const string Rewrite = "dbsafety.rewrite";
}
