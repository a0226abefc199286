using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>A query in a loop asks the same each time.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LoopInvariantQuery() : RoundTripRule(Descriptors.DBS2004_LoopInvariantQuery)
{
    /// <inheritdoc/>
    protected override bool Concerns(Repetition repetition) => repetition is { OnlyReads: true, IsDependent: false };
}
