using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>An operation that starts on a connection while another may still be running there.</summary>
/// <param name="First">What was started before; of a delegate that runs for several elements at once the call that does so.</param>
/// <param name="Use">What starts then.</param>
public sealed record Overlap(IOperation First, ConnectionUse Use)
{
    /// <summary>The <c>Select</c> whose tasks a call such as <c>Task.WhenAll</c> waits for, or null.</summary>
    public static IInvocationOperation? SelectIn(IInvocationOperation call) => TaskHolders.SelectIn(call);
}

/// <summary>
/// Finds them: a body is walked in the order of its text, with what was started and not awaited yet in hand. What happens to a task counts as its end as soon as
/// it is mentioned at all, and what a branch starts is forgotten behind it: doubt is silent.
/// </summary>
internal sealed class Overlaps
{
    private readonly IConnectionFacts _facts;
    private readonly BodyConnections _connections;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<SyntaxNode, Overlap> _found = new();

    private Overlaps(IOperation root, IConnectionFacts facts, CancellationToken cancellation)
    {
        _facts = facts;
        _connections = facts.ConnectionsOf(root);
        _cancellation = cancellation;
    }

    /// <summary>Reads a body once.</summary>
    /// <param name="root">The root operation of the body.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IEnumerable<Overlap> Of(IOperation root, IConnectionFacts facts, CancellationToken cancellation)
    {
        var overlaps = new Overlaps(root, facts, cancellation);
        overlaps.Walk(root, []);
        return overlaps._found.Values;
    }

    private void Walk(IOperation operation, List<Pending> pending)
    {
        _cancellation.ThrowIfCancellationRequested();
        switch (operation)
        {
            case IAnonymousFunctionOperation function:
                Walk(function.Body, []);
                break;
            case ILocalFunctionOperation function:
                WalkAll(function.ChildOperations, []);
                break;
            case IConditionalOperation condition:
                Walk(condition.Condition, pending);
                Branch(new[] { condition.WhenTrue, condition.WhenFalse }, pending);
                break;
            case ISwitchOperation selection:
                Walk(selection.Value, pending);
                Branch(selection.Cases, pending);
                break;
            case ISwitchExpressionOperation selection:
                Walk(selection.Value, pending);
                Branch(selection.Arms, pending);
                break;
            case ICatchClauseOperation clause:
                WalkAll(clause.ChildOperations, []);
                break;
            case ICoalesceOperation coalesce:
                Walk(coalesce.Value, pending);
                Branch(new[] { coalesce.WhenNull }, pending);
                break;
            case ILoopOperation loop:
                OfLoop(loop, pending);
                break;
            case ILocalReferenceOperation reference:
                if (!TaskHolders.IsAddedTo(reference))
                {
                    pending.RemoveAll(started => SymbolEqualityComparer.Default.Equals(started.Holder, reference.Local));
                }

                break;
            case IInvocationOperation call:
                OfCall(call, pending);
                break;
            default:
                WalkAll(operation.ChildOperations, pending);
                break;
        }
    }

    private void WalkAll(IEnumerable<IOperation> operations, List<Pending> pending)
    {
        foreach (var operation in operations)
        {
            Walk(operation, pending);
        }
    }

    // One of them runs: what any of them ends is ended, what it starts is forgotten.
    private void Branch(IEnumerable<IOperation?> branches, List<Pending> pending)
    {
        foreach (var branch in branches.ToList())
        {
            if (branch is not null)
            {
                var own = new List<Pending>(pending);
                Walk(branch, own);
                pending.RemoveAll(started => !own.Contains(started));
            }
        }
    }

    private void OfLoop(ILoopOperation loop, List<Pending> pending)
    {
        var before = new HashSet<Pending>(pending);
        if (loop is IForEachLoopOperation each)
        {
            Walk(each.Collection, pending);
            Start(loop, pending, isTask: false, loop);
        }

        WalkAll(loop.ChildOperations.Where(child => child != (loop as IForEachLoopOperation)?.Collection), pending);

        // What an iteration leaves running meets the next one.
        var added = pending.Where(started => !before.Contains(started)).ToList();
        pending.RemoveAll(added.Contains);
        if (added.Count == 0 || ConnectionUses.MayWaitFor(loop.Body) || MayEnd(loop.Body))
        {
            return;
        }

        foreach (var started in added)
        {
            if (!started.Use.Connection.IsDeclaredIn(loop.Syntax.SyntaxTree, loop.Syntax.Span) && !TaskHolders.IsDeclaredIn(started.Holder, loop))
            {
                Report(started.Call, started.Use);
            }
        }
    }

