using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Flow;

/// <summary>What reads from a connection over several statements: a reader, or a loop over rows that are still being sent.</summary>
public sealed class OpenReader
{
    internal OpenReader(IOperation operation, ConnectionIdentity connection, IOperation body, TextSpan region, ISymbol? holder, bool endsItself)
    {
        Operation = operation;
        Connection = connection;
        Body = body;
        Region = region;
        Holder = holder;
        EndsItself = endsItself;
    }

    /// <summary>The invocation that opens it; of a loop what it goes through.</summary>
    public IOperation Operation { get; }

    /// <summary>Its connection.</summary>
    public ConnectionIdentity Connection { get; }

    /// <summary>The variable that holds it; null for a loop.</summary>
    public ISymbol? Holder { get; }

    /// <summary>The loop that goes through the rows; null where a variable holds the reader.</summary>
    public IForEachLoopOperation? Loop => Body as IForEachLoopOperation;

    /// <summary>What still reads, for messages.</summary>
    public string Name => Holder is not null ? $"'{Holder.Name}'"
        : Loop is { Locals: { Length: > 0 } locals } ? $"the loop over '{locals[0].Name}'" : "the loop";

    /// <summary>The loop, or the block in which it is open.</summary>
    internal IOperation Body { get; }

    /// <summary>Where it may be open: the loop's body; else from behind its statement to the end of the block.</summary>
    internal TextSpan Region { get; }

    /// <summary>Whether it closes by itself once everything was read: Dapper's reader of several results does, a reader of Npgsql does not.</summary>
    internal bool EndsItself { get; }
}

/// <summary>Something that runs on a connection while a reader of it is open.</summary>
/// <param name="Reader">The reader.</param>
/// <param name="Use">What runs.</param>
public sealed record ReaderConflict(OpenReader Reader, ConnectionUse Use);
