using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A write on another connection than that of the transaction that is open.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WriteOutsideTransaction() : DbRule(Descriptors.DBS3002_WriteOutsideTransaction)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            var call = (IInvocationOperation)action.Operation;
            if (facts.MayRun(call.TargetMethod.Name) && facts.OutsideWriteOf(call, action.CancellationToken) is { } outside)
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, call.Syntax.GetLocation(), ImmutableArray.Create(call.Syntax.GetLocation(), outside.Begin.Operation.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty,
                    outside.Name, outside.Begin.Name, Why(outside)));
            }
        },
        OperationKind.Invocation);

    private static string Why(OutsideWrite outside) => outside.Reason switch
    {
        OutsideReason.OtherConnection => $"it runs on '{outside.Other?.Name ?? "this"}', and stays when the transaction is rolled back",
        OutsideReason.OwnConnection => "the data source runs it on a connection of its own, and it stays when the transaction is rolled back",
        OutsideReason.InCallee => "the method opens a connection of its own, and what it writes stays when the transaction is rolled back",
        _ => "its command is not given the transaction, and the provider throws",
    };
}
