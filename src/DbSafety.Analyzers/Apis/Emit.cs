namespace DbSafety.Analyzers.Apis;

/// <summary>A name that a fix writes into the user's code, and the oldest version of its library that has it.</summary>
/// <param name="Library">The library; <see cref="DbLibrary.AdoNet"/> for the base class library.</param>
/// <param name="Type">The metadata name of the declaring type.</param>
/// <param name="Member">The member, <see cref="DbApiTable.Constructor"/>, or empty for the type itself.</param>
/// <param name="Since">The assembly version that brought it, or null where every version that a project may still use has it.</param>
public sealed record EmitName(DbLibrary Library, string Type, string Member, Version? Since = null)
{
    /// <summary>The project's version of the library has it.</summary>
    public bool IsAvailable(DbApis apis) => apis.References(Library) && (Since is null || apis.VersionOf(Library) >= Since);
}

/// <summary>
/// The names that fixes write into the user's code. Each is proved against the real assemblies: there from <see cref="EmitName.Since"/> on, and
/// not before.
/// </summary>
public static class Emit
{
    private static readonly Version Ef3 = new(3, 0);
    private static readonly Version Ef7 = new(7, 0);

    /// <summary><c>command.Parameters</c>, of Npgsql commands and batch commands.</summary>
    public static EmitName Parameters { get; } = new(DbLibrary.Npgsql, "Npgsql.NpgsqlCommand", "Parameters");

    /// <summary><c>command.Parameters.AddWithValue(name, value)</c>.</summary>
    public static EmitName AddWithValue { get; } = new(DbLibrary.Npgsql, "Npgsql.NpgsqlParameterCollection", "AddWithValue");

    /// <summary><c>new NpgsqlParameter(name, value)</c>.</summary>
    public static EmitName NpgsqlParameter { get; } = new(DbLibrary.Npgsql, "Npgsql.NpgsqlParameter", DbApiTable.Constructor);

    /// <summary><c>NpgsqlParameter.Value</c>; in an initialiser without a name the parameter is positional (<c>$1</c>), since 6.0.</summary>
    public static EmitName NpgsqlPositionalValue { get; } = new(DbLibrary.Npgsql, "Npgsql.NpgsqlParameter", "Value", new Version(6, 0));

    /// <summary><c>NpgsqlDbType.Unknown</c>: the server infers the type, as it does for a quoted literal.</summary>
    public static EmitName NpgsqlDbTypeUnknown { get; } = new(DbLibrary.Npgsql, "NpgsqlTypes.NpgsqlDbType", "Unknown");

    /// <summary><c>NpgsqlParameter.NpgsqlDbType</c>.</summary>
    public static EmitName NpgsqlParameterType { get; } = new(DbLibrary.Npgsql, "Npgsql.NpgsqlParameter", "NpgsqlDbType");

    /// <summary><c>new NpgsqlBatch(connection, transaction)</c>.</summary>
    public static EmitName NpgsqlBatch { get; } = new(DbLibrary.Npgsql, "Npgsql.NpgsqlBatch", DbApiTable.Constructor, new Version(6, 0));

    /// <summary><c>new NpgsqlBatchCommand(text)</c>.</summary>
    public static EmitName NpgsqlBatchCommand { get; } = new(DbLibrary.Npgsql, "Npgsql.NpgsqlBatchCommand", DbApiTable.Constructor, new Version(6, 0));

    /// <summary><c>new NpgsqlCommandBuilder().QuoteIdentifier(name)</c>.</summary>
    public static EmitName QuoteIdentifier { get; } = new(DbLibrary.Npgsql, "Npgsql.NpgsqlCommandBuilder", "QuoteIdentifier");

    /// <summary>Dapper's <c>DynamicParameters</c>.</summary>
    public static EmitName DynamicParameters { get; } = new(DbLibrary.Dapper, "Dapper.DynamicParameters", DbApiTable.Constructor);

