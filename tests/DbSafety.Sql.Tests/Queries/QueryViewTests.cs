using System.Diagnostics;
using System.Text;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests.Queries;

/// <summary>Views, and texts that are too large or too deep.</summary>
public class QueryViewTests
{
    [Theory]
    [InlineData("SELECT 1 FROM adults WHERE id = 5", "users: age > 17:integer AND id = 5:integer")]
    [InlineData("SELECT 1 FROM adults a JOIN orders o ON o.user_id = a.id", "users: age > 17:integer AND id = [1]; orders: user_id = [0]")]
    [InlineData("SELECT 1 FROM old_adults WHERE key = 5", "users: age > 17:integer AND age > 60:integer AND id = 5:integer")]
    [InlineData("SELECT 1 FROM spent WHERE user_id = 5", "orders: user_id = 5:integer")]
    [InlineData("SELECT 1 FROM spent WHERE total > 5", "orders")]
    [InlineData("SELECT 1 FROM every_id WHERE id = 5", "users: id = 5:integer; orders: id = 5:integer")]
    [InlineData("UPDATE adults SET name = 'x' WHERE id = 5", "users!: age > 17:integer AND id = 5:integer")]
    [InlineData("SELECT 1 FROM endless WHERE id = 5", "")]
    public void Views(string sql, string expected) => Assert.Equal(expected, QueryText.Of(sql, Catalog()));

    [Fact]
    public void A_view_stands_at_its_name()
    {
        const string Sql = "SELECT 1 FROM adults WHERE id = 5";
        var use = Assert.Single(QueryReader.Read(Tests.Sql.One<SelectStatement>(Sql), Catalog()).Uses);
        Assert.Equal("adults", Sql.Substring(use.Span.Start, use.Span.Length));
        Assert.Equal(["adults", "id = 5"], use.Conjuncts.Select(condition => Sql.Substring(condition.Span.Start, condition.Span.Length)));
    }

    [Fact]
    public void Spans_are_those_of_the_text()
    {
        const string Sql = "SELECT 1 FROM public.users u WHERE lower(u.email) = @e ORDER BY u.name";
        var use = Assert.Single(QueryReader.Read(Tests.Sql.One<SelectStatement>(Sql), QueryText.Catalog).Uses);
        var comparison = Assert.IsType<Comparison>(use.Filter);
        Assert.Equal("public.users", Text(use.Span));
        Assert.Equal("lower(u.email) = @e", Text(comparison.Span));
        Assert.Equal("lower(u.email)", Text(comparison.Key.Span));
        Assert.Equal("@e", Text(comparison.Value!.Span));
        Assert.Equal("ORDER BY u.name", Text(use.OrderSpan));
        Assert.Equal(["email"], comparison.Key.Columns);
        Assert.Equal("text", comparison.Key.Type);
        string Text(DbSafety.Sql.Text.SqlSpan span) => Sql.Substring(span.Start, span.Length);
    }

    [Fact]
    public void Views_of_views_end()
    {
        var views = new List<(string, string)> { ("v0", "SELECT id, name FROM users") };
        for (var i = 1; i < 60; i++)
        {
            views.Add(($"v{i}", $"SELECT a.id, a.name || b.name AS name FROM v{i - 1} a JOIN v{i - 1} b ON b.id = a.id"));
        }

        var catalog = QueryText.WithViews([.. views]);
        Assert.Equal("users: id = 5:integer; users: id = 5:integer; users: id = 5:integer; users: id = 5:integer", QueryText.Of("SELECT 1 FROM v2 WHERE id = 5", catalog));
        Assert.Equal("", Quickly("SELECT 1 FROM v59 WHERE id = 5 AND name = 'x'", catalog));
    }

