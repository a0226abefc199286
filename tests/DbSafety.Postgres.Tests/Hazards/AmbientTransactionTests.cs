using System.Runtime.CompilerServices;
using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A TransactionScope belongs to its thread unless it is told to flow.</summary>
public sealed class AmbientTransactionTests(PostgresServer server) : TransactionTest(server)
{
    // In milliseconds: what hangs is to fail.
    private const int MostTime = 120_000;

    private const string OtherThread = "A TransactionScope must be disposed on the same thread that it was created.";

    /// <summary>Runs work on a thread of its own: a scope that is left behind must not haunt the pool's threads.</summary>
    private static async Task<string?> OnThread(Func<Task> work)
    {
        var outcome = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => _ = RunAsync());
        thread.Start();
        return (await outcome.Task).Exception?.Message;

        async Task RunAsync() => outcome.SetResult(await Outcome.OfAsync(async () =>
        {
            await work();
            return null;
        }));
    }

    [Fact(Timeout = MostTime)]
    public async Task Without_the_option_Dispose_throws_on_another_thread()
    {
        Assert.Equal(OtherThread, await OnThread(async () =>
        {
            using var scope = new TransactionScope();
            await default(AnotherThread);
            scope.Complete();
        }));
        Assert.Equal(OtherThread, await OnThread(async () =>
        {
            using var scope = new TransactionScope(TransactionScopeOption.Required, new TransactionOptions(), TransactionScopeAsyncFlowOption.Suppress);
            await default(AnotherThread);
            scope.Complete();
        }));
    }

    /// <summary>The exception comes when it is too late: these rows never were in the transaction.</summary>
    [Fact(Timeout = MostTime)]
    public async Task What_is_opened_after_the_await_is_not_in_the_transaction()
    {
        Assert.Equal(OtherThread, await OnThread(async () =>
        {
            using var scope = new TransactionScope();
            await default(AnotherThread);
            Assert.Null(Transaction.Current);
            await using var connection = Open();
            await connection.ExecuteAsync(Insert(11));
        }));
        Assert.Equal([11], Kept());
    }

    [Fact(Timeout = MostTime)]
    public async Task With_the_option_it_flows()
    {
        Assert.Null(await OnThread(async () =>
        {
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            await default(AnotherThread);
            await using var connection = Open();
            await connection.ExecuteAsync(Insert(11));
            await default(AnotherThread);
            scope.Complete();
        }));
        Assert.Null(await OnThread(async () =>
        {
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            await default(AnotherThread);
            await using var connection = Open();
            await connection.ExecuteAsync(Insert(12));
        }));
        Assert.Equal([11], Kept());
    }

    /// <summary>Luck: an await that finds its result at hand stays on the thread.</summary>
    [Fact(Timeout = MostTime)]
    public async Task An_await_that_does_not_wait_does_not_throw()
    {
        Assert.Null(await OnThread(async () =>
        {
            using var scope = new TransactionScope();
            await Task.CompletedTask;
            using var connection = Open();
            connection.Execute(Insert(11));
            scope.Complete();
        }));
        Assert.Equal([11], Kept());
    }

    [Fact(Timeout = MostTime)]
    public async Task A_scope_that_ends_before_the_await_is_fine()
    {
        Assert.Null(await OnThread(async () =>
        {
            using (var scope = new TransactionScope())
            {
                using var connection = Open();
                connection.Execute(Insert(11));
                scope.Complete();
            }

            await default(AnotherThread);
        }));
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void Synchronous_code_is_fine()
    {
        using (var scope = new TransactionScope())
        {
            using var connection = Open();
            connection.Execute(Insert(11));
            scope.Complete();
        }

        Assert.Equal([11], Kept());
    }

    private static void WaitFor(Task task) => task.GetAwaiter().GetResult();

    /// <summary>To wait for a task keeps the thread, but not what the task does after its first await.</summary>
    [Fact]
    public void A_task_that_is_waited_for_leaves_the_transaction()
    {
        using (new TransactionScope())
        {
            WaitFor(WorkAsync());
        }

        Assert.Equal([11], Kept());

        async Task WorkAsync()
        {
            await default(AnotherThread);
            await using var connection = Open();
            await connection.ExecuteAsync(Insert(11));
        }
    }

    [Fact(Timeout = MostTime)]
    public async Task An_inner_scope_needs_the_option_too() => Assert.Null(await OnThread(async () =>
    {
        using var outer = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        var inner = new TransactionScope();
        await default(AnotherThread);
        Assert.Equal(OtherThread, Assert.Throws<InvalidOperationException>(inner.Dispose).Message);
    }));

    /// <summary>Goes on, on a new thread.</summary>
    private readonly struct AnotherThread : INotifyCompletion
    {
        public bool IsCompleted => false;

        public AnotherThread GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => new Thread(() => continuation()).Start();
    }
}

