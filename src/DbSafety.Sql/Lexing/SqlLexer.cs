using System.Collections.Immutable;
using System.Text;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Lexing;

/// <summary>
/// Splits SQL into tokens by the rules of PostgreSQL's scanner (scan.l, with standard_conforming_strings on). Comments and blanks
/// disappear; comments that hold holes are remembered, because a hole in a comment is a place too.
/// </summary>
public sealed class SqlLexer
{
    private const string OperatorCharacters = "~!@#^&|`?+-*/%<>=";
    private readonly SqlSource _source;
    private readonly string _text;
    private readonly bool _isPostgreSql;
    private readonly List<SqlToken> _tokens = new();
    private readonly List<SqlSpan> _comments = new();
    private int _position;
    private int _brackets;

    private SqlLexer(SqlSource source, SqlDialect dialect)
    {
        _source = source;
        _text = source.Text;
        _isPostgreSql = dialect == SqlDialect.PostgreSql;
    }

    /// <summary>Splits the whole text; the last token is <see cref="SqlTokenKind.End"/>.</summary>
    /// <param name="source">The text.</param>
    /// <param name="dialect">Whose lexical rules.</param>
    /// <param name="comments">The comments, in order.</param>
    public static ImmutableArray<SqlToken> Lex(SqlSource source, SqlDialect dialect, out ImmutableArray<SqlSpan> comments)
    {
        var lexer = new SqlLexer(source, dialect);
        lexer.Run();
        comments = lexer._comments.ToImmutableArray();
        return lexer._tokens.ToImmutableArray();
    }

