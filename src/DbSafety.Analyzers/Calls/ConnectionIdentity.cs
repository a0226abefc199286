using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Calls;

/// <summary>Whether two executions use one connection.</summary>
public enum ConnectionRelation
{
    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary>The same, for certain.</summary>
    Same,

    /// <summary>Two, for certain.</summary>
    Different,
}

/// <summary>
/// Which connection or context a place uses: the variable that holds it, told by symbols. A context and the connection that it gives out are one; so are a
/// command and the connection that it was made with. <see cref="BodyConnections"/> makes them; where a place has none, nobody knows: a data source (each
/// execution takes a connection of its own), a variable that is assigned again, a property that may make a new one at each read.
/// </summary>
public sealed class ConnectionIdentity
{
    private readonly ImmutableArray<ISymbol> _path;

    internal ConnectionIdentity(ImmutableArray<ISymbol> path, bool isOfThis, bool isContext, bool isCommand, bool isFresh, bool staysOut = false)
    {
        _path = path;
        IsOfThis = isOfThis;
        IsContext = isContext;
        IsCommand = isCommand;
        IsFresh = isFresh;
        StaysOut = staysOut;
    }

    /// <summary>The variable at the left end: a local, a parameter, a field or a property; null where the object itself is the context.</summary>
    public ISymbol? Root => _path.IsEmpty ? null : _path[0];

    /// <summary>The variable, and the members that lead from it to the connection.</summary>
    internal ImmutableArray<ISymbol> Path => _path;

    /// <summary>Whether it belongs to the object whose method runs: the object itself, a field or property of it, a parameter of its primary constructor.</summary>
    public bool IsOfThis { get; }

    /// <summary>Whether it is a context of EF Core, or the connection of one.</summary>
    public bool IsContext { get; }

    /// <summary>Whether only the command is known, not its connection.</summary>
    public bool IsCommand { get; }

    /// <summary>Whether the variable holds a connection or context that was made for it, which no other variable holds.</summary>
    public bool IsFresh { get; }

    /// <summary>Whether its connection string keeps it out of the transactions of scopes.</summary>
    public bool StaysOut { get; }

    /// <summary>The name of the variable, for messages.</summary>
    public string Name => _path.IsEmpty ? "this" : _path[_path.Length - 1].Name;

    /// <summary>Whether it is one variable and no member of another: what a callee has as its parameter, its caller can tell.</summary>
    public bool IsPlain => _path.Length == 1;

    /// <summary>Compares two identities of one body, in one iteration of the loops around them.</summary>
    public ConnectionRelation CompareTo(ConnectionIdentity other)
    {
        if (IsOfThis == other.IsOfThis && IsCommand == other.IsCommand && _path.SequenceEqual(other._path, SymbolEqualityComparer.Default))
        {
            return ConnectionRelation.Same;
        }

        return IsFresh && other.IsFresh && !IsCommand && !other.IsCommand ? ConnectionRelation.Different : ConnectionRelation.Unknown;
    }

    /// <summary>Whether the variable is declared in a piece of code: each run of that code has another connection.</summary>
    public bool IsDeclaredIn(SyntaxTree tree, TextSpan span) =>
        Root is ILocalSymbol or IParameterSymbol && Root.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == tree && span.Contains(reference.Span));
}
