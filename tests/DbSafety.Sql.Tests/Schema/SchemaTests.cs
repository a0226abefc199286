using System.Collections.Immutable;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests.Schema;

public class SchemaTests
{
    [Theory]
    [InlineData("CREATE TABLE t (a int, b uuid NOT NULL)", "public.t(a integer, b uuid!)")]
    [InlineData("CREATE TABLE app.T (\"A\" TIMESTAMPTZ(3), b varchar(20) DEFAULT 'x', c text[])", "app.t(A timestamp with time zone, b character varying=, c text[])")]
    [InlineData("CREATE TABLE t (id bigserial PRIMARY KEY, n numeric(10, 2) DEFAULT (1 + 2) NOT NULL)", "public.t(id bigint!=, n numeric!=)")]
    [InlineData("CREATE TABLE t (a int, b int, PRIMARY KEY (a, b), CHECK (a > 0), UNIQUE (b))", "public.t(a integer!, b integer!)")]
    [InlineData("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int REFERENCES u (id) ON DELETE CASCADE)", "public.t(a integer!=, b integer)")]
    [InlineData("CREATE TABLE t (a int[] DEFAULT ARRAY[1, 2], b date)", "public.t(a integer[]=, b date)")]
    [InlineData("CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS t (b int)", "public.t(a integer)")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b text NOT NULL, ADD c date, DROP COLUMN a", "public.t(b text!, c date)")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE ONLY t ALTER COLUMN a TYPE bigint USING a::bigint, ALTER a SET NOT NULL", "public.t(a bigint!)")]
    [InlineData("CREATE TABLE t (a int NOT NULL); ALTER TABLE t ALTER a DROP NOT NULL; ALTER TABLE t RENAME a TO b", "public.t(b integer)")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t RENAME TO u; ALTER TABLE u SET SCHEMA s", "s.u(a integer)")]
    [InlineData("CREATE TABLE t (a int); DROP TABLE IF EXISTS t, v CASCADE", "")]
    [InlineData("CREATE TABLE s.t (a int); DROP SCHEMA s CASCADE", "")]
    [InlineData("SET search_path TO app, public; CREATE TABLE t (a int)", "app.t(a integer)")]
    [InlineData("SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE public.t (a int)", "public.t(a integer)")]
    [InlineData("CREATE TEMP TABLE t (a int)", "")]
    [InlineData("CREATE TABLE t (a int, LIKE u INCLUDING ALL)", "public.t(a integer, ..)")]
    [InlineData("CREATE TABLE t (a int) INHERITS (u)", "public.t(a integer, ..)")]
    [InlineData("CREATE TABLE t PARTITION OF u FOR VALUES IN (1)", "public.t(..)")]
    [InlineData("CREATE TABLE t (a int) PARTITION BY RANGE (a)", "public.t(a integer)")]
    [InlineData("CREATE TABLE t (a int, {more})", "public.t(a integer, ..)")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c UNIQUE (a), OWNER TO me", "public.t(a integer)")]
    [InlineData("CREATE TABLE t (a int); DO $$ BEGIN EXECUTE 'x'; END $$; CREATE INDEX ON t (a); GRANT SELECT ON t TO x; COMMENT ON TABLE t IS 'x'", "public.t(a integer)")]
    [InlineData("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE x (a int); END $$; CREATE TABLE t (a int)", "public.t(a integer)")]
    public void Tables(string ddl, string expected)
    {
        var catalog = Read(ddl);
        Assert.Equal(expected, string.Join("; ", catalog.Tables.Select(Text)));
    }

    [Fact]
    public void Migrations_are_played_in_order()
    {
        var catalog = Read("CREATE TABLE t (a int)", "ALTER TABLE t ADD b int", "ALTER TABLE t DROP a");
        Assert.Equal("public.t(b integer)", Text(Assert.Single(catalog.Tables)));
    }

    [Fact]
    public void Enums_and_domains()
    {
        var catalog = Read(
            "CREATE TYPE mood AS ENUM ('sad', 'ok'); ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy'; ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
            "CREATE DOMAIN email AS varchar(320) CHECK (VALUE ~ '@'); CREATE TABLE t (m mood, e email, ms mood[])");
        Assert.True(catalog.IsEnum("mood"));
        Assert.Equal(["sad", "fine", "happy"], catalog.EnumLabels("mood"));
        Assert.False(catalog.IsEnum("email"));
        Assert.Equal("mood", catalog.ColumnType(Target("t", "m")));
        Assert.Equal("mood[]", catalog.ColumnType(Target("t", "ms")));
        Assert.Equal("character varying", catalog.ColumnType(Target("t", "e")));
    }

    [Fact]
    public void A_renamed_type_takes_its_columns_along()
    {
        var catalog = Read("CREATE TYPE a AS ENUM ('x'); CREATE TABLE t (c a); ALTER TYPE a RENAME TO b");
        Assert.Equal("b", catalog.ColumnType(Target("t", "c")));
        Assert.True(catalog.IsEnum("b"));
        Assert.False(catalog.IsEnum("a"));
    }

    [Theory]
    [InlineData("SELECT * FROM users WHERE id = {x}", "uuid")]
    [InlineData("SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE total > {x}", "numeric")]
    [InlineData("SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE created_at > {x}", null)]
    [InlineData("SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE o.created_at > {x}", "timestamp with time zone")]
    [InlineData("SELECT * FROM users, unknown WHERE id = {x}", null)]
    [InlineData("SELECT * FROM other.users WHERE id = {x}", null)]
    [InlineData("SELECT * FROM v WHERE id = {x}", "integer")]
    [InlineData("WITH users AS (SELECT 'a' AS id) SELECT * FROM users WHERE id = {x}", null)]
    [InlineData("UPDATE users SET created_at = {x}", "date")]
    [InlineData("INSERT INTO orders (user_id, total) VALUES (NULL, {x})", "numeric")]
    public void Type_of_the_column_at_a_site(string sql, string? expected)
    {
        var catalog = Read(
            "CREATE TABLE users (id uuid PRIMARY KEY, created_at date); CREATE TABLE orders (order_id int, user_id uuid, total numeric(10,2), created_at timestamptz);"
            + "CREATE VIEW v AS SELECT 1 AS id");
        var site = Assert.Single(Sql.Parse(sql).HoleSites);
        Assert.Equal(expected, catalog.ColumnType(site.Column!));
    }

    [Theory]
    [InlineData("CREATE TABLE t (a int)", false)]
    [InlineData("DO $$ BEGIN END $$", false)]
    [InlineData("DO $$ BEGIN EXECUTE x; END $$", true)]
    [InlineData("DO LANGUAGE plpython3u $$ plpy.execute(x) $$", true)]
    [InlineData("DO $$ BEGIN EXECUTE 'GRANT SELECT ON t TO ' || x; END $$", false)]
    [InlineData("CREATE TABLE t (a int); DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD ' || x || ' int'; END $$", false)]
    [InlineData("DO $$ BEGIN EXECUTE 'ALTER TABLE ' || x || ' ADD a int'; END $$", true)]
    [InlineData("CALL unknown(1)", true)]
    [InlineData("SELECT unknown(1)", false)]
    [InlineData("DROP OWNED BY me", true)]
    [InlineData("SELEC 1", true)]
    [InlineData("SELECT FROM WHERE", false)]
    [InlineData("GRANT ALL ON t TO me; COMMENT ON TABLE t IS 'x'; VACUUM t", false)]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE x; END $$", false)]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE x; END $$; SELECT f()", true)]
    [InlineData("CREATE PROCEDURE f() LANGUAGE plpgsql AS $$ BEGIN NULL; END $$; CALL f()", false)]
    [InlineData("CREATE TABL t (a int); SELEC", true)]
    [InlineData("CREATE TABLE {t} (a int)", true)]
    public void Incomplete(string ddl, bool expected) => Assert.Equal(expected, Read(ddl).IsIncomplete);

    private static SchemaCatalog Read(params string[] migrations) => SchemaReader.Read(migrations.Select(text => Sql.Parse(text)));

    private static ColumnTarget Target(string table, string column) => new(null, table, column, ImmutableArray<string>.Empty);

    private static string Text(Table table)
    {
        var columns = table.Columns.Select(column => column.Name + " " + column.Type + (column.IsNotNull ? "!" : "") + (column.HasDefault ? "=" : ""));
        return $"{table.Schema}.{table.Name}({string.Join(", ", table.IsIncomplete ? columns.Append("..") : columns)})";
    }
}
