using System.Collections.Immutable;

namespace DbSafety.Sql.Migrations;

/// <summary>Finds the sets of migrations among the files of a project.</summary>
public static class MigrationSets
{
    /// <summary>
    /// Groups files by the tool that owns them and the folder it is pointed at, and puts each group in the order of its tool. Left out are files that
    /// undo others, files below folders for tests, files for other databases, and files that another file includes. The cost is that of the names: what
    /// the texts hold was found when their <see cref="MigrationText"/> was made.
    /// </summary>
    /// <param name="files">All files, in any order.</param>
    /// <param name="options">What else is known.</param>
    /// <returns>The sets in the order in which they are to be replayed: first pictures of a schema, then steps, then what needs both.</returns>
    public static ImmutableArray<MigrationSet> Of(IReadOnlyList<MigrationFile> files, MigrationOptions? options = null) =>
        new Reader(files, options ?? MigrationOptions.None).Read();

    private sealed class Reader
    {
        /// <summary>How many files may be taken in by others in one set: files that include each other twice and twice again end here.</summary>
        private const int MaxIncludes = 5000;

        private const int MaxIncludeDepth = 50;

        private readonly MigrationOptions _options;
        private readonly string _project;
        private readonly List<string> _namedFolders;
        private readonly List<MigrationEntry> _entries = new();
        private readonly Dictionary<string, MigrationEntry> _byPath = new(StringComparer.OrdinalIgnoreCase);

        public Reader(IReadOnlyList<MigrationFile> files, MigrationOptions options)
        {
            _options = options;
            var paths = files.Select(file => FileName.Normalize(file.Path)).ToList();
            _project = options.ProjectFolder is { } folder ? FileName.Normalize(folder).TrimEnd('/') : CommonFolder(paths);
            _namedFolders = options.Folders.Select(FileName.Normalize).Where(path => path.Trim('/', '.').Length > 0)
                .Select(path => (IsRooted(path) ? path : FileName.Normalize(FileName.Join(_project, path))).TrimEnd('/')).ToList();
            foreach (var (file, path) in files.Zip(paths, (file, path) => (file, path)).OrderBy(file => file.path, StringComparer.Ordinal))
            {
                if (!_byPath.ContainsKey(path))
                {
                    var entry = new MigrationEntry(file, path, Relative(path));
                    _entries.Add(entry);
                    _byPath.Add(path, entry);
                }
            }
        }

        public ImmutableArray<MigrationSet> Read()
        {
            var scripts = _entries.Where(entry => entry.Name.EndsWith(".sql", StringComparison.OrdinalIgnoreCase)).ToList();
            var candidates = scripts.Where(IsCandidate).ToList();
            var included = new HashSet<MigrationEntry>(candidates.SelectMany(file => file.Text.Includes.Select(include => Resolve(include, file))).OfType<MigrationEntry>());
            candidates.RemoveAll(included.Contains);

            var groups = ToolFinder.Find(candidates, scripts, _options, _options.ProjectFolder is null ? _project : null, NamedFolder);
            foreach (var group in groups)
            {
                RemoveForeign(group);
                MigrationOrder.Sort(group, Plan(group.Root));
            }

            groups.RemoveAll(group => group.Files.Count == 0);
            Snapshots.Choose(groups);
            return InOrder(groups).Select(Set).Where(set => !set.Scripts.IsEmpty || !set.Versioned.IsEmpty).ToImmutableArray();
        }

        private static bool IsRooted(string path) => path.Length > 0 && (path[0] == '/' || (path.Length > 1 && path[1] == ':'));

        private static string CommonFolder(List<string> paths)
        {
            var common = paths.Count == 0 ? "" : FileName.Folder(paths[0]);
            foreach (var path in paths)
            {
                while (!FileName.IsIn(path, common))
                {
                    common = FileName.Folder(common);
                }
            }

            return common;
        }

        /// <summary>The path below the project, or below the nearest folder above it.</summary>
        private string Relative(string path)
        {
            if (!IsRooted(path) && IsRooted(_project))
            {
                return path;
            }

            var folder = _project;
            while (!FileName.IsIn(path, folder))
            {
                folder = FileName.Folder(folder);
            }

            return FileName.Within(path, folder);
        }

