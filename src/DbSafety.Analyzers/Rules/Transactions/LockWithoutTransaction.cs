using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A query locks rows, and nothing holds the lock.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LockWithoutTransaction() : DbRule(Descriptors.DBS3011_LockWithoutTransaction)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            var call = (IInvocationOperation)action.Operation;
            if (!facts.MayRun(call.TargetMethod.Name) || ShortLocks.Of(call, facts.CallOf, facts.Transactions, action.CancellationToken) is not { } found)
            {
                return;
            }

            var location = found.Variant.Locate(found.Lock.Span) is { } place && place.SourceTree == call.Syntax.SyntaxTree ? place : call.Syntax.GetLocation();
            action.ReportDiagnostic(Diagnostic.Create(
                Descriptor, location, ImmutableArray.Create(call.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty, found.Lock.Name));
        },
        OperationKind.Invocation);
}
