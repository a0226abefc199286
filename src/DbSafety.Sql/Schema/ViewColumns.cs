using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>The columns of a query: their names, and their types where they are certain. For views, CREATE TABLE AS and SELECT INTO.</summary>
internal sealed class ViewColumns
{
    /// <summary>How deep queries and joins may nest.</summary>
    private const int MaxDepth = 100;

    private readonly SchemaSession _session;
    private readonly HashSet<ObjectName> _reads = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _namesAll;
    private int _depth;

    private ViewColumns(SchemaSession session) => _session = session;

    /// <summary>What a query gives and reads.</summary>
    /// <param name="Columns">Its columns; null where their names are not certain.</param>
    /// <param name="Reads">The tables that it reads.</param>
    /// <param name="ReadColumns">The names of the columns that it names; null where it may name any.</param>
    public readonly record struct Result(ImmutableArray<Column>? Columns, ImmutableArray<ObjectName> Reads, ImmutableHashSet<string>? ReadColumns);

    public static Result Of(SqlQuery query, ImmutableArray<SqlName> names, SchemaSession session)
    {
        var reader = new ViewColumns(session);
        var columns = reader.Columns(query, Scope.None);
        if (columns is { } known && !names.IsEmpty)
        {
            columns = names.Length > known.Length
                ? null
                : known.Select((column, i) => i < names.Length ? column with { Name = SchemaSession.Text(names[i]) } : column).ToImmutableArray();
        }

        if (columns is null && !names.IsEmpty && names.All(name => !name.HasHole) && query is SelectQuery { Items: var items } && items.Length == names.Length)
        {
            columns = names.Select(name => new Column(SchemaSession.Text(name), null, false, false)).ToImmutableArray();
        }

        if (columns is { } all && all.Select(column => column.Name).Distinct(StringComparer.Ordinal).Count() < all.Length)
        {
            columns = null;
        }

        return new Result(
            columns?.Select(column => column with { Name = SchemaNames.Truncate(column.Name) }).ToImmutableArray(),
            reader._reads.OrderBy(name => name.Schema, StringComparer.Ordinal).ThenBy(name => name.Name, StringComparer.Ordinal).ToImmutableArray(),
            reader._namesAll ? null : reader._names.ToImmutableHashSet(StringComparer.Ordinal));
    }

    private static Column Plain(string name, string? type) => new(name, type, false, false);

    /// <summary>What FROM and WITH offer.</summary>
    private sealed class Scope(Scope? outer)
    {
        public static Scope None { get; } = new(null);

        public Scope? Outer { get; } = outer;

        /// <summary>The tables, by the name that they have here; null columns: not known.</summary>
        public List<(string Name, ImmutableArray<Column>? Columns)> Sources { get; } = new();

        /// <summary>What <c>*</c> stands for; null where not known.</summary>
        public ImmutableArray<Column>? Star { get; set; } = ImmutableArray<Column>.Empty;

        public Dictionary<string, ImmutableArray<Column>?> CommonTables { get; } = new(StringComparer.Ordinal);
    }

    private ImmutableArray<Column>? Columns(SqlQuery query, Scope outer)
    {
        if (_depth >= MaxDepth)
        {
            _namesAll = true;
            return null;
        }

        _depth++;
        var columns = ColumnsOf(query, outer);
        _depth--;
        return columns;
    }

