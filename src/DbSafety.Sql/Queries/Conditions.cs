using System.Collections.Immutable;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Queries;

/// <content>Conditions as one relation sees them: keys left, negations pushed down, what is constant folded away.</content>
internal sealed partial class StatementReading
{
    // Answers of Convert beside a condition.
    private static readonly Condition Always = new OtherCondition(default, ImmutableArray<string>.Empty);
    private static readonly Condition Never = new OtherCondition(default, ImmutableArray<string>.Empty);

    private Condition? FilterOf(Relation relation)
    {
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        foreach (var expression in relation.Conditions.OrderBy(condition => condition.Span.Start))
        {
            var condition = Convert(expression, isNegated: false, relation);
            if (condition is AllOf all)
            {
                conditions.AddRange(all.Conditions);
            }
            else if (ReferenceEquals(condition, Never))
            {
                relation.IsUncertain = true;
            }
            else if (!ReferenceEquals(condition, Always))
            {
                conditions.Add(condition);
            }
        }

        return conditions.Count switch
        {
            0 => null,
            1 => conditions[0],
            _ => new AllOf(SqlSpan.FromBounds(conditions.Min(condition => condition.Span.Start), conditions.Max(condition => condition.Span.End)), conditions.ToImmutable()),
        };
    }

    /// <summary>Takes AND apart, also what becomes AND when NOT is pushed down, and the forms that PostgreSQL writes as equalities.</summary>
    private void Flatten(List<SqlExpression> conditions)
    {
        var rest = new Stack<SqlExpression>(Enumerable.Reverse(conditions));
        conditions.Clear();
        while (rest.Count > 0)
        {
            Work();
            var next = rest.Pop();
            switch (next)
            {
                case LogicalExpression { IsAnd: true } all:
                    PushAll(all.Conditions);
                    break;
                case UnaryExpression { Operator: "NOT", Operand: UnaryExpression { Operator: "NOT" } twice }:
                    rest.Push(twice.Operand);
                    break;
                case UnaryExpression { Operator: "NOT", Operand: LogicalExpression { IsAnd: false } any }:
                    PushAll(any.Conditions.Select(SqlExpression (condition) => new UnaryExpression(condition.Span, "NOT", condition)).ToImmutableArray());
                    break;
                case UnaryExpression { Operator: "NOT", Operand: BinaryExpression { Operator: "<>" } different }:
                    rest.Push(different with { Operator = "=" });
                    break;
                case BinaryExpression { Operator: "=", Left: RowExpression left, Right: RowExpression right } when left.Items.Length == right.Items.Length:
                    PushAll(left.Items.Select(SqlExpression (item, i) => new BinaryExpression(next.Span, "=", item, right.Items[i])).ToImmutableArray());
                    break;
                case InExpression { Query: null, IsNegated: false, IsNegationUnknown: false, Items.Length: 1 } within when within.Items[0] is not (ParameterExpression or HoleExpression):
                    rest.Push(new BinaryExpression(within.Span, "=", within.Operand, within.Items[0]));
                    break;
                default:
                    conditions.Add(next);
                    break;
            }
        }

        void PushAll(ImmutableArray<SqlExpression> parts)
        {
            for (var i = parts.Length - 1; i >= 0; i--)
            {
                rest.Push(parts[i]);
            }
        }
    }

    /// <summary>The value of a condition of constants; null where it is not known, or none. NULL counts as false.</summary>
    private static bool? Fold(SqlExpression condition)
    {
        switch (condition)
        {
            case LiteralExpression { Kind: LiteralKind.Boolean, Type: null, Text: { } text }:
                return text.Equals("true", StringComparison.OrdinalIgnoreCase);
            case LiteralExpression { Kind: LiteralKind.Null }:
                return false;
            case UnaryExpression { Operator: "NOT", Operand: LiteralExpression { Kind: LiteralKind.Boolean } constant }:
                return !Fold(constant);
            case BinaryExpression { Operator: "=" or "<>", Left: LiteralExpression { Type: null, Text: { } left } one, Right: LiteralExpression { Type: null, Text: { } right } two } binary when one.Kind == two.Kind:
                return one.Kind == LiteralKind.Null ? false
                    : left == right ? binary.Operator == "="
                    : one.Kind is LiteralKind.String || (one.Kind == LiteralKind.Number && long.TryParse(left, out var a) && long.TryParse(right, out var b) && a != b) ? binary.Operator == "<>"
                    : null;
            default:
                return null;
        }
    }

