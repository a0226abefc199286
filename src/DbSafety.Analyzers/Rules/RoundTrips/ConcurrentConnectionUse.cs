using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>An operation on a connection or context starts while another may still be running.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConcurrentConnectionUse() : DbRule(Descriptors.DBS2008_ConcurrentConnectionUse)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (action.Operation is IInvocationOperation call ? !facts.MayRun(call.TargetMethod.Name) : facts.ExecutionOf(action.Operation) is null)
            {
                return;
            }

            if (facts.OverlapsAround(action.Operation, action.CancellationToken).TryGetValue(action.Operation.Syntax, out var overlap))
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, overlap.Use.Location, ImmutableArray.Create(overlap.First.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty,
                    overlap.Use.Path, overlap.Use.Connection.Name));
            }
        },
        OperationKind.Invocation, OperationKind.Loop);
}
