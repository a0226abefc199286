using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>Predicates, as EF Core writes them: with NOT moved inwards, and with C#'s idea of null.</summary>
internal sealed partial class LinqReader
{
    /// <summary>What is certainly not null, as its text, where the conditions that are read now are asked.</summary>
    private sealed class NotNull
    {
        private readonly HashSet<string> _texts = [];

        public NotNull(NotNull? around = null)
        {
            if (around is not null)
            {
                _texts.UnionWith(around._texts);
            }
        }

        public bool Has(SqlPart part) => _texts.Contains(part.ToString());

        public void Note(SqlPart condition)
        {
            const string Suffix = " IS NOT NULL";
            if (condition.ToString() is var text && text.EndsWith(Suffix, StringComparison.Ordinal))
            {
                _texts.Add(text.Substring(0, text.Length - Suffix.Length));
            }
        }
    }

    private NotNull _known = new();

    // Whether a condition of the program itself was left out: then the query that runs may be another one.
    private bool _leftOut;

    private void Conditions(IOperation operation, bool isNegated, List<SqlPart> into, NotNull known)
    {
        operation = Plain(operation);
        if (IsClient(operation))
        {
            if (operation.ConstantValue is { HasValue: true, Value: bool constant })
            {
                if (constant == isNegated)
                {
                    into.Add("FALSE");
                }

                return;
            }

            _leftOut = true;
            return;
        }

        switch (operation)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } not:
                Conditions(not.Operand, !isNegated, into, known);
                return;
            case IBinaryOperation binary when Junction(binary) is { } isAnd:
                if (isAnd != isNegated)
                {
                    Conditions(binary.LeftOperand, isNegated, into, known);
                    Conditions(binary.RightOperand, isNegated, into, known);
                    return;
                }

