using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Indexing;

/// <summary>The btree that would serve all conditions of a table reference that one btree can: what is compared by <c>=</c>, then what is listed, then one range or the order.</summary>
internal sealed class IndexNeed
{
    private readonly TableUse _use;
    private readonly SchemaCatalog _catalog;
    private readonly List<(SuggestedKey Key, Comparison Of)> _equal = new();
    private readonly List<(SuggestedKey Key, Comparison Of)> _listed = new();
    private readonly List<(ImmutableArray<SuggestedKey> Keys, Comparison Of)> _ranges = new();
    private readonly HashSet<string> _notNull = new(StringComparer.Ordinal);

    private IndexNeed(TableUse use, SchemaCatalog catalog)
    {
        _use = use;
        _catalog = catalog;
    }

    /// <summary>The keys that are bound to one value.</summary>
    public ImmutableArray<SuggestedKey> Equal => _equal.Select(item => item.Key).ToImmutableArray();

    /// <summary>The keys that are bound to several values, by IN.</summary>
    public ImmutableArray<SuggestedKey> Listed => _listed.Select(item => item.Key).ToImmutableArray();

    /// <summary>The keys behind: of a range, or of the order.</summary>
    public ImmutableArray<SuggestedKey> Tail { get; private set; } = ImmutableArray<SuggestedKey>.Empty;

    /// <summary>Whether <see cref="Tail"/> is the order.</summary>
    public bool IsSort { get; private set; }

    /// <summary>Whether it is none.</summary>
    public bool IsEmpty => _equal.Count + _listed.Count == 0 && Tail.IsEmpty;

    /// <summary>The first of the conditions, by importance.</summary>
    public Comparison? First { get; private set; }

    /// <summary>The condition that a key is for; null for one of the order alone.</summary>
    public Comparison? ConditionOf(SuggestedKey key) =>
        _equal.Concat(_listed).FirstOrDefault(item => item.Key.Text == key.Text).Of ?? _ranges.FirstOrDefault(item => item.Keys[0].Text == key.Text).Of;

    /// <summary>All keys, in order.</summary>
    public ImmutableArray<SuggestedKey> Keys => Equal.AddRange(Listed).AddRange(Tail);

    /// <summary>The index. Where the query says of its range, or its order, that it is not null, the rows where it is need not stand in the index.</summary>
    public IndexSuggestion ToSuggestion() => new(_use.Table, Keys)
    {
        FreeKeys = _equal.Count + _listed.Count,
        Predicate = Tail.FirstOrDefault()?.Column is { } column && _notNull.Contains(column) && _use.Table.FindColumn(column) is { IsNotNull: false } ? IndexSuggestionText.Quote(column) + " IS NOT NULL" : null,
    };

    /// <summary>Collects what a table reference needs.</summary>
    /// <param name="use">The table reference.</param>
    /// <param name="conditions">Those of its conjuncts that count.</param>
    /// <param name="catalog">The schema.</param>
    public static IndexNeed Of(TableUse use, IEnumerable<Condition> conditions, SchemaCatalog catalog)
    {
        var need = new IndexNeed(use, catalog);
        foreach (var comparison in conditions.OfType<Comparison>())
        {
            need.Add(comparison);
        }

        need.Settle();
        return need;
    }

    /// <summary>
    /// Whether a condition leaves so many rows that an index on it alone is not worth having: a boolean column, IS [NOT] NULL; or no index could be searched with it: <c>&lt;&gt;</c>, LIKE with a
    /// wildcard first.
    /// </summary>
    public static bool IsSoft(Condition condition) => condition switch
    {
        Comparison { Operator: "IS NULL" or "IS NOT NULL" or "<>" or "NOT IN" or "<> ALL" or "IS DISTINCT FROM" or "IS NOT DISTINCT FROM" } => true,
        Comparison { Operator: "=" or "IN", Keys.Length: 1, Key: { Type: "boolean" } } => true,
        Comparison comparison => comparison.Operator.StartsWith("NOT ", StringComparison.Ordinal),
        AnyOf any => any.Conditions.Any(IsSoft),
        AllOf all => all.Conditions.All(IsSoft),
        _ => true,
    };

    /// <summary>The key of an index that a key of a comparison could be searched by; null where there is none for certain.</summary>
    public static SuggestedKey? KeyOf(Table table, QueryKey key, IEnumerable<QueryValue> values, SchemaCatalog catalog)
    {
        var type = key.Type ?? (key.Column is { } name ? table.FindColumn(name)?.Type : null);
        if (key.Collation is not null || type is null || !(catalog.IsEnum(type) || OperatorFamilies.Family(type) is not (null or "array_ops" or "jsonb_ops" or "boolean_ops")))
        {
            return null;
        }

        string? cast = null;
        foreach (var value in values)
        {
            cast ??= OperatorFamilies.Compare(type, value).CastTo;
        }

        if (cast is null && key.Column is { } column)
        {
            return new SuggestedKey(IndexSuggestionText.Quote(column), column);
        }

        if (cast is not (null or "text") || KeyMatch.TextOf(key) is not { } text || (key.Column is null && (key.Expression is null || !new Immutability(table).Allows(key.Expression))))
        {
            return null;
        }

        return new SuggestedKey(IndexSuggestionText.KeyText(cast is null ? text : text + "::" + cast), null);
    }

