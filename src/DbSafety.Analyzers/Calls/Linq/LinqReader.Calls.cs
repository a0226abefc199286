using System.Globalization;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>Methods and operators inside lambdas.</summary>
internal sealed partial class LinqReader
{
    // As Npgsql's provider writes them.
    private const string WhiteSpace = "E' \\t\\n\\r'";

    /// <summary>The receiver and the arguments in the order of the parameters, without what only leads to functions.</summary>
    private static List<IOperation> Operands(IInvocationOperation call)
    {
        var operands = new List<IOperation>();
        if (call.Instance is { } instance)
        {
            operands.Add(instance);
        }

        operands.AddRange(call.Arguments.Where(argument => !LinqMembers.IsFunctions(argument.Parameter?.Type)).OrderBy(argument => argument.Parameter?.Ordinal).Select(argument => argument.Value));
        return operands;
    }

    private Shape Binary(IBinaryOperation binary)
    {
        if (Comparison(binary.OperatorKind) is not null || Junction(binary) is not null)
        {
            return new Scalar(All(binary, false), binary.Type) { Opposite = All(binary, true) };
        }

        if (AsScalar(Eval(binary.LeftOperand)) is not { } left || AsScalar(Eval(binary.RightOperand)) is not { } right)
        {
            return Shape.Unknown;
        }

        var isText = binary.Type?.SpecialType == SpecialType.System_String;
        if (isText && binary.OperatorKind == BinaryOperatorKind.Add)
        {
            if (left.Type?.SpecialType != SpecialType.System_String || right.Type?.SpecialType != SpecialType.System_String)
            {
                return Shape.Unknown;
            }

            SqlPart Filled(Scalar text) => text is { IsNullable: true, IsClient: false } ? SqlPart.Single("COALESCE(", text.Sql, ", '')") : text.Sql.Operand;
            return new Scalar(SqlPart.Of(SqlRank.Operator, Filled(left), " || ", Filled(right)), binary.Type);
        }

        if (binary.Type?.SpecialType == SpecialType.System_Boolean)
        {
            return binary.OperatorKind == BinaryOperatorKind.ExclusiveOr ? new Scalar(SqlPart.Of(SqlRank.Comparison, left.Sql.Operand, " <> ", right.Sql.Operand), binary.Type) { Opposite = SqlPart.Of(SqlRank.Comparison, left.Sql.Operand, " = ", right.Sql.Operand) } : Shape.Unknown;
        }

        var sign = binary.OperatorKind switch
        {
            BinaryOperatorKind.Add => " + ",
            BinaryOperatorKind.Subtract => " - ",
            BinaryOperatorKind.Multiply => " * ",
            BinaryOperatorKind.Divide => " / ",
            BinaryOperatorKind.Remainder => " % ",
            BinaryOperatorKind.And => " & ",
            BinaryOperatorKind.Or => " | ",
            _ => null,
        };
        return sign is null ? Shape.Unknown : new Scalar(SqlPart.Of(SqlRank.Operator, left.Sql.Operand, sign, right.Sql.Operand), binary.Type) { IsNullable = (left.IsNullable && !left.IsClient) || (right.IsNullable && !right.IsClient) };
    }

    private Shape Invoke(IInvocationOperation call)
    {
        if (LinqOperators.Of(call.TargetMethod) is var kind and not LinqOperator.Unknown)
        {
            return Operator(call, kind);
        }

        var member = LinqMembers.Of(call.TargetMethod);
        if (member == LinqMember.Unknown)
        {
            return EfQueries.IsQueryType(call.Type, _apis) ? new Rows(() => Query(call)) : Shape.Unknown;
        }

        var operands = Operands(call);
        if (member == LinqMember.ModelProperty)
        {
            return operands.Count == 2 && operands[1].ConstantValue is { HasValue: true, Value: string property } && Eval(operands[0]) is Entity entity ? Stored(entity, property, call.Type) : Shape.Unknown;
        }

        if (member == LinqMember.Equal)
        {
            return operands.Count == 2 ? new Scalar(Compare(operands[0], operands[1], BinaryOperatorKind.Equals, false), call.Type) { Opposite = Compare(operands[0], operands[1], BinaryOperatorKind.Equals, true) } : Shape.Unknown;
        }

        if (member == LinqMember.JsonProperty)
        {
            return Eval(operands[0]) is Json document && operands[1].ConstantValue is { HasValue: true, Value: string key } ? document with { Path = document.Path.Add(key) } : Shape.Unknown;
        }

        if (member == LinqMember.JsonValue)
        {
            return Eval(operands[0]) is Json document ? document with { Type = call.Type } : Shape.Unknown;
        }

        var values = operands.Select(operand => AsScalar(Eval(operand))).ToList();
        return values.Any(value => value is null) ? Shape.Unknown : Function(call, member, values!);
    }

