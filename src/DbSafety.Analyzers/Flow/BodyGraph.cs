using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>The control-flow graph of one function: of a member, or of a lambda or local function inside it.</summary>
internal sealed class BodyGraph
{
    private BodyGraph(IOperation function, ControlFlowGraph graph)
    {
        Function = function;
        Graph = graph;
    }

    /// <summary>The root operation of the member, or the lambda or local function, in the tree of operations.</summary>
    public IOperation Function { get; }

    /// <summary>The graph. Its operations are copies: they have the syntax of those in the tree.</summary>
    public ControlFlowGraph Graph { get; }

    /// <summary>The graphs of a member and of all functions in it; the member first. None where Roslyn makes no graph for such a root.</summary>
    public static IReadOnlyList<BodyGraph> Of(IOperation root, CancellationToken cancellation)
    {
        var graph = root switch
        {
            IMethodBodyOperation body => ControlFlowGraph.Create(body, cancellation),
            IConstructorBodyOperation body => ControlFlowGraph.Create(body, cancellation),
            IBlockOperation block => ControlFlowGraph.Create(block, cancellation),
            IFieldInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancellation),
            IPropertyInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancellation),
            _ => null,
        };
        if (graph is null)
        {
            return [];
        }

        var functions = new Dictionary<SyntaxNode, IOperation>();
        foreach (var operation in root.Descendants())
        {
            if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                functions[operation.Syntax] = operation;
            }
        }

        var found = new List<BodyGraph> { new(root, graph) };
        if (functions.Count > 0)
        {
            Nested(graph);
        }

        return found;

        void Nested(ControlFlowGraph outer)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var local in outer.LocalFunctions)
            {
                Add(outer.GetLocalFunctionControlFlowGraph(local, cancellation), local.DeclaringSyntaxReferences.Length > 0 ? local.DeclaringSyntaxReferences[0].GetSyntax(cancellation) : null);
            }

            foreach (var lambda in outer.Blocks.SelectMany(Operations).OfType<IFlowAnonymousFunctionOperation>())
            {
                Add(outer.GetAnonymousFunctionControlFlowGraph(lambda, cancellation), lambda.Syntax);
            }
        }

        void Add(ControlFlowGraph inner, SyntaxNode? syntax)
        {
            if (syntax is not null && functions.TryGetValue(syntax, out var function))
            {
                found.Add(new BodyGraph(function, inner));
                Nested(inner);
            }
        }
    }

    /// <summary>The operations of a block in the order in which they are evaluated: what an operation is made of comes before it.</summary>
    public static IEnumerable<IOperation> Operations(BasicBlock block)
    {
        foreach (var statement in block.Operations)
        {
            foreach (var operation in Evaluated(statement))
            {
                yield return operation;
            }
        }

        if (block.BranchValue is { } value)
        {
            foreach (var operation in Evaluated(value))
            {
                yield return operation;
            }
        }
    }

    // Without recursion: a concatenation may be thousands of operands deep.
    private static IEnumerable<IOperation> Evaluated(IOperation statement)
    {
        var pending = new Stack<(IOperation Operation, bool IsOpened)>();
        pending.Push((statement, false));
        while (pending.Count > 0)
        {
            var (operation, isOpened) = pending.Pop();
            if (isOpened)
            {
                yield return operation;
                continue;
            }

            pending.Push((operation, true));
            foreach (var child in operation.ChildOperations.Reverse())
            {
                pending.Push((child, false));
            }
        }
    }

    /// <summary>The function around an operation: a lambda, a local function, or the root.</summary>
    public static IOperation FunctionOf(IOperation operation)
    {
        var at = operation;
        while (at.Parent is { } parent)
        {
            at = parent;
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return at;
            }
        }

        return at;
    }
}
