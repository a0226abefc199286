using System.Collections.Concurrent;
using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Facts;

/// <summary>What goes to the database where, and what repeats it: each found once per compilation, when first asked for.</summary>
internal sealed class FlowFacts : ITransactionFacts
{
    // Nobody reads a longer way.
    private const int MaxPath = 6;

    private readonly Func<SyntaxTree, SemanticModel?> _models;
    private readonly Executions _executions;
    private readonly CallTargets _targets;
    private readonly IReadOnlyDictionary<ISymbol, DbEffects> _userMethods;
    private readonly ConcurrentDictionary<SyntaxNode, BodyCommands> _commands = new();
    private readonly ConcurrentDictionary<SyntaxNode, DbExecution?> _found = new();
    // By the kind too: a block may be the body of a loop and hold a goto of its own.
    private readonly ConcurrentDictionary<(SyntaxNode Body, Flow.LoopKind Kind), LoopData> _data = new();
    private readonly ConcurrentDictionary<SyntaxNode, LoopRegion?> _recursions = new();
    private readonly ConcurrentDictionary<SyntaxNode, Repetition?> _repetitions = new();
    private readonly ConcurrentDictionary<SyntaxNode, BodyConnections> _connections = new();
    private readonly ConcurrentDictionary<SyntaxNode, ImmutableDictionary<SyntaxNode, ReaderConflict>> _readerConflicts = new();
    private readonly ConcurrentDictionary<SyntaxNode, ImmutableDictionary<SyntaxNode, Overlap>> _overlaps = new();
    private readonly ConcurrentDictionary<ISymbol, ConnectionUse?> _ownUses = new(SymbolEqualityComparer.Default);
    private readonly Lazy<Providers> _providers;
    private readonly Lazy<bool> _buffersQueries;
    private readonly ConcurrentDictionary<ISymbol, CallSummary> _summaries = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, BodyEffects?> _bodies = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _outside = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _waiting = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxNode, BodyTransactions> _transactions = new();
    private readonly ConcurrentDictionary<SyntaxNode, ImmutableDictionary<SyntaxNode, TransactionGap>> _gaps = new();
    private readonly ConcurrentDictionary<ISymbol, IReadOnlyList<IInvocationOperation>> _calls = new(SymbolEqualityComparer.Default);
    private readonly Func<string, IReadOnlyList<IInvocationOperation>> _callsByName;
    private readonly Lazy<ImmutableHashSet<ISymbol>> _unitsOfWork;
    private readonly Lazy<bool> _hasPipelineTransaction;
    private readonly Lazy<RetryConfigurations> _retries;
    private int _bodiesRead;
    private int _transactionsRead;

    public FlowFacts(DbApis apis, Func<SyntaxTree, SemanticModel?> models, Func<IOperation, DbCall?> callOf, CallTargets targets, IReadOnlyDictionary<ISymbol, DbEffects> userMethods,
        Func<Providers> providers, Func<string, bool> mayUse, Func<string, IReadOnlyList<IInvocationOperation>> callsByName, Func<ImmutableHashSet<ISymbol>> unitsOfWork)
    {
        _callsByName = callsByName;
        _unitsOfWork = new(unitsOfWork);
        _hasPipelineTransaction = new(FindPipelineTransaction);
        _retries = new(() => RetryConfigurations.Of(callsByName, apis));
        _providers = new(providers);
        _buffersQueries = new(() => ConnectionMembers.BufferingSettings.Any(mayUse));
        Apis = apis;
        _models = models;
        _targets = targets;
        _userMethods = userMethods;
        _executions = new Executions(apis, callOf, CommandsOf);
    }

    public DbApis Apis { get; }

    /// <summary>How many bodies were read for what they do: work that tests count.</summary>
    public int BodiesRead => _bodiesRead;

    public BodyCommands CommandsOf(IOperation root) =>
        _commands.TryGetValue(root.Syntax, out var known) ? known : _commands.GetOrAdd(root.Syntax, BodyCommands.Of(root, Apis));

    public DbExecution? ExecutionOf(IOperation operation)
    {
        if (!(operation is IInvocationOperation call ? _executions.IsCandidate(call.TargetMethod.Name) : operation is IForEachLoopOperation))
        {
            return null;
        }

        return _found.TryGetValue(operation.Syntax, out var known) ? known : _found.GetOrAdd(operation.Syntax, _executions.Of(operation));
    }

    public BodyConnections ConnectionsOf(IOperation root) =>
        _connections.TryGetValue(root.Syntax, out var known) ? known : _connections.GetOrAdd(root.Syntax, BodyConnections.Of(root, Apis));

