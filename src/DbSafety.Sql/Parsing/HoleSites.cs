using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <summary>
/// Judges where each hole stands. The finished tree says it of values; the parser's marks say it of names, keywords and clauses; what is
/// left, behind a syntax error, is judged by its neighbours (<see cref="HoleNeighbours"/>).
/// </summary>
internal sealed partial class HoleSites
{
    /// <summary>How deep the walk goes; deeper holes are judged by their neighbours.</summary>
    private const int MaxDepth = 400;

    private readonly SqlSource _source;
    private readonly SqlDialect _dialect;
    private readonly HoleMarks _marks;
    private readonly HoleSite?[] _sites;
    private SqlStatement _statement = new OtherStatement(default, "", ImmutableArray<SqlName>.Empty);
    private bool _takesParameters;
    private int _depth;

    private HoleSites(SqlSource source, SqlDialect dialect, HoleMarks marks)
    {
        _source = source;
        _dialect = dialect;
        _marks = marks;
        _sites = new HoleSite?[source.Holes.Length];
    }

    /// <summary>What the tree around a value says of it.</summary>
    private enum Place
    {
        /// <summary>An operand: a value.</summary>
        Operand,

        /// <summary>A whole condition: a bare hole is a fragment.</summary>
        Condition,

        /// <summary>A whole entry of a select list: a bare hole is a list of columns.</summary>
        SelectItem,

        /// <summary>ORDER BY, GROUP BY: a bare hole is a column.</summary>
        Sort,

        /// <summary>LIMIT, OFFSET.</summary>
        Limit,

        /// <summary>The pattern of LIKE.</summary>
        Pattern,

        /// <summary>An element of an array.</summary>
        ArrayElement,

        /// <summary>Compared with something that is no column, or aggregated: a bare hole is the column.</summary>
        ComparedLeft,

        /// <summary>The list of IN.</summary>
        InList,
    }

    public static ImmutableArray<HoleSite> Find(
        SqlSource source, SqlDialect dialect, ImmutableArray<SqlToken> tokens, ImmutableArray<SqlStatement> statements, HoleMarks marks)
    {
        if (source.Holes.IsEmpty)
        {
            return ImmutableArray<HoleSite>.Empty;
        }

        var sites = new HoleSites(source, dialect, marks);
        foreach (var statement in statements)
        {
            var first = marks.First(statement.Span.Start);
            if (first < source.Holes.Length && source.Holes[first] < statement.Span.End)
            {
                sites._statement = statement;
                sites._takesParameters = statement.TakesParameters;
                sites.Visit(statement, null);
            }
        }

        return sites.Complete(tokens, statements);
    }

    private ImmutableArray<HoleSite> Complete(ImmutableArray<SqlToken> tokens, ImmutableArray<SqlStatement> statements)
    {
        var all = ImmutableArray.CreateBuilder<HoleSite>(_sites.Length);
        var neighbours = new HoleNeighbours(_source, tokens);
        var current = 0;
        for (var hole = 0; hole < _sites.Length; hole++)
        {
            var position = _source.Holes[hole];
            while (current < statements.Length && statements[current].Span.End <= position)
            {
                current++;
            }

            var isInside = current < statements.Length && statements[current].Span.Contains(position);
            _statement = isInside ? statements[current] : new OtherStatement(default, "", ImmutableArray<SqlName>.Empty);
            _takesParameters = _statement.TakesParameters;
            if (_marks[hole] is { } mark && (_sites[hole] is null || _marks.Forced.Contains(hole)))
            {
                _sites[hole] = FromMark(hole, mark.Role, mark.Token, mark.NeedsRewrite);
            }

            all.Add(_sites[hole] ?? FromNeighbours(hole, neighbours));
        }

        return all.MoveToImmutable();
    }

    private HoleSite FromNeighbours(int hole, HoleNeighbours neighbours)
    {
        var (role, token) = neighbours.Judge(_source.Holes[hole], _statement.Verb, _statement.Verb.Length == 0 || _takesParameters);
        return FromMark(hole, role, token, null, isCertain: !_statement.HasErrors && _statement.Verb.Length > 0 && !_takesParameters);
    }

