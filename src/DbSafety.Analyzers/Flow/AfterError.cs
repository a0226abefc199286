using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What a transaction is still used for after a handler has caught an error inside it, read over the control-flow graph.</summary>
internal sealed class AfterError
{
    // A value goes through a few hands before it decides: a?.B is null.
    private const int MaxCaptures = 4;

    private readonly TransactionBegin _begin;
    private readonly ITransactionFacts _facts;
    private readonly CancellationToken _cancellation;
    private readonly BodyConnections _connections;
    private readonly ControlFlowGraph? _graph;
    private readonly Dictionary<SyntaxNode, IInvocationOperation> _calls = [];
    private readonly ILookup<CaptureId, IOperation>? _captured;

    /// <summary>Reads the function in which a transaction begins.</summary>
    public AfterError(TransactionBegin begin, IOperation root, ITransactionFacts facts, CancellationToken cancellation)
    {
        _begin = begin;
        _facts = facts;
        _cancellation = cancellation;
        _connections = facts.ConnectionsOf(root);
        var function = BodyGraph.FunctionOf(begin.Operation);
        _graph = BodyGraph.Of(root, cancellation).FirstOrDefault(graph => graph.Function == function)?.Graph;
        _captured = _graph?.Blocks.SelectMany(BodyGraph.Operations).OfType<IFlowCaptureOperation>().ToLookup(capture => capture.Id, capture => capture.Value);

        // The graph holds copies; facts are asked for what stands in the tree.
        foreach (var operation in root.Descendants())
        {
            if (operation is IInvocationOperation call)
            {
                _calls[call.Syntax] = call;
            }
        }
    }

    /// <summary>The first command or commit that a path from the handler reaches with nothing between that ends the transaction, goes back to a savepoint, or asks how the attempt went.</summary>
    public (IInvocationOperation Next, bool IsCommit)? Of(ITryOperation attempt, ICatchClauseOperation handler, IOperation failing)
    {
        if (_graph is null || HandlerOf(attempt, handler, failing) is not { } region)
        {
            return null;
        }

        return Walk(_graph.Blocks[region.FirstBlockOrdinal], new Handled(attempt, handler, region, ToldBy(attempt, handler)), within: null, out _);
    }

    // Over the graph from a block, or only over the blocks of a finally: then whether its end is reached, too.
    private (IInvocationOperation Next, bool IsCommit)? Walk(BasicBlock first, Handled error, ControlFlowRegion? within, out bool isThrough)
    {
        isThrough = false;
        var seen = new HashSet<int>();
        var pending = new Queue<BasicBlock>();
        pending.Enqueue(first);
        while (pending.Count > 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            var block = pending.Dequeue();
            if (!seen.Add(block.Ordinal))
            {
                continue;
            }

            var isOver = Read(BodyGraph.Operations(block), error, out var found);
            if (found is not null)
            {
                return found;
            }

            var isInside = block.Ordinal >= error.Region.FirstBlockOrdinal && block.Ordinal <= error.Region.LastBlockOrdinal;
            if (isOver || (block.ConditionKind != ControlFlowConditionKind.None && !isInside && (block.BranchValue is null or IFlowCaptureReferenceOperation || Mentions(block.BranchValue, error.Told, 0))))
            {
                continue;
            }

            foreach (var branch in new[] { block.ConditionalSuccessor, block.FallThroughSuccessor })
            {
                if (branch is { Destination: null, Semantics: ControlFlowBranchSemantics.StructuredExceptionHandling })
                {
                    isThrough = true;
                }

                if (branch?.Destination is not { } next || (within is not null && (next.Ordinal < within.FirstBlockOrdinal || next.Ordinal > within.LastBlockOrdinal)))
                {
                    continue;
                }

                var goesOn = true;
                foreach (var last in branch.FinallyRegions)
                {
                    found = Walk(_graph!.Blocks[last.FirstBlockOrdinal], error, last, out goesOn);
                    if (found is not null)
                    {
                        return found;
                    }

                    if (!goesOn)
                    {
                        break;
                    }
                }

                if (goesOn)
                {
                    pending.Enqueue(next);
                }
            }
        }

        return null;
    }

    // Whether the transaction is over, or sound again, behind some operations; what in them still uses it.
    private bool Read(IEnumerable<IOperation> operations, Handled error, out (IInvocationOperation Next, bool IsCommit)? found)
    {
        found = null;
        foreach (var operation in operations)
        {
            if (operation.Syntax == _begin.Operation.Syntax)
            {
                return true;
            }

            if (operation is not IInvocationOperation || operation.IsImplicit || !_calls.TryGetValue(operation.Syntax, out var call) || !_begin.Region.Contains(call.Syntax.Span))
            {
                continue;
            }

            if (Throws.Always(call.TargetMethod, _facts, _cancellation) || (!error.Contains(call.Syntax.Span) && IsToldOf(call, error.Told) && Throws.Sometimes(call.TargetMethod, _facts, _cancellation)))
            {
                return true;
            }

            var name = call.TargetMethod.Name;
            if (TransactionMembers.RollsBackToSavepoint(call) || ((TransactionMembers.RollsBack(call) || SavepointMembers.Disposes(name)) && IsOfIt(call)))
            {
                return true;
            }

            if (((TransactionMembers.Commits(name) || TransactionMembers.Completes(name)) && IsOfIt(call)) || (_facts.ExecutionOf(call) is { } execution && TransactionStates.MayControl(execution, Sql.Syntax.TransactionKind.Commit)))
            {
                found = (call, true);
                return true;
            }

            if (ConnectionUses.Of(call, _connections, _facts, _cancellation) is { } use)
            {
                if (TransactionStates.MayControl(use.Execution, Sql.Syntax.TransactionKind.Rollback) || TransactionStates.MayControl(use.Execution, Sql.Syntax.TransactionKind.RollbackTo))
                {
                    return true;
                }

                if (_begin.Includes(use.Connection, _facts.TransactionsAround(call, _cancellation).OpenAt(call)))
                {
                    found = (call, false);
                    return true;
                }
            }
            else if (SavepointMembers.MayCommit(name) || call.Arguments.Any(argument => _begin.Holder is { } holder && SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(argument.Value), holder)))
            {
                // Handed on to somebody who may know better.
                return true;
            }
        }

