using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests;

/// <summary>PostgreSQL's verdict on commands and on definitions that hold no data. Each row is a statement that parses and a near one that does not.</summary>
public class UtilityTests
{
    // EXPLAIN, PREPARE, cursors
    [Theory]
    [InlineData("EXPLAIN (ANALYZE, COSTS off, FORMAT JSON) SELECT 1", "EXPLAIN (ANALYZE COSTS off FORMAT) SELECT 1")]
    [InlineData("EXPLAIN ANALYZE VERBOSE SELECT 1", "EXPLAIN VERBOSE ANALYZE SELECT 1")]
    [InlineData("EXPLAIN CREATE TABLE a AS SELECT 1", "EXPLAIN CREATE TABLE a (b int)")]
    [InlineData("EXPLAIN EXECUTE p (1, 'a')", "EXPLAIN DEALLOCATE p")]
    [InlineData("PREPARE p (int, text[]) AS SELECT $1", "PREPARE s.p AS SELECT 1")]
    [InlineData("PREPARE transaction AS SELECT 1", "PREPARE TRANSACTION gid")]
    [InlineData("PREPARE TRANSACTION 'gid'", "PREPARE TRANSACTION 'gid' AND CHAIN")]
    [InlineData("EXECUTE p", "EXECUTE p ()")]
    [InlineData("EXECUTE p (1 + 2, (SELECT 3))", "EXECUTE p (1,)")]
    [InlineData("DEALLOCATE PREPARE ALL", "DEALLOCATE ALL p")]
    [InlineData("DEALLOCATE prepare", "DEALLOCATE")]
    [InlineData("DECLARE c NO SCROLL BINARY CURSOR WITH HOLD FOR SELECT 1", "DECLARE c NO CURSOR FOR SELECT 1")]
    [InlineData("DECLARE c CURSOR FOR VALUES (1)", "DECLARE c CURSOR FOR DELETE FROM t")]
    [InlineData("FETCH FORWARD 5 FROM c", "FETCH FORWARD 5.5 FROM c")]
    [InlineData("FETCH next", "FETCH NEXT FROM")]
    [InlineData("FETCH ABSOLUTE -1 IN c", "FETCH ABSOLUTE ALL IN c")]
    [InlineData("MOVE BACKWARD ALL c", "MOVE NEXT 5 c")]
    [InlineData("CLOSE ALL", "CLOSE c, d")]

    // COPY
    [InlineData("COPY t (a, b) FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER ';', FORCE_NULL (a, b), QUOTE '\"') WHERE a > 1", "COPY t (a, b) FROM STDIN WITH (FORMAT csv, ) WHERE a > 1")]
    [InlineData("COPY BINARY t TO '/f' USING DELIMITERS ','", "COPY t TO '/f' DELIMITERS")]
    [InlineData("COPY t FROM STDIN CSV HEADER NULL AS '' FORCE NOT NULL a, b ENCODING 'utf8'", "COPY t FROM STDIN CSV HEADER true")]
    [InlineData("COPY t TO PROGRAM 'gzip'", "COPY t TO PROGRAM STDOUT")]
    [InlineData("COPY (SELECT 1) TO STDOUT (FORMAT binary)", "COPY (SELECT 1) FROM STDIN")]
    [InlineData("COPY t TO STDOUT", "COPY t TO STDOUT WHERE a = 1")]
    [InlineData("COPY t TO 'f'", "COPY t TO f")]

    // SET, RESET, SHOW
    [InlineData("SET search_path TO a, \"B\", 'c'", "SET search_path TO a b")]
    [InlineData("SET a.b.c = -1.5", "SET a.b.c = - a")]
    [InlineData("SET LOCAL work_mem = DEFAULT", "SET LOCAL work_mem = DEFAULT, 1")]
    [InlineData("SET SESSION a FROM CURRENT", "SET a")]
    [InlineData("SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE", "SET TIME ZONE INTERVAL '-08:00' DAY")]
    [InlineData("SET TIME ZONE utc", "SET TIME ZONE")]
    [InlineData("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET SESSION CHARACTERISTICS AS TRANSACTION")]
    [InlineData("SET SESSION AUTHORIZATION DEFAULT", "SET AUTHORIZATION joe")]
    [InlineData("SET ROLE none", "SET ROLE a, b")]
    [InlineData("SET NAMES", "SET NAMES utf8")]
    [InlineData("SET SCHEMA 's'", "SET SCHEMA s")]
    [InlineData("SET XML OPTION DOCUMENT", "SET XML OPTION a")]
    [InlineData("SET CONSTRAINTS a, s.b DEFERRED", "SET CONSTRAINTS ALL")]
    [InlineData("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY NOT DEFERRABLE", "SET TRANSACTION ISOLATION SERIALIZABLE")]
    [InlineData("SET TRANSACTION SNAPSHOT 'a'", "SET TRANSACTION SNAPSHOT a")]
    [InlineData("RESET a.b", "RESET a b")]
    [InlineData("RESET ALL", "RESET")]
    [InlineData("SHOW TRANSACTION ISOLATION LEVEL", "SHOW TRANSACTION ISOLATION")]

