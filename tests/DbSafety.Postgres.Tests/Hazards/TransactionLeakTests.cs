using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A transaction is its connection's: what runs elsewhere is not in it, and what runs there is, whatever the arguments say.</summary>
public sealed class TransactionLeakTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    private int[] AfterRollback(Action<NpgsqlConnection, NpgsqlTransaction> work)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Insert(11), transaction: transaction);
        work(connection, transaction);
        transaction.Rollback();
        return Kept();
    }

    [Fact]
    public void A_write_on_another_connection_stays()
    {
        using var other = Open();
        Assert.Equal([12], AfterRollback((_, _) => other.Execute(Insert(12))));
    }

    [Fact]
    public void A_write_on_the_data_source_stays()
    {
        using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        Assert.Equal([12, 13], AfterRollback((_, _) =>
        {
            source.CreateCommand(Insert(12)).ExecuteNonQuery();
            using var batch = source.CreateBatch();
            batch.BatchCommands.Add(new(Insert(13)));
            batch.ExecuteNonQuery();
        }));
    }

    [Fact]
    public void A_copy_on_another_connection_stays()
    {
        using var other = Open();
        Assert.Equal([12], AfterRollback((_, _) =>
        {
            using var import = other.BeginTextImport("COPY samples (id) FROM STDIN");
            import.WriteLine("12");
        }));
    }

    /// <summary>The driver has one transaction per connection and does not look at the argument.</summary>
    [Fact]
    public void Npgsql_needs_no_transaction_argument()
    {
        Assert.Empty(AfterRollback((connection, _) => connection.Execute(Insert(12))));
        Assert.Empty(AfterRollback((connection, _) => new NpgsqlCommand(Insert(12), connection).ExecuteNonQuery()));
        Assert.Empty(AfterRollback((connection, _) => new NpgsqlBatch(connection) { BatchCommands = { new(Insert(12)) } }.ExecuteNonQuery()));
    }

    [Fact]
    public void Npgsql_takes_the_transaction_of_another_connection_and_ignores_it()
    {
        using var other = Open();
        Assert.Equal([12, 13], AfterRollback((_, transaction) =>
        {
            other.Execute(Insert(12), transaction: transaction);
            new NpgsqlCommand(Insert(13), other, transaction).ExecuteNonQuery();
        }));
    }

    [Fact]
    public void A_transaction_that_has_ended_is_refused()
    {
        using var connection = Open();
        var transaction = connection.BeginTransaction();
        transaction.Rollback();
        Assert.Equal(Invalid, Error(() => connection.Execute(Insert(12), transaction: transaction)));
        Assert.Equal(Invalid, Error(() => new NpgsqlCommand(Insert(12), connection, transaction).ExecuteNonQuery()));
        connection.Execute(Insert(13));
        Assert.Equal([13], Kept());
    }

    /// <summary>Whoever opens the connection for one command closes it behind, and with it goes the transaction.</summary>
    [Fact]
    public void Begin_as_text_lasts_no_longer_than_the_connection_is_open()
    {
        using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        source.CreateCommand("BEGIN").ExecuteNonQuery();
        source.CreateCommand(Insert(11)).ExecuteNonQuery();
        source.CreateCommand("ROLLBACK").ExecuteNonQuery();

        using var closed = new NpgsqlConnection(Database.ConnectionString);
        closed.Execute("BEGIN;");
        closed.Execute(Insert(12));
        closed.Execute("ROLLBACK");

        using var context = Context();
        context.Database.ExecuteSqlRaw("BEGIN");
        context.Database.ExecuteSqlRaw(Insert(13));
        context.Database.ExecuteSqlRaw("ROLLBACK");
        Assert.Equal([11, 12, 13], Kept());

        context.Database.OpenConnection();
        context.Database.ExecuteSqlRaw("BEGIN");
        context.Database.ExecuteSqlRaw(Insert(14));
        context.Database.ExecuteSqlRaw("ROLLBACK");
        Assert.Equal([11, 12, 13], Kept());
    }

    [Fact]
    public void Dapper_on_the_connection_of_the_context_is_inside()
    {
        using var context = Context();
        using var transaction = context.Database.BeginTransaction();
        context.Database.GetDbConnection().Execute(Insert(11));
        context.Database.ExecuteSqlRaw(Insert(12));
        context.Add(New(13));
        context.SaveChanges();
        Assert.Equal(6 + 3, context.Samples.Count());
        transaction.Rollback();
        Assert.Empty(Kept());
    }

    [Fact]
    public void Another_context_is_outside()
    {
        using var context = Context();
        using var other = Context();
        using var transaction = context.Database.BeginTransaction();
        other.Add(New(11));
        other.SaveChanges();
        other.Database.ExecuteSqlRaw(Insert(12));
        transaction.Rollback();
        Assert.Equal([11, 12], Kept());
    }

    /// <summary>EF Core begins a transaction of its own as soon as a save takes more than one statement.</summary>
    [Fact]
    public void Another_context_on_the_connection_is_inside_but_must_be_told()
    {
        using var connection = Open();
        using var context = Context(connection);
        using var transaction = connection.BeginTransaction();
        context.Add(New(11));
        context.SaveChanges();
        context.AddRange(New(12), New(13));
        Assert.Equal(Invalid, Error(() => context.SaveChanges()));
        context.Database.UseTransaction(transaction);
        context.SaveChanges();
        transaction.Rollback();
        Assert.Empty(Kept());
    }

    [Fact]
    public void UseTransaction_refuses_the_transaction_of_another_connection()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        using var context = Context();
        Assert.Equal(Invalid, Error(() => context.Database.UseTransaction(transaction)));
    }

    [Fact]
    public void The_transaction_of_EF_Core_is_inside_for_ADO_NET_too()
    {
        using var context = Context();
        using var transaction = context.Database.BeginTransaction();
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        new NpgsqlCommand(Insert(11), connection).ExecuteNonQuery();
        Assert.Same(connection, transaction.GetDbTransaction().Connection);
        transaction.Rollback();
        Assert.Empty(Kept());
    }
}