    private ImmutableArray<Column>? ColumnsOf(SqlQuery query, Scope outer)
    {
        var scope = new Scope(outer);
        if (query.With.IsUnknown)
        {
            _namesAll = true;
            return null;
        }

        foreach (var common in query.With.Value?.Tables ?? ImmutableArray<CommonTable>.Empty)
        {
            if (query.With.Value!.IsRecursive)
            {
                // Its first part gives the columns; the second may name it.
                scope.CommonTables[common.Name.Text] = common.Statement is SelectStatement { Query: SetOperationQuery union } ? Named(Columns(union.Left, scope), common.Columns) : null;
            }

            var columns = common.Statement is SelectStatement select ? Named(Columns(select.Query, scope), common.Columns) : null;
            scope.CommonTables[common.Name.Text] = columns;
        }

        switch (query)
        {
            case SelectQuery select:
                return Select(select, scope);
            case ValuesQuery { HasUnknownRows: false, Rows: { IsEmpty: false } rows }:
                return rows[0].Items.Select((item, i) =>
                {
                    var types = rows.Select(row => i < row.Items.Length ? TypeOf(row.Items[i], scope) : null).Distinct().ToList();
                    return Plain("column" + (i + 1).ToString(CultureInfo.InvariantCulture), types.Count == 1 ? types[0]?.Type : null);
                }).ToImmutableArray();
            case TableQuery table:
                _namesAll = true;
                return AddSource(table.Table, scope);
            case SetOperationQuery set:
                var left = Columns(set.Left, scope);
                var right = Columns(set.Right, scope);
                return left is not { } one ? null : one.Select((column, i) =>
                {
                    var other = right is { } both && i < both.Length ? both[i] : null;
                    var isSame = other is not null && other.Type == column.Type;
                    return column with
                    {
                        Type = isSame ? column.Type : null,
                        Modifiers = isSame && other!.Modifiers.SequenceEqual(column.Modifiers) ? column.Modifiers : ImmutableArray<string>.Empty,
                    };
                }).ToImmutableArray();
            default:
                _namesAll = true;
                return null;
        }
    }

    private static ImmutableArray<Column>? Named(ImmutableArray<Column>? columns, ImmutableArray<SqlName> names) => columns is not { } known
        ? null
        : known.Select((column, i) => i < names.Length ? column with { Name = names[i].Text } : column).ToImmutableArray();

    private ImmutableArray<Column>? Select(SelectQuery select, Scope scope)
    {
        if (select.From.IsUnknown)
        {
            scope.Star = null;
            _namesAll = true;
        }

        foreach (var source in select.From.Value?.Items ?? ImmutableArray<TableSource>.Empty)
        {
            var columns = AddSource(source, scope);
            scope.Star = scope.Star is { } known && columns is { } more ? known.AddRange(more) : null;
        }

        Note(select.Where.Value?.Expression, scope);
        Note(select.Having.Value?.Expression, scope);
        foreach (var expression in select.GroupBy.Value?.Items ?? ImmutableArray<SqlExpression>.Empty)
        {
            Note(expression, scope);
        }

        foreach (var expression in select.DistinctOn.Concat(select.OrderBy.Value?.Items.Select(item => item.Expression) ?? Enumerable.Empty<SqlExpression>())
            .Concat(select.Windows.SelectMany(window => window.PartitionBy.Concat(window.OrderBy.Select(item => item.Expression)))))
        {
            Note(expression, scope);
        }

        var result = ImmutableArray.CreateBuilder<Column>();
        var isKnown = true;
        foreach (var item in select.Items)
        {
            Note(item.Expression, scope);
            if (item.Expression is ColumnReference { IsStar: true } star)
            {
                _namesAll = true;
                var all = star.Parts.IsEmpty ? scope.Star : scope.Sources.FirstOrDefault(source => source.Name == star.Parts[star.Parts.Length - 1].Text).Columns;
                isKnown &= all is not null;
                result.AddRange(all ?? ImmutableArray<Column>.Empty);
            }
            else if (item.Expression is HoleExpression or UnknownExpression || item.Alias is { HasHole: true } || item.Expression is IndirectionExpression { Field.Text: "*" })
            {
                isKnown = false;
            }
            else
            {
                var type = TypeOf(item.Expression, scope);
                result.Add(Plain(item.Alias?.Text ?? SchemaNames.Figure(item.Expression) ?? "?column?", type?.Type) with
                {
                    Modifiers = type?.Modifiers ?? ImmutableArray<string>.Empty,
                    Collation = type?.Collation,
                });
            }
        }

        return isKnown ? result.ToImmutable() : null;
    }

