namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>Queries per element and the lookup in their place answer alike: duplicates, misses, keys that are not unique, nothing at all.</summary>
public sealed class LookupTests(PostgresServer server)
{
    private Task<string> Same(string body, Func<int[], int>? before = null, object?[][]? keys = null) =>
        LoopSnippet.SameAsync(server, LoopSnippet.Queries, body, "/* asked */", before, keys);

    private static string Loop(string query, string use, string source = "items") => $$"""
        foreach (var item in {{source}})
        {
            var found = {{query}};
            result.Add({{use}});
        }
        """;

    [Theory]
    [InlineData("QuerySingleOrDefault", "found?.Name")]
    [InlineData("QuerySingle", "found.Name")]
    [InlineData("QueryFirstOrDefault", "found?.Name")]
    [InlineData("QueryFirst", "found.Name")]
    [InlineData("Query", "string.Join(\",\", found.Select(row => row.Name))")]
    public async Task Rows(string method, string use)
    {
        const string Sql = "SELECT id, name, team, mail FROM people /* asked */ WHERE id = @id ORDER BY name DESC";
        await Same(Loop($$"""await connection.{{method}}Async<Person>("{{Sql}}", new { id = item.Key })""", use));
        await Same(Loop($$"""connection.{{method}}<Person>("{{Sql}}", new { id = item.Key })""", use));
    }

    [Fact]
    public async Task Rows_of_records_and_tuples_and_with_a_star()
    {
        await Same(Loop("""await connection.QueryAsync<Member>("SELECT id, name FROM people /* asked */ WHERE id = @Key AND name <> @no", new { item.Key, no = "Eva" })""", "string.Join(\",\", found)"), keys => keys.Length);
        await Same(Loop("""await connection.QueryFirstOrDefaultAsync<(string Name, int Id)>("SELECT name, id FROM people /* asked */ WHERE id = @Key ORDER BY 1", new { item.Key })""", "found.Name"));
        await Same(Loop("""(await connection.QueryAsync<Person>("SELECT * FROM people /* asked */ WHERE id = @id ORDER BY name", new { id = item.Key })).AsList()""", "string.Join(\",\", found.Select(row => row.Name + row.Mail))"));
    }

    [Fact]
    public async Task Keys_that_may_be_null()
    {
        await Same(Loop("""(await connection.QueryAsync<Person>("SELECT * FROM people /* asked */ WHERE team = @team ORDER BY name", new { team = item.Other })).ToList()""", "string.Join(\",\", found.Select(row => row.Name))"),
            keys: [[new[] { 7, 8, 2, 7 }], [new[] { 2 }]]);
    }

    [Fact]
    public async Task Keys_of_text_and_guids_and_columns_of_other_numbers()
    {
        await Same(Loop("""await connection.QueryFirstOrDefaultAsync<string>("SELECT name FROM people /* asked */ WHERE score = @score", new { score = item.Key })""", "found"));
        await Same(Loop("""await connection.QueryFirstOrDefaultAsync<Person>("SELECT id, mail FROM people /* asked */ WHERE mail = @mail", new { mail = item.Text })""", "found?.Id"));
        await Same(Loop("""await connection.QueryFirstOrDefaultAsync<string>("SELECT name FROM people /* asked */ WHERE name = @name AND team = 7", new { name = item.Text })""", "found"));
        await Same(Loop("""await connection.QueryFirstOrDefaultAsync<string>("SELECT name FROM people /* asked */ WHERE ref = @Ref", new { item.Ref })""", "found"));
    }

    [Theory]
    [InlineData("QuerySingleOrDefaultAsync<string>", "name")]
    [InlineData("QueryFirstAsync<string>", "upper(name)")]
    [InlineData("QueryAsync<string>", "name")]
    [InlineData("ExecuteScalarAsync<string>", "mail")]
    [InlineData("ExecuteScalarAsync<decimal>", "score")]
    [InlineData("QueryFirstAsync<decimal>", "score")]
    [InlineData("QuerySingleAsync<decimal?>", "score")]
    [InlineData("QuerySingleAsync<int>", "team")]
    [InlineData("QueryFirstOrDefaultAsync<Guid?>", "ref")]
    [InlineData("ExecuteScalarAsync<int?>", "1")]
    [InlineData("ExecuteScalarAsync<string>", "coalesce(mail, 'none')")]
    public async Task Values(string method, string item)
    {
        await Same(Loop($$"""await connection.{{method}}("SELECT {{item}} FROM people /* asked */ WHERE id = @id ORDER BY name", new { id = item.Key })""",
            method.StartsWith("QueryAsync", StringComparison.Ordinal) ? "string.Join(\",\", found)" : "found"));
    }

    [Theory]
    [InlineData("ExecuteScalarAsync<int>", "count(*)")]
    [InlineData("QuerySingleAsync<long>", "count(score)")]
    [InlineData("ExecuteScalarAsync<decimal>", "sum(score)")]
    [InlineData("QuerySingleAsync<decimal?>", "max(score)")]
    [InlineData("QueryFirstOrDefaultAsync<decimal?>", "avg(score)::numeric(9,2)")]
    public async Task Aggregates(string method, string item)
    {
        await Same(Loop($$"""await connection.{{method}}("SELECT {{item}} FROM people /* asked */ WHERE team = @team AND name <> 'x'", new { team = item.Key })""", "found"),
            keys: [[new[] { 7, 8, 9, 7 }], [Array.Empty<int>()]]);
        await Same(Loop($$"""connection.{{method.Replace("Async", "")}}("SELECT {{item}} FROM people /* asked */ WHERE name <> 'x' AND team = @team", new { team = item.Key })""", "found"),
            keys: [[new[] { 7, 8, 9, 7 }], [Array.Empty<int>()]]);
    }

    [Fact]
    public async Task A_lazy_source_is_gone_through_once_and_in_order()
    {
        var source = await Same(Loop("""await connection.QueryFirstOrDefaultAsync<string>("SELECT name FROM people /* asked */ WHERE id = @id", new { id = item.Key })""", "item.Key + found", "Lazy(items)"));
        Assert.Contains("Lazy(items).ToList()", source);
        await Same(Loop("""await connection.QueryFirstOrDefaultAsync<string>("SELECT name FROM people /* asked */ WHERE id = @id", new { id = item.Key })""", "item.Key + found", "items.Where(item => item.Key > 1)"));
    }

    [Fact]
    public async Task The_query_may_stand_under_a_condition_and_the_key_in_a_local() => await Same("""
        foreach (var item in items)
        {
            var id = item.Key;
            if (item.Flag)
            {
                result.Add(await connection.QueryFirstOrDefaultAsync<string>("SELECT name FROM people /* asked */ WHERE id = @id", new { id }));
            }
            else
            {
                result.Add(item.Text);
            }
        }
        """);

    [Fact]
    public async Task Two_queries_in_one_loop()
    {
        var source = await Same("""
            foreach (var item in items)
            {
                result.Add(await connection.QueryFirstOrDefaultAsync<string>("SELECT name FROM people /* asked */ WHERE id = @id", new { id = item.Key }));
                result.Add(await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM people WHERE team = @id", new { id = item.Key }));
            }
            """, keys => keys.Length);
        Assert.DoesNotContain("= @id", source);
        Assert.Single(source.Split(".Distinct()").Skip(1));
    }
}
