using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Flow;

/// <summary>Which transactions of its own a member may have open at each of its calls, and which writes come before which: read once, over the control-flow graph.</summary>
public sealed class BodyTransactions
{
    // As many as fit into one word; nobody writes a body with more, and what comes after is not told apart from unknown.
    private const int Most = 64;

    private readonly IConnectionFacts _facts;
    private readonly BodyConnections _connections;
    private readonly CancellationToken _cancellation;
    private readonly ImmutableArray<TransactionBegin>.Builder _begins = ImmutableArray.CreateBuilder<TransactionBegin>();
    private readonly ImmutableArray<UnprotectedWrite>.Builder _writes = ImmutableArray.CreateBuilder<UnprotectedWrite>();
    private readonly TemporaryTables _temporary = new();
    private readonly Dictionary<SyntaxNode, Event> _events = [];
    private readonly Dictionary<SyntaxNode, PathState> _states = [];

    private BodyTransactions(IOperation root, IConnectionFacts facts, CancellationToken cancellation)
    {
        Root = root;
        _facts = facts;
        _connections = facts.ConnectionsOf(root);
        _cancellation = cancellation;
    }

    /// <summary>The root operation of the member.</summary>
    public IOperation Root { get; }

    /// <summary>Where transactions begin, in the order of the source.</summary>
    public ImmutableArray<TransactionBegin> Begins { get; private set; }

    /// <summary>The places that certainly write, in the order of the source, whether a transaction is open or not; none of those in a catch or finally.</summary>
    public ImmutableArray<UnprotectedWrite> Writes { get; private set; }

    /// <summary>Whether the member asks which transaction surrounds it.</summary>
    public bool KnowsOfOther { get; private set; }

    /// <summary>Whether there are more begins or writes than are told apart: then nothing is known.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Reads a member.</summary>
    /// <param name="root">Its root operation.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static BodyTransactions Of(IOperation root, IConnectionFacts facts, CancellationToken cancellation)
    {
        var body = new BodyTransactions(root, facts, cancellation);
        body.Collect();
        if (!body.IsTooLarge && (body.Begins.Length > 0 || body.Writes.Length > 1))
        {
            foreach (var graph in BodyGraph.Of(root, cancellation))
            {
                body.Solve(graph.Graph);
            }
        }

        return body;
    }

    /// <summary>The transactions that may be open just before an operation of this member runs, on some path.</summary>
    public IEnumerable<TransactionBegin> MayBeOpenAt(IOperation operation) => At(operation, state => state.MayBeOpen);

    /// <summary>The transactions that are open just before an operation of this member runs, on every path.</summary>
    public IEnumerable<TransactionBegin> OpenAt(IOperation operation) => At(operation, state => state.MayBeOpen & ~state.MayBeClosed);

    /// <summary>The writes of the same function that may have happened on the path to an operation, with nothing between that waits for another service.</summary>
    public IEnumerable<UnprotectedWrite> WritesBefore(IOperation operation)
    {
        if (_states.TryGetValue(operation.Syntax, out var state))
        {
            for (var i = 0; i < Writes.Length; i++)
            {
                if ((state.Writes & (1UL << i)) != 0)
                {
                    yield return Writes[i];
                }
            }
        }
    }

    private IEnumerable<TransactionBegin> At(IOperation operation, Func<PathState, ulong> which)
    {
        if (!_states.TryGetValue(operation.Syntax, out var state))
        {
            yield break;
        }

        for (var i = 0; i < Begins.Length; i++)
        {
            if ((which(state) & (1UL << i)) != 0 && Begins[i].Region.Contains(operation.Syntax.Span))
            {
                yield return Begins[i];
            }
        }
    }

    private void Collect()
    {
        var ends = new List<IInvocationOperation>();
        foreach (var operation in Root.Descendants())
        {
            _cancellation.ThrowIfCancellationRequested();
            if (operation is IObjectCreationOperation creation && _facts.Apis.Types.IsScope(creation.Type))
            {
                Begin(TransactionKind.Ambient, operation, null);
            }
            else if (operation is IInvocationOperation call)
            {
                Collect(call, ends);
            }
            else if (operation is IPropertyReferenceOperation { Property: var property } && TransactionMembers.TellsOfTransaction(property))
            {
                KnowsOfOther = true;
            }
        }

        Begins = _begins.ToImmutable();
        Writes = _writes.ToImmutable();
        IsTooLarge = Begins.Length > Most || Writes.Length > Most;
        foreach (var end in ends)
        {
            Add(end.Syntax, EventOf(end.Syntax) with { Closes = EndedBy(end) });
        }
    }

