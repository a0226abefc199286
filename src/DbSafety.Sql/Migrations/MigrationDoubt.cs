using DbSafety.Sql.Text;

namespace DbSafety.Sql.Migrations;

/// <summary>Why nobody knows what a script does to the schema.</summary>
public enum MigrationDoubtKind
{
    /// <summary><c>\i file</c>: the file is none of the set.</summary>
    MissingInclude,

    /// <summary><c>\i file</c>: the file includes itself, or files include each other too deep.</summary>
    EndlessInclude,

    /// <summary>A file that is included after the including one set the search_path: where its objects come to stand is not known.</summary>
    IncludeAfterSearchPath,

    /// <summary><c>\if</c>: whether the statements run depends on variables.</summary>
    Conditional,

    /// <summary><c>\gexec</c>: the statements are the result of a query.</summary>
    Generated,

    /// <summary><c>\connect</c> after the first definition: what follows may belong to another database.</summary>
    OtherDatabase,

    /// <summary><c>COPY .. FROM stdin</c> without the line <c>\.</c>: where the data ends is not known.</summary>
    OpenData,
}

/// <summary>
/// A place in a file where nobody knows what runs. At this place the script holds a statement that is a hole, so that whoever reads the schema off
/// the script sees the doubt too.
/// </summary>
/// <param name="Kind">Why.</param>
/// <param name="Path">The file, as it was given.</param>
/// <param name="Span">Where in the file.</param>
public sealed record MigrationDoubt(MigrationDoubtKind Kind, string Path, SqlSpan Span);
