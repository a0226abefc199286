using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Model;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>What the operators of a query do to its SELECT.</summary>
internal sealed partial class LinqReader
{
    private bool Apply(Select select, IInvocationOperation call, LinqOperator kind)
    {
        switch (kind)
        {
            case LinqOperator.Keep or LinqOperator.IgnoreFilters or LinqOperator.Rows:
                return true;
            case LinqOperator.Where:
                return ArgumentOf(call, LinqOperators.Predicate) is { } predicate && Filter(select, predicate);
            case LinqOperator.Select:
                return ArgumentOf(call, LinqOperators.Selector) is { } selector && Project(select, selector);
            case LinqOperator.OrderBy or LinqOperator.OrderByDescending or LinqOperator.ThenBy or LinqOperator.ThenByDescending:
                Sort(select, call, kind);
                return true;
            case LinqOperator.Reverse:
                Turn(select);
                return select.Order.Count > 0 && !select.IsCut;
            case LinqOperator.Take or LinqOperator.Skip:
                Cut(select, call, kind == LinqOperator.Take);
                return true;
            case LinqOperator.Distinct:
                if (select.IsCut)
                {
                    Push(select, keepsLoads: true);
                }

                _ = select.Row;
                select.IsDistinct = true;
                return true;
            case LinqOperator.DefaultIfEmpty:
                select.IsDefaultIfEmpty = true;
                return call.Arguments.Length < 2;
            case LinqOperator.OfType:
                return select.Row is Entity row && call.TargetMethod.TypeArguments is { Length: 1 } types && Narrow(select, row, types[0]);
            case LinqOperator.Include or LinqOperator.ThenInclude:
                Include(select, call, kind == LinqOperator.ThenInclude);
                return true;
            case LinqOperator.SelectMany:
                return SelectMany(select, call);
            case LinqOperator.Join or LinqOperator.LeftJoin:
                return Join(select, call, kind == LinqOperator.LeftJoin);
            case LinqOperator.GroupJoin:
                return GroupJoin(select, call);
            case LinqOperator.GroupBy:
                return GroupBy(select, call);
            default:
                return false;
        }
    }

    private bool Narrow(Select select, Entity row, ITypeSymbol type)
    {
        if (SymbolEqualityComparer.Default.Equals(row.Map.Type, type))
        {
            return true;
        }

        if (_context.Maps.MapOf(type, _database) is not { } map || map.Source != row.Map.Source)
        {
            return false;
        }

        select.Row = row with { Map = map };
        select.Where.Add(SqlPart.Hole);
        return true;
    }

    private bool Filter(Select select, IOperation predicate, bool isNegated = false)
    {
        if (select.IsCut)
        {
            Push(select, keepsLoads: true);
        }

        if (Lambda(predicate) is not { } lambda || Bind(lambda, select.Row) is not { } body)
        {
            (select.IsGrouped ? select.Having : select.Where).Add(SqlPart.Hole);
            return true;
        }

        var conditions = new List<SqlPart>();
        Conditions(body, isNegated, conditions, new NotNull());
        (select.IsGrouped ? select.Having : select.Where).AddRange(conditions);
        return true;
    }

    private bool Project(Select select, IOperation selector)
    {
        if (select.IsDistinct)
        {
            Push(select, keepsLoads: true);
        }

        if (Lambda(selector) is not { } lambda)
        {
            select.Row = Shape.Unknown;
            return true;
        }

        // A second projection asks for the first one.
        var source = select.Row;
        select.Source = source;
        select.Projection = () =>
        {
            if (select.IsTaken && Navigates(lambda))
            {
                Push(select, keepsLoads: true);
            }

            var row = Bind(lambda, select.Source) is { } body ? Eval(body) : Shape.Unknown;
            return row is Json ? AsScalar(row) ?? Shape.Unknown : row;
        };
        return true;
    }

    // Whether a lambda reads anything that another table holds.
    private bool Navigates(IAnonymousFunctionOperation lambda) => lambda.Descendants().OfType<IPropertyReferenceOperation>().Any(property =>
        _context.Maps.MapOf(property.Property.ContainingType, _database)?.Navigation(property.Property.Name) is { IsInline: false, IsJson: false });