    private void Collect(IInvocationOperation call, List<IInvocationOperation> ends)
    {
        var name = call.TargetMethod.Name;
        if (TransactionMembers.MayBegin(name) && TransactionMembers.Begins(call.TargetMethod, _facts.Apis.Types))
        {
            var isContext = TransactionMembers.IsOfFacade(call.TargetMethod);
            var kind = isContext ? TransactionKind.Context : TransactionMembers.IsOfConnection(call.TargetMethod, _facts.Apis.Types) ? TransactionKind.Connection : TransactionKind.Foreign;
            Begin(kind, call, kind == TransactionKind.Foreign ? null : _connections.Of(call.Instance ?? EfQueries.FirstArgument(call)));
        }
        else if (TransactionMembers.Commits(name) || TransactionMembers.RollsBack(call) || ConnectionMembers.Closes(name))
        {
            ends.Add(call);
        }
        else if (_facts.WaitsOutside(call.TargetMethod, _cancellation))
        {
            Add(call.Syntax, EventOf(call.Syntax) with { WaitsOutside = true });
        }
        else if (_facts.MayWrite(name))
        {
            CollectWrite(call, ends);
        }
    }

    private void CollectWrite(IInvocationOperation call, List<IInvocationOperation> ends)
    {
        if (_facts.ExecutionOf(call) is { } execution)
        {
            _temporary.Add(execution.Call);
            switch (ControlOf(execution))
            {
                case "BEGIN":
                    Begin(TransactionKind.Text, call, _connections.Of(execution));
                    break;
                case "COMMIT" or "ROLLBACK":
                    ends.Add(call);
                    break;
                case null when execution.Writes && (execution.IsCertain || execution.Batch is not null) && !IsAside(call) && !_temporary.HoldAll(execution.Call):
                    Write(new UnprotectedWrite(call, execution, LabelOf(execution), _connections.Of(execution)));
                    break;
            }
        }
        else if (!IsAside(call) && _facts.SummaryOf(call.TargetMethod, _cancellation) is { IsUnit: false } summary && (summary.Effects & (DbEffects.Writes | DbEffects.SavesChanges)) != 0)
        {
            Write(new UnprotectedWrite(call, null, _facts.PathOf(call, null), ConnectionUses.Of(call, _connections, _facts, _cancellation)?.Connection));
        }
    }

    private void Begin(TransactionKind kind, IOperation operation, ConnectionIdentity? connection)
    {
        var (holder, region) = HolderOf(operation);
        Add(operation.Syntax, EventOf(operation.Syntax) with { Opens = Bit(_begins.Count) });
        _begins.Add(new TransactionBegin(kind, operation, holder, connection, region));
    }

    private void Write(UnprotectedWrite write)
    {
        Add(write.Operation.Syntax, EventOf(write.Operation.Syntax) with { Writes = Bit(_writes.Count) });
        _writes.Add(write);
    }

    private static ulong Bit(int index) => index < Most ? 1UL << index : 0;

    private Event EventOf(SyntaxNode syntax) => _events.TryGetValue(syntax, out var found) ? found : default;

    private void Add(SyntaxNode syntax, Event what) => _events[syntax] = what;

    // What the text of a command does to the transaction when it has run: BEGIN, COMMIT or ROLLBACK; null where it leaves it alone, or leaves it as it was.
    private static string? ControlOf(DbExecution execution)
    {
        if (execution.Call is not { } call || call.Trees.Length != 1)
        {
            return null;
        }

        string? found = null;
        var isBalanced = false;
        foreach (var statement in call.Sql.Statements)
        {
            if (statement.Verb is "BEGIN" or "COMMIT" or "ROLLBACK")
            {
                isBalanced = found == "BEGIN" && statement.Verb != "BEGIN";
                found = statement.Verb;
            }
        }

        return isBalanced ? null : found;
    }

