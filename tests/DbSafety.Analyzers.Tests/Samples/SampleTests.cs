using System.Text.Json;
using System.Text.RegularExpressions;
using DbSafety.Analyzers.Tests.Contract;

namespace DbSafety.Analyzers.Tests.Samples;

/// <summary>The sample, built as a user builds: each of its marks is found, at the marked characters, and nothing else.</summary>
public sealed partial class SampleTests
{
    [Fact]
    public async Task The_sample_reports_what_it_marks()
    {
        var project = Path.Combine(Repository.Root, "samples", "LessonPlatform");
        var marked = Repository.Files(project, ".cs").SelectMany(file => Marks(project, file)).Order(StringComparer.Ordinal).ToList();
        Assert.True(marked.Count > 40, $"Only {marked.Count} marks were read.");
        var found = (await FindingsAsync(project)).Order(StringComparer.Ordinal).ToList();
        Repository.AssertNone(marked.Except(found).Select(mark => "not found: " + mark)
            .Concat(found.Except(marked).Select(finding => "not marked: " + finding))
            .Concat(found.GroupBy(finding => finding).Where(group => group.Count() > 1).Select(group => "twice: " + group.Key)));
    }

    // file(line,column,line,column): id
    private static IEnumerable<string> Marks(string project, string file)
    {
        var name = Path.GetRelativePath(project, file).Replace('\\', '/');
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            if (Carets().Match(lines[i]) is { Success: true } carets)
            {
                var line = i;
                while (Carets().IsMatch(lines[line]))
                {
                    line--;
                }

                var place = carets.Groups["carets"];
                yield return $"{name}({line + 1},{place.Index + 1},{line + 1},{place.Index + place.Length + 1}): {carets.Groups["id"].Value}";
            }
            else if (Above().Match(lines[i]) is { Success: true } above)
            {
                var line = i - int.Parse(above.Groups["up"].Value);
                var text = above.Groups["text"].Value;
                var column = lines[line].IndexOf(text, StringComparison.Ordinal);
                Assert.True(column >= 0 && lines[line].IndexOf(text, column + 1, StringComparison.Ordinal) < 0, $"{name}({i + 1}): '{text}' must stand once on line {line + 1}.");
                yield return $"{name}({line + 1},{column + 1},{line + 1},{column + text.Length + 1}): {above.Groups["id"].Value}";
            }
        }
    }

    private static async Task<List<string>> FindingsAsync(string project)
    {
        var folder = Directory.CreateTempSubdirectory("dbsafety-sample-");
        try
        {
            var log = Path.Combine(folder.FullName, "findings.sarif");
            await Builds.RunAsync(project, "build", project, "--no-incremental", "-nologo", "-v:q", "-nodeReuse:false", "--artifacts-path", Path.Combine(folder.FullName, "out"),
                $"-p:ErrorLog={log}%2Cversion=2.1");
            using var sarif = JsonDocument.Parse(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
            var findings = new List<string>();
            foreach (var result in sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray())
            {
                var id = result.GetProperty("ruleId").GetString()!;
                if (!id.StartsWith("DBS", StringComparison.Ordinal) || (result.TryGetProperty("suppressions", out var suppressions) && suppressions.GetArrayLength() > 0))
                {
                    Assert.False(id is "AD0001" or "CS8032" or "CS8034", result.ToString());
                    continue;
                }

                var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
                var file = Path.GetRelativePath(project, new Uri(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!).LocalPath).Replace('\\', '/');
                var region = place.GetProperty("region");
                findings.Add($"{file}({Number("startLine")},{Number("startColumn")},{Number("endLine")},{Number("endColumn")}): {id}");

                int Number(string property) => region.GetProperty(property).GetInt32();
            }

            return findings;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^\s*//\s*(?<carets>\^+) (?<id>DBS\d{4})\s*$")]
    private static partial Regex Carets();

    [GeneratedRegex(@"^\s*// (?<id>DBS\d{4})@-(?<up>\d+): (?<text>.+)$")]
    private static partial Regex Above();
}
