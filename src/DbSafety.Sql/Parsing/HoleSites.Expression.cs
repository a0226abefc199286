using System.Collections.Immutable;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Values: the walk over expressions.</content>
internal sealed partial class HoleSites
{
    private void Visit(SqlExpression expression, Context context, HoleScope scope)
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            return;
        }

        var operand = new Context(Place.Operand);
        switch (expression)
        {
            case HoleExpression hole:
                Add(hole, BareRole(context.Place), context);
                break;
            case LiteralExpression literal:
                if (literal.HasHole)
                {
                    Add(literal, context);
                }

                break;
            case ParenthesizedExpression parens:
                Visit(parens.Operand, context, scope);
                break;
            case LogicalExpression logical:
                VisitAll(logical.Conditions, new Context(Place.Condition), scope);
                break;
            case UnaryExpression unary:
                Visit(unary.Operand, unary.Operator == "NOT" ? new Context(Place.Condition) : operand, scope);
                break;
            case BinaryExpression binary:
                VisitBinary(binary, context, scope);
                break;
            case BetweenExpression between:
                VisitBetween(between, scope);
                break;
            case InExpression list:
                VisitIn(list, scope);
                break;
            case LikeExpression like:
                VisitLike(like, scope);
                break;
            case IsExpression test:
                Visit(test.Operand, new Context((test.Test is "NULL" or "JSON" or "") ? Place.ComparedLeft : Place.Condition), scope);
                break;
            case QuantifiedExpression quantified:
                VisitQuantified(quantified, scope);
                break;
            case CastExpression { IsTypePrefix: true, Operand: HoleExpression typed } cast:
                Add(typed.Hole, HoleRole.Operand, typed.Span, cast.Span, null,
                    context with { Type = cast.Type.Name, HasCast = false, NeedsRewrite = "typed constant" });
                break;
            case CastExpression cast:
                Visit(cast.Operand, context with
                {
                    Place = context.Place is Place.Condition or Place.SelectItem ? Place.Operand : context.Place,
                    Type = cast.Type.Name,
                    HasCast = true,
                }, scope);
                break;
            case CollateExpression collate:
                Visit(collate.Operand, context with { Type = context.Type ?? "text" }, scope);
                break;
            case IndirectionExpression indirection:
                Visit(indirection.Operand, operand, scope);
                VisitAll(indirection.Subscripts, operand, scope);
                break;
            case FunctionCall call:
                VisitCall(call, context, scope);
                break;
            case CaseExpression choice:
                VisitCase(choice, context, scope);
                break;
            case SubqueryExpression subquery:
                VisitQuery(subquery.Query, scope);
                break;
            case RowExpression row:
                VisitAll(row.Items, context.Place == Place.Sort ? context : operand, scope);
                break;
            case ArrayExpression array:
                VisitAll(array.Items, new Context(Place.ArrayElement) { Type = ElementType(context.Type) }, scope);
                break;
            case ColumnReference column when context.Place == Place.Sort:
                MarkSortColumn(column);
                break;
        }

        _depth--;
    }

    private static HoleRole BareRole(Place place) => place switch
    {
        Place.Condition or Place.SelectItem => HoleRole.Clause,
        Place.Sort => HoleRole.SortColumn,
        Place.Limit => HoleRole.Limit,
        Place.ArrayElement => HoleRole.ArrayElement,
        Place.ComparedLeft => HoleRole.BareName,
        Place.InList => HoleRole.InList,
        _ => HoleRole.Operand,
    };

    private static string? ElementType(string? type) =>
        type is not null && type.EndsWith("[]", StringComparison.Ordinal) ? type.Substring(0, type.Length - 2) : null;

    /// <summary><c>ORDER BY t.{col}</c></summary>
    private void MarkSortColumn(ColumnReference column)
    {
        if (!column.HasHole)
        {
            return;
        }

        var last = column.Parts[column.Parts.Length - 1];
        if (last.HasHole && last.Span.Length == 1)
        {
            _marks.Mark(last.Span, HoleRole.SortColumn);
        }
    }

    private static SqlExpression Bare(SqlExpression expression)
    {
        while (expression is ParenthesizedExpression parens)
        {
            expression = parens.Operand;
        }

        return expression;
    }

    private void VisitBinary(BinaryExpression binary, Context context, HoleScope scope)
    {
        // Long chains (a || b || c ..) lean to the left: follow them in a loop.
        SqlExpression left = binary;
        while (left is BinaryExpression { IsComparison: false } next && next.Operator.Length > 0 && !IsMatch(next.Operator) && !TakesColumn(next.Operator))
        {
            Visit(next.Right, OperandOf(next, next.Left, context, scope), scope);
            if (next.Left is not BinaryExpression)
            {
                Visit(next.Left, OperandOf(next, next.Right, context, scope), scope);
            }

            left = next.Left;
        }

        if (left is BinaryExpression comparison && (comparison.IsComparison || comparison.Operator.Length == 0 || IsMatch(comparison.Operator)
            || TakesColumn(comparison.Operator)))
        {
            VisitComparison(comparison, scope);
        }
    }

    /// <summary>Operators between a column and a value of their own type, like a comparison.</summary>
    private static bool TakesColumn(string op) => op is "@>" or "<@" or "&&" or "?" or "?|" or "?&" or "@@" or "@?" or "~=" or "&<" or "&>";

    private static bool IsMatch(string op) => op is "~" or "~*" or "!~" or "!~*" or "~~" or "~~*" or "!~~" or "!~~*";

    private static Context OperandOf(BinaryExpression binary, SqlExpression other, Context context, HoleScope scope)
    {
        switch (binary.Operator)
        {
            case "||":
                return new Context(context.Place == Place.Pattern ? Place.Pattern : Place.Operand)
                {
                    Type = IsJsonOrArray(other) ? null : "text",
                    Column = scope.Resolve(other),
                    Operator = "||",
                };
            case "AT TIME ZONE":
                return new Context(Place.Operand) { Type = ReferenceEquals(other, binary.Left) ? "text" : null };
            case "->>" or "->" when ReferenceEquals(other, binary.Left) && binary.Right is LiteralExpression { Kind: LiteralKind.String }:
                return new Context(Place.Operand) { Type = "text" };
            case "#>" or "#>>" when ReferenceEquals(other, binary.Left):
                return new Context(Place.Operand) { Type = "text[]" };
            case "->" or "->>" or "#>" or "#>>" when ReferenceEquals(other, binary.Right):
                return new Context(Place.ComparedLeft); // {col} ->> 'key'
            default:
                return new Context(Place.Operand) { Operator = binary.Operator };
        }
    }

    private static bool IsJsonOrArray(SqlExpression other) =>
        Bare(other) is ArrayExpression || (Bare(other) is CastExpression cast && (cast.Type.IsArray || cast.Type.Name is "json" or "jsonb" or "bytea"));

    private void VisitComparison(BinaryExpression binary, HoleScope scope)
    {
        var left = Bare(binary.Left);
        var right = Bare(binary.Right);
        if (left is RowExpression leftRow && right is RowExpression rightRow && leftRow.Items.Length == rightRow.Items.Length)
        {
            for (var i = 0; i < leftRow.Items.Length; i++)
            {
                VisitPair(binary.Operator, leftRow.Items[i], rightRow.Items[i], scope);
            }

            return;
        }

        VisitPair(binary.Operator, binary.Left, binary.Right, scope);
    }

    private void VisitPair(string op, SqlExpression left, SqlExpression right, HoleScope scope)
    {
        var isMatch = IsMatch(op);
        Visit(left, new Context(IsColumn(right) ? Place.Operand : Place.ComparedLeft)
        {
            Column = scope.Resolve(right),
            Operator = op,
            Type = isMatch ? "text" : ResultType(right),
        }, scope);
        Visit(right, new Context(isMatch ? Place.Pattern : Place.Operand)
        {
            Column = scope.Resolve(left),
            Operator = op,
            Type = isMatch ? "text" : RightType(op, left),
        }, scope);
    }

    /// <summary>The type on the right of an operator: that of the left, except where the operator joins two types.</summary>
    private static string? RightType(string op, SqlExpression left) => op switch
    {
        "?" => "text",
        "?|" or "?&" => "text[]",
        "@?" => "jsonpath",
        "@@" => ResultType(left) == "tsvector" ? "tsquery" : null,
        _ => ResultType(left),
    };

    private static bool IsColumn(SqlExpression expression) => Bare(expression) is ColumnReference { IsStar: false };

    /// <summary>The type of what a value is compared with, where the statement itself tells it.</summary>
    private static string? ResultType(SqlExpression expression) => Bare(expression) switch
    {
        CastExpression cast => cast.Type.Name,
        LiteralExpression { Type: { } type } => type.Name,
        FunctionCall call when call.Name.Parts.Length == 1 => FunctionTypes.Result(call.Name.Name),
        BinaryExpression { Operator: "->>" or "#>>" or "||" } => "text",
        _ => null,
    };

    private void VisitBetween(BetweenExpression between, HoleScope scope)
    {
        var column = scope.Resolve(between.Operand);
        var isValue = IsColumn(between.Low) || IsColumn(between.High);
        Visit(between.Operand, new Context(isValue ? Place.Operand : Place.ComparedLeft) { Operator = "BETWEEN" }, scope);
        var bound = new Context(Place.Operand) { Column = column, Operator = "BETWEEN", Type = ResultType(between.Operand) };
        Visit(between.Low, bound, scope);
        Visit(between.High, bound, scope);
    }

    private void VisitIn(InExpression list, HoleScope scope)
    {
        Visit(list.Operand, new Context(Place.ComparedLeft) { Operator = list.IsNegated ? "NOT IN" : "IN" }, scope);
        if (list.Query is not null)
        {
            VisitQuery(list.Query, scope);
            return;
        }

        var item = new Context(Place.InList)
        {
            Column = scope.Resolve(list.Operand),
            Operator = list.IsNegated ? "NOT IN" : "IN",
            Type = ResultType(list.Operand),
            In = list,
        };
        foreach (var entry in list.Items)
        {
            if (Bare(list.Operand) is RowExpression operands && entry is RowExpression row && row.Items.Length == operands.Items.Length)
            {
                for (var i = 0; i < row.Items.Length; i++)
                {
                    Visit(row.Items[i], new Context(Place.Operand) { Column = scope.Resolve(operands.Items[i]), Operator = item.Operator }, scope);
                }
            }
            else
            {
                Visit(entry, item, scope);
            }
        }
    }

    private void VisitLike(LikeExpression like, HoleScope scope)
    {
        Visit(like.Operand, new Context(IsColumn(like.Pattern) ? Place.Operand : Place.ComparedLeft) { Type = "text", Operator = like.Operator }, scope);
        Visit(like.Pattern, new Context(Place.Pattern) { Type = "text", Column = scope.Resolve(like.Operand), Operator = like.Operator }, scope);
        if (like.Escape is not null)
        {
            Visit(like.Escape, new Context(Place.Operand) { Type = "text" }, scope);
        }
    }

    private void VisitQuantified(QuantifiedExpression quantified, HoleScope scope)
    {
        var op = quantified.Operator + (quantified.IsAll ? " ALL" : " ANY");
        var isText = quantified.Operator.EndsWith("LIKE", StringComparison.Ordinal);
        var type = ResultType(quantified.Left);
        Visit(quantified.Left, new Context(IsColumn(quantified.Right) ? Place.Operand : Place.ComparedLeft)
        {
            Operator = op,
            Type = isText ? "text" : ElementType(ResultType(quantified.Right)),
        }, scope);
        if (Bare(quantified.Right) is ArrayExpression array)
        {
            VisitAll(array.Items, new Context(Place.ArrayElement) { Column = scope.Resolve(quantified.Left), Operator = op, Type = type }, scope);
            return;
        }

        Visit(quantified.Right, new Context(Place.Operand)
        {
            Column = scope.Resolve(quantified.Left),
            Operator = op,
            Type = isText ? "text[]" : type is null || type.EndsWith("[]", StringComparison.Ordinal) ? null : type + "[]",
        }, scope);
    }

    private void VisitCall(FunctionCall call, Context context, HoleScope scope)
    {
        // lower({col}) = @p, count({col}): columns, not values.
        var name = call.Name.Parts.Length == 1 ? call.Name.Name : "";
        var isExtract = name == "extract" && call.Arguments.Length == 2;
        var isColumn = context.Place == Place.ComparedLeft && (call.Arguments.Length == 1 || call.Name.Name == "coalesce" || isExtract);
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            Visit(call.Arguments[i], new Context(i == (isExtract ? 1 : 0) && (isColumn || FunctionTypes.IsAggregate(name)) ? Place.ComparedLeft : Place.Operand)
            {
                Type = FunctionTypes.Argument(name, i),
                NeedsRewrite = isExtract && i == 0 ? "EXTRACT" : null,
            }, scope);
        }

        VisitSort(call.OrderBy, scope);
        VisitCondition(call.Filter, scope);
        if (call.Over is not null)
        {
            VisitWindow(call.Over, scope);
        }
    }

    private void VisitCase(CaseExpression choice, Context context, HoleScope scope)
    {
        var result = context with { Place = Place.Operand };
        if (choice.Operand is not null)
        {
            Visit(choice.Operand, new Context(Place.Operand), scope);
        }

        foreach (var branch in choice.Branches)
        {
            Visit(branch.When, choice.Operand is null
                ? new Context(Place.Condition)
                : new Context(Place.Operand) { Column = scope.Resolve(choice.Operand), Operator = "=" }, scope);
            Visit(branch.Then, result, scope);
        }

        if (choice.Else is not null)
        {
            Visit(choice.Else, result, scope);
        }
    }

    private void Add(HoleExpression hole, HoleRole role, Context context) =>
        Add(hole.Hole, role, hole.Span, hole.Span, null, context);

    private void Add(LiteralExpression literal, Context context)
    {
        var isDollar = _source.Text[literal.ValueSpan.Start] == '$';
        var first = literal.Parts[0].Text;
        var type = literal.Type?.Name ?? context.Type;
        var isArray = (type is not null && type.EndsWith("[]", StringComparison.Ordinal))
            || (context.Operator is { } op && (op.EndsWith(" ANY", StringComparison.Ordinal) || op.EndsWith(" ALL", StringComparison.Ordinal)));
        var role = isDollar ? HoleRole.DollarBody : context.Place switch
        {
            Place.Pattern => HoleRole.LikePattern,
            Place.InList => HoleRole.InList,
            Place.Limit => HoleRole.Limit,
            Place.ArrayElement => HoleRole.ArrayElement,
            _ when isArray && first is not null && first.StartsWith("{", StringComparison.Ordinal) => HoleRole.ArrayElement,
            _ => HoleRole.StringConstant,
        };
        var hole = new HoleLiteral(literal.ValueSpan, TypedSpan(literal), literal.Type?.Name, literal.Parts);
        var known = context with
        {
            Type = type,
            HasCast = context.HasCast && literal.Type is null,
            NeedsRewrite = literal.HasIntervalFields ? "interval with fields" : context.NeedsRewrite,
        };
        foreach (var part in literal.Parts)
        {
            if (part.Text is null)
            {
                Add(part.Hole, role, literal.ValueSpan, literal.Span, hole, known);
            }
        }
    }

    private static SqlSpan TypedSpan(LiteralExpression literal) => SqlSpan.FromBounds(literal.Span.Start, literal.ValueSpan.End);

    private void Add(int number, HoleRole role, SqlSpan token, SqlSpan value, HoleLiteral? literal, Context context)
    {
        if (number < 0 || number >= _sites.Length)
        {
            return;
        }

        var kind = KindOf(role);
        var isWhole = false;
        var list = kind == HoleKind.Value ? context.In : null;
        if (list is not null)
        {
            isWhole = list.Items.Length == 1 && value == Bare(list.Items[0]).Span;
            value = isWhole ? list.ListSpan : value;
        }

        if (kind == HoleKind.Value && !_takesParameters)
        {
            role = HoleRole.UtilityValue;
            kind = HoleKind.Fragment;
        }

        var isValue = kind == HoleKind.Value || role == HoleRole.UtilityValue;
        _sites[number] = new HoleSite
        {
            Hole = number,
            Span = new SqlSpan(_source.Holes[number], 1),
            Kind = kind,
            Role = role,
            IsCertain = !_statement.HasErrors,
            Verb = _statement.Verb,
            TakesParameters = _takesParameters,
            TokenSpan = token,
            Literal = literal,
            ValueSpan = isValue ? value : default,
            InSpan = list?.InSpan,
            IsNegated = list?.IsNegated ?? false,
            IsWholeInList = isWhole,
            ExpectedType = isValue && _dialect == SqlDialect.PostgreSql ? context.Type : null,
            HasExplicitCast = isValue && context.HasCast,
            Column = isValue ? context.Column : null,
            Operator = isValue ? context.Operator : null,
            NeedsRewrite = !isValue ? null : _statement.Verb == "COPY" ? "COPY" : context.NeedsRewrite,
        };
    }
}
