using DbSafety.Sql.Indexing;

namespace DbSafety.Sql.Tests.Indexing;

public class IndexMatchTests
{
    private const string Table = "CREATE TABLE t (id bigint, a int, b int, s text, v varchar(9), c char(3), n numeric, x float8, ts timestamp, tz timestamptz, d date, f boolean, j jsonb, r int[]); ";

    [Theory]
    [InlineData("(a)", "a = 5", IndexFit.Serves)]
    [InlineData("(a)", "5 < a", IndexFit.Serves)]
    [InlineData("(a)", "a BETWEEN 1 AND 2", IndexFit.Serves)]
    [InlineData("(a)", "a IN (1, 2)", IndexFit.Serves)]
    [InlineData("(a)", "a = ANY (@ids)", IndexFit.Serves)]
    [InlineData("(a)", "a IS NULL", IndexFit.Serves)]
    [InlineData("(a)", "a <> 5", IndexFit.No)]
    [InlineData("(a)", "a NOT IN (1, 2)", IndexFit.No)]
    [InlineData("(a)", "a IS DISTINCT FROM 5", IndexFit.No)]
    [InlineData("(a)", "a + 1 = 5", IndexFit.No)]
    [InlineData("(a)", "a = b", IndexFit.No)]
    [InlineData("(a)", "a = (random() * 5)::int", IndexFit.No)]
    [InlineData("(a, b)", "b = 5", IndexFit.No)]
    [InlineData("(a, b)", "(a, b) > (1, 2)", IndexFit.Serves)]
    [InlineData("(b, a)", "(a, b) > (1, 2)", IndexFit.No)]
    [InlineData("(b) INCLUDE (a)", "a = 5", IndexFit.No)]
    [InlineData("(id)", "id = 5.0", IndexFit.No)]
    [InlineData("(id)", "id = 5::int", IndexFit.Serves)]
    [InlineData("(n)", "n = 5", IndexFit.Serves)]
    [InlineData("(n)", "n = 5::float8", IndexFit.No)]
    [InlineData("(x)", "x = 5.5", IndexFit.Serves)]
    [InlineData("(tz)", "tz >= DATE '2020-01-01'", IndexFit.Serves)]
    [InlineData("(ts)", "ts::date = '2020-01-01'", IndexFit.No)]
    [InlineData("((ts::date))", "ts::date = '2020-01-01'", IndexFit.Serves)]
    [InlineData("(c)", "c = 'x'", IndexFit.Serves)]
    [InlineData("(c)", "c = 'x'::text", IndexFit.No)]
    [InlineData("(c)", "c = @x", IndexFit.Maybe)]
    [InlineData("(v)", "v::text = 'x'", IndexFit.Serves)]
    [InlineData("(s)", "s::varchar = 'x'", IndexFit.Serves)]
    [InlineData("(s)", "s::varchar(2) = 'x'", IndexFit.No)]
    [InlineData("(lower(s))", "LOWER(t.\"s\") = @x", IndexFit.Serves)]
    [InlineData("(lower(s))", "s = @x", IndexFit.No)]
    [InlineData("(s)", "s LIKE 'abc%'", IndexFit.No)]
    [InlineData("(s)", "s LIKE 'abc'", IndexFit.Serves)]
    [InlineData("(s)", "s LIKE @x", IndexFit.Maybe)]
    [InlineData("(s text_pattern_ops)", "s LIKE 'abc%'", IndexFit.Serves)]
    [InlineData("(s text_pattern_ops)", "s LIKE '%abc'", IndexFit.No)]
    [InlineData("(s text_pattern_ops)", "s ~ '^abc'", IndexFit.Serves)]
    [InlineData("(s text_pattern_ops)", "s > 'abc'", IndexFit.No)]
    [InlineData("(s text_pattern_ops)", "s = 'abc'", IndexFit.Serves)]
    [InlineData("(s COLLATE \"C\")", "s LIKE 'abc%'", IndexFit.Serves)]
    [InlineData("(s COLLATE \"C\")", "s = 'abc'", IndexFit.No)]
    [InlineData("(s)", "s COLLATE \"C\" = 'abc'", IndexFit.No)]
    [InlineData("USING hash (a)", "a IN (1, 2)", IndexFit.Serves)]
    [InlineData("USING hash (a)", "a > 1", IndexFit.No)]
    [InlineData("USING hash (ts)", "ts = DATE '2020-01-01'", IndexFit.No)]
    [InlineData("USING brin (a, ts)", "ts > '2020-01-01'", IndexFit.Serves)]
    [InlineData("USING gin (j)", "j ? 'k'", IndexFit.Serves)]
    [InlineData("USING gin (j jsonb_path_ops)", "j ? 'k'", IndexFit.No)]
    [InlineData("USING gin (j jsonb_path_ops)", "j @> '{{}}'", IndexFit.Serves)]
    [InlineData("USING gin (j)", "j ->> 'k' = 'x'", IndexFit.No)]
    [InlineData("USING gin (j)", "j -> 'k' @> '{{}}'", IndexFit.No)]
    [InlineData("USING gin (r)", "r @> ARRAY[1]", IndexFit.Serves)]
    [InlineData("USING gin (r)", "1 = ANY (r)", IndexFit.No)]
    [InlineData("USING gin (s gin_trgm_ops)", "s ILIKE '%abc%'", IndexFit.Serves)]
    [InlineData("USING gin (s unknown_ops)", "s ILIKE '%abc%'", IndexFit.Maybe)]
    [InlineData("USING bloom (a)", "a = 1", IndexFit.Maybe)]
    [InlineData("(a)", "a = 1 OR b = 2", IndexFit.No)]
    [InlineData("(a)", "a = 1 OR a = 2 AND b = 3", IndexFit.Serves)]
    [InlineData("(a)", "{filter}", IndexFit.Maybe)]
    [InlineData("({keys})", "a = 1", IndexFit.Maybe)]
    public void A_condition_and_an_index(string index, string condition, IndexFit expected)
    {
        var catalog = DbSafety.Sql.Schema.SchemaReader.Read([Sql.Parse(Table + "CREATE INDEX i ON t " + index)]);
        var query = DbSafety.Sql.Queries.QueryReader.Read(Assert.Single(Sql.Parse("SELECT * FROM t WHERE " + condition).Statements), catalog);
        Assert.Equal(expected, new IndexMatch(query.Uses[0]).Fit());
    }

