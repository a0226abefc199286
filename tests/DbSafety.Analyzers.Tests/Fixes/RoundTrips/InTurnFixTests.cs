using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>DBS2008: one operation after the other.</summary>
public sealed class InTurnFixTests
{
    private const string Parameters = "Shop shop, NpgsqlConnection pg, int[] ids";

    private static string Wrap(string code) => "using Microsoft.EntityFrameworkCore;\n" + FixTest.Wrap(code + "\nreturn null;", Parameters) +
        "\npublic class Shop : DbContext { public DbSet<User> Users => Set<User>(); }\n";

    private static Task Fixes(string before, string after, int rounds = 1) => FixTest.Run(
        Wrap(before), Wrap(after), title: "Await one operation after the other", fixer: new InTurnFixer(), configure: test => test.NumberOfIncrementalIterations = -rounds);

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new InTurnFixer());

    [Fact]
    public Task A_statement_that_waits_for_all() => Fixes(
        """
        // Both.
        await Task.WhenAll(shop.Users.LoadAsync(), pg.ExecuteAsync("DELETE FROM users"), shop.Users.CountAsync());
        """,
        """
        // Both.
        await shop.Users.LoadAsync();
        await pg.ExecuteAsync("DELETE FROM users");
        await shop.Users.CountAsync();
        """);

    [Fact]
    public Task With_its_configuration() => Fixes(
        "await Task.WhenAll(pg.ExecuteAsync(\"DELETE FROM a\"), pg.ExecuteAsync(\"DELETE FROM b\")).ConfigureAwait(false);",
        "await pg.ExecuteAsync(\"DELETE FROM a\").ConfigureAwait(false);\nawait pg.ExecuteAsync(\"DELETE FROM b\").ConfigureAwait(false);");

    [Fact]
    public Task Tasks_in_variables() => Fixes(
        """
        var users = shop.Users.ToListAsync();
        var count = shop.Users.CountAsync();
        var first = shop.Users.FirstAsync();
        await Task.WhenAll(users, count, first);
        Console.WriteLine(users.Result.Count + await count);
        """,
        """
        var users = shop.Users.ToListAsync();
        await users;
        var count = shop.Users.CountAsync();
        await count;
        var first = shop.Users.FirstAsync();
        await Task.WhenAll(users, count, first);
        Console.WriteLine(users.Result.Count + await count);
        """,
        rounds: 2);

    [Theory]
    [InlineData("_ = shop.SaveChangesAsync();", "await shop.SaveChangesAsync();")]
    [InlineData("_ = shop.SaveChangesAsync().ConfigureAwait(false);", "await shop.SaveChangesAsync().ConfigureAwait(false);")]
    public Task A_forgotten_task(string before, string after) => Fixes(before + "\nawait shop.Users.LoadAsync();", after + "\nawait shop.Users.LoadAsync();");

    [Theory]
    [InlineData("ids.Select(async id => await shop.Users.FindAsync(id))")]
    [InlineData("ids.Select(async (id) => await shop.Users.FindAsync(id)).ToList()")]
    public Task Tasks_of_a_sequence(string tasks) => Fixes(
        $"var users = await Task.WhenAll({tasks});\nConsole.WriteLine(users.First());",
        """
        var users = new List<User?>();
        foreach (var id in ids)
        {
            users.Add(await shop.Users.FindAsync(id));
        }
        Console.WriteLine(users.First());
        """);

    [Fact]
    public Task Tasks_of_a_sequence_without_results() => Fixes(
        "await Task.WhenAll(ids.Select(id => pg.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id })));",
        """
        foreach (var id in ids)
        {
            await pg.ExecuteAsync("DELETE FROM users WHERE id = @id", new { id });
        }
        """);

    [Fact]
    public Task A_lambda_with_a_block() => Fixes(
        """
        await Task.WhenAll(ids.Select(async id =>
        {
            // The user.
            var user = await shop.Users.FindAsync(id);
            if (user is not null)
            {
                user.Name = "";
                await shop.SaveChangesAsync();
            }
        })).ConfigureAwait(false);
        """,
        """
        foreach (var id in ids)
        {
            // The user.
            var user = await shop.Users.FindAsync(id);
            if (user is not null)
            {
                user.Name = "";
                await shop.SaveChangesAsync();
            }
        }
        """);

    [Fact]
    public Task A_lambda_with_a_block_and_a_result() => Fixes(
        """
        var names = await Task.WhenAll(
            ids.Select(async id =>
            {
                var user = await shop.Users.FindAsync(id);
                return user?.Name;
            })).ConfigureAwait(false);
        Console.WriteLine(names.First());
        """,
        """
        var names = new List<string?>();
        foreach (var id in ids)
        {
            var user = await shop.Users.FindAsync(id);
            names.Add(user?.Name);
        }
        Console.WriteLine(names.First());
        """);

    [Fact]
    public Task A_block_in_one_line() => Fixes(
        "var names = await Task.WhenAll(ids.Select(async id => { var user = await shop.Users.FindAsync(id); return user!.Name; }));\nConsole.WriteLine(names.First());",
        """
        var names = new List<string>();
        foreach (var id in ids)
        {
            var user = await shop.Users.FindAsync(id);
            names.Add(user!.Name);
        }
        Console.WriteLine(names.First());
        """);

    [Fact]
    public Task The_directive_for_lists() => FixTest.Run(
        "using System.Linq;\nusing System.Threading.Tasks;\nusing Dapper;\n" + Bare("var counts = await Task.WhenAll(ids.Select(id => pg.ExecuteAsync(\"DELETE FROM users\")));"),
        "using System.Collections.Generic;\nusing System.Linq;\nusing System.Threading.Tasks;\nusing Dapper;\n" + Bare(
            "var counts = new List<int>();\n        foreach (var id in ids)\n        {\n            counts.Add(await pg.ExecuteAsync(\"DELETE FROM users\"));\n        }"),
        LanguageVersion.CSharp9, fixer: new InTurnFixer());

    private static string Bare(string code) =>
        $"class Case\n{{\n    async Task<int> Run(Npgsql.NpgsqlConnection pg, int[] ids)\n    {{\n        {code}\n        return counts.Sum();\n    }}\n}}\n";

    [Fact]
    public Task The_configuration_of_all_is_that_of_each() => Fixes(
        "var counts = await Task.WhenAll(ids.Select(id => pg.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id }))).ConfigureAwait(false);\nConsole.WriteLine(counts.Sum());",
        """
        var counts = new List<int>();
        foreach (var id in ids)
        {
            counts.Add(await pg.ExecuteAsync("DELETE FROM users WHERE id = @id", new { id }).ConfigureAwait(false));
        }
        Console.WriteLine(counts.Sum());
        """);

    [Theory]
    [InlineData("await Task.WhenAll(ids.Select(async id => { if (id == 0) return; await shop.Users.FindAsync(id); }));")]
    [InlineData("await Task.WhenAll(ids.Select(async id => { return await shop.Users.FindAsync(id); }));")]
    [InlineData("await Task.WhenAll(ids.Select(id => { return pg.ExecuteAsync(\"DELETE FROM users\"); }));")]
    [InlineData("var names = await Task.WhenAll(ids.Select(async id => { if (id == 0) return \"\"; return (await shop.Users.FindAsync(id))!.Name; })); Console.WriteLine(names.First());")]
    [InlineData("var user = 1; await Task.WhenAll(ids.Select(async id => { var name = await shop.Users.FindAsync(id); })); var name = user;")]
    public Task No_offer_for_blocks_with_other_exits(string code) => Refuses(code);

    [Theory]
    [InlineData("await Parallel.ForEachAsync(ids, async (id, ct) => await shop.Users.LoadAsync(ct));")]
    [InlineData("Parallel.ForEachAsync(ids, async (id, ct) => await shop.Users.LoadAsync(ct));")]
    [InlineData("Task.WaitAll(pg.ExecuteAsync(\"DELETE FROM a\"), pg.ExecuteAsync(\"DELETE FROM b\"));")]
    [InlineData("var tasks = new List<Task>(); foreach (var id in ids) { tasks.Add(shop.Users.LoadAsync()); } await Task.WhenAll(tasks);")]
    [InlineData("var counts = await Task.WhenAll(pg.ExecuteAsync(\"DELETE FROM a\"), pg.ExecuteAsync(\"DELETE FROM b\"));")]
    [InlineData("var users = await Task.WhenAll(ids.Select(async id => await shop.Users.FindAsync(id))); Console.WriteLine(users.Length);")]
    [InlineData("var users = await Task.WhenAll(ids.Select(async id => new { id, user = await shop.Users.FindAsync(id) })); Console.WriteLine(users);")]
    public Task No_offer_for_other_shapes(string code) => Refuses(code);
}