    /// <summary><c>DynamicParameters.Add(name, value)</c>.</summary>
    public static EmitName DynamicParametersAdd { get; } = new(DbLibrary.Dapper, "Dapper.DynamicParameters", "Add");

    /// <summary>The namespace of LINQ.</summary>
    public const string LinqNamespace = "System.Linq";

    /// <summary>The method of LINQ that groups by a key.</summary>
    public const string ToLookup = "ToLookup";

    /// <summary><c>command.CreateParameter()</c>.</summary>
    public static EmitName CreateParameter { get; } = new(DbLibrary.AdoNet, "System.Data.IDbCommand", "CreateParameter");

    /// <summary><c>parameter.ParameterName</c>.</summary>
    public static EmitName ParameterName { get; } = new(DbLibrary.AdoNet, "System.Data.IDataParameter", "ParameterName");

    /// <summary><c>parameter.Value</c>.</summary>
    public static EmitName ParameterValue { get; } = new(DbLibrary.AdoNet, "System.Data.IDataParameter", "Value");

    /// <summary><c>DBNull.Value</c>.</summary>
    public static EmitName DBNull { get; } = new(DbLibrary.AdoNet, "System.DBNull", "Value");

    /// <summary><c>set.FromSql($"..")</c>.</summary>
    public static EmitName FromSql { get; } = new(DbLibrary.EfCore, DbApiTable.EfQueryable, "FromSql", Ef7);

    /// <summary><c>set.FromSqlInterpolated($"..")</c>.</summary>
    public static EmitName FromSqlInterpolated { get; } = new(DbLibrary.EfCore, DbApiTable.EfQueryable, "FromSqlInterpolated", Ef3);

    /// <summary><c>database.ExecuteSql($"..")</c>.</summary>
    public static EmitName ExecuteSql { get; } = new(DbLibrary.EfCore, DbApiTable.EfFacade, "ExecuteSql", Ef7);

    /// <summary><c>database.ExecuteSqlAsync($"..")</c>.</summary>
    public static EmitName ExecuteSqlAsync { get; } = new(DbLibrary.EfCore, DbApiTable.EfFacade, "ExecuteSqlAsync", Ef7);

    /// <summary><c>database.ExecuteSqlInterpolated($"..")</c>.</summary>
    public static EmitName ExecuteSqlInterpolated { get; } = new(DbLibrary.EfCore, DbApiTable.EfFacade, "ExecuteSqlInterpolated", Ef3);

    /// <summary><c>database.ExecuteSqlInterpolatedAsync($"..")</c>.</summary>
    public static EmitName ExecuteSqlInterpolatedAsync { get; } = new(DbLibrary.EfCore, DbApiTable.EfFacade, "ExecuteSqlInterpolatedAsync", Ef3);

    /// <summary><c>database.SqlQuery&lt;T&gt;($"..")</c>.</summary>
    public static EmitName SqlQuery { get; } = new(DbLibrary.EfCore, DbApiTable.EfFacade, "SqlQuery", Ef7);

    /// <summary>
    /// The method that takes the interpolated text in place of the Raw method of a row, as new as the project's EF Core has it; null where there
    /// is none.
    /// </summary>
    public static EmitName? FormattableTwin(DbApi row, DbApis apis) =>
        Twins(row).FirstOrDefault(twin => twin.IsAvailable(apis));

    private static IEnumerable<EmitName> Twins(DbApi row) => row switch
    {
        { Library: not DbLibrary.EfCore } or { Form: not SqlTextForm.CompositeFormat } => [],
        { Member: "FromSqlRaw" or "FromSql" } => [FromSql, FromSqlInterpolated],
        { Member: "ExecuteSqlRaw" or "ExecuteSqlCommand" } => [ExecuteSql, ExecuteSqlInterpolated],
        { Member: "ExecuteSqlRawAsync" or "ExecuteSqlCommandAsync" } => [ExecuteSqlAsync, ExecuteSqlInterpolatedAsync],
        { Member: "SqlQueryRaw" } => [SqlQuery],
        _ => [],
    };
}
