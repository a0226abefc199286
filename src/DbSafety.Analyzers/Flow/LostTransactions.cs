using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A transaction that something is written in, and that nothing commits.</summary>
/// <param name="Begin">Where it begins.</param>
/// <param name="Writes">What is lost, in the order of the source.</param>
public sealed record LostTransaction(TransactionBegin Begin, ImmutableArray<UnprotectedWrite> Writes);

/// <summary>Finds transactions that are certainly never committed.</summary>
public static class LostTransactions
{
    // Callers of callers of callers: nobody looks further by hand either.
    private const int MaxDepth = 4;

    /// <summary>The transaction that an operation begins, where it is lost; else null.</summary>
    /// <param name="operation">Any operation.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static LostTransaction? Of(IOperation operation, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (TransactionStates.BegunBy(operation, facts, cancellation) is not { Kind: not TransactionKind.Text } begin || !begin.IsCertain() || !EndsHere(begin))
        {
            return null;
        }

        var root = HoleValues.RootOf(operation);
        var transactions = facts.TransactionsAround(operation, cancellation);
        var writes = transactions.Writes.Where(write => transactions.OpenAt(write.Operation).Contains(begin) && IsWrittenIn(begin, write, facts, cancellation)).ToImmutableArray();
        if (writes.IsEmpty || IsOfTest(operation) || Throws.AlwaysAround(operation) || (begin.Holder is { } holder && !new HolderUses(facts, cancellation).OnlyLends(holder, root)))
        {
            return null;
        }

