using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Model;

/// <summary>Reads the values that expressions certainly have: by syntax alone in code that is generated, with its semantic model in other code.</summary>
internal sealed class EfValues(Func<SyntaxTree, SemanticModel?>? models)
{
    /// <summary>What a local or parameter holds, where the reader knows.</summary>
    public Func<string, ExpressionSyntax?> Locals { get; set; } = _ => null;

    /// <summary>The model of a tree, or null where only the syntax is known.</summary>
    public SemanticModel? ModelOf(SyntaxTree tree) => models?.Invoke(tree);

    /// <summary>The constant of an expression.</summary>
    public bool TryGet(ExpressionSyntax? expression, out object? value, int depth = 0)
    {
        value = null;
        switch (expression)
        {
            case null:
                return false;
            case ParenthesizedExpressionSyntax parenthesized:
                return TryGet(parenthesized.Expression, out value, depth);
            case CastExpressionSyntax cast:
                return TryGet(cast.Expression, out value, depth);
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure:
                return TryGet(sure.Operand, out value, depth);
            case LiteralExpressionSyntax literal:
                value = literal.Token.Value;
                return !literal.IsKind(SyntaxKind.DefaultLiteralExpression);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus when TryGet(minus.Operand, out var operand, depth) && operand is int or long or double or decimal:
                value = operand switch { int number => -number, long number => -number, double number => -number, _ => -(decimal)operand };
                return true;
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: { Count: 1 } arguments }:
                value = LastName(arguments[0].Expression);
                return value is not null;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when TryGet(sum.Left, out var left, depth) && TryGet(sum.Right, out var right, depth) && (left is string || right is string):
                value = string.Concat(Convert.ToString(left, CultureInfo.InvariantCulture), Convert.ToString(right, CultureInfo.InvariantCulture));
                return true;
        }

        if (models?.Invoke(expression.SyntaxTree)?.GetConstantValue(expression) is { HasValue: true } constant)
        {
            value = constant.Value;
            return true;
        }

        if (depth < 4 && expression is IdentifierNameSyntax name && Locals(name.Identifier.ValueText) is { } local)
        {
            return TryGet(local, out value, depth + 1);
        }

        return false;
    }

    /// <summary>The text of an expression; parts that are not known are hole marks.</summary>
    public string? Text(ExpressionSyntax? expression)
    {
        if (expression is null)
        {
            return EfDeclared.Unknown;
        }

        if (TryGet(expression, out var value))
        {
            return value switch { null => null, string text => text, _ => Convert.ToString(value, CultureInfo.InvariantCulture) };
        }

        return expression switch
        {
            ParenthesizedExpressionSyntax parenthesized => Text(parenthesized.Expression),
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => Text(sum.Left) + Text(sum.Right),
            InterpolatedStringExpressionSyntax interpolated => string.Concat(interpolated.Contents.Select(part => part switch
            {
                InterpolatedStringTextSyntax text => text.TextToken.ValueText,
                InterpolationSyntax { FormatClause: null, AlignmentClause: null } hole => Text(hole.Expression),
                _ => EfDeclared.Unknown,
            })),
            _ => EfDeclared.Unknown,
        };
    }

    /// <summary>Whether an expression is <c>true</c>; null where not known.</summary>
    public bool? Flag(ExpressionSyntax? expression) => TryGet(expression, out var value) && value is bool flag ? flag : null;

    /// <summary>The number that an expression is; null where not known.</summary>
    public int? Number(ExpressionSyntax? expression) => TryGet(expression, out var value) && value is int number ? number : null;

    /// <summary>The elements of an array or a collection expression; null for anything else.</summary>
    public static IReadOnlyList<ExpressionSyntax>? Elements(ExpressionSyntax? expression) => expression switch
    {
        ImplicitArrayCreationExpressionSyntax array => [.. array.Initializer.Expressions],
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => [.. initializer.Expressions],
        ArrayCreationExpressionSyntax { Type.RankSpecifiers: { Count: 1 } ranks } when ranks[0].Sizes is { Count: 1 } sizes && sizes[0].ToString() == "0" => [],
        CollectionExpressionSyntax collection when collection.Elements.All(element => element is ExpressionElementSyntax) =>
            [.. collection.Elements.Select(element => ((ExpressionElementSyntax)element).Expression)],
        ObjectCreationExpressionSyntax { Initializer: { RawKind: (int)SyntaxKind.CollectionInitializerExpression } initializer } => [.. initializer.Expressions],
        _ => null,
    };

    /// <summary>The last name of an expression or a type: <c>Cascade</c> of <c>DeleteBehavior.Cascade</c>.</summary>
    public static string? LastName(SyntaxNode? expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        PredefinedTypeSyntax predefined => predefined.Keyword.ValueText,
        NullableTypeSyntax nullable => LastName(nullable.ElementType),
        ParenthesizedExpressionSyntax parenthesized => LastName(parenthesized.Expression),
        _ => null,
    };

    /// <summary>The members that a lambda reads of its parameter: <c>x => x.A</c>, <c>x => new { x.A, x.B }</c>; null where it reads something else.</summary>
    public List<string>? Members(ExpressionSyntax? expression)
    {
        if (expression is not LambdaExpressionSyntax { Body: ExpressionSyntax body })
        {
            return null;
        }

        return Bare(body) switch
        {
            AnonymousObjectCreationExpressionSyntax anonymous when anonymous.Initializers.Select(part => Member(part.Expression)).ToList() is var names && names.All(name => name is not null) => names.OfType<string>().ToList(),
            var single when Member(single) is { } name => [name],
            _ => null,
        };
    }

    /// <summary>The names of properties that arguments tell: one lambda, strings, or an array of strings; null where not known.</summary>
    public List<string>? Names(IReadOnlyList<ArgumentSyntax> arguments)
    {
        if (arguments.Count == 0)
        {
            return [];
        }

        if (arguments[0].Expression is LambdaExpressionSyntax lambda)
        {
            return Members(lambda);
        }

        var expressions = Elements(arguments[0].Expression) ?? arguments.Select(argument => argument.Expression).ToList();
        var names = new List<string>();
        foreach (var expression in expressions)
        {
            if (!TryGet(expression, out var value) || value is not string name)
            {
                return null;
            }

            names.Add(name);
        }

        return names;
    }

    private string? Member(ExpressionSyntax expression) => Bare(expression) switch
    {
        MemberAccessExpressionSyntax { Expression: var target } access when Bare(target) is IdentifierNameSyntax => access.Name.Identifier.ValueText,
        // EF.Property<int>(x, "CustomerId")
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments } when TryGet(arguments[1].Expression, out var value) => value as string,
        _ => null,
    };

    private static ExpressionSyntax Bare(ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax parenthesized => Bare(parenthesized.Expression),
        CastExpressionSyntax cast => Bare(cast.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => Bare(sure.Operand),
        _ => expression,
    };
}
