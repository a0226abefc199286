using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Text;

/// <summary>
/// Maps the characters of a C# string literal's value to their places in the source: regular, verbatim and raw literals, and the text
/// parts of interpolated ones, with escapes and doubled braces.
/// </summary>
public sealed class TokenMap
{
    private readonly int[]? _offsets;
    private readonly int _start;

    private TokenMap(int start, int[]? offsets)
    {
        _start = start;
        _offsets = offsets;
    }

    /// <summary>Makes the map of a token.</summary>
    /// <returns>The map, or null where the token is no string literal or could not be decoded.</returns>
    public static TokenMap? Create(SyntaxToken token)
    {
        var text = token.Text;
        var value = token.ValueText;
        var offsets = token.Kind() switch
        {
            SyntaxKind.StringLiteralToken => text.StartsWith("@", StringComparison.Ordinal)
                ? Verbatim(text, 2, text.Length - 1, value, braces: false)
                : Regular(text, 1, text.Length - 1, value, braces: false),
            SyntaxKind.InterpolatedStringTextToken => InterpolatedText(token, text, value),
            SyntaxKind.SingleLineRawStringLiteralToken => SingleLineRaw(text, value),
            SyntaxKind.MultiLineRawStringLiteralToken => MultiLineRaw(text, value),
            _ => null,
        };

        return offsets is null ? null : new TokenMap(token.SpanStart, offsets);
    }

    /// <summary>The source span of characters of the value.</summary>
    /// <param name="start">The first character of the value.</param>
    /// <param name="end">The position behind the last.</param>
    public TextSpan Map(int start, int end)
    {
        var offsets = _offsets!;
        if (start == end)
        {
            return new TextSpan(_start + offsets[start], 0);
        }

        return TextSpan.FromBounds(_start + offsets[start], _start + EndOf(end - 1));
    }

    /// <summary>The place in the source before a character of the value; for the length of the value, the place behind the last.</summary>
    public int Position(int index) => _start + _offsets![index];

    // A surrogate pair that one \U escape makes shares its source: the end is the next offset that differs. (Behind a line end of a raw
    // literal that is behind the next line's indentation, which does no harm.)
    private int EndOf(int index)
    {
        var offsets = _offsets!;
        var next = index + 1;
        while (next < offsets.Length - 1 && offsets[next] == offsets[index])
        {
            next++;
        }

        return offsets[next];
    }

    private static int[]? InterpolatedText(SyntaxToken token, string text, string value)
    {
        var start = (token.Parent?.Parent as Microsoft.CodeAnalysis.CSharp.Syntax.InterpolatedStringExpressionSyntax)?.StringStartToken ?? default;
        return start.Kind() switch
        {
            SyntaxKind.InterpolatedStringStartToken => Regular(text, 0, text.Length, WithoutDoubledBraces(value), braces: true),
            SyntaxKind.InterpolatedVerbatimStringStartToken => Verbatim(text, 0, text.Length, WithoutDoubledBraces(value), braces: true),
            SyntaxKind.InterpolatedSingleLineRawStringStartToken => Same(text, 0, value),
            SyntaxKind.InterpolatedMultiLineRawStringStartToken => Lines(text, 0, text.Length, value),
            _ => null,
        };
    }

    // The token's value still has both braces; the text that the code makes has one.
    private static string WithoutDoubledBraces(string value) => value.Replace("{{", "{").Replace("}}", "}");

    private static int[]? Regular(string text, int from, int to, string value, bool braces)
    {
        if (to < from)
        {
            return null;
        }

        var offsets = new int[value.Length + 1];
        var at = 0;
        var i = from;
        while (i < to)
        {
            if (at >= value.Length)
            {
                return null;
            }

            var begin = i;
            var c = text[i];
            var units = 1;
            if (c == '\\')
            {
                if (i + 1 >= to)
                {
                    return null;
                }

                i += 2;
                switch (text[begin + 1])
                {
                    case 'u':
                        i += 4;
                        break;
                    case 'x':
                        var digits = 0;
                        while (digits < 4 && i < to && IsHex(text[i]))
                        {
                            i++;
                            digits++;
                        }

                        break;
                    case 'U':
                        i += 8;
                        units = at + 1 < value.Length && char.IsSurrogatePair(value, at) ? 2 : 1;
                        break;
                }
            }
            else if (braces && (c is '{' or '}') && i + 1 < to && text[i + 1] == c)
            {
                i += 2;
            }
            else
            {
                i++;
            }

            for (; units > 0 && at < value.Length; units--)
            {
                offsets[at++] = begin;
            }
        }

        if (at != value.Length || i > to)
        {
            return null;
        }

        offsets[at] = to;
        return offsets;
    }

    private static int[]? Verbatim(string text, int from, int to, string value, bool braces)
    {
        if (to < from)
        {
            return null;
        }

        var offsets = new int[value.Length + 1];
        var at = 0;
        var i = from;
        while (i < to)
        {
            if (at >= value.Length)
            {
                return null;
            }

            offsets[at++] = i;
            var c = text[i];
            i += i + 1 < to && text[i + 1] == c && (c == '"' || (braces && (c is '{' or '}'))) ? 2 : 1;
        }

        if (at != value.Length)
        {
            return null;
        }

        offsets[at] = to;
        return offsets;
    }

    private static int[]? SingleLineRaw(string text, string value)
    {
        var quotes = 0;
        while (quotes < text.Length && text[quotes] == '"')
        {
            quotes++;
        }

        return Same(text, quotes, value);
    }

    private static int[]? Same(string text, int from, string value)
    {
        if (from + value.Length > text.Length || string.CompareOrdinal(text, from, value, 0, value.Length) != 0)
        {
            return null;
        }

        var offsets = new int[value.Length + 1];
        for (var i = 0; i <= value.Length; i++)
        {
            offsets[i] = from + i;
        }

        return offsets;
    }

    private static int[]? MultiLineRaw(string text, string value)
    {
        var open = text.IndexOf('\n');
        var close = text.LastIndexOf('\n');
        if (open < 0 || close <= open)
        {
            return value.Length == 0 ? [0] : null;
        }

        if (text[close - 1] == '\r')
        {
            close--;
        }

        return Lines(text, open + 1, close, value);
    }

    // Each line of the value is the end of its line in the source, behind the indentation.
    private static int[]? Lines(string text, int from, int to, string value)
    {
        var offsets = new int[value.Length + 1];
        var at = 0;
        var i = from;
        while (true)
        {
            var textEnd = text.IndexOf('\n', i, Math.Max(0, to - i));
            var valueEnd = value.IndexOf('\n', at);
            var textLine = (textEnd < 0 ? to : textEnd + 1) - i;
            var valueLine = (valueEnd < 0 ? value.Length : valueEnd + 1) - at;
            var skip = textLine - valueLine;
            if (skip < 0 || textEnd < 0 != valueEnd < 0 ||
                string.CompareOrdinal(text, i + skip, value, at, valueLine) != 0)
            {
                return null;
            }

            for (var k = 0; k < valueLine; k++)
            {
                offsets[at + k] = i + skip + k;
            }

            i += textLine;
            at += valueLine;
            if (textEnd < 0)
            {
                offsets[at] = to;
                return offsets;
            }
        }
    }

    private static bool IsHex(char c) => c is >= '0' and <= '9' or >= 'a' and <= 'f' or >= 'A' and <= 'F';
}
