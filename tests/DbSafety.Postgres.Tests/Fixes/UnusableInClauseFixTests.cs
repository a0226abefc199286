using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Postgres.Tests.Fixes;

/// <summary>Lists that fail at run time, and what they find after the fix.</summary>
public sealed class UnusableInClauseFixTests(PostgresServer server)
{
    private static readonly FixRunner Lists = new()
    {
        Analyzers = [new UnusableInClause()],
        Fixes = [new UnusableInClauseFixer()],
        AdditionalFiles = [("schema.sql", Schema.Sql)],
    };

    private static string Snippet(string body, string type) => $$"""
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString, {{type}} ids)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                {{body}}
            }
        }
        """;

    // No element, one, many with one twice and one that is nowhere.
    private static readonly int[][] Sets = [[], [2], [1, 99, 3, 3]];

    public static TheoryData<string, string, string> Shapes => new()
    {
        { "42601", "int[]", """return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id IN @ids ORDER BY id", new { ids })).ToList();""" },
        { "42601", "List<int>", """return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id IN @ids ORDER BY id", new { ids })).ToList();""" },
        { "42883", "List<int>", """return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id IN (@ids) ORDER BY id", new { ids })).ToList();""" },
        { "InvalidCastException", "HashSet<int>", """return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id IN @ids ORDER BY id", new { ids })).ToList();""" },
        { "InvalidCastException", "IEnumerable<int>", """return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id IN (@ids) ORDER BY id", new { ids })).ToList();""" },
        { "InvalidCastException", "HashSet<int>", """return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id = ANY(@ids) ORDER BY id", new { ids })).ToList();""" },
        { "InvalidCastException", "HashSet<int>", """return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id = ANY(@ids) ORDER BY id", new { ids = ids.Select(id => id) })).ToList();""" },
        { "42601", "int[]", """var bag = new DynamicParameters(); bag.Add("ids", ids); return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id IN @ids ORDER BY id", bag)).ToList();""" },
        { "42883", "int[]", """await using var command = new NpgsqlCommand("SELECT id FROM samples WHERE id IN (@ids) ORDER BY id", connection); command.Parameters.AddWithValue("ids", ids); return await Rows.ReadAsync(command);""" },
        { "InvalidCastException", "HashSet<int>", """await using var command = new NpgsqlCommand("SELECT id FROM samples WHERE id = ANY(@ids) ORDER BY id", connection) { Parameters = { new("ids", ids) } }; return await Rows.ReadAsync(command);""" },
        { "42883", "List<int>", """await using var command = new NpgsqlCommand("SELECT id FROM samples WHERE id < $1 AND id IN ($2) ORDER BY id", connection) { Parameters = { new() { Value = 1000 }, new() { Value = ids } } }; return await Rows.ReadAsync(command);""" },
        { "42883", "List<int>", """await using var context = new SamplesContext(connectionString); return await context.Database.SqlQueryRaw<int>("SELECT id AS \"Value\" FROM samples WHERE id IN ({0}) ORDER BY id", ids).ToListAsync();""" },
        { "42601", "HashSet<int>", """await using var context = new SamplesContext(connectionString); return await context.Database.SqlQuery<int>($"SELECT id AS \"Value\" FROM samples WHERE id IN {ids} ORDER BY id").ToListAsync();""" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_list_fails_before_and_finds_its_rows_after(string error, string type, string body)
    {
        var (_, outcomes) = await Lists.CompareAsync(server, Snippet(body, type), Sets.Select(set => new object?[] { As(type, set) }));
        Assert.Equal(Sets.Length, outcomes.Length);
        for (var i = 0; i < Sets.Length; i++)
        {
            // An iterator over an empty set may be the empty array itself.
            if (Sets[i].Length > 0)
            {
                Assert.Equal(error, outcomes[i].Before.Error);
            }

            var expected = Enumerable.Range(1, 6).Where(id => Sets[i].Contains(id)).Cast<object?>().ToArray();
            Assert.Equal(expected.Length == 0 ? "no rows" : Outcome.Column(expected), outcomes[i].After.ToString());
        }
    }

    [Fact]
    public async Task NOT_IN_becomes_ALL()
    {
        var (result, outcomes) = await Lists.CompareAsync(
            server,
            Snippet("""return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id NOT IN @ids ORDER BY id", new { ids })).ToList();""", "int[]"),
            [[Array.Empty<int>()], [new[] { 1, 2, 2 }]]);
        Assert.Contains("<> ALL(@ids)", result.Source);
        Assert.All(outcomes, outcome => Assert.Equal("42601", outcome.Before.Error));
        Assert.Equal(Outcome.Column(1, 2, 3, 4, 5, 6), outcomes[0].After.ToString());
        Assert.Equal(Outcome.Column(3, 4, 5, 6), outcomes[1].After.ToString());
    }

    /// <summary>As with IN: null equals nothing, and with it nothing is outside of the list.</summary>
    [Fact]
    public async Task Null_means_what_it_means_in_IN()
    {
        var ids = new int?[] { 1, null };
        foreach (var (sql, values) in new[] { ("id IN (@ids)", "id IN (1, NULL)"), ("id NOT IN (@ids)", "id NOT IN (1, NULL)"), ("qty IN (@ids)", "qty IN (1, NULL)") })
        {
            var (_, outcomes) = await Lists.CompareAsync(
                server,
                Snippet($$"""return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE {{sql}} ORDER BY id", new { ids })).ToList();""", "int?[]"),
                [[ids], [null]]);
            await using var database = await server.CreateDatabaseAsync();
            Assert.Equal((await database.Npgsql($"SELECT id FROM samples WHERE {values} ORDER BY id")).ToString(), outcomes[0].After.ToString());
            Assert.Equal("no rows", outcomes[1].Before.ToString());
            Assert.Equal("no rows", outcomes[1].After.ToString());
        }
    }

    [Fact]
    public async Task A_null_sequence_stays_null()
    {
        var (result, outcomes) = await Lists.CompareAsync(
            server,
            Snippet("""return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id IN (@ids)", new { ids })).ToList();""", "HashSet<int>?"),
            [[null], [new HashSet<int> { 1 }]]);
        Assert.Contains("ids?.ToArray()", result.Source);
        Assert.Equal("no rows", outcomes[0].Before.ToString());
        Assert.Equal("no rows", outcomes[0].After.ToString());
        Assert.Equal(Outcome.Column(1), outcomes[1].After.ToString());
    }

    /// <summary>Texts go to columns of other types by the cast that the schema tells.</summary>
    [Theory]
    [InlineData("key", "00000000-0000-0000-0000-000000000001")]
    [InlineData("mood", "happy")]
    [InlineData("day", "2024-02-29")]
    [InlineData("name", "alpha")]
    [InlineData("code", "ab")]
    [InlineData("price", "12.5")]
    public async Task Texts_are_cast_to_the_type_of_the_column(string column, string value)
    {
        var (_, outcomes) = await Lists.CompareAsync(
            server,
            Snippet($$"""return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE {{column}} IN @ids AND id < 3 ORDER BY id", new { ids })).ToList();""", "string[]"),
            [[new[] { value, value }], [Array.Empty<string>()]]);
        Assert.Equal("42601", outcomes[0].Before.Error);
        Assert.Equal(Outcome.Column(1), outcomes[0].After.ToString());
        Assert.Equal("no rows", outcomes[1].After.ToString());
    }

    private static object As(string type, int[] ids) => type switch
    {
        "int[]" => ids,
        "HashSet<int>" => ids.ToHashSet(),
        "IEnumerable<int>" => ids.Where(id => id > int.MinValue),
        _ => ids.ToList(),
    };
}
