using System.Collections.Immutable;
using System.Text;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests;

/// <summary>The parser never throws and never loops, whatever it is fed, and its work grows with the text, not faster.</summary>
public class RobustnessTests
{
    /// <summary>Looks at tokens per character of text, plus a constant; measured: 2 for everyday queries, under 12 for the worst of these inputs.</summary>
    private const int WorkPerCharacter = 20;

    private static readonly string[] Seeds =
    [
        "WITH RECURSIVE c (a) AS MATERIALIZED (SELECT 1 UNION ALL SELECT a + 1 FROM c WHERE a < {x}) SELECT DISTINCT ON (a) a, b AS x, t.*, count(*) FILTER (WHERE a > 1) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM {t} AS t LEFT JOIN LATERAL (SELECT 1) d ON true CROSS JOIN u WHERE a = '{x}' AND b IN ({y}, 2) OR c LIKE '%{z}%' AND d BETWEEN 1 AND 2 GROUP BY ROLLUP (a), b HAVING sum(a) > 1 WINDOW w AS (ORDER BY a) ORDER BY a {dir} NULLS LAST LIMIT {n} OFFSET 3 FOR UPDATE OF t SKIP LOCKED",
        "INSERT INTO s.t AS x (a, {b}, c[1]) VALUES ({x}, DEFAULT, E'a\\n'), (1, '{y}', U&'d!0061' UESCAPE '!') ON CONFLICT (a, lower(b)) WHERE a > 1 DO UPDATE SET a = excluded.a, (b, c) = ROW(1, 2) WHERE x.a = {z} RETURNING *, a AS b",
        "UPDATE ONLY t AS x SET a = CASE WHEN b THEN {c} ELSE 1 END, b = ARRAY[1, 2][1:2] FROM u JOIN v USING (a) WHERE x.a = ANY({d}) AND EXISTS (SELECT 1) RETURNING x.*",
        "DELETE FROM t USING u WHERE (a, b) = ({c}, $1) AND d::text ~* 'x' AND interval '1 day' > @p AND :q IS NOT DISTINCT FROM e AT TIME ZONE 'UTC'",
        "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED AND s.b > {x} THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES ({y}) WHEN MATCHED THEN DELETE",
        "CREATE TABLE IF NOT EXISTS {t} (id bigserial PRIMARY KEY, a varchar(20)[] DEFAULT 'x' NOT NULL, CONSTRAINT c CHECK (a > 0), {more}) PARTITION BY RANGE (a); ALTER TABLE t ADD COLUMN b int, ALTER c TYPE text; DROP TABLE a, b CASCADE",
        "CREATE TYPE e AS ENUM ('a', '{b}'); SET search_path TO a, {b}; COPY t (a) FROM STDIN WITH (FORMAT csv); DO $$ BEGIN {x} END $$; EXPLAIN (ANALYZE) SELECT 1; NOTIFY c, '{p}' -- {c}\n/* {d} /* nested */ */; BEGIN; ROLLBACK TO SAVEPOINT s",
        "SELECT EXTRACT({f} FROM a), substring(a FROM 1 FOR 2), trim(both 'x' FROM a), JSON_OBJECT('a': 1, 'b' VALUE {x} ABSENT ON NULL), XMLELEMENT(NAME a, XMLATTRIBUTES(1 AS b)), position('a' IN b), overlay(a placing b from 1), CAST({x} AS timestamp(3) with time zone), (x).y[1].z, $tag$ {q} $tag$ FROM ROWS FROM (f(1) AS (a int)) WITH ORDINALITY AS r (a, b), xmltable('/a' PASSING b COLUMNS c int PATH 'x' DEFAULT 1 NOT NULL) x TABLESAMPLE system (1)",
        "BEGIN ISOLATION LEVEL {l} READ ONLY; START TRANSACTION; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, {m}; SAVEPOINT {s}; RELEASE SAVEPOINT s; COMMIT AND {no} CHAIN; ROLLBACK PREPARED 'a'; REINDEX (VERBOSE, CONCURRENTLY {x}) TABLE CONCURRENTLY {t}; CLUSTER (VERBOSE); ALTER TABLE p DETACH PARTITION s.q CONCURRENTLY; CREATE UNIQUE INDEX CONCURRENTLY {i} ON t (a); CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (create_slot = {x}, connect = false); DISCARD ALL; (SELECT pg_advisory_xact_lock({k}), lower(a) FROM t FOR NO KEY UPDATE) UNION TABLE u FOR KEY SHARE NOWAIT {tail}",
    ];

    [Fact]
    public void Mutated_statements()
    {
        var random = new Random(20240117);
        for (var round = 0; round < 30_000; round++)
        {
            Check(Mutate(Seeds[random.Next(Seeds.Length)], random), random.Next(4) == 0 ? SqlDialect.Other : SqlDialect.PostgreSql);
        }
    }

