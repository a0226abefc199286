namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>A loop of writes and the one statement in its place leave the same rows, in the same order.</summary>
public sealed class WriteTests(PostgresServer server)
{
    private static readonly object?[][] Unique = [[new[] { 3, 1, 2, 9 }], [Array.Empty<int>()]];

    private Task<string> Same(string call, string source = "items", object?[][]? keys = null) =>
        LoopSnippet.SameAsync(server, LoopSnippet.Writes, $"foreach (var item in {source})\n{{\n    {call};\n}}", "/* done */", keys => keys.Length, keys);

    [Fact]
    public async Task Inserts()
    {
        await Same("""await connection.ExecuteAsync("INSERT INTO notes (id, body, price, flag, ref) /* done */ VALUES (@Key, @Text, @Price, @Flag, @Ref)", item)""", keys: Unique);
        await Same("""await connection.ExecuteAsync("INSERT INTO notes (id, body, price, flag, ref) /* done */ VALUES (@key, @text, @price, @flag, @Ref)", new { key = item.Key, text = item.Text, price = item.Price, flag = item.Flag, item.Ref })""", keys: Unique);
    }

    [Fact]
    public async Task Inserts_with_constants_casts_and_null() =>
        await Same("""connection.Execute("INSERT INTO notes (body, doc, at, price, id) /* done */ VALUES ('x', @text::jsonb, now(), @flat, @other)", new { text = "{}", flat = 3, other = item.Other })""", keys: Unique);

    [Fact]
    public async Task Inserts_that_skip_duplicates() =>
        await Same("""await connection.ExecuteAsync("INSERT INTO notes (id, body) /* done */ VALUES (@Key, @Text) ON CONFLICT DO NOTHING", item)""", "Lazy(items)");

    [Fact]
    public async Task Deletes_and_updates()
    {
        await Same("""await connection.ExecuteAsync("DELETE FROM people /* done */ WHERE id = @id AND team = 7", new { id = item.Key })""");
        await Same("""await connection.ExecuteAsync("DELETE FROM people /* done */ WHERE team = @id", new { id = item.Other })""", "Lazy(items)", [[new[] { 7, 2, 7 }]]);
        await Same("""connection.Execute("DELETE FROM people /* done */ WHERE mail = @mail", new { mail = item.Text })""");
        await Same("""connection.Execute("UPDATE people /* done */ SET team = 99, name = @name WHERE id = @id", new { name = "new", id = item.Key })""");
    }

    [Fact]
    public async Task What_one_statement_makes_of_a_failure_is_said_in_the_title()
    {
        var source = LoopSnippet.Of("""
            try
            {
                foreach (var item in items)
                {
                    await connection.ExecuteAsync("INSERT INTO notes (id) VALUES (@Key)", item);
                }
            }
            catch (PostgresException e)
            {
                result.Add(e.SqlState);
            }
            """);
        var (result, runs) = await LoopSnippet.Writes.CompareAsync(server, source, [[new[] { 1, 2, 1, 3 }]]);
        Assert.Contains("all or none", Assert.Single(result.Applied).Title);
        Assert.Contains("'1|1|", runs[0].Before.ToString());
        Assert.Contains("'23505'", runs[0].Before.ToString());
        Assert.Contains("'23505'", runs[0].After.ToString());
        Assert.DoesNotContain("'1|1|", runs[0].After.ToString());
    }
}
