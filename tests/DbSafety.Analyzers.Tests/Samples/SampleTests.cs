using System.Text.RegularExpressions;
using DbSafety.Analyzers.Tests.Contract;

namespace DbSafety.Analyzers.Tests.Samples;

/// <summary>The sample, built as a user builds: each of its marks is found, at the marked characters, and nothing else.</summary>
public sealed partial class SampleTests
{
    [Fact]
    public async Task The_sample_reports_what_it_marks()
    {
        var marked = Repository.Files(SampleBuild.Project, ".cs").Concat(Repository.Files(SampleBuild.Project, ".sql")).SelectMany(Marks).Order(StringComparer.Ordinal).ToList();
        Assert.True(marked.Count > 100, $"Only {marked.Count} marks were read.");
        var found = (await SampleBuild.FindingsAsync()).Select(finding => $"{finding.Place}: {finding.Id}").Order(StringComparer.Ordinal).ToList();
        Repository.AssertNone(marked.Except(found).Select(mark => "not found: " + mark)
            .Concat(found.Except(marked).Select(finding => "not marked: " + finding))
            .Concat(found.GroupBy(finding => finding).Where(group => group.Count() > 1).Select(group => "twice: " + group.Key)));
    }

    // file(line,column,line,column): id
    private static IEnumerable<string> Marks(string file)
    {
        var name = Path.GetRelativePath(SampleBuild.Project, file).Replace('\\', '/');
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

    [GeneratedRegex(@"^\s*(//|--)\s*(?<carets>\^+) (?<id>DBS\d{4})\s*$")]
    private static partial Regex Carets();

    [GeneratedRegex(@"^\s*(//|--) (?<id>DBS\d{4})@-(?<up>\d+): (?<text>.+)$")]
    private static partial Regex Above();
}
