using DbSafety.Analyzers.Rules.Transactions;
using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>A row that is locked for a write: whether another session can lock it in between, before the fix and after it.</summary>
public sealed class LockFixTests(PostgresServer server)
{
    private static readonly FixRunner Runner = new() { Analyzers = [new LockWithoutTransaction()], Fixes = [new LockFixer()] };

    // The write takes long enough for the other session to try.
    private const string Locking = "\"SELECT name FROM samples WHERE id = 1 FOR UPDATE\"";
    private const string Write = "\"UPDATE samples SET name = @name FROM pg_sleep(1) WHERE id = 2\"";

    private static string Snippet(string body) => $$"""
        using System.Threading;
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                await using var other = new NpgsqlConnection(connectionString);
                await other.OpenAsync();
                var refused = 0;
                var work = Work(connection);
                for (; !work.IsCompleted; await Task.Delay(10))
                {
                    try { await other.ExecuteAsync("SELECT name FROM samples WHERE id = 1 FOR UPDATE NOWAIT"); }
                    catch (PostgresException e) when (e.SqlState == "55P03") { refused++; }
                }

                await work;
                return new List<string> { refused > 5 ? "held" : "free", await other.QuerySingleAsync<string>("SELECT name FROM samples WHERE id = 2") };
            }

            private static async Task Work(NpgsqlConnection connection)
            {
                {{body}}
            }
        }
        """;

    [Theory]
    [InlineData($"var name = await connection.QuerySingleAsync<string>({Locking}); await connection.ExecuteAsync({Write}, new {{ name }});")]
    [InlineData($"await using var query = new NpgsqlCommand({Locking}, connection); var name = (string)(await query.ExecuteScalarAsync())!; await using var command = new NpgsqlCommand({Write}, connection); command.Parameters.AddWithValue(\"name\", name); await command.ExecuteNonQueryAsync();")]
    public async Task The_lock_lasts_until_the_write(string body)
    {
        var (_, outcomes) = await Runner.CompareAsync(server, Snippet(body), [[]]);
        Assert.Equal(Outcome.Column("free", "alpha").ToString(), outcomes[0].Before.ToString());
        Assert.Equal(Outcome.Column("held", "alpha").ToString(), outcomes[0].After.ToString());
    }
}