    private Condition Convert(SqlExpression expression, bool isNegated, Relation relation)
    {
        Work();
        if (_gaveUp)
        {
            return Always;
        }

        if (Fold(expression) is { } constant)
        {
            return constant != isNegated ? Always : Never;
        }

        switch (expression)
        {
            case HoleExpression or UnknownExpression:
                return new UnknownCondition(expression.Span);
            case LogicalExpression logical:
                return ConvertAll(logical.Conditions, logical.IsAnd != isNegated, expression.Span, isNegated, relation);
            case UnaryExpression { Operator: "NOT" } not:
                return Convert(not.Operand, !isNegated, relation);
        }

        var facts = FactsOf(expression);
        if (!facts.Relations.Contains(relation))
        {
            // Nothing about this relation: in OR an arm that may be true, whatever the row.
            return new OtherCondition(expression.Span, ImmutableArray<string>.Empty);
        }

        return expression switch
        {
            BinaryExpression binary => ConvertBinary(binary, isNegated, relation),
            BetweenExpression { IsSymmetric: false, IsNegationUnknown: false } between => ConvertAll(
                ImmutableArray.Create<SqlExpression>(new BinaryExpression(between.Span, ">=", between.Operand, between.Low), new BinaryExpression(between.Span, "<=", between.Operand, between.High)),
                between.IsNegated == isNegated, between.Span, between.IsNegated != isNegated, relation),
            InExpression { Query: null, IsNegationUnknown: false } within => ConvertIn(within, within.IsNegated != isNegated, relation),
            LikeExpression { IsNegationUnknown: false } like => ConvertLike(like, isNegated, relation),
            IsExpression test => ConvertIs(test, test.IsNegated != isNegated, relation),
            QuantifiedExpression quantified => ConvertQuantified(quantified, isNegated, relation),
            _ => ConvertBoolean(expression, isNegated, relation),
        };
    }

    private Condition ConvertAll(ImmutableArray<SqlExpression> parts, bool isAnd, SqlSpan span, bool isNegated, Relation relation)
    {
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        foreach (var part in parts)
        {
            var condition = Convert(part, isNegated, relation);
            if (ReferenceEquals(condition, isAnd ? Never : Always))
            {
                return condition;
            }

            // In AND a part about others restricts nothing here.
            if (ReferenceEquals(condition, isAnd ? Always : Never) || (isAnd && condition is OtherCondition { Columns.IsEmpty: true } && !FactsOf(part).Relations.Contains(relation)))
            {
                continue;
            }

            switch (condition)
            {
                case AllOf all when isAnd:
                    conditions.AddRange(all.Conditions);
                    break;
                case AnyOf any when !isAnd:
                    conditions.AddRange(any.Conditions);
                    break;
                default:
                    conditions.Add(condition);
                    break;
            }
        }

        return conditions.Count switch
        {
            // All that was here is about others, or always true.
            0 => isAnd ? parts.Any(part => FactsOf(part).Relations.Count > 0 || Fold(part) is null) ? new OtherCondition(span, ImmutableArray<string>.Empty) : Always : Never,
            1 => conditions[0],
            _ => isAnd ? new AllOf(span, conditions.ToImmutable()) : new AnyOf(span, conditions.ToImmutable()),
        };
    }

    private Condition ConvertBinary(BinaryExpression binary, bool isNegated, Relation relation)
    {
        if (binary is { Left: RowExpression left, Right: RowExpression right } && left.Items.Length == right.Items.Length && binary.Operator != "OVERLAPS")
        {
            return ConvertRows(binary, left, right, isNegated, relation);
        }

        var op = isNegated ? Negate(binary.Operator) : binary.Operator;
        if (op is null || binary.Operator.Length == 0)
        {
            return Other(binary, relation);
        }

        // PostgreSQL's simplify_boolean_equality.
        if (op is "=" or "<>" && FactsOf(binary.Left) is { Type: "boolean" } && binary.Right is LiteralExpression { Kind: LiteralKind.Boolean })
        {
            return Convert(binary.Left, Fold(binary.Right)!.Value != (op == "="), relation);
        }

        if (op is "=" or "<>" && FactsOf(binary.Right) is { Type: "boolean" } && binary.Left is LiteralExpression { Kind: LiteralKind.Boolean })
        {
            return Convert(binary.Right, Fold(binary.Left)!.Value != (op == "="), relation);
        }

        if (ToKey(binary.Left, relation) is { } key)
        {
            return FactsOf(binary.Right).Relations.Contains(relation) && !FactsOf(binary.Right).HasUnknownColumn
                ? Other(binary, relation)
                : Compare(binary.Span, key, op, ToValue(binary.Right, relation));
        }

        return ToKey(binary.Right, relation) is { } turned && Turn(op) is { } opposite && (!FactsOf(binary.Left).Relations.Contains(relation) || FactsOf(binary.Left).HasUnknownColumn)
            ? Compare(binary.Span, turned, opposite, ToValue(binary.Left, relation))
            : Other(binary, relation);
    }