    public ConnectionUse? OwnUseOf(IMethodSymbol method, CancellationToken cancellation)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        return _ownUses.TryGetValue(method, out var known) ? known : _ownUses.GetOrAdd(method, OperationOf(method, cancellation) is { } root ? ConnectionUses.OfBody(root, this) : null);
    }

    public bool BuffersQueries => _buffersQueries.Value;

    public Provider ProviderOf(DbExecution execution) => _providers.Value.Of(execution);

    public Provider ProviderOf(DbApiMatch match) => _providers.Value.Of(match);

    /// <summary>What runs in the body around an operation while a reader is open there, by the syntax of what runs.</summary>
    public ImmutableDictionary<SyntaxNode, ReaderConflict> ReaderConflictsAround(IOperation operation, CancellationToken cancellation)
    {
        var root = HoleValues.RootOf(operation);
        return _readerConflicts.TryGetValue(root.Syntax, out var known) ? known : _readerConflicts.GetOrAdd(
            root.Syntax, ReaderConflicts.Of(root, this, cancellation).ToImmutableDictionary(conflict => conflict.Use.Operation.Syntax));
    }

    /// <summary>What overlaps in the body around an operation, by the syntax of what starts second.</summary>
    public ImmutableDictionary<SyntaxNode, Overlap> OverlapsAround(IOperation operation, CancellationToken cancellation)
    {
        var root = HoleValues.RootOf(operation);
        return _overlaps.TryGetValue(root.Syntax, out var known) ? known : _overlaps.GetOrAdd(
            root.Syntax, Overlaps.Of(root, this, cancellation).ToImmutableDictionary(overlap => overlap.Use.Operation.Syntax));
    }

    public LoopData DataOf(LoopRegion region) =>
        _data.TryGetValue((region.Body[0].Syntax, region.Kind), out var known) ? known : _data.GetOrAdd((region.Body[0].Syntax, region.Kind), LoopData.Of(region, Apis));

    public LoopRegion? RecursionAround(IOperation operation)
    {
        var owner = Recursions.OwnerOf(operation);
        return _recursions.TryGetValue(owner.Syntax, out var known) ? known : _recursions.GetOrAdd(owner.Syntax, Recursions.RegionOf(owner, Recursions.SelfCalls(owner)));
    }

    public Repetition? RepetitionOf(IOperation operation, CancellationToken cancellation)
    {
        if (_repetitions.TryGetValue(operation.Syntax, out var known))
        {
            return known;
        }

        var execution = ExecutionOf(operation);
        CallSummary? summary = null;
        if (execution is null)
        {
            if (Repetitions.MethodOf(operation) is not { } called || !IsRepeated(operation) || SummaryOf(called, cancellation) is not { Runs: true } found)
            {
                return null;
            }

            summary = found;
        }

        return _repetitions.GetOrAdd(operation.Syntax, Repetitions.Of(operation, execution, summary, this, cancellation));
    }

    public bool HasPipelineTransaction => _hasPipelineTransaction.Value;

    public RetryConfigurations Retries => _retries.Value;

    public bool IsUnitOfWork(ITypeSymbol? type) => type is not null && !_unitsOfWork.Value.IsEmpty &&
        (IsNamed(type) || type.AllInterfaces.Any(IsNamed) || (type.BaseType is { } parent && IsUnitOfWork(parent)));

    public BodyTransactions TransactionsAround(IOperation operation, CancellationToken cancellation)
    {
        var root = HoleValues.RootOf(operation);
        return _transactions.TryGetValue(root.Syntax, out var known) ? known : _transactions.GetOrAdd(root.Syntax, ReadTransactions(root, cancellation));
    }

    /// <summary>How many members were read for their transactions and writes: work that tests count.</summary>
    public int TransactionsRead => _transactionsRead;

    private BodyTransactions ReadTransactions(IOperation root, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _transactionsRead);
        return BodyTransactions.Of(root, this, cancellation);
    }

    /// <summary>The writes that follow others without a transaction, in the member around an operation, by the syntax of what is reported.</summary>
    public ImmutableDictionary<SyntaxNode, TransactionGap> GapsAround(IOperation operation, CancellationToken cancellation)
    {
        var root = HoleValues.RootOf(operation);
        return _gaps.TryGetValue(root.Syntax, out var known) ? known : _gaps.GetOrAdd(
            root.Syntax, TransactionGaps.Of(TransactionsAround(root, cancellation), this, cancellation).ToImmutableDictionary(gap => gap.Second.Operation.Syntax));
    }

    /// <summary>Which transaction surrounds a call.</summary>
    public TransactionScopes Scopes(CancellationToken cancellation) => new(this, cancellation);

    public IReadOnlyList<IInvocationOperation> CallsOf(IMethodSymbol method, CancellationToken cancellation)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        return _calls.TryGetValue(method, out var known) ? known : _calls.GetOrAdd(method, _callsByName(method.Name)
            .Where(call => SymbolEqualityComparer.Default.Equals((call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition, method) ||
                _targets.Of((call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition).Contains(method, SymbolEqualityComparer.Default)).ToList());
    }

    public IOperation? BodyOf(IMethodSymbol method, CancellationToken cancellation) => _targets.Of(method) is { Count: 1 } bodies ? OperationOf(bodies[0], cancellation) : null;

    private bool IsNamed(ITypeSymbol type) => _unitsOfWork.Value.Contains(type.OriginalDefinition);

    // A handler of a pipeline that calls the next one while a transaction of its is open.
    private bool FindPipelineTransaction()
    {
        foreach (var name in TransactionMembers.Beginnings)
        {
            foreach (var begin in _callsByName(name))
            {
                var transactions = TransactionsAround(begin, CancellationToken.None);
                if (HoleValues.RootOf(begin).Descendants().Any(part => part is IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: { } next } &&
                    TransactionMembers.IsNextOfPipeline(next.Type) && transactions.MayBeOpenAt(part).Any()))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a method of this name, called, may go to the database, by itself or by what it calls. One look-up.</summary>
    public bool IsCandidate(string name) => _executions.IsCandidate(name) || _targets.MayRun(name);

    public bool MayWrite(string name) => _targets.MayWrite(name);

    public string PathOf(IOperation operation, DbExecution? execution)
    {
        if (execution is not null)
        {
            return execution.Member;
        }

        var names = new List<string>();
        var next = Repetitions.MethodOf(operation) is { } called ? (called.ReducedFrom ?? called).OriginalDefinition : null;
        while (next is not null && names.Count < MaxPath)
        {
            names.Add(next.Name);
            next = _summaries.TryGetValue(next, out var summary) ? summary.Next : null;
        }

        return string.Join(" -> ", names);
    }

    public bool ReachesOutside(IMethodSymbol method, CancellationToken cancellation) =>
        Reaches(method, _outside, (next, isSeen) => !isSeen && !_userMethods.ContainsKey(next) && LoopUnits.MayReachOutside(next), cancellation);

    public bool WaitsOutside(IMethodSymbol method, CancellationToken cancellation) => TransactionMembers.WaitsOutside(method) ||
        (TaskMembers.IsTask(method.ReturnType) && (TransactionMembers.Sends(method.Name) || !method.DeclaringSyntaxReferences.IsEmpty) && !SummaryOf(method, cancellation).Runs && Reaches(
            method, _waiting,
            (next, isSeen) => TransactionMembers.WaitsOutside(next) || (!isSeen && TransactionMembers.Sends(next.Name) && TaskMembers.IsTask(next.ReturnType) && !_userMethods.ContainsKey(next) && LoopUnits.MayReachOutside(next)),
            cancellation));

    // Whether a method, or one that it waits for, is such a one.
    private bool Reaches(IMethodSymbol method, ConcurrentDictionary<ISymbol, bool> memory, Func<IMethodSymbol, bool, bool> isOne, CancellationToken cancellation)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        if (memory.TryGetValue(method, out var known))
        {
            return known;
        }

        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default) { method };
        var pending = new Queue<IMethodSymbol>(seen);
        while (pending.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = pending.Dequeue();
            var bodies = _targets.Of(next);
            if (isOne(next, bodies.Count > 0) || (memory.TryGetValue(next, out var reaches) && reaches))
            {
                return memory.GetOrAdd(method, true);
            }

            foreach (var callee in bodies.SelectMany(body => AwaitedIn(body, cancellation)))
            {
                if (seen.Add(callee))
                {
                    pending.Enqueue(callee);
                }
            }
        }

        foreach (var inside in seen)
        {
            memory.TryAdd(inside, false);
        }

        return false;
    }

    private ImmutableArray<IMethodSymbol> AwaitedIn(IMethodSymbol body, CancellationToken cancellation) => EffectsOf(body, cancellation)?.Awaited ?? ImmutableArray<IMethodSymbol>.Empty;

    public CallSummary SummaryOf(IMethodSymbol method, CancellationToken cancellation)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        if (_userMethods.TryGetValue(method, out var effects))
        {
            return CallSummary.None with { Effects = effects };
        }

        if (!_targets.MayRun(method.Name))
        {
            return CallSummary.None;
        }

        if (_summaries.TryGetValue(method, out var known))
        {
            return known;
        }

        Solve(method, cancellation);
        return _summaries[method];
    }

    // The least fixpoint over all methods that can be reached: each body is read once, and all answers are final, in whatever order they are asked for.
    private void Solve(IMethodSymbol method, CancellationToken cancellation)
    {
        var targets = new Dictionary<IMethodSymbol, IReadOnlyList<IMethodSymbol>>(SymbolEqualityComparer.Default);
        var callers = new Dictionary<IMethodSymbol, List<IMethodSymbol>>(SymbolEqualityComparer.Default);
        var pending = new Queue<IMethodSymbol>();
        pending.Enqueue(method);
        while (pending.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = pending.Dequeue();
            if (targets.ContainsKey(next) || _summaries.ContainsKey(next) || _userMethods.ContainsKey(next))
            {
                continue;
            }

            var bodies = _targets.Of(next);
            targets.Add(next, bodies);
            foreach (var callee in bodies.SelectMany(body => CalleesOf(body, cancellation)))
            {
                if (!callers.TryGetValue(callee, out var list))
                {
                    callers.Add(callee, list = []);
                }

                list.Add(next);
                pending.Enqueue(callee);
            }
        }

        var found = new Dictionary<IMethodSymbol, CallSummary>(SymbolEqualityComparer.Default);
        var work = new Queue<IMethodSymbol>(targets.Keys);
        var waiting = new HashSet<IMethodSymbol>(targets.Keys, SymbolEqualityComparer.Default);
        while (work.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = work.Dequeue();
            waiting.Remove(next);
            var before = Known(next);
            var after = Summarise(targets[next], Known, cancellation);
            if (after.Effects != before.Effects || after.IsPureRead != before.IsPureRead)
            {
                found[next] = after;
                foreach (var caller in callers.TryGetValue(next, out var list) ? list : [])
                {
                    if (waiting.Add(caller))
                    {
                        work.Enqueue(caller);
                    }
                }
            }
        }

        // Once more with the final answers, so that the way that is told does not depend on who asked first.
        foreach (var solved in targets)
        {
            _summaries.TryAdd(solved.Key, found.ContainsKey(solved.Key) ? Summarise(solved.Value, Known, cancellation) : CallSummary.None);
        }

        CallSummary Known(IMethodSymbol callee) => found.TryGetValue(callee, out var summary) || _summaries.TryGetValue(callee, out summary!) ? summary
            : _userMethods.TryGetValue(callee, out var effects) ? CallSummary.None with { Effects = effects }
            : CallSummary.None;
    }

    private IEnumerable<IMethodSymbol> CalleesOf(IMethodSymbol body, CancellationToken cancellation) =>
        EffectsOf(body, cancellation) is { } effects ? effects.PureIf is { } pure ? effects.Does.Callees.Concat(pure) : effects.Does.Callees : [];

    // What every method that the call may land in does.
    private CallSummary Summarise(IReadOnlyList<IMethodSymbol> bodies, Func<IMethodSymbol, CallSummary> summaryOf, CancellationToken cancellation)
    {
        CallSummary? all = null;
        foreach (var body in bodies)
        {
            var own = EffectsOf(body, cancellation)?.Evaluate(summaryOf) ?? CallSummary.None;
            all = all is null ? own
                : (all.Effects & own.Effects) is not DbEffects.None and var both ? all with { Effects = both, IsPureRead = all.IsPureRead && own.IsPureRead }
                : CallSummary.None;
        }

        return all ?? CallSummary.None;
    }

    private BodyEffects? EffectsOf(IMethodSymbol method, CancellationToken cancellation)
    {
        if (_bodies.TryGetValue(method, out var known))
        {
            return known;
        }

        return _bodies.GetOrAdd(method, OperationOf(method, cancellation) is { } root ? CallSummaries.Of(root, this, callee => _targets.MayRun(callee.Name), cancellation) : null);
    }

    private IOperation? OperationOf(IMethodSymbol method, CancellationToken cancellation)
    {
        // Of a partial method the part with the body.
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            var declaration = reference.GetSyntax(cancellation);
            if (_models(declaration.SyntaxTree)?.GetOperation(declaration, cancellation) is { } body)
            {
                Interlocked.Increment(ref _bodiesRead);
                return body is ILocalFunctionOperation local ? local.Body ?? body : body;
            }
        }

        return null;
    }

    // Cheap, before a callee is read: something around the call repeats it.
    private static bool IsRepeated(IOperation operation) => LoopRegions.Around(operation).Any();
}
