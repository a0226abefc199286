namespace DbSafety.Postgres.Tests.Fixes;

/// <summary>A statement with holes. <c>GUARD</c> is a condition that is true, <c>LIST</c> what is read, <c>[[</c> a brace.</summary>
/// <param name="Parameters">The C# parameters that the holes read.</param>
/// <param name="Sql">The inside of an interpolated string.</param>
/// <param name="Arguments">The values to try.</param>
internal sealed record Shape(string Parameters, string Sql, IReadOnlyList<object?[]> Arguments)
{
    /// <summary>Whether the statement writes.</summary>
    public bool Writes => !Sql.StartsWith("SELECT", StringComparison.Ordinal);

    /// <summary>Texts of a column's type.</summary>
    public static Shape OfText(string sql, string column, string type) =>
        new("string value", sql.Replace("COLUMN", column), [.. Values.All(type).Select(value => new object?[] { value })]);
}

/// <summary>The statements.</summary>
internal static class Shapes
{
    /// <summary>The one that every family and type is tried with.</summary>
    public const string Where = "SELECT LIST FROM samples WHERE GUARD AND COLUMN = '{value}' ORDER BY id";

    /// <summary>A text for a column of each type.</summary>
    public static IReadOnlyList<string> Quoted { get; } =
    [
        Where,
        "UPDATE samples SET COLUMN = '{value}' WHERE (COLUMN = '{value}' OR id = 5) AND GUARD RETURNING LIST",
        "INSERT INTO samples (id, COLUMN) VALUES (100, '{value}') RETURNING LIST",
        "DELETE FROM samples WHERE COLUMN <> '{value}' AND GUARD RETURNING LIST",
        "SELECT LIST FROM samples WHERE COLUMN IN ('{value}') AND GUARD ORDER BY id",
        "SELECT LIST FROM samples AS s WHERE '{value}' = s.COLUMN AND GUARD ORDER BY id",
        "SELECT LIST FROM samples WHERE COLUMN NOT IN ('{value}', '{value}') AND GUARD ORDER BY id",
        "SELECT LIST FROM samples WHERE COLUMN::text = '{value}' AND GUARD ORDER BY id",
    ];

    /// <summary>A text for columns that hold text.</summary>
    public static IReadOnlyList<string> OfTexts { get; } =
    [
        "SELECT LIST FROM samples WHERE COLUMN LIKE '%{value}%' AND GUARD ORDER BY id",
        "SELECT LIST FROM samples WHERE COLUMN ILIKE '{value}_%' AND GUARD ORDER BY id",
        "SELECT LIST FROM samples WHERE lower(COLUMN) LIKE lower('%{value}') AND GUARD ORDER BY id",
        "SELECT LIST FROM samples WHERE COLUMN = '{value}-{value}' OR COLUMN LIKE '{value}%{value}' ORDER BY id",
        "UPDATE samples SET COLUMN = 'it''s {value}' WHERE GUARD AND id = 5 RETURNING LIST",
        "SELECT LIST FROM samples WHERE COLUMN > '{value}' AND GUARD ORDER BY id",
        "SELECT LIST FROM samples WHERE COLUMN ~~ concat('%', '{value}', '%') AND GUARD ORDER BY id",
    ];

