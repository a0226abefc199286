using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Postgres.Tests.Indexing;

/// <summary>A condition as SQL and as records.</summary>
/// <param name="Sql">The text; constants that may be parameters are marked <c>«..»</c>.</param>
/// <param name="Condition">The records.</param>
internal sealed record GridCondition(string Sql, Condition Condition);

/// <summary>An index as DDL (behind CREATE INDEX name) and as a record.</summary>
internal sealed record GridIndex(string Sql, TableIndex Index);

/// <summary>Makes tables, indexes and queries: always the same for a seed.</summary>
internal sealed class Grid(int seed)
{
    public const string Columns = "k_id bigint, k_int integer, k_int2 integer, k_big bigint, k_small smallint, k_text text, k_var varchar(40), k_char char(8), k_ci citext, k_ts timestamp, "
        + "k_tz timestamptz, k_date date, k_uuid uuid, k_bool boolean, k_num numeric, k_dbl double precision, k_json jsonb, k_arr integer[], k_tags text[], k_state text";

    private static readonly SqlSpan None = new(0, 0);

    private static readonly string[] Ordered =
        ["k_id", "k_int", "k_int2", "k_big", "k_small", "k_text", "k_var", "k_char", "k_ci", "k_ts", "k_tz", "k_date", "k_uuid", "k_num", "k_dbl", "k_state", "k_bool"];

    private static readonly string[] Expressions =
    [
        "lower(k_text)", "upper(k_var)", "(k_int + 1)", "(k_json ->> 'k')", "((k_json ->> 'n')::integer)", "(k_ts::date)", "(k_ci::text)", "(k_char::text)", "date_trunc('day', k_ts)",
        "coalesce(k_int, 0)", "(k_big::numeric)",
    ];

    private static readonly string[] Predicates =
    [
        "k_bool", "NOT k_bool", "k_state = 'v1'", "k_int > 10", "k_int >= 5", "k_text IS NOT NULL", "k_state IN ('v1', 'v2')", "k_int2 IS NULL", "k_int > 5 AND k_bool", "k_state <> 'v3'",
        "k_big < 40 OR k_big > 60", "k_date >= '2020-02-01'",
    ];

    private readonly Random _random = new(seed);

    public static Table Empty { get; } = new("public", "t", ColumnsOf(), false);

    private int Next(int below) => _random.Next(below);

    private T Pick<T>(params T[] items) => items[Next(items.Length)];

    public static SqlExpression Parse(string text)
    {
        var tree = SqlParser.Parse(new SqlSource("SELECT 1 WHERE " + text));
        Assert.Empty(tree.Errors);
        return ((SelectQuery)((SelectStatement)tree.Statements[0]).Query).Where.Value!.Expression;
    }

    public GridIndex Index(string name)
    {
        switch (Next(20))
        {
            case < 4:
                return Btree(name, [Pick(Ordered)]);
            case < 9:
                return Btree(name, [.. Ordered.OrderBy(_ => Next(1000)).Take(2 + Next(2))]);
            case < 12:
                return Expression(name, Pick(Expressions));
            case < 14:
                var predicate = Pick(Predicates);
                var partial = Btree(name, [Pick(Ordered)]);
                return new GridIndex($"{partial.Sql} WHERE {predicate}", partial.Index with { Predicate = new SchemaExpression(Parse(predicate)) });
            case 14:
                var column = Pick(("k_text", "text_pattern_ops"), ("k_var", "varchar_pattern_ops"), ("k_char", "bpchar_pattern_ops"));
                return One(name, column.Item1, "btree", column.Item2);
            case 15:
                return One(name, Pick("k_int", "k_big", "k_text", "k_uuid", "k_ts", "k_char", "k_num"), "hash", null);
            case 16:
                return Pick(0, 1) == 0 ? One(name, Pick("k_json", "k_arr", "k_tags"), "gin", null) : One(name, "k_json", "gin", "jsonb_path_ops");
            case 17:
                return One(name, "k_text", "gin", "gin_trgm_ops");
            case 18:
                return One(name, Pick("k_int", "k_ts", "k_big", "k_date", "k_text"), "brin", null);
            default:
                return new GridIndex("(k_text COLLATE \"C\")", new TableIndex(name, [new IndexKey("k_text", null) { Collation = "C" }], false));
        }
    }

