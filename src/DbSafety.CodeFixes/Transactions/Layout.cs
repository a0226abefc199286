using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Puts statements before, behind and in place of others, on lines of their own where those stand so.</summary>
internal sealed class Layout(FixScope scope, string extra)
{
    /// <summary>One more step of indentation, as the document has it.</summary>
    public static string UnitOf(FixScope scope, StatementSyntax statement)
    {
        var own = CSharpText.Indentation(scope, statement);
        var outer = statement.Parent is BlockSyntax block ? CSharpText.Indentation(scope, block) : "";
        return own.StartsWith("\t", StringComparison.Ordinal) ? "\t"
            : own.Length - outer.Length is var step and > 1 and <= 8 && own.StartsWith(outer, StringComparison.Ordinal) && own.All(c => c == ' ') ? new string(' ', step)
            : "    ";
    }

    /// <summary>How much further than it stands now all is indented.</summary>
    public string Extra => extra;

    /// <summary>A new line that begins like the one on which a node stands.</summary>
    public string LineOf(SyntaxNode node) => scope.NewLine + CSharpText.Indentation(scope, node) + extra;

    /// <summary>Whether nothing but white space stands before a node on its line.</summary>
    public bool IsFirstOnLine(SyntaxNode node) =>
        string.IsNullOrWhiteSpace(scope.TextOf(TextSpan.FromBounds(scope.Text.Lines.GetLineFromPosition(node.SpanStart).Start, node.SpanStart)));

    /// <summary>Whether nothing but white space and comments stands behind a node on its line.</summary>
    public bool IsLastOnLine(SyntaxNode node)
    {
        var next = node.GetLastToken().GetNextToken();
        return next.IsKind(SyntaxKind.None) || next.IsKind(SyntaxKind.EndOfFileToken) || next.SpanStart >= scope.Text.Lines.GetLineFromPosition(node.Span.End).EndIncludingLineBreak;
    }

    /// <summary>Statements in front of one, above the comments that belong to it.</summary>
    public TextChange Before(StatementSyntax statement, IEnumerable<string> lines)
    {
        if (!IsFirstOnLine(statement))
        {
            return new TextChange(new TextSpan(statement.SpanStart, 0), string.Concat(lines.Select(line => line + " ")));
        }

        var indentation = CSharpText.Indentation(scope, statement);
        var number = scope.Text.Lines.GetLineFromPosition(statement.SpanStart).LineNumber;
        var comments = statement.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)).Select(trivia => trivia.Span).ToList();
        while (number > 0 && scope.Text.Lines[number - 1] is var above && comments.Any(comment => comment.IntersectsWith(above.Span)) && above.Start >= statement.FullSpan.Start)
        {
            number--;
        }

        return new TextChange(new TextSpan(scope.Text.Lines[number].Start, 0), string.Concat(lines.Select(line => (line.Length == 0 ? "" : indentation + line) + scope.NewLine)));
    }

    /// <summary>Statements behind one, behind the comment on its last line.</summary>
    public TextChange After(StatementSyntax statement, IEnumerable<string> lines)
    {
        var end = scope.Text.Lines.GetLineFromPosition(statement.Span.End).End;
        return IsFirstOnLine(statement) && IsLastOnLine(statement)
            ? new TextChange(new TextSpan(end, 0), string.Concat(lines.Select(line => LineOf(statement) + line)))
            : new TextChange(new TextSpan(statement.Span.End, 0), string.Concat(lines.Select(line => " " + line)));
    }

    /// <summary>What parts two statements at the place of one: a line, or a space.</summary>
    public string Between(StatementSyntax statement) => IsFirstOnLine(statement) ? LineOf(statement) : " ";

    /// <summary>
    /// Puts text in place of the beginning of a statement, and behind it; in braces where the statement stands alone behind <c>if (..)</c>. Null where a
    /// comment would be lost.
    /// </summary>
    /// <param name="statement">The statement.</param>
    /// <param name="head">How much of it is replaced.</param>
    /// <param name="before">What comes first, from what parts statements.</param>
    /// <param name="behind">What comes last.</param>
    public IEnumerable<TextChange>? Around(StatementSyntax statement, TextSpan head, Func<string, string> before, Func<string, string> behind)
    {
        if (statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax)
        {
            var between = Between(statement);
            return [new TextChange(head, before(between)), new TextChange(new TextSpan(statement.Span.End, 0), behind(between))];
        }

        var previous = statement.GetFirstToken().GetPreviousToken();
        var gap = TextSpan.FromBounds(previous.Span.End, statement.SpanStart);
        if (statement.Parent is null || !string.IsNullOrWhiteSpace(scope.TextOf(gap)))
        {
            return null;
        }

        var outer = scope.NewLine + CSharpText.Indentation(scope, statement.Parent) + extra;
        var inner = outer + UnitOf(scope, statement.FirstAncestorOrSelf<StatementSyntax>(at => at.Parent is BlockSyntax) ?? statement);
        return
        [
            new TextChange(TextSpan.FromBounds(gap.Start, head.End), outer + "{" + inner + before(inner)),
            new TextChange(new TextSpan(statement.Span.End, 0), behind(inner) + outer + "}"),
        ];
    }

    /// <summary>Indents the lines of a range by one step more; null where a line begins inside a text.</summary>
    public IEnumerable<TextChange>? Indented(WriteRange range, int start, string unit)
    {
        var changes = new List<TextChange>();
        for (var number = scope.Text.Lines.GetLineFromPosition(start).LineNumber; number <= scope.Text.Lines.GetLineFromPosition(range.Span.End).LineNumber; number++)
        {
            var line = scope.Text.Lines[number];
            if (string.IsNullOrWhiteSpace(line.ToString()))
            {
                continue;
            }

            if (scope.Root.FindToken(line.Start) is var token && token.SpanStart < line.Start && token.Span.End > line.Start)
            {
                return null;
            }

            changes.Add(new TextChange(new TextSpan(line.Start, 0), unit));
        }

        return changes;
    }
}
