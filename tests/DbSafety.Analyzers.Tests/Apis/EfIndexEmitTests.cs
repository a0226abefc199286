using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Apis;

public sealed class EfIndexEmitTests
{
    private static readonly EmitName[] s_names = [.. typeof(EfIndexEmit).GetProperties().Select(property => property.GetValue(null)).OfType<EmitName>()];

    [Fact]
    public void What_a_fix_writes_is_in_the_newest_version()
    {
        var compilation = CSharpCompilation.Create("Empty", references: References.Newest);
        Assert.Equal(6, s_names.Length);
        Assert.All(s_names, name => Assert.True(Has(compilation, name), name.Member));
        foreach (var type in new[] { EfIndexEmit.Configuration, EfIndexEmit.ModelBuilder })
        {
            Assert.NotNull(compilation.GetTypeByMetadataName(type));
        }

        Assert.NotEmpty(compilation.GetTypeByMetadataName(EfIndexEmit.Configuration)!.GetMembers(EfIndexEmit.Configure));
        Assert.NotEmpty(compilation.GetTypeByMetadataName(EfEmit.Set.Type)!.GetMembers(EfIndexEmit.OnModelCreating));
        Assert.All(
            new[] { EfIndexEmit.Entity, EfIndexEmit.ApplyConfiguration, EfIndexEmit.ApplyConfigurationsFromAssembly },
            member => Assert.NotEmpty(compilation.GetTypeByMetadataName(EfIndexEmit.ModelBuilder)!.GetMembers(member)));
    }

    [Fact]
    public void It_is_there_from_the_version_that_is_told_on()
    {
        foreach (var version in References.VersionsOf("Microsoft.EntityFrameworkCore"))
        {
            var compilation = CSharpCompilation.Create("Empty", references: References.EfCore(version));
            Assert.All(s_names.Where(name => name != EfIndexEmit.HasMethod && name != EfIndexEmit.HasOperators), name => Assert.Equal(name.Since is null || version >= name.Since, Has(compilation, name)));
        }
    }

    private static bool Has(Compilation compilation, EmitName name) =>
        compilation.GetTypeByMetadataName(name.Type)?.GetMembers(name.Member).Any(member => member.DeclaredAccessibility == Accessibility.Public) == true;
}
