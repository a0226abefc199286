using DbSafety.Sql.Indexing;

namespace DbSafety.Sql.Tests.Indexing;

public class IndexAdvisorTests
{
    private const string Schema = """
        CREATE TABLE a (id int PRIMARY KEY, x int, y int, s text, f boolean, at timestamp, j jsonb, r int[], e citext, deleted_at timestamptz);
        CREATE TABLE b (id int PRIMARY KEY, a_id int, c_id int, s text, f boolean);
        CREATE TABLE c (id int PRIMARY KEY, b_id int, s text UNIQUE, f boolean);
        CREATE TABLE lookup (id int PRIMARY KEY, name text);
        INSERT INTO lookup VALUES (1, 'x'), (2, 'y');
        CREATE TABLE half (id int, LIKE nothing);

        """;

    [Theory]

    // What is not certain, or not worth an index.
    [InlineData("SELECT * FROM a WHERE x = 1 {more}", "")]
    [InlineData("SELECT * FROM a WHERE {filter}", "")]
    [InlineData("SELECT * FROM half WHERE id = 1", "")]
    [InlineData("SELECT * FROM nowhere WHERE id = 1", "")]
    [InlineData("SELECT * FROM a WHERE (@x IS NULL OR x = @x)", "")]
    [InlineData("SELECT * FROM lookup WHERE name = 'x'", "")]
    [InlineData("SELECT * FROM a WHERE f AND deleted_at IS NULL AND x <> 3", "")]
    [InlineData("SELECT * FROM a WHERE s LIKE @x", "")]
    [InlineData("SELECT * FROM a WHERE x = 1 AND f AND deleted_at IS NULL", "Filter a (x)")]
    [InlineData("SELECT * FROM a WHERE f = true OR x = 1", "")]

    // Joins: from where the query begins.
    [InlineData("SELECT * FROM a JOIN b ON b.a_id = a.id WHERE a.id = 1", "Filter b (a_id)")]
    [InlineData("SELECT * FROM a, b WHERE b.a_id = a.id AND b.id = 1", "")]
    [InlineData("SELECT * FROM b JOIN c ON c.id = b.c_id WHERE c.s = 'x'", "Filter b (c_id)")]
    [InlineData("SELECT * FROM a JOIN b ON b.a_id = a.id JOIN c ON c.b_id = b.id WHERE a.id = 1", "Filter b (a_id); Filter c (b_id)")]
    [InlineData("SELECT * FROM a JOIN b ON b.a_id = a.id JOIN c ON c.id = b.c_id WHERE a.id = 1", "Filter b (a_id)")]
    [InlineData("SELECT * FROM a JOIN b ON b.a_id = a.id WHERE a.x = 1", "Filter a (x); Filter b (a_id)")]
    [InlineData("SELECT * FROM a JOIN b ON b.id = a.x WHERE a.f", "")]
    [InlineData("SELECT * FROM a JOIN b ON b.a_id = a.id WHERE a.f", "")]
    [InlineData("SELECT * FROM a JOIN b ON b.a_id = a.id", "")]
    [InlineData("SELECT * FROM a LEFT JOIN b ON b.a_id = a.id", "Filter b (a_id)")]
    [InlineData("SELECT * FROM a LEFT JOIN b ON b.id = a.x", "")]
    [InlineData("SELECT * FROM b JOIN lookup l ON l.name = b.s WHERE b.id = 1", "")]
    [InlineData("SELECT * FROM b JOIN lookup l ON l.id = b.c_id WHERE l.name = 'x'", "")]
    [InlineData("SELECT * FROM a WHERE id = 1 AND EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id AND b.s = 'x')", "Filter b (a_id, s)")]
    [InlineData("SELECT * FROM b JOIN nowhere n ON n.id = b.a_id", "")]
    [InlineData("SELECT * FROM b JOIN unnest(@ids) AS u(id) ON u.id = b.id JOIN c ON c.b_id = b.id", "Filter c (b_id)")]
    [InlineData("SELECT (SELECT count(*) FROM b WHERE b.a_id = a.id) FROM a", "Filter b (a_id)")]
    public void What_is_missing(string sql, string expected) => Assert.Equal(expected, Advice.Of(Schema, sql));

