using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A transaction that begins while another one is certainly open on the same connection or context.</summary>
/// <param name="Call">What begins it: the method of the connection or context, or a method of this compilation that calls it.</param>
/// <param name="Name">The way to it, for people: <c>SaveAsync -> BeginTransactionAsync</c>.</param>
/// <param name="Inner">The transaction, where the member itself begins it.</param>
/// <param name="Outer">The transaction that is open.</param>
/// <param name="Connection">The connection or context.</param>
public sealed record NestedBegin(IInvocationOperation Call, string Name, TransactionBegin? Inner, TransactionBegin Outer, ConnectionIdentity? Connection);

/// <summary>Finds transactions inside others.</summary>
public static class NestedBegins
{
    /// <summary>What begins inside a transaction of the member, in the order of the source.</summary>
    /// <param name="outer">The transaction that an operation begins.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static IEnumerable<NestedBegin> Within(IOperation outer, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (TransactionStates.BegunBy(outer, facts, cancellation) is not { } begin || !begin.IsCertain())
        {
            yield break;
        }

        var root = HoleValues.RootOf(outer);
        foreach (var operation in root.Descendants())
        {
            if (operation is IInvocationOperation call && call.Syntax != outer.Syntax && begin.Region.Contains(call.Syntax.Span) && Begun(call, facts, cancellation) is { } found &&
                IsOpen(begin, call, found, facts, cancellation) && facts.Scopes(cancellation).OpenAt(call).Where(open => Throws(open, found)).LastOrDefault() == begin)
            {
                yield return found with { Outer = begin };
            }
        }
    }

    private static TransactionScopes Scopes(this ITransactionFacts facts, CancellationToken cancellation) => new(facts, cancellation);

    private static bool IsOpen(TransactionBegin outer, IInvocationOperation call, NestedBegin inner, ITransactionFacts facts, CancellationToken cancellation) =>
        Throws(outer, inner) && !AsksForCurrent(call) && !outer.MayHaveEndedBefore(call, facts) &&
        facts.Scopes(cancellation).OpenAt(call).All(open => open.Kind != TransactionKind.Ambient || open.IsCertain());

    // EF Core looks at the ambient transaction itself; a connection must have taken part in it.
    private static bool Throws(TransactionBegin outer, NestedBegin inner) => outer.IsCertain() && (outer.Kind == TransactionKind.Ambient
        ? TransactionMembers.IsOfFacade(inner.Call.TargetMethod) || inner.Connection is { IsContext: true } || outer.Includes(inner.Connection)
        : outer.Holds(inner.Connection));

    private static NestedBegin? Begun(IInvocationOperation call, ITransactionFacts facts, CancellationToken cancellation)
    {
        var connections = facts.ConnectionsOf(HoleValues.RootOf(call));
        if (SavepointMembers.Begins(call.TargetMethod))
        {
            return TransactionStates.BegunBy(call, facts, cancellation) is { Kind: TransactionKind.Connection or TransactionKind.Context } own && IsHere(call, facts)
                ? new NestedBegin(call, call.TargetMethod.Name, own, own, own.Connection)
                : null;
        }

        return call.TargetMethod is { IsVirtual: false, IsAbstract: false, IsOverride: false } method && OfBody(method, facts, cancellation) is { } theirs &&
            ConnectionUses.Translate(theirs.Connection!, call, connections) is { } connection
                ? new NestedBegin(call, $"{method.Name} -> {theirs.Call.TargetMethod.Name}", null, theirs.Outer, connection)
                : null;
    }

    /// <summary>
    /// What the body of a method certainly begins whenever it is called, over a connection that it can name: nothing decides whether, nothing comes before that
    /// could end the caller's transaction, and no scope is around it.
    /// </summary>
    private static NestedBegin? OfBody(IMethodSymbol method, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (method.DeclaringSyntaxReferences.IsEmpty || facts.BodyOf((method.ReducedFrom ?? method).OriginalDefinition, cancellation) is not { } body)
        {
            return null;
        }

        foreach (var operation in body.Descendants())
        {
            switch (operation)
            {
                case IReturnOperation { IsImplicit: false } or IBranchOperation or IThrowOperation:
                    return null;
                case IObjectCreationOperation creation when facts.Apis.Types.IsScope(creation.Type):
                    return null;
                case IInvocationOperation call when SavepointMembers.Begins(call.TargetMethod):
                    return IsUnconditional(call, body) && IsHere(call, facts) && TransactionStates.BegunBy(call, facts, cancellation) is { Connection: not null, Kind: TransactionKind.Connection or TransactionKind.Context } begin
                        ? new NestedBegin(call, "", null, begin, begin.Connection)
                        : null;
                case IInvocationOperation call when SavepointMembers.MayCommit(call.TargetMethod.Name) || TransactionMembers.RollsBack(call) || ConnectionMembers.Closes(call.TargetMethod.Name):
                    return null;
            }
        }

        return null;
    }

    // Other databases are not ours to judge.
    private static bool IsHere(IInvocationOperation begin, ITransactionFacts facts) => TransactionStates.ProviderOf(begin, facts) is Provider.PostgreSql or Provider.Undecided;

    private static bool IsUnconditional(IOperation operation, IOperation body)
    {
        for (var at = operation; at != body && at.Parent is { } parent; at = parent)
        {
            var isPlain = parent is IBlockOperation or IExpressionStatementOperation or IVariableDeclarationGroupOperation or IVariableDeclarationOperation or IVariableDeclaratorOperation or
                IVariableInitializerOperation or IUsingOperation or IUsingDeclarationOperation or IAwaitOperation or IConversionOperation or IInvocationOperation or IArgumentOperation or
                ISimpleAssignmentOperation or IMethodBodyOperation or IParenthesizedOperation || (parent is ITryOperation attempt && attempt.Body == at && attempt.Catches.IsEmpty) || parent == body;
            if (!isPlain)
            {
                return false;
            }
        }

        return true;
    }

    // if (context.Database.CurrentTransaction is null) ..
    private static bool AsksForCurrent(IInvocationOperation call) =>
        Guards.Of(call).Any(guard => guard.Condition.DescendantsAndSelf().Any(IsCurrent)) ||
        (call.Parent is { } parent && Around(parent).Any(around => around is ICoalesceOperation or ICoalesceAssignmentOperation or IConditionalOperation && around.Descendants().Any(IsCurrent)));

    private static IEnumerable<IOperation> Around(IOperation operation)
    {
        for (var at = operation; at is not null and not IBlockOperation; at = at.Parent!)
        {
            yield return at;
        }
    }

    private static bool IsCurrent(IOperation operation) => operation is IPropertyReferenceOperation property && SavepointMembers.IsCurrent(property.Property);
}
