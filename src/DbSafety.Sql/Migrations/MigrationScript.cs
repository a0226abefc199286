using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Migrations;

/// <summary>
/// SQL that runs, in its place in the order. Its positions are those of the file: what does not run (the commands of psql, data, the way back down) is
/// blank. A file that includes others is several scripts.
/// </summary>
/// <param name="Path">The file, as it was given.</param>
/// <param name="Source">
/// The SQL. The same object as long as the text of the file is the same; where nothing is blank its text is the text of the file itself.
/// </param>
/// <param name="RunsInTransaction">
/// Whether the script runs in a transaction: by what the file says, else by the habit of the tool; null where neither tells.
/// </param>
/// <param name="Doubts">Places where nobody knows what runs.</param>
public sealed record MigrationScript(string Path, SqlSource Source, bool? RunsInTransaction, ImmutableArray<MigrationDoubt> Doubts)
{
    /// <summary>Whether nobody knows all of what the script does.</summary>
    public bool IsUncertain => !Doubts.IsEmpty;
}
