using System.Diagnostics;

namespace DbSafety.Analyzers.Tests.Samples;

/// <summary>Builds as a user starts them.</summary>
internal static class Builds
{
    /// <summary>Runs <c>dotnet</c>, which must succeed, and gives what it prints.</summary>
    /// <param name="folder">Where it is started.</param>
    /// <param name="arguments">What it is told.</param>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };

        // What the build around this test told MSBuild is not for the build inside it.
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(variable);
        }

        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = build.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(build.ExitCode == 0, await output + await errors);
        return await output;
    }
}
