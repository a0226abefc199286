using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Statements that need a transaction of their own, or none, and those that only look so. Nothing here may change the server.</summary>
public sealed class StatementInTransactionTests(PostgresServer server) : TransactionTest(server)
{
    private const string Refused = "25001";

    private const string Things = """
        CREATE INDEX by_name ON samples (name);
        CREATE INDEX by_name_2 ON samples (name);
        CREATE MATERIALIZED VIEW seen AS SELECT id, name FROM samples;
        CREATE UNIQUE INDEX ON seen (id);
        CREATE TABLE parts (id integer PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10);
        CREATE TABLE part_2 PARTITION OF parts FOR VALUES FROM (10) TO (20);
        CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
        """;

    /// <summary>Refused inside a transaction, in a function, and behind other statements of one command.</summary>
    public static TheoryData<string> Refusals { get; } =
    [
        "VACUUM",
        "VACUUM samples",
        "VACUUM ANALYZE samples",
        "VACUUM (FULL, ANALYZE) samples",
        "CREATE INDEX CONCURRENTLY made ON samples (name)",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS made ON samples (id)",
        "DROP INDEX CONCURRENTLY by_name_2",
        "REINDEX TABLE CONCURRENTLY samples",
        "REINDEX INDEX CONCURRENTLY by_name",
        "REINDEX (CONCURRENTLY) TABLE samples",
        "REINDEX SCHEMA app",
        "REINDEX DATABASE {0}",
        "REINDEX SYSTEM {0}",
        "CREATE DATABASE made_here",
        "DROP DATABASE made_here",
        "DROP DATABASE IF EXISTS made_here",
        "ALTER DATABASE made_here SET TABLESPACE pg_default",
        "CREATE TABLESPACE made LOCATION '/nowhere'",
        "DROP TABLESPACE made",
        "ALTER SYSTEM SET work_mem = '4MB'",
        "ALTER SYSTEM RESET ALL",
        "CREATE SUBSCRIPTION made CONNECTION 'host=/nowhere' PUBLICATION p",
        "DISCARD ALL",
        "ALTER TABLE parts DETACH PARTITION part CONCURRENTLY",
    ];

    /// <summary>Fine there.</summary>
    public static TheoryData<string> Fine { get; } =
    [
        "ANALYZE",
        "ANALYZE samples",
        "CREATE INDEX made ON samples (name)",
        "DROP INDEX by_name",
        "REINDEX TABLE samples",
        "REINDEX INDEX by_name",
        "REFRESH MATERIALIZED VIEW seen",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY seen",
        "CLUSTER samples USING samples_pkey",
        "ALTER TYPE mood ADD VALUE 'new'",
        "ALTER TABLE parts DETACH PARTITION part_2",
        "ALTER DATABASE {0} SET work_mem = '4MB'",
        "CREATE ROLE made_{0}",
        "TRUNCATE samples",
        "DISCARD PLANS",
        "DISCARD SEQUENCES",
        "DISCARD TEMP",
        "CREATE SUBSCRIPTION made CONNECTION 'host=/nowhere' PUBLICATION p WITH (connect = false)",
        "CHECKPOINT",
    ];

    private string Prepare(string sql)
    {
        Run(Things);
        return string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, Database.Name);
    }

    private string? InTransaction(string sql)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        return Error(() => connection.Execute(sql + ";"));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refused_inside_a_transaction(string statement)
    {
        var sql = Prepare(statement);
        Assert.Equal(Refused, InTransaction(sql));
        using var connection = Open();
        Assert.Equal(Refused, Error(() => connection.Execute($"SELECT 1; {sql}")));
        Assert.Equal(Refused, Error(() => connection.Execute($"BEGIN; {sql}; COMMIT")));
        connection.Execute("ROLLBACK");
        Assert.Equal(Refused, Error(() => connection.Execute($"DO $do$ BEGIN EXECUTE $x${sql}$x$; END $do$")));
        using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("SELECT 1"), new(sql) } };
        Assert.Equal(Refused, Error(() => batch.ExecuteNonQuery()));
    }

    [Theory]
    [MemberData(nameof(Fine))]
    public void Fine_inside_a_transaction(string statement) => Assert.Null(InTransaction(Prepare(statement)));

    [Theory]
    [InlineData("VACUUM samples")]
    [InlineData("CREATE INDEX CONCURRENTLY made ON samples (name)")]
    [InlineData("REINDEX TABLE CONCURRENTLY samples")]
    [InlineData("DISCARD ALL")]
    public void Fine_without_a_transaction(string sql)
    {
        using var connection = Open();
        Assert.Null(Error(() => connection.Execute(sql)));
        connection.Execute("DROP INDEX IF EXISTS made");
        using var context = Context();
        Assert.Null(Error(() => context.Database.ExecuteSqlRaw(sql)));
    }

    [Theory]
    [InlineData("VACUUM samples")]
    [InlineData("CREATE INDEX CONCURRENTLY made ON samples (name)")]
    [InlineData("REINDEX TABLE CONCURRENTLY samples")]
    [InlineData("DISCARD ALL")]
    public void As_the_first_of_several_statements(string sql)
    {
        using var connection = Open();
        Assert.Null(Error(() => connection.Execute(sql + "; SELECT 1")));
    }

    /// <summary>Each command of such a batch is a transaction of its own.</summary>
    [Fact]
    public void Fine_in_a_batch_with_error_barriers()
    {
        using var connection = Open();
        using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true, BatchCommands = { new(Insert(11)), new("VACUUM samples"), new(Insert(12)) } };
        batch.ExecuteNonQuery();
        Assert.Equal([11, 12], Kept());
    }

    /// <summary>A value may be added in a transaction, yet not be used there.</summary>
    [Fact]
    public void A_new_value_of_an_enum_is_of_no_use_until_the_commit()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute("ALTER TYPE mood ADD VALUE 'new'");
        Assert.Equal("55P04", Error(() => connection.Execute("UPDATE samples SET mood = 'new' WHERE id = 1")));
    }

    [Fact]
    public void A_procedure_that_commits_fails_inside_a_transaction()
    {
        Run(Things);
        Assert.Equal("2D000", InTransaction("CALL commits()"));
        Run("CALL commits()");
    }

    [Fact]
    public void Prepare_transaction_needs_a_transaction_and_a_server_that_is_configured()
    {
        Assert.Equal("55000", InTransaction("PREPARE TRANSACTION 'x'"));
        using var connection = Open();
        connection.Execute("PREPARE TRANSACTION 'x'");
    }

    /// <summary>Without a transaction these fail, or do nothing but warn.</summary>
    [Theory]
    [InlineData("SAVEPOINT s", "25P01")]
    [InlineData("ROLLBACK TO SAVEPOINT s", "25P01")]
    [InlineData("LOCK TABLE samples", "25P01")]
    [InlineData("DECLARE c CURSOR FOR SELECT 1", "25P01")]
    [InlineData("SET LOCAL work_mem = '4MB'", "WARNING 25P01")]
    [InlineData("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "WARNING 25P01")]
    [InlineData("SET CONSTRAINTS ALL DEFERRED", "WARNING 25P01")]
    [InlineData("COMMIT", "WARNING 25P01")]
    [InlineData("ROLLBACK", "WARNING 25P01")]
    public void Statements_that_need_a_transaction(string sql, string answer)
    {
        using var connection = Open();
        string? notice = null;
        connection.Notice += (_, e) => notice = $"{e.Notice.Severity} {e.Notice.SqlState}";
        Assert.Equal(answer, Error(() => connection.Execute(sql)) ?? notice);
    }
}
