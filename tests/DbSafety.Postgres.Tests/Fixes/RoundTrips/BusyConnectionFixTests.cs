using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>What throws on a busy connection gives its rows after the fix.</summary>
public sealed class BusyConnectionFixTests(PostgresServer server)
{
    private static readonly FixRunner Readers = new() { Analyzers = [new CommandWhileReaderOpen()], Fixes = [new ReadFirstFixer()] };

    private static readonly FixRunner Overlaps = new() { Analyzers = [new ConcurrentConnectionUse()], Fixes = [new InTurnFixer()] };

    private static string Snippet(string body) => $$"""
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                await using var context = new SamplesContext(connectionString);
                var found = new List<int>();
                var ids = new[] { 1, 2, 3 };
                {{body}}
                return found;
            }
        }
        """;

    [Theory]
    [InlineData("foreach (var row in context.Samples.OrderBy(row => row.Id)) { found.Add(row.Id + await context.Samples.CountAsync()); }")]
    [InlineData("await foreach (var row in context.Samples.OrderBy(row => row.Id).AsAsyncEnumerable()) { found.Add(row.Id + await context.Samples.CountAsync()); }")]
    [InlineData("foreach (var id in connection.Query<int>(\"SELECT id FROM samples ORDER BY id\", buffered: false)) { found.Add(id + connection.ExecuteScalar<int>(\"SELECT count(*)::int FROM samples\")); }")]
    [InlineData("await foreach (var id in connection.QueryUnbufferedAsync<int>(\"SELECT id FROM samples ORDER BY id\")) { found.Add(id + await connection.ExecuteScalarAsync<int>(\"SELECT count(*)::int FROM samples\")); }")]
    public async Task Rows_are_read_first(string body)
    {
        var (_, outcomes) = await Readers.CompareAsync(server, Snippet(body), [[]]);
        Assert.Equal("NpgsqlOperationInProgressException", outcomes[0].Before.Error);
        Assert.Equal(Outcome.Column(7, 8, 9, 10, 11, 12), outcomes[0].After.ToString());
    }

    // NULL in every second row.
    private static string Reader(string rows, string body) =>
        $"await using var command = new NpgsqlCommand(\"SELECT n, CASE WHEN n % 2 = 0 THEN n * 10 END, CASE WHEN n % 2 = 1 THEN 'n' || n END FROM generate_series({rows}) AS n\", connection);" +
        $" await using var reader = await command.ExecuteReaderAsync(); while (await reader.ReadAsync()) {{ {body} }}";

    private const string Second = "await connection.ExecuteScalarAsync<int>(\"SELECT 100\")";

    [Theory]
    [InlineData($"var ten = reader.IsDBNull(1) ? -1 : reader.GetInt32(1); found.Add(reader.GetInt32(0) + ten + {Second});", 100, 122, 102, 144)]
    [InlineData($"var ten = reader.IsDBNull(1) ? null : (int?)reader.GetInt32(1); found.Add((ten ?? 5) + {Second});", 105, 120, 105, 140)]
    [InlineData($"var name = reader.IsDBNull(2) ? null : reader.GetString(2); found.Add((name?.Length ?? 7) + {Second});", 102, 107, 102, 107)]
    [InlineData($"if (reader.IsDBNull(1)) continue; found.Add(reader.GetInt32(1) + {Second});", 120, 140)]
    [InlineData($"if (!reader.IsDBNull(2) && reader.GetString(2) == \"n3\") found.Add({Second});", 100)]
    [InlineData($"found.Add((reader[1] is int ten ? ten : 1) + (reader.IsDBNull(2) ? 1 : 2) + {Second});", 103, 121, 103, 141)]
    public async Task Rows_of_a_reader_are_read_first(string body, params int[] expected)
    {
        var (_, outcomes) = await Readers.CompareAsync(server, Snippet(Reader("1, 4", body)), [[]]);
        Assert.Equal("NpgsqlOperationInProgressException", outcomes[0].Before.Error);
        Assert.Equal(Outcome.Column([.. expected.Cast<object>()]), outcomes[0].After.ToString());
    }

    [Fact]
    public async Task A_reader_without_rows_gives_none()
    {
        var (_, outcomes) = await Readers.CompareAsync(server, Snippet(Reader("1, 0", $"found.Add(reader.GetInt32(0) + {Second});") + " found.Add(1);"), [[]]);
        Assert.Equal(Outcome.Column(1), outcomes[0].Before.ToString());
        Assert.Equal(Outcome.Column(1), outcomes[0].After.ToString());
    }

    // What the fix counts on where it refuses: only a test keeps NULL from throwing.
    [Fact]
    public async Task NULL_throws_where_it_is_not_tested()
    {
        await using var database = await server.CreateDatabaseAsync();
        var outcome = await FixRunner.RunAsync(Snippet(Reader("1, 2", "found.Add(reader.GetString(2).Length);")), database.ConnectionString);
        Assert.Equal("InvalidCastException", outcome.Error);
    }

    private const string Slow = "SELECT id FROM samples, pg_sleep(1) WHERE id = 1";

    [Theory]
    [InlineData($"await Task.WhenAll(connection.ExecuteAsync(\"{Slow}\"), connection.ExecuteAsync(\"{Slow}\")); found.Add(1); found.Add(2); found.Add(3);")]
    [InlineData($"var a = connection.QuerySingleAsync<int>(\"{Slow}\"); var b = connection.QuerySingleAsync<int>(\"{Slow}\"); found.Add(await a); found.Add(1 + await b); found.Add(3);")]
    [InlineData("var all = await Task.WhenAll(ids.Select(async id => await connection.QuerySingleAsync<int>(\"SELECT id FROM samples, pg_sleep(1) WHERE id = @id\", new { id }))); found.AddRange(all);")]
    [InlineData("var all = await Task.WhenAll(ids.Select(async id => { var same = await connection.QuerySingleAsync<int>(\"SELECT id FROM samples, pg_sleep(1) WHERE id = @id\", new { id }); return same; })).ConfigureAwait(false); found.AddRange(all);")]
    public async Task Operations_run_in_turn(string body)
    {
        var (_, outcomes) = await Overlaps.CompareAsync(server, Snippet(body), [[]]);
        Assert.Equal("NpgsqlOperationInProgressException", outcomes[0].Before.Error);
        Assert.Equal(Outcome.Column(1, 2, 3), outcomes[0].After.ToString());
    }
}
