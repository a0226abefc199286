using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Runs a statement of a migration outside its transaction.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SuppressTransactionFixer))]
public sealed class SuppressTransactionFixer() : DbFix(Descriptors.DBS3009_StatementNotAllowedInTransaction.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.SuppressTransaction";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not IInvocationOperation { Syntax: InvocationExpressionSyntax syntax } call ||
            BlockRefusals.Of(call, scope.Facts.CallOf, scope.Facts.Transactions, cancellation) is not { Reason: BlockReason.Migration } refusal || refusal.Call.Sql.Statements.FirstOrDefault() != refusal.Statement)
        {
            yield break;
        }

        var given = call.Arguments.First(argument => argument.Parameter?.Name == SavepointMembers.SuppressTransaction);
        var change = given.ArgumentKind == ArgumentKind.DefaultValue
            ? new TextChange(new TextSpan(syntax.ArgumentList.CloseParenToken.SpanStart, 0), $", {SavepointMembers.SuppressTransaction}: true")
            : new TextChange(given.Value.Syntax.Span, "true");
        var location = refusal.Variant.Locate(refusal.Statement.Span) is { } found && found.SourceTree == syntax.SyntaxTree ? found.SourceSpan : span;
        yield return new CallFix("Run it outside the transaction of the migration", Key, ImmutableArray.Create(change), ImmutableArray.Create(location, span));
    }
}
