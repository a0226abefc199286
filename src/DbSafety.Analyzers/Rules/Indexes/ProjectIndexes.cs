using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Indexing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>
/// The fewest indexes for a whole project, as one migration: what the other rules of this category report one by one. It speaks only where the build asks for it
/// (<see cref="Options.ReportsIndexes"/>), once, and always, so that silence means that it did not run.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProjectIndexes : DiagnosticAnalyzer
{
    private const string Number = "dbsafety.number";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.DBS4000_ProjectIndexes);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (!SchemaFacts.MayBeIn(start.Compilation, start.Options) || new Options(start.Options.AnalyzerConfigOptionsProvider) is not { ReportsIndexes: true } options
                || SchemaFacts.For(start.Compilation, start.Options) is not { } schema)
            {
                return;
            }

            var found = new ConcurrentBag<IndexFinding>();
            if (DbFacts.For(start.Compilation, start.Options) is { } facts)
            {
                start.RegisterOperationAction(
                    action =>
                    {
                        foreach (var finding in facts.IndexFindingsOf(action.Operation, action.CancellationToken))
                        {
                            found.Add(finding);
                        }
                    },
                    OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.SimpleAssignment, OperationKind.CompoundAssignment, OperationKind.Loop);
            }

            start.RegisterCompilationEndAction(end =>
            {
                var wanted = Wanted(found, schema, end.Compilation);
                end.ReportDiagnostic(Diagnostic.Create(Descriptors.DBS4000_ProjectIndexes, Location.None, IndexMigration.Write(wanted, schema.Catalog, options.ProjectFolder)));
            });
        });
    }

    // What is silenced where it stands, by a pragma, an attribute, the configuration of the file or a comment in SQL, is not wanted here either.
    private static IReadOnlyList<IndexNote> Wanted(IEnumerable<IndexFinding> queries, SchemaFacts schema, Compilation compilation)
    {
        var notes = queries.Select(finding => new IndexNote(DescriptorOf(finding.Advice.Kind), finding.Location, finding.Advice.Suggestion, finding.Remedy))
            .Concat(schema.Findings.Select(finding => NoteOf(finding)).Where(pair => !schema.IsSilenced(pair.Finding, pair.Note.Descriptor.Id)).Select(pair => pair.Note)).ToList();
        var diagnostics = notes.Select((note, i) => Diagnostic.Create(
            note.Descriptor, note.Location, ImmutableDictionary<string, string?>.Empty.Add(Number, i.ToString(CultureInfo.InvariantCulture))));
        return CompilationWithAnalyzers.GetEffectiveDiagnostics(diagnostics, compilation).Where(diagnostic => !diagnostic.IsSuppressed)
            .Select(diagnostic => notes[int.Parse(diagnostic.Properties[Number], CultureInfo.InvariantCulture)]).ToList();
    }

    private static (SchemaFinding Finding, IndexNote Note) NoteOf(SchemaFinding finding) => (finding, finding switch
    {
        UnindexedKeyFinding key => new IndexNote(Descriptors.DBS4003_ForeignKeyWithoutIndex, key.Location, key.Suggestion, ""),
        RedundantIndexFinding needless => new IndexNote(Descriptors.DBS4006_RedundantIndex, needless.Location, null, $"{needless.IndexName} does nothing that {needless.By.Name} does not: {needless.Statement}"),
        _ => throw new ArgumentOutOfRangeException(nameof(finding)),
    });

    private static DiagnosticDescriptor DescriptorOf(IndexAdviceKind kind) => kind switch
    {
        IndexAdviceKind.Filter => Descriptors.DBS4001_FilterWithoutIndex,
        IndexAdviceKind.Json => Descriptors.DBS4002_JsonFilterWithoutIndex,
        IndexAdviceKind.Composite => Descriptors.DBS4004_CompositeIndexMissing,
        _ => Descriptors.DBS4005_IndexCannotServe,
    };
}

/// <summary>A finding about indexes, as the migration of the project needs it.</summary>
/// <param name="Descriptor">The rule that reports it.</param>
/// <param name="Location">Where.</param>
/// <param name="Suggestion">The index that serves, or null where none is missing.</param>
/// <param name="Remedy">What else to do.</param>
internal sealed record IndexNote(DiagnosticDescriptor Descriptor, Location Location, IndexSuggestion? Suggestion, string Remedy);
