using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A reader that one loop moves from its first row to its last, and nothing else uses: <c>using var reader = ..; while (reader.Read()) { .. }</c>.</summary>
/// <param name="Call">The invocation that opens it.</param>
/// <param name="Reader">Its variable.</param>
/// <param name="Resource">The using declaration or statement.</param>
/// <param name="Declaration">The variable's declaration in it.</param>
/// <param name="Loop">The loop.</param>
/// <param name="Uses">Where its body names the reader.</param>
internal sealed record ReaderLoop(
    IInvocationOperation Call, ILocalSymbol Reader, StatementSyntax Resource, VariableDeclarationSyntax Declaration, WhileStatementSyntax Loop, List<IdentifierNameSyntax> Uses)
{
    /// <summary>The loop of a reader, or null where it is used otherwise, or the loop may end before the last row.</summary>
    public static ReaderLoop? Of(FixScope scope, OpenReader open, CancellationToken cancellation)
    {
        if (open is not { Holder: ILocalSymbol reader, Operation: IInvocationOperation { Syntax: InvocationExpressionSyntax syntax } call } ||
            call.Arguments.Any(argument => ReaderMembers.IsBehavior(argument.Parameter?.Type) && argument.Value.ConstantValue is not { HasValue: true, Value: 0 }) ||
            syntax.FirstAncestorOrSelf<VariableDeclarationSyntax>() is not { Variables: { Count: 1 } variables } declaration ||
            !SymbolEqualityComparer.Default.Equals(scope.Model.GetDeclaredSymbol(variables[0], cancellation), reader) ||
            LoopBehind(declaration) is not { } loop || declaration.Parent is not StatementSyntax resource || resource.ContainsDirectives || loop.ContainsDirectives || MayEnd(loop))
        {
            return null;
        }

        var uses = FixScope.MemberOf(resource).DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == reader.Name && SymbolEqualityComparer.Default.Equals(scope.Model.GetSymbolInfo(name, cancellation).Symbol, reader)).ToList();
        var inside = uses.FindAll(name => loop.Statement.Span.Contains(name.Span));
        return inside.Count == uses.Count - 1 && inside.Count > 0 && MovedBy(loop.Condition) is { } moved && uses.Contains(moved)
            ? new ReaderLoop(call, reader, resource, declaration, loop, inside)
            : null;
    }

    /// <summary>Whether a statement goes on with the next row in some case.</summary>
    public bool MayContinue(StatementSyntax statement) => Own(statement).OfType<ContinueStatementSyntax>().Any(jump => LoopOf(jump) == Loop);

    private static WhileStatementSyntax? LoopBehind(VariableDeclarationSyntax declaration)
    {
        switch (declaration.Parent)
        {
            case LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0, Parent: BlockSyntax block } statement:
                var next = block.Statements.IndexOf(statement) + 1;
                return next < block.Statements.Count ? block.Statements[next] as WhileStatementSyntax : null;
            case UsingStatementSyntax { Parent: BlockSyntax or UsingStatementSyntax } statement:
                var loop = statement.Statement is BlockSyntax { Statements: { Count: 1 } statements } ? statements[0] as WhileStatementSyntax : statement.Statement as WhileStatementSyntax;
                return loop is not null && !HasOtherComments(statement, declaration, loop) ? loop : null;
            default:
                return null;
        }
    }

    private static bool HasOtherComments(UsingStatementSyntax statement, SyntaxNode declaration, SyntaxNode loop) => statement.DescendantTrivia().Any(trivia =>
        statement.Span.Contains(trivia.Span) && !declaration.Span.Contains(trivia.Span) && !loop.Span.Contains(trivia.Span) &&
        !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia));

    // Rows behind the last one that the loop came to: nobody knows what is in them.
    private static bool MayEnd(WhileStatementSyntax loop) => Own(loop.Statement).Any(node =>
        node is ReturnStatementSyntax or GotoStatementSyntax or YieldStatementSyntax || (node is BreakStatementSyntax jump && LoopOf(jump) == loop));

    // What runs there, and not in a function.
    private static IEnumerable<SyntaxNode> Own(SyntaxNode node) =>
        node.DescendantNodesAndSelf(inner => inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    private static SyntaxNode? LoopOf(SyntaxNode jump) => jump.Ancestors().FirstOrDefault(node =>
        node is CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax || (node is SwitchStatementSyntax && jump is BreakStatementSyntax));

    // reader.Read()   await reader.ReadAsync(token).ConfigureAwait(false)
    private static IdentifierNameSyntax? MovedBy(ExpressionSyntax condition)
    {
        while (true)
        {
            switch (condition)
            {
                case AwaitExpressionSyntax wait:
                    condition = wait.Expression;
                    break;
                case ParenthesizedExpressionSyntax parens:
                    condition = parens.Expression;
                    break;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access }:
                    if (CommandMembers.Reads(access.Name.Identifier.ValueText))
                    {
                        return access.Expression as IdentifierNameSyntax;
                    }

                    if (!TaskMembers.Configures(access.Name.Identifier.ValueText))
                    {
                        return null;
                    }

                    condition = access.Expression;
                    break;
                default:
                    return null;
            }
        }
    }
}
