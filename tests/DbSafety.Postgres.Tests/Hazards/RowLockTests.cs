using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A lock lasts as long as its transaction; without one it is gone when the statement's answer is there.</summary>
public sealed class RowLockTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    private const string Locked = "55P03";
    private const string Lock = "SELECT id FROM samples WHERE id = 1 FOR UPDATE";

    private string? TakeRow() => Error(() => Run($"SET lock_timeout = 1; {Lock} NOWAIT"));

    private bool TakeAdvisory() => Query<bool>("SELECT pg_try_advisory_xact_lock(7)").Single();

    [Theory]
    [InlineData("FOR UPDATE")]
    [InlineData("FOR NO KEY UPDATE")]
    [InlineData("FOR SHARE")]
    [InlineData("FOR KEY SHARE")]
    public void Outside_a_transaction_a_row_lock_is_released_at_once(string mode)
    {
        var sql = $"SELECT id FROM samples WHERE id = 1 {mode}";
        using var connection = Open();
        connection.Query<int>(sql);
        Assert.Null(TakeRow());
        using var transaction = connection.BeginTransaction();
        connection.Query<int>(sql);
        Assert.Equal(Locked, TakeRow());
    }

    /// <summary>Two sessions believe that the row is theirs.</summary>
    [Fact]
    public void Outside_a_transaction_SKIP_LOCKED_hands_the_same_row_to_two()
    {
        const string next = "SELECT id FROM samples ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";
        using var first = Open();
        using var second = Open();
        Assert.Equal(1, first.QuerySingle<int>(next));
        Assert.Equal(1, second.QuerySingle<int>(next));
        using var inFirst = first.BeginTransaction();
        using var inSecond = second.BeginTransaction();
        Assert.Equal(1, first.QuerySingle<int>(next));
        Assert.Equal(2, second.QuerySingle<int>(next));
    }

    [Fact]
    public void EF_Core_releases_it_at_once_too()
    {
        using var context = Context();
        Assert.Single(context.Samples.FromSqlRaw("SELECT id, name FROM samples WHERE id = 1 FOR UPDATE").ToList());
        Assert.Null(TakeRow());
        context.Database.OpenConnection();
        Assert.Single(context.Samples.FromSqlRaw("SELECT id, name FROM samples WHERE id = 1 FOR UPDATE").ToList());
        Assert.Null(TakeRow());
        using var transaction = context.Database.BeginTransaction();
        Assert.Single(context.Samples.FromSqlRaw("SELECT id, name FROM samples WHERE id = 1 FOR UPDATE").ToList());
        Assert.Equal(Locked, TakeRow());
    }

    [Fact]
    public void In_a_scope_it_is_held_until_the_scope_ends()
    {
        using (new System.Transactions.TransactionScope())
        {
            using (var connection = Open())
            {
                connection.Query<int>(Lock);
            }

            Assert.Equal(Locked, TakeRow());
        }

        Assert.Null(TakeRow());
    }

    [Fact]
    public async Task Within_one_command_of_several_statements_it_is_held()
    {
        await using var connection = Open();
        await using var gate = Open();
        gate.Execute("SELECT pg_advisory_lock(7)");
        var command = connection.ExecuteAsync(Lock + "; SELECT pg_advisory_xact_lock(7)");
        while (Query<string>($"SELECT wait_event_type FROM pg_stat_activity WHERE pid = {connection.ProcessID}").Single() != "Lock")
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Locked, TakeRow());
        gate.Execute("SELECT pg_advisory_unlock(7)");
        await command;
        Assert.Null(TakeRow());
    }

    [Fact]
    public void A_locking_query_inside_an_update_is_one_statement()
    {
        const string take = """
            WITH next AS (SELECT id FROM samples WHERE name IS DISTINCT FROM 'taken' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
            UPDATE samples SET name = 'taken' FROM next WHERE samples.id = next.id RETURNING samples.id
            """;
        using var first = Open();
        using var second = Open();
        using (var transaction = first.BeginTransaction())
        {
            Assert.Equal(1, first.QuerySingle<int>(take));
            Assert.Equal(2, second.QuerySingle<int>(take));
            transaction.Commit();
        }

        Assert.Equal(3, first.QuerySingle<int>(take));
        Assert.Equal(4, second.QuerySingle<int>("UPDATE samples SET name = 'taken' WHERE id = (SELECT id FROM samples WHERE name <> 'taken' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"));
    }

    [Theory]
    [InlineData("SELECT pg_advisory_xact_lock(7)")]
    [InlineData("SELECT pg_try_advisory_xact_lock(7)")]
    public void Outside_a_transaction_an_advisory_lock_of_the_transaction_is_released_at_once(string sql)
    {
        using var connection = Open();
        connection.Execute(sql);
        Assert.True(TakeAdvisory());
        using var transaction = connection.BeginTransaction();
        connection.Execute(sql);
        Assert.False(TakeAdvisory());
    }

    /// <summary>It outlives the transaction, its rollback too.</summary>
    [Fact]
    public void An_advisory_lock_of_the_session_needs_no_transaction()
    {
        using var connection = Open();
        using (connection.BeginTransaction())
        {
            connection.Execute("SELECT pg_advisory_lock(7)");
        }

        Assert.False(TakeAdvisory());
        connection.Close();
        Run("SELECT pg_advisory_xact_lock(7)");
    }

    [Fact]
    public void A_session_lock_ends_when_a_pooled_connection_returns()
    {
        using var source = NpgsqlDataSource.Create($"{Database.ConnectionString};Pooling=true;Maximum Pool Size=1");
        using (var connection = source.OpenConnection())
        {
            connection.Execute("SELECT pg_advisory_lock(7)");
        }

        // The reset travels with the next command.
        source.CreateCommand("SELECT 1").ExecuteNonQuery();
        Assert.True(TakeAdvisory());
    }

    [Fact]
    public void Lock_table_needs_a_transaction()
    {
        using var connection = Open();
        Assert.Equal("25P01", Error(() => connection.Execute("LOCK TABLE samples")));
        using var transaction = connection.BeginTransaction();
        connection.Execute("LOCK TABLE samples");
        Assert.Equal(Locked, TakeRow());
    }

    /// <summary>The driver sends them as a pipeline, which is no transaction block, although it succeeds or fails as one.</summary>
    [Fact]
    public void A_command_of_several_statements_is_no_transaction_to_it()
    {
        using var connection = Open();
        Assert.Equal("25P01", Error(() => connection.Execute("LOCK TABLE samples; UPDATE samples SET name = 'x'")));
        Assert.Null(Error(() => connection.Execute("BEGIN; LOCK TABLE samples; UPDATE samples SET name = 'x'; COMMIT")));
    }
}