    private HoleSite FromMark(int hole, HoleRole role, SqlSpan token, string? needsRewrite, bool isCertain = true)
    {
        // The parser marks each constant that it meets, also where the tree drops it.
        var isValue = KindOf(role) == HoleKind.Value;
        if (isValue && !_takesParameters && _statement.Verb.Length > 0)
        {
            role = HoleRole.UtilityValue;
        }

        return new HoleSite
        {
            Hole = hole,
            Span = new SqlSpan(_source.Holes[hole], 1),
            Kind = KindOf(role),
            Role = role,
            IsCertain = isCertain && !_statement.HasErrors,
            Verb = _statement.Verb,
            TakesParameters = _takesParameters,
            TokenSpan = token,
            ValueSpan = isValue ? token : default,
            Literal = role is HoleRole.QuotedName or HoleRole.UtilityValue || isValue ? LiteralAt(token) : null,
            NeedsRewrite = role == HoleRole.UtilityValue && _statement.Verb == "COPY" ? "COPY" : needsRewrite,
        };
    }

    private readonly Dictionary<int, HoleLiteral> _literals = new();

    /// <summary>The literal that a token is, or null; the holes of one token share one.</summary>
    private HoleLiteral? LiteralAt(SqlSpan token)
    {
        if (token.Length < 2)
        {
            return null;
        }

        if (!_literals.TryGetValue(token.Start, out var literal))
        {
            literal = new HoleLiteral(token, token, null, SqlLexer.Decode(_source, token));
            _literals.Add(token.Start, literal);
        }

        return literal;
    }

    private static HoleKind KindOf(HoleRole role) => role switch
    {
        HoleRole.Operand or HoleRole.StringConstant or HoleRole.LikePattern or HoleRole.InList or HoleRole.Limit or HoleRole.ArrayElement
            => HoleKind.Value,
        HoleRole.BareName or HoleRole.BareNamePart or HoleRole.QuotedName or HoleRole.SortColumn or HoleRole.Keyword or HoleRole.ParameterName
            or HoleRole.UtilityName => HoleKind.Identifier,
        _ => HoleKind.Fragment,
    };

    // ---- statements and queries

