using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A place that certainly sends something over a connection.</summary>
/// <param name="Operation">The invocation, or the loop that enumerates a query.</param>
/// <param name="Execution">What goes to the database: the operation itself, or what stands in the method that it calls.</param>
/// <param name="Connection">The connection, as the body of the operation names it.</param>
public sealed record ConnectionUse(IOperation Operation, DbExecution Execution, ConnectionIdentity Connection)
{
    /// <summary>The methods from the call to the one that goes to the database: <c>LoadAsync -> QueryAsync</c>.</summary>
    public string Path => Operation is IInvocationOperation call && Operation != Execution.Operation ? $"{call.TargetMethod.Name} -> {Execution.Member}" : Execution.Member;

    /// <summary>What is reported: the invocation, or what the loop goes through.</summary>
    public Location Location => (Operation is IForEachLoopOperation loop ? loop.Collection : Operation).Syntax.GetLocation();
}

/// <summary>Finds which connection an operation uses.</summary>
internal static class ConnectionUses
{
    /// <summary>
    /// What an operation sends, and over which connection; null where nobody knows. Of a called method that is known to go to the database: over the
    /// connection that it is passed, or one of the same object.
    /// </summary>
    public static ConnectionUse? Of(IOperation operation, BodyConnections connections, IConnectionFacts facts, CancellationToken cancellation)
    {
        if (facts.ExecutionOf(operation) is { } execution)
        {
            return connections.Of(execution) is { } own ? new ConnectionUse(operation, execution, own) : null;
        }

        return operation is IInvocationOperation { TargetMethod: { IsVirtual: false, IsAbstract: false, IsOverride: false } } call &&
            facts.SummaryOf(call.TargetMethod, cancellation) is { Runs: true, Next: null } && facts.OwnUseOf(call.TargetMethod, cancellation) is { } theirs &&
            Translate(theirs.Connection, call, connections) is { } connection
                ? new ConnectionUse(operation, theirs.Execution, connection)
                : null;
    }

    /// <summary>
    /// What a body itself sends over one connection: null where it uses several, or one that nobody knows, or waits for its turn.
    /// </summary>
    public static ConnectionUse? OfBody(IOperation root, IConnectionFacts facts)
    {
        var connections = facts.ConnectionsOf(HoleValues.RootOf(root));
        ConnectionUse? found = null;
        foreach (var operation in TaskHolders.Own(root))
        {
            if (facts.ExecutionOf(operation) is not { } execution)
            {
                continue;
            }

            if (connections.Of(execution) is not { } connection || (found is not null && found.Connection.CompareTo(connection) != ConnectionRelation.Same))
            {
                return null;
            }

            found ??= new ConnectionUse(operation, execution, connection);
        }

        return found is not null && !MayWaitFor(root) ? found : null;
    }

    /// <summary>Whether a body lets one caller in at a time, or makes it wait.</summary>
    public static bool MayWaitFor(IOperation body) => body.DescendantsAndSelf().Any(operation =>
        operation is ILockOperation || (operation is IInvocationOperation call && ConnectionMembers.Serializes(call.TargetMethod.Name)));

    /// <summary>What the callee calls so, in the words of the caller; null where the caller can't tell.</summary>
    internal static ConnectionIdentity? Translate(ConnectionIdentity theirs, IInvocationOperation call, BodyConnections connections)
    {
        if (theirs.IsOfThis)
        {
            return call.Instance is IInstanceReferenceOperation || call.TargetMethod.MethodKind == MethodKind.LocalFunction ? theirs : null;
        }

        var root = theirs.Root!;
        if (root.IsStatic)
        {
            return theirs;
        }

        var method = call.TargetMethod.ReducedFrom ?? call.TargetMethod;
        if (SymbolEqualityComparer.Default.Equals(root.ContainingSymbol?.OriginalDefinition, method.OriginalDefinition))
        {
            return theirs.IsPlain && root is IParameterSymbol parameter && call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal) is { } argument
                ? connections.Of(argument.Value)
                : null;
        }

        // A local function uses the variables around it.
        return call.TargetMethod.MethodKind == MethodKind.LocalFunction && root is ILocalSymbol or IParameterSymbol &&
            SymbolEqualityComparer.Default.Equals(root.ContainingSymbol, call.TargetMethod.ContainingSymbol)
                ? theirs
                : null;
    }
}

/// <summary>What the rules about busy connections ask of the compilation's memory.</summary>
public interface IConnectionFacts : IFlowFacts
{
    /// <summary>The connections of a body.</summary>
    BodyConnections ConnectionsOf(IOperation root);

    /// <summary>What the body of a method itself sends, where it does so over one connection; in the words of that body.</summary>
    ConnectionUse? OwnUseOf(IMethodSymbol method, CancellationToken cancellation);

    /// <summary>Whether a method of this name may write to the database, by itself or by what it calls. One look-up.</summary>
    bool MayWrite(string name);

    /// <summary>Whether the compilation tells EF Core to read all rows of a query before it gives the first.</summary>
    bool BuffersQueries { get; }

    /// <summary>The database that an execution talks to.</summary>
    Provider ProviderOf(DbExecution execution);

    /// <summary>The database that a call with SQL text talks to.</summary>
    Provider ProviderOf(DbApiMatch match);
}
