using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>The condition <c>u =&gt; u.Id == o.UserId</c>, perhaps with others that are the same each time.</summary>
internal sealed class EfComparison
{
    private readonly BinaryExpressionSyntax _comparison;
    private readonly ExpressionSyntax _member;

    private EfComparison(BinaryExpressionSyntax comparison, ExpressionSyntax member, IPropertySymbol property, ExpressionSyntax key, string row)
    {
        _comparison = comparison;
        _member = member;
        Property = property;
        Key = key;
        Row = row;
    }

    /// <summary>The property of the row.</summary>
    public IPropertySymbol Property { get; }

    /// <summary>What it is compared with.</summary>
    public ExpressionSyntax Key { get; }

    /// <summary>The name of the row.</summary>
    public string Row { get; }

    /// <summary>Reads a predicate: one equality of a member of the row with a key of the iteration, and else only what is the same each time.</summary>
    public static EfComparison? Of(EfLoop loop, ExpressionSyntax predicate)
    {
        var (row, body) = predicate switch
        {
            SimpleLambdaExpressionSyntax { ExpressionBody: { } expression } lambda => (lambda.Parameter.Identifier.ValueText, expression),
            ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: 1 } parameters, ExpressionBody: { } expression } => (parameters[0].Identifier.ValueText, expression),
            _ => ("", null),
        };
        if (body is null)
        {
            return null;
        }

        EfComparison? found = null;
        foreach (var condition in Conditions(body))
        {
            if (loop.IsStable(condition))
            {
                continue;
            }

            if (found is not null || condition is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } equality)
            {
                return null;
            }

            found = Of(loop, equality, equality.Left, equality.Right, row) ?? Of(loop, equality, equality.Right, equality.Left, row);
            if (found is null)
            {
                return null;
            }
        }

        return found;
    }

    /// <summary>The key before the loop.</summary>
    public string? InFront(EfLoop loop) => loop.KeyInFront(Key);

    /// <summary>An expression with the comparison replaced by a look into a list of keys.</summary>
    public string Replace(ExpressionSyntax expression, string keys)
    {
        var text = expression.ToString();
        return expression.Span.Contains(_comparison.Span)
            ? text.Substring(0, _comparison.SpanStart - expression.SpanStart) + $"{keys}.Contains({_member})" + text.Substring(_comparison.Span.End - expression.SpanStart)
            : text;
    }

    /// <summary>Types that .NET and the database compare alike: numbers and Guids; texts with the reservation that the title states.</summary>
    public static bool IsKeyType(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_String || type is { Name: nameof(Guid), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } };

    private static EfComparison? Of(EfLoop loop, BinaryExpressionSyntax comparison, ExpressionSyntax member, ExpressionSyntax key, string row)
    {
        var model = loop.Scope.Model;
        if (member is not MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var name } } || name != row ||
            model.GetSymbolInfo(member).Symbol is not IPropertySymbol property || !IsKeyType(property.Type) || property.NullableAnnotation == NullableAnnotation.Annotated ||
            !SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(key).Type, property.Type) || loop.KeyInFront(key) is null)
        {
            return null;
        }

        return new EfComparison(comparison, member, property, key, row);
    }

    private static IEnumerable<ExpressionSyntax> Conditions(ExpressionSyntax body)
    {
        while (body is ParenthesizedExpressionSyntax parenthesized)
        {
            body = parenthesized.Expression;
        }

        return body is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } and ? Conditions(and.Left).Concat(Conditions(and.Right)) : [body];
    }
}
