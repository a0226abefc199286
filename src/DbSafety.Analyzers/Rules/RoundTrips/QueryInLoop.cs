using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>A query that depends on the iteration runs once per iteration.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class QueryInLoop() : RoundTripRule(Descriptors.DBS2001_QueryInLoop)
{
    /// <inheritdoc/>
    protected override bool Concerns(Repetition repetition) => repetition is { OnlyReads: true, IsDependent: true };
}
