using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Text;

/// <summary>
/// An immutable text under construction: pieces in order, sharing their beginning with the texts they were made from, so that appending
/// costs one node and two branches that append to the same text can be merged by their common beginning.
/// </summary>
public sealed class SqlRope
{
    /// <summary>The empty text.</summary>
    public static readonly SqlRope Empty = new(null, null);

    /// <summary>More pieces than any statement has; a text that grows beyond this is not followed any further.</summary>
    private const int MaxPieces = 20_000;

    private const int MaxAlternatives = 64;

    private readonly SqlRope? _previous;
    private readonly SqlPiece? _piece;

    private SqlRope(SqlRope? previous, SqlPiece? piece)
    {
        _previous = previous;
        _piece = piece;
        Count = previous is null ? 0 : previous.Count + 1;
        IsClosed = previous is null || (previous.IsClosed && piece!.IsClosed);
    }

    /// <summary>The number of pieces.</summary>
    public int Count { get; }

    /// <summary>Whether no piece is a hole that could carry unknown text.</summary>
    public bool IsClosed { get; }

    /// <summary>Whether there is no piece at all.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>A text of one piece.</summary>
    public static SqlRope Of(SqlPiece piece) => Empty.Append(piece);

    /// <summary>A text of known characters.</summary>
    public static SqlRope Of(string text, SyntaxNode? site) =>
        text.Length == 0 ? Empty : Of(new LiteralPiece(text, default, site));

    /// <summary>One of several texts.</summary>
    public static SqlRope OneOf(IReadOnlyList<SqlRope> alternatives)
    {
        if (alternatives.Count == 0)
        {
            return Empty;
        }

        var result = alternatives[0];
        if (alternatives.Count == 1)
        {
            return result;
        }

        return Of(new ChoicePiece(alternatives.Take(MaxAlternatives).ToImmutableArray()));
    }

    /// <summary>This text with a piece behind it.</summary>
    public SqlRope Append(SqlPiece piece) => Count >= MaxPieces ? this : new SqlRope(this, piece);

    /// <summary>This text with another behind it.</summary>
    public SqlRope Append(SqlRope other)
    {
        if (IsEmpty)
        {
            return other;
        }

        var result = this;
        foreach (var piece in other.ToArray())
        {
            result = result.Append(piece);
        }

        return result;
    }

    /// <summary>What a variable holds after two branches: their common beginning, and a choice between what each appended.</summary>
    public static SqlRope Merge(SqlRope left, SqlRope right)
    {
        if (ReferenceEquals(left, right))
        {
            return left;
        }

        var a = left;
        var b = right;
        while (a.Count > b.Count)
        {
            a = a._previous!;
        }

        while (b.Count > a.Count)
        {
            b = b._previous!;
        }

        while (!ReferenceEquals(a, b))
        {
            a = a._previous ?? Empty;
            b = b._previous ?? Empty;
        }

        var leftTail = left.TailFrom(a.Count);
        var rightTail = right.TailFrom(a.Count);

        // The longer text first: the reader thinks of the query with all its optional parts.
        return a.Append(new ChoicePiece(leftTail.IsEmpty
            ? ImmutableArray.Create(rightTail, leftTail)
            : ImmutableArray.Create(leftTail, rightTail)));
    }

    /// <summary>The pieces in order.</summary>
    public SqlPiece[] ToArray() => TailArray(0);

    private SqlRope TailFrom(int count)
    {
        var result = Empty;
        foreach (var piece in TailArray(count))
        {
            result = result.Append(piece);
        }

        return result;
    }

    private SqlPiece[] TailArray(int count)
    {
        var pieces = new SqlPiece[Count - count];
        var node = this;
        for (var i = pieces.Length - 1; i >= 0; i--)
        {
            pieces[i] = node._piece!;
            node = node._previous!;
        }

        return pieces;
    }

    /// <summary>The last piece, or null.</summary>
    public SqlPiece? Last => _piece;

    /// <summary>Of the kinds of all holes the one that says least good; closed where there is none.</summary>
    public HoleValue WorstHole
    {
        get
        {
            var worst = HoleValue.Closed;
            foreach (var piece in ToArray())
            {
                worst = piece switch
                {
                    HolePiece hole => HoleValues.Worse(worst, hole.Kind),
                    ChoicePiece choice => choice.Alternatives.Aggregate(worst, (kind, alternative) => HoleValues.Worse(kind, alternative.WorstHole)),
                    _ => worst,
                };
            }

            return worst;
        }
    }

    /// <summary>The one hole that is this whole text, or null.</summary>
    public HolePiece? SingleHole => Count == 1 ? _piece as HolePiece : null;

    /// <summary>The constant text, where all pieces are known characters; otherwise null.</summary>
    public string? ConstantText
    {
        get
        {
            if (Count == 0)
            {
                return "";
            }

            if (Count == 1)
            {
                return (_piece as LiteralPiece)?.Text;
            }

            if (!IsClosed)
            {
                return null;
            }

            var text = new System.Text.StringBuilder();
            foreach (var piece in ToArray())
            {
                if (piece is not LiteralPiece literal)
                {
                    return null;
                }

                text.Append(literal.Text);
            }

            return text.ToString();
        }
    }

    /// <summary>The same text with every hole replaced by what <paramref name="replace"/> gives for it (null keeps the hole).</summary>
    public SqlRope Replace(Func<HolePiece, SqlRope?> replace)
    {
        if (IsClosed)
        {
            return this;
        }

        var result = Empty;
        foreach (var piece in ToArray())
        {
            result = piece switch
            {
                HolePiece hole when replace(hole) is { } text => result.Append(text),
                ChoicePiece choice when !choice.IsClosed =>
                    result.Append(new ChoicePiece(choice.Alternatives.Select(alternative => alternative.Replace(replace)).ToImmutableArray())),
                _ => result.Append(piece),
            };
        }

        return result;
    }

    /// <summary>The elements of this list joined by a separator.</summary>
    public SqlRope Join(SqlRope separator)
    {
        var between = new SeparatorPiece(separator);
        return Of(ListStartPiece.Instance).Append(WithSeparator(between));
    }

    private SqlRope WithSeparator(SeparatorPiece between)
    {
        var result = Empty;
        foreach (var piece in ToArray())
        {
            result = piece switch
            {
                ElementPiece => result.Append(between),
                ChoicePiece choice => result.Append(
                    new ChoicePiece(choice.Alternatives.Select(alternative => alternative.WithSeparator(between)).ToImmutableArray())),
                _ => result.Append(piece),
            };
        }

        return result;
    }
}
