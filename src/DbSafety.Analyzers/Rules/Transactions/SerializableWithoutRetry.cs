using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A transaction that may be refused and is not run again, or a retry that stands inside one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SerializableWithoutRetry() : DbRule(Descriptors.DBS3013_SerializableWithoutRetry)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (facts.MayBegin(action.Operation) && facts.UnrepeatedTransactionOf(action.Operation, action.CancellationToken) is { } unrepeated)
            {
                Report(action, action.Operation, What(unrepeated));
            }
            else if (action.Operation is IInvocationOperation call && facts.MayRun(call.TargetMethod.Name) && facts.InnerRetryOf(call, action.CancellationToken) is { } retry)
            {
                Report(action, retry.Begin.Operation, $"The transaction '{retry.Begin.Name}' is aborted when {retry.Name} fails, so that each further attempt fails too (25P02): repeat the whole transaction");
            }
        },
        OperationKind.Invocation, OperationKind.ObjectCreation);

    private static string What(UnrepeatedTransaction transaction) => transaction.IsDefault
        ? "A TransactionScope is Serializable unless told otherwise, and nothing runs this one again after a serialization failure (40001)"
        : $"The transaction '{transaction.Begin.Name}' is {transaction.Level}, and nothing runs it again after a serialization failure (40001)";

    private void Report(OperationAnalysisContext action, IOperation begin, string message) => action.ReportDiagnostic(Diagnostic.Create(
        Descriptor, action.Operation.Syntax.GetLocation(), ImmutableArray.Create(begin.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty, message));
}
