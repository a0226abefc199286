using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Finds calls that certainly do not take part in the transaction that is open around them.</summary>
internal static class OutsideWrites
{
    // How deep a callee that writes is asked, and how far a connection is followed to what it is made of.
    private const int MaxSteps = 4;

    /// <summary>What is outside, or null.</summary>
    public static OutsideWrite? Of(IInvocationOperation call, ITransactionFacts facts, CancellationToken cancellation)
    {
        var open = OwnTransactions.OpenAt(call, facts, cancellation);
        var transactions = facts.TransactionsAround(call, cancellation);
        if (open.Count == 0 || transactions.MayBeOpenAt(call).Any(begin => begin.Kind == TransactionKind.Ambient))
        {
            return null;
        }

        return OwnTransactions.WriteAt(call, facts, cancellation) is { } write && Elsewhere(call, write, open, facts, cancellation) is { } outside
            ? outside
            : MissingArguments.Of(call, open, facts, cancellation);
    }

    private static OutsideWrite? Elsewhere(IInvocationOperation call, UnprotectedWrite write, IReadOnlyList<TransactionBegin> open, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (facts.TransactionsAround(call, cancellation).MayBeOpenAt(call).Any(begin => begin.Connection is null || begin.Holds(write.Connection)))
        {
            return null;
        }

        foreach (var begin in open)
        {
            if (OwnTransactions.ConnectionOf(begin, facts) is { } held && IsPlain(held) && DatabaseKey.OfConnection(held, facts.Apis) is { } database &&
                ReasonOf(write, begin.Connection!, call, facts, cancellation) is { } reason &&
                DatabaseKey.Of(write, WriteLeaves.Of(write, facts, cancellation), facts.Apis) is { } other && other.IsSameAs(database) && OwnTransactions.WritesIn(begin, facts, cancellation).Any())
            {
                return new OutsideWrite(call, write.Name, begin, reason, reason == OutsideReason.OtherConnection ? write.Connection?.Root : null);
            }
        }

        return null;
    }

    private static OutsideReason? ReasonOf(UnprotectedWrite write, ConnectionIdentity held, IInvocationOperation call, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (write.Execution is { Connection: { } connection })
        {
            return !IsPlain(connection) ? null
                : facts.Apis.Types.IsDataSource(HoleValues.Strip(connection).Type) ? OutsideReason.OwnConnection
                : write.Connection is { } own && AreTwo(own, held) && !SharesConnection(own, call, facts) && !SharesConnection(held, call, facts) ? OutsideReason.OtherConnection
                : null;
        }

        return write.Execution is null && WritesAlone(call, facts, 0, cancellation) ? OutsideReason.InCallee : null;
    }

    // Two for certain: at least one of them was made here, and the other one is not a variable that may have taken it.
    private static bool AreTwo(ConnectionIdentity one, ConnectionIdentity other) => !one.IsCommand && !other.IsCommand &&
        (one.CompareTo(other) == ConnectionRelation.Different || (one.IsFresh && IsFromOutside(other)) || (other.IsFresh && IsFromOutside(one)));

    private static bool IsFromOutside(ConnectionIdentity identity) => !identity.IsFresh && identity.Root is not ILocalSymbol;

    // A context may be made on a connection that is at hand, or for another tenant, by arguments that nobody can see through.
    private static bool SharesConnection(ConnectionIdentity identity, IOperation inside, ITransactionFacts facts) =>
        identity.IsContext && identity.Root is ILocalSymbol local && HoleValues.RootOf(inside).Descendants().Any(part =>
            part is IVariableDeclaratorOperation { Initializer.Value: { } made } declarator && SymbolEqualityComparer.Default.Equals(declarator.Symbol, local) &&
            made.Descendants().Any(value => value is IArgumentOperation { ArgumentKind: ArgumentKind.Explicit, Parameter.Type: var type } argument && (!IsShared(type, facts) || (!type.IsValueType && HoleValues.Strip(argument.Value) is not IMemberReferenceOperation and not IParameterReferenceOperation))));

    // The options that are registered for a type, and a token.
    private static bool IsShared(ITypeSymbol type, ITransactionFacts facts) => TransactionMembers.IsToken(type) || (RetryMembers.IsOptions(type) && type is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } && EfQueries.IsContext(arguments[0], facts.Apis));

    // All that the called method writes, it writes over connections of its own.
    private static bool WritesAlone(IInvocationOperation call, ITransactionFacts facts, int depth, CancellationToken cancellation)
    {
        if (depth >= MaxSteps || facts.BodyOf((call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition, cancellation) is not { } body || call.Arguments.Any(argument => MayHold(argument.Value.Type, facts)))
        {
            return false;
        }

        var transactions = facts.TransactionsAround(body, cancellation);
        var writes = transactions.Writes.Where(write => body.Syntax.Span.Contains(write.Operation.Syntax.Span)).ToList();
        return writes.Count > 0 && !transactions.Begins.Any(begin => begin.Kind is TransactionKind.Ambient or TransactionKind.Foreign) && writes.All(write =>
            write.Execution is { Connection: { } connection }
                ? IsPlain(connection) && (facts.Apis.Types.IsDataSource(HoleValues.Strip(connection).Type) ||
                    (write.Connection is { IsFresh: true, IsCommand: false } own && own.IsDeclaredIn(body.Syntax.SyntaxTree, body.Syntax.Span) && !SharesConnection(own, write.Operation, facts)))
                : write.Execution is null && write.Operation is IInvocationOperation inner && WritesAlone(inner, facts, depth + 1, cancellation));
    }

    private static bool MayHold(ITypeSymbol? type, ITransactionFacts facts) => facts.Apis.Types.IsConnection(type) || facts.Apis.Types.IsAnyTransaction(type) || EfQueries.IsContext(type, facts.Apis);

    // Made of variables of this method and this object: two of them with one name are one.
    private static bool IsPlain(IOperation? value)
    {
        for (var step = 0; step < 2 * MaxSteps && value is not null; step++)
        {
            value = EfQueries.Unconfigured(value);
            switch (value)
            {
                case IAwaitOperation awaited:
                    value = awaited.Operation;
                    break;
                case ILocalReferenceOperation local when EfQueries.InitialValue(local) is { } initial:
                    value = initial;
                    break;
                case ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation:
                    return true;
                case IMemberReferenceOperation member:
                    return member.Instance is null or IInstanceReferenceOperation;
                case IObjectCreationOperation { Arguments: { Length: > 0 } arguments }:
                    value = arguments[0].Value;
                    break;
                case IObjectCreationOperation:
                    return true;
                case IInvocationOperation call:
                    value = call.Instance ?? EfQueries.FirstArgument(call);
                    if (value is null)
                    {
                        return true;
                    }

                    break;
                default:
                    return value.ConstantValue.HasValue;
            }
        }

        return false;
    }
}
