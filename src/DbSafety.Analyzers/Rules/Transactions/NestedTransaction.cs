using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A transaction begins while another one is open on the same connection.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NestedTransaction() : DbRule(Descriptors.DBS3004_NestedTransaction)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            foreach (var nested in NestedBegins.Within(action.Operation, facts.Transactions, action.CancellationToken))
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, nested.Call.Syntax.GetLocation(), ImmutableArray.Create(nested.Call.Syntax.GetLocation(), nested.Outer.Operation.Syntax.GetLocation()),
                    ImmutableDictionary<string, string?>.Empty, nested.Name, nested.Outer.Name, Where(nested)));
            }
        },
        OperationKind.Invocation, OperationKind.ObjectCreation);

    private static string Where(NestedBegin nested) => nested.Outer.Kind == TransactionKind.Ambient
        ? "around it, and takes its work in"
        : $"on '{nested.Connection?.Name ?? nested.Outer.Name}'; use a savepoint";
}