    public GridIndex Btree(string name, string[] columns)
    {
        var keys = columns.Select(column =>
        {
            var isDescending = Next(4) == 0;
            var isNullsFirst = Next(6) == 0 ? !isDescending : isDescending;
            return (Sql: column + (isDescending ? " DESC" : "") + (isNullsFirst == isDescending ? "" : isNullsFirst ? " NULLS FIRST" : " NULLS LAST"),
                Key: new IndexKey(column, null) { IsDescending = isDescending, IsNullsFirst = isNullsFirst });
        }).ToList();
        return new GridIndex($"({string.Join(", ", keys.Select(key => key.Sql))})", new TableIndex(name, [.. keys.Select(key => key.Key)], false));
    }

    private static GridIndex Expression(string name, string text) => new($"({text})", new TableIndex(name, [new IndexKey(null, new SchemaExpression(Parse(text)))], false));

    private static GridIndex One(string name, string column, string method, string? operatorClass) =>
        new($"USING {method} ({column} {operatorClass})", new TableIndex(name, [new IndexKey(column, null) { OperatorClass = operatorClass }], false) { Method = method });

    /// <summary>Conjuncts, some of them with OR.</summary>
    public ImmutableArray<GridCondition> Filter() => [.. Enumerable.Range(0, 1 + Next(10) switch { < 5 => 0, < 8 => 1, _ => 2 }).Select(_ => Next(5) == 0 ? Or() : Atom())];

    private GridCondition Or()
    {
        var arms = Enumerable.Range(0, 2 + Next(2)).Select(_ => Next(4) == 0 ? And() : Atom()).ToList();
        return new GridCondition($"({string.Join(" OR ", arms.Select(arm => arm.Sql))})", new AnyOf(None, [.. arms.Select(arm => arm.Condition)]));
    }

    private GridCondition And()
    {
        var parts = new[] { Atom(), Atom() };
        return new GridCondition($"({string.Join(" AND ", parts.Select(part => part.Sql))})", new AllOf(None, [.. parts.Select(part => part.Condition)]));
    }

