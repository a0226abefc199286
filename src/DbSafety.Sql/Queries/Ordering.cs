using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <content>What comes behind WHERE: grouping, DISTINCT, windows, ORDER BY, LIMIT, locks.</content>
internal sealed partial class StatementReading
{
    private void ReadGrouping(SelectQuery query, Scope scope, SelectPlan plan)
    {
        var hasSets = false;
        foreach (var item in query.GroupBy.Value is { } grouping ? grouping.Items.AsEnumerable() : [])
        {
            hasSets |= item is RowExpression;
            BindKey(item, scope, prefersInput: true);
        }

        var isGrouped = !query.GroupBy.IsAbsent || !query.Having.IsAbsent || plan.Outputs.Any(output => FactsOf(output.Expression!).HasAggregate);
        if (query.Having.Value is { } having)
        {
            // What names grouping columns only is asked before grouping.
            var conditions = new List<SqlExpression> { Bind(having.Expression, scope) };
            Flatten(conditions);
            if (!hasSets && query.GroupBy.IsPresent)
            {
                plan.Level.IsUncertain |= conditions.Any(condition => FactsOf(condition) is { HasHole: true, HasAggregate: false });
                plan.Root.Conditions.AddRange(conditions.Where(condition => FactsOf(condition) is { HasAggregate: false, HasSubquery: false, IsVolatile: false }));
            }
        }

        plan.IsGrouped = isGrouped;
        plan.TakesConditions = !query.Limit.IsPresent && !query.Offset.IsPresent && !hasSets;
        var windows = plan.Outputs.Any(output => FactsOf(output.Expression!).HasWindow) || !query.Windows.IsEmpty;
        var partitions = windows ? query.Items.SelectMany(item => Windows(item.Expression)).Select(window => window.PartitionBy.Select(key => TextOf(Bind(key, scope))).ToList()).ToList() : null;
        var distinct = query.DistinctOn.Select(key => TextOf(BindKey(key, scope, prefersInput: false))).ToList();
        for (var i = 0; i < plan.Outputs.Count; i++)
        {
            var facts = FactsOf(plan.Outputs[i].Expression!);
            var text = partitions is not null || distinct.Count > 0 ? TextOf(plan.Outputs[i].Expression!) : null;
            var isPushable = !facts.IsVolatile && !facts.HasSet && !facts.HasWindow && !facts.HasSubquery
                && (partitions is null || (text is not null && partitions.All(keys => keys.Contains(text))))
                && (distinct.Count == 0 || (text is not null && distinct.Contains(text)));
            plan.Outputs[i] = plan.Outputs[i] with { IsPushable = isPushable };
        }

        plan.IsSimple = !isGrouped && !windows && !query.IsDistinct && query.OrderBy.IsAbsent && query.Limit.IsAbsent && query.Offset.IsAbsent && query.Locking.IsEmpty && query.With.IsAbsent
            && !plan.Outputs.Any(output => FactsOf(output.Expression!) is { IsVolatile: true } or { HasSet: true });
        plan.IsBare = plan.IsSimple && plan.Root is { Conditions.Count: 0, Items: { Count: 1 } items } && items[0] is LeafNode { Relation.Number: >= 0 };
    }

    /// <summary>The windows of an expression as they are written.</summary>
    private static IEnumerable<WindowSpecification> Windows(SqlExpression expression)
    {
        var rest = new Stack<SqlExpression>();
        rest.Push(expression);
        while (rest.Count > 0)
        {
            var next = rest.Pop();
            if (next is FunctionCall { Over: { } over })
            {
                yield return over;
            }

            foreach (var operand in next.Operands)
            {
                rest.Push(operand);
            }
        }
    }

    /// <summary>A key of ORDER BY, GROUP BY or DISTINCT ON: the number or the name of an output column, or an expression.</summary>
    private SqlExpression BindKey(SqlExpression key, Scope scope, bool prefersInput)
    {
        var outputs = scope.Outputs ?? [];
        switch (CanonicalText.Strip(key))
        {
            case LiteralExpression { Kind: LiteralKind.Number, Text: { } text } when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                return number >= 1 && number <= outputs.Count && outputs[number - 1].Expression is { } numbered ? numbered : new UnknownExpression(key.Span);
            case ColumnReference { Parts.Length: 1, IsStar: false, HasHole: false } column
                when (!prefersInput || !scope.Namespaces.Any(space => space.Columns.Any(input => input.Name == column.Column)))
                    && outputs.FirstOrDefault(output => output.Name == column.Column) is { Expression: { } named }:
                return Seen(named);
            default:
                return Bind(key, scope);
        }
    }