    [Theory]
    [InlineData("CREATE INDEX i ON a (x)", "SELECT * FROM a WHERE x = 1 AND y = 2", "Composite a (x, y)")]
    [InlineData("CREATE INDEX i ON a (x); CREATE INDEX k ON a (y)", "SELECT * FROM a WHERE x = 1 AND y = 2", "")]
    [InlineData("CREATE UNIQUE INDEX i ON a (x)", "SELECT * FROM a WHERE x = 1 AND y = 2", "")]
    [InlineData("CREATE INDEX i ON a (x, s, y)", "SELECT * FROM a WHERE x = 1 AND y = 2", "")]
    [InlineData("CREATE INDEX i ON a (x)", "SELECT * FROM a WHERE x = 1 AND f", "")]
    [InlineData("CREATE INDEX i ON a (x)", "SELECT * FROM a WHERE x > 1 AND y > 2", "")]
    [InlineData("CREATE INDEX i ON a (x)", "SELECT * FROM a WHERE x = 1 ORDER BY at LIMIT 5", "Composite a (x, at)")]
    [InlineData("CREATE INDEX i ON a (x, at)", "SELECT * FROM a WHERE x = 1 ORDER BY at, id LIMIT 5", "")]
    [InlineData("CREATE INDEX i ON a (x, at)", "SELECT * FROM a WHERE x IN (1, 2) ORDER BY at LIMIT 5", "")]
    [InlineData("CREATE INDEX i ON a (at)", "SELECT * FROM a WHERE x = 1 ORDER BY at LIMIT 5", "Composite a (x, at)")]
    [InlineData("CREATE INDEX i ON a (x) WHERE deleted_at IS NULL", "SELECT * FROM a WHERE x = 1 AND deleted_at IS NULL", "")]
    [InlineData("CREATE INDEX i ON a (x) WHERE deleted_at IS NULL", "SELECT * FROM a WHERE y = 1 AND deleted_at IS NULL", "Filter a (y)")]
    [InlineData("CREATE INDEX i ON a (x) WHERE deleted_at IS NULL", "SELECT * FROM a WHERE x = 1", "Filter a (x)")]
    [InlineData("CREATE INDEX i ON a (x) WHERE y > 3", "SELECT * FROM a WHERE x = 1 AND y = @y", "")]
    [InlineData("CREATE INDEX i ON a (s)", "SELECT * FROM a WHERE lower(s) = @s", "Form a (lower(s))")]
    [InlineData("CREATE INDEX i ON a (s)", "SELECT * FROM a WHERE lower(s) = lower('{s}')", "Form a (lower(s))")]
    [InlineData("CREATE INDEX i ON a (s)", "SELECT * FROM a WHERE lower(s) = lower({s})", "Form a")]
    [InlineData("", "SELECT * FROM a WHERE s = lower('{s}')", "Filter a (s)")]
    [InlineData("CREATE INDEX i ON a (s)", "SELECT * FROM a WHERE s LIKE 'x%'", "Form a (s text_pattern_ops)")]
    [InlineData("CREATE INDEX i ON a (s)", "SELECT * FROM a WHERE s LIKE @s", "")]
    [InlineData("CREATE INDEX i ON a (e)", "SELECT * FROM a WHERE e = @e", "")]
    [InlineData("CREATE INDEX i ON a (at)", "SELECT * FROM a WHERE at::date = '2020-01-31'", "Form a ((at::date)): at >= DATE '2020-01-31' AND at < DATE '2020-02-01'")]
    [InlineData("CREATE INDEX i ON a (at)", "SELECT * FROM a WHERE at::date <= '2020-01-31'", "Form a ((at::date)): at < DATE '2020-02-01'")]
    [InlineData("CREATE INDEX i ON a (at)", "SELECT * FROM a WHERE at::date = 'infinity'", "Form a ((at::date))")]
    [InlineData("CREATE INDEX i ON a (at)", "SELECT * FROM a WHERE at::date = @d", "Form a ((at::date))")]
    [InlineData("CREATE INDEX i ON a (at)", "SELECT * FROM a WHERE NOT at::date < '2020-01-31'", "Form a ((at::date))")]
    [InlineData("CREATE INDEX i ON a (at)", "SELECT * FROM a WHERE '2020-01-31' < at::date", "Form a ((at::date)): at >= DATE '2020-02-01'")]
    [InlineData("CREATE INDEX i ON a (x)", "SELECT * FROM a WHERE x - 2 < 5", "Form a ((x - 2)): x < 7")]
    [InlineData("CREATE INDEX i ON a (x)", "SELECT * FROM a WHERE x = 5.5", "Form a")]
    [InlineData("", "SELECT * FROM a WHERE substring(s FOR 3) = 'x'", "")]
    [InlineData("", "SELECT * FROM a WHERE substr(s, 1, 3) = 'x'", "Filter a (substr(s, 1, 3))")]
    [InlineData("", "SELECT * FROM a WHERE s::numeric(3, 1) = 5", "")]
    [InlineData("", "SELECT * FROM a WHERE s::date = @d", "")]
    [InlineData("", "SELECT * FROM a WHERE deleted_at AT TIME ZONE 'UTC' > '2020-01-01'", "Filter a ((deleted_at AT TIME ZONE 'UTC'))")]
    [InlineData("CREATE INDEX i ON a (x) INCLUDE (y)", "SELECT * FROM a WHERE y = 1", "Filter a (y)")]
    [InlineData("CREATE INDEX i ON a USING gin (j)", "SELECT * FROM a WHERE j -> 'k' @> '[1]'", "Json a gin ((j -> 'k')): j @> '{\"k\": [1]}'")]
    [InlineData("CREATE INDEX i ON a USING gin (j)", "SELECT * FROM a WHERE j -> 'k' @> '1'", "Json a gin ((j -> 'k'))")]
    [InlineData("CREATE INDEX i ON a USING gin (r)", "SELECT * FROM a WHERE @x = ANY (r)", "Json a: r @> ARRAY[@x]::integer[]")]
    [InlineData("", "SELECT * FROM a WHERE x = 1 OR y = 2", "Filter a (x)")]

