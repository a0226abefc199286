using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>The transactions of a member of which it tells both the begin and the end.</summary>
internal static class OwnTransactions
{
    /// <summary>
    /// Whether a member sees a transaction end: it is a scope, or the transaction of a connection that a variable of the member holds. What a field holds, another method may end.
    /// </summary>
    public static bool IsOwn(this TransactionBegin begin) =>
        begin.Kind == TransactionKind.Ambient || (begin.Kind != TransactionKind.Foreign && begin.Connection is not null && begin.Holder is null or ILocalSymbol);

    /// <summary>Those that are certainly open just before an operation; none where one that nobody knows may be open too.</summary>
    public static IReadOnlyList<TransactionBegin> OpenAt(IOperation operation, ITransactionFacts facts, CancellationToken cancellation)
    {
        var transactions = facts.TransactionsAround(operation, cancellation);
        return transactions.Begins.IsEmpty || transactions.MayBeOpenAt(operation).Any(begin => begin.Kind == TransactionKind.Foreign)
            ? []
            : [.. new TransactionScopes(facts, cancellation).OpenAt(operation).Where(IsOwn)];
    }

    /// <summary>The begin that an operation is, or null.</summary>
    public static TransactionBegin? BeginAt(IOperation operation, ITransactionFacts facts, CancellationToken cancellation) =>
        facts.TransactionsAround(operation, cancellation).Begins.FirstOrDefault(begin => begin.Operation.Syntax == operation.Syntax);

    /// <summary>The certain write that an operation is, or null.</summary>
    public static UnprotectedWrite? WriteAt(IOperation operation, ITransactionFacts facts, CancellationToken cancellation) =>
        facts.TransactionsAround(operation, cancellation).Writes.FirstOrDefault(write => write.Operation.Syntax == operation.Syntax);

    /// <summary>The certain writes that a transaction holds.</summary>
    public static IEnumerable<UnprotectedWrite> WritesIn(TransactionBegin begin, ITransactionFacts facts, CancellationToken cancellation) =>
        facts.TransactionsAround(begin.Operation, cancellation).Writes.Where(write =>
            begin.Holds(write.Connection) && new TransactionScopes(facts, cancellation).OpenAt(write.Operation).Contains(begin));

    /// <summary>The value that holds the connection or context of a begin.</summary>
    public static IOperation? ConnectionOf(TransactionBegin begin, ITransactionFacts facts)
    {
        if (begin.Operation is not IInvocationOperation call)
        {
            return null;
        }

        return begin.Kind switch
        {
            TransactionKind.Text => facts.ExecutionOf(call)?.Connection,
            TransactionKind.Context => EfQueries.ContextOf(call.Instance ?? EfQueries.FirstArgument(call), facts.Apis),
            _ => call.Instance ?? EfQueries.FirstArgument(call),
        };
    }
}
