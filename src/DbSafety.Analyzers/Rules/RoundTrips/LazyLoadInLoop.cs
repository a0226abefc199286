using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>A loop over the entities of a query reads a navigation that EF Core loads when it is read.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LazyLoadInLoop() : DbRule(Descriptors.DBS2006_LazyLoadInLoop)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (facts.LazyLoadOf((IPropertyReferenceOperation)action.Operation) is { } load)
            {
                var place = load.Read.Syntax.GetLocation();
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, place, ImmutableArray.Create(place), ImmutableDictionary<string, string?>.Empty, load.Read.Syntax.ToString(), load.Region.Name));
            }
        },
        OperationKind.PropertyReference);
}
