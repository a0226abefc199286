using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Finds commands that are not given the transaction of their connection, where the provider insists.</summary>
internal static class MissingArguments
{
    /// <summary>The command that a call runs, if it lacks the transaction.</summary>
    /// <param name="call">The call.</param>
    /// <param name="open">The transactions that are certainly open.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static OutsideWrite? Of(IInvocationOperation call, IReadOnlyList<TransactionBegin> open, ITransactionFacts facts, CancellationToken cancellation)
    {
        if (facts.ExecutionOf(call) is not { Library: not DbLibrary.EfCore } execution || facts.ConnectionsOf(HoleValues.RootOf(call)).Of(execution) is not { } connection)
        {
            return null;
        }

        foreach (var begin in open)
        {
            if (begin.Kind != TransactionKind.Connection || begin.Operation is not IInvocationOperation { Instance.Type: { } type, TargetMethod.Name: var name } || TransactionMembers.Joins(name) || !begin.Holds(connection))
            {
                continue;
            }

            var need = TransactionArguments.Of(type, facts.ProviderOf(execution));
            return need != TransactionNeed.None && Lacks(call, execution, need, begin) && !new TransactionScopes(facts, cancellation).PassesTransaction(call)
                ? new OutsideWrite(call, BodyTransactions.LabelOf(execution), begin, OutsideReason.NotGiven, null) { Creation = call.Instance is { } command ? CreationOf(command) : null }
                : null;
        }

        return null;
    }

    private static bool Lacks(IInvocationOperation call, DbExecution execution, TransactionNeed need, TransactionBegin begin)
    {
        if (execution.Library == DbLibrary.Dapper)
        {
            return need == TransactionNeed.All && call.Arguments.Any(argument => argument.Parameter?.Name == TransactionArguments.Parameter &&
                (argument.ArgumentKind == ArgumentKind.DefaultValue || HoleValues.Strip(argument.Value).ConstantValue is { HasValue: true, Value: null }));
        }

        if (call.Instance is null || CreationOf(call.Instance) is not { } creation || (call.Instance is ILocalReferenceOperation local && !StaysHere(local)))
        {
            return false;
        }

        return need == TransactionNeed.All || creation is IObjectCreationOperation || creation.Syntax.SpanStart < begin.Operation.Syntax.SpanStart;
    }

    // The call or creation that makes a command, in the same body.
    private static IOperation? CreationOf(IOperation command)
    {
        command = HoleValues.Strip(command);
        var made = command is ILocalReferenceOperation local ? EfQueries.InitialValue(local) is { } initial ? HoleValues.Strip(initial) : null : command;
        return made is IObjectCreationOperation || (made is IInvocationOperation { Instance: not null } call && CommandMembers.MakesCommand(call.TargetMethod.Name)) ? made : null;
    }

    // Nobody else sees the command, and may give it the transaction.
    private static bool StaysHere(ILocalReferenceOperation command) => HoleValues.RootOf(command).Descendants().All(part =>
        part is not ILocalReferenceOperation other || !SymbolEqualityComparer.Default.Equals(other.Local, command.Local) ||
        (other.Parent is IInvocationOperation call && call.Instance == other) || other.Parent is IMemberReferenceOperation or IUsingOperation);
}
