using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>
/// What a body certainly does at the database. "At least once per call" is decided by the structure: what stands behind a condition does not count, except
/// where every branch does it; a path that only refuses its arguments, or throws, does not speak against it. A cache in front does.
/// </summary>
internal sealed class CallSummaries
{
    private const DbEffects Kinds = DbEffects.Reads | DbEffects.Writes | DbEffects.SavesChanges;

    private readonly IFlowFacts _facts;
    private readonly Func<IMethodSymbol, bool> _isCandidate;
    private readonly CancellationToken _cancellation;

    private CallSummaries(IFlowFacts facts, Func<IMethodSymbol, bool> isCandidate, CancellationToken cancellation)
    {
        _facts = facts;
        _isCandidate = isCandidate;
        _cancellation = cancellation;
    }

    /// <summary>Reads a body, once: what it certainly does, in terms of what the methods that it calls do.</summary>
    /// <param name="body">The root operation of the method.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="isCandidate">Whether a method may go to the database at all.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static BodyEffects Of(IOperation body, IFlowFacts facts, Func<IMethodSymbol, bool> isCandidate, CancellationToken cancellation)
    {
        var summaries = new CallSummaries(facts, isCandidate, cancellation);
        var does = summaries.Must(body);
        if (does != Does.Nothing && LoopUnits.HasTransaction(body))
        {
            // Whoever calls it for each element has a unit for each element.
            does = does.AsUnit();
        }

        return new BodyEffects(does, does == Does.Nothing ? null : summaries.PureIf(body), LoopUnits.AwaitedIn(body, facts).ToImmutableArray());
    }

