using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Apis;

/// <summary>The table of members that take no text, against the real assemblies.</summary>
public sealed class DbMemberTableTests
{
    private static readonly CSharpCompilation[] s_compilations =
        [CSharpCompilation.Create("Newest", references: References.Newest), CSharpCompilation.Create("Oldest", references: References.Oldest)];

    // EF Core 7 and 8 declare these there; the two ends of the range that is referenced here are before and behind them.
    private static bool IsOfTheMiddle(DbMember row) => row.Type.EndsWith("RelationalQueryableExtensions", StringComparison.Ordinal) && row.Member.StartsWith("Execute", StringComparison.Ordinal);

    public static TheoryData<DbMember> Rows() => [.. DbMemberTable.Rows.Where(row => !IsOfTheMiddle(row))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_names_what_exists(DbMember row) => Assert.Contains(s_compilations, compilation =>
        compilation.GetTypesByMetadataName(row.Type).Any(type => type.GetMembers(row.Member).OfType<IMethodSymbol>().Any(method => method.DeclaredAccessibility == Accessibility.Public)));

    [Fact]
    public void Each_asynchronous_operator_of_EF_Core_has_a_row()
    {
        var operators = s_compilations[0].GetTypesByMetadataName("Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions").Single().GetMembers().OfType<IMethodSymbol>()
            .Where(method => method.DeclaredAccessibility == Accessibility.Public && method.Name.EndsWith("Async", StringComparison.Ordinal)).Select(method => method.Name).Distinct();
        Assert.Empty(operators.Except(DbMemberTable.RowsByMember.Keys));
    }

    [Fact]
    public void Each_operator_that_gives_one_value_has_a_row()
    {
        var queryable = s_compilations[0].GetTypesByMetadataName("System.Linq.Queryable").Single(type => type.DeclaredAccessibility == Accessibility.Public);
        var operators = queryable.GetMembers().OfType<IMethodSymbol>()
            .Where(method => method.IsExtensionMethod && method.ReturnType is not INamedTypeSymbol { Name: "IQueryable" or "IOrderedQueryable" }).Select(method => method.Name).Distinct();
        Assert.Empty(operators.Except(DbMemberTable.RowsByMember.Keys));
    }
}
