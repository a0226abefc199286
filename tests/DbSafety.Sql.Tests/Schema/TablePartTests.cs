using DbSafety.Sql.Schema;
using static DbSafety.Sql.Tests.Schema.CatalogText;

namespace DbSafety.Sql.Tests.Schema;

/// <summary>Indexes, constraints, triggers and what becomes of them. The proof against a server stands in DbSafety.Postgres.Tests.</summary>
public class TablePartTests
{
    [Theory]
    [InlineData("CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, UNIQUE (a, b))", "t_pkey(a) PrimaryKey; t_b_key(b) Unique; t_a_b_key(a, b) Unique")]
    [InlineData("CREATE TABLE t (a int, b text); CREATE INDEX ON t (lower(b), a DESC) INCLUDE (b) WHERE a > 5", "t_lower_a_b_idx(lower(\"b\"), a desc) include b where (\"a\" > 5)")]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX ON t ((a + 1)); CREATE INDEX ON t ((a + 1))", "t_expr_idx((\"a\" + 1)); t_expr_idx1((\"a\" + 1))")]
    [InlineData("CREATE TABLE t (a jsonb, b text); CREATE INDEX i ON t USING gin (a jsonb_path_ops); CREATE INDEX j ON t (b text_pattern_ops)", "i(a jsonb_path_ops) gin; j(b text_pattern_ops)")]
    [InlineData("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a, b); CREATE INDEX j ON t (b); ALTER TABLE t DROP a", "j(b)")]
    [InlineData("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b) WHERE a > 0; ALTER TABLE t DROP a", "")]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX i ON t (lower(a)); ALTER TABLE t RENAME a TO b", "i(lower(\"b\"))")]
    [InlineData("CREATE TABLE t (a int, b int); CREATE INDEX i ON t ((a + b)); ALTER TABLE t RENAME a TO c; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME c TO b", "i((\"b\" + \"a\"))")]
    [InlineData("CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX i", "pk(a) PrimaryKey")]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX CONCURRENTLY i", "")]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER INDEX i RENAME TO j", "j(a)")]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX ON t (a, {more})", "t_a_idx(a) ..")]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX i ON t (a) WHERE {condition}", "i(a) where  ..")]
    [InlineData("BEGIN; CREATE TABLE t (a int); COMMIT; BEGIN; CREATE INDEX i ON t (a); ROLLBACK", "")]
    public void Indexes_of_a_table(string ddl, string expected) => Assert.Equal(expected, Indexes(Read(ddl).FindTable(null, "t")!));

    [Theory]
    [InlineData("CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES u ON DELETE CASCADE)", "t_a_fkey(a) -> u(id) CASCADE")]
    [InlineData("CREATE TABLE t (a int REFERENCES u)", "t_a_fkey(a) -> u()")]
    [InlineData("CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id) NOT VALID", "f(a) -> u(id) not valid")]
    [InlineData("CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES u); ALTER TABLE u RENAME TO v; ALTER TABLE v RENAME id TO key; ALTER TABLE t RENAME a TO b", "t_a_fkey(b) -> v(key)")]
    [InlineData("CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES u); DROP TABLE u CASCADE", "")]
    [InlineData("CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES u); ALTER TABLE u DROP CONSTRAINT u_pkey CASCADE", "")]
    public void Foreign_keys_of_a_table(string ddl, string expected) => Assert.Equal(expected, Keys(Read(ddl).FindTable(null, "t")!));

    [Theory]
    [InlineData("CREATE TABLE t (a int CHECK (a > 0), b int, CHECK (a < b), CHECK (b > 1))", "t_a_check: (\"a\" > 0); t_check: (\"a\" < \"b\"); t_b_check: (\"b\" > 1)")]
    [InlineData("CREATE TABLE p (a int CHECK (a > 0)); CREATE TABLE t () INHERITS (p); ALTER TABLE p RENAME a TO c", "p_a_check: (\"c\" > 0)")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "c: (\"a\" > 0) not valid")]
    [InlineData("CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0)); ALTER TABLE t RENAME CONSTRAINT c TO d; ALTER TABLE t VALIDATE CONSTRAINT d", "d: (\"a\" > 0)")]
    public void Checks_of_a_table(string ddl, string expected) => Assert.Equal(expected, Checks(Read(ddl).FindTable(null, "t")!));

    [Theory]
    [InlineData("CREATE TABLE u (a int, b varchar(5) NOT NULL DEFAULT 'x'); CREATE TABLE t (c int, LIKE u INCLUDING DEFAULTS)", "c integer, a integer, b character varying(5)!=")]
    [InlineData("CREATE TABLE u (a int NOT NULL, b text DEFAULT 'x'); CREATE TABLE t (c date) INHERITS (u)", "a integer!, b text=, c date")]
    [InlineData("CREATE TABLE u (a int) PARTITION BY LIST (a); CREATE TABLE t PARTITION OF u FOR VALUES IN (1); ALTER TABLE u ADD b text", "a integer, b text")]
    [InlineData("CREATE TYPE c AS (a int, b text); CREATE TABLE t OF c", "a integer, b text")]
    [InlineData("CREATE TABLE u (a int); CREATE VIEW t AS SELECT a AS b, a::text AS c, a || 'x' AS d FROM u", "b integer, c text, d ?")]
    [InlineData("CREATE VIEW t AS SELECT * FROM nobody_knows", ", ..")]
    [InlineData("CREATE VIEW t AS SELECT x.a, x.b FROM nobody_knows x", "a ?, b ?")]
    [InlineData("CREATE TABLE u (a int); CREATE TABLE t AS SELECT * FROM u", "a integer")]
    [InlineData("CREATE TABLE u (a numeric(5)); SELECT a INTO t FROM u", "a numeric(5,0)")]
    [InlineData("CREATE TABLE t (a char, b timestamp(3) with time zone, c {type})", "a character(1), b timestamp with time zone(3), c ?")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN {name} int", "a integer, ..")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT", "a integer, ..")]
    [InlineData("CREATE TABLE t (a int); CREATE TABLE t (b int)", "b integer, ..")]
    [InlineData("CREATE TABLE t (a int PRIMARY KEY, b text); CREATE TABLE t (a integer NOT NULL, b text); ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (a)", "a integer!, b text")]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX i ON t USING btree (a)", "a integer")]
    [InlineData("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX i ON t (b)", "a integer, b integer, ..")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD a text", "a integer, ..")]
    [InlineData("CREATE TABLE t (a int); SELECT AddGeometryColumn('t', 'g', 4326, 'POINT', 2)", "a integer, ..")]
    public void Columns_of_a_table(string ddl, string expected) => Assert.Equal(expected, Columns(Read(ddl).FindTable(null, "t")!));

    [Fact]
    public void Partitions_have_the_indexes_of_their_parent()
    {
        var catalog = Read("CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); CREATE INDEX ON p (b); CREATE TABLE c PARTITION OF p FOR VALUES FROM (0) TO (1); CREATE INDEX i ON ONLY p (a)");
        var parent = catalog.FindTable(null, "p")!;
        var child = Assert.Single(catalog.PartitionsOf(parent));
        Assert.Equal("c_b_idx(b)", Indexes(child));
        Assert.Equal("p_b_idx(b); i(a) invalid", Indexes(parent));
        Assert.Equal("p_b_idx", Assert.Single(catalog.IndexesOn(parent)).Name);
        Assert.True(child.IsPartition);

        var attached = Read(
            "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); CREATE TABLE c PARTITION OF p FOR VALUES FROM (0) TO (1); CREATE INDEX i ON ONLY p (a); CREATE INDEX j ON c (a)",
            "ALTER INDEX i ATTACH PARTITION j");
        Assert.Equal("i(a)", Indexes(attached.FindTable(null, "p")!));
    }

    [Fact]
    public void Triggers_follow_their_table_and_function()
    {
        var catalog = Read(
            "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
            "CREATE TRIGGER x BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a > 0) EXECUTE FUNCTION f(); ALTER FUNCTION f() RENAME TO g; ALTER TABLE t RENAME a TO b; ALTER TABLE t DISABLE TRIGGER x");
        var trigger = Assert.Single(catalog.FindTable(null, "t")!.Triggers);
        Assert.Equal("x BEFORE UPDATE b g True True False", $"{trigger.Name} {trigger.Timing} {trigger.Events[0]} {trigger.UpdateColumns[0]} {trigger.Function} {trigger.IsForEachRow} {trigger.HasCondition} {trigger.IsEnabled}");
    }

    [Theory]
    [InlineData("INSERT INTO t VALUES (1), (2); INSERT INTO t (a) VALUES (3)", 3)]
    [InlineData("INSERT INTO t DEFAULT VALUES", 1)]
    [InlineData("INSERT INTO t SELECT 1 UNION ALL SELECT 2", 2)]
    [InlineData("INSERT INTO t SELECT a FROM u", null)]
    [InlineData("COPY t FROM stdin", null)]
    [InlineData("INSERT INTO t VALUES (1); TRUNCATE t", 0)]
    [InlineData("DELETE FROM t; UPDATE t SET a = 1", 0)]
    public void Seeded_rows(string script, int? expected) => Assert.Equal(expected, Read("CREATE TABLE t (a int); " + script).FindTable(null, "t")!.SeededRows);

    [Fact]
    public void Lookups()
    {
        var catalog = Read(
            "CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES app.t); CREATE VIEW v AS SELECT a FROM t",
            "CREATE DOMAIN d AS int; CREATE DOMAIN e AS d; CREATE TYPE app.m AS ENUM ('x')");
        Assert.Equal("app", catalog.FindTable(["app", "public"], null, "t")!.Schema);
        Assert.Equal("public", catalog.FindTable(null, "t")!.Schema);
        Assert.Equal(TableKind.View, catalog.FindTable(null, "v")!.Kind);
        var (table, key) = Assert.Single(catalog.ForeignKeysTo(catalog.FindTable("app", "t")!));
        Assert.Equal("t t_a_fkey", $"{table.FullName} {key.Name}");
        Assert.Equal("integer", catalog.BaseType("e"));
        Assert.Equal("text", catalog.BaseType("text"));
        Assert.Null(catalog.BaseType(null));
        Assert.Equal(["x"], catalog.EnumLabels("app.m"));
        Assert.True(catalog.IsComplete(table));
        Assert.Equal(new SchemaOrigin(0, new DbSafety.Sql.Text.SqlSpan(80, 20)).Script, key.Origin.Script);
    }

    [Fact]
    public void A_view_whose_names_changed_tells_its_columns_but_no_query()
    {
        var catalog = Read("CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT b FROM t", "ALTER TABLE t RENAME a TO c");
        Assert.Null(catalog.FindTable(null, "v")!.View);
        Assert.Equal("a integer", Columns(catalog.FindTable(null, "v")!));
        Assert.NotNull(catalog.FindTable(null, "w")!.View);
    }

    [Fact]
    public void Large_schemas_are_read_quickly()
    {
        var scripts = Enumerable.Range(0, 500).Select(i => $"CREATE TABLE t{i} (id int PRIMARY KEY, a int REFERENCES t{i / 2}, b text, c timestamptz DEFAULT now());")
            .Concat(Enumerable.Range(0, 2000).Select(i => $"BEGIN; ALTER TABLE t{i % 500} ADD COLUMN x{i} int; CREATE INDEX ON t{i % 500} (x{i}); ALTER TABLE t{i % 500} RENAME x{i} TO y{i}; COMMIT;"))
            .Select(text => Sql.Parse(text)).ToList();

        // What is allocated tells of needless copies, and does not depend on what else the machine does.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var catalog = SchemaReader.Read(scripts);
        var megabytes = (GC.GetAllocatedBytesForCurrentThread() - before) >> 20;
        Assert.True(megabytes < 150, $"{megabytes} MB");
        Assert.Equal(500, catalog.Tables.Length);
        Assert.Equal("t7_pkey(id) PrimaryKey; t7_x7_idx(y7); t7_x507_idx(y507); t7_x1007_idx(y1007); t7_x1507_idx(y1507)", Indexes(catalog.FindTable(null, "t7")!));
    }
}
