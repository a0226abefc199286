using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Model;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>What a reader of queries is told.</summary>
/// <param name="Apis">The table.</param>
/// <param name="Maps">How entities are stored.</param>
/// <param name="ModelOf">The semantic model of a tree of this compilation.</param>
/// <param name="Mentions">Whether any source may use a member of a name.</param>
internal sealed record LinqContext(DbApis Apis, EntityMaps Maps, Func<SyntaxTree, SemanticModel?> ModelOf, Func<string, bool> Mentions);

/// <summary>Reads a query of EF Core as SQL.</summary>
internal sealed partial class LinqReader
{
    // Nobody composes a query of more steps.
    private const int MaxDepth = 200;

    private readonly LinqContext _context;
    private readonly DbApis _apis;
    private readonly Dictionary<ISymbol, Shape> _bound = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<string, int> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);
    private readonly HashSet<ISymbol> _followed = new(SymbolEqualityComparer.Default);
    private ITypeSymbol? _database;
    private bool _ignoresFilters;
    private int _depth;

    private LinqReader(LinqContext context)
    {
        _context = context;
        _apis = context.Apis;
    }

    /// <summary>The query that an execution runs, or null where it is none of EF Core, or nobody can tell which.</summary>
    public static LinqSql? Read(DbExecution execution, LinqContext context)
    {
        if (execution.Library != DbLibrary.EfCore || execution.Call is not null || execution.SavesChanges)
        {
            return null;
        }

        var reader = new LinqReader(context) { _database = execution.Connection?.Type };
        var text = execution.Operation switch
        {
            IForEachLoopOperation loop => reader.Finish(reader.Query(EfQueries.Unconfigured(loop.Collection))),
            IInvocationOperation call => reader.ReadCall(call),
            _ => null,
        };
        return text?.At(execution.Operation.Syntax).ToSql(execution.Operation.Syntax);
    }

    private SqlPart? ReadCall(IInvocationOperation call)
    {
        var kind = LinqOperators.Of(call.TargetMethod);
        if (kind == LinqOperator.Find)
        {
            return Find(call);
        }

        if (kind == LinqOperator.Unknown || SourceOf(call) is not { } source)
        {
            return null;
        }

        // The filters of the model belong to the whole query, wherever they are switched off.
        _ignoresFilters = call.Descendants().OfType<IInvocationOperation>().Any(inner => LinqOperators.Of(inner.TargetMethod) == LinqOperator.IgnoreFilters && inner.Arguments.Length < 2);
        if (LinqOperators.GivesRows(kind))
        {
            return Finish(Query(source));
        }

        return Query(source) is { } select ? Answer(select, call, kind) : null;
    }

    /// <summary>The text of a query whose rows are read.</summary>
    private SqlPart? Finish(Select? select)
    {
        if (select is null)
        {
            return null;
        }

        if (select.Loads.Count > 0 && select.Row is Entity)
        {
            if (select.IsCut && (select.IsTaken || LoadsMany(select)))
            {
                Push(select, keepsLoads: true);
            }

            foreach (var load in select.Loads)
            {
                ApplyLoad((Entity)select.Row, load, select);
            }
        }

        var selected = new List<SqlPart>();
        ApplyRows(select.Row, select, selected, 0);
        return select.Print(selected.Count > 0 ? SqlPart.Join(", ", SqlRank.Single, selected) : select.IsGrouped ? "1" : "*");
    }

    private static bool LoadsMany(Select select)
    {
        static bool Many(EntityMap map, Load load) => map.Navigation(load.Navigation) is { } navigation && (navigation.IsCollection || load.Next.Any(next => Many(navigation.Target, next)));
        return select.Row is Entity entity && select.Loads.Any(load => Many(entity.Map, load));
    }

    // What is selected stands for nothing, but for the queries in it, and for the collections that are joined for it.
    private void ApplyRows(Shape row, Select select, List<SqlPart> selected, int depth)
    {
        switch (row)
        {
            case Scalar { Sql: { HasQuery: true } sql }:
                selected.Add(sql);
                break;
            case Members members when depth < 8:
                foreach (var member in members.ByName.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    ApplyRows(member.Value, select, selected, depth + 1);
                }

                break;
            case Rows rows when depth > 0 && !select.IsGrouped && rows.Make() is { } inner:
                if (inner.IsCut)
                {
                    // Written with row numbers: nobody looks the rows up.
                    inner.Where.Add(SqlPart.Hole);
                }

                inner.Order.Clear();
                JoinIn(select, inner, isLeft: true);
                break;
        }
    }

    /// <summary>The text of a query that ends with an operator that gives a value, or changes rows.</summary>
    private SqlPart? Answer(Select select, IInvocationOperation call, LinqOperator kind)
    {
        switch (kind)
        {
            case LinqOperator.First or LinqOperator.Single or LinqOperator.Last or LinqOperator.ElementAt:
                return One(select, call, kind) ? Finish(select) : null;
            case LinqOperator.Delete:
                return Change(select, null, call);
            case LinqOperator.Update:
                return Change(select, call, call);
        }

        select.Loads.Clear();
        return Value(select, call, kind) is { } value ? kind switch
        {
            LinqOperator.Any or LinqOperator.All or LinqOperator.Contains => SqlPart.Single("SELECT ", value.Sql),
            _ => Unwrapped,
        } : null;
    }

    // The text inside the parentheses of the last scalar query.
    private SqlPart Unwrapped => _lastValue!;

    private SqlPart? _lastValue;

    /// <summary>Takes one row.</summary>
    private bool One(Select select, IInvocationOperation call, LinqOperator kind)
    {
        if (ArgumentOf(call, LinqOperators.Predicate) is { } predicate && !Filter(select, predicate))
        {
            return false;
        }

        if (kind == LinqOperator.Last)
        {
            if (select.Order.Count == 0 || select.IsCut)
            {
                return false;
            }

            Turn(select);
        }

        // The row is asked for before it is cut off: its joins stand inside.
        _ = select.Row;
        if (select.Limit is not null || (kind == LinqOperator.ElementAt && select.IsCut))
        {
            Push(select, keepsLoads: true);
        }

        if (kind == LinqOperator.ElementAt)
        {
            select.Offset = "@p";
        }

        select.Limit = kind == LinqOperator.Single ? "2" : "1";
        return true;
    }

    private static void Turn(Select select)
    {
        for (var i = 0; i < select.Order.Count; i++)
        {
            select.Order[i] = (select.Order[i].Key, !select.Order[i].IsDescending);
        }
    }

    /// <summary>The value that an operator makes of rows: whether there are any, how many, the greatest.</summary>
    private Scalar? Value(Select select, IInvocationOperation call, LinqOperator kind)
    {
        switch (kind)
        {
            case LinqOperator.Any:
                if (ArgumentOf(call, LinqOperators.Predicate) is { } any && !Filter(select, any))
                {
                    return null;
                }

                return Exists(select, false, call);
            case LinqOperator.All:
                if (ArgumentOf(call, LinqOperators.Predicate) is not { } all || !Filter(select, all, isNegated: true))
                {
                    return null;
                }

                return Exists(select, true, call);
            case LinqOperator.Count:
                if (ArgumentOf(call, LinqOperators.Predicate) is { } counted && !Filter(select, counted))
                {
                    return null;
                }

                return Aggregate(select, "count(*)", call, call.Type);
            case LinqOperator.Min or LinqOperator.Max or LinqOperator.Sum or LinqOperator.Average:
                if (select.IsCut || select.IsDistinct || select.IsGrouped)
                {
                    Push(select, keepsLoads: false);
                }

                var row = ArgumentOf(call, LinqOperators.Selector) is { } selector ? Call(selector, select.Row) : select.Row;
                var argument = AsScalar(row) is { } scalar ? scalar.Sql : SqlPart.Hole;
                return Aggregate(select, SqlPart.Single(NameOf(kind), "(", argument, ")"), call, call.Type) is { } aggregate ? aggregate with { IsNullable = kind is not LinqOperator.Sum } : null;
            case LinqOperator.Contains:
                var item = call.Arguments.Select(one => one.Value).LastOrDefault(value => !IsSource(value, call));
                if (item is null || AsScalar(Eval(item)) is not { } wanted)
                {
                    return null;
                }

                select.Order.Clear();
                var key = AsScalar(KeyOf(select.Row));
                var inner = select.Print(key?.Sql ?? SqlPart.Hole);
                return new Scalar(SqlPart.Of(SqlRank.Comparison, wanted.Sql.Operand, " IN (", inner, ")").At(call.Syntax), call.Type)
                {
                    Opposite = SqlPart.Of(SqlRank.Comparison, wanted.Sql.Operand, " NOT IN (", inner, ")").At(call.Syntax),
                };
            default:
                return null;
        }
    }

    private static string NameOf(LinqOperator kind) => kind switch
    {
        LinqOperator.Min => "min",
        LinqOperator.Max => "max",
        LinqOperator.Sum => "sum",
        _ => "avg",
    };

    private static Scalar Exists(Select select, bool isNegated, IOperation call)
    {
        if (!select.IsCut)
        {
            select.Order.Clear();
        }

        var inner = select.Print("1");
        var exists = SqlPart.Single("EXISTS (", inner, ")").At(call.Syntax);
        var not = SqlPart.Of(SqlRank.Not, "NOT EXISTS (", inner, ")").At(call.Syntax);
        return new Scalar(isNegated ? not : exists, call.Type) { Opposite = isNegated ? exists : not };
    }

    private Scalar? Aggregate(Select select, SqlPart aggregate, IOperation call, ITypeSymbol? type)
    {
        if (select.IsCut || select.IsDistinct || select.IsGrouped)
        {
            Push(select, keepsLoads: false);
        }

        select.Order.Clear();
        _lastValue = select.Print(aggregate);
        return new Scalar(SqlPart.Single("(", _lastValue, ")").At(call.Syntax), type);
    }

    /// <summary>DELETE and UPDATE.</summary>
    private SqlPart? Change(Select select, IInvocationOperation? update, IInvocationOperation call)
    {
        if (select.Row is not Entity { Prefix: "" } row || select.IsGrouped || select.Tables.Count == 0 || row.Map.Table is not { } name || row.Map.Source != row.Map.Table)
        {
            return null;
        }

        select.Loads.Clear();
        SqlPart set = "";
        if (update is not null)
        {
            var column = row.Map.Properties.Select(property => property.Column).FirstOrDefault(candidate => candidate is not null);
            if (column is null)
            {
                return null;
            }

            foreach (var reference in update.Arguments.Where(argument => !IsSource(argument.Value, update)).SelectMany(argument => argument.Descendants()).OfType<IPropertyReferenceOperation>())
            {
                if (reference.Instance is IParameterReferenceOperation && row.Map.Column(reference.Property)?.Column is { } written)
                {
                    column = written;
                    break;
                }
            }

            set = SqlPart.Single(" SET ", SqlPart.Name(column), " = @p");
        }

        var isSimple = select.Tables[0] is { Kind: JoinKind.From } && select.Target is { Row: var target } && target.Alias == row.Alias && select.IsPlain &&
            select.Tables.Skip(1).All(table => table.Kind is JoinKind.Inner or JoinKind.Cross) && select.Order.Count == 0;
        SqlPart verb = update is null ? "DELETE FROM " : "UPDATE ";
        if (!isSimple)
        {
            if (row.Map.Key.Length != 1 || row.Map.Key[0].Column is not { } key)
            {
                return null;
            }

            if (!select.IsCut)
            {
                select.Order.Clear();
            }

            var alias = Alias(row.Map);
            return SqlPart.Single(verb, TableText(name), " AS ", SqlPart.Name(alias), set, " WHERE ", SqlPart.Name(alias), ".", SqlPart.Name(key), " IN (", select.Print(ColumnOf(row, key)), ")");
        }

        var parts = new List<SqlPart> { verb, select.Tables[0].Table, set };
        var conditions = new List<SqlPart>();
        for (var i = 1; i < select.Tables.Count; i++)
        {
            parts.Add(i > 1 ? ", " : update is null ? " USING " : " FROM ");
            parts.Add(select.Tables[i].Table);
            if (select.Tables[i].On is { } on)
            {
                conditions.Add(on);
            }
        }

        conditions.AddRange(select.Where);
        if (conditions.Count > 0)
        {
            parts.Add(" WHERE ");
            parts.Add(SqlPart.All(conditions));
        }

        return SqlPart.Single(parts.ToArray());
    }

    /// <summary>The row of a key.</summary>
    private SqlPart? Find(IInvocationOperation call)
    {
        var entity = EfQueries.IsContext(call.Instance?.Type, _apis) ? (call.TargetMethod.IsGenericMethod ? call.TargetMethod.TypeArguments[0] : null) : SetElement(call.Instance?.Type);
        if (entity is null || RootOf(entity, call.Syntax) is not { Row: Entity row } select || row.Map.Key.IsEmpty)
        {
            return null;
        }

        var values = call.Arguments.Where(argument => argument.Parameter is { } parameter && LinqOperators.IsKeyValues(parameter)).Select(argument => HoleValues.Strip(argument.Value)).FirstOrDefault();
        if (values is not IArrayCreationOperation { Initializer.ElementValues: var elements } || elements.Length != row.Map.Key.Length)
        {
            return null;
        }

        for (var i = 0; i < elements.Length; i++)
        {
            if (row.Map.Key[i].Column is not { } column)
            {
                return null;
            }

            select.Where.Add(SqlPart.Of(SqlRank.Comparison, ColumnOf(row, column), " = ", Parameter(HoleValues.Strip(elements[i]))).At(elements[i].Syntax));
        }

        select.Limit = "1";
        return select.Print("*");
    }

    private static IOperation? SourceOf(IInvocationOperation call) => call.Instance ?? EfQueries.FirstArgument(call);

    private static bool IsSource(IOperation value, IInvocationOperation call) => call.Instance is null && value == EfQueries.FirstArgument(call);

    private static IOperation? ArgumentOf(IInvocationOperation call, string parameter)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Name == parameter && argument.ArgumentKind != ArgumentKind.DefaultValue)
            {
                return argument.Value;
            }
        }

        return null;
    }
}