    [Fact]
    public void Random_tokens()
    {
        var random = new Random(4711);
        var words = string.Join(" ", Seeds).Split(' ').Concat(["(", ")", "((", "))", "[", "]", ",", ";", ".", "::", ":", "'", "\"", "$$", "/*", "*/", "--", "\n", "{x}", "{x}{y}", "@", "#", "`", "?"]).ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (var count = random.Next(1, 60); count > 0; count--)
            {
                text.Append(words[random.Next(words.Length)]);
                if (random.Next(3) > 0)
                {
                    text.Append(' ');
                }
            }

            Check(WithHoles(text.ToString(), random), random.Next(2) == 0 ? SqlDialect.Other : SqlDialect.PostgreSql);
        }
    }

    [Fact]
    public void Random_characters()
    {
        var random = new Random(99);
        const string Alphabet = "aeEuUxXbBnN'\"$&\\@:;.,()[]{}<>=+-*/%^|~!#?`0123456789_ \n\t\0\uFFFC\u00e9\ud83d";
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (var count = random.Next(0, 80); count > 0; count--)
            {
                text.Append(Alphabet[random.Next(Alphabet.Length)]);
            }

            Check(WithHoles(text.ToString(), random), random.Next(2) == 0 ? SqlDialect.Other : SqlDialect.PostgreSql);
        }
    }

    [Fact]
    public void Every_prefix_of_a_statement()
    {
        foreach (var seed in Seeds)
        {
            for (var length = 0; length <= seed.Length; length++)
            {
                Check(WithHoles(seed.Substring(0, length), new Random(1)), SqlDialect.PostgreSql);
            }
        }
    }

    [Theory]
    [InlineData("SELECT ", "(", "1", ")")]
    [InlineData("SELECT ", "(", "", "")]
    [InlineData("SELECT ", "((SELECT 1) + ", "1", ")")]
    [InlineData("SELECT * FROM ", "(", "t", ")")]
    [InlineData("SELECT * FROM ", "(SELECT * FROM ", "t", ") x")]
    [InlineData("SELECT * FROM ", "a JOIN ", "b", " ON true")]
    [InlineData("SELECT * FROM a ", "JOIN b ", "", "")]
    [InlineData("", "(", "SELECT 1", ")")]
    [InlineData("", "(SELECT 1 UNION ", "SELECT 1", ")")]
    [InlineData("SELECT ", "NOT ", "a", "")]
    [InlineData("SELECT ", "- ", "a", "")]
    [InlineData("SELECT ", "@ ", "a", "")]
    [InlineData("SELECT ", "f(", "a", ")")]
    [InlineData("SELECT ", "a[", "1", "]")]
    [InlineData("SELECT ARRAY", "[", "1", "]")]
    [InlineData("SELECT ", "CASE WHEN a THEN ", "1", " END")]
    [InlineData("SELECT ", "CAST(", "1", " AS int)")]
    [InlineData("SELECT 1", "::int", "", "")]
    [InlineData("SELECT 1", " + 1", "", "")]
    [InlineData("SELECT a", " || {x}", "", "")]
    [InlineData("SELECT a", " AND b", "", "")]
    [InlineData("SELECT a", " OR b = {x}", "", "")]
    [InlineData("SELECT a", ".b", "", "")]
    [InlineData("SELECT (a)", ".b", "", "")]
    [InlineData("SELECT a", "[1]", "", "")]
    [InlineData("SELECT a", " IS NULL", "", "")]
    [InlineData("SELECT a", " COLLATE c", "", "")]
    [InlineData("SELECT a", " AT LOCAL", "", "")]
    [InlineData("SELECT 1", " UNION SELECT 1", "", "")]
    [InlineData("SELECT * FROM a", " CROSS JOIN b", "", "")]
    [InlineData("SELECT * FROM a", ", b", "", "")]
    [InlineData("SELECT a", ", a", "", "")]
    [InlineData("INSERT INTO t VALUES (1)", ", ({x})", "", "")]
    [InlineData("", "WITH a AS (", "SELECT 1", ") SELECT 1")]
    [InlineData("", "EXPLAIN ", "SELECT 1", "")]
    [InlineData("SELECT a FROM t GROUP BY ", "GROUPING SETS (", "a", ")")]
    [InlineData("SELECT * FROM t WHERE ", "{x}", "", "")]
    [InlineData("SELECT * FROM t WHERE ", "{x} ", "", "")]
    [InlineData("SELECT * FROM t WHERE ", "{x} a ", "", "")]
    [InlineData("SELECT * FROM t ", "{x} JOIN u ", "", "")]
    [InlineData("SELECT ", "{x} a, ", "1", "")]
    [InlineData("SELECT ", "a {x} ", "b", "")]
    [InlineData("UPDATE t SET ", "a = 1 {x} ", "b = 1", "")]
    [InlineData("", "SELECT 1;", "", "")]
    [InlineData("", ";", "", "")]
    [InlineData("", "/*", "", "*/")]
    [InlineData("", "$a", "", "")]
    [InlineData("", "$a$", "", "")]
    [InlineData("SELECT '", "{x}", "", "'")]
    [InlineData("SELECT '", "''", "", "'")]
    [InlineData("", "E'\\", "", "")]
    [InlineData("SELECT ", "'a'\n", "", "")]
    [InlineData("SELECT ", "U&'a' UESCAPE ", "", "")]
    [InlineData("SELECT a FROM t WHERE a IN ", "(a, ", "1", ")")]
    [InlineData("SELECT a FROM t WHERE ", "a IN (", "1", ")")]
    [InlineData("SELECT a FROM t WHERE ", "EXISTS (SELECT ", "1", ")")]
    [InlineData("CREATE TABLE t (a int", ", a int", "", ")")]
    [InlineData("CREATE TABLE t ", "(", "", ")")]
    [InlineData("CREATE TABLE t (a int DEFAULT ", "(", "", ")")]
    [InlineData("ALTER TABLE t ADD a int", ", ADD b int", "", "")]
    [InlineData("SELECT JSON_OBJECT(", "a: JSON_OBJECT(", "", ")")]
    [InlineData("CREATE FUNCTION f() BEGIN ATOMIC ", "SELECT CASE ", "", "END;")]
    public void Deep_and_long_texts_are_linear(string start, string open, string middle, string close)
    {
        // A host may parse on a thread with a small stack.
        OnSmallStack(() =>
        {
            foreach (var count in new[] { 70, 140, 900, 20_000 })
            {
                var text = start + Repeat(open, count) + middle + Repeat(close, count);
                Check(Sql.Source(text), SqlDialect.PostgreSql);
                Check(Sql.Source(text), SqlDialect.Other);
            }
        });
    }

    [Theory]
    [InlineData("SELECT ")]
    [InlineData("SELECT * FROM ")]
    [InlineData("")]
    public void Hundred_thousand_parentheses(string start) =>
        OnSmallStack(() => Check(Sql.Source(start + Repeat("(", 100_000) + "1" + Repeat(")", 100_000)), SqlDialect.PostgreSql));

    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            512 * 1024);
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }

    [Fact]
    public void Long_lists_of_conditions_are_understood()
    {
        var conditions = string.Join(" OR ", Enumerable.Repeat("a = {x}", 10_000));
        var tree = Sql.Parse("SELECT * FROM t WHERE " + conditions);
        Assert.Empty(tree.Errors);
        Assert.All(tree.HoleSites, site => Assert.Equal("a", site.Column?.Column));
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static void Check(SqlSource source, SqlDialect dialect)
    {
        try
        {
            var tree = SqlParser.Parse(source, dialect, out var work);
            Assert.Equal(source.Holes.Length, tree.HoleSites.Length);
            for (var i = 0; i < source.Holes.Length; i++)
            {
                var site = tree.HoleSites[i];
                Assert.Equal(i, site.Hole);
                Assert.Equal(new SqlSpan(source.Holes[i], 1), site.Span);
                Assert.True(site.TokenSpan.Contains(site.Span));
                Assert.True(site.ValueSpan.Start >= 0 && site.ValueSpan.End <= source.Text.Length && site.ValueSpan.Length >= 0);
            }

            var catalog = SchemaReader.Read([tree]);
            Assert.All(tree.HoleSites, site => _ = site.Column is null ? null : catalog.ColumnType(site.Column));
            Assert.All(tree.Statements, statement => _ = (StatementEffects.Of(statement), TransactionRules.RefusedInBlock(tree, statement), StatementLocks.Of(statement)));
            Assert.All(tree.Errors, error => Assert.InRange(error.Position, 0, source.Text.Length));
            Assert.True(work <= 200 + ((long)WorkPerCharacter * source.Text.Length), $"{work} looks at {source.Text.Length} characters");
        }
        catch (Exception exception)
        {
            var text = source.Text.Length > 500 ? source.Text.Substring(0, 500) : source.Text;
            throw new InvalidOperationException($"{dialect}: {text.Replace(SqlSource.HoleMark, '\u25A1')}", exception);
        }
    }

    private static SqlSource Mutate(string seed, Random random)
    {
        var source = Sql.Source(seed.Replace("{{", "{").Replace("}}", "}"));
        var text = new StringBuilder(source.Text);
        for (var count = random.Next(1, 6); count > 0 && text.Length > 2; count--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(random.Next(text.Length), text.ToString(at, length));
                    break;
                case 2:
                    text.Insert(at, SqlSource.HoleMark);
                    break;
                case 3:
                    text[at] = "()'\",;.*[]:=@$ \n"[random.Next(16)];
                    break;
                default:
                    text.Length = at + 1;
                    break;
            }
        }

        return AllHoles(text.ToString());
    }

    private static SqlSource AllHoles(string text) =>
        new(text, Enumerable.Range(0, text.Length).Where(i => text[i] == SqlSource.HoleMark).ToImmutableArray());

    /// <summary>The holes that are written as <c>{name}</c>, and some of the marks that stand there by chance.</summary>
    private static SqlSource WithHoles(string text, Random random)
    {
        var marked = System.Text.RegularExpressions.Regex.Replace(text, @"\{\w*\}", SqlSource.HoleMark.ToString());
        return new SqlSource(
            marked, Enumerable.Range(0, marked.Length).Where(i => marked[i] == SqlSource.HoleMark && random.Next(8) > 0).ToImmutableArray());
    }
}
