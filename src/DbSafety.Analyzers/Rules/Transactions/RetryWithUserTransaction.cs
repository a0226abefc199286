using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A transaction that a retrying strategy refuses, or work that it applies twice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RetryWithUserTransaction() : DbRule(Descriptors.DBS3008_RetryWithUserTransaction)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (facts.MayBegin(action.Operation) && facts.RefusedTransactionOf(action.Operation, action.CancellationToken) is { } refused)
            {
                Report(action, action.Operation, refused.Command, $"'{refused.Name}' throws in the transaction '{refused.Begin.Name}': {refused.Context.Type!.Name} retries on failure, and wants to run the whole transaction itself");
            }

            foreach (var retry in action.Operation is IInvocationOperation call ? facts.TrackedRetriesOf(call) : [])
            {
                Report(action, retry.Operation, action.Operation, retry.IsAdded
                    ? "A retry adds another entity while the first is still tracked, and both are saved: clear the change tracker first"
                    : "A retry changes the entity that is still tracked once more, and the change is applied twice: clear the change tracker first");
            }
        },
        OperationKind.Invocation, OperationKind.ObjectCreation);

    private void Report(OperationAnalysisContext action, IOperation what, IOperation other, string message) => action.ReportDiagnostic(Diagnostic.Create(
        Descriptor, what.Syntax.GetLocation(), ImmutableArray.Create(action.Operation.Syntax.GetLocation(), other.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty, message));
}
