using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests;

public class TransactionTests
{
    [Theory]
    [InlineData("BEGIN", "BEGIN", TransactionKind.Begin, TransactionIsolation.NotGiven)]
    [InlineData("BEGIN WORK", "BEGIN", TransactionKind.Begin, TransactionIsolation.NotGiven)]
    [InlineData("START TRANSACTION READ ONLY, ISOLATION LEVEL REPEATABLE READ", "BEGIN", TransactionKind.Begin, TransactionIsolation.RepeatableRead)]
    [InlineData("BEGIN ISOLATION LEVEL SERIALIZABLE DEFERRABLE", "BEGIN", TransactionKind.Begin, TransactionIsolation.Serializable)]
    [InlineData("BEGIN ISOLATION LEVEL READ COMMITTED", "BEGIN", TransactionKind.Begin, TransactionIsolation.ReadCommitted)]
    [InlineData("BEGIN ISOLATION LEVEL READ UNCOMMITTED", "BEGIN", TransactionKind.Begin, TransactionIsolation.ReadUncommitted)]
    [InlineData("BEGIN {modes}", "BEGIN", TransactionKind.Begin, TransactionIsolation.Unknown)]
    [InlineData("BEGIN ISOLATION LEVEL {level}", "BEGIN", TransactionKind.Begin, TransactionIsolation.Unknown)]
    [InlineData("COMMIT", "COMMIT", TransactionKind.Commit, TransactionIsolation.NotGiven)]
    [InlineData("END TRANSACTION", "COMMIT", TransactionKind.Commit, TransactionIsolation.NotGiven)]
    [InlineData("ROLLBACK", "ROLLBACK", TransactionKind.Rollback, TransactionIsolation.NotGiven)]
    [InlineData("ABORT", "ROLLBACK", TransactionKind.Rollback, TransactionIsolation.NotGiven)]
    [InlineData("ROLLBACK {x}", "ROLLBACK", TransactionKind.Unknown, TransactionIsolation.NotGiven)]
    [InlineData("COMMIT {x}", "COMMIT", TransactionKind.Unknown, TransactionIsolation.NotGiven)]
    [InlineData("PREPARE TRANSACTION 'a'", "PREPARE TRANSACTION", TransactionKind.PrepareTransaction, TransactionIsolation.NotGiven)]
    [InlineData("COMMIT PREPARED 'a'", "COMMIT PREPARED", TransactionKind.CommitPrepared, TransactionIsolation.NotGiven)]
    [InlineData("ROLLBACK PREPARED 'a'", "ROLLBACK PREPARED", TransactionKind.RollbackPrepared, TransactionIsolation.NotGiven)]
    [InlineData("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SET", TransactionKind.SetTransaction, TransactionIsolation.Serializable)]
    [InlineData("SET LOCAL TRANSACTION READ WRITE, ISOLATION LEVEL REPEATABLE READ", "SET", TransactionKind.SetTransaction, TransactionIsolation.RepeatableRead)]
    [InlineData("SET TRANSACTION SNAPSHOT 'a'", "SET", TransactionKind.SetTransaction, TransactionIsolation.NotGiven)]
    [InlineData("SET TRANSACTION ISOLATION LEVEL {level}", "SET", TransactionKind.SetTransaction, TransactionIsolation.Unknown)]
    [InlineData("SET TRANSACTION {modes}", "SET", TransactionKind.SetTransaction, TransactionIsolation.Unknown)]
    public void Transaction_control(string sql, string verb, TransactionKind kind, TransactionIsolation isolation)
    {
        var statement = Sql.One<TransactionStatement>(sql);
        Assert.Equal((verb, kind, isolation), (statement.Verb, statement.Kind, statement.Isolation));
        Assert.Equal(sql.Split(' ')[0].Length, statement.VerbSpan.Length);
    }

    [Theory]
    [InlineData("SAVEPOINT a", TransactionKind.Savepoint, "a")]
    [InlineData("ROLLBACK TO a", TransactionKind.RollbackTo, "a")]
    [InlineData("ROLLBACK WORK TO SAVEPOINT \"A b\"", TransactionKind.RollbackTo, "A b")]
    [InlineData("RELEASE SAVEPOINT a", TransactionKind.Release, "a")]
    [InlineData("RELEASE a", TransactionKind.Release, "a")]
    public void Savepoints(string sql, TransactionKind kind, string name)
    {
        var statement = Sql.One<TransactionStatement>(sql);
        Assert.Equal((kind, name), (statement.Kind, statement.Savepoint?.Text));
        Assert.False(statement.EndsTransaction);
    }