    /// <summary>One comparison.</summary>
    public GridCondition Atom()
    {
        var number = Next(80).ToString(CultureInfo.InvariantCulture);
        var text = "v" + number;
        switch (Next(40))
        {
            case < 8:
                var integer = Pick("k_id", "k_int", "k_int", "k_int2", "k_big", "k_small");
                return Next(8) switch
                {
                    0 => Typed(integer, "=", number + ".0", "numeric"),
                    1 => Typed(integer, Pick("=", "<"), number, Pick("bigint", "double precision", "smallint", "numeric")),
                    2 => List(integer, Pick("IN", "IN", "NOT IN"), [number, "7", "9"], "integer"),
                    3 => Array(integer, $"'{{{number},3}}'"),
                    4 => Compare(Key(integer), Pick("<>", "IS DISTINCT FROM"), number, "integer"),
                    _ => Compare(Key(integer), Pick("=", "=", "<", "<=", ">", ">="), number, "integer", canBeParameter: true),
                };
            case < 15:
                var words = Pick("k_text", "k_text", "k_var", "k_char", "k_ci", "k_state");
                return Next(12) switch
                {
                    0 => Typed(words, "=", $"'{text}'", Pick("text", "character varying", "character")),
                    1 => List(words, Pick("IN", "NOT IN"), [$"'{text}'", "'v1'"], null),
                    2 => Compare(Key(words), "LIKE", $"'{text}%'", null, canBeParameter: true),
                    3 => Compare(Key(words), Pick("LIKE", "ILIKE"), $"'%{number}'", null),
                    4 => Compare(Key(words), "LIKE", $"'{text}'", null),
                    5 => Compare(Key(words), Pick("~", "~*"), Pick($"'^{text}'", $"'{number}$'"), null),
                    6 => Compare(Key(words) with { Collation = "C" }, Pick("=", "<", ">="), $"'{text}'", null),
                    7 => Compare(Key(words), "<>", $"'{text}'", null),
                    8 => Compare(Key(words), Pick("<", ">="), $"'{text}'", null, canBeParameter: words is not "k_ci"),
                    _ => Compare(Key(words), "=", $"'{text}'", null, canBeParameter: true),
                };
            case < 18:
                return Compare(Key(Pick("lower(k_text)", "upper(k_var)", "upper(k_text)", "(k_json ->> 'k')", "(k_json ->> 'x')", "k_ci::text", "k_char::text")), Pick("=", "=", "LIKE", "<"), $"'{text}'", null);
            case < 20:
                return Compare(Key(Pick("(k_int + 1)", "(k_int + 2)", "((k_json ->> 'n')::integer)", "coalesce(k_int, 0)", "(k_big::numeric)")), Pick("=", ">", "<="), number, "integer");
            case < 24:
                var time = Pick("k_ts", "k_tz", "k_date");
                return Next(6) switch
                {
                    0 => Typed(time, Pick("=", "<", ">="), "'2020-02-01'", Pick("date", "timestamp without time zone", "timestamp with time zone")),
                    1 => Compare(Key(time), ">", "now() - interval '1 day'", "timestamp with time zone", QueryValueKind.Stable),
                    2 => Compare(Key(Pick("(k_ts::date)", "(k_tz::date)")), "=", "'2020-02-01'", null),
                    3 => Compare(Key("date_trunc('day', k_ts)"), "=", "'2020-02-01'", null),
                    _ => Compare(Key(time), Pick("=", "<", "<=", ">", ">="), "'2020-02-01'", null, canBeParameter: true),
                };
            case < 26:
                var isTrue = Next(2) == 0;
                return new GridCondition(isTrue ? "k_bool" : "NOT k_bool", new Comparison(None, [Key("k_bool")], "=", [new QueryValue(QueryValueKind.Constant, None) { Text = isTrue ? "true" : "false", Type = "boolean" }]));
            case < 28:
                return Next(3) == 0 ? List("k_state", "IN", ["'v1'", "'v2'"], null) : Compare(Key("k_state"), "=", Pick("'v1'", "'v2'", "'v3'"), null, canBeParameter: true);
            case < 30:
                var nullable = Pick(Ordered);
                var op = Pick("IS NULL", "IS NOT NULL");
                return new GridCondition($"{nullable} {op}", new Comparison(None, [Key(nullable)], op, []));
            case < 32:
                return Compare(Key("k_uuid"), "=", $"'00000000-0000-0000-0000-0000000000{Next(10)}{Next(10)}'", null, canBeParameter: true);
            case < 34:
                return Next(2) == 0
                    ? Typed("k_num", Pick("=", "<"), number, Pick("numeric", "integer", "double precision"))
                    : Typed("k_dbl", Pick("=", ">"), number, Pick("numeric", "integer", "double precision", "real"));
            case < 37:
                return Next(7) switch
                {
                    0 => Compare(Key("k_json"), "@>", $"'{{\"k\": \"{text}\"}}'", null),
                    1 => Compare(Key("k_json"), "?", "'k'", null),
                    2 => Compare(Key("k_json"), "@?", "'$.k'", null),
                    3 => Compare(Key("k_json"), "@@", $"'$.n == {number}'", null),
                    4 => Compare(Key("(k_json -> 'o')"), "@>", "'{\"p\": 1}'", null),
                    5 => Compare(Key("k_json"), "?|", "'{k,n}'", null),
                    _ => Compare(Key("k_json"), "=", "'{}'", null),
                };
            case < 39:
                return Next(5) switch
                {
                    0 => Compare(Key("k_arr"), "@>", $"ARRAY[{number}]", "integer[]"),
                    1 => Compare(Key("k_tags"), Pick("@>", "&&", "<@"), $"ARRAY['{text}']", "text[]"),
                    2 => new GridCondition($"{number} = ANY (k_arr)", new Comparison(None, [Key("k_arr")], "ANY =", [new QueryValue(QueryValueKind.Constant, None) { Text = number, Type = "integer" }])),
                    3 => Compare(Key("k_arr"), "=", $"ARRAY[{number}]", "integer[]"),
                    _ => Compare(Key("k_arr"), "&&", $"ARRAY[{number}]", "integer[]"),
                };
            default:
                return Next(4) switch
                {
                    0 => new GridCondition("k_int = k_int2", new OtherCondition(None, ["k_int", "k_int2"])),
                    1 => Compare(Key("k_int"), "=", "(random() * 10)::integer", "integer", QueryValueKind.Volatile),
                    2 => new GridCondition($"(k_int, k_int2) > ({number}, 5)", new Comparison(None, [Key("k_int"), Key("k_int2")], ">", [Constant(number, "integer"), Constant("5", "integer")])),
                    _ => new GridCondition($"(k_int, k_state) IN (({number}, 'v1'), (6, 'v2'))", new Comparison(None, [Key("k_int"), Key("k_state")], "IN",
                        [Constant(number, "integer"), Constant("'v1'", null), Constant("6", "integer"), Constant("'v2'", null)])),
                };
        }
    }

