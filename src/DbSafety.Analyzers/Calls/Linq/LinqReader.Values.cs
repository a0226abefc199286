using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Model;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>Expressions inside lambdas.</summary>
internal sealed partial class LinqReader
{
    private static IAnonymousFunctionOperation? Lambda(IOperation value)
    {
        value = HoleValues.Strip(value);
        if (value is ILocalReferenceOperation local && EfQueries.InitialValue(local) is { } initial && IsConstantLocal(local))
        {
            value = HoleValues.Strip(initial);
        }

        return value switch
        {
            IAnonymousFunctionOperation lambda => lambda,
            IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda } => lambda,
            _ => null,
        };
    }

    // A variable that is given one value only.
    private static bool IsConstantLocal(ILocalReferenceOperation local) =>
        !HoleValues.RootOf(local).Descendants().Any(operation => operation is IAssignmentOperation { Target: ILocalReferenceOperation target } && SymbolEqualityComparer.Default.Equals(target.Local, local.Local));

    private static IOperation? BodyOf(IBlockOperation block) => block.Operations.Length > 0 && block.Operations[0] is IReturnOperation { ReturnedValue: { } value } ? value : null;

    /// <summary>The body of a lambda whose parameters stand for shapes.</summary>
    private IOperation? Bind(IAnonymousFunctionOperation lambda, params Shape[] arguments)
    {
        if (lambda.Symbol.Parameters.Length > arguments.Length)
        {
            return null;
        }

        for (var i = 0; i < lambda.Symbol.Parameters.Length; i++)
        {
            _bound[lambda.Symbol.Parameters[i]] = arguments[i];
        }

        return BodyOf(lambda.Body);
    }

    private Shape Call(IOperation selector, params Shape[] arguments) => Lambda(selector) is { } lambda && Bind(lambda, arguments) is { } body ? Eval(body) : Shape.Unknown;

    private Shape Eval(IOperation operation)
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            return Shape.Unknown;
        }

        try
        {
            return IsClient(operation) ? Client(operation) : EvalServer(operation);
        }
        finally
        {
            _depth--;
        }
    }

    private Shape EvalServer(IOperation operation)
    {
        switch (operation)
        {
            case IParenthesizedOperation parenthesized:
                return Eval(parenthesized.Operand);
            case IParameterReferenceOperation parameter:
                return _bound.TryGetValue(parameter.Parameter, out var bound) ? bound : Shape.Unknown;
            case IConversionOperation conversion:
                return Convert(conversion);
            case IPropertyReferenceOperation property:
                return SetElement(property.Type) is not null || (property.Instance is not null && EfQueries.IsQueryType(property.Type, _apis) && IsClientSource(property.Instance))
                    ? new Rows(() => Query(operation)) : Member(property);
            case IFieldReferenceOperation { Instance: { } instance } field:
                return SetElement(field.Type) is not null ? new Rows(() => Query(operation)) : Eval(instance) is Members members && members.ByName.TryGetValue(field.Field.Name, out var member) ? member : Shape.Unknown;
            case IInvocationOperation call:
                return Invoke(call);
            case IAnonymousObjectCreationOperation creation:
                return Assigned(creation.Initializers, isComplete: true);
            case IObjectCreationOperation creation:
                var assigned = (Members)Assigned(creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty, creation.Arguments.IsEmpty);
                return creation.Arguments.IsEmpty ? assigned
                    : assigned with { ByName = assigned.ByName.AddRange(creation.Arguments.Select((argument, i) => new KeyValuePair<string, Shape>("#" + i.ToString(CultureInfo.InvariantCulture), Eval(argument.Value)))) };
            case IBinaryOperation binary:
                return Binary(binary);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } minus:
                return AsScalar(Eval(minus.Operand)) is { } negative ? new Scalar(SqlPart.Of(SqlRank.Operator, "-", negative.Sql.Operand), minus.Type) { IsNullable = negative.IsNullable } : Shape.Unknown;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Type.SpecialType: SpecialType.System_Boolean }:
                return new Scalar(All(operation, false), operation.Type);
            case ICoalesceOperation coalesce:
                return AsScalar(Eval(coalesce.Value)) is { } value && AsScalar(Eval(coalesce.WhenNull)) is { } other
                    ? new Scalar(SqlPart.Single("COALESCE(", value.Sql, ", ", other.Sql, ")"), coalesce.Type) { IsNullable = other.IsNullable } : Shape.Unknown;
            case IConditionalOperation { WhenFalse: { } whenFalse } choice:
                return !IsClient(choice.Condition) && AsScalar(Eval(choice.WhenTrue)) is { } yes && AsScalar(Eval(whenFalse)) is { } no
                    ? new Scalar(SqlPart.Single("CASE WHEN ", All(choice.Condition, false), " THEN ", yes.Sql, " ELSE ", no.Sql, " END"), choice.Type) { IsNullable = yes.IsNullable || no.IsNullable } : Shape.Unknown;
            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                return AsScalar(Eval(element.ArrayReference)) is { } array && AsScalar(Eval(element.Indices[0])) is { } place
                    ? Element(array, place, element.Type) : Shape.Unknown;
            default:
                return EfQueries.IsQueryType(operation.Type, _apis) ? new Rows(() => Query(operation)) : Shape.Unknown;
        }
    }

    private static Scalar Element(Scalar array, Scalar place, ITypeSymbol? type) =>
        new(SqlPart.Single(array.Sql.Operand, "[", place.Constant is int number ? (number + 1).ToString(CultureInfo.InvariantCulture) : SqlPart.Single(place.Sql, " + 1"), "]"), type);

    private Shape Assigned(ImmutableArray<IOperation> initializers, bool isComplete)
    {
        var members = ImmutableDictionary.CreateBuilder<string, Shape>();
        foreach (var initializer in initializers)
        {
            switch (initializer)
            {
                case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property, Value: var value }:
                    members[property.Property.Name] = Eval(value);
                    break;
                case ISimpleAssignmentOperation { Target: IFieldReferenceOperation field, Value: var value }:
                    members[field.Field.Name] = Eval(value);
                    break;
                default:
                    isComplete = false;
                    break;
            }
        }

        return new Members(members.ToImmutable(), isComplete);
    }

    private bool IsClientSource(IOperation instance) => IsClient(instance) || EfQueries.IsContext(instance.Type, _apis);

    /// <summary>Whether an expression is computed before the query runs, and travels as a constant or a parameter.</summary>
    private bool IsClient(IOperation operation)
    {
        foreach (var part in operation.DescendantsAndSelf())
        {
            if (part is IParameterReferenceOperation parameter && _bound.ContainsKey(parameter.Parameter))
            {
                return false;
            }

            if (LinqMembers.IsOfServer(part) || (part is IInvocationOperation or IPropertyReferenceOperation or IFieldReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation &&
                EfQueries.IsQueryType(part.Type, _apis)))
            {
                return false;
            }
        }

        return true;
    }

    private Scalar Client(IOperation operation)
    {
        var constant = operation.ConstantValue;
        return new Scalar(constant.HasValue ? Literal(constant.Value) : Parameter(operation), operation.Type)
        {
            IsClient = true,
            IsConstant = constant.HasValue,
            Constant = constant.HasValue ? constant.Value : null,
        };
    }

    /// <summary>A parameter, named as EF Core names it: by the variable.</summary>
    private SqlPart Parameter(IOperation operation)
    {
        if (HoleValues.Strip(operation) is { ConstantValue: { HasValue: true, Value: var constant } })
        {
            return Literal(constant);
        }

        var text = HoleValues.Strip(operation).Syntax.ToString();
        if (!_parameters.TryGetValue(text, out var name))
        {
            name = "@" + (NameOf(HoleValues.Strip(operation)) ?? "p");
            var plain = name;
            for (var i = 0; _parameters.ContainsValue(name); i++)
            {
                name = plain + i.ToString(CultureInfo.InvariantCulture);
            }

            _parameters[text] = name;
        }

        return name;
    }

    private static string? NameOf(IOperation? operation) => operation is null ? null : HoleValues.Strip(operation) switch
    {
        ILocalReferenceOperation local => local.Local.Name,
        IParameterReferenceOperation parameter => parameter.Parameter.Name,
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member => member.Member.Name,
        IMemberReferenceOperation member => NameOf(member.Instance) is { } before ? before + "_" + member.Member.Name : null,
        _ => null,
    };

    private static SqlPart Literal(object? value) => value switch
    {
        null => "NULL",
        string text => "'" + text.Replace("'", "''") + "'",
        char character => character == '\'' ? "''''" : "'" + character + "'",
        bool truth => truth ? "TRUE" : "FALSE",
        double or float or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture) is var number && number.IndexOfAny(['.', 'E', 'N', 'I']) < 0 ? number + ".0" : ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "@p",
    };

    private static ITypeSymbol? Underlying(ITypeSymbol? type) => type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    // What EF Core makes of a conversion: nothing where the value stays, else a cast.
    private Shape Convert(IConversionOperation conversion)
    {
        var shape = Eval(conversion.Operand);
        if (conversion.OperatorMethod is not null)
        {
            return Shape.Unknown;
        }

        var from = Number(Underlying(conversion.Operand.Type));
        var to = Number(Underlying(conversion.Type));
        if (shape is not Scalar scalar)
        {
            return shape is Json json && LinqMembers.CastOf(to) is { } && !SymbolEqualityComparer.Default.Equals(from, to) ? AsScalar(json) is { } value ? Cast(value, from, to, conversion.Type) : Shape.Unknown : shape;
        }

        return Cast(scalar, from, to, conversion.Type);
    }

    private static Shape Cast(Scalar scalar, ITypeSymbol? from, ITypeSymbol? to, ITypeSymbol? type)
    {
        if (SymbolEqualityComparer.Default.Equals(from, to) || to is null || !to.IsValueType || from is null || !from.IsValueType || (to.SpecialType == SpecialType.System_Int32 && from.SpecialType is SpecialType.System_Byte or
            SpecialType.System_SByte or SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16))
        {
            return scalar with { Type = type };
        }

        // What a converter stores is not what C# converts.
        return LinqMembers.CastOf(to) is { } name && LinqMembers.CastOf(from) is not null && scalar.Column is not ({ IsConverted: true } or { IsEnumText: true })
            ? new Scalar(SqlPart.Single(scalar.Sql.Operand, "::", name), type) { IsNullable = scalar.IsNullable } : Shape.Unknown;
    }

    private static ITypeSymbol? Number(ITypeSymbol? type) => type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying : type;

    private Shape Member(IPropertyReferenceOperation property)
    {
        var member = LinqMembers.Of(property.Property);
        if (property.Instance is null)
        {
            return member switch
            {
                LinqMember.Now => new Scalar("now()", property.Type),
                LinqMember.LocalNow => new Scalar("now()::timestamp", property.Type),
                LinqMember.Today => new Scalar("date_trunc('day', now()::timestamp)", property.Type),
                _ => Shape.Unknown,
            };
        }

        var instance = Eval(property.Instance);
        if (property.Property.IsIndexer)
        {
            return instance is Scalar list && HoleValues.ElementType(list.Type) is not null && property.Arguments.Length == 1 && AsScalar(Eval(property.Arguments[0].Value)) is { Type.SpecialType: SpecialType.System_Int32 } place
                ? Element(list, place, property.Type) : Shape.Unknown;
        }

        return MemberOf(instance, property, member);
    }

    private Shape MemberOf(Shape instance, IPropertyReferenceOperation property, LinqMember member)
    {
        var symbol = property.Property;
        switch (instance)
        {
            case Entity entity:
                return Stored(entity, symbol.Name, symbol.Type);
            case Members members:
                return members.ByName.TryGetValue(symbol.Name, out var found) ? found : Shape.Unknown;
            case Group group:
                return LinqOperators.IsKey(symbol) ? group.Key : Shape.Unknown;
            case OneRow row:
                return new OneRow(() =>
                {
                    if (row.Make() is not { } select)
                    {
                        return null;
                    }

                    select.Row = MemberOf(select.Row, property, member);
                    return select;
                });
            case Rows rows when LinqOperators.IsCount(symbol):
                return rows.Make() is { } counted && Aggregate(counted, "count(*)", property, symbol.Type) is { } count ? count with { Counted = rows.Make } : Shape.Unknown;
            case Json json:
                return member switch
                {
                    LinqMember.JsonRoot or LinqMember.NullableValue => json with { Type = symbol.Type },
                    LinqMember.HasValue => HasValue(JsonText(json with { Type = null })),
                    LinqMember.Unknown when !_context.Mentions(LinqMembers.RenamesJson) && HoleValues.ElementType(symbol.Type) is null && !LinqMembers.IsJson(symbol.ContainingType) =>
                        json with { Path = json.Path.Add(LinqMembers.JsonNameOf(symbol)), Type = symbol.Type },
                    _ => AsScalar(json) is { } value && member != LinqMember.Unknown ? MemberOf(value, property, member) : Shape.Unknown,
                };
            case Scalar scalar:
                var zone = scalar.Column is { } column && LinqMembers.HasNoZone(column.Type) || LinqMembers.IsDate(scalar.Type);
                return member switch
                {
                    LinqMember.NullableValue => scalar with { Type = symbol.Type },
                    LinqMember.HasValue => HasValue(scalar.Sql),
                    LinqMember.Function => new Scalar(SqlPart.Single("length(", scalar.Sql, ")::int"), symbol.Type) { IsNullable = scalar.IsNullable },
                    LinqMember.Date => scalar with { Sql = SqlPart.Single("date_trunc('day', ", scalar.Sql, zone ? ")" : ", 'UTC')"), Type = symbol.Type, Column = null, Opposite = null },
                    LinqMember.DatePart => new Scalar(SqlPart.Single("date_part('", LinqMembers.PartOf(symbol)!, "', ", scalar.Sql.Operand, zone ? ")::int" : " AT TIME ZONE 'UTC')::int"), symbol.Type) { IsNullable = scalar.IsNullable },
                    _ => LinqOperators.IsCount(symbol) && HoleValues.ElementType(scalar.Type) is not null
                        ? new Scalar(SqlPart.Single("cardinality(", scalar.Sql, ")"), symbol.Type) { IsNullable = scalar.IsNullable } : Shape.Unknown,
                };
            default:
                return Shape.Unknown;
        }
    }

    private static Scalar HasValue(SqlPart value) =>
        new(SqlPart.Of(SqlRank.Comparison, value.Operand, " IS NOT NULL"), null) { Opposite = SqlPart.Of(SqlRank.Comparison, value.Operand, " IS NULL") };

    /// <summary>What a property of an entity holds.</summary>
    private Shape Stored(Entity entity, string name, ITypeSymbol? type)
    {
        if (entity.Map.Navigation(name) is { } navigation)
        {
            return navigation.JsonColumn is { } json ? navigation.IsCollection || navigation.IsUncertain ? Shape.Unknown : new Json(ColumnOf(entity, json), ImmutableArray<string>.Empty, type)
                : navigation.IsCollection ? new Rows(() => Children(entity, navigation))
                : Navigate(entity, navigation);
        }

        if (entity.Map.Column(name) is not { Column: { } column } property)
        {
            return Shape.Unknown;
        }

        type ??= property.ClrType;
        if ((LinqMembers.IsJsonColumn(property.Type) || LinqMembers.IsJson(type)) && type?.SpecialType != SpecialType.System_String && !property.IsConverted)
        {
            return new Json(ColumnOf(entity, column), ImmutableArray<string>.Empty, type);
        }

        return new Scalar(ColumnOf(entity, column), type) { Column = property, IsNullable = !property.IsRequired || entity.IsOuter };
    }

    /// <summary>Follows a navigation to one row: a join.</summary>
    private Shape Navigate(Entity row, NavigationMap navigation)
    {
        if (navigation.IsInline)
        {
            return row with { Map = navigation.Target, IsOuter = row.IsOuter || !navigation.IsRequired };
        }

        var owner = row.Owner.Root;
        if (owner.Joined.TryGetValue((row.Alias, row.Prefix, navigation), out var joined))
        {
            return joined;
        }

        if (owner.IsGrouped || navigation.IsUncertain || navigation.Target is not { IsUncertain: false, Source: { } source } map || Keys(row, navigation, map, out var target) is not { } pairs)
        {
            return Shape.Unknown;
        }

        var isInner = navigation.IsRequired && navigation.IsDependent && !row.IsOuter;
        target = target with { Owner = owner, IsOuter = !isInner };
        owner.Tables.Add((isInner ? JoinKind.Inner : JoinKind.Left, SqlPart.Single(TableText(source), " AS ", SqlPart.Name(target.Alias)), SqlPart.All(pairs.Concat(Filters(map)).ToList())));
        owner.Joined[(row.Alias, row.Prefix, navigation)] = target;
        return target;
    }

    private List<SqlPart>? Keys(Entity row, NavigationMap navigation, EntityMap map, out Entity target)
    {
        target = new Entity(Alias(map), "", map, row.Owner);
        var pairs = new List<SqlPart>();
        foreach (var (here, there) in navigation.Pairs)
        {
            if (here.Column is null || there.Column is null)
            {
                return null;
            }

            pairs.Add(SqlPart.Of(SqlRank.Comparison, ColumnOf(row, here.Column), " = ", ColumnOf(target, there.Column)));
        }

        return pairs.Count == 0 ? null : pairs;
    }

    /// <summary>The rows that a navigation leads to, as a query that names the row it starts from.</summary>
    private Select? Children(Entity row, NavigationMap navigation)
    {
        if (navigation.IsUncertain || navigation.Target is not { IsUncertain: false, Source: { } source } map)
        {
            return null;
        }

        var select = new Select();
        if (navigation.Join is { } join)
        {
            var between = SqlPart.Name(Alias("j"));
            var far = new Entity(Alias(map), "", map, select);
            var on = new List<SqlPart>();
            foreach (var (column, property) in join.There)
            {
                on.Add(property.Column is null ? SqlPart.Hole : SqlPart.Of(SqlRank.Comparison, between, ".", SqlPart.Name(column), " = ", ColumnOf(far, property.Column)));
            }

            select.Tables.Add((JoinKind.From, SqlPart.Single(TableText(join.Table), " AS ", between), null));
            select.Tables.Add((JoinKind.Inner, SqlPart.Single(TableText(source), " AS ", SqlPart.Name(far.Alias)), SqlPart.All(on)));
            foreach (var (column, property) in join.Here)
            {
                select.Where.Add(property.Column is null ? SqlPart.Hole : SqlPart.Of(SqlRank.Comparison, ColumnOf(row, property.Column), " = ", between, ".", SqlPart.Name(column)));
            }

            select.Row = far;
        }
        else
        {
            if (Keys(row, navigation, map, out var target) is not { } pairs)
            {
                return null;
            }

            select.Tables.Add((JoinKind.From, SqlPart.Single(TableText(source), " AS ", SqlPart.Name(target.Alias)), null));
            select.Where.AddRange(pairs);
            select.Row = target with { Owner = select };
        }

        select.Where.AddRange(Filters(map));
        return select;
    }

    /// <summary>A row by its key, where that is one column.</summary>
    private Shape KeyOf(Shape shape)
    {
        switch (shape)
        {
            case Entity { Map.Key.Length: 1 } entity:
                var property = entity.Map.Key[0];
                return property.Column is null ? Shape.Unknown : new Scalar(ColumnOf(entity, property.Column), property.ClrType) { Column = property, IsNullable = entity.IsOuter };
            case Entity:
                return Shape.Unknown;
            case OneRow row:
                return new OneRow(() =>
                {
                    if (row.Make() is not { } select)
                    {
                        return null;
                    }

                    select.Row = KeyOf(select.Row);
                    return select;
                });
            default:
                return shape;
        }
    }

    private Scalar? AsScalar(Shape shape)
    {
        switch (shape)
        {
            case Scalar scalar:
                return scalar;
            case Json json:
                return new Scalar(JsonText(json), json.Type) { IsNullable = true };
            case OneRow row when row.Make() is { } select && AsScalar(select.Row) is { } value:
                return new Scalar(SqlPart.Single("(", select.Print(value.Sql), ")"), value.Type) { IsNullable = true };
            default:
                return null;
        }
    }

    private static SqlPart JsonText(Json json)
    {
        var type = Number(Underlying(json.Type));
        var isText = type is null or { SpecialType: SpecialType.System_String };
        var cast = isText ? null : LinqMembers.CastOf(type);
        var wants = isText || cast is not null;
        if (json.Path.IsEmpty)
        {
            return json.Document;
        }

        var text = json.Path.Length == 1
            ? SqlPart.Of(SqlRank.Operator, json.Document, wants ? " ->> " : " -> ", Literal(json.Path[0]))
            : SqlPart.Of(SqlRank.Operator, json.Document, wants ? " #>> " : " #> ", Literal("{" + string.Join(",", json.Path) + "}"));
        return cast is null ? text : SqlPart.Single("CAST(", text, " AS ", cast, ")");
    }
}
