namespace DbSafety.Postgres.Tests.Fixture;

/// <summary>The fixture's SQL. <see cref="Sql"/> is also what a fix that needs column types receives as an additional file.</summary>
internal static class Schema
{
    public static string Sql { get; } = Read("schema.sql");

    public static string Rows { get; } = Read("rows.sql");

    public static string Citext { get; } = Read("citext.sql");

    public static string CitextRows { get; } = Read("citext-rows.sql");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
