using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Indexing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>The base of the rules about the index that a query lacks: one kind of advice each.</summary>
public abstract class IndexRule : DbRule
{
    private readonly IndexAdviceKind _kind;

    /// <summary>Makes a rule of one descriptor and one kind of advice.</summary>
    protected IndexRule(DiagnosticDescriptor descriptor, IndexAdviceKind kind)
        : base(descriptor) => _kind = kind;

    /// <inheritdoc/>
    protected sealed override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            foreach (var finding in facts.IndexFindingsOf(action.Operation, action.CancellationToken))
            {
                if (finding.Advice.Kind == _kind)
                {
                    action.ReportDiagnostic(Diagnostic.Create(
                        Descriptor, finding.Location, ImmutableArray.Create(action.Operation.Syntax.GetLocation()), Properties(finding, facts.SchemaFacts), Arguments(finding)));
                }
            }
        },
        OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.SimpleAssignment, OperationKind.CompoundAssignment, OperationKind.Loop);

    /// <summary>The arguments of the message.</summary>
    protected abstract object[] Arguments(IndexFinding finding);

    private static ImmutableDictionary<string, string?> Properties(IndexFinding finding, SchemaFacts schema) =>
        IndexProperties.Of(finding.Advice.Suggestion, finding.IndexName, finding.Statement, schema.FileOf(finding.Advice.Use.Table.Origin));
}
