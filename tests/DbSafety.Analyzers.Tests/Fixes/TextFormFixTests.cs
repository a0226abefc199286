namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Each way to build a text, edited with as small a change as can be; and what must hold so that it may be edited at all.</summary>
public sealed class TextFormFixTests
{
    private const string Parameters = "NpgsqlConnection db, string name, string other, int id, int? age, User user, User? maybe, string table, bool b";

    private static Task Fixes(string before, string after) => FixTest.Run(FixTest.Wrap(before, Parameters), FixTest.Wrap(after, Parameters));

    private static Task Refuses(string code) => FixTest.Refuses(FixTest.Wrap(code, Parameters));

    [Fact]
    public Task A_sum_becomes_one_literal() => Fixes(
        """return await db.ExecuteAsync("DELETE FROM users WHERE name = '" + name + "' AND id = " + id + " AND x = '" + other + "'");""",
        """return await db.ExecuteAsync("DELETE FROM users WHERE name = @name AND id = @id AND x = @other", new { name, id, other });""");

    [Fact]
    public Task Lines_of_a_sum_stay() => Fixes(
        """
        return await db.ExecuteAsync("DELETE FROM users " +
            "WHERE name = '" + name + "' " +
            "AND id = " + id + " " +
            "AND x = '" + other +
            "' AND y = 1");
        """,
        """
        return await db.ExecuteAsync("DELETE FROM users " +
            "WHERE name = @name " +
            "AND id = @id " +
            "AND x = @other" +
            " AND y = 1", new { name, id, other });
        """);

    [Fact]
    public Task Comments_stay() => Fixes(
        """
        return await db.ExecuteAsync( // delete
            "DELETE FROM users WHERE name = '" + name /* who */ + "'" // here
            + " AND x = 1" /* end */);
        """,
        """
        return await db.ExecuteAsync( // delete
            "DELETE FROM users WHERE name = @name" /* who */ // here
            + " AND x = 1", new { name } /* end */);
        """);

    [Fact]
    public Task A_hole_that_must_stay_keeps_the_string_interpolated() => Fixes(
        """return await db.ExecuteAsync($"DELETE FROM \"{table}\" WHERE name = '{name}' AND x = '{{}}'");""",
        """return await db.ExecuteAsync($"DELETE FROM \"{table}\" WHERE name = @name AND x = '{{}}'", new { name });""");

    [Fact]
    public Task Verbatim() => Fixes(
        """
        await db.ExecuteAsync($@"DELETE FROM users
            WHERE name = '{name}' AND ""x"" = '{{'");
        return await db.ExecuteAsync(@"DELETE FROM users
            WHERE name = '" + name + @"' AND ""x"" = 1");
        """,
        """
        await db.ExecuteAsync(@"DELETE FROM users
            WHERE name = @name AND ""x"" = '{'", new { name });
        return await db.ExecuteAsync(@"DELETE FROM users
            WHERE name = @name AND ""x"" = 1", new { name });
        """);

