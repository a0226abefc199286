using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests.Contract;

public sealed class PresetTests
{
    public static TheoryData<string> Names { get; } = [.. Presets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_is_what_the_descriptors_give(string preset)
    {
        var file = Path.Combine(Repository.Root, "nuget", "presets", preset + ".globalconfig");
        var expected = Presets.Generate(preset, RuleCatalog.Rules.Select(rule => rule.Descriptor));
        if (Repository.IsRegenerating)
        {
            File.WriteAllText(file, expected);
            return;
        }

        Assert.True(File.Exists(file) && File.ReadAllText(file) == expected, $"nuget/presets/{preset}.globalconfig is stale. {Repository.HowToRegenerate}");
    }

    [Fact]
    public void There_is_no_other_file() =>
        Assert.Equal(
            Presets.Names.Select(name => name + ".globalconfig").Order(),
            Directory.GetFiles(Path.Combine(Repository.Root, "nuget", "presets")).Select(Path.GetFileName).Order());

    [Theory]
    [InlineData("recommended", DiagnosticSeverity.Warning, true, "# dotnet_diagnostic.DBS1001.severity = warning")]
    [InlineData("recommended", DiagnosticSeverity.Info, true, "# dotnet_diagnostic.DBS1001.severity = suggestion")]
    [InlineData("strict", DiagnosticSeverity.Warning, true, "# dotnet_diagnostic.DBS1001.severity = warning")]
    [InlineData("strict", DiagnosticSeverity.Error, true, "# dotnet_diagnostic.DBS1001.severity = error")]
    [InlineData("strict", DiagnosticSeverity.Info, true, "dotnet_diagnostic.DBS1001.severity = warning")]
    [InlineData("strict", DiagnosticSeverity.Warning, false, "# dotnet_diagnostic.DBS1001.severity = none")]
    [InlineData("none", DiagnosticSeverity.Error, true, "dotnet_diagnostic.DBS1001.severity = none")]
    public void A_severity_that_is_the_default_is_a_comment(string preset, DiagnosticSeverity severity, bool isEnabled, string line) =>
        Assert.Equal(line, Presets.Generate(preset, [TestDescriptor.Create("DBS1001", "Injection", severity, isEnabled)]).TrimEnd().Split('\n')[^1]);
}