    /// <summary>The keys that give the order of the first rows; empty where none is asked for, or no index could give it.</summary>
    public static ImmutableArray<SuggestedKey> OrderOf(TableUse use, SchemaCatalog catalog) => new IndexNeed(use, catalog).Order();

    private void Add(Comparison comparison)
    {
        if (comparison is { Operator: "IS NOT NULL", Keys.Length: 1, Key.Column: { } present })
        {
            _notNull.Add(present);
        }

        if (IsSoft(comparison) || comparison.Values.Any(value => value.Kind is QueryValueKind.Volatile or QueryValueKind.Unknown))
        {
            return;
        }

        var arity = comparison.Keys.Length;
        var keys = comparison.Keys.Select((key, i) => KeyOf(_use.Table, key, comparison.Values.Where((_, at) => at % arity == i), _catalog)).ToList();
        switch (comparison.Operator)
        {
            case "=":
                _equal.AddRange(keys.Where(key => key is not null).Select(key => (key!, comparison)));
                break;
            case "IN" or "= ANY":
                var list = comparison.Operator == "IN" && comparison.Values.Length == arity ? _equal : _listed;
                list.AddRange(keys.Where(key => key is not null).Select(key => (key!, comparison)));
                break;
            case "<" or "<=" or ">" or ">=" when keys[0] is { } first:
                _ranges.Add((keys.Contains(null) ? ImmutableArray.Create(first) : keys.Select(key => key!).ToImmutableArray(), comparison));
                break;
            case "LIKE" or "~" when keys[0] is { } pattern && comparison.Value is { Kind: QueryValueKind.Constant, Text: { } text } && PatternClass(comparison.Key) is { } name:
                var start = comparison.Operator == "~" ? Patterns.OfRegex(text) : Patterns.OfLike(text);
                if (start == PatternStart.Exact)
                {
                    _equal.Add((pattern, comparison));
                }
                else if (start == PatternStart.Prefix)
                {
                    _ranges.Add((ImmutableArray.Create(pattern with { OperatorClass = name }), comparison));
                }

                break;
        }
    }

    private string? PatternClass(QueryKey key) => (key.Type ?? (key.Column is { } column ? _use.Table.FindColumn(column)?.Type : null)) switch
    {
        "text" => "text_pattern_ops",
        "character varying" => key.Column is null ? "text_pattern_ops" : "varchar_pattern_ops",
        "character" => key.Column is null ? null : "bpchar_pattern_ops",
        _ => null,
    };

    private void Settle()
    {
        Distinct(_equal, null);
        Distinct(_listed, _equal);
        var bound = new HashSet<string>(_equal.Concat(_listed).Select(item => item.Key.Text), StringComparer.Ordinal);
        First = _equal.Concat(_listed).Select(item => item.Of).FirstOrDefault();
        var range = _ranges.FirstOrDefault(item => !bound.Contains(item.Keys[0].Text));
        var order = Order();

        // Without anything bound the range is what the rows are found by; the order serves where it begins with the same key.
        var isSort = !order.IsEmpty && _listed.Count == 0 && (bound.Count > 0 ? range.Of is null || range.Keys[0].OperatorClass is null : range.Of is not null && range.Keys[0] with { } == Plain(order[0]));
        if (isSort)
        {
            Tail = order;
            IsSort = true;
            First ??= range.Of;
        }
        else if (range.Of is not null)
        {
            Tail = range.Keys.Where(key => !bound.Contains(key.Text)).ToImmutableArray();
            First ??= range.Of;
        }
    }

    private static SuggestedKey Plain(SuggestedKey key) => key with { IsDescending = false, IsNullsFirst = null };

    private ImmutableArray<SuggestedKey> Order()
    {
        if (!_use.IsLimited)
        {
            return ImmutableArray<SuggestedKey>.Empty;
        }

        var keys = ImmutableArray.CreateBuilder<SuggestedKey>();
        foreach (var sort in SortMatch.Wanted(_use))
        {
            if (KeyOf(_use.Table, sort.Key, [], _catalog) is not { } key)
            {
                return ImmutableArray<SuggestedKey>.Empty;
            }

            keys.Add(key with { IsDescending = sort.IsDescending, IsNullsFirst = sort.IsNullsFirst == sort.IsDescending ? null : sort.IsNullsFirst });
        }

        return keys.ToImmutable();
    }

    // Columns stand before expressions; the order is that of the text otherwise.
    private static void Distinct(List<(SuggestedKey Key, Comparison Of)> items, List<(SuggestedKey Key, Comparison Of)>? others)
    {
        var seen = new HashSet<string>(others?.Select(item => item.Key.Text) ?? [], StringComparer.Ordinal);
        var kept = items.Where(item => seen.Add(item.Key.Text)).OrderBy(item => item.Key.Column is null).ToList();
        items.Clear();
        items.AddRange(kept);
    }
}
