using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>A query that asks the same each time moves in front of the loop.</summary>
public sealed class LoopInvariantQueryFixTests
{
    private static Task Fixes(string before, string after) => RoundTripFixTest.Fixes(new LoopInvariantQueryFixer(), before, after, title: LoopInvariantQueryFixer.Title);

    private static Task Refuses(string code) => RoundTripFixTest.Refuses(new LoopInvariantQueryFixer(), code);

    [Theory]
    [InlineData("(await db.QueryAsync<Line>(\"SELECT * FROM lines WHERE amount > @limit\", new { limit }, tx)).ToList()", "rate.Count")]
    [InlineData("db.QueryFirstOrDefault<Person>(\"SELECT * FROM users\")", "rate?.Name")]
    [InlineData("await db.ExecuteScalarAsync<decimal>(\"SELECT rate FROM rates WHERE id = 3\").ConfigureAwait(false)", "rate * order.Total")]
    [InlineData("await db.QuerySingleAsync<long>(\"SELECT count(*) FROM users\")", "rate")]
    [InlineData("await db.QuerySingleAsync<decimal?>(\"SELECT max(price) FROM users\")", "rate")]
    public Task A_declaration(string query, string use) => Fixes(
        $$"""
        foreach (var order in orders)
        {
            // today's
            var rate = {{query}}; // cached

            log.Add("" + ({{use}}) + order.Id);
        }

        return log;
        """,
        $$"""
        // today's
        var rate = {{query}}; // cached
        foreach (var order in orders)
        {
            log.Add("" + ({{use}}) + order.Id);
        }

        return log;
        """);

    [Fact]
    public Task A_loop_that_counts() => Fixes(
        """
        for (var i = 0; i < ids.Length; i++)
        {
            log.Add("" + ids[i]);
            var all = await db.QueryAsync<string>(
                "SELECT name FROM users",
                transaction: tx);
            log.AddRange(all);
        }

        return log;
        """,
        """
        var all = await db.QueryAsync<string>(
            "SELECT name FROM users",
            transaction: tx);
        for (var i = 0; i < ids.Length; i++)
        {
            log.Add("" + ids[i]);
            log.AddRange(all);
        }

        return log;
        """);

    [Fact]
    public Task A_command_that_is_there() => Fixes(
        """
        await using var command = new NpgsqlCommand("SELECT rate FROM rates", db);
        foreach (var order in orders)
        {
            var rate = (decimal?)await command.ExecuteScalarAsync(); log.Add("" + rate + order.Id);
        }

        return log;
        """,
        """
        await using var command = new NpgsqlCommand("SELECT rate FROM rates", db);
        var rate = (decimal?)await command.ExecuteScalarAsync();
        foreach (var order in orders)
        {
            log.Add("" + rate + order.Id);
        }

        return log;
        """);

    private static string Loop(string query, string use = "log.Add(\"\" + rate);") => $$"""
        foreach (var order in orders)
        {
            var rate = {{query}};
            {{use}}
        }

        return log;
        """;

    [Theory]
    [InlineData("await db.QuerySingleAsync<decimal>(\"SELECT rate FROM rates WHERE id = 3\")")]
    [InlineData("await db.QuerySingleOrDefaultAsync<decimal>(\"SELECT rate FROM rates WHERE id = 3\")")]
    [InlineData("await db.QuerySingleAsync<decimal>(\"SELECT max(rate) FROM rates\")")]
    [InlineData("(await db.QueryAsync<decimal>(\"SELECT rate FROM rates\")).First()")]
    [InlineData("await db.QueryFirstOrDefaultAsync<decimal>(\"SELECT rate FROM rates WHERE id = 3\")")]
    [InlineData("(await db.QueryFirstOrDefaultAsync<Person>(\"SELECT * FROM users\"))!.Name")]
    [InlineData("(decimal)(await new NpgsqlCommand(\"SELECT rate FROM rates\", db).ExecuteScalarAsync())!")]
    [InlineData("(await db.QueryAsync<Line>(\"SELECT * FROM lines\")).Where(line => line.OrderId == order.Id).ToList()")]
    public Task What_may_throw_or_depends(string query) => Refuses(Loop(query));

    [Theory]
    [InlineData("rate!.Visits++; log.Add(\"\" + rate.Visits);")]
    [InlineData("rate!.Name = \"x\";")]
    [InlineData("rate = null; log.Add(\"\" + rate);")]
    [InlineData("rate!.Visits += 2; log.Add(rate.Name);")]
    public Task A_result_that_changes(string use) => Refuses(Loop("db.QueryFirstOrDefault<Person>(\"SELECT * FROM users\")", use));

    [Fact]
    public Task A_list_that_grows() => Refuses(Loop("(await db.QueryAsync<string>(\"SELECT name FROM users\")).ToList()", "rate.Add(order.Code); log.AddRange(rate);"));

    [Fact]
    public Task A_query_inside_an_expression() => Refuses("""
        foreach (var order in orders)
        {
            log.Add("" + await db.ExecuteScalarAsync<int>("SELECT count(*) FROM users") + order.Id);
        }

        return log;
        """);
}
