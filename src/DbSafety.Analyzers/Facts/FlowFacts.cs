using System.Collections.Concurrent;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Facts;

/// <summary>What goes to the database where, and what repeats it: each found once per compilation, when first asked for.</summary>
internal sealed class FlowFacts : IFlowFacts
{
    // A chain of more calls than this is not followed.
    private const int MaxDepth = 40;

    private readonly Func<SyntaxTree, SemanticModel?> _models;
    private readonly Executions _executions;
    private readonly CallTargets _targets;
    private readonly IReadOnlyDictionary<ISymbol, DbEffects> _userMethods;
    private readonly ConcurrentDictionary<SyntaxNode, BodyCommands> _commands = new();
    private readonly ConcurrentDictionary<SyntaxNode, DbExecution?> _found = new();
    private readonly ConcurrentDictionary<SyntaxNode, LoopData> _data = new();
    private readonly ConcurrentDictionary<SyntaxNode, Repetition?> _repetitions = new();
    private readonly ConcurrentDictionary<ISymbol, CallSummary> _summaries = new(SymbolEqualityComparer.Default);
    private readonly ThreadLocal<Computing> _computing = new(() => new Computing());
    private int _bodiesRead;

    public FlowFacts(DbApis apis, Func<SyntaxTree, SemanticModel?> models, Func<IOperation, DbCall?> callOf, CallTargets targets, IReadOnlyDictionary<ISymbol, DbEffects> userMethods)
    {
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

    public LoopData DataOf(LoopRegion region) =>
        _data.TryGetValue(region.Body[0].Syntax, out var known) ? known : _data.GetOrAdd(region.Body[0].Syntax, LoopData.Of(region, Apis));

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
            if (operation is not IInvocationOperation call || !IsRepeated(call) || SummaryOf(call.TargetMethod, cancellation) is not { Runs: true } found)
            {
                return null;
            }

            summary = found;
        }

        return _repetitions.GetOrAdd(operation.Syntax, Repetitions.Of(operation, execution, summary, this, cancellation));
    }

    /// <summary>Whether a method of this name, called, may go to the database, by itself or by what it calls. One look-up.</summary>
    public bool IsCandidate(string name) => _executions.IsCandidate(name) || _targets.MayRun(name);

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

        // A method that is being summarised calls itself: the least answer.
        var computing = _computing.Value!;
        if (computing.Methods.Count > MaxDepth || !computing.Methods.Add(method))
        {
            computing.MetCycle = true;
            return CallSummary.None;
        }

        var outer = computing.MetCycle;
        computing.MetCycle = false;
        try
        {
            var summary = Summarise(method, cancellation);

            // What was found inside a cycle counts for this look only, unless it is certain anyway.
            if (!computing.MetCycle || computing.Methods.Count == 1 || summary.Runs)
            {
                summary = _summaries.GetOrAdd(method, summary);
            }

            return summary;
        }
        finally
        {
            computing.MetCycle |= outer;
            computing.Methods.Remove(method);
        }
    }

    private CallSummary Summarise(IMethodSymbol method, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        CallSummary? all = null;
        foreach (var target in _targets.Of(method))
        {
            var own = OfBody(target, cancellation);
            all = all is null ? own : Both(all, own);
        }

        return all ?? CallSummary.None;
    }

    private static CallSummary Both(CallSummary left, CallSummary right) =>
        (left.Effects & right.Effects) is not DbEffects.None and var both ? left with { Effects = both, IsPureRead = left.IsPureRead && right.IsPureRead } : CallSummary.None;

    private CallSummary OfBody(IMethodSymbol method, CancellationToken cancellation)
    {
        if (method.DeclaringSyntaxReferences.Length == 0)
        {
            return CallSummary.None;
        }

        // Of a partial method the part with the body.
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            var declaration = reference.GetSyntax(cancellation);
            if (_models(declaration.SyntaxTree)?.GetOperation(declaration, cancellation) is { } body)
            {
                Interlocked.Increment(ref _bodiesRead);
                return CallSummaries.Of(body is ILocalFunctionOperation local ? local.Body ?? body : body, this, cancellation);
            }
        }

        return CallSummary.None;
    }

    // Cheap, before a callee is read: something around the call repeats it.
    private static bool IsRepeated(IInvocationOperation call) => LoopRegions.Around(call).Any();

    private sealed class Computing
    {
        public HashSet<ISymbol> Methods { get; } = new(SymbolEqualityComparer.Default);

        public bool MetCycle { get; set; }
    }
}
