using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <content>Queries, and what of them becomes a part of the query around (PostgreSQL: prepjointree.c, subselect.c).</content>
internal sealed partial class StatementReading
{
    /// <summary>What was seen of columns while the queries that are being read were bound, innermost on top.</summary>
    private readonly Stack<HashSet<(Relation Relation, string Column)>> _seen = new();

    /// <summary>Reads a query that is planned by itself; the result are the columns of the queries around that it reads.</summary>
    private HashSet<(Relation Relation, string Column)> ReadAlone(SqlQuery query, Scope scope)
    {
        var outer = Watch(() => ReadQuery(query, scope), out var plan);
        Finish(plan, null, []);
        return outer;
    }

    /// <summary>Does something and tells which columns from outside were seen meanwhile.</summary>
    private HashSet<(Relation Relation, string Column)> Watch<T>(Func<T> read, out T result)
    {
        var first = _relations.Count;
        _seen.Push(new HashSet<(Relation, string)>());
        result = read();
        var outer = _seen.Pop();
        outer.RemoveWhere(column => column.Relation.Id >= first);
        if (_seen.Count > 0)
        {
            _seen.Peek().UnionWith(outer);
        }

        return outer;
    }

    private SubqueryPlan ReadQuery(SqlQuery query, Scope outer)
    {
        if (!Enter())
        {
            return new OtherPlan();
        }

        if (query.With.Value is { } with)
        {
            outer = ReadWith(with, outer, walk => walk.Visit(query with { With = default }));
        }

        SubqueryPlan plan = query switch
        {
            SelectQuery select => ReadSelect(select, outer),
            TableQuery table => ReadSelect(AsSelect(table), outer),
            SetOperationQuery set => ReadSet(set, outer),
            ValuesQuery values => ReadValues(values, outer),
            _ => new OtherPlan(),
        };
        Leave();
        return plan;
    }

    /// <summary>TABLE t is SELECT * FROM t.</summary>
    private static SelectQuery AsSelect(TableQuery table) => new(table.Span)
    {
        Items = System.Collections.Immutable.ImmutableArray.Create(
            new SelectItem(table.Span, new ColumnReference(table.Span, System.Collections.Immutable.ImmutableArray<SqlName>.Empty, true), null)),
        From = Part<ListClause<TableSource>>.Of(new ListClause<TableSource>(table.Table.Span, System.Collections.Immutable.ImmutableArray.Create<TableSource>(table.Table))),
        OrderBy = table.OrderBy,
        Limit = table.Limit,
        Offset = table.Offset,
        Locking = table.Locking,
        MayHoldLocking = table.MayHoldLocking,
    };

    private SelectPlan ReadSelect(SelectQuery query, Scope outer)
    {
        var level = NewLevel();
        var scope = new Scope(outer);
        var root = new ListNode();
        var plan = new SelectPlan(level, root);
        foreach (var source in query.From.Value is { } from ? from.Items.AsEnumerable() : [])
        {
            var (node, names) = ReadSource(source, scope, level);
            root.Items.Add(node);
            scope.Namespaces.Add(names);
        }

        if (query.Where.Value is { } where)
        {
            AddConditions(where.Expression, scope, level, root);
        }

        // A hole between FROM and HAVING may hold joins and conditions; one behind them nothing of the kind.
        level.IsUncertain |= query.From.IsUnknown || query.Where.IsUnknown || query.GroupBy.IsUnknown || query.Having.IsUnknown;
        ReadOutputs(query.Items, scope, plan);
        scope.Outputs = plan.Outputs;
        ReadGrouping(query, scope, plan);
        ReadOrder(query, scope, plan);
        MarkLocked(query, scope);
        return plan;
    }

    private void ReadOutputs(System.Collections.Immutable.ImmutableArray<SelectItem> items, Scope scope, SubqueryPlan plan)
    {
        foreach (var item in items)
        {
            if (item.Expression is ColumnReference { IsStar: true } star)
            {
                ReadStar(star, scope, plan);
                continue;
            }

            var bound = Bind(item.Expression, scope);
            plan.Outputs.Add(new OutputColumn(item.Alias is { HasHole: false } alias ? alias.Text : NameOf(item.Expression), bound));
        }
    }

