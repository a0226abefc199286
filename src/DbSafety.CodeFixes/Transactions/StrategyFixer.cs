using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Gives a transaction to the execution strategy of its context.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StrategyFixer))]
public sealed class StrategyFixer() : DbFix("DBS3008")
{
    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is { } operation && scope.Facts.MayBegin(operation) && scope.Facts.RefusedTransactionOf(operation, cancellation) is { } refused && !Joins(operation) &&
            ContextUse.TextOf(refused.Context) is { } context && TransactionStatements.Of(scope, refused.Begin) is { IsDisposed: true } statements && IsVisible(refused.Context, statements) &&
            !ContextUse.MayTrackBefore(refused.Context, statements.First.SpanStart) && Head(statements) is { } head && RepeatSafety.MayRepeat(scope, statements, cancellation))
        {
            yield return new CallFix("Give the transaction to the execution strategy", "Strategy", ImmutableArray.CreateRange(Directives.For(scope, span.Start, [EfEmit.Namespace]).Append(Wrap(scope, statements, context, head))), ImmutableArray.Create(span));
        }
    }

    // A transaction that began outside is over when its first attempt has failed.
    private static bool Joins(IOperation operation) => operation is IInvocationOperation call && TransactionMembers.Joins(call.TargetMethod.Name);

    // Declared before the transaction.
    private static bool IsVisible(IOperation context, TransactionStatements statements) =>
        HoleValues.Strip(context) is not ILocalReferenceOperation local || local.Local.DeclaringSyntaxReferences.All(reference => reference.Span.Start < statements.First.SpanStart);

    // What stands before the call: its result is returned where each way returns one; a plain return ends the lambda, so nothing may follow.
    private static string? Head(TransactionStatements statements)
    {
        var wait = statements.IsAsync ? "await " : "";
        return statements.Returns.Any(statement => statement.Expression is not null)
            ? statements.Control.EndPointIsReachable ? null : "return " + wait
            : !statements.Returns.Any() || statements.EndsFunction ? wait : null;
    }

    private static TextChange Wrap(FixScope scope, TransactionStatements statements, string context, string head)
    {
        var strategy = new NewNames(scope, statements.First).Take("strategy");
        var outer = StatementEdits.Indentation(scope, statements.First);
        var inner = StatementEdits.Indentation(scope, statements.First, 1);
        string[] lines =
        [
            $"var {strategy} = {RetryMembers.Strategy(context)};",
            $"{outer}{head}{strategy}.{RetryMembers.Run(statements.IsAsync)}({(statements.IsAsync ? "async " : "")}() =>",
            outer + "{",
            inner + StatementEdits.Deeper(scope, statements.First, statements.Last, 1),
            outer + "});",
        ];
        return new TextChange(statements.Span, string.Join(scope.NewLine, lines));
    }
}
