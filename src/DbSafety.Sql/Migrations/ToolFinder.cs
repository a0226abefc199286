namespace DbSafety.Sql.Migrations;

/// <summary>Finds which tool owns which files, and the folder that the tool is pointed at.</summary>
internal sealed class ToolFinder
{
    private readonly List<MigrationEntry> _files;
    private readonly HashSet<string> _folders;
    private readonly HashSet<string> _paths;
    private readonly HashSet<string> _grateRoots;
    private readonly MigrationOptions _options;
    private readonly string? _common;
    private readonly Func<MigrationEntry, string?> _namedFolder;

    private ToolFinder(List<MigrationEntry> files, HashSet<string> folders, HashSet<string> paths, MigrationOptions options, string? common, Func<MigrationEntry, string?> namedFolder)
    {
        _common = common;
        _files = files;
        _folders = folders;
        _paths = paths;
        _options = options;
        _namedFolder = namedFolder;
        _grateRoots = GrateRoots();
    }

    /// <summary>The groups, in the order of their roots.</summary>
    /// <param name="files">The files that may define something, in the order of their paths.</param>
    /// <param name="all">All files, also those that are not replayed: their folders tell the tool too.</param>
    /// <param name="options">What else is known.</param>
    /// <param name="common">The folder that holds all files, where the folder of the project is not known.</param>
    /// <param name="namedFolder">The folder of the options that a file is in, or null.</param>
    public static List<MigrationGroup> Find(List<MigrationEntry> files, List<MigrationEntry> all, MigrationOptions options, string? common, Func<MigrationEntry, string?> namedFolder)
    {
        var folders = new HashSet<string>(all.Select(entry => entry.Folder), StringComparer.OrdinalIgnoreCase);
        var paths = new HashSet<string>(all.Select(entry => entry.Path), StringComparer.OrdinalIgnoreCase);
        return new ToolFinder(files, folders, paths, options, common, namedFolder).Groups();
    }

    private List<MigrationGroup> Groups()
    {
        var groups = new List<MigrationGroup>();
        var plain = new List<MigrationEntry>();
        var flyway = new List<MigrationEntry>();
        var found = new Dictionary<(MigrationTool, string), MigrationGroup>();
        foreach (var file in _files)
        {
            if (Owner(file) is not var (tool, root))
            {
                plain.Add(file);
            }
            else if (tool is MigrationTool.Flyway)
            {
                flyway.Add(file);
            }
            else if (found.TryGetValue((tool, root), out var group))
            {
                group.Files.Add(file);
            }
            else
            {
                groups.Add(found[(tool, root)] = new MigrationGroup(tool, root, [file]));
            }
        }

        groups.AddRange(Flyway(flyway));
        groups.AddRange(Plain(plain));
        return groups.OrderBy(group => group.Root, StringComparer.Ordinal).ToList();
    }

    private (MigrationTool Tool, string Root)? Owner(MigrationEntry file)
    {
        if (file.Text.Mark is { } mark and not MigrationTool.Evolve)
        {
            // The includes of a changelog, which nobody sees here, may reach over folders.
            return (mark, mark == MigrationTool.Liquibase ? MigrationsFolder(file) ?? file.Folder : file.Folder);
        }

        if (ToolRules.FlywayName(file.Name) is not null)
        {
            return (MigrationTool.Flyway, "");
        }

        var name = file.Name.ToLowerInvariant();
        var digits = FileName.Digits(FileName.Name(file.Folder), 0);
        if (name == "migration.sql" && digits > 0)
        {
            return (MigrationTool.Prisma, FileName.Folder(file.Folder));
        }

        if (name == "up.sql" && digits >= 4)
        {
            return (digits is 13 ? MigrationTool.Hasura : MigrationTool.Diesel, FileName.Folder(file.Folder));
        }

        if (name.EndsWith(".up.sql", StringComparison.Ordinal)
            || (name.EndsWith("_up.sql", StringComparison.Ordinal) && _paths.Contains(file.Path.Substring(0, file.Path.Length - 6) + "down.sql")))
        {
            return (MigrationTool.UpDown, file.Folder);
        }

        for (var i = file.Folders.Length - 1; i >= 0; i--)
        {
            if (FileName.Is(file.Folders[i], "deploy") && file.Ancestor(i) is var above
                && (_folders.Contains(FileName.Join(above, "revert")) || _folders.Contains(FileName.Join(above, "verify")) || _paths.Contains(FileName.Join(above, "sqitch.plan"))))
            {
                return (MigrationTool.Sqitch, above);
            }

            if (ToolRules.GrateFolder(file.Folders[i]) >= 0 && _grateRoots.Contains(file.Ancestor(i)))
            {
                return (MigrationTool.Grate, file.Ancestor(i));
            }
        }

        return null;
    }