    private Shape Function(IInvocationOperation call, LinqMember member, List<Scalar> values)
    {
        var type = call.Type;
        var isNullable = values.Any(value => value is { IsNullable: true, IsClient: false });
        Shape Of(params SqlPart[] parts) => new Scalar(SqlPart.Single(parts), type) { IsNullable = isNullable };
        Shape Operator(string sign) => values.Count == 2 ? new Scalar(SqlPart.Of(SqlRank.Comparison, values[0].Sql.Operand, sign, values[1].Sql.Operand), type) : Shape.Unknown;
        switch (member)
        {
            case LinqMember.Compare:
                return values.Count == 2 ? new Scalar(SqlPart.Hole, type) { Compared = (values[0], values[1]) } : Shape.Unknown;
            case LinqMember.StartsWith or LinqMember.EndsWith or LinqMember.ContainsText:
                return Match(member, values[0], values[1], type);
            case LinqMember.Like or LinqMember.ILike:
                return values.Count == 2 ? Like(values[0], values[1].Constant is string plain && plain.IndexOf('\\') < 0 ? values[1].Sql : SqlPart.Single(values[1].Sql, " ESCAPE ''"), member == LinqMember.Like ? "LIKE " : "ILIKE ", type) : Shape.Unknown;
            case LinqMember.IsNullOrEmpty:
                return Empty(values[0], values[0].Sql, type);
            case LinqMember.IsNullOrWhiteSpace:
                return Empty(values[0], SqlPart.Single("btrim(", values[0].Sql, ", " + WhiteSpace + ")"), type);
            case LinqMember.Substring:
                var start = values[1].Constant is int number ? (SqlPart)(number + 1).ToString(CultureInfo.InvariantCulture) : SqlPart.Single(values[1].Sql.Operand, " + 1");
                return values.Count == 3 ? Of("substring(", values[0].Sql, ", ", start, ", ", values[2].Sql, ")") : Of("substring(", values[0].Sql, ", ", start, ")");
            case LinqMember.IndexOf:
                return new Scalar(SqlPart.Of(SqlRank.Operator, "strpos(", values[0].Sql, ", ", values[1].Sql, ") - 1"), type) { IsNullable = isNullable };
            case LinqMember.Text:
                return values[0].Type is { SpecialType: SpecialType.System_String } ? values[0] : Underlying(values[0].Type) is { TypeKind: not TypeKind.Enum } from && LinqMembers.CastOf(from) is not null and not "boolean"
                    ? Of(values[0].Sql.Operand, "::text") : Shape.Unknown;
            case LinqMember.Function:
                return LinqMembers.TrimOf(call.TargetMethod) is { } trim ? Of(trim, "(", values[0].Sql, ", " + WhiteSpace + ")")
                    : Of(LinqMembers.FunctionOf(call.TargetMethod)!, "(", SqlPart.Join(", ", SqlRank.Single, values.Select(value => value.Sql)), ")");
            case LinqMember.AddTime:
                var unit = LinqMembers.UnitOf(call.TargetMethod)!;
                SqlPart interval = values[1].IsConstant ? "INTERVAL '" + values[1].Sql.ToString().Replace(".0", "") + " " + unit + "'" : SqlPart.Single("CAST(", values[1].Sql.Operand, "::text || ' " + unit + "' AS interval)");
                return new Scalar(SqlPart.Of(SqlRank.Operator, values[0].Sql.Operand, " + ", interval), type) { IsNullable = isNullable };
            case LinqMember.ToDate:
                return Of("CAST(", values[0].Sql.Operand, values[0].Column is { } column && LinqMembers.HasNoZone(column.Type) ? " AS date)" : " AT TIME ZONE 'UTC' AS date)");
            case LinqMember.JsonContains:
                return Operator(" @> ");
            case LinqMember.JsonContained:
                return Operator(" <@ ");
            case LinqMember.JsonExists:
                return Operator(" ? ");
            case LinqMember.JsonExistsAny:
                return Operator(" ?| ");
            case LinqMember.JsonExistsAll:
                return Operator(" ?& ");
            default:
                return Shape.Unknown;
        }
    }

