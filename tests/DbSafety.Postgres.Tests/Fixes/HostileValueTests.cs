namespace DbSafety.Postgres.Tests.Fixes;

/// <summary>The values that the fixes are judged with.</summary>
public sealed class HostileValueTests(PostgresServer server)
{
    /// <summary>The values are worth testing with: pasted, each of them takes the statement over or breaks it.</summary>
    [Fact]
    public async Task Hostile_values_do_harm_when_pasted()
    {
        var harm = new List<string>();
        foreach (var value in Values.Hostile)
        {
            await using var database = await server.CreateDatabaseAsync();
            var outcome = await database.Npgsql($"SELECT id FROM samples WHERE name = '{value}'");
            var table = await database.Npgsql("SELECT count(*) FROM samples");
            harm.Add(outcome.Error ?? table.Error ?? $"{outcome.Rows.Length} rows");
        }

        Assert.Equal(["42P01", "6 rows", "2 rows", "42P01"], harm);
    }
}