    /// <summary>What an execution writes, for people: <c>INSERT INTO orders</c>; of anything but one statement the name of the method.</summary>
    internal static string LabelOf(DbExecution execution)
    {
        foreach (var statement in execution.Call?.Sql.Statements ?? ImmutableArray<Sql.Syntax.SqlStatement>.Empty)
        {
            if (statement is Sql.Syntax.WriteStatement write)
            {
                var table = execution.Call!.Sql.Source.ToString(write.Table.Name.Span);
                return table.Length is 0 or > 60 || table.IndexOf('\uFFFC') >= 0 ? write.Verb : write.Verb switch { "INSERT" or "MERGE" => write.Verb + " INTO ", "DELETE" => "DELETE FROM ", _ => write.Verb + " " } + table;
            }
        }

        return execution.Member;
    }

    // The variable that takes what begins, and where it lives.
    private (ISymbol? Holder, TextSpan Region) HolderOf(IOperation operation)
    {
        var at = operation;
        while (at.Parent is IConversionOperation or IParenthesizedOperation or IAwaitOperation || (at.Parent is IInvocationOperation outer && TaskMembers.Configures(outer.TargetMethod.Name)) ||
            (at.Parent is IArgumentOperation { Parent: IInvocationOperation configured } && TaskMembers.Configures(configured.TargetMethod.Name)))
        {
            at = at.Parent!;
        }

        var function = BodyGraph.FunctionOf(operation).Syntax.Span;
        switch (at.Parent)
        {
            case IUsingOperation scope when scope.Resources == at:
                return (null, scope.Body.Syntax.Span);
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                var statement = declarator.Parent?.Parent;
                return statement?.Parent switch
                {
                    IUsingOperation scope when scope.Resources == statement => (declarator.Symbol, scope.Body.Syntax.Span),
                    IUsingDeclarationOperation { Parent: { } block } => (declarator.Symbol, TextSpan.FromBounds(operation.Syntax.Span.End, block.Syntax.Span.End)),
                    _ => (declarator.Symbol, function),
                };
            case ISimpleAssignmentOperation assignment when assignment.Value == at:
                return (LoopRegions.SymbolOf(assignment.Target), function);
            default:
                return (null, function);
        }
    }

    // Which begins a commit, rollback or disposal ends.
    private ulong EndedBy(IInvocationOperation call)
    {
        var ended = 0UL;
        var target = InstanceOf(call);
        var symbol = LoopRegions.SymbolOf(target);
        var connection = TransactionMembers.IsOfFacade(call.TargetMethod) || _facts.Apis.Types.IsConnection(target?.Type) ? _connections.Of(target)
            : _facts.ExecutionOf(call) is { } execution ? _connections.Of(execution)
            : null;
        for (var i = 0; i < Begins.Length; i++)
        {
            var begin = Begins[i];
            if ((symbol is not null && SymbolEqualityComparer.Default.Equals(symbol, begin.Holder)) ||
                (connection is not null && begin.Connection?.CompareTo(connection) == ConnectionRelation.Same))
            {
                ended |= Bit(i);
            }
        }

        return ended;
    }

    private static IOperation? InstanceOf(IInvocationOperation call)
    {
        var instance = call.Instance ?? EfQueries.FirstArgument(call);
        if (instance is IConditionalAccessInstanceOperation)
        {
            for (var at = call.Parent; at is not null; at = at.Parent)
            {
                if (at is IConditionalAccessOperation access)
                {
                    return access.Operation;
                }
            }
        }

        return instance;
    }

    // What is written when something went wrong, or as the last word, is no part of the work.
    private static bool IsAside(IOperation operation)
    {
        for (var at = operation; at.Parent is { } parent; at = parent)
        {
            switch (parent)
            {
                case ICatchClauseOperation:
                case ITryOperation attempt when attempt.Finally == at:
                    return true;
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
            }
        }

        return false;
    }

