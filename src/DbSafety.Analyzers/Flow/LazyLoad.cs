using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Model;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A navigation that a loop reads of each entity of a query that does not load it, so that each read may run a query.</summary>
/// <param name="Read">The first read of the navigation in the loop.</param>
/// <param name="Region">The loop.</param>
/// <param name="Set">The set at which the query begins.</param>
public sealed record LazyLoad(IPropertyReferenceOperation Read, LoopRegion Region, IOperation Set)
{
    /// <summary>The navigation.</summary>
    public IPropertySymbol Navigation => Read.Property;
}

/// <summary>Finds navigations that loops load one by one.</summary>
internal static class LazyLoads
{
    // Nobody composes a query of more steps.
    private const int MaxSteps = 64;

    /// <summary>The lazy load that a read of a property is, or null where it is none, or nobody knows.</summary>
    public static LazyLoad? Of(IPropertyReferenceOperation read, IFlowFacts facts, EntityModel entities)
    {
        if (read.Instance is not (ILocalReferenceOperation or IParameterReferenceOperation) || !entities.LoadsWhenRead(read.Property) || !IsRead(read) || LoopRegions.SymbolOf(read.Instance) is not { } element)
        {
            return null;
        }

        foreach (var region in LoopRegions.Around(read))
        {
            if (!region.Variables.Contains(element, SymbolEqualityComparer.Default))
            {
                continue;
            }

            if (region is not { Kind: LoopKind.ForEach or LoopKind.Delegate, Source: { } source } || (region.Operation is IInvocationOperation call && DbMemberTable.StopsEarly(call.TargetMethod.Name)) ||
                LoopSources.IsFew(region) || LoopExits.RunsOnce(read, region) || !IsFirst(read, element, region))
            {
                return null;
            }

            return SetOf(source, read.Property, facts.Apis) is { } set && !IsLoadedBefore(read.Property, region, source, facts) ? new LazyLoad(read, region, set) : null;
        }

        return null;
    }

    private static bool IsRead(IPropertyReferenceOperation reference) => reference.Parent is not (ISimpleAssignmentOperation or INameOfOperation) || (reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target != reference);

    // The first mention in the text; where that is an assignment, what is read later is there already.
    private static bool IsFirst(IPropertyReferenceOperation read, ISymbol element, LoopRegion region) => !region.Body.Any(body => body.DescendantsAndSelf().Any(part =>
        part is IPropertyReferenceOperation { Parent: not INameOfOperation } other && other.Syntax.SpanStart < read.Syntax.SpanStart && SymbolEqualityComparer.Default.Equals(other.Property, read.Property) &&
        SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(other.Instance), element)));

    // The set of entities that a value is read from, through operators that keep them tracked and don't load the navigation.
    private static IOperation? SetOf(IOperation value, IPropertySymbol navigation, DbApis apis)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            value = HoleValues.Strip(value);
            if (value.Type is INamedTypeSymbol { TypeArguments: { Length: 1 } rows } && SymbolEqualityComparer.Default.Equals(value.Type.OriginalDefinition, apis.Types.DbSet))
            {
                return value is ILocalReferenceOperation or IParameterReferenceOperation || !SymbolEqualityComparer.Default.Equals(rows[0].OriginalDefinition, navigation.ContainingType.OriginalDefinition) ? null : value;
            }

            switch (value)
            {
                case IAwaitOperation awaited:
                    value = awaited.Operation;
                    break;
                case ILocalReferenceOperation local when !IsGivenAnother(local) && EfQueries.InitialValue(local) is { } initial:
                    value = initial;
                    break;
                case IInvocationOperation { Instance: { } task, TargetMethod.Name: var name } when EfOperators.Configures(name):
                    value = task;
                    break;
                case IInvocationOperation { TargetMethod: { IsExtensionMethod: true } method } call when EfOperators.IsOperatorNamespace(method.ContainingNamespace.ToDisplayString()) && KeepsEntities(method.Name) &&
                    !(EfOperators.LoadsMore(method.Name) && MayLoad(call, navigation)) && EfQueries.FirstArgument(call) is { } source:
                    value = source;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    // Of rows that nobody tracks EF Core loads navigations in some versions only.
    private static bool KeepsEntities(string member) => !EfOperators.IsUntracked(member) &&
        (EfOperators.KeepsRows(member) || EfOperators.IsFilter(member) || EfOperators.Sorts(member) || EfOperators.Cuts(member) || EfOperators.Materialises(member));

    // Include(o => o.Customer), Include("Customer.Address"), Include(path).
    private static bool MayLoad(IInvocationOperation include, IPropertySymbol navigation)
    {
        foreach (var argument in include.Arguments)
        {
            if (argument.Parameter?.Ordinal == 0)
            {
                continue;
            }

            if (argument.Value.Type?.SpecialType == SpecialType.System_String)
            {
                if (argument.Value.ConstantValue is not { HasValue: true, Value: string path } || path.Split('.').Contains(navigation.Name))
                {
                    return true;
                }
            }
            else if (argument.Value.DescendantsAndSelf().Any(part => part is IPropertyReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Property.OriginalDefinition, navigation.OriginalDefinition)))
            {
                return true;
            }
        }

        return false;
    }

    // What the body has loaded before the loop the context puts into the navigations by itself.
    private static bool IsLoadedBefore(IPropertySymbol navigation, LoopRegion region, IOperation source, IFlowFacts facts)
    {
        var target = navigation.Type is INamedTypeSymbol { TypeArguments: { Length: 1 } elements } ? elements[0] : navigation.Type;
        return HoleValues.RootOf(region.Operation).Descendants().Any(part => part is IInvocationOperation call && call.Syntax.SpanStart < region.Body[0].Syntax.SpanStart && facts.ExecutionOf(call) is { Library: DbLibrary.EfCore } execution &&
            (EfOperators.Loads(execution.Member) || Mentions(call, target)));

        static bool Mentions(IInvocationOperation call, ITypeSymbol target) =>
            call.DescendantsAndSelf().Any(value => value.Type is INamedTypeSymbol { TypeArguments: { Length: > 0 } arguments } && SymbolEqualityComparer.Default.Equals(arguments[0].OriginalDefinition, target.OriginalDefinition));
    }

    private static bool IsGivenAnother(ILocalReferenceOperation local) => HoleValues.RootOf(local).Descendants().Any(part => part switch
    {
        IAssignmentOperation { Target: ILocalReferenceOperation target } => SymbolEqualityComparer.Default.Equals(target.Local, local.Local),
        IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref, Value: ILocalReferenceOperation target } => SymbolEqualityComparer.Default.Equals(target.Local, local.Local),
        _ => false,
    });
}
