using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>A loop, before and after its fix, on the server: the same results, with one statement.</summary>
internal static class LoopSnippet
{
    public static readonly FixRunner Queries = new()
    {
        Analyzers = [new QueryInLoop()], Fixes = [new QueryInLoopFixer()],
        AdditionalFiles = [("schema.sql", "CREATE TABLE people (id int, name text NOT NULL, team int, mail varchar(20), score numeric, ref uuid);")],
    };

    public static readonly FixRunner Writes = new() { Analyzers = [new WriteInLoop()], Fixes = [new WriteInLoopFixer()] };

    public static readonly FixRunner Invariants = new() { Analyzers = [new LoopInvariantQuery()], Fixes = [new LoopInvariantQueryFixer()] };

    // The id is not unique, the team may be NULL, and not every key has a row.
    private const string Tables = """
        CREATE TABLE people (id int, name text NOT NULL, team int, mail varchar(20), score numeric, ref uuid);
        INSERT INTO people VALUES
            (1, 'Ann', 7, 'ann@x', 1.5, '00000000-0000-0000-0000-000000000001'), (2, 'Bob', 7, 'BOB@x', NULL, '00000000-0000-0000-0000-000000000002'),
            (3, 'Cid', NULL, NULL, 3, NULL), (5, 'Eve', 8, 'eve@x', 5, '00000000-0000-0000-0000-000000000005'), (5, 'Eva', 8, 'eva@x', 6, NULL);
        CREATE TABLE notes (no serial, id int, body varchar(40), price numeric, doc jsonb, at timestamptz, flag boolean, ref uuid, UNIQUE (id));
        """;

    /// <summary>A snippet whose method takes keys; <c>source</c> is a sequence that counts how often it is gone through.</summary>
    public static string Of(string body) => $$""""
        public class Person { public int Id { get; set; } public string Name { get; set; } = ""; public int? Team { get; set; } public string? Mail { get; set; } }
        public record Member(int Id, string Name);
        public class Item { public int Key { get; set; } public int? Other { get; set; } public string Text { get; set; } = ""; public Guid Ref { get; set; } public decimal Price { get; set; } public bool Flag { get; set; } }

        public static class Snippet
        {
            private static int passes;

            public static async Task<object?> Run(string connectionString, int[] keys)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                await using (var setup = new NpgsqlCommand("""
        {{Tables}}
        """, connection)) { await setup.ExecuteNonQueryAsync(); }
                var items = keys.Select(key => new Item
                {
                    Key = key, Other = key % 2 == 0 ? null : key, Text = key == 2 ? "BOB@x" : "Ann", Ref = new Guid("00000000-0000-0000-0000-00000000000" + key % 10), Price = key * 1.25m, Flag = key > 2,
                }).ToList();
                var result = new List<object?>();
                passes = 0;
                try
                {
                    {{body.Replace("\n", "\n            ")}}
                }
                catch (InvalidOperationException e)
                {
                    result.Add(e.GetType().Name);
                }
                catch (DataException)
                {
                    // NULL where no value may be NULL: an error before and after, of another type.
                    result.Add(nameof(InvalidOperationException));
                }

                result.Add("passes " + passes);
                foreach (var note in connection.Query("SELECT no, id, body, price, doc::text AS doc, at IS NULL AS at, flag, ref FROM notes ORDER BY no"))
                {
                    result.Add(string.Join("|", ((IDictionary<string, object?>)note).Values));
                }

                foreach (var person in connection.Query("SELECT id, name, team FROM people ORDER BY id, name"))
                {
                    result.Add(string.Join("|", ((IDictionary<string, object?>)person).Values));
                }

                return result;
            }

            private static IEnumerable<Item> Lazy(List<Item> items)
            {
                passes++;
                foreach (var item in items)
                {
                    yield return item;
                }
            }
        }
        """";

    /// <summary>Keys with duplicates and misses, one that is not unique, none at all.</summary>
    public static readonly object?[][] Keys = [[new[] { 1, 2, 1, 3, 9 }], [new[] { 1, 5, 5, 2 }], [Array.Empty<int>()]];

    /// <summary>Fixes a body and runs it with all keys; what comes of it is the same.</summary>
    /// <param name="server">The server.</param>
    /// <param name="runner">The fix.</param>
    /// <param name="body">The statements.</param>
    /// <param name="marker">A text that only the repeated statement holds.</param>
    /// <param name="before">How often it runs before, by the number of the keys.</param>
    public static async Task<string> SameAsync(PostgresServer server, FixRunner runner, string body, string marker, Func<int[], int>? before = null, object?[][]? keys = null)
    {
        keys ??= Keys;
        var (result, runs) = await runner.CompareStatementsAsync(server, Of(body), keys);
        Assert.Equal(keys.Length, runs.Length);
        for (var i = 0; i < runs.Length; i++)
        {
            Assert.Null(runs[i].Before.Outcome.Error);
            Assert.Equal(runs[i].Before.Outcome.ToString(), runs[i].After.Outcome.ToString());
            Assert.Equal(1, runs[i].After.Count(marker));
            if (before is not null)
            {
                Assert.Equal(before((int[])keys[i][0]!), runs[i].Before.Count(marker));
            }
        }

        return result.Source;
    }
}
