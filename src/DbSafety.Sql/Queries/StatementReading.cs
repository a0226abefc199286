using System.Collections.Immutable;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <summary>The reading of one statement, as PostgreSQL's planner prepares it: pull-up, outer joins reduced, conditions brought to the tables that they restrict.</summary>
internal sealed partial class StatementReading
{
    private const int MaxNesting = 160;
    private const int MaxUses = 400;
    private const int MaxWork = 4_000_000;

    private readonly SchemaCatalog _catalog;
    private readonly List<Relation> _relations = new();
    private int _uses;
    private int _levels;
    private int _nesting;
    private int _work;
    private bool _gaveUp;

    private StatementReading(SchemaCatalog catalog)
    {
        _catalog = catalog;
    }

    /// <summary>Reads a statement; nothing where it is too large.</summary>
    public static QueryTables Read(SqlStatement statement, SchemaCatalog catalog)
    {
        var reading = new StatementReading(catalog);
        reading.ReadStatement(statement, new Scope(null));
        return reading._gaveUp || reading._uses == 0 ? QueryTables.None : new QueryTables(reading.ToUses());
    }

    private void GiveUp() => _gaveUp = true;

    /// <summary>Counts a step; what is too much work is not read at all.</summary>
    private void Work(int steps = 1)
    {
        _work += steps;
        if (_work > MaxWork)
        {
            GiveUp();
        }
    }

    /// <summary>Goes one query, join or view deeper; false where that is too deep, or all is in vain.</summary>
    private bool Enter()
    {
        if (_gaveUp || _nesting >= MaxNesting)
        {
            GiveUp();
            return false;
        }

        _nesting++;
        return true;
    }

    private void Leave() => _nesting--;

    private Level NewLevel() => new(_levels++);

    private void ReadStatement(SqlStatement statement, Scope scope)
    {
        if (!Enter())
        {
            return;
        }

        switch (statement)
        {
            case SelectStatement select:
                Finish(ReadQuery(select.Query, scope), null, []);
                break;

            // A view is only declared; what its query reads, it reads when it is used.
            case WrapperStatement { Verb: not "CREATE VIEW" } wrapper:
                ReadStatement(wrapper.Inner, scope);
                break;
            case WriteStatement write:
                if (write.With.Value is { } with)
                {
                    scope = ReadWith(with, scope, walk => walk.Visit(WithoutWith(write)));
                }

                ReadWrite(write, scope);
                break;
        }

        Leave();
    }

    private static SqlStatement WithoutWith(WriteStatement write) => write switch
    {
        InsertStatement insert => insert with { With = default },
        UpdateStatement update => update with { With = default },
        DeleteStatement delete => delete with { With = default },
        MergeStatement merge => merge with { With = default },
        _ => write,
    };

    private void ReadWrite(WriteStatement write, Scope outer)
    {
        switch (write)
        {
            case InsertStatement insert:
                if (insert.Query is not null)
                {
                    Finish(ReadQuery(insert.Query, outer), null, []);
                }

                ReadConflict(insert, outer);
                break;
            case UpdateStatement update:
                ReadChange(update, update.From, update.Where, update.Set, outer);
                break;
            case DeleteStatement delete:
                ReadChange(delete, delete.Using, delete.Where, ImmutableArray<SetItem>.Empty, outer);
                break;
            case MergeStatement merge:
                ReadMerge(merge, outer);
                break;
        }
    }

    /// <summary>Queries in ON CONFLICT DO UPDATE and RETURNING; the arbiter filters nothing.</summary>
    private void ReadConflict(InsertStatement insert, Scope outer)
    {
        if (insert.OnConflict.Value is not { IsDoNothing: false } && insert.Returning.IsAbsent)
        {
            return;
        }

        // The row is at hand: it is no table that is searched.
        var level = NewLevel();
        var scope = new Scope(outer);
        var table = scope.FindTable(_catalog, insert.Table.Name);
        foreach (var name in new[] { insert.Table.Alias?.Text ?? insert.Table.Name.Name, "excluded" })
        {
            var relation = NewRelation(level, insert.Table.Span, null);
            var entry = new TableEntry(name, null) { Open = table is not null && _catalog.IsComplete(table) ? null : relation };
            entry.Columns.AddRange((table is null ? [] : table.Columns.AsEnumerable()).Select(column => new EntryColumn(column.Name, column.Name, relation, column.Type, null)));
            entry.Beneath.Add(relation);
            scope.Namespaces.Add(Namespace.Of(entry));
        }

        foreach (var item in insert.OnConflict.Value is { } conflict ? conflict.Set.AsEnumerable() : [])
        {
            Bind(item.Value, scope);
        }

        if (insert.OnConflict.Value?.Where.Value is { } where)
        {
            Bind(where.Expression, scope);
        }

        ReadReturning(insert, scope);
    }

