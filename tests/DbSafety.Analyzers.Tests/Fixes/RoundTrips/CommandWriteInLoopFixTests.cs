using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis.Testing;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>A loop that does nothing but make and run a command becomes a batch, or one statement.</summary>
public sealed class CommandWriteInLoopFixTests
{
    // FixAll leaves what needs a person's word, so it is not compared with the single fix.
    private static Task Fixes(string before, string after, string key, string title) => RoundTripFixTest.Fixes(new CommandWriteInLoopFixer(), before, after, title: title, configure: test =>
    {
        test.CodeActionEquivalenceKey = key;
        test.CodeFixTestBehaviors |= CodeFixTestBehaviors.SkipFixAllCheck;
    });

    private static Task Batches(string before, string after) => Fixes(before, after, CommandWriteInLoopFixer.BatchKey, CommandWriteInLoopFixer.BatchTitle);

    private static Task Unites(string before, string after) => Fixes(before, after, WriteInLoopFixer.Key, WriteInLoopFixer.Title);

    private static Task Refuses(string code) => RoundTripFixTest.Refuses(new CommandWriteInLoopFixer(), code);

    private static string Loop(string body, string source = "orders") => $$"""
        foreach (var order in {{source}})
        {
            {{body.Replace("\n", "\n    ")}}
        }

        return log;
        """;

    private const string Update = """
        // the newest totals
        await using var command = new NpgsqlCommand("UPDATE orders SET total = @total WHERE id = @id", db);
        command.Parameters.AddWithValue("id", order.Id);
        command.Parameters.AddWithValue("total", order.Total);
        await command.ExecuteNonQueryAsync(ct);
        """;

    private const string BatchedUpdate = """
        await using var batch = new NpgsqlBatch(db);
        foreach (var order in orders)
        {
            // the newest totals
            var command = new NpgsqlBatchCommand("UPDATE orders SET total = @total WHERE id = @id");
            command.Parameters.AddWithValue("id", order.Id);
            command.Parameters.AddWithValue("total", order.Total);
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(ct);

        return log;
        """;

    [Fact]
    public Task A_batch_of_updates() => Batches(Loop(Update), BatchedUpdate);

    [Fact]
    public Task A_batch_of_whatever_a_command_may_be_given() => Batches(
        Loop("""
            var code = order.Code.Trim();
            using NpgsqlCommand command = db.CreateCommand();
            command.Transaction = tx2;
            command.CommandText = "INSERT INTO orders VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET code = excluded.code";
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = order.At });
            command.Parameters.Add(new() { Value = code });
            command.ExecuteNonQuery();
            """).Insert(0, "NpgsqlTransaction tx2 = db.BeginTransaction();\nvar batch = 1;\n"),
        """
        NpgsqlTransaction tx2 = db.BeginTransaction();
        var batch = 1;
        using var batch2 = new NpgsqlBatch(db, tx2);
        foreach (var order in orders)
        {
            var code = order.Code.Trim();
            var command = new NpgsqlBatchCommand();
            command.CommandText = "INSERT INTO orders VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET code = excluded.code";
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = order.At });
            command.Parameters.Add(new() { Value = code });
            batch2.BatchCommands.Add(command);
        }

        batch2.ExecuteNonQuery();

        return log;
        """);

    [Fact]
    public Task A_batch_of_a_data_source_and_of_initialised_commands()
    {
        const string Start = "await using var source = NpgsqlDataSource.Create(\"\");\n";
        return Batches(
            Start + Loop("""
                await using var command = source.CreateCommand("INSERT INTO orders VALUES (@at)");
                command.Parameters.Add("at", NpgsqlTypes.NpgsqlDbType.Date).Value = order.At;
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
                """),
            Start + """
            await using var batch = source.CreateBatch();
            foreach (var order in orders)
            {
                var command = new NpgsqlBatchCommand("INSERT INTO orders VALUES (@at)");
                command.Parameters.Add("at", NpgsqlTypes.NpgsqlDbType.Date).Value = order.At;
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync().ConfigureAwait(false);

            return log;
            """);
    }

    [Fact]
    public Task An_insert_of_all_rows() => Unites(
        Loop("""
            await using var command = new NpgsqlCommand("INSERT INTO orders (id, code, total) VALUES (@id, @code, @limit)", db);
            command.Parameters.AddWithValue("@id", order.Id);
            command.Parameters.Add(new NpgsqlParameter("code", (object?)order.Name ?? DBNull.Value));
            command.Parameters.AddWithValue("limit", limit);
            await command.ExecuteNonQueryAsync(ct);
            """, "lazy"),
        """
        var orders2 = lazy.ToList();
        await using var command = new NpgsqlCommand("INSERT INTO orders (id, code, total) SELECT item.id, item.code, @limit FROM unnest(@ids, @codes) AS item(id, code)", db);
        command.Parameters.AddWithValue("@ids", orders2.Select(order => order.Id).ToArray());
        command.Parameters.Add(new NpgsqlParameter("codes", orders2.Select(order => order.Name).ToArray()));
        command.Parameters.AddWithValue("limit", limit);
        await command.ExecuteNonQueryAsync(ct);

        return log;
        """);