    // A loop that is left by more than its condition may run once.
    private static bool MayEnd(IOperation body) => body.Descendants().Any(operation =>
        operation is IBranchOperation { BranchKind: BranchKind.Break or BranchKind.GoTo } or IReturnOperation or IThrowOperation);

    private void OfCall(IInvocationOperation call, List<Pending> pending)
    {
        var before = new HashSet<Pending>(pending);
        WalkAll(call.ChildOperations, pending);
        if (TaskMembers.WaitsForMany(call.TargetMethod))
        {
            pending.RemoveAll(started => !before.Contains(started));
            if (TaskHolders.SelectIn(call) is { } select && TaskHolders.FunctionOf(select) is { } each)
            {
                AtOnce(call, each, tasksOnly: true);
            }
        }
        else if (ConnectionMembers.RunsAtOnce(call.TargetMethod) && !TaskHolders.MayBeLimited(call) && TaskHolders.FunctionOf(call) is { } body)
        {
            AtOnce(call, body, tasksOnly: false);
        }
        else if (ConnectionMembers.Starts(call.TargetMethod) && TaskHolders.FunctionOf(call) is { } work)
        {
            foreach (var operation in TaskHolders.Own(work))
            {
                if (Start(operation, pending, isTask: true, call, work))
                {
                    break;
                }
            }
        }
        else
        {
            Start(call, pending, TaskMembers.IsTask(call.Type), call);
        }
    }

    // Whether the operation uses a known connection: it meets what is running there, and goes on running itself if nobody waits for it.
    private bool Start(IOperation operation, List<Pending> pending, bool isTask, IOperation call, IOperation? inside = null)
    {
        // Cheap first: nothing runs, and nothing is left running.
        var (isStarted, holder) = isTask ? TaskHolders.Of((IInvocationOperation)call) : (false, null);
        if ((pending.Count == 0 && !isStarted) || ConnectionUses.Of(operation, _connections, _facts, _cancellation) is not { } use || !Concerns(use) ||
            (inside is not null && use.Connection.IsDeclaredIn(inside.Syntax.SyntaxTree, inside.Syntax.Span)))
        {
            return false;
        }

        if (pending.LastOrDefault(started => started.Use.Connection.CompareTo(use.Connection) == ConnectionRelation.Same) is { } first)
        {
            Report(first.Call, use);
        }

        if (isStarted)
        {
            pending.Add(new Pending(use, call, holder));
        }

        return true;
    }

    // The delegate runs for several elements at the same time.
    private void AtOnce(IInvocationOperation call, IAnonymousFunctionOperation function, bool tasksOnly)
    {
        if (ConnectionUses.MayWaitFor(function.Body))
        {
            return;
        }

        foreach (var operation in TaskHolders.Own(function))
        {
            if ((!tasksOnly || TaskMembers.IsTask(operation.Type)) && ConnectionUses.Of(operation, _connections, _facts, _cancellation) is { } use && Concerns(use) &&
                !use.Connection.IsDeclaredIn(function.Syntax.SyntaxTree, function.Syntax.Span))
            {
                Report(call, use);
            }
        }
    }

    private void Report(IOperation first, ConnectionUse use)
    {
        if (!_found.ContainsKey(use.Operation.Syntax))
        {
            _found.Add(use.Operation.Syntax, new Overlap(first, use));
        }
    }

    // EF Core guards each context by itself; a connection is guarded by its provider. What runs synchronously anyway never overlaps.
    private bool Concerns(ConnectionUse use) => !use.Connection.IsCommand && (_facts.ProviderOf(use.Execution) is var provider &&
        (provider == Provider.PostgreSql || (use.Connection.IsContext && provider is not (Provider.Sqlite or Provider.Other))));

    private sealed record Pending(ConnectionUse Use, IOperation Call, ISymbol? Holder);
}
