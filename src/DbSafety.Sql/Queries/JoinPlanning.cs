using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <content>Brings the conditions of a level to the relations that they restrict (PostgreSQL: reduce_outer_joins, deconstruct_jointree).</content>
internal sealed partial class StatementReading
{
    private void PlanLevel(Level level, JoinNode root)
    {
        if (_gaveUp)
        {
            return;
        }

        Prepare(root, level);
        ReduceOuterJoins(root, new HashSet<Relation>());
        CollectOuterJoins(root);
        var islands = new List<Island>();
        Distribute(root, NewIsland(null, islands), TableRole.Inner, isNullable: false, level, islands);
        foreach (var island in islands)
        {
            SolveEqualities(island, level);
        }

        foreach (var relation in root.Relations.Where(relation => relation.Plan is not null).OrderBy(relation => relation.Id))
        {
            FinishRelation(relation, level);
        }
    }

    /// <summary>Hands the conditions on a subquery in FROM to it.</summary>
    private void FinishRelation(Relation relation, Level level)
    {
        var isUncertain = relation.IsUncertain || level.IsUncertain || relation.Conditions.Any(condition => FactsOf(condition) is { HasUnknownColumn: true } or { HasWholeRow: true });
        var own = relation.Conditions.Where(condition => FactsOf(condition) is { HasSubquery: false, IsVolatile: false, HasWholeRow: false } facts
            && facts.Relations.All(other => other == relation || other.Level != level)).ToList();
        if (relation.Plan is SetPlan { IsAppend: true, TakesConditions: true } append)
        {
            FinishAppend(append, relation, own, level, isUncertain);
        }
        else
        {
            Finish(relation.Plan!, relation, own, isUncertain);
        }
    }

    /// <summary>The arms of UNION ALL: a bare table takes part in the joins around.</summary>
    private void FinishAppend(SetPlan append, Relation relation, List<SqlExpression> own, Level level, bool isUncertain)
    {
        foreach (var arm in append.Arms)
        {
            if (arm is SelectPlan { IsBare: true } bare && bare.Root.Items[0] is LeafNode { Relation: var table })
            {
                table.Conditions.AddRange(relation.Conditions.Select(condition => Push(condition, relation, bare)).OfType<SqlExpression>());
                table.IsUncertain |= isUncertain || bare.Level.IsUncertain;
                table.Role = relation.Role;
                table.IsNullable = true;
                MoveInto(level, bare.Level);
            }
            else if (arm is SetPlan { IsAppend: true, TakesConditions: true } inner && Enter())
            {
                FinishAppend(inner, relation, own, level, isUncertain);
                Leave();
            }
            else
            {
                Finish(arm, relation, own, isUncertain);
            }
        }
    }

    /// <summary>Plans a query by itself.</summary>
    /// <param name="plan">The query.</param>
    /// <param name="relation">The relation that it is outside, or null.</param>
    /// <param name="conditions">The conditions on that relation.</param>
    /// <param name="isUncertain">Whether there may be further ones.</param>
    private void Finish(SubqueryPlan plan, Relation? relation, List<SqlExpression> conditions, bool isUncertain = false)
    {
        if (!Enter())
        {
            return;
        }

        switch (plan)
        {
            case SelectPlan select:
                if (relation is not null && select.TakesConditions)
                {
                    select.Level.IsUncertain |= isUncertain;
                    foreach (var condition in conditions)
                    {
                        if (Push(condition, relation, select) is { } pushed && (!select.IsGrouped || !FactsOf(pushed).HasAggregate))
                        {
                            select.Root.Conditions.Add(pushed);
                        }
                    }
                }

                PlanLevel(select.Level, select.Root);
                break;
            case SetPlan set:
                foreach (var arm in set.Arms)
                {
                    Finish(arm, set.TakesConditions ? relation : null, conditions, isUncertain);
                }

                break;
        }

        Leave();
    }

    /// <summary>A condition on a subquery as one inside it; null where it must stay outside.</summary>
    private SqlExpression? Push(SqlExpression condition, Relation relation, SelectPlan plan)
    {
        var isSafe = true;
        var result = Replace(condition, relation, (column, name) =>
        {
            if (name.Length > 1 && name[0] == '#' && int.TryParse(name.Substring(1), out var index) && index < plan.Outputs.Count && plan.Outputs[index] is { IsPushable: true, Expression: { } output })
            {
                return output is ColumnReference && MeaningOf(output) is { } meaning ? Column(column.Span, meaning) : output;
            }

            isSafe = false;
            return column;
        });
        return isSafe && FactsOf(result) is { IsVolatile: false } ? result : null;
    }

