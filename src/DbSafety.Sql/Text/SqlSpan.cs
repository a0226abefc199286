namespace DbSafety.Sql.Text;

/// <summary>A range of characters of a <see cref="SqlSource"/>, in UTF-16 code units.</summary>
/// <param name="Start">The first character.</param>
/// <param name="Length">The number of characters; 0 marks a place between two characters.</param>
public readonly record struct SqlSpan(int Start, int Length)
{
    /// <summary>The position behind the last character.</summary>
    public int End => Start + Length;

    /// <summary>Makes a span from its two ends.</summary>
    /// <param name="start">The first character.</param>
    /// <param name="end">The position behind the last character.</param>
    public static SqlSpan FromBounds(int start, int end) => new(start, end - start);

    /// <summary>Whether <paramref name="position"/> is one of the characters of this span.</summary>
    public bool Contains(int position) => position >= Start && position < End;

    /// <summary>Whether <paramref name="other"/> lies within this span.</summary>
    public bool Contains(SqlSpan other) => other.Start >= Start && other.End <= End;
}
