namespace DbSafety.Postgres.Tests.Harness;

/// <summary>Statements are counted on the server: a driver can't hide one, nor make one up.</summary>
public sealed class StatementCountTests(PostgresServer server)
{
    private static string Snippet(string body) => $$"""
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                {{body}}
            }
        }
        """;

    private async Task<CountedRun> CountAsync(string body)
    {
        var run = await FixRunner.CountAsync(server, Snippet(body));
        Assert.Null(run.Outcome.Error);
        return run;
    }

    [Fact]
    public async Task A_loop_sends_a_statement_for_each_element_and_ANY_sends_one()
    {
        var loop = await CountAsync("""
            var names = new List<string>();
            foreach (var id in new[] { 1, 2, 3 })
            {
                names.Add(await connection.QuerySingleAsync<string>("SELECT name FROM samples WHERE id = @id", new { id }));
            }

            return names;
            """);
        Assert.Equal(Enumerable.Repeat("SELECT name FROM samples WHERE id = $1", 3), loop.Statements);

        var once = await CountAsync("""
            return await connection.QueryAsync<string>("SELECT name FROM samples WHERE id = ANY(@ids) ORDER BY id", new { ids = new[] { 1, 2, 3 } });
            """);
        Assert.Equal(["SELECT name FROM samples WHERE id = ANY($1) ORDER BY id"], once.Statements);
        Assert.Equal(loop.Outcome.ToString(), once.Outcome.ToString());
    }

    [Fact]
    public async Task Dappers_execute_with_a_list_sends_a_statement_for_each_element()
    {
        var run = await CountAsync("""
            return await connection.ExecuteAsync("INSERT INTO users VALUES (@id, 'x')", Enumerable.Range(11, 4).Select(id => new { id }));
            """);
        Assert.Equal(Enumerable.Repeat("INSERT INTO users VALUES ($1, 'x')", 4), run.Statements);
        Assert.Equal("(Int32 4)", run.Outcome.ToString());
    }

    /// <summary>One round trip, three statements.</summary>
    [Fact]
    public async Task A_batch_counts_by_its_commands() => Assert.Equal(["SELECT 1", "SELECT 2", "SELECT 3"], (await CountAsync("""
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("SELECT 1"), new("SELECT 2"), new("SELECT 3") } };
        return await Rows.ReadAsync(batch);
        """)).Statements);

    [Fact]
    public async Task Nothing_is_left_out_or_added()
    {
        var run = await CountAsync("""
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("UPDATE users\n\tSET name = 'grün: \\ \t''x'\n");
            await transaction.CommitAsync();
            await using var command = new NpgsqlCommand("SELECT @p::int", connection) { Parameters = { new("p", 1) } };
            await command.PrepareAsync();
            await command.ExecuteNonQueryAsync();
            return await command.ExecuteScalarAsync();
            """);
        Assert.Equal(
            ["BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED", "UPDATE users\n\tSET name = 'grün: \\ \t''x'\n", "COMMIT", "SELECT $1::int", "SELECT $1::int"],
            run.Statements);
        Assert.Equal(2, run.Count("select"));
    }

    [Fact]
    public async Task Entity_Framework_counts_too() => Assert.Single((await CountAsync("""
        await using var context = new SamplesContext(connectionString);
        return await context.Samples.Where(sample => sample.Id < 3).ToListAsync();
        """)).Statements);

    [Fact]
    public async Task Other_databases_do_not_count()
    {
        await using var mine = await server.CreateDatabaseAsync();
        await using var other = await server.CreateDatabaseAsync();
        var log = await server.CountStatementsAsync(mine);
        _ = await server.CountStatementsAsync(other);
        await other.Npgsql("SELECT 'other'");
        await mine.Npgsql("SELECT 'mine'");
        Assert.Equal(["SELECT 'mine'"], await log.TextsAsync());
    }
}
