using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Whether something around a piece of code may run it again when it failed.</summary>
internal sealed class TransactionRetries
{
    // Callers of callers of callers: nobody looks further by hand either.
    private const int MaxCallers = 4;

    private readonly ITransactionFacts _facts;
    private readonly bool _countsLoops;
    private readonly CancellationToken _cancellation;

    /// <summary>Makes a look.</summary>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="countsLoops">Whether loops and handlers count, or execution strategies and what nobody knows alone.</param>
    /// <param name="cancellation">Ends the look.</param>
    public TransactionRetries(ITransactionFacts facts, bool countsLoops, CancellationToken cancellation)
    {
        _facts = facts;
        _countsLoops = countsLoops;
        _cancellation = cancellation;
    }

    /// <summary>Whether an operation may be run again: a strategy, a loop with a handler, a caller with one, a delegate given to who knows whom.</summary>
    public bool MayBeRetried(IOperation operation) => MayBeRetried(operation, 0);

    private bool MayBeRetried(IOperation operation, int depth)
    {
        _cancellation.ThrowIfCancellationRequested();
        for (var at = operation; at.Parent is { } parent; at = parent)
        {
            switch (parent)
            {
                case ITryOperation attempt when _countsLoops && attempt.Body == at && Handles(attempt):
                    return true;
                case ILoopOperation loop when _countsLoops && loop.Body == at && IsTriedIn(loop, operation):
                    return true;
                case IAnonymousFunctionOperation lambda:
                    if (LoopRegions.CallerOf(lambda).Call is not { } caller)
                    {
                        return !IsEndpoint(lambda);
                    }

                    if (RetryMembers.RunsInStrategy(caller.TargetMethod))
                    {
                        return true;
                    }

                    parent = caller;
                    break;
                case ILocalFunctionOperation local:
                    return AnyCallerMay(local.Symbol, operation, depth);
            }
        }

        var symbol = operation.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart);
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
        {
            symbol = symbol.ContainingSymbol;
        }

        return symbol is IMethodSymbol method && AnyCallerMay(method, operation, depth);
    }

    private bool AnyCallerMay(IMethodSymbol method, IOperation inside, int depth)
    {
        if (depth >= MaxCallers || _facts.Retries.Runs(method) || IsPassedOn(method, inside))
        {
            return true;
        }

        var calls = _facts.CallsOf(method, _cancellation);
        return calls.Count == 0
            ? _countsLoops && (_facts.HasPipelineTransaction || _facts.Apis.ReferencedAssemblies.Any(assembly => RetryMembers.IsRetryLibrary(assembly.Name)))
            : calls.Any(call => MayBeRetried(call, depth + 1));
    }

    // A loop that goes on after the error, or a handler that knows of conflicts.
    private static bool Handles(ITryOperation attempt) => attempt.Catches.Length > 0 &&
        (attempt.Catches.Any(IsOfConflict) || LoopRegions.Around(attempt).Any(region => IsRepeated(region, attempt)));

    // One element after the other is no repetition, unless the first success is the last.
    private static bool IsRepeated(LoopRegion region, ITryOperation attempt) => region.Kind switch
    {
        LoopKind.Delegate => false,
        LoopKind.ForEach => attempt.Body.Operations.LastOrDefault() is IReturnOperation or IBranchOperation { BranchKind: BranchKind.Break },
        _ => true,
    };

    // The transaction begins before the try, and ends with the round.
    private static bool IsTriedIn(ILoopOperation loop, IOperation begin) => loop.Body.Descendants().OfType<ITryOperation>().Any(attempt =>
        attempt.Syntax.SpanStart > begin.Syntax.SpanStart && BodyGraph.FunctionOf(attempt) == BodyGraph.FunctionOf(begin) && LoopRegions.Around(attempt).FirstOrDefault()?.Operation.Syntax == loop.Syntax && Handles(attempt));

    /// <summary>Whether a handler names a conflict of two transactions.</summary>
    public static bool IsOfConflict(ICatchClauseOperation handler) => handler.Descendants().Any(RetryMembers.NamesConflict);

    private static bool IsEndpoint(IAnonymousFunctionOperation lambda)
    {
        var at = lambda.Parent;
        while (at is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
        {
            at = at.Parent;
        }

        return at is IArgumentOperation { Parent: IInvocationOperation call } && TransactionMembers.MapsEndpoint(call.TargetMethod);
    }

    // policy.ExecuteAsync(SaveAsync): in the same file at least, it is seen.
    private static bool IsPassedOn(IMethodSymbol method, IOperation inside) => inside.Syntax.SyntaxTree.GetRoot().DescendantTokens().Any(token =>
        token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == method.Name && token.Parent is SimpleNameSyntax name && Outer(name) is { Parent: not InvocationExpressionSyntax } outer &&
        outer.Parent is ArgumentSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax && inside.SemanticModel?.GetSymbolInfo(name).Symbol is IMethodSymbol);

    private static SyntaxNode Outer(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
}
