using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes;

/// <summary>A piece of what an SQL range is written as in C#: SQL characters, or an expression that is pasted.</summary>
/// <param name="Text">The SQL characters, or null.</param>
/// <param name="Element">The pasted expression, or null.</param>
internal readonly record struct SourcePart(string? Text, TextElement? Element);

/// <summary>The C# source of a range of SQL text: in one text expression, or in several that are appended to each other.</summary>
internal sealed class SqlRange
{
    internal SqlRange(ImmutableArray<RangePart> ranges, ImmutableArray<SourcePart> parts)
    {
        Ranges = ranges;
        Parts = parts;
    }

    /// <summary>The range within each text expression, in order.</summary>
    public ImmutableArray<RangePart> Ranges { get; }

    /// <summary>The content in order.</summary>
    public ImmutableArray<SourcePart> Parts { get; }

    /// <summary>The expressions that are pasted.</summary>
    public IEnumerable<TextElement> Pasted => Parts.Where(part => part.Element is not null).Select(part => part.Element!);

    /// <summary>The identity of the place, to tell whether two variants mean the same edit.</summary>
    public string Id => string.Join(";", Ranges.Select(range => $"{range.Start}-{range.End}"));
}

/// <summary>A range within one text expression, in source positions.</summary>
internal sealed record RangePart(TextRoot Root, int Start, int End)
{
    /// <summary>Whether a piece of the text expression lies in the range.</summary>
    public bool Contains(TextElement element) => element.Span.Start >= Start && element.Span.End <= End && element.Span.Length > 0;
}

/// <summary>
/// Edits SQL inside C# text: finds where a range of SQL characters stands in the source, and replaces it there with as small a change as can be.
/// Formatting and comments stay.
/// </summary>
internal sealed class SqlEdit
{
    private readonly FixScope _scope;
    private readonly SyntaxNode _member;
    private readonly Dictionary<ExpressionSyntax, TextRoot> _roots = [];
    private readonly Dictionary<string, (SqlRange Range, string Text)> _replacements = new(StringComparer.Ordinal);

    /// <summary>Edits texts within one member.</summary>
    public SqlEdit(FixScope scope, SyntaxNode member)
    {
        _scope = scope;
        _member = member;
    }

    /// <summary>The text expressions that are edited.</summary>
    public IEnumerable<TextRoot> EditedRoots => _replacements.Values.SelectMany(edit => edit.Range.Ranges).Select(range => range.Root).Distinct();

    /// <summary>Where a range of SQL characters stands in the source, or null where that is not plain to see.</summary>
    public SqlRange? Find(SqlVariant variant, SqlSpan span)
    {
        var origins = variant.Origins(span);
        if (origins.IsEmpty)
        {
            return null;
        }

        var first = origins[0];
        var last = origins[origins.Length - 1];
        if (origins.Length == 1 && first.Hole >= 0)
        {
            return FindHole(variant, first) is { } found
                ? new SqlRange(
                    ImmutableArray.Create(new RangePart(found.Root, found.Element.Span.Start, found.Element.Span.End)),
                    ImmutableArray.Create(new SourcePart(null, found.Element)))
                : null;
        }

        if (RootOf(first) is not { } head || RootOf(last) is not { } tail)
        {
            return null;
        }

        var ranges = ImmutableArray.CreateBuilder<RangePart>();
        if (head == tail)
        {
            var start = first.Source!.Value.Start;
            var end = last.Source!.Value.End;
            if (end <= start)
            {
                return null;
            }

            ranges.Add(new RangePart(head, start, end));
        }
        else if (!FindRanges(origins, ranges))
        {
            return null;
        }

        return PartsOf(variant, ranges, origins) is { } parts ? new SqlRange(ranges.ToImmutable(), parts) : null;
    }

