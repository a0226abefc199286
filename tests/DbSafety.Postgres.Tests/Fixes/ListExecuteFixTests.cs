using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Postgres.Tests.Fixes;

/// <summary>Execute with a list: as many statements as rows before, one after, and the same rows.</summary>
public sealed class ListExecuteFixTests(PostgresServer server)
{
    private static readonly FixRunner Lists = new() { Analyzers = [new ListExecute()], Fixes = [new ListExecuteFixer()] };

    // Runs the write, and gives what it returned and what is in the tables then.
    private static string Snippet(string setup, string write, string row = "int Id, string? Name") => $$"""
        public sealed record Row({{row}});
        public enum Level { Low = 1, High = 5 }

        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString, int[] ids)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                {{(setup.Length > 0 ? $"await connection.ExecuteAsync(\"{setup}\");" : "")}}
                {{write}}
                var all = new List<object?[]> { new object?[] { count } };
                foreach (IDictionary<string, object?> found in await connection.QueryAsync("SELECT * FROM written ORDER BY 1"))
                {
                    all.Add(found.Values.ToArray());
                }

                return all;
            }
        }
        """;

    private const string Table = "CREATE TABLE written (n serial, id int UNIQUE, name text)";

    private static readonly object?[][] Sets = [[Array.Empty<int>()], [new[] { 7 }], [new[] { 3, 1, 2 }], [Enumerable.Range(1, 50).ToArray()]];

    public static TheoryData<string, string, string> Inserts => new()
    {
        { Table, "int Id, string? Name", """var rows = ids.Select(id => new Row(id, id % 2 == 0 ? null : "it's " + id)).ToList(); var count = await connection.ExecuteAsync("INSERT INTO written (id, name) VALUES (@Id, @Name)", rows);""" },
        { Table, "int Id, string? Name", """var count = await connection.ExecuteAsync("INSERT INTO written (name, id) VALUES (@Name, @Id)", ids.Select(id => new Row(id, "x")));""" },
        { Table, "int Id", """var count = connection.Execute("INSERT INTO written (id, name) VALUES (@id, 'same')", ids.Select(id => new Row(id)).ToArray());""" },
        { Table, "int Id, string Name", """var count = await connection.ExecuteAsync("INSERT INTO written VALUES (@Id, @Id, @Name)", ids.Select(id => new Row(id, "")).ToList());""" },
        { Table, "int Id, string Name", """var count = await connection.ExecuteAsync("INSERT INTO written (id, name) VALUES (@Id, @Name::varchar(3)) ON CONFLICT DO NOTHING", ids.Concat(ids).Select(id => new Row(id, "abcdef")).ToList());""" },
        { "CREATE TABLE written (id int, big bigint, price numeric(9, 2), ok boolean, at timestamptz, day date, key uuid, level int, next smallint, took interval)",
          "int Id, short? Big, decimal Price, bool Ok, DateTimeOffset At, DateOnly? Day, Guid Key, Level Level, Level? Next, TimeSpan Took",
          """
          var rows = ids.Select(id => new Row(id, id % 2 == 0 ? null : (short)id, id / 3m, id % 3 == 0, new DateTimeOffset(2024, 1, 1, id % 24, 0, 0, TimeSpan.Zero), id % 2 == 0 ? null : new DateOnly(2024, 1, 1).AddDays(id), new Guid(id, 0, 0, new byte[8]), Level.High, id % 2 == 0 ? null : Level.Low, TimeSpan.FromMinutes(id))).ToList();
          var count = await connection.ExecuteAsync("INSERT INTO written VALUES (@Id, @Big, @Price, @Ok, @At, @Day, @Key, @Level, @Next, @Took)", rows);
          """ },
        { "CREATE TABLE written (id int, doc jsonb, mood mood, added timestamptz, fixed jsonb)", "int Id, string Doc, string? Mood",
          """
          var rows = ids.Select(id => new Row(id, "{\"a\": " + id + "}", id % 2 == 0 ? null : "don't know")).ToList();
          var count = await connection.ExecuteAsync("INSERT INTO written VALUES (@Id, @Doc::jsonb, @Mood::mood, '2024-01-01', '[]')", rows);
          """ },
    };

    [Theory]
    [MemberData(nameof(Inserts))]
    public async Task Many_inserts_become_one(string setup, string row, string write) =>
        await SameAsync(Snippet(setup, write, row), "INSERT", write.Contains("Concat", StringComparison.Ordinal) ? 2 : 1);

    [Fact]
    public async Task Many_deletes_become_one() => await SameAsync(
        Snippet(
            "CREATE TABLE written AS SELECT id, id % 5 AS other FROM generate_series(1, 20) AS s(id)",
            """var count = await connection.ExecuteAsync("DELETE FROM written WHERE id = @Id", ids.Concat(ids).Concat(new[] { 99 }).Where(id => ids.Length > 0).Select(id => new { Id = id }));"""),
        "DELETE", 2, more: 1);

