using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>What begins the transaction: a connection or a context, as the code names it; or a data source, which first gives a connection.</summary>
/// <param name="Text">Its name; empty for the context that the code stands in.</param>
/// <param name="Type">Its static type.</param>
/// <param name="IsContext">Whether it is a context of EF Core.</param>
/// <param name="Identity">Which connection it is; null of a data source.</param>
/// <param name="Root">The variable at the left end, or null.</param>
internal sealed record Owner(string Text, ITypeSymbol Type, bool IsContext, ConnectionIdentity? Identity, ISymbol? Root)
{
    /// <summary>Whether it is a data source: each command takes a connection of its own.</summary>
    public bool IsSource => Identity is null;

    /// <summary>The owner of the connection of some writes; null where no name for it is known at a place.</summary>
    public static Owner? Of(FixScope scope, TransactionGap gap, BodyConnections connections, int position)
    {
        if (!gap.IsOneConnection)
        {
            return OfSource(scope, gap, position);
        }

        var apis = scope.Facts.Apis;
        var values = gap.Writes.Select(write => ValueOf(write, connections, apis)).OfType<IOperation>().Select(found => apis.Types.IsConnection(found.Type) && IsNamed(found.Syntax) ? found : EfQueries.ContextOf(found, apis)).OfType<IOperation>().ToList();
        var value = values.FirstOrDefault(found => EfQueries.IsContext(found.Type, apis)) ?? values.FirstOrDefault();
        if (value is not { Type: { } type } || gap.First.Connection is not { } identity)
        {
            return null;
        }

        var isContext = EfQueries.IsContext(type, apis);
        if (value is IInstanceReferenceOperation { IsImplicit: true })
        {
            return isContext ? new Owner("", type, true, identity, null) : null;
        }

        return IsNamed(value.Syntax) && (isContext || apis.Types.IsConnection(type)) && RootOf(value) is var root && IsVisible(scope, root, position)
            ? new Owner(value.Syntax.ToString(), type, isContext, identity, root)
            : null;
    }

    /// <summary>Whether a value is the same connection or context, for certain.</summary>
    public bool IsSame(ConnectionIdentity? other) => other is not null && Identity is not null && other.CompareTo(Identity) == ConnectionRelation.Same;

    /// <summary>Whether an execution runs on it, for certain.</summary>
    public bool Runs(DbExecution execution, BodyConnections connections) => IsSource ? execution.Connection is { } source && IsTheSource(source) : IsSame(connections.Of(execution));

    /// <summary>Whether a value is the data source.</summary>
    public bool IsTheSource(IOperation value) => IsSource && SymbolEqualityComparer.Default.Equals(SourceOf(value), Root);

    private static Owner? OfSource(FixScope scope, TransactionGap gap, int position)
    {
        var sources = gap.Writes.Select(write => write.Execution?.Connection is { } connection ? HoleValues.Strip(connection) : null).ToList();
        var owner = sources[0] is { Type: { } type } first && CommandMembers.IsDataSource(type) && SourceOf(first) is { } root && IsVisible(scope, root, position) ? new Owner(first.Syntax.ToString(), type, false, null, root) : null;
        return owner is not null && sources.All(source => source is not null && owner.IsTheSource(source)) ? owner : null;
    }

    // A variable that holds one source for good.
    private static ISymbol? SourceOf(IOperation value) => HoleValues.Strip(value) switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Field: { IsReadOnly: true } field, Instance: null or IInstanceReferenceOperation } => field,
        _ => null,
    };

    // The connection of an execution; of a call that hands it on, the argument.
    private static IOperation? ValueOf(UnprotectedWrite write, BodyConnections connections, DbApis apis)
    {
        if (write.Execution is { } execution)
        {
            var own = execution.Connection is { } connection ? HoleValues.Strip(connection) : null;
            return own is not null && !apis.Types.IsCommand(own.Type) ? own : GivenTo(execution, connections);
        }

        return write.Operation is IInvocationOperation call
            ? call.Arguments.Select(argument => HoleValues.Strip(argument.Value)).FirstOrDefault(value => write.Connection is { } wanted && connections.Of(value) is { } given && given.CompareTo(wanted) == ConnectionRelation.Same)
            : null;
    }

    // command.Connection = connection
    private static IOperation? GivenTo(DbExecution execution, BodyConnections connections)
    {
        if (connections.Of(execution) is not { } wanted)
        {
            return null;
        }

        return HoleValues.RootOf(execution.Operation).Descendants().OfType<ISimpleAssignmentOperation>()
            .Where(assignment => assignment.Target is IPropertyReferenceOperation { Property: var property } && ConnectionMembers.IsConnection(property))
            .Select(assignment => HoleValues.Strip(assignment.Value)).FirstOrDefault(value => connections.Of(value) is { } given && given.CompareTo(wanted) == ConnectionRelation.Same);
    }

    private static bool IsNamed(SyntaxNode syntax) => syntax switch
    {
        IdentifierNameSyntax or ThisExpressionSyntax => true,
        MemberAccessExpressionSyntax access => access.Name is IdentifierNameSyntax && IsNamed(access.Expression),
        _ => false,
    };

    private static ISymbol? RootOf(IOperation value) => value switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IMemberReferenceOperation { Instance: { } instance } when instance is not IInstanceReferenceOperation => RootOf(HoleValues.Strip(instance)),
        IMemberReferenceOperation member => member.Member,
        _ => null,
    };

    private static bool IsVisible(FixScope scope, ISymbol? root, int position) => root is not ILocalSymbol local ||
        (local.DeclaringSyntaxReferences.All(reference => reference.Span.End <= position) && scope.Model.LookupSymbols(position, name: local.Name).Contains(local, SymbolEqualityComparer.Default));
}
