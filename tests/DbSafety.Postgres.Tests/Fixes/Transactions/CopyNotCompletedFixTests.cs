using DbSafety.Analyzers.Rules.Transactions;
using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>A binary import without its end keeps no row, and all of them after the fix.</summary>
public sealed class CopyNotCompletedFixTests(PostgresServer server)
{
    private const string Copy = "\"COPY users (id, name) FROM STDIN (FORMAT BINARY)\"";

    private static readonly FixRunner Runner = new() { Analyzers = [new CopyNotCompleted()], Fixes = [new CopyNotCompletedFixer()] };

    private static string Snippet(string body) => $$"""
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                await connection.ExecuteAsync("DELETE FROM users");
                await Fill(connection, [1, 2, 3], default);
                return connection.Query<int>("SELECT id FROM users ORDER BY id").ToList();
            }

            private static async Task Fill(NpgsqlConnection connection, int[] ids, System.Threading.CancellationToken ct)
            {
                {{body.Replace("COPY", Copy)}}
                await Task.Yield();
            }
        }
        """;

    [Theory]
    [InlineData("using var importer = connection.BeginBinaryImport(COPY);\nforeach (var id in ids)\n{\n    importer.StartRow();\n    importer.Write(id);\n    importer.Write(\"n\");\n}")]
    [InlineData("await using var importer = await connection.BeginBinaryImportAsync(COPY, ct);\nforeach (var id in ids)\n{\n    await importer.StartRowAsync(ct);\n    await importer.WriteAsync(id, ct);\n    await importer.WriteAsync(\"n\", ct);\n}")]
    [InlineData("await using (var importer = await connection.BeginBinaryImportAsync(COPY, ct).ConfigureAwait(false))\n{\n    foreach (var id in ids)\n        await importer.WriteRowAsync(ct, id, \"n\");\n}")]
    [InlineData("var importer = connection.BeginBinaryImport(COPY);\ntry\n{\n    foreach (var id in ids)\n        importer.WriteRow(id, \"n\");\n}\nfinally\n{\n    importer.Dispose();\n}")]
    [InlineData("var importer = connection.BeginBinaryImport(COPY);\nforeach (var id in ids)\n    importer.WriteRow(id, \"n\");\nimporter.Close();")]
    public async Task All_rows_are_kept(string body)
    {
        var (_, outcomes) = await Runner.CompareAsync(server, Snippet(body), [[]]);
        Assert.Null(outcomes[0].Before.Error);
        Assert.Empty(outcomes[0].Before.Rows);
        Assert.Equal(Outcome.Column(1, 2, 3), outcomes[0].After.ToString());
    }

    // What the rule counts on where it is silent: the text import completes when it is disposed of.
    [Fact]
    public async Task A_text_import_keeps_its_rows()
    {
        await using var database = await server.CreateDatabaseAsync();
        var outcome = await FixRunner.RunAsync(
            Snippet("using (var writer = connection.BeginTextImport(\"COPY users (id, name) FROM STDIN\"".Replace("COPY", "C\" + \"OPY") + "))\n{\n    foreach (var id in ids)\n        writer.Write(id + \"\\tn\\n\");\n}"), database.ConnectionString);
        Assert.Equal(Outcome.Column(1, 2, 3), outcome.ToString());
    }
}
