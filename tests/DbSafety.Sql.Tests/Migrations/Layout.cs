using System.Collections.Immutable;
using DbSafety.Sql.Migrations;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Tests.Migrations;

/// <summary>Files of a project, told by their paths.</summary>
internal static class Layout
{
    /// <summary>Each file creates a table of its own, except those that tell otherwise behind a colon.</summary>
    public static ImmutableArray<MigrationSet> Sets(MigrationOptions? options, params string[] files) =>
        MigrationSets.Of(files.Select((file, index) => File(file, index)).ToList(), options);

    public static ImmutableArray<MigrationSet> Sets(params string[] files) => Sets(null, files);

    public static MigrationSet Only(params string[] files) => Assert.Single(Sets(files));

    public static string Order(params string[] files) => Order(Sets(files));

    public static string Order(ImmutableArray<MigrationSet> sets) => string.Join(" ", sets.SelectMany(set => set.Scripts).Select(script => script.Path));

    /// <summary>What the SQL that runs defines, told by the catalog.</summary>
    public static SchemaCatalog Catalog(ImmutableArray<MigrationSet> sets) =>
        SchemaReader.Read(sets.SelectMany(set => set.Scripts).Select(script => SqlParser.Parse(script.Source)));

    private static MigrationFile File(string file, int index)
    {
        var colon = file.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? new MigrationFile(file, $"CREATE TABLE t{index} (a int);") : new MigrationFile(file[..colon], file[(colon + 2)..]);
    }
}
