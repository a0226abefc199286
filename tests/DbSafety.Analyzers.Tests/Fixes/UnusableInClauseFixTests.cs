using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Lists become arrays, and are compared by ANY or ALL.</summary>
public sealed class UnusableInClauseFixTests
{
    private const string Parameters =
        "NpgsqlConnection db, Microsoft.EntityFrameworkCore.DbContext context, int[] ids, List<string> names, IEnumerable<int> some, HashSet<int> set, HashSet<int>? maybe, int id, List<Status> statuses, Request request";

    private static string Wrap(string code) => "using Microsoft.EntityFrameworkCore;\n" + FixTest.Wrap(code, Parameters);

    private static Task Fixes(string before, string after, string? title = null, string? sql = null) =>
        FixTest.Run(Wrap(before), Wrap(after), title: title, sql: sql, fixer: new UnusableInClauseFixer(), configure: test => test.NumberOfIncrementalIterations = -10);

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new UnusableInClauseFixer());

    [Theory]
    [InlineData("IN @ids", "= ANY(@ids)")]
    [InlineData("IN (@ids)", "= ANY(@ids)")]
    [InlineData("IN(@ids)", "= ANY(@ids)")]
    [InlineData("not in ( :ids )", "<> ALL(:ids )")]
    [InlineData("NOT IN @ids", "<> ALL(@ids)")]
    [InlineData("IN @ids IS TRUE AND NOT other IN @ids", "= ANY(@ids) IS TRUE AND NOT other = ANY(@ids)")]
    public Task Dapper(string before, string after) => Fixes(
        $$"""return await db.QueryAsync<User>("SELECT * FROM users WHERE id {{before}} AND id > @id", new { ids, id });""",
        $$"""return await db.QueryAsync<User>("SELECT * FROM users WHERE id {{after}} AND id > @id", new { ids, id });""",
        "Compare with an array, by ANY or ALL");

    [Fact]
    public Task A_sequence_that_may_be_no_list() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE id IN @some AND id NOT IN @ids", new { some, ids = maybe });""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE id = ANY(@some) AND id <> ALL(@ids)", new { some = some.ToArray(), ids = maybe?.ToArray() });""");

    [Fact]
    public Task A_lazy_sequence() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE id = ANY(@ids)", new { ids = ids.Where(x => x > id) });""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE id = ANY(@ids)", new { ids = ids.Where(x => x > id).ToArray() });""",
        "Pass an array");

    [Fact]
    public Task A_query_expression() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE id = ANY(@ids)", new { ids = from x in ids where x > id select x });""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE id = ANY(@ids)", new { ids = (from x in ids where x > id select x).ToArray() });""");

    [Fact]
    public Task A_command() => Fixes(
        """
        using var command = new NpgsqlCommand("DELETE FROM users " + "WHERE id IN (@ids)", db);
        command.Parameters.AddWithValue("ids", set);
        return await command.ExecuteScalarAsync();
        """,
        """
        using var command = new NpgsqlCommand("DELETE FROM users " + "WHERE id = ANY(@ids)", db);
        command.Parameters.AddWithValue("ids", set.ToArray());
        return await command.ExecuteScalarAsync();
        """);

    [Fact]
    public Task Text_in_lines() => Fixes(
        """"
        return await db.QueryAsync<User>("""
            SELECT * FROM users
            WHERE name IN (
                @names) -- these
            """, new { names });
        """",
        """"
        return await db.QueryAsync<User>("""
            SELECT * FROM users
            WHERE name = ANY(@names) -- these
            """, new { names });
        """");

    [Fact]
    public Task Raw_methods_of_EF() => Fixes(
        """return await context.Database.ExecuteSqlRawAsync("DELETE FROM users WHERE id IN {0} AND id NOT IN ({1})", ids, set);""",
        """return await context.Database.ExecuteSqlRawAsync("DELETE FROM users WHERE id = ANY({0}) AND id <> ALL({1})", ids, set);""");

    [Fact]
    public Task Interpolated_methods_of_EF() => Fixes(
        """return await context.Database.ExecuteSqlAsync($"DELETE FROM users WHERE id IN ({ids}) OR id IN {set}");""",
        """return await context.Database.ExecuteSqlAsync($"DELETE FROM users WHERE id = ANY({ids}) OR id = ANY({set})");""");

    [Fact]
    public Task A_text_that_two_calls_share() => Fixes(
        """
        const string sql = "DELETE FROM users WHERE id IN @ids";
        await db.ExecuteAsync(sql, new { ids });
        return await db.ExecuteAsync(sql, new { ids = some });
        """,
        """
        const string sql = "DELETE FROM users WHERE id = ANY(@ids)";
        await db.ExecuteAsync(sql, new { ids });
        return await db.ExecuteAsync(sql, new { ids = some.ToArray() });
        """);

    [Fact]
    public Task A_column_that_is_no_text() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM users u WHERE u.key IN @names AND name IN (@names) AND key NOT IN (@names)", new { names });""",
        """return await db.QueryAsync<User>("SELECT * FROM users u WHERE u.key = ANY(@names::uuid[]) AND name = ANY(@names) AND key <> ALL(@names::uuid[])", new { names });""",
        sql: "CREATE TABLE users (id int, key uuid, name text);");

    [Fact]
    public Task A_file_without_Linq() => FixTest.Run(Linq(""), Linq("using System.Linq;\n"), fixer: new UnusableInClauseFixer(), version: Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp9);

    private static string Linq(string directive) => $$"""
        using System;
        using System.Collections.Generic;
        {{directive}}using Dapper;
        using Npgsql;

        public class Case
        {
            public int Run(NpgsqlConnection db, HashSet<int> set)
            {
                return db.Execute("DELETE FROM users WHERE id = ANY(@ids)", new { ids = set{{(directive.Length > 0 ? ".ToArray()" : "")}} })
                    + db.Execute("DELETE FROM users WHERE id {{(directive.Length > 0 ? "= ANY(@set)" : "IN @set")}}", new { set{{(directive.Length > 0 ? " = set.ToArray()" : "")}} });
            }
        }
        """.Replace("\r", "", StringComparison.Ordinal);

    [Theory]
    [InlineData("""return await db.QueryAsync<User>("SELECT * FROM users WHERE status IN @statuses", new { statuses });""")]
    [InlineData("""return await db.QueryAsync<User>("SELECT * FROM users WHERE ok = id IN @ids", new { ids });""")]
    [InlineData("""var args = new { some }; return await db.QueryAsync<User>("SELECT * FROM users WHERE id IN @some", args);""")]
    [InlineData("""var sql = "DELETE FROM users WHERE id IN (@ids)"; await db.ExecuteAsync(sql, new { ids }); return await db.ExecuteAsync(sql, new { ids = id });""")]
    [InlineData("""var sql = "DELETE FROM users WHERE id IN (@ids)"; await db.ExecuteAsync(sql, new { ids }); Other.Use(sql); return null;""")]
    public Task No_offer(string code) => Refuses(code);
}
