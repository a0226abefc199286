using System.Collections.Immutable;
using System.Text;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>
/// EF Core's method that takes an interpolated string, in place of the raw one: its holes become parameters. Only where the text is written at the
/// call, and nothing but values is pasted into it. Braces count once less there: <c>{{{{</c> becomes <c>{{</c>.
/// </summary>
internal sealed class InterpolatedTwin
{
    private readonly FixScope _scope;
    private readonly TextRoot _root;
    private readonly ImmutableArray<(RangePart Range, ValueIdiom Idiom)> _values;

    private InterpolatedTwin(FixScope scope, TextRoot root, ImmutableArray<(RangePart Range, ValueIdiom Idiom)> values)
    {
        _scope = scope;
        _root = root;
        _values = values;
    }

    /// <summary>The changes that make a call one of the twin; null where the raw method must stay.</summary>
    public static ImmutableArray<TextChange>? Create(
        FixScope scope, DbCall call, IEnumerable<(SqlRange Range, ValueIdiom Idiom)> values, CancellationToken cancellation)
    {
        if (Emit.FormattableTwin(call.Api.Row, scope.Facts.Apis) is not { } twin ||
            call.Text.Variants.Length > 1 || EfCoreBinder.SuppliedBy(call) is not { Values.IsEmpty: true, List: null } ||
            (call.Operation.Syntax as InvocationExpressionSyntax)?.Expression switch
            {
                MemberAccessExpressionSyntax access => access.Name,
                MemberBindingExpressionSyntax binding => binding.Name,
                SimpleNameSyntax own => own,
                _ => null,
            } is not { } name)
        {
            return null;
        }

        var parts = ImmutableArray.CreateBuilder<(RangePart Range, ValueIdiom Idiom)>();
        foreach (var (range, idiom) in values)
        {
            if (range.Ranges.Length != 1)
            {
                return null;
            }

            parts.Add((range.Ranges[0], idiom));
        }

        var root = parts[0].Range.Root;
        if (parts.Any(part => part.Range.Root != root) || !IsWhole(call, root))
        {
            return null;
        }

        if (new InterpolatedTwin(scope, root, parts.OrderBy(part => part.Range.Start).ToImmutableArray()).Write() is not { } text)
        {
            return null;
        }

        var changes = ImmutableArray.Create(new TextChange(name.Identifier.Span, twin.Member), new TextChange(root.Expression.Span, text));
        return scope.Compiles(changes, cancellation) ? changes : null;
    }

    private static bool IsWhole(DbCall call, TextRoot root)
    {
        var argument = HoleValues.Strip(call.Api.SqlArgument!).Syntax;
        while (argument is ParenthesizedExpressionSyntax parens)
        {
            argument = parens.Expression;
        }

        return argument.Span == root.Expression.Span;
    }

    private string? Write()
    {
        if (Delimiters() is not { } delimiters)
        {
            return null;
        }

        var result = new StringBuilder(delimiters.Open);
        var next = 0;
        foreach (var element in _root.Elements)
        {
            if (!element.IsText)
            {
                if (!_values.Any(value => value.Range.Contains(element)))
                {
                    return null;
                }

                WriteValues(element.Span.End);
                continue;
            }

            var isDoubled = _root.Operands[element.Operand].Kind != OperandKind.Literal;
            var at = element.Span.Start;
            while (at < element.Span.End)
            {
                var covering = _values.FirstOrDefault(value => value.Range.Start <= at && at < value.Range.End);
                if (covering.Range is not null)
                {
                    WriteValues(at + 1);
                    at = Math.Min(covering.Range.End, element.Span.End);
                    continue;
                }

                var end = _values.Where(value => value.Range.Start > at).Select(value => value.Range.Start).Append(element.Span.End).Min();
                end = Math.Min(end, element.Span.End);
                var text = _scope.TextOf(TextSpan.FromBounds(at, end));
                if (!isDoubled)
                {
                    result.Append(text);
                }
                else if (!Halve(text, delimiters.IsRaw ? 2 : 4, result))
                {
                    return null;
                }

                at = end;
            }
        }

        WriteValues(int.MaxValue);
        return next == _values.Length ? result.Append(delimiters.Close).ToString() : null;

        // The values that begin before a place and have not been written yet.
        void WriteValues(int before)
        {
            for (; next < _values.Length && _values[next].Range.Start < before; next++)
            {
                var idiom = _values[next].Idiom;
                var hole = CSharpText.Hole(SyntaxFactory.ParseExpression(idiom.Value));
                result.Append(idiom.Before).Append('{', delimiters.Dollars).Append(hole, 1, hole.Length - 2).Append('}', delimiters.Dollars).Append(idiom.After);
            }
        }
    }

    // The interpolated string that it becomes: the one that is there, or one of the same kind as all its parts, which must stand on one line.
    private (string Open, string Close, int Dollars, bool IsRaw)? Delimiters()
    {
        if (_root.Operands.Length == 1 && _root.Operands[0].Node is InterpolatedStringExpressionSyntax { StringStartToken: var start, StringEndToken: var end })
        {
            var isRaw = start.Kind() is SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken;
            return (start.Text, end.Text, start.Text.Count(c => c == '$'), isRaw);
        }

        var prefixes = new HashSet<string>();
        foreach (var operand in _root.Operands)
        {
            var token = operand.Node switch
            {
                InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } when operand.Kind == OperandKind.Format => arguments[0].Expression.GetFirstToken(),
                _ when operand.Kind == OperandKind.Value => default,
                var text => text.GetFirstToken(),
            };
            switch (token.Kind())
            {
                case SyntaxKind.None:
                    break;
                case SyntaxKind.StringLiteralToken:
                    prefixes.Add(token.Text[0] == '@' ? "$@\"" : "$\"");
                    break;
                case SyntaxKind.InterpolatedStringStartToken:
                    prefixes.Add("$\"");
                    break;
                case SyntaxKind.InterpolatedVerbatimStringStartToken:
                    prefixes.Add("$@\"");
                    break;
                default:
                    return null;
            }
        }

        for (var i = 1; i < _root.Operands.Length; i++)
        {
            var gap = _scope.TextOf(TextSpan.FromBounds(_root.Operands[i - 1].Outer.Span.End, _root.Operands[i].Outer.SpanStart));
            if (gap.IndexOf('\n') >= 0 || gap.Contains("/*"))
            {
                return null;
            }
        }

        return prefixes.Count == 1 ? (prefixes.First(), "\"", 1, false) : null;
    }

    // Runs of braces with half their length; false where a run is something else than doubled braces, such as a placeholder.
    private static bool Halve(string text, int unit, StringBuilder result)
    {
        for (var i = 0; i < text.Length;)
        {
            if (text[i] is not ('{' or '}'))
            {
                result.Append(text[i++]);
                continue;
            }

            var end = i;
            while (end < text.Length && text[end] == text[i])
            {
                end++;
            }

            if ((end - i) % unit != 0)
            {
                return false;
            }

            result.Append(text[i], (end - i) / 2);
            i = end;
        }

        return true;
    }
}
