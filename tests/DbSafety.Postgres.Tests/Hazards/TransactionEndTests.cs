using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>How a transaction begins and ends: what throws, and what passes in silence.</summary>
public sealed class TransactionEndTests(PostgresServer server) : TransactionTest(server)
{
    private const string UniqueAtTheEnd = "ALTER TABLE samples ADD UNIQUE (name) DEFERRABLE INITIALLY DEFERRED";
    private const string Twice = "INSERT INTO samples (id, name) VALUES (11, 'x'), (12, 'x')";

    /// <summary>Dapper and EF Core open a closed connection, BeginTransaction does not.</summary>
    [Fact]
    public void BeginTransaction_needs_an_open_connection()
    {
        using var connection = new NpgsqlConnection(Database.ConnectionString);
        Assert.Equal(Invalid, Error(() => connection.BeginTransaction()));
        connection.Execute("SELECT 1");
        Assert.Equal(Invalid, Error(() => connection.BeginTransaction()));
        using var context = Context();
        Assert.Null(Error(() => context.Database.BeginTransaction()));
    }

    [Fact]
    public void A_transaction_ends_once()
    {
        using var connection = Open();
        var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        transaction.Commit();
        Assert.Equal(Invalid, Error(transaction.Commit));
        Assert.Equal(Invalid, Error(transaction.Rollback));
        Assert.Null(Error(transaction.Dispose));
        Assert.Null(Error(transaction.Dispose));
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_transaction_of_EF_Core_ends_once()
    {
        using var context = Context();
        var transaction = context.Database.BeginTransaction();
        context.Database.ExecuteSqlRaw(Insert(11));
        transaction.Commit();
        Assert.Null(context.Database.CurrentTransaction);
        Assert.Equal(Invalid, Error(transaction.Commit));
        Assert.Equal(Invalid, Error(transaction.Rollback));
        Assert.Null(Error(transaction.Dispose));
        Assert.Equal([11], Kept());
    }

    /// <summary>Dispose between the writes and the commit, as a block that ends too early does.</summary>
    [Fact]
    public void Commit_after_Dispose_throws()
    {
        using var connection = Open();
        var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        transaction.Dispose();
        Assert.Equal(nameof(ObjectDisposedException), Error(transaction.Commit));
        Assert.Empty(Kept());
    }

    [Fact]
    public void Commit_throws_where_a_constraint_was_deferred()
    {
        Run(UniqueAtTheEnd);
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Twice);
        Assert.Equal("23505", Error(transaction.Commit));
        Assert.Equal(Invalid, Error(transaction.Rollback));
        Assert.Empty(Kept());
        connection.Execute(Insert(13));
        Assert.Equal([13], Kept());
    }

    [Fact]
    public void A_scope_throws_it_from_Dispose()
    {
        Run(UniqueAtTheEnd);
        var scope = new TransactionScope();
        using (var connection = Open())
        {
            connection.Execute(Twice);
        }

        scope.Complete();
        var exception = Record.Exception(scope.Dispose);
        Assert.Equal("TransactionAbortedException PostgresException", $"{exception?.GetType().Name} {exception?.InnerException?.GetType().Name}");
        Assert.Empty(Kept());
    }

    /// <summary>Complete is a vote, the commit comes at the end of the scope. Nothing can be opened in between, and what is open still writes.</summary>
    [Fact]
    public void After_Complete_an_open_connection_still_writes_into_the_scope()
    {
        using (var scope = new TransactionScope())
        {
            using var connection = Open();
            connection.Execute(Insert(11));
            scope.Complete();
            connection.Execute(Insert(12));
            Assert.Equal(Invalid, Error(() => Open()));
            Assert.Equal(Invalid, Error(scope.Complete));
            Assert.Empty(Kept());
        }

        Assert.Equal([11, 12], Kept());
    }

    /// <summary>A rollback in a catch hides the error that led there; Dispose does not.</summary>
    [Fact]
    public void Where_the_connection_broke_Rollback_throws_and_Dispose_does_not()
    {
        using var connection = Open();
        var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        Assert.NotNull(Error(() => connection.Execute("SELECT pg_terminate_backend(pg_backend_pid())")));
        Assert.Throws<ObjectDisposedException>(transaction.Rollback);
        Assert.Null(Error(transaction.Dispose));
        Assert.Null(Error(connection.Dispose));
        Assert.Empty(Kept());
    }

    [Fact]
    public void Rollback_of_a_failed_transaction_is_fine()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        Assert.Equal("22012", Error(() => connection.Execute(DivisionByZero)));
        Assert.Null(Error(transaction.Rollback));
        connection.Execute(Insert(11));
        Assert.Equal([11], Kept());
    }

    [Fact]
    public async Task A_commit_that_is_cancelled_before_it_is_sent_leaves_the_transaction_open()
    {
        await using var connection = Open();
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await connection.ExecuteAsync(Insert(11));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transaction.CommitAsync(new CancellationToken(true)));
        }

        Assert.Empty(Kept());
    }

    /// <summary>BEGIN travels with the first command: until then the server knows of no transaction.</summary>
    [Fact]
    public void A_transaction_begins_with_its_first_command()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        var state = $"SELECT state FROM pg_stat_activity WHERE pid = {connection.ProcessID}";
        Assert.Equal("idle", Query<string>(state).Single());
        connection.Execute("SELECT 1");
        Assert.Equal("idle in transaction", Query<string>(state).Single());
    }
}
