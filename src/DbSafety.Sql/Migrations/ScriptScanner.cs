using DbSafety.Sql.Text;

namespace DbSafety.Sql.Migrations;

/// <summary>
/// Goes once over the text of a file, by the lexical rules of PostgreSQL and psql, and finds what runs. It never goes back, so the time is linear.
/// </summary>
internal sealed partial class ScriptScanner(string text)
{
    private readonly ScriptCanvas _canvas = new(text);
    private readonly ScriptMarks _marks = new();
    private int _position;
    private int _counted;
    private int _lineStart;
    private int _parentheses;
    private int _brackets;
    private int _words;
    private ScriptWord _first;
    private ScriptWord _previous;
    private bool _isCreate;
    private bool _isNameNext;
    private bool _isTemporary;
    private bool _readsData;
    private bool _isFirstStatement = true;
    private bool _isPsql;
    private bool _hasOther;
    private bool _hasBase;
    private int _conditions;
    private int _conditionStart;
    private int _skippedFrom = -1;
    private int _foreign;
    private int _postgreSql;

    public string Text { get; } = text;

    public SqlSource Source { get; private set; } = new("");

    public bool HasDefinitions { get; private set; }

    public bool HasOnlyBases => _hasBase && !_hasOther;

    public bool SetsSearchPath { get; private set; }

    public bool IsDump { get; private set; }

    public MigrationTool? Mark => _marks.Tool;

    public bool IsForeign => _foreign > 0 && _postgreSql == 0;

    public bool IsPostgreSql => _postgreSql > 0;

    public bool? RunsInTransaction { get; private set; }

    public List<string> Tables { get; } = new();

    public List<ScriptInclude> Includes { get; } = new();

    public List<(MigrationDoubtKind Kind, SqlSpan Span)> Doubts { get; } = new();

    public long Work { get; private set; }

    /// <summary>Whether what stands here does not run: in a way back, or under a condition.</summary>
    private bool IsSilent => _skippedFrom >= 0 || _conditions > 0;

    public void Run()
    {
        if (Text.Length > 0 && Text[0] == '\uFEFF')
        {
            _canvas.Blank(0, 1);
            _position = _lineStart = 1;
        }

        while (_position < Text.Length)
        {
            Next();
            Work += Math.Max(1, _position - _counted);
            _counted = _position;
        }

        if (_conditions > 0)
        {
            _conditions = 1;
            EndCondition(Text.Length);
        }

        if (_skippedFrom >= 0)
        {
            _canvas.Blank(_skippedFrom, Text.Length);
        }

        if (_marks.HasNoTransaction)
        {
            RunsInTransaction = false;
        }

        Source = _canvas.Paint();
    }

    private char At(int position) => position < Text.Length ? Text[position] : '\0';

    private void Next()
    {
        var c = Text[_position];
        switch (c)
        {
            case '\n':
                _lineStart = ++_position;
                return;
            case ' ' or '\t' or '\r':
                _position++;
                return;
            case '-' when At(_position + 1) == '-':
                LineComment();
                return;
            case '/' when At(_position + 1) == '*':
                BlockComment();
                return;
            case '\'':
                Quoted('\'', backslashes: false);
                return;
            case '"':
                Quoted('"', backslashes: false);
                return;
            case '$':
                Dollar();
                return;
            case '\\':
                Command();
                return;
            case ':':
                Colon();
                return;
            case ';':
                EndStatement();
                return;
            case '(':
                _parentheses++;
                break;
            case ')':
                _parentheses--;
                break;
            case '[':
                Bracket();
                break;
            case ']':
                _brackets--;
                break;
            case '`':
                _foreign++;
                break;
            case '{' when At(_position + 1) == '{':
                Token();
                return;
        }

        if (_marks.Delimiter is { } delimiter && string.CompareOrdinal(Text, _position, delimiter, 0, delimiter.Length) == 0 && !IsSilent)
        {
            _canvas.Blank(_position, _position + delimiter.Length);
            _canvas.Put(_position, ';');
            _position += delimiter.Length - 1;
            EndStatement();
            return;
        }

        if (ScriptWords.IsStart(c))
        {
            Word();
            return;
        }

        if (FileName.IsDigit(c))
        {
            Count();
            _position = NameEnd(_position);

            return;
        }

        if (c > ' ')
        {
            Count();
        }

        _position++;
    }

    /// <summary>Something of a statement that is no word.</summary>
    private void Count()
    {
        _words++;
        _isNameNext = false;
        _previous = ScriptWord.None;
    }

    private void Word()
    {
        var start = _position;
        var word = ScriptWords.Read(Text, start, out var end);
        _position = end;
        if (end - start == 1 && At(end) == '\'' && Text[start] is 'e' or 'E' or 'n' or 'N' or 'b' or 'B' or 'x' or 'X')
        {
            Quoted('\'', backslashes: Text[start] is 'e' or 'E');
            return;
        }

        var isFirst = _words++ == 0;
        var previous = _previous;
        _previous = word;
        if (isFirst)
        {
            _first = word;
            _isCreate = word == ScriptWord.Create;
        }

        if (_isNameNext && word is not (ScriptWord.If or ScriptWord.Not or ScriptWord.Exists))
        {
            _isNameNext = false;
            TableName(start);
            return;
        }

        switch (word)
        {
            case ScriptWord.Go when IsAlone(start, end):
                _foreign++;
                EndStatement(end);
                return;
            case ScriptWord.Delimiter when isFirst && !IsAlone(start, end):
            case ScriptWord.Pragma when isFirst:
            case ScriptWord.Foreign:
                _foreign++;
                break;
            case ScriptWord.PostgreSql:
                _postgreSql++;
                break;
            case ScriptWord.SearchPath:
                _postgreSql++;
                SetsSearchPath |= !IsSilent;
                break;
            case ScriptWord.Stdin when _first == ScriptWord.Copy && previous == ScriptWord.From:
                _readsData = true;
                break;
            case ScriptWord.Into when _first is ScriptWord.Select or ScriptWord.With && _parentheses <= 0:
                Define();
                break;
        }

        if (_isCreate && !isFirst && _parentheses <= 0)
        {
            Created(word);
        }
        else if (isFirst)
        {
            Begin(word);
        }
    }

