using System.Collections.Immutable;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <summary>What the parser already knows of holes while it reads: names, keywords, clauses. Values are found later, in the finished tree.</summary>
internal sealed class HoleMarks
{
    private readonly SqlSource _source;
    private readonly (HoleRole Role, SqlSpan Token, string? NeedsRewrite)?[] _marks;

    public HoleMarks(SqlSource source)
    {
        _source = source;
        _marks = new (HoleRole, SqlSpan, string?)?[source.Holes.Length];
    }

    /// <summary>Holes whose mark outranks what the tree says, because what follows showed it.</summary>
    public HashSet<int> Forced { get; } = new();

    /// <summary>Whether marks are dropped: in a statement whose holes are judged by their neighbours.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What is known of a hole, or null.</summary>
    public (HoleRole Role, SqlSpan Token, string? NeedsRewrite)? this[int hole] => _marks[hole];

    /// <summary>Marks the holes of a token.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Mark(SqlSpan token, HoleRole role, string? needsRewrite = null)
    {
        if (_marks.Length == 0)
        {
            return false;
        }

        var any = false;
        for (var hole = First(token.Start); hole < _marks.Length && _source.Holes[hole] < token.End; hole++)
        {
            if (_source.HoleAt(_source.Holes[hole]) == hole)
            {
                if (!IsSilent)
                {
                    _marks[hole] = (role, token, needsRewrite);
                }

                any = true;
            }
        }

        return any;
    }

    /// <summary>Marks the holes of a token, whatever node they became.</summary>
    public void Force(SqlSpan token, HoleRole role)
    {
        if (IsSilent)
        {
            return;
        }

        Mark(token, role);
        for (var hole = First(token.Start); hole < _marks.Length && _source.Holes[hole] < token.End; hole++)
        {
            Forced.Add(hole);
        }
    }

    /// <summary>The number of the first hole at or behind a position.</summary>
    public int First(int position)
    {
        var index = _source.Holes.BinarySearch(position);
        return index < 0 ? ~index : index;
    }
}
