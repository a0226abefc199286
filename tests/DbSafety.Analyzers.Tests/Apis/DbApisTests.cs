using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Tests.Apis;

/// <summary>Which operations match, and which arguments are found.</summary>
public sealed class DbApisTests
{
    private const string Usings = """
        using Dapper;
        using Microsoft.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore.Migrations;
        using Npgsql;

        class User { public int Id { get; set; } public string Name { get; set; } = ""; }
        class Shop : DbContext { public DbSet<User> Users => Set<User>(); }
        """;

    private const string Parameters = "NpgsqlConnection pg, IDbConnection cnn, DbConnection db, NpgsqlDataSource source, Shop shop, MigrationBuilder migration";

    /// <summary>Each case: the statement; then library, member, form, and the syntax of text, connection and values that must be found.</summary>
    public static TheoryData<string, string> Cases => new()
    {
        // ADO.NET
        { "var c = cnn.CreateCommand(); c.CommandText = \"x\" + name;", "AdoNet CommandText Plain | \"x\" + name | c |" },
        { "DbCommand c = db.CreateCommand(); c.CommandText = name;", "AdoNet CommandText Plain | name | c |" },
        { "DbCommand c = db.CreateCommand(); c.CommandText += name;", "AdoNet CommandText Plain | name | c |" },
        { "DbBatchCommand c = db.CreateBatch().CreateBatchCommand(); c.CommandText = name;", "AdoNet CommandText Plain | name | c |" },

        // Npgsql
        { "var c = new NpgsqlCommand();", "Npgsql .ctor Plain | | |" },
        { "var c = new NpgsqlCommand(name);", "Npgsql .ctor Plain | name | |" },
        { "var c = new NpgsqlCommand(name, pg);", "Npgsql .ctor Plain | name | pg |" },
        { "var c = new NpgsqlCommand(connection: pg, cmdText: name);", "Npgsql .ctor Plain | name | pg |" },
        { "var c = new NpgsqlCommand(name) { Connection = pg };", "Npgsql .ctor Plain | name | pg |" },
        { "NpgsqlCommand c = new(name, pg);", "Npgsql .ctor Plain | name | pg |" },
        { "var c = pg.CreateCommand(); c.CommandText = name;", "Npgsql CommandText Plain | name | c |" },
        { "var c = new NpgsqlBatchCommand(name);", "Npgsql .ctor Plain | name | |" },
        { "var a = new NpgsqlDataAdapter(name, pg);", "Npgsql .ctor Plain | name | pg |" },
        { "var c = source.CreateCommand(name);", "Npgsql CreateCommand Plain | name | source |" },
        { "var c = source.CreateCommand();", "Npgsql CreateCommand Plain | | source |" },
        { "DbDataSource s = source; var c = s.CreateCommand(name);", "AdoNet CreateCommand Plain | name | s |" },
        { "pg.BeginBinaryImport(name);", "Npgsql BeginBinaryImport Plain | name | pg |" },
        { "await pg.BeginTextExportAsync(cancellationToken: default, copyToCommand: name);", "Npgsql BeginTextExportAsync Plain | name | pg |" },
        { "pg?.BeginRawBinaryCopy(name);", "Npgsql BeginRawBinaryCopy Plain | name | pg |" },

        // Dapper
        { "cnn.Execute(name);", "Dapper Execute Plain | name | cnn |" },
        { "cnn.Query(name, new { name });", "Dapper Query Plain | name | cnn | new { name }" },
        { "cnn.Query<User>(param: new { name }, sql: name);", "Dapper Query Plain | name | cnn | new { name }" },
        { "SqlMapper.Query<User>(cnn, name);", "Dapper Query Plain | name | cnn |" },
        { "SqlMapper.Query<User>(sql: name, cnn: cnn);", "Dapper Query Plain | name | cnn |" },
        { "cnn.Query(typeof(User), name);", "Dapper Query Plain | name | cnn |" },
        { "cnn.Query<User, User, User>(name, (a, b) => a);", "Dapper Query Plain | name | cnn |" },
        { "await pg.QuerySingleOrDefaultAsync<int>(name, new { name });", "Dapper QuerySingleOrDefaultAsync Plain | name | pg | new { name }" },
        { "cnn.Execute(new CommandDefinition(name, new { name }));", "Dapper .ctor Plain | name | | new { name }" },
        { "cnn.Execute(new CommandDefinition(parameters: new { name }, commandText: name));", "Dapper .ctor Plain | name | | new { name }" },

        // EF Core
        { "shop.Users.FromSqlRaw(name);", "EfCore FromSqlRaw CompositeFormat | name | shop.Users | shop.Users.FromSqlRaw(name)" },
        { "shop.Users.FromSqlRaw(name, 1, 2);", "EfCore FromSqlRaw CompositeFormat | name | shop.Users | shop.Users.FromSqlRaw(name, 1, 2)" },
        { "shop.Users.FromSqlInterpolated($\"{name}\");", "EfCore FromSqlInterpolated Formattable | $\"{name}\" | shop.Users |" },
        { "shop.Database.ExecuteSqlRaw(name);", "EfCore ExecuteSqlRaw CompositeFormat | name | shop.Database | shop.Database.ExecuteSqlRaw(name)" },
        { "await shop.Database.ExecuteSqlRawAsync(name, CancellationToken.None);", "EfCore ExecuteSqlRawAsync CompositeFormat | name | shop.Database |" },
        { "RelationalDatabaseFacadeExtensions.ExecuteSqlRaw(sql: name, databaseFacade: shop.Database, parameters: new object[] { 1 });", "EfCore ExecuteSqlRaw CompositeFormat | name | shop.Database | new object[] { 1 }" },
        { "shop.Database.ExecuteSqlInterpolated($\"{name}\");", "EfCore ExecuteSqlInterpolated Formattable | $\"{name}\" | shop.Database |" },
        { "migration.Sql(suppressTransaction: true, sql: name);", "EfCore Sql Migration | name | migration |" },
    };

