using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Apis;

/// <summary>The names by which fixes know commands, and those that they write, are members of the real library.</summary>
public sealed class CommandMembersTests
{
    private static INamedTypeSymbol Type(string name, Version version) =>
        CSharpCompilation.Create("Empty", references: [.. References.Framework, References.Package("Npgsql", version)]).GetTypeByMetadataName(name)!;

    public static TheoryData<string> Versions => [.. References.VersionsOf("Npgsql").Select(version => version.ToString())];

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_types_are_known(string text)
    {
        var version = Version.Parse(text);
        Assert.True(CommandMembers.IsCommand(Type("Npgsql.NpgsqlCommand", version)));
        Assert.True(CommandMembers.IsConnection(Type("Npgsql.NpgsqlConnection", version)));
        Assert.True(CommandMembers.IsDataSource(Type("Npgsql.NpgsqlDataSource", version)));
        Assert.True(CommandMembers.IsParameter(Type("Npgsql.NpgsqlParameter", version)));
        Assert.False(CommandMembers.IsParameter(Type("Npgsql.NpgsqlParameter`1", version)));
        Assert.True(CommandMembers.IsParameters(Type("Npgsql.NpgsqlParameterCollection", version)));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_members_are_there(string text)
    {
        var version = Version.Parse(text);
        var command = Type("Npgsql.NpgsqlCommand", version).GetMembers();
        Assert.Equal(2, command.Select(member => member.Name).Where(CommandMembers.IsNonQuery).Distinct().Count());
        Assert.Equal(2, command.Select(member => member.Name).Where(CommandMembers.IsScalar).Distinct().Count());
        Assert.Equal(4, command.OfType<IPropertySymbol>().Select(member => member.Name).Where(CommandMembers.IsSetting).Distinct().Count());
        Assert.Equal(2, Type("Npgsql.NpgsqlDataReader", version).GetMembers().Select(member => member.Name).Where(CommandMembers.Reads).Distinct().Count());
        Assert.Contains(Type("Npgsql.NpgsqlConnection", version).GetMembers(), member => CommandMembers.MakesCommand(member.Name));
        Assert.Contains(Type("Npgsql.NpgsqlDataSource", version).GetMembers(), member => CommandMembers.MakesCommand(member.Name));
        Assert.NotEmpty(Type("Npgsql.NpgsqlDataSource", version).GetMembers(CommandMembers.CreateBatch));
        Assert.NotEmpty(Type("Npgsql.NpgsqlBatch", version).GetMembers(CommandMembers.BatchCommands));
        Assert.All(new[] { true, false }, isAsync => Assert.NotEmpty(Type("Npgsql.NpgsqlCommand", version).GetMembers(CommandMembers.Reader(isAsync))));
    }
}
