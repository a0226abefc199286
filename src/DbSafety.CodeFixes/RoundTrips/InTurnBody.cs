using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>The body of a lambda that makes a task of an element, as the block of a loop that waits for it.</summary>
internal static class InTurnBody
{
    /// <summary>The block, or null where the lambda has another exit than its end.</summary>
    /// <param name="scope">The document.</param>
    /// <param name="lambda">The lambda.</param>
    /// <param name="suffix">How the tasks were awaited.</param>
    /// <param name="statement">The statement that the loop takes the place of.</param>
    /// <param name="list">The list that takes the results, or null where nobody uses them.</param>
    public static string? Of(FixScope scope, LambdaExpressionSyntax lambda, string suffix, StatementSyntax statement, string? list)
    {
        var line = scope.NewLine + CSharpText.Indentation(scope, statement);
        var isAsync = !lambda.AsyncKeyword.IsKind(SyntaxKind.None);
        if (lambda.ExpressionBody is { } body)
        {
            var each = isAsync ? scope.TextOf(body.Span) : $"await {scope.TextOf(body.Span)}{suffix}";
            return list is not null ? Block(line, [$"{list}.{nameof(List<int>.Add)}({each});"])
                : body is AwaitExpressionSyntax or InvocationExpressionSyntax ? Block(line, [each + ";"]) : null;
        }

        // A task that is not awaited in the lambda: where it comes from would have to be read.
        if (!isAsync || lambda.Block is not { Statements: { Count: > 0 } statements } block || block.ContainsDirectives)
        {
            return null;
        }

        var exits = block.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>().ToList();
        var last = statements[statements.Count - 1] as ReturnStatementSyntax;
        if (exits.Count != (list is null ? 0 : 1) || (list is not null && (last?.Expression is null || exits[0] != last)))
        {
            return null;
        }

        var changes = new List<TextChange>();
        if (last?.Expression is { } result)
        {
            changes.Add(new TextChange(new TextSpan(last.SpanStart - block.SpanStart, result.SpanStart - last.SpanStart), $"{list}.{nameof(List<int>.Add)}("));
            changes.Add(new TextChange(new TextSpan(result.Span.End - block.SpanStart, 0), ")"));
        }

        var text = scope.Text.GetSubText(block.Span).WithChanges(changes).ToString();
        if (text.Contains('\n'))
        {
            return DapperCall.Reindented(scope, block, text, statement);
        }

        return Block(line, statements.Select(inner => inner == last ? $"{list}.{nameof(List<int>.Add)}({scope.TextOf(last.Expression!.Span)});" : scope.TextOf(inner.Span)));
    }

    private static string Block(string line, IEnumerable<string> statements) => $"{{{string.Concat(statements.Select(statement => $"{line}    {statement}"))}{line}}}";
}
