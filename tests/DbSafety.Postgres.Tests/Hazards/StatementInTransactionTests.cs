using System.Globalization;
using System.Transactions;
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
    private static string[] Refusals { get; } =
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
        "REINDEX TABLE parts",
        "REINDEX SCHEMA app",
        "REINDEX DATABASE {0}",
        "REINDEX SYSTEM {0}",
        "CLUSTER",
        "CLUSTER parts USING parts_pkey",
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
    private static string[] Fine { get; } =
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

    private string? InTransaction(string sql)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        return Error(() => connection.Execute(sql + ";"));
    }

    /// <summary>What each statement comes to; <paramref name="run"/> leaves no trace.</summary>
    private IEnumerable<string> Answers(string[] statements, Func<string, string?> run)
    {
        Run(Things);
        return statements.Select(statement => $"{statement}: {run(string.Format(CultureInfo.InvariantCulture, statement, Database.Name))}");
    }

    private static IEnumerable<string> All(string[] statements, string? answer) => statements.Select(statement => $"{statement}: {answer}");

    [Fact]
    public void Refused_inside_a_transaction() => Assert.Equal(All(Refusals, Refused), Answers(Refusals, InTransaction));

    [Fact]
    public void Refused_behind_other_statements_of_a_command()
    {
        using var connection = Open();
        Assert.Equal(All(Refusals, Refused), Answers(Refusals, sql => Error(() => connection.Execute($"SELECT 1; {sql}"))));
    }

    [Fact]
    public void Refused_behind_other_commands_of_a_batch()
    {
        using var connection = Open();
        Assert.Equal(All(Refusals, Refused), Answers(Refusals, sql => Error(() => new NpgsqlBatch(connection) { BatchCommands = { new("SELECT 1"), new(sql) } }.ExecuteNonQuery())));
    }

    [Fact]
    public void Refused_in_a_block()
    {
        using var connection = Open();
        Assert.Equal(All(Refusals, Refused), Answers(Refusals, sql => Error(() => connection.Execute($"DO $do$ BEGIN EXECUTE $x${sql}$x$; END $do$"))));
    }

    [Fact]
    public void Refused_in_a_transaction_of_EF_Core_and_in_a_scope()
    {
        using var context = Context();
        using (context.Database.BeginTransaction())
        {
            Assert.Equal(Refused, Error(() => context.Database.ExecuteSqlRaw("VACUUM samples")));
        }

        using var scope = new TransactionScope();
        Assert.Equal(Refused, Error(() => context.Database.ExecuteSqlRaw("VACUUM samples")));
    }

    [Fact]
    public void Fine_inside_a_transaction() => Assert.Equal(All(Fine, null), Answers(Fine, InTransaction));

    private static readonly string[] Alone = ["VACUUM samples", "CREATE INDEX CONCURRENTLY made ON samples (name)", "REINDEX TABLE CONCURRENTLY samples", "DISCARD ALL", "DROP INDEX CONCURRENTLY made"];

    [Fact]
    public void Fine_without_a_transaction()
    {
        using var connection = Open();
        Assert.Equal(All(Alone, null), Answers(Alone, sql => Error(() => connection.Execute(sql))));
    }

    [Fact]
    public void Fine_in_ExecuteSql_without_a_transaction()
    {
        using var context = Context();
        Assert.Equal(All(Alone, null), Answers(Alone, sql => Error(() => context.Database.ExecuteSqlRaw(sql))));
    }

    /// <summary>The transaction that the statements of a command share begins behind the first one.</summary>
    [Fact]
    public void Fine_as_the_first_of_several_statements()
    {
        using var connection = Open();
        Assert.Equal(All(Alone, null), Answers(Alone, sql => Error(() => connection.Execute(sql + "; SELECT 1"))));
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
        SkipWhereTransactionsArePrepared();
        Assert.Equal("55000", InTransaction("PREPARE TRANSACTION 'x'"));
        using var connection = Open();
        string? notice = null;
        connection.Notice += (_, e) => notice = e.Notice.SqlState;
        connection.Execute("PREPARE TRANSACTION 'x'");
        Assert.Equal("25P01", notice);
        Assert.Equal(Refused, InTransaction("COMMIT PREPARED 'x'"));
        Assert.Equal(Refused, InTransaction("ROLLBACK PREPARED 'x'"));
    }

    /// <summary>Without a transaction these fail, or do nothing but warn.</summary>
    [Fact]
    public void Statements_that_need_a_transaction()
    {
        (string Sql, string Answer)[] statements =
        [
            ("SAVEPOINT s", "25P01"),
            ("ROLLBACK TO SAVEPOINT s", "25P01"),
            ("LOCK TABLE samples", "25P01"),
            ("DECLARE c CURSOR FOR SELECT 1", "25P01"),
            ("SET LOCAL work_mem = '4MB'", "WARNING 25P01"),
            ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "WARNING 25P01"),
            ("SET CONSTRAINTS ALL DEFERRED", "WARNING 25P01"),
            ("COMMIT", "WARNING 25P01"),
            ("ROLLBACK", "WARNING 25P01"),
        ];
        using var connection = Open();
        string? notice = null;
        connection.Notice += (_, e) => notice = $"{e.Notice.Severity} {e.Notice.SqlState}";
        foreach (var (sql, answer) in statements)
        {
            notice = null;
            Assert.Equal((sql, answer), (sql, Error(() => connection.Execute(sql)) ?? notice));
        }
    }
}
