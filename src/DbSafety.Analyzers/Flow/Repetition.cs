using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Flow;

/// <summary>A trip to the database that a loop repeats, and that one trip could do: the loops that must repeat it (paging, retries, polling ..) are none.</summary>
public sealed class Repetition
{
    internal Repetition(LoopRegion region, IOperation operation, DbExecution? execution, CallSummary? summary, string path, bool isDependent)
    {
        Region = region;
        Operation = operation;
        Execution = execution;
        Summary = summary;
        Path = path;
        IsDependent = isDependent;
    }

    /// <summary>What repeats it.</summary>
    public LoopRegion Region { get; }

    /// <summary>The invocation in the loop, or the inner <c>foreach</c> that runs a query.</summary>
    public IOperation Operation { get; }

    /// <summary>What the operation itself does; null where it is a call of a method that does it.</summary>
    public DbExecution? Execution { get; }

    /// <summary>What the called method does; null where the operation itself does it.</summary>
    public CallSummary? Summary { get; }

    /// <summary>Whether what is asked or written depends on the iteration; else it is the same each time.</summary>
    public bool IsDependent { get; }

    /// <summary>What it does: <see cref="DbEffects.Reads"/>, <see cref="DbEffects.Writes"/>, <see cref="DbEffects.SavesChanges"/>.</summary>
    public DbEffects Effects => Execution?.Effects ?? Summary!.Effects;

    /// <summary>Whether it saves the pending changes of a context.</summary>
    public bool Saves => (Effects & DbEffects.SavesChanges) != 0;

    /// <summary>Whether it writes otherwise.</summary>
    public bool Writes => !Saves && (Effects & DbEffects.Writes) != 0;

    /// <summary>Whether it only reads.</summary>
    public bool OnlyReads => (Effects & (DbEffects.Writes | DbEffects.SavesChanges)) == 0 && (Effects & DbEffects.Reads) != 0;

    /// <summary>The methods from the call to the one that goes to the database: <c>GetUser -> LoadProfile</c>; of a direct call the method itself.</summary>
    public string Path { get; }
}
