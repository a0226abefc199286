using System.Collections.Immutable;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests;

public class ParserTests
{
    [Theory]
    [InlineData("SELECT a + b * c", "(a + (b * c))")]
    [InlineData("SELECT a - b - c", "((a - b) - c)")]
    [InlineData("SELECT - a ^ b", "((- a) ^ b)")]
    [InlineData("SELECT -a::int", "(- (a :: integer))")]
    [InlineData("SELECT NOT a = b AND c", "((NOT (a = b)) AND c)")]
    [InlineData("SELECT a OR b AND c OR d", "(a OR (b AND c) OR d)")]
    [InlineData("SELECT a = b IS NULL", "((a = b) IS NULL)")]
    [InlineData("SELECT a || b = c || d", "((a || b) = (c || d))")]
    [InlineData("SELECT a < b + c ~ d", "(a < ((b + c) ~ d))")]
    [InlineData("SELECT a LIKE b || c ESCAPE d", "(a LIKE (b || c))")]
    [InlineData("SELECT a BETWEEN b AND c AND d", "((a BETWEEN b c) AND d)")]
    [InlineData("SELECT a AT TIME ZONE b + c", "((a AT TIME ZONE b) + c)")]
    [InlineData("SELECT a IN (1, 2) = b", "((a IN 1 2) = b)")]
    [InlineData("SELECT a @> b -> c", "((a @> b) -> c)")]
    [InlineData("SELECT @ a", "(@ a)")]
    [InlineData("SELECT a IS DISTINCT FROM b OR c", "((a IS DISTINCT FROM b) OR c)")]
    [InlineData("SELECT a OPERATOR(pg_catalog.+) b", "(a + b)")]
    [InlineData("SELECT (a).b[1]", "([] ([] (a)) 1)")]
    public void Precedence(string sql, string expected) => Assert.Equal(expected, Text(Sql.Select(sql).Items[0].Expression));

    [Theory]
    [InlineData("SELECT a < b < c")]
    [InlineData("SELECT a LIKE b LIKE c")]
    [InlineData("SELECT ARRAY[1][1]")]
    [InlineData("SELECT f(x)[1]")]
    [InlineData("SELECT left FROM t")]
    [InlineData("SELECT a FROM select")]
    [InlineData("SELECT a year FROM t")]
    [InlineData("SELECT * FROM t WHERE")]
    [InlineData("SELECT * FROM t a b")]
    [InlineData("SELECT a, FROM t")]
    [InlineData("SELECT (1, 2")]
    [InlineData("SELECT * FROM a JOIN b")]
    [InlineData("SELECT * FROM (a)")]
    [InlineData("SELECT DISTINCT FROM t")]
    [InlineData("SELECT 1 LIMIT 1 LIMIT 2")]
    [InlineData("(SELECT 1 ORDER BY 1) ORDER BY 2")]
    [InlineData("SELECT 1 FETCH FIRST 1 ROWS WITH TIES")]
    [InlineData("SELECT * FROM a.b.c.d")]
    [InlineData("SELECT 1 LIMIT 1, 2")]
    [InlineData("INSERT t VALUES (1)")]
    [InlineData("INSERT INTO t")]
    [InlineData("UPDATE t SET a")]
    [InlineData("UPDATE t SET t.a, b = 1")]
    [InlineData("DELETE t WHERE a = 1")]
    [InlineData("SELEC 1")]
    [InlineData("SELECT 1a")]
    [InlineData("SELECT 'a")]
    [InlineData("SELECT nullif(1)")]
    [InlineData("SELECT sum(a) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)")]
    public void Rejected(string sql) => Assert.NotEmpty(Sql.Parse(sql).Errors);

