using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Calls;

/// <summary>A place where the program goes to the database: a call that runs a command or a query, or a loop that enumerates a query.</summary>
public sealed class DbExecution
{
    /// <summary>Makes an execution.</summary>
    public DbExecution(
        IOperation operation, string member, DbLibrary library, DbEffects effects, bool isUnknown, DbCall? call, IOperation? connection, ImmutableArray<IOperation> inputs)
    {
        Operation = operation;
        Member = member;
        Library = library;
        Effects = effects;
        IsUnknown = isUnknown;
        Call = call;
        Connection = connection;
        Inputs = inputs;
    }

    /// <summary>The invocation, or the <c>foreach</c> that enumerates an EF Core query.</summary>
    public IOperation Operation { get; }

    /// <summary>The name of the method, for messages; <c>foreach</c> where a loop enumerates.</summary>
    public string Member { get; }

    /// <summary>The library.</summary>
    public DbLibrary Library { get; }

    /// <summary>What it does: <see cref="DbEffects.Executes"/>, with what the API and the SQL text tell about reading and writing.</summary>
    public DbEffects Effects { get; }

    /// <summary>Whether some of what it does is not known: the text has a hole or an error where it matters, or code in the database runs.</summary>
    public bool IsUnknown { get; }

    /// <summary>The text that runs, where it is known; of a command its one text.</summary>
    public DbCall? Call { get; }

    /// <summary>What a batch holds; null where this is no batch.</summary>
    public DbBatchUse? Batch { get; init; }

    /// <summary>The connection, data source or context; for a command without a known connection the command. Null where nothing tells.</summary>
    public IOperation? Connection { get; }

    /// <summary>
    /// What decides what is asked: arguments, the text, a command with its parameters, the query that is run. The connection or context itself is
    /// not among them.
    /// </summary>
    public ImmutableArray<IOperation> Inputs { get; }

    /// <summary>
    /// Whether it is certain enough that rows are read or written over the network. Not where the text is known and a function of the database does who
    /// knows what, where the text is the caller's, where a scalar comes from a text that nobody sees, and not on SQLite, which runs in the process. Not a batch: it is
    /// the one trip for many statements already.
    /// </summary>
    public bool IsCertain => Batch is null && Call?.Provider != Provider.Sqlite && (!IsUnknown || Writes || (Call is null || Call.IsPassedThrough ? !IsScalar && !IsTextOfCaller : false));

    private bool IsScalar => Library is DbLibrary.AdoNet or DbLibrary.Npgsql && (Effects & DbEffects.OpensReader) == 0;

    private bool IsTextOfCaller => Call?.Text.Rope.SingleHole is { Origin: Microsoft.CodeAnalysis.Operations.IParameterReferenceOperation };

    /// <summary>It reads.</summary>
    public bool Reads => (Effects & DbEffects.Reads) != 0;

    /// <summary>It writes.</summary>
    public bool Writes => (Effects & DbEffects.Writes) != 0;

    /// <summary>It saves the pending changes of a context.</summary>
    public bool SavesChanges => (Effects & DbEffects.SavesChanges) != 0;
}
