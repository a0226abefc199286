using System.Collections.Immutable;
using System.Text;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Lexing;

/// <summary>Resolves the escapes of constants and quoted names (PostgreSQL manual, chapter 4.1.2).</summary>
internal static class LiteralDecoder
{
    /// <summary>The content between the quotes, as decoded text and holes.</summary>
    public static ImmutableArray<LiteralPart> Decode(SqlSource source, SqlSpan span)
    {
        var text = source.Text;
        var parts = ImmutableArray.CreateBuilder<LiteralPart>();
        var run = new StringBuilder();
        var i = span.Start;
        if (i >= span.End)
        {
            return parts.ToImmutable();
        }

        if (text[i] == '$')
        {
            var tag = text.IndexOf('$', i + 1) + 1 - i;
            AddVerbatim(i + tag, span.End - tag);
            Flush();
            return parts.ToImmutable();
        }

        var prefix = char.ToUpperInvariant(text[i]);
        while (i < span.End && text[i] is not ('\'' or '"' or '`' or '['))
        {
            i++;
        }

        if (i >= span.End)
        {
            return parts.ToImmutable();
        }

        var mark = text[i] == '[' ? ']' : text[i];
        var isUnicode = prefix == 'U';
        var escape = isUnicode ? Uescape(text, span) : '\\';
        while (i < span.End)
        {
            // One turn for each constant of a continued one.
            i = Content(i + 1);
            if (mark != '\'')
            {
                break;
            }

            while (i < span.End && text[i] != mark)
            {
                if (text[i] is 'u' or 'U')
                {
                    i = span.End;
                }
                else if (text[i] == '-' && i + 1 < span.End && text[i + 1] == '-')
                {
                    while (i < span.End && text[i] is not ('\n' or '\r'))
                    {
                        i++;
                    }
                }
                else
                {
                    i++;
                }
            }
        }

        Flush();
        return parts.ToImmutable();

        void Flush()
        {
            if (run.Length > 0)
            {
                parts.Add(new LiteralPart(run.ToString(), -1));
                run.Clear();
            }
        }

        bool AddHole(int position)
        {
            var hole = source.HoleAt(position);
            if (hole < 0)
            {
                return false;
            }

            Flush();
            parts.Add(new LiteralPart(null, hole));
            return true;
        }

        void AddVerbatim(int from, int to)
        {
            for (var k = from; k < to; k++)
            {
                if (!AddHole(k))
                {
                    run.Append(text[k]);
                }
            }
        }

        int Content(int position)
        {
            while (position < span.End)
            {
                var c = text[position];
                if (c == mark)
                {
                    if (position + 1 < span.End && text[position + 1] == mark)
                    {
                        run.Append(mark);
                        position += 2;
                        continue;
                    }

                    return position + 1;
                }

                if (AddHole(position))
                {
                    position++;
                }
                else if (prefix == 'E' && c == '\\' && position + 1 < span.End)
                {
                    position = Backslash(position + 1);
                }
                else if (isUnicode && c == escape && position + 1 < span.End)
                {
                    position = UnicodeEscape(position + 1);
                }
                else
                {
                    run.Append(c);
                    position++;
                }
            }

            return position;
        }

        int Backslash(int position)
        {
            var c = text[position];
            if (source.HoleAt(position) >= 0)
            {
                run.Append('\\');
                return position;
            }

            switch (c)
            {
                case 'b':
                    run.Append('\b');
                    return position + 1;
                case 'f':
                    run.Append('\f');
                    return position + 1;
                case 'n':
                    run.Append('\n');
                    return position + 1;
                case 'r':
                    run.Append('\r');
                    return position + 1;
                case 't':
                    run.Append('\t');
                    return position + 1;
                case 'x':
                    return Number(position + 1, 16, 2, c);
                case 'u':
                    return Number(position + 1, 16, 4, c);
                case 'U':
                    return Number(position + 1, 16, 8, c);
                case >= '0' and <= '7':
                    return Number(position, 8, 3, c);
                default:
                    run.Append(c);
                    return position + 1;
            }
        }

        int UnicodeEscape(int position)
        {
            if (text[position] == escape)
            {
                run.Append(escape);
                return position + 1;
            }

            return text[position] == '+' ? Number(position + 1, 16, 6, '+') : Number(position, 16, 4, escape);
        }

        int Number(int position, int radix, int digits, char otherwise)
        {
            var value = 0;
            var count = 0;
            while (count < digits && position < span.End)
            {
                var c = char.ToLowerInvariant(text[position]);
                var digit = c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : 99;
                if (digit >= radix)
                {
                    break;
                }

                value = unchecked((value * radix) + digit);
                position++;
                count++;
            }

            if (count == 0)
            {
                run.Append(otherwise);
            }
            else if (value is > 0xFFFF and <= 0x10FFFF)
            {
                run.Append(char.ConvertFromUtf32(value));
            }
            else
            {
                run.Append((char)(value & 0xFFFF));
            }

            return position;
        }
    }

    /// <summary>The decoded text, with <see cref="SqlSource.HoleMark"/> for each hole.</summary>
    public static string Text(ImmutableArray<LiteralPart> parts)
    {
        if (parts.Length == 1 && parts[0].Text is { } only)
        {
            return only;
        }

        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Text ?? SqlSource.HoleMark.ToString());
        }

        return text.ToString();
    }

    public static char Uescape(string text, SqlSpan span)
    {
        // ..' UESCAPE '!'
        var end = span.End;
        if (end - span.Start > 12 && text[end - 1] == '\'' && text[end - 3] == '\'')
        {
            var before = text.Substring(span.Start, end - 3 - span.Start).TrimEnd();
            if (before.EndsWith("uescape", StringComparison.OrdinalIgnoreCase))
            {
                return text[end - 2];
            }
        }

        if (end - span.Start > 7 && char.ToLowerInvariant(text[end - 1]) == 'e')
        {
            return '\''; // UESCAPE without its character: no escape can be that.
        }

        return '\\';
    }
}
