using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>A command that reads one value per element becomes one command before the loop, and a dictionary.</summary>
public sealed class CommandQueryInLoopFixTests
{
    private static Task Fixes(string before, string after, string? sql = null) => RoundTripFixTest.Fixes(new CommandQueryInLoopFixer(), before, after, sql, QueryInLoopFixer.Title);

    private static Task Refuses(string code, string? sql = null) => RoundTripFixTest.Refuses(new CommandQueryInLoopFixer(), code, sql);

    private static string Loop(string body, string source = "orders") => $$"""
        foreach (var order in {{source}})
        {
            {{body.Replace("\n", "\n    ")}}
        }

        return log;
        """;

    private static string Scalar(string sql, string value = "order.UserId", string use = "(string?)await command.ExecuteScalarAsync(ct)") => Loop($$"""
        await using var command = new NpgsqlCommand("{{sql}}", db);
        command.Parameters.AddWithValue("id", {{value}});
        var name = {{use}};
        log.Add("" + name);
        """);

    [Fact]
    public Task A_value_for_each_element() => Fixes(
        Loop("""
            await using var command = new NpgsqlCommand("SELECT name FROM users WHERE id = @id AND visits > @limit", db);
            command.Parameters.AddWithValue("@id", order.UserId);
            command.Parameters.AddWithValue("limit", limit);
            command.CommandTimeout = 5;

            var name = (string?)await command.ExecuteScalarAsync(ct).ConfigureAwait(false);
            log.Add("" + name);
            """),
        """
        var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
        var namesById = new Dictionary<int, object>();
        await using (var command = new NpgsqlCommand("SELECT name, id FROM users WHERE id = ANY(@ids) AND visits > @limit", db))
        {
            command.Parameters.AddWithValue("@ids", userIds);
            command.Parameters.AddWithValue("limit", limit);
            command.CommandTimeout = 5;
            await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                namesById.TryAdd(reader.GetFieldValue<int>(1), reader.GetValue(0));
            }
        }

        foreach (var order in orders)
        {
            var name = (string?)namesById.GetValueOrDefault(order.UserId);
            log.Add("" + name);
        }

        return log;
        """);

    [Fact]
    public Task A_count_and_a_text_that_is_set_behind() => Fixes(
        Loop("""
            log.Add("before");
            var id = order.Id;
            using var command = db.CreateCommand();
            command.CommandText = "SELECT count(*) FROM orders WHERE user_id = $1";
            command.Parameters.Add(new() { Value = id });
            if ((long)command.ExecuteScalar()! > 0) { }
            """.Replace("if (", "var has = (").Replace(" > 0) { }", " > 0);\nlog.Add(\"\" + has);"), "lazy"),
        """
        var orders2 = lazy.ToList();
        var orderIds = orders2.Select(order => order.Id).Distinct().ToArray();
        var countsByUserId = new Dictionary<int, object>();
        using (var command = db.CreateCommand())
        {
            command.CommandText = "SELECT count(*), user_id FROM orders WHERE user_id = ANY($1) GROUP BY user_id";
            command.Parameters.Add(new() { Value = orderIds });
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                countsByUserId.TryAdd(reader.GetFieldValue<int>(1), reader.GetValue(0));
            }
        }

        foreach (var order in orders2)
        {
            log.Add("before");
            var id = order.Id;
            var has = ((long)countsByUserId.GetValueOrDefault(id, 0L)! > 0);
            log.Add("" + has);
        }

        return log;
        """);

    [Fact]
    public Task A_text_elsewhere_and_a_key_of_text() => Fixes(
        "const string Sql = \"SELECT sum(price) FROM users WHERE name = @id\";\n" + Loop("""
            using var command = new NpgsqlCommand(Sql, db) { Parameters = { new("id", order.Code) } };
            var sum = command.ExecuteScalar() as decimal?;
            log.Add("" + sum);
            """),
        """
        const string Sql = "SELECT sum(price), name FROM users WHERE name = ANY(@ids) GROUP BY name";
        var orderCodes = orders.Select(order => order.Code).Distinct().ToArray();
        var sumsByName = new Dictionary<string, object>();
        using (var command = new NpgsqlCommand(Sql, db) { Parameters = { new("ids", orderCodes) } })
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                sumsByName.TryAdd(reader.GetFieldValue<string>(1), reader.GetValue(0));
            }
        }

        foreach (var order in orders)
        {
            var sum = sumsByName.GetValueOrDefault(order.Code, DBNull.Value) as decimal?;
            log.Add("" + sum);
        }

        return log;
        """, RoundTripFixTest.Schema);

