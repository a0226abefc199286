using DbSafety.Analyzers.Flow;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>The statements of one list, from the one that holds the first write to the one that holds the last.</summary>
/// <param name="List">All statements of the list.</param>
/// <param name="First">The index of the first.</param>
/// <param name="Last">The index of the last.</param>
/// <param name="Function">The method, accessor, lambda or local function.</param>
internal sealed record WriteRange(IReadOnlyList<StatementSyntax> List, int First, int Last, SyntaxNode Function)
{
    /// <summary>The statements.</summary>
    public IEnumerable<StatementSyntax> Statements => List.Skip(First).Take(Last - First + 1);

    /// <summary>The statements that follow.</summary>
    public IEnumerable<StatementSyntax> Following => List.Skip(Last + 1);

    /// <summary>The first statement.</summary>
    public StatementSyntax Start => List[First];

    /// <summary>The last statement.</summary>
    public StatementSyntax End => List[Last];

    /// <summary>From the first character to the last.</summary>
    public TextSpan Span => TextSpan.FromBounds(Start.SpanStart, End.Span.End);

    /// <summary>Whether the statements are those of the file.</summary>
    public bool IsTopLevel => Start.Parent is GlobalStatementSyntax;

    /// <summary>Whether a variable of the list may be disposed at its end.</summary>
    public bool TakesUsingDeclaration => Start.Parent is BlockSyntax or GlobalStatementSyntax;

    /// <summary>Whether the function awaits.</summary>
    public bool IsAsync => Function switch
    {
        MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
        AnonymousFunctionExpressionSyntax lambda => !lambda.AsyncKeyword.IsKind(SyntaxKind.None),
        CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>().Any(statement => Own(statement).Any(node => node is AwaitExpressionSyntax)),
        _ => false,
    };

    /// <summary>The places that could stand in one transaction, the widest first: the list that holds all writes; around a loop, of a write that repeats.</summary>
    public static IEnumerable<WriteRange> Of(TransactionGap gap)
    {
        if (!gap.IsRepeated)
        {
            return Around(gap.Writes.Select(write => write.Operation.Syntax).ToList()) is { } range ? [range] : [];
        }

        var write = gap.First.Operation;
        var loops = LoopRegions.Around(write).TakeWhile(region => region is { IsData: true, Kind: LoopKind.ForEach or LoopKind.For or LoopKind.While }).Select(region => region.Operation.Syntax)
            .Where(loop => FunctionOf(loop) == FunctionOf(write.Syntax)).Reverse().ToList();

        // A list that a call writes row by row, and no loop.
        if (loops.Count == 0 && !LoopRegions.Around(write).Any())
        {
            loops.Add(write.Syntax);
        }

        return loops.Select(loop => Around([loop])).OfType<WriteRange>();
    }

    /// <summary>The same with a list that begins earlier.</summary>
    public WriteRange From(int first) => this with { First = first };

    /// <summary>The innermost function around a node.</summary>
    public static SyntaxNode FunctionOf(SyntaxNode node) => FixScope.BodyOf(node);

    /// <summary>The nodes inside one that belong to the same function.</summary>
    public static IEnumerable<SyntaxNode> Own(SyntaxNode node) =>
        node.DescendantNodesAndSelf(inner => inner == node || inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    /// <summary>Whether a node stands where a function cleans up: after an error the transaction takes no more commands, and after a commit it is over.</summary>
    public static bool IsCleanup(SyntaxNode node, SyntaxNode function) =>
        node.Ancestors().TakeWhile(at => at != function).Any(at => at is CatchClauseSyntax or FinallyClauseSyntax);

    private static WriteRange? Around(IReadOnlyList<SyntaxNode> nodes)
    {
        var function = FunctionOf(nodes[0]);
        if (nodes.Any(node => FunctionOf(node) != function || IsCleanup(node, function)))
        {
            return null;
        }

        for (var at = nodes[0]; at is not null && function.Span.Contains(at.Span); at = at.Parent)
        {
            if (ListOf(at) is { } list && nodes.All(node => at.Span.Contains(node.Span)))
            {
                var holders = nodes.Select(node => IndexOf(list, node)).ToList();
                return holders.Min() < 0 ? null : new WriteRange(list, holders.Min(), holders.Max(), function);
            }
        }

        return null;
    }

    private static int IndexOf(IReadOnlyList<StatementSyntax> list, SyntaxNode node)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Span.Contains(node.Span))
            {
                return i;
            }
        }

        return -1;
    }

    private static IReadOnlyList<StatementSyntax>? ListOf(SyntaxNode node) => node switch
    {
        BlockSyntax block => block.Statements,
        SwitchSectionSyntax section => section.Statements,
        CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>().Select(statement => statement.Statement).ToList(),
        _ => null,
    };
}
