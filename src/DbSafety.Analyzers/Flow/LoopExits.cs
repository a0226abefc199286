using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>How loops end: of themselves, because of an answer, or right after the first time.</summary>
internal static class LoopExits
{
    /// <summary>Whether the loop is left right after an operation, so that it runs at most once: <c>return await Load(id);</c>, <c>.. break;</c>, a handler.</summary>
    public static bool RunsOnce(IOperation operation, LoopRegion region)
    {
        if (region.Kind == LoopKind.Recursion)
        {
            return false;
        }

        var leaves = false;
        var isInDelegate = false;
        for (IOperation child = operation; child.Parent is { } parent && !region.Body.Contains(child); child = parent)
        {
            switch (parent)
            {
                case IAnonymousFunctionOperation:
                    // What returns from a delegate does not leave the loop.
                    leaves = false;
                    isInDelegate = true;
                    break;
                case ICatchClauseOperation:
                    return true;
                case IReturnOperation { Kind: OperationKind.Return } when region.Kind is not LoopKind.Delegate:
                case IThrowOperation:
                case IBlockOperation block when LeavesBehind(block, child, region):
                case ISwitchCaseOperation section when section.Body.SkipWhile(statement => statement != child).Any(statement => Leaves(statement, region)):
                    leaves = true;
                    break;
            }
        }

        return leaves || (!isInDelegate && LeavesAtEnd(operation, region));
    }

    private static bool LeavesAtEnd(IOperation operation, LoopRegion region)
    {
        return region.Body.Any(body => body is IBlockOperation block && operation.Syntax.SyntaxTree == block.Syntax.SyntaxTree && block.Syntax.Span.Contains(operation.Syntax.Span) &&
            block.Operations.Any(statement => statement.Syntax.SpanStart >= operation.Syntax.Span.End && Leaves(statement, region)) && region.Kind is not LoopKind.Delegate);
    }

    private static bool LeavesBehind(IBlockOperation block, IOperation child, LoopRegion region)
    {
        var isBehind = false;
        foreach (var statement in block.Operations)
        {
            if (isBehind && Leaves(statement, region))
            {
                return true;
            }

            isBehind |= statement == child;
        }

        return false;
    }

    private static bool Leaves(IOperation statement, LoopRegion region) => statement switch
    {
        IReturnOperation { Kind: OperationKind.Return or OperationKind.YieldBreak } => region.Kind != LoopKind.Delegate,
        IBranchOperation { BranchKind: BranchKind.Break } branch => IsOf(branch, region),
        IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };

    /// <summary>Whether the answer of an operation decides if the loop goes on.</summary>
    public static bool DependsOn(IOperation operation, LoopRegion region, LoopData data)
    {
        var results = data.ResultsOf(operation);
        foreach (var body in region.Body)
        {
            // The condition, or the step.
            if (body is not IBlockOperation && region.Kind is LoopKind.While or LoopKind.For && body != LoopBody(region) && IsAbout(body, operation, results))
            {
                return true;
            }
        }

        // What the loop goes through grows with the answers: a work list.
        if (region.Source is { } source && LoopData.RootOf(source) is { } list && results.Contains(list))
        {
            return true;
        }

        if (region.Kind is LoopKind.Delegate or LoopKind.Recursion)
        {
            return region.Kind == LoopKind.Recursion && (Recursions.DependOn(results, operation, region) || ReturnsEarly(operation, region, results));
        }

        foreach (var body in region.Body)
        {
            foreach (var exit in body.DescendantsAndSelf())
            {
                if (exit is IReturnOperation { Kind: OperationKind.Return or OperationKind.YieldBreak } or IBranchOperation { BranchKind: BranchKind.Break or BranchKind.GoTo } &&
                    !(exit is IBranchOperation branch && !IsOf(branch, region)) && IsDecidedBy(exit, region, operation, results))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether an operator, or one behind it that asks it for elements, stops at the first that suits: <c>ids.Select(Load).FirstOrDefault(..)</c>.</summary>
    public static bool StopsEarly(IInvocationOperation call)
    {
        for (IOperation at = call; ;)
        {
            if (at is IInvocationOperation { TargetMethod: { } method })
            {
                if (DbMemberTable.StopsEarly(method.Name))
                {
                    return true;
                }

                if (!DbMemberTable.Streams(method.Name))
                {
                    return false;
                }
            }

            switch (at.Parent)
            {
                case IConversionOperation or IParenthesizedOperation:
                    at = at.Parent;
                    break;
                case IArgumentOperation { Parameter.Ordinal: 0, Parent: IInvocationOperation { TargetMethod.IsExtensionMethod: true } next }:
                    at = next;
                    break;
                default:
                    return false;
            }
        }
    }

    /// <summary>Whether an operation runs in some iterations only.</summary>
    public static bool IsConditional(IOperation operation, LoopRegion region)
    {
        for (IOperation child = operation; child.Parent is { } parent && !region.Body.Contains(child); child = parent)
        {
            switch (parent)
            {
                case IConditionalOperation condition when child != condition.Condition:
                case ISwitchCaseOperation or ISwitchExpressionArmOperation or ICatchClauseOperation or ICoalesceOperation or ICoalesceAssignmentOperation or IConditionalAccessOperation:
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } logical when child == logical.RightOperand:
                    return true;
                case IBlockOperation block when block.Operations.TakeWhile(statement => statement != child).Any(SkipsRest):
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether the loop waits, as one that polls or is throttled does.</summary>
    public static bool Waits(LoopRegion region) => region.Body.Any(body => body.Descendants().Any(part =>
        part is IInvocationOperation { TargetMethod: { Name: var name, ContainingNamespace: { } space } } && DbMemberTable.Waits(name) && space.ToDisplayString().StartsWith("System.Threading", StringComparison.Ordinal)
        && !name.StartsWith("Wait", StringComparison.Ordinal)));

    private static bool SkipsRest(IOperation statement) => statement is IConditionalOperation && statement.Descendants().Any(part => part is IBranchOperation { BranchKind: BranchKind.Continue });

    private static IOperation? LoopBody(LoopRegion region) => (region.Operation as ILoopOperation)?.Body;

    private static bool IsOf(IBranchOperation branch, LoopRegion region)
    {
        if (branch.BranchKind == BranchKind.GoTo)
        {
            return true;
        }

        for (var at = branch.Parent; at is not null; at = at.Parent)
        {
            if (at is ILoopOperation or ISwitchOperation)
            {
                return at == region.Operation;
            }
        }

        return false;
    }

    // if (row is null) return; Visit(node.Next): the answer ends the recursion.
    private static bool ReturnsEarly(IOperation operation, LoopRegion region, HashSet<ISymbol> results) => region.Operation.Descendants().Any(part =>
        part is IReturnOperation { Kind: OperationKind.Return } exit && IsDecidedBy(exit, region, operation, results));

    internal static bool IsDecidedBy(IOperation exit, LoopRegion region, IOperation operation, HashSet<ISymbol> results)
    {
        for (IOperation child = exit; child.Parent is { } parent && !region.Body.Contains(child); child = parent)
        {
            switch (parent)
            {
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
                case IConditionalOperation condition when child != condition.Condition && IsAbout(condition.Condition, operation, results):
                case ISwitchOperation selection when IsAbout(selection.Value, operation, results):
                    return true;
            }
        }

        return false;
    }

    private static bool IsAbout(IOperation condition, IOperation operation, HashSet<ISymbol> results) =>
        LoopData.Mentions(condition, results) || condition.DescendantsAndSelf().Any(part => part == operation);
}
