using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Values become members of the object that Dapper takes.</summary>
public sealed class DapperFixTests
{
    private const string Parameters =
        "NpgsqlConnection db, IDbConnection any, string name, string? other, int id, long big, uint count, User user, Request request, int[] ids, IEnumerable<string> names, List<Guid> keys, Guid key, DateTime day, Status status, int days, CancellationToken ct";

    private const string Schema = "CREATE TABLE users (id bigint, key uuid, name text, born date, note varchar(20), data jsonb, alias citext, zip integer, code char(5), price numeric(10, 2), at timestamp(3) with time zone, flags bit(3));";

    private static Task Fixes(string before, string after, string? title = null, string? sql = null) =>
        FixTest.Run(FixTest.Wrap(before, Parameters), FixTest.Wrap(after, Parameters), title: title, sql: sql);

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
    public Task The_schema_tells_the_type() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE name = '{name}' AND note = '{other}' AND born = '{name}' AND key = '{other}' AND key <> '{key}' AND alias = '{name}' AND zip = '{id}' AND data @> '{other}'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name AND note = @other AND born = @name::date AND key = @other::uuid AND key <> @key AND alias = @name::citext AND zip = @id AND data @> @other::jsonb", new { name, other, key, id });""",
        "Pass the values as parameters",
        Schema);

    [Fact]
    public Task A_cast_has_no_length() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE code = '{name}' AND price > '{name}' AND at < '{name}'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE code = @name::bpchar AND price > @name::numeric AND at < @name::timestamp with time zone", new { name });""",
        sql: Schema);

    [Fact]
    public Task Three_holes_in_one_call() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE name = '{user.Name}' AND id = {user.Id} AND lower(note) LIKE '%{request.Text.Trim()}%' AND x = '{{}}'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name AND id = @userId AND lower(note) LIKE @text AND x = '{}'", new { name = user.Name, userId = user.Id, text = $"%{request.Text.Trim()}%" });""");

    [Fact]
    public Task The_same_expression_is_one_parameter_and_a_call_is_not() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE name = '{name}' OR note = '{name}' OR a = '{Other.Next()}' OR b = '{Other.Next()}'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name OR note = @name OR a = @a OR b = @b", new { name, a = Other.Next(), b = Other.Next() });""");

    [Fact]
    public Task Names_are_unique() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE name = '{name}' AND note = '{user.Name}' AND id = @id AND k = {id}", new { id = 3 });""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name AND note = @name2 AND id = @id AND k = @id2", new { id = 3, name, name2 = user.Name, id2 = id });""");

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
    public Task A_call_inside_another_calls_arguments() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE name = '{db.QuerySingle<string>($"SELECT name FROM users WHERE note = '{name}'")}'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name", new { name = db.QuerySingle<string>("SELECT name FROM users WHERE note = @name", new { name }) });""");

    [Fact]
    public Task Members_are_merged_into_the_object_that_is_there() => Fixes(
        """
        await db.ExecuteAsync($"UPDATE users SET name = '{name}' WHERE id = @id", new { id, });
        return await db.ExecuteAsync($"UPDATE users SET name = '{name}'", new { });
        """,
        """
        await db.ExecuteAsync("UPDATE users SET name = @name WHERE id = @id", new { id, name });
        return await db.ExecuteAsync("UPDATE users SET name = @name", new { name });
        """);

    [Fact]
    public Task Dynamic_parameters_get_another() => Fixes(
        """
        var bag = new DynamicParameters();
        bag.Add("id", id);
        return await db.ExecuteAsync($"UPDATE users SET name = '{name}' WHERE id = @id", bag);
        """,
        """
        var bag = new DynamicParameters();
        bag.Add("id", id);
        bag.Add("name", name);
        return await db.ExecuteAsync("UPDATE users SET name = @name WHERE id = @id", bag);
        """);

    [Fact]
    public Task Named_arguments_and_cancellation() => Fixes(
        """
        await db.ExecuteAsync(transaction: null, sql: $"DELETE FROM users WHERE name = '{name}'");
        await db.ExecuteAsync($"DELETE FROM users WHERE name = '{name}'", null, commandType: CommandType.Text);
        await db.ExecuteAsync(new CommandDefinition($"DELETE FROM users WHERE name = '{name}'", cancellationToken: ct));
        return SqlMapper.Execute(any, $"DELETE FROM users WHERE name = '{name}'");
        """,
        """
        await db.ExecuteAsync(transaction: null, sql: "DELETE FROM users WHERE name = @name", param: new { name });
        await db.ExecuteAsync("DELETE FROM users WHERE name = @name", new { name }, commandType: CommandType.Text);
        await db.ExecuteAsync(new CommandDefinition("DELETE FROM users WHERE name = @name", new { name }, cancellationToken: ct));
        return SqlMapper.Execute(any, "DELETE FROM users WHERE name = @name", new { name });
        """);

    [Fact]
    public Task A_map_stands_before_the_parameters() => Fixes(
        """return await db.QueryAsync<User, User, User>($"SELECT * FROM users WHERE name = '{name}'", (a, b) => a, splitOn: "id");""",
        """return await db.QueryAsync<User, User, User>("SELECT * FROM users WHERE name = @name", (a, b) => a, new { name }, splitOn: "id");""");

    [Fact]
    public Task Lists() => Fixes(
        """
        await db.ExecuteAsync($"DELETE FROM users WHERE id IN ({string.Join(",", ids)}) AND note = 'a'");
        await db.ExecuteAsync($"DELETE FROM users WHERE name NOT IN ('{string.Join("','", names)}')");
        return await db.ExecuteAsync("DELETE FROM users WHERE key IN (" + string.Join(", ", keys.Select(k => $"'{k}'")) + ")");
        """,
        """
        await db.ExecuteAsync("DELETE FROM users WHERE id = ANY(@ids) AND note = 'a'", new { ids });
        await db.ExecuteAsync("DELETE FROM users WHERE name <> ALL(@names)", new { names = names.ToArray() });
        return await db.ExecuteAsync("DELETE FROM users WHERE key = ANY(@keys)", new { keys });
        """,
        sql: Schema);

    [Fact]
    public Task A_list_of_texts_for_a_column_of_another_type() => Fixes(
        """return await db.ExecuteAsync($"DELETE FROM users WHERE key IN ('{string.Join("', '", names)}')");""",
        """return await db.ExecuteAsync("DELETE FROM users WHERE key = ANY(@names::uuid[])", new { names = names.ToArray() });""",
        sql: Schema);

    [Fact]
    public Task Dapper_writes_lists_out_on_other_databases() => FixTest.Run(
        FixTest.Wrap("""return await db.ExecuteAsync($"DELETE FROM users WHERE id NOT IN ({string.Join(",", ids)})");""", "Microsoft.Data.SqlClient.SqlConnection db, int[] ids"),
        FixTest.Wrap("""return await db.ExecuteAsync("DELETE FROM users WHERE id NOT IN @ids", new { ids });""", "Microsoft.Data.SqlClient.SqlConnection db, int[] ids"),
        references: [.. References.Newest, .. References.OtherClients]);

    [Fact]
    public Task Scalars() => Fixes(
        """return await db.ExecuteAsync($"UPDATE users SET id = {big}, zip = {count}, note = '{status}' WHERE key = '{key}'::uuid AND born > '{day:yyyy-MM-dd}' AND id = {id.ToString(CultureInfo.InvariantCulture)}");""",
        """return await db.ExecuteAsync("UPDATE users SET id = @big, zip = @count, note = @status WHERE key = @key::uuid AND born > @day::date AND id = @id", new { big, count = (long)count, status = status.ToString(), key, day = $"{day:yyyy-MM-dd}", id });""",
        sql: Schema);

    [Fact]
    public Task Typed_constants_become_casts() => Fixes(
        """return await db.ExecuteAsync($"DELETE FROM users WHERE born < DATE '{name}' AND ts < now() - interval '{days} days' AND x = 1");""",
        """return await db.ExecuteAsync("DELETE FROM users WHERE born < CAST(@name AS date) AND ts < now() - CAST(@days AS interval) AND x = 1", new { name, days = $"{days} days" });""");

    [Fact]
    public Task A_text_as_a_limit() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users LIMIT {name} OFFSET {id}");""",
        """return await db.QueryAsync<User>("SELECT * FROM users LIMIT @name::bigint OFFSET @id", new { name, id });""");

    [Fact]
    public Task Quotes_doubled_by_hand_are_undone() => Fixes(
        """return await db.QueryAsync<User>($"SELECT * FROM users WHERE name = '{name.Replace("'", "''")}' AND note LIKE 'it''s {name.Trim()} \"{id}\"%'");""",
        """return await db.QueryAsync<User>("SELECT * FROM users WHERE name = @name AND note LIKE @note", new { name, note = $"it's {name.Trim()} \"{id}\"%" });""");

    [Theory]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE name = E'{name}'");""")]
    [InlineData("""var safe = name.Replace("'", "''"); return await db.ExecuteAsync($"DELETE FROM users WHERE name = '{safe}'");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE id = {name}");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE name = '{name}'", user);""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE name = '{name}'", new[] { new { id } });""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE name = '{name}'", commandType: CommandType.StoredProcedure);""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE data @> '{name}'");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE id = $1 AND name = '{name}'");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE key = '{day}'");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE x = current_date - {big}");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE id IN ({string.Join(" + ", ids)})");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE id IN (0, {string.Join(",", ids)})");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE status = {status}");""")]
    [InlineData("""return await db.ExecuteAsync($"DELETE FROM users WHERE price = {id * 0.5}");""")]
    public Task Refused(string code) => Refuses(code);

    [Fact]
    public Task Old_csharp() => FixTest.Run(
        FixTest.Wrap("""return await db.ExecuteAsync($"DELETE FROM users WHERE name = '{name}'");""", "NpgsqlConnection db, string name", isOld: true, type: "async Task<object>"),
        FixTest.Wrap("""return await db.ExecuteAsync("DELETE FROM users WHERE name = @name", new { name });""", "NpgsqlConnection db, string name", isOld: true, type: "async Task<object>"),
        LanguageVersion.CSharp7_3);

    [Fact]
    public Task A_field_behind_a_parameter_of_its_name() => FixTest.Run(
        Shadowed("""$"UPDATE users SET title = '{this.name}' WHERE lower(note) LIKE '{name}'" """),
        Shadowed(" \"UPDATE users SET title = @name WHERE lower(note) LIKE @name2\", new { name = this.name, name2 = name }"));

    private static string Shadowed(string arguments) => $$"""
        using Dapper;

        public class Case
        {
            private string name = "";

            public int Run(Npgsql.NpgsqlConnection db, string name)
            {
                this.name += name;
                return db.Execute({{arguments.Trim()}});
            }
        }
        """;
}
