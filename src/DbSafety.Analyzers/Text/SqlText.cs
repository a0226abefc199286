using System.Collections.Immutable;
using System.Text;
using DbSafety.Analyzers.Apis;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Text;

/// <summary>
/// The SQL text of one call: what the C# code builds, flattened to one text with holes for each way through its choices. The first variant is
/// the one with all optional parts; each further one takes another alternative of one choice, so their number grows with the text, not with
/// the combinations.
/// </summary>
public sealed class SqlText
{
    private const int MaxVariants = 32;

    private ImmutableArray<SqlVariant> _variants;

    /// <summary>Makes the text.</summary>
    /// <param name="rope">What the C# code builds.</param>
    /// <param name="form">How the API treats it.</param>
    public SqlText(SqlRope rope, SqlTextForm form)
    {
        Rope = rope;
        Form = form;
    }

    /// <summary>What the C# code builds.</summary>
    public SqlRope Rope { get; }

    /// <summary>How the API treats it.</summary>
    public SqlTextForm Form { get; }

    /// <summary>The ways through the choices; at least one.</summary>
    public ImmutableArray<SqlVariant> Variants
    {
        get
        {
            if (_variants.IsDefault)
            {
                ImmutableInterlocked.InterlockedInitialize(ref _variants, Flatten());
            }

            return _variants;
        }
    }

    private ImmutableArray<SqlVariant> Flatten()
    {
        var variants = ImmutableArray.CreateBuilder<SqlVariant>();
        var pending = new Queue<ImmutableDictionary<ChoicePiece, int>>();
        var met = new HashSet<ChoicePiece>();
        pending.Enqueue(ImmutableDictionary<ChoicePiece, int>.Empty);
        while (pending.Count > 0 && variants.Count < MaxVariants)
        {
            var taken = pending.Dequeue();
            var writer = new VariantWriter(Form, taken);
            writer.Write(Rope, 0);
            variants.Add(writer.ToVariant());
            foreach (var choice in writer.Choices)
            {
                if (!met.Add(choice))
                {
                    continue;
                }

                for (var i = 1; i < choice.Alternatives.Length && pending.Count < MaxVariants; i++)
                {
                    pending.Enqueue(taken.SetItem(choice, i));
                }
            }
        }

        return variants.ToImmutable();
    }

    /// <summary>Writes one way through the choices.</summary>
    private sealed class VariantWriter(SqlTextForm form, ImmutableDictionary<ChoicePiece, int> taken)
    {
        /// <summary>Longer texts are no statements that people write; what lies beyond is not looked at.</summary>
        private const int MaxLength = 1 << 20;

        private const int MaxDepth = 100;

        private readonly StringBuilder _text = new();
        private readonly ImmutableArray<SqlRun>.Builder _runs = ImmutableArray.CreateBuilder<SqlRun>();
        private readonly ImmutableArray<int>.Builder _positions = ImmutableArray.CreateBuilder<int>();
        private readonly ImmutableArray<HolePiece>.Builder _holes = ImmutableArray.CreateBuilder<HolePiece>();
        private bool _atListStart;
        private int _parameters;

        public List<ChoicePiece> Choices { get; } = [];

        public SqlVariant ToVariant() =>
            new(new SqlSource(_text.ToString(), _positions.ToImmutable()), _holes.ToImmutable(), _runs.ToImmutable());

        public void Write(SqlRope rope, int depth)
        {
            if (depth > MaxDepth)
            {
                return;
            }

            foreach (var piece in rope.ToArray())
            {
                if (_text.Length > MaxLength)
                {
                    return;
                }

                switch (piece)
                {
                    case LiteralPiece literal:
                        Write(literal);
                        break;
                    case HolePiece hole:
                        Write(hole);
                        break;
                    case ChoicePiece choice:
                        Choices.Add(choice);
                        taken.TryGetValue(choice, out var index);
                        Write(choice.Alternatives[index], depth + 1);
                        break;
                    case ListStartPiece:
                        _atListStart = true;
                        break;
                    case SeparatorPiece separator when !_atListStart && !ReferenceEquals(piece, rope.Last):
                        Write(separator.Separator, depth + 1);
                        break;
                }
            }
        }

        private void Write(HolePiece hole)
        {
            _atListStart = false;
            if (form == SqlTextForm.Formattable)
            {
                var name = "@p" + _parameters++;
                _runs.Add(new SqlRun(_text.Length, name.Length, hole.Site, null, 0));
                _text.Append(name);
                return;
            }

            _positions.Add(_text.Length);
            _holes.Add(hole);
            _runs.Add(new SqlRun(_text.Length, 1, hole.Site, null, 0));
            _text.Append(SqlSource.HoleMark);
        }

        private void Write(LiteralPiece literal)
        {
            _atListStart &= literal.Text.Length == 0;
            if (form != SqlTextForm.CompositeFormat)
            {
                Append(literal, 0, literal.Text.Length, literal.Text);
                return;
            }

            // EF formats the text once more: {{ is a brace, {0} a parameter.
            var text = literal.Text;
            var start = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] is not ('{' or '}'))
                {
                    continue;
                }

                Append(literal, start, i, text.Substring(start, i - start));
                start = i;
                if (i + 1 < text.Length && text[i + 1] == text[i])
                {
                    Append(literal, i, i + 2, text.Substring(i, 1));
                    start = ++i + 1;
                    continue;
                }

