using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Text;

/// <summary>What a condition tells about the values in it: that one is of a closed set of texts.</summary>
internal sealed class ClosedSets(ITextFacts facts, IValueScope scope)
{
    private const int MaxDepth = 60;

    private readonly Dictionary<ValueKey, SqlRope> _nothing = [];

    /// <summary>The variables that hold a closed text where a condition has a certain outcome.</summary>
    public Dictionary<ValueKey, SqlRope> When(IOperation condition, bool outcome, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            return _nothing;
        }

        condition = HoleValues.Strip(condition);
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return When(not.Operand, !outcome, depth + 1);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } and:
                return Combine(and, outcome, all: outcome, depth);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } or:
                return Combine(or, outcome, all: !outcome, depth);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, RightOperand.ConstantValue: { HasValue: true, Value: bool known } } test:
                return When(test.LeftOperand, (test.OperatorKind == BinaryOperatorKind.Equals ? known : !known) == outcome, depth + 1);
            case IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool expected } } } test:
                return When(test.Value, expected == outcome, depth + 1);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals when outcome:
                return Equal(equals.LeftOperand, equals.RightOperand);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } differs when !outcome:
                return Equal(differs.LeftOperand, differs.RightOperand);
            case IBinaryOperation { LeftOperand: IInvocationOperation { TargetMethod.Name: "IndexOf" } indexOf } comparison
                when IsFound(comparison, outcome):
                return OfCall(indexOf, depth);
            case IIsPatternOperation pattern:
                return OfPattern(pattern, outcome);
            case IInvocationOperation call when outcome:
                return OfCall(call, depth);
            default:
                return _nothing;
        }
    }

    private static bool IsFound(IBinaryOperation comparison, bool outcome) => (comparison.OperatorKind, comparison.RightOperand.ConstantValue.Value) switch
    {
        (BinaryOperatorKind.GreaterThanOrEqual, 0) or (BinaryOperatorKind.GreaterThan, -1) or (BinaryOperatorKind.NotEquals, -1) => outcome,
        (BinaryOperatorKind.LessThan, 0) => !outcome,
        _ => false,
    };

    private Dictionary<ValueKey, SqlRope> Combine(IBinaryOperation operation, bool outcome, bool all, int depth)
    {
        var left = When(operation.LeftOperand, outcome, depth + 1);
        var right = When(operation.RightOperand, outcome, depth + 1);
        if (left.Count == 0 || right.Count == 0)
        {
            return !all ? _nothing : left.Count == 0 ? right : left;
        }

        var result = new Dictionary<ValueKey, SqlRope>();
        foreach (var pair in left)
        {
            if (right.TryGetValue(pair.Key, out var other))
            {
                result[pair.Key] = all ? pair.Value : SqlRope.OneOf([pair.Value, other]);
            }
            else if (all)
            {
                result[pair.Key] = pair.Value;
            }
        }

        if (all)
        {
            foreach (var pair in right)
            {
                if (!result.ContainsKey(pair.Key))
                {
                    result[pair.Key] = pair.Value;
                }
            }
        }

        return result;
    }

    private Dictionary<ValueKey, SqlRope> Equal(IOperation left, IOperation right) =>
        Key(left) is { } key && Text(right) is { IsClosed: true } text ? One(key, text)
        : Key(right) is { } other && Text(left) is { IsClosed: true } constant ? One(other, constant)
        : _nothing;

    private SqlRope? Text(IOperation value) =>
        HoleValues.Strip(value).Type?.SpecialType == SpecialType.System_String ? new SqlTextBuilder(facts, scope).Build(value) : null;

    // The variable that a guard looks at, also through ToLower() and the like.
    private static ValueKey? Key(IOperation value)
    {
        value = HoleValues.Strip(value);
        if (value is IDeclarationExpressionOperation declaration)
        {
            value = declaration.Expression;
        }

        while (value is IInvocationOperation
            {
                Instance: { } instance,
                TargetMethod: { ContainingType.SpecialType: SpecialType.System_String, Name: "ToLower" or "ToLowerInvariant" or "ToUpper" or "ToUpperInvariant" or "Trim" },
            })
        {
            value = HoleValues.Strip(instance);
        }

        return value.Type?.SpecialType == SpecialType.System_String ? ValueKey.Of(value) : null;
    }

    private Dictionary<ValueKey, SqlRope> OfPattern(IIsPatternOperation operation, bool outcome)
    {
        if (Key(operation.Value) is not { } key)
        {
            return _nothing;
        }

        var pattern = operation.Pattern;
        while (pattern is INegatedPatternOperation negated)
        {
            pattern = negated.Pattern;
            outcome = !outcome;
        }

        return outcome && OfPattern(pattern) is { } text ? One(key, text) : _nothing;
    }

    /// <summary>The text of a value that matches a pattern of constants, or null.</summary>
    public SqlRope? OfPattern(IOperation pattern)
    {
        switch (pattern)
        {
            case IConstantPatternOperation constant:
                return new SqlTextBuilder(facts, scope).Build(constant.Value);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } or:
                return OfPattern(or.LeftPattern) is { } left && OfPattern(or.RightPattern) is { } right ? SqlRope.OneOf([left, right]) : null;
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } and:
                return OfPattern(and.LeftPattern) ?? OfPattern(and.RightPattern);
            default:
                return null;
        }
    }

    private Dictionary<ValueKey, SqlRope> OfCall(IInvocationOperation call, int depth)
    {
        switch (call.TargetMethod.Name)
        {
            case "Contains" or "ContainsKey" or "TryGetValue" or "Exists" or "IndexOf":
                return OfContains(call);
            case "Equals" when call.Instance is { } instance && call.Arguments.Length > 0:
                return Equal(instance, call.Arguments[0].Value);
            case "Equals" when call.Arguments.Length > 1:
                return Equal(call.Arguments[0].Value, call.Arguments[1].Value);
            case "IsMatch":
                return OfRegex(call);
            case "All" when call.Arguments.Length == 2 && Key(call.Arguments[0].Value) is { } key && ChecksCharacters(call.Arguments[1]):
                return One(key, Closed(call.Arguments[0].Value));
            default:
                return OfPredicate(call, depth);
        }
    }

    private static bool ChecksCharacters(IArgumentOperation predicate)
    {
        foreach (var operation in predicate.Descendants())
        {
            if (operation is IInvocationOperation { TargetMethod: { Name: "IsLetterOrDigit" or "IsAsciiLetterOrDigit" or "IsLetter" or "IsDigit" or "IsAsciiLetter" or "IsAsciiDigit" } } or
                IMethodReferenceOperation { Method.Name: "IsLetterOrDigit" or "IsAsciiLetterOrDigit" or "IsLetter" or "IsDigit" or "IsAsciiLetter" or "IsAsciiDigit" })
            {
                return true;
            }
        }

        return false;
    }

    private Dictionary<ValueKey, SqlRope> OfContains(IInvocationOperation call)
    {
        var values = call.Arguments.OrderBy(argument => argument.Parameter?.Ordinal ?? 0).Select(argument => argument.Value).ToList();
        var collection = call.Instance;
        if (collection is null && values.Count > 0)
        {
            collection = values[0];
            values.RemoveAt(0);
        }

        if (collection is null || values.Count == 0)
        {
            return _nothing;
        }

        collection = HoleValues.Strip(collection);
        var result = new Dictionary<ValueKey, SqlRope>();
        if (call.TargetMethod.Name == "TryGetValue" && values.Count > 1 && Key(values[1]) is { } found &&
            ConstantCollections.Elements(collection, keys: false, facts, scope) is { Count: > 0 } texts)
        {
            result[found] = SqlRope.OneOf(texts);
        }

        if (Key(values[0]) is { } key && AllowedBy(collection, values[0]) is { } allowed)
        {
            result[key] = allowed;
        }

        return result;
    }

    // What a value is that a collection contains, or null where the collection itself may hold anything.
    private SqlRope? AllowedBy(IOperation collection, IOperation value)
    {
        if (ConstantCollections.Elements(collection, keys: true, facts, scope) is { Count: > 0 } elements)
        {
            return SqlRope.OneOf(elements);
        }

        // A list that the code keeps or computes is an allow-list too, unless it came in with the request.
        var isOwn = collection.Type?.SpecialType == SpecialType.System_String
            ? new SqlTextBuilder(facts, scope).Build(collection).IsClosed
            : Root(collection) is not (IParameterReferenceOperation { Parameter.ContainingSymbol: not IMethodSymbol { MethodKind: MethodKind.Constructor } });
        return isOwn ? Closed(value) : null;
    }

    private static IOperation Root(IOperation value)
    {
        while (true)
        {
            switch (HoleValues.Strip(value))
            {
                case IMemberReferenceOperation { Instance: { } instance }:
                    value = instance;
                    break;
                case IInvocationOperation { Instance: { } instance }:
                    value = instance;
                    break;
                case { } root:
                    return root;
            }
        }
    }

    private Dictionary<ValueKey, SqlRope> OfRegex(IInvocationOperation call)
    {
        IOperation? input = null;
        IOperation? pattern = null;
        foreach (var argument in call.Arguments)
        {
            switch (argument.Parameter?.Name)
            {
                case "input":
                    input = argument.Value;
                    break;
                case "pattern":
                    pattern = argument.Value;
                    break;
            }
        }

        if (input is null || Key(input) is not { } key)
        {
            return _nothing;
        }

        if (pattern is null && call.Instance is { } regex)
        {
            var source = HoleValues.Strip(regex);
            if (source is IMemberReferenceOperation member && facts.InitializerOf(member.Member) is { } initializer)
            {
                source = HoleValues.Strip(initializer);
            }

            pattern = source is IObjectCreationOperation { Arguments: { Length: > 0 } arguments } ? arguments[0].Value : null;
            if (source is IInvocationOperation generated && PatternOf(generated.TargetMethod) is { } text)
            {
                return IsStrict(text) ? One(key, Closed(input)) : _nothing;
            }
        }

        var known = pattern is null ? null : new SqlTextBuilder(facts, scope).Build(pattern).ConstantText;
        return known is null || IsStrict(known) ? One(key, Closed(input)) : _nothing;
    }

    private static string? PatternOf(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "GeneratedRegexAttribute" && attribute.ConstructorArguments.Length > 0 &&
                attribute.ConstructorArguments[0].Value is string pattern)
            {
                return pattern;
            }
        }

        return null;
    }

    /// <summary>Whether a pattern lets nothing pass but words: anchored at both ends, no wildcard, no negated class, no white space.</summary>
    internal static bool IsStrict(string pattern)
    {
        if (!(pattern.StartsWith("^", StringComparison.Ordinal) || pattern.StartsWith("\\A", StringComparison.Ordinal)) ||
            !(pattern.EndsWith("$", StringComparison.Ordinal) || pattern.EndsWith("\\z", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                if (pattern[++i] is not ('w' or 'd' or '.' or '-' or 'A' or 'z' or 'Z' or '_'))
                {
                    return false;
                }
            }
            else if (c == '[' && i + 1 < pattern.Length && pattern[i + 1] == '^')
            {
                return false;
            }
            else if (!char.IsLetterOrDigit(c) && "_-[](){}+*?|^$,:".IndexOf(c) < 0)
            {
                return false;
            }
        }

        return true;
    }

    // bool IsAllowed(string name) => Allowed.Contains(name)
    private Dictionary<ValueKey, SqlRope> OfPredicate(IInvocationOperation call, int depth)
    {
        var method = call.TargetMethod;
        if (method.ReturnType.SpecialType != SpecialType.System_Boolean)
        {
            return _nothing;
        }

        if (facts.InitializerOf(method) is { } returned)
        {
            var inner = When(returned, outcome: true, depth + 10);
            var result = new Dictionary<ValueKey, SqlRope>();
            foreach (var argument in call.Arguments)
            {
                if (argument.Parameter is { } parameter && Key(argument.Value) is { } key &&
                    inner.TryGetValue(ValueKey.Of(parameter.OriginalDefinition), out var text))
                {
                    result[key] = text;
                }
            }

            return result;
        }

        var name = method.Name;
        if (name.StartsWith("IsValid", StringComparison.Ordinal) || name.StartsWith("IsAllowed", StringComparison.Ordinal) || name.StartsWith("IsSafe", StringComparison.Ordinal))
        {
            foreach (var argument in call.Arguments)
            {
                if (Key(argument.Value) is { } key)
                {
                    return One(key, Closed(argument.Value));
                }
            }
        }

        return _nothing;
    }

    private static SqlRope Closed(IOperation value) => SqlRope.Of(new HolePiece(HoleValues.Strip(value), value.Syntax, HoleValue.Closed));

    private static Dictionary<ValueKey, SqlRope> One(ValueKey key, SqlRope text) => new() { [key] = text };
}
