using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests;

/// <summary>Parameters in the place of a list.</summary>
public sealed class ListParameterTests
{
    [Theory]
    [InlineData("SELECT * FROM t WHERE a IN @ids", "Bare:IN @ids")]
    [InlineData("SELECT * FROM t WHERE a NOT IN :ids AND b = 1", "Bare:NOT IN :ids")]
    [InlineData("SELECT * FROM t WHERE a IN (@ids)", "Parenthesized:IN (@ids)")]
    [InlineData("DELETE FROM t WHERE lower(a) NOT IN ( $1 )", "Parenthesized:NOT IN ( $1 )")]
    [InlineData("SELECT * FROM t WHERE a = ANY(@ids) AND b <> ALL(@ids::uuid[])", "Array:@ids Array:@ids")]
    [InlineData("WITH x AS (SELECT * FROM t WHERE a IN @a) SELECT * FROM x WHERE {w} OR b IN (@b)", "Bare:IN @a Parenthesized:IN (@b)")]
    [InlineData("SELECT * FROM t WHERE a IN (@a, @b) AND c IN (SELECT @d) AND d IN ({x}) AND e IN (@e + 1) AND f = @f AND g = ANY(ARRAY[@g])", "")]
    public void Are_found(string sql, string expected)
    {
        var tree = Sql.Parse(sql);
        Assert.Empty(tree.Errors);
        Assert.Equal(expected, string.Join(" ", tree.ListParameters.Select(list => $"{list.Form}:{tree.Source.ToString(list.Span)}")));
        Assert.All(tree.ListParameters, list => Assert.Equal(
            tree.Source.ToString(list.Span).StartsWith("NOT", StringComparison.Ordinal), list.IsNegated));
    }

    [Theory]
    [InlineData("SELECT * FROM t WHERE a IN @ids AND b = 1", "@ids", "t.a")]
    [InlineData("SELECT * FROM t u WHERE {x} AND u.b IN @ids AND {y}", "@ids", "t.b")]
    public void A_place_tells_its_column(string sql, string parameter, string column)
    {
        var source = Sql.Source(sql);
        var span = new SqlSpan(source.Text.IndexOf(parameter, StringComparison.Ordinal), parameter.Length);
        var site = SqlParser.SiteOf(source, span, before: "(", after: ")");
        Assert.Equal(HoleRole.InList, site.Role);
        Assert.Equal(column, $"{site.Column!.Table}.{site.Column.Column}");
    }
}