    [Theory]
    [InlineData("SELECT")]
    [InlineData("SELECT FROM t")]
    [InlineData("((SELECT 1))")]
    [InlineData("(SELECT 1) UNION (SELECT 2) ORDER BY 1")]
    [InlineData("SELECT ((SELECT 1) + 1), ((SELECT 1) UNION SELECT 2), (((SELECT 1)))")]
    [InlineData("SELECT * FROM ((SELECT 1) UNION (SELECT 2)) x, ((a CROSS JOIN b)), ((SELECT 1) y CROSS JOIN z)")]
    [InlineData("SELECT * FROM a JOIN b JOIN c ON true ON true")]
    [InlineData("SELECT a is, b and, c like FROM t")]
    [InlineData("SELECT int '1', timestamp(3) with time zone 'x', interval '1' day to second(3), x.y 'z', numeric(3,2) '1', \"q\" 'x'")]
    [InlineData("SELECT a ISNULL NOTNULL, 1 IS JSON OBJECT WITH UNIQUE KEYS")]
    [InlineData("SELECT t.*, (t).*, (row(1, 2)).f1, a[1:2][:], a[:1]")]
    [InlineData("SELECT f(a => 1, b := 2, VARIADIC c), g(DISTINCT a ORDER BY b), count(*) FILTER (WHERE a) OVER w FROM t WINDOW w AS (PARTITION BY a)")]
    [InlineData("SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t")]
    [InlineData("SELECT * FROM f(1) WITH ORDINALITY AS x (a, b), ROWS FROM (f(1), g(2) AS (a int)) y, LATERAL h(a) AS (b int, c text)")]
    [InlineData("SELECT * FROM t TABLESAMPLE bernoulli (1) REPEATABLE (2), ONLY (u), v *")]
    [InlineData("WITH RECURSIVE a AS (SELECT 1), b AS NOT MATERIALIZED (DELETE FROM t RETURNING *) SEARCH DEPTH FIRST BY x SET y CYCLE x SET z USING p SELECT 1")]
    [InlineData("SELECT 1 FOR NO KEY UPDATE OF t NOWAIT LIMIT ALL")]
    [InlineData("SELECT 1 OFFSET 1 ROWS FETCH NEXT ROW ONLY")]
    [InlineData("SELECT a FROM t GROUP BY GROUPING SETS ((), (a), ROLLUP (a, b), CUBE (c))")]
    [InlineData("SELECT * FROM t WHERE (a, b) IN (SELECT 1, 2) AND (a, b) OVERLAPS (c, d)")]
    [InlineData("INSERT INTO t AS x (a.b, c[1]) OVERRIDING USER VALUE SELECT 1 ON CONFLICT ON CONSTRAINT c DO NOTHING RETURNING *")]
    [InlineData("INSERT INTO t DEFAULT VALUES")]
    [InlineData("INSERT INTO t (SELECT 1)")]
    [InlineData("UPDATE ONLY t AS x SET (a, b) = (SELECT 1, 2), c[1] = DEFAULT FROM u WHERE CURRENT OF c")]
    [InlineData("MERGE INTO t USING s ON true WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN MATCHED THEN DO NOTHING RETURNING *")]
    [InlineData("INSERT INTO t VALUES (1) RETURNING WITH (OLD AS o, NEW AS n) o.a, n.a")]
    [InlineData("SELECT * FROM JSON_TABLE(j, '$[*]' COLUMNS (a int PATH '$.a')) AS jt")]
    [InlineData("SELECT JSON_VALUE(j, '$.a' RETURNING int DEFAULT 1 ON EMPTY)")]
    [InlineData("VALUES (1, 2), (3, 4) ORDER BY 1 LIMIT 1")]
    [InlineData("TABLE ONLY t")]
    public void Accepted(string sql) => Assert.Empty(Sql.Parse(sql).Errors);

