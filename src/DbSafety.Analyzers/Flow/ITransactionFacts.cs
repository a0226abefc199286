using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What the rules about transactions ask of the compilation's memory.</summary>
public interface ITransactionFacts : IConnectionFacts
{
    /// <summary>The transactions and writes of the member around an operation.</summary>
    BodyTransactions TransactionsAround(IOperation operation, CancellationToken cancellation);

    /// <summary>The trip to the database that an operation is and that a loop repeats needlessly, or null.</summary>
    Repetition? RepetitionOf(IOperation operation, CancellationToken cancellation);

    /// <summary>The calls of a method in this compilation, also those through an interface or base class that it implements.</summary>
    IReadOnlyList<IInvocationOperation> CallsOf(IMethodSymbol method, CancellationToken cancellation);

    /// <summary>The one body that a call of a method runs, a method's or local function's; null where there are several, or it is not in sight.</summary>
    IOperation? BodyOf(IMethodSymbol method, CancellationToken cancellation);

    /// <summary>Whether the user named a type as one that stands for a transaction.</summary>
    bool IsUnitOfWork(ITypeSymbol? type);

    /// <summary>Whether something in this compilation runs whole requests in a transaction: a middleware, a behavior of a pipeline.</summary>
    bool HasPipelineTransaction { get; }

    /// <summary>What the sources say about contexts that retry.</summary>
    RetryConfigurations Retries { get; }
}
