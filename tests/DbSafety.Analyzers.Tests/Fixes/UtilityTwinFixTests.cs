using DbSafety.CodeFixes.Injection;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>SET and NOTIFY become functions that take parameters.</summary>
public sealed class UtilityTwinFixTests
{
    private const string Parameters = "NpgsqlConnection db, Microsoft.EntityFrameworkCore.DbContext context, string tenant, string? other";

    private static string Wrap(string code) => "using Microsoft.EntityFrameworkCore;\n" + FixTest.Wrap(code, Parameters);

    private static Task Fixes(string before, string after, string? title = null) =>
        FixTest.Run(Wrap(before), Wrap(after), title: title, fixer: new UtilityTwinFixer(), configure: test => test.NumberOfIncrementalIterations = -10);

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new UtilityTwinFixer());

    [Theory]
    [InlineData("SET app.tenant = '{tenant}'", "SELECT set_config('app.tenant', @tenant, false)")]
    [InlineData("SET SESSION app.Tenant TO '{tenant}';", "SELECT set_config('app.tenant', @tenant, false);")]
    [InlineData("SET LOCAL timezone TO '{tenant}'", "SELECT set_config('timezone', @tenant, true)")]
    [InlineData("NOTIFY Jobs, '{tenant}'", "SELECT pg_notify('jobs', @tenant)")]
    [InlineData("NOTIFY \\\"Jobs\\\", '{tenant}'", "SELECT pg_notify('Jobs', @tenant)")]
    public Task Dapper(string before, string after) => Fixes(
        $$"""return await db.ExecuteAsync($"{{before}}");""",
        $$"""return await db.ExecuteAsync("{{after}}", new { tenant });""");

    [Fact]
    public Task EF() => Fixes(
        """return await context.Database.ExecuteSqlRawAsync($"SET app.tenant = '{tenant}'");""",
        """return await context.Database.ExecuteSqlAsync($"SELECT set_config('app.tenant', {tenant}, false)");""",
        "Call set_config with a parameter");

    [Fact]
    public Task Npgsql() => Fixes(
        """
        using var command = new NpgsqlCommand($"SET app.tenant = '{tenant}'", db);
        return await command.ExecuteNonQueryAsync();
        """,
        """
        using var command = new NpgsqlCommand("SELECT set_config('app.tenant', @tenant, false)", db) { Parameters = { new("tenant", tenant) } };
        return await command.ExecuteNonQueryAsync();
        """);

    [Fact]
    public Task A_text_around_the_value() => Fixes(
        """return await db.ExecuteAsync("NOTIFY jobs, 'tenant:" + tenant + "'");""",
        """return await db.ExecuteAsync("SELECT pg_notify('jobs', @tenant)", new { tenant = $"tenant:{tenant}" });""",
        "Call pg_notify with a parameter");

    [Fact]
    public Task Null_was_the_empty_text() => Fixes(
        """return await db.ExecuteAsync($"SET app.tenant = '{other}'");""",
        """return await db.ExecuteAsync("SELECT set_config('app.tenant', @other, false)", new { other = other ?? "" });""");

    [Theory]
    [InlineData("SET TIME ZONE '{tenant}'")]
    [InlineData("SET search_path = '{tenant}'")]
    [InlineData("SET ROLE '{tenant}'")]
    [InlineData("SET role = '{tenant}'")]
    [InlineData("SET app.tenant = '{tenant}'; SELECT 1")]
    [InlineData("SET app.tenant = '{tenant}', 'b'")]
    [InlineData("SET app.{tenant} = '{tenant}'")]
    [InlineData("ALTER ROLE me PASSWORD '{tenant}'")]
    [InlineData("COMMENT ON TABLE users IS '{tenant}'")]
    public Task Other_statements(string sql) => Refuses($$"""return await db.ExecuteAsync($"{{sql}}");""");

    [Fact]
    public Task A_query_would_return_a_row() => Refuses("""return await db.QueryAsync($"SET app.tenant = '{tenant}'");""");
}
