using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>The base of the rules about trips to the database that a loop repeats.</summary>
public abstract class RoundTripRule : DbRule
{
    /// <summary>Makes a rule of one descriptor.</summary>
    protected RoundTripRule(DiagnosticDescriptor descriptor)
        : base(descriptor)
    {
    }

    /// <inheritdoc/>
    protected sealed override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (action.Operation switch
            {
                IInvocationOperation call => !facts.MayRun(call.TargetMethod.Name),
                IMethodReferenceOperation group => !facts.MayRun(group.Method.Name),
                _ => action.Operation is not IForEachLoopOperation,
            })
            {
                return;
            }

            if (facts.RepetitionOf(action.Operation, action.CancellationToken) is { } repetition && Concerns(repetition))
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, LocationOf(repetition.Operation), ImmutableArray.Create(repetition.Operation.Syntax.GetLocation(), repetition.Region.Operation.Syntax.GetLocation()),
                    ImmutableDictionary<string, string?>.Empty, What(repetition), repetition.Region.Name));
            }
        },
        OperationKind.Invocation, OperationKind.MethodReference, OperationKind.Loop);

    /// <summary>Whether a repetition is what this rule is about.</summary>
    protected abstract bool Concerns(Repetition repetition);

    // The call, or what an inner loop goes through.
    private static Location LocationOf(IOperation operation) => (operation is IForEachLoopOperation loop ? loop.Collection : operation).Syntax.GetLocation();

    private static string What(Repetition repetition)
    {
        if (repetition.Operation is IForEachLoopOperation)
        {
            return "The enumeration runs a query";
        }

        var does = repetition.Saves && repetition.Summary is not null ? "saves changes" : repetition.Saves ? "runs" : repetition.Writes ? "runs a write" : "runs a query";
        return $"{repetition.Path} {does}";
    }
}
