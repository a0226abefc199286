using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Flow;

/// <summary>What kind of thing begins a transaction.</summary>
public enum TransactionKind
{
    /// <summary>A connection: <c>BeginTransaction</c> of ADO.NET.</summary>
    Connection,

    /// <summary>A context of EF Core: <c>Database.BeginTransaction</c>, or <c>UseTransaction</c>.</summary>
    Context,

    /// <summary>A <c>TransactionScope</c>: every connection that is opened inside takes part.</summary>
    Ambient,

    /// <summary>The text BEGIN or START TRANSACTION.</summary>
    Text,

    /// <summary>A method of the user's own, or of a library that nobody knows: which connection takes part is open.</summary>
    Foreign,
}

/// <summary>A place where a body begins a transaction.</summary>
/// <param name="Kind">What begins it.</param>
/// <param name="Operation">The invocation or object creation.</param>
/// <param name="Holder">The local variable that takes it; null where there is none.</param>
/// <param name="Connection">The connection or context; null where nobody knows, and of a scope.</param>
/// <param name="Region">Where in the source it can be open: the block of its using, else to the end of the body.</param>
public sealed record TransactionBegin(TransactionKind Kind, IOperation Operation, ISymbol? Holder, ConnectionIdentity? Connection, TextSpan Region)
{
    /// <summary>Its name for people: the variable, else the method that begins it.</summary>
    public string Name => Holder?.Name ?? Operation switch
    {
        Microsoft.CodeAnalysis.Operations.IInvocationOperation call when Kind != TransactionKind.Text => call.TargetMethod.Name,
        _ => (Kind == TransactionKind.Text ? null : Operation.Type?.Name) ?? "BEGIN",
    };

    /// <summary>Whether a connection takes part, for certain.</summary>
    public bool Holds(ConnectionIdentity? connection) =>
        Kind == TransactionKind.Ambient || (Connection is not null && connection is not null && Connection.CompareTo(connection) == ConnectionRelation.Same);
}
