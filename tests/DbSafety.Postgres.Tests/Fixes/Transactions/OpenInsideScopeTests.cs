using DbSafety.Analyzers.Rules.Transactions;
using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>DBS3007: a scope that is not completed rolls the write back after the fix.</summary>
public sealed class OpenInsideScopeTests(PostgresServer server)
{
    private static readonly FixRunner Runner = new() { Analyzers = [new ConnectionOpenedBeforeScope()], Fixes = [new OpenInsideScopeFixer()] };

    private const string Scope = "new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled)";
    private const string Insert = "await connection.ExecuteAsync(\"INSERT INTO samples (id) VALUES (11)\");";

    private static string Snippet(string body) => $$"""
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
                {{body}}
            }
        }
        """;

    [Theory]
    [InlineData($"await using var connection = new NpgsqlConnection(connectionString);\nawait connection.OpenAsync();\nusing (var scope = {Scope})\n{{\n    {Insert}\n}}")]
    [InlineData($"await using var connection = await source.OpenConnectionAsync();\nusing var scope = {Scope};\n{Insert}")]
    [InlineData($"using var connection = source.OpenConnection();\nusing (var scope = {Scope})\n{{\n    {Insert}\n}}")]
    public async Task The_scope_holds_the_write(string body)
    {
        var (_, outcomes) = await Runner.CompareAsync(server, Snippet(body), [[]]);
        Assert.Equal(Outcome.Column(11), outcomes[0].Before.ToString());
        Assert.Null(outcomes[0].After.Error);
        Assert.Empty(outcomes[0].After.Rows);
    }

    [Fact]
    public async Task A_completed_scope_still_commits()
    {
        var body = $"await using var connection = await source.OpenConnectionAsync();\nusing var scope = {Scope};\n{Insert}\nscope.Complete();";
        var (_, outcomes) = await Runner.CompareAsync(server, Snippet(body), [[]]);
        Assert.Equal(Outcome.Column(11), outcomes[0].Before.ToString());
        Assert.Equal(Outcome.Column(11), outcomes[0].After.ToString());
    }
}
