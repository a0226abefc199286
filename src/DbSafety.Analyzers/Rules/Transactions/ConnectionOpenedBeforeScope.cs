using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>A write in a scope on a connection that was opened before it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConnectionOpenedBeforeScope() : DbRule(Descriptors.DBS3007_ConnectionOpenedBeforeScope)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            var call = (IInvocationOperation)action.Operation;
            if (facts.MayWrite(call.TargetMethod.Name) && facts.LateScopeOf(call, action.CancellationToken) is { } late)
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, call.Syntax.GetLocation(),
                    ImmutableArray.Create(call.Syntax.GetLocation(), late.Scope.Operation.Syntax.GetLocation(), late.Opening.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty,
                    late.Connection.Name, late.Write.Name));
            }
        },
        OperationKind.Invocation);
}
