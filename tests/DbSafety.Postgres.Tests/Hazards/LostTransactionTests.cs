using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>What is never committed is gone, and nobody says so.</summary>
public sealed class LostTransactionTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    /// <summary>The row is not only out of sight: its key is free once the transaction has ended.</summary>
    private void Lost()
    {
        Assert.Empty(Kept());
        Run("SET lock_timeout = '20s'; " + Insert(11));
    }

    [Fact]
    public void Disposing_the_transaction_rolls_back()
    {
        using var connection = Open();
        using (connection.BeginTransaction())
        {
            Assert.Equal(1, connection.Execute(Insert(11)));
        }

        Assert.Equal(0, connection.ExecuteScalar<int>("SELECT count(*) FROM samples WHERE id > 10"));
    }

    [Fact]
    public async Task Disposing_it_asynchronously_rolls_back()
    {
        await using var connection = Open();
        await using (await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await connection.ExecuteAsync(Insert(11));
        }

        Lost();
    }

    [Fact]
    public void Closing_the_connection_rolls_back()
    {
        using var connection = Open();
        connection.BeginTransaction();
        connection.Execute(Insert(11));
        connection.Close();
        Lost();
    }

    [Fact]
    public void Begin_as_text_is_rolled_back_too()
    {
        using (var connection = Open())
        {
            connection.Execute("BEGIN;");
            connection.Execute(Insert(11));
        }

        Lost();
    }

    /// <summary>A connection that lives on is still inside, and so is all that follows.</summary>
    [Fact]
    public void A_transaction_that_is_not_even_disposed_takes_the_later_commands_along()
    {
        using (var connection = Open())
        {
            Begin(connection);
            connection.Execute(Insert(12));
            Assert.Empty(Kept());
        }

        Lost();

        static void Begin(NpgsqlConnection connection)
        {
            connection.BeginTransaction();
            connection.Execute(Insert(11));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(";No Reset On Close=true")]
    public void A_pooled_connection_is_rolled_back_when_it_returns(string more)
    {
        using var source = NpgsqlDataSource.Create($"{Database.ConnectionString};Pooling=true;Maximum Pool Size=1{more}");
        int session;
        using (var connection = source.OpenConnection())
        {
            session = connection.ProcessID;
            connection.BeginTransaction();
            connection.Execute(Insert(11));
        }

        using (var connection = source.OpenConnection())
        {
            Assert.Equal(session, connection.ProcessID);
            Assert.Equal(0, connection.ExecuteScalar<int>("SELECT count(*) FROM samples WHERE id > 10"));
            connection.Execute(Insert(12));
        }

        Assert.Equal([12], Kept());
    }

    [Fact]
    public void A_scope_without_Complete_rolls_back()
    {
        using (new TransactionScope())
        {
            using var connection = Open();
            connection.Execute(Insert(11));
        }

        Lost();
    }

    [Fact]
    public void EF_Core_rolls_back_when_the_transaction_is_disposed()
    {
        using var context = Context();
        using (context.Database.BeginTransaction())
        {
            context.Add(New(11));
            Assert.Equal(1, context.SaveChanges());
        }

        Assert.Empty(Kept());
        Assert.Equal(EntityState.Unchanged, context.Entry(context.Samples.Local.Single()).State);
    }

    [Fact]
    public void EF_Core_rolls_back_when_the_context_is_disposed()
    {
        using (var context = Context())
        {
            context.Database.BeginTransaction();
            context.Add(New(11));
            context.SaveChanges();
        }

        Lost();
    }

    [Fact]
    public void EF_Core_rolls_back_when_a_pooled_context_returns()
    {
        var factory = new PooledDbContextFactory<PooledContext>(new DbContextOptionsBuilder<PooledContext>().UseNpgsql(Database.ConnectionString).Options, poolSize: 1);
        using (var context = factory.CreateDbContext())
        {
            context.Database.BeginTransaction();
            context.Database.ExecuteSqlRaw(Insert(11));
        }

        using (var context = factory.CreateDbContext())
        {
            Assert.Null(context.Database.CurrentTransaction);
            context.Database.ExecuteSqlRaw(Insert(12));
        }

        Assert.Equal([12], Kept());
    }

    /// <summary>SaveChanges joins a transaction that the context was given, and leaves its end to the owner.</summary>
    [Fact]
    public void SaveChanges_does_not_commit_a_transaction_that_was_given()
    {
        using var connection = Open();
        using (var transaction = connection.BeginTransaction())
        using (var context = Context(connection))
        {
            context.Database.UseTransaction(transaction);
            context.Add(New(11));
            context.SaveChanges();
        }

        Lost();
    }

    private sealed class PooledContext(DbContextOptions<PooledContext> options) : DbContext(options);
}
