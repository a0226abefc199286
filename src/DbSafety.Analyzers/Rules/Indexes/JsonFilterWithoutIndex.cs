using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Indexing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>A JSONB or array operator filters a table, and no index of a fitting operator class serves it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class JsonFilterWithoutIndex() : IndexRule(Descriptors.DBS4002_JsonFilterWithoutIndex, IndexAdviceKind.Json)
{
    /// <inheritdoc/>
    protected override object[] Arguments(IndexFinding finding) => [finding.Table, finding.Columns, finding.Remedy];
}
