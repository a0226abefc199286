using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests.Calls;

/// <summary>Which database a call talks to. Without a hint, the newest references stand for PostgreSQL alone; with SqlClient beside them, for two.</summary>
public sealed class ProvidersTests
{
    private const string Members = """
        using Dapper;
        using Microsoft.Data.SqlClient;
        using Microsoft.EntityFrameworkCore;
        using Npgsql;

        class Shop : DbContext { public DbSet<User> Users => Set<User>(); }
        class User { public int Id { get; set; } }
        interface IFactory { IDbConnection Open(); }
        class Wrapped : IDisposable { public Wrapped(IDbConnection inner) { } public void Dispose() { } }
        static class Connections
        {
            public static IDbConnection Arrow(string text) => new NpgsqlConnection(text);
            public static IDbConnection Block(string text)
            {
                Func<IDbConnection> other = () => { return new SqlConnection(text); };
                IDbConnection connection = new NpgsqlConnection(text);
                return connection;
            }
            public static IDbConnection Either(string text) { if (text.Length > 1) return new SqlConnection(text); return new NpgsqlConnection(text); }
            public static IDbConnection Endless(string text) => Endless(text);
        }
        class Repository
        {
            private readonly IDbConnection initialised = new NpgsqlConnection("");
            private readonly IDbConnection constructed;
            private readonly IDbConnection injected;
            private IDbConnection Property => new NpgsqlConnection("");
            public IDbConnection Open { get; set; } = new NpgsqlConnection("");
            protected virtual IDbConnection Virtual => new NpgsqlConnection("");
            private IDbConnection Getter { get { return new SqlConnection(""); } }
            public Repository(IDbConnection injected) { constructed = new SqlConnection(""); this.injected = injected; }
            void A() => initialised.Execute("initialised");
            void B() => constructed.Execute("constructed");
            void C() => injected.Execute("injected");
            void D() => Property.Execute("property");
            void E() => Getter.Execute("getter");
            void F() => Open.Execute("set by others");
            void G() => Virtual.Execute("overridden");
        }
        """;

    private const string Parameters =
        "NpgsqlConnection pg, SqlConnection sql, IDbConnection any, NpgsqlDataSource source, NpgsqlTransaction tx, IFactory factory, Shop shop, DbProviderFactory f, bool b";

    private static readonly ImmutableArray<MetadataReference> Several = [.. References.Newest, References.Newer("Microsoft.Data.SqlClient")];

