using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>Commands of Npgsql in loops, and what takes their place: the same rows and values.</summary>
public sealed class CommandTests(PostgresServer server)
{
    private static readonly FixRunner Writes = new() { Analyzers = [new WriteInLoop()], Fixes = [new CommandWriteInLoopFixer()] };

    private static readonly FixRunner Queries = new()
    {
        Analyzers = [new QueryInLoop()], Fixes = [new CommandQueryInLoopFixer()], AdditionalFiles = LoopSnippet.Queries.AdditionalFiles,
    };

    private static readonly object?[][] Unique = [[new[] { 3, 1, 2, 9 }], [Array.Empty<int>()]];

    private static string Loop(string sql, string parameters, string source = "items") => $$"""
        foreach (var item in {{source}})
        {
            await using var command = new NpgsqlCommand("{{sql}}", connection);
            {{parameters}}
            await command.ExecuteNonQueryAsync();
        }
        """;

    // One statement: once for all elements. A batch: once for each, and not at all for none.
    private async Task<string> Same(string body, string key, object?[][]? keys = null)
    {
        keys ??= LoopSnippet.Keys;
        var (result, runs) = await Writes.CompareStatementsAsync(server, LoopSnippet.Of(body), keys, equivalenceKey: key);
        for (var i = 0; i < keys.Length; i++)
        {
            var count = ((int[])keys[i][0]!).Length;
            Assert.Null(runs[i].Before.Outcome.Error);
            Assert.Equal(runs[i].Before.Outcome.ToString(), runs[i].After.Outcome.ToString());
            Assert.Equal(count, runs[i].Before.Count("/* done */"));
            Assert.Equal(key == CommandWriteInLoopFixer.BatchKey ? count : 1, runs[i].After.Count("/* done */"));
        }

        return result.Source;
    }

    private async Task Both(string sql, string parameters, string source = "items", object?[][]? keys = null)
    {
        await Same(Loop(sql, parameters, source), CommandWriteInLoopFixer.BatchKey, keys);
        await Same(Loop(sql, parameters, source), WriteInLoopFixer.Key, keys);
    }

    [Fact]
    public async Task Inserts()
    {
        await Both(
            "INSERT INTO notes (id, body, price, flag, ref) /* done */ VALUES (@key, @text, @price, @flag, @ref)",
            """
            command.Parameters.AddWithValue("key", item.Key);
            command.Parameters.AddWithValue("@text", item.Text);
            command.Parameters.Add(new NpgsqlParameter("price", item.Price));
            command.Parameters.AddWithValue("flag", item.Flag);
            command.Parameters.AddWithValue("ref", item.Ref);
            """,
            keys: Unique);
        await Both(
            "INSERT INTO notes (id, body, doc, price) /* done */ VALUES ($1, $2, $3::jsonb, 7) ON CONFLICT DO NOTHING",
            """
            command.Parameters.Add(new() { Value = (object?)item.Other ?? DBNull.Value });
            command.Parameters.AddWithValue(item.Text);
            command.Parameters.AddWithValue("{}");
            """,
            "Lazy(items)");
    }

    [Fact]
    public async Task Deletes_and_updates()
    {
        await Both("DELETE FROM people /* done */ WHERE id = @id AND team = 7", "command.Parameters.AddWithValue(\"id\", item.Key);");
        await Both("DELETE FROM people /* done */ WHERE team = $1", "command.Parameters.Add(new() { Value = (object?)item.Other ?? DBNull.Value });", "Lazy(items)", [[new[] { 7, 2, 7 }], [Array.Empty<int>()]]);
        await Both("UPDATE people /* done */ SET team = 99, name = @name WHERE mail = @mail", "command.Parameters.AddWithValue(\"name\", \"new\"); command.Parameters.AddWithValue(\"mail\", item.Text);");
    }

    [Theory]
    [InlineData("UPDATE people /* done */ SET team = coalesce(team, 0) + @key, name = name || @text WHERE id = @key")]
    [InlineData("INSERT INTO notes (id, body) /* done */ VALUES (@key, @text) ON CONFLICT (id) DO UPDATE SET body = notes.body || excluded.body")]
    [InlineData("INSERT INTO notes (id, body) /* done */ SELECT @key + count(*), @text FROM notes HAVING count(*) < 3 ON CONFLICT DO NOTHING RETURNING id")]
    public async Task A_batch_runs_just_what_the_loop_ran(string sql)
    {
        const string Parameters = "command.Parameters.Add(\"key\", NpgsqlTypes.NpgsqlDbType.Integer).Value = item.Key; command.Parameters.AddWithValue(\"text\", item.Text);";
        var source = await Same(Loop(sql, Parameters, "Lazy(items)"), CommandWriteInLoopFixer.BatchKey);
        Assert.Contains("new NpgsqlBatch(connection)", source);
    }

    [Fact]
    public async Task A_batch_of_a_data_source_and_in_a_transaction()
    {
        await Same("""
            await using var data = NpgsqlDataSource.Create(connectionString);
            foreach (var item in items)
            {
                using var command = data.CreateCommand("UPDATE people /* done */ SET name = name || @key WHERE id = @key");
                command.Parameters.AddWithValue("key", item.Key);
                command.ExecuteNonQuery();
            }
            """.Replace("|| @key", "|| 'x', team = @key"), CommandWriteInLoopFixer.BatchKey);
        await Same("""
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var item in items)
            {
                using var command = connection.CreateCommand();
                command.CommandText = "UPDATE people /* done */ SET team = $1 WHERE id = $1";
                command.Transaction = transaction;
                command.Parameters.Add(new() { Value = item.Key });
                await command.ExecuteNonQueryAsync();
            }

            await transaction.RollbackAsync();
            """, CommandWriteInLoopFixer.BatchKey);
    }

