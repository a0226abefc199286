using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>A condition that holds where an operation runs.</summary>
/// <param name="Condition">The condition, as it is written.</param>
/// <param name="Holds">Whether it is true there, or false.</param>
internal readonly record struct Guard(IOperation Condition, bool Holds);

/// <summary>The conditions under which operations run, and which of them exclude each other.</summary>
internal static class Guards
{
    /// <summary>The conditions around an operation in its function: ifs, conditional expressions, and the exits before it.</summary>
    public static IReadOnlyList<Guard> Of(IOperation operation)
    {
        var guards = new List<Guard>();
        for (var at = operation; at.Parent is { } parent && at is not (IAnonymousFunctionOperation or ILocalFunctionOperation); at = parent)
        {
            if (parent is IConditionalOperation condition && at != condition.Condition)
            {
                Add(condition.Condition, at == condition.WhenTrue, guards);
            }
            else if (parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } both && at == both.RightOperand)
            {
                Add(both.LeftOperand, both.OperatorKind == BinaryOperatorKind.ConditionalAnd, guards);
            }
            else if (parent is ICoalesceOperation coalesce && at == coalesce.WhenNull)
            {
                // A value that is not there, as a condition that does not hold.
                guards.Add(new Guard(coalesce.Value, false));
            }
            else if (parent is IBlockOperation block)
            {
                foreach (var before in block.Operations.TakeWhile(statement => statement != at))
                {
                    // if (done) return;
                    if (before is IConditionalOperation { WhenFalse: null } exit && Leaves(exit.WhenTrue))
                    {
                        Add(exit.Condition, false, guards);
                    }
                }
            }
        }

