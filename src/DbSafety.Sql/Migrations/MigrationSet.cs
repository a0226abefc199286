using System.Collections.Immutable;

namespace DbSafety.Sql.Migrations;

/// <summary>The files of one tool below one folder, and what of them makes up the schema.</summary>
public sealed class MigrationSet
{
    private readonly ImmutableArray<MigrationFile> _versioned;

    internal MigrationSet(MigrationTool tool, string root, ImmutableArray<MigrationFile> versioned, ImmutableArray<MigrationScript> scripts, bool? runsInTransaction)
    {
        Tool = tool;
        Root = root;
        _versioned = versioned;
        Scripts = scripts;
        Doubts = scripts.SelectMany(script => script.Doubts).ToImmutableArray();
        RunsInTransaction = runsInTransaction;
        Newest = versioned.IsEmpty ? null : versioned[versioned.Length - 1].Path;
    }

    /// <summary>The tool.</summary>
    public MigrationTool Tool { get; }

    /// <summary>The folder, with forward slashes and without one at its end; empty for the folder that relative paths begin in.</summary>
    public string Root { get; }

    /// <summary>What defines the schema, in the order in which it runs. Files that define nothing are left out.</summary>
    public ImmutableArray<MigrationScript> Scripts { get; }

    /// <summary>
    /// Whether the tool runs a new file in a transaction of its own unless the file opts out; null where the tool is not known. Where it is false, a
    /// statement that must not run in a transaction (CREATE INDEX CONCURRENTLY) still has to be the only one of its file: several statements that are
    /// sent at once are one transaction to the server.
    /// </summary>
    public bool? RunsInTransaction { get; }

    /// <summary>Whether a new file can opt out of the transaction of the tool: then <see cref="NextFile"/> writes what it takes.</summary>
    public bool CanLeaveTransaction => RunsInTransaction == false || ToolRules.CanLeaveTransaction(Tool);

    /// <summary>The path of the file that runs last among those that run once, as it was given; null where there is none.</summary>
    public string? Newest { get; }

    /// <summary>The places where nobody knows what runs.</summary>
    public ImmutableArray<MigrationDoubt> Doubts { get; }

    /// <summary>Whether nobody knows all of what the set does to the schema.</summary>
    public bool IsUncertain => !Doubts.IsEmpty;

    /// <summary>The files that run once, in their order, also those that define nothing.</summary>
    internal ImmutableArray<MigrationFile> Versioned => _versioned;

    /// <summary>
    /// A new file that runs behind all others, named as they are: the next number in their padding and steps, or the time, their separators, their case.
    /// </summary>
    /// <param name="slug">What the file does, as words with underscores: <c>create_orders_index</c>.</param>
    /// <param name="now">The time, in UTC, for tools that number by time.</param>
    /// <param name="inTransaction">Whether the file may run in a transaction; false writes the opt-out of the tool where it has one.</param>
    /// <returns>Null where no name is sure to come last: names do not tell the order, or 10 would come before 9.</returns>
    public MigrationDraft? NextFile(string slug, DateTime now, bool inTransaction = true) => NextNames.Next(this, slug, now, inTransaction);
}

/// <summary>A file to be written.</summary>
/// <param name="Path">Its path, in the form of the paths of the set.</param>
/// <param name="Head">What stands above the SQL: the marks of the tool, with line ends; empty for none.</param>
/// <param name="Tail">What stands below the SQL.</param>
/// <param name="Companions">Files that belong to it, such as its way back or its settings, with their text.</param>
public sealed record MigrationDraft(string Path, string Head, string Tail, ImmutableArray<(string Path, string Text)> Companions)
{
    /// <summary>The whole text with the SQL in its place.</summary>
    /// <param name="sql">The statements, without a line end behind the last one.</param>
    public string Text(string sql) => Head + sql + "\n" + Tail;
}