    private void Sort(Select select, IInvocationOperation call, LinqOperator kind)
    {
        if (select.IsCut || select.IsDistinct)
        {
            Push(select, keepsLoads: true);
        }

        var isDescending = kind is LinqOperator.OrderByDescending or LinqOperator.ThenByDescending;
        if (kind is LinqOperator.OrderBy or LinqOperator.OrderByDescending)
        {
            select.Order.Clear();
        }

        var selector = ArgumentOf(call, LinqOperators.KeySelector);
        var site = selector is null ? call.Syntax : Lambda(selector)?.Body is { } body ? BodyOf(body)?.Syntax ?? call.Syntax : call.Syntax;
        var key = selector is null ? select.Row : Call(selector, select.Row);
        if (key is Scalar { IsClient: true })
        {
            return;
        }

        var sql = ArgumentOf(call, LinqOperators.Comparer) is null && AsScalar(KeyOf(key)) is { } scalar ? scalar.Sql : SqlPart.Hole;
        select.Order.Add((sql.At(site), isDescending));
    }

    private void Cut(Select select, IInvocationOperation call, bool isTake)
    {
        if (select.Limit is not null || (!isTake && select.Offset is not null))
        {
            Push(select, keepsLoads: true);
        }

        SqlPart number = SqlPart.Hole;
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter && LinqOperators.IsNumber(parameter))
            {
                number = HoleValues.Strip(argument.Value).ConstantValue is { HasValue: true, Value: int constant } ? constant.ToString(System.Globalization.CultureInfo.InvariantCulture) : Parameter(argument.Value);
            }
        }

        select.IsTaken = true;
        if (isTake)
        {
            select.Limit = number;
        }
        else
        {
            select.Offset = number;
        }
    }

    /// <summary>What a SELECT has so far becomes a table of it.</summary>
    private void Push(Select select, bool keepsLoads)
    {
        var inner = new Select { Limit = select.Limit, Offset = select.Offset, IsDistinct = select.IsDistinct, IsGrouped = select.IsGrouped };
        inner.Tables.AddRange(select.Tables);
        inner.Where.AddRange(select.Where);
        inner.Order.AddRange(select.Order);
        inner.Grouping.AddRange(select.Grouping);
        inner.Having.AddRange(select.Having);
        if (!select.IsCut)
        {
            inner.Order.Clear();
        }

        select.Tables.Clear();
        select.Where.Clear();
        select.Order.Clear();
        select.Grouping.Clear();
        select.Having.Clear();
        select.Joined.Clear();
        select.Limit = null;
        select.Offset = null;
        select.IsDistinct = false;
        select.IsGrouped = false;
        select.IsTaken = false;
        if (!keepsLoads)
        {
            select.Loads.Clear();
        }

        var alias = Alias("s");
        var (selected, row) = Columns(select.Source, alias, select);
        select.Tables.Add((JoinKind.From, SqlPart.Single("(", inner.Print(selected), ") AS ", SqlPart.Name(alias)), null));
        select.Source = row;
        select.Target = null;
    }

    /// <summary>What has to be selected so that a shape can be read from outside, and the shape there.</summary>
    private static (SqlPart Selected, Shape Row) Columns(Shape row, string alias, Select owner)
    {
        if (row is Entity { Prefix: "" } one)
        {
            return (SqlPart.Name(one.Alias) + ".*", one with { Alias = alias, Owner = owner });
        }

        var selected = new List<SqlPart>();
        var count = 0;
        Shape Move(Shape shape, int depth)
        {
            switch (shape)
            {
                case Entity entity:
                    var prefix = "e" + count++.ToString(System.Globalization.CultureInfo.InvariantCulture) + "_";
                    foreach (var column in entity.Map.Properties.Select(property => property.Column).OfType<string>().Distinct())
                    {
                        selected.Add(SqlPart.Single(ColumnOf(entity, column), " AS ", SqlPart.Name(prefix + column)));
                    }

                    return entity with { Alias = alias, Prefix = prefix, Owner = owner };
                case Scalar { IsClient: false } scalar:
                    var name = "c" + count++.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    selected.Add(SqlPart.Single(scalar.Sql, " AS ", SqlPart.Name(name)));
                    return scalar with { Sql = SqlPart.Name(alias) + "." + SqlPart.Name(name), Opposite = null, Counted = null, Compared = null };
                case Scalar:
                    return shape;
                case Members members when depth < 8:
                    return members with { ByName = members.ByName.ToImmutableDictionary(pair => pair.Key, pair => Move(pair.Value, depth + 1)) };
                default:
                    return Shape.Unknown;
            }
        }

        var moved = Move(row, 0);
        return (selected.Count == 0 ? "1" : SqlPart.Join(", ", SqlRank.Single, selected), moved);
    }

    private Select? Combine(IInvocationOperation call, IOperation source, LinqOperator kind)
    {
        var second = call.Arguments.FirstOrDefault(argument => argument.Parameter is { } parameter && LinqOperators.IsSecondSource(parameter))?.Value;
        if (second is null || Query(source) is not { } left || Query(second) is not { } right)
        {
            return null;
        }

        var select = new Select();
        var alias = Alias("u");
        static SqlPart Print(Select part, SqlPart selected)
        {
            if (!part.IsCut)
            {
                part.Order.Clear();
            }

            return part.IsCut ? SqlPart.Single("(", part.Print(selected), ")") : part.Print(selected);
        }

        var (first, row) = Columns(left.Row, alias, select);
        var (other, _) = Columns(right.Row, alias, select);
        SqlPart verb = kind switch
        {
            LinqOperator.Union => " UNION ",
            LinqOperator.Concat => " UNION ALL ",
            LinqOperator.Intersect => " INTERSECT ",
            _ => " EXCEPT ",
        };
        select.Tables.Add((JoinKind.From, SqlPart.Query("(", Print(left, first), verb, Print(right, other), ") AS ", SqlPart.Name(alias)), null));
        select.Row = row;
        return select;
    }

    private bool SelectMany(Select select, IInvocationOperation call)
    {
        var selector = ArgumentOf(call, LinqOperators.CollectionSelector) ?? ArgumentOf(call, LinqOperators.Selector);
        if (selector is null || Lambda(selector) is not { } lambda)
        {
            return false;
        }

        if (!select.IsPlain)
        {
            Push(select, keepsLoads: false);
        }

        select.Loads.Clear();
        var outer = select.Row;
        if (Bind(lambda, outer) is not { } body || Query(body) is not { } inner)
        {
            return false;
        }

        select.Order.Clear();
        var row = JoinIn(select, inner, inner.IsDefaultIfEmpty);
        select.Row = ArgumentOf(call, LinqOperators.ResultSelector) is { } result ? Call(result, outer, row) : row;
        return true;
    }

    /// <summary>Joins the tables of one SELECT to those of another; what a row of the first is there.</summary>
    private Shape JoinIn(Select select, Select inner, bool isLeft)
    {
        var shape = inner.Row;
        if (inner.IsPlain && inner.Tables.Count > 0 && inner.Tables.All(table => table.Kind is not (JoinKind.InnerLateral or JoinKind.LeftLateral)))
        {
            var table = inner.Tables.Count == 1 ? inner.Tables[0].Table : SqlPart.Single("(", inner.PrintTables(), ")");
            var on = inner.Where.Count == 0 ? null : SqlPart.All(inner.Where);
            var kind = isLeft ? JoinKind.Left : on is null ? JoinKind.Cross : JoinKind.Inner;
            select.Tables.Add((kind, table, on ?? (isLeft ? (SqlPart)"TRUE" : null)));
            inner.MergeInto(select);
        }
        else
        {
            if (inner.IsCut)
            {
                // Written with row numbers, mostly.
                inner.Where.Add(SqlPart.Hole);
            }

            var alias = Alias("s");
            var (selected, row) = Columns(shape, alias, select);
            select.Tables.Add((isLeft ? JoinKind.LeftLateral : JoinKind.InnerLateral, SqlPart.Single("(", inner.Print(selected), ") AS ", SqlPart.Name(alias)), inner.IsCut ? SqlPart.Hole : "TRUE"));
            shape = row;
        }

        return isLeft ? Outer(shape) : shape;
    }

    private static Shape Outer(Shape shape) => shape switch
    {
        Entity entity => entity with { IsOuter = true },
        Scalar scalar => scalar with { IsNullable = true },
        Members members => members with { ByName = members.ByName.ToImmutableDictionary(pair => pair.Key, pair => Outer(pair.Value)) },
        _ => shape,
    };

    private bool Join(Select select, IInvocationOperation call, bool isLeft)
    {
        if (!select.IsPlain)
        {
            Push(select, keepsLoads: false);
        }

        select.Loads.Clear();
        var outer = select.Row;
        if (InnerOf(call, outer) is not { } inner)
        {
            return false;
        }

        var row = JoinIn(select, inner, isLeft);
        if (!isLeft)
        {
            select.Order.RemoveAll(key => key.Key.IsHole);
        }

        select.Row = ArgumentOf(call, LinqOperators.ResultSelector) is { } result ? Call(result, outer, row) : Shape.Unknown;
        return true;
    }

    /// <summary>The second source of a join, with the comparison of the keys as a condition.</summary>
    private Select? InnerOf(IInvocationOperation call, Shape outer)
    {
        var second = call.Arguments.FirstOrDefault(argument => argument.Parameter is { } parameter && LinqOperators.IsSecondSource(parameter))?.Value;
        if (second is null || Query(second) is not { } inner || ArgumentOf(call, LinqOperators.OuterKey) is not { } outerKey || ArgumentOf(call, LinqOperators.InnerKey) is not { } innerKey)
        {
            return null;
        }

        if (!inner.IsPlain)
        {
            Push(inner, keepsLoads: false);
        }

        inner.Order.Clear();
        inner.Loads.Clear();
        var pairs = new List<SqlPart>();
        Pair(Call(outerKey, outer), Call(innerKey, inner.Row), pairs);
        var site = Lambda(innerKey)?.Body is { } body ? BodyOf(body)?.Syntax : null;
        inner.Where.InsertRange(0, pairs.Select(pair => site is null || pair.IsHole ? pair : pair.At(site)));
        return inner;
    }

    private void Pair(Shape left, Shape right, List<SqlPart> pairs)
    {
        left = KeyOf(left);
        right = KeyOf(right);
        if (left is Members { IsComplete: true } lefts && right is Members { IsComplete: true } rights && lefts.ByName.Count == rights.ByName.Count && lefts.ByName.Keys.All(rights.ByName.ContainsKey))
        {
            foreach (var name in lefts.ByName.Keys.OrderBy(name => name, StringComparer.Ordinal))
            {
                Pair(lefts.ByName[name], rights.ByName[name], pairs);
            }

            return;
        }

        pairs.Add(AsScalar(left) is { } one && AsScalar(right) is { } other ? SqlPart.Of(SqlRank.Comparison, one.Sql.Operand, " = ", other.Sql.Operand) : SqlPart.Hole);
    }

    private bool GroupJoin(Select select, IInvocationOperation call)
    {
        if (!select.IsPlain)
        {
            Push(select, keepsLoads: false);
        }

        select.Loads.Clear();
        var outer = select.Row;
        if (ArgumentOf(call, LinqOperators.ResultSelector) is not { } result)
        {
            return false;
        }

        select.Row = Call(result, outer, new Rows(() => InnerOf(call, outer)));
        return true;
    }

    private bool GroupBy(Select select, IInvocationOperation call)
    {
        if (!select.IsPlain)
        {
            Push(select, keepsLoads: false);
        }

        select.Loads.Clear();
        select.Order.Clear();
        if (ArgumentOf(call, LinqOperators.KeySelector) is not { } selector)
        {
            return false;
        }

        var key = Call(selector, select.Row);
        var element = ArgumentOf(call, LinqOperators.ElementSelector) is { } elements ? Call(elements, select.Row) : select.Row;
        select.IsGrouped = true;
        AddGrouping(select, key, 0);
        var group = new Group(key, element);
        select.Row = ArgumentOf(call, LinqOperators.ResultSelector) is { } result ? Call(result, key, group) : group;
        return true;
    }

    private void AddGrouping(Select select, Shape key, int depth)
    {
        switch (key)
        {
            case Members members when depth < 8:
                foreach (var member in members.ByName.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    AddGrouping(select, member.Value, depth + 1);
                }

                break;
            case Scalar { IsClient: true }:
                break;
            default:
                select.Grouping.Add(AsScalar(KeyOf(key))?.Sql ?? SqlPart.Hole);
                break;
        }
    }

    // Include(o => o.Customer), Include(c => c.Orders.Where(..)), Include("Lines.Product"), ThenInclude(l => l.Product)
    private void Include(Select select, IInvocationOperation call, bool isNext)
    {
        var path = ArgumentOf(call, LinqOperators.Path);
        if (path is null)
        {
            return;
        }

        var loads = select.Loads;
        if (isNext)
        {
            if (_lastLoad is null)
            {
                return;
            }

            loads = _lastLoad.Next;
        }

        if (HoleValues.Strip(path).ConstantValue is { HasValue: true, Value: string names })
        {
            foreach (var name in names.Split('.'))
            {
                loads = Add(loads, name, null).Next;
            }

            return;
        }

        if (Lambda(path) is not { } lambda || BodyOf(lambda.Body) is not { } body)
        {
            _lastLoad = null;
            return;
        }

        // The navigations from left to right, and the operators behind the last one.
        var filter = HoleValues.Strip(body);
        var read = filter;
        while (read is IInvocationOperation inner && SourceOf(inner) is { } source)
        {
            read = HoleValues.Strip(source);
        }

        var steps = new Stack<string>();
        for (var at = read; at is IPropertyReferenceOperation { Instance: { } instance } property; at = HoleValues.Strip(instance))
        {
            steps.Push(property.Property.Name);
        }

        while (steps.Count > 0)
        {
            var name = steps.Pop();
            loads = Add(loads, name, steps.Count == 0 && filter is IInvocationOperation ? filter : null).Next;
        }
    }

    private Load? _lastLoad;

    private Load Add(List<Load> loads, string name, IOperation? filter)
    {
        var load = loads.FirstOrDefault(one => one.Navigation == name);
        if (load is null)
        {
            loads.Add(load = new Load(name, filter));
        }

        return _lastLoad = load;
    }

    private void ApplyLoad(Entity row, Load load, Select select)
    {
        if (row.Map.Navigation(load.Navigation) is not { IsJson: false, IsInline: false } navigation)
        {
            return;
        }

        if (!navigation.IsCollection)
        {
            if (Navigate(row, navigation) is Entity target)
            {
                load.Next.ForEach(next => ApplyLoad(target, next, target.Owner.Root));
            }

            return;
        }

        if (Children(row, navigation) is not { } inner)
        {
            return;
        }

        if (load.Filter is not null)
        {
            foreach (var call in Chain(load.Filter))
            {
                if (!Apply(inner, call, LinqOperators.Of(call.TargetMethod)))
                {
                    inner.Where.Add(SqlPart.Hole);
                }
            }

            if (inner.IsCut)
            {
                inner.Limit = null;
                inner.Offset = null;
                inner.Where.Add(SqlPart.Hole);
            }
        }

        inner.Order.Clear();
        if (inner.Row is Entity element)
        {
            load.Next.ForEach(next => ApplyLoad(element, next, inner));
        }

        JoinIn(select, inner, isLeft: true);
    }

    private static IEnumerable<IInvocationOperation> Chain(IOperation filter)
    {
        var calls = new Stack<IInvocationOperation>();
        for (var at = HoleValues.Strip(filter); at is IInvocationOperation call && SourceOf(call) is { } source; at = HoleValues.Strip(source))
        {
            calls.Push(call);
        }

        return calls;
    }
}