    /// <summary>The content of a string constant, a quoted name or a dollar-quoted constant: decoded characters and holes.</summary>
    /// <param name="source">The text.</param>
    /// <param name="span">The whole token, with prefix and quotes.</param>
    public static ImmutableArray<LiteralPart> Decode(SqlSource source, SqlSpan span) => LiteralDecoder.Decode(source, span);

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsHexDigit(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F');

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' or >= '\u0080';

    private char At(int position) => position < _text.Length ? _text[position] : '\0';

    private bool IsHole(int position) => _source.HoleAt(position) >= 0;

    private bool IsWordStart(int position) => IsLetter(At(position)) && !IsHole(position);

    private bool IsWordPart(int position) =>
        IsWordStart(position) || IsDigit(At(position)) || (At(position) == '$' && position < _text.Length)
        || (!_isPostgreSql && At(position) == '#');

    private void Add(SqlTokenKind kind, int start, int end, string? text = null)
    {
        _tokens.Add(new SqlToken(kind, start, end, text));
        _position = end;
    }

    private void Run()
    {
        while (true)
        {
            SkipBlanksAndComments();
            if (_position >= _text.Length)
            {
                Add(SqlTokenKind.End, _text.Length, _text.Length);
                return;
            }

            Next();
        }
    }

    private void SkipBlanksAndComments()
    {
        while (_position < _text.Length)
        {
            var c = _text[_position];
            if (IsBlank(c))
            {
                _position++;
            }
            else if (c == '-' && At(_position + 1) == '-')
            {
                var end = LineEnd(_position);
                _comments.Add(SqlSpan.FromBounds(_position, end));
                _position = end;
            }
            else if (c == '/' && At(_position + 1) == '*')
            {
                var end = BlockCommentEnd(_position);
                _comments.Add(SqlSpan.FromBounds(_position, end < 0 ? _text.Length : end));
                if (end < 0)
                {
                    Add(SqlTokenKind.Bad, _position, _text.Length, "unterminated comment");
                    return;
                }

                _position = end;
            }
            else
            {
                return;
            }
        }
    }

    private int LineEnd(int position)
    {
        while (position < _text.Length && _text[position] is not ('\n' or '\r'))
        {
            position++;
        }

        return position;
    }

    private int BlockCommentEnd(int position)
    {
        var depth = 0;
        for (; position + 1 < _text.Length; position++)
        {
            if (_text[position] == '/' && _text[position + 1] == '*')
            {
                depth++;
                position++;
            }
            else if (_text[position] == '*' && _text[position + 1] == '/')
            {
                depth--;
                position++;
                if (depth == 0)
                {
                    return position + 1;
                }
            }
        }

        return -1;
    }

    private void Next()
    {
        var start = _position;
        var c = _text[start];
        if (IsHole(start))
        {
            LexHole(start);
            return;
        }

        var quote = At(start + 1) == '\'';
        switch (c)
        {
            case 'e' or 'E' when quote:
                LexString(start, start + 1, SqlTokenKind.String, backslashes: true);
                return;
            case 'n' or 'N' when quote:
                LexString(start, start + 1, SqlTokenKind.String, backslashes: false);
                return;
            case 'b' or 'B' or 'x' or 'X' when quote:
                LexString(start, start + 1, SqlTokenKind.BitString, backslashes: false);
                return;
            case 'u' or 'U' when At(start + 1) == '&' && At(start + 2) == '\'':
                LexString(start, start + 2, SqlTokenKind.String, backslashes: false);
                return;
            case 'u' or 'U' when At(start + 1) == '&' && At(start + 2) == '"':
                LexQuotedName(start, start + 2, '"');
                return;
            case '\'':
                LexString(start, start, SqlTokenKind.String, backslashes: false);
                return;
            case '"':
                LexQuotedName(start, start, '"');
                return;
            case '`' when !_isPostgreSql:
                LexQuotedName(start, start, '`');
                return;
            case '#' when !_isPostgreSql && (IsWordStart(start + 1) || At(start + 1) == '#' || IsHole(start + 1)):
                LexWord(start);
                return;
            case '$':
                LexDollar(start);
                return;
            case '(':
                Add(SqlTokenKind.OpenParen, start, start + 1);
                return;
            case ')':
                Add(SqlTokenKind.CloseParen, start, start + 1);
                return;
            case '[':
                LexBracket(start);
                return;
            case ']':
                _brackets = Math.Max(0, _brackets - 1);
                Add(SqlTokenKind.CloseBracket, start, start + 1);
                return;
            case ',':
                Add(SqlTokenKind.Comma, start, start + 1);
                return;
            case ';':
                _brackets = 0;
                Add(SqlTokenKind.Semicolon, start, start + 1);
                return;
            case '.':
                if (IsDigit(At(start + 1)))
                {
                    LexNumber(start);
                }
                else if (At(start + 1) == '.' && _isPostgreSql)
                {
                    Add(SqlTokenKind.Bad, start, start + 2, "..");
                }
                else
                {
                    Add(SqlTokenKind.Dot, start, start + 1);
                }

                return;
            case ':':
                LexColon(start);
                return;
        }

        if (IsDigit(c))
        {
            LexNumber(start);
        }
        else if (IsLetter(c))
        {
            LexWord(start);
        }
        else if (OperatorCharacters.IndexOf(c) >= 0)
        {
            LexOperator(start);
        }
        else
        {
            Add(SqlTokenKind.Bad, start, start + 1);
        }
    }

    /// <summary>A hole with letters on its other side is a word (<c>{x}_orders</c>); without it stands alone.</summary>
    private void LexHole(int start)
    {
        var end = start + 1;
        while (IsHole(end))
        {
            end++;
        }

        if (IsWordPart(end) && At(end) != '$')
        {
            // A reserved keyword behind a hole ({where}ORDER BY) is that keyword, not a part of a name.
            var stop = end;
            while (IsWordPart(stop))
            {
                stop++;
            }

            if (!(_isPostgreSql && !IsHole(stop) && IsReserved(end, stop)))
            {
                LexWord(start);
                return;
            }
        }

        for (var hole = start; hole < end; hole++)
        {
            Add(SqlTokenKind.Hole, hole, hole + 1);
        }
    }

    private bool IsReserved(int start, int end) =>
        end - start <= 20
        && Keywords.TryFind(Fold(_text.Substring(start, end - start)), out _, out var category, out _)
        && category == KeywordCategory.Reserved;

    private void LexWord(int start)
    {
        var end = start;
        while (true)
        {
            while (IsWordPart(end) || (end == start && At(end) == '#'))
            {
                end++;
            }

            if (!IsHole(end) || (end > start && IsReserved(start, end)))
            {
                break;
            }

            end++;
        }

        var word = Fold(_text.Substring(start, end - start));
        if (Keywords.TryFind(word, out var keyword, out var category, out var isBareLabel))
        {
            _tokens.Add(new SqlToken(SqlTokenKind.Word, start, end, keyword, category, isKeyword: true, isBareLabel));
        }
        else
        {
            _tokens.Add(new SqlToken(SqlTokenKind.Word, start, end, word));
        }

        _position = end;
    }

    /// <summary>PostgreSQL folds ASCII letters only (in UTF-8 databases).</summary>
    private static string Fold(string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] is >= 'A' and <= 'Z')
            {
                var folded = new StringBuilder(word);
                for (; i < word.Length; i++)
                {
                    if (word[i] is >= 'A' and <= 'Z')
                    {
                        folded[i] = (char)(word[i] + 32);
                    }
                }

                return folded.ToString();
            }
        }

        return word;
    }

    private void LexString(int start, int quote, SqlTokenKind kind, bool backslashes)
    {
        var end = StringEnd(quote, backslashes);
        if (end < 0)
        {
            Add(SqlTokenKind.Bad, start, _text.Length, "unterminated string constant");
            return;
        }

        // Constants on further lines continue this one.
        while (true)
        {
            var next = Continuation(end);
            if (next < 0)
            {
                break;
            }

            var further = StringEnd(next, backslashes);
            if (further < 0)
            {
                Add(SqlTokenKind.Bad, start, _text.Length, "unterminated string constant");
                return;
            }

            end = further;
        }

        end = SkipUescape(start, quote, end);
        if (quote - start == 2 && !HasValidUnicodeEscapes(start, quote, end))
        {
            Add(SqlTokenKind.Bad, start, end, "invalid Unicode escape");
            return;
        }

        Add(kind, start, end);
    }

    private bool HasValidUnicodeEscapes(int start, int quote, int end)
    {
        var escape = LiteralDecoder.Uescape(_text, SqlSpan.FromBounds(start, end));
        if (IsHexDigit(escape) || escape is '+' or '\'' or '"' || IsBlank(escape))
        {
            return false;
        }

        for (var i = quote + 1; i < end && _text[i] != _text[quote]; i++)
        {
            if (_text[i] != escape)
            {
                continue;
            }

            if (At(i + 1) == escape)
            {
                i++;
                continue;
            }

            var digits = At(i + 1) == '+' ? 6 : 4;
            var first = digits == 6 ? i + 2 : i + 1;
            for (var k = 0; k < digits; k++)
            {
                if (!IsHexDigit(At(first + k)) && !IsHole(first + k))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private int StringEnd(int quote, bool backslashes)
    {
        for (var i = quote + 1; i < _text.Length; i++)
        {
            if (_text[i] == '\\' && backslashes)
            {
                i++;
            }
            else if (_text[i] == '\'')
            {
                if (At(i + 1) == '\'')
                {
                    i++;
                }
                else
                {
                    return i + 1;
                }
            }
        }

        return -1;
    }

    private int Continuation(int end)
    {
        var newline = false;
        var i = end;
        while (i < _text.Length)
        {
            if (_text[i] is '\n' or '\r')
            {
                newline = true;
                i++;
            }
            else if (IsBlank(_text[i]))
            {
                i++;
            }
            else if (newline && _text[i] == '-' && At(i + 1) == '-')
            {
                i = LineEnd(i);
            }
            else
            {
                return newline && _text[i] == '\'' ? i : -1;
            }
        }

        return -1;
    }

    /// <summary><c>U&amp;'..' UESCAPE 'x'</c> is one constant.</summary>
    private int SkipUescape(int start, int quote, int end)
    {
        if (quote - start != 2)
        {
            return end;
        }

        var i = end;
        while (i < _text.Length && IsBlank(_text[i]))
        {
            i++;
        }

        const string Word = "uescape";
        if (string.Compare(_text, i, Word, 0, Word.Length, StringComparison.OrdinalIgnoreCase) != 0 || IsWordPart(i + Word.Length))
        {
            return end;
        }

        i += Word.Length;
        while (i < _text.Length && IsBlank(_text[i]))
        {
            i++;
        }

        return At(i) == '\'' && At(i + 2) == '\'' ? i + 3 : i;
    }

    private void LexQuotedName(int start, int quote, char mark)
    {
        for (var i = quote + 1; i < _text.Length; i++)
        {
            if (_text[i] != mark)
            {
                continue;
            }

            if (At(i + 1) == mark)
            {
                i++;
                continue;
            }

            var end = SkipUescape(start, quote, i + 1);
            if (quote - start == 2 && !HasValidUnicodeEscapes(start, quote, end))
            {
                Add(SqlTokenKind.Bad, start, end, "invalid Unicode escape");
                return;
            }

            if (i == quote + 1)
            {
                Add(SqlTokenKind.Bad, start, end, "zero-length delimited identifier");
                return;
            }

            Add(SqlTokenKind.QuotedName, start, end, LiteralDecoder.Text(LiteralDecoder.Decode(_source, SqlSpan.FromBounds(start, end))));
            return;
        }

        Add(SqlTokenKind.Bad, start, _text.Length, "unterminated quoted identifier");
    }

    private void LexBracket(int start)
    {
        if (!_isPostgreSql)
        {
            // [name] of SQL Server; directly behind a word or a parenthesis it is a subscript.
            var last = _tokens.Count > 0 ? _tokens[_tokens.Count - 1] : null;
            var isSubscript = last is { Kind: SqlTokenKind.Word or SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket } && last.End == start;
            var close = isSubscript ? -1 : _text.IndexOf(']', start, Math.Min(130, _text.Length - start));
            if (close > start + 1)
            {
                Add(SqlTokenKind.QuotedName, start, close + 1, _text.Substring(start + 1, close - start - 1));
                return;
            }
        }

        _brackets++;
        Add(SqlTokenKind.OpenBracket, start, start + 1);
    }

    private void LexColon(int start)
    {
        var next = At(start + 1);
        if (next == ':')
        {
            Add(SqlTokenKind.TypeCast, start, start + 2);
        }
        else if (next == '=')
        {
            Add(SqlTokenKind.ColonEquals, start, start + 2);
        }
        else if (_brackets == 0 && (IsWordStart(start + 1) || IsHole(start + 1)))
        {
            // Inside brackets a colon parts the bounds of a slice.
            LexParameterName(start);
        }
        else
        {
            Add(SqlTokenKind.Colon, start, start + 1);
        }
    }

    private void LexParameterName(int start)
    {
        var end = start + 1;
        while (IsWordPart(end) || IsHole(end))
        {
            end++;
        }

        Add(SqlTokenKind.Parameter, start, end, _text.Substring(start + 1, end - start - 1));
    }

    private void LexDollar(int start)
    {
        if (IsDigit(At(start + 1)) || IsHole(start + 1))
        {
            var end = start + 1;
            while (IsDigit(At(end)) || IsHole(end))
            {
                end++;
            }

            if (IsWordStart(end))
            {
                Add(SqlTokenKind.Bad, start, end + 1, "trailing junk after parameter");
                return;
            }

            Add(SqlTokenKind.Parameter, start, end, _text.Substring(start + 1, end - start - 1));
            return;
        }

        var tag = start + 1;
        while (IsWordStart(tag) || (tag > start + 1 && IsDigit(At(tag))))
        {
            tag++;
        }

        if (At(tag) != '$')
        {
            Add(SqlTokenKind.Bad, start, start + 1);
            return;
        }

        var delimiter = _text.Substring(start, tag + 1 - start);
        var close = _text.IndexOf(delimiter, tag + 1, StringComparison.Ordinal);
        if (close < 0)
        {
            Add(SqlTokenKind.Bad, start, _text.Length, "unterminated dollar-quoted string");
            return;
        }

        Add(SqlTokenKind.DollarString, start, close + delimiter.Length);
    }

    private void LexNumber(int start)
    {
        var i = start;
        var kind = SqlTokenKind.Integer;
        var second = At(start + 1);
        if (_text[start] == '0' && second is 'x' or 'X' or 'o' or 'O' or 'b' or 'B' && IsRadixDigit(second, At(start + (At(start + 2) == '_' ? 3 : 2))))
        {
            i = start + 2;
            while (IsRadixDigit(second, At(i)) || (At(i) == '_' && IsRadixDigit(second, At(i + 1))))
            {
                i++;
            }
        }
        else
        {
            i = Digits(i);
            if (At(i) == '.' && At(i + 1) != '.')
            {
                kind = SqlTokenKind.Decimal;
                i++;
                i = IsDigit(At(i)) ? Digits(i) : i;
            }

            if (At(i) is 'e' or 'E')
            {
                var exponent = At(i + 1) is '+' or '-' ? i + 2 : i + 1;
                if (IsDigit(At(exponent)))
                {
                    kind = SqlTokenKind.Decimal;
                    i = Digits(exponent);
                }
            }
        }

        if (IsWordStart(i))
        {
            Add(SqlTokenKind.Bad, start, i + 1, "trailing junk after numeric literal");
            return;
        }

        Add(kind, start, i);
    }

    private static bool IsRadixDigit(char radix, char c) => radix switch
    {
        'x' or 'X' => IsHexDigit(c),
        'o' or 'O' => c is >= '0' and <= '7',
        _ => c is '0' or '1',
    };

    private int Digits(int i)
    {
        while (IsDigit(At(i)) || (At(i) == '_' && IsDigit(At(i + 1))))
        {
            i++;
        }

        return i;
    }

    /// <summary>
    /// The longest run of operator characters, cut before a comment; a run that ends in + or - keeps it only if it also has one
    /// of <c>~ ! @ # % ^ &amp; | ` ?</c> (manual, chapter 4.1.3).
    /// </summary>
    private void LexOperator(int start)
    {
        if (!_isPostgreSql && _text[start] == '?')
        {
            LexParameterName(start);
            return;
        }

        var end = start;
        while (end < _text.Length && OperatorCharacters.IndexOf(_text[end]) >= 0
            && !(_text[end] == '-' && At(end + 1) == '-') && !(_text[end] == '/' && At(end + 1) == '*')
            && (_isPostgreSql || _text[end] is not ('`' or '?' or '#')))
        {
            end++;
        }

        if (end == start)
        {
            Add(SqlTokenKind.Bad, start, start + 1); // a quote mark of another dialect without its partner
            return;
        }

        end = CutParameter(start, end);
        if (end == start)
        {
            LexParameterName(start);
            return;
        }

        if (end - start > 1 && _text[end - 1] is '+' or '-')
        {
            var special = false;
            for (var i = start; i < end && !special; i++)
            {
                special = "~!@#%^&|`?".IndexOf(_text[i]) >= 0;
            }

            while (!special && end - start > 1 && _text[end - 1] is '+' or '-')
            {
                end--;
            }
        }

        var text = _text.Substring(start, end - start);
        if (text == "=>")
        {
            Add(SqlTokenKind.EqualsGreater, start, end);
            return;
        }

        Add(SqlTokenKind.Operator, start, end, text == "!=" ? "<>" : text);
    }

    /// <summary>
    /// <c>=@p</c> is an operator and a parameter to Npgsql, although PostgreSQL would read one operator <c>=@</c>. Not so where the
    /// at sign belongs to an operator that exists: <c>&lt;@</c>, <c>@@</c>.
    /// </summary>
    private int CutParameter(int start, int end)
    {
        if (_text[end - 1] != '@' || !(IsWordStart(end) || IsHole(end)))
        {
            return end;
        }

        var at = end - 1;
        return at > start && _text[at - 1] is '@' or '<' or '#' or '~' or '&' or '?' ? end : at;
    }
}