        private string? NamedFolder(MigrationEntry entry) =>
            _namedFolders.Where(folder => FileName.IsIn(entry.Path, folder)).OrderByDescending(folder => folder.Length).FirstOrDefault();

        private bool IsCandidate(MigrationEntry entry)
        {
            if (ToolRules.IsRollbackFile(entry.Name) || ToolRules.IsForeignFile(entry.Name) || ToolRules.PostgreSqlTwins(entry.Path).Any(_byPath.ContainsKey)
                || (FileName.Stem(entry.Name) is var stem && stem.EndsWith("_down", StringComparison.OrdinalIgnoreCase)
                    && _byPath.ContainsKey(FileName.Join(entry.Folder, stem.Substring(0, stem.Length - 4) + "up.sql"))))
            {
                return false;
            }

            if (_namedFolders.Count > 0)
            {
                return NamedFolder(entry) is { } named
                    && !FileName.Within(entry.Folder, named).Split('/').Any(folder => ToolRules.IsRollbackFolder(folder));
            }

            return !entry.Folders.Any(folder => ToolRules.IsTestFolder(folder) || ToolRules.IsForeignFolder(folder) || ToolRules.IsRollbackFolder(folder))
                && !entry.Folders.Any(folder => FileName.Is(folder, "verify") && IsSqitch(entry));
        }

        private bool IsSqitch(MigrationEntry entry)
        {
            var above = entry.Ancestor(Array.FindIndex(entry.Folders, folder => FileName.Is(folder, "verify")));
            return _entries.Exists(other => FileName.IsIn(other.Folder, FileName.Join(above, "deploy")));
        }

        /// <summary>Leaves out what is certainly SQL of another database: the whole set, if much of it is and nothing in it is certainly PostgreSQL's.</summary>
        private void RemoveForeign(MigrationGroup group)
        {
            if (_namedFolders.Count > 0)
            {
                return;
            }

            var foreign = group.Files.Count(file => file.Text.IsForeign);
            if (foreign > 0 && foreign * 4 >= group.Files.Count(file => file.Text.HasDefinitions) && !group.Files.Exists(file => file.Text.IsPostgreSql))
            {
                group.Files.Clear();
            }

            group.Files.RemoveAll(file => file.Text.IsForeign);
        }

        private string? Plan(string root)
        {
            for (var folder = root; ; folder = FileName.Folder(folder))
            {
                if (_byPath.TryGetValue(FileName.Join(folder, "sqitch.plan"), out var plan))
                {
                    return plan.Text.Text;
                }

                if (folder.Length == 0)
                {
                    return null;
                }
            }
        }

        /// <summary>Pictures and loose tables come before steps; loose files that create no table come behind them.</summary>
        private static List<MigrationGroup> InOrder(List<MigrationGroup> groups)
        {
            if (!groups.Exists(group => group.HasSteps))
            {
                return groups;
            }

            var first = new List<MigrationGroup>();
            var last = new List<MigrationGroup>();
            foreach (var group in groups.Where(group => !group.HasSteps))
            {
                Add(first, group, group.Ordered.Where(file => file.Text.Phase < 2 || !file.Text.Includes.IsEmpty).ToList());
                Add(last, group, group.Ordered.Where(file => file.Text.Phase == 2 && file.Text.Includes.IsEmpty).ToList());
            }

            return first.Concat(groups.Where(group => group.HasSteps)).Concat(last).ToList();

            static void Add(List<MigrationGroup> target, MigrationGroup group, List<MigrationEntry> files)
            {
                if (files.Count > 0)
                {
                    target.Add(new MigrationGroup(group.Tool, group.Root, files) { Ordered = files, Versioned = files });
                }
            }
        }

