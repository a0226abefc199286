using System.Collections.Immutable;

namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>The table of rules in README.md.</summary>
internal static class RuleTable
{
    public const string Begin = "<!-- rules -->";

    public const string End = "<!-- /rules -->";

    /// <summary>The table, with a final line break.</summary>
    public static string Generate(ImmutableArray<Rule> rules, ImmutableHashSet<string> fixableIds) =>
        "| id | name | severity | what it reports | fix |\n|---|---|---|---|---|\n" + string.Concat(rules.Select(rule =>
            $"| [{rule.Id}]({rule.Page}) | {rule.Name} | {rule.Descriptor.DefaultSeverity} | {Cell(rule.Descriptor.Title.ToString())} | {(fixableIds.Contains(rule.Id) ? "yes" : "no")} |\n"));

    /// <summary>The readme with the table between the marks, or null where it has no marks.</summary>
    public static string? Insert(string readme, string table)
    {
        var begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        var end = readme.IndexOf(End, StringComparison.Ordinal);
        return begin < 0 || end < begin ? null : $"{readme[..(begin + Begin.Length)]}\n{table}{readme[end..]}";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
