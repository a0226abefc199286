using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>A command runs on a connection while a reader of it is open.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CommandWhileReaderOpen() : DbRule(Descriptors.DBS2007_CommandWhileReaderOpen)
{
    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (action.Operation is IInvocationOperation call ? !facts.MayRun(call.TargetMethod.Name) : facts.ExecutionOf(action.Operation) is null)
            {
                return;
            }

            if (facts.ReaderConflictsAround(action.Operation, action.CancellationToken).TryGetValue(action.Operation.Syntax, out var conflict))
            {
                action.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, conflict.Use.Location, ImmutableArray.Create(conflict.Reader.Operation.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty,
                    conflict.Use.Path, conflict.Use.Connection.Name, conflict.Reader.Name));
            }
        },
        OperationKind.Invocation, OperationKind.Loop);
}
