using System.Data;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A stricter isolation level may refuse a transaction, and only the whole transaction can be tried again.</summary>
public sealed class SerializationTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    private const string Refused = "40001";
    private const string Change = "UPDATE samples SET qty = qty + 1 WHERE id = 1";
    private const string Read = "SELECT qty FROM samples WHERE id = 1";

    /// <summary>Reads in a transaction, lets another session change the row, and then writes.</summary>
    private string? ReadThenWrite(IsolationLevel level)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(level);
        connection.Query<int>(Read);
        Run(Change);
        return Error(() => connection.Execute(Change));
    }

    [Theory]
    [InlineData(IsolationLevel.ReadUncommitted, null)]
    [InlineData(IsolationLevel.ReadCommitted, null)]
    [InlineData(IsolationLevel.Unspecified, null)]
    [InlineData(IsolationLevel.RepeatableRead, Refused)]
    [InlineData(IsolationLevel.Snapshot, Refused)]
    [InlineData(IsolationLevel.Serializable, Refused)]
    public void A_row_that_changed_since_the_first_read_is_refused_at_the_update(IsolationLevel level, string? error) => Assert.Equal(error, ReadThenWrite(level));

    /// <summary>Write skew: each reads what the other writes.</summary>
    [Theory]
    [InlineData(IsolationLevel.RepeatableRead, null)]
    [InlineData(IsolationLevel.Serializable, Refused)]
    public void Different_rows_are_refused_at_the_commit_and_only_by_Serializable(IsolationLevel level, string? error)
    {
        using var first = Open();
        using var second = Open();
        using var inFirst = first.BeginTransaction(level);
        using var inSecond = second.BeginTransaction(level);
        first.Query<int?>("SELECT qty FROM samples");
        second.Query<int?>("SELECT qty FROM samples");
        first.Execute("UPDATE samples SET qty = 3 WHERE id = 1");
        second.Execute("UPDATE samples SET qty = 3 WHERE id = 2");
        inFirst.Commit();
        Assert.Equal(error, Error(inSecond.Commit));
    }

    [Fact]
    public void To_repeat_the_statement_inside_is_useless()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        connection.Query<int>(Read);
        Run(Change);
        Assert.Equal(Refused, Error(() => connection.Execute(Change)));
        Assert.Equal(Failed, Error(() => connection.Execute(Change)));
        Assert.Equal(Failed, Error(() => connection.Execute(Change)));
    }

    /// <summary>The transaction's view of the data stays that of its first statement.</summary>
    [Fact]
    public void A_savepoint_does_not_help()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        connection.Query<int>(Read);
        Run(Change);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            transaction.Save("before");
            Assert.Equal(Refused, Error(() => connection.Execute(Change)));
            transaction.Rollback("before");
        }
    }

    /// <summary>EF Core goes back to its savepoint, so the transaction lives, and is refused again.</summary>
    [Fact]
    public void To_repeat_SaveChanges_inside_is_useless()
    {
        using var context = Context();
        using var transaction = context.Database.BeginTransaction(IsolationLevel.RepeatableRead);
        var row = context.Samples.Single(sample => sample.Id == 1);
        Run(Change);
        row.Name = "changed";
        Assert.Equal(Refused, Error(() => context.SaveChanges()));
        Assert.Equal(Refused, Error(() => context.SaveChanges()));
        Assert.Equal(1, context.Samples.Count(sample => sample.Id == 1));
    }

    [Fact]
    public void To_repeat_the_whole_transaction_works()
    {
        var attempts = 0;
        while (true)
        {
            attempts++;
            try
            {
                using var connection = Open();
                using var transaction = connection.BeginTransaction(IsolationLevel.Serializable);
                connection.Query<int>(Read);
                if (attempts == 1)
                {
                    Run(Change);
                }

                connection.Execute(Change);
                transaction.Commit();
                break;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.SerializationFailure)
            {
                Assert.True(exception.IsTransient);
            }
        }

        Assert.Equal(2, attempts);
        Assert.Equal(1 + 2, Query<int>(Read).Single());
    }

    [Fact]
    public void SaveChanges_meets_it_as_a_DbUpdateException()
    {
        using var context = Context(options => options.UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new Microsoft.EntityFrameworkCore.Storage.NonRetryingExecutionStrategy(dependencies))));
        using var transaction = context.Database.BeginTransaction(IsolationLevel.RepeatableRead);
        var row = context.Samples.Single(sample => sample.Id == 1);
        Run(Change);
        row.Name = "changed";
        var exception = Assert.Throws<DbUpdateException>(() => context.SaveChanges());
        Assert.Equal(Refused, Assert.IsType<PostgresException>(exception.InnerException).SqlState);
    }

    /// <summary>EF Core's usual strategy for PostgreSQL does not retry, but wraps what a retry might have cured.</summary>
    [Fact]
    public void SaveChanges_without_retries_wraps_it_once_more()
    {
        using var context = Context();
        using var transaction = context.Database.BeginTransaction(IsolationLevel.RepeatableRead);
        var row = context.Samples.Single(sample => sample.Id == 1);
        Run(Change);
        row.Name = "changed";
        var exception = Assert.Throws<InvalidOperationException>(() => context.SaveChanges());
        Assert.IsType<DbUpdateException>(exception.InnerException);
    }

    [Fact]
    public void Without_writes_RepeatableRead_is_never_refused()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        var before = connection.QuerySingle<int>(Read);
        Run(Change);
        Assert.Equal(before, connection.QuerySingle<int>(Read));
        Assert.Null(Error(transaction.Commit));
    }

    /// <summary>To lock is to write here.</summary>
    [Fact]
    public void A_locking_read_is_refused_too()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        connection.QuerySingle<int>(Read);
        Run(Change);
        Assert.Equal(Refused, Error(() => connection.QuerySingle<int>(Read + " FOR UPDATE")));
    }

    /// <summary>The view of the data is taken by the first statement, not by BEGIN: a lone write meets no change.</summary>
    [Fact]
    public void A_transaction_of_one_statement_meets_no_earlier_change()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        Run(Change);
        Assert.Null(Error(() => connection.Execute(Change)));
        transaction.Commit();
        Assert.Equal(1 + 2, Query<int>(Read).Single());
    }

    /// <summary>What is read, computed and written back overwrites the change in between.</summary>
    [Fact]
    public void ReadCommitted_loses_an_update_instead()
    {
        using var connection = Open();
        using (var transaction = connection.BeginTransaction())
        {
            var quantity = connection.QuerySingle<int>(Read);
            Run(Change);
            connection.Execute("UPDATE samples SET qty = @quantity WHERE id = 1", new { quantity = quantity + 1 });
            transaction.Commit();
        }

        Assert.Equal(1 + 1, Query<int>(Read).Single());
    }

    /// <summary>A scope is Serializable unless told otherwise.</summary>
    [Fact]
    public void A_scope_is_serializable()
    {
        using var scope = new System.Transactions.TransactionScope();
        using var connection = Open();
        Assert.Equal("serializable", connection.QuerySingle<string>("SHOW transaction_isolation"));
    }

    [Fact]
    public void A_transaction_is_read_committed()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        Assert.Equal("read committed", connection.QuerySingle<string>("SHOW transaction_isolation"));
        using var context = Context();
        using var other = context.Database.BeginTransaction();
        Assert.Equal("read committed", context.Database.GetDbConnection().QuerySingle<string>("SHOW transaction_isolation"));
    }
}
