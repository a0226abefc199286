using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Lets each attempt of an execution strategy begin with nothing tracked.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ClearTrackerFixer))]
public sealed class ClearTrackerFixer() : DbFix("DBS3008")
{
    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not IInvocationOperation call || scope.Facts.TrackedRetriesOf(call).ToList() is not { Count: > 0 } retries)
        {
            yield break;
        }

        var work = retries[0].Work;
        var contexts = retries.Select(retry => ContextUse.TextOf(retry.Context)).Distinct().ToList();
        if (contexts.Count == 1 && contexts[0] is { } context && work.Syntax is AnonymousFunctionExpressionSyntax { Body: BlockSyntax body } && !ContextUse.MayTrackBefore(retries[0].Context, call.Syntax.SpanStart) && !ChangesOthers(work))
        {
            yield return new CallFix(
                "Clear the change tracker before each attempt", "ClearTracker", ImmutableArray.Create(StatementEdits.Open(scope, body, $"{context}.{RetryMembers.Tracker}.{RetryMembers.Clear}();")),
                ImmutableArray.CreateRange(retries.Select(retry => retry.Operation.Syntax.Span)));
        }
    }

    // An object from outside is changed: it may be tracked, and would be forgotten.
    private static bool ChangesOthers(IAnonymousFunctionOperation work) => work.Body.Descendants().Any(part =>
        part is IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } owner } } && HoleValues.Strip(owner) switch
        {
            ILocalReferenceOperation local => local.Local.DeclaringSyntaxReferences.Any(reference => !work.Syntax.Span.Contains(reference.Span)),
            IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation => true,
            _ => false,
        });
}
