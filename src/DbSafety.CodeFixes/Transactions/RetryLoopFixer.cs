using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Runs a whole transaction again when the database has refused it because of another one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RetryLoopFixer))]
public sealed class RetryLoopFixer() : DbFix("DBS3013")
{
    private const int Attempts = 3;

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is IInvocationOperation { Instance.Type: { } type } call && CommandMembers.IsConnection(type) &&
            scope.Facts.UnrepeatedTransactionOf(call, cancellation) is { Begin: { Kind: TransactionKind.Connection } begin } && TransactionStatements.Of(scope, begin) is { IsDisposed: true } statements &&
            !UsesContexts(scope, statements, cancellation) && RepeatSafety.MayRepeat(scope, statements, cancellation))
        {
            yield return new CallFix($"Run the transaction up to {Attempts} times", "RetryLoop", ImmutableArray.CreateRange(Directives.For(scope, span.Start, [RetryMembers.HandlerNamespace]).Append(Loop(scope, statements))), ImmutableArray.Create(span));
        }
    }

    // What a context tracks would be saved again, and it wraps the error.
    private static bool UsesContexts(FixScope scope, TransactionStatements statements, CancellationToken cancellation) => statements.All.Any(statement =>
        scope.Model.GetOperation(statement, cancellation)?.DescendantsAndSelf().Any(part => part.Type is { } used && DbSafety.Analyzers.Calls.EfQueries.IsContext(used, scope.Facts.Apis)) != false);

    private static TextChange Loop(FixScope scope, TransactionStatements statements)
    {
        var names = new NewNames(scope, statements.First);
        var attempt = names.Take("attempt");
        var exception = names.Take("exception");
        var outer = StatementEdits.Indentation(scope, statements.First);
        var middle = StatementEdits.Indentation(scope, statements.First, 1);
        var inner = StatementEdits.Indentation(scope, statements.First, 2);
        string[] lines =
        [
            $"for (var {attempt} = 1; ; {attempt}++)",
            outer + "{",
            middle + "try",
            middle + "{",
            inner + StatementEdits.Deeper(scope, statements.First, statements.Last, 2),
            .. statements.Control.EndPointIsReachable ? [inner + "break;"] : Array.Empty<string>(),
            middle + "}",
            middle + RetryMembers.Handler(exception, attempt, Attempts),
            middle + "{",
            middle + "}",
            outer + "}",
        ];
        return new TextChange(statements.Span, string.Join(scope.NewLine, lines));
    }
}
