using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>An error of the database is swallowed inside a transaction, which then goes on.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContinueAfterError() : DbRule(Descriptors.DBS3005_ContinueAfterError)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            foreach (var error in SwallowedErrors.Within(action.Operation, facts.Transactions, action.CancellationToken))
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, error.Use.Location,
                    ImmutableArray.Create(error.Use.Location, error.Handler.Syntax.GetLocation(), error.Next.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty,
                    error.Name, error.Begin.Name, error.IsCommit ? $"{error.Next.TargetMethod.Name} keeps nothing" : $"{error.Next.TargetMethod.Name} fails too (25P02)"));
            }
        },
        OperationKind.Invocation, OperationKind.ObjectCreation);
}