    private void ReadReturning(WriteStatement write, Scope scope)
    {
        foreach (var item in write.Returning.Value is { } returning ? returning.Items.AsEnumerable() : [])
        {
            if (item.Expression is not ColumnReference)
            {
                Bind(item.Expression, scope);
            }
        }
    }

    /// <summary>UPDATE .. FROM and DELETE .. USING: the target is joined with the others.</summary>
    private void ReadChange(WriteStatement write, Part<ListClause<TableSource>> others, Part<ExpressionClause> where, ImmutableArray<SetItem> set, Scope outer)
    {
        var level = NewLevel();
        var scope = new Scope(outer);
        var root = new ListNode();
        var (target, names) = ReadTable(write.Table, scope, level, isTarget: true);
        root.Items.Add(target);

        // LATERAL does not see the target, but no valid statement tries.
        scope.Namespaces.Add(names);
        foreach (var source in others.Value is { } from ? from.Items.AsEnumerable() : [])
        {
            var (node, more) = ReadSource(source, scope, level);
            root.Items.Add(node);
            scope.Namespaces.Add(more);
        }

        if (where.Value is { } condition)
        {
            AddConditions(condition.Expression, scope, level, root);
        }

        level.IsUncertain |= others.IsUnknown || where.IsUnknown;
        foreach (var item in set)
        {
            Bind(item.Value, scope);
        }

        ReadReturning(write, scope);
        PlanLevel(level, root);
    }

    /// <summary>MERGE: where rows of the source may be inserted, all of them are kept, and the target is looked up.</summary>
    private void ReadMerge(MergeStatement merge, Scope outer)
    {
        var level = NewLevel();
        var scope = new Scope(outer);
        var root = new ListNode();
        var (target, names) = ReadTable(merge.Table, scope, level, isTarget: true);
        var (source, more) = ReadSource(merge.Source, scope, level);
        scope.Namespaces.Add(names);
        scope.Namespaces.Add(more);
        if (merge.Whens.Any(when => !when.IsMatched))
        {
            var pair = new PairNode(NodeJoin.Left, source, target);
            var on = Bind(merge.On, scope);
            pair.Conditions.Add(on);
            MarkHoles(on, names.Tables.Concat(more.Tables));
            root.Items.Add(pair);
        }
        else
        {
            root.Items.Add(target);
            root.Items.Add(source);
            AddConditions(merge.On, scope, level, root);
        }

        foreach (var when in merge.Whens)
        {
            foreach (var expression in when.Set.Select(item => item.Value).Concat(when.Values).Concat(when.Condition is null ? [] : [when.Condition]))
            {
                Bind(expression, scope);
            }
        }

        ReadReturning(merge, scope);
        PlanLevel(level, root);
    }

    /// <summary>The uses, in order of the text, with levels counted from 0.</summary>
    private ImmutableArray<TableUse> ToUses()
    {
        var levels = new Dictionary<Level, int>();
        var uses = ImmutableArray.CreateBuilder<TableUse>(_uses);
        foreach (var relation in _relations)
        {
            if (relation.Number < 0 || relation.Table is null)
            {
                continue;
            }

            if (!levels.TryGetValue(relation.Level, out var number))
            {
                number = levels.Count;
                levels.Add(relation.Level, number);
            }

            var filter = FilterOf(relation);
            var (ordered, keys) = OrderOf(relation.Level);
            var isOrdered = ordered == relation;
            uses.Add(new TableUse(relation.Number, relation.Table, relation.Span)
            {
                Level = number,
                Role = relation.Role,
                Filter = filter,
                Order = isOrdered ? keys : ImmutableArray<SortKey>.Empty,
                OrderSpan = isOrdered && !keys.IsEmpty ? relation.Level.OrderSpan : default,
                IsLimited = isOrdered && !keys.IsEmpty && relation.Level.IsLimited,
                IsUncertain = relation.IsUncertain || relation.Level.IsUncertain || HasUnknown(filter),
                IsTarget = relation.IsTarget,
            });
        }

        return uses.ToImmutable();
    }

    private static bool HasUnknown(Condition? condition) => condition switch
    {
        UnknownCondition => true,
        AllOf all => all.Conditions.Any(HasUnknown),
        AnyOf any => any.Conditions.Any(HasUnknown),
        _ => false,
    };
}