        return false;
    }

    // Called on the variable that holds it, on its context, or on its connection.
    private bool IsOfIt(IInvocationOperation call)
    {
        var receiver = call.Instance is IConditionalAccessInstanceOperation ? Accessed(call) : call.Instance ?? EfQueries.FirstArgument(call);
        return (_begin.Holder is { } holder && SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(receiver), holder)) ||
            (_begin.Connection is { } connection && _connections.Of(receiver)?.CompareTo(connection) == ConnectionRelation.Same);
    }

    private static IOperation? Accessed(IOperation call)
    {
        var at = call.Parent;
        while (at is not null and not IConditionalAccessOperation)
        {
            at = at.Parent;
        }

        return (at as IConditionalAccessOperation)?.Operation;
    }

    // Of the tries around the command, as many have a catch in the graph as in the tree.
    private ControlFlowRegion? HandlerOf(ITryOperation attempt, ICatchClauseOperation handler, IOperation failing)
    {
        var level = 0;
        for (var at = failing; at.Parent is { } parent && parent != attempt; at = parent)
        {
            level += parent is ITryOperation { Catches.IsEmpty: false } inner && inner.Body == at ? 1 : 0;
        }

        var block = _graph!.Blocks.FirstOrDefault(candidate => BodyGraph.Operations(candidate).Any(operation => operation.Syntax == failing.Syntax));
        for (ControlFlowRegion? region = block?.EnclosingRegion, below = null; region is not null; below = region, region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.TryAndCatch && below == region.NestedRegions[0] && level-- == 0)
            {
                var found = region.NestedRegions[1 + attempt.Catches.IndexOf(handler)];
                return found.Kind == ControlFlowRegionKind.FilterAndHandler ? found.NestedRegions[1] : found;
            }
        }

        return null;
    }

    // What the attempt and the handler leave behind: who asks for it may know how it went.
    private static HashSet<ISymbol> ToldBy(ITryOperation attempt, ICatchClauseOperation handler)
    {
        var told = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in attempt.Body.Descendants().Concat(handler.Handler.Descendants()))
        {
            var changed = operation switch
            {
                IAssignmentOperation assignment => assignment.Target,
                IIncrementOrDecrementOperation step => step.Target,
                IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument => argument.Value,
                IInvocationOperation { Instance: { } receiver } => receiver,
                _ => null,
            };
            foreach (var part in changed is ITupleOperation or IDeclarationExpressionOperation { Expression: ITupleOperation } ? changed.Descendants() : changed is null ? [] : new[] { changed })
            {
                if (LoopRegions.SymbolOf(part) is { } symbol)
                {
                    told.Add(symbol);
                }

                // result.Error = ..; if (!result.IsOk) ..
                if (changed is not IInstanceReferenceOperation && OwnerOf(part) is { } owner)
                {
                    told.Add(owner);
                }
            }
        }

        return told;
    }

    // The variable at the left end of a.b.c; of a member of the object itself, the object's type.
    private static ISymbol? OwnerOf(IOperation value)
    {
        var at = HoleValues.Strip(value);
        var isMember = false;
        while (at is IMemberReferenceOperation { Instance: { } instance })
        {
            at = HoleValues.Strip(instance);
            isMember = true;
        }

        return at switch
        {
            IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } self => isMember ? self.Type : null,
            ILocalReferenceOperation or IParameterReferenceOperation => LoopRegions.SymbolOf(at),
            _ => null,
        };
    }

    private bool Mentions(IOperation condition, HashSet<ISymbol> symbols, int depth) => condition.DescendantsAndSelf().Any(part =>
        (LoopRegions.SymbolOf(part) is { } symbol && symbols.Contains(symbol)) || AsksSelf(part, symbols) ||
        (part is IFlowCaptureReferenceOperation reference && depth < MaxCaptures && _captured![reference.Id].Any(value => Mentions(value, symbols, depth + 1))));

    // What the object computes from its fields: if (HasErrors), if (IsOk()).
    private static bool AsksSelf(IOperation part, HashSet<ISymbol> symbols) => part switch
    {
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation self, Property: { GetMethod: { IsImplicitlyDeclared: false } getter } property } =>
            symbols.Contains(self.Type!) && !property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)) &&
            !getter.DeclaringSyntaxReferences.IsEmpty,
        IInvocationOperation { Instance: IInstanceReferenceOperation self } => symbols.Contains(self.Type!),
        _ => false,
    };

    private static bool IsToldOf(IInvocationOperation call, HashSet<ISymbol> told) =>
        AsksSelf(call, told) || call.ChildOperations.Any(child => (child is IArgumentOperation argument ? argument.Value : child) is { } value &&
            ((LoopRegions.SymbolOf(value) is { } symbol && told.Contains(symbol)) || (OwnerOf(value) is { } owner && told.Contains(owner))));

    /// <summary>An error that was caught, where, and what it leaves behind.</summary>
    private sealed record Handled(ITryOperation Attempt, ICatchClauseOperation Handler, ControlFlowRegion Region, HashSet<ISymbol> Told)
    {
        public bool Contains(Microsoft.CodeAnalysis.Text.TextSpan span) => Attempt.Body.Syntax.Span.Contains(span) || Handler.Syntax.Span.Contains(span);
    }
}
