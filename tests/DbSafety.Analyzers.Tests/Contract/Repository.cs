namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>The files of this repository, which the contract is about.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Whether this run writes the generated files instead of comparing them.</summary>
    public static bool IsRegenerating => Environment.GetEnvironmentVariable("DBSAFETY_REGENERATE") == "1";

    /// <summary>What to say where a generated file is stale.</summary>
    public const string HowToRegenerate = "Run `DBSAFETY_REGENERATE=1 dotnet test tests/DbSafety.Analyzers.Tests` to write it.";

    /// <summary>The files below a folder with one of the extensions, without what a build leaves there.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <param name="extensions">The extensions with their dots.</param>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => extensions.Contains(Path.GetExtension(file)))
                .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                .Order(StringComparer.Ordinal)
            : [];

    /// <summary>Fails with all problems at once.</summary>
    public static void AssertNone(IEnumerable<string> problems)
    {
        var all = problems.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DbSafety.Analyzers.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds DbSafety.Analyzers.sln.");
    }
}
