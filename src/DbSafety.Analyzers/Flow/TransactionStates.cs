using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What is told of one transaction of a member: where it begins, and what certainly takes part.</summary>
internal static class TransactionStates
{
    /// <summary>The transaction that an operation begins, or null. Cheap for any other.</summary>
    public static TransactionBegin? BegunBy(IOperation operation, ITransactionFacts facts, CancellationToken cancellation)
    {
        var mayBegin = operation switch
        {
            IObjectCreationOperation creation => facts.Apis.Types.IsScope(creation.Type),
            IInvocationOperation call => TransactionMembers.MayBegin(call.TargetMethod.Name) ||
                (facts.MayWrite(call.TargetMethod.Name) && facts.ExecutionOf(call)?.Call?.Sql.Statements.Any(statement => statement is TransactionStatement { Kind: Sql.Syntax.TransactionKind.Begin }) == true),
            _ => false,
        };
        if (!mayBegin)
        {
            return null;
        }

        var transactions = facts.TransactionsAround(operation, cancellation);
        return transactions.IsTooLarge ? null : transactions.Begins.FirstOrDefault(begin => begin.Operation.Syntax == operation.Syntax);
    }

    /// <summary>Whether it begins a transaction for certain: a connection's or context's own, a scope that is not a suppressing one, the text.</summary>
    public static bool IsCertain(this TransactionBegin begin) => begin.Kind switch
    {
        TransactionKind.Connection or TransactionKind.Context => begin.Operation is IInvocationOperation call && SavepointMembers.Begins(call.TargetMethod),
        TransactionKind.Ambient => begin.Operation is IObjectCreationOperation scope && SavepointMembers.TakesPart(scope),
        TransactionKind.Text => true,
        _ => false,
    };

    /// <summary>
    /// Whether a connection takes part in a transaction that is open where it is used. In that of a scope: a context does, and a connection that was
    /// made inside.
    /// </summary>
    public static bool Includes(this TransactionBegin begin, ConnectionIdentity? connection) => begin.IsCertain() && begin.Holds(connection) &&
        (begin.Kind != TransactionKind.Ambient || connection is { IsContext: true } ||
            (connection is { IsFresh: true, StaysOut: false } && connection.IsDeclaredIn(begin.Operation.Syntax.SyntaxTree, begin.Region)));

    /// <summary>Whether a connection takes part in a transaction, and in no scope inside it that suppresses it or has one of its own.</summary>
    /// <param name="begin">The transaction.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="open">The transactions that are open where the connection is used.</param>
    public static bool Includes(this TransactionBegin begin, ConnectionIdentity? connection, IEnumerable<TransactionBegin> open) => begin.Includes(connection) &&
        (begin.Kind != TransactionKind.Ambient || !open.Any(other => other is { Kind: TransactionKind.Ambient, Operation: IObjectCreationOperation scope } && scope.Syntax.SpanStart > begin.Operation.Syntax.SpanStart &&
            (!SavepointMembers.TakesPart(scope) || SavepointMembers.IsOfItsOwn(scope))));

    /// <summary>
    /// Whether something before an operation may have ended a transaction where only its own body tells: a method that is handed the transaction, a delegate, a method of
    /// the user's own that says so by its name.
    /// </summary>
    public static bool MayHaveEndedBefore(this TransactionBegin begin, IOperation operation, ITransactionFacts facts) => Text.HoleValues.RootOf(operation).Descendants().Any(part =>
        part is IInvocationOperation call && call.Syntax.SpanStart < operation.Syntax.SpanStart && call.Syntax.SpanStart > begin.Operation.Syntax.SpanStart && begin.Region.Contains(call.Syntax.Span) &&
        ((!call.TargetMethod.DeclaringSyntaxReferences.IsEmpty && SavepointMembers.MayEnd(call.TargetMethod.Name)) ||
            (begin.Holder is { } holder && facts.ExecutionOf(call) is null && facts.Apis.Match(call) is null && !SavepointMembers.IsUnderlying(call.TargetMethod) && !TransactionMembers.Joins(call.TargetMethod.Name) &&
                call.Arguments.Any(argument => SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(argument.Value), holder)))));

    /// <summary>The database of what begins a transaction.</summary>
    public static Provider ProviderOf(IInvocationOperation begin, ITransactionFacts facts)
    {
        var isContext = TransactionMembers.IsOfFacade(begin.TargetMethod);
        var receiver = begin.Instance ?? EfQueries.FirstArgument(begin);
        var connection = isContext ? EfQueries.ContextOf(receiver, facts.Apis) : receiver;
        return facts.ProviderOf(new DbExecution(
            begin, begin.TargetMethod.Name, isContext ? DbLibrary.EfCore : DbLibrary.AdoNet, DbEffects.None, isUnknown: true, null, connection, System.Collections.Immutable.ImmutableArray<IOperation>.Empty));
    }

    /// <summary>Whether an operation stands in a catch or a finally of its function, or of a part of it.</summary>
    public static bool IsAside(IOperation operation, IOperation? within = null)
    {
        for (var at = operation; at.Parent is { } parent && parent != within && at is not (IAnonymousFunctionOperation or ILocalFunctionOperation); at = parent)
        {
            if (parent is ICatchClauseOperation || (parent is ITryOperation attempt && attempt.Finally == at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the text of an execution holds a statement of transaction control, or may hold one.</summary>
    public static bool MayControl(DbExecution? execution, Sql.Syntax.TransactionKind kind) => execution?.Call is { } call && call.Trees.Any(tree =>
        tree.Statements.Any(statement => statement is TransactionStatement control && (control.Kind == kind || control.Kind == Sql.Syntax.TransactionKind.Unknown)));
}
