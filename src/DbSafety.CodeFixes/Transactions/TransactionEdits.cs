using DbSafety.Analyzers.Calls;
using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>What the fixes for transactions write, and read of what is written.</summary>
internal static class TransactionEdits
{
    /// <summary>A statement that calls a method of a transaction, awaited as another call is.</summary>
    /// <param name="receiver">The variable.</param>
    /// <param name="method">The method.</param>
    /// <param name="like">The call whose token and configuration it takes.</param>
    /// <param name="isAsync">Whether it is awaited.</param>
    /// <param name="arguments">What comes before the token.</param>
    public static string Call(string receiver, string method, IInvocationOperation like, bool isAsync, params string[] arguments)
    {
        var all = isAsync && TokenOf(like) is { } token ? arguments.Append(token) : arguments;
        return $"{(isAsync ? "await " : "")}{receiver}.{method}({string.Join(", ", all)}){(isAsync ? ConfigurationOf(like) : "")};";
    }

    /// <summary>The token that a call is given, where it may be named again.</summary>
    public static string? TokenOf(IInvocationOperation call) => call.Arguments.FirstOrDefault(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Parameter.Type.Name: nameof(CancellationToken) }) is { } found &&
        found.Value.Syntax is IdentifierNameSyntax or MemberAccessExpressionSyntax ? found.Value.Syntax.ToString() : null;

    /// <summary><c>.ConfigureAwait(false)</c> behind a call, or nothing.</summary>
    public static string ConfigurationOf(IInvocationOperation call) =>
        call.Syntax.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax configured } access && TaskMembers.Configures(access.Name.Identifier.ValueText)
            ? $".{access.Name}{configured.ArgumentList}"
            : "";

    /// <summary>The call with its configuration, awaited or not.</summary>
    public static SyntaxNode Whole(SyntaxNode call)
    {
        var at = call.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax configured } access && TaskMembers.Configures(access.Name.Identifier.ValueText) ? configured : call;
        return at.Parent is AwaitExpressionSyntax wait ? wait : at;
    }

    /// <summary>Whether the task of a call is awaited where it stands.</summary>
    public static bool IsAwaited(SyntaxNode call) => Whole(call) is AwaitExpressionSyntax;

    /// <summary>A line behind a statement.</summary>
    public static TextChange Behind(FixScope scope, StatementSyntax statement, string text)
    {
        var line = scope.Text.Lines.GetLineFromPosition(statement.Span.End);
        var rest = scope.TextOf(TextSpan.FromBounds(statement.Span.End, line.End)).Trim();
        var isComment = rest.StartsWith("//", StringComparison.Ordinal);
        return new TextChange(
            new TextSpan(isComment ? line.End : statement.Span.End, 0), rest.Length > 0 && !isComment && IsOnOneLine(scope, statement) ? " " + text : scope.NewLine + CSharpText.Indentation(scope, statement) + text);
    }

    /// <summary>A line before a statement.</summary>
    public static TextChange Before(FixScope scope, StatementSyntax statement, string text) =>
        new(new TextSpan(statement.SpanStart, 0), text + (IsOnOneLine(scope, statement) ? " " : scope.NewLine + CSharpText.Indentation(scope, statement)));

    // if (..) { A(); B(); }
    private static bool IsOnOneLine(FixScope scope, StatementSyntax statement) => statement.Parent is BlockSyntax block &&
        scope.Text.Lines.GetLineFromPosition(block.SpanStart).LineNumber == scope.Text.Lines.GetLineFromPosition(block.Span.End).LineNumber;

    /// <summary>The first statement of a block.</summary>
    public static TextChange AtStart(FixScope scope, BlockSyntax block, string text)
    {
        var open = block.OpenBraceToken.Span.End;
        if (block.Statements.Count > 0 && LineOf(scope, open) != LineOf(scope, block.Statements[0].SpanStart))
        {
            return Before(scope, block.Statements[0], text);
        }

        return LineOf(scope, open) == LineOf(scope, block.CloseBraceToken.SpanStart)
            ? new TextChange(new TextSpan(open, 0), " " + text)
            : new TextChange(new TextSpan(open, 0), scope.NewLine + CSharpText.Indentation(scope, block) + "    " + text);
    }

    /// <summary>The jumps of some code that may leave it: not those of functions inside, and not those of its own loops.</summary>
    public static IEnumerable<StatementSyntax> ExitsOf(SyntaxNode code) =>
        code.DescendantNodes(node => node == code || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<StatementSyntax>().Where(node => node switch
        {
            ReturnStatementSyntax or GotoStatementSyntax or YieldStatementSyntax => true,
            BreakStatementSyntax => !node.Ancestors().TakeWhile(around => around != code).Any(around => around is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or SwitchStatementSyntax),
            ContinueStatementSyntax => !node.Ancestors().TakeWhile(around => around != code).Any(around => around is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax),
            _ => false,
        });

    /// <summary>The places where a variable is named.</summary>
    public static IEnumerable<IdentifierNameSyntax> UsesOf(FixScope scope, ISymbol variable, SyntaxNode code, CancellationToken cancellation) => code.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Where(name => name.Identifier.ValueText == variable.Name && SymbolEqualityComparer.Default.Equals(scope.Model.GetSymbolInfo(name, cancellation).Symbol, variable));

    /// <summary>The statement, and the block of statements, in which a variable that holds a transaction lives: behind its declaration, or the body of its using.</summary>
    public static (StatementSyntax Declaration, BlockSyntax Block, int From)? LifeOf(ISymbol holder, CancellationToken cancellation)
    {
        if (holder.DeclaringSyntaxReferences.Length != 1 || holder.DeclaringSyntaxReferences[0].GetSyntax(cancellation) is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration })
        {
            return null;
        }

        return declaration.Parent switch
        {
            LocalDeclarationStatementSyntax { Parent: BlockSyntax block } statement => (statement, block, block.Statements.IndexOf(statement) + 1),
            UsingStatementSyntax { Statement: BlockSyntax block } statement => (statement, block, 0),
            _ => null,
        };
    }

    /// <summary>
    /// The literal of a name for a savepoint, which no other text in the member has: inside another of the same name it would hide that one. Npgsql does not quote the
    /// name, so one that a variable has may be a keyword.
    /// </summary>
    public static string SavepointName(SyntaxNode place, string wanted)
    {
        var taken = new HashSet<string>(FixScope.MemberOf(place).DescendantTokens().Where(token => token.IsKind(SyntaxKind.StringLiteralToken)).Select(token => token.ValueText), StringComparer.OrdinalIgnoreCase);
        var name = wanted;
        for (var number = 2; !taken.Add(name); number++)
        {
            name = wanted + number;
        }

        return "\"" + name + "\"";
    }

    /// <summary>Whether a block ends by leaving with an exception.</summary>
    public static bool Throws(BlockSyntax block) => block.Statements.LastOrDefault() is ThrowStatementSyntax;

    private static int LineOf(FixScope scope, int position) => scope.Text.Lines.GetLineFromPosition(position).LineNumber;
}
