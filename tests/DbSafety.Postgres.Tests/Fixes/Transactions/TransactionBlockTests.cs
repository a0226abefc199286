using static DbSafety.Postgres.Tests.Fixes.Transactions.HalfWork;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>What a failure in the middle leaves on the server: half of the work without a transaction, nothing with one.</summary>
public sealed class TransactionBlockTests(PostgresServer server)
{
    private static readonly object?[] Half = ["order a"];

    [Fact]
    public Task Npgsql_synchronously() => IsDoneWholeOrNotAsync(server, Snippet("""
        using var db = new NpgsqlConnection(connectionString);
        db.Open();
        using (var insert = new NpgsqlCommand("INSERT INTO orders (name) VALUES ('a')", db)) { insert.ExecuteNonQuery(); }
        using var update = db.CreateCommand();
        update.CommandText = "INSERT INTO stock (id, rest) VALUES (9, 1)";
        update.ExecuteNonQuery();
        return Task.CompletedTask;
        """, "Task"), Half, Constraint, Kill);

    [Fact]
    public Task Npgsql_asynchronously() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var db = await source.OpenConnectionAsync(ct);
        await using var insert = new NpgsqlCommand("INSERT INTO orders (name) VALUES ($1)", db) { Parameters = { new() { Value = "a" } } };
        await insert.ExecuteNonQueryAsync(ct);
        await using var update = new NpgsqlCommand("INSERT INTO stock (id, rest) VALUES (9, 1)", db);
        await update.ExecuteNonQueryAsync(ct);
        """), Half, Constraint, Kill, Cancel);

    [Fact]
    public Task Dapper_on_a_closed_connection() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var db = new NpgsqlConnection(connectionString);
        await db.ExecuteAsync(new CommandDefinition("INSERT INTO orders (name) VALUES (@name)", new { name = "a" }, cancellationToken: ct));
        var count = await db.ExecuteScalarAsync<int>("SELECT count(*) FROM orders");
        await db.ExecuteAsync(new CommandDefinition("INSERT INTO stock (id, rest) VALUES (9, @count)", new { count }, cancellationToken: ct));
        """), Half, Constraint, Kill, Cancel);

    [Theory]
    [InlineData("IDbConnection", "")]
    [InlineData("DbConnection", "")]
    [InlineData("IDbConnection", "db.Open();")]
    public Task Dapper_on_a_contract(string type, string open) => IsDoneWholeOrNotAsync(server, Snippet($$"""
        using {{type}} db = new NpgsqlConnection(connectionString);
        {{open}}
        await db.ExecuteAsync(new CommandDefinition("INSERT INTO orders (name) VALUES ('a')", cancellationToken: ct));
        await db.ExecuteAsync(new CommandDefinition("INSERT INTO stock (id, rest) VALUES (9, 1)", cancellationToken: ct));
        """), Half, Constraint, Kill, Cancel);

    [Fact]
    public Task What_is_returned_is_written_whole() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var db = new NpgsqlConnection(connectionString);
        await db.OpenAsync();
        var id = await db.ExecuteScalarAsync<int>("INSERT INTO orders (name) VALUES ('a') RETURNING id");
        return await db.ExecuteScalarAsync<int>("INSERT INTO stock (id, order_id, rest) VALUES (9, @id, 1) RETURNING order_id", new { id });
        """, "async Task<int>"), Half, Constraint, Kill);

    // Stock 9 is not reached: the early way out keeps what is written.
    [Theory]
    [InlineData("if (connectionString.Length > 1) return id;")]
    [InlineData("if (connectionString.Length > 1)\n{\n    return await db.ExecuteScalarAsync<int>(\"SELECT count(*) FROM orders\");\n}\n")]
    public async Task An_early_way_out_keeps_what_was_written(string exit)
    {
        var source = Snippet($$"""
            await using var db = new NpgsqlConnection(connectionString);
            var id = await db.ExecuteScalarAsync<int>("INSERT INTO orders (name) VALUES ('a') RETURNING id");
            {{exit}}
            await db.ExecuteAsync("INSERT INTO stock (id, rest) VALUES (9, 1)");
            return id;
            """, "async Task<int>");
        var fixedSource = await IsDoneWholeOrNotAsync(server, source, []);
        Assert.Equal(2, fixedSource.Split("transaction.CommitAsync()").Length - 1);
    }

    [Fact]
    public Task A_loop_is_done_whole() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var db = new NpgsqlConnection(connectionString);
        var ids = Enumerable.Range(7, connectionString.Length).Where(id => id <= 9).ToList();
        foreach (var id in ids)
        {
            await db.ExecuteAsync(new CommandDefinition("INSERT INTO stock (id, rest) VALUES (@id, 1)", new { id }, cancellationToken: ct));
        }
        """), ["stock 7 1", "stock 8 1"], Constraint, Kill, Cancel);

    [Fact]
    public Task A_list_is_written_whole() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var db = new NpgsqlConnection(connectionString);
        var rows = new[] { 7, 8, 9 }.Select(id => new Stock { Id = id, Rest = id }).ToList();
        return await db.ExecuteAsync("INSERT INTO stock (id, rest) VALUES (@Id, @Rest)", rows);
        """, "async Task<int>"), ["stock 7 7", "stock 8 8"], Constraint, Kill);

    [Fact]
    public Task A_prepared_command_in_a_loop() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var db = new NpgsqlConnection(connectionString);
        await db.OpenAsync(ct);
        await using var insert = new NpgsqlCommand("INSERT INTO stock (id, rest) VALUES ($1, 1)", db);
        var value = new NpgsqlParameter<int>();
        insert.Parameters.Add(value);
        await insert.PrepareAsync(ct);
        var ids = Enumerable.Range(7, connectionString.Length).Where(id => id <= 9).ToList();
        foreach (var id in ids)
        {
            value.TypedValue = id;
            await insert.ExecuteNonQueryAsync(ct);
        }
        """), ["stock 7 1", "stock 8 1"], Constraint, Kill, Cancel);

    [Fact]
    public Task Commands_of_a_data_source() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var insert = source.CreateCommand("INSERT INTO orders (name) VALUES ($1) RETURNING id"))
        {
            insert.Parameters.AddWithValue("a");
            await insert.ExecuteNonQueryAsync(ct);
        }

        await using var update = source.CreateCommand();
        update.CommandText = "INSERT INTO stock (id, rest) VALUES (9, 1)";
        return await update.ExecuteNonQueryAsync(ct);
        """, "async Task<int>"), Half, Constraint, Kill, Cancel);

    [Fact]
    public Task A_callee_takes_part() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var db = new NpgsqlConnection(connectionString);
        await db.OpenAsync(ct);
        await StoreAsync(db);
        await db.ExecuteAsync("INSERT INTO stock (id, rest) VALUES (9, 1)");
        """, members: "private static async Task StoreAsync(NpgsqlConnection c) => await c.ExecuteAsync(\"INSERT INTO orders (name) VALUES ('a')\");"), Half, Constraint, Kill);

    /// <summary>The committed transaction lives to the end of the block: it is in nobody's way, whatever comes.</summary>
    [Theory]
    [InlineData("await using (var next = await db.BeginTransactionAsync()) { await next.RollbackAsync(); }")]
    [InlineData("var open = db.State; await db.CloseAsync(); await db.QueryAsync<int>(\"SELECT 1\");")]
    [InlineData("await db.DisposeAsync();")]
    [InlineData("await using var reader = await db.ExecuteReaderAsync(\"SELECT 1\");")]
    public async Task What_follows_the_commit_is_free(string next)
    {
        var source = Snippet($$"""
            await using var db = new NpgsqlConnection(connectionString);
            await db.OpenAsync();
            await using var transaction = await db.BeginTransactionAsync();
            await db.ExecuteAsync("INSERT INTO orders (name) VALUES ('a')", transaction: transaction);
            await transaction.CommitAsync();
            {{next}}
            """);
        await using var database = await server.CreateDatabaseAsync();
        var outcome = await FixRunner.RunAsync(source, database.ConnectionString, HalfWork.Schema, Fine);
        Assert.Equal(Outcome.Column("done ", "order a"), outcome.ToString());
    }
}
