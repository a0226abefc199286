using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Completes a binary import behind its last row, where every path that has written rows gets there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CopyNotCompletedFixer))]
public sealed class CopyNotCompletedFixer() : DbFix("DBS3010")
{
    private const string Key = "CompleteImport";

    private const string Title = "Complete the import behind its last row";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is IInvocationOperation begin && BinaryImport.Of(begin) is { IsCompleted: false, Writes.IsEmpty: false } import &&
            LastOf(import) is { } last)
        {
            yield return new CallFix(Title, Key, ImmutableArray.Create(Insert(scope, import, last)), ImmutableArray.Create(span));
        }
    }

    // The statement behind which all rows are written, in the innermost block that the importer lives in.
    private static StatementSyntax? LastOf(BinaryImport import)
    {
        if (BlockOf(import) is not { } block)
        {
            return null;
        }

        while (true)
        {
            var first = Containing(block, import.Writes[0].Syntax);
            var last = Containing(block, import.Writes.Last().Syntax);
            if (first is null || last is null)
            {
                return null;
            }

            // Rows that an error cuts short are not completed, nor is an importer that is gone.
            if (first == last && Inner(last) is { } inner && inner.Span.Contains(import.Writes[0].Syntax.Span))
            {
                block = inner;
                continue;
            }

            var written = TextSpan.FromBounds(first.SpanStart, last.Span.End);
            return block.Statements.Where(statement => written.Contains(statement.Span)).All(MayGoOn) && !import.Ends.Any(end => end.Syntax.SpanStart < written.End) ? last : null;
        }
    }

    private static BlockSyntax? Inner(StatementSyntax statement) => statement switch
    {
        TryStatementSyntax attempt => attempt.Block,
        UsingStatementSyntax { Statement: BlockSyntax block } => block,
        LockStatementSyntax { Statement: BlockSyntax block } => block,
        BlockSyntax block => block,
        _ => null,
    };

    private static BlockSyntax? BlockOf(BinaryImport import) => import.Begin.Syntax.FirstAncestorOrSelf<StatementSyntax>() switch
    {
        UsingStatementSyntax scope when !scope.Statement.Span.Contains(import.Begin.Syntax.Span) => scope.Statement as BlockSyntax,
        { Parent: BlockSyntax block } => block,
        _ => null,
    };

    private static StatementSyntax? Containing(BlockSyntax block, SyntaxNode write) => block.Statements.FirstOrDefault(statement => statement.Span.Contains(write.Span));

    // No way out of the statement goes past what stands behind it, and no try inside lets a row be lost.
    private static bool MayGoOn(StatementSyntax statement) => statement
        .DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .All(node => node is not (ReturnStatementSyntax or GotoStatementSyntax or YieldStatementSyntax or TryStatementSyntax { Catches.Count: > 0 }));

    private static TextChange Insert(FixScope scope, BinaryImport import, StatementSyntax last)
    {
        var isAsync = import.IsAwaited;
        var method = CopyMembers.Complete(import.Local.Type, isAsync);
        isAsync &= method != CopyMembers.Complete(import.Local.Type, isAsync: false);
        var text = $"{CSharpText.Identifier(import.Local.Name)}.{method}({(isAsync ? Token(import) : "")})";
        text = isAsync ? $"await {text}{Configured(import)};" : text + ";";

        // Behind a comment in the same line.
        var line = scope.Text.Lines.GetLineFromPosition(last.Span.End);
        return last.GetLastToken().GetNextToken() is var next && next.SpanStart < line.End
            ? new TextChange(new TextSpan(last.Span.End, 0), " " + text)
            : new TextChange(new TextSpan(line.End, 0), scope.NewLine + CSharpText.Indentation(scope, last) + text);
    }

    private static string Token(BinaryImport import) => import.Begin.Arguments
        .Where(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Type.Name == nameof(CancellationToken))
        .Select(argument => argument.Value.Syntax).FirstOrDefault(value => value is IdentifierNameSyntax or MemberAccessExpressionSyntax)?.ToString() ?? "";

    // .ConfigureAwait(false), as the call that begins is awaited.
    private static string Configured(BinaryImport import) =>
        import.Begin.Syntax.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access && TaskMembers.Configures(access.Name.Identifier.ValueText)
            ? access.OperatorToken.ToString() + access.Name + call.ArgumentList
            : "";
}