    [Theory]
    [InlineData("COMMIT", Presence.Absent, true)]
    [InlineData("COMMIT AND CHAIN", Presence.Present, false)]
    [InlineData("ROLLBACK AND NO CHAIN", Presence.Absent, true)]
    [InlineData("END AND {no} CHAIN", Presence.Unknown, false)]
    [InlineData("COMMIT {x}", Presence.Unknown, false)]
    [InlineData("BEGIN", Presence.Absent, false)]
    public void Chains(string sql, Presence chain, bool ends)
    {
        var statement = Sql.One<TransactionStatement>(sql);
        Assert.Equal((chain, ends), (statement.Chain, statement.EndsTransaction));
    }

    [Theory]
    [InlineData("COMMIT AND NO NO CHAIN")]
    [InlineData("BEGIN ISOLATION LEVEL READ")]
    [InlineData("ROLLBACK TO")]
    [InlineData("SAVEPOINT")]
    [InlineData("START")]
    public void Errors_stay_errors(string sql) => Assert.NotEmpty(Sql.Parse(sql).Errors);

    [Theory]
    [InlineData("BEGIN TRANSACTION t1")]
    [InlineData("BEGIN TRY")]
    [InlineData("COMMIT TRAN")]
    public void Another_dialect_has_other_blocks(string sql) => Assert.IsType<OtherStatement>(Assert.Single(Sql.Parse(sql, SqlDialect.Other).Statements));

    [Theory]
    [InlineData("VACUUM", "VACUUM")]
    [InlineData("VACUUM (ANALYZE, FULL) t", "VACUUM")]
    [InlineData("VACUUM {x}", "VACUUM")]
    [InlineData("CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY")]
    [InlineData("create unique index concurrently if not exists {x} on t (a)", "CREATE INDEX CONCURRENTLY")]
    [InlineData("CREATE /* c */ INDEX -- d\n CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY")]
    [InlineData("DROP INDEX CONCURRENTLY IF EXISTS i", "DROP INDEX CONCURRENTLY")]
    [InlineData("REINDEX INDEX CONCURRENTLY i", "REINDEX CONCURRENTLY")]
    [InlineData("REINDEX (VERBOSE, CONCURRENTLY on) TABLE t", "REINDEX CONCURRENTLY")]
    [InlineData("REINDEX (CONCURRENTLY) TABLE {t}", "REINDEX CONCURRENTLY")]
    [InlineData("REINDEX SCHEMA s", "REINDEX SCHEMA")]
    [InlineData("REINDEX DATABASE {d}", "REINDEX DATABASE")]
    [InlineData("REINDEX (VERBOSE) SYSTEM d", "REINDEX SYSTEM")]
    [InlineData("CREATE DATABASE {d}", "CREATE DATABASE")]
    [InlineData("CREATE DATABASE \"d\" OWNER o", "CREATE DATABASE")]
    [InlineData("DROP DATABASE IF EXISTS d WITH (FORCE)", "DROP DATABASE")]
    [InlineData("ALTER DATABASE {d} SET TABLESPACE s", "ALTER DATABASE SET TABLESPACE")]
    [InlineData("ALTER DATABASE d TABLESPACE s", "ALTER DATABASE SET TABLESPACE")]
    [InlineData("CREATE TABLESPACE s LOCATION '/d'", "CREATE TABLESPACE")]
    [InlineData("DROP TABLESPACE s", "DROP TABLESPACE")]
    [InlineData("ALTER SYSTEM SET work_mem = '{x}MB'", "ALTER SYSTEM")]
    [InlineData("CLUSTER", "CLUSTER")]
    [InlineData("CLUSTER VERBOSE", "CLUSTER")]
    [InlineData("CLUSTER (VERBOSE)", "CLUSTER")]
    [InlineData("ALTER TABLE p DETACH PARTITION s.p1 CONCURRENTLY", "ALTER TABLE DETACH CONCURRENTLY")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p", "CREATE SUBSCRIPTION")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (create_slot = true, copy_data = off)", "CREATE SUBSCRIPTION")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (connect)", "CREATE SUBSCRIPTION")]
    [InlineData("ALTER SUBSCRIPTION s REFRESH PUBLICATION", "ALTER SUBSCRIPTION REFRESH")]
    [InlineData("DISCARD ALL", "DISCARD ALL")]
    [InlineData("COMMIT PREPARED 'a'", "COMMIT PREPARED")]
    public void Refused_in_a_block(string sql, string name)
    {
        var tree = Sql.Parse(sql);
        Assert.Empty(tree.Errors);
        Assert.Equal(name, TransactionRules.RefusedInBlock(tree, Assert.Single(tree.Statements)).Value);
    }