    [Fact]
    public void An_expression_that_doubles_in_each_view_ends()
    {
        var views = new List<(string, string)> { ("v0", "SELECT id, name FROM users") };
        for (var i = 1; i < 40; i++)
        {
            views.Add(($"v{i}", $"SELECT id, name || name AS name FROM v{i - 1}"));
        }

        Assert.Equal("users?: id = 5:integer AND unknown", Quickly("SELECT 1 FROM v39 WHERE id = 5 AND name = 'x'", QueryText.WithViews([.. views])));
    }

    [Fact]
    public void Ten_thousand_arms()
    {
        Quickly("SELECT 1 FROM users WHERE " + string.Join(" OR ", Enumerable.Range(0, 2_500).Select(i => "id = " + i)));
        var sql = "SELECT 1 FROM users WHERE " + string.Join(" OR ", Enumerable.Range(0, 10_000).Select(i => "id = " + i));
        var text = Quickly(sql);
        Assert.StartsWith("users: (id = 0:integer OR id = 1:integer OR ", text);
        Assert.EndsWith("OR id = 9999:integer)", text);
        Assert.Equal(10_000, Quickly("SELECT 1 FROM users WHERE id IN (" + string.Join(", ", Enumerable.Range(0, 10_000)) + ")").Split(',').Length);
        Assert.Contains("id = 9999:integer", Quickly(sql.Replace(" OR ", " AND ")));
        Assert.Contains("id <> 9999:integer", Quickly(sql.Replace("WHERE ", "WHERE NOT (") + ")"));
    }

    [Fact]
    public void Many_joins()
    {
        var sql = new StringBuilder("SELECT 1 FROM users u0");
        for (var i = 1; i < 100; i++)
        {
            sql.Append($" LEFT JOIN users u{i} ON u{i}.id = u{i - 1}.id");
        }

        var text = Quickly(sql.ToString());
        Assert.Equal(100, text.Split(';').Length);
        Assert.EndsWith("users-: id = [98]", text);
        Assert.Equal(100, Quickly(sql.ToString().Replace("LEFT ", "")).Split(';').Length);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("NOT (", ")")]
    [InlineData("lower(", ")")]
    [InlineData("id = 1 OR (id = 2 AND ", ")")]
    [InlineData("EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id AND ", ")")]
    [InlineData("id IN (SELECT id FROM orders WHERE ", ")")]
    [InlineData("id = (SELECT id FROM orders WHERE ", ")")]
    public void Deep_nesting(string open, string close)
    {
        foreach (var depth in new[] { 30, 70, 140, 2000 })
        {
            var sql = "SELECT 1 FROM users u WHERE " + string.Concat(Enumerable.Repeat(open, depth)) + "is_active" + string.Concat(Enumerable.Repeat(close, depth));
            Read(sql);
        }
    }

    [Theory]
    [InlineData("id || ")]
    [InlineData("id + ")]
    [InlineData("id AND ")]
    [InlineData("NOT ")]
    [InlineData("- ")]
    public void Long_chains(string part)
    {
        foreach (var length in new[] { 150, 900, 5000 })
        {
            Read("SELECT 1 FROM users WHERE " + string.Concat(Enumerable.Repeat(part, length)) + "id = 5");
        }
    }

