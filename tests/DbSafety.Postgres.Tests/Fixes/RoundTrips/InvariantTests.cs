namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>A query that asks the same in each iteration answers the same when it is asked once.</summary>
public sealed class InvariantTests(PostgresServer server)
{
    [Theory]
    [InlineData("await connection.QueryFirstOrDefaultAsync<string>(\"SELECT name FROM people /* asked */ WHERE id = 9\")")]
    [InlineData("(await connection.QueryAsync<string>(\"SELECT name FROM people /* asked */ WHERE team = @team ORDER BY name\", new { team = 7 })).ToList()")]
    [InlineData("connection.ExecuteScalar<decimal>(\"SELECT score FROM people /* asked */ WHERE id = 9\")")]
    [InlineData("await connection.QuerySingleAsync<int>(\"SELECT count(*) FROM people /* asked */\")")]
    [InlineData("await connection.QuerySingleAsync<decimal?>(\"SELECT max(score) FROM people /* asked */ WHERE id = 9\")")]
    [InlineData("(string?)await command.ExecuteScalarAsync()")]
    [InlineData("(long)(await command2.ExecuteScalarAsync())!")]
    [InlineData("await context.Samples.Where(sample => sample.Id > 3).CountAsync()")]
    public async Task Answers_are_the_same(string query)
    {
        var (_, runs) = await LoopSnippet.Invariants.CompareStatementsAsync(server, LoopSnippet.Of($$"""
            await using var command = new NpgsqlCommand("SELECT name FROM people /* asked */ WHERE id = 3", connection);
            await using var command2 = new NpgsqlCommand("SELECT count(*) FROM people /* asked */", connection);
            await using var context = new SamplesContext(connectionString);
            foreach (var item in items)
            {
                var found = {{query}};
                result.Add(item.Key);
                result.Add(found);
            }
            """), [[new[] { 1, 2, 2 }], [Array.Empty<int>()]]);
        foreach (var (before, after) in runs)
        {
            Assert.Null(before.Outcome.Error);
            Assert.Equal(before.Outcome.ToString(), after.Outcome.ToString());
            Assert.Equal(1, after.Count(query.Contains("context", StringComparison.Ordinal) ? "samples AS" : "/* asked */"));
        }

        Assert.Equal(3, runs[0].Before.Count(query.Contains("context", StringComparison.Ordinal) ? "samples AS" : "/* asked */"));
    }
}
