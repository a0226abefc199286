using DbSafety.Analyzers.Rules.Indexes;
using DbSafety.CodeFixes.Indexes;

namespace DbSafety.Postgres.Tests.Fixes.Indexes;

/// <summary>Conditions that no index serves, and what they find when they are written so that one does: the same rows for every value.</summary>
public sealed class ConditionFixTests(PostgresServer server)
{
    private const string Table = """
        CREATE TABLE posts (id int PRIMARY KEY, tags text[], labels varchar(20)[], numbers int[], large bigint[], keys uuid[], doc jsonb, seen timestamp);
        CREATE INDEX i_tags ON posts USING gin (tags);
        CREATE INDEX i_labels ON posts USING gin (labels);
        CREATE INDEX i_numbers ON posts USING gin (numbers);
        CREATE INDEX i_large ON posts USING gin (large);
        CREATE INDEX i_keys ON posts USING gin (keys);
        CREATE INDEX i_doc ON posts USING gin (doc);
        CREATE INDEX i_seen ON posts (seen);
        """;

    private const string Filled = """
        INSERT INTO posts VALUES
            (1, '{a,b}', '{a,b}', '{1,2}', '{1,9223372036854775807}', '{00000000-0000-0000-0000-000000000001}', '{"a": 1, "b": [1, 2]}', '2024-02-29 00:00:00'),
            (2, '{}', '{}', '{}', '{}', '{}', '{}', '2024-02-29 23:59:59.999999'),
            (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            (4, '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', 'null', '2024-03-01 00:00:00'),
            (5, '{NULL,"",a}', '{NULL,"",a}', '{NULL,-2147483648,1}', '{NULL,-1,1}', '{NULL,ffffffff-ffff-ffff-ffff-ffffffffffff}', '{"a": null}', '2024-02-28 23:59:59.999999'),
            (6, '{"{}","it''s","x,y","NULL"}', '{"{}","it''s","x,y","NULL"}', '{2147483647}', '{2147483648}', '{00000000-0000-0000-0000-000000000001}', '[{"a": 1}]', 'infinity'),
            (7, '{{a,b},{c,d}}', '{{a,b},{c,d}}', '{{1,2},{3,4}}', '{{1,2},{3,4}}', '{}', '"a"', '-infinity'),
            (8, '[0:1]={a,A}', '{Grüße}', '{0}', '{0}', '{}', '{"a": {"b": "x"}}', '0044-03-15 12:00:00 BC');
        """;

    private static readonly FixRunner Conditions = new()
    {
        Analyzers = [new IndexCannotServe(), new JsonFilterWithoutIndex()],
        Fixes = [new ConditionFixer()],
        AdditionalFiles = [("schema.sql", Table)],
    };

    private static string Snippet(string query, string parameters) => $$"""
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString{{(parameters.Length == 0 ? "" : ", " + parameters)}})
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                await connection.ExecuteAsync(@"{{(Table + Filled).Replace("\"", "\"\"", StringComparison.Ordinal)}}");
                return (await connection.QueryAsync<int>({{query}})).ToList();
            }
        }
        """;

    public static TheoryData<string, string, object?[]> Values => new()
    {
        { "tags", "string?", ["a", "b", "A", "", "it's", "x,y", "{}", "NULL", "c", "%", "Grüße", null] },
        { "labels", "string?", ["a", "", "Grüße", "NULL", "a longer text than the column's elements can hold", null] },
        { "numbers", "int?", [1, 2, 0, -1, int.MaxValue, int.MinValue, 3, null] },
        { "large", "int?", [1, 2, 0, -1, int.MaxValue, null] },
        { "large", "long?", [1L, long.MaxValue, 2147483648L, long.MinValue, null] },
        { "keys", "Guid?", [Guid.Empty, new Guid("00000000-0000-0000-0000-000000000001"), new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"), null] },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_in_an_array(string column, string type, object?[] values)
    {
        var (result, outcomes) = await Conditions.CompareAsync(
            server, Snippet($"\"SELECT id FROM posts WHERE @value = ANY({column}) ORDER BY id\", new {{ value }}", type + " value"), values.Select(value => new[] { value }));
        Assert.Contains(column + " @> ARRAY[@value]::", result.Source);
        Assert.All(outcomes, outcome => Assert.Equal((outcome.Before.Error, outcome.Before.ToString()), (null, outcome.After.ToString())));
        Assert.Contains(outcomes, outcome => outcome.After.Rows.Length > 0);
    }

    [Theory]
    [InlineData("jsonb_path_exists(doc, '$.a')", "doc @? '$.a'")]
    [InlineData("jsonb_path_exists(doc, '$.b[*] ? (@ > 1)')", "doc @? '$.b[*] ? (@ > 1)'")]
    [InlineData("jsonb_path_exists(doc, '$.a.b ? (@ == \\\"x\\\")')", "@?")]
    [InlineData("seen::date = '2024-02-29'", "seen >= DATE '2024-02-29' AND seen < DATE '2024-03-01'")]
    [InlineData("seen::date < '2024-02-29'", "seen < DATE '2024-02-29'")]
    [InlineData("seen::date <= '2024-02-29'", "seen < DATE '2024-03-01'")]
    [InlineData("date(seen) > '2024-02-29'", "seen >= DATE '2024-03-01'")]
    [InlineData("CAST(seen AS date) >= '2024-02-29'", "seen >= DATE '2024-02-29'")]
    public async Task Conditions_without_values(string condition, string written)
    {
        var (result, outcomes) = await Conditions.CompareAsync(server, Snippet($"\"SELECT id FROM posts WHERE {condition} ORDER BY id\"", ""), [[]]);
        Assert.Contains(written, result.Source);
        var (before, after) = Assert.Single(outcomes);
        Assert.Null(before.Error);
        Assert.NotEmpty(before.Rows);
        Assert.Equal(before.ToString(), after.ToString());
    }
}
