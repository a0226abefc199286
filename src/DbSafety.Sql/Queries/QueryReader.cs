using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <summary>Reads which tables a statement reads, and by which conditions.</summary>
public static class QueryReader
{
    /// <summary>Reads a statement. What is not understood is unknown, never an error.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="catalog">The schema.</param>
    public static QueryTables Read(SqlStatement statement, SchemaCatalog catalog) => statement.HasErrors ? QueryTables.None : StatementReading.Read(statement, catalog);
}