    [Fact]
    public Task Raw() => Fixes(
        """"
        return await db.ExecuteAsync($$"""
            DELETE FROM users
            WHERE name = '{{name}}' AND "x" = '{}'
            """);
        """",
        """"
        return await db.ExecuteAsync("""
            DELETE FROM users
            WHERE name = @name AND "x" = '{}'
            """, new { name });
        """");

    [Fact]
    public Task Format() => Fixes(
        """
        await db.ExecuteAsync(string.Format("DELETE FROM users WHERE name = '{0}' AND id = {1} AND x = '{{}}' AND y <> '{0}'", name, id));
        return await db.ExecuteAsync(string.Format("DELETE FROM {1} WHERE name = '{0}' AND id = {2}", name, table, id));
        """,
        """
        await db.ExecuteAsync("DELETE FROM users WHERE name = @name AND id = @id AND x = '{}' AND y <> @name", new { name, id });
        return await db.ExecuteAsync(string.Format("DELETE FROM {0} WHERE name = @name AND id = @id", table), new { name, id });
        """);

    [Fact]
    public Task Concat() => Fixes(
        """
        await db.ExecuteAsync(string.Concat("DELETE FROM users WHERE name = '", name, "'"));
        return await db.ExecuteAsync(string.Concat("DELETE FROM ", table, " WHERE name = '", name, "' AND id = ", id));
        """,
        """
        await db.ExecuteAsync("DELETE FROM users WHERE name = @name", new { name });
        return await db.ExecuteAsync(string.Concat("DELETE FROM ", table, " WHERE name = @name AND id = @id"), new { name, id });
        """);

    [Fact]
    public Task Builder() => Fixes(
        """
        var sql = new StringBuilder("SELECT * FROM users WHERE 1 = 1");
        if (b)
        {
            sql.Append(" AND name = '").Append(name).Append("'");
        }

        sql.AppendFormat(" AND x = '{0}'", other);
        sql.Append(" AND y = '");
        sql.Append(user.Name);
        sql.AppendLine("'");
        sql.Append($" AND id = {id}");
        return await db.QueryAsync<User>(sql.ToString());
        """,
        """
        var sql = new StringBuilder("SELECT * FROM users WHERE 1 = 1");
        if (b)
        {
            sql.Append(" AND name = @name");
        }

        sql.Append(" AND x = @other");
        sql.Append(" AND y = @name2");
        sql.AppendLine("");
        sql.Append(" AND id = @id");
        return await db.QueryAsync<User>(sql.ToString(), new { name, other, name2 = user.Name, id });
        """);

    [Fact]
    public Task Appended_by_branches() => Fixes(
        """
        var sql = "SELECT * FROM users WHERE 1 = 1";
        if (name.Length > 0)
        {
            sql += " AND name = '" + name + "'";
        }

        if (age.HasValue)
            sql += $" AND age = {age.Value}";
        if (user.Name.Length > 0) sql += $" AND note = '{user.Name}'";
        return await db.QueryAsync<User>(sql);
        """,
        """
        var sql = "SELECT * FROM users WHERE 1 = 1";
        if (name.Length > 0)
        {
            sql += " AND name = @name";
        }

        if (age.HasValue)
            sql += " AND age = @age";
        if (user.Name.Length > 0) sql += " AND note = @name2";
        return await db.QueryAsync<User>(sql, new { name, age, name2 = user.Name });
        """);

    [Fact]
    public Task Quotes_in_statements_of_their_own() => Fixes(
        """
        var sql = "DELETE FROM users WHERE name = '";
        sql += name;
        sql += "'";
        return await db.ExecuteAsync(sql);
        """,
        """
        var sql = "DELETE FROM users WHERE name = @name";
        return await db.ExecuteAsync(sql, new { name });
        """);

    [Fact]
    public Task A_value_that_came_through_variables() => Fixes(
        """
        var input = Console.ReadLine();
        var which = b ? "active" : input;
        var full = $"{name} {other}";
        return await db.ExecuteAsync($"DELETE FROM users WHERE a = '{input}' AND b = '{which}' AND c = '{full}'");
        """,
        """
        var input = Console.ReadLine();
        var which = b ? "active" : input;
        var full = $"{name} {other}";
        return await db.ExecuteAsync("DELETE FROM users WHERE a = @input AND b = @which AND c = @full", new { input, which, full });
        """);

    [Fact]
    public Task A_branch_inside_the_call() => Fixes(
        """return await db.ExecuteAsync("DELETE FROM users" + (b ? " WHERE name = '" + name + "'" : ""));""",
        """return await db.ExecuteAsync("DELETE FROM users" + (b ? " WHERE name = @name" : ""), new { name });""");

    [Fact]
    public Task A_text_that_a_lambda_runs() => Fixes(
        """
        Func<Task> run = () => db.ExecuteAsync($"DELETE FROM users WHERE name = '{name}'");
        await run();
        return null;
        """,
        """
        Func<Task> run = () => db.ExecuteAsync("DELETE FROM users WHERE name = @name", new { name });
        await run();
        return null;
        """);

    [Theory]
    [InlineData("""var sql = $"DELETE FROM users WHERE name = '{name}'"; name = ""; return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = $"DELETE FROM users WHERE name = '{name}'"; Other.Use(sql); return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = $"DELETE FROM users WHERE name = '{Other.Next()}'"; return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = "DELETE FROM users WHERE 1 = 1"; foreach (var part in name.Split(',')) { sql += $" AND name <> '{part}'"; } return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = "DELETE FROM users WHERE 1 = 1"; for (var i = 0; i < 3; i++) { sql += $" AND name <> '{name}'"; } return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = $"DELETE FROM users WHERE name = '{name}'"; for (var i = 0; i < 3; i++) { await db.ExecuteAsync(sql); name += "a"; } return null;""")]
    [InlineData("""var sql = "DELETE FROM users WHERE 1 = 1"; if (maybe != null) { sql += $" AND name = '{maybe.Name}'"; } return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = "DELETE FROM users WHERE 1 = 1"; if (b) { var local = name.Trim(); sql += $" AND name = '{local}'"; } return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = "DELETE FROM users WHERE name = '"; if (b) { sql += name; } sql += "'"; return await db.ExecuteAsync(sql);""")]
    [InlineData("""return await db.ExecuteAsync("DELETE FROM users" + (maybe is null ? "" : $" WHERE name = '{maybe.Name}'"));""")]
    [InlineData("""return await db.ExecuteAsync("DELETE FROM users" + (b ? $" WHERE name = '{Other.Next()}'" : ""));""")]
    [InlineData("""string Where(string value) => $" WHERE name = '{value}'"; return await db.ExecuteAsync("DELETE FROM users" + Where(name));""")]
    [InlineData("""var sql = $"DELETE FROM users WHERE name = '{user.Name}'"; user.Name = "b"; return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = $"DELETE FROM users WHERE name = '{name}'"; if (sql.Contains("--")) { return null; } return await db.ExecuteAsync(sql);""")]
    [InlineData("""var sql = $"DELETE FROM users WHERE name = '{name}'"; Action change = () => name = "c"; change(); return await db.ExecuteAsync(sql);""")]
    public Task Refused(string code) => Refuses(code);
}