    // Several text expressions one after the other: Append calls, += statements. Each but the ends is taken whole.
    private bool FindRanges(ImmutableArray<SqlOrigin> origins, ImmutableArray<RangePart>.Builder ranges)
    {
        TextRoot? current = null;
        var start = 0;
        var end = 0;
        foreach (var origin in origins)
        {
            TextRoot? root;
            TextSpan source;
            if (origin.Hole >= 0)
            {
                if (DirectPaste(origin) is not { } paste)
                {
                    return false;
                }

                (root, source) = (paste.Root, paste.Element.Span);
            }
            else if (RootOf(origin) is { } own)
            {
                (root, source) = (own, origin.Source!.Value);
            }
            else
            {
                return false;
            }

            if (root != current)
            {
                if (current is not null && !Close())
                {
                    return false;
                }

                if (ranges.Count > 0 && source.Start != FirstOf(root))
                {
                    return false;
                }

                current = root;
                start = source.Start;
            }

            end = source.End;
        }

        ranges.Add(new RangePart(current!, start, end));
        return true;

        bool Close()
        {
            ranges.Add(new RangePart(current!, start, end));
            return end == LastOf(current!);
        }
    }

    private static int FirstOf(TextRoot root) => root.Elements.FirstOrDefault(element => element.Span.Length > 0)?.Span.Start ?? -1;

    private static int LastOf(TextRoot root) => root.Elements.LastOrDefault(element => element.Span.Length > 0)?.Span.End ?? -1;

    // A hole that stands bare: where its text is pasted. The value may come from elsewhere, through a variable.
    private (TextRoot Root, TextElement Element)? FindHole(SqlVariant variant, SqlOrigin hole)
    {
        if (DirectPaste(hole) is { } direct)
        {
            return direct;
        }

        if (hole.Span.Start > 0 && variant.Origins(new SqlSpan(hole.Span.Start - 1, 1)) is { Length: 1 } before && RootOf(before[0]) is { } root)
        {
            var index = root.Elements.IndexOf(root.Elements.FirstOrDefault(element => element.IsText && element.Span.End == before[0].Source!.Value.End)!);
            if (index >= 0 && index + 1 < root.Elements.Length && root.Elements[index + 1] is { IsText: false } next && IsVariable(next.Value!))
            {
                return (root, next);
            }
        }

        return null;
    }

    private static bool IsVariable(ExpressionSyntax value) => value is IdentifierNameSyntax or MemberAccessExpressionSyntax;