    /// <summary>The folders that hold what only grate has, or its <c>up</c> beside another folder of its own.</summary>
    private HashSet<string> GrateRoots()
    {
        var names = new Dictionary<string, HashSet<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in _files)
        {
            for (var i = 0; i < file.Folders.Length; i++)
            {
                if (ToolRules.GrateFolder(file.Folders[i]) >= 0)
                {
                    var root = file.Ancestor(i);
                    if (!names.TryGetValue(root, out var folders))
                    {
                        names.Add(root, folders = new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                    }

                    folders.Add(file.Folders[i]);
                }
            }
        }

        return new HashSet<string>(
            names.Where(root => root.Value.Any(ToolRules.IsGrateOnly) || (root.Value.Contains("up") && (root.Value.Count > 1 || _options.Runner == MigrationTool.Grate)))
                .Select(root => root.Key),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The topmost folder above a file that is named as the home of migrations, or the folder that the options name.</summary>
    private string? MigrationsFolder(MigrationEntry file)
    {
        if (_namedFolder(file) is { } named)
        {
            return named;
        }

        if (_common is not null && IsHome(FileName.Name(_common)))
        {
            return _common;
        }

        var index = Array.FindIndex(file.Folders, IsHome);
        return index < 0 ? null : file.Ancestor(index + 1);

        static bool IsHome(string folder) => folder.ToLowerInvariant() is "migrations" or "migration" or "changelog" or "changelogs";
    }

    /// <summary>
    /// Flyway merges all folders below those it is pointed at, which its settings tell, not the files: the folder named migrations, else folders that
    /// stand below or beside each other. Two files of one version cannot be one set.
    /// </summary>
    private IEnumerable<MigrationGroup> Flyway(List<MigrationEntry> files)
    {
        var groups = new List<MigrationGroup>();
        foreach (var home in files.GroupBy(file => MigrationsFolder(file) ?? file.Folder, StringComparer.OrdinalIgnoreCase))
        {
            if (AreDistinct(home))
            {
                groups.Add(new MigrationGroup(MigrationTool.Flyway, home.Key, home));
            }
            else
            {
                groups.AddRange(home.GroupBy(file => file.Folder, StringComparer.OrdinalIgnoreCase).Select(folder => new MigrationGroup(MigrationTool.Flyway, folder.Key, folder)));
            }
        }

        groups = Merge(groups, group => groups.Where(other => other != group && FileName.IsIn(group.Root, other.Root)).OrderBy(other => other.Root.Length).FirstOrDefault()?.Root);
        groups = Merge(groups, group => groups.Count(other => FileName.Folder(other.Root) == FileName.Folder(group.Root)) > 1 ? FileName.Folder(group.Root) : null);
        var tool = _options.Runner == MigrationTool.Evolve ? MigrationTool.Evolve : MigrationTool.Flyway;
        foreach (var group in groups)
        {
            group.Tool = group.Files.Any(file => file.Text.Mark == MigrationTool.Evolve) ? MigrationTool.Evolve : tool;
        }

        return groups;
    }

    private static List<MigrationGroup> Merge(List<MigrationGroup> groups, Func<MigrationGroup, string?> target)
    {
        if (groups.Count < 2)
        {
            return groups;
        }

        var merged = new List<MigrationGroup>();
        foreach (var root in groups.GroupBy(group => target(group) ?? group.Root, StringComparer.OrdinalIgnoreCase).ToList())
        {
            var files = root.SelectMany(group => group.Files).ToList();
            if (root.Count() > 1 && AreDistinct(files))
            {
                merged.Add(new MigrationGroup(MigrationTool.Flyway, root.Key, files));
            }
            else
            {
                merged.AddRange(root);
            }
        }

        return merged;
    }

    private static bool AreDistinct(IEnumerable<MigrationEntry> files)
    {
        var versions = new HashSet<string>(StringComparer.Ordinal);
        return files.Select(file => ToolRules.FlywayName(file.Name)!.Value).Where(name => name.Kind is 'V' or 'B')
            .All(name => versions.Add(name.Kind + string.Join(".", name.Version.Split('.', '_').Select(part => part.TrimStart('0')))));
    }

    private IEnumerable<MigrationGroup> Plain(List<MigrationEntry> files)
    {
        var direct = files.Where(file => file.Text.HasDefinitions)
            .ToLookup(file => IsLikeNumbered(file), file => file.Folder).ToDictionary(kind => kind.Key, kind => new HashSet<string>(kind, StringComparer.OrdinalIgnoreCase));
        foreach (var home in files.GroupBy(Home, StringComparer.OrdinalIgnoreCase))
        {
            if (_options.Runner == MigrationTool.DbUp)
            {
                yield return new MigrationGroup(MigrationTool.DbUp, home.Key, home);
                continue;
            }

            var prefixes = home.Select(file => Prefix(file.Name)).Where(prefix => prefix is not null).GroupBy(prefix => prefix, StringComparer.OrdinalIgnoreCase)
                .Where(prefix => prefix.Count() > 1 || prefix.Key!.ToLowerInvariant() is "" or "v" or "script" or "migration" or "patch" or "m")
                .Select(prefix => prefix.Key!).ToList();
            var parts = home.ToLookup(file => IsNumbered(file, home.Key, prefixes));
            if (parts[true].Any())
            {
                yield return new MigrationGroup(MigrationTool.Numbered, home.Key, parts[true]);
            }

            if (parts[false].Any())
            {
                yield return new MigrationGroup(MigrationTool.Unordered, home.Key, parts[false]);
            }
        }

        // A picture of the schema in the folder above is no reason to take its folder for that of the steps.
        bool IsLikeNumbered(MigrationEntry file) => _options.Runner != MigrationTool.DbUp && Prefix(file.Name) is not null;

        // The folder named migrations, else the topmost one that holds such files itself.
        string Home(MigrationEntry file)
        {
            if (MigrationsFolder(file) is { } folder)
            {
                return folder;
            }

            for (var i = 0; i < file.Folders.Length; i++)
            {
                if (direct.TryGetValue(IsLikeNumbered(file), out var folders) && folders.Contains(file.Ancestor(i)))
                {
                    return file.Ancestor(i);
                }
            }

            return file.Folder;
        }
    }

    private static bool IsNumbered(MigrationEntry file, string root, List<string> prefixes)
    {
        var within = FileName.Within(file.Path, root);
        return (Prefix(file.Name) is { } prefix && prefixes.Contains(prefix, StringComparer.OrdinalIgnoreCase))
            || (within.IndexOf('/') > 0 && FileName.IsDigit(within[0]));
    }

    /// <summary>The word before the number of a name; empty where the number comes first, null without a number.</summary>
    private static string? Prefix(string name)
    {
        var start = FileName.NumberStart(name);
        return start < 0 ? null : name.Substring(0, start).TrimEnd('-', '_', ' ', '.');
    }
}