    /// <summary>One transaction, and so one answer to wait for: Npgsql sends one Sync, and the server ends the transaction there.</summary>
    [Fact]
    public async Task A_batch_is_one_trip_and_all_or_nothing()
    {
        var body = Loop("INSERT INTO notes (id) VALUES (@id)", "command.Parameters.AddWithValue(\"id\", item.Key);");
        var (result, runs) = await Writes.CompareAsync(
            server, LoopSnippet.Of(body + "\nresult.Add(\"transactions \" + connection.ExecuteScalar<long>(\"SELECT count(DISTINCT xmin::text) FROM notes\"));"), [[new[] { 1, 2, 3 }]]);
        Assert.Equal(CommandWriteInLoopFixer.BatchTitle, Assert.Single(result.Applied).Title);
        Assert.Contains("transactions 3", runs[0].Before.ToString());
        Assert.Contains("transactions 1", runs[0].After.ToString());

        var (_, failing) = await Writes.CompareAsync(server, LoopSnippet.Of($$"""
            try
            {
                {{body.Replace("\n", "\n    ")}}
            }
            catch (PostgresException e)
            {
                result.Add(e.SqlState);
            }
            """), [[new[] { 1, 2, 1, 3 }]]);
        Assert.Contains("'23505'", failing[0].Before.ToString());
        Assert.Contains("'23505'", failing[0].After.ToString());
        Assert.Contains("'1|1|", failing[0].Before.ToString());
        Assert.DoesNotContain("'1|1|", failing[0].After.ToString());
    }

    [Fact]
    public async Task FixAll_leaves_writes_to_a_person()
    {
        var source = LoopSnippet.Of(Loop("DELETE FROM notes WHERE id = @id", "command.Parameters.AddWithValue(\"id\", item.Key);"));
        Assert.Equal([CommandWriteInLoopFixer.BatchKey, WriteInLoopFixer.Key], (await Writes.OffersAsync(source)).Select(offer => offer.EquivalenceKey));
        Assert.Equal(source, await Writes.ApplyFixAllAsync(source, CommandWriteInLoopFixer.BatchKey));
        Assert.Equal(source, await Writes.ApplyFixAllAsync(source, WriteInLoopFixer.Key));
    }

    private static string Ask(string item, string where, string value, string use, string source = "items") => $$"""
        foreach (var item in {{source}})
        {
            await using var command = new NpgsqlCommand("SELECT {{item}} FROM people /* asked */ WHERE {{where}} = @id", connection);
            command.Parameters.AddWithValue("id", {{value}});
            var found = {{use.Replace("CALL", "await command.ExecuteScalarAsync()")}};
            result.Add(found);
        }
        """;

    private Task<string> Asks(string body, object?[][]? keys = null) => LoopSnippet.SameAsync(server, Queries, body, "/* asked */", keys => keys.Length, keys);

    [Theory]
    [InlineData("name", "(string?)CALL")]
    [InlineData("mail", "CALL as string")]
    [InlineData("mail", "CALL is DBNull")]
    [InlineData("score", "CALL is decimal score ? score : 0")]
    [InlineData("team", "CALL as int?")]
    [InlineData("team", "CALL as string")]
    [InlineData("ref", "CALL as Guid?")]
    [InlineData("1", "CALL is not null")]
    [InlineData("id", "(int?)CALL")]
    [InlineData("count(*)", "(long)(CALL)!")]
    [InlineData("max(score)", "CALL as decimal?")]
    [InlineData("max(score)", "CALL is DBNull")]
    public async Task Values(string item, string use)
    {
        await Asks(Ask(item, "id", "item.Key", use));
        await Asks(Ask(item, "id", "item.Key", use.Replace("CALL", "command.ExecuteScalar()"), "Lazy(items)"));
    }

    [Fact]
    public async Task The_first_row_and_keys_of_other_types()
    {
        await Asks(Ask("name", "id", "item.Key", "(string?)CALL").Replace("= @id\"", "= @id ORDER BY name DESC\""));
        await Asks(Ask("name", "score", "item.Key", "(string?)CALL"));
        await Asks(Ask("name", "mail", "item.Text", "(string?)CALL"));
        await Asks(Ask("name", "ref", "item.Ref", "(string?)CALL"));
        await Asks(Ask("name", "id", "(long)item.Key", "(string?)CALL").Replace("(long)item.Key", "item.Key").Replace("@id", "$1").Replace("AddWithValue(\"id\", item.Key)", "Add(new() { Value = item.Key })"));
    }

    // The cast of NULL throws before and after; that of a row that nobody reads throws neither before nor after.
    [Fact]
    public async Task A_cast_that_fails_still_fails_and_only_for_the_row_that_is_read()
    {
        const string Try = "try\n{\n    BODY\n}\ncatch (InvalidCastException)\n{\n    result.Add(\"cast\");\n}";
        await LoopSnippet.SameAsync(server, Queries, Try.Replace("BODY", Ask("mail", "id", "item.Key", "(string?)CALL").Replace("\n", "\n    ")), "/* asked */", keys: [[new[] { 1, 3, 2 }], [Array.Empty<int>()]]);
        await Asks(Ask("ref", "id", "item.Key", "(Guid?)CALL").Replace("= @id\"", "= @id ORDER BY ref\""), [[new[] { 5, 1 }]]);
    }
}