    private void Begin(ScriptWord word)
    {
        switch (word)
        {
            case ScriptWord.Alter or ScriptWord.Drop or ScriptWord.Comment or ScriptWord.Run:
                Define();
                _hasOther |= !IsSilent;
                break;
            case ScriptWord.Begin or ScriptWord.Start when _isFirstStatement && !IsSilent:
                RunsInTransaction = true;
                break;
        }
    }

    /// <summary>A word of the head of a CREATE statement: what is created.</summary>
    private void Created(ScriptWord word)
    {
        switch (word)
        {
            case ScriptWord.TableKind:
                return;
            case ScriptWord.Temporary:
                _isTemporary = true;
                return;
            case ScriptWord.Table:
                Define();
                _isNameNext = !_isTemporary;
                break;
            case ScriptWord.Base:
                Define();
                _hasBase |= !IsSilent;
                break;
            case ScriptWord.Server:
                break;
            default:
                // OR REPLACE, UNIQUE, MATERIALIZED and the rest of them: all of it defines.
                Define();
                _hasOther |= !IsSilent;
                break;
        }

        _isCreate = false;
    }

    private void Define() => HasDefinitions |= !IsSilent;

    /// <summary>Remembers the last part of a name that begins here. It looks ahead no further than the name, which is then read as all else is.</summary>
    private void TableName(int start)
    {
        var i = start;
        while (true)
        {
            var part = i;
            string name;
            if (At(i) == '"')
            {
                while (++i < Text.Length && Text[i] is not ('"' or '\n'))
                {
                }

                name = Text.Substring(part + 1, Math.Max(0, i - part - 1));
                i++;
            }
            else
            {
                ScriptWords.Read(Text, i, out i);
                name = Text.Substring(part, i - part).ToLowerInvariant();
            }

            if (At(i) != '.' || !(At(i + 1) == '"' || ScriptWords.IsStart(At(i + 1))))
            {
                if (!IsSilent && name.Length > 0 && At(i) is not '$' and not '.' && name.IndexOf("${", StringComparison.Ordinal) < 0)
                {
                    Tables.Add(name);
                }

                return;
            }

            i++;
        }
    }

    private void EndStatement() => EndStatement(_position + 1);

    private void EndStatement(int end)
    {
        _position = end;
        if (_words > 0)
        {
            _isFirstStatement = false;
        }

        if (_readsData)
        {
            SkipData();
        }

        _words = 0;
        _parentheses = 0;
        _brackets = 0;
        _first = _previous = ScriptWord.None;
        _isCreate = _isNameNext = _isTemporary = _readsData = false;
    }

    private void LineComment()
    {
        var start = _position;
        var end = LineEnd(start);
        if (IsFirstOfLine(start))
        {
            IsDump |= string.CompareOrdinal(Text, start, "-- PostgreSQL database dump", 0, 27) == 0;
            var section = _marks.Read(Text, start, end);
            if (section == ScriptSection.Down && _skippedFrom < 0)
            {
                EndStatement(start);
                _skippedFrom = start;
            }
            else if (section == ScriptSection.Up && _skippedFrom >= 0)
            {
                EndStatement(start);
                _canvas.Blank(_skippedFrom, start);
                _skippedFrom = -1;
            }
        }

        _position = end;
    }

    private void BlockComment()
    {
        var depth = 0;
        while (_position < Text.Length)
        {
            if (Text[_position] == '/' && At(_position + 1) == '*')
            {
                depth++;
                _position += 2;
            }
            else if (Text[_position] == '*' && At(_position + 1) == '/')
            {
                _position += 2;
                if (--depth == 0)
                {
                    return;
                }
            }
            else
            {
                _position++;
            }
        }

        _position = Math.Min(_position, Text.Length);
    }

    /// <summary>Where letters and digits end.</summary>
    private int NameEnd(int position)
    {
        while (position < Text.Length && (ScriptWords.IsStart(Text[position]) || FileName.IsDigit(Text[position])))
        {
            position++;
        }

        return position;
    }

    private void Bracket()
    {
        _brackets++;
        Count();
        var i = _position + 1;
        if (ScriptWords.IsStart(At(i)))
        {
            ScriptWords.Read(Text, i, out i);
            if (At(i) == ']' && (At(i + 1) == '.' && At(i + 2) == '['))
            {
                _foreign++;
            }
        }
    }

    private bool IsFirstOfLine(int position)
    {
        for (var i = _lineStart; i < position; i++)
        {
            if (Text[i] is not (' ' or '\t'))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsAlone(int start, int end)
    {
        if (!IsFirstOfLine(start))
        {
            return false;
        }

        while (At(end) is ' ' or '\t' or '\r' or ';')
        {
            end++;
        }

        return end >= Text.Length || Text[end] == '\n';
    }

    private int LineEnd(int position)
    {
        var end = Text.IndexOf('\n', position);
        end = end < 0 ? Text.Length : end;
        return end > position && Text[end - 1] == '\r' ? end - 1 : end;
    }
}