    private void ReadStar(ColumnReference star, Scope scope, SubqueryPlan plan)
    {
        var span = scope.Place ?? star.Span;
        IEnumerable<EntryColumn> columns;
        if (star.Parts.IsEmpty)
        {
            columns = scope.Namespaces.SelectMany(space => space.Columns);
            plan.OpenOutputs.AddRange(scope.Namespaces.SelectMany(space => space.Tables).Where(table => table.IsOpen));
        }
        else if (FindEntry(star, star.Parts.Length - 1, scope) is { } entry)
        {
            columns = entry.Columns;
            if (entry.IsOpen)
            {
                plan.OpenOutputs.Add(entry);
            }
        }
        else
        {
            return;
        }

        foreach (var column in columns)
        {
            Work();
            plan.Outputs.Add(new OutputColumn(column.Name, Seen(Use(column, span))));
        }
    }

    /// <summary>The name that PostgreSQL gives a column without alias (FigureColname).</summary>
    private static string NameOf(SqlExpression expression) => CanonicalText.Strip(expression) switch
    {
        ColumnReference { HasHole: false } column => column.Column,
        FunctionCall call => call.Name.Name,
        CastExpression cast => NameOf(cast.Operand) is { Length: > 0 } name and not "?column?" ? name : cast.Type.Name ?? "?column?",
        IndirectionExpression { Field: { } field } => field.Text,
        IndirectionExpression element => NameOf(element.Operand),
        CollateExpression collate => NameOf(collate.Operand),
        CaseExpression => "case",
        SubqueryExpression { Kind: SubqueryKind.Exists } => "exists",
        SubqueryExpression { Kind: SubqueryKind.Array } => "array",
        SubqueryExpression { Query: SelectQuery { Items: { Length: 1 } items } } => items[0].Alias?.Text ?? NameOf(items[0].Expression),
        ArrayExpression => "array",
        RowExpression => "row",
        _ => "?column?",
    };

    private SetPlan ReadSet(SetOperationQuery query, Scope outer)
    {
        var plan = new SetPlan { TakesConditions = query.Limit.IsAbsent && query.Offset.IsAbsent };
        plan.IsAppend = plan.TakesConditions && query.OrderBy.IsAbsent && query.Locking.IsEmpty && query.With.IsAbsent;

        // A chain of UNION is as deep as it is long on its left side.
        var arms = new Stack<SqlQuery>();
        SqlQuery left = query;
        while (left is SetOperationQuery set && (ReferenceEquals(set, query) || (set.OrderBy.IsAbsent && set.Limit.IsAbsent && set.Offset.IsAbsent && set.With.IsAbsent)))
        {
            plan.IsAppend &= set is { Operator: "UNION", IsAll: true };
            plan.TakesConditions &= set.Operator != "EXCEPT";
            arms.Push(set.Right);
            left = set.Left;
        }

        arms.Push(left);
        foreach (var arm in arms)
        {
            var inner = ReadQuery(arm, outer);
            plan.Arms.Add(inner);
            plan.TakesConditions &= inner is not OtherPlan;
        }

        for (var i = 0; i < plan.Arms[0].Outputs.Count; i++)
        {
            plan.Outputs.Add(new OutputColumn(plan.Arms[0].Outputs[i].Name, plan.Arms[0].Outputs[i].Expression));
            if (plan.Arms.Select(arm => i < arm.Outputs.Count && arm.Outputs[i].Expression is { } own ? FactsOf(own).Type : null).Where(type => type is not null).Distinct().Skip(1).Any())
            {
                // An arm of another type is cast behind its query: conditions stay outside.
                plan.IsAppend = false;
                foreach (var arm in plan.Arms.Where(arm => i < arm.Outputs.Count))
                {
                    arm.Outputs[i] = arm.Outputs[i] with { IsPushable = false };
                }
            }
        }

        foreach (var arm in plan.Arms)
        {
            plan.TakesConditions &= arm.OpenOutputs.Count == 0 && arm.Outputs.Count == plan.Outputs.Count;
            plan.OpenOutputs.AddRange(arm.OpenOutputs);
        }

        ReadSetTail(query, outer);
        return plan;
    }

