using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Facts;

/// <summary>All writes of a body in the order of the source, where no transaction is in sight.</summary>
internal static class StandInGaps
{
    public static TransactionGap? Of(IOperation operation, DbFacts facts, CancellationToken cancellation)
    {
        var root = HoleValues.RootOf(operation);
        var body = BodyOf(operation);
        if (root.Descendants().Any(part => part is IInvocationOperation call && DbMemberTable.BeginsTransaction(call.TargetMethod.Name) || part is IObjectCreationOperation { Type.Name: "TransactionScope" }))
        {
            return null;
        }

        var connections = BodyConnections.Of(root, facts.Apis);
        var writes = root.Descendants().OfType<IInvocationOperation>().Where(call => BodyOf(call) == body).OrderBy(call => call.Syntax.Span.End)
            .Select(call => WriteOf(call, connections, facts, cancellation)).OfType<UnprotectedWrite>().ToImmutableArray();
        if (writes.IsEmpty || (writes.Length == 1 && !LoopRegions.Around(writes[0].Operation).Any() && (writes[0].Execution?.Call is not { } only || SuppliedRows.Of(only) is null)))
        {
            return null;
        }

        var second = writes[writes.Length > 1 ? 1 : 0];
        return second.Operation.Syntax == operation.Syntax ? new TransactionGap(writes, writes[0], second, body) : null;
    }

    private static UnprotectedWrite? WriteOf(IInvocationOperation call, BodyConnections connections, DbFacts facts, CancellationToken cancellation)
    {
        if (facts.ExecutionOf(call) is { } execution)
        {
            return execution.Writes ? new UnprotectedWrite(call, execution, execution.Member, connections.Of(execution)) : null;
        }

        return (facts.SummaryOf(call.TargetMethod, cancellation).Effects & DbEffects.Writes) == 0 ? null
            : new UnprotectedWrite(call, null, call.TargetMethod.Name, call.Arguments.Select(argument => connections.Of(argument.Value)).FirstOrDefault(found => found is not null));
    }

    private static IOperation BodyOf(IOperation operation)
    {
        var at = operation;
        while (at.Parent is { } parent && at is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            at = parent;
        }

        return at;
    }
}
