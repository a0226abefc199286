using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Indexing;

/// <summary>
/// From where a query reaches its table references: it begins with those that conditions of their own restrict, and goes on by joins that an index serves. Those that
/// are not reached are read as a whole.
/// </summary>
internal sealed class JoinOrder
{
    private readonly QueryTables _query;
    private readonly SchemaCatalog _catalog;
    private readonly Func<TableUse, ImmutableArray<TableIndex>> _indexes;
    private readonly HashSet<int> _reached = new();

    private JoinOrder(QueryTables query, SchemaCatalog catalog, Func<TableUse, ImmutableArray<TableIndex>> indexes)
    {
        _query = query;
        _catalog = catalog;
        _indexes = indexes;
    }

    /// <summary>The references whose own conditions lack an index.</summary>
    public List<TableUse> Unserved { get; } = new();

    /// <summary>The references whose join lacks an index, with the conditions that could be searched by.</summary>
    public List<(TableUse Use, ImmutableArray<Condition> Conditions)> Unreached { get; } = new();

    /// <summary>The references that the query begins with and that an index serves.</summary>
    public List<TableUse> Starts { get; } = new();

    /// <summary>Reads a query.</summary>
    public static JoinOrder Of(QueryTables query, SchemaCatalog catalog, Func<TableUse, ImmutableArray<TableIndex>> indexes)
    {
        var order = new JoinOrder(query, catalog, indexes);
        foreach (var component in order.Components())
        {
            if (!component.Any(use => use.IsUncertain))
            {
                order.Read(component);
            }
        }

        return order;
    }

    /// <summary>The conditions that join no other table reference of the same level.</summary>
    public ImmutableArray<Condition> Own(TableUse use) => use.Conjuncts.Where(condition => !Joined(use, condition).Any()).ToImmutableArray();

    private bool IsQuiet(TableUse use) => Rows.AreFew(use.Table) || use.Table.IsIncomplete || use.Table.Kind is TableKind.View or TableKind.Foreign;

    private void Read(List<TableUse> component)
    {
        foreach (var use in component)
        {
            var own = Own(use);
            if (own.IsEmpty || IsQuiet(use))
            {
                continue;
            }

            var match = new IndexMatch(use, _indexes(use));
            if (own.Any(condition => !IndexNeed.IsSoft(condition) && match.Fit(condition) != IndexFit.No))
            {
                Starts.Add(use);
                _reached.Add(use.Number);
            }
        }

        if (!component.Any(use => _reached.Contains(use.Number)))
        {
            foreach (var use in component.Where(use => !IsQuiet(use)))
            {
                var own = Own(use);
                var match = new IndexMatch(use, _indexes(use));
                if (own.Any(condition => !ReadsUnknown(condition) && MissingIndex.Could(use, condition, _catalog)) && own.Any(match.Fit) == IndexFit.No)
                {
                    Unserved.Add(use);
                    _reached.Add(use.Number);
                }
            }
        }

        if (component.Any(use => _reached.Contains(use.Number)))
        {
            Follow(component);
        }
        else
        {
            ReadWhole(component);
        }
    }

    /// <summary>Goes on by joins. What lacks an index is missing once: what it leads to counts as reached then.</summary>
    private void Follow(List<TableUse> component)
    {
        while (true)
        {
            var isNew = false;
            foreach (var use in component.Where(use => !_reached.Contains(use.Number)))
            {
                var isNext = use.Conjuncts.Any(condition => Joined(use, condition).Any() && Joined(use, condition).All(_reached.Contains));
                if ((IsQuiet(use) && isNext) || new IndexMatch(use, _indexes(use), value => Accepts(use, value)).Fit() != IndexFit.No)
                {
                    isNew |= _reached.Add(use.Number);
                }
            }

            if (isNew)
            {
                continue;
            }

            var next = component.Where(use => !_reached.Contains(use.Number)).Select(use => (Use: use, Conditions: Searchable(use))).Where(item => !item.Conditions.IsEmpty).ToList();
            if (next.Count == 0)
            {
                return;
            }

            Unreached.AddRange(next);
            foreach (var (use, _) in next)
            {
                _reached.Add(use.Number);
            }
        }
    }

