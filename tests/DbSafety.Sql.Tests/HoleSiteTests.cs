using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests;

/// <summary>Each hole of a text with the role that it must get; the kind follows from the role.</summary>
public class HoleSiteTests
{
    [Theory]
    // Operands
    [InlineData("SELECT * FROM t WHERE a = {x}", "Operand")]
    [InlineData("SELECT * FROM t WHERE a BETWEEN {x} AND {y}", "Operand Operand")]
    [InlineData("INSERT INTO t (a, b) VALUES ({a}, {b})", "Operand Operand")]
    [InlineData("INSERT INTO t (a) VALUES ({a})", "Operand")]
    [InlineData("INSERT INTO t VALUES ({a}, {b}), ({c}, {d})", "Operand Operand Operand Operand")]
    [InlineData("UPDATE t SET a = {x}, b = b + {y} WHERE id = {z}", "Operand Operand Operand")]
    [InlineData("SELECT f({x}), g(a, {y}) FROM t", "Operand Operand")]
    [InlineData("SELECT * FROM t WHERE {x} = id", "Operand")]
    [InlineData("SELECT * FROM t WHERE {x} = ANY(tags)", "Operand")]
    [InlineData("SELECT * FROM t WHERE a = ANY({x})", "Operand")]
    [InlineData("SELECT * FROM t WHERE a <> ALL ({x})", "Operand")]
    [InlineData("SELECT CASE WHEN a = {x} THEN {y} ELSE {z} END FROM t", "Operand Operand Operand")]
    [InlineData("SELECT CASE a WHEN {x} THEN {y} END FROM t", "Operand Operand")]
    [InlineData("SELECT {x}::uuid", "Operand")]
    [InlineData("SELECT * FROM t WHERE d = CAST({x} AS date)", "Operand")]
    [InlineData("SELECT a + {x} FROM t", "Operand")]
    [InlineData("SELECT {x} AS name", "Operand")]
    [InlineData("SELECT {a} AS a, {b} AS b", "Operand Operand")]
    [InlineData("SELECT * FROM f({x}) AS g", "Operand")]
    [InlineData("SELECT * FROM t WHERE (a, b) = ({x}, {y})", "Operand Operand")]
    [InlineData("SELECT * FROM t WHERE a = {x} FOR UPDATE", "Operand")]
    [InlineData("SELECT * FROM t WHERE a = {x} AND (b > {y} OR c < {z})", "Operand Operand Operand")]
    [InlineData("SELECT * FROM t WHERE a IS DISTINCT FROM {x}", "Operand")]
    [InlineData("SELECT * FROM t WHERE a -> {x} = {y}", "Operand Operand")]
    [InlineData("SELECT * FROM t WHERE d > now() - {x} * interval '1 day'", "Operand")]
    [InlineData("SELECT coalesce(a, {x}) FROM t", "Operand")]
    [InlineData("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED AND s.a = {x} THEN UPDATE SET a = {y} WHEN NOT MATCHED THEN INSERT (a) VALUES ({z})", "Operand Operand Operand")]
    [InlineData("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = {x} WHERE t.c = {y}", "Operand Operand")]
    [InlineData("INSERT INTO t (a, b) SELECT {x}, id FROM s", "Operand")]
    [InlineData("CALL p({x}, {y})", "Operand Operand")]
    [InlineData("EXPLAIN ANALYZE SELECT * FROM t WHERE a = {x}", "Operand")]
    [InlineData("WITH c AS (SELECT * FROM t WHERE a = {x}) DELETE FROM u USING c WHERE u.b = {y}", "Operand Operand")]
    [InlineData("SELECT a[{x}] FROM t", "Operand")]
    [InlineData("SELECT sum(a) OVER (ORDER BY b ROWS {n} PRECEDING) FROM t", "Operand")]
    [InlineData("SELECT DATE {x}, now() - interval {y}", "Operand Operand")]
    // Inside string constants
    [InlineData("SELECT * FROM t WHERE a = '{x}'", "StringConstant")]
    [InlineData("SELECT * FROM t WHERE a = 'a{x}b{y}c'", "StringConstant StringConstant")]
    [InlineData("SELECT * FROM t WHERE a = E'it\\'s {x}'", "StringConstant")]
    [InlineData("SELECT * FROM t WHERE d >= DATE '{x}'", "StringConstant")]
    [InlineData("SELECT now() - interval '{n} days'", "StringConstant")]
    [InlineData("SELECT '{x}'::uuid", "StringConstant")]
    [InlineData("UPDATE t SET j = '{{\"a\": \"{x}\"}}'", "StringConstant")]
    [InlineData("INSERT INTO t (a) VALUES ('{x}')", "StringConstant")]
    [InlineData("SELECT concat('{x}', a) FROM t", "StringConstant")]
    [InlineData("SELECT EXTRACT('{f}' FROM d) FROM t", "StringConstant")]
    [InlineData("SELECT * FROM t WHERE a LIKE '%{x}%'", "LikePattern")]
    [InlineData("SELECT * FROM t WHERE a NOT ILIKE '{x}%' ESCAPE '!'", "LikePattern")]
    [InlineData("SELECT * FROM t WHERE a SIMILAR TO '{x}'", "LikePattern")]
    [InlineData("SELECT * FROM t WHERE a ~* '{x}'", "LikePattern")]
    [InlineData("SELECT * FROM t WHERE a LIKE '%' || '{x}' || '%'", "LikePattern")]
    [InlineData("SELECT * FROM t WHERE a LIKE {x}", "Operand")]
    // Lists, limits, arrays
    [InlineData("SELECT * FROM t WHERE a IN ({ids})", "InList")]
    [InlineData("SELECT * FROM t WHERE a NOT IN ('{ids}')", "InList")]
    [InlineData("SELECT * FROM t WHERE a IN (1, {x}, '{y}')", "InList InList")]
    [InlineData("SELECT * FROM t LIMIT {n} OFFSET {m}", "Limit Limit")]
    [InlineData("SELECT * FROM t OFFSET {m} ROWS FETCH NEXT {n} ROWS ONLY", "Limit Limit")]
    [InlineData("SELECT ARRAY[{x}, {y}]", "ArrayElement ArrayElement")]
    [InlineData("SELECT '{{{x}}}'::int[]", "ArrayElement")]
    [InlineData("SELECT * FROM t WHERE a = ANY('{{{x}}}')", "ArrayElement")]
    // Names
    [InlineData("SELECT * FROM {t}", "BareName")]
    [InlineData("SELECT * FROM {s}.{t}", "BareName BareName")]
    [InlineData("SELECT * FROM {t} x JOIN {u} AS y ON x.id = y.id", "BareName BareName")]
    [InlineData("INSERT INTO {t} (a) VALUES (1)", "BareName")]
    [InlineData("UPDATE {t} SET a = 1", "BareName")]
    [InlineData("DELETE FROM {t} WHERE a = 1", "BareName")]
    [InlineData("SELECT t.{c}, {a}.b FROM t", "BareName BareName")]
    [InlineData("UPDATE t SET {c} = 1", "BareName")]
    [InlineData("UPDATE t SET {c} = {x}", "BareName Operand")]
    [InlineData("INSERT INTO t ({a}, {b}) VALUES (1, 2)", "BareName BareName")]
    [InlineData("INSERT INTO t (a, {b}) VALUES (1, 2)", "BareName")]
    [InlineData("SELECT * FROM t WHERE {c} = @p", "BareName")]
    [InlineData("SELECT * FROM t WHERE {c} = 'a'", "BareName")]
    [InlineData("SELECT * FROM t WHERE {c} = {x}", "BareName Operand")]
    [InlineData("SELECT * FROM t WHERE {c} > now()", "BareName")]
    [InlineData("SELECT * FROM t WHERE {c} IS NULL AND {d} IS NOT NULL", "BareName BareName")]
    [InlineData("SELECT * FROM t WHERE {c} LIKE '%{x}%'", "BareName LikePattern")]
    [InlineData("SELECT * FROM t WHERE {c} IN (1, 2)", "BareName")]
    [InlineData("SELECT * FROM t WHERE {c} BETWEEN 1 AND 2", "BareName")]
    [InlineData("SELECT * FROM t WHERE {c} @> @p", "BareName")]
    [InlineData("SELECT {fn}(a, b) FROM t", "BareName")]
    [InlineData("SELECT a::{type} FROM t", "BareName")]
    [InlineData("SELECT * FROM orders_{x}", "BareNamePart")]
    [InlineData("SELECT * FROM {prefix}orders", "BareNamePart")]
    [InlineData("SELECT * FROM {schema}{table}", "BareNamePart BareNamePart")]
    [InlineData("SELECT a_{x} FROM t", "BareNamePart")]
    [InlineData("SELECT * FROM \"{t}\"", "QuotedName")]
    [InlineData("SELECT * FROM \"{s}\".\"t_{x}\"", "QuotedName QuotedName")]
    [InlineData("SELECT * FROM t ORDER BY \"{c}\"", "QuotedName")]
    [InlineData("SELECT * FROM t ORDER BY {c}", "SortColumn")]
    [InlineData("SELECT * FROM t ORDER BY {c} DESC, {d}", "SortColumn SortColumn")]
    [InlineData("SELECT * FROM t ORDER BY t.{c}", "SortColumn")]
    [InlineData("SELECT * FROM t ORDER BY {c} {dir}", "SortColumn Keyword")]
    [InlineData("SELECT * FROM t ORDER BY a {dir} LIMIT 1", "Keyword")]
    [InlineData("SELECT * FROM t ORDER BY a {dir} NULLS LAST, b {dir}", "Keyword Keyword")]
    [InlineData("SELECT count(*) FROM t GROUP BY {c}", "SortColumn")]
    [InlineData("SELECT EXTRACT({f} FROM d) FROM t", "Keyword")]
    [InlineData("SELECT * FROM t WHERE a {op} 1", "Keyword")]
    [InlineData("SELECT * FROM t WHERE {c} {op} @p", "BareName Keyword")]
    [InlineData("SELECT * FROM t WHERE a {op} {x}", "Keyword Operand")]
    [InlineData("SELECT * FROM t WHERE a IN (@p{i})", "ParameterName")]
    [InlineData("SELECT count({c}), sum(DISTINCT {d}) FROM t", "BareName BareName")]
    [InlineData("SELECT * FROM t WHERE a {not} IN (1) AND b IS {not} NULL AND c {op} ANY (@p)", "Keyword Keyword Keyword")]
    [InlineData("SELECT 1 UNION {all} SELECT 2", "Keyword")]
    [InlineData("SELECT * FROM t WHERE lower({c}) = lower(@p) AND {d} ->> 'k' = @q", "BareName BareName")]
    [InlineData("SELECT * FROM t WHERE {c}::date >= @p AND CAST({d} AS text) LIKE '%{x}%'", "BareName BareName LikePattern")]
    // Fragments
    [InlineData("SELECT * FROM ({a} UNION ALL {b}) x", "Clause Clause")]
    [InlineData("SELECT count(*) FILTER ({where}) FROM t", "Clause")]
    [InlineData("INSERT INTO t (a) VALUES (1) ON CONFLICT {rest}", "Clause")]
    [InlineData("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO {action}", "Clause")]
    [InlineData("INSERT INTO t (a) VALUES (1) ON CONFLICT ({cols}) DO UPDATE SET {sets}", "Clause Clause")]
    [InlineData("INSERT INTO t (a) VALUES (1) {conflict} RETURNING a", "Clause")]
    [InlineData("{a} UNION ALL {b}", "Clause Clause")]
    [InlineData("SELECT * FROM t WHERE a = 1 {and} b = 2", "Clause")]
    [InlineData("SELECT * FROM t WHERE {cond}", "Clause")]
    [InlineData("SELECT * FROM t WHERE a = 1 AND {cond}", "Clause")]
    [InlineData("SELECT * FROM t WHERE a = 1 {more}", "Clause")]
    [InlineData("SELECT * FROM t WHERE a = 1 {more} ORDER BY b", "Clause")]
    [InlineData("SELECT * FROM t WHERE ({cond})", "Clause")]
    [InlineData("SELECT * FROM t WHERE {filter} b = 2", "Clause")]
    [InlineData("SELECT * FROM t WHERE {filter} AND b = 2", "Clause")]
    [InlineData("SELECT * FROM t {where}", "Clause")]
    [InlineData("SELECT * FROM t {where} ORDER BY a {limit}", "Clause Keyword")]
    [InlineData("SELECT * FROM t {alias}", "Clause")]
    [InlineData("SELECT {cols} FROM t", "Clause")]
    [InlineData("SELECT a, {cols} FROM t", "Clause")]
    [InlineData("SELECT a {cols} FROM t", "Clause")]
    [InlineData("SELECT {top} * FROM t", "Clause")]
    [InlineData("SELECT * {from}", "Clause")]
    [InlineData("INSERT INTO t ({cols}) VALUES ({vals})", "Clause Clause")]
    [InlineData("INSERT INTO t (a, b) VALUES ({vals})", "Clause")]
    [InlineData("INSERT INTO t VALUES {rows}", "Clause")]
    [InlineData("INSERT INTO t {rest}", "Clause")]
    [InlineData("UPDATE t SET {assignments} WHERE id = 1", "Clause")]
    [InlineData("UPDATE t SET a = 1 {more} WHERE id = 1", "Clause")]
    [InlineData("UPDATE t SET a = 1, {more} WHERE id = 1", "Clause")]
    [InlineData("DELETE FROM t {where}", "Clause")]
    [InlineData("SELECT * FROM t JOIN u ON {cond}", "Clause")]
    [InlineData("SELECT * FROM t {joins} WHERE a = 1", "Clause")]
    [InlineData("SELECT * FROM t JOIN u {on}", "Clause")]
    [InlineData("SELECT a FROM t GROUP BY a HAVING {c}", "Clause")]
    [InlineData("WITH {x} SELECT 1", "Clause")]
    [InlineData("SELECT * FROM ({subquery}) x", "Statement")]
    [InlineData("SELECT * FROM t WHERE EXISTS ({subquery})", "Clause")]
    [InlineData("SELECT * FROM t WHERE a = {a}{b}", "Clause Clause")]
    [InlineData("INSERT INTO t (a) VALUES (1) RETURNING {cols}", "Clause")]
    [InlineData("SELECT * FROM t WHERE NOT {cond}", "Clause")]
    [InlineData("{stmt}", "Statement")]
    [InlineData("{with} SELECT 1", "Statement")]
    [InlineData("SELECT 1; {stmt}; SELECT 2", "Statement")]
    [InlineData("SELECT 1 /* {c} */ -- {d}", "Comment Comment")]
    [InlineData("DO $$ BEGIN {x} END $$", "DollarBody")]
    [InlineData("SELECT $tag$ {x} $tag$", "DollarBody")]
    // Statements without parameters
    [InlineData("CREATE TABLE {t} (a int)", "BareName")]
    [InlineData("CREATE TABLE t (a int, {cols})", "Clause")]
    [InlineData("DROP TABLE IF EXISTS {t} CASCADE", "BareName")]
    [InlineData("DROP TABLE IF EXISTS {t}", "BareName")]
    [InlineData("DROP VIEW {s}.{v}, {w}", "BareName BareName BareName")]
    [InlineData("DROP ROLE {r}", "UtilityName")]
    [InlineData("DROP FUNCTION {f}({args})", "UtilityName Clause")]
    [InlineData("DROP TRIGGER {g} ON {t}", "UtilityName UtilityName")]
    [InlineData("ALTER TABLE t RENAME TO {n}", "BareName")]
    [InlineData("ALTER TABLE t DROP COLUMN {c}", "BareName")]
    [InlineData("ALTER TABLE t OWNER TO {r}", "UtilityName")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT {c}", "BareName")]
    [InlineData("ALTER SEQUENCE {q} RESTART WITH {n}", "BareName UtilityValue")]
    [InlineData("CREATE SCHEMA {s}", "UtilityName")]
    [InlineData("CREATE SCHEMA IF NOT EXISTS \"{s}\"", "QuotedName")]
    [InlineData("CREATE EXTENSION {e}", "UtilityName")]
    [InlineData("CREATE INDEX {i} ON {t} (a)", "UtilityName UtilityName")]
    [InlineData("CREATE TABLE t (a int, {c} {y} NOT NULL)", "BareName BareName")]
    [InlineData("CREATE TABLE {t} AS SELECT 1", "BareName")]
    [InlineData("CREATE TYPE t AS ENUM ('{a}')", "UtilityValue")]
    [InlineData("COMMENT ON TABLE {t} IS '{x}'", "UtilityName UtilityValue")]
    [InlineData("REFRESH MATERIALIZED VIEW {v}", "UtilityName")]
    [InlineData("TRUNCATE {t}", "BareName")]
    [InlineData("TRUNCATE TABLE {s}.{t} RESTART IDENTITY", "BareName BareName")]
    [InlineData("ALTER TABLE {t} ADD COLUMN {c} int", "BareName BareName")]
    [InlineData("COPY {t} FROM STDIN", "BareName")]
    [InlineData("COPY t ({cols}) FROM STDIN", "Clause")]
    [InlineData("COPY t FROM '{file}'", "UtilityValue")]
    [InlineData("LISTEN {ch}", "UtilityName")]
    [InlineData("NOTIFY {ch}, '{payload}'", "UtilityName UtilityValue")]
    [InlineData("SET ROLE {r}", "UtilityName")]
    [InlineData("SET search_path TO {s}", "UtilityValue")]
    [InlineData("SET app.user_id = '{v}'", "UtilityValue")]
    [InlineData("SET LOCAL {name} = 1", "UtilityName")]
    [InlineData("CREATE DATABASE {d}", "UtilityName")]
    [InlineData("CREATE DATABASE \"{d}\"", "QuotedName")]
    [InlineData("DROP SCHEMA {s} CASCADE", "UtilityName")]
    [InlineData("CREATE ROLE x PASSWORD '{x}'", "UtilityValue")]
    [InlineData("CREATE VIEW v AS SELECT * FROM t WHERE a = {x}", "UtilityValue")]
    [InlineData("CREATE INDEX ON {t} (a)", "UtilityName")]
    [InlineData("GRANT SELECT ON t TO {role}", "UtilityName")]
    [InlineData("VACUUM {t}", "UtilityName")]
    [InlineData("SAVEPOINT {s}", "UtilityName")]
    public void Role(string sql, string expected)
    {
        var tree = Sql.Parse(sql);
        Assert.Equal(expected, string.Join(" ", tree.HoleSites.Select(site => site.Role)));
        Assert.Empty(tree.Errors);
        Assert.All(tree.HoleSites, site => Assert.Equal(Kind(site.Role), site.Kind));
        Assert.All(tree.HoleSites, site => Assert.True(site.IsCertain));
    }

    [Theory]
    [InlineData("SELECT * FRM t WHERE a = {x}", "Operand")]
    [InlineData("SELECT * FRM t WHERE a = '{x}' AND b IN ({y})", "StringConstant InList")]
    [InlineData("SELECT a b c FROM {t} ORDER BY {c}", "BareName SortColumn")]
    [InlineData("SELECT a b c FROM t WHERE x LIKE {x} LIMIT {n}", "Operand Limit")]
    [InlineData("INSERT t c VALUES ({a}, {b})", "Operand Operand")]
    [InlineData("SELECT * FROM t WHERE a = '{x}' AND", "StringConstant")]
    [InlineData("SELECT * FROM t WHERE a = '{x}", "StringConstant")]
    [InlineData("SELECT * FROM t WHERE a = {x} AND (", "Operand")]
    [InlineData("SELEC * FROM \"{t}\" {where}", "QuotedName Clause")]
    public void Role_in_a_statement_with_errors_is_a_guess(string sql, string expected)
    {
        var tree = Sql.Parse(sql);
        Assert.Equal(expected, string.Join(" ", tree.HoleSites.Select(site => site.Role)));
        Assert.NotEmpty(tree.Errors);
        Assert.All(tree.HoleSites, site => Assert.False(site.IsCertain));
    }

    [Theory]
    [InlineData("SELECT TOP {n} * FROM [dbo].[t] WITH (NOLOCK) WHERE [a] = {x}", "Limit Operand")]
    [InlineData("SELECT TOP ({n}) a FROM #temp WHERE b = N'{x}'", "Limit StringConstant")]
    [InlineData("SELECT * FROM `{t}` WHERE `a` = ? AND b = '{x}' LIMIT 10, {n}", "QuotedName StringConstant Limit")]
    [InlineData("SELECT * FROM [{t}]", "QuotedName")]
    [InlineData("DELETE t WHERE a = {x}", "Operand")]
    public void Role_in_other_dialects(string sql, string expected)
    {
        var tree = Sql.Parse(sql, SqlDialect.Other);
        Assert.Empty(tree.Errors);
        Assert.Equal(expected, string.Join(" ", tree.HoleSites.Select(site => site.Role)));
    }

    [Theory]
    [InlineData("SELECT * FROM t WHERE a = {x}", ".t.a", "=")]
    [InlineData("SELECT * FROM s.T x WHERE X.A <> {x}", "s.t.a", "<>")]
    [InlineData("SELECT * FROM \"T\" WHERE \"A\" > {x}", ".T.A", ">")]
    [InlineData("SELECT * FROM t WHERE {x} <= a", ".t.a", "<=")]
    [InlineData("SELECT * FROM t WHERE a BETWEEN 1 AND {x}", ".t.a", "BETWEEN")]
    [InlineData("SELECT * FROM t WHERE a NOT IN (1, {x})", ".t.a", "NOT IN")]
    [InlineData("SELECT * FROM t WHERE a ILIKE '{x}%'", ".t.a", "ILIKE")]
    [InlineData("SELECT * FROM t WHERE a = ANY({x})", ".t.a", "= ANY")]
    [InlineData("SELECT * FROM t WHERE a @> '{x}'", ".t.a", "@>")]
    [InlineData("SELECT * FROM t WHERE (a) = ({x})", ".t.a", "=")]
    [InlineData("SELECT * FROM t WHERE a = {x}::uuid", ".t.a", "=")]
    [InlineData("SELECT * FROM a JOIN b ON a.id = b.id WHERE b.c = {x}", ".b.c", "=")]
    [InlineData("UPDATE s.t AS x SET c = {x}", "s.t.c", null)]
    [InlineData("UPDATE t SET (a, b) = (1, {x})", ".t.b", null)]
    [InlineData("INSERT INTO s.t (a, b) VALUES (1, {x})", "s.t.b", null)]
    [InlineData("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = {x}", ".t.b", null)]
    [InlineData("DELETE FROM t USING u WHERE u.id = t.id AND u.a = {x}", ".u.a", "=")]
    [InlineData("SELECT * FROM a, b WHERE c = {x}", "?.c a b", "=")]
    [InlineData("SELECT * FROM a JOIN s.b ON a.id = b.id WHERE c = {x}", "?.c a s.b", "=")]
    [InlineData("SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE c = {x})", "?.c a b", "=")]
    [InlineData("DELETE FROM t WHERE id IN (SELECT id FROM t WHERE c < {x})", ".t.c", "<")]
    [InlineData("WITH w AS (SELECT 1) SELECT * FROM w WHERE c = {x}", "?.c", "=")]
    [InlineData("SELECT * FROM (SELECT 1) d WHERE d.c = {x}", "?.c", "=")]
    [InlineData("SELECT * FROM {t} WHERE c = {x}", "?.c", "=")]
    [InlineData("SELECT * FROM t WHERE lower(a) = {x}", null, "=")]
    public void Column(string sql, string? expected, string? expectedOperator)
    {
        var site = Sql.Parse(sql).HoleSites.Last();
        var column = site.Column;
        var actual = column is null ? null
            : column.Table is null ? "?." + column.Column + string.Concat(column.Candidates.Order().Select(name => " " + name))
            : column.Schema + "." + column.Table + "." + column.Column;
        Assert.Equal(expected, actual);
        Assert.Equal(expectedOperator, site.Operator);
    }

    [Theory]
    [InlineData("SELECT '{x}'::UUID", "uuid", true)]
    [InlineData("SELECT ('{x}')::int4", "integer", true)]
    [InlineData("SELECT CAST({x} AS timestamptz(3))", "timestamp with time zone", true)]
    [InlineData("SELECT {x}::uuid[]", "uuid[]", true)]
    [InlineData("SELECT {x}::double precision", "double precision", true)]
    [InlineData("SELECT {x}::character varying(20)", "character varying", true)]
    [InlineData("SELECT DATE '{x}'", "date", false)]
    [InlineData("SELECT timestamp with time zone '{x}'", "timestamp with time zone", false)]
    [InlineData("SELECT interval '{x} days'", "interval", false)]
    [InlineData("SELECT * FROM t WHERE a LIKE {x}", "text", false)]
    [InlineData("SELECT a || {x} FROM t", "text", false)]
    [InlineData("SELECT lower({x})", "text", false)]
    [InlineData("SELECT * FROM t WHERE lower(a) = {x}", "text", false)]
    [InlineData("SELECT * FROM t WHERE j ->> 'k' = {x}", "text", false)]
    [InlineData("SELECT * FROM t WHERE a::date = {x}", "date", false)]
    [InlineData("SELECT * FROM t LIMIT {x}", "bigint", false)]
    [InlineData("SELECT * FROM t WHERE a = {x}", null, false)]
    [InlineData("SELECT * FROM t HAVING count(*) > {x}", "bigint", false)]
    public void Expected_type(string sql, string? type, bool hasCast)
    {
        var site = Assert.Single(Sql.Parse(sql).HoleSites);
        Assert.Equal(type, site.ExpectedType);
        Assert.Equal(hasCast, site.HasExplicitCast);
    }

    [Theory]
    [InlineData("SELECT * FROM t WHERE a = '{x}' AND 1 = 1", "'\uFFFC'")]
    [InlineData("SELECT * FROM t WHERE d > DATE '{x}'", "DATE '\uFFFC'")]
    [InlineData("SELECT * FROM t WHERE a LIKE E'%{x}%'", "E'%\uFFFC%'")]
    [InlineData("SELECT * FROM t WHERE a IN ({x})", "\uFFFC")]
    [InlineData("SELECT * FROM t WHERE a IN ( '{x}' )", " '\uFFFC' ")]
    [InlineData("SELECT * FROM t WHERE a IN (1, '{x}')", "'\uFFFC'")]
    [InlineData("SELECT * FROM t WHERE a = {x}::int", "\uFFFC")]
    [InlineData("SELECT timestamp with time zone '{x}' AT TIME ZONE 'UTC'", "timestamp with time zone '\uFFFC'")]
    public void Value_span(string sql, string expected)
    {
        var tree = Sql.Parse(sql);
        Assert.Equal(expected, tree.Source.ToString(Assert.Single(tree.HoleSites).ValueSpan));
    }

    [Fact]
    public void In_list_knows_its_whole_span()
    {
        var tree = Sql.Parse("SELECT * FROM t WHERE a NOT  IN ({x}) AND b IN (1, {y})");
        Assert.Equal("NOT  IN (\uFFFC)", tree.Source.ToString(tree.HoleSites[0].InSpan!.Value));
        Assert.True(tree.HoleSites[0].IsNegated);
        Assert.True(tree.HoleSites[0].IsWholeInList);
        Assert.False(tree.HoleSites[1].IsNegated);
        Assert.False(tree.HoleSites[1].IsWholeInList);
    }

    [Fact]
    public void Holes_of_one_constant_share_its_decoded_parts()
    {
        var tree = Sql.Parse("SELECT E'a\\n''{x}\\x41{y}'");
        var literal = tree.HoleSites[0].Literal!;
        Assert.Same(literal, tree.HoleSites[1].Literal);
        Assert.Equal([new LiteralPart("a\n'", -1), new LiteralPart(null, 0), new LiteralPart("A", -1), new LiteralPart(null, 1)], literal.Parts);
    }

    [Fact]
    public void Typed_constant_has_its_prefix()
    {
        var tree = Sql.Parse("SELECT timestamptz '{x}'");
        var literal = Assert.Single(tree.HoleSites).Literal!;
        Assert.Equal("timestamp with time zone", literal.TypePrefix);
        Assert.Equal("timestamptz '\uFFFC'", tree.Source.ToString(literal.TypedSpan));
        Assert.Equal("'\uFFFC'", tree.Source.ToString(literal.Span));
    }

    [Theory]
    [InlineData("SELECT EXTRACT({x} FROM d) FROM t", "EXTRACT")]
    [InlineData("SELECT EXTRACT('{x}' FROM d) FROM t", "EXTRACT")]
    [InlineData("SELECT interval '{x}' day", "interval with fields")]
    [InlineData("SELECT interval '{x} days'", null)]
    [InlineData("SELECT interval {x}", "typed constant")]
    [InlineData("COPY t FROM '{x}'", "COPY")]
    public void Rewrite(string sql, string? expected) => Assert.Equal(expected, Assert.Single(Sql.Parse(sql).HoleSites).NeedsRewrite);

    [Theory]
    [InlineData("SELECT {x}", "SELECT", true)]
    [InlineData("WITH c AS (SELECT 1) INSERT INTO t SELECT {x}", "INSERT", true)]
    [InlineData("DROP TABLE {x}", "DROP TABLE", false)]
    [InlineData("CREATE TABLE {x} (a int)", "CREATE TABLE", false)]
    [InlineData("SET ROLE {x}", "SET", false)]
    [InlineData("VALUES ({x})", "VALUES", true)]
    [InlineData("{x}", "", false)]
    public void Verb(string sql, string verb, bool takesParameters)
    {
        var site = Assert.Single(Sql.Parse(sql).HoleSites);
        Assert.Equal(verb, site.Verb);
        Assert.Equal(takesParameters, site.TakesParameters);
    }

    private static HoleKind Kind(HoleRole role) => role switch
    {
        HoleRole.Operand or HoleRole.StringConstant or HoleRole.LikePattern or HoleRole.InList or HoleRole.Limit or HoleRole.ArrayElement => HoleKind.Value,
        HoleRole.Clause or HoleRole.Statement or HoleRole.Comment or HoleRole.DollarBody or HoleRole.UtilityValue => HoleKind.Fragment,
        _ => HoleKind.Identifier,
    };
}