    private Scalar Like(Scalar value, SqlPart pattern, string sign, ITypeSymbol? type)
    {
        var not = SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " NOT " + sign, pattern);
        return new Scalar(SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " " + sign, pattern), type)
        {
            Opposite = value.IsNullable && !value.IsClient && !_known.Has(value.Sql) ? SqlPart.Any(not, SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " IS NULL")) : not,
        };
    }

    private Shape Match(LinqMember member, Scalar value, Scalar part, ITypeSymbol? type)
    {
        if (part.Constant is string text)
        {
            var escaped = text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");
            return Like(value, Literal((member == LinqMember.StartsWith ? "" : "%") + escaped + (member == LinqMember.EndsWith ? "" : "%")), "LIKE ", type);
        }

        if (part.IsClient)
        {
            return Like(value, part.Sql.ToString() + (member == LinqMember.StartsWith ? "_startswith" : member == LinqMember.EndsWith ? "_endswith" : "_contains"), "LIKE ", type);
        }

        return new Scalar(member switch
        {
            LinqMember.StartsWith => SqlPart.Of(SqlRank.Comparison, "left(", value.Sql, ", length(", part.Sql, ")) = ", part.Sql.Operand),
            LinqMember.EndsWith => SqlPart.Of(SqlRank.Comparison, "right(", value.Sql, ", length(", part.Sql, ")) = ", part.Sql.Operand),
            _ => SqlPart.Of(SqlRank.Comparison, "strpos(", value.Sql, ", ", part.Sql, ") > 0"),
        }, type);
    }

    private Scalar Empty(Scalar value, SqlPart tested, ITypeSymbol? type)
    {
        var empty = SqlPart.Of(SqlRank.Comparison, tested.Operand, " = ''");
        var full = SqlPart.Of(SqlRank.Comparison, tested.Operand, " <> ''");
        return value.IsNullable && !_known.Has(value.Sql)
            ? new Scalar(SqlPart.Any(SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " IS NULL"), empty), type) { Opposite = SqlPart.All([SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " IS NOT NULL"), full]) }
            : new Scalar(empty, type) { Opposite = full };
    }

    /// <summary>An operator on a collection inside a lambda: of the program, of a column, of a group, or rows.</summary>
    private Shape Operator(IInvocationOperation call, LinqOperator kind)
    {
        if (SourceOf(call) is not { } source)
        {
            return Shape.Unknown;
        }

        if (IsClient(source))
        {
            return OfClient(call, source, kind);
        }

        switch (Eval(source))
        {
            case Scalar array when HoleValues.ElementType(array.Type) is not null:
                return OfArray(call, array, kind);
            case Group group:
                return OfGroup(call, group, kind);
            case Rows:
                if (LinqOperators.GivesRows(kind))
                {
                    return new Rows(() => Query(call));
                }

                if (kind is LinqOperator.First or LinqOperator.Single or LinqOperator.Last or LinqOperator.ElementAt)
                {
                    return new OneRow(() => Query(source) is { } select && One(select, call, kind) ? select : null);
                }

                return Query(source) is { } rows && Value(rows, call, kind) is { } value ? value : Shape.Unknown;
            default:
                return Shape.Unknown;
        }
    }

    private IOperation? ItemOf(IInvocationOperation call) => call.Arguments.Select(argument => argument.Value).LastOrDefault(value => !IsSource(value, call));

    // ids.Contains(o.Id), new[] { 1, 2 }.Contains(o.Id), ids.Any(id => id == o.Id)
    private Shape OfClient(IInvocationOperation call, IOperation source, LinqOperator kind)
    {
        var item = kind == LinqOperator.Contains ? ItemOf(call) : kind == LinqOperator.Any ? Compared(ArgumentOf(call, LinqOperators.Predicate)) : null;
        if (item is null || AsScalar(Eval(item)) is not { IsClient: false } value)
        {
            return Shape.Unknown;
        }

        var isMissing = value.IsNullable && !_known.Has(value.Sql);
        var missing = SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " IS NULL");
        if (ElementsOf(source) is { } elements)
        {
            var list = SqlPart.Join(", ", SqlRank.Single, elements.Select(element => Adapt(Client(element), value).Sql));
            var not = SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " NOT IN (", list, ")");
            return new Scalar(SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " IN (", list, ")"), call.Type) { Opposite = isMissing ? SqlPart.Any(not, missing) : not };
        }

        var array = Parameter(source);
        var any = SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " = ANY (", array, ")");
        return new Scalar(isMissing ? SqlPart.Any(any, SqlPart.All([missing, SqlPart.Of(SqlRank.Comparison, "array_position(", array, ", NULL) IS NOT NULL")]).Operand) : any, call.Type)
        {
            Opposite = SqlPart.Of(SqlRank.Not, "NOT (", any, " AND ", any, " IS NOT NULL)"),
        };
    }

    // The elements of a list that is written down where it is used.
    private static IReadOnlyList<IOperation>? ElementsOf(IOperation source) => HoleValues.Strip(source) switch
    {
        IArrayCreationOperation { Initializer.ElementValues: { IsEmpty: false } elements } => elements,
        IObjectCreationOperation => null,
        _ => null,
    };

    /// <summary>What a lambda compares its parameter with: <c>id => id == o.Id</c>.</summary>
    private IOperation? Compared(IOperation? predicate)
    {
        if (predicate is null || Lambda(predicate) is not { Symbol.Parameters: { Length: 1 } parameters } lambda || BodyOf(lambda.Body) is not IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } comparison)
        {
            return null;
        }

        bool IsElement(IOperation operation) => Plain(operation) is IParameterReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Parameter, parameters[0]);
        return IsElement(comparison.LeftOperand) ? comparison.RightOperand : IsElement(comparison.RightOperand) ? comparison.LeftOperand : null;
    }

    private Shape OfArray(IInvocationOperation call, Scalar array, LinqOperator kind)
    {
        var predicate = ArgumentOf(call, LinqOperators.Predicate);
        switch (kind)
        {
            case LinqOperator.Count when predicate is null:
                return new Scalar(SqlPart.Single("cardinality(", array.Sql, ")"), call.Type);
            case LinqOperator.Any when predicate is null:
                return new Scalar(SqlPart.Of(SqlRank.Comparison, "cardinality(", array.Sql, ") > 0"), call.Type);
            case LinqOperator.Contains or LinqOperator.Any when (kind == LinqOperator.Contains ? ItemOf(call) : Compared(predicate)) is { } item:
                // With a GIN index in the model EF Core writes an operator that it serves.
                return !_context.Mentions(LinqMembers.ChoosesIndexMethod) && AsScalar(Eval(item)) is { } value
                    ? new Scalar(SqlPart.Of(SqlRank.Comparison, value.Sql.Operand, " = ANY (", array.Sql, ")"), call.Type) : Shape.Unknown;
            case LinqOperator.Any or LinqOperator.All when predicate is not null && Lambda(predicate) is { Symbol.Parameters: { Length: 1 } parameters } lambda && BodyOf(lambda.Body) is IInvocationOperation inner &&
                LinqOperators.Of(inner.TargetMethod) == LinqOperator.Contains && SourceOf(inner) is { } list && IsClient(list) && ElementsOf(list) is null &&
                ItemOf(inner) is { } element && Plain(element) is IParameterReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Parameter, parameters[0]):
                return new Scalar(SqlPart.Of(SqlRank.Comparison, array.Sql.Operand, kind == LinqOperator.Any ? " && " : " <@ ", Parameter(list)), call.Type);
            default:
                return Shape.Unknown;
        }
    }

    private Shape OfGroup(IInvocationOperation call, Group group, LinqOperator kind)
    {
        if (ArgumentOf(call, LinqOperators.Predicate) is not null)
        {
            return Shape.Unknown;
        }

        switch (kind)
        {
            case LinqOperator.Count:
                return new Scalar("count(*)::int", call.Type);
            case LinqOperator.Min or LinqOperator.Max or LinqOperator.Sum or LinqOperator.Average:
                var row = ArgumentOf(call, LinqOperators.Selector) is { } selector ? Call(selector, group.Element) : group.Element;
                return AsScalar(row) is { } value ? new Scalar(SqlPart.Single(NameOf(kind), "(", value.Sql, ")"), call.Type) { IsNullable = kind != LinqOperator.Sum } : Shape.Unknown;
            default:
                return Shape.Unknown;
        }
    }
}