    public static TheoryData<string, string> NewestCases => new()
    {
        { "shop.Users.FromSql($\"{name}\");", "EfCore FromSql Formattable | $\"{name}\" | shop.Users |" },
        { "shop.Database.ExecuteSql($\"{name}\");", "EfCore ExecuteSql Formattable | $\"{name}\" | shop.Database |" },
        { "shop.Database.SqlQueryRaw<int>(name);", "EfCore SqlQueryRaw CompositeFormat | name | shop.Database | shop.Database.SqlQueryRaw<int>(name)" },
        { "db.QueryUnbufferedAsync<User>(name);", "Dapper QueryUnbufferedAsync Plain | name | db |" },
        { "var m = new Microsoft.EntityFrameworkCore.Migrations.Operations.SqlOperation { Sql = name };", "EfCore Sql Migration | name | new Microsoft.EntityFrameworkCore.Migrations.Operations.SqlOperation { Sql = name } |" },
    };

    public static TheoryData<string> NoMatches =>
    [
        "cnn.Open();",
        "var c = cnn.CreateCommand();",
        "var text = cnn.CreateCommand().CommandText;",
        "var list = new List<string> { name };",
        "var own = new Own { CommandText = name }; own.Execute(name); own.Query(name); Own.Sql(name);",
        "cnn.Execute(default(CommandDefinition));",
        "string sql = name; sql += name;",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_in_the_oldest_versions(string statement, string expected) =>
        Assert.Equal(expected, Show(Assert.Single(Code.Matches(Code.Statements(Usings, Parameters, statement, References.Oldest)))));

    [Theory]
    [MemberData(nameof(Cases))]
    [MemberData(nameof(NewestCases))]
    public void Matches_in_the_newest_versions(string statement, string expected) =>
        Assert.Equal(expected, Show(Assert.Single(Code.Matches(Code.Statements(Usings, Parameters, statement, References.Newest)))));

    [Theory]
    [MemberData(nameof(NoMatches))]
    public void Does_not_match(string statement) =>
        Assert.Empty(Code.Matches(Code.Statements(
            Usings + """
            class Own
            {
                public string CommandText { get; set; } = "";
                public void Execute(string sql) { }
                public void Query(string sql) { }
                public static void Sql(string sql) { }
            }
            """,
            Parameters,
            statement,
            References.Newest)));

    [Fact]
    public void An_object_initialiser_gives_the_creation_and_the_text()
    {
        var matches = Code.Matches(Code.Statements(Usings, Parameters, "var c = new NpgsqlCommand { CommandText = name, Connection = pg };", References.Newest));
        Assert.Equal(
            ["Npgsql .ctor Plain | | pg |", "Npgsql CommandText Plain | name | new NpgsqlCommand { CommandText = name, Connection = pg } |"],
            matches.Select(Show));
    }

    [Fact]
    public void A_nested_initialiser_gives_the_member()
    {
        var matches = Code.Matches(Code.Statements(
            Usings + "class Holder { public NpgsqlCommand Command { get; } = null!; }", Parameters, "var h = new Holder { Command = { CommandText = name } };", References.Newest));
        Assert.Equal("Npgsql CommandText Plain | name | Command |", Show(Assert.Single(matches)));
    }

    [Fact]
    public void Text_that_is_appended_is_told_apart()
    {
        var matches = Code.Matches(Code.Statements(Usings, Parameters, "var c = pg.CreateCommand(); c.CommandText = name; c.CommandText += name;", References.Newest));
        Assert.Equal([false, true], matches.Select(match => match.IsAppend));
    }

    [Fact]
    public void Providers_without_rows_of_their_own_match_by_the_contracts()
    {
        var compilation = Code.Statements(
            "using System.Data.SQLite;",
            "Microsoft.Data.SqlClient.SqlConnection sql, Microsoft.Data.Sqlite.SqliteConnection lite, MySqlConnector.MySqlConnection my, SQLiteConnection old",
            """
            var a = new Microsoft.Data.SqlClient.SqlCommand(name, sql);
            var b = new Microsoft.Data.Sqlite.SqliteCommand(name, lite);
            var c = new MySqlConnector.MySqlCommand(name, my) { CommandText = "b" };
            var d = new MySqlConnector.MySqlBatchCommand(name);
            var e = new Microsoft.Data.SqlClient.SqlDataAdapter(name, sql);
            var f = new SQLiteDataAdapter(name, old);
            SQLiteCommand.Execute(name, SQLiteExecuteType.NonQuery, "Data Source=x", 1);
            """,
            [.. References.Framework, .. References.OtherClients]);
        Assert.Equal(
            [
                "AdoNet .ctor Plain | name | sql |",
                "AdoNet .ctor Plain | name | lite |",
                "AdoNet .ctor Plain | name | my |",
                "AdoNet CommandText Plain | \"b\" | new MySqlConnector.MySqlCommand(name, my) { CommandText = \"b\" } |",
                "AdoNet .ctor Plain | name | |",
                "AdoNet .ctor Plain | name | sql |",
                "AdoNet .ctor Plain | name | old |",
                "AdoNet Execute Plain | name | | SQLiteCommand.Execute(name, SQLiteExecuteType.NonQuery, \"Data Source=x\", 1)",
            ],
            Code.Matches(compilation).Select(Show));
    }

    [Fact]
    public void The_users_own_commands_match_too()
    {
        var compilation = Code.Statements(
            Usings + """
            abstract class Command : DbCommand { protected Command(string commandText, DbConnection connection) { } }
            abstract class Select : Command { protected Select(string columns, DbConnection c) : base("SELECT " + columns, connection: c) { } }
            abstract class Plain : IDbCommand
            {
                protected Plain(string cmdText) { }
                public abstract string CommandText { get; set; }
                public abstract int CommandTimeout { get; set; }
                public abstract CommandType CommandType { get; set; }
                public abstract IDbConnection? Connection { get; set; }
                public abstract IDataParameterCollection Parameters { get; }
                public abstract IDbTransaction? Transaction { get; set; }
                public abstract UpdateRowSource UpdatedRowSource { get; set; }
                public abstract void Cancel();
                public abstract IDbDataParameter CreateParameter();
                public abstract void Dispose();
                public abstract int ExecuteNonQuery();
                public abstract IDataReader ExecuteReader();
                public abstract IDataReader ExecuteReader(CommandBehavior behavior);
                public abstract object? ExecuteScalar();
                public abstract void Prepare();
            }
            abstract class Own : Plain { protected Own(string text) : base(text) { } }
            """,
            "Command command, Own own",
            "command.CommandText = \"a\"; own.CommandText = \"b\";",
            References.Newest);
        Assert.Equal(
            [
                "AdoNet .ctor Plain | \"SELECT \" + columns | c |",
                "AdoNet .ctor Plain | text | |",
                "AdoNet CommandText Plain | \"a\" | command |",
                "AdoNet CommandText Plain | \"b\" | own |",
            ],
            Code.Matches(compilation).Select(Show));
    }

    [Fact]
    public void The_users_rows_match()
    {
        var compilation = Code.Statements(
            """
            namespace My
            {
                public abstract class Db
                {
                    public abstract void Run(string tenant, string sql);
                    public void Run(string text) { }
                    public void Odd(string a, string b) { }
                    public string Text { get; set; } = "";
                }
                public class Real : Db { public override void Run(string tenant, string sql) { } }
                public class Query<T> { public Query(string text) { } }
            }
            """,
            "My.Db db, My.Real real",
            """
            db.Run("t", "1"); real.Run("t", "2"); db.Run("3"); db.Odd("x", "4"); db.Text = "5"; new My.Query<int>("6");
            """,
            References.Framework);
        var matches = Code.Matches(
            compilation,
            "M:My.Db.Run(System.String,System.String)",
            " M:My.Db.Odd(System.String,System.String)->b ",
            "P:My.Db.Text",
            "M:My.Query`1..ctor(System.String)",
            "M:Gone.Away(System.String)",
            "nonsense",
            "");
        Assert.Equal(
            [
                "User Run Plain | \"1\" | db |",
                "User Run Plain | \"2\" | real |",
                "User Odd Plain | \"4\" | db |",
                "User Text Plain | \"5\" | db |",
                "User .ctor Plain | \"6\" | |",
            ],
            matches.Select(Show));
    }

    [Fact]
    public void Without_a_database_library_there_is_nothing()
    {
        var compilation = Code.Statements("", "IDbConnection cnn", "cnn.CreateCommand().CommandText = name;", References.Framework);
        Assert.Null(DbApis.Create(compilation, []));
        Assert.NotNull(DbApis.Create(compilation, ["M:My.Db.Run(System.String)"]));
    }

    [Fact]
    public void Knows_the_libraries_and_their_versions()
    {
        var apis = DbApis.Create(Code.Compile("", References.Newest), [])!;
        Assert.True(apis.References(DbLibrary.Npgsql) && apis.References(DbLibrary.Dapper) && apis.References(DbLibrary.EfCore) && apis.References(DbLibrary.AdoNet));
        Assert.False(apis.References(DbLibrary.User));
        Assert.Equal(References.VersionsOf("Npgsql")[^1], new Version(apis.VersionOf("Npgsql")!.ToString(3)));
        Assert.Null(apis.VersionOf("MySqlConnector"));

        var types = apis.Types;
        foreach (var property in typeof(KnownTypes).GetProperties())
        {
            Assert.True(property.GetValue(types) is INamedTypeSymbol, property.Name);
        }
    }

    [Fact]
    public void An_operation_that_is_no_candidate_costs_nothing()
    {
        var compilation = Code.Statements(Usings, Parameters, "var n = name.Trim(); var o = new object(); n = new string('x', 1); db.Open(); db.ConnectionString = n;", References.Newest);
        var apis = DbApis.Create(compilation, [])!;
        var operations = Code.Operations(compilation).Where(operation => operation is IInvocationOperation or IObjectCreationOperation or IAssignmentOperation).ToArray();
        Assert.True(operations.Length >= 5);
        Match();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Match();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Match()
        {
            foreach (var operation in operations)
            {
                if (apis.Match(operation) is not null)
                {
                    throw new InvalidOperationException("matched");
                }
            }
        }
    }

    private static string Show(DbApiMatch match) =>
        $"{match.Row.Library} {match.Row.Member} {match.Row.Form} | {Syntax(match.SqlArgument)}| {Syntax(match.Connection)}| {Syntax(match.Parameters)}".TrimEnd();

    private static string Syntax(IOperation? operation) => operation is null ? "" : operation.Syntax.ToString() + " ";
}
