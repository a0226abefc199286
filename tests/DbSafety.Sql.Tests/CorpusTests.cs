using System.IO.Compression;
using System.Text.Json;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests;

/// <summary>The parser against the verdicts of PostgreSQL's own grammar (version 16), where the folder of statements is there.</summary>
public class CorpusTests(ITestOutputHelper output)
{
    private static readonly string[] Queries = ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"];

    private static readonly string[] Definitions =
    [
        "CreateStmt", "CreateForeignTableStmt", "CreateTableAsStmt", "IndexStmt", "AlterTableStmt", "AlterTableMoveAllStmt", "DropStmt", "DropRoleStmt", "DropOwnedStmt",
        "DropdbStmt", "DropUserMappingStmt", "DropSubscriptionStmt", "DropTableSpaceStmt", "CompositeTypeStmt", "CreateEnumStmt", "CreateRangeStmt", "AlterTypeStmt",
        "AlterEnumStmt", "CreateDomainStmt", "AlterDomainStmt", "ViewStmt", "RefreshMatViewStmt", "CreateSeqStmt", "AlterSeqStmt", "CreateSchemaStmt", "CreateTrigStmt",
        "CreateFunctionStmt", "AlterFunctionStmt", "DoStmt", "CreateExtensionStmt", "AlterExtensionStmt", "AlterExtensionContentsStmt", "CommentStmt",
    ];

    [Fact]
    public void Valid_statements_parse_without_error()
    {
        var results = Measure("sql-valid.jsonl.gz", _ => true);
        AssertShare(0.995, results, _ => true);
        AssertShare(0.998, results, IsQuery);
        AssertShare(0.995, results, kind => !IsQuery(kind));
        AssertShare(0.998, results, Definitions.Contains);
    }

    [Fact]
    public void Mutants_get_the_verdict_of_PostgreSQL()
    {
        var results = Measure("sql-mutants.jsonl.gz", entry => entry.GetProperty("verdict").GetString() == "ok");
        AssertShare(0.97, results, _ => true);
        AssertShare(0.98, results, IsQuery);
        AssertShare(0.93, results, kind => !IsQuery(kind));
        AssertShare(0.99, results, Definitions.Contains);
    }

    private static bool IsQuery(string kind) => Queries.Contains(kind);

    private static void AssertShare(double least, SortedDictionary<string, (int Agreed, int All)> results, Func<string, bool> isMeant)
    {
        var meant = results.Where(result => isMeant(result.Key)).Select(result => result.Value).ToArray();
        var share = (double)meant.Sum(result => result.Agreed) / meant.Sum(result => result.All);
        Assert.True(share >= least, $"the verdicts agree on {share:P2}, and should on {least:P1}");
    }

    private SortedDictionary<string, (int Agreed, int All)> Measure(string file, Func<JsonElement, bool> isValid)
    {
        var folder = Environment.GetEnvironmentVariable("DBSAFETY_SQL_CORPUS");
        if (string.IsNullOrEmpty(folder) || !File.Exists(Path.Combine(folder, file)))
        {
            Assert.Skip("DBSAFETY_SQL_CORPUS names no folder with " + file);
        }

        var results = new SortedDictionary<string, (int Agreed, int All)>(StringComparer.Ordinal);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, file)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var entry = JsonDocument.Parse(line).RootElement;
            var tree = SqlParser.Parse(new SqlSource(entry.GetProperty("sql").GetString()!));
            var kind = entry.GetProperty("kind").GetString()!;
            results.TryGetValue(kind, out var result);
            results[kind] = (result.Agreed + (tree.Errors.IsEmpty == isValid(entry) ? 1 : 0), result.All + 1);
        }

        foreach (var (kind, (agreed, all)) in results)
        {
            output.WriteLine($"{kind,-28} {agreed,6} of {all,6}  {(double)agreed / all:P2}");
        }

        return results;
    }
}
