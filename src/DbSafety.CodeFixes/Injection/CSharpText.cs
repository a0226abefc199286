using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.Injection;

/// <summary>Writes small pieces of C#.</summary>
internal static class CSharpText
{
    /// <summary>The content of an interpolated string that holds some characters.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder();
        foreach (var c in text)
        {
            result.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '{' => "{{",
                '}' => "}}",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => "\\u" + ((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return result.ToString();
    }

    /// <summary>An expression as the inside of an interpolation.</summary>
    public static string Hole(ExpressionSyntax expression)
    {
        var text = expression.ToString();
        return expression is ConditionalExpressionSyntax or AssignmentExpressionSyntax or AliasQualifiedNameSyntax or LambdaExpressionSyntax ||
            expression.DescendantNodes().Any(node => node is AliasQualifiedNameSyntax)
            ? "{(" + text + ")}"
            : "{" + text + "}";
    }

    /// <summary>An expression as the operand of a cast or the receiver of a member.</summary>
    public static string Operand(ExpressionSyntax expression) => expression is
        IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or
        ParenthesizedExpressionSyntax or ThisExpressionSyntax or LiteralExpressionSyntax or InterpolatedStringExpressionSyntax
        ? expression.ToString()
        : "(" + expression + ")";

    /// <summary>A name as a C# identifier.</summary>
    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.AwaitKeyword ? name : "@" + name;

    /// <summary>The indentation of the line that a node begins on.</summary>
    public static string Indentation(FixScope scope, SyntaxNode node)
    {
        var line = scope.Text.Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }
}
