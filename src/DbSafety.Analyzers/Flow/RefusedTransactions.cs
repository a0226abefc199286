using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A transaction whose commands the execution strategy of their context refuses.</summary>
/// <param name="Begin">The transaction.</param>
/// <param name="Command">The first command that is refused.</param>
/// <param name="Context">The context, as the command names it.</param>
public sealed record RefusedTransaction(TransactionBegin Begin, IOperation Command, IOperation Context)
{
    /// <summary>What is refused, for people.</summary>
    public string Name => Command is IInvocationOperation call ? call.TargetMethod.Name : "foreach";
}

/// <summary>Finds transactions of the user's own on contexts that retry.</summary>
internal static class RefusedTransactions
{
    /// <summary>The transaction that an operation begins, if a command in it is certainly refused; or null.</summary>
    public static RefusedTransaction? Of(IOperation operation, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (OwnTransactions.BeginAt(operation, facts, cancellation) is not { Kind: TransactionKind.Context or TransactionKind.Ambient } begin || !begin.IsOwn() ||
            (operation is IObjectCreationOperation scope && OpeningMembers.Suppresses(scope)))
        {
            return null;
        }

        var scopes = new TransactionScopes(facts, cancellation);
        foreach (var part in HoleValues.RootOf(operation).Descendants())
        {
            if (part.Syntax.SpanStart > operation.Syntax.SpanStart && ContextIn(part, begin, facts) is { } context && IsConfiguredInSight(context) && facts.Retries.Retries(context.Type) == true &&
                (scopes.OpenAt(part is IForEachLoopOperation loop ? HoleValues.Strip(loop.Collection) : part).Contains(begin)))
            {
                return new TransactionRetries(facts, countsLoops: false, cancellation).MayBeRetried(operation) ? null : new RefusedTransaction(begin, part, context);
            }
        }

        return null;
    }

    // The commands of EF Core's own: text that is executed is never retried, and never refused.
    private static IOperation? ContextIn(IOperation operation, TransactionBegin begin, ITransactionFacts facts) =>
        operation is IInvocationOperation && facts.ExecutionOf(operation) is { Library: DbLibrary.EfCore, Call: null, Connection: { } connection } && EfQueries.ContextOf(connection, facts.Apis) is { } context &&
        (begin.Kind == TransactionKind.Ambient || (facts.ConnectionsOf(HoleValues.RootOf(operation)).Of(context) is { } identity && begin.Holds(identity)))
            ? context
            : null;

    // Options that are passed by hand are not in sight.
    private static bool IsConfiguredInSight(IOperation context)
    {
        context = HoleValues.Strip(context);
        return context is not ILocalReferenceOperation local ||
            (EfQueries.InitialValue(local) is { } initial && (Made(initial) is not IObjectCreationOperation creation || !creation.Arguments.Any(argument => RetryMembers.IsOptions(argument.Value.Type))));
    }

    private static IOperation Made(IOperation value)
    {
        value = EfQueries.Unconfigured(value);
        return value is IAwaitOperation awaited ? EfQueries.Unconfigured(awaited.Operation) : value;
    }
}