    private static Comparison Compare(SqlSpan span, QueryKey key, string op, params QueryValue[] values) => new(span, ImmutableArray.Create(key), op, ImmutableArray.Create(values));

    private Condition ConvertRows(BinaryExpression binary, RowExpression left, RowExpression right, bool isNegated, Relation relation)
    {
        switch (binary.Operator)
        {
            case "=" or "<>":
                var pairs = left.Items.Select(SqlExpression (item, i) => new BinaryExpression(binary.Span, "=", item, right.Items[i])).ToImmutableArray();
                var isDifferent = (binary.Operator == "<>") != isNegated;
                return ConvertAll(pairs, !isDifferent, binary.Span, isDifferent, relation);
            case "<" or "<=" or ">" or ">=" when !isNegated:
                return Rows(left, right, binary.Operator) ?? Rows(right, left, Turn(binary.Operator)!) ?? Other(binary, relation);
            default:
                return Other(binary, relation);
        }

        Comparison? Rows(RowExpression keys, RowExpression values, string op)
        {
            var found = keys.Items.Select(item => ToKey(item, relation)).ToList();
            return found.Any(key => key is null) || values.Items.Any(item => FactsOf(item).Relations.Contains(relation))
                ? null
                : new Comparison(binary.Span, found.Select(key => key!).ToImmutableArray(), op, values.Items.Select(item => ToValue(item, relation)).ToImmutableArray());
        }
    }

    private Condition ConvertIn(InExpression within, bool isNegated, Relation relation)
    {
        if (within.Items.IsEmpty)
        {
            // IN {list}
            return ToKey(within.Operand, relation) is { } searched
                ? Compare(within.Span, searched, isNegated ? "NOT IN" : "IN", new QueryValue(QueryValueKind.Unknown, within.ListSpan))
                : new UnknownCondition(within.Span);
        }

        if (within.Operand is RowExpression || within.Items.Any(item => item is not ParameterExpression && FactsOf(item).Relations.Count > 0))
        {
            // Rows, and lists with columns: one comparison after the other.
            var parts = within.Items.Select(SqlExpression (item) => new BinaryExpression(within.Span, "=", within.Operand, item)).ToImmutableArray();
            return ConvertAll(parts, isNegated, within.Span, isNegated, relation);
        }

        if (ToKey(within.Operand, relation) is not { } key)
        {
            return Other(within, relation);
        }

        return within.Items.Length == 1 && within.Items[0] is not (ParameterExpression or HoleExpression)
            ? Compare(within.Span, key, isNegated ? "<>" : "=", ToValue(within.Items[0], relation))
            : Compare(within.Span, key, isNegated ? "NOT IN" : "IN", within.Items.Select(item => ToValue(item, relation)).ToArray());
    }

    private Condition ConvertLike(LikeExpression like, bool isNegated, Relation relation)
    {
        var op = like.Operator switch { "SIMILAR TO" => "~", "NOT SIMILAR TO" => "!~", var other => other };
        op = isNegated ? Negate(op)! : op;
        if (ToKey(like.Operand, relation) is not { } key || FactsOf(like.Pattern).Relations.Contains(relation))
        {
            return Other(like, relation);
        }

        // ESCAPE and SIMILAR TO make another pattern of the one that is written.
        var value = ToValue(like.Pattern, relation);
        return Compare(like.Span, key, op, (like.Escape is not null || op is "~" or "!~") && value.Kind is QueryValueKind.Constant or QueryValueKind.Parameter
            ? value with { Kind = QueryValueKind.Stable, Text = null }
            : value);
    }

    private Condition ConvertIs(IsExpression test, bool isNegated, Relation relation)
    {
        switch (test.Test)
        {
            case "NULL" when test.Operand is not RowExpression && ToKey(test.Operand, relation) is { } key:
                return Compare(test.Span, key, isNegated ? "IS NOT NULL" : "IS NULL");
            case "TRUE" or "FALSE" when !isNegated && FactsOf(test.Operand).Type == "boolean" && test.Operand is ColumnReference && ToKey(test.Operand, relation) is { } key:
                return Compare(test.Span, key, "=", Boolean(test.Test == "TRUE", test.Span));
            case "":
                return new UnknownCondition(test.Span);
            default:
                return Other(test, relation);
        }
    }

