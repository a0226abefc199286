using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>
/// Writes <c>{0}</c> into C# text. How many braces that takes depends on the literal that it ends up in, which is known when all edits are made;
/// until then marks stand for the braces.
/// </summary>
internal static class NumberedPlaceholder
{
    private const char Open = '\uE000';
    private const char Close = '\uE001';

    /// <summary>A placeholder with marks for its braces.</summary>
    public static string Mark(int number) => Open + number.ToString(CultureInfo.InvariantCulture) + Close;

    /// <summary>Whether a member formats a text whose format is not written right there: a placeholder in it would be taken for one of its own.</summary>
    public static bool IsFormatted(SyntaxNode member) => member.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
        IsFormat(call) && call.ArgumentList.Arguments.FirstOrDefault()?.Expression is not LiteralExpressionSyntax { Token.Value: string });

    /// <summary>The changes with braces for marks; null where a literal has no room for a brace.</summary>
    public static List<TextChange>? Resolve(FixScope scope, List<TextChange> changes)
    {
        var ordered = changes.OrderBy(change => change.Span.Start).ToList();
        var text = scope.Text.WithChanges(ordered).ToString();
        var root = CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)scope.Root.SyntaxTree.Options).GetRoot();
        var result = new List<TextChange>();
        var from = 0;
        foreach (var change in ordered)
        {
            var written = new StringBuilder();
            foreach (var c in change.NewText ?? "")
            {
                if (c is not (Open or Close))
                {
                    written.Append(c);
                    continue;
                }

                var at = text.IndexOf(c, from);
                var count = at < 0 ? 0 : Braces(root.FindToken(at));
                if (count == 0)
                {
                    return null;
                }

                from = at + 1;
                written.Append(c == Open ? '{' : '}', count);
            }

            result.Add(new TextChange(change.Span, written.ToString()));
        }

        return result;
    }

    private static int Braces(SyntaxToken token)
    {
        ExpressionSyntax text;
        var count = 1;
        switch (token.Parent)
        {
            case InterpolatedStringTextSyntax { Parent: InterpolatedStringExpressionSyntax interpolated }:
                text = interpolated;
                var start = interpolated.StringStartToken;
                if (start.Kind() is SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken)
                {
                    count = 2;
                }
                else if (start.Text.Count(c => c == '$') == 1)
                {
                    return 0;
                }

                break;
            case LiteralExpressionSyntax literal:
                text = literal;
                break;
            default:
                return 0;
        }

        while (text.Parent is ParenthesizedExpressionSyntax parens)
        {
            text = parens;
        }

        return text.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list } argument &&
            list.Arguments[0] == argument && IsFormat(call) ? count * 2 : count;
    }

    private static bool IsFormat(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Format" or "AppendFormat" };
}
