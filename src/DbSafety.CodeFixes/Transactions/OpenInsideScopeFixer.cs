using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Opens a connection as the first thing in the scope that is to hold it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OpenInsideScopeFixer))]
public sealed class OpenInsideScopeFixer() : DbFix("DBS3007")
{
    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not IInvocationOperation call || scope.Facts.LateScopeOf(call, cancellation) is not { } late ||
            late.Opening.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } opening || late.Scope.Operation is not IObjectCreationOperation creation ||
            creation.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not { } begin || begin.Parent != block || !IsMovable(opening, late, creation) || IsUsedElsewhere(late, opening, begin))
        {
            yield break;
        }

        var steps = begin is UsingStatementSyntax ? 1 : 0;
        var text = StatementEdits.Deeper(scope, opening, opening, steps);
        var change = begin switch
        {
            UsingStatementSyntax { Statement: BlockSyntax body } => StatementEdits.Open(scope, body, text),
            LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword } => (TextChange?)new TextChange(
                new TextSpan(begin.Span.End, 0), scope.NewLine + StatementEdits.Indentation(scope, begin) + text),
            _ => null,
        };
        if (change is { } insertion)
        {
            yield return new CallFix("Open the connection inside the TransactionScope", "OpenInside", ImmutableArray.Create(StatementEdits.Remove(scope, opening), insertion), ImmutableArray.CreateRange(Sites(scope, late, cancellation)));
        }
    }

    private static IEnumerable<TextSpan> Sites(FixScope scope, LateScope late, CancellationToken cancellation) => HoleValues.RootOf(late.Opening).Descendants().OfType<IInvocationOperation>()
        .Where(call => scope.Facts.MayWrite(call.TargetMethod.Name) && scope.Facts.LateScopeOf(call, cancellation) is { } other && other.Opening.Syntax == late.Opening.Syntax && other.Scope == late.Scope)
        .Select(call => call.Syntax.Span);

    // c.Open();   await c.OpenAsync(token);   using var c = source.OpenConnection();
    private static bool IsMovable(StatementSyntax opening, LateScope late, IObjectCreationOperation scope) =>
        (opening is ExpressionStatementSyntax || (opening is LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1 } && late.Opening is IVariableDeclaratorOperation)) &&
        (OpeningMembers.Flows(scope) || !opening.DescendantNodesAndSelf().Any(node => node is AwaitExpressionSyntax || (node is LocalDeclarationStatementSyntax local && local.AwaitKeyword.IsKind(SyntaxKind.AwaitKeyword))));

    // Between the opening and the scope; a declaration that moves into a block also behind it.
    private static bool IsUsedElsewhere(LateScope late, StatementSyntax opening, StatementSyntax begin) => HoleValues.RootOf(late.Opening).Descendants().Any(part =>
        part is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, late.Connection) && !opening.Span.Contains(reference.Syntax.Span) &&
        ((reference.Syntax.SpanStart > opening.SpanStart && reference.Syntax.SpanStart < begin.SpanStart) ||
            (late.Opening is IVariableDeclaratorOperation && begin is UsingStatementSyntax && !begin.Span.Contains(reference.Syntax.Span))));
}
