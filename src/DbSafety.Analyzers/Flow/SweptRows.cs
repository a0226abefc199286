using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Bulk deletes of EF Core that sweep rows away, whatever they are: no value says which, at most one says up to where.</summary>
internal static class SweptRows
{
    /// <summary>Whether an execution is such a delete.</summary>
    public static bool AreSwept(DbExecution execution, DbApis apis) => execution.Operation is IInvocationOperation call && EfOperators.AnswerOf(execution.Member) == EfAnswer.Delete && !call.Descendants().Any(part => Names(part, call, apis));

    // o.Id == id, ids.Contains(o.Id); not o.Expires < cutoff
    private static bool Names(IOperation part, IInvocationOperation call, DbApis apis)
    {
        if (part is not (ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation))
        {
            return false;
        }

        // A query or a condition made elsewhere; not the context, and not the token.
        if (FilterOf(part, call) is not { } filter)
        {
            return part is not IInstanceReferenceOperation && !EfQueries.IsContext(part.Type, apis) && part.Type?.Name != nameof(CancellationToken);
        }

        if (IsOf(part, filter))
        {
            return false;
        }

        for (var at = part.Parent; at is not null && at != filter; at = at.Parent)
        {
            if (at is IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual })
            {
                return false;
            }
        }

        return true;
    }

    private static IAnonymousFunctionOperation? FilterOf(IOperation part, IInvocationOperation call)
    {
        for (var at = part.Parent; at is not null && at != call; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation filter)
            {
                return filter;
            }
        }

        return null;
    }

    private static bool IsOf(IOperation part, IAnonymousFunctionOperation filter) =>
        part is IParameterReferenceOperation { Parameter: var parameter } && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, filter.Symbol);
}
