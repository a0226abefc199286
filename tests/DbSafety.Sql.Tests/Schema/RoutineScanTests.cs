using static DbSafety.Sql.Tests.Schema.CatalogText;

namespace DbSafety.Sql.Tests.Schema;

/// <summary>What the body of a DO, or of a function that is called, does to the catalog: certain, guarded, or only doubtful.</summary>
public class RoutineScanTests
{
    [Theory]
    [InlineData("ALTER TABLE t ADD b int;", "a integer, b integer")]
    [InlineData("IF NOT EXISTS (SELECT 1 FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = 'x') THEN ALTER TABLE t ADD b int; END IF;", "a integer, b integer")]
    [InlineData("IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = 'b') THEN ALTER TABLE t ADD b int; ALTER TABLE t ADD c int; END IF;", "a integer, b integer, c integer")]
    [InlineData("IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = 'a') THEN ALTER TABLE t ADD a text; END IF;", "a integer")]
    [InlineData("IF (NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = 'b')) THEN ALTER TABLE t ADD b int; ELSE ALTER TABLE t ADD c int; END IF;", "a integer, b integer")]
    [InlineData("IF EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = 'a') THEN ALTER TABLE t RENAME a TO z; END IF;", "z integer")]
    [InlineData("IF EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = 'q') THEN ALTER TABLE t DROP COLUMN q; END IF;", "a integer")]
    [InlineData("IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = 'other') THEN ALTER TABLE t ADD b int; END IF;", "a integer, ..")]
    [InlineData("IF x > 1 THEN ALTER TABLE t ADD b int; END IF;", "a integer, ..")]
    [InlineData("IF NOT EXISTS (SELECT 1 FROM t) THEN ALTER TABLE t ADD b int; END IF;", "a integer, ..")]
    [InlineData("IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'b') OR x THEN ALTER TABLE t ADD b int; END IF;", "a integer, ..")]
    [InlineData("IF x THEN RETURN; END IF; ALTER TABLE t ADD b int;", "a integer, ..")]
    [InlineData("RETURN; ALTER TABLE t ADD b int;", "a integer")]
    [InlineData("FOR i IN 1..3 LOOP ALTER TABLE t ADD b int; END LOOP;", "a integer, ..")]
    [InlineData("CASE x WHEN 1 THEN ALTER TABLE t ADD b int; ELSE NULL; END CASE;", "a integer, ..")]
    [InlineData("WHILE x LOOP x := CASE WHEN y THEN 1 ELSE 2 END; END LOOP; ALTER TABLE t ADD b int;", "a integer, b integer")]
    [InlineData("BEGIN ALTER TABLE t ADD a text; EXCEPTION WHEN duplicate_column THEN RAISE NOTICE 'x'; END; ALTER TABLE t ADD b int;", "a integer, b integer")]
    [InlineData("EXECUTE 'ALTER TABLE t ADD b int';", "a integer, b integer")]
    [InlineData("EXECUTE format('ALTER TABLE %I ADD %I int DEFAULT %L', 't', 'b', 'x');", "a integer, b integer=")]
    [InlineData("EXECUTE format('ALTER TABLE t ADD %I int', name);", "a integer, ..")]
    [InlineData("EXECUTE 'ALTER TABLE t ADD ' || quote_ident('b') || ' int' USING 1;", "a integer, b integer")]
    [InlineData("EXECUTE 'ALTER TABLE u ADD b int';", "a integer")]
    [InlineData("SELECT 1 INTO x; PERFORM now(); INSERT INTO t VALUES (1);", "a integer")]
    public void Body_of_a_do(string body, string expected) =>
        Assert.Equal(expected, Columns(Read($"CREATE TABLE t (a int); DO $$ DECLARE x int := 1; BEGIN {body.Replace("{", "{{")} END $$").FindTable(null, "t")!));

    [Theory]
    [InlineData("SELECT f()", "a integer, ..")]
    [InlineData("SELECT * FROM f()", "a integer, ..")]
    [InlineData("DO $$ BEGIN PERFORM f(); END $$", "a integer, ..")]
    [InlineData("SELECT 1", "a integer")]
    public void A_function_that_is_called(string call, string expected) =>
        Assert.Equal(expected, Columns(Read($"CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE t ADD b int; PERFORM f(); END $$; {call}").FindTable(null, "t")!));

    [Fact]
    public void A_type_that_is_made_twice()
    {
        var catalog = Read(
            "DO $$ BEGIN CREATE TYPE e AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null; END $$; DO $$ BEGIN CREATE TYPE e AS ENUM ('b'); EXCEPTION WHEN duplicate_object THEN null; END $$");
        Assert.Equal(["a"], catalog.EnumLabels("e"));
        Assert.False(catalog.IsIncomplete);
    }

    [Theory]
    [InlineData("BEGIN")]
    [InlineData("BEGIN IF")]
    [InlineData("BEGIN IF x THEN ELSIF y THEN")]
    [InlineData("DECLARE")]
    [InlineData("<<a")]
    [InlineData("BEGIN CASE WHEN")]
    [InlineData("BEGIN EXECUTE")]
    [InlineData("BEGIN END; END; END IF; ELSE; WHEN")]
    [InlineData("BEGIN EXECUTE format('%', 1); EXECUTE format('%1$', 1); EXECUTE format('%9999999999999s', 1); END")]
    [InlineData("")]
    public void Broken_bodies_end(string body) => Assert.Empty(Read($"DO $$ {body} $$").Tables);

    [Fact]
    public void Functions_that_call_each_other_end()
    {
        var functions = string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"CREATE FUNCTION f{i}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM f{i + 1}(); PERFORM f{i + 1}(); PERFORM f{i + 1}(); END $$;"));
        Assert.True(Read(functions + "SELECT f0()").IsIncomplete);
        var nested = Enumerable.Range(0, 60).Aggregate("NULL;", (inner, i) => $"EXECUTE $x{i}$ DO $y{i}$ BEGIN {inner} END $y{i}$ $x{i}$;");
        Assert.True(Read($"DO $$ BEGIN {nested} END $$").IsIncomplete);
    }

    [Fact]
    public void Deep_bodies_end()
    {
        var body = string.Concat(Enumerable.Repeat("BEGIN IF x THEN ", 3000));
        Assert.Empty(Read($"DO $$ {body} $$").Tables);
        var elsif = string.Concat(Enumerable.Repeat("ELSIF x THEN ", 5000));
        Assert.Empty(Read($"DO $$ BEGIN IF y THEN {elsif} END IF; END $$").Tables);
    }
}
