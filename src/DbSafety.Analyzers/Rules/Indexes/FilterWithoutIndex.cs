using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Indexing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>A table reference is filtered or joined, and no index serves any of the conditions.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FilterWithoutIndex() : IndexRule(Descriptors.DBS4001_FilterWithoutIndex, IndexAdviceKind.Filter)
{
    /// <inheritdoc/>
    protected override object[] Arguments(IndexFinding finding) => [finding.Table, finding.Columns, finding.Remedy];
}
