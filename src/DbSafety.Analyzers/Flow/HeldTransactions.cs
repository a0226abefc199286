using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A call that waits for something else while a transaction is open.</summary>
/// <param name="Operation">The call.</param>
/// <param name="Name">What waits, for people: <c>SendAsync</c>, <c>Notify -> SendAsync</c>.</param>
/// <param name="Begin">The transaction.</param>
public sealed record HeldTransaction(IInvocationOperation Operation, string Name, TransactionBegin Begin);

/// <summary>Finds calls that keep transactions open while they wait.</summary>
internal static class HeldTransactions
{
    /// <summary>The calls of a member, told at the first operation of it that begins a transaction; none at any other.</summary>
    public static IEnumerable<HeldTransaction> Of(IOperation operation, ITransactionFacts facts, CancellationToken cancellation)
    {
        var transactions = facts.TransactionsAround(operation, cancellation);
        if (transactions.Begins.IsEmpty || transactions.Begins[0].Operation.Syntax != operation.Syntax)
        {
            yield break;
        }

        foreach (var part in transactions.Root.Descendants())
        {
            if (part is IInvocationOperation call && NameOf(call, facts, cancellation) is { } name &&
                OwnTransactions.OpenAt(call, facts, cancellation).LastOrDefault(begin => !IsSuppressed(begin) && !MayHaveEnded(begin, call)) is { } begin)
            {
                yield return new HeldTransaction(call, name, begin);
            }
        }
    }

    private static string? NameOf(IInvocationOperation call, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (WaitMembers.Waits(call))
        {
            return IsAwaited(call) ? call.TargetMethod.Name : null;
        }

        var method = (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
        return !method.DeclaringSyntaxReferences.IsEmpty && IsAwaited(call) && facts.BodyOf(method, cancellation) is { } body &&
            TaskHolders.Own(body).FirstOrDefault(part => part is IInvocationOperation inner && WaitMembers.Waits(inner) && (IsAwaited(inner) || inner.Parent is IReturnOperation or IConversionOperation { Parent: IReturnOperation }) && IsAlwaysReached(inner, body)) is IInvocationOperation waits
                ? $"{call.TargetMethod.Name} -> {waits.TargetMethod.Name}"
                : null;
    }

    private static bool IsSuppressed(TransactionBegin begin) => begin.Operation is IObjectCreationOperation scope && OpeningMembers.Suppresses(scope);

    // A task that nobody waits for here holds nobody up.
    private static bool IsAwaited(IInvocationOperation call)
    {
        IOperation at = call;
        if (!Calls.TaskMembers.IsTask(call.Type))
        {
            return true;
        }

        while (at.Parent is IInvocationOperation outer && Calls.TaskMembers.Configures(outer.TargetMethod.Name) && outer.Instance == at)
        {
            at = outer;
        }

        return at.Parent is IAwaitOperation || (at.Parent is IInvocationOperation waits && waits.Instance == at && WaitMembers.Blocks(waits.TargetMethod.Name)) ||
            (at.Parent is IPropertyReferenceOperation property && WaitMembers.BlocksAsProperty(property.Property.Name));
    }

    private static bool IsAlwaysReached(IOperation operation, IOperation body)
    {
        for (var at = operation; at != body && at.Parent is { } parent; at = parent)
        {
            if (parent is IConditionalOperation or ILoopOperation or ITryOperation or ISwitchOperation or ISwitchExpressionOperation or ICoalesceOperation or IConditionalAccessOperation or ICatchClauseOperation ||
                (parent is IBlockOperation block && block.Operations.TakeWhile(statement => statement != at).Any(MayLeave)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MayLeave(IOperation statement) => statement.DescendantsAndSelf().Any(part => part is IReturnOperation or IThrowOperation or IBranchOperation);

    // The transaction was handed to something that tells by its name that it ends it.
    private static bool MayHaveEnded(TransactionBegin begin, IOperation call) => begin.Holder is not null && HoleValues.RootOf(call).Descendants().Any(part =>
        part is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: var name } taker, Value: var value } && taker.Syntax.SpanStart < call.Syntax.SpanStart &&
        SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(HoleValues.Strip(value)), begin.Holder) && WaitMembers.MayEnd(name));
}
