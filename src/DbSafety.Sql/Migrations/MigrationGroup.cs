namespace DbSafety.Sql.Migrations;

/// <summary>A file in its place.</summary>
internal sealed class MigrationEntry(MigrationFile file, string path, string relative)
{
    public MigrationFile File { get; } = file;

    public MigrationText Text => File.Text;

    /// <summary>The path with forward slashes.</summary>
    public string Path { get; } = path;

    /// <summary>The path below the folder of the project, or below the nearest folder above that holds both.</summary>
    public string Relative { get; } = relative;

    public string Name { get; } = FileName.Name(path);

    public string Folder { get; } = FileName.Folder(path);

    /// <summary>The folders of <see cref="Relative"/>.</summary>
    public string[] Folders { get; } = FileName.Folder(relative).Split(['/'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The folder whose relative path has this many parts.</summary>
    public string Ancestor(int count)
    {
        var folder = Folder;
        for (var i = Folders.Length; i > count; i--)
        {
            folder = FileName.Folder(folder);
        }

        return folder;
    }
}

/// <summary>The files of one tool below one folder while their set is made.</summary>
internal sealed class MigrationGroup(MigrationTool tool, string root, IEnumerable<MigrationEntry> files)
{
    public MigrationTool Tool { get; set; } = tool;

    public string Root { get; } = root;

    public List<MigrationEntry> Files { get; } = files.ToList();

    /// <summary>The files that run once, in their order.</summary>
    public List<MigrationEntry> Versioned { get; set; } = new();

    /// <summary>What is replayed, in order.</summary>
    public List<MigrationEntry> Ordered { get; set; } = new();

    /// <summary>Whether names or marks tell the order, so that the files are steps, not a picture of the whole.</summary>
    public bool HasSteps => Tool != MigrationTool.Unordered;
}