    /// <summary>The join conditions with what is reached, if an index could be searched with one, and the reference's own conditions.</summary>
    private ImmutableArray<Condition> Searchable(TableUse use)
    {
        var joins = use.Conjuncts.Where(condition => Joined(use, condition).Any() && Joined(use, condition).All(_reached.Contains)).ToList();
        return joins.Any(condition => MissingIndex.Could(use, condition, _catalog)) ? joins.Concat(Own(use)).ToImmutableArray() : ImmutableArray<Condition>.Empty;
    }

    /// <summary>Nothing restricts the rows: tables are read as a whole, and one index on either side of a comparison is enough.</summary>
    private void ReadWhole(List<TableUse> component)
    {
        var numbers = new HashSet<int>(component.Select(use => use.Number));
        var seen = new HashSet<int>();
        foreach (var use in component)
        {
            var joins = use.Conjuncts.Where(condition => Joined(use, condition).Any() && MissingIndex.Could(use, condition, _catalog)).ToImmutableArray();
            var match = new IndexMatch(use, _indexes(use));
            if (!joins.IsEmpty && !IsQuiet(use) && joins.Any(match.Fit) == IndexFit.No && Own(use).Any(match.Fit) == IndexFit.No)
            {
                var others = joins.SelectMany(condition => Joined(use, condition)).Where(numbers.Contains).Distinct().Select(number => _query.Uses[number]).ToList();
                var isServed = use.Role != TableRole.LookedUp && others.Any(other => other.Role == TableRole.LookedUp || seen.Contains(other.Number) || IsQuiet(other)
                    || other.Conjuncts.Any(condition => Joined(other, condition).Contains(use.Number) && new IndexMatch(other, _indexes(other)).Fit(condition) != IndexFit.No));
                if (!isServed && seen.Add(use.Number))
                {
                    Unreached.Add((use, joins));
                }
            }
        }
    }

    /// <summary>Whether a condition reads a relation that nobody knows the size of: a function, an unknown table.</summary>
    private static bool ReadsUnknown(Condition condition) => condition switch
    {
        Comparison comparison => comparison.Values.Any(value => value.Kind == QueryValueKind.OtherTable && value.Uses.IsEmpty),
        AllOf all => all.Conditions.Any(ReadsUnknown),
        AnyOf any => any.Conditions.Any(ReadsUnknown),
        _ => false,
    };

    private bool Accepts(TableUse use, QueryValue value) => value.Uses.All(number => !IsSameLevel(use, number) || _reached.Contains(number));

    private bool IsSameLevel(TableUse use, int number) => number != use.Number && number >= 0 && number < _query.Uses.Length && _query.Uses[number].Level == use.Level;

    /// <summary>The references of the same level that a condition reads.</summary>
    private IEnumerable<int> Joined(TableUse use, Condition condition) => condition switch
    {
        Comparison comparison => comparison.Values.Where(value => value.Kind == QueryValueKind.OtherTable).SelectMany(value => value.Uses).Where(number => IsSameLevel(use, number)),
        AllOf all => all.Conditions.SelectMany(part => Joined(use, part)),
        AnyOf any => any.Conditions.SelectMany(part => Joined(use, part)),
        _ => [],
    };

    private List<List<TableUse>> Components()
    {
        var component = Enumerable.Range(0, _query.Uses.Length).ToArray();
        foreach (var use in _query.Uses)
        {
            foreach (var number in use.Conjuncts.SelectMany(condition => Joined(use, condition)))
            {
                int from = component[use.Number], to = component[number];
                for (var i = 0; i < component.Length; i++)
                {
                    component[i] = component[i] == from ? to : component[i];
                }
            }
        }

        return _query.Uses.GroupBy(use => component[use.Number]).Select(group => group.ToList()).ToList();
    }
}

/// <summary>How many rows a table is known to have.</summary>
internal static class Rows
{
    private const int Few = 200;

    /// <summary>Whether scripts fill the table, with so few rows that reading them all costs nothing.</summary>
    public static bool AreFew(Table table) => table.SeededRows is > 0 and <= Few;
}
