using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>What the text tells about transaction blocks, against what the server does in one.</summary>
public sealed class TransactionRulesTests(PostgresServer server) : PostgresTest(server)
{
    [Theory]
    [InlineData("VACUUM samples", true)]
    [InlineData("ANALYZE samples", false)]
    [InlineData("CREATE INDEX CONCURRENTLY made ON samples (name)", true)]
    [InlineData("CREATE INDEX made ON samples (name)", false)]
    [InlineData("DROP INDEX CONCURRENTLY IF EXISTS made", true)]
    [InlineData("DROP INDEX IF EXISTS made", false)]
    [InlineData("REINDEX TABLE CONCURRENTLY samples", true)]
    [InlineData("REINDEX (CONCURRENTLY) TABLE samples", true)]
    [InlineData("REINDEX (CONCURRENTLY false) TABLE samples", false)]
    [InlineData("REINDEX TABLE samples", false)]
    [InlineData("REINDEX SCHEMA public", true)]
    [InlineData("CREATE DATABASE made", true)]
    [InlineData("DROP DATABASE IF EXISTS made", true)]
    [InlineData("ALTER DATABASE postgres SET TABLESPACE pg_default", true)]
    [InlineData("CREATE TABLESPACE made LOCATION '/made'", true)]
    [InlineData("DROP TABLESPACE IF EXISTS made", true)]
    [InlineData("ALTER SYSTEM SET work_mem = '4MB'", true)]
    [InlineData("CLUSTER", true)]
    [InlineData("CLUSTER VERBOSE", true)]
    [InlineData("CREATE SUBSCRIPTION made CONNECTION 'dbname=postgres' PUBLICATION made", true)]
    [InlineData("DISCARD ALL", true)]
    [InlineData("DISCARD TEMP", false)]
    [InlineData("COMMIT PREPARED 'made'", true)]
    [InlineData("ROLLBACK PREPARED 'made'", true)]
    [InlineData("CHECKPOINT", false)]
    public async Task The_text_tells_what_the_server_does(string sql, bool isRefused)
    {
        var tree = SqlParser.Parse(new SqlSource(sql));
        Assert.Equal(isRefused, TransactionRules.RefusedInBlock(tree, Assert.Single(tree.Statements)).IsPresent);
        Assert.Equal(isRefused ? "25001" : null, await InTransaction(sql));
    }

    [Fact]
    public async Task Detaching_concurrently_is_refused()
    {
        const string sql = "ALTER TABLE parted DETACH PARTITION parted_1 CONCURRENTLY";
        await Database.Npgsql("CREATE TABLE parted (id integer) PARTITION BY RANGE (id); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10)");
        Assert.Equal("25001", await InTransaction(sql));
        Assert.Null(await InTransaction("ALTER TABLE parted DETACH PARTITION parted_1"));
    }

    /// <summary>A statement alone is a transaction of its own, and its locks end with it.</summary>
    [Theory]
    [InlineData("SELECT id FROM samples FOR UPDATE", "SELECT count(*) FROM (SELECT id FROM samples FOR UPDATE SKIP LOCKED) AS free")]
    [InlineData("SELECT pg_advisory_xact_lock(1)", "SELECT pg_try_advisory_xact_lock(1)::int")]
    public async Task A_lock_ends_with_its_statement(string locks, string free)
    {
        await using var first = new NpgsqlConnection(Database.ConnectionString);
        await first.OpenAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand(locks, first))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var afterwards = (await Database.Npgsql(free)).ToString();
        await using var transaction = await first.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand(locks, first, transaction))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.NotEqual(afterwards, (await Database.Npgsql(free)).ToString());
    }

    private async Task<string?> InTransaction(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        try
        {
            await command.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException exception)
        {
            return exception.SqlState;
        }
    }
}