    // Transactions
    [InlineData("BEGIN WORK READ WRITE, DEFERRABLE", "BEGIN WORK TRANSACTION")]
    [InlineData("START TRANSACTION READ ONLY", "START WORK")]
    [InlineData("START TRANSACTION", "START TRANSACTION READ ONLY,")]
    [InlineData("COMMIT TRANSACTION AND NO CHAIN", "COMMIT AND")]
    [InlineData("ROLLBACK PREPARED 'gid'", "ROLLBACK PREPARED gid")]
    [InlineData("ROLLBACK TO savepoint", "ROLLBACK TO SAVEPOINT a, b")]
    [InlineData("RELEASE SAVEPOINT s", "RELEASE SAVEPOINT 's'")]
    [InlineData("ABORT", "ABORT TO s")]
    [InlineData("LISTEN a", "LISTEN *")]
    [InlineData("UNLISTEN *", "UNLISTEN")]
    [InlineData("NOTIFY a, 'b'", "NOTIFY a, b")]

    // Maintenance
    [InlineData("VACUUM FULL FREEZE VERBOSE ANALYZE t (a, b), s.u", "VACUUM VERBOSE FULL t")]
    [InlineData("VACUUM (PARALLEL 2, FULL false, ANALYZE) t", "VACUUM (PARALLEL 2 3) t")]
    [InlineData("VACUUM", "VACUUM t,")]
    [InlineData("ANALYZE VERBOSE t", "ANALYZE FULL t")]
    [InlineData("ANALYSE (SKIP_LOCKED) t (a)", "ANALYZE () t")]
    [InlineData("CLUSTER VERBOSE t USING i", "CLUSTER t USING s.i")]
    [InlineData("CLUSTER i ON s.t", "CLUSTER s.i ON t")]
    [InlineData("REINDEX (VERBOSE) TABLE CONCURRENTLY s.t", "REINDEX CONCURRENTLY TABLE t")]
    [InlineData("REINDEX SCHEMA s", "REINDEX SCHEMA a.b")]
    [InlineData("LOCK TABLE ONLY t, u * IN SHARE ROW EXCLUSIVE MODE NOWAIT", "LOCK TABLE t IN SHARE ROW MODE")]
    [InlineData("LOCK t", "LOCK t IN ROW UPDATE MODE")]
    [InlineData("TRUNCATE TABLE a, ONLY b RESTART IDENTITY CASCADE", "TRUNCATE a RESTART CASCADE")]
    [InlineData("LOAD 'lib'", "LOAD lib")]
    [InlineData("DISCARD TEMP", "DISCARD TABLES")]
    [InlineData("CHECKPOINT", "CHECKPOINT now")]
    [InlineData("CALL s.p(1, a => 2)", "CALL s.p")]
    [InlineData("SECURITY LABEL FOR 'p' ON FUNCTION f(int) IS NULL", "SECURITY LABEL FOR p FUNCTION f(int) IS NULL")]
    [InlineData("SECURITY LABEL ON COLUMN t.a IS 'x'", "SECURITY LABEL ON POLICY p ON t IS 'x'")]
    [InlineData("REASSIGN OWNED BY a, CURRENT_USER TO b", "REASSIGN OWNED BY a TO b, c")]
    [InlineData("IMPORT FOREIGN SCHEMA a LIMIT TO (t, u) FROM SERVER s INTO b OPTIONS (x 'y')", "IMPORT FOREIGN SCHEMA a LIMIT (t) FROM SERVER s INTO b")]
    public void A_command_is_read_as_the_grammar_reads_it(string accepted, string refused) => Check(accepted, refused);

