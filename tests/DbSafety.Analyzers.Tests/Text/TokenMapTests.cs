using System.Text;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Tests.Text;

/// <summary>Each character of a literal's value maps to the source characters that make it.</summary>
public sealed class TokenMapTests
{
    /// <summary>Literals, as C# source. <c>¶</c> stands for a line end of the source.</summary>
    public static TheoryData<string> Literals =>
    [
        "\"\"",
        "\"abc\"",
        "\"a\\\"b\\\\c\\n\\t\\0\\r\\a\\'\"",
        "\"\\u0041b\\u00e4\"",
        "\"x\\U0001F600y\\U00000041z\"",
        "\"\\x41g\\x9\\x0041b1\\xABCDE\"",
        "\"é😀ü\"",
        "@\"\"",
        "@\"a\"\"b\\c\\n\"\"\"",
        "@\"a¶  b¶¶c\"",
        "\"\"\"abc\"\"\"",
        "\"\"\" a\"b\\n \"\"\"",
        "\"\"\"\"a\"\"\"b\"\"\"\"",
        "\"\"\"¶    SELECT *¶      FROM t¶¶    WHERE a = 1¶    \"\"\"",
        "\"\"\"¶SELECT¶\"\"\"",
        "\"\"\"¶    ¶    \"\"\"",
        "\"\"\"¶    a¶  ¶    b¶    \"\"\"",
        "\"\"\"\"¶    \"\"\"¶    \"\"\"\"",
        "$\"\"",
        "$\"abc\"",
        "$\"a{x}b\"",
        "$\"{x}a{{b}}c{x}{{{x}}}\"",
        "$\"\\\"\\u0041{x:d}\\U0001F600{x,5}{{\\n\"",
        "$@\"a\"\"b{x}{{\\n}}\"\"¶ c\"",
        "@$\"a\"\"b{x}{{\"",
        "$\"\"\"abc{x}d\"e\"\"\"",
        "$$\"\"\"a{b}{{x}}c}d{{x}}\"\"\"",
        "$\"\"\"¶    SELECT {x}¶      FROM t¶¶    WHERE a = {x}¶    \"\"\"",
        "$$\"\"\"\"¶    SELECT {{x}} \"\"\" {a}¶    {{x}}¶      {{x}}¶    \"\"\"\"",
        "$\"\"\"¶    {x}¶    \"\"\"",
        "$\"\"\"¶¶    a{x}¶¶    \"\"\"",
    ];

    [Theory]
    [MemberData(nameof(Literals))]
    public void Maps_each_character(string literal)
    {
        foreach (var lineEnd in new[] { "\n", "\r\n" })
        {
            Check(literal.Replace("¶", lineEnd));
        }
    }

    [Fact]
    public void Maps_each_character_of_generated_literals()
    {
        var random = new Random(20240611);
        for (var i = 0; i < 2000; i++)
        {
            Check(Generate(random));
        }
    }

    [Theory]
    [InlineData("\"abc\"u8")]
    [InlineData("'a'")]
    [InlineData("5")]
    public void Has_no_map_of_other_tokens(string source) =>
        Assert.Null(TokenMap.Create(SyntaxFactory.ParseExpression(source).GetFirstToken()));

