using DbSafety.Sql.Text;

namespace DbSafety.Sql.Migrations;

/// <content>What psql does itself: its commands, and the data behind COPY.</content>
internal sealed partial class ScriptScanner
{
    /// <summary>The rows behind <c>COPY .. FROM stdin;</c>, from the next line to the line <c>\.</c></summary>
    private void SkipData()
    {
        var start = Text.IndexOf('\n', _position) + 1;
        if (start == 0)
        {
            _position = Text.Length;
            return;
        }

        for (var line = start; line < Text.Length;)
        {
            var end = Text.IndexOf('\n', line);
            end = end < 0 ? Text.Length : end;
            if (Text[line] == '\\' && At(line + 1) == '.' && (end == line + 2 || Text[line + 2] == '\r'))
            {
                _canvas.Blank(start, end);
                _position = end;
                return;
            }

            line = end + 1;
        }

        _canvas.Blank(start, Text.Length);
        Doubt(MigrationDoubtKind.OpenData, start, Text.Length, endsStatement: false);
        _position = Text.Length;
    }

    /// <summary>A command of psql: it ends with the line.</summary>
    private void Command()
    {
        var start = _position;
        var end = LineEnd(start);
        _isPsql = true;
        _postgreSql++;
        if (At(start + 1) == ';')
        {
            _canvas.Put(start, ' ');
            _position++;
            return;
        }

        var nameEnd = start + 1;
        while (nameEnd < end && (Text[nameEnd] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' or '.' or '!' or '?' or '+'))
        {
            nameEnd++;
        }

        // \command \\ further SQL
        var separator = Text.IndexOf("\\\\", nameEnd, end - nameEnd, StringComparison.Ordinal);
        var stop = separator < 0 ? end : separator + 2;
        var name = Text.Substring(start + 1, nameEnd - start - 1);
        var argument = Text.Substring(nameEnd, (separator < 0 ? end : separator) - nameEnd).Trim();
        _canvas.Blank(start, stop);
        _position = stop;
        switch (name)
        {
            case "i" or "include" or "ir" or "include_relative" when !IsSilent:
                Includes.Add(new ScriptInclude(SqlSpan.FromBounds(start, stop), argument.Trim('\'', '"'), name is "ir" or "include_relative"));
                HasDefinitions = true;
                break;
            case "if":
                if (_conditions++ == 0)
                {
                    _conditionStart = start;
                }

                break;
            case "endif" when _conditions > 0:
                EndCondition(stop);
                break;
            case "gexec" when !IsSilent:
                Doubt(MigrationDoubtKind.Generated, start, stop, endsStatement: true);
                HasDefinitions = true;
                EndStatement(stop);
                break;
            case "g" or "gx" or "gset" or "gdesc" or "crosstabview" or "watch":
                _canvas.Put(start, ';');
                EndStatement(stop);
                break;
            case "c" or "connect" when Tables.Count > 0 && argument.Length > 0 && argument[0] != '-' && !IsSilent:
                Doubt(MigrationDoubtKind.OtherDatabase, start, stop, endsStatement: false);
                break;
            case "copy" when argument.IndexOf("stdin", StringComparison.OrdinalIgnoreCase) >= 0:
                SkipData();
                break;
        }
    }

    private void EndCondition(int end)
    {
        if (--_conditions == 0 && _skippedFrom < 0)
        {
            _canvas.Blank(_conditionStart, end);
            Doubt(MigrationDoubtKind.Conditional, _conditionStart, end, endsStatement: false);
            HasDefinitions = true;
            EndStatement(end);
        }
    }

    private void Doubt(MigrationDoubtKind kind, int start, int end, bool endsStatement)
    {
        if (!IsSilent)
        {
            Doubts.Add((kind, SqlSpan.FromBounds(start, end)));
            _canvas.UnknownStatement(start, end, endsStatement);
        }
    }
}
