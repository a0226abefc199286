using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>How values move in a loop: which variables carry the iteration's data, and which change at all.</summary>
public sealed class LoopData
{
    // Chains of assignments are short; each round reads the body once.
    private const int MaxRounds = 6;

    private readonly LoopRegion _region;
    private readonly DbApis _apis;
    private readonly List<(ISymbol Target, IOperation Value)> _moves = [];
    private readonly HashSet<ISymbol> _dependent;

    private LoopData(LoopRegion region, DbApis apis)
    {
        _region = region;
        _apis = apis;
        foreach (var body in region.Body)
        {
            foreach (var operation in body.DescendantsAndSelf())
            {
                AddMoves(operation);
            }
        }

        Changing = new HashSet<ISymbol>(_moves.Select(move => move.Target).Concat(region.Variables), SymbolEqualityComparer.Default);
        _dependent = Reach(region.Variables);
    }

    /// <summary>The variables that are given a value, or changed by a call on them, anywhere in the loop.</summary>
    public HashSet<ISymbol> Changing { get; }

    /// <summary>Reads a region once.</summary>
    public static LoopData Of(LoopRegion region, DbApis apis) => new(region, apis);

    /// <summary>Whether a value carries data of the iteration.</summary>
    public bool IsDependent(IOperation value) => Mentions(value, _dependent);

    /// <summary>Whether a variable carries data of the iteration.</summary>
    public bool IsDependent(ISymbol symbol) => _dependent.Contains(symbol);

    /// <summary>Whether a value mentions one of some variables.</summary>
    public static bool Mentions(IOperation value, HashSet<ISymbol> symbols)
    {
        foreach (var operation in value.DescendantsAndSelf())
        {
            if (NamedBy(operation) is { } symbol && symbols.Contains(symbol))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The variables that hold what an operation gives, or something made of it.</summary>
    public HashSet<ISymbol> ResultsOf(IOperation operation)
    {
        var results = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var (target, value) in _moves)
        {
            if (value == operation || Holds(value, operation))
            {
                results.Add(target);
            }
        }

        return results.Count == 0 ? results : Reach(results);
    }

    private HashSet<ISymbol> Reach(IEnumerable<ISymbol> from)
    {
        var reached = new HashSet<ISymbol>(from, SymbolEqualityComparer.Default);
        var hasMore = true;
        for (var round = 0; round < MaxRounds && hasMore; round++)
        {
            hasMore = false;
            foreach (var (target, value) in _moves)
            {
                if (!reached.Contains(target) && Mentions(value, reached))
                {
                    reached.Add(target);
                    hasMore = true;
                }
            }
        }

        return reached;
    }

    private void AddMoves(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator:
                Add(declarator.Symbol, value);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                foreach (var target in deconstruction.Target.DescendantsAndSelf())
                {
                    AddTarget(target, deconstruction.Value);
                }

                break;
            case IAssignmentOperation { Parent: IAnonymousObjectCreationOperation or IObjectOrCollectionInitializerOperation }:
                // A member of an object that is being made: the object as a whole moves.
                break;
            case IAssignmentOperation assignment:
                AddTarget(assignment.Target, assignment.Value);
                break;
            case IIncrementOrDecrementOperation increment:
                AddTarget(increment.Target, increment.Target);
                break;
            case IDeclarationPatternOperation { DeclaredSymbol: { } symbol } pattern:
                AddPattern(symbol, pattern);
                break;
            case IRecursivePatternOperation { DeclaredSymbol: { } symbol } pattern:
                AddPattern(symbol, pattern);
                break;
            case IForEachLoopOperation loop:
                foreach (var local in loop.Locals)
                {
                    Add(local, loop.Collection);
                }

                break;
            case IInvocationOperation call:
                AddCall(call);
                break;
            case IObjectCreationOperation creation:
                AddOut(creation.Arguments, creation);
                break;
        }
    }

