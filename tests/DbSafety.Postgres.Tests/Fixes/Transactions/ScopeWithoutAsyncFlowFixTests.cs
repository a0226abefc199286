using DbSafety.Analyzers.Rules.Transactions;
using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>A scope over an await throws, and keeps its rows after the fix.</summary>
public sealed class ScopeWithoutAsyncFlowFixTests(PostgresServer server)
{
    private static readonly FixRunner Runner = new() { Analyzers = [new ScopeWithoutAsyncFlow()], Fixes = [new ScopeWithoutAsyncFlowFixer()] };

    [Theory]
    [InlineData("")]
    [InlineData("TransactionScopeOption.Required")]
    [InlineData("TransactionScopeOption.Suppress")]
    [InlineData("TransactionScopeOption.RequiresNew, new TransactionOptions { IsolationLevel = System.Transactions.IsolationLevel.ReadCommitted }")]
    [InlineData("TransactionScopeAsyncFlowOption.Suppress")]
    public async Task The_scope_follows_its_await(string arguments)
    {
        // The scope stays behind on the thread that made it, and what runs there later throws: so it gets a thread of its own. What goes on behind another thread's
        // work goes on in that thread.
        var (_, outcomes) = await Runner.CompareAsync(server, $$"""
            using System.Threading;
            using System.Transactions;

            public static class Snippet
            {
                public static async Task<object?> Run(string connectionString)
                {
                    Exception? failure = null;
                    var thread = new Thread(() =>
                    {
                        try
                        {
                            Work(connectionString).GetAwaiter().GetResult();
                        }
                        catch (Exception exception)
                        {
                            failure = exception;
                        }
                    });
                    thread.Start();
                    await Task.Run(thread.Join);
                    if (failure is not null)
                    {
                        throw failure;
                    }

                    await using var other = new NpgsqlConnection(connectionString);
                    return other.Query<int>("SELECT id FROM users WHERE id = 100").ToList();
                }

                private static async Task Work(string connectionString)
                {
                    using (var scope = new TransactionScope({{arguments}}))
                    {
                        await Task.Factory.StartNew(() => Thread.Sleep(20), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                        await using var connection = new NpgsqlConnection(connectionString);
                        await connection.ExecuteAsync("INSERT INTO users VALUES (100, 'n')");
                        scope.Complete();
                    }
                }
            }
            """, [[]]);
        Assert.Equal(nameof(InvalidOperationException), outcomes[0].Before.Error);
        Assert.Contains("disposed on the same thread", outcomes[0].Before.Exception!.Message);
        Assert.Equal(Outcome.Column(100), outcomes[0].After.ToString());
    }
}
