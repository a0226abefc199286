using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Migrations;

/// <summary>The text of a file while what does not run is painted over; a file with nothing to paint over is never copied.</summary>
internal sealed class ScriptCanvas(string text)
{
    private readonly List<int> _holes = new();
    private char[]? _characters;

    /// <summary>Makes characters blank; line ends stay.</summary>
    public void Blank(int start, int end)
    {
        if (start >= end)
        {
            return;
        }

        while (_holes.Count > 0 && _holes[_holes.Count - 1] >= start)
        {
            _holes.RemoveAt(_holes.Count - 1);
        }

        var characters = _characters ??= text.ToCharArray();
        for (var i = start; i < end; i++)
        {
            if (characters[i] is not ('\n' or '\r'))
            {
                characters[i] = ' ';
            }
        }
    }

    /// <summary>Writes a character, such as the semicolon that a command of psql stands for.</summary>
    public void Put(int position, char c) => (_characters ??= text.ToCharArray())[position] = c;

    /// <summary>Marks a hole; holes are marked in order.</summary>
    public void Hole(int position)
    {
        Put(position, SqlSource.HoleMark);
        _holes.Add(position);
    }

    /// <summary>A statement that nobody knows, in at least two blank characters. What stands before it ends where it begins.</summary>
    public void UnknownStatement(int start, int end, bool endsStatement)
    {
        if (endsStatement && end - start > 2 && Next())
        {
            Put(start++, ';');
        }

        if (Next())
        {
            Hole(start++);
        }

        if (Next())
        {
            Put(start, ';');
        }

        // Line ends stay where they are.
        bool Next()
        {
            while (start < end && (text[start] is '\n' or '\r'))
            {
                start++;
            }

            return start < end;
        }
    }

    public SqlSource Paint() => _characters is null ? new SqlSource(text) : new SqlSource(new string(_characters), _holes.ToImmutableArray());

    /// <summary>The part of a source, at the same positions: everything else is blank.</summary>
    public static SqlSource Part(SqlSource source, int start, int end)
    {
        var characters = source.Text.ToCharArray();
        Clear(0, start);
        Clear(end, characters.Length);
        return new SqlSource(new string(characters), source.Holes.Where(hole => hole >= start && hole < end).ToImmutableArray());

        void Clear(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                if (characters[i] is not ('\n' or '\r'))
                {
                    characters[i] = ' ';
                }
            }
        }
    }

    /// <summary>A source of the same length that holds one statement that nobody knows.</summary>
    public static SqlSource Unknown(string text, SqlSpan span)
    {
        var canvas = new ScriptCanvas(text);
        canvas.Blank(0, text.Length);
        canvas.UnknownStatement(span.Start, span.End, endsStatement: false);
        return canvas.Paint();
    }
}