    /// <summary>Notes the names of columns in an expression, and the tables of its subqueries.</summary>
    private void Note(SqlExpression? expression, Scope scope)
    {
        switch (expression)
        {
            case null:
                return;
            case ColumnReference column:
                _namesAll |= column.HasHole;
                _names.Add(column.Column);
                return;
            case SubqueryExpression subquery:
                Columns(subquery.Query, scope);
                return;
            case InExpression { Query: { } query }:
                Columns(query, scope);
                break;
            case FunctionCall call:
                foreach (var part in call.OrderBy.Select(item => item.Expression)
                    .Concat(call.Over is { } over ? over.PartitionBy.Concat(over.OrderBy.Select(item => item.Expression)) : Enumerable.Empty<SqlExpression>()))
                {
                    Note(part, scope);
                }

                break;
            case HoleExpression or UnknownExpression:
                _namesAll = true;
                return;
        }

        foreach (var operand in expression.Operands)
        {
            Note(operand, scope);
        }
    }

    /// <summary>Adds a source of FROM; what <c>*</c> gives for it.</summary>
    private ImmutableArray<Column>? AddSource(TableSource source, Scope scope)
    {
        switch (source)
        {
            case TableReference table:
                var columns = Aliased(ColumnsOf(table.Name, scope), table.ColumnAliases);
                scope.Sources.Add((table.Alias?.Text ?? table.Name.Name, columns));
                return columns;
            case DerivedTable derived:
                var inner = Aliased(Columns(derived.Query, scope), derived.ColumnAliases);
                scope.Sources.Add((derived.Alias?.Text ?? "", inner));
                return inner;
            case JoinedTable join when _depth < MaxDepth:
                _depth++;
                var joined = AddJoin(join, scope);
                _depth--;
                return joined;
            case FunctionTable function:
                foreach (var call in function.Functions)
                {
                    Note(call, scope);
                }

                scope.Sources.Add((function.Alias?.Text ?? (function.Functions.FirstOrDefault() as FunctionCall)?.Name.Name ?? "", null));
                return null;
            default:
                _namesAll = true;
                scope.Sources.Add(("", null));
                return null;
        }
    }

    private static ImmutableArray<Column>? Aliased(ImmutableArray<Column>? columns, ImmutableArray<SqlName> aliases) =>
        aliases.IsEmpty ? columns : Named(columns, aliases);

    private ImmutableArray<Column>? AddJoin(JoinedTable join, Scope scope)
    {
        var left = AddSource(join.Left, scope);
        var right = AddSource(join.Right, scope);
        Note(join.On, scope);
        if (left is not { } one || right is not { } other)
        {
            return null;
        }

        var shared = join.IsNatural
            ? one.Select(column => column.Name).Where(name => other.Any(column => column.Name == name)).ToList()
            : join.Using.Select(name => name.Text).ToList();
        _names.UnionWith(shared);
        var first = join.Kind == JoinKind.Right ? other : one;
        return shared.Select(name => first.FirstOrDefault(column => column.Name == name)).OfType<Column>()
            .Concat(one.Where(column => !shared.Contains(column.Name))).Concat(other.Where(column => !shared.Contains(column.Name))).ToImmutableArray();
    }

    private ImmutableArray<Column>? ColumnsOf(QualifiedName name, Scope scope)
    {
        if (name.HasHole)
        {
            _namesAll = true;
            return null;
        }

        if (name.Schema is null)
        {
            for (var at = scope; at is not null; at = at.Outer)
            {
                if (at.CommonTables.TryGetValue(name.Name, out var common))
                {
                    return common;
                }
            }
        }

        if (_session.FindTable(name) is not { } table)
        {
            return null;
        }

        _reads.Add(table.FullName);
        return table.IsIncomplete ? null : table.Columns.Select(column => Plain(column.Name, column.Type) with { Modifiers = column.Modifiers, Collation = column.Collation }).ToImmutableArray();
    }