/// <summary>Which connections a TransactionScope takes in.</summary>
public sealed class ScopeEnlistmentTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    private const string Pooled = "Pooling=true;Maximum Pool Size=2";

    [Fact]
    public void A_connection_that_was_opened_before_is_not_in()
    {
        using var connection = Open();
        using (new TransactionScope())
        {
            connection.Execute(Insert(11));
        }

        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_connection_that_is_opened_inside_is_in()
    {
        using var made = new NpgsqlConnection(Database.ConnectionString);
        using (new TransactionScope())
        {
            made.Open();
            made.Execute(Insert(11));
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void Dapper_opens_inside()
    {
        using var made = new NpgsqlConnection(Database.ConnectionString);
        using (new TransactionScope())
        {
            made.Execute(Insert(11));
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void Data_sources_open_inside()
    {
        using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        using (new TransactionScope())
        {
            using var connection = source.OpenConnection();
            connection.Execute(Insert(11));
        }

        Assert.Empty(Kept());
        using (new TransactionScope())
        {
            source.CreateCommand(Insert(12)).ExecuteNonQuery();
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void EF_Core_opens_inside()
    {
        using var context = Context();
        context.Samples.Count();
        using (new TransactionScope())
        {
            context.Add(New(11));
            context.SaveChanges();
            context.AddRange(New(12), New(13));
            context.SaveChanges();
            context.Database.ExecuteSqlRaw(Insert(14));
        }

        Assert.Empty(Kept());
    }

    /// <summary>EF Core enlists its connection before each command, whenever it was opened.</summary>
    [Fact]
    public void EF_Core_enlists_a_connection_that_it_opened_before()
    {
        using var context = Context();
        context.Database.OpenConnection();
        using (new TransactionScope())
        {
            context.Add(New(11));
            context.SaveChanges();
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void EF_Core_enlists_a_connection_that_it_was_given_open()
    {
        using var connection = Open();
        using var context = Context(connection);
        using (new TransactionScope())
        {
            context.Add(New(11));
            context.SaveChanges();
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void A_connection_can_be_enlisted_by_hand()
    {
        using var connection = Open();
        using (new TransactionScope())
        {
            connection.EnlistTransaction(Transaction.Current);
            connection.Execute(Insert(11));
        }

        Assert.Empty(Kept());
        using var context = Context();
        context.Database.OpenConnection();
        using (new TransactionScope())
        {
            context.Database.EnlistTransaction(Transaction.Current);
            context.Add(New(12));
            context.SaveChanges();
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void Enlist_false_keeps_out()
    {
        using (new TransactionScope())
        {
            using var connection = Open("Enlist=false");
            connection.Execute(Insert(11));
        }

        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_suppressing_scope_keeps_out()
    {
        using (new TransactionScope())
        {
            using var inner = new TransactionScope(TransactionScopeOption.Suppress);
            using var connection = Open();
            connection.Execute(Insert(11));
        }

        Assert.Equal([11], Kept());
    }

    /// <summary>A connection stays with the scope that it was opened in.</summary>
    [Fact]
    public void An_inner_scope_does_not_take_over_the_connection_of_the_outer_one()
    {
        using (new TransactionScope())
        {
            using var connection = Open();
            using (var inner = new TransactionScope(TransactionScopeOption.RequiresNew))
            {
                connection.Execute(Insert(11));
                inner.Complete();
            }

            using (new TransactionScope(TransactionScopeOption.Suppress))
            {
                connection.Execute(Insert(12));
            }
        }

        Assert.Empty(Kept());
    }

    /// <summary>A scope commits when it is disposed, not when the connection is.</summary>
    [Fact]
    public void A_closed_connection_waits_for_the_end_of_the_scope()
    {
        using (var scope = new TransactionScope())
        {
            using (var connection = Open())
            {
                connection.Execute(Insert(11));
            }

            Assert.Empty(Kept());
            scope.Complete();
            Assert.Empty(Kept());
        }

        Assert.Equal([11], Kept());
    }

    [Theory]
    [InlineData("")]
    [InlineData(Pooled)]
    public void One_connection_after_the_other_shares_a_session(string more)
    {
        using (var scope = new TransactionScope())
        {
            int session;
            using (var first = Open(more))
            {
                session = first.ProcessID;
                first.Execute(Insert(11));
            }

            using (var second = Open(more))
            {
                Assert.Equal(session, second.ProcessID);
                second.Execute(Insert(12));
            }

            scope.Complete();
        }

        Assert.Equal([11, 12], Kept());
        using var pool = new NpgsqlConnection($"{Database.ConnectionString};{more}");
        NpgsqlConnection.ClearPool(pool);
    }

    /// <summary>Two sessions take a prepared transaction each, and a server prepares none unless it is configured so.</summary>
    [Fact]
    public void Two_open_connections_fail_at_the_end()
    {
        SkipWhereTransactionsArePrepared();
        var scope = new TransactionScope();
        using (var first = Open())
        using (var second = Open())
        {
            Assert.NotEqual(first.ProcessID, second.ProcessID);
            first.Execute(Insert(11));
            second.Execute(Insert(12));
            scope.Complete();
        }

        // Neither opening nor writing nor Complete has said anything.
        var exception = Assert.Throws<TransactionAbortedException>(scope.Dispose);
        Assert.Equal("55000", Assert.IsType<PostgresException>(exception.InnerException).SqlState);
        Assert.Empty(Kept());
    }
}