    private Condition ConvertQuantified(QuantifiedExpression quantified, bool isNegated, Relation relation)
    {
        var (op, isAll) = (quantified.Operator, quantified.IsAll);
        if (isNegated)
        {
            if (Negate(op) is not { } negated)
            {
                return Other(quantified, relation);
            }

            (op, isAll) = (negated, !isAll);
        }

        var array = quantified.Right;
        if (FactsOf(array).HasSubquery && array is SubqueryExpression { Kind: SubqueryKind.Scalar })
        {
            return Other(quantified, relation);
        }

        if (ToKey(quantified.Left, relation) is { } key && !FactsOf(array).Relations.Contains(relation))
        {
            // ANY over ARRAY[..] is IN: PostgreSQL makes one of the other.
            var list = array is CastExpression { Operand: ArrayExpression inner } ? inner : array as ArrayExpression;
            var elementType = array is CastExpression { Type.Name: { } type } && type.EndsWith("[]", StringComparison.Ordinal) ? type.Substring(0, type.Length - 2) : null;
            if (list is { Items.IsEmpty: false } && ((op == "=" && !isAll) || (op == "<>" && isAll)) && list.Items.All(item => item is not ArrayExpression && FactsOf(item).Relations.Count == 0))
            {
                var values = list.Items.Select(item => ToValue(item, relation)).Select(value => elementType is null ? value : value with { Type = elementType }).ToArray();
                return Compare(quantified.Span, key, isAll ? "NOT IN" : "IN", values);
            }

            return Compare(quantified.Span, key, op + (isAll ? " ALL" : " ANY"), ToValue(array, relation) with { IsArray = true });
        }

        return op == "=" && !isAll && ToKey(array, relation) is { } arrayKey && !FactsOf(quantified.Left).Relations.Contains(relation)
            ? Compare(quantified.Span, arrayKey, "ANY =", ToValue(quantified.Left, relation))
            : Other(quantified, relation);
    }

    /// <summary>A boolean column, or a function that gives a boolean: an index may have it as its key.</summary>
    private Condition ConvertBoolean(SqlExpression expression, bool isNegated, Relation relation) =>
        expression is ColumnReference or FunctionCall or CaseExpression or CastExpression or IndirectionExpression or UnaryExpression or CollateExpression && ToKey(expression, relation) is { } key
            ? Compare(expression.Span, key, "=", Boolean(!isNegated, expression.Span))
            : Other(expression, relation);

    private static QueryValue Boolean(bool value, SqlSpan span) => new(QueryValueKind.Constant, span) { Text = value ? "true" : "false", Type = "boolean" };

    /// <summary>A condition that no index is searched with; not understood, where a hole or a column without a table is in it.</summary>
    private Condition Other(SqlExpression expression, Relation relation)
    {
        var facts = FactsOf(expression);
        return facts.HasHole || facts.HasUnknownColumn ? new UnknownCondition(expression.Span) : new OtherCondition(expression.Span, ColumnsOf(expression, relation));
    }

    /// <summary>The operator that is true where another one is false (pg_operator.oprnegate).</summary>
    private static string? Negate(string op) => op switch
    {
        "=" => "<>",
        "<>" => "=",
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        ">=" => "<",
        "IS DISTINCT FROM" => "IS NOT DISTINCT FROM",
        "IS NOT DISTINCT FROM" => "IS DISTINCT FROM",
        "~" => "!~",
        "!~" => "~",
        "~*" => "!~*",
        "!~*" => "~*",
        "LIKE" => "NOT LIKE",
        "NOT LIKE" => "LIKE",
        "ILIKE" => "NOT ILIKE",
        "NOT ILIKE" => "ILIKE",
        _ => null,
    };

    /// <summary>The operator for the operands the other way round (pg_operator.oprcom).</summary>
    private static string? Turn(string op) => op switch
    {
        "=" or "<>" or "IS DISTINCT FROM" or "IS NOT DISTINCT FROM" or "&&" or "-|-" or "@@" => op,
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        "@>" => "<@",
        "<@" => "@>",
        "<<" => ">>",
        ">>" => "<<",
        _ => null,
    };
}
