using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>Two or more writes on one path that are no unit.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WritesWithoutTransaction() : DbRule(Descriptors.DBS3001_WritesWithoutTransaction)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (!facts.MayWrite(((IInvocationOperation)action.Operation).TargetMethod.Name) || facts.GapOf(action.Operation, action.CancellationToken) is not { } gap)
            {
                return;
            }

            action.ReportDiagnostic(Diagnostic.Create(
                Descriptor, gap.Second.Operation.Syntax.GetLocation(),
                ImmutableArray.Create(gap.Second.Operation.Syntax.GetLocation()).AddRange(gap.Writes.Where(write => write != gap.Second).Select(write => write.Operation.Syntax.GetLocation())),
                ImmutableDictionary<string, string?>.Empty, What(gap), gap.IsRepeated ? "the rows before it stay" : $"{gap.First.Name} stays"));
        },
        OperationKind.Invocation);

    private static string What(TransactionGap gap) => gap.IsRepeated ? $"{gap.Second.Name} runs several times" : $"{gap.Second.Name} follows {gap.First.Name}";
}
