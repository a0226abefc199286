namespace DbSafety.Sql.Migrations;

/// <summary>A file of a project: SQL, or a file that tells something about SQL files (<c>V1__x.sql.conf</c>, <c>sqitch.plan</c>, <c>metadata.toml</c>).</summary>
/// <param name="Path">Its path, absolute or relative, with either kind of slash.</param>
/// <param name="Text">What it holds. The same object for the same text saves the work of reading it again.</param>
public sealed record MigrationFile(string Path, MigrationText Text)
{
    /// <summary>Makes a file from its characters.</summary>
    public MigrationFile(string path, string text)
        : this(path, MigrationText.Of(text))
    {
    }
}
