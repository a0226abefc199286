using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A transaction that the database may refuse because of another one, and that nothing runs again.</summary>
/// <param name="Begin">The transaction.</param>
/// <param name="Level">Its isolation level.</param>
/// <param name="IsDefault">Whether a scope has that level because nothing else was said.</param>
public sealed record UnrepeatedTransaction(TransactionBegin Begin, string Level, bool IsDefault);

/// <summary>A loop that repeats a command inside a transaction that has failed.</summary>
/// <param name="Command">The command.</param>
/// <param name="Name">What it does, for people.</param>
/// <param name="Begin">The transaction.</param>
public sealed record InnerRetry(IInvocationOperation Command, string Name, TransactionBegin Begin);

/// <summary>Finds transactions of a strict level that are not repeated, and repetitions that stand inside one.</summary>
internal static class UnrepeatedTransactions
{
    /// <summary>The transaction that an operation begins, if it is one; or null.</summary>
    public static UnrepeatedTransaction? Of(IOperation operation, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (OwnTransactions.BeginAt(operation, facts, cancellation) is not { Kind: not TransactionKind.Foreign } begin || LevelOf(begin, facts) is not { } level || !IsOfPostgres(begin, facts))
        {
            return null;
        }

        if (operation is IObjectCreationOperation scope &&
            (OpeningMembers.Suppresses(scope) || facts.TransactionsAround(operation, cancellation).MayBeOpenAt(operation).Any(other => other.Kind == TransactionKind.Ambient)))
        {
            return null;
        }

        return OwnTransactions.WritesIn(begin, facts, cancellation).Any() && !new TransactionRetries(facts, countsLoops: true, cancellation).MayBeRetried(operation)
            ? new UnrepeatedTransaction(begin, level, operation is IObjectCreationOperation made && IsolationMembers.IsDefault(made))
            : null;
    }

    /// <summary>The command that a call runs again and again in a transaction that it has aborted; or null.</summary>
    public static InnerRetry? InnerOf(IInvocationOperation call, ITransactionFacts facts, CancellationToken cancellation)
    {
        var open = OwnTransactions.OpenAt(call, facts, cancellation).Where(begin => begin.Kind is not TransactionKind.Ambient).ToList();
        if (open.Count == 0 || facts.ExecutionOf(call) is not { SavesChanges: false, IsCertain: true } execution || facts.ConnectionsOf(HoleValues.RootOf(call)).Of(execution) is not { } connection ||
            open.LastOrDefault(begin => begin.Holds(connection)) is not { } begin || facts.ProviderOf(execution) != Provider.PostgreSql)
        {
            return null;
        }

        for (IOperation at = call; at.Parent is { } parent && parent is not (IAnonymousFunctionOperation or ILocalFunctionOperation); at = parent)
        {
            if (parent is ITryOperation attempt && attempt.Body == at && !attempt.Body.Syntax.Span.Contains(begin.Operation.Syntax.Span) &&
                attempt.Catches.Any(handler => TransactionRetries.IsOfConflict(handler) && GoesRound(handler) && !Recovers(handler, facts)) &&
                LoopRegions.Around(attempt).FirstOrDefault() is { Kind: LoopKind.For or LoopKind.While } loop && !loop.Operation.Syntax.Span.Contains(begin.Operation.Syntax.Span) &&
                !attempt.Body.Descendants().Any(part => part is IInvocationOperation inner && TransactionMembers.SetsSavepoint(inner)))
            {
                return new InnerRetry(call, BodyTransactions.LabelOf(execution), begin);
            }
        }

        return null;
    }

    private static string? LevelOf(TransactionBegin begin, ITransactionFacts facts) =>
        begin.Kind == TransactionKind.Text ? facts.ExecutionOf(begin.Operation)?.Call is { Sql.Source: { } source } ? IsolationMembers.OfText(source.Text) : null : IsolationMembers.Of(begin.Operation);

    private static bool IsOfPostgres(TransactionBegin begin, ITransactionFacts facts)
    {
        var writes = facts.TransactionsAround(begin.Operation, CancellationToken.None).Writes;
        return writes.Any(write => write.Execution is null || facts.ProviderOf(write.Execution) is Provider.PostgreSql) &&
            !writes.Any(write => write.Execution is not null && facts.ProviderOf(write.Execution) is not (Provider.PostgreSql or Provider.Undecided));
    }

    // Its end is reached, or it says so: the last statement of the handler leaves the loop otherwise.
    private static bool GoesRound(ICatchClauseOperation handler) => handler.Handler.Operations.LastOrDefault() switch
    {
        IReturnOperation or IThrowOperation => false,
        IExpressionStatementOperation { Operation: IThrowOperation } => false,
        IBranchOperation { BranchKind: BranchKind.Break or BranchKind.GoTo } => false,
        _ => true,
    };

    private static bool Recovers(ICatchClauseOperation handler, ITransactionFacts facts) => handler.Descendants().Any(part => part is IInvocationOperation call &&
        (TransactionMembers.RollsBack(call) || TransactionMembers.RollsBackToSavepoint(call) || TransactionMembers.SetsSavepoint(call) || ConnectionMembers.Closes(call.TargetMethod.Name) ||
            TransactionMembers.MayBegin(call.TargetMethod.Name) || facts.ExecutionOf(call) is not null));
}