    // A hole whose own expression is pasted right there.
    private (TextRoot Root, TextElement Element)? DirectPaste(SqlOrigin hole)
    {
        if (hole.Site is not { } site || !IsVisible(site))
        {
            return null;
        }

        var node = site switch
        {
            InterpolationSyntax { Parent: InterpolatedStringExpressionSyntax interpolated } => interpolated,
            ExpressionSyntax expression => expression,
            ArgumentSyntax argument => argument.Expression,
            _ => null,
        };
        if (node is null)
        {
            return null;
        }

        // An argument of Format stands where its placeholder is.
        if (node.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } } own &&
            call.ArgumentList.Arguments[0] is var format && format != own)
        {
            var formatted = Cached(format.Expression);
            if (formatted.Elements.Where(element => element.Node == own).ToList() is { Count: 1 } places && places[0].Argument >= 0)
            {
                return (formatted, places[0]);
            }
        }

        var root = Cached(node);
        return root.Elements.FirstOrDefault(candidate => !candidate.IsText && (candidate.Node == site || candidate.Value == site || candidate.Value == node))
            is { } element
            ? (root, element)
            : null;
    }

    private bool IsVisible(SyntaxNode node) => node.SyntaxTree == _scope.Root.SyntaxTree && _member.Span.Contains(node.Span);

    private TextRoot? RootOf(SqlOrigin origin) =>
        origin.Hole < 0 && origin.Source is not null && origin.Token.Parent is { } parent && IsVisible(parent) &&
        (parent is InterpolatedStringTextSyntax { Parent: InterpolatedStringExpressionSyntax interpolated } ? interpolated : parent as ExpressionSyntax) is { } node
            ? Cached(node)
            : null;

    private TextRoot Cached(ExpressionSyntax node)
    {
        var root = TextRoot.Around(node, _scope.Model);
        if (_roots.TryGetValue(root.Expression, out var known))
        {
            return known;
        }

        _roots.Add(root.Expression, root);
        return root;
    }

    private static ImmutableArray<SourcePart>? PartsOf(SqlVariant variant, ImmutableArray<RangePart>.Builder ranges, ImmutableArray<SqlOrigin> origins)
    {
        var parts = ImmutableArray.CreateBuilder<SourcePart>();
        foreach (var range in ranges)
        {
            foreach (var element in range.Root.Elements)
            {
                if (!element.IsText)
                {
                    if (range.Contains(element))
                    {
                        parts.Add(new SourcePart(null, element));
                    }

                    continue;
                }

                if (element.Span.End <= range.Start || element.Span.Start >= range.End)
                {
                    continue;
                }

                var text = new System.Text.StringBuilder();
                foreach (var origin in origins)
                {
                    if (origin.Token == element.Token && origin.Source is { } source && element.Span.Contains(source))
                    {
                        text.Append(variant.Source.ToString(origin.Span));
                    }
                }

                parts.Add(new SourcePart(text.ToString(), null));
            }
        }

        return parts.ToImmutable();
    }

    /// <summary>Replaces a range by SQL text (letters, digits and punctuation that need no escape in C#).</summary>
    /// <returns>False where it contradicts another replacement.</returns>
    public bool Replace(SqlRange range, string text)
    {
        if (_replacements.TryGetValue(range.Id, out var known))
        {
            return known.Text == text;
        }

        foreach (var other in _replacements.Values)
        {
            if (other.Range.Ranges.Any(mine => range.Ranges.Any(theirs => mine.Start < theirs.End && theirs.Start < mine.End)))
            {
                return false;
            }
        }

        _replacements.Add(range.Id, (range, text));
        return true;
    }

    /// <summary>Whether a replacement has been asked for at exactly this place.</summary>
    public bool HasReplacement(SqlRange range) => _replacements.ContainsKey(range.Id);

    /// <summary>Whether some replacement touches these source characters.</summary>
    public bool Touches(TextSpan source) =>
        _replacements.Values.Any(edit => edit.Range.Ranges.Any(range => range.Start < source.End && source.Start < range.End));

    /// <summary>The replacements that touch these source characters, by their identity.</summary>
    public IEnumerable<string> Touching(TextSpan source) =>
        _replacements.Where(edit => edit.Value.Range.Ranges.Any(range => range.Start < source.End && source.Start < range.End)).Select(edit => edit.Key);

    /// <summary>The changes of the document, or null where one can't be written.</summary>
    public List<TextChange>? ToChanges()
    {
        var states = new Dictionary<TextRoot, RootEdit>();
        foreach (var (range, text) in _replacements.Values)
        {
            // The text goes where the first expression is pasted, if that is another place than where the range begins.
            var at = range.Ranges.Length == 1 || AreNeighbours(range.Ranges) ? range.Ranges[0]
                : range.Ranges.FirstOrDefault(part => part.Root.Elements.Any(element => !element.IsText && part.Contains(element))) ?? range.Ranges[0];
            foreach (var part in range.Ranges)
            {
                if (!states.TryGetValue(part.Root, out var state))
                {
                    states.Add(part.Root, state = new RootEdit(part.Root, _scope));
                }

                state.Replace(part, part == at ? text : "");
            }
        }

        var changes = new List<TextChange>();
        foreach (var state in states.Values)
        {
            if (!state.Write(changes))
            {
                return null;
            }
        }

        return changes;
    }

    // Appended one right behind the other: in one chain, or in statements that follow each other.
    private static bool AreNeighbours(ImmutableArray<RangePart> ranges)
    {
        for (var i = 1; i < ranges.Length; i++)
        {
            var (before, after) = (ranges[i - 1].Root.Expression, ranges[i].Root.Expression);
            var isChained = Appending(after) is { Expression: MemberAccessExpressionSyntax { Expression: var receiver } } && receiver == Appending(before) && receiver is not null;
            var (first, second) = (before.FirstAncestorOrSelf<StatementSyntax>(), after.FirstAncestorOrSelf<StatementSyntax>());
            var isNext = first is ExpressionStatementSyntax or LocalDeclarationStatementSyntax && second is ExpressionStatementSyntax && first != second &&
                first.Parent is BlockSyntax block && second.Parent == block && block.Statements.IndexOf(first) + 1 == block.Statements.IndexOf(second);
            if (!isChained && !isNext)
            {
                return false;
            }
        }

        return true;
    }

    private static InvocationExpressionSyntax? Appending(ExpressionSyntax text) =>
        text.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 1, Parent: InvocationExpressionSyntax
            { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Append" } } call } } ? call : null;

    /// <summary>The edit of one text expression.</summary>
    private sealed class RootEdit(TextRoot root, FixScope scope)
    {
        private readonly List<(RangePart Range, string Text)> _replaced = [];
        private readonly Dictionary<int, string> _literals = [];
        private readonly HashSet<int> _removed = [];
        private readonly HashSet<int> _absorbed = [];
        private readonly HashSet<int> _merged = [];

        public void Replace(RangePart range, string text) => _replaced.Add((range, text));

        private bool Covers(TextElement element) => _replaced.Any(edit => edit.Range.Contains(element));

        public bool Write(List<TextChange> changes)
        {
            var inner = new List<TextChange>();
            foreach (var (range, text) in _replaced)
            {
                Split(range, text, inner);
            }

            for (var i = 0; i < root.Operands.Length; i++)
            {
                if (!_removed.Contains(i) && root.Operands[i].Kind is OperandKind.Literal or OperandKind.Interpolated && IsEmptied(i, inner))
                {
                    _removed.Add(i);
                }
            }

            if (_removed.Count == root.Operands.Length)
            {
                return RemoveRoot(changes);
            }

            if (_removed.Contains(0) && !StaysText())
            {
                return false;
            }

            Absorb(changes);
            Join(changes);
            for (var i = 0; i < root.Operands.Length; i++)
            {
                if (_removed.Contains(i))
                {
                    continue;
                }

                var operand = root.Operands[i];
                if (_absorbed.Contains(i))
                {
                    continue;
                }

                if (_literals.TryGetValue(i, out var literal))
                {
                    changes.Add(new TextChange(operand.Node.Span, "\"" + literal + "\""));
                    continue;
                }

                if (operand.Kind == OperandKind.Interpolated && !WriteInterpolated(i, changes))
                {
                    return false;
                }

                if (operand.Kind == OperandKind.Format && !WriteFormat(i, changes))
                {
                    return false;
                }

                changes.AddRange(inner.Where(change => operand.Node.Span.Contains(change.Span)));
            }

            return true;
        }

        // A range as edits within each operand that it touches.
        private void Split(RangePart range, string text, List<TextChange> inner)
        {
            var pending = text;
            var elements = root.Elements.Where(element => element.Span.Start < range.End && range.Start < element.Span.End).ToList();
            foreach (var group in elements.GroupBy(element => element.Operand))
            {
                var operand = root.Operands[group.Key];
                if (operand.Kind == OperandKind.Value)
                {
                    if (pending.Length > 0)
                    {
                        _literals[group.Key] = pending;
                        pending = "";
                    }
                    else
                    {
                        _removed.Add(group.Key);
                    }

                    continue;
                }

                var start = Math.Max(range.Start, group.Min(element => element.Span.Start));
                var end = Math.Min(range.End, group.Max(element => element.Span.End));
                inner.Add(new TextChange(TextSpan.FromBounds(start, end), pending));
                pending = "";
            }
        }

        private bool IsEmptied(int operand, List<TextChange> inner)
        {
            var elements = root.Elements.Where(element => element.Operand == operand && element.Span.Length > 0).ToList();
            return elements.Count > 0 && elements.All(element => inner.Any(change => change.NewText!.Length == 0 && change.Span.Contains(element.Span)));
        }

        // Without its first operands the sum is still one of strings.
        private bool StaysText()
        {
            if (root.Concat is not null)
            {
                return true;
            }

            var kept = Enumerable.Range(0, root.Operands.Length).Where(i => !_removed.Contains(i)).Take(2).ToList();
            return kept.Any(i => root.Operands[i].Kind != OperandKind.Value || _literals.ContainsKey(i) ||
                scope.Model.GetTypeInfo(root.Operands[i].Node).Type?.SpecialType == SpecialType.System_String);
        }

        // A placeholder joins the literal before it, and that one the literal behind it, where they stand on one line.
        private void Absorb(List<TextChange> changes)
        {
            foreach (var i in _literals.Keys.OrderBy(key => key).ToList())
            {
                if (i == 0 || _removed.Contains(i - 1) || _literals.ContainsKey(i - 1) || Prefix(i - 1) is not { } left || !IsPlainGap(i - 1, i) ||
                    changes.Any(change => change.Span.End > ContentEnd(i - 1) && change.Span.Start < root.Operands[i].Outer.Span.End))
                {
                    continue;
                }

                if (i + 1 < root.Operands.Length && !_removed.Contains(i + 1) && !_literals.ContainsKey(i + 1) && Prefix(i + 1) == left && IsPlainGap(i, i + 1))
                {
                    changes.Add(new TextChange(TextSpan.FromBounds(ContentEnd(i - 1), ContentStart(i + 1)), _literals[i]));
                    _merged.Add(i + 1);
                }
                else
                {
                    changes.Add(new TextChange(TextSpan.FromBounds(ContentEnd(i - 1), root.Operands[i].Outer.Span.End), _literals[i] + "\""));
                }

                _absorbed.Add(i);
            }
        }

        private bool IsPlainGap(int a, int b)
        {
            var gap = scope.TextOf(TextSpan.FromBounds(root.Operands[a].Outer.Span.End, root.Operands[b].Outer.SpanStart));
            return root.Operands[a].Outer is not ParenthesizedExpressionSyntax && root.Operands[b].Outer is not ParenthesizedExpressionSyntax &&
                gap.IndexOf('\n') < 0 && !HasComment(gap);
        }

        // Takes the removed operands out, with one operator each, and makes one literal of two that only a removed value kept apart.
        private void Join(List<TextChange> changes)
        {
            var kept = Enumerable.Range(0, root.Operands.Length).Where(i => !_removed.Contains(i)).ToList();
            var first = root.Operands[kept[0]].Outer.SpanStart;
            Delete(root.Operands[0].Outer.SpanStart, first);
            for (var k = 0; k < kept.Count; k++)
            {
                var a = kept[k];
                var b = k + 1 < kept.Count ? kept[k + 1] : root.Operands.Length;
                if (b == a + 1)
                {
                    continue;
                }

                var from = root.Operands[a].Outer.Span.End;
                var lastRemoved = root.Operands[b - 1].Outer.Span.End;
                if (b == root.Operands.Length)
                {
                    DeleteAround(from, lastRemoved, a + 1, b);
                    continue;
                }

                var to = root.Operands[b].Outer.SpanStart;
                var gap = scope.TextOf(TextSpan.FromBounds(from, to));
                if (!HasComment(gap) && gap.IndexOf('\n') < 0 && CanMerge(a, b))
                {
                    Delete(ContentEnd(a), ContentStart(b));
                    _merged.Add(b);
                }
                else if (scope.TextOf(TextSpan.FromBounds(from, root.Operands[a + 1].Outer.SpanStart)).IndexOf('\n') >= 0 &&
                    scope.TextOf(TextSpan.FromBounds(lastRemoved, to)).IndexOf('\n') < 0)
                {
                    DeleteBefore(root.Operands[a + 1].Outer.SpanStart, to, a + 1, b);
                }
                else
                {
                    DeleteAround(from, lastRemoved, a + 1, b);
                }
            }

            if (root.Concat is { } concat && kept.Count(i => !_absorbed.Contains(i) && !_merged.Contains(i)) == 1 &&
                (root.Operands[kept[0]].Kind != OperandKind.Value || _literals.ContainsKey(kept[0])))
            {
                Delete(concat.SpanStart, root.Operands[0].Outer.SpanStart);
                Delete(root.Operands[root.Operands.Length - 1].Outer.Span.End, concat.Span.End);
            }

            void Delete(int start, int end)
            {
                if (end > start)
                {
                    changes.Add(new TextChange(TextSpan.FromBounds(start, end), ""));
                }
            }

            void DeleteWithSpace(int start, int end) => Delete(scope.Text[start - 1] == ' ' ? start - 1 : start, end);

            // The operator before each removed operand and the operand; comments between them stay.
            void DeleteAround(int start, int end, int from, int to)
            {
                if (!HasComment(scope.TextOf(TextSpan.FromBounds(start, end))))
                {
                    Delete(start, end);
                    return;
                }

                for (var i = from; i < to; i++)
                {
                    DeleteOperator(root.Operands[i - 1].Outer.Span.End, root.Operands[i].Outer.SpanStart);
                    DeleteWithSpace(root.Operands[i].Outer.SpanStart, root.Operands[i].Outer.Span.End);
                }
            }

            void DeleteBefore(int start, int end, int from, int to)
            {
                if (!HasComment(scope.TextOf(TextSpan.FromBounds(start, end))))
                {
                    Delete(start, end);
                    return;
                }

                for (var i = from; i < to; i++)
                {
                    Delete(root.Operands[i].Outer.SpanStart, root.Operands[i].Outer.Span.End);
                    DeleteOperator(root.Operands[i].Outer.Span.End, root.Operands[i + 1].Outer.SpanStart);
                }
            }

            void DeleteOperator(int start, int end)
            {
                for (var token = scope.Root.FindToken(start); token.SpanStart < end; token = token.GetNextToken())
                {
                    if (token.SpanStart >= start && (token.IsKind(SyntaxKind.PlusToken) || token.IsKind(SyntaxKind.CommaToken)))
                    {
                        DeleteWithSpace(token.SpanStart, token.Span.End);
                        return;
                    }
                }
            }
        }

        private static bool HasComment(string text) => text.Contains("//") || text.Contains("/*");

        // Two literals of one kind, between which one replacement reaches.
        private bool CanMerge(int a, int b)
        {
            if (_literals.ContainsKey(a) || _literals.ContainsKey(b) || Prefix(a) is not { } left || Prefix(b) is not { } right || left != right)
            {
                return false;
            }

            return _replaced.Any(edit => edit.Range.Start <= ContentEnd(a) && edit.Range.End >= ContentStart(b));
        }

        // How a literal begins, as it will be written; null where it can't be merged with another.
        private string? Prefix(int operand) => root.Operands[operand] switch
        {
            { Kind: OperandKind.Literal, Node: LiteralExpressionSyntax { Token: var token } } when token.IsKind(SyntaxKind.StringLiteralToken) =>
                token.Text[0] == '@' ? "@\"" : "\"",
            { Kind: OperandKind.Interpolated, Node: InterpolatedStringExpressionSyntax text }
                when text.StringStartToken.Kind() is SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken =>
                IsPlain(operand) ? text.StringStartToken.Text.Replace("$", "") : text.StringStartToken.Text,
            _ => null,
        };

        private int ContentStart(int operand) => root.Operands[operand].Node switch
        {
            InterpolatedStringExpressionSyntax text => text.StringStartToken.Span.End,
            LiteralExpressionSyntax literal => TextRoot.Content(literal.Token).Start,
            var node => node.SpanStart,
        };

        private int ContentEnd(int operand) => root.Operands[operand].Node switch
        {
            InterpolatedStringExpressionSyntax text => text.StringEndToken.SpanStart,
            LiteralExpressionSyntax literal => TextRoot.Content(literal.Token).End,
            var node => node.Span.End,
        };

        // No expression is left in it.
        private bool IsPlain(int operand) =>
            root.Elements.Where(element => element.Operand == operand && !element.IsText).All(Covers) &&
            root.Elements.Any(element => element.Operand == operand && !element.IsText);

        private bool WriteInterpolated(int operand, List<TextChange> changes)
        {
            if (!IsPlain(operand))
            {
                return true;
            }

            var start = ((InterpolatedStringExpressionSyntax)root.Operands[operand].Node).StringStartToken;
            var isRaw = start.Kind() is not (SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken);
            for (var i = 0; i < start.Text.Length && !_merged.Contains(operand); i++)
            {
                if (start.Text[i] == '$')
                {
                    // All dollars stand together.
                    var count = start.Text.LastIndexOf('$') - i + 1;
                    changes.Add(new TextChange(new TextSpan(start.SpanStart + i, count), ""));
                    break;
                }
            }

            if (!isRaw)
            {
                UndoubleBraces(operand, changes);
            }

            return true;
        }

        private void UndoubleBraces(int operand, List<TextChange> changes)
        {
            foreach (var element in root.Elements.Where(element => element.Operand == operand && element.IsText))
            {
                var text = scope.TextOf(element.Span);
                for (var i = 0; i + 1 < text.Length; i++)
                {
                    if (text[i] is '{' or '}' && text[i + 1] == text[i])
                    {
                        var span = new TextSpan(element.Span.Start + i, 1);
                        if (!_replaced.Any(edit => edit.Range.Start <= span.Start && edit.Range.End >= span.End))
                        {
                            changes.Add(new TextChange(span, ""));
                        }

                        i++;
                    }
                }
            }
        }

        private bool WriteFormat(int operand, List<TextChange> changes)
        {
            var call = (InvocationExpressionSyntax)root.Operands[operand].Node;
            var arguments = call.ArgumentList.Arguments;
            var kept = root.Elements.Where(element => element.Operand == operand && element.Argument >= 0 && !Covers(element)).ToList();
            var used = new HashSet<int>(kept.Select(element => element.Argument));
            var dropped = new HashSet<int>(root.Elements.Where(element => element.Operand == operand && element.Argument >= 0 && Covers(element))
                .Select(element => element.Argument).Where(index => !used.Contains(index)));
            if (kept.Count == 0 && dropped.Count == arguments.Count - 1)
            {
                UndoubleBraces(operand, changes);
                if (call.Expression is MemberAccessExpressionSyntax { Name: { Identifier.ValueText: "AppendFormat" } name })
                {
                    changes.Add(new TextChange(name.Span, "Append"));
                    changes.Add(new TextChange(TextSpan.FromBounds(arguments[0].Span.End, arguments.Last().Span.End), ""));
                    return !HasComment(scope.TextOf(TextSpan.FromBounds(arguments[0].Span.End, arguments.Last().Span.End)));
                }

                if (HasComment(scope.TextOf(TextSpan.FromBounds(arguments[0].Span.End, call.Span.End))))
                {
                    return false;
                }

                changes.Add(new TextChange(TextSpan.FromBounds(call.SpanStart, arguments[0].SpanStart), ""));
                changes.Add(new TextChange(TextSpan.FromBounds(arguments[0].Span.End, call.Span.End), ""));
                return true;
            }

            foreach (var index in dropped.OrderBy(index => index))
            {
                var span = TextSpan.FromBounds(arguments[index].Span.End, arguments[index + 1].Span.End);
                if (HasComment(scope.TextOf(span)))
                {
                    return false;
                }

                changes.Add(new TextChange(span, ""));
            }

            foreach (var element in kept)
            {
                var below = dropped.Count(index => index < element.Argument);
                if (below > 0)
                {
                    var digits = element.Argument.ToString(CultureInfo.InvariantCulture).Length;
                    changes.Add(new TextChange(
                        new TextSpan(element.Span.Start + 1, digits), (element.Argument - below).ToString(CultureInfo.InvariantCulture)));
                }
            }

            return true;
        }

        // Nothing is left of the text: the call that appends it goes, where it stands alone.
        private bool RemoveRoot(List<TextChange> changes)
        {
            var expression = root.Expression;
            if (expression.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 1, Parent: InvocationExpressionSyntax
                { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Append" } access } call } })
            {
                if (call.Parent is ExpressionStatementSyntax { Parent: BlockSyntax } statement && access.Expression is IdentifierNameSyntax)
                {
                    return RemoveStatement(statement, changes);
                }

                if (!HasComment(scope.TextOf(TextSpan.FromBounds(access.Expression.Span.End, call.Span.End))) &&
                    (call.Parent is MemberAccessExpressionSyntax || access.Expression is InvocationExpressionSyntax))
                {
                    changes.Add(new TextChange(TextSpan.FromBounds(access.Expression.Span.End, call.Span.End), ""));
                    return true;
                }
            }

            if (expression.Parent is AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax } addition } assignment &&
                assignment.IsKind(SyntaxKind.AddAssignmentExpression) && assignment.Left is IdentifierNameSyntax)
            {
                return RemoveStatement(addition, changes);
            }

            changes.Add(new TextChange(expression.Span, "\"\""));
            return true;
        }

        private bool RemoveStatement(StatementSyntax statement, List<TextChange> changes)
        {
            var line = scope.Text.Lines.GetLineFromPosition(statement.SpanStart);
            var isAlone = scope.TextOf(line.Span).Trim() == statement.ToString();
            changes.Add(new TextChange(isAlone ? line.SpanIncludingLineBreak : statement.Span, ""));
            return true;
        }
    }
}