    [Fact]
    public Task Two_in_one_loop_share_the_keys() => Fixes(
        Loop("""
            await using var command = new NpgsqlCommand("SELECT name FROM users WHERE id = @id", db);
            command.Parameters.AddWithValue("id", order.UserId);
            var name = (string?)await command.ExecuteScalarAsync(ct);
            await using var other = new NpgsqlCommand("SELECT nick FROM users WHERE id = @id", db);
            other.Parameters.AddWithValue("id", order.UserId);
            log.Add(name + await other.ExecuteScalarAsync(ct));
            """),
        """
        var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
        var namesById = new Dictionary<int, object>();
        await using (var command = new NpgsqlCommand("SELECT name, id FROM users WHERE id = ANY(@ids)", db))
        {
            command.Parameters.AddWithValue("ids", userIds);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                namesById.TryAdd(reader.GetFieldValue<int>(1), reader.GetValue(0));
            }
        }

        var nicksById = new Dictionary<int, object>();
        await using (var other = new NpgsqlCommand("SELECT nick, id FROM users WHERE id = ANY(@ids)", db))
        {
            other.Parameters.AddWithValue("ids", userIds);
            await using var reader2 = await other.ExecuteReaderAsync(ct);
            while (await reader2.ReadAsync(ct))
            {
                nicksById.TryAdd(reader2.GetFieldValue<int>(1), reader2.GetValue(0));
            }
        }

        foreach (var order in orders)
        {
            var name = (string?)namesById.GetValueOrDefault(order.UserId);
            log.Add(name + nicksById.GetValueOrDefault(order.UserId));
        }

        return log;
        """);

    [Theory]
    [InlineData("SELECT name FROM users WHERE id > @id")]
    [InlineData("SELECT name FROM users WHERE id = @id LIMIT 1")]
    [InlineData("SELECT name, id FROM users WHERE id = @id")]
    [InlineData("SELECT * FROM users WHERE id = @id")]
    [InlineData("SELECT count(*)::int FROM users WHERE id = @id")]
    [InlineData("SELECT name FROM users WHERE id = @id FOR UPDATE")]
    [InlineData("SELECT EXISTS (SELECT 1 FROM users WHERE id = @id)")]
    public Task Other_statements(string sql) => Refuses(Scalar(sql));

    [Theory]
    [InlineData("SELECT name FROM users WHERE nick = @id", "order.Code")]
    [InlineData("SELECT name FROM users WHERE code = @id", "order.Code")]
    [InlineData("SELECT name FROM users WHERE id = @id", "(object?)order.CouponId ?? DBNull.Value")]
    [InlineData("SELECT name FROM users WHERE id = @id", "order.CouponId!")]
    [InlineData("SELECT name FROM users WHERE price = @id", "order.Total")]
    [InlineData("SELECT name FROM users WHERE score = @id", "order.Id")]
    [InlineData("SELECT name FROM users WHERE id = @id", "order.Next")]
    [InlineData("SELECT name FROM users WHERE id = @id", "order.Id + 1")]
    public Task Other_keys(string sql, string value) => Refuses(Scalar(sql, value), RoundTripFixTest.Schema + " CREATE TABLE scores (id int); ALTER TABLE users ADD COLUMN score double precision;");

    [Theory]
    [InlineData("command.Parameters.Add(\"id\", NpgsqlTypes.NpgsqlDbType.Integer).Value = order.Id;", "var name = await command.ExecuteScalarAsync(ct);")]
    [InlineData("command.Parameters.AddWithValue(\"id\", order.Id); // by id", "var name = await command.ExecuteScalarAsync(ct);")]
    [InlineData("command.Parameters.AddWithValue(\"id\", order.Id); await command.PrepareAsync(ct);", "var name = await command.ExecuteScalarAsync(ct);")]
    [InlineData("command.Parameters.AddWithValue(\"id\", order.Id);", "var name = await command.ExecuteScalarAsync(ct); db.Execute(\"DELETE FROM users\");")]
    [InlineData("command.Parameters.AddWithValue(\"id\", order.Id);", "var name = await command.ExecuteScalarAsync(ct); log.Add(command.CommandText);")]
    [InlineData("command.Parameters.AddWithValue(\"id\", order.Id);", "await command.ExecuteScalarAsync(ct); var name = 1;")]
    [InlineData("command.Parameters.AddWithValue(\"id\", order.Id);", "await using var reader = await command.ExecuteReaderAsync(ct); var name = reader.Read();")]
    [InlineData("command.Parameters.AddWithValue(\"id\", order.Id);", "object? name; try { name = await command.ExecuteScalarAsync(ct); } catch (Exception) { name = null; }")]
    public Task Other_loops(string parameters, string body) => Refuses(Loop($$"""
        await using var command = new NpgsqlCommand("SELECT name FROM users WHERE id = @id", db);
        {{parameters}}
        {{body}}
        log.Add("" + name);
        """));
}