    [Theory]
    [InlineData("ANALYZE t")]
    [InlineData("CREATE INDEX i ON t (a)")]
    [InlineData("CREATE INDEX i ON t (\"concurrently\")")]
    [InlineData("DROP INDEX i")]
    [InlineData("REINDEX TABLE t")]
    [InlineData("REINDEX (CONCURRENTLY false) TABLE t")]
    [InlineData("ALTER DATABASE d SET work_mem = '4MB'")]
    [InlineData("CLUSTER t USING i")]
    [InlineData("ALTER TABLE p DETACH PARTITION p1")]
    [InlineData("ALTER TABLE p DETACH PARTITION p1 FINALIZE")]
    [InlineData("ALTER TABLE t ADD COLUMN \"concurrently\" int")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (connect = false)")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (create_slot = off)")]
    [InlineData("DISCARD TEMP")]
    [InlineData("REFRESH MATERIALIZED VIEW CONCURRENTLY v")]
    [InlineData("SELECT 1")]
    [InlineData("COMMENT ON TABLE t IS 'VACUUM'")]
    [InlineData("SELECT 'VACUUM'")]
    [InlineData("EXPLAIN SELECT 1")]
    [InlineData("PREPARE TRANSACTION 'a'")]
    [InlineData("ALTER TYPE e ADD VALUE 'a'")]
    public void Allowed_in_a_block(string sql)
    {
        var tree = Sql.Parse(sql);
        Assert.True(TransactionRules.RefusedInBlock(tree, Assert.Single(tree.Statements)).IsAbsent);
    }

    [Theory]
    [InlineData("{x}")]
    [InlineData("CREATE {x}")]
    [InlineData("CREATE INDEX {x} ON t (a)")]
    [InlineData("DROP INDEX {x}")]
    [InlineData("REINDEX {x}")]
    [InlineData("REINDEX TABLE {x}")]
    [InlineData("REINDEX ({x}) TABLE t")]
    [InlineData("CLUSTER {x}")]
    [InlineData("DISCARD {x}")]
    [InlineData("ALTER TABLE p DETACH PARTITION p1 {x}")]
    [InlineData("ALTER TABLE p {x}")]
    [InlineData("ALTER DATABASE d SET {x}")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p {x}")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (connect = {x})")]
    [InlineData("DROP SUBSCRIPTION s")]
    [InlineData("ALTER SUBSCRIPTION s SET PUBLICATION p")]
    [InlineData("CALL f()")]
    [InlineData("DROP DATABASE")]
    public void Nobody_knows_whether_it_is_refused(string sql)
    {
        var tree = Sql.Parse(sql);
        Assert.True(TransactionRules.RefusedInBlock(tree, Assert.Single(tree.Statements)).IsUnknown);
    }

    [Theory]
    [InlineData("SELECT a FROM t WHERE id = @id FOR UPDATE", "FOR UPDATE", "FOR UPDATE")]
    [InlineData("SELECT a FROM t WHERE id = {id} FOR UPDATE", "FOR UPDATE", "FOR UPDATE")]
    [InlineData("SELECT a FROM t {where} FOR UPDATE", "FOR UPDATE", "FOR UPDATE")]
    [InlineData("SELECT a FROM t FOR NO KEY UPDATE OF t SKIP LOCKED", "FOR NO KEY UPDATE", "FOR NO KEY UPDATE OF t SKIP LOCKED")]
    [InlineData("SELECT a FROM t FOR SHARE LIMIT 1", "FOR SHARE", "FOR SHARE")]
    [InlineData("SELECT a FROM t ORDER BY a LIMIT 1 FOR KEY SHARE NOWAIT;", "FOR KEY SHARE", "FOR KEY SHARE NOWAIT")]
    [InlineData("(SELECT a FROM t FOR UPDATE) UNION ALL SELECT 1", "FOR UPDATE", "FOR UPDATE")]
    [InlineData("WITH x AS (SELECT 1) SELECT a FROM t FOR UPDATE", "FOR UPDATE", "FOR UPDATE")]
    [InlineData("TABLE t FOR UPDATE", "FOR UPDATE", "FOR UPDATE")]
    [InlineData("SELECT lower(a), coalesce(b, 0) FROM t FOR UPDATE", "FOR UPDATE", "FOR UPDATE")]
    [InlineData("SELECT pg_advisory_xact_lock(1)", "pg_advisory_xact_lock", "pg_advisory_xact_lock(1)")]
    [InlineData("SELECT pg_catalog.pg_try_advisory_xact_lock(hashtext(@x)) AS ok", "pg_try_advisory_xact_lock", "pg_catalog.pg_try_advisory_xact_lock(hashtext(@x))")]
    [InlineData("SELECT * FROM pg_advisory_xact_lock_shared({x}, 2)", "pg_advisory_xact_lock_shared", "pg_advisory_xact_lock_shared({x}, 2)")]
    [InlineData("SELECT pg_try_advisory_xact_lock_shared(1) FROM t", "pg_try_advisory_xact_lock_shared", "pg_try_advisory_xact_lock_shared(1)")]
    public void Locks_of_no_use_alone(string sql, string name, string span)
    {
        var tree = Sql.Parse(sql);
        Assert.Empty(tree.Errors);
        var found = StatementLocks.Of(tree).Value!;
        Assert.Equal(name, found.Name);
        Assert.Equal(Sql.Source(span).Text, tree.Source.ToString(found.Span));
        Assert.Equal(name.StartsWith("pg_", StringComparison.Ordinal), found.IsAdvisory);
    }

    [Theory]
    [InlineData("SELECT a FROM t")]
    [InlineData("SELECT a FROM t WHERE id = {id}")]
    [InlineData("WITH x AS (UPDATE t SET a = 1 RETURNING id) SELECT * FROM x JOIN t USING (id) FOR UPDATE")]
    [InlineData("UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t FOR UPDATE SKIP LOCKED)")]
    [InlineData("WITH j AS (SELECT id FROM t FOR UPDATE) DELETE FROM t USING j WHERE t.id = j.id")]
    [InlineData("INSERT INTO u SELECT a FROM t FOR UPDATE")]
    [InlineData("DECLARE c CURSOR FOR SELECT a FROM t FOR UPDATE")]
    [InlineData("SELECT a INTO u FROM t FOR UPDATE")]
    [InlineData("SELECT do_work(a) FROM t FOR UPDATE")]
    [InlineData("SELECT * FROM do_work(1) FOR UPDATE")]
    [InlineData("SELECT pg_advisory_xact_lock(1), do_work()")]
    [InlineData("SELECT CASE WHEN pg_try_advisory_xact_lock(1) THEN app.do_work() END")]
    [InlineData("SELECT app.pg_advisory_xact_lock(1)")]
    [InlineData("SELECT pg_advisory_lock(1)")]
    [InlineData("INSERT INTO t SELECT pg_advisory_xact_lock(1)")]
    [InlineData("SELECT a FROM t FOR READ ONLY")]
    [InlineData("SELECT 'FOR UPDATE'")]
    [InlineData("EXPLAIN SELECT a FROM t FOR UPDATE")]
    public void No_lock_that_is_of_no_use(string sql) => Assert.True(StatementLocks.Of(Sql.Parse(sql)).IsAbsent);

    [Theory]
    [InlineData("SELECT a FROM t {tail}")]
    [InlineData("SELECT a FROM t ORDER BY a LIMIT 1 {tail}")]
    [InlineData("SELECT a FROM t WHERE {conditions}")]
    [InlineData("WITH {queries} SELECT a FROM t FOR UPDATE")]
    [InlineData("WITH x AS ({query}) SELECT a FROM t FOR UPDATE")]
    [InlineData("{query} UNION ALL SELECT 1")]
    [InlineData("{query}")]
    [InlineData("SELECT a FROM t FOR UPDATE; UPDATE t SET a = 1")]
    [InlineData("SELECT pg_advisory_xact_lock(1); UPDATE t SET a = 1")]
    [InlineData("SELECT a FROM WHERE FOR UPDATE")]
    public void Nobody_knows_whether_it_locks_in_vain(string sql) => Assert.True(StatementLocks.Of(Sql.Parse(sql)).IsUnknown);
}