    private void ReadOrder(SelectQuery query, Scope scope, SelectPlan plan)
    {
        var level = plan.Level;
        foreach (var limit in new[] { query.Limit.Value?.Expression, query.Offset.Value?.Expression })
        {
            if (limit is not null)
            {
                Bind(limit, scope); // queries inside
            }
        }

        if (query.OrderBy.Value is { } order)
        {
            level.OrderSpan = scope.Place ?? order.Span;
            foreach (var item in order.Items)
            {
                level.Order.Add((BindKey(item.Expression, scope, prefersInput: false), item));
            }
        }

        level.IsLimited = query.Limit.Value is { } count && !IsNoLimit(count.Expression) && !plan.IsGrouped && !query.IsDistinct
            && !plan.Outputs.Any(output => FactsOf(output.Expression!) is { HasWindow: true } or { HasSet: true });
        if (plan.IsGrouped && query.GroupBy.IsAbsent && query.Having.IsAbsent && !query.IsDistinct && plan.Root.Items.Count == 1 && plan.Root.Items[0] is LeafNode { Relation: { Number: >= 0 } relation })
        {
            ReadMinMax(plan, relation);
        }
    }

    /// <summary>LIMIT ALL, which is an expression that is not understood and has characters, or LIMIT NULL.</summary>
    private static bool IsNoLimit(SqlExpression count) => CanonicalText.Strip(count) is LiteralExpression { Kind: LiteralKind.Null } or UnknownExpression { Span.Length: > 0 };

    /// <summary>One min or max over one table is read off the end of an index, like ORDER BY .. LIMIT 1 (planagg.c).</summary>
    private void ReadMinMax(SelectPlan plan, Relation relation)
    {
        var aggregates = new List<FunctionCall>();
        var rest = new Stack<SqlExpression>(plan.Outputs.Select(output => output.Expression!));
        while (rest.Count > 0)
        {
            var next = rest.Pop();
            if (next is FunctionCall call && FactsOf(call) is { HasAggregate: true } && BuiltinFunctions.IsAggregate(call.Name.Name))
            {
                aggregates.Add(call);
                continue;
            }

            foreach (var operand in next.Operands)
            {
                rest.Push(operand);
            }
        }

        if (aggregates.Count != 1 || aggregates[0] is not { Name.Name: "min" or "max", Arguments: { Length: 1 } arguments, Filter: null, Over: null, IsDistinct: false } aggregate || !aggregate.OrderBy.IsEmpty)
        {
            return;
        }

        var facts = FactsOf(arguments[0]);
        if (facts.Relations.Count == 1 && facts.Relations.Contains(relation) && !facts.HasAggregate && facts is { HasHole: false, IsVolatile: false, HasSubquery: false })
        {
            var isMax = aggregate.Name.Name == "max";
            plan.Level.Order.Clear();
            plan.Level.Order.Add((arguments[0], new SortItem(aggregate.Span, arguments[0], isMax)));
            plan.Level.OrderSpan = aggregate.Span;
            plan.Level.IsLimited = true;
            plan.Root.Conditions.Add(new IsExpression(aggregate.Span, arguments[0], "NULL", true));
        }
    }

    /// <summary>FOR UPDATE and its relatives.</summary>
    private static void MarkLocked(SelectQuery query, Scope scope)
    {
        foreach (var locking in query.Locking.Where(locking => locking.Strength is not ("" or "READ ONLY")))
        {
            foreach (var table in scope.Namespaces.SelectMany(space => space.Tables))
            {
                if (locking.Tables.IsEmpty || locking.Tables.Any(name => name.Name == table.Name))
                {
                    foreach (var relation in table.Beneath)
                    {
                        relation.IsTarget = true;
                    }
                }
            }
        }
    }

    /// <summary>ORDER BY of a level, where all of it is of one table.</summary>
    private (Relation? Relation, ImmutableArray<SortKey> Keys) OrderOf(Level level)
    {
        var keys = ImmutableArray.CreateBuilder<SortKey>();
        Relation? relation = null;
        foreach (var (expression, item) in level.Order)
        {
            var facts = FactsOf(expression);
            if (facts.Relations.Count == 0 && !facts.HasHole && !facts.HasUnknownColumn && !facts.IsVolatile && !facts.HasUnknownFunction)
            {
                continue; // the same for all rows
            }

            relation ??= facts.Relations.FirstOrDefault();
            if (relation is null || (item.IsDirectionUnknown && level.Order.Count > 1) || ToKey(expression, relation) is not { } key)
            {
                return (null, ImmutableArray<SortKey>.Empty);
            }

            var isDescending = item.IsDescending || item.UsingOperator is ">";
            keys.Add(new SortKey(key, isDescending, item.IsNullsFirst ?? isDescending));
        }

        return relation is { IsNullable: false } ? (relation, keys.ToImmutable()) : (null, ImmutableArray<SortKey>.Empty);
    }
}
