using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Text;

/// <summary>A piece of a text that C# code builds: known characters, a hole, or a choice between texts.</summary>
public abstract class SqlPiece
{
    /// <summary>Whether every text that this piece can become is known to be harmless: constants and values from closed sets.</summary>
    public abstract bool IsClosed { get; }
}

/// <summary>Known characters.</summary>
public sealed class LiteralPiece : SqlPiece
{
    /// <summary>Makes a piece of a part of another's characters.</summary>
    public LiteralPiece(LiteralPiece whole, int start, int end)
    {
        Text = whole.Text.Substring(start, end - start);
        Origin = whole.Origin;
        OriginStart = whole.OriginStart + start;
        Site = whole.Site;
    }

    /// <summary>Makes a piece of known characters.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="origin">The token of the C# literal that they stand in, or default where there is none (a computed constant).</param>
    /// <param name="site">The C# expression that stands for them.</param>
    public LiteralPiece(string text, SyntaxToken origin, SyntaxNode? site)
    {
        Text = text;
        Origin = origin;
        Site = site;
    }

    /// <summary>The characters.</summary>
    public string Text { get; }

    /// <summary>The token of the C# literal, or default.</summary>
    public SyntaxToken Origin { get; }

    /// <summary>Where in the value of <see cref="Origin"/> the characters begin.</summary>
    public int OriginStart { get; }

    /// <summary>The C# expression.</summary>
    public SyntaxNode? Site { get; }

    /// <inheritdoc/>
    public override bool IsClosed => true;
}

/// <summary>Text that nobody knows at compile time.</summary>
public sealed class HolePiece : SqlPiece
{
    /// <summary>Makes a hole.</summary>
    public HolePiece(IOperation value, SyntaxNode site, HoleValue kind, bool hasFormat = false, IOperation? joined = null, IOperation? origin = null)
    {
        Value = value;
        Origin = origin ?? value;
        Site = site;
        Kind = kind;
        HasFormat = hasFormat;
        Joined = joined;
    }

    /// <summary>The expression whose text fills the hole, without conversions around it.</summary>
    public IOperation Value { get; }

    /// <summary>Where the value comes from: <see cref="Value"/>, or what the variable that it reads was given.</summary>
    public IOperation Origin { get; }

    /// <summary>Where the hole stands: the interpolation with its braces, the operand of <c>+</c>, the argument of Format or Append.</summary>
    public SyntaxNode Site { get; }

    /// <summary>What is known about the value.</summary>
    public HoleValue Kind { get; }

    /// <summary>Whether a format or an alignment changes the value's text.</summary>
    public bool HasFormat { get; }

    /// <summary>For a hole filled by <c>string.Join</c>: the collection; otherwise null.</summary>
    public IOperation? Joined { get; }

    /// <inheritdoc/>
    public override bool IsClosed => Kind is HoleValue.Closed or HoleValue.Scalar;

    /// <summary>The same hole at another place.</summary>
    public HolePiece At(SyntaxNode site, bool hasFormat) => new(Value, site, Kind, hasFormat || HasFormat, Joined, Origin);
}

/// <summary>One of several texts: arms of a conditional, branches that append, elements of a constant collection.</summary>
public sealed class ChoicePiece : SqlPiece
{
    /// <summary>Makes a choice.</summary>
    public ChoicePiece(ImmutableArray<SqlRope> alternatives)
    {
        Alternatives = alternatives;
        foreach (var alternative in alternatives)
        {
            if (!alternative.IsClosed)
            {
                return;
            }
        }

        IsClosed = true;
    }

    /// <summary>The texts; the first is what the reader of the code would expect.</summary>
    public ImmutableArray<SqlRope> Alternatives { get; }

    /// <inheritdoc/>
    public override bool IsClosed { get; }
}

/// <summary>The place between two elements of a list whose elements are joined later.</summary>
public sealed class ElementPiece : SqlPiece
{
    /// <summary>The only one that is needed.</summary>
    public static readonly ElementPiece Instance = new();

    /// <inheritdoc/>
    public override bool IsClosed => true;
}

/// <summary>A separator that stands between two elements, and not before the first.</summary>
public sealed class SeparatorPiece : SqlPiece
{
    /// <summary>Makes a separator.</summary>
    public SeparatorPiece(SqlRope separator) => Separator = separator;

    /// <summary>Its text.</summary>
    public SqlRope Separator { get; }

    /// <inheritdoc/>
    public override bool IsClosed => Separator.IsClosed;
}

/// <summary>The start of joined elements.</summary>
public sealed class ListStartPiece : SqlPiece
{
    /// <summary>The only one that is needed.</summary>
    public static readonly ListStartPiece Instance = new();

    /// <inheritdoc/>
    public override bool IsClosed => true;
}
