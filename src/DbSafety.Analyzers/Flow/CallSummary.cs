using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Flow;

/// <summary>What a call of a method does at the database, whatever else happens: on every path that is not the refusal of an argument.</summary>
/// <param name="Effects">Reads, Writes, SavesChanges; None where a path does nothing there, or nobody knows.</param>
/// <param name="Path">The names of the methods called on the way, ending in what goes to the database: <c>LoadProfile</c>, <c>QueryAsync</c>.</param>
/// <param name="Execution">The first thing that certainly goes there; null for a row that the user added.</param>
/// <param name="IsPureRead">Whether all that the method does is to read: called twice with the same arguments, it gives the same.</param>
public sealed record CallSummary(DbEffects Effects, ImmutableArray<string> Path, DbExecution? Execution, bool IsPureRead)
{
    /// <summary>Nothing is certain.</summary>
    public static CallSummary None { get; } = new(DbEffects.None, ImmutableArray<string>.Empty, null, false);

    /// <summary>Whether the call certainly goes to the database.</summary>
    public bool Runs => Effects != DbEffects.None;
}

/// <summary>What this room asks of the compilation's memory; <c>Facts</c> implements it, so that nothing is remembered here.</summary>
public interface IFlowFacts
{
    /// <summary>The table.</summary>
    DbApis Apis { get; }

    /// <summary>What an operation does at the database, or null.</summary>
    DbExecution? ExecutionOf(IOperation operation);

    /// <summary>What a call of a method does, as far as this compilation tells.</summary>
    CallSummary SummaryOf(IMethodSymbol method, CancellationToken cancellation);

    /// <summary>How values move in a region.</summary>
    LoopData DataOf(LoopRegion region);

    /// <summary>The commands of a body.</summary>
    BodyCommands CommandsOf(IOperation root);
}