/// <summary>What SQLite's provider makes of a command that names no transaction while one is open.</summary>
public sealed class SqliteTransactionArgumentTests
{
    private static (SqliteConnection Connection, SqliteTransaction Transaction, SqliteCommand Before) Begin()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        connection.Execute("CREATE TABLE t (id integer)");
        var before = connection.CreateCommand();
        return (connection, connection.BeginTransaction(), before);
    }

    [Fact]
    public void A_constructed_command_without_the_transaction_throws()
    {
        var (connection, _, before) = Begin();
        using var command = new SqliteCommand("INSERT INTO t VALUES (1)", connection);
        var exception = Assert.Throws<InvalidOperationException>(() => command.ExecuteNonQuery());
        Assert.Contains("transaction", exception.Message);
        before.CommandText = command.CommandText;
        Assert.Throws<InvalidOperationException>(() => before.ExecuteNonQuery());
        connection.Dispose();
    }

    /// <summary>CreateCommand hands over the open transaction, and Dapper creates its commands so.</summary>
    [Fact]
    public void CreateCommand_and_Dapper_need_no_argument()
    {
        var (connection, transaction, _) = Begin();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO t VALUES (1)";
        command.ExecuteNonQuery();
        connection.Execute("INSERT INTO t VALUES (2)");
        transaction.Rollback();
        Assert.Equal(0, connection.ExecuteScalar<int>("SELECT count(*) FROM t"));
        connection.Dispose();
    }

    [Fact]
    public void The_transaction_of_another_connection_throws()
    {
        var (connection, _, _) = Begin();
        var (other, transaction, _) = Begin();
        Assert.Throws<InvalidOperationException>(() => connection.Execute("INSERT INTO t VALUES (2)", transaction: transaction));
        connection.Dispose();
        other.Dispose();
    }
}
