using DbSafety.CodeFixes.Injection;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Quotes around placeholders go.</summary>
public sealed class QuotedParameterFixTests
{
    private const string Parameters = "NpgsqlConnection db, Microsoft.EntityFrameworkCore.DbContext context, string name, int id";

    private static string Wrap(string code) => "using Microsoft.EntityFrameworkCore;\n" + FixTest.Wrap(code, Parameters);

    private static Task Fixes(string before, string after, string? title = null) =>
        FixTest.Run(Wrap(before), Wrap(after), title: title, fixer: new QuotedParameterFixer(), configure: test => test.NumberOfIncrementalIterations = -10);

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new QuotedParameterFixer());

    [Fact]
    public Task Dapper() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = '@name'", new { name });""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name", new { name });""",
        "Drop the quotes around the parameter");

    [Fact]
    public Task All_of_a_call() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = '@name' AND id = ':id' AND x = '@everyone'", new { name, id });""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name AND id = :id AND x = '@everyone'", new { name, id });""",
        "Drop the quotes around the parameters");

    [Fact]
    public Task A_word_behind_it() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name='@name'AND id = 1", new { name });""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name=@name AND id = 1", new { name });""");

    [Fact]
    public Task A_command() => Fixes(
        """
        using var command = new NpgsqlCommand("SELECT * FROM users WHERE name = '@name'", db);
        command.Parameters.AddWithValue("name", name);
        return await command.ExecuteScalarAsync();
        """,
        """
        using var command = new NpgsqlCommand("SELECT * FROM users WHERE name = @name", db);
        command.Parameters.AddWithValue("name", name);
        return await command.ExecuteScalarAsync();
        """);

    [Fact]
    public Task Raw_methods_of_EF() => Fixes(
        """return await context.Database.ExecuteSqlRawAsync("DELETE FROM users WHERE name = '{0}' AND id = {1}", name, id);""",
        """return await context.Database.ExecuteSqlRawAsync("DELETE FROM users WHERE name = {0} AND id = {1}", name, id);""");

    [Fact]
    public Task Interpolated_methods_of_EF() => Fixes(
        """return await context.Database.ExecuteSqlAsync($"DELETE FROM users WHERE name = '{name}'");""",
        """return await context.Database.ExecuteSqlAsync($"DELETE FROM users WHERE name = {name}");""");

    [Fact]
    public Task A_text_that_two_calls_share() => Fixes(
        """
        const string sql = "DELETE FROM users WHERE name = '@name'";
        await db.ExecuteAsync(sql, new { name });
        return await db.ExecuteAsync(sql, new { name = "x" });
        """,
        """
        const string sql = "DELETE FROM users WHERE name = @name";
        await db.ExecuteAsync(sql, new { name });
        return await db.ExecuteAsync(sql, new { name = "x" });
        """);

    [Fact]
    public Task A_text_that_another_call_takes_without_the_parameter() => Refuses(
        """
        var sql = "DELETE FROM users WHERE name = '@name'";
        await db.ExecuteAsync(sql, new { name });
        return await db.ExecuteAsync(sql);
        """);

    [Theory]
    [InlineData("SELECT * FROM users WHERE born = DATE '@name'")]
    [InlineData("ALTER TABLE users ALTER COLUMN title SET DEFAULT '@name'")]
    [InlineData("SELECT * FROM users ORDER BY '@name'")]
    public Task A_place_that_takes_no_parameter(string sql) => Refuses($$"""return await db.QueryAsync<User>("{{sql}}", new { name });""");
}