    // What the query says is not null, the index need not hold.
    [InlineData("", "SELECT * FROM a WHERE deleted_at IS NOT NULL AND deleted_at <= now()", "Filter a (deleted_at) WHERE deleted_at IS NOT NULL")]
    [InlineData("", "SELECT * FROM a WHERE x = 1 AND at IS NOT NULL AND at < @t", "Filter a (x, at) WHERE at IS NOT NULL")]
    [InlineData("", "SELECT * FROM a WHERE x = 1 AND at IS NOT NULL ORDER BY at DESC LIMIT 5", "Filter a (x, at DESC) WHERE at IS NOT NULL")]
    [InlineData("", "SELECT * FROM a WHERE at IS NOT NULL AND deleted_at <= now()", "Filter a (deleted_at)")]
    [InlineData("", "SELECT * FROM a WHERE x = 1 AND x IS NOT NULL", "Filter a (x)")]
    [InlineData("ALTER TABLE a ALTER COLUMN at SET NOT NULL", "SELECT * FROM a WHERE at IS NOT NULL AND at <= now()", "Filter a (at)")]
    [InlineData("CREATE INDEX i ON a (at) WHERE at IS NOT NULL", "SELECT * FROM a WHERE at IS NOT NULL AND at <= now()", "")]
    [InlineData("CREATE INDEX i ON a (x)", "SELECT * FROM a WHERE x = 1 OR y = 2", "Filter a (y)")]
    public void With_these_indexes(string ddl, string sql, string expected) =>
        Assert.Equal(expected.Replace(" gin ", " USING gin ", StringComparison.Ordinal), Advice.Of(Schema + ddl, sql));

    [Theory]
    [InlineData("", "at > @a", "")]
    [InlineData("", "kind = 'x' AND at BETWEEN @a AND @b", "")]
    [InlineData("", "kind = 'x'", "Filter events (kind)")]
    [InlineData("", "kind = 'x' AND at <> @a", "Filter events (kind)")]
    [InlineData("ALTER TABLE events RENAME at TO stamp", "stamp > @a", "")]
    [InlineData("ALTER TABLE events RENAME at TO stamp", "kind = 'x'", "Filter events (kind)")]
    public void The_key_of_the_partitions_finds_the_few_that_are_read(string more, string condition, string expected) =>
        Assert.Equal(expected, Advice.Of("CREATE TABLE events (id bigint, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at); " + more, "SELECT * FROM events WHERE " + condition));

    [Theory]
    [InlineData("ORDER BY body LIMIT 5", "Composite notes (body)")]
    [InlineData("ORDER BY body DESC NULLS LAST, id LIMIT 5", "Composite notes (body DESC NULLS LAST, id)")]
    [InlineData("ORDER BY id DESC LIMIT 5", "")]
    [InlineData("ORDER BY id, body LIMIT 5", "")]
    [InlineData("ORDER BY body", "")]
    [InlineData("ORDER BY body OFFSET 5", "")]
    [InlineData("ORDER BY random() LIMIT 5", "")]
    [InlineData("ORDER BY {x} LIMIT 5", "")]
    public void The_first_rows_of_a_whole_table_need_their_order(string end, string expected) =>
        Assert.Equal(expected, Advice.Of("CREATE TABLE notes (id bigint PRIMARY KEY, body text)", "SELECT * FROM notes " + end));

    [Fact]
    public void A_partial_index_has_a_name_of_its_own()
    {
        var catalog = Advice.Catalog(Schema);
        var whole = new IndexSuggestion(catalog.FindTable(null, "a")!, [new("at", "at")]);
        Assert.Equal("idx_a_at", whole.Name(catalog));
        Assert.Equal("idx_a_at_partial", (whole with { Predicate = "at IS NOT NULL" }).Name(catalog));
    }

    [Theory]
    [InlineData("ORDER BY id, body LIMIT 5", null, "")]
    [InlineData("ORDER BY id, body LIMIT 5", 13, "")]
    [InlineData("ORDER BY id, body LIMIT 5", 12, "Composite notes (id, body)")]
    [InlineData("ORDER BY id LIMIT 5", 12, "")]
    public void Before_version_13_an_order_is_not_sorted_in_steps(string end, int? version, string expected) =>
        Assert.Equal(expected, Advice.Of("CREATE TABLE notes (id bigint PRIMARY KEY, body text)", "SELECT * FROM notes " + end, version));
}
