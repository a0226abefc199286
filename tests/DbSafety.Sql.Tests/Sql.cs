using System.Collections.Immutable;
using System.Text;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests;

/// <summary>Texts with holes, written as <c>{name}</c>; <c>{{</c> and <c>}}</c> are braces, as in an interpolated string.</summary>
internal static class Sql
{
    public static SqlSource Source(string text)
    {
        var characters = new StringBuilder();
        var holes = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                characters.Append(text[i++]);
            }
            else if (text[i] == '{')
            {
                holes.Add(characters.Length);
                characters.Append(SqlSource.HoleMark);
                i = text.IndexOf('}', i);
            }
            else
            {
                characters.Append(text[i]);
            }
        }

        return new SqlSource(characters.ToString(), holes.ToImmutable());
    }

    public static SqlTree Parse(string text, SqlDialect dialect = SqlDialect.PostgreSql) => SqlParser.Parse(Source(text), dialect);

    /// <summary>The only statement of a text without errors.</summary>
    public static T One<T>(string text)
        where T : SqlStatement
    {
        var tree = Parse(text);
        Assert.Empty(tree.Errors);
        return Assert.IsType<T>(Assert.Single(tree.Statements));
    }

    public static SelectQuery Select(string text) => Assert.IsType<SelectQuery>(One<SelectStatement>(text).Query);
}
