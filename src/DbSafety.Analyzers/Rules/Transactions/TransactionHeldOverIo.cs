using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A call that waits for something else while a transaction is open.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TransactionHeldOverIo() : DbRule(Descriptors.DBS3012_TransactionHeldOverIo)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            foreach (var held in facts.MayBegin(action.Operation) ? facts.HeldTransactionsOf(action.Operation, action.CancellationToken) : [])
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, held.Operation.Syntax.GetLocation(), ImmutableArray.Create(held.Begin.Operation.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty,
                    held.Name, held.Begin.Name));
            }
        },
        OperationKind.Invocation, OperationKind.ObjectCreation);
}