    /// <summary>ORDER BY keys.</summary>
    public ImmutableArray<(string Sql, DbSafety.Sql.Queries.SortKey Key)> Order() =>
    [
        .. Ordered.Take(6).OrderBy(_ => Next(1000)).Take(1 + Next(3)).Select(column =>
        {
            var isDescending = Next(3) == 0;
            var isNullsFirst = Next(6) == 0 ? !isDescending : isDescending;
            return (column + (isDescending ? " DESC" : "") + (isNullsFirst == isDescending ? "" : isNullsFirst ? " NULLS FIRST" : " NULLS LAST"), new DbSafety.Sql.Queries.SortKey(Key(column), isDescending, isNullsFirst));
        }),
    ];

    /// <summary>ORDER BY keys that an index may give: some of its keys in their order, mostly in their direction.</summary>
    public ImmutableArray<(string Sql, DbSafety.Sql.Queries.SortKey Key)> Order(TableIndex index)
    {
        var isReversed = Next(2) == 0;
        return
        [
            .. index.Keys.Skip(index.Keys.Length > 1 ? Next(2) : 0).Take(1 + Next(3)).Select(key =>
            {
                var flips = isReversed != (Next(8) == 0);
                var (isDescending, isNullsFirst) = (key.IsDescending != flips, key.IsNullsFirst != flips);
                return (key.Column + (isDescending ? " DESC" : "") + (isNullsFirst ? " NULLS FIRST" : " NULLS LAST"), new DbSafety.Sql.Queries.SortKey(Key(key.Column!), isDescending, isNullsFirst));
            }),
        ];
    }

    /// <summary>A condition that may bind a key of the order.</summary>
    public GridCondition Binding(TableIndex index)
    {
        var column = Next(4) == 0 ? Pick(Ordered[..6]) : index.Keys[Next(Math.Min(2, index.Keys.Length))].Column!;
        var value = column == "k_text" ? "'v5'" : "5";
        return Next(5) switch
        {
            0 => List(column, "IN", [value, column == "k_text" ? "'v7'" : "7"], column == "k_text" ? null : "integer"),
            1 => Compare(Key(column), ">", value, column == "k_text" ? null : "integer"),
            _ => Compare(Key(column), "=", value, column == "k_text" ? null : "integer", canBeParameter: true),
        };
    }

