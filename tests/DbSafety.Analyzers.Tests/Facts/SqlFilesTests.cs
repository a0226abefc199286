using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Migrations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Tests.Facts;

/// <summary>The schema that the SQL files of a project declare.</summary>
public sealed class SqlFilesTests
{
    [Fact]
    public void The_files_run_in_the_order_of_their_tool()
    {
        var facts = Read([], ("db/V1.10__c.sql", "ALTER TABLE a ADD COLUMN c int;"), ("db/V1.9__b.sql", "CREATE TABLE a (b int);"), ("db/U1.9__b.sql", "DROP TABLE a;"));
        Assert.Equal(["db/V1.9__b.sql", "db/V1.10__c.sql"], facts.SchemaFacts.Scripts.Select(script => script.Script.Path));
        Assert.Equal(MigrationTool.Flyway, Assert.Single(facts.SchemaFacts.Migrations).Tool);
        Assert.Equal(["b", "c"], facts.Schema.FindTable(null, "a")!.Columns.Select(column => column.Name));
    }

    [Theory]
    [InlineData("dbsafety.migrations", "other")]
    [InlineData("dbsafety.migrations", "/p/other|nowhere")]
    [InlineData("build_property.DbSafetyMigrations", "./other/ ")]
    public void Only_the_named_folders_count(string key, string value)
    {
        var facts = Read(
            new() { [key] = value, ["build_property.ProjectDir"] = "/p/" },
            ("/p/db/1.sql", "CREATE TABLE a (b int);"), ("/p/other/1.sql", "CREATE TABLE c (d int);"));
        Assert.Equal(["/p/other/1.sql"], facts.SchemaFacts.Scripts.Select(script => script.Script.Path));
    }

    [Fact]
    public void Files_for_tests_feed_no_catalog_but_a_project_for_tests_may_have_its_own()
    {
        var files = new[] { ("/p/tests/Db.Tests/db/1.sql", "CREATE TABLE a (b int);") };
        Assert.NotEmpty(Read(new() { ["build_property.ProjectDir"] = "/p/tests/Db.Tests/" }, files).SchemaFacts.Scripts);
        Assert.Empty(Read(new() { ["build_property.ProjectDir"] = "/p/" }, files).SchemaFacts.Scripts);
    }

    /// <summary>Each keystroke makes a compilation; the texts of the files stay.</summary>
    [Fact]
    public void A_text_is_parsed_once_for_all_compilations()
    {
        var file = new SqlFile("a.sql", "CREATE TABLE a (b int);\n\\ir b.sql\nCREATE TABLE c (d int);");
        var one = SqlFiles.Read([file], MigrationOptions.None, new SchemaWork(), CancellationToken.None);
        var two = SqlFiles.Read([file, new SqlFile("b.sql", "CREATE TABLE e (f int);")], MigrationOptions.None, new SchemaWork(), CancellationToken.None);
        Assert.Same(one.Scripts[0].Tree, two.Scripts[0].Tree);
        Assert.Same(one.Scripts[^1].Tree, two.Scripts[^1].Tree);
        Assert.True(one.Catalog.IsIncomplete);
        Assert.False(two.Catalog.IsIncomplete);
        Assert.Equal(["a.sql", "b.sql", "a.sql"], two.Scripts.Select(script => script.Script.Path));
    }

    [Theory]
    [InlineData("15", 15)]
    [InlineData(" 16.2 ", 16)]
    [InlineData("", null)]
    [InlineData("new", null)]
    [InlineData("-1", null)]
    [InlineData("1500", null)]
    public void The_version_of_the_server(string text, int? expected)
    {
        Assert.Equal(expected, new Options(new Provided(new() { ["dbsafety.postgres_version"] = text })).PostgresVersion(null));
        Assert.Equal(expected, new Options(new Provided(new() { ["build_property.DbSafetyPostgresVersion"] = text })).PostgresVersion(null));
    }

    private static DbFacts Read(Dictionary<string, string> options, params (string Path, string Text)[] files) =>
        DbFacts.For(Verify.Compile("public class A;"), new AnalyzerOptions([.. files.Select(file => new SqlFile(file.Path, file.Text))], new Provided(options)))!;

    private sealed class SqlFile(string path, string text) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From(text);

        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }

    private sealed class Provided(Dictionary<string, string> options) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(options);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values(Dictionary<string, string> options) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => options.TryGetValue(key, out value);
        }
    }
}
