using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Runs a write on the connection of the transaction that is open.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsideTransactionFixer))]
public sealed class InsideTransactionFixer() : DbFix("DBS3002")
{
    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not IInvocationOperation call || scope.Facts.OutsideWriteOf(call, cancellation) is not { } outside ||
            outside.Begin.Operation is not IInvocationOperation { Instance: { } instance } || HeldText(instance) is not { } held)
        {
            yield break;
        }

        if (outside.Reason == OutsideReason.NotGiven)
        {
            if (TransactionArgument.For(scope, outside) is { } argument)
            {
                yield return new CallFix("Pass the transaction", "PassTransaction", ImmutableArray.Create(argument), ImmutableArray.Create(span));
            }

            yield break;
        }

        if (!IsAwaited(call) || IsReading(scope, outside))
        {
            yield break;
        }

        if (outside.Reason == OutsideReason.OwnConnection && Creation(scope, call) is { } command && (command.Arguments.IsEmpty || CommandMembers.IsConnection(instance.Type)))
        {
            yield return new CallFix(Title(held), Key, ImmutableArray.Create(OnHeld(command, held)), ImmutableArray.Create(span));
        }
        else if (outside is { Reason: OutsideReason.OtherConnection, Other: ILocalSymbol other } && OtherConnection.Of(scope, outside, other, held, cancellation) is var (changes, sites) && !changes.IsEmpty)
        {
            yield return new CallFix(Title(held), Key, changes, sites);
        }
    }

    private const string Key = "Inside";

    private static string Title(string held) => $"Run it on '{held}'";

    private static string? HeldText(IOperation connection) => HoleValues.Strip(connection) is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation }
        ? connection.Syntax.ToString()
        : null;

    // source.CreateCommand(text), here or where the variable is declared.
    private static IInvocationOperation? Creation(FixScope scope, IInvocationOperation call)
    {
        var made = call.Instance is { } instance ? HoleValues.Strip(instance) : null;
        made = made is ILocalReferenceOperation local && EfQueries.InitialValue(local) is { } initial ? HoleValues.Strip(initial) : made;
        return made is IInvocationOperation { Instance: { } source } creation && CommandMembers.MakesCommand(creation.TargetMethod.Name) && scope.Facts.Apis.Types.IsDataSource(source.Type) ? creation : null;
    }

    private static TextChange OnHeld(IInvocationOperation creation, string held)
    {
        var arguments = ((InvocationExpressionSyntax)creation.Syntax).ArgumentList.Arguments;
        return arguments.Count == 0
            ? new TextChange(creation.Instance!.Syntax.Span, held)
            : new TextChange(creation.Syntax.Span, $"new {creation.Type!.Name}({arguments[0].Expression}, {held})");
    }

    private static bool IsAwaited(IInvocationOperation call)
    {
        IOperation at = call;
        while (at.Parent is IInvocationOperation outer && TaskMembers.Configures(outer.TargetMethod.Name))
        {
            at = outer;
        }

        return !TaskMembers.IsTask(call.Type) || at.Parent is IAwaitOperation;
    }

    // A reader may be open on the connection: that is what the other one is for.
    private static bool IsReading(FixScope scope, OutsideWrite outside)
    {
        var connections = scope.Facts.ConnectionsAround(outside.Operation);
        return HoleValues.RootOf(outside.Operation).Descendants().Any(part => part is IInvocationOperation && scope.Facts.ExecutionOf(part) is { } execution &&
            (execution.Effects & DbEffects.OpensReader) != 0 && part != outside.Operation && outside.Begin.Holds(connections.Of(execution)));
    }
}
