using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>A loop that does nothing but write becomes one statement.</summary>
public sealed class WriteInLoopFixTests
{
    private static Task Fixes(string before, string after) =>
        RoundTripFixTest.Fixes(new WriteInLoopFixer(), before, after, title: WriteInLoopFixer.Title, configure: test => test.CodeFixTestBehaviors |= Microsoft.CodeAnalysis.Testing.CodeFixTestBehaviors.SkipFixAllCheck);

    private static Task Refuses(string code) => RoundTripFixTest.Refuses(new WriteInLoopFixer(), code);

    [Fact]
    public Task An_insert_of_all_that_is_given() => Fixes(
        """
        // all of them
        foreach (var order in orders)
        {
            await db.ExecuteAsync("INSERT INTO orders (id, total) VALUES (@id, @Total)", new { id = order.Id, order.Total }, tx);
        }

        return log;
        """,
        """
        // all of them
        await db.ExecuteAsync("INSERT INTO orders (id, total) SELECT * FROM unnest(@ids, @totals)", new { ids = orders.Select(order => order.Id).ToArray(), totals = orders.Select(order => order.Total).ToArray() }, tx);

        return log;
        """);

    [Fact]
    public Task An_insert_of_the_element() => Fixes(
        """
        foreach (var order in lazy)
            db.Execute("INSERT INTO orders (id, code) VALUES (@Id, @Code) ON CONFLICT DO NOTHING", order);
        return log;
        """,
        """
        var orders2 = lazy.ToList();
        db.Execute("INSERT INTO orders (id, code) SELECT * FROM unnest(@ids, @codes) ON CONFLICT DO NOTHING", new { ids = orders2.Select(order => order.Id).ToArray(), codes = orders2.Select(order => order.Code).ToArray() });
        return log;
        """);

    [Fact]
    public Task An_insert_with_constants_and_casts() => Fixes(
        """
        foreach (var name in names)
        {
            var text = name;
            await db.ExecuteAsync(new CommandDefinition("INSERT INTO notes VALUES (now(), @limit, @name::jsonb, 'x')", new { limit, name = text }, cancellationToken: ct));
        }

        return log;
        """,
        """
        await db.ExecuteAsync(new CommandDefinition("INSERT INTO notes SELECT now(), @limit, item.name::jsonb, 'x' FROM unnest(@names) AS item(name)", new { limit, names }, cancellationToken: ct));

        return log;
        """);

    [Theory]
    [InlineData("DELETE FROM users WHERE id = @id", "DELETE FROM users WHERE id = ANY(@ids)")]
    [InlineData("UPDATE users SET active = false, seen = now(), kind = 'x'::kind WHERE id = @id AND active", "UPDATE users SET active = false, seen = now(), kind = 'x'::kind WHERE id = ANY(@ids) AND active")]
    public Task Rows_found_by_a_key(string before, string after) => Fixes(
        $$"""
        foreach (var order in orders.Where(o => o.Total > 0))
        {
            await db.ExecuteAsync("{{before}}", new { id = order.UserId }).ConfigureAwait(false);
        }

        return log;
        """,
        $$"""
        await db.ExecuteAsync("{{after}}", new { ids = orders.Where(o => o.Total > 0).Select(order => order.UserId).ToArray() }).ConfigureAwait(false);

        return log;
        """);

    private static string Loop(string sql, string values = "new { id = order.Id, order.Total }") => $$"""
        foreach (var order in orders)
        {
            await db.ExecuteAsync("{{sql}}", {{values}});
        }

        return log;
        """;

    [Theory]
    [InlineData("INSERT INTO orders (id, total) VALUES (@id, @Total) ON CONFLICT (id) DO UPDATE SET total = excluded.total")]
    [InlineData("INSERT INTO orders (id, total) VALUES (@id, @Total) RETURNING id")]
    [InlineData("INSERT INTO orders (id, total) VALUES (@id, @Total), (1, 2)")]
    [InlineData("INSERT INTO orders (id, total, at) VALUES (@id, @Total, DEFAULT)")]
    [InlineData("INSERT INTO orders (id, total) VALUES (@id, @Total + 1)")]
    [InlineData("INSERT INTO orders (id, total) VALUES (@id, (SELECT count(*) FROM orders WHERE id < @Total))")]
    [InlineData("INSERT INTO orders (id, total) SELECT @id, @Total")]
    [InlineData("DELETE FROM orders WHERE id = @id AND total = @Total")]
    [InlineData("UPDATE orders SET total = @Total WHERE id = @id")]
    public Task Other_statements(string sql) => Refuses(Loop(sql));

    [Theory]
    [InlineData("DELETE FROM orders WHERE id > @id")]
    [InlineData("DELETE FROM orders WHERE id = @id RETURNING id")]
    [InlineData("DELETE FROM orders USING users WHERE orders.id = @id")]
    [InlineData("DELETE FROM orders WHERE id = @id AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.parent = orders.id)")]
    [InlineData("UPDATE orders SET total = total + 1 WHERE id = @id")]
    public Task Other_statements_with_a_key(string sql) => Refuses(Loop(sql, "new { id = order.Id }"));

    [Theory]
    [InlineData("new { order = order.Id }", "INSERT INTO orders VALUES (now(), @order)")]
    [InlineData("new { at = order.At }", "INSERT INTO orders VALUES (@at)")]
    [InlineData("new { status = order.Status }", "INSERT INTO orders VALUES (@status)")]
    [InlineData("new { next = Guid.NewGuid(), id = order.Id }", "INSERT INTO orders VALUES (@id, @next)")]
    public Task Other_values(string values, string sql) => Refuses(Loop(sql, values));

    [Theory]
    [InlineData("await db.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id = order.Id }); log.Add(order.Code);")]
    [InlineData("if (order.Total > 0) await db.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id = order.Id });")]
    [InlineData("limit += await db.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id = order.Id });")]
    [InlineData("var at = order.Next; await db.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id = int.Parse(order.Code) });")]
    [InlineData("/* one by one */ await db.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id = order.Id });")]
    public Task A_loop_that_does_more(string body) => Refuses($$"""
        foreach (var order in orders)
        {
            {{body}}
        }

        return log;
        """);
}