    [Theory]
    [InlineData("f", "f", IndexFit.Serves)]
    [InlineData("f", "NOT f", IndexFit.No)]
    [InlineData("NOT f", "f = false", IndexFit.Serves)]
    [InlineData("b > 3", "b > 5", IndexFit.Serves)]
    [InlineData("b > 3", "b >= 3", IndexFit.No)]
    [InlineData("b >= 3", "b = 3", IndexFit.Serves)]
    [InlineData("b > 3", "b > @x", IndexFit.Maybe)]
    [InlineData("b > 3", "b < @x", IndexFit.No)]
    [InlineData("b > 3", "true", IndexFit.No)]
    [InlineData("b <> 3", "b = 4", IndexFit.Serves)]
    [InlineData("b <> 3", "b < 3", IndexFit.Serves)]
    [InlineData("b IN (1, 2, 3)", "b IN (1, 3)", IndexFit.Serves)]
    [InlineData("b IN (1, 2, 3)", "b IN (1, 4)", IndexFit.No)]
    [InlineData("b IN (1, 2, 3)", "b = 2", IndexFit.Serves)]
    [InlineData("b = 1 OR b = 2", "b = 2", IndexFit.Serves)]
    [InlineData("s = ANY (ARRAY['x'::text, 'y'::text])", "s = 'y'", IndexFit.Serves)]
    [InlineData("s IS NOT NULL", "s = @x", IndexFit.Serves)]
    [InlineData("s IS NOT NULL", "s LIKE '%x'", IndexFit.Serves)]
    [InlineData("s IS NOT NULL", "s <> 'x'", IndexFit.Serves)]
    [InlineData("s IS NOT NULL", "s IS NULL", IndexFit.No)]
    [InlineData("s IS NOT NULL", "b = 1", IndexFit.No)]
    [InlineData("s IS NULL", "s IS NULL", IndexFit.Serves)]
    [InlineData("s = 'x' AND b > 3", "s = 'x' AND b = 4", IndexFit.Serves)]
    [InlineData("s = 'x' AND b > 3", "s = 'x'", IndexFit.No)]
    [InlineData("s > 'a'", "s > 'b'", IndexFit.Maybe)]
    [InlineData("d >= '2020-01-01'", "d >= '2020-02-01'", IndexFit.Serves)]
    [InlineData("b > 3", "(b = 4 OR b = 5)", IndexFit.Serves)]
    [InlineData("b > 3", "(b = 4 OR b = 2)", IndexFit.No)]
    [InlineData("b > 3", "{filter}", IndexFit.Maybe)]
    [InlineData("b > 10", "b = 19.0::numeric", IndexFit.No)]
    [InlineData("b > 10", "b = 19", IndexFit.Serves)]
    public void A_partial_index(string predicate, string condition, IndexFit expected)
    {
        var catalog = DbSafety.Sql.Schema.SchemaReader.Read([Sql.Parse(Table + "CREATE INDEX i ON t (a) WHERE " + predicate)]);
        var query = DbSafety.Sql.Queries.QueryReader.Read(Assert.Single(Sql.Parse("SELECT * FROM t WHERE a = 1 AND " + condition).Statements), catalog);
        var use = query.Uses[0];
        var match = new IndexMatch(use with { IsUncertain = false });
        Assert.Equal(expected, match.Holds(use.Table.Indexes[0]));
    }

    [Theory]
    [InlineData("abc%", "Prefix")]
    [InlineData("%abc", "Any")]
    [InlineData("_bc", "Any")]
    [InlineData("abc", "Exact")]
    [InlineData("a\\%b", "Exact")]
    [InlineData("", "Unknown")]
    public void Patterns_of_LIKE(string pattern, string expected) => Assert.Equal(expected, Patterns.OfLike(pattern).ToString());

    [Theory]
    [InlineData("^abc", "Prefix")]
    [InlineData("^abc$", "Exact")]
    [InlineData("abc", "Any")]
    [InlineData("^a*", "Unknown")]
    [InlineData("^ab*", "Prefix")]
    [InlineData("^a|b", "Unknown")]
    [InlineData("^.a", "Any")]
    public void Patterns_of_regular_expressions(string pattern, string expected) => Assert.Equal(expected, Patterns.OfRegex(pattern).ToString());
}
