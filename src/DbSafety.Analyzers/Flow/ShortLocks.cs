using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A lock that is gone when its statement ends.</summary>
/// <param name="Operation">What runs the statement.</param>
/// <param name="Call">The call with its text.</param>
/// <param name="Variant">The way through the text.</param>
/// <param name="Lock">The lock.</param>
public sealed record ShortLock(IInvocationOperation Operation, DbCall Call, SqlVariant Variant, StatementLock Lock);

/// <summary>Finds locks that no transaction holds.</summary>
public static class ShortLocks
{
    /// <summary>The lock that a call takes in vain, or null.</summary>
    /// <param name="operation">What runs a statement.</param>
    /// <param name="callOf">The call with SQL text that an operation is.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static ShortLock? Of(IInvocationOperation operation, Func<IOperation, DbCall?> callOf, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (facts.ExecutionOf(operation) is not { } execution || (execution.Call ?? QueryOf(operation, callOf, facts)) is not { Provider: Provider.PostgreSql } call ||
            call.Trees.Any(tree => !StatementLocks.Of(tree).IsPresent) || StatementLocks.Of(call.Sql).Value is not { } found)
        {
            return null;
        }

        var connection = facts.ConnectionsOf(HoleValues.RootOf(operation)).Of(execution);
        return IsAlone(operation, execution, connection, facts, cancellation) && !new TransactionScopes(facts, cancellation).MayBeIn(operation, connection)
            ? new ShortLock(operation, call, call.Text.Variants[0], found)
            : null;
    }

    // set.FromSql(..).ToList()
    private static DbCall? QueryOf(IInvocationOperation operation, Func<IOperation, DbCall?> callOf, ITransactionFacts facts) =>
        (operation.Instance ?? EfQueries.FirstArgument(operation)) is { } receiver && EfQueries.SourceOf(receiver, facts.Apis) is IInvocationOperation source ? callOf(source) : null;

    // Whoever passes a connection may hold a transaction on it. Not where the connection is made here, and not where a write follows that the lock is for.
    private static bool IsAlone(IInvocationOperation operation, DbExecution execution, ConnectionIdentity? connection, ITransactionFacts facts, CancellationToken cancellation)
    {
        var function = BodyGraph.FunctionOf(operation);
        if (connection is { IsFresh: true } && connection.IsDeclaredIn(function.Syntax.SyntaxTree, function.Syntax.Span))
        {
            return true;
        }

        if (connection is null)
        {
            return execution.Connection is { } source && facts.Apis.Types.IsDataSource(HoleValues.Strip(source).Type);
        }

        return facts.TransactionsAround(operation, cancellation).Writes.Any(write =>
            write.Operation.Syntax.SpanStart > operation.Syntax.Span.End && write.Connection?.CompareTo(connection) == ConnectionRelation.Same && BodyGraph.FunctionOf(write.Operation) == function);
    }
}