    // command.Parameters.AddWithValue("id", id): what the call is given may end in what it is called on.
    private void AddCall(IInvocationOperation call)
    {
        AddOut(call.Arguments, call);
        if (call.Instance is { } instance && RootOf(instance) is { } receiver && !IsShared(instance))
        {
            foreach (var argument in call.Arguments)
            {
                Add(receiver, argument.Value);
            }
        }

        // What a delegate is called with comes from what the method was given.
        foreach (var argument in call.Arguments)
        {
            if (HoleValues.Strip(argument.Value) is IDelegateCreationOperation { Target: IAnonymousFunctionOperation function })
            {
                foreach (var parameter in function.Symbol.Parameters)
                {
                    if ((call.Instance ?? call.Arguments.FirstOrDefault(first => first.Parameter?.Ordinal == 0)?.Value) is { } source && source != argument.Value)
                    {
                        Add(parameter, source);
                    }
                }
            }

            // new SqlParameter is handed to the command: what the parameter gets later, the command gets too.
            if (call.Instance is not null && RootOf(call.Instance) is { } owner && _apis.Types.IsParameter(argument.Value.Type))
            {
                Add(owner, argument.Value);
            }
        }
    }

    private void AddOut(IEnumerable<IArgumentOperation> arguments, IOperation call)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref)
            {
                AddTarget(HoleValues.Strip(argument.Value), call);
            }
        }
    }

    private void AddTarget(IOperation target, IOperation value)
    {
        target = HoleValues.Strip(target);
        if (target is IDeclarationExpressionOperation declaration)
        {
            target = declaration.Expression;
        }

        if (RootOf(target) is { } symbol)
        {
            Add(symbol, value);
        }
        else if (target is IMemberReferenceOperation member)
        {
            Add(member.Member, value);
        }
    }

    private void AddPattern(ISymbol symbol, IOperation pattern)
    {
        for (var parent = pattern.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IIsPatternOperation test:
                    Add(symbol, test.Value);
                    return;
                case ISwitchExpressionOperation selection:
                    Add(symbol, selection.Value);
                    return;
                case ISwitchOperation selection:
                    Add(symbol, selection.Value);
                    return;
            }
        }
    }

    private void Add(ISymbol target, IOperation value) => _moves.Add((target, value));

    // A connection or context is the same whatever it is asked: what is passed to it says nothing about it. Nor do services keep what they are asked.
    private bool IsShared(IOperation instance)
    {
        instance = HoleValues.Strip(instance);
        return _apis.Types.IsConnection(instance.Type) || Calls.EfQueries.IsContext(instance.Type, _apis) || Calls.EfQueries.IsQueryType(instance.Type, _apis) ||
            RootOf(instance) is IFieldSymbol or IPropertySymbol || (RootOf(instance) is IParameterSymbol && !_apis.Types.IsCommand(instance.Type) && !LoopSources.IsCollection(instance));
    }

    /// <summary>The variable at the left end of a chain of members and calls, or null.</summary>
    public static ISymbol? RootOf(IOperation? value)
    {
        while (value is not null)
        {
            value = HoleValues.Strip(value);
            switch (value)
            {
                case ILocalReferenceOperation local:
                    return local.Local;
                case IParameterReferenceOperation parameter:
                    return parameter.Parameter;
                case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field:
                    return field.Field;
                case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: not InstanceReferenceKind.ImplicitReceiver } } property:
                    return property.Property;
                case IPropertyReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } }:
                    return null;
                case IMemberReferenceOperation member:
                    value = member.Instance;
                    break;
                case IInvocationOperation { Instance: { } instance }:
                    value = instance;
                    break;
                case IInvocationOperation { TargetMethod.IsExtensionMethod: true } call:
                    value = Calls.EfQueries.FirstArgument(call);
                    break;
                case IArrayElementReferenceOperation element:
                    value = element.ArrayReference;
                    break;
                case IAwaitOperation awaited:
                    value = awaited.Operation;
                    break;
                case IConditionalAccessInstanceOperation:
                    return null;
                default:
                    return null;
            }
        }

        return null;
    }

    private static ISymbol? NamedBy(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property => property.Property,
        _ => null,
    };

    private static bool Holds(IOperation whole, IOperation part)
    {
        for (IOperation? at = part; at is not null; at = at.Parent)
        {
            if (at == whole)
            {
                return true;
            }
        }

        return false;
    }
}
