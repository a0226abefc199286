using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>The ways out of the statements that do not go through their end: each commits first.</summary>
internal static class Exits
{
    /// <summary>The statements by which control leaves a range in the middle, or at its last statement.</summary>
    public static IReadOnlyList<StatementSyntax> Of(WriteRange range) =>
        range.Statements.SelectMany(WriteRange.Own).Where(node => node is ReturnStatementSyntax || (node is BreakStatementSyntax or ContinueStatementSyntax && !range.Span.Contains(TargetOf(node, range).Span)))
            .Cast<StatementSyntax>().ToList();

    /// <summary>The edits that commit before each exit; null where one of them can't.</summary>
    /// <param name="range">The statements.</param>
    /// <param name="inside">What runs in them.</param>
    /// <param name="layout">How text is put.</param>
    /// <param name="commit">The statement that commits.</param>
    /// <param name="name">A name for a result.</param>
    public static IEnumerable<TextChange>? Edits(WriteRange range, Inside inside, Layout layout, string commit, Func<ReturnStatementSyntax, string> name)
    {
        var changes = new List<TextChange>();
        foreach (var exit in Of(range))
        {
            if (inside.OpenReaders.Any(open => open.Contains(exit.Span)))
            {
                return null;
            }

            // return await connection.ExecuteAsync(..);
            var edits = exit is ReturnStatementSyntax { Expression: { } value } result && inside.Runs(value.Span)
                ? Split(result, value, layout, commit, name(result))
                : layout.Around(exit, new TextSpan(exit.SpanStart, 0), between => commit + between, _ => "");
            if (edits is null)
            {
                return null;
            }

            changes.AddRange(edits.Where(edit => !edit.Span.IsEmpty || edit.NewText!.Length > 0));
        }

        return changes;
    }

    /// <summary>Whether control reaches the end of a range.</summary>
    public static bool ReachesEnd(FixScope scope, WriteRange range) => range.IsTopLevel
        ? range.End is not (ReturnStatementSyntax or ThrowStatementSyntax)
        : scope.Model.AnalyzeControlFlow(range.Start, range.End) is { Succeeded: true, EndPointIsReachable: true };

    private static IEnumerable<TextChange>? Split(ReturnStatementSyntax exit, ExpressionSyntax value, Layout layout, string commit, string name) => layout.Around(
        exit, TextSpan.FromBounds(exit.SpanStart, value.SpanStart), _ => $"var {name} = ", between => between + commit + between + $"return {name};");

    private static SyntaxNode TargetOf(SyntaxNode jump, WriteRange range) => jump.Ancestors().FirstOrDefault(node =>
        node is ForEachStatementSyntax or ForEachVariableStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax || (node is SwitchStatementSyntax && jump.IsKind(SyntaxKind.BreakStatement))) ?? range.Function;
}
