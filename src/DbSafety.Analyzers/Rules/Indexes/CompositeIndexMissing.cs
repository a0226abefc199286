using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Indexing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>An index serves a part of the conditions or not the order; one over all of them would.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CompositeIndexMissing() : IndexRule(Descriptors.DBS4004_CompositeIndexMissing, IndexAdviceKind.Composite)
{
    /// <inheritdoc/>
    protected override object[] Arguments(IndexFinding finding) => [finding.Advice.Reason, finding.Remedy];
}
