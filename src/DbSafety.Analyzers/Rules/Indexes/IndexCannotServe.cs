using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Indexing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>An index stands on the column of a condition and cannot serve it in this form.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class IndexCannotServe() : IndexRule(Descriptors.DBS4005_IndexCannotServe, IndexAdviceKind.Form)
{
    /// <inheritdoc/>
    protected override object[] Arguments(IndexFinding finding) => [finding.Advice.Existing?.Name ?? finding.Table, finding.Advice.Reason, finding.Remedy];
}