    private static readonly object?[][] Numbers = [[0], [1], [-1], [7], [42], [int.MaxValue]];
    private static readonly object?[][] Guids = [[new Guid("00000000-0000-0000-0000-000000000001")], [new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")], [Guid.Empty]];
    private static readonly object?[][] Days = [[new DateOnly(2024, 2, 29)], [new DateOnly(1999, 12, 31)], [new DateOnly(1, 1, 1)]];
    private static readonly object?[][] Times =
    [
        [new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc)], [new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Unspecified)],
        [new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Local)],
    ];

    private static readonly object?[][] Flags = [[true], [false]];
    private static readonly object?[][] Decimals = [[12.5m], [12.500m], [-0.001m], [12.5001m], [0m], [79228162514264337593543950335m]];
    private static readonly object?[][] Words = [["alpha"], [""], ["O'Brien"], ["Grüße 漢字 🐘 50%_off"], .. Values.Hostile.Select(value => new object?[] { value })];
    private static readonly object?[][] Lists = [[new[] { 1 }], [new[] { 1, -1, 42 }], [new[] { 7, 7 }]];
    private static readonly object?[][] WordLists = [[new[] { "alpha" }], [new[] { "", "Grüße 漢字 🐘 50%_off" }], [new[] { "x", "x'; DROP TABLE samples; --" }], [new[] { "' OR true --" }]];
    private static readonly object?[][] Keys = [[new[] { Guid.Empty }], [new[] { new Guid("00000000-0000-0000-0000-000000000001"), Guid.Empty, new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff") }]];

    /// <summary>Everything else: scalars, lists, constants with a type, several holes. The fix is offered for each when the schema is known.</summary>
    public static IReadOnlyList<Shape> Others { get; } =
    [
        // Numbers.
        new("int value", "SELECT LIST FROM samples WHERE qty = {value} AND GUARD ORDER BY id", Numbers),
        new("int value", "SELECT LIST FROM samples WHERE total > {value} AND GUARD ORDER BY id", Numbers),
        new("int value", "SELECT LIST FROM samples WHERE price < {value} AND GUARD ORDER BY id", Numbers),
        new("int value", "SELECT LIST FROM samples WHERE qty = '{value}' AND GUARD ORDER BY id", Numbers),
        new("int value", "SELECT LIST FROM samples WHERE name <> '{value}' AND GUARD ORDER BY id", Numbers),
        new("int value", "UPDATE samples SET qty = {value}, total = {value}, price = {value}, name = '{value}' WHERE id = 5 AND GUARD RETURNING LIST", Numbers),
        new("int value", "INSERT INTO samples (id, qty, name) VALUES (100, {value}, '{value}') RETURNING LIST", Numbers),
        new("int value", "UPDATE samples SET total = total / 3 + {value} / 2 WHERE id = 6 AND GUARD RETURNING LIST", Numbers),
        new("long value", "SELECT LIST FROM samples WHERE total = {value} AND GUARD ORDER BY id", [[0L], [10000000000L], [long.MaxValue]]),
        new("long value", "SELECT LIST FROM samples WHERE qty < {value} AND GUARD ORDER BY id", [[0L], [10000000000L], [long.MaxValue]]),
        new("byte value", "SELECT LIST FROM samples WHERE qty = {value} AND GUARD ORDER BY id", [[(byte)1], [(byte)7]]),
        new("ushort value", "SELECT LIST FROM samples WHERE qty = {value} AND GUARD ORDER BY id", [[(ushort)1], [ushort.MaxValue]]),
        new("uint value", "SELECT LIST FROM samples WHERE total > {value} AND GUARD ORDER BY id", [[1u], [uint.MaxValue]]),
        new("ulong value", "SELECT LIST FROM samples WHERE total >= {value} AND GUARD ORDER BY id", [[1ul], [ulong.MaxValue]]),
        new("decimal value", "SELECT LIST FROM samples WHERE price = {value} AND GUARD ORDER BY id", Decimals),
        new("decimal value", "SELECT LIST FROM samples WHERE price >= '{value}' AND GUARD ORDER BY id", Decimals),
        new("decimal value", "SELECT LIST FROM samples WHERE qty > {value} AND GUARD ORDER BY id", Decimals),
        new("decimal value", "UPDATE samples SET price = {value}, qty = {value} WHERE id = 5 AND GUARD RETURNING LIST", [[12.5m], [-0.5m], [12.0006m]]),

        // Other scalars.
        new("Guid value", "SELECT LIST FROM samples WHERE key = '{value}' AND GUARD ORDER BY id", Guids),
        new("Guid value", "SELECT LIST FROM samples WHERE key = '{value}'::uuid AND GUARD ORDER BY id", Guids),
        new("Guid value", "SELECT LIST FROM samples WHERE key::text = '{value}' AND GUARD ORDER BY id", Guids),
        new("Guid value", "UPDATE samples SET key = '{value}', name = '{value}' WHERE id = 5 AND GUARD RETURNING LIST", Guids),
        new("Guid value", "SELECT LIST FROM samples WHERE key = '{value:D}' AND GUARD ORDER BY id", Guids),
        new("DateOnly value", "SELECT LIST FROM samples WHERE day = '{value:yyyy-MM-dd}' AND GUARD ORDER BY id", Days),
        new("DateOnly value", "SELECT LIST FROM samples WHERE day >= DATE '{value:yyyy-MM-dd}' AND GUARD ORDER BY id", Days),
        new("DateOnly value", "SELECT LIST FROM samples WHERE day <= '{value}' AND GUARD ORDER BY id", Days),
        new("DateOnly value", "SELECT LIST FROM samples WHERE seen_at >= '{value:yyyy-MM-dd}' AND GUARD ORDER BY id", Days),
        new("DateTime value", "SELECT LIST FROM samples WHERE seen_at >= '{value:yyyy-MM-dd HH:mm:ss}' AND GUARD ORDER BY id", Times),
        new("DateTime value", "SELECT LIST FROM samples WHERE seen_at = '{value:O}' AND GUARD ORDER BY id", Times),
        new("DateTime value", "SELECT LIST FROM samples WHERE seen_at >= '{value}' AND GUARD ORDER BY id", Times),
        new("DateTime value", "SELECT LIST FROM samples WHERE day = '{value:yyyy-MM-dd}' AND GUARD ORDER BY id", Times),
        new("Mood value", "SELECT LIST FROM samples WHERE mood = '{value}' AND GUARD ORDER BY id", [["Mood.happy"]]),
        new("Mood value", "SELECT LIST FROM samples WHERE name <> '{value}' AND GUARD ORDER BY id", [["Mood.happy"], ["Mood.sad"]]),
        new("Mood value", "SELECT LIST FROM samples WHERE qty = {(int)value} AND GUARD ORDER BY id", [["Mood.happy"], ["Mood.sad"]]),
        new("bool value", "SELECT LIST FROM samples WHERE active = {value} AND GUARD ORDER BY id", Flags),
        new("bool value", "SELECT LIST FROM samples WHERE active = '{value}' AND GUARD ORDER BY id", Flags),
        new("bool value", "UPDATE samples SET active = {value}, name = '{value}' WHERE id = 5 AND GUARD RETURNING LIST", Flags),

        // Where a value has a place of its own.
        new("int value", "SELECT LIST FROM samples WHERE GUARD ORDER BY id LIMIT {value} OFFSET {value}", [[0], [1], [2]]),
        new("long value", "SELECT LIST FROM samples WHERE GUARD ORDER BY id LIMIT {value}", [[0L], [2L]]),
        new("string value", "SELECT LIST FROM samples WHERE GUARD ORDER BY id LIMIT {value}", [["1"], ["2"]]),
        new("int value", "SELECT LIST FROM samples WHERE seen_at > timestamptz '2024-03-05' - interval '{value} days' AND GUARD ORDER BY id", [[1], [10], [100000]]),
        new("string value", "SELECT LIST FROM samples WHERE seen_at > timestamptz '2024-03-05' - '{value}'::interval AND GUARD ORDER BY id", [["10 days"], ["P1Y"], ["1 mon"]]),
        new("string value", "SELECT LIST FROM samples WHERE day = DATE '{value}' AND GUARD ORDER BY id", [["2024-02-29"], ["infinity"]]),
        new("string value", "SELECT LIST FROM samples WHERE seen_at = timestamptz '{value}' AND GUARD ORDER BY id", [["2024-02-29 12:00:00+00"], ["-infinity"]]),
        new("int value", "SELECT LIST FROM samples WHERE doc @> '[[\\\"a\\\": {value}]]' AND GUARD ORDER BY id", Numbers),
        new("string value", "SELECT LIST FROM samples WHERE doc @> '{value}' AND GUARD ORDER BY id", [["[]"], ["null"], ["[\"it's\"]"]]),
        new("string value", "SELECT LIST FROM samples WHERE doc ->> 'a' = '{value}' AND GUARD ORDER BY id", [["1"], .. Words]),
        new("string value", "SELECT LIST FROM samples WHERE doc ? '{value}' AND GUARD ORDER BY id", [["a"], .. Words]),
        new("int value", "SELECT LIST FROM samples WHERE marks @> '[[{value}]]' AND GUARD ORDER BY id", Numbers),
        new("string value", "SELECT LIST FROM samples WHERE '{value}' = ANY(tags) AND GUARD ORDER BY id", [["a"], ["it's"], .. Words]),
        new("string value", "UPDATE samples SET tags = tags || '[[a]]', name = coalesce('{value}', name) || '{value}' WHERE id = 1 AND GUARD RETURNING LIST", Words),

        new("string value", "UPDATE samples SET tags = tags || '{value}' WHERE id = 1 AND GUARD RETURNING LIST", [["{c}"], ["{it's}"], ["c"]]),
        new("string value", "UPDATE samples SET doc = doc || '{value}' WHERE id = 1 AND GUARD RETURNING LIST", [["[]"], ["{\"c\": \"'\"}"], ["c"]]),
        new("string value", "SELECT LIST FROM samples WHERE name || '{value}' = 'alpha' || '{value}' AND GUARD ORDER BY id", Words),
        new("string value", "SELECT LIST FROM samples WHERE qty || '{value}' <> '1' AND GUARD ORDER BY id", Words),
        new("string value", "SELECT LIST FROM samples WHERE name ~ '{value}' AND GUARD ORDER BY id", [["^al"], ["'"], ["("]]),
        new("string value", "SELECT LIST FROM samples WHERE to_tsvector('simple', name) @@ '{value}' AND GUARD ORDER BY id", [["alpha"], ["alpha | quoted"], ["a b"]]),
        new("string value", "SELECT LIST FROM samples WHERE day BETWEEN '{value}' AND '{value}' AND GUARD ORDER BY id", [["2024-02-29"], ["infinity"]]),
        new("string value", "SELECT LIST FROM samples WHERE coalesce(name, '{value}') = '{value}' AND GUARD ORDER BY id", Words),
        new("string value", "SELECT LIST FROM samples WHERE (name, label) = ('{value}', '{value}') AND GUARD ORDER BY id", Words),
        new("string value", "UPDATE samples SET mood = CASE WHEN name = '{value}' THEN 'happy'::mood ELSE mood END WHERE GUARD RETURNING LIST", Words),

        // Lists.
        new("int[] values", "SELECT LIST FROM samples WHERE qty IN ({string.Join(\",\", values)}) AND GUARD ORDER BY id", Lists),
        new("int[] values", "SELECT LIST FROM samples WHERE total NOT IN ({string.Join(\", \", values)}) AND GUARD ORDER BY id", Lists),
        new("IEnumerable<int> values", "SELECT LIST FROM samples WHERE price IN ({string.Join(\",\", values)}) AND GUARD ORDER BY id", Lists),
        new("IEnumerable<string> values", "SELECT LIST FROM samples WHERE name IN ('{string.Join(\"','\", values)}') AND GUARD ORDER BY id", WordLists),
        new("string[] values", "SELECT LIST FROM samples WHERE label NOT IN ('{string.Join(\"', '\", values)}') AND GUARD ORDER BY id", WordLists),
        new("string[] values", "SELECT LIST FROM samples WHERE code IN ('{string.Join(\"','\", values)}') AND GUARD ORDER BY id", [[new[] { "ab", "abcdefgh" }], [new[] { "ab   ", "ü" }], [new[] { "" }]]),
        new("string[] values", "SELECT LIST FROM samples WHERE mood IN ('{string.Join(\"','\", values)}') AND GUARD ORDER BY id", [[new[] { "happy", "so so" }], [new[] { "don't know" }]]),
        new("string[] values", "SELECT LIST FROM samples WHERE day IN ('{string.Join(\"','\", values)}') AND GUARD ORDER BY id", [[new[] { "2024-02-29", "infinity" }]]),
        new("string[] values", "SELECT LIST FROM samples WHERE price IN ('{string.Join(\"','\", values)}') AND GUARD ORDER BY id", [[new[] { "12.5", "12.5001" }], [new[] { "12.5001" }]]),
        new("Guid[] values", "SELECT LIST FROM samples WHERE key IN ({string.Join(\",\", values.Select(value => $\"'{value}'\"))}) AND GUARD ORDER BY id", Keys),
        new("Guid[] values", "DELETE FROM samples WHERE key IN ('{string.Join(\"','\", values)}') AND GUARD RETURNING LIST", Keys),

        // Several holes.
        new("string value, int number, Guid key", "SELECT LIST FROM samples WHERE (name = '{value}' OR qty = {number} OR key = '{key}') AND GUARD ORDER BY id",
            [["alpha", 7, Guid.Empty], ["", -1, Guid.Empty], ["O'Brien", 0, Guid.Empty], ["' OR true --", 5, Guid.Empty]]),
        new("string value", "SELECT LIST FROM samples WHERE (name = '{value}' OR label = '{value}' OR code = '{value}') AND GUARD ORDER BY id", [["ab"], ["abcdefgh"], .. Words]),
        new("string value", "SELECT LIST FROM samples WHERE (qty = '{value}' OR total = '{value}' OR price = '{value}' OR name = '{value}') AND GUARD ORDER BY id", [["1"], ["0"], ["7"]]),
        new("string value", "SELECT LIST FROM samples WHERE (doc = '{value}' OR name = '{value}') AND GUARD ORDER BY id", [["[]"], ["null"], ["\"\""]]),
        new("string value", "UPDATE samples SET name = '{value}', label = '{value}', tags = '[[{value}]]' WHERE GUARD AND id = 5 RETURNING LIST", [["a"], ["it's"], ["a,b"]]),
        new("int value", "UPDATE samples SET name = '{value}', qty = '{value}' WHERE id = {value} AND GUARD RETURNING LIST", Numbers),
        new("string value", "WITH found AS (SELECT * FROM samples WHERE name = '{value}') SELECT LIST FROM found WHERE label = '{value}' AND GUARD ORDER BY id", Words),
    ];

}
