using DbSafety.Analyzers.Rules.Transactions;
using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>DBS3013: two transactions meet; after the fix the one that is refused runs again.</summary>
public sealed class RetryLoopTests(PostgresServer server)
{
    private static readonly FixRunner Runner = new() { Analyzers = [new SerializableWithoutRetry()], Fixes = [new RetryLoopFixer()] };

    // Another transaction changes the row between the read and the write, as often as it is told.
    private static string Snippet(string body, string type) => $$"""
        public static class Snippet
        {
            private static int attempts;
            private static int meetings;
            private static string text = "";

            public static async Task<object?> Run(string connectionString, int times)
            {
                attempts = 0;
                meetings = times;
                text = connectionString;
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                await connection.ExecuteAsync("UPDATE samples SET qty = 0 WHERE id = 1");
                await Write(connection);
                return new List<int> { attempts, await connection.QuerySingleAsync<int>("SELECT qty FROM samples WHERE id = 1") };
            }

            private static {{type}} Write(NpgsqlConnection connection)
            {
                {{body}}
            }

            private static void Meet(NpgsqlConnection connection)
            {
                if (attempts++ < meetings)
                {
                    using var other = new NpgsqlConnection(text);
                    other.Execute("UPDATE samples SET qty = qty + 100 WHERE id = 1");
                }
            }
        }
        """;

    private const string Async = """
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable);
        var quantity = await connection.QuerySingleAsync<int>("SELECT qty FROM samples WHERE id = 1", transaction: transaction);
        Meet(connection);
        await connection.ExecuteAsync("UPDATE samples SET qty = @next WHERE id = 1", new { next = quantity + 1 }, transaction);
        await transaction.CommitAsync();
        """;

    private const string Sync = """
        using (var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead))
        {
            using var read = new NpgsqlCommand("SELECT qty FROM samples WHERE id = 1", connection, transaction);
            var quantity = (int)read.ExecuteScalar()!;
            Meet(connection);
            using var write = new NpgsqlCommand("UPDATE samples SET qty = @next WHERE id = 1", connection, transaction) { Parameters = { new("next", quantity + 1) } };
            write.ExecuteNonQuery();
            transaction.Commit();
            return Task.FromResult(quantity);
        }
        """;

    [Theory]
    [InlineData(Async, "async Task")]
    [InlineData(Sync, "Task<int>")]
    public async Task The_transaction_runs_again(string body, string type)
    {
        var (_, outcomes) = await Runner.CompareAsync(server, Snippet(body, type), [[1], [2], [3]]);
        Assert.Equal(["40001", "40001", "40001"], outcomes.Select(outcome => outcome.Before.SqlState));
        Assert.Equal(Outcome.Column(2, 101), outcomes[0].After.ToString());
        Assert.Equal("40001", outcomes[2].After.SqlState);
    }
}
