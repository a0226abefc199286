using Dapper;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A transaction that waits for something else keeps what it has locked.</summary>
public sealed class IdleTransactionTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    private const string Change = "UPDATE samples SET name = 'x' WHERE id = 1";

    private NpgsqlConnection Idle(string setting = "")
    {
        var connection = Open();
        connection.Execute("SET idle_in_transaction_session_timeout = '" + setting + "'");
        connection.BeginTransaction();
        connection.Execute(Change);
        return connection;
    }

    [Fact]
    public void Others_wait_for_its_rows_and_give_up()
    {
        using var connection = Idle("0");
        Assert.Equal("idle in transaction", Query<string>($"SELECT state FROM pg_stat_activity WHERE pid = {connection.ProcessID}").Single());
        Assert.Equal("55P03", Error(() => Run("SET lock_timeout = 1; " + Change)));
        Assert.Equal("57014", Error(() => Run("SET statement_timeout = 50; " + Change)));
        Assert.Null(Error(() => Run("SET lock_timeout = 1; UPDATE samples SET name = 'x' WHERE id = 2")));
        Assert.Single(Query<int>("SELECT id FROM samples WHERE id = 1"));
    }

    /// <summary>A change of the table waits too, and whoever comes after it.</summary>
    [Fact]
    public void A_mere_read_makes_a_change_of_the_table_wait()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute("SELECT id FROM samples");
        Assert.Equal("55P03", Error(() => Run("SET lock_timeout = 1; ALTER TABLE samples ADD COLUMN made integer")));
    }

    [Fact]
    public void The_server_ends_it_where_it_is_told_to()
    {
        using var connection = Idle("1ms");

        // The other session waits for the lock, and has it when the server has ended this one.
        Run(Change);
        Assert.ThrowsAny<NpgsqlException>(() => connection.Execute("SELECT 1"));
        Assert.Equal(System.Data.ConnectionState.Closed, connection.State);
    }
}
