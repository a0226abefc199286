using System.Collections.Immutable;

namespace DbSafety.Sql.Text;

/// <summary>
/// The only input of the lexer and the parser: characters, and the positions of those that stand for a hole, which is text that
/// nobody knows at compile time. A hole is one character long (<see cref="HoleMark"/>); its real text may be anything, also nothing.
/// </summary>
public sealed class SqlSource
{
    /// <summary>The character that stands for a hole, if its position is one of <see cref="Holes"/> (U+FFFC, OBJECT REPLACEMENT CHARACTER).</summary>
    public const char HoleMark = '\uFFFC';

    /// <summary>Makes a source without holes.</summary>
    public SqlSource(string text)
        : this(text, ImmutableArray<int>.Empty)
    {
    }

    /// <summary>Makes a source with holes.</summary>
    /// <param name="text">The characters, with <see cref="HoleMark"/> at each position of <paramref name="holes"/>.</param>
    /// <param name="holes">The positions of the holes, ascending. A <see cref="HoleMark"/> elsewhere is an ordinary character.</param>
    public SqlSource(string text, ImmutableArray<int> holes)
    {
        Text = text;
        Holes = holes;
    }

    /// <summary>The characters.</summary>
    public string Text { get; }

    /// <summary>The positions of the holes, ascending; the index of a position in here is the number of the hole.</summary>
    public ImmutableArray<int> Holes { get; }

    /// <summary>The number of the hole at a position, or -1 where there is none.</summary>
    public int HoleAt(int position)
    {
        if ((uint)position >= (uint)Text.Length || Text[position] != HoleMark)
        {
            return -1;
        }

        var index = Holes.BinarySearch(position);
        return index < 0 ? -1 : index;
    }

    /// <summary>The characters of a span; holes appear as <see cref="HoleMark"/>.</summary>
    public string ToString(SqlSpan span) => Text.Substring(span.Start, span.Length);

    /// <summary>A part of the text, with its holes.</summary>
    /// <param name="span">The characters.</param>
    public SqlSource Slice(SqlSpan span) =>
        new(ToString(span), Holes.Where(hole => hole >= span.Start && hole < span.End).Select(hole => hole - span.Start).ToImmutableArray());
}
