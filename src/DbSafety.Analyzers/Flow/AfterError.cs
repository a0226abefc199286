using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What a transaction is still used for after a handler has caught an error inside it, read over the control-flow graph.</summary>
internal sealed class AfterError
{
    private readonly TransactionBegin _begin;
    private readonly ITransactionFacts _facts;
    private readonly CancellationToken _cancellation;
    private readonly BodyConnections _connections;
    private readonly ControlFlowGraph? _graph;
    private readonly Dictionary<SyntaxNode, IInvocationOperation> _calls = [];

    /// <summary>Reads the function in which a transaction begins.</summary>
    public AfterError(TransactionBegin begin, IOperation root, ITransactionFacts facts, CancellationToken cancellation)
    {
        _begin = begin;
        _facts = facts;
        _cancellation = cancellation;
        _connections = facts.ConnectionsOf(root);
        var function = BodyGraph.FunctionOf(begin.Operation);
        _graph = BodyGraph.Of(root, cancellation).FirstOrDefault(graph => graph.Function == function)?.Graph;

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

        var told = ToldBy(attempt, handler);
        var seen = new HashSet<int>();
        var pending = new Queue<BasicBlock>();
        pending.Enqueue(_graph.Blocks[region.FirstBlockOrdinal]);
        while (pending.Count > 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            var block = pending.Dequeue();
            if (!seen.Add(block.Ordinal))
            {
                continue;
            }

            var isOver = Read(BodyGraph.Operations(block), out var found);
            if (found is not null)
            {
                return found;
            }

            var isInside = block.Ordinal >= region.FirstBlockOrdinal && block.Ordinal <= region.LastBlockOrdinal;
            if (isOver || (block.ConditionKind != ControlFlowConditionKind.None && !isInside && (block.BranchValue is null or IFlowCaptureReferenceOperation || Mentions(block.BranchValue, told))))
            {
                continue;
            }

            foreach (var branch in new[] { block.ConditionalSuccessor, block.FallThroughSuccessor })
            {
                if (branch?.Destination is not { } next)
                {
                    continue;
                }

                var isOverBetween = false;
                foreach (var last in branch.FinallyRegions)
                {
                    for (var i = last.FirstBlockOrdinal; i <= last.LastBlockOrdinal && !isOverBetween; i++)
                    {
                        isOverBetween = Read(BodyGraph.Operations(_graph.Blocks[i]), out found);
                        if (found is not null)
                        {
                            return found;
                        }
                    }
                }

                if (!isOverBetween)
                {
                    pending.Enqueue(next);
                }
            }
        }

        return null;
    }

    // Whether the transaction is over, or sound again, behind some operations; what in them still uses it.
    private bool Read(IEnumerable<IOperation> operations, out (IInvocationOperation Next, bool IsCommit)? found)
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

                if (_begin.Includes(use.Connection))
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
            var symbol = operation switch
            {
                IAssignmentOperation assignment => LoopRegions.SymbolOf(assignment.Target),
                IIncrementOrDecrementOperation step => LoopRegions.SymbolOf(step.Target),
                IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument => LoopRegions.SymbolOf(argument.Value),
                IInvocationOperation { Instance: { } receiver } => LoopRegions.SymbolOf(receiver),
                _ => null,
            };
            if (symbol is not null)
            {
                told.Add(symbol);
            }
        }

        return told;
    }

    private static bool Mentions(IOperation condition, HashSet<ISymbol> symbols) => condition.DescendantsAndSelf().Any(part => LoopRegions.SymbolOf(part) is { } symbol && symbols.Contains(symbol));
}
