using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Values become members of the object that Dapper takes.</summary>
public sealed class DapperFixTests
{
    private const string Parameters = "NpgsqlConnection db, string name, int id, User user, Request request, int[] ids, List<string> names, Guid key, CancellationToken ct";

    private static Task Fixes(string before, string after, string? title = null) =>
        FixTest.Run(FixTest.Wrap(before, Parameters), FixTest.Wrap(after, Parameters), title: title);

    private static Task Refuses(string code) => FixTest.Refuses(FixTest.Wrap(code, Parameters));

    [Fact]
    public Task A_value_in_quotes() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE lower(name) LIKE '{name}'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE lower(name) LIKE @name", new { name });""",
        "Pass the value as a parameter");

    [Fact]
    public Task A_column_of_unknown_type_is_said_in_the_title() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE name = '{name}'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name", new { name });""",
        "Pass the value as a parameter (the column must take text)");

    [Fact]
    public Task Three_holes_in_one_call() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE name = '{user.Name}' AND id = {user.Id} AND lower(note) LIKE '%{request.Text.Trim()}%' AND x = '{{}}'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name AND id = @userId AND lower(note) LIKE @text AND x = '{}'", new { name = user.Name, userId = user.Id, text = $"%{request.Text.Trim()}%" });""");

    [Fact]
    public Task A_sum_becomes_one_literal() => Fixes(
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = '" + name + "' AND id = " + id);""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name AND id = " + "@id", new { name, id });""");

    [Fact]
    public Task Two_calls_share_one_text() => Fixes(
        """
        var sql = $"SELECT * FROM users WHERE name = '{name}'";
        await db.ExecuteAsync(sql);
        return await db.QueryAsync<User>(sql, commandTimeout: 3);
        """,
        """
        var sql = "SELECT * FROM users WHERE name = @name";
        await db.ExecuteAsync(sql, new { name });
        return await db.QueryAsync<User>(sql, new { name }, commandTimeout: 3);
        """);

    [Fact]
    public Task A_list() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE id IN ({string.Join(",", ids)})");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE id = ANY(@ids)", new { ids });""");
}
