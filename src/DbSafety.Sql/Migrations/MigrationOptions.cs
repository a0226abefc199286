using System.Collections.Immutable;

namespace DbSafety.Sql.Migrations;

/// <summary>What is known about the migrations of a project besides its files.</summary>
public sealed record MigrationOptions
{
    /// <summary>Nothing is known.</summary>
    public static readonly MigrationOptions None = new();

    /// <summary>The folder of the project, where the paths of its files are absolute; null where they are relative to it.</summary>
    public string? ProjectFolder { get; init; }

    /// <summary>The folders that hold the migrations, absolute or relative to the project; where there are any, no other file counts.</summary>
    public ImmutableArray<string> Folders { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The tool that the project references, where files of several tools look alike: DbUp, Evolve, grate.</summary>
    public MigrationTool? Runner { get; init; }

    /// <summary>Whether the project may tell DbUp to run scripts in transactions, which it does not do by itself.</summary>
    public bool UsesTransactions { get; init; }
}
