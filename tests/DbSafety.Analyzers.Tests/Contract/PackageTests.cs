using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>What the packed package holds. <c>DBSAFETY_PACKAGE</c> names the file; without it there is nothing to look at.</summary>
public sealed class PackageTests
{
    private static readonly string[] s_assemblies = ["DbSafety.Analyzers", "DbSafety.CodeFixes", "DbSafety.Sql"];

    [Fact]
    public void Holds_these_files_and_no_others()
    {
        using var package = Open();
        var files = package.Entries.Select(entry => entry.FullName).Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
            && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml");
        Assert.Equal(
            s_assemblies.Select(name => $"analyzers/dotnet/cs/{name}.dll")
                .Concat(Presets.Names.Select(name => $"presets/{name}.globalconfig"))
                .Concat(["DbSafety.Analyzers.nuspec", "README.md", "icon.png"])
                .Concat(["build/DbSafety.Analyzers.props", "build/DbSafety.Analyzers.targets", "buildMultiTargeting/DbSafety.Analyzers.targets"])
                .Concat(["buildTransitive/DbSafety.Analyzers.props", "buildTransitive/DbSafety.Analyzers.targets"])
                .Order(StringComparer.Ordinal),
            files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Depends_on_nothing_and_ends_in_no_program()
    {
        using var package = Open();
        using var stream = package.GetEntry("DbSafety.Analyzers.nuspec")!.Open();
        var elements = XDocument.Load(stream).Root!.Elements().Single().Elements().ToDictionary(element => element.Name.LocalName);
        Assert.Equal("DbSafety.Analyzers", elements["id"].Value);
        Assert.Equal("true", elements["developmentDependency"].Value);
        Assert.Equal("MIT", elements["license"].Value);
        Assert.Equal("expression", elements["license"].Attribute("type")!.Value);
        Assert.Equal("icon.png", elements["icon"].Value);
        Assert.Equal("README.md", elements["readme"].Value);
        Assert.False(elements.TryGetValue("dependencies", out var dependencies) && dependencies.Descendants().Any(element => element.Name.LocalName == "dependency"));
        Assert.False(elements.TryGetValue("repository", out var repository) && string.IsNullOrEmpty(repository.Attribute("url")?.Value));
    }

    [Fact]
    public void The_assemblies_have_one_version_and_their_symbols_inside()
    {
        using var package = Open();
        var versions = new HashSet<Version>();
        foreach (var name in s_assemblies)
        {
            using var stream = new MemoryStream();
            using (var entry = package.GetEntry($"analyzers/dotnet/cs/{name}.dll")!.Open())
            {
                entry.CopyTo(stream);
            }

            stream.Position = 0;
            using var file = new PEReader(stream);
            versions.Add(file.GetMetadataReader().GetAssemblyDefinition().Version);
            Assert.Contains(file.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        }

        Assert.Single(versions);
    }

    [Fact]
    public void The_address_of_the_repository_is_in_the_assembly_if_there_is_one()
    {
        using var package = Open();
        using var stream = package.GetEntry("DbSafety.Analyzers.nuspec")!.Open();
        var address = XDocument.Load(stream).Descendants().FirstOrDefault(element => element.Name.LocalName == "repository")?.Attribute("url")?.Value;
        var metadata = RuleCatalog.Analyzers.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(attribute => attribute.Key == "RepositoryUrl");
        Assert.Equal(address, metadata?.Value);
    }

    [Fact]
    public void The_presets_are_those_of_the_repository()
    {
        using var package = Open();
        foreach (var name in Presets.Names.Select(name => $"presets/{name}.globalconfig"))
        {
            using var reader = new StreamReader(package.GetEntry(name)!.Open());
            Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "nuget", name)), reader.ReadToEnd());
        }
    }

    private static ZipArchive Open()
    {
        var file = Environment.GetEnvironmentVariable("DBSAFETY_PACKAGE");
        Assert.SkipWhen(string.IsNullOrEmpty(file), "DBSAFETY_PACKAGE names no package.");
        return ZipFile.OpenRead(file!);
    }
}
