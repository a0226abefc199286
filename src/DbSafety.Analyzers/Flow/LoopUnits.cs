using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Whether each iteration of a loop is a unit of its own by design, so that its writes must not be put together.</summary>
internal static class LoopUnits
{
    /// <summary>Whether each iteration has its own transaction.</summary>
    public static bool HasTransaction(LoopRegion region) =>
        region.Body.Any(HasTransaction);

    /// <summary>Whether a body begins a transaction.</summary>
    public static bool HasTransaction(IOperation body) => body.Descendants().Any(part =>
        part is IInvocationOperation call ? DbMemberTable.BeginsTransaction(call.TargetMethod.Name) : part is IObjectCreationOperation { Type.Name: "TransactionScope" });

    /// <summary>Whether a failure of the operation concerns its iteration alone: it is caught in the loop, and the loop goes on.</summary>
    public static bool SwallowsFailure(IOperation operation, LoopRegion region)
    {
        for (IOperation child = operation; child.Parent is { } parent && !region.Body.Contains(child); child = parent)
        {
            if (parent is ITryOperation attempt && child == attempt.Body && attempt.Catches.Any(handler => !Rethrows(handler.Handler)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the operation runs every so many iterations: <c>if (++i % 100 == 0)</c>, <c>if (batch.Count >= size)</c>.</summary>
    public static bool IsCounted(IOperation operation, LoopRegion region, LoopData data)
    {
        for (IOperation child = operation; child.Parent is { } parent && !region.Body.Contains(child); child = parent)
        {
            if (parent is IConditionalOperation condition && child != condition.Condition && condition.Condition.DescendantsAndSelf().Any(part => IsCount(part, data)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCount(IOperation part, LoopData data) => part switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Remainder } => true,
        IIncrementOrDecrementOperation => true,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.Equals } comparison =>
            IsCounter(comparison.LeftOperand, data),
        _ => false,
    };

    private static bool IsCounter(IOperation value, LoopData data)
    {
        value = HoleValues.Strip(value);
        return value is IPropertyReferenceOperation { Property.Name: "Count" or "Length", Instance: { Type.SpecialType: not SpecialType.System_String } collection } && LoopData.RootOf(collection) is { } list && data.Changing.Contains(list)
            || (value is ILocalReferenceOperation { Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } local && data.Changing.Contains(local.Local));
    }

    /// <summary>Whether an iteration does something to the outside world: a message sent, a request, a file; what is written down after it must not wait.</summary>
    public static bool HasForeignEffect(IOperation operation, LoopRegion region, IFlowFacts facts, CancellationToken cancellation)
    {
        foreach (var body in region.Body)
        {
            foreach (var part in body.Descendants())
            {
                if (part is IAwaitOperation awaited && HoleValues.Strip(awaited.Operation) is var awaitedValue && Unconfigured(awaitedValue) is { } call && call != operation && !(call.Instance is not null && call.Instance == region.Source) && IsForeign(call, facts, cancellation))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the member waits, between two places, for something that is no business of the database: another service, a delegate, what nobody sees.</summary>
    public static bool WaitsBetween(IOperation first, IOperation second, IFlowFacts facts, CancellationToken cancellation)
    {
        var (start, end) = (first.Syntax.Span.End, second.Syntax.SpanStart);
        return HoleValues.RootOf(first).Descendants().Any(part => part is IAwaitOperation awaited && part.Syntax.SpanStart >= start && part.Syntax.Span.End <= end &&
            Unconfigured(HoleValues.Strip(awaited.Operation)) is { } call && (call.TargetMethod.MethodKind == MethodKind.DelegateInvoke || IsForeign(call, facts, cancellation)));
    }

    /// <summary>Whether anything in a loop may write to the database: a write, or a call of which nobody knows what it does.</summary>
    public static bool MayWrite(LoopRegion region, IFlowFacts facts, CancellationToken cancellation)
    {
        foreach (var body in region.Body)
        {
            foreach (var part in body.Descendants())
            {
                if (part is not IInvocationOperation call)
                {
                    continue;
                }

                if (facts.ExecutionOf(call) is { } execution)
                {
                    if (execution.Writes || execution.IsUnknown || !execution.Reads)
                    {
                        return true;
                    }
                }
                else if (!Invariants.IsHarmless(call, facts.Apis) && !IsLibrary(call.TargetMethod) && !facts.SummaryOf(call.TargetMethod, cancellation).IsPureRead && !IsSimple(call.TargetMethod))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // The base class library does not know the user's database; collections, writers and loggers neither.
    private static bool IsLibrary(IMethodSymbol method) =>
        method.ContainingNamespace?.ToDisplayString() is { } space && (space.StartsWith("System", StringComparison.Ordinal) || space.StartsWith("Microsoft.Extensions.Logging", StringComparison.Ordinal));

    // A static method that gets no service can't reach the database unless it makes a connection; a method of a record or plain object hardly.
    private static bool IsSimple(IMethodSymbol method) => !method.DeclaringSyntaxReferences.IsEmpty && method is { IsAsync: false, IsAbstract: false } && (method.IsStatic || method.ContainingType.IsRecord || method.ContainingType.IsValueType);

    /// <summary>The methods that a body waits for.</summary>
    public static IEnumerable<IMethodSymbol> AwaitedIn(IOperation body, IFlowFacts facts)
    {
        foreach (var part in body.Descendants())
        {
            // Who returns a task lets the caller wait for it.
            if (WaitedFor(part, body) is { } task && Unconfigured(HoleValues.Strip(task)) is { } call && facts.ExecutionOf(call) is null && !Invariants.IsHarmless(call, facts.Apis))
            {
                yield return (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
            }
        }
    }

    private static IOperation? WaitedFor(IOperation part, IOperation body) => part switch
    {
        IAwaitOperation awaited => awaited.Operation,
        IReturnOperation { ReturnedValue: { } value } when TaskMembers.IsTask(value.Type) && BodyGraph.FunctionOf(part) == BodyGraph.FunctionOf(body) => value,
        _ => null,
    };

    /// <summary>Whether a method without a body in sight may do something outside: not the database, not a computation.</summary>
    public static bool MayReachOutside(IMethodSymbol method)
    {
        var space = method.ContainingNamespace?.ToDisplayString() ?? "";
        return space.StartsWith("System.Net", StringComparison.Ordinal) || space.StartsWith("System.IO", StringComparison.Ordinal) ||
            (!space.StartsWith("System", StringComparison.Ordinal) && !DbApiTable.IsWithinEf(space) &&
            !DbApiTable.IsDapperNamespace(space));
    }

    private static IInvocationOperation? Unconfigured(IOperation value) =>
        value is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } inner } ? HoleValues.Strip(inner) as IInvocationOperation : value as IInvocationOperation;

    private static bool IsForeign(IInvocationOperation call, IFlowFacts facts, CancellationToken cancellation)
    {
        if (facts.ExecutionOf(call) is not null || facts.SummaryOf(call.TargetMethod, cancellation).Runs || Invariants.IsHarmless(call, facts.Apis))
        {
            return false;
        }

        // A method of this compilation tells by its body; an interface that nobody here implements, and a library, tell nothing.
        return facts.ReachesOutside(call.TargetMethod, cancellation);
    }

    private static bool Rethrows(IOperation handler) => handler is IBlockOperation { Operations: { Length: > 0 } operations } &&
        operations[operations.Length - 1] is IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } or IReturnOperation or IBranchOperation { BranchKind: BranchKind.Break };
}
