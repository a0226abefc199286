using System.Globalization;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A place where the body of a loop takes a column from its reader.</summary>
/// <param name="Node">The whole expression.</param>
/// <param name="Key">The column: its number, or its name.</param>
/// <param name="Member">The method; empty for the indexer.</param>
/// <param name="IsTest">It only asks whether the column is NULL.</param>
/// <param name="Type">The type of what it gives.</param>
/// <param name="Text">The expression, for a place where the body's constants are not known.</param>
internal sealed record ReaderUse(ExpressionSyntax Node, object Key, string Member, bool IsTest, ITypeSymbol Type, string Text)
{
    /// <summary>The uses in a loop, or null where one of them is none of a known column.</summary>
    public static List<ReaderUse>? AllOf(FixScope scope, ReaderLoop loop)
    {
        var found = new List<ReaderUse>();
        foreach (var name in loop.Uses)
        {
            if (IsPlaceOf(name, loop, scope))
            {
                continue;
            }

            if (Of(scope, loop, name) is not { } use)
            {
                return null;
            }

            found.Add(use);
        }

        return found;
    }

    /// <summary>Whether it reads what another one reads, in the same way.</summary>
    public bool IsLike(ReaderUse other) => Key.Equals(other.Key) && Member == other.Member && SymbolEqualityComparer.Default.Equals(Type, other.Type);

    private static ReaderUse? Of(FixScope scope, ReaderLoop loop, IdentifierNameSyntax name)
    {
        switch (name.Parent)
        {
            case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } call } access
                when access.Expression == name && scope.Model.GetSymbolInfo(call).Symbol is IMethodSymbol method:
                var isTest = ReaderMembers.TestsNull(method.Name);
                return (isTest || (ReaderMembers.GivesValue(method.Name) && IsFree(method.ReturnType))) && KeyOf(scope, loop, arguments[0].Expression) is var (key, text)
                    ? new ReaderUse(call, key, method.Name, isTest, method.ReturnType, $"{access}({text})")
                    : null;
            case ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } element
                when element.Expression == name && scope.Model.GetSymbolInfo(element).Symbol is IPropertySymbol { IsIndexer: true } indexer:
                return KeyOf(scope, loop, arguments[0].Expression) is var (column, place)
                    ? new ReaderUse(element, column, "", false, indexer.Type, $"{name}[{place}]")
                    : null;
            default:
                return null;
        }
    }

    // A stream of a value ends with its row.
    private static bool IsFree(ITypeSymbol type) =>
        type.TypeKind is not (TypeKind.TypeParameter or TypeKind.Error) && !type.AllInterfaces.Any(contract => contract.SpecialType == SpecialType.System_IDisposable);

    private static (object Key, string Text)? KeyOf(FixScope scope, ReaderLoop loop, ExpressionSyntax place)
    {
        if (place is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments: { Count: 1 } arguments } && IsPlace(access, loop))
        {
            return scope.Model.GetConstantValue(arguments[0].Expression) is { HasValue: true, Value: string column } ? (column, $"{access}({TextOf(scope, arguments[0].Expression, column)})") : null;
        }

        return scope.Model.GetConstantValue(place) is { HasValue: true, Value: (int or string) and var key } ? (key, TextOf(scope, place, key)) : null;
    }

    private static bool IsPlaceOf(IdentifierNameSyntax name, ReaderLoop loop, FixScope scope) =>
        name.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: ExpressionSyntax outer } } } access && IsPlace(access, loop) &&
        outer switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax other } } => loop.Uses.Contains(other) && Of(scope, loop, other) is not null,
            ElementAccessExpressionSyntax { Expression: IdentifierNameSyntax other } => loop.Uses.Contains(other) && Of(scope, loop, other) is not null,
            _ => false,
        };

    private static bool IsPlace(MemberAccessExpressionSyntax access, ReaderLoop loop) =>
        access.Expression is IdentifierNameSyntax name && loop.Uses.Contains(name) && ReaderMembers.FindsColumn(access.Name.Identifier.ValueText);

    // A constant of the body is not known outside it.
    private static string TextOf(FixScope scope, ExpressionSyntax place, object key) =>
        place.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => scope.Model.GetSymbolInfo(name).Symbol is ILocalSymbol)
            ? key is string text ? SymbolDisplay.FormatLiteral(text, quote: true) : ((int)key).ToString(CultureInfo.InvariantCulture)
            : place.ToString();
}
