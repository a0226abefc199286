using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>
/// Several saves of one context with nothing but new objects between them: the last one saves all, in one transaction of its own. Where an object holds the
/// generated key of another, it is given the object instead.
/// </summary>
internal static class OneSave
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.SaveOnce";

    private const string Title = "Save once: all changes together or none";

    /// <summary>The edit; null where something between the saves may see what is saved.</summary>
    public static CallFix? Of(FixScope scope, TransactionGap gap, CancellationToken cancellation)
    {
        if (gap.IsRepeated || !gap.IsOneConnection || gap.Writes.Any(write => write.Execution is not { SavesChanges: true }) || WriteRange.Of(gap).FirstOrDefault() is not { } range)
        {
            return null;
        }

        var saves = gap.Writes.Select(write => StatementOf(write.Operation)).ToList();
        if (saves.Any(save => save is null || !range.List.Contains(save)) || saves.Take(saves.Count - 1).Any(save => save is not ExpressionStatementSyntax || HasComments(save)) || CountsRows(saves[saves.Count - 1]!, range) || range.First == range.Last)
        {
            return null;
        }

        var connections = BodyConnections.Of(HoleValues.RootOf(gap.First.Operation), scope.Facts.Apis);
        if (Owner.Of(scope, gap, connections, range.Span.Start) is not { IsContext: true, Text.Length: > 0 } owner || Inside.Of(scope, gap, range, owner, connections, cancellation) is not { } inside ||
            inside.Executions.Count != gap.Writes.Length || Exits.Of(range).Any(exit => exit != range.End) || new SavedObjects(scope, range, owner, connections, saves.Count > 2).Links() is not { } links)
        {
            return null;
        }

        var changes = saves.Take(saves.Count - 1).Select(save => Removed(scope, save!)).Concat(links);
        return new CallFix(Title, Key, ImmutableArray.CreateRange(changes), TransactionBlock.SitesOf(gap));
    }

    // db.SaveChanges(); await db.SaveChangesAsync(ct); return await ..; var count = ..;
    private static StatementSyntax? StatementOf(IOperation save) =>
        save is IInvocationOperation call && call.Arguments.All(argument => argument.ArgumentKind == ArgumentKind.DefaultValue || Outside.IsToken(argument.Parameter?.Type)) ? save.Syntax.FirstAncestorOrSelf<StatementSyntax>() : null;

    // How many rows the last save wrote is asked: one save writes those of all.
    private static bool CountsRows(StatementSyntax save, WriteRange range) => save switch
    {
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax } => true,
        ExpressionStatementSyntax => false,
        ReturnStatementSyntax { Expression: not AwaitExpressionSyntax } when range.Function is MethodDeclarationSyntax { ReturnType: IdentifierNameSyntax } => false,
        _ => true,
    };

    private static bool HasComments(StatementSyntax statement) =>
        statement.GetLeadingTrivia().Concat(statement.GetTrailingTrivia()).Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));

    // With its line, and one of two empty lines around it.
    private static TextChange Removed(FixScope scope, StatementSyntax save)
    {
        var lines = scope.Text.Lines;
        var first = lines.GetLineFromPosition(save.SpanStart);
        var last = lines.GetLineFromPosition(save.Span.End);
        if (!string.IsNullOrWhiteSpace(scope.TextOf(TextSpan.FromBounds(first.Start, save.SpanStart))) || !string.IsNullOrWhiteSpace(scope.TextOf(TextSpan.FromBounds(save.Span.End, last.End))))
        {
            return new TextChange(TextSpan.FromBounds(save.SpanStart, save.FullSpan.End), "");
        }

        var isBetweenEmpty = first.LineNumber > 0 && string.IsNullOrWhiteSpace(lines[first.LineNumber - 1].ToString()) && last.LineNumber + 1 < lines.Count && string.IsNullOrWhiteSpace(lines[last.LineNumber + 1].ToString());
        return new TextChange(TextSpan.FromBounds(first.Start, isBetweenEmpty ? lines[last.LineNumber + 1].EndIncludingLineBreak : last.EndIncludingLineBreak), "");
    }
}