    // Forward only: what a loop repeats is another fact's business, so each block is visited once.
    private void Solve(ControlFlowGraph graph)
    {
        var incoming = new PathState?[graph.Blocks.Length];
        var touched = new PathState[graph.Blocks.Length];
        incoming[0] = new PathState(0, ~0UL, 0);
        foreach (var block in graph.Blocks)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (incoming[block.Ordinal] is not { } state)
            {
                if (HandledBy(block) is not { } attempted || incoming[attempted.FirstBlockOrdinal] is not { } before)
                {
                    continue;
                }

                // Something in the attempt failed: its transactions may have begun or ended, its writes did not happen.
                state = before;
                for (var i = attempted.FirstBlockOrdinal; i <= attempted.LastBlockOrdinal; i++)
                {
                    state = state with { MayBeOpen = state.MayBeOpen | touched[i].MayBeOpen, MayBeClosed = state.MayBeClosed | touched[i].MayBeClosed };
                }

                incoming[block.Ordinal] = state;
            }

            var seen = state with { Writes = 0 };
            foreach (var operation in BodyGraph.Operations(block))
            {
                if (operation is IInvocationOperation or IObjectCreationOperation && !operation.IsImplicit)
                {
                    state = Through(operation.Syntax, state);
                    seen = new PathState(seen.MayBeOpen | state.MayBeOpen, seen.MayBeClosed | state.MayBeClosed, 0);
                }
            }

            touched[block.Ordinal] = seen;
            Follow(block.ConditionalSuccessor, state, graph, incoming);
            Follow(block.FallThroughSuccessor, state, graph, incoming);
        }
    }

    private PathState Through(SyntaxNode syntax, PathState state)
    {
        _states[syntax] = _states.TryGetValue(syntax, out var before) ? before.Or(state) : state;
        if (!_events.TryGetValue(syntax, out var what))
        {
            return state;
        }

        // Who waits for another service between two writes can't have them in one transaction.
        var writes = what.WaitsOutside ? 0 : state.Writes | what.Writes;
        return new PathState((state.MayBeOpen & ~what.Closes) | what.Opens, (state.MayBeClosed & ~what.Opens) | what.Closes, writes);
    }

    private void Follow(ControlFlowBranch? branch, PathState state, ControlFlowGraph graph, PathState?[] incoming)
    {
        if (branch is null)
        {
            return;
        }

        foreach (var region in branch.FinallyRegions)
        {
            Enter(region.FirstBlockOrdinal, state, incoming);
            for (var i = region.FirstBlockOrdinal; i <= region.LastBlockOrdinal; i++)
            {
                foreach (var operation in BodyGraph.Operations(graph.Blocks[i]))
                {
                    if (operation is IInvocationOperation && !operation.IsImplicit && _events.TryGetValue(operation.Syntax, out var what))
                    {
                        state = state with { MayBeOpen = state.MayBeOpen & ~what.Closes, MayBeClosed = state.MayBeClosed | what.Closes };
                    }
                }
            }
        }

        if (branch.Destination is { } next && next.Ordinal > branch.Source.Ordinal)
        {
            Enter(next.Ordinal, state, incoming);
        }
    }

    private static void Enter(int block, PathState state, PathState?[] incoming) => incoming[block] = incoming[block] is { } known ? known.Or(state) : state;

    // The attempt whose failure leads to a block.
    private static ControlFlowRegion? HandledBy(BasicBlock block)
    {
        for (var region = block.EnclosingRegion; region is not null && region.FirstBlockOrdinal == block.Ordinal; region = region.EnclosingRegion)
        {
            if (region.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.FilterAndHandler or ControlFlowRegionKind.Finally)
            {
                var handlers = region.EnclosingRegion;
                return handlers is { Kind: ControlFlowRegionKind.TryAndCatch or ControlFlowRegionKind.TryAndFinally } ? handlers.NestedRegions[0] : null;
            }
        }

        return null;
    }

    private readonly record struct Event(ulong Opens, ulong Closes, ulong Writes, bool WaitsOutside);

    // Each bit a transaction, or a write: on some path to here it may be open, it may not be, it may have happened.
    private readonly record struct PathState(ulong MayBeOpen, ulong MayBeClosed, ulong Writes)
    {
        public PathState Or(PathState other) => new(MayBeOpen | other.MayBeOpen, MayBeClosed | other.MayBeClosed, Writes | other.Writes);
    }
}
