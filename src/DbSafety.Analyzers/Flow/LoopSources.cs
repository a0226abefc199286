using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What loops go through.</summary>
internal static class LoopSources
{
    /// <summary>Whether the loop repeats a fixed, small number of times.</summary>
    public static bool IsFew(LoopRegion region) => region.Source is { } source && (CountOf(source) is { } count
        ? count <= LoopRegions.FewIterations
        : region.Kind == LoopKind.For && source.ConstantValue is { HasValue: true, Value: int bound } && bound <= LoopRegions.FewIterations);

    /// <summary>Whether the loop takes messages as they come: a channel, a blocking collection, a concurrent queue.</summary>
    public static bool IsConsumer(LoopRegion region)
    {
        for (var source = region.Source; source is not null;)
        {
            source = HoleValues.Strip(source);
            if (source is IInvocationOperation call)
            {
                if (DbMemberTable.IsConsumed(SpaceOf(call.TargetMethod.ContainingType), call.TargetMethod.Name))
                {
                    return true;
                }

                source = call.Instance ?? EfQueries.FirstArgument(call);
                continue;
            }

            return source.Type is { } type && DbMemberTable.IsConsumed(SpaceOf(type), "");
        }

        return false;
    }

    /// <summary>Whether the loop goes through what an exception tells: the few entries of a conflict, looked at one by one by design.</summary>
    public static bool IsOfException(LoopRegion region) => region.Source is IPropertyReferenceOperation { Property.ContainingType.Name: var holder } && holder.EndsWith("Exception", StringComparison.Ordinal);

    /// <summary>Whether the loop counts attempts.</summary>
    public static bool IsRetry(LoopRegion region) => region.Kind is LoopKind.For or LoopKind.While && region.Variables.Any(variable =>
        Has(variable.Name, "attempt") || Has(variable.Name, "retry") || Has(variable.Name, "retries") || Has(variable.Name, "tries"));

    /// <summary>Whether the loop counts pages or batches.</summary>
    public static bool CountsPages(LoopRegion region) =>
        region.Variables.Any(variable => IsPage(variable.Name)) || (LoopRegions.SymbolOf(region.Source) is { } bound && IsPage(bound.Name));

    /// <summary>Whether the loop sets which page is asked for: <c>query.Skip = i * size</c>.</summary>
    public static bool TurnsPages(LoopRegion region, LoopData data) => region.Body.Any(body => body.Descendants().Any(part =>
        part is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: var property } } assignment && IsPage(property) && data.IsDependent(assignment.Value)));

    /// <summary>Whether a name is that of a page's number, place or size.</summary>
    public static bool IsPage(string name) => Has(name, "page") || Has(name, "offset") || Has(name, "batch") || Has(name, "chunk") || Has(name, "skip");

    /// <summary>Whether a value is a collection.</summary>
    public static bool IsCollection(IOperation? value) => value is not null && HoleValues.ElementType(value.Type) is not null;

    private static int? CountOf(IOperation source)
    {
        source = HoleValues.Strip(source);
        switch (source)
        {
            case IAwaitOperation awaited:
                return CountOf(awaited.Operation);
            case IInvocationOperation { TargetMethod: { Name: nameof(Enumerable.Take), IsExtensionMethod: true }, Arguments: { Length: 2 } taken } when taken[1].Value.ConstantValue is { HasValue: true, Value: int most }:
                return most;
            case IInvocationOperation { TargetMethod.IsExtensionMethod: true } call when DbMemberTable.KeepsCount(call.TargetMethod.Name) && EfQueries.FirstArgument(call) is { } inner:
                return CountOf(inner);
            case IArrayCreationOperation { Initializer.ElementValues.Length: var count }:
                return count;
            case IInvocationOperation { TargetMethod: { Name: "Range", ContainingType.Name: "Enumerable" }, Arguments: { Length: 2 } arguments }:
                return arguments[1].Value.ConstantValue is { HasValue: true, Value: int length } ? length : null;
            case IInvocationOperation { TargetMethod: { Name: "GetValues" or "GetNames", ContainingType.SpecialType: SpecialType.System_Enum } method }:
                return method.TypeArguments.Length == 1 ? method.TypeArguments[0].GetMembers().OfType<IFieldSymbol>().Count() : null;
            case ILocalReferenceOperation local:
                return local.Local.IsConst ? null : Written(local.Local);
            case IFieldReferenceOperation { Field: { IsReadOnly: true } field }:
                return Written(field);
            case IPropertyReferenceOperation { Property: { SetMethod: null } property }:
                return Written(property);
            default:
                return Elements(source.Syntax);
        }
    }

    private static int? Written(ISymbol symbol)
    {
        if (symbol.DeclaringSyntaxReferences.Length != 1)
        {
            return null;
        }

        var syntax = symbol.DeclaringSyntaxReferences[0].GetSyntax();
        var value = syntax switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer?.Value,
            PropertyDeclarationSyntax property => property.ExpressionBody?.Expression ?? property.Initializer?.Value,
            _ => null,
        };

        // A list may grow; an array and what can't be changed does not.
        return value is null || (symbol is ILocalSymbol or IFieldSymbol && value is BaseObjectCreationExpressionSyntax && GrowsIn(symbol, syntax)) ? null : Elements(value);
    }

    private static bool GrowsIn(ISymbol symbol, SyntaxNode declaration)
    {
        var scope = declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>(node => node is not FieldDeclarationSyntax && node is not GlobalStatementSyntax) ?? declaration.SyntaxTree.GetRoot();
        return scope.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access =>
            access.Expression is IdentifierNameSyntax name && name.Identifier.ValueText == symbol.Name && access.Name.Identifier.ValueText is "Add" or "AddRange" or "Insert" or "Push" or "Enqueue");
    }

    private static int? Elements(SyntaxNode value) => value switch
    {
        CollectionExpressionSyntax collection => collection.Elements.All(element => element is ExpressionElementSyntax) ? collection.Elements.Count : null,
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions.Count,
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions.Count,
        InitializerExpressionSyntax initializer => initializer.Expressions.Count,
        BaseObjectCreationExpressionSyntax { Initializer: { } initializer, ArgumentList: null or { Arguments.Count: 0 } } => initializer.Expressions.Count,
        _ => null,
    };

    private static string SpaceOf(ITypeSymbol type) => type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() : "";

    private static bool Has(string name, string word) => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
