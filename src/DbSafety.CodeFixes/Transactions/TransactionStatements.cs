using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>The statements from the one that begins a transaction to the end of its block: what has to run again as a whole.</summary>
internal sealed class TransactionStatements
{
    private TransactionStatements(BlockSyntax block, StatementSyntax first, StatementSyntax last, bool isDisposed, ControlFlowAnalysis control, DataFlowAnalysis data)
    {
        Block = block;
        First = first;
        Last = last;
        IsDisposed = isDisposed;
        Control = control;
        Data = data;
    }

    /// <summary>The block that they stand in.</summary>
    public BlockSyntax Block { get; }

    /// <summary>The statement that begins the transaction.</summary>
    public StatementSyntax First { get; }

    /// <summary>The last one of the transaction.</summary>
    public StatementSyntax Last { get; }

    /// <summary>Whether a using disposes the transaction at their end.</summary>
    public bool IsDisposed { get; }

    /// <summary>How they are left.</summary>
    public ControlFlowAnalysis Control { get; }

    /// <summary>What they read and write.</summary>
    public DataFlowAnalysis Data { get; }

    /// <summary>All of them.</summary>
    public IEnumerable<StatementSyntax> All => Block.Statements.SkipWhile(statement => statement != First).TakeWhile(statement => statement.SpanStart <= Last.SpanStart);

    /// <summary>The span from the first to the last.</summary>
    public TextSpan Span => TextSpan.FromBounds(First.SpanStart, Last.Span.End);

    /// <summary>The statements of a transaction; null where they are no statements of one block, or are left by a jump.</summary>
    public static TransactionStatements? Of(FixScope scope, TransactionBegin begin)
    {
        var (first, last, isDisposed) = begin.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() switch
        {
            UsingStatementSyntax { Statement: BlockSyntax } statement => (statement, statement, true),
            LocalDeclarationStatementSyntax { Parent: BlockSyntax block } declaration => ((StatementSyntax)declaration, block.Statements.Last(), declaration.UsingKeyword.IsKind(SyntaxKind.UsingKeyword)),
            _ => (null, null, false),
        };
        if (first?.Parent is not BlockSyntax parent || scope.Model.AnalyzeControlFlow(first, last!) is not { Succeeded: true } control ||
            scope.Model.AnalyzeDataFlow(first, last!) is not { Succeeded: true } data)
        {
            return null;
        }

        var found = new TransactionStatements(parent, first, last!, isDisposed, control, data);
        return control.ExitPoints.All(exit => exit is ReturnStatementSyntax) && !found.All.Any(statement => statement.ContainsDirectives) ? found : null;
    }

    /// <summary>Whether they await in the function that they belong to.</summary>
    public bool IsAsync => Nodes.Any(node => node is AwaitExpressionSyntax or LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword } or
        UsingStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword } or ForEachStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword });

    /// <summary>The nodes of the function that they belong to.</summary>
    public IEnumerable<SyntaxNode> Nodes => All.SelectMany(statement => statement.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)));

    /// <summary>Their returns.</summary>
    public IEnumerable<ReturnStatementSyntax> Returns => Nodes.OfType<ReturnStatementSyntax>();

    /// <summary>Whether nothing of the function comes after them.</summary>
    public bool EndsFunction => Block.Statements.Last() == Last &&
        Block.Parent is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax;
}
