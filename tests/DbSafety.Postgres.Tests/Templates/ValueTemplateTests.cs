namespace DbSafety.Postgres.Tests.Templates;

/// <summary>
/// The shapes that the fix of DBS1001 writes, judged on the server: for each API family, column type and value the parameter means what the quoted
/// constant meant, and it means the same for values that the constant could not hold.
/// </summary>
public sealed class ValueTemplateTests(PostgresServer server) : PostgresTest(server)
{
    public static MatrixTheoryData<string, string> Cases => new(ValueTemplate.FamilyNames, Values.ByType.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Parameter_means_what_the_constant_meant(string family, string type)
    {
        Assert.SkipUnless(type != "citext" || Server.HasCitext, "The server has no citext.");
        var (column, benign) = Values.ByType[type];
        var template = ValueTemplate.For(family, column, type);
        using var before = FixRunner.Compile(template.Before);
        using var after = FixRunner.Compile(template.After);

        foreach (var value in Values.All(type))
        {
            // EF's Raw methods format their text, so braces in a pasted value never worked there.
            var worked = benign.Contains(value) && !(family == "EF" && value.Contains('{'));

            // The quote doubled by hand is what the paste should have been, and what the parameter must equal.
            var expected = await RunAsync(before, (family == "EF" ? value.Replace("{", "{{").Replace("}", "}}") : value).Replace("'", "''"));
            if (worked)
            {
                Assert.Null(expected.Error);
            }

            Assert.Equal($"{value}: {expected}", $"{value}: {await RunAsync(after, value)}");
        }
    }

    /// <summary>The values are worth testing with: pasted, each of them takes the statement over or breaks it.</summary>
    [Fact]
    public async Task Hostile_values_do_harm_when_pasted()
    {
        var harm = new List<string>();
        foreach (var value in Values.Hostile)
        {
            await using var database = await Server.CreateDatabaseAsync();
            var outcome = await database.Npgsql($"SELECT id FROM samples WHERE name = '{value}'");
            var table = await database.Npgsql("SELECT count(*) FROM samples");
            harm.Add(outcome.Error ?? table.Error ?? $"{outcome.Rows.Length} rows");
        }

        Assert.Equal(["42P01", "6 rows", "2 rows", "42P01"], harm);
    }

    private async Task<Outcome> RunAsync(CompiledSnippet snippet, string value)
    {
        await Database.ResetAsync();
        return await snippet.RunAsync(Database.ConnectionString, value);
    }
}
