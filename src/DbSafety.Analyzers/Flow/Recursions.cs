using System.Collections.Immutable;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Methods that call themselves: each call is an iteration over what is passed on.</summary>
internal static class Recursions
{
    /// <summary>The calls by which a body calls itself. One walk over the body.</summary>
    /// <param name="owner">The root operation of a method, or a local function.</param>
    public static ImmutableArray<IInvocationOperation> SelfCalls(IOperation owner)
    {
        var method = owner is ILocalFunctionOperation local ? local.Symbol : owner.SemanticModel?.GetDeclaredSymbol(owner.Syntax) as IMethodSymbol;
        return method is not { Parameters.Length: > 0 }
            ? ImmutableArray<IInvocationOperation>.Empty
            : owner.Descendants().OfType<IInvocationOperation>().Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method)).ToImmutableArray();
    }

    /// <summary>The method or local function around an operation.</summary>
    public static IOperation OwnerOf(IOperation operation)
    {
        while (operation.Parent is { } parent && operation is not ILocalFunctionOperation)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>
    /// The region of a recursion, or null: where a loop calls the method again, the loop is the iteration; a parameter that is passed on as it is does not
    /// change.
    /// </summary>
    public static LoopRegion? RegionOf(IOperation owner, ImmutableArray<IInvocationOperation> selfCalls)
    {
        if (selfCalls.IsEmpty || selfCalls.Any(call => LoopRegions.Around(call).Any()))
        {
            return null;
        }

        var parameters = selfCalls[0].TargetMethod.OriginalDefinition.Parameters;
        var changing = selfCalls.SelectMany(call => call.Arguments)
            .Where(argument => argument.Parameter is { } parameter && HoleValues.Strip(argument.Value) is not (ILiteralOperation or IDefaultValueOperation) &&
                LoopRegions.SymbolOf(HoleValues.Strip(argument.Value)) is var passed && (passed as IParameterSymbol)?.Ordinal != parameter.Ordinal)
            .Select(argument => (ISymbol)parameters[argument.Parameter!.Ordinal])
            .Where(parameter => parameter is IParameterSymbol { Type.Name: not "CancellationToken" });
        var variables = changing.Distinct(SymbolEqualityComparer.Default).OfType<ISymbol>().ToImmutableArray();
        return variables.IsEmpty ? null : new LoopRegion(LoopKind.Recursion, owner, ImmutableArray.Create(owner), variables, null, isData: true);
    }

    /// <summary>Whether what an operation answers decides if the method calls itself again, or with what.</summary>
    public static bool DependOn(HashSet<ISymbol> results, IOperation operation, LoopRegion region)
    {
        foreach (var call in SelfCalls(region.Operation))
        {
            if (call.Arguments.Any(argument => LoopData.Mentions(argument.Value, results)) || LoopExits.IsDecidedBy(call, region, operation, results))
            {
                return true;
            }
        }

        return false;
    }
}
