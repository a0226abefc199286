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

    private const string Slow = "SELECT id FROM samples, pg_sleep(1) WHERE id = 1";

    [Theory]
    [InlineData($"await Task.WhenAll(connection.ExecuteAsync(\"{Slow}\"), connection.ExecuteAsync(\"{Slow}\")); found.Add(1); found.Add(2); found.Add(3);")]
    [InlineData($"var a = connection.QuerySingleAsync<int>(\"{Slow}\"); var b = connection.QuerySingleAsync<int>(\"{Slow}\"); found.Add(await a); found.Add(1 + await b); found.Add(3);")]
    [InlineData("var all = await Task.WhenAll(ids.Select(async id => await connection.QuerySingleAsync<int>(\"SELECT id FROM samples, pg_sleep(1) WHERE id = @id\", new { id }))); found.AddRange(all);")]
    public async Task Operations_run_in_turn(string body)
    {
        var (_, outcomes) = await Overlaps.CompareAsync(server, Snippet(body), [[]]);
        Assert.Equal("NpgsqlOperationInProgressException", outcomes[0].Before.Error);
        Assert.Equal(Outcome.Column(1, 2, 3), outcomes[0].After.ToString());
    }
}