    /// <summary>The type of an expression, where it is certain; as a column without name.</summary>
    private Column? TypeOf(SqlExpression expression, Scope scope)
    {
        switch (expression)
        {
            case ParenthesizedExpression parenthesized:
                return TypeOf(parenthesized.Operand, scope);
            case ColumnReference { IsStar: false, HasHole: false } column:
                return Find(column, scope) is { } found ? found with { Name = "" } : null;
            case CastExpression cast when cast.Type.Name is not null:
                return Plain("", _session.TypeText(cast.Type)) with { Modifiers = SchemaSession.Modifiers(cast.Type) };
            case LiteralExpression { Type: { } type, HasIntervalFields: false }:
                return Plain("", _session.TypeText(type));
            case LiteralExpression { Kind: LiteralKind.String or LiteralKind.Null, Type: null }:
                return Plain("", "text");
            case LiteralExpression { Kind: LiteralKind.Boolean }:
                return Plain("", "boolean");
            case LiteralExpression { Kind: LiteralKind.Number, Text: { } text }:
                return Plain("", int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "integer"
                    : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "bigint" : "numeric");
            case BinaryExpression { IsComparison: true } or LogicalExpression or IsExpression or InExpression or BetweenExpression or LikeExpression or QuantifiedExpression
                or UnaryExpression { Operator: "NOT" } or SubqueryExpression { Kind: SubqueryKind.Exists }:
                return Plain("", "boolean");
            case FunctionCall call when call.Name.Parts.Length == 1 || call.Name.Schema == "pg_catalog":
                return OfFunction(call, scope);
            case SubqueryExpression { Kind: SubqueryKind.Scalar } subquery:
                return Columns(subquery.Query, scope) is { Length: 1 } one ? one[0] with { Name = "" } : null;
            default:
                return null;
        }
    }

    private Column? OfFunction(FunctionCall call, Scope scope)
    {
        var name = call.Name.Name;
        var first = call.Arguments.IsEmpty ? null : TypeOf(call.Arguments[0], scope);
        switch (name)
        {
            case "min" or "max" when first is { Type: { } own }:
                return own is "integer" or "bigint" or "smallint" or "numeric" or "date" or "text" or "real" or "double precision" or "interval" or "timestamp with time zone"
                    or "timestamp without time zone" ? Plain("", own) : null;
            case "sum" when first is { Type: { } summed }:
                return summed switch
                {
                    "integer" or "smallint" => Plain("", "bigint"),
                    "bigint" or "numeric" => Plain("", "numeric"),
                    "real" or "double precision" or "interval" or "money" => Plain("", summed),
                    _ => null,
                };
            case "coalesce" when first is { Type: not null }:
                return call.Arguments.Select(argument => TypeOf(argument, scope)?.Type).Distinct().Count() == 1 ? Plain("", first.Type) : null;
            case "lower" or "upper" when first?.Type is null or not ("text" or "character varying"):
                // Of a range another type.
                return null;
            default:
                return FunctionTypes.Result(name) is { } type && !_session.State.Routines.Keys.Any(routine => routine.Name == name) ? Plain("", type) : null;
        }
    }

    private static Column? Find(ColumnReference reference, Scope scope)
    {
        for (var at = scope; at is not null; at = at.Outer)
        {
            if (reference.Parts.Length > 1)
            {
                var table = reference.Parts[reference.Parts.Length - 2].Text;
                var source = at.Sources.FirstOrDefault(candidate => candidate.Name == table);
                if (source.Name is not null)
                {
                    return source.Columns?.FirstOrDefault(column => column.Name == reference.Column);
                }

                continue;
            }

            if (at.Sources.Any(source => source.Columns is null))
            {
                return null;
            }

            var found = at.Sources.Select(source => source.Columns!.Value.FirstOrDefault(column => column.Name == reference.Column)).OfType<Column>().ToList();
            if (found.Count > 0)
            {
                // Several: of JOIN USING, whose columns have one type or none that is certain.
                return found.All(column => column.Type == found[0].Type && column.Modifiers.SequenceEqual(found[0].Modifiers)) ? found[0] : null;
            }
        }

        return null;
    }
}
