using System.Text.Json;
using DbSafety.Analyzers.Tests.Contract;

namespace DbSafety.Analyzers.Tests.Samples;

/// <summary>What a build of the sample, as a user builds, reports. It takes long, and all tests share one.</summary>
internal static class SampleBuild
{
    private static readonly Lazy<Task<List<SampleFinding>>> s_findings = new(BuildAsync);

    /// <summary>The folder of the sample.</summary>
    public static string Project { get; } = Path.Combine(Repository.Root, "samples", "LessonPlatform");

    /// <summary>What is reported and not suppressed.</summary>
    public static Task<List<SampleFinding>> FindingsAsync() => s_findings.Value.WaitAsync(TestContext.Current.CancellationToken);

    private static async Task<List<SampleFinding>> BuildAsync()
    {
        var folder = Directory.CreateTempSubdirectory("dbsafety-sample-");
        try
        {
            var log = Path.Combine(folder.FullName, "findings.sarif");
            await Builds.RunAsync(Project, "build", Project, "--no-incremental", "-nologo", "-v:q", "-nodeReuse:false", "--artifacts-path", Path.Combine(folder.FullName, "out"),
                $"-p:ErrorLog={log}%2Cversion=2.1");
            using var sarif = JsonDocument.Parse(await File.ReadAllTextAsync(log));
            var findings = new List<SampleFinding>();
            foreach (var result in sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray())
            {
                var id = result.GetProperty("ruleId").GetString()!;
                if (!id.StartsWith("DBS", StringComparison.Ordinal) || (result.TryGetProperty("suppressions", out var suppressions) && suppressions.GetArrayLength() > 0))
                {
                    Assert.False(id is "AD0001" or "CS8032" or "CS8034", result.ToString());
                    continue;
                }

                var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
                var file = Path.GetRelativePath(Project, new Uri(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!).LocalPath).Replace('\\', '/');
                var region = place.GetProperty("region");
                findings.Add(new SampleFinding(
                    $"{file}({Number("startLine")},{Number("startColumn")},{Number("endLine")},{Number("endColumn")})", id, result.GetProperty("message").GetProperty("text").GetString()!));

                int Number(string property) => region.GetProperty(property).GetInt32();
            }

            return findings;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>One diagnostic.</summary>
/// <param name="Place"><c>file(line,column,line,column)</c></param>
/// <param name="Id">The rule.</param>
/// <param name="Message">What it says.</param>
internal sealed record SampleFinding(string Place, string Id, string Message);
