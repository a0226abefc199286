using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests.Contract;

public sealed class RuleContractTests
{
    [Fact]
    public void Every_rule_has_its_class_page_tests_sample_and_release_note() =>
        Repository.AssertNone(new RuleContract(Repository.Root, RuleCatalog.Rules, RuleCatalog.FixableIds).Problems());

    [Fact]
    public void Every_descriptor_is_reported_by_a_rule() =>
        Repository.AssertNone(RuleCatalog.Declared.Except(RuleCatalog.Rules.Select(rule => rule.Descriptor)).Select(descriptor => $"{descriptor.Id}: no rule reports it."));

    [Fact]
    public void The_table_in_the_readme_is_that_of_the_descriptors()
    {
        var file = Path.Combine(Repository.Root, "README.md");
        Assert.SkipUnless(File.Exists(file) || !RuleCatalog.Rules.IsEmpty, "There is neither a rule nor a README.md.");
        var readme = File.ReadAllText(file);
        var expected = RuleTable.Insert(readme, RuleTable.Generate(RuleCatalog.Rules, RuleCatalog.FixableIds));
        Assert.True(expected is not null, $"README.md has no place between '{RuleTable.Begin}' and '{RuleTable.End}'.");
        if (Repository.IsRegenerating)
        {
            File.WriteAllText(file, expected);
            return;
        }

        Assert.True(expected == readme, $"The table of rules in README.md is stale. {Repository.HowToRegenerate}");
    }

    [Fact]
    public void The_checks_see_what_is_missing()
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var wrong = new Rule(Descriptor("DBS2001", "Injection"), typeof(RuleContractTests));
            var problems = new RuleContract(root, ImmutableArray.Create(wrong, wrong), ImmutableHashSet.Create("DBS1999")).Problems().ToList();
            Assert.All(
                new[]
                {
                    "category is Injection", "does not stand in DbSafety.Analyzers.Rules.Injection", "RuleContractTests.md is missing", "RuleContractTestsTests.cs is missing",
                    "no place marked", "AnalyzerReleases", "reported by RuleContractTests, RuleContractTests", "reports DBS2001, DBS2001", "DBS1999: a fix takes it",
                },
                expected => Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void The_checks_see_what_a_page_and_a_test_lack()
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var rule = new Rule(Descriptor("DBS1001", "Injection"), typeof(RuleContractTests));
            Write(rule.Page, "# DBS1002 RuleContractTests\n\n## What is flagged\n\n## Why\n\nBecause.\n\n## Fix\n\nPasses a parameter.\n");
            Write("tests/DbSafety.Analyzers.Tests/Rules/Injection/RuleContractTestsTests.cs", "class A { [Fact] void Silent() => Verify(\"a\"); }");
            var problems = new RuleContract(root, ImmutableArray.Create(rule), ImmutableHashSet<string>.Empty).Problems().ToList();
            Assert.All(
                new[] { "does not begin with", "says nothing below '## What is flagged'", "no '## Options'", "promises a fix", "no test that expects a report" },
                expected => Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal)));
            Assert.DoesNotContain(problems, problem => problem.Contains("expects silence", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        void Write(string path, string text)
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    [Fact]
    public void The_table_names_id_page_severity_title_and_fix() =>
        Assert.Equal(
            "| [DBS1001](src/DbSafety.Analyzers/Rules/Injection/RuleContractTests.md) | RuleContractTests | Warning | A title | yes |",
            RuleTable.Generate(
                ImmutableArray.Create(new Rule(Descriptor("DBS1001", "Injection"), typeof(RuleContractTests))), ImmutableHashSet.Create("DBS1001")).Split('\n')[2]);

    private static DiagnosticDescriptor Descriptor(string id, string category) => TestDescriptor.Create(id, category, DiagnosticSeverity.Warning);
}
