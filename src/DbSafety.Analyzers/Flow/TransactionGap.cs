using System.Collections.Immutable;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Flow;

/// <summary>A write that stands in no transaction.</summary>
/// <param name="Operation">The invocation in the body: the execution itself, or the call of a method that writes.</param>
/// <param name="Execution">What the operation itself does; null where a called method does it.</param>
/// <param name="Name">What writes, for people: <c>INSERT INTO orders</c>, <c>SaveChangesAsync</c>, <c>Store -> InsertOrder</c>.</param>
/// <param name="Connection">The connection or context; null where nobody knows which variable holds it.</param>
public sealed record UnprotectedWrite(IOperation Operation, DbExecution? Execution, string Name, ConnectionIdentity? Connection);

/// <summary>Two or more writes to one database on one path of a body that stand in no transaction, though each could fail after another took effect.</summary>
/// <param name="Writes">All unprotected writes of the body to that database, in the order of the source; one alone where it repeats.</param>
/// <param name="First">The write that would stay.</param>
/// <param name="Second">The write that would fail: the first of the body that follows another; the same as <paramref name="First"/> where it repeats.</param>
/// <param name="Body">The method, accessor, local function or lambda in which they stand.</param>
public sealed record TransactionGap(ImmutableArray<UnprotectedWrite> Writes, UnprotectedWrite First, UnprotectedWrite Second, IOperation Body)
{
    /// <summary>Whether one call writes several times: in a loop, or row by row.</summary>
    public bool IsRepeated => First == Second;

    /// <summary>Whether all writes certainly use one connection or context, the same in each of them.</summary>
    public bool IsOneConnection => Writes.All(write => write.Connection is { } own && First.Connection is { } first && own.CompareTo(first) == ConnectionRelation.Same);
}
