using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Flow;

/// <summary>What makes code repeat.</summary>
public enum LoopKind
{
    /// <summary><c>foreach</c>, also <c>await foreach</c>.</summary>
    ForEach,

    /// <summary><c>for</c></summary>
    For,

    /// <summary><c>while</c> and <c>do</c>.</summary>
    While,

    /// <summary>A delegate that a method calls once for each element: <c>Select</c>, <c>List.ForEach</c>, <c>Parallel.ForEachAsync</c>.</summary>
    Delegate,

    /// <summary>A method that calls itself.</summary>
    Recursion,

    /// <summary>A <c>goto</c> back.</summary>
    Goto,
}

/// <summary>A piece of code that repeats: what repeats, over which variable, and what it goes through.</summary>
public sealed class LoopRegion
{
    internal LoopRegion(LoopKind kind, IOperation operation, ImmutableArray<IOperation> body, ImmutableArray<ISymbol> variables, IOperation? source, bool isData)
    {
        Kind = kind;
        Operation = operation;
        Body = body;
        Variables = variables;
        Source = source;
        IsData = isData;
    }

    /// <summary>What makes it repeat.</summary>
    public LoopKind Kind { get; }

    /// <summary>The loop, or the invocation that takes the delegate, or the body of the recursive method.</summary>
    public IOperation Operation { get; }

    /// <summary>What repeats: the body, and the condition and step where there are some.</summary>
    public ImmutableArray<IOperation> Body { get; }

    /// <summary>The variables that hold another value in each iteration by the loop's own doing.</summary>
    public ImmutableArray<ISymbol> Variables { get; }

    /// <summary>What the loop goes through, or null where it has no such thing.</summary>
    public IOperation? Source { get; }

    /// <summary>
    /// Whether the loop goes through data that is there before it begins. The others poll, retry, page or wait, or nobody knows.
    /// </summary>
    public bool IsData { get; }

    /// <summary>The name of what changes from iteration to iteration, for messages.</summary>
    public string Name => Variables.IsEmpty ? "iteration" : Variables[0].Name;

    /// <summary>Whether an operation stands in what repeats.</summary>
    public bool Contains(IOperation operation)
    {
        for (IOperation? at = operation; at is not null; at = at.Parent)
        {
            if (Body.Contains(at))
            {
                return true;
            }
        }

        return false;
    }
}