    private async Task SameAsync(string source, string verb, int times, int more = 0)
    {
        var (_, runs) = await Lists.CompareStatementsAsync(server, source, Sets);
        Assert.Equal(Sets.Length, runs.Length);
        for (var i = 0; i < Sets.Length; i++)
        {
            var count = ((int[])Sets[i][0]!).Length;
            Assert.Null(runs[i].Before.Outcome.Error);
            Assert.Equal(runs[i].Before.Outcome.ToString(), runs[i].After.Outcome.ToString());
            Assert.Equal(count == 0 ? 0 : (count * times) + more, runs[i].Before.Count(verb));
            Assert.Equal(1, runs[i].After.Count(verb));
        }
    }

    /// <summary>A sequence that gives other values each time it is read: it is read once, as before.</summary>
    [Fact]
    public async Task A_lazy_sequence_is_read_once()
    {
        var source = Snippet(
            Table,
            """
            var reads = 0;
            IEnumerable<Row> Next() { reads++; foreach (var id in ids) { yield return new Row(id, "read " + reads); } }
            var count = await connection.ExecuteAsync("INSERT INTO written (id, name) VALUES (@Id, @Name)", Next());
            """);
        var (_, runs) = await Lists.CompareStatementsAsync(server, source, [[new[] { 1, 2 }]]);
        Assert.Equal("(Int32 2)\n(Int32 1, Int32 1, 'read 1')\n(Int32 2, Int32 2, 'read 1')", runs[0].Before.Outcome.ToString());
        Assert.Equal(runs[0].Before.Outcome.ToString(), runs[0].After.Outcome.ToString());
    }

    /// <summary>What the title says: all or none.</summary>
    [Fact]
    public async Task A_row_that_fails_takes_the_others_with_it()
    {
        var source = Snippet(
            Table,
            """
            var rows = ids.Select(id => new Row(id, "x")).ToList();
            var count = 0;
            try { count = await connection.ExecuteAsync("INSERT INTO written (id, name) VALUES (@Id, @Name)", rows); }
            catch (PostgresException e) when (e.SqlState == "23505") { count = -1; }
            """);
        var (_, outcomes) = await Lists.CompareAsync(server, source, [[new[] { 1, 2, 2, 3 }]]);
        Assert.Equal("(Int32 -1)\n(Int32 1, Int32 1, 'x')\n(Int32 2, Int32 2, 'x')", outcomes[0].Before.ToString());
        Assert.Equal("(Int32 -1)", outcomes[0].After.ToString());
    }

    /// <summary>The one difference that the title names: DateTimes of several kinds in one array.</summary>
    [Fact]
    public async Task DateTimes_must_be_of_one_kind()
    {
        var source = Snippet(
            "CREATE TABLE written (id int, at timestamptz)",
            """
            var kinds = ids.Select(id => new Row(id, new DateTime(2024, 1, 2, 3, 4, 5, (DateTimeKind)(id / 10)))).ToList();
            var count = await connection.ExecuteAsync("INSERT INTO written VALUES (@Id, @At)", kinds);
            """,
            "int Id, DateTime At");
        var (result, runs) = await Lists.CompareStatementsAsync(server, source, [[new[] { 1, 2 }], [new[] { 11, 12 }], [new[] { 21, 22 }], [Array.Empty<int>()], [new[] { 1, 11 }]]);
        Assert.Contains("one kind", result.Applied[0].Title);
        Assert.All(runs, run => Assert.Null(run.Before.Outcome.Error));
        Assert.All(runs[..4], run => Assert.Equal(run.Before.Outcome.ToString(), run.After.Outcome.ToString()));
        Assert.Equal("ArgumentException", runs[4].After.Outcome.Error);
    }

    /// <summary>Why bytes and characters get no offer: together they are one value.</summary>
    [Theory]
    [InlineData("byte", "smallint")]
    [InlineData("char", "text")]
    public async Task Some_values_make_no_array(string type, string column)
    {
        var source = Snippet(
            $"CREATE TABLE written (id {column})",
            $$"""var count = await connection.ExecuteAsync("INSERT INTO written VALUES (@Id)", ids.Select(id => new Row(({{type}})(id + 48))).ToList());""",
            $"{type} Id");
        Assert.Empty(await Lists.OffersAsync(source));
        Assert.Single(await Lists.DiagnoseAsync(source));
        await using var database = await server.CreateDatabaseAsync();
        Assert.Null((await FixRunner.RunAsync(source, database.ConnectionString, new[] { 1 })).Error);
        object array = type == "byte" ? new byte[] { 49 } : new[] { '1' };
        Assert.Equal("42883", (await database.Npgsql("INSERT INTO written SELECT * FROM unnest(@Id)", ("Id", array))).Error);
    }
}