        private MigrationSet Set(MigrationGroup group)
        {
            var scripts = ImmutableArray.CreateBuilder<MigrationScript>();
            var budget = MaxIncludes;
            var including = new List<MigrationEntry>();
            foreach (var file in group.Ordered)
            {
                Add(file, InTransaction(file, group.Tool));
            }

            return new MigrationSet(group.Tool, group.Root, group.Versioned.Select(file => file.File).ToImmutableArray(), scripts.ToImmutable(), InTransaction(group.Tool));

            void Add(MigrationEntry file, bool? inTransaction)
            {
                var text = file.Text;
                if (!text.HasDefinitions)
                {
                    return;
                }

                if (text.Includes.IsEmpty)
                {
                    scripts.Add(new MigrationScript(
                        file.File.Path, text.Source, inTransaction, text.Doubts.Select(doubt => new MigrationDoubt(doubt.Kind, file.File.Path, doubt.Span)).ToImmutableArray()));
                    return;
                }

                including.Add(file);
                var isDoubted = false;
                for (var i = 0; i < text.Parts.Length; i++)
                {
                    var from = i == 0 ? 0 : text.Includes[i - 1].Span.Start;
                    var to = i == text.Includes.Length ? int.MaxValue : text.Includes[i].Span.Start;
                    if (text.Parts[i].Text.Length > 0)
                    {
                        scripts.Add(new MigrationScript(
                            file.File.Path, text.Parts[i], inTransaction,
                            text.Doubts.Where(doubt => doubt.Span.Start >= from && doubt.Span.Start < to)
                                .Select(doubt => new MigrationDoubt(doubt.Kind, file.File.Path, doubt.Span)).ToImmutableArray()));
                    }

                    if (i == text.Includes.Length)
                    {
                        break;
                    }

                    var target = Resolve(text.Includes[i], file);
                    MigrationDoubtKind? kind = target is null ? MigrationDoubtKind.MissingInclude
                        : including.Contains(target) || including.Count > MaxIncludeDepth || --budget < 0 ? MigrationDoubtKind.EndlessInclude
                        : text.SetsSearchPath ? MigrationDoubtKind.IncludeAfterSearchPath
                        : null;
                    if (kind is { } reason && !isDoubted)
                    {
                        isDoubted = true;
                        scripts.Add(new MigrationScript(
                            file.File.Path, text.UnknownInclude, inTransaction, ImmutableArray.Create(new MigrationDoubt(reason, file.File.Path, text.Includes[i].Span))));
                    }

                    if (kind is null or MigrationDoubtKind.IncludeAfterSearchPath)
                    {
                        Add(target!, inTransaction);
                    }
                }

                including.RemoveAt(including.Count - 1);
            }
        }

        private bool? InTransaction(MigrationTool tool) => ToolRules.RunsInTransaction(tool, _options.UsesTransactions);

        private bool? InTransaction(MigrationEntry file, MigrationTool tool)
        {
            if (file.Text.RunsInTransaction is { } own)
            {
                return own;
            }

            var (path, setting) = tool switch
            {
                MigrationTool.Flyway => (file.Path + ".conf", "executeInTransaction=false"),
                MigrationTool.Diesel => (FileName.Join(file.Folder, "metadata.toml"), "run_in_transaction=false"),
                _ => ("", ""),
            };
            return path.Length > 0 && _byPath.TryGetValue(path, out var settings)
                && settings.Text.Text.Split('\n').Any(line => FileName.Is(line.Replace(" ", "").Replace("\t", "").Trim(), setting))
                ? false
                : InTransaction(tool);
        }

        /// <summary>The file that a command takes in: relative to its own file, else to where psql was started, which may be any folder above.</summary>
        private MigrationEntry? Resolve(ScriptInclude include, MigrationEntry file)
        {
            var path = include.Path.Replace('\\', '/');
            if (path.Length == 0)
            {
                return null;
            }

            if (IsRooted(path))
            {
                return _byPath.TryGetValue(FileName.Normalize(path), out var rooted) ? rooted : null;
            }

            if (include.IsRelative)
            {
                return At(file.Folder);
            }

            var found = At(_project);
            for (var folder = file.Folder; found is null; folder = FileName.Folder(folder))
            {
                found = At(folder);
                if (folder.Length == 0)
                {
                    break;
                }
            }

            return found;

            MigrationEntry? At(string folder) => _byPath.TryGetValue(FileName.Normalize(FileName.Join(folder, path)), out var entry) ? entry : null;
        }
    }
}
