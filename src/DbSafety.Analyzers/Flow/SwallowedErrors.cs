using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A command inside a transaction whose failure is caught there, and after which the transaction goes on.</summary>
/// <param name="Use">The command: the first of the attempt.</param>
/// <param name="Name">The command, for people.</param>
/// <param name="Begin">The transaction.</param>
/// <param name="Attempt">The try.</param>
/// <param name="Handler">The catch.</param>
/// <param name="Next">What runs in the transaction after it: a command, or the commit.</param>
/// <param name="IsCommit">Whether that is the commit.</param>
public sealed record SwallowedError(ConnectionUse Use, string Name, TransactionBegin Begin, ITryOperation Attempt, ICatchClauseOperation Handler, IInvocationOperation Next, bool IsCommit);

/// <summary>Finds errors of the database that are caught inside a transaction which then goes on.</summary>
public static class SwallowedErrors
{
    /// <summary>What is caught inside a transaction, once for each try.</summary>
    /// <param name="operation">Any operation; only one that begins a transaction has an answer.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static IEnumerable<SwallowedError> Within(IOperation operation, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (TransactionStates.BegunBy(operation, facts, cancellation) is not { } begin || !begin.IsCertain())
        {
            yield break;
        }

        var root = HoleValues.RootOf(operation);
        AfterError? after = null;
        foreach (var attempt in root.Descendants().OfType<ITryOperation>())
        {
            if (attempt.Catches.IsEmpty || !begin.Region.Contains(attempt.Syntax.Span) || attempt.Syntax.Span.Contains(operation.Syntax.Span) || BodyGraph.FunctionOf(attempt) != BodyGraph.FunctionOf(operation) ||
                FirstIn(attempt, begin, facts, cancellation) is not { } use || Catching(attempt, use) is not { } handler)
            {
                continue;
            }

            after ??= new AfterError(begin, root, facts, cancellation);
            if (after.Of(attempt, handler, use.Operation) is var (next, isCommit))
            {
                yield return new SwallowedError(use, NameOf(use), begin, attempt, handler, next, isCommit);
            }
        }
    }

    private static string NameOf(ConnectionUse use) => use.Operation == use.Execution.Operation ? BodyTransactions.LabelOf(use.Execution) : use.Path;

    // The first command of the try that runs in the transaction, and whose failure reaches this try.
    private static ConnectionUse? FirstIn(ITryOperation attempt, TransactionBegin begin, ITransactionFacts facts, CancellationToken cancellation)
    {
        var root = HoleValues.RootOf(attempt);
        var connections = facts.ConnectionsOf(root);
        var transactions = facts.TransactionsAround(attempt, cancellation);
        foreach (var operation in attempt.Body.Descendants())
        {
            if (operation is IInvocationOperation call && BodyGraph.FunctionOf(call) == BodyGraph.FunctionOf(attempt) && !TransactionStates.IsAside(call, attempt) &&
                ConnectionUses.Of(call, connections, facts, cancellation) is { } use && begin.Includes(use.Connection, transactions.OpenAt(call)) && transactions.OpenAt(call).Contains(begin) &&
                !InnerAttempt(call, attempt) && !begin.MayHaveEndedBefore(attempt, facts) && MayFail(use, begin, root, facts, cancellation))
            {
                return use;
            }
        }

        return null;
    }

    // Another try inside is there first.
    private static bool InnerAttempt(IOperation operation, ITryOperation attempt)
    {
        for (var at = operation; at.Parent is { } parent && parent != attempt; at = parent)
        {
            if (parent is ITryOperation { Catches.IsEmpty: false } inner && inner.Body == at)
            {
                return true;
            }
        }

        return false;
    }

    // An error of it reaches the server's transaction: no savepoint is set by the library, by the text or by the called method.
    private static bool MayFail(ConnectionUse use, TransactionBegin begin, IOperation root, ITransactionFacts facts, CancellationToken cancellation)
    {
        var execution = use.Execution;
        if (facts.ProviderOf(execution) != Provider.PostgreSql || execution.Call?.Sql.Statements.Any(statement => statement is TransactionStatement || statement.Verb == "DO") == true)
        {
            return false;
        }

        if (execution.SavesChanges && begin.Kind != TransactionKind.Ambient && !root.Descendants().Any(part => part is IAssignmentOperation assignment && SavepointMembers.DropsSavepoints(assignment)))
        {
            return false;
        }

        return use.Operation == execution.Operation || (use.Operation is IInvocationOperation call && facts.BodyOf((call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition, cancellation) is { } body &&
            !body.Descendants().Any(part => part is ITryOperation { Catches.IsEmpty: false } || (part is IInvocationOperation inner && TransactionMembers.SetsSavepoint(inner))));
    }

    // The catch that gets the error, where it is the first that can; none where a filter can't be read, or only a retry is asked for.
    private static ICatchClauseOperation? Catching(ITryOperation attempt, ConnectionUse use)
    {
        foreach (var handler in attempt.Catches)
        {
            if (!(use.Execution.SavesChanges ? SavepointMembers.CatchesFailedSaves(handler.ExceptionType) : SavepointMembers.CatchesErrors(handler.ExceptionType)))
            {
                continue;
            }

            if (handler.Filter is { } filter && !SavepointMembers.AsksForError(filter) && !ExcludesOthers(filter))
            {
                continue;
            }

            var codes = (handler.Filter is { } named ? SavepointMembers.CodesIn(named) : []).Concat(SavepointMembers.CodesIn(handler.Handler)).ToList();
            if ((codes.Count == 0 || !codes.All(SavepointMembers.AsksForRetry)) && !IsAvoided(use.Execution, handler))
            {
                return handler;
            }
        }

        return null;
    }

    // when (e is not OperationCanceledException)
    private static bool ExcludesOthers(IOperation filter) => HoleValues.Strip(filter) is IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: var pattern } } &&
        pattern is ITypePatternOperation { MatchedType: var type } && !SavepointMembers.CatchesErrors(type);

    // INSERT .. ON CONFLICT DO NOTHING never violates what the handler asks for.
    private static bool IsAvoided(DbExecution execution, ICatchClauseOperation handler) => handler.Filter is { } filter && SavepointMembers.CodesIn(filter).ToList() is { Count: 1 } codes && codes[0] == SavepointMembers.UniqueViolation &&
        execution.Call?.Sql.Statements is { Length: 1 } statements && statements[0] is InsertStatement { OnConflict.IsAbsent: false };
}