    // Privileges
    [Theory]
    [InlineData("GRANT SELECT (a, b), UPDATE ON t, s.u TO r, PUBLIC WITH GRANT OPTION GRANTED BY CURRENT_USER", "GRANT SELECT (a, b), ON t TO r")]
    [InlineData("GRANT ALL PRIVILEGES (a) ON TABLE t TO GROUP r", "GRANT ALL ON TO r")]
    [InlineData("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA a, b TO r", "GRANT EXECUTE ON ALL VIEWS IN SCHEMA a TO r")]
    [InlineData("GRANT USAGE ON FOREIGN DATA WRAPPER f TO r", "GRANT USAGE ON DATA WRAPPER f TO r")]
    [InlineData("GRANT EXECUTE ON FUNCTION f(int, OUT text), g TO r", "GRANT EXECUTE ON FUNCTION f(int,) TO r")]
    [InlineData("GRANT SET, ALTER SYSTEM ON PARAMETER a.b, c TO r", "GRANT SET ON PARAMETER a. TO r")]
    [InlineData("GRANT SELECT ON LARGE OBJECT 1, 2 TO r", "GRANT SELECT ON LARGE OBJECT x TO r")]
    [InlineData("GRANT SELECT ON schema TO r", "GRANT SELECT ON schema t u TO r")]
    [InlineData("GRANT a, b TO c WITH ADMIN OPTION, INHERIT FALSE GRANTED BY d", "GRANT a TO b WITH ADMIN")]
    [InlineData("GRANT a TO b", "GRANT a FROM b")]
    [InlineData("GRANT a TO b, c", "GRANT ALL TO b")]
    [InlineData("GRANT a TO \"select\"", "GRANT a TO select")]
    [InlineData("REVOKE GRANT OPTION FOR ALL ON t FROM r CASCADE", "REVOKE GRANT OPTION FOR ALL ON t TO r")]
    [InlineData("REVOKE ADMIN OPTION FOR a FROM b GRANTED BY c RESTRICT", "REVOKE ADMIN OPTION FOR a ON t FROM b")]
    [InlineData("REVOKE a FROM b", "REVOKE a FROM b WITH ADMIN OPTION")]
    [InlineData("ALTER DEFAULT PRIVILEGES FOR ROLE a, b IN SCHEMA s GRANT SELECT ON TABLES TO PUBLIC WITH GRANT OPTION", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLE TO r")]
    [InlineData("ALTER DEFAULT PRIVILEGES REVOKE GRANT OPTION FOR ALL ON TYPES FROM r CASCADE", "ALTER DEFAULT PRIVILEGES REVOKE ALL ON TYPES FROM r GRANTED BY a")]

    // Roles, databases, tablespaces, the server
    [InlineData("CREATE ROLE r WITH LOGIN NOSUPERUSER PASSWORD 'x' CONNECTION LIMIT -1 VALID UNTIL 'infinity' IN ROLE a, b ADMIN c SYSID 5", "CREATE ROLE r LOGON")]
    [InlineData("CREATE USER u", "CREATE USER public")]
    [InlineData("CREATE USER mapping", "CREATE USER current_user")]
    [InlineData("CREATE GROUP g USER a, b", "CREATE GROUP g ADD USER a")]
    [InlineData("ALTER ROLE r PASSWORD NULL", "ALTER ROLE r UNENCRYPTED PASSWORD 'x'")]
    [InlineData("ALTER ROLE CURRENT_USER NOINHERIT", "ALTER ROLE r SYSID 5")]
    [InlineData("ALTER ROLE ALL IN DATABASE d SET a TO b", "ALTER ROLE ALL NOLOGIN")]
    [InlineData("ALTER USER u RESET ALL", "ALTER USER u IN DATABASE d LOGIN")]
    [InlineData("ALTER ROLE a RENAME TO b", "ALTER ROLE a RENAME TO public")]
    [InlineData("ALTER GROUP g DROP USER a, b", "ALTER GROUP g LOGIN")]
    [InlineData("CREATE DATABASE d WITH OWNER = r ENCODING 'utf8' CONNECTION LIMIT 5 IS_TEMPLATE true TEMPLATE DEFAULT", "CREATE DATABASE d WITH OWNER = r, ENCODING 'utf8'")]
    [InlineData("ALTER DATABASE d SET TABLESPACE s", "ALTER DATABASE d SET TABLESPACE s CASCADE")]
    [InlineData("ALTER DATABASE d OWNER TO SESSION_USER", "ALTER DATABASE d OWNER TO a, b")]
    [InlineData("ALTER DATABASE d RESET a", "ALTER DATABASE d REFRESH VERSION")]
    [InlineData("CREATE TABLESPACE s OWNER r LOCATION '/d' WITH (a = 1)", "CREATE TABLESPACE s OWNER r")]
    [InlineData("ALTER TABLESPACE s SET (random_page_cost = 1.1)", "ALTER TABLESPACE s SET random_page_cost = 1.1")]
    [InlineData("ALTER SYSTEM SET a = 'b'", "ALTER SYSTEM SET LOCAL a = 'b'")]
    [InlineData("ALTER SYSTEM RESET ALL", "ALTER SYSTEM RESET ALL a")]
    public void Privileges_and_roles_are_read_as_the_grammar_reads_them(string accepted, string refused) => Check(accepted, refused);

    // Replication
    [Theory]
    [InlineData("CREATE PUBLICATION p FOR TABLE a (x, y) WHERE (x > 1), b, TABLES IN SCHEMA s, CURRENT_SCHEMA WITH (publish = 'insert')", "CREATE PUBLICATION p FOR a")]
    [InlineData("CREATE PUBLICATION p FOR ALL TABLES", "CREATE PUBLICATION p FOR ALL")]
    [InlineData("ALTER PUBLICATION p ADD TABLE ONLY a", "ALTER PUBLICATION p ADD TABLES IN SCHEMA s (a)")]
    [InlineData("ALTER PUBLICATION p SET (publish = 'insert')", "ALTER PUBLICATION p DROP (publish)")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION a, b WITH (connect = false)", "CREATE SUBSCRIPTION s PUBLICATION a CONNECTION 'c'")]
    [InlineData("ALTER SUBSCRIPTION s REFRESH PUBLICATION WITH (copy_data = false)", "ALTER SUBSCRIPTION s REFRESH")]
    [InlineData("ALTER SUBSCRIPTION s SKIP (lsn = NONE)", "ALTER SUBSCRIPTION s SKIP")]

    // Foreign data
    [InlineData("CREATE FOREIGN DATA WRAPPER f HANDLER s.h NO VALIDATOR OPTIONS (a 'b')", "CREATE FOREIGN DATA WRAPPER f OPTIONS (a = 'b')")]
    [InlineData("ALTER FOREIGN DATA WRAPPER f OPTIONS (SET a 'b', DROP c, ADD d 'e', f 'g')", "ALTER FOREIGN DATA WRAPPER f")]
    [InlineData("CREATE SERVER IF NOT EXISTS s TYPE 't' VERSION NULL FOREIGN DATA WRAPPER f", "CREATE SERVER s VERSION '1' TYPE 't' FOREIGN DATA WRAPPER f")]
    [InlineData("ALTER SERVER s VERSION '2' OPTIONS (a 'b')", "ALTER SERVER s OPTIONS ()")]
    [InlineData("CREATE USER MAPPING IF NOT EXISTS FOR USER SERVER s OPTIONS (a 'b')", "CREATE USER MAPPING FOR a")]
    [InlineData("ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (DROP a)", "ALTER USER MAPPING FOR PUBLIC SERVER s")]

    // Operators, aggregates, casts, languages
    [InlineData("CREATE OPERATOR s.=== (leftarg = int, rightarg = int, procedure = f, commutator = OPERATOR(s.===), hashes)", "CREATE OPERATOR s.f (leftarg = int)")]
    [InlineData("CREATE OPERATOR CLASS c DEFAULT FOR TYPE int USING btree FAMILY f AS OPERATOR 1 <, OPERATOR 2 <= (int, int) FOR ORDER BY g, FUNCTION 1 (int, int) h(int, int), STORAGE text", "CREATE OPERATOR CLASS c FOR TYPE int AS OPERATOR 1 <")]
    [InlineData("CREATE OPERATOR FAMILY f USING btree", "CREATE OPERATOR FAMILY f")]
    [InlineData("ALTER OPERATOR FAMILY f USING btree DROP OPERATOR 1 (int, int), FUNCTION 1 (int)", "ALTER OPERATOR FAMILY f USING btree DROP OPERATOR 1 <")]
    [InlineData("ALTER OPERATOR - (NONE, int) OWNER TO r", "ALTER OPERATOR - (int) OWNER TO r")]
    [InlineData("ALTER OPERATOR + (int, int) SET (RESTRICT = NONE)", "ALTER OPERATOR + (int, int) RENAME TO a")]
    [InlineData("CREATE OR REPLACE AGGREGATE a (int, VARIADIC text[] ORDER BY VARIADIC text[]) (sfunc = f, stype = int)", "CREATE AGGREGATE a () (sfunc = f, stype = int)")]
    [InlineData("CREATE AGGREGATE a (basetype = int, sfunc = f, stype = int)", "CREATE AGGREGATE a (basetype = int, sfunc)")]
    [InlineData("ALTER AGGREGATE a (*) RENAME TO b", "ALTER AGGREGATE a RENAME TO b")]
    [InlineData("CREATE CAST (a AS b) WITH FUNCTION f(a) AS ASSIGNMENT", "CREATE CAST (a AS b) WITH FUNCTION f(a) AS EXPLICIT")]
    [InlineData("CREATE CAST (a AS b) WITHOUT FUNCTION", "CREATE CAST (a, b) WITHOUT FUNCTION")]
    [InlineData("CREATE DEFAULT CONVERSION c FOR 'a' TO 'b' FROM f", "CREATE CONVERSION c FOR a TO b FROM f")]
    [InlineData("CREATE TRANSFORM FOR int LANGUAGE l (FROM SQL WITH FUNCTION f(internal), TO SQL WITH FUNCTION g(internal))", "CREATE TRANSFORM FOR int LANGUAGE l (FROM SQL WITH FUNCTION f, FROM SQL WITH FUNCTION g)")]
    [InlineData("CREATE OR REPLACE TRUSTED PROCEDURAL LANGUAGE l HANDLER h INLINE i VALIDATOR v", "CREATE LANGUAGE l INLINE i")]
    [InlineData("ALTER PROCEDURAL LANGUAGE l OWNER TO r", "ALTER LANGUAGE l SET SCHEMA s")]
    [InlineData("CREATE ACCESS METHOD m TYPE INDEX HANDLER h", "CREATE ACCESS METHOD m TYPE VIEW HANDLER h")]

    // Policies, rules, statistics, event triggers, text search, the rest
    [InlineData("CREATE POLICY p ON t AS RESTRICTIVE FOR SELECT TO a, PUBLIC USING (x = current_user) WITH CHECK (true)", "CREATE POLICY p ON t AS strict")]
    [InlineData("ALTER POLICY p ON t TO a USING (true)", "ALTER POLICY p ON t FOR SELECT")]
    [InlineData("ALTER POLICY IF EXISTS p ON t RENAME TO q", "ALTER POLICY IF EXISTS p ON t USING (true)")]
    [InlineData("CREATE OR REPLACE RULE r AS ON UPDATE TO t WHERE NEW.a > 1 DO INSTEAD (INSERT INTO u VALUES (NEW.a); ; NOTIFY c, 'p'; DELETE FROM v)", "CREATE RULE r AS ON TRUNCATE TO t DO NOTHING")]
    [InlineData("CREATE RULE r AS ON DELETE TO t DO ALSO NOTHING", "CREATE RULE r AS ON DELETE TO t DO LOCK t")]
    [InlineData("CREATE STATISTICS IF NOT EXISTS s (ndistinct, mcv) ON a, lower(b), (a + 1) FROM t", "CREATE STATISTICS s ON a + 1 FROM t")]
    [InlineData("ALTER STATISTICS s SET STATISTICS -1", "ALTER STATISTICS IF EXISTS s RENAME TO u")]
    [InlineData("CREATE EVENT TRIGGER e ON ddl_command_start WHEN tag IN ('a', 'b') AND tag IN ('c') EXECUTE FUNCTION f()", "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f(1)")]
    [InlineData("ALTER EVENT TRIGGER e ENABLE REPLICA", "ALTER EVENT TRIGGER e DISABLE ALWAYS")]
    [InlineData("CREATE COLLATION IF NOT EXISTS c (provider = icu, locale = 'de')", "CREATE COLLATION c")]
    [InlineData("CREATE COLLATION c FROM \"C\"", "CREATE COLLATION c FROM 'C'")]
    [InlineData("ALTER COLLATION c REFRESH VERSION", "ALTER COLLATION c REFRESH")]
    [InlineData("CREATE TEXT SEARCH CONFIGURATION c (copy = english)", "CREATE TEXT SEARCH c (copy = english)")]
    [InlineData("ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR a, b REPLACE d WITH e", "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR a REPLACE d WITH e")]
    [InlineData("ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING IF EXISTS FOR a", "ALTER TEXT SEARCH DICTIONARY c DROP MAPPING FOR a")]
    [InlineData("ALTER TEXT SEARCH PARSER p SET SCHEMA s", "ALTER TEXT SEARCH PARSER p OWNER TO r")]
    [InlineData("ALTER LARGE OBJECT 5 OWNER TO r", "ALTER LARGE OBJECT 5 RENAME TO r")]
    [InlineData("CREATE SCHEMA s CREATE TABLE t (a int) GRANT SELECT ON t TO r WITH GRANT OPTION CREATE VIEW v AS SELECT 1", "CREATE SCHEMA s GRANT a ON TO r CREATE VIEW v AS SELECT 1")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql SET a.b TO c, 'd' SET TIME ZONE LOCAL RESET ALL RETURN 1", "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET TRANSACTION READ ONLY RETURN 1")]
    [InlineData("CREATE OR REPLACE RULE r AS ON INSERT TO t DO SELECT 1", "CREATE OR REPLACE POLICY p ON t")]
    public void Definitions_without_data_are_read_as_the_grammar_reads_them(string accepted, string refused) => Check(accepted, refused);

    [Theory]
    [InlineData("GRANT {privileges} TO r")]
    [InlineData("GRANT SELECT {on_what} r")]
    [InlineData("GRANT SELECT ON t {tail}")]
    [InlineData("ALTER ROLE r {options} VALID FOREVER")]
    [InlineData("CREATE ROLE r {no}LOGON")]
    [InlineData("CREATE {kind} a b c")]
    [InlineData("COPY {everything}")]
    [InlineData("COPY t {columns} STDIN CSV")]
    [InlineData("COPY t FROM STDIN WITH (FORMAT {f} x y)")]
    [InlineData("SET {x}")]
    [InlineData("SET work_mem {x}")]
    [InlineData("SET work_mem = {n}MB, 5 6")]
    [InlineData("BEGIN {modes} READ")]
    [InlineData("VACUUM {x} b c")]
    [InlineData("PREPARE {x} SELECT 1")]
    [InlineData("DECLARE c {x} FOR SELECT 1")]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO ({x} WHERE true; DELETE FROM u)")]
    [InlineData("CREATE POLICY p ON t USING (a = {x} b)")]
    [InlineData("EXPLAIN {x} a b")]
    public void Behind_a_hole_nothing_is_wrong(string text) => Assert.Empty(Sql.Parse(text).Errors);

    [Theory]
    [InlineData("GRANT SELECT ON ON t TO {r}")]
    [InlineData("VACUUM t u v {x}")]
    [InlineData("COPY t FRM STDIN WITH (FORMAT {x})")]
    [InlineData("CREATE ROLE r LOGON PASSWORD '{x}'")]
    public void Before_a_hole_an_error_is_one(string text) => Assert.NotEmpty(Sql.Parse(text).Errors);

    [Theory]
    [InlineData("GRANT SELECT ON OBJECT::dbo.t TO [r]")]
    [InlineData("CREATE USER u FOR LOGIN l")]
    [InlineData("BEGIN TRY SELECT 1 END TRY")]
    [InlineData("SET NOCOUNT ON")]
    [InlineData("LOCK TABLES t WRITE")]
    public void Other_databases_have_other_commands(string text) => Assert.Empty(Sql.Parse(text, SqlDialect.Other).Errors);

    [Theory]
    [InlineData("SET a = -1, 'b', c", "a", "-1|b|c")]
    [InlineData("SET TIME ZONE 'UTC'", "timezone", "UTC")]
    [InlineData("SET SESSION AUTHORIZATION joe", "authorization", "joe")]
    [InlineData("SET LOCAL ROLE 'r'", "role", "r")]
    public void The_values_of_a_setting_are_told(string text, string setting, string values)
    {
        var set = Sql.One<SetStatement>(text);
        Assert.Equal(setting, set.Setting);
        Assert.Equal(values, string.Join("|", set.Values));
    }

    [Fact]
    public void An_error_in_one_command_leaves_the_next_alone()
    {
        var tree = Sql.Parse("GRANT a; GRANT a TO b; VACUUM t u; CHECKPOINT");
        Assert.Equal([true, false, true, false], tree.Statements.Select(statement => statement.HasErrors));
        Assert.Equal(["GRANT", "GRANT", "VACUUM", "CHECKPOINT"], tree.Statements.Select(statement => statement.Verb));
    }

    private static void Check(string accepted, string refused)
    {
        Assert.Empty(SqlParser.Parse(new SqlSource(accepted)).Errors);
        Assert.Single(SqlParser.Parse(new SqlSource(refused)).Errors);
    }
}
