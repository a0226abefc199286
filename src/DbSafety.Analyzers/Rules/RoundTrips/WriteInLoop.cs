using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>A write that depends on the iteration runs once per iteration.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WriteInLoop() : RoundTripRule(Descriptors.DBS2002_WriteInLoop)
{
    /// <inheritdoc/>
    protected override bool Concerns(Repetition repetition) => repetition is { Writes: true, IsDependent: true };
}
