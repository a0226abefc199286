using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <content>Conditions of WHERE and ON as they are written: AND taken apart, EXISTS and IN made joins (PostgreSQL: convert_EXISTS_sublink_to_join, convert_ANY_sublink_to_join).</content>
internal sealed partial class StatementReading
{
    private void AddConditions(SqlExpression condition, Scope scope, Level level, ListNode node)
    {
        var rest = new Stack<SqlExpression>();
        rest.Push(condition);
        while (rest.Count > 0)
        {
            Work();
            var next = CanonicalText.Strip(rest.Pop());
            switch (next)
            {
                case LogicalExpression { IsAnd: true } all:
                    for (var i = all.Conditions.Length - 1; i >= 0; i--)
                    {
                        rest.Push(all.Conditions[i]);
                    }

                    continue;
                case SubqueryExpression { Kind: SubqueryKind.Exists } exists:
                    if (AddExists(exists, scope, level, node, isNegated: false))
                    {
                        continue;
                    }

                    break;
                case UnaryExpression { Operator: "NOT" } not when CanonicalText.Strip(not.Operand) is SubqueryExpression { Kind: SubqueryKind.Exists } exists:
                    if (AddExists(exists, scope, level, node, isNegated: true))
                    {
                        continue;
                    }

                    break;
                case InExpression { Query: { } query, IsNegated: false, IsNegationUnknown: false } within:
                    AddIn(within, within.Operand, query, scope, level, node);
                    continue;
                case QuantifiedExpression { Operator: "=", IsAll: false } any when CanonicalText.Strip(any.Right) is SubqueryExpression { Kind: SubqueryKind.Scalar } subquery:
                    AddIn(any, any.Left, subquery.Query, scope, level, node);
                    continue;
            }

            var bound = Bind(next, scope);
            MarkHole(bound, scope.Namespaces.SelectMany(space => space.Tables));
            node.Conditions.Add(bound);
        }
    }

    /// <summary>A hole among the conditions of ON.</summary>
    private void MarkHoles(SqlExpression condition, IEnumerable<TableEntry> tables)
    {
        foreach (var part in condition is LogicalExpression { IsAnd: true } all ? all.Conditions : System.Collections.Immutable.ImmutableArray.Create(condition))
        {
            MarkHole(part, tables);
        }
    }

    /// <summary>A hole that is a condition, or a side of one without a column, may be one on any table in sight.</summary>
    private void MarkHole(SqlExpression condition, IEnumerable<TableEntry> tables)
    {
        if (FactsOf(condition) is { HasHole: true, Relations.Count: 0 })
        {
            foreach (var relation in tables.SelectMany(table => table.Beneath))
            {
                relation.IsUncertain = true;
                relation.Conditions.Add(new UnknownExpression(condition.Span));
            }
        }
    }

    private bool AddExists(SubqueryExpression exists, Scope scope, Level level, ListNode node, bool isNegated)
    {
        if (exists.Query is not SelectQuery { Having.IsPresent: false, Offset.IsPresent: false, Locking.IsEmpty: true, With.IsAbsent: true, From.IsPresent: true } query
            || query.Items.Any(item => HasAggregateOrSet(item.Expression)))
        {
            return false;
        }

        // What it selects, how it groups and sorts, and a limit of rows say nothing here.
        var simple = new SelectQuery(query.Span) { From = query.From, Where = query.Where, GroupBy = query.GroupBy.IsUnknown ? query.GroupBy : default };
        var outer = Watch(() => ReadSelect(simple, scope), out var plan);
        foreach (var item in query.Items)
        {
            if (item.Expression is not (ColumnReference or LiteralExpression))
            {
                Bind(item.Expression, scope); // queries inside
            }
        }

        if (!outer.Any(column => column.Relation.Level == level) || plan.Level.Relations.Count == 0)
        {
            // Not correlated: it is asked once.
            Finish(plan, null, []);
            return true;
        }

        Attach(plan, level, node, isNegated, null);
        return true;
    }

    private static bool HasAggregateOrSet(SqlExpression expression) =>
        CanonicalText.Strip(expression) is FunctionCall call && (call.IsStar || call.Over is not null || BuiltinFunctions.IsAggregate(call.Name.Name) || BuiltinFunctions.IsSetReturning(call.Name.Name));

    private void AddIn(SqlExpression whole, SqlExpression operand, SqlQuery query, Scope scope, Level level, ListNode node)
    {
        var left = Bind(operand, scope);
        var facts = FactsOf(left);
        if (facts.IsVolatile || facts.HasSubquery || !facts.Relations.Overlaps(level.Relations))
        {
            ReadAlone(query, scope);
            AddRest();
            return;
        }

        Watch(() => ReadQuery(query, scope), out var plan);
        var keys = left is RowExpression row ? row.Items : System.Collections.Immutable.ImmutableArray.Create(left);
        var place = scope.Place ?? whole.Span;
        if (plan is SelectPlan { IsSimple: true } simple && plan.OpenOutputs.Count == 0 && plan.Outputs.Count == keys.Length)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                simple.Root.Conditions.Add(new BinaryExpression(place, "=", keys[i], plan.Outputs[i].Expression!));
            }

            Attach(simple, level, node, false, null);
            return;
        }

        // The subquery is a relation of its own that is joined.
        var relation = NewRelation(level, place, null);
        relation.Plan = plan;
        var leaf = new ListNode();
        leaf.Items.Add(new LeafNode(relation));
        for (var i = 0; i < keys.Length; i++)
        {
            leaf.Conditions.Add(new BinaryExpression(place, "=", keys[i], Column(place, new BoundColumn(relation, "#" + i, null))));
        }

        Attach(null, level, node, false, leaf);

        void AddRest()
        {
            foreach (var relation in facts.Relations)
            {
                relation.IsUncertain |= facts.HasHole;
            }
        }
    }

    /// <summary>Joins a query with what stands in FROM so far.</summary>
    private static void Attach(SelectPlan? plan, Level level, ListNode node, bool isNegated, ListNode? other)
    {
        var left = new ListNode();
        left.Items.AddRange(node.Items);
        node.Items.Clear();
        var right = plan?.Root ?? other!;
        var pair = new PairNode(isNegated ? NodeJoin.Anti : NodeJoin.Semi, left, right);
        pair.Conditions.AddRange(right.Conditions);
        right.Conditions.Clear();
        node.Items.Add(pair);
        if (plan is not null)
        {
            MoveInto(level, plan.Level);
        }
    }
}