    [Theory]
    [InlineData("SELECT u.id, max(o.total) FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.status IN ( 'a' , 'b' ) WHERE u.age BETWEEN 1 AND 5 OR NOT u.is_active GROUP BY u.id HAVING u.id = 5 ORDER BY 2 DESC LIMIT 3")]
    [InlineData("WITH x ( a , b ) AS ( SELECT id , user_id FROM orders WHERE ( id , total ) > ( 1 , 2 ) ) SELECT * FROM x JOIN LATERAL ( SELECT id FROM items i WHERE i.order_id = x.a ORDER BY id LIMIT 1 ) y ON true WHERE EXISTS ( SELECT 1 FROM users u WHERE u.id = x.b )")]
    [InlineData("UPDATE orders o SET total = ( SELECT sum ( count ) FROM items i WHERE i.order_id = o.id ) FROM ( SELECT id FROM users UNION ALL SELECT 5 ) u WHERE u.id = o.user_id AND o.note LIKE 'a%' RETURNING o.id")]
    [InlineData("MERGE INTO users u USING ( VALUES ( 1 , 'x' ) ) AS v ( id , name ) ON u.id = v.id WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT ( id ) VALUES ( v.id )")]
    [InlineData("SELECT DISTINCT ON ( name ) name , row_number ( ) OVER ( PARTITION BY age ) FROM users NATURAL JOIN orders FULL JOIN items USING ( id ) , unnest ( tags ) t ( tag ) WHERE id = ANY ( ARRAY [ 1 , 2 ] ) FOR UPDATE OF users")]
    public void Half_a_text_and_holes_are_read(string sql)
    {
        var words = sql.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            foreach (var word in new[] { "{hole}", "{a} {b}", "", words[i] + " {more}", "(" + words[i] + ")" })
            {
                foreach (var statement in Tests.Sql.Parse(string.Join(" ", words.Take(i).Append(word).Concat(words.Skip(i + 1)))).Statements)
                {
                    // Also what has errors, by its nodes.
                    foreach (var one in new[] { statement, statement with { HasErrors = false } })
                    {
                        var uses = QueryReader.Read(one, QueryText.Catalog).Uses;
                        Assert.Equal(Enumerable.Range(0, uses.Length), uses.Select(use => use.Number));
                    }
                }
            }
        }
    }

    [Fact]
    public void Derived_tables_and_unions_that_nest()
    {
        foreach (var depth in new[] { 30, 70, 140 })
        {
            Read(string.Concat(Enumerable.Repeat("SELECT * FROM (", depth)) + "SELECT * FROM users" + string.Concat(Enumerable.Range(0, depth).Select(i => ") x" + i)) + " WHERE id = 5");
            Read("SELECT 1 FROM (" + string.Join(" UNION ALL ", Enumerable.Repeat("SELECT id FROM users", depth * 5)) + ") x WHERE id = 5");
            Read("WITH " + string.Join(", ", Enumerable.Range(0, depth).Select(i => $"c{i} AS ({(i == 0 ? "SELECT id FROM users" : $"SELECT id FROM c{i - 1}")})")) + $" SELECT 1 FROM c{depth - 1} WHERE id = 5");
            Read("WITH " + string.Join(", ", Enumerable.Range(0, depth).Select(i => $"c{i} AS NOT MATERIALIZED ({(i == 0 ? "SELECT id FROM users" : $"SELECT a.id FROM c{i - 1} a, c{i - 1} b")})")) + $" SELECT 1 FROM c{depth - 1} WHERE id = 5");
        }
    }

    private static SchemaCatalog Catalog() => QueryText.WithViews(
        ("adults", "SELECT id, name, age FROM users WHERE age > 17"),
        ("old_adults (key, years)", "SELECT id, age FROM adults WHERE age > 60"),
        ("spent", "SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id"),
        ("every_id", "SELECT id FROM users UNION ALL SELECT id FROM orders"),
        ("endless", "SELECT id FROM endless"));

    private static string Quickly(string sql, SchemaCatalog? catalog = null)
    {
        var statement = Assert.Single(Tests.Sql.Parse(sql).Statements);
        var watch = Stopwatch.StartNew();
        QueryReader.Read(statement, catalog ?? QueryText.Catalog);
        TestContext.Current.TestOutputHelper?.WriteLine(watch.ElapsedMilliseconds + " ms " + sql.Substring(0, Math.Min(60, sql.Length)));
        var text = QueryText.Of(sql, catalog);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), watch.Elapsed.ToString());
        return text;
    }

    private static void Read(string sql)
    {
        var watch = Stopwatch.StartNew();
        foreach (var statement in Tests.Sql.Parse(sql).Statements)
        {
            QueryReader.Read(statement, QueryText.Catalog);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), watch.Elapsed.ToString());
    }
}
