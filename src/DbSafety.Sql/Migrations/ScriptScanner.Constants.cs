namespace DbSafety.Sql.Migrations;

/// <content>Constants and quoted names, and the places in and between them that are filled in before the text is SQL.</content>
internal sealed partial class ScriptScanner
{
    private void Quoted(char quote, bool backslashes)
    {
        if (_isNameNext && quote == '"')
        {
            _isNameNext = false;
            TableName(_position);
        }

        if (_words == 0 || quote == '\'')
        {
            Count();
        }

        for (_position++; _position < Text.Length; _position++)
        {
            var c = Text[_position];
            if (c == '\\' && backslashes)
            {
                _position++;
            }
            else if (c == quote)
            {
                if (At(_position + 1) != quote)
                {
                    _position++;
                    return;
                }

                _position++;
            }
            else if (c == '$' && PlaceholderEnd(_position, isName: quote == '"') is var end and > 0)
            {
                Holes(_position, end);
                _position = end - 1;
            }
        }

        _position = Math.Min(_position, Text.Length);
    }

    private void Dollar()
    {
        var start = _position;
        if (At(start + 1) == '{')
        {
            var end = PlaceholderEnd(start, isName: false);
            if (end > 0)
            {
                Placeholder(start, end);
            }
            else
            {
                _position++;
            }

            return;
        }

        var close = start + 1;
        if (!FileName.IsDigit(At(close)))
        {
            close = NameEnd(close);
        }

        if (At(close) != '$')
        {
            Count();
            _position++;
            return;
        }

        close++;
        if (close - start > 2 && IsVariable(start, close))
        {
            Placeholder(start, close);
            return;
        }

        Count();
        _postgreSql++;
        var tag = Text.Substring(start, close - start);
        var stop = Text.IndexOf(tag, close, StringComparison.Ordinal);
        var body = stop < 0 ? Text.Length : stop;
        for (var i = Text.IndexOf("${", close, body - close, StringComparison.Ordinal); i >= 0; i = Text.IndexOf("${", i, body - i, StringComparison.Ordinal))
        {
            var end = PlaceholderEnd(i, isName: false);
            if (end > 0 && end <= body)
            {
                Holes(i, end);
                i = end;
            }
            else
            {
                i += 2;
            }
        }

        _position = stop < 0 ? Text.Length : stop + tag.Length;
    }

    /// <summary><c>$schema$</c> as a variable of DbUp: where no constant can stand, or where no constant goes on like this.</summary>
    private bool IsVariable(int start, int end) =>
        At(end) is '.' or '_' or ';' or ')' or ',' || (start > 0 && Text[start - 1] == '.')
        || (_previous is ScriptWord.BeforeName or ScriptWord.Into or ScriptWord.Table or ScriptWord.Base or ScriptWord.Server or ScriptWord.Exists or ScriptWord.From);

    /// <summary>Where a placeholder ends that begins here: <c>${name}</c>, and within a quoted name also <c>$name$</c>; else -1.</summary>
    private int PlaceholderEnd(int start, bool isName)
    {
        var i = start + 1;
        var isBraced = At(i) == '{';
        if (!isBraced && !isName)
        {
            return -1;
        }

        i += isBraced ? 1 : 0;
        var first = i;
        while (i < Text.Length && (ScriptWords.IsStart(Text[i]) || FileName.IsDigit(Text[i]) || (isBraced && Text[i] is '.' or ':' or '-')))
        {
            i++;
        }

        return i > first && At(i) == (isBraced ? '}' : '$') ? i + 1 : -1;
    }

    /// <summary>
    /// A placeholder outside of quotes. It is as long as it was, so that positions stay: one hole and blanks, and the hole stands where the placeholder
    /// touches a name; where it touches names on both sides it is all hole.
    /// </summary>
    private void Placeholder(int start, int end)
    {
        if (_words == 0)
        {
            Define();
        }

        Count();
        _position = end;
        if (IsSilent)
        {
            return;
        }

        var isBehind = start > 0 && IsNamePart(Text[start - 1]);
        var isBefore = IsNamePart(At(end)) || (At(end) == '$' && At(end + 1) == '{');
        if (isBehind && isBefore)
        {
            Holes(start, end);
            return;
        }

        _canvas.Blank(start, end);
        _canvas.Hole(isBefore ? end - 1 : start);

        static bool IsNamePart(char c) => ScriptWords.IsStart(c) || FileName.IsDigit(c) || c is '}' or '$';
    }

    private void Holes(int start, int end)
    {
        for (var i = start; i < end && !IsSilent; i++)
        {
            _canvas.Hole(i);
        }
    }

    /// <summary><c>{{Name}}</c>, a token of grate or an expression of a template; two braces are no SQL.</summary>
    private void Token()
    {
        var name = _position + 2;
        while (At(name) == ' ')
        {
            name++;
        }

        var end = name;
        while (end < Text.Length && Text[end] is not ('{' or '}' or '\n'))
        {
            end++;
        }

        if ((ScriptWords.IsStart(At(name)) || At(name) == '.') && At(end) == '}' && At(end + 1) == '}')
        {
            Placeholder(_position, end + 2);
        }
        else
        {
            Count();
            _position += 2;
        }
    }

    private void Colon()
    {
        var start = _position;
        var next = At(start + 1);
        if (next == ':')
        {
            _postgreSql++;
            _position += 2;
        }
        else if (next is '\'' or '"' && NameEnd(start + 2) is var close && close > start + 2 && At(close) == next && !IsSilent && _brackets <= 0)
        {
            // :'name' is a constant, :"name" a name, and nobody knows which.
            Count();
            _canvas.Put(start, ' ');
            Holes(start + 2, close);
            _position = close + 1;
        }
        else if (_isPsql && _brackets <= 0 && ScriptWords.IsStart(next))
        {
            ScriptWords.Read(Text, start + 1, out var end);
            Placeholder(start, end);
        }
        else
        {
            Count();
            _position++;
        }
    }
}
