using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Why a call does not take part in the transaction that is open around it.</summary>
public enum OutsideReason
{
    /// <summary>It writes on another connection or context.</summary>
    OtherConnection,

    /// <summary>It writes on a connection that the data source takes for this one command.</summary>
    OwnConnection,

    /// <summary>A called method writes on a connection that it opens itself.</summary>
    InCallee,

    /// <summary>Its command stands on the connection but is not given the transaction, and the provider insists.</summary>
    NotGiven,
}

/// <summary>A call that does not take part in the transaction that is open around it.</summary>
/// <param name="Operation">The call.</param>
/// <param name="Name">What it does, for people.</param>
/// <param name="Begin">The transaction.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Other">The variable that holds the other connection or context; null where there is none.</param>
public sealed record OutsideWrite(IInvocationOperation Operation, string Name, TransactionBegin Begin, OutsideReason Reason, ISymbol? Other)
{
    /// <summary>What makes the command, where it is made in the same body and lacks the transaction; null otherwise.</summary>
    public IOperation? Creation { get; init; }
}