    private static Island NewIsland(Island? outer, List<Island> islands)
    {
        var island = new Island(outer);
        islands.Add(island);
        return island;
    }

    /// <summary>
    /// Finds the relations beneath each node, and takes its conditions apart. Those of a LATERAL query that was pulled up name tables beside it: they are handed up to the join of both.
    /// </summary>
    private List<SqlExpression> Prepare(JoinNode node, Level level)
    {
        if (node is LeafNode leaf)
        {
            node.Relations.Add(leaf.Relation);
            return [];
        }

        var (parts, conditions) = node is PairNode pair ? (new List<JoinNode> { pair.Left, pair.Right }, pair.Conditions) : (((ListNode)node).Items, ((ListNode)node).Conditions);
        foreach (var part in parts)
        {
            conditions.AddRange(Prepare(part, level));
            node.Relations.UnionWith(part.Relations);
            Work(part.Relations.Count);
        }

        Flatten(conditions);
        var postponed = conditions.Where(condition => FactsOf(condition).Relations.Any(relation => relation.Level == level && !node.Relations.Contains(relation))).ToList();
        if (postponed.Count > 0)
        {
            conditions.RemoveAll(postponed.Contains);
        }

        return postponed;
    }

    private static void CollectOuterJoins(JoinNode node)
    {
        switch (node)
        {
            case ListNode list:
                foreach (var item in list.Items)
                {
                    CollectOuterJoins(item);
                    node.OuterJoins.AddRange(item.OuterJoins);
                }

                return;
            case PairNode pair:
                CollectOuterJoins(pair.Left);
                CollectOuterJoins(pair.Right);
                node.OuterJoins.AddRange(pair.Left.OuterJoins);
                node.OuterJoins.AddRange(pair.Right.OuterJoins);
                if (pair.Kind is NodeJoin.Left or NodeJoin.Full)
                {
                    node.OuterJoins.Add((pair.Kind == NodeJoin.Left ? pair.Right.Relations : pair.Relations, pair.Relations));
                }

                return;
        }
    }

    private void ReduceOuterJoins(JoinNode node, HashSet<Relation> notNull)
    {
        switch (node)
        {
            case ListNode list:
                var all = With(notNull, list.Conditions);
                foreach (var item in list.Items)
                {
                    ReduceOuterJoins(item, all);
                }

                return;
            case PairNode pair:
                if (pair.Kind == NodeJoin.Full)
                {
                    var hasLeft = notNull.Overlaps(pair.Left.Relations);
                    var hasRight = notNull.Overlaps(pair.Right.Relations);
                    pair.Kind = hasLeft && hasRight ? NodeJoin.Inner : hasLeft || hasRight ? NodeJoin.Left : NodeJoin.Full;
                    if (hasRight && !hasLeft)
                    {
                        (pair.Left, pair.Right) = (pair.Right, pair.Left);
                    }
                }
                else if (pair.Kind == NodeJoin.Left && notNull.Overlaps(pair.Right.Relations))
                {
                    pair.Kind = NodeJoin.Inner;
                }

                var isInner = pair.Kind is NodeJoin.Inner or NodeJoin.Semi;
                var none = new HashSet<Relation>();
                var local = pair.Kind == NodeJoin.Full ? none : With(isInner ? notNull : none, pair.Conditions);
                ReduceOuterJoins(pair.Left, isInner ? local : pair.Kind == NodeJoin.Full ? none : notNull);
                ReduceOuterJoins(pair.Right, local);
                return;
        }

        HashSet<Relation> With(HashSet<Relation> known, List<SqlExpression> conditions)
        {
            var result = new HashSet<Relation>(known);
            foreach (var condition in conditions)
            {
                result.UnionWith(NotNullable(condition, isTop: true));
            }

            return result;
        }
    }

