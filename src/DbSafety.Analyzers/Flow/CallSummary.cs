using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Flow;

/// <summary>What a call of a method does at the database, whatever else happens: on every path that is not the refusal of an argument.</summary>
/// <param name="Effects">Reads, Writes, SavesChanges; None where a path does nothing there, or nobody knows.</param>
/// <param name="Next">The method that it calls to do so; null where it goes there itself, and for a row that the user added.</param>
/// <param name="IsPureRead">Whether all that the method does is to read: called twice with the same arguments, it gives the same.</param>
public sealed record CallSummary(DbEffects Effects, IMethodSymbol? Next, bool IsPureRead)
{
    /// <summary>Whether what it writes is a unit of its own by design: in a transaction of the method, or with its failure swallowed there.</summary>
    public bool IsUnit { get; init; }

    /// <summary>Nothing is certain.</summary>
    public static CallSummary None { get; } = new(DbEffects.None, null, false);

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

    /// <summary>The names of the methods from a call to the one that goes to the database, for people; of an execution its own.</summary>
    string PathOf(IOperation operation, DbExecution? execution);

    /// <summary>Whether a method waits for something outside, neither the database nor a computation, or may do so because its body is not in sight.</summary>
    bool ReachesOutside(IMethodSymbol method, CancellationToken cancellation);

    /// <summary>Whether a method certainly waits for something outside, neither the database nor a computation: by itself, by what it calls, or as its name says where no body is in sight.</summary>
    bool WaitsOutside(IMethodSymbol method, CancellationToken cancellation);

    /// <summary>The recursion that an operation stands in, or null.</summary>
    LoopRegion? RecursionAround(IOperation operation);

    /// <summary>How values move in a region.</summary>
    LoopData DataOf(LoopRegion region);

    /// <summary>The commands of a body.</summary>
    BodyCommands CommandsOf(IOperation root);
}
