using System.Collections.Immutable;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes;

/// <summary>How an operand of a text stands in the source.</summary>
internal enum OperandKind
{
    /// <summary>A string literal.</summary>
    Literal,

    /// <summary>An interpolated string.</summary>
    Interpolated,

    /// <summary>A call of Format or AppendFormat whose format is a literal.</summary>
    Format,

    /// <summary>Any other expression: its text is pasted.</summary>
    Value,
}

/// <summary>A piece of the source of a text: characters of a literal, or an expression that is pasted there.</summary>
/// <param name="Operand">The index of the operand that it belongs to.</param>
/// <param name="Span">Its place: the characters, the interpolation with its braces, the placeholder, the operand.</param>
/// <param name="Token">The literal, where it is characters.</param>
/// <param name="Value">The expression that is pasted, or null where it is characters.</param>
/// <param name="Node">The interpolation or argument, for a pasted expression.</param>
/// <param name="Argument">For a placeholder: the index of its argument, otherwise -1.</param>
/// <param name="HasFormat">Whether a format or an alignment stands with it.</param>
internal sealed record TextElement(
    int Operand, TextSpan Span, SyntaxToken Token, ExpressionSyntax? Value, SyntaxNode? Node, int Argument = -1, bool HasFormat = false)
{
    public bool IsText => Value is null;
}

/// <summary>One operand of a text.</summary>
/// <param name="Outer">What stands between the operators: the expression with its parentheses, or the argument.</param>
/// <param name="Node">The expression without parentheses.</param>
/// <param name="Kind">What it is.</param>
internal sealed record TextOperand(SyntaxNode Outer, ExpressionSyntax Node, OperandKind Kind);

/// <summary>
/// One expression that makes text, read the way it is written: the operands of <c>+</c> or of Concat, or a single one, down to characters and
/// pasted expressions. What the text <em>means</em> is known to <see cref="SqlText"/>; this is what an edit changes.
/// </summary>
internal sealed class TextRoot
{
    private TextRoot(ExpressionSyntax expression, InvocationExpressionSyntax? concat, ImmutableArray<TextOperand> operands, ImmutableArray<TextElement> elements)
    {
        Expression = expression;
        Concat = concat;
        Operands = operands;
        Elements = elements;
    }

    /// <summary>The expression.</summary>
    public ExpressionSyntax Expression { get; }

    /// <summary>The call of Concat, where it is one.</summary>
    public InvocationExpressionSyntax? Concat { get; }

    /// <summary>The operands in order.</summary>
    public ImmutableArray<TextOperand> Operands { get; }

    /// <summary>The pieces in order.</summary>
    public ImmutableArray<TextElement> Elements { get; }

    /// <summary>The text around a node that is a literal, an interpolated string, or a value.</summary>
    public static TextRoot Around(ExpressionSyntax node, SemanticModel model)
    {
        ExpressionSyntax top = node;
        while (true)
        {
            switch (top.Parent)
            {
                case ParenthesizedExpressionSyntax parens when top is not BinaryExpressionSyntax:
                    top = parens;
                    continue;
                case BinaryExpressionSyntax sum when IsTextSum(sum, model) && (sum.Left == top || !(top is BinaryExpressionSyntax inner && IsTextSum(inner, model))):
                    top = sum;
                    continue;
                case ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } } argument
                    when top is not BinaryExpressionSyntax && FormatOf(call, model) == argument && !IsAppendFormat(call):
                    top = call;
                    continue;
            }