                var around = _leftOut;
                _leftOut = false;
                var left = new List<SqlPart>();
                var right = new List<SqlPart>();
                Conditions(binary.LeftOperand, isNegated, left, new NotNull(known));
                Conditions(binary.RightOperand, isNegated, right, new NotNull(known));
                into.Add(_leftOut || left.Count == 0 || right.Count == 0 ? SqlPart.Hole.At(operation.Syntax) : SqlPart.Any(SqlPart.All(left), SqlPart.All(right)).At(operation.Syntax));
                _leftOut = around;
                return;
        }

        var outer = _known;
        _known = known;
        var condition = Condition(operation, isNegated);
        _known = outer;
        known.Note(condition);
        into.Add(condition.Site is null ? condition.At(operation.Syntax) : condition);
    }

    // Whether two conditions are joined by AND (true) or OR (false).
    private static bool? Junction(IBinaryOperation binary) => binary.Type?.SpecialType != SpecialType.System_Boolean ? null : binary.OperatorKind switch
    {
        BinaryOperatorKind.ConditionalAnd => true,
        BinaryOperatorKind.ConditionalOr => false,
        BinaryOperatorKind.And when binary.LeftOperand.Type?.SpecialType == SpecialType.System_Boolean => true,
        BinaryOperatorKind.Or when binary.LeftOperand.Type?.SpecialType == SpecialType.System_Boolean => false,
        _ => null,
    };

    private SqlPart Condition(IOperation operation, bool isNegated)
    {
        if (operation is IBinaryOperation { OperatorMethod: null or { ContainingAssembly: not null } } binary && Comparison(binary.OperatorKind) is { } kind)
        {
            return Compare(binary.LeftOperand, binary.RightOperand, kind, isNegated);
        }

        if (operation is IInvocationOperation call && LinqMembers.Of(call.TargetMethod) == LinqMember.Equal && LinqOperators.Of(call.TargetMethod) == LinqOperator.Unknown && Operands(call) is { Count: 2 } operands)
        {
            return Compare(operands[0], operands[1], BinaryOperatorKind.Equals, isNegated);
        }

        if (operation is IConditionalOperation { WhenFalse: { } whenFalse } choice && !IsClient(choice.Condition))
        {
            return SqlPart.Single("CASE WHEN ", All(choice.Condition, false), " THEN ", All(choice.WhenTrue, isNegated), " ELSE ", All(whenFalse, isNegated), " END");
        }

        return AsScalar(Eval(operation)) is { IsClient: false } scalar ? isNegated ? Opposite(scalar) : scalar.Sql : SqlPart.Hole;
    }

    private static SqlPart Opposite(Scalar scalar) => scalar.Opposite ?? SqlPart.Of(SqlRank.Not, "NOT (", scalar.Sql, ")");

    private SqlPart All(IOperation operation, bool isNegated)
    {
        var conditions = new List<SqlPart>();
        var around = _leftOut;
        _leftOut = false;
        Conditions(operation, isNegated, conditions, new NotNull(_known));
        var all = _leftOut || conditions.Count == 0 ? SqlPart.Hole : SqlPart.All(conditions);
        _leftOut = around;
        return all;
    }

    private static BinaryOperatorKind? Comparison(BinaryOperatorKind kind) => kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals or BinaryOperatorKind.LessThan or
        BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual ? kind : null;

    private static BinaryOperatorKind Negated(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Equals => BinaryOperatorKind.NotEquals,
        BinaryOperatorKind.NotEquals => BinaryOperatorKind.Equals,
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThanOrEqual,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThanOrEqual,
        _ => BinaryOperatorKind.LessThan,
    };

    private static string Sign(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Equals => " = ",
        BinaryOperatorKind.NotEquals => " <> ",
        BinaryOperatorKind.LessThan => " < ",
        BinaryOperatorKind.LessThanOrEqual => " <= ",
        BinaryOperatorKind.GreaterThan => " > ",
        _ => " >= ",
    };

    private SqlPart Compare(IOperation leftOperand, IOperation rightOperand, BinaryOperatorKind kind, bool isNegated)
    {
        var isEquality = kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;
        if (isEquality && (IsNull(leftOperand) || IsNull(rightOperand)))
        {
            return CompareNull(Eval(IsNull(leftOperand) ? rightOperand : leftOperand), (kind == BinaryOperatorKind.Equals) != isNegated);
        }

        if (isEquality && BooleanOf(rightOperand) is { } constant)
        {
            return CompareTruth(leftOperand, constant, (kind == BinaryOperatorKind.Equals) != isNegated);
        }

        var left = Eval(leftOperand);
        var right = Eval(rightOperand);
        if (left is Entity or OneRow || right is Entity)
        {
            left = KeyOf(left);
            right = KeyOf(right);
        }

        if (AsScalar(left) is not { } one || AsScalar(right) is not { } other)
        {
            // One side is known at least: what it is compared with is not.
            return AsScalar(left) is { IsClient: false, Compared: null } known ? SqlPart.Of(SqlRank.Comparison, known.Sql.Operand, Sign(isNegated ? Negated(kind) : kind), SqlPart.Hole) : SqlPart.Hole;
        }

        if (one.Compared is { } compared)
        {
            return other.Constant is 0 ? Compare(compared.Left, compared.Right, kind, isNegated) : SqlPart.Hole;
        }

        if (one.Counted is { } counted && other.Constant is 0 && kind == BinaryOperatorKind.GreaterThan && counted() is { } rows)
        {
            var exists = Exists(rows, isNegated, leftOperand);
            return exists.Sql;
        }

        return Compare(one, other, kind, isNegated);
    }

    private SqlPart Compare(Scalar left, Scalar right, BinaryOperatorKind kind, bool isNegated)
    {
        if (left.Compared is not null || right.Compared is not null)
        {
            return SqlPart.Hole;
        }

        left = Adapt(left, right);
        right = Adapt(right, left);
        var leftMissing = left.IsNullable && !left.IsClient && !_known.Has(left.Sql);
        var rightMissing = right.IsNullable && !right.IsClient && !_known.Has(right.Sql);
        SqlPart Plain(BinaryOperatorKind sign) => SqlPart.Of(SqlRank.Comparison, left.Sql.Within(SqlRank.Operator).Operand, Sign(sign), right.Sql.Within(SqlRank.Operator).Operand);
        if (kind is not (BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals))
        {
            return !isNegated ? Plain(kind) : leftMissing || rightMissing ? SqlPart.Single("CASE WHEN ", Plain(kind), " THEN FALSE ELSE TRUE END") : Plain(Negated(kind));
        }

        SqlPart Missing(Scalar scalar, bool isMissing) => SqlPart.Of(SqlRank.Comparison, scalar.Sql.Operand, isMissing ? " IS NULL" : " IS NOT NULL");
        if ((kind == BinaryOperatorKind.Equals) != isNegated)
        {
            return leftMissing && rightMissing ? SqlPart.Any(Plain(BinaryOperatorKind.Equals), SqlPart.All([Missing(left, true), Missing(right, true)]).Operand) : Plain(BinaryOperatorKind.Equals);
        }

        return (leftMissing, rightMissing) switch
        {
            (true, true) => SqlPart.All([SqlPart.Any(Plain(BinaryOperatorKind.NotEquals), Missing(left, true), Missing(right, true)), SqlPart.Any(Missing(left, false), Missing(right, false))]),
            (true, false) => SqlPart.Any(Plain(BinaryOperatorKind.NotEquals), Missing(left, true)),
            (false, true) => SqlPart.Any(Plain(BinaryOperatorKind.NotEquals), Missing(right, true)),
            _ => Plain(BinaryOperatorKind.NotEquals),
        };
    }

    /// <summary>A constant as it stands where a column holds something else than C# does.</summary>
    private Scalar Adapt(Scalar value, Scalar other)
    {
        if (!value.IsConstant || other.Column is not { } column)
        {
            return value;
        }

        if (column.IsEnumText && value.Constant is { } number)
        {
            var type = Underlying(column.ClrType ?? other.Type);
            var member = type?.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, number));
            return value with { Sql = member is null ? "@p" : Literal(member.Name) };
        }

        return column.IsConverted ? value with { Sql = "@p" } : value;
    }

    private SqlPart CompareNull(Shape shape, bool isNull)
    {
        SqlPart suffix = isNull ? " IS NULL" : " IS NOT NULL";
        switch (shape)
        {
            case Json json:
                return SqlPart.Of(SqlRank.Comparison, JsonText(json with { Type = null }).Operand, suffix);
            case Entity { IsOuter: true } when KeyOf(shape) is Scalar key:
                return SqlPart.Of(SqlRank.Comparison, key.Sql, suffix);
            case OneRow row when row.Make() is { } select:
                if (select.Row is not Entity)
                {
                    return SqlPart.Of(SqlRank.Comparison, AsScalar(shape) is { } one ? one.Sql.Operand : SqlPart.Hole, suffix);
                }

                select.Order.Clear();
                select.Limit = select.Limit?.ToString() is "1" or "2" ? null : select.Limit;
                return SqlPart.Of(isNull ? SqlRank.Not : SqlRank.Single, isNull ? "NOT EXISTS (" : "EXISTS (", select.Print("1"), ")");
            case Scalar { IsClient: false } scalar:
                return SqlPart.Of(SqlRank.Comparison, scalar.Sql.Operand, suffix);
            default:
                return SqlPart.Hole;
        }
    }

    private SqlPart CompareTruth(IOperation operand, bool isTrue, bool isEqual)
    {
        var inner = Plain(operand);
        if (inner.Type?.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T)
        {
            return All(inner, isTrue != isEqual);
        }

        if (AsScalar(Eval(inner)) is not { IsClient: false } scalar)
        {
            return SqlPart.Hole;
        }

        // flag == true, flag != true
        return isEqual ? isTrue ? scalar.Sql : SqlPart.Of(SqlRank.Not, "NOT (", scalar.Sql, ")")
            : SqlPart.Any(SqlPart.Of(SqlRank.Comparison, scalar.Sql.Operand, isTrue ? " <> TRUE" : " <> FALSE"), SqlPart.Of(SqlRank.Comparison, scalar.Sql.Operand, " IS NULL"));
    }

    private static bool IsNull(IOperation operation) => HoleValues.Strip(operation).ConstantValue is { HasValue: true, Value: null };

    private static bool? BooleanOf(IOperation operation) => HoleValues.Strip(operation).ConstantValue is { HasValue: true, Value: bool value } ? value : null;

    // Without parentheses, and without what only says that a value may be null.
    private static IOperation Plain(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                case IConversionOperation { OperatorMethod: null, Operand: var operand } conversion when SymbolEqualityComparer.Default.Equals(Underlying(operand.Type), Underlying(conversion.Type)):
                    operation = operand;
                    break;
                default:
                    return operation;
            }
        }
    }
}
