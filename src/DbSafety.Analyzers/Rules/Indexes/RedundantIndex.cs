using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>An index has the same keys as another one, or its first keys.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RedundantIndex() : SchemaRule<RedundantIndexFinding>(Descriptors.DBS4006_RedundantIndex)
{
    /// <inheritdoc/>
    protected override object[] Arguments(RedundantIndexFinding finding) => [finding.IndexName, finding.Table.FullName, finding.By.Name, finding.Statement];

    /// <inheritdoc/>
    protected override ImmutableDictionary<string, string?> Properties(RedundantIndexFinding finding, SchemaFacts schema) =>
        IndexProperties.Of(null, finding.IndexName, finding.Statement, schema.FileOf(finding.Index.Origin));
}