    [Fact]
    public void Clauses_of_a_select()
    {
        var select = Sql.Select("SELECT DISTINCT a AS x, t.b FROM s.T AS t JOIN \"U\" USING (id) WHERE a = 1 GROUP BY a HAVING true ORDER BY a DESC LIMIT 5 FOR UPDATE SKIP LOCKED");
        Assert.True(select.IsDistinct);
        Assert.Equal(["x", null], select.Items.Select(item => item.Alias?.Text));
        var join = Assert.IsType<JoinedTable>(Assert.Single(select.From.Value!.Items));
        var left = Assert.IsType<TableReference>(join.Left);
        Assert.Equal(("s", "t", "t"), (left.Name.Schema, left.Name.Name, left.Alias!.Text));
        Assert.Equal("U", Assert.IsType<TableReference>(join.Right).Name.Name);
        Assert.Equal("id", Assert.Single(join.Using).Text);
        Assert.True(select.Where.IsPresent && select.GroupBy.IsPresent && select.Having.IsPresent && select.Limit.IsPresent && select.Offset.IsAbsent);
        Assert.True(Assert.Single(select.OrderBy.Value!.Items).IsDescending);
        Assert.True(Assert.Single(select.Locking).SkipLocked);
    }

    [Fact]
    public void Parts_of_writes()
    {
        var insert = Sql.One<InsertStatement>("INSERT INTO t (a, b) VALUES (1, 2), (3, 4) ON CONFLICT (a) DO NOTHING");
        Assert.Equal(["a", "b"], insert.Columns.Value!.Items.Select(column => column.Name.Text));
        Assert.Equal(2, Assert.IsType<ValuesQuery>(insert.Query).Rows.Length);
        Assert.True(insert.OnConflict.Value!.IsDoNothing);
        Assert.True(insert.Returning.IsAbsent);
        var update = Sql.One<UpdateStatement>("UPDATE t SET a = 1, b = 2");
        Assert.Equal(["a", "b"], update.Set.Select(item => item.Targets[0].Name.Text));
        Assert.True(update.Where.IsAbsent);
        Assert.True(Sql.One<DeleteStatement>("DELETE FROM t WHERE a = 1").Where.IsPresent);
    }

    [Theory]
    [InlineData("DELETE FROM t", Presence.Absent)]
    [InlineData("DELETE FROM {t}", Presence.Absent)]
    [InlineData("DELETE FROM t WHERE a = 1", Presence.Present)]
    [InlineData("DELETE FROM t WHERE {cond}", Presence.Present)]
    [InlineData("DELETE FROM t {where}", Presence.Unknown)]
    [InlineData("DELETE FROM t {alias} WHERE a = 1", Presence.Present)]
    public void Where_of_a_delete(string sql, Presence expected) => Assert.Equal(expected, Sql.One<DeleteStatement>(sql).Where.Presence);

    [Theory]
    [InlineData("UPDATE t SET a = 1", Presence.Absent)]
    [InlineData("UPDATE t SET a = {x}", Presence.Absent)]
    [InlineData("UPDATE t SET a = 1 {more}", Presence.Unknown)]
    [InlineData("UPDATE t SET {all}", Presence.Unknown)]
    [InlineData("UPDATE t SET {all} WHERE a = 1", Presence.Present)]
    public void Where_of_an_update(string sql, Presence expected) => Assert.Equal(expected, Sql.One<UpdateStatement>(sql).Where.Presence);

    [Theory]
    [InlineData("SELECT * FROM t", Presence.Absent, Presence.Absent, Presence.Absent)]
    [InlineData("SELECT * FROM t {rest}", Presence.Unknown, Presence.Unknown, Presence.Unknown)]
    [InlineData("SELECT * FROM t WHERE a = 1 {rest}", Presence.Present, Presence.Unknown, Presence.Unknown)]
    [InlineData("SELECT * FROM t WHERE a = {x}", Presence.Present, Presence.Absent, Presence.Absent)]
    [InlineData("SELECT * FROM t WHERE {cond}", Presence.Present, Presence.Unknown, Presence.Unknown)]
    [InlineData("SELECT * FROM t WHERE {cond} ORDER BY a", Presence.Present, Presence.Present, Presence.Unknown)]
    [InlineData("SELECT * FROM t ORDER BY a LIMIT {n}", Presence.Absent, Presence.Present, Presence.Present)]
    [InlineData("SELECT * FROM (SELECT * FROM u {rest}) t", Presence.Absent, Presence.Absent, Presence.Absent)]
    public void Clauses_behind_a_hole_are_unknown(string sql, Presence where, Presence orderBy, Presence limit)
    {
        var select = Sql.Select(sql);
        Assert.Equal((where, orderBy, limit), (select.Where.Presence, select.OrderBy.Presence, select.Limit.Presence));
    }