    [Fact]
    public Task Positions_stay() => Unites(
        Loop("""
            using var command = new NpgsqlCommand("INSERT INTO orders VALUES ($1, $2::jsonb)", db) { Parameters = { new() { Value = order.Id }, new() { Value = order.Code } } };
            command.ExecuteNonQuery();
            """),
        """
        using var command = new NpgsqlCommand("INSERT INTO orders SELECT item.value1, item.value2::jsonb FROM unnest($1, $2) AS item(value1, value2)", db) { Parameters = { new() { Value = orders.Select(order => order.Id).ToArray() }, new() { Value = orders.Select(order => order.Code).ToArray() } } };
        command.ExecuteNonQuery();

        return log;
        """);

    [Theory]
    [InlineData("DELETE FROM users WHERE id = @id", "DELETE FROM users WHERE id = ANY(@ids)")]
    [InlineData("UPDATE users SET active = false, seen = now() WHERE id = @id AND active", "UPDATE users SET active = false, seen = now() WHERE id = ANY(@ids) AND active")]
    public Task Rows_found_by_a_key(string before, string after) => Unites(
        "var sql = 1;\n" + Loop($$"""
            var id = order.UserId;
            using var command = db.CreateCommand();
            command.CommandText = "{{before}}";
            command.CommandTimeout = 5;
            command.Parameters.AddWithValue("id", id);
            await command.ExecuteNonQueryAsync();
            """).Replace("return log;", "{ using var command = db.CreateCommand(); }\nreturn log;"),
        $$"""
        var sql = 1;
        using var command2 = db.CreateCommand();
        command2.CommandText = "{{after}}";
        command2.CommandTimeout = 5;
        command2.Parameters.AddWithValue("ids", orders.Select(order => order.UserId).Distinct().ToArray());
        await command2.ExecuteNonQueryAsync();

        { using var command = db.CreateCommand(); }
        return log;
        """);

    [Theory]
    [InlineData("UPDATE orders SET total = @total WHERE id = @id")]
    [InlineData("INSERT INTO orders (id, total) VALUES (@id, @total) ON CONFLICT (id) DO UPDATE SET total = excluded.total")]
    [InlineData("INSERT INTO orders (id, total) VALUES (@id, @total) RETURNING id")]
    [InlineData("INSERT INTO orders (id, total) SELECT @id, @total")]
    public Task What_differs_by_row_is_for_a_batch_only(string sql) => Fixes(
        Loop(Update.Replace("UPDATE orders SET total = @total WHERE id = @id", sql).Replace("// the newest totals\n", "")),
        Loop(Update.Replace("UPDATE orders SET total = @total WHERE id = @id", sql).Replace("// the newest totals\n", "")),
        WriteInLoopFixer.Key, WriteInLoopFixer.Title);

    [Theory]
    [InlineData("order.At", "DateTime")]
    [InlineData("order.Status", "Status")]
    [InlineData("order.Id + 1", "int")]
    [InlineData("Guid.NewGuid()", "Guid")]
    public Task Values_that_no_array_holds_alike_are_for_a_batch_only(string value, string type)
    {
        var code = Loop($$"""
            await using var command = new NpgsqlCommand("INSERT INTO orders VALUES (@id, @value)", db);
            command.Parameters.AddWithValue("id", order.Id);
            {{type}} value = {{value}};
            command.Parameters.AddWithValue("value", value);
            await command.ExecuteNonQueryAsync(ct);
            """);
        return Fixes(code, code, WriteInLoopFixer.Key, WriteInLoopFixer.Title);
    }

    [Theory]
    [InlineData("command.Cancel();", "await command.ExecuteNonQueryAsync(ct);")]
    [InlineData("command.CommandType = CommandType.StoredProcedure;", "await command.ExecuteNonQueryAsync(ct);")]
    [InlineData("await command.PrepareAsync(ct);", "await command.ExecuteNonQueryAsync(ct);")]
    [InlineData("log.Add(order.Code);", "await command.ExecuteNonQueryAsync(ct);")]
    [InlineData("if (order.Total == 0) continue;", "await command.ExecuteNonQueryAsync(ct);")]
    [InlineData("", "limit += await command.ExecuteNonQueryAsync(ct);")]
    [InlineData("", "await command.ExecuteNonQueryAsync(ct); log.Add(order.Code);")]
    [InlineData("", "await command.ExecuteNonQueryAsync(new CancellationTokenSource(order.Id).Token);")]
    [InlineData("command.CommandTimeout = order.Id;", "await command.ExecuteNonQueryAsync(ct);")]
    [InlineData("command.Parameters.AddWithValue(\"more\", await any.QueryFirstAsync<int>(\"SELECT 1\"));", "await command.ExecuteNonQueryAsync(ct);")]
    public Task A_loop_that_does_more(string more, string last) => Refuses(Loop($$"""
        await using var command = new NpgsqlCommand("UPDATE orders SET total = @total WHERE id = @id", db);
        command.Parameters.AddWithValue("id", order.Id);
        command.Parameters.AddWithValue("total", order.Total);
        {{more}}
        {{last}}
        """));
}
