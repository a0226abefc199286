using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests;

public class LexerTests
{
    [Theory]
    [InlineData("a.b , c;", "Word:a Dot Word:b Comma Word:c Semicolon")]
    [InlineData("Größe ÄB _x a$1", "Word:größe Word:Äb Word:_x Word:a$1")]
    [InlineData("\"A\"\"b\" U&\"d\\0061t\\+000061\" U&\"d!0061\" UESCAPE '!'", "QuotedName:A\"b QuotedName:data QuotedName:da")]
    [InlineData("'a''b' E'a\\'b' N'x' U&'x' B'01' X'1F'", "String String String String BitString BitString")]
    [InlineData("'a'\n 'b' 'c'", "String String")]
    [InlineData("'a' -- no\n -- comment\n 'b'", "String String")]
    [InlineData("'a'\n -- comment\n 'b'", "String")]
    [InlineData("$$a$b$$ $x$ $$ $y$ $x$", "DollarString DollarString")]
    [InlineData("1 1.5 .5 1. 1e5 1.5e-3 0x1F 0o17 0b01 1_000 1_000.5_0", "Integer Decimal Decimal Decimal Decimal Decimal Integer Integer Integer Integer Decimal")]
    [InlineData("1a", "Bad")]
    [InlineData("a-1 a- -1 a--1", "Word:a Operator:- Integer Word:a Operator:- Operator:- Integer Word:a")]
    [InlineData("a=-1 a@-1 a<>-1 a||-1", "Word:a Operator:= Operator:- Integer Word:a Operator:@- Integer Word:a Operator:<> Operator:- Integer Word:a Operator:||- Integer")]
    [InlineData("a*/*x*/b +-- c\n-", "Word:a Operator:* Word:b Operator:+ Operator:-")]
    [InlineData("/* a /* b */ c */ d", "Word:d")]
    [InlineData("a != b", "Word:a Operator:<> Word:b")]
    [InlineData("a::int b := 1 c => 2 d[1:2]", "Word:a TypeCast Word:int Word:b ColonEquals Integer Word:c EqualsGreater Integer Word:d OpenBracket Integer Colon Integer CloseBracket")]
    [InlineData("a=@p (@p a>=@p a<>@p a||@p", "Word:a Operator:= Parameter:p OpenParen Parameter:p Word:a Operator:>= Parameter:p Word:a Operator:<> Parameter:p Word:a Operator:|| Parameter:p")]
    [InlineData("a @> b <@ c @@ d @? e", "Word:a Operator:@> Word:b Operator:<@ Word:c Operator:@@ Word:d Operator:@? Word:e")]
    [InlineData("a @>@p b <@p", "Word:a Operator:@> Parameter:p Word:b Operator:<@ Word:p")]
    [InlineData("a=:p :q::int x[a:b]", "Word:a Operator:= Parameter:p Parameter:q TypeCast Word:int Word:x OpenBracket Word:a Colon Word:b CloseBracket")]
    [InlineData("$1 $23", "Parameter:1 Parameter:23")]
    [InlineData("'a", "Bad")]
    [InlineData("/* a", "Bad")]
    [InlineData("\"\"", "Bad")]
    [InlineData("$x$ a $y$", "Bad")]
    [InlineData("{x} orders_{x} {x}_orders {a}_{b} {a}{b}", "Hole Word:orders_\uFFFC Word:\uFFFC_orders Word:\uFFFC_\uFFFC Hole Hole")]
    [InlineData("WHERE{x}ORDER BY{y}", "Word:where Hole Word:order Word:by\uFFFC")]
    [InlineData("'{x}' \"{x}\" @p{i} ::{t}", "String QuotedName:\uFFFC Parameter:p\uFFFC TypeCast Hole")]
    public void Tokens(string sql, string expected) => Assert.Equal(expected, Text(sql, SqlDialect.PostgreSql));

    [Theory]
    [InlineData("[a b].[c] `d` #t ##u ?", "QuotedName:a b Dot QuotedName:c QuotedName:d Word:#t Word:##u Parameter:")]
    [InlineData("a[1] ARRAY[1]", "Word:a OpenBracket Integer CloseBracket Word:array OpenBracket Integer CloseBracket")]
    [InlineData("N'x' @p", "String Parameter:p")]
    public void Tokens_of_other_dialects(string sql, string expected) => Assert.Equal(expected, Text(sql, SqlDialect.Other));

    [Theory]
    [InlineData("'it''s'", "it's")]
    [InlineData("'a\\n'", "a\\n")]
    [InlineData("E'a\\n\\t\\\\\\'\\x41\\101\\u00e9'", "a\n\t\\'AA\u00e9")]
    [InlineData("U&'d\\0061t\\+000061'", "data")]
    [InlineData("U&'d!0061!!' UESCAPE '!'", "da!")]
    [InlineData("'a'\n'b'", "ab")]
    [InlineData("$x$it's$x$", "it's")]
    [InlineData("''", "")]
    public void Content_of_constants(string sql, string expected)
    {
        var select = Sql.Select("SELECT " + sql);
        Assert.Equal(expected, Assert.IsType<LiteralExpression>(select.Items[0].Expression).Text);
    }

    [Theory]
    [InlineData("select", KeywordCategory.Reserved, true)]
    [InlineData("from", KeywordCategory.Reserved, false)]
    [InlineData("left", KeywordCategory.TypeOrFunctionName, true)]
    [InlineData("between", KeywordCategory.ColumnName, true)]
    [InlineData("year", KeywordCategory.Unreserved, false)]
    [InlineData("name", KeywordCategory.Unreserved, true)]
    public void Keyword(string word, KeywordCategory category, bool isBareLabel)
    {
        Assert.True(Keywords.TryFind(word, out var keyword, out var actual, out var actualBare));
        Assert.Equal((word, category, isBareLabel), (keyword, actual, actualBare));
    }

    private static string Text(string sql, SqlDialect dialect)
    {
        var tokens = SqlLexer.Lex(Sql.Source(sql), dialect, out _);
        Assert.Equal(SqlTokenKind.End, tokens[^1].Kind);
        return string.Join(" ", tokens.Take(tokens.Length - 1).Select(token =>
            token.Kind + (token.Text is null || token.Kind == SqlTokenKind.Bad ? "" : ":" + token.Text)));
    }
}
