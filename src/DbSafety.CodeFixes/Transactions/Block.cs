using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Statements that move into a block of their own.</summary>
internal static class Block
{
    /// <summary>The edits; null where the statements don't stand on lines of their own, or declare what is used behind them.</summary>
    /// <param name="scope">The document.</param>
    /// <param name="range">The statements.</param>
    /// <param name="layout">How text is put.</param>
    /// <param name="unit">One step of indentation.</param>
    /// <param name="before">The lines before them, with the brace.</param>
    /// <param name="behind">The lines behind them, with the brace.</param>
    /// <param name="inside">Edits inside them.</param>
    public static IEnumerable<TextChange>? Of(FixScope scope, WriteRange range, Layout layout, string unit, IEnumerable<string> before, IEnumerable<string> behind, IEnumerable<TextChange> inside)
    {
        if (!layout.IsFirstOnLine(range.Start) || !layout.IsLastOnLine(range.End) || DeclaresForLater(range))
        {
            return null;
        }

        var head = layout.Before(range.Start, before);
        if (layout.Indented(range, head.Span.Start, unit) is not { } indented)
        {
            return null;
        }

        var indentation = CSharpText.Indentation(scope, range.Start);
        var end = scope.Text.Lines.GetLineFromPosition(range.Span.End).End;
        var tail = new TextChange(new TextSpan(end, 0), string.Concat(behind.Select(line => scope.NewLine + indentation + line)));
        return [head, .. inside, .. indented, tail];
    }

    /// <summary>Whether statements declare what is used behind them.</summary>
    public static bool DeclaresForLater(WriteRange range)
    {
        var declared = new HashSet<string>(range.Statements.SelectMany(DeclaredBy), StringComparer.Ordinal);
        return declared.Count > 0 && range.Following.SelectMany(statement => statement.DescendantTokens()).Any(token => token.IsKind(SyntaxKind.IdentifierToken) && declared.Contains(token.ValueText));
    }

    // What the statement itself adds to its list: variables, also those of out arguments and patterns, and local functions.
    private static IEnumerable<string> DeclaredBy(StatementSyntax statement) => WriteRange.Own(statement).Select(node => node switch
    {
        VariableDeclaratorSyntax declarator => declarator.Identifier.ValueText,
        SingleVariableDesignationSyntax designation => designation.Identifier.ValueText,
        LocalFunctionStatementSyntax local => local.Identifier.ValueText,
        _ => "",
    }).Where(name => name.Length > 0);
}
