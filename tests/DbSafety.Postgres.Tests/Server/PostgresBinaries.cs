using System.Diagnostics;

namespace DbSafety.Postgres.Tests.Server;

/// <summary>Finds a complete PostgreSQL installation: a folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</summary>
internal static class PostgresBinaries
{
    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>The folder of the binaries, or null where there is none that runs.</summary>
    public static string? Find() => Candidates().Distinct().FirstOrDefault(IsComplete);

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

        // initdb looks for postgres beside itself, so a link in PATH counts for the folder that it points into.
        foreach (var program in path.SelectMany(folder => Needed.Select(name => Path.Combine(folder, name))).Where(File.Exists))
        {
            var target = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
            yield return Path.GetDirectoryName(target)!;
        }

        // A wrapper script in PATH can't be followed, but pg_config knows where the programs are.
        if (path.Any(folder => File.Exists(Path.Combine(folder, "pg_config"))) && Output("pg_config", "--bindir") is { } folderOfConfig)
        {
            yield return folderOfConfig;
        }

        // Debian keeps the server's programs out of PATH.
        const string debian = "/usr/lib/postgresql";
        if (Directory.Exists(debian))
        {
            var versions = Directory.GetDirectories(debian)
                .Select(folder => (Folder: folder, Version: int.TryParse(Path.GetFileName(folder), out var number) ? number : 0))
                .OrderByDescending(version => version.Version);
            foreach (var (folder, _) in versions)
            {
                yield return Path.Combine(folder, "bin");
            }
        }
    }

    private static bool IsComplete(string folder) =>
        Needed.All(name => File.Exists(Path.Combine(folder, name))) && Output(Path.Combine(folder, "postgres"), "--version") is not null;

    /// <summary>What a program writes, or null where it can't be run or fails.</summary>
    public static string? Output(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            return null;
        }
    }
}