        return guards;
    }

    /// <summary>Whether no run can meet both lists of conditions, as far as their texts tell.</summary>
    public static bool Exclude(IReadOnlyList<Guard> left, IReadOnlyList<Guard> right)
    {
        foreach (var one in left)
        {
            foreach (var other in right)
            {
                var (subject, value, holds) = Read(one);
                var (otherSubject, otherValue, otherHolds) = Read(other);
                if (subject is not null && subject == otherSubject && (value == otherValue ? holds != otherHolds : holds && otherHolds && value is not null && otherValue is not null))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a condition says that a call changed, or gave, nothing: <c>rows == 0</c>, <c>!updated</c>, <c>id is null</c>.</summary>
    public static bool SaysNothingHit(IReadOnlyList<Guard> guards, IOperation call) => guards.Any(guard => SaysNothing(guard.Condition, guard.Holds, call));

    /// <summary>Whether one of the conditions, that is none of the others, asks the database and found nothing: <c>!await shop.Users.AnyAsync()</c>.</summary>
    public static bool FoundNothing(IReadOnlyList<Guard> guards, IReadOnlyList<Guard> others, IFlowFacts facts) => guards.Any(guard =>
        others.All(other => other.Condition.Syntax != guard.Condition.Syntax) &&
        guard.Condition.DescendantsAndSelf().Any(part => part is IInvocationOperation call && facts.ExecutionOf(call) is { Reads: true, Writes: false } && SaysNothing(guard.Condition, guard.Holds, call)));

    private static bool SaysNothing(IOperation condition, bool holds, IOperation call)
    {
        condition = HoleValues.Strip(condition);
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return SaysNothing(not.Operand, !holds, call);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, RightOperand.ConstantValue: { HasValue: true, Value: bool wanted } } flag:
                return SaysNothing(flag.LeftOperand, holds == (wanted == (flag.OperatorKind == BinaryOperatorKind.Equals)), call);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, LeftOperand.ConstantValue: { HasValue: true, Value: null or 0 or 0L } } turned when ComesFrom(turned.RightOperand, call):
                return holds == (turned.OperatorKind == BinaryOperatorKind.Equals);
            case IBinaryOperation { LeftOperand: var left, RightOperand: var right, OperatorKind: var kind } when ComesFrom(left, call):
                var number = right.ConstantValue is { HasValue: true, Value: var constant } ? constant is null ? 0 : constant as int? ?? (constant is long big ? (int)big : null) : null;
                return (kind, number) switch
                {
                    (BinaryOperatorKind.Equals, 0) or (BinaryOperatorKind.LessThanOrEqual, 0) or (BinaryOperatorKind.LessThan, 1) => holds,
                    (BinaryOperatorKind.NotEquals, 0 or 1) or (BinaryOperatorKind.GreaterThan, 0) or (BinaryOperatorKind.GreaterThanOrEqual, 1) => kind == BinaryOperatorKind.NotEquals && number == 1 ? holds : !holds,
                    (BinaryOperatorKind.Equals, 1) => !holds,
                    _ => false,
                };
            case IIsPatternOperation { Value: var value, Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null or 0 } } } when ComesFrom(value, call):
                return holds;
            case IIsPatternOperation { Value: var value, Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null or 0 } } } } when ComesFrom(value, call):
                return !holds;
            default:
                return !holds && ComesFrom(condition, call);
        }
    }

    // The value is what the call gave, or a variable that took it.
    private static bool ComesFrom(IOperation value, IOperation call)
    {
        value = HoleValues.Strip(value);
        while ((value switch
        {
            IPropertyReferenceOperation { Instance: { } owner } property when CollectionMembers.TellsPresence(property.Property.Name) => owner,
            IInvocationOperation { TargetMethod: { Name: var name, Parameters.Length: var count, IsExtensionMethod: var isExtension } } measure when count == (isExtension ? 1 : 0) && CollectionMembers.TellsPresence(name) => measure.Instance ?? EfQueries.FirstArgument(measure),
            _ => null,
        }) is { } measured)
        {
            value = HoleValues.Strip(measured);
        }

        return value.DescendantsAndSelf().Any(part => part.Syntax == call.Syntax) || (value is ILocalReferenceOperation local && IsGiven(local, call));
    }

    private static bool IsGiven(ILocalReferenceOperation local, IOperation call)
    {
        for (var at = call; at is not null && at is not (IBlockOperation or IAnonymousFunctionOperation); at = at.Parent)
        {
            if (at is IVariableDeclaratorOperation declarator && SymbolEqualityComparer.Default.Equals(declarator.Symbol, local.Local))
            {
                return true;
            }

            if (at is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } && SymbolEqualityComparer.Default.Equals(target.Local, local.Local))
            {
                return true;
            }
        }

        return false;
    }

    private static void Add(IOperation condition, bool holds, List<Guard> guards)
    {
        condition = HoleValues.Strip(condition);
        if (condition is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not)
        {
            Add(not.Operand, !holds, guards);
        }
        else if (condition is IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } and && holds)
        {
            Add(and.LeftOperand, true, guards);
            Add(and.RightOperand, true, guards);
        }
        else if (condition is IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } or && !holds)
        {
            Add(or.LeftOperand, false, guards);
            Add(or.RightOperand, false, guards);
        }
        else
        {
            guards.Add(new Guard(condition, holds));
        }
    }

    // The subject of a condition, the constant that it is compared with (null for a plain boolean), and whether they are equal. No subject where it is not simple.
    private static (string? Subject, string? Value, bool Holds) Read(Guard guard) => guard.Condition switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, RightOperand.ConstantValue: { HasValue: true, Value: bool wanted } } flag =>
            Read(new Guard(HoleValues.Strip(flag.LeftOperand), guard.Holds == (wanted == (flag.OperatorKind == BinaryOperatorKind.Equals)))),
        IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool wanted } } } flag when flag.Value.Type?.SpecialType == SpecialType.System_Boolean =>
            Read(new Guard(HoleValues.Strip(flag.Value), guard.Holds == wanted)),
        // n <= 0 is that n > 0 does not hold.
        IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.LessThan } comparison when IsSimple(comparison) =>
            ($"{comparison.LeftOperand.Syntax} {(comparison.OperatorKind == BinaryOperatorKind.LessThan ? ">=" : ">")} {comparison.RightOperand.Syntax}", null, !guard.Holds),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.GreaterThan } comparison when IsSimple(comparison) =>
            ($"{comparison.LeftOperand.Syntax} {(comparison.OperatorKind == BinaryOperatorKind.GreaterThan ? ">" : ">=")} {comparison.RightOperand.Syntax}", null, guard.Holds),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison when TextOf(comparison.RightOperand) is { } value && IsSimple(comparison.LeftOperand) =>
            (comparison.LeftOperand.Syntax.ToString(), value, guard.Holds == (comparison.OperatorKind == BinaryOperatorKind.Equals)),
        IIsPatternOperation { Pattern: IConstantPatternOperation pattern } match when TextOf(pattern.Value) is { } value && IsSimple(match.Value) => (match.Value.Syntax.ToString(), value, guard.Holds),
        IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation pattern } } match when TextOf(pattern.Value) is { } value && IsSimple(match.Value) =>
            (match.Value.Syntax.ToString(), value, !guard.Holds),
        _ => (IsSimple(guard.Condition) ? guard.Condition.Syntax.ToString() : null, null, guard.Holds),
    };

    private static string? TextOf(IOperation value) => HoleValues.Strip(value).ConstantValue is { HasValue: true } constant ? constant.Value?.ToString() ?? "null" : null;

    // Made of variables and constants alone.
    private static bool IsSimple(IOperation value) => value.DescendantsAndSelf().All(part =>
        part is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation or ILiteralOperation or IConversionOperation or
            IInstanceReferenceOperation or IBinaryOperation or IConditionalAccessOperation or IConditionalAccessInstanceOperation or IArgumentOperation or
            IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType.SpecialType: SpecialType.System_String } });

    /// <summary>Whether a branch ends with a way out.</summary>
    public static bool Leaves(IOperation branch) => branch switch
    {
        IBlockOperation { Operations: { Length: > 0 } operations } => Leaves(operations[operations.Length - 1]),
        IReturnOperation or IThrowOperation or IBranchOperation => true,
        IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };
}