    [Theory]
    [InlineData("pg.Execute(name);", Provider.PostgreSql)]
    [InlineData("sql.Execute(name);", Provider.SqlServer)]
    [InlineData("any.Execute(name);", Provider.Undecided)]
    [InlineData("new NpgsqlCommand(name);", Provider.PostgreSql)]
    [InlineData("new SqlCommand(name);", Provider.SqlServer)]
    [InlineData("((IDbConnection)pg).Execute(name);", Provider.PostgreSql)]
    [InlineData("IDbConnection c = new NpgsqlConnection(name); c.Execute(name);", Provider.PostgreSql)]
    [InlineData("using IDbConnection c = new SqlConnection(name); c.Execute(name);", Provider.SqlServer)]
    [InlineData("IDbConnection c; c = pg; c.Execute(name);", Provider.PostgreSql)]
    [InlineData("IDbConnection? c = null; c = pg; c.Execute(name);", Provider.PostgreSql)]
    [InlineData("IDbConnection c = pg; if (b) c = sql; c.Execute(name);", Provider.Undecided)]
    [InlineData("IDbConnection c = b ? pg : sql; c.Execute(name);", Provider.Undecided)]
    [InlineData("IDbConnection c = any; c = c; c.Execute(name);", Provider.Undecided)]
    [InlineData("using DbConnection c = source.OpenConnection(); c.Execute(name);", Provider.PostgreSql)]
    [InlineData("await using DbConnection c = await source.OpenConnectionAsync(); await c.ExecuteAsync(name);", Provider.PostgreSql)]
    [InlineData("DbDataSource s = source; s.CreateCommand(name);", Provider.PostgreSql)]
    [InlineData("DbProviderFactory p = NpgsqlFactory.Instance; var c = p.CreateConnection()!; c.Execute(name);", Provider.PostgreSql)]
    [InlineData("var c = f.CreateConnection()!; c.Execute(name);", Provider.Undecided)]
    [InlineData("IDbTransaction t = tx; t.Connection!.Execute(name);", Provider.PostgreSql)]
    [InlineData("IDbConnection c = pg; var k = c.CreateCommand(); k.CommandText = name;", Provider.PostgreSql)]
    [InlineData("var k = any.CreateCommand(); k.CommandText = name;", Provider.Undecided)]
    [InlineData("DbCommand k = new SqlCommand { CommandText = name };", Provider.SqlServer)]
    [InlineData("Connections.Arrow(name).Execute(name);", Provider.PostgreSql)]
    [InlineData("Connections.Block(name).Execute(name);", Provider.PostgreSql)]
    [InlineData("Connections.Either(name).Execute(name);", Provider.Undecided)]
    [InlineData("Connections.Endless(name).Execute(name);", Provider.Undecided)]
    [InlineData("using var c = factory.Open(); c.Execute(name);", Provider.Undecided)]
    [InlineData("shop.Users.FromSqlRaw(name);", Provider.PostgreSql)]
    [InlineData("shop.Database.ExecuteSqlRaw(name);", Provider.PostgreSql)]
    [InlineData("shop.Database.GetDbConnection().Execute(name);", Provider.PostgreSql)]
    [InlineData("new CommandDefinition(name);", Provider.Undecided)]
    public void With_several_libraries_the_connection_decides(string statement, Provider expected) =>
        Assert.Equal(expected, Of(Code.Statements(Members, Parameters, statement, Several), null).Last().Provider);

    [Theory]
    [InlineData("initialised", Provider.PostgreSql)]
    [InlineData("constructed", Provider.SqlServer)]
    [InlineData("injected", Provider.Undecided)]
    [InlineData("property", Provider.PostgreSql)]
    [InlineData("getter", Provider.SqlServer)]
    [InlineData("set by others", Provider.Undecided)]
    [InlineData("overridden", Provider.Undecided)]
    public void Fields_and_properties_decide(string text, Provider expected) =>
        Assert.Equal(expected, Of(Code.Compile(Members, Several), null).Single(call => call.Text == text).Provider);

    [Theory]
    [InlineData("any.Execute(name);")]
    [InlineData("new CommandDefinition(name);")]
    public void The_only_library_decides(string statement) =>
        Assert.Equal(Provider.PostgreSql, Of(Code.Statements("using Dapper;", "IDbConnection any", statement, References.Newest), null).Last().Provider);

    [Theory]
    [InlineData("postgresql", Provider.PostgreSql)]
    [InlineData(" SqlServer ", Provider.SqlServer)]
    [InlineData("db7", Provider.Undecided)]
    [InlineData("", Provider.Undecided)]
    public void The_option_decides(string option, Provider expected) =>
        Assert.Equal(expected, Of(Code.Statements(Members, Parameters, "any.Execute(name);", Several), option).Last().Provider);

    [Fact]
    public void A_model_for_other_trees_is_asked_for()
    {
        var compilation = Code.Statements("using Dapper;", "", "Elsewhere.Open().Execute(name);", Several, "static class Elsewhere { public static IDbConnection Open() => new Npgsql.NpgsqlConnection(); }");
        Assert.Equal(Provider.PostgreSql, Of(compilation, null).Last().Provider);
    }

    private static IEnumerable<(string? Text, Provider Provider)> Of(Compilation compilation, string? option)
    {
        var apis = DbApis.Create(compilation, [])!;
        var providers = new Providers(apis, option, tree => compilation.ContainsSyntaxTree(tree) ? compilation.GetSemanticModel(tree) : null);
        return Code.Operations(compilation).Select(apis.Match).OfType<DbApiMatch>()
            .Select(match => (match.SqlArgument?.ConstantValue.Value as string, providers.Of(match)));
    }
}
