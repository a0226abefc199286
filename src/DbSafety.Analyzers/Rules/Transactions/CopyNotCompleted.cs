using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A binary import writes rows, and nobody completes it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CopyNotCompleted() : DbRule(Descriptors.DBS3010_CopyNotCompleted)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (BinaryImport.Of((IInvocationOperation)action.Operation) is { IsCompleted: false, Writes.IsEmpty: false } import && !Throws.AlwaysAround(import.Begin))
            {
                var place = import.Begin.Syntax.GetLocation();
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, place, ImmutableArray.Create(place), ImmutableDictionary<string, string?>.Empty, import.Local.Name,
                    CopyMembers.Complete(import.Local.Type, import.IsAwaited)));
            }
        },
        OperationKind.Invocation);
}
