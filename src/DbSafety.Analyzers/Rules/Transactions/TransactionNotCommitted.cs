using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A transaction that something is written in ends without a commit.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TransactionNotCommitted() : DbRule(Descriptors.DBS3003_TransactionNotCommitted)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (LostTransactions.Of(action.Operation, facts.Transactions, action.CancellationToken) is { } lost)
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, action.Operation.Syntax.GetLocation(),
                    ImmutableArray.Create(action.Operation.Syntax.GetLocation()).AddRange(lost.Writes.Select(write => write.Operation.Syntax.GetLocation())),
                    ImmutableDictionary<string, string?>.Empty, lost.Begin.Name));
            }
        },
        OperationKind.Invocation, OperationKind.ObjectCreation);
}
