using DbSafety.Sql.Migrations;

namespace DbSafety.Sql.Tests.Migrations;

/// <summary>psql scripts that take in other files, and what nobody knows.</summary>
public class IncludeTests
{
    [Theory]
    [InlineData("db/all.sql: \\i db/b.sql\n\\ir sub/a.sql\n|db/b.sql|db/sub/a.sql", "db/b.sql db/sub/a.sql")]
    [InlineData("db/all.sql: CREATE TABLE x (a int);\n\\ir b.sql\nCREATE TABLE y (a int);|db/b.sql", "db/all.sql db/b.sql db/all.sql")]
    [InlineData("db/all.sql: \\i 'b.sql'|db/b.sql", "db/b.sql")]
    [InlineData("db/all.sql: \\ir ../b.sql|b.sql", "b.sql")]
    [InlineData("db/all.sql: \\i b.sql\n|db/b.sql: \\i c.sql\nCREATE TABLE b (a int);|db/c.sql", "db/c.sql db/b.sql")]
    [InlineData("a.sql: \\i tests.psql|tests.psql", "tests.psql")]
    public void Includes_stand_in_for_their_files(string files, string expected)
    {
        var set = Layout.Only(files.Split('|'));
        Assert.Equal(expected, Layout.Order([set]));
        Assert.False(set.IsUncertain);
        Assert.False(Layout.Catalog([set]).IsIncomplete);
    }

    [Theory]
    [InlineData("a.sql: CREATE TABLE x (a int);\n\\i b.sql", MigrationDoubtKind.MissingInclude, "\\i b.sql")]
    [InlineData("a.sql: CREATE TABLE x (a int);\n\\i :file", MigrationDoubtKind.MissingInclude, "\\i :file")]
    [InlineData("a.sql: CREATE TABLE x (a int);\n\\i a.sql|b.sql: \\i a.sql\n", MigrationDoubtKind.EndlessInclude, "\\i a.sql")]
    [InlineData("a.sql: SET search_path TO app;\n\\i b.sql\n|b.sql: CREATE TABLE x (a int);", MigrationDoubtKind.IncludeAfterSearchPath, "\\i b.sql")]
    [InlineData("a.sql: CREATE TABLE x (a int);\n\\if :y\nDROP TABLE x;\n\\endif\n", MigrationDoubtKind.Conditional, "\\if :y\nDROP TABLE x;\n\\endif")]
    [InlineData("a.sql: CREATE TABLE x (a int);\nSELECT 'DROP TABLE x' \\gexec\n", MigrationDoubtKind.Generated, "\\gexec")]
    [InlineData("a.sql: CREATE TABLE x (a int);\n\\connect other\nCREATE TABLE y (a int);", MigrationDoubtKind.OtherDatabase, "\\connect other")]
    [InlineData("a.sql: CREATE TABLE x (a int);\nCOPY x FROM stdin;\n1\n", MigrationDoubtKind.OpenData, "1\n")]
    public void Doubts_are_told_and_make_the_catalog_incomplete(string files, MigrationDoubtKind kind, string at)
    {
        var sets = Layout.Sets(files.Split('|'));
        var doubt = Assert.Single(sets.SelectMany(set => set.Doubts));
        Assert.Equal(kind, doubt.Kind);
        var text = files.Split('|').Single(file => file.StartsWith(doubt.Path + ": ", StringComparison.Ordinal))[(doubt.Path.Length + 2)..];
        Assert.Equal(at, text.Substring(doubt.Span.Start, doubt.Span.Length));
        Assert.Contains(doubt, sets.Single(set => set.IsUncertain).Scripts.Single(script => script.IsUncertain).Doubts);
        var catalog = Layout.Catalog(sets);
        Assert.True(catalog.IsIncomplete);
        Assert.NotNull(catalog.FindTable(kind == MigrationDoubtKind.IncludeAfterSearchPath ? null : "public", "x"));
    }

    /// <summary>Each file includes the next one twice: 2 to the 40th scripts.</summary>
    [Fact]
    public void Includes_that_double_end()
    {
        var files = Enumerable.Range(0, 40).Select(i => new MigrationFile($"f{i}.sql", $"\\i f{i + 1}.sql\n\\i f{i + 1}.sql\nCREATE TABLE t{i} (a int);")).ToList();
        var set = Assert.Single(MigrationSets.Of(files));
        Assert.InRange(set.Scripts.Length, 1, 20000);
        Assert.True(set.IsUncertain);
    }

    [Fact]
    public void Placeholders_in_a_name_make_the_catalog_incomplete() =>
        Assert.True(Layout.Catalog(Layout.Sets("V1__a.sql: CREATE TABLE ${schema}.users (a int);")).IsIncomplete);

    [Fact]
    public void Placeholders_elsewhere_do_not()
    {
        var catalog = Layout.Catalog(Layout.Sets("V1__a.sql: CREATE TABLE users (a text DEFAULT '${x}');\nGRANT SELECT ON users TO ${role};\nALTER TABLE users OWNER TO ${owner};"));
        Assert.False(catalog.IsIncomplete);
        Assert.NotNull(catalog.FindTable(null, "users"));
    }
}
