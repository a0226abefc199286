using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>The referencing columns of a foreign key are not the first keys of an index.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ForeignKeyWithoutIndex() : SchemaRule<UnindexedKeyFinding>(Descriptors.DBS4003_ForeignKeyWithoutIndex)
{
    /// <inheritdoc/>
    protected override object[] Arguments(UnindexedKeyFinding finding) =>
        [finding.ForeignKey.Name, finding.Table.FullName, string.Join(", ", finding.ForeignKey.Columns), finding.Statement];

    /// <inheritdoc/>
    protected override ImmutableDictionary<string, string?> Properties(UnindexedKeyFinding finding, SchemaFacts schema) =>
        IndexProperties.Of(finding.Suggestion, finding.IndexName, finding.Statement, schema.FileOf(finding.Table.Origin));
}
