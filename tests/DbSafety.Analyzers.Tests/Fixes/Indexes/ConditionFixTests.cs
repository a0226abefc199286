using DbSafety.CodeFixes.Indexes;

namespace DbSafety.Analyzers.Tests.Fixes.Indexes;

public sealed class ConditionFixTests
{
    private const string Schema = """
        CREATE TABLE posts (id int PRIMARY KEY, title text NOT NULL, tags text[] NOT NULL, numbers int[], doc jsonb, seen timestamp);
        CREATE INDEX i_tags ON posts USING gin (tags);
        CREATE INDEX i_numbers ON posts USING gin (numbers);
        CREATE INDEX i_doc ON posts USING gin (doc);
        CREATE INDEX i_seen ON posts (seen);
        """;

    private static Task Run(string before, string after, int actions) => FixTest.Run(
        FixTest.Wrap(before, "NpgsqlConnection pg, string tag, int number, bool flag"), FixTest.Wrap(after, "NpgsqlConnection pg, string tag, int number, bool flag"),
        sql: Schema, fixer: new ConditionFixer(), configure: test => (test.NumberOfIncrementalIterations, test.NumberOfFixAllIterations) = (actions, 1));

    [Theory]
    [InlineData("@tag = ANY(tags)", "tags @> ARRAY[@tag]::text[]")]
    [InlineData("title <> 'y' AND @number = ANY(numbers) AND title <> 'x'", "title <> 'y' AND numbers @> ARRAY[@number]::integer[] AND title <> 'x'")]
    [InlineData("jsonb_path_exists(doc, '$.a')", "doc @? '$.a'")]
    [InlineData("seen::date = '2024-02-29'", "seen >= DATE '2024-02-29' AND seen < DATE '2024-03-01'")]
    [InlineData("date(seen) = '2024-02-29' AND title <> 'x'", "seen >= DATE '2024-02-29' AND seen < DATE '2024-03-01' AND title <> 'x'")]
    [InlineData("CAST(seen AS date) <= '2024-02-29'", "seen < DATE '2024-03-01'")]
    public async Task Conditions_in_each_kind_of_text(string before, string after)
    {
        foreach (var (open, close) in new[] { ("\"", "\""), ("@\"", "\""), ("\"\"\"", "\"\"\""), ("$\"", "\"") })
        {
            string Query(string condition) => $"return await pg.QueryAsync<int>({open}SELECT id FROM posts WHERE {condition} ORDER BY id{close}, new {{ tag, number }});";
            await Run(Query(before), Query(after), 1);
        }
    }

