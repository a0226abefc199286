using System.IO.Compression;
using System.Text.Json;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests;

/// <summary>The parser against the verdicts of PostgreSQL's own grammar (version 16), where the folder of statements is there.</summary>
public class CorpusTests(ITestOutputHelper output)
{
    private static readonly string[] Kinds = ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"];

    private static readonly string[] Definitions =
    [
        "CreateStmt", "CreateForeignTableStmt", "CreateTableAsStmt", "IndexStmt", "AlterTableStmt", "AlterTableMoveAllStmt", "DropStmt", "DropRoleStmt", "DropOwnedStmt",
        "DropdbStmt", "DropUserMappingStmt", "DropSubscriptionStmt", "DropTableSpaceStmt", "CompositeTypeStmt", "CreateEnumStmt", "CreateRangeStmt", "AlterTypeStmt",
        "AlterEnumStmt", "CreateDomainStmt", "AlterDomainStmt", "ViewStmt", "RefreshMatViewStmt", "CreateSeqStmt", "AlterSeqStmt", "CreateSchemaStmt", "CreateTrigStmt",
        "CreateFunctionStmt", "AlterFunctionStmt", "DoStmt", "CreateExtensionStmt", "AlterExtensionStmt", "AlterExtensionContentsStmt", "CommentStmt",
    ];

    [Fact]
    public void Valid_definitions_parse_without_error()
    {
        var agreement = Measure("sql-valid.jsonl.gz", _ => true, Definitions);
        Assert.True(agreement >= 0.998, $"{agreement:P2} of the valid definitions parse");
    }

    [Fact]
    public void Mutants_of_definitions_get_the_verdict_of_PostgreSQL()
    {
        var agreement = Measure("sql-mutants.jsonl.gz", entry => entry.GetProperty("verdict").GetString() == "ok", Definitions);
        Assert.True(agreement >= 0.99, $"{agreement:P2} of the mutants of definitions get PostgreSQL's verdict");
    }

    [Fact]
    public void Valid_statements_parse_without_error()
    {
        var agreement = Measure("sql-valid.jsonl.gz", _ => true, Kinds);
        Assert.True(agreement >= 0.998, $"{agreement:P2} of the valid statements parse");
    }

    [Fact]
    public void Mutants_get_the_verdict_of_PostgreSQL()
    {
        var agreement = Measure("sql-mutants.jsonl.gz", entry => entry.GetProperty("verdict").GetString() == "ok", Kinds);
        Assert.True(agreement >= 0.98, $"{agreement:P2} of the mutants get PostgreSQL's verdict");
    }

    private double Measure(string file, Func<JsonElement, bool> isValid, string[] kinds)
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

        var measured = kinds.Where(results.ContainsKey).Select(kind => results[kind]).ToList();
        return (double)measured.Sum(result => result.Agreed) / measured.Sum(result => result.All);
    }
}