    [Fact]
    public void Parameters_by_the_conventions_of_Npgsql()
    {
        var tree = Sql.Parse("SELECT @a, :b, $1, x::text, y[1:2], z=@c FROM t WHERE d @> e AND f = '@g' AND h = '%:i' AND j = ':k' AND l = 'a@m.com'");
        Assert.Empty(tree.Errors);
        Assert.Equal(["a At", "b Colon", "1 Dollar", "c At"], tree.Parameters.Select(parameter => parameter.Name + " " + parameter.Style));
        Assert.Equal(["g At", "k Colon"], tree.QuotedParameters.Select(parameter => parameter.Name + " " + parameter.Style));
        Assert.Equal("'@g'", tree.Source.ToString(tree.QuotedParameters[0].Span));
        Assert.Empty(Sql.Parse("SELECT JSON_OBJECT('a':b)").Parameters);
    }

    [Fact]
    public void A_statement_with_an_error_does_not_hide_the_next()
    {
        var tree = Sql.Parse("SELECT 1; SELEC 2; SELECT * FRM t; DELETE FROM t");
        Assert.Equal(2, tree.Errors.Length);
        Assert.Equal(["SELECT", "", "SELECT", "DELETE"], tree.Statements.Select(statement => statement.Verb));
        Assert.Equal([false, true, true, false], tree.Statements.Select(statement => statement.HasErrors));
    }

