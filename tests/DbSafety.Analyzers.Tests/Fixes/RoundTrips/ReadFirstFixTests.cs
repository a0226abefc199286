using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>DBS2007: all rows are read before the loop over them.</summary>
public sealed class ReadFirstFixTests
{
    private const string Parameters = "Shop shop, NpgsqlConnection pg, CancellationToken ct, bool flag";

    private static string Wrap(string code) => "using Microsoft.EntityFrameworkCore;\n" + FixTest.Wrap(code + "\nreturn null;", Parameters) +
        "\npublic class Shop : DbContext { public DbSet<User> Users => Set<User>(); }\n";

    private static Task Fixes(string before, string after, string? title = null) => FixTest.Run(Wrap(before), Wrap(after), title: title, fixer: new ReadFirstFixer());

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new ReadFirstFixer());

    [Theory]
    [InlineData("shop.Users", "shop.Users.ToList()")]
    [InlineData("shop.Users.Where(u => u.Id > 1)", "shop.Users.Where(u => u.Id > 1).ToList()")]
    [InlineData("shop.Users.AsEnumerable()", "shop.Users.ToList()")]
    [InlineData("from u in shop.Users select u", "(from u in shop.Users select u).ToList()")]
    public Task A_loop_over_a_query(string before, string after) => Fixes(
        $"foreach (var user in {before})\n{{\n    shop.SaveChanges();\n}}", $"foreach (var user in {after})\n{{\n    shop.SaveChanges();\n}}", "Read all rows before the loop");

    [Theory]
    [InlineData("shop.Users.AsAsyncEnumerable()", "await shop.Users.ToListAsync()")]
    [InlineData("shop.Users.OrderBy(u => u.Id).AsAsyncEnumerable().WithCancellation(ct)", "await shop.Users.OrderBy(u => u.Id).ToListAsync(ct)")]
    [InlineData("shop.Users.AsAsyncEnumerable().WithCancellation(ct).ConfigureAwait(false)", "await shop.Users.ToListAsync(ct).ConfigureAwait(false)")]
    [InlineData("pg.QueryUnbufferedAsync<User>(\"SELECT * FROM users\", new { flag })", "await pg.QueryAsync<User>(\"SELECT * FROM users\", new { flag })")]
    [InlineData("pg.QueryUnbufferedAsync(\"SELECT * FROM users\").ConfigureAwait(false)", "await pg.QueryAsync(\"SELECT * FROM users\").ConfigureAwait(false)")]
    public Task An_asynchronous_loop(string before, string after) => Fixes(
        $"await foreach (var user in {before})\n{{\n    await {Second(before)};\n}}", $"foreach (var user in {after})\n{{\n    await {Second(before)};\n}}");

    private static string Second(string rows) => rows.StartsWith("pg.", StringComparison.Ordinal) ? "pg.ExecuteAsync(\"DELETE FROM users\")" : "shop.SaveChangesAsync()";

    [Theory]
    [InlineData("pg.Query<User>(\"SELECT * FROM users\", buffered: false)", "pg.Query<User>(\"SELECT * FROM users\")")]
    [InlineData("pg.Query<User>(\"SELECT * FROM users\", buffered: false, commandTimeout: 9)", "pg.Query<User>(\"SELECT * FROM users\", commandTimeout: 9)")]
    [InlineData("pg.Query<User>(\"SELECT * FROM users\", new { flag }, null, false)", "pg.Query<User>(\"SELECT * FROM users\", new { flag }, null)")]
    [InlineData("pg.Query<User>(\"SELECT * FROM users\", new { flag }, null, false, 9)", "pg.Query<User>(\"SELECT * FROM users\", new { flag }, null, true, 9)")]
    public Task Rows_that_Dapper_streams(string before, string after) => Fixes(
        $"foreach (var user in {before})\n    pg.Execute(\"DELETE FROM users\");", $"foreach (var user in {after})\n    pg.Execute(\"DELETE FROM users\");");

    [Fact]
    public Task Rows_in_a_variable() => Fixes(
        "var rows = pg.Query<User>(\"SELECT * FROM users\", buffered: false);\nforeach (var user in rows)\n    pg.Execute(\"DELETE FROM users\");",
        "var rows = pg.Query<User>(\"SELECT * FROM users\");\nforeach (var user in rows)\n    pg.Execute(\"DELETE FROM users\");");

    [Fact]
    public Task All_commands_of_a_loop_and_all_loops() => Fixes(
        """
        foreach (var user in shop.Users)
        {
            user.Name = shop.Users.First().Name;
            shop.SaveChanges();
        }

        foreach (var id in pg.Query<int>("SELECT id FROM users", buffered: false))
            pg.Execute("DELETE FROM users");
        """,
        """
        foreach (var user in shop.Users.ToList())
        {
            user.Name = shop.Users.First().Name;
            shop.SaveChanges();
        }

        foreach (var id in pg.Query<int>("SELECT id FROM users"))
            pg.Execute("DELETE FROM users");
        """);

    [Fact]
    public Task The_directive_for_LINQ() => FixTest.Run(
        Bare("using Microsoft.EntityFrameworkCore;", "Users"), Bare("using System.Linq;\nusing Microsoft.EntityFrameworkCore;", "Users.ToList()"), LanguageVersion.CSharp9, fixer: new ReadFirstFixer());

    private static string Bare(string usings, string users) =>
        $"{usings}\nclass Shop : DbContext\n{{\n    public DbSet<User> Users => Set<User>();\n    void Run(Npgsql.NpgsqlConnection pg)\n    {{\n        foreach (var user in {users})\n            SaveChanges();\n    }}\n}}\n";

    [Theory]
    [InlineData("using var reader = pg.ExecuteReader(\"SELECT 1\"); pg.Execute(\"SELECT 1\");")]
    [InlineData("var rows = pg.Query<User>(\"SELECT * FROM users\", buffered: false); foreach (var user in rows) { pg.Execute(\"SELECT 1\"); } foreach (var user in rows) { }")]
    [InlineData("await foreach (var user in pg.QueryUnbufferedAsync<User>(\"SELECT * FROM users\").WithCancellation(ct)) { pg.Execute(\"SELECT 1\"); }")]
    public Task No_offer_for_a_reader_rows_read_twice_and_a_token(string code) => Refuses(code);
}
