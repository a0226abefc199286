using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Indexing;

/// <summary>
/// Tells whether indexes of a table can be searched with the conditions of a table reference. Reading a whole index, or skipping through it, is no search; of a
/// btree the leading key must be compared.
/// </summary>
public sealed class IndexMatch
{
    private readonly ImmutableArray<Condition> _all;
    private readonly Func<QueryValue, bool> _accepts;

    /// <summary>Looks at a table reference.</summary>
    /// <param name="use">The table reference.</param>
    /// <param name="accepts">Which values of other table references are known when this one is searched; null: all.</param>
    public IndexMatch(TableUse use, Func<QueryValue, bool>? accepts = null)
        : this(use, use.Table.Indexes, accepts)
    {
    }

    /// <summary>Looks at a table reference with other indexes than those of its table.</summary>
    /// <param name="use">The table reference.</param>
    /// <param name="indexes">The indexes.</param>
    /// <param name="accepts">Which values of other table references are known when this one is searched; null: all.</param>
    public IndexMatch(TableUse use, ImmutableArray<TableIndex> indexes, Func<QueryValue, bool>? accepts = null)
    {
        Use = use;
        Indexes = indexes;
        _all = use.Conjuncts;
        _accepts = accepts ?? (_ => true);
    }

    /// <summary>The table reference.</summary>
    public TableUse Use { get; }

    /// <summary>The indexes.</summary>
    public ImmutableArray<TableIndex> Indexes { get; }

    private Table Table => Use.Table;

    /// <summary>Whether some index serves some conjunct.</summary>
    public IndexFit Fit() => _all.Any(Fit);

    /// <summary>Whether some index serves a conjunct.</summary>
    public IndexFit Fit(Condition conjunct) => Fit(conjunct, _all);

    /// <summary>Whether an index serves some conjunct.</summary>
    public IndexFit Fit(TableIndex index) => _all.Any(conjunct => Fit(index, conjunct));

    /// <summary>Whether an index alone serves a conjunct; one with OR may also be served by several (<see cref="Fit(Condition)"/>).</summary>
    public IndexFit Fit(TableIndex index, Condition conjunct) => new IndexMatch(Use, ImmutableArray.Create(index), _accepts).Fit(conjunct, _all);

    /// <summary>Whether an index holds all the rows that the query asks for: it is valid, and the conditions imply its predicate.</summary>
    public IndexFit Holds(TableIndex index) => Holds(index, _all);

    private IndexFit Fit(Condition condition, ImmutableArray<Condition> given)
    {
        switch (condition)
        {
            case Comparison comparison:
                return Indexes.Any(index => Atom(index, comparison, given));
            case AnyOf any:
                return any.Conditions.All(arm => Arm(arm, given));
            case AllOf all:
                return Arm(all, given);
            case OtherCondition other:
                return Indexes.Any(index => index.IsIncomplete || Hides(index, other.Columns) ? IndexFit.Maybe : IndexFit.No);
            default:
                return IndexFit.Maybe;
        }
    }

    private IndexFit Arm(Condition arm, ImmutableArray<Condition> given)
    {
        var conditions = arm is AllOf all ? all.Conditions : ImmutableArray.Create(arm);
        var more = given.AddRange(conditions);
        return conditions.Any(condition => Fit(condition, more));
    }

    private IndexFit Atom(TableIndex index, Comparison comparison, ImmutableArray<Condition> given)
    {
        if (!index.IsValid || comparison.Values.Any(value => value.Kind == QueryValueKind.OtherTable && !_accepts(value)))
        {
            return IndexFit.No;
        }

        if (index.IsIncomplete || index.Keys.IsEmpty)
        {
            return IndexFit.Maybe;
        }

        // The keys of GIN, GiST and BRIN are searched alike; others by the leading one.
        var keys = index.Method is "btree" or "hash" or "spgist" ? index.Keys.Take(1) : index.Keys;
        var fit = keys.Any(key => KeyMatch.Fit(Table, index, key, comparison));
        if (fit != IndexFit.No)
        {
            return fit.And(Holds(index, given));
        }

        // A predicate that the query implies has done a part of its work: the index is the smaller table. Not so where most rows are in it: deleted_at IS NULL.
        return index.Predicate is not null && !IndexNeed.IsSoft(comparison) && Touches(index.Predicate, comparison.Keys.SelectMany(Columns)) && Holds(index, given) != IndexFit.No ? IndexFit.Maybe : IndexFit.No;
    }

    private IndexFit Holds(TableIndex index, ImmutableArray<Condition> given)
    {
        if (!index.IsValid)
        {
            return IndexFit.No;
        }

        if (index.IsIncomplete)
        {
            return IndexFit.Maybe;
        }

        return index.Predicate is null ? IndexFit.Serves : new PredicateProof(Table).Implies(given, index.Predicate);
    }

    /// <summary>Whether an index may serve a condition that is no comparison: a function that the access method supports, or an expression that is a key.</summary>
    private static bool Hides(TableIndex index, ImmutableArray<string> columns) => index.IsValid && index.Keys.Any(key =>
        key.Expression is { } expression ? Touches(expression, columns) : index.Method is not ("btree" or "hash" or "brin") && columns.Contains(key.Column!));

    private static IEnumerable<string> Columns(QueryKey key) => key.Column is { } column ? new[] { column } : key.Columns;

    internal static bool Touches(SchemaExpression expression, IEnumerable<string> columns)
    {
        var named = ColumnsOf(expression);
        return columns.Any(named.Contains);
    }

    /// <summary>The columns that an expression names.</summary>
    internal static ImmutableHashSet<string> ColumnsOf(SchemaExpression expression)
    {
        var named = ImmutableHashSet.CreateBuilder<string>();
        var pending = new Stack<SqlExpression>();
        pending.Push(expression.Node);
        while (pending.Count > 0)
        {
            var next = pending.Pop();
            if (next is ColumnReference column && expression.NameOf(column) is { } name)
            {
                named.Add(name);
            }

            foreach (var operand in next.Operands)
            {
                pending.Push(operand);
            }
        }

        return named.ToImmutable();
    }
}
