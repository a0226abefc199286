using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Judges whether a trip to the database is repeated by a loop that one trip could serve.</summary>
internal sealed class Repetitions
{
    private readonly IFlowFacts _facts;
    private readonly IOperation _operation;
    private readonly DbExecution? _execution;
    private readonly CallSummary? _summary;
    private readonly CancellationToken _cancellation;

    private Repetitions(IFlowFacts facts, IOperation operation, DbExecution? execution, CallSummary? summary, CancellationToken cancellation)
    {
        _facts = facts;
        _operation = operation;
        _execution = execution;
        _summary = summary;
        _cancellation = cancellation;
    }

    private enum Verdict
    {
        /// <summary>This loop repeats it for data of the iteration.</summary>
        Dependent,

        /// <summary>This loop repeats the same.</summary>
        Invariant,

        /// <summary>This loop is none that matters; a loop around it may be.</summary>
        Outward,

        /// <summary>Nobody knows, or it must be so.</summary>
        Silent,
    }

    private DbEffects Effects => _execution?.Effects ?? _summary!.Effects;

    private bool Saves => (Effects & DbEffects.SavesChanges) != 0;

    private bool OnlyReads => (Effects & (DbEffects.Writes | DbEffects.SavesChanges)) == 0;

    /// <summary>The method that an operation calls, or hands over to be called; null where it is neither.</summary>
    public static IMethodSymbol? MethodOf(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod,
        IMethodReferenceOperation { Parent: IDelegateCreationOperation } group => group.Method,
        _ => null,
    };

    /// <summary>The repetition that an operation is, or null.</summary>
    public static Repetition? Of(IOperation operation, DbExecution? execution, CallSummary? summary, IFlowFacts facts, CancellationToken cancellation)
    {
        var judge = new Repetitions(facts, operation, execution, summary, cancellation);
        if ((judge.Effects & (DbEffects.Reads | DbEffects.Writes)) == 0 || execution is { IsCertain: false })
        {
            return null;
        }

        foreach (var region in LoopRegions.Around(operation))
        {
            cancellation.ThrowIfCancellationRequested();
            switch (judge.Judge(region))
            {
                case Verdict.Dependent:
                    return new Repetition(region, operation, execution, summary, facts.PathOf(operation, execution), isDependent: true);
                case Verdict.Invariant:
                    return new Repetition(region, operation, execution, summary, facts.PathOf(operation, execution), isDependent: false);
                case Verdict.Silent:
                    return null;
            }
        }

        return facts.RecursionAround(operation) is { } recursion && judge.Judge(recursion) == Verdict.Dependent
            ? new Repetition(recursion, operation, execution, summary, facts.PathOf(operation, execution), isDependent: true)
            : null;
    }

    private Verdict Judge(LoopRegion region)
    {
        if (LoopExits.RunsOnce(_operation, region) || LoopSources.IsRetry(region))
        {
            return Verdict.Outward;
        }

        if (!region.IsData || LoopSources.IsConsumer(region) || LoopSources.IsOfException(region) || LoopExits.Waits(region) ||
            (region is { Kind: LoopKind.Delegate, Operation: IInvocationOperation call } && LoopExits.StopsEarly(call)))
        {
            return Verdict.Silent;
        }

        if (LoopSources.IsFew(region))
        {
            return Verdict.Outward;
        }

        var data = _facts.DataOf(region);
        var inputs = _execution?.Inputs ?? (_operation is IInvocationOperation invocation ? InputsOf(invocation) : []);
        if (IsOwnUnit(region, data) || LoopExits.DependsOn(_operation, region, data) || IsMemo(region, data) || IsCarriedOn(region, inputs, data) || Pages(region, inputs, data) || AsksForChunk(region, inputs, data))
        {
            return Verdict.Silent;
        }

        // What is called with the elements alone depends on nothing else.
        if (_operation is IMethodReferenceOperation)
        {
            return region.Variables.IsEmpty || region.Body[0] != _operation ? Verdict.Silent : Verdict.Dependent;
        }

        // A unit of work saves what is pending: it need not be told of what.
        if (Saves && (_execution is not null || inputs.All(input => input == ReceiverOf((IInvocationOperation)_operation) || IsToken(input))))
        {
            return Verdict.Dependent;
        }

        if (inputs.Any(data.IsDependent) || LinkedParameters().Any(data.IsDependent))
        {
            return IsTextOfIteration(data) ? Verdict.Silent : Verdict.Dependent;
        }

        return IsInvariant(region, inputs, data) ? Verdict.Invariant : Verdict.Outward;
    }

