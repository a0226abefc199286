namespace DbSafety.Postgres.Tests.Fixture;

/// <summary>Texts to paste or to pass, per column type: what worked before a fix, and what must be harmless after it.</summary>
internal static class Values
{
    /// <summary>The column of <c>samples</c> for each type, and texts without quotes that the type takes; hits and misses.</summary>
    public static IReadOnlyDictionary<string, (string Column, string[] Benign)> ByType { get; } = new Dictionary<string, (string, string[])>
    {
        ["uuid"] = ("key", ["00000000-0000-0000-0000-000000000001", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "{00000000000000000000000000000002}", "99999999-0000-0000-0000-000000000000"]),
        ["date"] = ("day", ["2024-02-29", "31 Dec 1999", "infinity", "1900-01-01"]),
        ["timestamptz"] = ("seen_at", ["2024-02-29 12:00:00+00", "2024-02-29 14:00:00+02", "2024-12-31T18:30:00Z", "-infinity", "1900-01-01"]),
        ["jsonb"] = ("doc", ["{\"b\": {}, \"a\": 1}", "{}", "null", "\"\"", "[1]"]),
        ["mood"] = ("mood", ["happy", "so so"]),
        ["numeric"] = ("price", ["12.5", "12.500", "-1e-3", "12.5001", "NaN", " 0 ", "3.14159"]),
        ["integer"] = ("qty", ["1", "-1", " 7 ", "2147483647", "42"]),
        ["bigint"] = ("total", ["10000000000", "0", "9223372036854775807", "42"]),
        ["text"] = ("name", ["alpha", "", "Grüße 漢字 🐘 50%_off", "Alpha", "alpha "]),
        ["varchar"] = ("label", ["alpha", "", "Grüße 漢字 🐘", "alpha "]),
        ["text[]"] = ("tags", ["{a,b}", "{ a , b }", "{\"\"}", "{NULL,\"{}\"}", "{}"]),
        ["uuid[]"] = ("keys", ["{00000000-0000-0000-0000-000000000001}", "{}"]),
        ["integer[]"] = ("marks", ["{1,2}", "{NULL}", "{}", "{9}"]),
        ["boolean"] = ("active", ["true", "f", "yes", "0"]),
        ["interval"] = ("lasting", ["1 day", "24:00:00", "P1M", "0", "-90 minutes"]),
        ["char"] = ("code", ["ab", "ab   ", "abcde", "ü", ""]),
        ["citext"] = ("email", ["Ann@Example.com", "ANN@EXAMPLE.COM", "nobody"]),
    };

    /// <summary>Texts with a quote that the type takes once the quote is doubled; pasted, each is a syntax error.</summary>
    public static IReadOnlyDictionary<string, string[]> WithQuote { get; } = new Dictionary<string, string[]>
    {
        ["jsonb"] = ["[\"it's\", null]", "{\"a\": \"'\"}"],
        ["mood"] = ["don't know"],
        ["text"] = ["O'Brien \"quoted\" \\ back", "'", "it's"],
        ["varchar"] = ["O'Brien", "'"],
        ["text[]"] = ["{\"it's\",\"x,y\"}", "{'}"],
        ["char"] = ["it's", "'"],
        ["citext"] = ["IT'S@example.com"],
    };

    /// <summary>Texts that take over the statement when pasted.</summary>
    public static IReadOnlyList<string> Hostile { get; } =
    [
        "x'; DROP TABLE samples; --",
        "' OR '1'='1",
        "' UNION SELECT 0 --",
        "\\'; DROP TABLE samples; --",
    ];

    /// <summary>Every text of a type: benign, quoted and hostile.</summary>
    public static IEnumerable<string> All(string type) => [.. ByType[type].Benign, .. WithQuote.GetValueOrDefault(type, []), .. Hostile];
}