        return MayEndElse(begin, writes, root, facts, cancellation) ? null : new LostTransaction(begin, writes);
    }

    // Nobody behind this body can commit it: it is disposed here, or only a variable of this body could.
    private static bool EndsHere(TransactionBegin begin) => begin.Holder is null ? Resource(begin.Operation).Parent is IUsingOperation scope && scope.Resources.Syntax.Span.Contains(begin.Operation.Syntax.Span)
        : begin.Holder is ILocalSymbol local && local.RefKind == RefKind.None &&
            (begin.Kind == TransactionKind.Connection || Resource(begin.Operation) is IVariableInitializerOperation { Parent.Parent.Parent.Parent: IUsingDeclarationOperation or IUsingOperation } or
                IVariableInitializerOperation { Parent.Parent.Parent: IUsingDeclarationOperation or IUsingOperation });

    private static IOperation Resource(IOperation operation)
    {
        var at = operation;
        while (at.Parent is IConversionOperation or IParenthesizedOperation or IAwaitOperation or IArgumentOperation or IInvocationOperation or IVariableInitializerOperation)
        {
            at = at.Parent;
        }

        return at;
    }

    private static bool IsWrittenIn(TransactionBegin begin, UnprotectedWrite write, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (begin.Includes(write.Connection, facts.TransactionsAround(write.Operation, cancellation).OpenAt(write.Operation)))
        {
            return true;
        }

        // The transaction itself is passed on; a called method opens a connection inside the scope.
        return write.Operation is IInvocationOperation call &&
            (begin.Kind == TransactionKind.Ambient
                ? write.Connection is null && write.Execution is null && facts.OwnUseOf(call.TargetMethod, cancellation)?.Connection is { IsFresh: true }
                : begin.Holder is not null && call.Arguments.Any(argument => SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(argument.Value), begin.Holder)));
    }

    // A test undoes what it did.
    private static bool IsOfTest(IOperation operation)
    {
        for (var symbol = operation.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart); symbol is not null and not INamespaceSymbol; symbol = symbol.ContainingSymbol)
        {
            if (symbol.GetAttributes().Any(attribute => SavepointMembers.MarksTest(attribute.AttributeClass)))
            {
                return true;
            }
        }

        return false;
    }

    // A commit, a rollback that is meant, or something that may do either.
    private static bool MayEndElse(TransactionBegin begin, ImmutableArray<UnprotectedWrite> writes, IOperation root, ITransactionFacts facts, CancellationToken cancellation)
    {
        foreach (var operation in root.Descendants())
        {
            if (operation is not IInvocationOperation call)
            {
                continue;
            }

            if (begin.Kind == TransactionKind.Ambient)
            {
                if (TransactionMembers.Completes(call.TargetMethod.Name) && facts.Apis.Types.IsScope(call.TargetMethod.ContainingType) && (begin.Holder is null || IsOf(call, begin.Holder)))
                {
                    return true;
                }

                continue;
            }

            if (SavepointMembers.MayCommit(call.TargetMethod.Name) && !IsOfOther(call, begin, facts, cancellation))
            {
                return true;
            }

            if (TransactionMembers.RollsBack(call) && IsMeant(call, writes) && !IsOfOther(call, begin, facts, cancellation))
            {
                return true;
            }

            var execution = facts.ExecutionOf(call);
            if (TransactionStates.MayControl(execution, Sql.Syntax.TransactionKind.Commit) || (TransactionStates.MayControl(execution, Sql.Syntax.TransactionKind.Rollback) && IsMeant(call, writes)) ||
                (execution is null && begin.Region.Contains(call.Syntax.Span) && MayCommit(call.TargetMethod, facts, 0, cancellation)))
            {
                return true;
            }
        }

        return false;
    }

    // A dry run rolls back whatever happens. Not one: in a catch, under a condition in a finally, before an exit that only some runs take after they have written.
    private static bool IsMeant(IInvocationOperation rollback, ImmutableArray<UnprotectedWrite> writes)
    {
        var isGuarded = false;
        for (IOperation at = rollback; at.Parent is { } parent && at is not (IAnonymousFunctionOperation or ILocalFunctionOperation); at = parent)
        {
            if (parent is ICatchClauseOperation || (isGuarded && parent is ITryOperation attempt && attempt.Finally == at))
            {
                return false;
            }

            if (parent is IConditionalOperation { Parent: IBlockOperation block } condition && at != condition.Condition)
            {
                isGuarded = true;
                if (condition.WhenFalse is null && Guards.Leaves(at) && !writes.Any(write => at.Syntax.Span.Contains(write.Operation.Syntax.Span)) && !block.Operations.SkipWhile(statement => statement != condition).Any(Throws.IsThrow))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsOf(IInvocationOperation call, ISymbol holder) => SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(call.Instance), holder);

    // The commit of another transaction of this body.
    private static bool IsOfOther(IInvocationOperation call, TransactionBegin begin, ITransactionFacts facts, CancellationToken cancellation) =>
        begin.Holder is not null && LoopRegions.SymbolOf(call.Instance) is ILocalSymbol local && !SymbolEqualityComparer.Default.Equals(local, begin.Holder) &&
        facts.TransactionsAround(call, cancellation).Begins.Any(other => SymbolEqualityComparer.Default.Equals(other.Holder, local));

    // A method of this compilation that commits what it did not begin.
    private static bool MayCommit(IMethodSymbol method, ITransactionFacts facts, int depth, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        if (method.DeclaringSyntaxReferences.IsEmpty || facts.BodyOf(method, cancellation) is not { } body)
        {
            return false;
        }

        if (depth >= MaxDepth)
        {
            return true;
        }

        foreach (var operation in body.Descendants())
        {
            if (operation is IInvocationOperation call)
            {
                var isOwn = LoopRegions.SymbolOf(call.Instance) is ILocalSymbol local && facts.Apis.Types.IsAnyTransaction(local.Type);
                if ((SavepointMembers.MayCommit(call.TargetMethod.Name) && !isOwn) || TransactionStates.MayControl(facts.ExecutionOf(call), Sql.Syntax.TransactionKind.Commit) ||
                    (!SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method) && MayCommit(call.TargetMethod, facts, depth + 1, cancellation)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
