using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis.Testing;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Names are quoted by the provider.</summary>
public sealed class IdentifierFixTests
{
    private const string Parameters = "NpgsqlConnection db, string table, string column, int id";

    private static Task Fixes(string before, string after, string? title = null, Action<FixTest>? configure = null) => FixTest.Run(
        FixTest.Wrap(before, Parameters), FixTest.Wrap(after, Parameters), title: title, fixer: new IdentifierFixer(),
        configure: test =>
        {
            test.NumberOfIncrementalIterations = -10;
            configure?.Invoke(test);
        });

    private static Task Refuses(string code) => FixTest.Refuses(FixTest.Wrap(code, Parameters), fixer: new IdentifierFixer());

    [Fact]
    public Task In_place_of_the_quotes() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM \"{table}\" WHERE id = 1");""",
        """return await db.QueryAsync<User>($"SELECT * FROM {new NpgsqlCommandBuilder().QuoteIdentifier(table)} WHERE id = 1");""",
        "Quote the identifier with QuoteIdentifier");

    [Fact]
    public Task All_of_a_call() => Fixes(
        """"return await db.QueryAsync<User>($@"SELECT ""{column}"" FROM ""{table}""");"""",
        """return await db.QueryAsync<User>($@"SELECT {new NpgsqlCommandBuilder().QuoteIdentifier(column)} FROM {new NpgsqlCommandBuilder().QuoteIdentifier(table)}");""",
        "Quote the identifiers with QuoteIdentifier");

    [Fact]
    public Task In_a_sum() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM \"" + table + "\" WHERE id = 1");""",
        """return await db.QueryAsync<User>("SELECT * FROM " + new NpgsqlCommandBuilder().QuoteIdentifier(table) + " WHERE id = 1");""");

    [Fact]
    public Task Without_the_using() => FixTest.Run(
        Bare("""Dapper.SqlMapper.Execute(db, $"DELETE FROM \"{table}\"")"""),
        Bare("""Dapper.SqlMapper.Execute(db, $"DELETE FROM {new Npgsql.NpgsqlCommandBuilder().QuoteIdentifier(table)}")"""),
        fixer: new IdentifierFixer(), configure: test => test.NumberOfIncrementalIterations = -10);

    private static string Bare(string call) => $$"""
        public class Case
        {
            public int Run(Npgsql.NpgsqlConnection db, string table) => {{call}};
        }
        """;

    [Fact]
    public Task A_bare_name_is_asked_about_one_by_one() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM {table} WHERE id = 1");""",
        """return await db.QueryAsync<User>($"SELECT * FROM {new NpgsqlCommandBuilder().QuoteIdentifier(table)} WHERE id = 1");""",
        "Quote 'table' as one identifier (its case counts then, and a dot is part of the name)",
        test => test.CodeFixTestBehaviors |= CodeFixTestBehaviors.SkipFixAllCheck);

    [Fact]
    public Task A_text_that_two_calls_share() => Fixes(
        """
        var sql = $"DELETE FROM \"{table}\"";
        await db.ExecuteAsync(sql);
        return await db.ExecuteAsync(sql);
        """,
        """
        var sql = $"DELETE FROM {new NpgsqlCommandBuilder().QuoteIdentifier(table)}";
        await db.ExecuteAsync(sql);
        return await db.ExecuteAsync(sql);
        """);

    [Fact]
    public Task An_argument_that_two_placeholders_share() => Refuses(
        """return await db.QueryAsync<User>(string.Format("SELECT \"{0}\" FROM \"{0}\"", table));""");

    [Theory]
    [InlineData("SELECT * FROM users ORDER BY {column}")]
    [InlineData("SELECT * FROM users ORDER BY id {column}")]
    [InlineData("SELECT * FROM users_{table}")]
    [InlineData("SELECT * FROM \\\"users_{table}\\\"")]
    [InlineData("SELECT EXTRACT({column} FROM created) FROM users")]
    public Task Other_names(string sql) => Refuses($$"""return await db.QueryAsync<User>($"{{sql}}");""");

    [Fact]
    public Task Another_database() => FixTest.Refuses(
        FixTest.Wrap("""return await db.QueryAsync<User>($"SELECT * FROM \"{table}\"");""", "Microsoft.Data.Sqlite.SqliteConnection db, string table"),
        references: [.. References.Newest, .. References.OtherClients], fixer: new IdentifierFixer());
}
