using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A connection has one transaction. A savepoint is what nests.</summary>
public sealed class NestedTransactionTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    [Fact]
    public void Npgsql_refuses_a_second_transaction()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        Assert.Contains("already in progress", Assert.Throws<InvalidOperationException>(() => connection.BeginTransaction()).Message);
        connection.Execute(Insert(11));
        transaction.Commit();
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void Npgsql_refuses_it_after_BEGIN_as_text()
    {
        using var connection = Open();
        connection.Execute("BEGIN;");
        Assert.Equal(Invalid, Error(() => connection.BeginTransaction()));
    }

    [Fact]
    public void Npgsql_refuses_it_in_a_failed_transaction()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        Assert.Equal("22012", Error(() => connection.Execute(DivisionByZero)));
        Assert.Equal(Invalid, Error(() => connection.BeginTransaction()));
    }

    [Fact]
    public void One_after_the_other_is_fine()
    {
        using var connection = Open();
        var first = connection.BeginTransaction();
        connection.Execute(Insert(11));
        first.Commit();
        using var second = connection.BeginTransaction();
        connection.Execute(Insert(12));
        second.Commit();
        Assert.Equal([11, 12], Kept());
    }

    [Fact]
    public void EF_Core_refuses_a_second_transaction()
    {
        using var context = Context();
        using var transaction = context.Database.BeginTransaction();
        Assert.Contains("already in a transaction", Assert.Throws<InvalidOperationException>(() => context.Database.BeginTransaction()).Message);
        Assert.Equal(Invalid, Error(() => context.Database.GetDbConnection().BeginTransaction()));
        using var connection = Open();
        using var other = connection.BeginTransaction();
        Assert.Equal(Invalid, Error(() => context.Database.UseTransaction(other)));
    }

    [Fact]
    public void EF_Core_refuses_a_transaction_in_a_scope()
    {
        using var scope = new TransactionScope();
        using var context = Context();
        Assert.Contains("ambient transaction", Assert.Throws<InvalidOperationException>(() => context.Database.BeginTransaction()).Message);
    }

    [Fact]
    public void Npgsql_refuses_a_transaction_on_an_enlisted_connection()
    {
        using var scope = new TransactionScope();
        using var connection = Open();
        Assert.Equal(Invalid, Error(() => connection.BeginTransaction()));
    }

    [Fact]
    public void Begin_as_text_only_warns()
    {
        using var connection = Open();
        var notices = new List<string>();
        connection.Notice += (_, e) => notices.Add($"{e.Notice.Severity} {e.Notice.SqlState}");
        using var transaction = connection.BeginTransaction();
        connection.Execute("BEGIN;");
        connection.Execute("START TRANSACTION");
        Assert.Equal(["WARNING 25001", "WARNING 25001"], notices);
    }

    /// <summary>To Dapper a text of one word is the name of a procedure, except for COMMIT, ROLLBACK and VACUUM.</summary>
    [Fact]
    public void Dapper_takes_the_bare_word_BEGIN_for_a_procedure()
    {
        using var connection = Open();
        Assert.Equal("42883", Error(() => connection.Execute("BEGIN")));
        Assert.Null(Error(() => connection.Execute("BEGIN;")));
        Assert.Null(Error(() => connection.Execute("ROLLBACK")));
        Assert.Null(Error(() => connection.Execute("BEGIN TRANSACTION")));
        Assert.Null(Error(() => connection.Execute("COMMIT")));
    }

    /// <summary>The first commit ends it all; what the outer one thought to roll back is kept.</summary>
    [Fact]
    public void Commit_as_text_ends_the_outer_transaction()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        connection.Execute("BEGIN;");
        connection.Execute("COMMIT");
        connection.Execute(Insert(12));
        Assert.Equal([11, 12], Kept());
        Assert.Equal(Invalid, Error(transaction.Rollback));
        Assert.Equal(Invalid, Error(transaction.Commit));
    }

    [Fact]
    public void Scopes_nest()
    {
        using (var outer = new TransactionScope())
        {
            using var connection = Open();
            connection.Execute(Insert(11));
            using (var inner = new TransactionScope())
            {
                connection.Execute(Insert(12));
                inner.Complete();
            }

            Assert.Empty(Kept());
            outer.Complete();
        }

        Assert.Equal([11, 12], Kept());
    }

    [Fact]
    public void An_inner_scope_that_is_not_completed_ends_the_outer_one()
    {
        var outer = new TransactionScope();
        using (var connection = Open())
        {
            connection.Execute(Insert(11));
            using (new TransactionScope())
            {
                connection.Execute(Insert(12));
            }

            outer.Complete();
        }

        Assert.Equal(nameof(TransactionAbortedException), Error(outer.Dispose));
        Assert.Empty(Kept());
    }

    [Fact]
    public void A_scope_that_requires_a_new_transaction_has_its_own_connection()
    {
        using (new TransactionScope())
        {
            using var connection = Open();
            connection.Execute(Insert(11));
            using var inner = new TransactionScope(TransactionScopeOption.RequiresNew);
            using var other = Open();
            other.Execute(Insert(12));
            inner.Complete();
        }

        Assert.Equal([12], Kept());
    }

    [Fact]
    public void A_savepoint_nests()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11));
        transaction.Save("nested");
        connection.Execute(Insert(12));
        transaction.Rollback("nested");
        connection.Execute(Insert(13));
        transaction.Commit();
        Assert.Equal([11, 13], Kept());
    }

    /// <summary>The driver quotes a name with odd characters, not one that is a word of the language; EF Core quotes each. SAVEPOINT travels with the next command.</summary>
    [Theory]
    [InlineData("inner", "42601")]
    [InlineData("user", "42601")]
    [InlineData("in-ner", null)]
    [InlineData("before", null)]
    public void The_name_of_a_savepoint_may_be_no_reserved_word(string name, string? error)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        transaction.Save(name);
        Assert.Equal(error, Error(() => connection.Execute("SELECT 1")));
        using var context = Context();
        using var other = context.Database.BeginTransaction();
        other.CreateSavepoint(name);
        Assert.Null(Error(() => context.Database.ExecuteSqlRaw("SELECT 1")));
    }

    [Fact]
    public void A_savepoint_of_EF_Core_nests()
    {
        using var context = Context();
        using var transaction = context.Database.BeginTransaction();
        context.Database.ExecuteSqlRaw(Insert(11));
        transaction.CreateSavepoint("nested");
        context.Database.ExecuteSqlRaw(Insert(12));
        transaction.RollbackToSavepoint("nested");
        transaction.CreateSavepoint("nested");
        context.Database.ExecuteSqlRaw(Insert(13));
        transaction.ReleaseSavepoint("nested");
        transaction.Commit();
        Assert.Equal([11, 13], Kept());
    }

    [Fact]
    public void A_savepoint_outside_a_transaction_fails()
    {
        using var connection = Open();
        Assert.Equal("25P01", Error(() => connection.Execute("SAVEPOINT s")));
    }
}
