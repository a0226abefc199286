namespace DbSafety.Postgres.Tests.Catalog;

/// <summary>The catalog of the scripts holds what <c>pg_catalog</c> holds after they ran.</summary>
public sealed partial class CatalogProofTests(PostgresServer server, ITestOutputHelper output)
{
    /// <summary>The environment variable with a folder of schemas: each subfolder, or each <c>.sql</c> file, is one.</summary>
    public const string Variable = "DBSAFETY_SCHEMAS";

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Small_scripts(string name)
    {
        await using var database = await server.CreateDatabaseAsync();
        var proof = await CatalogProof.OfAsync(database, Small[name].Split("\n-- next script\n"), transactions: true);
        Assert.Empty(proof.Refused);
        Assert.Empty(proof.Differences);
        Assert.Empty(proof.IncompleteOwners);
        Assert.False(proof.IsIncomplete);
    }

    [Fact]
    public async Task The_sample()
    {
        await using var database = await server.CreateDatabaseAsync();
        var files = Directory.GetFiles(Path.Combine(Root(), "samples", "LessonPlatform", "migrations"), "*.sql").Order(StringComparer.Ordinal);
        var proof = await CatalogProof.OfAsync(database, files.Select(File.ReadAllText));
        Assert.Empty(proof.Refused);
        Assert.Empty(proof.Differences);
        Assert.Empty(proof.IncompleteOwners);
        Assert.False(proof.IsIncomplete);
        Assert.True(proof.Entries > 50, $"{proof.Entries} entries");
    }

    [Fact]
    public async Task Public_schemas()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no folder with schemas.");
        var only = Environment.GetEnvironmentVariable(Variable + "_ONLY");
        var all = new List<string>();
        foreach (var schema in Directory.GetFileSystemEntries(folder!).Order(StringComparer.Ordinal))
        {
            if (only is not null && Path.GetFileNameWithoutExtension(schema) != only)
            {
                continue;
            }

            await using var database = await server.CreateDatabaseAsync();
            var files = Directory.Exists(schema) ? Directory.GetFiles(schema, "*.sql").Order(StringComparer.Ordinal) : Enumerable.Repeat(schema, 1);
            var proof = await CatalogProof.OfAsync(database, files.Select(File.ReadAllText));
            output.WriteLine(
                $"{Path.GetFileName(schema)}: {proof.Entries} entries, {proof.Differences.Length} differ; {proof.Unknown} open, {proof.Incomplete} of incomplete tables, {proof.Refused.Length} statements refused; {(proof.IsIncomplete ? "the catalog is incomplete" : "")} {string.Join(", ", proof.IncompleteOwners)}");
            all.AddRange(proof.Differences.Select(difference => $"{Path.GetFileName(schema)}: {difference}"));
            foreach (var refused in proof.Refused)
            {
                output.WriteLine($"  refused {refused}");
            }

            foreach (var difference in proof.Differences)
            {
                output.WriteLine($"  {difference}");
            }
        }

        Assert.Empty(all);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DbSafety.Analyzers.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
