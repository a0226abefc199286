using DbSafety.Analyzers.Rules.Injection;
using DbSafety.CodeFixes.Injection;

namespace DbSafety.Postgres.Tests.Fixes;

/// <summary>The fixes of quoted placeholders, of identifiers and of statements that take no parameters, before and after on the server.</summary>
public sealed class OtherFixTests(PostgresServer server)
{
    private static readonly FixRunner Quotes = new() { Analyzers = [new QuotedParameter()], Fixes = [new QuotedParameterFixer()] };

    private static readonly FixRunner Identifiers = new() { Analyzers = [new SqlIdentifierFromText()], Fixes = [new IdentifierFixer()] };

    private static readonly FixRunner Utilities = new() { Analyzers = [new SqlFragmentFromText()], Fixes = [new UtilityTwinFixer()] };

    private static string Snippet(string body, string parameters = "string value") => $$"""
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString, {{parameters}})
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                {{body}}
            }
        }
        """;

    [Theory]
    [InlineData("""return (await connection.QueryAsync<string>("SELECT name FROM samples WHERE name = '@value' ORDER BY id", new { value })).ToList();""")]
    [InlineData("""
        await using var command = new NpgsqlCommand("SELECT name FROM samples WHERE name = '@value' ORDER BY id", connection);
        command.Parameters.AddWithValue("value", value);
        return await Rows.ReadAsync(command);
        """)]
    [InlineData("""
        await using var context = new SamplesContext(connectionString);
        return await context.Database.SqlQuery<string>($"SELECT name AS \"Value\" FROM samples WHERE name = '{value}' ORDER BY id").ToListAsync();
        """)]
    public async Task A_placeholder_in_quotes_finds_nothing_and_finds_its_rows_without(string body)
    {
        var names = new[] { "it's the only one", "only'; DROP TABLE samples; --" };
        var source = Snippet("await connection.ExecuteAsync(\"UPDATE samples SET name = @value WHERE id = 1\", new { value });\n" + body);
        var (_, outcomes) = await Quotes.CompareAsync(server, source, names.Select(name => new object?[] { name }));
        Assert.Equal(names.Length, outcomes.Length);
        for (var i = 0; i < names.Length; i++)
        {
            Assert.Null(outcomes[i].Before.Error);
            Assert.Empty(outcomes[i].Before.Rows);
            Assert.Null(outcomes[i].After.Error);
            Assert.Equal(names[i], Assert.Single(outcomes[i].After.Rows)[0]);
        }
    }

    [Fact]
    public async Task A_quoted_identifier_stays_one_name_whatever_is_in_it()
    {
        var source = Snippet("""return (await connection.QueryAsync<int>($"SELECT count(*)::int FROM \"{value}\"")).ToList();""");
        var (result, outcomes) = await Identifiers.CompareAsync(
            server, source, [["samples"], ["users"], ["samples\" WHERE false; DROP TABLE users; --"]]);
        Assert.Contains("QuoteIdentifier", result.Source);
        Assert.Equal(outcomes[0].Before.ToString(), outcomes[0].After.ToString());
        Assert.Equal(outcomes[1].Before.ToString(), outcomes[1].After.ToString());
        Assert.Null(outcomes[2].Before.Error);
        Assert.Equal("42P01", outcomes[2].After.Error);
    }

    [Theory]
    [InlineData("""
        await connection.ExecuteAsync($"SET app.actor = '{value}'");
        return (await connection.QueryAsync<string>("SELECT current_setting('app.actor')")).ToList();
        """)]
    [InlineData("""
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($"SET LOCAL app.actor = '{value}'", connection)) { await command.ExecuteNonQueryAsync(); }
        return (await connection.QueryAsync<string>("SELECT current_setting('app.actor')")).ToList();
        """)]
    [InlineData("""
        var heard = new List<string>();
        connection.Notification += (_, e) => heard.Add(e.Channel + ":" + e.Payload);
        await connection.ExecuteAsync("LISTEN Things");
        await connection.ExecuteAsync($"NOTIFY Things, '{value}'");
        await connection.ExecuteAsync("SELECT 1");
        return heard;
        """)]
    public async Task A_statement_without_parameters_gets_its_twin(string body)
    {
        var (_, outcomes) = await Utilities.CompareAsync(server, Snippet(body), [["plain"], ["ünï cöde"], ["it's"], ["x'; DROP TABLE users; --"]]);
        Assert.Equal(4, outcomes.Length);
        foreach (var (before, after) in outcomes.Take(2))
        {
            Assert.Null(before.Error);
            Assert.NotEmpty(before.Rows);
            Assert.Equal(before.ToString(), after.ToString());
        }

        Assert.Equal("42601", outcomes[2].Before.Error);
        Assert.EndsWith("it's", (string)Assert.Single(outcomes[2].After.Rows)[0]!);
        Assert.EndsWith("DROP TABLE users; --", (string)Assert.Single(outcomes[3].After.Rows)[0]!);
    }
}
