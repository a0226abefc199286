using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>Several writes without a transaction.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WritesWithoutTransaction() : DbRule(Descriptors.DBS3001_WritesWithoutTransaction)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (facts.GapOf(action.Operation, action.CancellationToken) is { } gap)
            {
                var location = gap.Second.Operation.Syntax.GetLocation();
                action.ReportDiagnostic(Diagnostic.Create(Descriptor, location, ImmutableArray.Create(location), ImmutableDictionary<string, string?>.Empty, gap.Second.Name, "the first stays"));
            }
        },
        OperationKind.Invocation);
}
