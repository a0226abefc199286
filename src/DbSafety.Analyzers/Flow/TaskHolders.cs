using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What becomes of the task that a call returns, and which delegates run at the same time.</summary>
internal static class TaskHolders
{
    /// <summary>
    /// Whether a call's task is, for certain, left running where the call stands, and the variable that holds it (or the collection), if one does.
    /// </summary>
    public static (bool IsStarted, ISymbol? Holder) Of(IInvocationOperation call)
    {
        IOperation at = call;
        while (true)
        {
            switch (at.Parent)
            {
                case IConversionOperation or IParenthesizedOperation or IArrayInitializerOperation or IArrayCreationOperation or IObjectOrCollectionInitializerOperation:
                    at = at.Parent;
                    continue;
                case IObjectCreationOperation creation when creation.Initializer == at:
                    at = creation;
                    continue;
                case IInvocationOperation outer when outer.Instance == at && TaskMembers.Configures(outer.TargetMethod.Name):
                    at = outer;
                    continue;
                case IExpressionStatementOperation:
                    return (TaskMembers.IsTask(at.Type), null);
                case ISimpleAssignmentOperation { Target: IDiscardOperation }:
                    return (true, null);
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return (true, declarator.Symbol);
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target, Parent: IExpressionStatementOperation } assignment when assignment.Value == at:
                    return (true, target.Local);
                case IArgumentOperation { Parent: IInvocationOperation outer } when TaskMembers.WaitsForMany(outer.TargetMethod):
                    return (true, null);
                case IArgumentOperation { Parent: IInvocationOperation outer } when ConnectionMembers.AddsTask(outer.TargetMethod.Name):
                    switch (outer.Instance)
                    {
                        case ILocalReferenceOperation collection:
                            return (true, collection.Local);
                        case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }:
                            at = outer;
                            continue;
                        default:
                            return (false, null);
                    }

                default:
                    return (false, null);
            }
        }
    }

    /// <summary>Whether a mention of a collection only adds a task to it.</summary>
    public static bool IsAddedTo(ILocalReferenceOperation reference) =>
        reference.Parent is IInvocationOperation call && call.Instance == reference && ConnectionMembers.AddsTask(call.TargetMethod.Name);

    /// <summary>Whether a variable is declared in a loop: another one in each iteration.</summary>
    public static bool IsDeclaredIn(ISymbol? holder, IOperation loop) => holder is not null &&
        holder.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == loop.Syntax.SyntaxTree && loop.Syntax.Span.Contains(reference.Span));

    /// <summary>The <c>Select</c> whose tasks a call such as <c>Task.WhenAll</c> waits for, or null.</summary>
    public static IInvocationOperation? SelectIn(IInvocationOperation call)
    {
        if (call.Arguments.Length != 1)
        {
            return null;
        }

        var value = HoleValues.Strip(call.Arguments[0].Value);
        for (var step = 0; step < 3; step++)
        {
            switch (value)
            {
                case ILocalReferenceOperation local when EfQueries.InitialValue(local) is { } initial:
                    value = HoleValues.Strip(initial);
                    break;
                case IInvocationOperation kept when ConnectionMembers.KeepsTasks(kept.TargetMethod.Name) && EfQueries.FirstArgument(kept) is { } source:
                    value = HoleValues.Strip(source);
                    break;
                case IInvocationOperation select when TaskMembers.MakesTasks(select.TargetMethod):
                    return select;
                default:
                    return null;
            }
        }

        return value is IInvocationOperation last && TaskMembers.MakesTasks(last.TargetMethod) ? last : null;
    }

    /// <summary>The function among the arguments of a call, or null.</summary>
    public static IAnonymousFunctionOperation? FunctionOf(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (HoleValues.Strip(argument.Value) is IDelegateCreationOperation { Target: IAnonymousFunctionOperation function })
            {
                return function;
            }
        }

        return null;
    }

    /// <summary>The operations of a function, without those of functions in it.</summary>
    public static IEnumerable<IOperation> Own(IOperation function)
    {
        foreach (var child in function.ChildOperations)
        {
            if (child is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                continue;
            }

            foreach (var inner in Own(child))
            {
                yield return inner;
            }

            if (child is IInvocationOperation or IForEachLoopOperation)
            {
                yield return child;
            }
        }
    }

    /// <summary>Whether options that are passed may let only one element in at a time.</summary>
    public static bool MayBeLimited(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (!TaskMembers.IsParallelOptions(argument.Parameter?.Type))
            {
                continue;
            }

            var options = HoleValues.Strip(argument.Value);
            options = options is ILocalReferenceOperation local && EfQueries.InitialValue(local) is { } initial ? HoleValues.Strip(initial) : options;
            if (options is not IObjectCreationOperation creation)
            {
                return true;
            }

            foreach (var assignment in creation.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>() ?? [])
            {
                if (assignment.Target is IPropertyReferenceOperation property && TaskMembers.LimitsParallelism(property.Property.Name))
                {
                    return assignment.Value.ConstantValue is not { HasValue: true, Value: int and not 1 };
                }
            }
        }

        return false;
    }
}
