using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>SaveChanges runs once per iteration.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SaveChangesInLoop() : RoundTripRule(Descriptors.DBS2003_SaveChangesInLoop)
{
    /// <inheritdoc/>
    protected override bool Concerns(Repetition repetition) => repetition.Saves;
}
