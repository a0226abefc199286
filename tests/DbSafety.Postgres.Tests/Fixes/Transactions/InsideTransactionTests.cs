using DbSafety.Analyzers.Rules.Transactions;
using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>DBS3002: what stayed in spite of the rollback goes with it after the fix.</summary>
public sealed class InsideTransactionTests(PostgresServer server)
{
    private static readonly FixRunner Runner = new() { Analyzers = [new WriteOutsideTransaction()], Fixes = [new InsideTransactionFixer()] };

    private static string Snippet(string before, string inside) => $$"""
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString)
            {
                await using var source = NpgsqlDataSource.Create(connectionString);
                await Write(source, connectionString);
                await using var reading = await source.OpenConnectionAsync();
                return (await reading.QueryAsync<int>("SELECT id FROM samples WHERE id > 10 ORDER BY id")).ToList();
            }

            private static async Task Write(NpgsqlDataSource source, string connectionString)
            {
                {{before}}
                await using var transaction = await connection.BeginTransactionAsync();
                await connection.ExecuteAsync("INSERT INTO samples (id) VALUES (11)", transaction: transaction);
                {{inside}}
                await transaction.RollbackAsync();
            }
        }
        """;

    private const string Two = "await using var connection = await source.OpenConnectionAsync();\nawait using var other = await source.OpenConnectionAsync();\n";
    private const string Made = "await using var connection = new NpgsqlConnection(connectionString);\nawait connection.OpenAsync();\nawait using var other = new NpgsqlConnection(connectionString);\nawait other.OpenAsync();\n";

    [Theory]
    [InlineData(Two, "await using var command = source.CreateCommand(\"INSERT INTO samples (id) VALUES (12)\"); await command.ExecuteNonQueryAsync();")]
    [InlineData(Two, "await other.ExecuteAsync(\"INSERT INTO samples (id) VALUES (12)\");")]
    [InlineData(Made, "await other.ExecuteAsync(\"INSERT INTO samples (id) VALUES (12)\", transaction: transaction);")]
    [InlineData(Made, "await using var command = new NpgsqlCommand(\"INSERT INTO samples (id) VALUES (12)\", other); await command.ExecuteNonQueryAsync();")]
    public async Task The_write_is_rolled_back(string before, string inside)
    {
        var (_, outcomes) = await Runner.CompareAsync(server, Snippet(before, inside), [[]]);
        Assert.Equal(Outcome.Column(12), outcomes[0].Before.ToString());
        Assert.Null(outcomes[0].After.Error);
        Assert.Empty(outcomes[0].After.Rows);
    }
}