    /// <summary>Queries in ORDER BY and LIMIT of a set operation.</summary>
    private void ReadSetTail(SqlQuery query, Scope outer)
    {
        foreach (var limit in new[] { query.Limit.Value?.Expression, query.Offset.Value?.Expression })
        {
            if (limit is not null)
            {
                Bind(limit, outer);
            }
        }
    }

    private OtherPlan ReadValues(ValuesQuery query, Scope outer)
    {
        var plan = new OtherPlan { IsOneRow = query is { Rows.Length: 1, HasUnknownRows: false, OrderBy.IsAbsent: true, Limit.IsAbsent: true, Offset.IsAbsent: true } };
        foreach (var row in query.Rows)
        {
            foreach (var item in row.Items)
            {
                var bound = Bind(item, outer);
                if (ReferenceEquals(row, query.Rows[0]))
                {
                    plan.Outputs.Add(new OutputColumn("column" + (plan.Outputs.Count + 1), bound) { IsPushable = false });
                }
            }
        }

        return plan;
    }

    /// <summary>Reads WITH; the result is the scope that sees its queries.</summary>
    private Scope ReadWith(WithClause with, Scope outer, Action<QueryWalk> visitBody)
    {
        var walk = new QueryWalk();
        visitBody(walk);
        walk.Visit(with);
        Work(with.Span.Length);
        var scope = with.IsRecursive ? new Scope(outer) : outer;
        foreach (var table in with.Tables.Where(table => with.IsRecursive && !table.Name.HasHole))
        {
            // A query may name a later one; what that reads is not known there yet.
            scope.CommonTables[table.Name.Text] = new CommonTableEntry(table, scope, isRecursive: true);
        }

        foreach (var table in with.Tables)
        {
            if (table.Name.HasHole || !Enter())
            {
                continue;
            }

            var own = new QueryWalk();
            own.Visit(table.Statement);
            var isRecursive = with.IsRecursive && own.CountOf(table.Name.Text) > 0;
            var entry = new CommonTableEntry(table, scope, isRecursive);
            var count = walk.CountOf(table.Name.Text);
            entry.IsInlined = !isRecursive && !own.IsVolatile && table.IsMaterialized != true && (count == 1 || table.IsMaterialized == false)
                && table.Statement is SelectStatement { Query: { Locking.IsEmpty: true } };
            if (!with.IsRecursive)
            {
                scope = new Scope(scope);
            }

            // One that is written twice hides the first, and a later one its namesake outside.
            if (isRecursive)
            {
                scope.CommonTables[table.Name.Text] = entry;
            }

            if (!entry.IsInlined && (count > 0 || table.Statement is not SelectStatement))
            {
                ReadMaterialized(entry, scope);
            }

            scope.CommonTables[table.Name.Text] = entry;
            Leave();
        }

        return scope;
    }

    /// <summary>A WITH query that is planned by itself.</summary>
    private void ReadMaterialized(CommonTableEntry entry, Scope scope)
    {
        var inside = entry.IsRecursive ? scope : entry.Scope;
        if (entry.Table.Statement is not SelectStatement select)
        {
            ReadStatement(entry.Table.Statement, inside);
            return;
        }

        if (entry.IsRecursive && select.Query is SetOperationQuery { Operator: "UNION" } set)
        {
            // The first arm is a query of its own; the second one joins with what is found so far.
            var withs = set.With.Value is { } with ? ReadWith(with, inside, walk => walk.Visit(set with { With = default })) : inside;
            var first = ReadQuery(set.Left, withs);
            AddColumns(entry, first);
            Finish(first, null, []);
            Finish(ReadQuery(set.Right, withs), null, []);
            return;
        }

        var plan = ReadQuery(select.Query, inside);
        AddColumns(entry, plan);
        Finish(plan, null, []);
    }

    private static void AddColumns(CommonTableEntry entry, SubqueryPlan plan)
    {
        var names = entry.Table.Columns;
        entry.Columns.AddRange(plan.Outputs.Select((output, i) => i < names.Length ? names[i].Text : output.Name));
        entry.IsOpen = plan.OpenOutputs.Count > 0 || plan.Outputs.Count == 0;
    }
}
