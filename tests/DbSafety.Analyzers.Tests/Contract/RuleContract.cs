using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>What belongs to each rule: a class in its room, a page, tests, a place in the sample, a release note, and a fix if the page says so.</summary>
/// <param name="root">The repository's folder.</param>
/// <param name="rules">The rules.</param>
/// <param name="fixableIds">The ids that fixes take.</param>
internal sealed class RuleContract(string root, ImmutableArray<Rule> rules, ImmutableHashSet<string> fixableIds)
{
    /// <summary>The categories by the first digit of their ids, from 1.</summary>
    public static ImmutableArray<string> Categories { get; } =
        ImmutableArray.Create("Injection", "RoundTrips", "Transactions", "Indexes", "Integrity", "Alignment", "Operations");

    /// <summary>The headings of a page; one of each row.</summary>
    private static readonly string[][] s_headings =
        [["## What is flagged"], ["## Why"], ["## Before and after", "## Fix"], ["## When to suppress"], ["## Options"]];

    public IEnumerable<string> Problems() =>
        rules.SelectMany(rule => Class(rule).Concat(Page(rule)).Concat(Tests(rule)).Concat(Sample(rule)).Concat(Release(rule)))
            .Concat(OneClassPerId())
            .Concat(OneIdPerClass())
            .Concat(fixableIds.Except(rules.Select(rule => rule.Id)).Order().Select(id => $"{id}: a fix takes it, and no rule reports it."));

    private IEnumerable<string> OneClassPerId() =>
        rules.GroupBy(rule => rule.Id).Where(group => group.Count() > 1).Select(group => $"{group.Key}: reported by {Names(group.Select(rule => rule.Name))}.");

    private IEnumerable<string> OneIdPerClass() =>
        rules.GroupBy(rule => rule.Class).Where(group => group.Count() > 1).Select(group => $"{group.Key}: reports {Names(group.Select(rule => rule.Id))}.");

    private static IEnumerable<string> Class(Rule rule)
    {
        var category = rule.Descriptor.Category;
        if (!Regex.IsMatch(rule.Id, "^DBS[1-7][0-9]{3}$") || Categories[rule.Id[3] - '1'] != category)
        {
            yield return $"{rule.Id}: the category is {category}, which is not that of the id's first digit.";
        }

        if (rule.Class.Namespace != $"DbSafety.Analyzers.Rules.{category}")
        {
            yield return $"{rule.Id}: {rule.Class} does not stand in DbSafety.Analyzers.Rules.{category}.";
        }

        if (!rule.Class.IsSealed)
        {
            yield return $"{rule.Id}: {rule.Name} is not sealed.";
        }
    }

    private IEnumerable<string> Page(Rule rule)
    {
        if (Read(rule.Page) is not { } page)
        {
            return [$"{rule.Id}: {rule.Page} is missing."];
        }

        var lines = page.Split('\n').Select(line => line.TrimEnd()).ToList();
        var problems = s_headings.Where(options => !options.Any(lines.Contains))
            .Select(options => $"{rule.Id}: {rule.Page} has no '{string.Join("' or '", options)}'.").ToList();
        if (lines[0] != $"# {rule.Id} {rule.Name}")
        {
            problems.Add($"{rule.Id}: {rule.Page} does not begin with '# {rule.Id} {rule.Name}'.");
        }

        var empty = lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Where(heading => Section(lines, heading).Count == 0);
        problems.AddRange(empty.Select(heading => $"{rule.Id}: {rule.Page} says nothing below '{heading}'."));

        // "## Fix" promises one, unless it says "None".
        var promised = lines.Contains("## Fix") && Section(lines, "## Fix") is [var first, ..] && !first.StartsWith("None", StringComparison.OrdinalIgnoreCase);
        if (promised != fixableIds.Contains(rule.Id))
        {
            problems.Add(promised
                ? $"{rule.Id}: {rule.Page} promises a fix below '## Fix', and no CodeFixProvider takes {rule.Id}."
                : $"{rule.Id}: a CodeFixProvider takes it, and {rule.Page} has no '## Fix' that tells what it does.");
        }

        return problems;
    }

    private static List<string> Section(List<string> lines, string heading) =>
        lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)).Where(line => line != "").ToList();

    private IEnumerable<string> Tests(Rule rule)
    {
        var path = $"tests/DbSafety.Analyzers.Tests/Rules/{rule.Descriptor.Category}/{rule.Name}Tests.cs";
        if (Read(path) is not { } text)
        {
            yield return $"{rule.Id}: {path} is missing.";
            yield break;
        }

        // A place where a diagnostic is expected is marked [|..|] or {|..|}; a test without a mark expects silence.
        var methods = CSharpSyntaxTree.ParseText(text, SourceText.Options).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(method => method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory"))
            .ToList();
        // What a rule about the project says has no place to be marked at: a test expects it as a whole, by itself or through a helper.
        var helpers = methods.SelectMany(method => method.SyntaxTree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()).Distinct()
            .Where(method => method.ToString().Contains("ExpectedDiagnostics.Add(", StringComparison.Ordinal)).Select(method => method.Identifier.ValueText + "(").ToList();
        bool IsReporting(MethodDeclarationSyntax method) => rule.IsOfProject ? helpers.Any(method.ToString().Contains) : HasMark(method.ToString());

        var reporting = methods.Count(IsReporting);
        if (reporting == 0)
        {
            yield return $"{rule.Id}: {path} has no test that expects a report.";
        }

        if (!methods.Any(method => !IsReporting(method) || HasSilentCase(method)))
        {
            yield return $"{rule.Id}: {path} has no test that expects silence.";
        }
    }

    private static bool HasSilentCase(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "InlineData" && !HasMark(attribute.ToString()))
        && !HasMark(method.Body?.ToString() ?? method.ExpressionBody?.ToString() ?? "");

    private static bool HasMark(string text) => text.Contains("[|", StringComparison.Ordinal) || text.Contains("{|", StringComparison.Ordinal);

    private IEnumerable<string> Sample(Rule rule)
    {
        string[] kinds = rule.IsOfProject ? [".md"] : [".cs", ".sql", ".json", ".csproj"];
        var files = Repository.Files(Path.Combine(root, "samples", "LessonPlatform"), kinds);
        if (!files.Any(file => File.ReadAllText(file).Contains(rule.Id, StringComparison.Ordinal)))
        {
            yield return $"{rule.Id}: samples/LessonPlatform has no {(rule.IsOfProject ? "page that names" : "place marked")} {rule.Id}.";
        }
    }

    private IEnumerable<string> Release(Rule rule)
    {
        var notes = Read("src/DbSafety.Analyzers/Rules/AnalyzerReleases.Shipped.md") + Read("src/DbSafety.Analyzers/Rules/AnalyzerReleases.Unshipped.md");
        if (!Regex.IsMatch(notes, $@"^{rule.Id}\s*\|", RegexOptions.Multiline))
        {
            yield return $"{rule.Id}: neither AnalyzerReleases.Shipped.md nor AnalyzerReleases.Unshipped.md lists it.";
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);

    private string? Read(string path)
    {
        var file = Path.Combine(root, path);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }
}