    /// <summary>The index alone would not serve the condition: both are needed, and the message says so.</summary>
    [Theory]
    [InlineData("@tag = ANY(tags)", "DBS4002")]
    [InlineData("jsonb_path_exists(doc, '$.a')", "DBS4002")]
    public async Task Without_an_index_it_takes_both(string condition, string id)
    {
        using var project = IndexWorkspace.Open(
            "using System.Collections.Generic; using System.Threading.Tasks;\n" + FixTest.Wrap($"return await pg.QueryAsync<int>(\"SELECT id FROM posts WHERE {condition}\", new {{ tag }});", "NpgsqlConnection pg, string tag"),
            [("/app/db/0001_init.sql", Schema.Split('\n')[0])]);
        var diagnostic = Assert.Single(await project.Diagnostics("DBS4001", "DBS4002", "DBS4005"));
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(", and add CREATE INDEX", diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await project.Apply(diagnostic, "RewriteCondition");
        await project.Apply(Assert.Single(await project.Diagnostics("DBS4001", "DBS4002", "DBS4005")), "NewFile");
        Assert.Empty(await project.Diagnostics("DBS4001", "DBS4002", "DBS4005"));
    }

    /// <summary>What C# writes otherwise than SQL.</summary>
    [Theory]
    [InlineData("\"", "doc->'k' @> '{\\\"a\\\": 1}'", "doc @> '{\\\"k\\\": {\\\"a\\\": 1}}'")]
    [InlineData("@\"", "doc->'k' @> '{\"\"a\"\": 1}'", "doc @> '{\"\"k\"\": {\"\"a\"\": 1}}'")]
    [InlineData("$\"", "doc->'k' @> '{{\\\"a\\\": 1}}'", "doc @> '{{\\\"k\\\": {{\\\"a\\\": 1}}}}'")]
    [InlineData("$@\"", "doc->'k' @> '{{\"\"a\"\": 1}}'", "doc @> '{{\"\"k\"\": {{\"\"a\"\": 1}}}}'")]
    [InlineData("\"\"\"", "doc->'k' @> '{\"a\": 1}'", "doc @> '{\"k\": {\"a\": 1}}'")]
    [InlineData("\"", "jsonb_path_exists(doc, '$.a ? (@ == \\\"x\\\")')", "doc @? '$.a ? (@ == \\\"x\\\")'")]
    [InlineData("\"", "jsonb_path_exists(doc, '$.a ? (@ like_regex \\\"\\\\\\\\t\\\")')", "doc @? '$.a ? (@ like_regex \\\"\\\\\\\\t\\\")'")]
    public Task What_C_sharp_escapes(string open, string before, string after)
    {
        string Query(string condition) => $"return await pg.QueryAsync<int>({open}SELECT id FROM posts WHERE {condition} ORDER BY id{open.TrimStart('$', '@')});";
        return Run(Query(before), Query(after), 1);
    }

    /// <summary>In a raw interpolated text a brace would begin a hole.</summary>
    [Fact]
    public Task Braces_in_a_raw_interpolated_text_stay() =>
        Stay("return await pg.QueryAsync<int>($$\"\"\"SELECT id FROM posts WHERE id <> {{number}} AND doc->'k' @> '{\"a\": 1}'\"\"\");");

    [Fact]
    public Task In_a_text_that_is_put_together() => Run(
        """
        var sql = "SELECT id FROM posts " + "WHERE @tag = ANY(tags)";
        return await pg.QueryAsync<int>(sql + " ORDER BY id", new { tag });
        """,
        """
        var sql = "SELECT id FROM posts " + "WHERE tags @> ARRAY[@tag]::text[]";
        return await pg.QueryAsync<int>(sql + " ORDER BY id", new { tag });
        """,
        1);

    [Fact]
    public Task FixAll_takes_many() => Run(
        """
        await pg.QueryAsync<int>("SELECT id FROM posts WHERE @tag = ANY(tags)", new { tag });
        return await pg.QueryAsync<int>("SELECT id FROM posts WHERE seen::date = '2024-02-29'");
        """,
        """
        await pg.QueryAsync<int>("SELECT id FROM posts WHERE tags @> ARRAY[@tag]::text[]", new { tag });
        return await pg.QueryAsync<int>("SELECT id FROM posts WHERE seen >= DATE '2024-02-29' AND seen < DATE '2024-03-01'");
        """,
        2);

    /// <summary>Under OR and NOT, AND between two comparisons would bind otherwise.</summary>
    [Theory]
    [InlineData("NOT seen::date = '2024-02-29'")]
    [InlineData("seen::date = @tag::date")]
    [InlineData("seen::date = {number}")]
    [InlineData("doc @> '{{}}'::jsonb AND title = ANY(tags)")]
    public Task Others_stay(string condition)
    {
        var query = $"return await pg.QueryAsync<int>($\"SELECT id FROM posts WHERE {condition}\", new {{ tag }});";
        return Stay(query);
    }

    /// <summary>A long beyond int was found in no row; as an element of int[] it would be refused.</summary>
    [Theory]
    [InlineData("long.MaxValue - number")]
    [InlineData("number * 1.5m")]
    [InlineData("flag ? (object)number : tag")]
    public Task Values_of_another_type_stay(string value) => Stay($"return await pg.QueryAsync<int>(\"SELECT id FROM posts WHERE @value = ANY(numbers)\", new {{ value = {value} }});");

    private static async Task Stay(string statements)
    {
        using var project = IndexWorkspace.Open(
            "using System.Collections.Generic; using System.Threading.Tasks;\n" + FixTest.Wrap(statements, "NpgsqlConnection pg, string tag, int number, bool flag"), [("/app/db/0001_init.sql", Schema)]);
        foreach (var diagnostic in await project.Diagnostics("DBS4001", "DBS4002", "DBS4005"))
        {
            Assert.DoesNotContain(await project.Actions(diagnostic), offer => offer.Fixer is ConditionFixer);
        }
    }
}
