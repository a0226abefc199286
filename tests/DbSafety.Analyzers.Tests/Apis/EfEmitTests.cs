using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Apis;

public sealed class EfEmitTests
{
    [Fact]
    public void What_a_fix_writes_is_in_every_version()
    {
        var names = typeof(EfEmit).GetProperties().Select(property => property.GetValue(null)).OfType<EmitName>().ToArray();
        Assert.NotEmpty(names);
        foreach (var version in References.VersionsOf("Microsoft.EntityFrameworkCore"))
        {
            var compilation = CSharpCompilation.Create("Empty", references: References.EfCore(version));
            Assert.All(names, name => Assert.Contains(
                compilation.GetTypeByMetadataName(name.Type)!.GetMembers(name.Member), member => member.DeclaredAccessibility == Accessibility.Public));
        }
    }

    /// <summary>Each name of <see cref="EfOperators"/> that a chain may hold is an operator of LINQ or of EF Core.</summary>
    [Theory]
    [InlineData("AsNoTracking")]
    [InlineData("AsNoTrackingWithIdentityResolution")]
    [InlineData("AsTracking")]
    [InlineData("IgnoreQueryFilters")]
    [InlineData("IgnoreAutoIncludes")]
    [InlineData("TagWith")]
    [InlineData("ThenInclude")]
    public void An_operator_that_keeps_rows_is_one_of_EF_Core(string member)
    {
        Assert.True(EfOperators.KeepsRows(member));
        var compilation = CSharpCompilation.Create("Empty", references: References.Newest);
        Assert.Contains(compilation.GetTypeByMetadataName(EfEmit.Include.Type)!.GetMembers(member), method => method is IMethodSymbol { IsExtensionMethod: true });
    }

    [Theory]
    [InlineData("FirstOrDefaultAsync", EfAnswer.FirstOrDefault)]
    [InlineData("Count", EfAnswer.Count)]
    [InlineData("ToListAsync", EfAnswer.List)]
    [InlineData("SaveChangesAsync", EfAnswer.Save)]
    [InlineData("MaxAsync", EfAnswer.Other)]
    public void An_operator_gives_the_same_with_and_without_await(string member, EfAnswer answer) => Assert.Equal(answer, EfOperators.AnswerOf(member));
}
