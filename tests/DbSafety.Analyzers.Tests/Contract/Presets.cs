using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>
/// The presets of the package. A severity that equals the rule's own default stands there as a comment only: an entry for one id, at whatever
/// level, would hide what the user says about all rules or a category (<c>dotnet_analyzer_diagnostic..</c>).
/// </summary>
internal static class Presets
{
    public static ImmutableArray<string> Names { get; } = ImmutableArray.Create("recommended", "strict", "none");

    public static string Generate(string preset, IEnumerable<DiagnosticDescriptor> descriptors)
    {
        var text = new StringBuilder()
            .Append("# ").Append(preset).Append(": ").Append(Explain(preset)).Append('\n')
            .Append("# Generated from the rules. Lines that are comments name the default of a rule.\n")
            .Append("is_global = true\nglobal_level = -100\n");
        foreach (var category in descriptors.OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal).GroupBy(descriptor => descriptor.Category))
        {
            text.Append("\n# ").Append(category.Key).Append('\n');
            foreach (var descriptor in category)
            {
                var original = Default(descriptor);
                var severity = Severity(preset, original);
                text.Append(severity == original ? "# " : "").Append("dotnet_diagnostic.").Append(descriptor.Id).Append(".severity = ").Append(severity).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Explain(string preset) => preset switch
    {
        "recommended" => "each rule as it is by default.",
        "strict" => "suggestions are warnings.",
        "none" => "every rule is off; turn on those you want in .editorconfig or .globalconfig.",
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "Not a preset."),
    };

    private static string Severity(string preset, string original) => (preset, original) switch
    {
        ("none", _) => "none",
        ("strict", "suggestion") => "warning",
        _ => original,
    };

    private static string Default(DiagnosticDescriptor descriptor) => descriptor switch
    {
        { IsEnabledByDefault: false } => "none",
        { DefaultSeverity: DiagnosticSeverity.Error } => "error",
        { DefaultSeverity: DiagnosticSeverity.Warning } => "warning",
        { DefaultSeverity: DiagnosticSeverity.Info } => "suggestion",
        _ => "silent",
    };
}
