using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Transactions;

/// <summary>The scope of an ambient transaction is open over an await, and does not follow it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScopeWithoutAsyncFlow() : DbRule(Descriptors.DBS3006_ScopeWithoutAsyncFlow)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            var creation = (IObjectCreationOperation)action.Operation;
            if (AmbientScope.Of(creation) is { } scope && ScopeMembers.Flows(creation) == false && scope.Operations().Any(Waits))
            {
                var place = creation.Syntax.GetLocation();
                action.ReportDiagnostic(Diagnostic.Create(Descriptor, place, ImmutableArray.Create(place)));
            }
        },
        OperationKind.ObjectCreation);

    private static bool Waits(IOperation operation) => operation switch
    {
        IAwaitOperation waiting => !ScopeMembers.IsOver(waiting.Operation),
        IForEachLoopOperation { IsAsynchronous: true } or IUsingOperation { IsAsynchronous: true } or IUsingDeclarationOperation { IsAsynchronous: true } => true,
        _ => false,
    };
}