    private Does Must(IOperation? operation)
    {
        _cancellation.ThrowIfCancellationRequested();
        switch (operation)
        {
            case null:
            case IAnonymousFunctionOperation:
            case ILocalFunctionOperation:
            case ICatchClauseOperation:
            case INameOfOperation:
                return Does.Nothing;
            case IMethodBodyOperation method:
                return Must(method.BlockBody ?? method.ExpressionBody);
            case IBlockOperation block:
                return MustOf(block.Operations);
            case IConditionalOperation condition:
                return Must(condition.Condition).Then(Both(condition.WhenTrue, condition.WhenFalse));
            case ISwitchExpressionOperation selection:
                return Must(selection.Value).Then(AllOf(selection.Arms.Select(arm => arm.Value)));
            case ISwitchOperation selection:
                var hasDefault = selection.Cases.Any(section => section.Clauses.Any(clause => clause.CaseKind == CaseKind.Default));
                return Must(selection.Value).Then(hasDefault ? AllOf(selection.Cases.Select(section => (IOperation)section)) : Does.Nothing);
            case ISwitchCaseOperation section:
                return MustOf(section.Body);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } logical:
                return Must(logical.LeftOperand);
            case ICoalesceOperation coalesce:
                return Must(coalesce.Value);
            case ICoalesceAssignmentOperation coalesce:
                return Must(coalesce.Target);
            case IConditionalAccessOperation access:
                return Must(access.Operation);
            case IForEachLoopOperation loop:
                return Must(loop.Collection).Then(Own(loop));
            case IForLoopOperation loop:
                return MustOf(loop.Before);
            case IWhileLoopOperation loop:
                return loop.ConditionIsTop ? Must(loop.Condition) : Must(loop.Body).Then(Must(loop.Condition));
            case ITryOperation attempt:
                // A failure that is swallowed concerns this call alone: its writes must not be put together with others.
                var tried = Must(attempt.Body);
                return (attempt.Catches.All(handler => Refuses(handler.Handler)) ? tried : tried.AsUnit()).Then(Must(attempt.Finally));
            case IReturnOperation { Kind: OperationKind.YieldReturn }:
                return Does.Nothing;
            case IInvocationOperation call:
                return OfCall(call);
            default:
                return MustOf(operation.ChildOperations);
        }
    }

    private Does MustOf(IEnumerable<IOperation> operations)
    {
        var found = Does.Nothing;
        foreach (var operation in operations)
        {
            found = found.Then(Must(operation));
            if (MayLeave(operation))
            {
                break;
            }
        }

        return found;
    }

    private Does OfCall(IInvocationOperation call)
    {
        var found = Does.Nothing;
        foreach (var child in call.ChildOperations)
        {
            found = found.Then(Must(child));
        }

        // Task.Run(() => ..): what is done once is done here.
        foreach (var argument in call.Arguments)
        {
            if (HoleValues.Strip(argument.Value) is IDelegateCreationOperation { Target: IAnonymousFunctionOperation function } && LoopRegions.CallerOf(function) is (not null, false))
            {
                found = found.Then(Must(function.Body));
            }
        }

        return found.Then(Own(call));
    }

    private Does Own(IOperation operation)
    {
        if (_facts.ExecutionOf(operation) is { } execution)
        {
            return (execution.Effects & Kinds) == DbEffects.None || !execution.IsCertain ? Does.Nothing : new Does.Run(execution.Effects & Kinds, execution);
        }

        return operation is IInvocationOperation { TargetMethod: var method } && _isCandidate(method) ? new Does.Call((method.ReducedFrom ?? method).OriginalDefinition) : Does.Nothing;
    }

    private Does Both(IOperation? whenTrue, IOperation? whenFalse) =>
        Refuses(whenTrue) ? Must(whenFalse) : Refuses(whenFalse) ? Must(whenTrue) : whenTrue is null || whenFalse is null ? Does.Nothing : Must(whenTrue).Or(Must(whenFalse));

    private Does AllOf(IEnumerable<IOperation> branches)
    {
        Does? all = null;
        foreach (var branch in branches)
        {
            if (!Refuses(branch))
            {
                var found = Must(branch);
                all = all is null ? found : all.Or(found);
            }
        }

        return all ?? Does.Nothing;
    }

    // A branch that always throws.
    private static bool Refuses(IOperation? branch) => branch switch
    {
        IBlockOperation { Operations: { Length: > 0 } operations } => Refuses(operations[operations.Length - 1]),
        IThrowOperation => true,
        IConversionOperation { Operand: IThrowOperation } => true,
        IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };

    // A statement after which the rest may not run: it returns under a condition, unless the condition only looks at the arguments.
    private static bool MayLeave(IOperation statement)
    {
        if (statement is IReturnOperation or IBranchOperation or IThrowOperation)
        {
            return true;
        }

        foreach (var operation in statement.DescendantsAndSelf())
        {
            if (operation is IReturnOperation && !IsIn(operation, statement) && !IsGuarded(operation, statement))
            {
                return true;
            }
        }

        return false;
    }

    // Inside a delegate of the statement.
    private static bool IsIn(IOperation operation, IOperation statement)
    {
        for (var at = operation.Parent; at is not null && at != statement; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return true;
            }
        }

        return statement is ILocalFunctionOperation;
    }

    private static bool IsGuarded(IOperation returned, IOperation statement) =>
        statement is IConditionalOperation { WhenFalse: null } condition && OnlyLooksAtArguments(condition.Condition) && returned != statement;

    private static bool OnlyLooksAtArguments(IOperation condition)
    {
        foreach (var operation in condition.DescendantsAndSelf())
        {
            switch (operation)
            {
                case ILocalReferenceOperation or IFieldReferenceOperation { Field.IsConst: false, Field.IsReadOnly: false } or IAwaitOperation:
                    return false;
                case IInvocationOperation call when call.TargetMethod is not { IsStatic: true, ContainingType.SpecialType: SpecialType.System_String } &&
                    !(call.TargetMethod.IsExtensionMethod && call.Arguments.Length == 1):
                    return false;
                case IPropertyReferenceOperation { Instance: IInstanceReferenceOperation }:
                    return false;
            }
        }

        return true;
    }

    // All that happens is reading, and values that are made of the arguments: the methods of which that must be true as well, or null where it is not true here.
    private ImmutableArray<IMethodSymbol>? PureIf(IOperation body)
    {
        var callees = ImmutableArray.CreateBuilder<IMethodSymbol>();
        foreach (var operation in body.Descendants())
        {
            switch (operation)
            {
                case IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } }:
                case IPropertyReferenceOperation property when !Invariants.IsStable(property):
                    return null;
                case IInvocationOperation call when _facts.ExecutionOf(call) is { } execution:
                    if (!Invariants.IsRepeatable(execution))
                    {
                        return null;
                    }

                    break;
                case IInvocationOperation call when !Invariants.IsHarmless(call, _facts.Apis):
                    if (!_isCandidate(call.TargetMethod))
                    {
                        return null;
                    }

                    callees.Add((call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition);
                    break;
            }
        }

        return callees.ToImmutable();
    }
}