    private void Visit(SqlStatement statement, HoleScope? outer)
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            return;
        }

        var scope = new HoleScope(outer);
        if (statement is WriteStatement { With.Value: { } with })
        {
            VisitWith(with, scope);
        }

        switch (statement)
        {
            case SelectStatement select:
                VisitQuery(select.Query, outer);
                break;
            case WrapperStatement wrapper:
                Visit(wrapper.Inner, outer);
                break;
            case CallStatement call:
                Visit(call.Call, new Context(Place.Operand), scope);
                break;
            case InsertStatement insert:
                VisitInsert(insert, scope);
                break;
            case UpdateStatement update:
                scope.Add(update.Table);
                VisitTables(update.From.Value, scope);
                VisitSet(update.Set, update.Table, scope);
                VisitCondition(update.Where.Value?.Expression, scope);
                break;
            case DeleteStatement delete:
                scope.Add(delete.Table);
                VisitTables(delete.Using.Value, scope);
                VisitCondition(delete.Where.Value?.Expression, scope);
                break;
            case MergeStatement merge:
                VisitMerge(merge, scope);
                break;
        }

        if (statement is WriteStatement { Returning.Value: { } returning })
        {
            VisitSelectItems(returning.Items, Place.SelectItem, scope);
        }

        _depth--;
    }

    private void VisitWith(WithClause with, HoleScope scope)
    {
        scope.Add(with);
        foreach (var table in with.Tables)
        {
            Visit(table.Statement, scope);
        }
    }

    private void VisitInsert(InsertStatement insert, HoleScope scope)
    {
        var columns = insert.Columns.Value?.Items ?? ImmutableArray<ColumnTargetNode>.Empty;
        var targets = columns.Select(column => Target(insert.Table, column)).ToImmutableArray();
        if (insert.Query is ValuesQuery values)
        {
            foreach (var row in values.Rows)
            {
                VisitInsertRow(row, targets, insert.Columns.IsUnknown, scope);
            }

            VisitQueryTail(values, scope);
        }
        else if (insert.Query is not null)
        {
            VisitQuery(insert.Query, scope, targets);
        }

        if (insert.OnConflict.Value is { } conflict)
        {
            var inner = new HoleScope(scope);
            inner.Add(insert.Table);
            inner.AddAlias("excluded", insert.Table);
            VisitAll(conflict.Columns, new Context(Place.Sort), inner);
            VisitCondition(conflict.ArbiterWhere, inner);
            VisitSet(conflict.Set, insert.Table, inner);
            VisitCondition(conflict.Where.Value?.Expression, inner);
        }

        scope.Add(insert.Table);
    }

    private void VisitInsertRow(RowExpression row, ImmutableArray<ColumnTarget?> targets, bool unknownColumns, HoleScope scope)
    {
        if (row.Items.Length == 1 && row.Items[0] is HoleExpression hole && (unknownColumns || targets.Length > 1))
        {
            // VALUES ({values}): the whole row.
            Add(hole, HoleRole.Clause, new Context(Place.Condition));
            return;
        }

        for (var i = 0; i < row.Items.Length; i++)
        {
            var target = i < targets.Length ? targets[i] : null;
            Visit(row.Items[i], new Context(Place.Operand) { Column = target }, scope);
        }
    }

    private static ColumnTarget? Target(TableReference table, ColumnTargetNode column)
    {
        if (column.Name.HasHole || !column.IsWhole)
        {
            return null;
        }

        return table.Name.HasHole
            ? new ColumnTarget(null, null, column.Name.Text, ImmutableArray<string>.Empty)
            : new ColumnTarget(table.Name.Schema, table.Name.Name, column.Name.Text, ImmutableArray<string>.Empty);
    }

    private void VisitSet(ImmutableArray<SetItem> items, TableReference table, HoleScope scope)
    {
        foreach (var item in items)
        {
            if (item.Targets.Length == 1)
            {
                Visit(item.Value, new Context(Place.Operand) { Column = Target(table, item.Targets[0]) }, scope);
            }
            else if (item.Value is RowExpression row)
            {
                for (var i = 0; i < row.Items.Length; i++)
                {
                    var target = i < item.Targets.Length ? Target(table, item.Targets[i]) : null;
                    Visit(row.Items[i], new Context(Place.Operand) { Column = target }, scope);
                }
            }
            else
            {
                Visit(item.Value, new Context(Place.Operand), scope);
            }
        }
    }

    private void VisitMerge(MergeStatement merge, HoleScope scope)
    {
        scope.Add(merge.Table);
        scope.Add(merge.Source);
        VisitTable(merge.Source, scope);
        VisitCondition(merge.On, scope);
        foreach (var when in merge.Whens)
        {
            VisitCondition(when.Condition, scope);
            VisitSet(when.Set, merge.Table, scope);
            for (var i = 0; i < when.Values.Length; i++)
            {
                var target = i < when.Columns.Length ? Target(merge.Table, when.Columns[i]) : null;
                Visit(when.Values[i], new Context(Place.Operand) { Column = target }, scope);
            }
        }
    }

    private void VisitQuery(SqlQuery query, HoleScope? outer, ImmutableArray<ColumnTarget?> targets = default)
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            return;
        }

        var scope = new HoleScope(outer);
        if (query.With.Value is { } with)
        {
            VisitWith(with, scope);
        }

        switch (query)
        {
            case SelectQuery select:
                VisitSelect(select, scope, targets);
                break;
            case ValuesQuery values:
                foreach (var row in values.Rows)
                {
                    VisitAll(row.Items, new Context(Place.Operand), scope);
                }

                break;
            case SetOperationQuery set:
                // Long chains of UNION lean to the left: follow them in a loop.
                SqlQuery left = set;
                while (left is SetOperationQuery next && (ReferenceEquals(left, set) || HasNoTail(next)))
                {
                    VisitQuery(next.Right, scope, targets);
                    left = next.Left;
                }

                if (!ReferenceEquals(left, set))
                {
                    VisitQuery(left, scope, targets);
                }

                break;
        }

        VisitQueryTail(query, scope);
        _depth--;
    }

    private static bool HasNoTail(SqlQuery query) =>
        !query.With.IsPresent && !query.OrderBy.IsPresent && !query.Limit.IsPresent && !query.Offset.IsPresent;

    private void VisitQueryTail(SqlQuery query, HoleScope scope)
    {
        VisitSort(query.OrderBy.Value?.Items ?? ImmutableArray<SortItem>.Empty, scope);
        foreach (var limit in new[] { query.Limit.Value, query.Offset.Value })
        {
            if (limit is not null)
            {
                Visit(limit.Expression, new Context(Place.Limit) { Type = "bigint" }, scope);
            }
        }
    }

    private void VisitSelect(SelectQuery select, HoleScope scope, ImmutableArray<ColumnTarget?> targets)
    {
        VisitTables(select.From.Value, scope);
        VisitAll(select.DistinctOn, new Context(Place.Sort), scope);
        var isValues = select.From.IsAbsent && select.Where.IsAbsent;
        var matches = !targets.IsDefaultOrEmpty && targets.Length == select.Items.Length && targets.Length > 1;
        for (var i = 0; i < select.Items.Length; i++)
        {
            var context = new Context(isValues || matches ? Place.Operand : Place.SelectItem) { Column = matches ? targets[i] : null };
            Visit(select.Items[i].Expression, context, scope);
        }

        VisitCondition(select.Where.Value?.Expression, scope);
        VisitAll(select.GroupBy.Value?.Items ?? ImmutableArray<SqlExpression>.Empty, new Context(Place.Sort), scope);
        VisitCondition(select.Having.Value?.Expression, scope);
        foreach (var window in select.Windows)
        {
            VisitWindow(window, scope);
        }
    }

    private void VisitSelectItems(ImmutableArray<SelectItem> items, Place place, HoleScope scope)
    {
        foreach (var item in items)
        {
            Visit(item.Expression, new Context(place), scope);
        }
    }

    private void VisitSort(ImmutableArray<SortItem> items, HoleScope scope)
    {
        foreach (var item in items)
        {
            Visit(item.Expression, new Context(Place.Sort), scope);
        }
    }

    private void VisitWindow(WindowSpecification window, HoleScope scope)
    {
        VisitAll(window.PartitionBy, new Context(Place.Sort), scope);
        VisitSort(window.OrderBy, scope);
        VisitAll(window.FrameOffsets, new Context(Place.Operand), scope);
    }

    private void VisitTables(ListClause<TableSource>? tables, HoleScope scope)
    {
        if (tables is null)
        {
            return;
        }

        foreach (var table in tables.Items)
        {
            scope.Add(table);
        }

        foreach (var table in tables.Items)
        {
            VisitTable(table, scope);
        }
    }

    private void VisitTable(TableSource table, HoleScope scope)
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            return;
        }

        while (table is JoinedTable join)
        {
            VisitCondition(join.On, scope);
            VisitTable(join.Right, scope);
            table = join.Left;
        }

        switch (table)
        {
            case DerivedTable derived:
                // Without LATERAL the query sees nothing of its neighbours; seeing them only makes an answer less sure.
                VisitQuery(derived.Query, derived.IsLateral ? scope : new HoleScope(scope));
                break;
            case FunctionTable function:
                VisitAll(function.Functions, new Context(Place.Operand), scope);
                break;
        }

        _depth--;
    }

    private void VisitCondition(SqlExpression? condition, HoleScope scope)
    {
        if (condition is not null)
        {
            Visit(condition, new Context(Place.Condition), scope);
        }
    }

    private void VisitAll(ImmutableArray<SqlExpression> expressions, Context context, HoleScope scope)
    {
        foreach (var expression in expressions)
        {
            Visit(expression, context, scope);
        }
    }

    /// <summary>What is known of the place of an expression. A class, because it travels down a deep recursion.</summary>
    private sealed record Context(Place Place)
    {
        public string? Type { get; init; }

        public bool HasCast { get; init; }

        public ColumnTarget? Column { get; init; }

        public string? Operator { get; init; }

        public string? NeedsRewrite { get; init; }

        public InExpression? In { get; init; }
    }
}
