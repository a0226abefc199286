namespace DbSafety.Sql.Migrations;

/// <summary>
/// A picture of the whole schema beside the steps that lead there (<c>schema.sql</c>, <c>structure.sql</c>, a dump): one of them is replayed, not both.
/// </summary>
internal static class Snapshots
{
    /// <summary>Tables in which tools note what has run: a dump holds them, no migration creates them.</summary>
    private static readonly HashSet<string> s_histories = new(StringComparer.OrdinalIgnoreCase)
    {
        "schema_migrations", "ar_internal_metadata", "flyway_schema_history", "schema_version", "schemaversions", "changelog", "__EFMigrationsHistory", "goose_db_version",
        "gorp_migrations", "databasechangelog", "databasechangeloglock", "pgmigrations", "_sqlx_migrations", "_prisma_migrations", "__diesel_schema_migrations", "knex_migrations",
    };

    public static void Choose(List<MigrationGroup> groups)
    {
        var steps = groups.Where(group => group.HasSteps).ToList();
        var created = new HashSet<string>(steps.SelectMany(group => group.Ordered).SelectMany(file => file.Text.Tables), StringComparer.OrdinalIgnoreCase);
        foreach (var group in groups.Where(group => !group.HasSteps))
        {
            group.Ordered = group.Ordered.Where(file => Keeps(file, created, steps)).ToList();
        }
    }

    /// <summary>Whether a picture is replayed; where it replaces the steps, they are taken out.</summary>
    private static bool Keeps(MigrationEntry file, HashSet<string> created, List<MigrationGroup> steps)
    {
        var tables = file.Text.Tables.Where(table => !s_histories.Contains(table)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (!tables.Exists(created.Contains))
        {
            return true;
        }

        if (tables.TrueForAll(created.Contains))
        {
            return false;
        }

        // The picture shows more than the steps create. A dump is certainly the whole; anything else is replayed before the steps.
        if (file.Text.IsDump)
        {
            var shown = new HashSet<string>(tables, StringComparer.OrdinalIgnoreCase);
            foreach (var group in steps.Where(group => group.Ordered.Exists(step => step.Text.Tables.Any(shown.Contains))))
            {
                // Where the dump lists the versions that it holds, the others are newer.
                var versions = Versions(file.Text.Text);
                var isListed = group.Ordered.Exists(step => versions.Contains(Version(step)));
                group.Ordered = isListed ? group.Ordered.Where(step => !versions.Contains(Version(step))).ToList() : [];
            }
        }

        return true;
    }

    /// <summary>The number in the name of the file, else of its folder.</summary>
    private static string Version(MigrationEntry file)
    {
        foreach (var name in new[] { file.Name, FileName.Name(file.Folder) })
        {
            if (FileName.NumberStart(name) is var start and >= 0)
            {
                return name.Substring(start, FileName.Digits(name, start));
            }
        }

        return "";
    }

    /// <summary>The versions that <c>INSERT INTO schema_migrations</c> lists.</summary>
    private static HashSet<string> Versions(string text)
    {
        var versions = new HashSet<string>(StringComparer.Ordinal);
        var insert = text.LastIndexOf("INSERT INTO", StringComparison.OrdinalIgnoreCase);
        if (insert < 0 || text.IndexOf("schema_migrations", insert, Math.Min(60, text.Length - insert), StringComparison.OrdinalIgnoreCase) < 0)
        {
            return versions;
        }

        for (var i = text.IndexOf('\'', insert); i >= 0; i = text.IndexOf('\'', i + 1))
        {
            var digits = FileName.Digits(text, i + 1);
            if (digits > 0 && i + 1 + digits < text.Length && text[i + 1 + digits] == '\'')
            {
                versions.Add(text.Substring(i + 1, digits));
                i += digits + 1;
            }
        }

        return versions;
    }
}
