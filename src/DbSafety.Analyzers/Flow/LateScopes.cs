using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A write in a scope, on a connection that was open before the scope began.</summary>
/// <param name="Write">The write.</param>
/// <param name="Connection">The variable of the connection.</param>
/// <param name="Opening">The declaration that gives an open connection, or the call that opens it.</param>
/// <param name="Scope">The scope.</param>
public sealed record LateScope(UnprotectedWrite Write, ILocalSymbol Connection, IOperation Opening, TransactionBegin Scope);

/// <summary>Finds writes in scopes that began when their connection was open already.</summary>
internal static class LateScopes
{
    /// <summary>The write that a call is and that its scope does not hold, or null.</summary>
    public static LateScope? Of(IInvocationOperation call, ITransactionFacts facts, CancellationToken cancellation)
    {
        var transactions = facts.TransactionsAround(call, cancellation);
        if (!transactions.Begins.Any(begin => begin.Kind == TransactionKind.Ambient) ||
            OwnTransactions.WriteAt(call, facts, cancellation) is not { Connection: { IsFresh: true, IsContext: false, IsCommand: false, Root: ILocalSymbol connection } } write ||
            transactions.OpenAt(call).LastOrDefault(begin => begin.Kind == TransactionKind.Ambient) is not { Operation: IObjectCreationOperation creation } scope ||
            transactions.MayBeOpenAt(call).Last(begin => begin.Kind == TransactionKind.Ambient) != scope || OpeningMembers.Suppresses(creation))
        {
            return null;
        }

        // The first of several speaks for all.
        if (transactions.Writes.Any(other => other.Operation.Syntax.SpanStart > creation.Syntax.SpanStart && other.Operation.Syntax.SpanStart < call.Syntax.SpanStart &&
            SymbolEqualityComparer.Default.Equals(other.Connection?.Root, connection)))
        {
            return null;
        }

        // A transaction of its own holds the write; a connection that was opened in an outer scope is enlisted there.
        return !transactions.MayBeOpenAt(call).Any(begin => begin.Kind != TransactionKind.Ambient && begin.Holds(write.Connection)) && OpeningOf(connection, creation, write, facts) is { } opening &&
            !transactions.MayBeOpenAt(opening is IVariableDeclaratorOperation { Initializer.Value: { } made } ? EfQueries.Unawaited(made) : opening).Any(begin => begin.Kind == TransactionKind.Ambient)
                ? new LateScope(write, connection, opening, scope)
                : null;
    }

    private static IOperation? OpeningOf(ILocalSymbol connection, IOperation scope, UnprotectedWrite write, ITransactionFacts facts)
    {
        var function = BodyGraph.FunctionOf(scope);
        if (BodyGraph.FunctionOf(write.Operation) != function)
        {
            return null;
        }

        IOperation? opening = null;
        foreach (var part in function.Descendants())
        {
            switch (part)
            {
                case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, connection):
                    if (declarator.Syntax.SpanStart > scope.Syntax.SpanStart || value.DescendantsAndSelf().Any(text => text.ConstantValue is { HasValue: true, Value: string constant } && OpeningMembers.StaysOut(constant)))
                    {
                        return null;
                    }

                    opening = EfQueries.Unawaited(value) is IInvocationOperation made && OpeningMembers.GivesOpen(made.TargetMethod.Name) ? declarator : opening;
                    break;
                case ILocalReferenceOperation reference when SymbolEqualityComparer.Default.Equals(reference.Local, connection):
                    if (reference.Parent is IInvocationOperation { Instance: { } instance } call && instance == reference)
                    {
                        var name = call.TargetMethod.Name;
                        if (TransactionMembers.Joins(name) || (ConnectionMembers.Closes(name) && (reference.Syntax.SpanStart < write.Operation.Syntax.SpanStart || LoopRegions.Around(call).Any())))
                        {
                            return null;
                        }

                        if (OpeningMembers.Opens(name) && call.Syntax.SpanStart < scope.Syntax.SpanStart && Dominates(call, scope))
                        {
                            opening ??= call;
                        }
                    }
                    else if (IsHandedOn(reference, write.Operation, facts))
                    {
                        return null;
                    }

                    break;
            }
        }

        return opening;
    }

    // A statement of a block around the scope, before it.
    private static bool Dominates(IInvocationOperation opening, IOperation scope)
    {
        IOperation at = opening;
        while (at.Parent is IAwaitOperation || (at.Parent is IArgumentOperation or IInvocationOperation or IExpressionStatementOperation))
        {
            at = at.Parent;
        }

        return at is IExpressionStatementOperation { Parent: IBlockOperation block } && block.Syntax.Span.Contains(scope.Syntax.Span);
    }

    // Whoever gets the connection may enlist or close it.
    private static bool IsHandedOn(ILocalReferenceOperation reference, IOperation write, ITransactionFacts facts)
    {
        IOperation at = reference;
        while (at.Parent is IConversionOperation)
        {
            at = at.Parent;
        }

        return at.Parent switch
        {
            IArgumentOperation { Parent: IInvocationOperation call } => call.Syntax != write.Syntax && !TransactionMembers.IsOfLibrary((call.TargetMethod.ReducedFrom ?? call.TargetMethod).ContainingType),
            IArgumentOperation { Parent: IObjectCreationOperation creation } => !facts.Apis.Types.IsCommand(creation.Type),
            IAssignmentOperation assignment => assignment.Target is not IPropertyReferenceOperation { Instance.Type: { } owner } || !facts.Apis.Types.IsCommand(owner),
            IVariableInitializerOperation or IReturnOperation or IObjectOrCollectionInitializerOperation => true,
            _ => false,
        };
    }
}