                var digits = i + 1;
                while (digits < text.Length && text[digits] is >= '0' and <= '9')
                {
                    digits++;
                }

                var end = text[i] == '{' && digits > i + 1 ? text.IndexOf('}', digits) : -1;
                if (end >= 0)
                {
                    Append(literal, i, end + 1, "@p" + text.Substring(i + 1, digits - i - 1));
                    i = end;
                    start = end + 1;
                }
            }

            Append(literal, start, text.Length, text.Substring(start));
        }

        private void Append(LiteralPiece literal, int start, int end, string text)
        {
            if (text.Length > 0)
            {
                _runs.Add(new SqlRun(_text.Length, text.Length, literal.Site, literal, start) { SourceLength = end - start });
                _text.Append(text);
            }
        }
    }
}

/// <summary>Characters of a variant that come from one place in the C# code.</summary>
internal readonly record struct SqlRun(int Start, int Length, SyntaxNode? Site, LiteralPiece? Literal, int LiteralStart)
{
    /// <summary>The number of characters of the literal's value; differs from <see cref="Length"/> for a placeholder or a doubled brace.</summary>
    public int SourceLength { get; init; } = Length;

    public int End => Start + Length;
}

/// <summary>Where characters of a variant come from.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Token">The C# literal that holds them; default for a hole and for a computed constant.</param>
/// <param name="Source">Their place in the source, or null where they stand in no literal.</param>
/// <param name="Site">The C# expression.</param>
/// <param name="Hole">The number of the hole, or -1.</param>
public readonly record struct SqlOrigin(SqlSpan Span, SyntaxToken Token, TextSpan? Source, SyntaxNode? Site, int Hole);

/// <summary>One way through the choices of a text: characters with holes, and the way back to the C# code.</summary>
public sealed class SqlVariant
{
    private readonly ImmutableArray<SqlRun> _runs;

    internal SqlVariant(SqlSource source, ImmutableArray<HolePiece> holes, ImmutableArray<SqlRun> runs)
    {
        Source = source;
        Holes = holes;
        _runs = runs;
    }

    /// <summary>The characters.</summary>
    public SqlSource Source { get; }

    /// <summary>The holes, by their number in <see cref="Source"/>.</summary>
    public ImmutableArray<HolePiece> Holes { get; }

    /// <summary>The C# code that a range of the text comes from.</summary>
    /// <param name="span">The range.</param>
    /// <returns>
    /// The exact characters where both ends lie in literals of one tree; otherwise the expression that the first character comes from; null where
    /// there is none.
    /// </returns>
    public Location? Locate(SqlSpan span)
    {
        var first = RunAt(span.Start);
        var last = RunAt(Math.Max(span.Start, span.End - 1));
        if (first < 0)
        {
            return null;
        }

        var tree = TreeOf(_runs[first]);
        if (tree is null || Map(_runs[first], span.Start) is not { } start)
        {
            return _runs[first].Site?.GetLocation();
        }

        return last >= 0 && TreeOf(_runs[last]) == tree && Map(_runs[last], Math.Max(span.Start, span.End - 1)) is { } end && end.End >= start.Start
            ? Location.Create(tree, TextSpan.FromBounds(start.Start, end.End))
            : _runs[first].Site?.GetLocation();
    }

    /// <summary>Where the characters of a range come from: literal characters and holes, in order; for fixes.</summary>
    /// <param name="span">The range; parts of it beyond the text are left out.</param>
    public ImmutableArray<SqlOrigin> Origins(SqlSpan span)
    {
        var result = ImmutableArray.CreateBuilder<SqlOrigin>();
        for (var i = Math.Max(0, RunAt(span.Start)); i < _runs.Length && _runs[i].Start < span.End; i++)
        {
            var run = _runs[i];
            var from = Math.Max(span.Start, run.Start);
            var to = Math.Min(span.End, run.End);
            if (from >= to)
            {
                continue;
            }

            TextSpan? source = null;
            if (run.Literal is { } literal && TokenMap.Create(literal.Origin) is { } map)
            {
                var start = literal.OriginStart + run.LiteralStart;
                source = run.SourceLength == run.Length
                    ? map.Map(start + from - run.Start, start + to - run.Start)
                    : map.Map(start, start + run.SourceLength);
            }

            var hole = run.Literal is null ? Source.HoleAt(run.Start) : -1;
            result.Add(new SqlOrigin(SqlSpan.FromBounds(from, to), run.Literal?.Origin ?? default, source, run.Site, hole));
        }

        return result.ToImmutable();
    }

    private static SyntaxTree? TreeOf(SqlRun run) => run.Literal?.Origin.SyntaxTree ?? run.Site?.SyntaxTree;

    private static TextSpan? Map(SqlRun run, int position)
    {
        if (run.Literal is not { } literal)
        {
            return run.Site?.Span;
        }

        if (TokenMap.Create(literal.Origin) is not { } map)
        {
            return null;
        }

        var start = literal.OriginStart + run.LiteralStart;
        return run.SourceLength == run.Length
            ? map.Map(start + position - run.Start, start + position - run.Start + 1)
            : map.Map(start, start + run.SourceLength);
    }

    private int RunAt(int position)
    {
        var low = 0;
        var high = _runs.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_runs[middle].End <= position)
            {
                low = middle + 1;
            }
            else if (_runs[middle].Start > position)
            {
                high = middle - 1;
            }
            else
            {
                return middle;
            }
        }

        return -1;
    }
}