            break;
        }

        InvocationExpressionSyntax? concat = null;
        if (top.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax joined } } &&
            top is not BinaryExpressionSyntax && IsConcat(joined, model))
        {
            concat = joined;
        }
        else if (top.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax append } } format &&
            IsAppendFormat(append) && FormatOf(append, model) == format)
        {
            top = append;
        }

        return Create(concat ?? top, concat, model);
    }

    private static TextRoot Create(ExpressionSyntax expression, InvocationExpressionSyntax? concat, SemanticModel model)
    {
        var operands = ImmutableArray.CreateBuilder<TextOperand>();
        var elements = ImmutableArray.CreateBuilder<TextElement>();
        if (concat is not null)
        {
            foreach (var argument in concat.ArgumentList.Arguments)
            {
                Add(argument, argument.Expression);
            }
        }
        else
        {
            var right = new Stack<ExpressionSyntax>();
            var left = expression;
            while (left is BinaryExpressionSyntax sum && IsTextSum(sum, model))
            {
                right.Push(sum.Right);
                left = sum.Left;
            }

            Add(left, left);
            while (right.Count > 0)
            {
                var next = right.Pop();
                Add(next, next);
            }
        }

        return new TextRoot(expression, concat, operands.ToImmutable(), elements.ToImmutable());

        void Add(SyntaxNode outer, ExpressionSyntax node)
        {
            while (node is ParenthesizedExpressionSyntax parens && parens.Expression is not BinaryExpressionSyntax)
            {
                node = parens.Expression;
            }

            var index = operands.Count;
            switch (node)
            {
                case LiteralExpressionSyntax literal when literal.Token.Value is string:
                    operands.Add(new TextOperand(outer, node, OperandKind.Literal));
                    elements.Add(new TextElement(index, Content(literal.Token), literal.Token, null, null));
                    break;
                case InterpolatedStringExpressionSyntax interpolated:
                    operands.Add(new TextOperand(outer, node, OperandKind.Interpolated));
                    foreach (var content in interpolated.Contents)
                    {
                        elements.Add(content is InterpolationSyntax hole
                            ? new TextElement(index, hole.Span, default, hole.Expression, hole, -1, hole.FormatClause is not null || hole.AlignmentClause is not null)
                            : new TextElement(index, content.Span, ((InterpolatedStringTextSyntax)content).TextToken, null, null));
                    }

                    break;
                case InvocationExpressionSyntax call when FormatOf(call, model) is { } format && Placeholders(index, call, format, model) is { } pieces:
                    operands.Add(new TextOperand(outer, node, OperandKind.Format));
                    elements.AddRange(pieces);
                    break;
                default:
                    operands.Add(new TextOperand(outer, node, OperandKind.Value));
                    elements.Add(new TextElement(index, node.Span, default, node, outer));
                    break;
            }
        }
    }

    /// <summary>The characters of a literal, between its quotes.</summary>
    public static TextSpan Content(SyntaxToken token)
    {
        var text = token.Text;
        var open = text.StartsWith("@", StringComparison.Ordinal) ? 2 : 0;
        var close = 1;
        if (open == 0)
        {
            while (open < text.Length && text[open] == '"')
            {
                open++;
            }

            if (open is 1 or 2)
            {
                open = 1;
            }
            else
            {
                close = open;
            }
        }

        return TextSpan.FromBounds(token.SpanStart + open, Math.Max(token.SpanStart + open, token.Span.End - close));
    }

    /// <summary>Whether an expression is a sum of strings.</summary>
    public static bool IsTextSum(BinaryExpressionSyntax sum, SemanticModel model) =>
        sum.IsKind(SyntaxKind.AddExpression) && model.GetTypeInfo(sum).Type?.SpecialType == SpecialType.System_String;

    private static bool IsConcat(InvocationExpressionSyntax call, SemanticModel model) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Concat" } &&
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType.SpecialType: SpecialType.System_String } &&
        call.ArgumentList.Arguments.All(argument => argument.NameColon is null) && call.ArgumentList.Arguments.Count > 1;

    private static bool IsAppendFormat(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AppendFormat" };

    /// <summary>The argument that is the format, where a call is Format or AppendFormat without a provider.</summary>
    private static ArgumentSyntax? FormatOf(InvocationExpressionSyntax call, SemanticModel model) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Format" or "AppendFormat" } &&
        call.ArgumentList.Arguments is { Count: > 0 } arguments && arguments.All(argument => argument.NameColon is null) &&
        Bare(arguments[0].Expression) is LiteralExpressionSyntax { Token.Value: string } &&
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { Parameters: { Length: > 0 } parameters } method && parameters[0].Name == "format" &&
        (method.ContainingType.SpecialType == SpecialType.System_String || method.ContainingType is { Name: "StringBuilder", ContainingNamespace.Name: "Text" })
            ? arguments[0]
            : null;

    private static ExpressionSyntax Bare(ExpressionSyntax node)
    {
        while (node is ParenthesizedExpressionSyntax parens)
        {
            node = parens.Expression;
        }

        return node;
    }

    // The characters and placeholders of a format; null where it is malformed, or its values come in an array.
    private static List<TextElement>? Placeholders(int operand, InvocationExpressionSyntax call, ArgumentSyntax format, SemanticModel model)
    {
        var token = ((LiteralExpressionSyntax)Bare(format.Expression)).Token;
        var arguments = call.ArgumentList.Arguments;
        if (TokenMap.Create(token) is not { } map ||
            (arguments.Count == 2 && model.GetTypeInfo(arguments[1].Expression).Type is IArrayTypeSymbol))
        {
            return null;
        }

        var text = token.ValueText;
        var result = new List<TextElement>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('{' or '}'))
            {
                continue;
            }

            if (i + 1 < text.Length && text[i + 1] == text[i])
            {
                i++;
                continue;
            }

            var end = text.IndexOf('}', i);
            var digits = i + 1;
            while (digits < text.Length && text[digits] is >= '0' and <= '9')
            {
                digits++;
            }

            if (text[i] == '}' || end < 0 || !int.TryParse(text.Substring(i + 1, digits - i - 1), out var index) || index + 1 >= arguments.Count)
            {
                return null;
            }

            if (i > start)
            {
                result.Add(new TextElement(operand, map.Map(start, i), token, null, null));
            }

            result.Add(new TextElement(operand, map.Map(i, end + 1), default, arguments[index + 1].Expression, arguments[index + 1], index, digits != end));
            i = end;
            start = end + 1;
        }

        if (start < text.Length)
        {
            result.Add(new TextElement(operand, map.Map(start, text.Length), token, null, null));
        }

        return result;
    }
}
