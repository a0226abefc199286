using System.Text;
using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Moves and removes whole statements.</summary>
internal static class StatementEdits
{
    private const string Step = "    ";

    /// <summary>The change that removes a statement, with its line where it has one for itself.</summary>
    public static TextChange Remove(FixScope scope, StatementSyntax statement)
    {
        var first = scope.Text.Lines.GetLineFromPosition(statement.SpanStart);
        var last = scope.Text.Lines.GetLineFromPosition(statement.Span.End);
        var isAlone = IsBlank(scope, first.Start, statement.SpanStart) && IsBlank(scope, statement.Span.End, last.End);
        if (isAlone)
        {
            return new TextChange(TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak), "");
        }

        var end = statement.Span.End;
        while (end < last.End && scope.Text[end] == ' ')
        {
            end++;
        }

        return new TextChange(TextSpan.FromBounds(statement.SpanStart, end), "");
    }

    /// <summary>The text of some statements, one step further in; the first line without its indentation. Lines inside strings stay as they are.</summary>
    public static string Deeper(FixScope scope, StatementSyntax first, StatementSyntax last, int steps)
    {
        var text = new StringBuilder();
        var from = scope.Text.Lines.IndexOf(first.SpanStart);
        var to = scope.Text.Lines.IndexOf(last.Span.End);
        var strings = first.Parent!.DescendantNodes(TextSpan.FromBounds(first.SpanStart, last.Span.End)).Where(IsVerbatim).Select(node => node.Span).ToList();
        for (var i = from; i <= to; i++)
        {
            var line = scope.Text.Lines[i];
            var start = i == from ? first.SpanStart : line.Start;
            var end = i == to ? last.Span.End : line.EndIncludingLineBreak;
            if (i > from && !IsBlank(scope, line.Start, line.End) && !strings.Any(literal => literal.Start < line.Start && line.Start < literal.End))
            {
                text.Append(string.Concat(Enumerable.Repeat(Step, steps)));
            }

            text.Append(scope.Text.ToString(TextSpan.FromBounds(start, end)));
        }

        return text.ToString();
    }

    /// <summary>The indentation of a statement, and steps further in.</summary>
    public static string Indentation(FixScope scope, SyntaxNode statement, int steps = 0) => CSharpText.Indentation(scope, statement) + string.Concat(Enumerable.Repeat(Step, steps));

    /// <summary>The change that puts a line in front of the first statement of a block.</summary>
    public static TextChange Open(FixScope scope, BlockSyntax block, string line)
    {
        if (block.Statements.FirstOrDefault() is { } first && scope.Text.Lines.IndexOf(first.SpanStart) != scope.Text.Lines.IndexOf(block.OpenBraceToken.SpanStart))
        {
            return new TextChange(new TextSpan(first.SpanStart, 0), line + scope.NewLine + Indentation(scope, first));
        }

        return new TextChange(new TextSpan(block.OpenBraceToken.Span.End, 0), " " + line);
    }

    private static bool IsVerbatim(SyntaxNode node) => node switch
    {
        LiteralExpressionSyntax literal => literal.Token.IsKind(SyntaxKind.StringLiteralToken) && literal.Token.Text.IndexOf('\n') >= 0,
        InterpolatedStringExpressionSyntax text => !text.StringStartToken.Text.Contains("\"\"\"") && text.ToString().IndexOf('\n') >= 0,
        _ => false,
    };

    private static bool IsBlank(FixScope scope, int start, int end) => end <= start || string.IsNullOrWhiteSpace(scope.Text.ToString(TextSpan.FromBounds(start, end)));
}
