namespace DbSafety.Sql.Migrations;

/// <summary>Puts the files of a group in the order of its tool.</summary>
internal static class MigrationOrder
{
    public static void Sort(MigrationGroup group, string? plan)
    {
        var files = group.Files;
        switch (group.Tool)
        {
            case MigrationTool.Flyway or MigrationTool.Evolve:
                Flyway(group);
                return;
            case MigrationTool.DbUp:
                // Names of embedded scripts have a dot where the path has a slash.
                group.Ordered = files.OrderBy(file => FileName.Within(file.Path, group.Root).Replace('/', '.'), StringComparer.Ordinal).ToList();
                break;
            case MigrationTool.Grate:
                group.Ordered = files.Where(file => !IsOtherEnvironment(file.Name)).OrderBy(file => GrateFolder(file, group.Root)).ThenBy(file => file.Path, StringComparer.OrdinalIgnoreCase).ToList();
                group.Versioned = group.Ordered.Where(file => FileName.Is(FileName.Within(file.Path, group.Root).Split('/')[0], "up")).ToList();
                return;
            case MigrationTool.Dbmate or MigrationTool.Diesel or MigrationTool.Prisma:
                group.Ordered = files.OrderBy(file => FileName.Within(file.Path, group.Root), StringComparer.Ordinal).ToList();
                break;
            case MigrationTool.Sqitch when plan is not null:
                group.Ordered = Planned(group, plan);
                break;
            case MigrationTool.Unordered or MigrationTool.Sqitch:
                group.Ordered = files.Where(file => group.Tool == MigrationTool.Sqitch || !ToolRules.IsCleanup(file.Name)).OrderBy(file => file.Text.Phase).ThenBy(file => file.Path, StringComparer.Ordinal).ToList();
                break;
            default:
                group.Ordered = Numbered(files, file => FileName.Within(file.Path, group.Root));
                break;
        }

        group.Versioned = group.Ordered;
    }

    /// <summary>Whether a new name comes last in the order of the tool.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="next">The new name.</param>
    /// <param name="names">The names that are there, in order.</param>
    public static bool ComesLast(MigrationTool tool, string next, List<string> names)
    {
        var newest = names[names.Count - 1];
        var isOrdinal = string.CompareOrdinal(next, newest) > 0;
        return tool switch
        {
            MigrationTool.DbUp or MigrationTool.Dbmate or MigrationTool.Diesel or MigrationTool.Prisma => isOrdinal,
            MigrationTool.Grate => string.Compare(next, newest, StringComparison.OrdinalIgnoreCase) > 0,

            // Who runs them is not known: by letters 10 comes before 9, unless names of both lengths show that numbers are compared.
            MigrationTool.Numbered => isOrdinal || names.Select(name => FileName.Digits(name, Math.Max(0, FileName.NumberStart(name)))).Distinct().Count() > 1,
            _ => true,
        };
    }

    private static List<MigrationEntry> Numbered(IEnumerable<MigrationEntry> files, Func<MigrationEntry, string> key) =>
        files.OrderBy(key, Comparer<string>.Create(FileName.CompareNumbered)).ToList();

    /// <summary>Versions from the latest baseline on, then what is repeated, by its description. Files that undo are left out.</summary>
    private static void Flyway(MigrationGroup group)
    {
        var named = group.Files.Select(file => (File: file, Name: ToolRules.FlywayName(file.Name)!.Value)).ToList();
        var versions = Comparer<string>.Create(FileName.CompareVersions);
        var baseline = named.Where(file => file.Name.Kind == 'B').OrderBy(file => file.Name.Version, versions).LastOrDefault();
        group.Versioned = named.Where(file => file.Name.Kind == 'V' && (baseline.File is null || FileName.CompareVersions(file.Name.Version, baseline.Name.Version) > 0))
            .OrderBy(file => file.Name.Version, versions).ThenBy(file => file.File.Path, StringComparer.Ordinal).Select(file => file.File).ToList();
        if (baseline.File is not null)
        {
            group.Versioned.Insert(0, baseline.File);
        }

        group.Ordered = group.Versioned.Concat(named.Where(file => file.Name.Kind == 'R').OrderBy(file => file.Name.Description, StringComparer.Ordinal)
            .ThenBy(file => file.File.Path, StringComparer.Ordinal).Select(file => file.File)).ToList();
    }

    private static int GrateFolder(MigrationEntry file, string root) => ToolRules.GrateFolder(FileName.Within(file.Path, root).Split('/')[0]);

    /// <summary><c>x.env.TEST.sql</c> runs in that environment only: what a test or a developer's machine has besides is no schema.</summary>
    private static bool IsOtherEnvironment(string name)
    {
        var parts = FileName.Stem(name).ToLowerInvariant().Split('.');
        return Array.IndexOf(parts, "env") >= 0 && !parts.Any(part => part.StartsWith("prod", StringComparison.Ordinal));
    }

    /// <summary>
    /// The order of sqitch.plan. A change that was reworked stands there twice: its older script is named after the tag that came between.
    /// </summary>
    private static List<MigrationEntry> Planned(MigrationGroup group, string plan)
    {
        var byName = new Dictionary<string, MigrationEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in group.Files)
        {
            var within = FileName.Within(file.Path, FileName.Join(group.Root, "deploy"));
            byName[FileName.Stem(within)] = file;
        }

        var changes = new List<(string Name, string? Tag)>();
        foreach (var line in plan.Split('\n').Select(line => line.Trim()))
        {
            if (line.Length == 0 || line[0] is '%' or '#')
            {
                continue;
            }

            var name = line.Split(' ', '\t')[0];
            if (name[0] == '@')
            {
                for (var i = changes.Count - 1; i >= 0 && changes[i].Tag is null; i--)
                {
                    changes[i] = (changes[i].Name, name);
                }
            }
            else
            {
                changes.Add((name.TrimStart('+'), null));
            }
        }

        var ordered = new List<MigrationEntry>();
        var last = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < changes.Count; i++)
        {
            last[changes[i].Name] = i;
        }

        for (var i = 0; i < changes.Count; i++)
        {
            var name = last[changes[i].Name] == i ? changes[i].Name : changes[i].Name + changes[i].Tag;
            if (byName.TryGetValue(name, out var file))
            {
                ordered.Add(file);
            }
        }

        return ordered;
    }
}