    private void Distribute(JoinNode node, Island island, TableRole role, bool isNullable, Level level, List<Island> islands)
    {
        switch (node)
        {
            case LeafNode leaf:
                leaf.Relation.Island = island;
                leaf.Relation.Role = role;
                leaf.Relation.IsNullable = isNullable;
                break;
            case ListNode list:
                foreach (var item in list.Items)
                {
                    Distribute(item, island, role, isNullable, level, islands);
                }

                Apply(list.Conditions, node, island, level);
                break;
            case PairNode { Kind: NodeJoin.Inner or NodeJoin.Semi } pair:
                Distribute(pair.Left, island, role, isNullable, level, islands);
                Distribute(pair.Right, island, role, isNullable, level, islands);
                Apply(pair.Conditions, node, island, level);
                break;
            case PairNode { Kind: NodeJoin.Full } pair:
                var kept = role == TableRole.Inner ? TableRole.Preserved : role;
                Distribute(pair.Left, NewIsland(island, islands), kept, true, level, islands);
                Distribute(pair.Right, NewIsland(island, islands), kept, true, level, islands);
                break;
            case PairNode pair:
                var preserved = role == TableRole.Inner && pair.Kind == NodeJoin.Left ? TableRole.Preserved : role;
                Distribute(pair.Left, island, preserved, isNullable, level, islands);
                var inner = NewIsland(island, islands);
                Distribute(pair.Right, inner, TableRole.LookedUp, true, level, islands);
                ApplyOuter(pair, inner, level);
                break;
        }
    }

    /// <summary>The conditions of an outer join's ON: those on the nullable side alone restrict it, the others look it up.</summary>
    private void ApplyOuter(PairNode pair, Island island, Level level)
    {
        var rest = new List<SqlExpression>();
        foreach (var condition in pair.Conditions)
        {
            var relations = FactsOf(condition).Relations;
            if (!relations.Overlaps(pair.Left.Relations))
            {
                rest.Add(condition);
            }
            else if (condition is BinaryExpression { Operator: "=" } equality && IsOuterEquality(equality, pair, level))
            {
                island.OuterEqualities.Add(equality);
            }
            else
            {
                foreach (var relation in relations.Where(relation => pair.Right.Relations.Contains(relation) && IsUsable(relation, relations, pair.Right)))
                {
                    relation.Conditions.Add(condition);
                }
            }
        }

        Apply(rest, pair.Right, island, level);
    }

    private bool IsOuterEquality(BinaryExpression equality, PairNode pair, Level level)
    {
        var left = MemberOf(equality.Left, level);
        var right = MemberOf(equality.Right, level);
        return left is { Relation: { } one } && right is { Relation: { } two } && one != two
            && FactsOf(equality).Relations.All(relation => !pair.Left.OuterJoins.Concat(pair.Right.OuterJoins).Any(join => join.Nullable.Contains(relation)))
            && pair.Left.Relations.Contains(one) != pair.Left.Relations.Contains(two);
    }

    private void Apply(List<SqlExpression> conditions, JoinNode node, Island island, Level level)
    {
        foreach (var condition in conditions)
        {
            Work(1 + node.OuterJoins.Count);
            var facts = FactsOf(condition);
            if (Fold(condition) == false)
            {
                // Nothing is read at all.
                foreach (var relation in node.Relations)
                {
                    relation.IsUncertain = true;
                }

                continue;
            }

            var usable = facts.Relations.Where(relation => node.Relations.Contains(relation) && IsUsable(relation, facts.Relations, node)).ToList();
            var isDependent = facts.Relations.Count > 1 && facts.Relations.Any(relation => relation.DependsOn.Overlaps(facts.Relations));
            if (condition is BinaryExpression { Operator: "=" } equality && !isDependent && usable.Count > 0 && usable.Count == facts.Relations.Count(node.Relations.Contains)
                && MemberOf(equality.Left, level) is { } left && MemberOf(equality.Right, level) is { } right && AreComparable(left.Type, right.Type)
                && (left.Relation is not null || right.Relation is not null))
            {
                island.Equalities.Add(equality);
                continue;
            }

            foreach (var relation in usable)
            {
                relation.Conditions.Add(condition);
            }
        }
    }

    /// <summary>Whether a condition restricts the rows of a relation where they are read, and not only behind an outer join.</summary>
    private static bool IsUsable(Relation relation, HashSet<Relation> relations, JoinNode node)
    {
        if (relations.Count > 1 && relations.Any(other => other.DependsOn.Contains(relation)))
        {
            return false;
        }

        foreach (var (nullable, all) in node.OuterJoins)
        {
            if (nullable.Contains(relation) || (all.Contains(relation) && nullable.Overlaps(relations)))
            {
                return false;
            }
        }

        return true;
    }
}