    [Theory]
    [InlineData("\"abc")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\")]
    [InlineData("@\"abc")]
    [InlineData("\"\"\"abc")]
    [InlineData("\"\"\"\n  abc\n    \"\"\"")]
    [InlineData("$\"abc")]
    [InlineData("$\"a{")]
    [InlineData("$\"\"\"\n  a{x}\n    \"\"\"")]
    [InlineData("$\"\"\"\n    a{x}")]
    [InlineData("\"\"\"\"\"\"")]
    public void Survives_broken_literals(string source)
    {
        foreach (var token in SyntaxFactory.ParseExpression(source).DescendantTokens())
        {
            if (TokenMap.Create(token) is { } map)
            {
                for (var i = 0; i < Value(token).Length; i++)
                {
                    Assert.True(token.FullSpan.Contains(map.Map(i, i + 1)));
                }
            }
        }
    }

    private static void Check(string source)
    {
        var padded = "  " + source;
        var expression = SyntaxFactory.ParseExpression(padded);
        Assert.False(expression.ContainsDiagnostics, "No C#: " + source);
        var tokens = expression.DescendantTokens().Where(token => token.Parent is not InterpolationFormatClauseSyntax && token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken).ToList();
        Assert.True(tokens.Count > 0 || source.Length <= 4 || !source.Contains('a'), "No token: " + source);
        foreach (var token in tokens)
        {
            var map = TokenMap.Create(token);
            Assert.True(map is not null, "No map: " + source);
            var value = Value(token);
            var last = token.SpanStart;
            for (var i = 0; i < value.Length; i++)
            {
                var span = map.Map(i, i + 1);
                Assert.True(token.Span.Contains(span) && span.Length > 0 && span.Start >= last, $"Character {i} of {source} maps to {span}");
                Assert.Equal(span.Start, map.Position(i));
                last = span.Start;
                var written = padded.Substring(span.Start, span.Length);
                Assert.True(Decode(written, token).Contains(value[i]), $"Character {i} of {source} is {(int)value[i]:x}, but maps to '{written}'");
            }

            Assert.True(map.Position(value.Length) <= token.Span.End);
            if (value.Length > 0)
            {
                Assert.Equal(map.Map(0, 1).Start, map.Map(0, value.Length).Start);
                Assert.Equal(map.Map(value.Length - 1, value.Length).End, map.Map(0, value.Length).End);
            }
        }
    }

    // The text that the code makes; the token's value still has both braces where one is doubled.
    private static string Value(SyntaxToken token) =>
        token.Parent?.Parent is InterpolatedStringExpressionSyntax { StringStartToken: var start } && !start.Text.Contains("\"\"\"", StringComparison.Ordinal)
            ? token.ValueText.Replace("{{", "{").Replace("}}", "}")
            : token.ValueText;

    // What a piece of a literal's source means, told by the compiler.
    private static string Decode(string written, SyntaxToken token)
    {
        var start = token.Parent?.Parent is InterpolatedStringExpressionSyntax interpolated ? interpolated.StringStartToken.Text : token.Text;
        if (start.Contains("\"\"\"", StringComparison.Ordinal) && !token.IsKind(SyntaxKind.StringLiteralToken) &&
            token.Parent?.Parent is not InterpolatedStringExpressionSyntax { StringStartToken.RawKind: (int)SyntaxKind.InterpolatedVerbatimStringStartToken })
        {
            return written;
        }

        var prefix = start[..(start.IndexOf('"') + 1)];
        var parsed = SyntaxFactory.ParseExpression(prefix + written + "\"");
        return parsed is LiteralExpressionSyntax literal ? literal.Token.ValueText
            : string.Concat(((InterpolatedStringExpressionSyntax)parsed).Contents.OfType<InterpolatedStringTextSyntax>().Select(part => part.TextToken.ValueText));
    }

    private static string Generate(Random random)
    {
        var kind = random.Next(8);
        var value = new StringBuilder();
        for (var count = random.Next(1, 12); count > 0; count--)
        {
            var c = "aB 'x1;{}\"\\é😀\n\t-"[random.Next(17)];
            value.Append(char.IsSurrogate(c) ? "😀" : c.ToString());
        }

        var hole = random.Next(2) == 0 ? "{x}" : "";
        var lines = value.ToString().Replace("\n", "\n    ");
        return kind switch
        {
            0 => "\"" + Escape(value, random, braces: false) + "\"",
            1 => "@\"" + value.ToString().Replace("\"", "\"\"") + "\"",
            2 => "$\"" + Escape(value, random, braces: true) + hole + Escape(value, random, braces: true) + "\"",
            3 => "$@\"" + value.ToString().Replace("\"", "\"\"").Replace("{", "{{").Replace("}", "}}") + hole + "a\"",
            4 => "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\n    " + lines + "\n    \"\"\"\"\"\"\"\"\"\"\"\"\"\"",
            5 => "$$$$$$$$$$$$$$\"\"\"\"\"\"\"\"\"\"\"\"\"\"\n    " + lines + "{{{{{{{{{{{{{{x}}}}}}}}}}}}}}a\n    \"\"\"\"\"\"\"\"\"\"\"\"\"\"".Replace("{x}", "{x}"),
            6 => "\"\"\"\"\"\"\"\"\"\"\"\"\"\"" + " " + value.Replace("\n", "") + " " + "\"\"\"\"\"\"\"\"\"\"\"\"\"\"",
            _ => "\"" + Escape(value, random, braces: false) + "\"",
        };
    }

    private static string Escape(StringBuilder value, Random random, bool braces)
    {
        var result = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c))
            {
                result.Append(random.Next(2) == 0 ? $"\\U{char.ConvertToUtf32(c, value[i + 1]):X8}" : new string([c, value[i + 1]]));
                i++;
                continue;
            }

            result.Append((c, random.Next(4)) switch
            {
                ('{' or '}', _) when braces => new string(c, 2),
                (not ('{' or '}'), 0) => $"\\u{(int)c:x4}",
                (not ('{' or '}'), 1) => $"\\x{(int)c:X4}",
                ('\n', _) => "\\n",
                ('\t', _) => "\\t",
                ('"' or '\\', _) => "\\" + c,
                _ => c.ToString(),
            });
        }

        return result.ToString();
    }
}
