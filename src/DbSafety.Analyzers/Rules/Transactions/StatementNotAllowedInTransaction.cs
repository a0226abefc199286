using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A statement that commits on its own runs inside a transaction.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StatementNotAllowedInTransaction() : DbRule(Descriptors.DBS3009_StatementNotAllowedInTransaction)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            var call = (IInvocationOperation)action.Operation;
            if (!facts.MayRun(call.TargetMethod.Name) || BlockRefusals.Of(call, facts.CallOf, facts.Transactions, action.CancellationToken) is not { } refusal)
            {
                return;
            }

            var location = refusal.Variant.Locate(refusal.Statement.Span) is { } found && found.SourceTree == call.Syntax.SyntaxTree ? found : call.Syntax.GetLocation();
            action.ReportDiagnostic(Diagnostic.Create(
                Descriptor, location, ImmutableArray.Create(call.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty, refusal.Name, Where(refusal)));
        },
        OperationKind.Invocation);

    private static string Where(BlockRefusal refusal) => refusal.Reason switch
    {
        BlockReason.Migration => "in the transaction of a migration",
        BlockReason.Batch => "behind other statements of one command",
        _ => $"inside the transaction '{refusal.Begin!.Name}'",
    };
}