    [Theory]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 1", 2)]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 1", 2)]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$; SELECT 1", 2)]
    [InlineData(";;SELECT 1;;", 1)]
    [InlineData("", 0)]
    [InlineData("-- nothing", 0)]
    public void Statements_end_at_their_semicolon(string sql, int count)
    {
        var tree = Sql.Parse(sql);
        Assert.Empty(tree.Errors);
        Assert.Equal(count, tree.Statements.Length);
    }

    [Theory]
    [InlineData("EXPLAIN (ANALYZE, COSTS off) DELETE FROM t", "EXPLAIN", "DELETE")]
    [InlineData("PREPARE p (int) AS SELECT $1", "PREPARE", "SELECT")]
    [InlineData("DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT 1", "DECLARE", "SELECT")]
    [InlineData("CREATE OR REPLACE TEMP VIEW v (a) WITH (security_barrier) AS SELECT 1 WITH LOCAL CHECK OPTION", "CREATE VIEW", "SELECT")]
    [InlineData("CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1 WITH NO DATA", "CREATE MATERIALIZED VIEW", "SELECT")]
    [InlineData("CREATE TABLE t (a, b) AS VALUES (1, 2)", "CREATE TABLE AS", "VALUES")]
    [InlineData("COPY (SELECT 1) TO STDOUT", "COPY", "SELECT")]
    public void Statements_around_a_query(string sql, string verb, string inner)
    {
        var wrapper = Sql.One<WrapperStatement>(sql);
        Assert.Equal((verb, inner), (wrapper.Verb, wrapper.Inner.Verb));
    }

    [Theory]
    [InlineData("a::jsonb")]
    [InlineData("a::int[]::text")]
    [InlineData("(a)::numeric(3, 1)")]
    [InlineData("a AT TIME ZONE 'x'")]
    [InlineData("CAST(a AS jsonb)")]
    public void The_span_of_an_expression_ends_behind_it(string expression)
    {
        var tree = SqlParser.Parse(new SqlSource($"INSERT INTO t VALUES ({expression}, 1)"));
        var values = Assert.IsType<ValuesQuery>(Assert.IsType<InsertStatement>(Assert.Single(tree.Statements)).Query);
        Assert.Equal(expression, tree.Source.ToString(Assert.Single(values.Rows).Items[0].Span));
    }

    [Fact]
    public void Spans_cover_their_characters()
    {
        var tree = Sql.Parse("  WITH a AS (SELECT 1) UPDATE s.t AS x SET a = 1 WHERE b IN (1, 2) RETURNING *  ; SELECT 2");
        var update = Assert.IsType<UpdateStatement>(tree.Statements[0]);
        Assert.Equal("WITH a AS (SELECT 1) UPDATE s.t AS x SET a = 1 WHERE b IN (1, 2) RETURNING *", tree.Source.ToString(update.Span));
        Assert.Equal("UPDATE", tree.Source.ToString(update.VerbSpan));
        Assert.Equal("s.t AS x", tree.Source.ToString(update.Table.Span));
        Assert.Equal("a = 1", tree.Source.ToString(update.Set[0].Span));
        Assert.Equal("WHERE b IN (1, 2)", tree.Source.ToString(update.Where.Value!.Span));
        Assert.Equal("RETURNING *", tree.Source.ToString(update.Returning.Value!.Span));
        var list = Assert.IsType<InExpression>(update.Where.Value.Expression);
        Assert.Equal(("IN (1, 2)", "1, 2"), (tree.Source.ToString(list.InSpan), tree.Source.ToString(list.ListSpan)));
    }

    [Theory]
    [InlineData("SELECT TOP 10 * FROM [dbo].[t] WITH (NOLOCK) WHERE [a b] = @p")]
    [InlineData("SELECT `a` FROM `t` WHERE b = ? LIMIT 10, 20")]
    [InlineData("INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 1")]
    [InlineData("SELECT a FROM #temp CROSS APPLY f(a) x")]
    [InlineData("PRAGMA foreign_keys = ON")]
    public void Other_dialects_are_accepted(string sql) => Assert.Empty(Sql.Parse(sql, SqlDialect.Other).Errors);

    private static string Text(SqlExpression expression) => expression switch
    {
        ColumnReference column => column.Column,
        LiteralExpression literal => literal.Text ?? "",
        CastExpression cast => $"({Text(cast.Operand)} :: {cast.Type.Name})",
        BinaryExpression binary => $"({Text(binary.Left)} {binary.Operator} {Text(binary.Right)})",
        UnaryExpression unary => $"({unary.Operator} {Text(unary.Operand)})",
        LogicalExpression logical => "(" + string.Join(logical.IsAnd ? " AND " : " OR ", logical.Conditions.Select(Text)) + ")",
        IsExpression test => $"({Text(test.Operand)} IS {(test.IsNegated ? "NOT " : "")}{test.Test})",
        LikeExpression like => $"({Text(like.Operand)} {like.Operator} {Text(like.Pattern)})",
        BetweenExpression between => $"({Text(between.Operand)} BETWEEN {Text(between.Low)} {Text(between.High)})",
        InExpression list => $"({Text(list.Operand)} IN {string.Join(" ", list.Items.Select(Text))})",
        ParenthesizedExpression parens => "(" + Text(parens.Operand) + ")",
        IndirectionExpression indirection => "([] " + string.Join(" ", indirection.Operands.Select(Text)) + ")",
        _ => expression.GetType().Name,
    };

    [Theory]
    [InlineData("a::numeric(12, 3)")]
    [InlineData("a::text[]")]
    [InlineData("CAST(a AS bigint)")]
    public void A_cast_covers_its_type(string cast)
    {
        var sql = $"SELECT {cast}, b";
        Assert.Equal(cast, new SqlSource(sql).ToString(Assert.IsType<CastExpression>(Sql.Select(sql).Items[0].Expression).Span));
    }
}
