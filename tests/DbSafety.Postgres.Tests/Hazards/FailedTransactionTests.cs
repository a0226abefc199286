using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>After an error the server takes nothing more in a transaction, and commits nothing, without a word.</summary>
public sealed class FailedTransactionTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    [Fact]
    public void The_next_command_fails_and_Commit_keeps_nothing_in_silence()
    {
        using var connection = Open();
        var notices = 0;
        connection.Notice += (_, _) => notices++;
        using var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        Assert.Equal("23505", Error(() => connection.Execute(Insert(11))));
        Assert.Equal(Failed, Error(() => connection.Execute("SELECT 1")));
        Assert.Equal(Failed, Error(() => connection.Execute(Insert(12))));
        Assert.Null(Error(transaction.Commit));
        Assert.Equal(0, notices);
        Assert.Empty(Kept());
    }

    [Fact]
    public async Task CommitAsync_keeps_nothing_in_silence_too()
    {
        await using var connection = Open();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(Insert(11));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(DivisionByZero));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(Kept());
    }

    /// <summary>COMMIT as text does not throw either.</summary>
    [Fact]
    public void Commit_as_text_keeps_nothing_in_silence()
    {
        using var connection = Open();
        connection.Execute("BEGIN;");
        connection.Execute(Insert(11));
        Assert.Equal("22012", Error(() => connection.Execute(DivisionByZero)));
        Assert.Equal(-1, connection.Execute("COMMIT"));
        Assert.Empty(Kept());
    }

    /// <summary>The driver even writes to its log that the transaction was committed.</summary>
    [Fact]
    public void The_log_says_committed()
    {
        using var log = new Log();
        var builder = new NpgsqlDataSourceBuilder(Database.ConnectionString);
        builder.UseLoggerFactory(log);
        using var source = builder.Build();
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        Assert.Equal("22012", Error(() => connection.Execute(DivisionByZero)));
        transaction.Commit();
        Assert.Contains("Debug: Committed transaction", log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public void A_savepoint_keeps_the_rest()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        transaction.Save("before");
        Assert.Equal("23505", Error(() => connection.Execute(Insert(11))));
        transaction.Rollback("before");
        connection.Execute(Insert(12));
        transaction.Commit();
        Assert.Equal([11, 12], Kept());
    }

    /// <summary>To set one when it is too late fails.</summary>
    [Fact]
    public void A_savepoint_after_the_error_fails()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        Assert.Equal("22012", Error(() => connection.Execute(DivisionByZero)));
        transaction.Save("late");
        Assert.Equal(Failed, Error(() => connection.Execute(Insert(12))));
    }

    [Fact]
    public void On_conflict_do_nothing_is_no_error()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        Assert.Equal(0, connection.Execute(Insert(11) + " ON CONFLICT DO NOTHING"));
        connection.Execute(Insert(12));
        transaction.Commit();
        Assert.Equal([11, 12], Kept());
    }

    [Fact]
    public void A_handler_in_a_block_on_the_server_keeps_the_rest()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        connection.Execute("DO $$ BEGIN INSERT INTO samples (id) VALUES (11); EXCEPTION WHEN unique_violation THEN NULL; END $$");
        connection.Execute(Insert(12));
        transaction.Commit();
        Assert.Equal([11, 12], Kept());
    }

    /// <summary>Errors that never reach the server leave the transaction alone.</summary>
    [Fact]
    public void An_error_of_the_client_does_not_fail_the_transaction()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        Assert.Equal(Invalid, Error(() => connection.QuerySingle<int>("SELECT 1 WHERE false")));
        connection.Execute(Insert(12));
        transaction.Commit();
        Assert.Equal([11, 12], Kept());
    }

    [Fact]
    public void A_timeout_fails_the_transaction()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute("SET LOCAL statement_timeout = 1");
        Assert.Equal("57014", Error(() => connection.Execute("SELECT pg_sleep(10)")));
        Assert.Equal(Failed, Error(() => connection.Execute("SELECT 1")));
    }

    [Fact]
    public void A_completed_scope_keeps_nothing_in_silence()
    {
        using (var scope = new TransactionScope())
        {
            using var connection = Open();
            connection.Execute(Insert(11));
            Assert.Equal("22012", Error(() => connection.Execute(DivisionByZero)));
            scope.Complete();
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void SaveChanges_sets_a_savepoint_by_itself()
    {
        using var context = Context();
        using var transaction = context.Database.BeginTransaction();
        context.Database.ExecuteSqlRaw(Insert(11));
        context.Add(New(11));
        Assert.Equal("23505", Error(() => context.SaveChanges()));
        context.ChangeTracker.Clear();
        context.Add(New(12));
        context.SaveChanges();
        transaction.Commit();
        Assert.Equal([11, 12], Kept());
    }

    [Fact]
    public void SaveChanges_without_savepoints_fails_the_transaction()
    {
        using var context = Context();
        context.Database.AutoSavepointsEnabled = false;
        using var transaction = context.Database.BeginTransaction();
        context.Database.ExecuteSqlRaw(Insert(11));
        context.Add(New(11));
        Assert.Equal("23505", Error(() => context.SaveChanges()));
        context.ChangeTracker.Clear();
        context.Add(New(12));
        Assert.Equal(Failed, Error(() => context.SaveChanges()));
        transaction.Commit();
        Assert.Empty(Kept());
    }

    [Fact]
    public void SaveChanges_sets_a_savepoint_on_a_transaction_that_was_given()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        using var context = Context(connection);
        context.Database.UseTransaction(transaction);
        connection.Execute(Insert(11));
        context.Add(New(11));
        Assert.Equal("23505", Error(() => context.SaveChanges()));
        connection.Execute(Insert(12));
        transaction.Commit();
        Assert.Equal([11, 12], Kept());
    }

    /// <summary>A row that is not there is no error to the server.</summary>
    [Fact]
    public void A_concurrency_exception_does_not_fail_the_transaction()
    {
        using var context = Context();
        context.Database.AutoSavepointsEnabled = false;
        using var transaction = context.Database.BeginTransaction();
        context.Update(New(99));
        Assert.Equal(nameof(DbUpdateConcurrencyException), Error(() => context.SaveChanges()));
        context.ChangeTracker.Clear();
        context.Add(New(12));
        context.SaveChanges();
        transaction.Commit();
        Assert.Equal([12], Kept());
    }

    /// <summary>In a scope EF Core has no transaction of its own to set the savepoint on.</summary>
    [Fact]
    public void SaveChanges_in_a_scope_sets_no_savepoint()
    {
        using (var scope = new TransactionScope())
        {
            using var context = Context();
            context.Database.ExecuteSqlRaw(Insert(11));
            context.Add(New(11));
            Assert.Equal("23505", Error(() => context.SaveChanges()));
            context.ChangeTracker.Clear();
            context.Add(New(12));
            Assert.Equal(Failed, Error(() => context.SaveChanges()));
            scope.Complete();
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void Other_commands_of_EF_Core_set_no_savepoint()
    {
        Action<SamplesContext>[] commands =
        [
            context => context.Database.ExecuteSqlRaw(DivisionByZero),
            context => context.Samples.ExecuteUpdate(set => set.SetProperty(row => row.Id, 1)),
            context => context.Samples.Where(row => 1 / (row.Id - row.Id) == 1).ExecuteDelete(),
            context => context.Samples.Count(row => 1 / (row.Id - row.Id) == 1),
            context => context.Database.SqlQueryRaw<int>("SELECT 1 / 0 AS \"Value\"").ToList(),
            context => context.Database.GetDbConnection().Execute(DivisionByZero),
        ];
        foreach (var command in commands)
        {
            using var context = Context();
            using var transaction = context.Database.BeginTransaction();
            context.Add(New(11));
            context.SaveChanges();
            Assert.Contains(Error(() => command(context)), new[] { "22012", "23505" });
            context.Add(New(12));
            Assert.Equal(Failed, Error(() => context.SaveChanges()));
            Assert.Null(Error(transaction.Commit));
            Assert.Empty(Kept());
        }
    }

    [Fact]
    public void A_failed_batch_fails_the_transaction()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true, BatchCommands = { new(Insert(11)), new(DivisionByZero), new(Insert(12)) } };
        Assert.NotNull(Error(() => batch.ExecuteNonQuery()));
        Assert.Equal(Failed, Error(() => connection.Execute("SELECT 1")));
    }

    private sealed class Log : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
