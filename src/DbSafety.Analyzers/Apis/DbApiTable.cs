using System.Collections.Immutable;

namespace DbSafety.Analyzers.Apis;

/// <summary>
/// THE place for the names of libraries, types and methods. Each row is proved against the real assemblies, and each parameter there that is
/// named like SQL has a row or a written exemption (<c>tests/DbSafety.Analyzers.Tests/Apis/DbApiTableTests.cs</c>).
/// </summary>
public static class DbApiTable
{
    /// <summary>The <see cref="DbApi.Member"/> of a constructor.</summary>
    public const string Constructor = ".ctor";

    internal const string EfFacade = "Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions";
    internal const string EfQueryable = "Microsoft.EntityFrameworkCore.RelationalQueryableExtensions";
    private const string EfEntity = "Microsoft.EntityFrameworkCore.RelationalEntityTypeBuilderExtensions";

    /// <summary>All rows, those of the base class library first.</summary>
    public static ImmutableArray<DbApi> Rows { get; } = ImmutableArray.CreateRange(AdoNet().Concat(Npgsql()).Concat(Dapper()).Concat(EfCore()));

    /// <summary>The rows by <see cref="DbApi.Member"/>.</summary>
    public static ImmutableDictionary<string, ImmutableArray<DbApi>> RowsByMember { get; } =
        Rows.GroupBy(row => row.Member).ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());

    /// <summary>
    /// The simple names of the assemblies that make a compilation one that talks to a database, with the database that each stands for
    /// (<see cref="Provider.Undecided"/> for those that work with several).
    /// </summary>
    public static ImmutableDictionary<string, Provider> Assemblies { get; } = new Dictionary<string, Provider>(StringComparer.OrdinalIgnoreCase)
    {
        ["Dapper"] = Provider.Undecided,
        ["Dapper.StrongName"] = Provider.Undecided,
        [EfRelational] = Provider.Undecided,
        ["Npgsql"] = Provider.PostgreSql,
        ["Microsoft.Data.SqlClient"] = Provider.SqlServer,
        ["System.Data.SqlClient"] = Provider.SqlServer,
        ["Microsoft.Data.Sqlite"] = Provider.Sqlite,
        ["System.Data.SQLite"] = Provider.Sqlite,
        ["MySqlConnector"] = Provider.MySql,
        ["MySql.Data"] = Provider.MySql,
        ["Oracle.ManagedDataAccess"] = Provider.Oracle,
        ["FirebirdSql.Data.FirebirdClient"] = Provider.Other,
        ["IBM.Data.Db2"] = Provider.Other,
        ["System.Data.Odbc"] = Provider.Other,
        ["System.Data.OleDb"] = Provider.Other,
        ["ClickHouse.Client"] = Provider.Other,
        ["DuckDB.NET.Data"] = Provider.Other,
        ["Snowflake.Data"] = Provider.Other,
    }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The assemblies that bind EF Core to a database, with that database.</summary>
    public static ImmutableDictionary<string, Provider> EfAssemblies { get; } = new Dictionary<string, Provider>(StringComparer.OrdinalIgnoreCase)
    {
        ["Npgsql.EntityFrameworkCore.PostgreSQL"] = Provider.PostgreSql,
        ["Microsoft.EntityFrameworkCore.SqlServer"] = Provider.SqlServer,
        ["Microsoft.EntityFrameworkCore.Sqlite"] = Provider.Sqlite,
        ["Pomelo.EntityFrameworkCore.MySql"] = Provider.MySql,
        ["MySql.EntityFrameworkCore"] = Provider.MySql,
        ["Oracle.EntityFrameworkCore"] = Provider.Oracle,
        ["FirebirdSql.EntityFrameworkCore.Firebird"] = Provider.Other,
    }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The namespaces of connections, commands, data sources and factories, with their database. Namespaces, because System.Data.dll of .NET
    /// Framework holds the client of SQL Server.
    /// </summary>
    public static ImmutableDictionary<string, Provider> Namespaces { get; } = new Dictionary<string, Provider>
    {
        ["Npgsql"] = Provider.PostgreSql,
        ["Microsoft.Data.SqlClient"] = Provider.SqlServer,
        ["System.Data.SqlClient"] = Provider.SqlServer,
        ["Microsoft.Data.Sqlite"] = Provider.Sqlite,
        ["System.Data.SQLite"] = Provider.Sqlite,
        ["MySqlConnector"] = Provider.MySql,
        ["MySql.Data.MySqlClient"] = Provider.MySql,
        ["Oracle.ManagedDataAccess.Client"] = Provider.Oracle,
        ["FirebirdSql.Data.FirebirdClient"] = Provider.Other,
        ["IBM.Data.Db2"] = Provider.Other,
        ["System.Data.Odbc"] = Provider.Other,
        ["System.Data.OleDb"] = Provider.Other,
        ["ClickHouse.Client.ADO"] = Provider.Other,
        ["DuckDB.NET.Data"] = Provider.Other,
        ["Snowflake.Data.Client"] = Provider.Other,
    }.ToImmutableDictionary();

    /// <summary>
    /// Assemblies with connections that wrap another. Dapper tells by the name of the connection's type whether it takes arrays, and behind a wrapper it
    /// writes lists out.
    /// </summary>
    internal static bool WrapsConnections(string assembly) => assembly.StartsWith("MiniProfiler", StringComparison.OrdinalIgnoreCase);

    internal const string NpgsqlAssembly = "Npgsql";

    internal const string DapperAssembly = "Dapper";

    internal const string EfRelational = "Microsoft.EntityFrameworkCore.Relational";

    /// <summary>The names that constructors give to the connection they take.</summary>
    internal static bool IsConnectionParameter(string name) => name is "connection" or "selectConnection" or "conn";

    /// <summary>The name of the property by which a command receives its connection in an object initialiser.</summary>
    internal static bool IsConnectionProperty(string name) => name == "Connection";

    /// <summary>EF Core up to 3 takes text as a <c>RawSqlString</c>, to which a string converts.</summary>
    internal static bool IsTextWrapper(string typeName) => typeName == "RawSqlString";

    /// <summary>The contracts of the base class library.</summary>
    internal static bool IsAdoNetNamespace(string? name) => name is "System.Data" or "System.Data.Common";

    /// <summary>Contexts, sets and facades of EF Core: which database they talk to is a matter of the packages referenced.</summary>
    internal static bool IsEfNamespace(string name) => name is "Microsoft.EntityFrameworkCore" or "Microsoft.EntityFrameworkCore.Infrastructure";

    /// <summary>
    /// Whether the methods of a namespace, none of which goes to a database by itself, do nothing that a database could notice: they compute, write a log
    /// or a file. The web, other processes and transactions are not among them.
    /// </summary>
    public static bool OnlyComputes(string name) =>
        name is "System" or "System.Linq" or "System.Text" or "System.Globalization" or "System.IO" or "System.Threading.Tasks" or "System.Threading" or "System.Numerics" or "Dapper" ||
        name.StartsWith("System.Collections", StringComparison.Ordinal) || name.StartsWith("System.Text.", StringComparison.Ordinal) ||
        (name + ".").StartsWith("Microsoft.Extensions.Logging.", StringComparison.Ordinal);

    /// <summary>Whether the methods of a namespace say what a query asks, or run it.</summary>
    public static bool BuildsQueries(string name) => name is "System.Linq" or "Npgsql" or "NpgsqlTypes" or "Dapper" || IsEfNamespace(name) || IsAdoNetNamespace(name);

    /// <summary>Any namespace of EF Core.</summary>
    internal static bool IsWithinEf(string name) => name.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal);

    /// <summary>The namespace of Dapper's methods.</summary>
    internal static bool IsDapperNamespace(string name) => name == "Dapper";

    /// <summary>The database that an option names, or null.</summary>
    internal static Provider? ProviderNamed(string? name) => name?.Trim().ToLowerInvariant() switch
    {
        "postgresql" or "postgres" or "npgsql" => Provider.PostgreSql,
        "sqlserver" or "mssql" => Provider.SqlServer,
        "sqlite" => Provider.Sqlite,
        "mysql" or "mariadb" => Provider.MySql,
        "oracle" => Provider.Oracle,
        "other" => Provider.Other,
        _ => null,
    };

    /// <summary>The simple names of the assemblies that hold a library.</summary>
    internal static bool Holds(string assembly, DbLibrary library) => library switch
    {
        DbLibrary.Npgsql => Is(assembly, NpgsqlAssembly),
        DbLibrary.Dapper => Is(assembly, DapperAssembly) || Is(assembly, "Dapper.StrongName"),
        DbLibrary.EfCore => Is(assembly, EfRelational),
        _ => false,
    };

    private static bool Is(string assembly, string name) => string.Equals(assembly, name, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<DbApi> AdoNet()
    {
        const DbEffects Held = DbEffects.Deferred;

        // The contracts have no constructors that take text; providers do, and these are the names they give the parameter.
        foreach (var (type, parameter) in new[]
        {
            ("System.Data.IDbCommand", "cmdText"),
            ("System.Data.IDbCommand", "commandText"),
            ("System.Data.Common.DbBatchCommand", "commandText"),
        })
        {
            yield return new(DbLibrary.AdoNet, type, Constructor, parameter, SqlTextForm.Plain, Held);
        }

        yield return new(DbLibrary.AdoNet, "System.Data.IDbCommand", "CommandText", "", SqlTextForm.Plain, Held);
        yield return new(DbLibrary.AdoNet, "System.Data.Common.DbBatchCommand", "CommandText", "", SqlTextForm.Plain, Held);

        foreach (var parameter in new[] { "selectCommandText", "commandText" })
        {
            yield return new(DbLibrary.AdoNet, "System.Data.IDataAdapter", Constructor, parameter, SqlTextForm.Plain, Held | DbEffects.Reads);
        }

        yield return new(DbLibrary.AdoNet, "System.Data.SQLite.SQLiteCommand", "Execute", "commandText", SqlTextForm.Plain, DbEffects.Executes, "args");
        yield return new(DbLibrary.AdoNet, "System.Data.Common.DbDataSource", "CreateCommand", "commandText", SqlTextForm.Plain, Held);
        yield return new(DbLibrary.AdoNet, "System.Data.Common.DbDataSource", "CreateDbCommand", "commandText", SqlTextForm.Plain, Held);
    }

    private static IEnumerable<DbApi> Npgsql()
    {
        const DbEffects Held = DbEffects.Deferred;
        const DbEffects Copy = DbEffects.Executes | DbEffects.OpensCopy;

        yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlCommand", Constructor, "cmdText", SqlTextForm.Plain, Held);
        yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlCommand", "CommandText", "", SqlTextForm.Plain, Held);
        yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlBatchCommand", Constructor, "commandText", SqlTextForm.Plain, Held);
        yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlBatchCommand", "CommandText", "", SqlTextForm.Plain, Held);
        yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlDataAdapter", Constructor, "selectCommandText", SqlTextForm.Plain, Held | DbEffects.Reads);
        yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlDataSource", "CreateCommand", "commandText", SqlTextForm.Plain, Held);
        yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlDataSource", "CreateDbCommand", "commandText", SqlTextForm.Plain, Held);

        foreach (var (member, parameter, effects) in new[]
        {
            ("BeginBinaryImport", "copyFromCommand", Copy | DbEffects.Writes),
            ("BeginTextImport", "copyFromCommand", Copy | DbEffects.Writes),
            ("BeginBinaryExport", "copyToCommand", Copy | DbEffects.Reads),
            ("BeginTextExport", "copyToCommand", Copy | DbEffects.Reads),
            ("BeginRawBinaryCopy", "copyCommand", Copy),
        })
        {
            yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlConnection", member, parameter, SqlTextForm.Plain, effects);
            yield return new(DbLibrary.Npgsql, "Npgsql.NpgsqlConnection", member + "Async", parameter, SqlTextForm.Plain, effects);
        }
    }

    private static IEnumerable<DbApi> Dapper()
    {
        const DbEffects Reads = DbEffects.Executes | DbEffects.Reads;

        foreach (var (member, effects) in new[]
        {
            ("Execute", DbEffects.Executes),
            ("ExecuteScalar", Reads),
            ("ExecuteReader", Reads | DbEffects.OpensReader),
            ("Query", Reads),
            ("QueryFirst", Reads),
            ("QueryFirstOrDefault", Reads),
            ("QuerySingle", Reads),
            ("QuerySingleOrDefault", Reads),
            ("QueryMultiple", Reads | DbEffects.OpensReader),
        })
        {
            yield return Row(member, effects);
            yield return Row(member + "Async", effects);
        }

        yield return Row("QueryUnbufferedAsync", DbEffects.Deferred | DbEffects.Reads | DbEffects.OpensReader);
        yield return new(DbLibrary.Dapper, "Dapper.CommandDefinition", Constructor, "commandText", SqlTextForm.Plain, DbEffects.Deferred, "parameters");

        static DbApi Row(string member, DbEffects effects) =>
            new(DbLibrary.Dapper, "Dapper.SqlMapper", member, "sql", SqlTextForm.Plain, effects, "param");
    }

    private static IEnumerable<DbApi> EfCore()
    {
        const DbEffects Query = DbEffects.Deferred | DbEffects.Reads;

        // Both forms up to EF Core 3, where the overload decides; FormattableString alone since 7.
        yield return Text(EfQueryable, "FromSql", Query);
        yield return Formattable(EfQueryable, "FromSql", Query);
        yield return Text(EfQueryable, "FromSqlRaw", Query);
        yield return Formattable(EfQueryable, "FromSqlInterpolated", Query);
        yield return Text(EfFacade, "SqlQueryRaw", Query);
        yield return Formattable(EfFacade, "SqlQuery", Query);

        foreach (var suffix in new[] { "", "Async" })
        {
            yield return Text(EfFacade, "ExecuteSqlCommand" + suffix, DbEffects.Executes);
            yield return Formattable(EfFacade, "ExecuteSqlCommand" + suffix, DbEffects.Executes);
            yield return Text(EfFacade, "ExecuteSqlRaw" + suffix, DbEffects.Executes);
            yield return Formattable(EfFacade, "ExecuteSqlInterpolated" + suffix, DbEffects.Executes);
            yield return Formattable(EfFacade, "ExecuteSql" + suffix, DbEffects.Executes);
        }

        // A query of the model; it reaches the same formatter as FromSqlRaw.
        yield return new(DbLibrary.EfCore, EfEntity, "ToSqlQuery", "query", SqlTextForm.CompositeFormat, Query);

        yield return new(
            DbLibrary.EfCore, "Microsoft.EntityFrameworkCore.Migrations.MigrationBuilder", "Sql", "sql", SqlTextForm.Migration, DbEffects.Deferred);
        yield return new(
            DbLibrary.EfCore, "Microsoft.EntityFrameworkCore.Migrations.Operations.SqlOperation", "Sql", "", SqlTextForm.Migration, DbEffects.Deferred);

        static DbApi Text(string type, string member, DbEffects effects) =>
            new(DbLibrary.EfCore, type, member, "sql", SqlTextForm.CompositeFormat, effects, "parameters");

        static DbApi Formattable(string type, string member, DbEffects effects) =>
            new(DbLibrary.EfCore, type, member, "sql", SqlTextForm.Formattable, effects);
    }
}