    private static IOperation? ReceiverOf(IInvocationOperation call) => call.TargetMethod.IsExtensionMethod ? EfQueries.FirstArgument(call) : call.Instance;

    private static bool IsToken(IOperation input) => HoleValues.Strip(input).Type?.Name == nameof(CancellationToken);

    private static IReadOnlyList<IOperation> InputsOf(IInvocationOperation call)
    {
        var inputs = call.Arguments.Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue).Select(argument => argument.Value);
        return (call.Instance is { } instance ? inputs.Prepend(instance) : inputs).ToList();
    }

    // Variables that hold parameters of the command that runs.
    private IEnumerable<ISymbol> LinkedParameters() =>
        _operation is IInvocationOperation { Instance: { } command } && _facts.Apis.Types.IsCommand(command.Type)
            ? _facts.CommandsOf(HoleValues.RootOf(_operation)).ParametersOf(command)
            : [];

    // Each iteration is a unit of its own by design: its own connection, context, scope or transaction; a failure that concerns this element alone;
    // something done to the outside world that must be noted down at once; chunks.
    private bool IsOwnUnit(LoopRegion region, LoopData data)
    {
        if (ConnectionOf() is { } connection && IsOfIteration(connection, region, data))
        {
            return true;
        }

        // foreach (var exporter in exporters) await exporter.RunAsync(): each element does its own work, its own way.
        if (_summary is not null && _operation is IInvocationOperation { Instance: { } service } && LoopData.RootOf(service) is { } element && region.Variables.Contains(element, SymbolEqualityComparer.Default))
        {
            return true;
        }

        if (OnlyReads)
        {
            return false;
        }

        // await NotifyAsync(order): it sends a message, and notes that down.
        if (_summary is { IsUnit: true } || (_summary is not null && _facts.ReachesOutside(MethodOf(_operation)!, _cancellation)))
        {
            return true;
        }

        return LoopUnits.HasTransaction(region) || LoopUnits.SwallowsFailure(_operation, region) || LoopUnits.IsCounted(_operation, region, data) ||
            LoopUnits.HasForeignEffect(_operation, region, _facts, _cancellation);
    }

    private IOperation? ConnectionOf() => _execution is not null ? _execution.Connection : (_operation as IInvocationOperation)?.Instance;

    // A connection that is chosen by the iteration (a tenant's), or a service made for it. One that is merely opened anew is the same database.
    private bool IsOfIteration(IOperation connection, LoopRegion region, LoopData data)
    {
        if (LoopData.RootOf(connection) is not { } root)
        {
            return false;
        }

        if (data.IsDependent(root) && (_execution is not null && !_facts.Apis.Types.IsCommand(connection.Type)))
        {
            // tracker.Entry(order).Reference(..).Load(): the entry depends, its context does not.
            return true;
        }

        return !OnlyReads && root is ILocalSymbol local && (EfQueries.IsContext(connection.Type, _facts.Apis) || _summary is not null) && IsDeclaredIn(local, region) && !region.Variables.Contains(local, SymbolEqualityComparer.Default);
    }

    private static bool IsDeclaredIn(ILocalSymbol local, LoopRegion region) =>
        local.DeclaringSyntaxReferences.Any(reference => region.Body.Any(body => body.Syntax.Span.Contains(reference.Span) && body.Syntax.SyntaxTree == reference.SyntaxTree));

    // What was asked for before is at hand: if (user is null || user.Id != order.UserId) user = await Load(order.UserId);
    // if (!cache.TryGetValue(id, out var user)) cache[id] = user = await Load(id);
    private bool IsMemo(LoopRegion region, LoopData data)
    {
        HashSet<ISymbol>? results = null;
        for (IOperation child = _operation; child.Parent is { } parent && !region.Body.Contains(child); child = parent)
        {
            switch (parent)
            {
                case IConditionalOperation condition when child != condition.Condition && (LooksUp(condition.Condition) || LoopData.Mentions(condition.Condition, results ??= data.ResultsOf(_operation))):
                case ICoalesceAssignmentOperation assignment when !IsOfElement(assignment.Target, region):
                case ICoalesceOperation coalesce when child == coalesce.WhenNull && !IsOfElement(coalesce.Value, region):
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } logical when child == logical.RightOperand && LooksUp(logical.LeftOperand):
                    return true;
                case IBlockOperation block when SkipsWhatIsKnown(block, child):
                    return true;
            }
        }

        return false;
    }

    // order.User ??= await Load(order.UserId): each order has a place of its own, which no other iteration fills.
    private static bool IsOfElement(IOperation value, LoopRegion region) =>
        HoleValues.Strip(value) is IMemberReferenceOperation { Instance: { } instance } && LoopRegions.SymbolOf(instance) is { } element && region.Variables.Contains(element, SymbolEqualityComparer.Default);

    // if (cache.ContainsKey(id)) continue;
    private static bool SkipsWhatIsKnown(IBlockOperation block, IOperation child)
    {
        foreach (var statement in block.Operations)
        {
            if (statement == child)
            {
                break;
            }

            if (statement is IConditionalOperation { WhenFalse: null } condition && LooksUp(condition.Condition) && condition.WhenTrue.DescendantsAndSelf().Any(part => part is IBranchOperation { BranchKind: BranchKind.Continue }))
            {
                return true;
            }
        }

        return false;
    }

    private static bool LooksUp(IOperation condition) =>
        condition.DescendantsAndSelf().Any(part => part is IInvocationOperation call && DbMemberTable.LooksUp(call.TargetMethod.Name) && call.TargetMethod.ContainingType.SpecialType != SpecialType.System_String);

    // version = await Append(message, version): what is asked for next depends on the answer before.
    private bool IsCarriedOn(LoopRegion region, IReadOnlyList<IOperation> inputs, LoopData data)
    {
        var results = data.ResultsOf(_operation);
        results.RemoveWhere(symbol => region.Variables.Contains(symbol, SymbolEqualityComparer.Default) || (symbol is ILocalSymbol local && IsDeclaredIn(local, region)));
        return results.Count > 0 && inputs.Any(input => LoopData.Mentions(input, results));
    }

    // OFFSET @skip, Skip(i * size): the next page each time.
    private bool Pages(LoopRegion region, IReadOnlyList<IOperation> inputs, LoopData data)
    {
        if (region.Kind == LoopKind.For && (LoopSources.CountsPages(region) || LoopSources.TurnsPages(region, data)))
        {
            return true;
        }

        if (_operation is IInvocationOperation { Arguments: var arguments } && arguments.Any(argument => argument.Parameter is { } parameter && LoopSources.IsPage(parameter.Name) && data.IsDependent(argument.Value)))
        {
            return true;
        }

        if (_execution?.Call is { } call && region.Kind is LoopKind.For or LoopKind.While && call.Trees.Any(tree => tree.Statements.Any(statement => statement is SelectStatement { Query.Offset.IsAbsent: false })))
        {
            return true;
        }

        return inputs.Any(input => input.DescendantsAndSelf().Any(part =>
            part is IInvocationOperation piece && DbMemberTable.Pages(piece.TargetMethod.Name) && piece.Arguments.Any(argument => data.IsDependent(argument.Value))
            && (region.Kind != LoopKind.ForEach || !piece.Arguments.Any(argument => argument.Parameter?.Ordinal == 0 && data.IsDependent(argument.Value)))));
    }

    // foreach (var chunk in ids.Chunk(100)): the chunk goes in as a whole.
    private bool AsksForChunk(LoopRegion region, IReadOnlyList<IOperation> inputs, LoopData data)
    {
        foreach (var variable in region.Variables)
        {
            // while (queue.TryDequeue(out var id)): the queue is no element.
            if (region.Kind == LoopKind.While && SymbolEqualityComparer.Default.Equals(variable, LoopRegions.SymbolOf(region.Source)))
            {
                continue;
            }

            var type = variable switch
            {
                ILocalSymbol local => local.Type,
                IParameterSymbol parameter => parameter.Type,
                _ => null,
            };
            if (HoleValues.ElementType(type) is null)
            {
                continue;
            }

            if (type is not INamedTypeSymbol { AllInterfaces: var contracts } named ||
                !contracts.Add(named).Any(contract => SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, _facts.Apis.Types.Grouping)))
            {
                return true;
            }

            // A group is asked for by its key, or goes in as a whole, perhaps in another form.
            if (inputs.Any(input => TakesWhole(input, variable) || input.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation local &&
                !SymbolEqualityComparer.Default.Equals(local.Local, variable) && data.IsDependent(local.Local) && !HoleValues.IsScalar(part.Type) && part.Type?.SpecialType != SpecialType.System_String)))
            {
                return true;
            }
        }

        // foreach (var pair in idsByKind): the value of the pair is the chunk.
        return inputs.Any(input => input.DescendantsAndSelf().Any(part =>
            part is IPropertyReferenceOperation { Property: { Name: nameof(KeyValuePair<int, int>.Value), ContainingType: { IsValueType: true, Name: nameof(KeyValuePair<int, int>) } }, Instance: { } pair } &&
            HoleValues.ElementType(part.Type) is not null && region.Variables.Contains(LoopRegions.SymbolOf(pair)!, SymbolEqualityComparer.Default)));
    }

    // The group itself, or a list of its elements: var ids = group.Select(line => line.Id).ToArray();
    private static bool TakesWhole(IOperation input, ISymbol group) => input.DescendantsAndSelf().Any(part =>
        (SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(part), group) && part.Parent is not IPropertyReferenceOperation) ||
        (part is ILocalReferenceOperation local && HoleValues.ElementType(local.Type) is not null && EfQueries.InitialValue(local) is { } list && TakesWhole(list, group)));

    // A text, or a name in it, that is the iteration's: TRUNCATE {table}, Execute(script). No one statement does them all.
    private bool IsTextOfIteration(LoopData data)
    {
        if (_execution is not { } execution)
        {
            return ((IInvocationOperation)_operation).Arguments.Any(argument =>
                argument.Parameter is { } parameter && NamePromises.IsStatementName(parameter.Name, parameter.Type) && data.IsDependent(argument.Value));
        }

        if (execution.Call is not { } call)
        {
            return execution.IsUnknown && (execution.Inputs.Any(input => input.Type?.SpecialType == SpecialType.System_String && data.IsDependent(input)) || IsCommandOfIteration(data));
        }

        // Also where the names come from a list of constants, so that there is no hole; a value that is pasted is asked for all the same.
        var holes = call.Holes.Where(hole => data.IsDependent(hole.Piece.Value) || data.IsDependent(hole.Piece.Origin)).ToList();
        return holes.Any(hole => hole.Site.Kind != HoleKind.Value) || (holes.Count == 0 && call.Text.Form != SqlTextForm.Formattable && call.Api.SqlArgument is { } text && data.IsDependent(text));
    }

    // A command whose text nobody sees, made from a text of the iteration.
    private bool IsCommandOfIteration(LoopData data) =>
        _operation is IInvocationOperation { Instance: { } command } && _facts.CommandsOf(HoleValues.RootOf(_operation)).TextOf(command) is { } text &&
        text.Text.Descendants().Any(part => part is IArgumentOperation { Value.Type.SpecialType: SpecialType.System_String } argument && data.IsDependent(argument.Value));

    private bool IsInvariant(LoopRegion region, IReadOnlyList<IOperation> inputs, LoopData data)
    {
        if (!OnlyReads || (region.Kind == LoopKind.For && !LoopSources.IsCollection(region.Source)) || region.Kind == LoopKind.Recursion || LoopExits.IsConditional(_operation, region))
        {
            return false;
        }

        if (_execution is { } execution ? !Invariants.IsRepeatable(execution) : !_summary!.IsPureRead)
        {
            return false;
        }

        var changing = new HashSet<ISymbol>(data.Changing, SymbolEqualityComparer.Default);
        if (ConnectionOf() is { } connection && LoopData.RootOf(connection) is { } root && !data.IsDependent(root))
        {
            changing.Remove(root);
        }

        return inputs.All(input => Invariants.IsStable(input, changing, _facts.Apis)) && !LoopUnits.MayWrite(region, _facts, _cancellation);
    }
}