    /// <summary>Btrees over the columns that are sorted by.</summary>
    public GridIndex SortIndex(string name) => Btree(name, [.. Ordered.Take(6).OrderBy(_ => Next(1000)).Take(1 + Next(3))]);

    public bool Chance(int percent) => Next(100) < percent;

    private static QueryKey Key(string text)
    {
        var expression = Parse(text);
        var type = Empty.FindColumn(text)?.Type;
        return type is not null
            ? new QueryKey(text, "\"" + text + "\"", type, None)
            : new QueryKey(null, CanonicalText.Of(expression, column => column.Column, column => Empty.FindColumn(column.Column)?.Type), TypeOf(text), None)
            {
                Expression = expression,
                Columns = [.. Empty.Columns.Select(column => column.Name).Where(name => System.Text.RegularExpressions.Regex.IsMatch(text, $@"\b{name}\b"))],
            };
    }

    private static string TypeOf(string text) => text switch
    {
        "(k_int + 1)" or "(k_int + 2)" or "((k_json ->> 'n')::integer)" or "coalesce(k_int, 0)" => "integer",
        "(k_big::numeric)" => "numeric",
        "(k_ts::date)" or "(k_tz::date)" => "date",
        "date_trunc('day', k_ts)" => "timestamp without time zone",
        "(k_json -> 'o')" => "jsonb",
        _ => "text",
    };

    private static QueryValue Constant(string sql, string? type) => new(QueryValueKind.Constant, None) { Text = sql.Trim('\''), Type = type };

    private static GridCondition Typed(string column, string op, string value, string type) => Compare(Key(column), op, $"{value}::{type}", type);

    private static GridCondition Compare(QueryKey key, string op, string sql, string? type, QueryValueKind kind = QueryValueKind.Constant, bool canBeParameter = false)
    {
        var value = new QueryValue(kind, None) { Text = kind == QueryValueKind.Constant ? sql.Split("::")[0].Trim('\'') : null, Type = type };
        var left = (key.Column ?? Shown(key)) + (key.Collation is null ? "" : $" COLLATE \"{key.Collation}\"");
        return new GridCondition($"{left} {op} {(canBeParameter ? $"«{sql}»" : sql)}", new Comparison(None, [key], op, [value]));
    }

    private static string Shown(QueryKey key) => key.Text!.Replace("\"", "", StringComparison.Ordinal);

    private static GridCondition List(string column, string op, string[] values, string? type) =>
        new($"{column} {op} ({string.Join(", ", values)})", new Comparison(None, [Key(column)], op, [.. values.Select(value => Constant(value, type))]));

    private static GridCondition Array(string column, string value) =>
        new($"{column} = ANY («{value}»)", new Comparison(None, [Key(column)], "= ANY", [new QueryValue(QueryValueKind.Constant, None) { Text = value.Trim('\''), IsArray = true }]));

    /// <summary>The same condition with a parameter for each constant that may be one.</summary>
    public static Condition WithParameters(Condition condition) => condition switch
    {
        AllOf all => all with { Conditions = [.. all.Conditions.Select(WithParameters)] },
        AnyOf any => any with { Conditions = [.. any.Conditions.Select(WithParameters)] },
        Comparison comparison => comparison with { Values = [.. comparison.Values.Select(value => value with { Kind = QueryValueKind.Parameter, Text = "1", Type = null })] },
        _ => condition,
    };

    private static ImmutableArray<Column> ColumnsOf() =>
    [
        .. Columns.Split(", ").Select(definition => definition.Split(' ', 2)).Select(parts => new Column(parts[0], parts[1].Split('(')[0] switch
        {
            "varchar" => "character varying",
            "char" => "character",
            "timestamp" => "timestamp without time zone",
            "timestamptz" => "timestamp with time zone",
            var type => type,
        }, false, false)),
    ];
}
