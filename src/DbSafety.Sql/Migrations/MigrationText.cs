using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Migrations;

/// <summary>A command that takes in another file.</summary>
/// <param name="Span">The command.</param>
/// <param name="Path">The file it names.</param>
/// <param name="IsRelative">Whether the name is relative to the file that holds the command (<c>\ir</c>), else to where psql was started.</param>
internal sealed record ScriptInclude(SqlSpan Span, string Path, bool IsRelative);

/// <summary>
/// What one pass over the text of a file tells, whatever the file is called: which characters are SQL that runs, and hints about the rest of the world. It
/// depends on the text alone, so it can be kept as long as the text.
/// </summary>
public sealed class MigrationText
{
    /// <summary>Parts of a file that alternate with includes, more than anyone writes by hand: above that the file is one part.</summary>
    private const int MaxParts = 100;

    private static readonly SqlSource s_nothing = new("");

    private readonly Lazy<ImmutableArray<SqlSource>> _parts;
    private readonly Lazy<SqlSource> _unknown;

    internal MigrationText(ScriptScanner scanner)
    {
        Text = scanner.Text;
        Source = scanner.Source;
        HasDefinitions = scanner.HasDefinitions;
        Mark = scanner.Mark;
        IsForeign = scanner.IsForeign;
        IsPostgreSql = scanner.IsPostgreSql;
        IsDump = scanner.IsDump;
        Phase = scanner.Tables.Count > 0 ? 1 : scanner.HasOnlyBases ? 0 : 2;
        RunsInTransaction = scanner.RunsInTransaction;
        Tables = scanner.Tables.ToImmutableArray();
        Includes = scanner.Includes.ToImmutableArray();
        Doubts = scanner.Doubts.ToImmutableArray();
        Work = scanner.Work;
        SetsSearchPath = scanner.SetsSearchPath;
        _parts = new(Split);
        _unknown = new(() => ScriptCanvas.Unknown(Text, Includes[0].Span));
    }

    /// <summary>The text of the file.</summary>
    public string Text { get; }

    /// <summary>The SQL that runs, at the positions of <see cref="Text"/>; what does not run is blank.</summary>
    public SqlSource Source { get; }

    /// <summary>Whether a statement may define something: CREATE, ALTER, DROP, COMMENT, DO, SELECT INTO and the like.</summary>
    public bool HasDefinitions { get; }

    /// <summary>The tool whose marks stand in the text, or null.</summary>
    internal MigrationTool? Mark { get; }

    /// <summary>Whether the text is certainly SQL of another database.</summary>
    internal bool IsForeign { get; }

    /// <summary>Whether the text holds what only PostgreSQL has.</summary>
    internal bool IsPostgreSql { get; }

    /// <summary>Whether pg_dump wrote it.</summary>
    internal bool IsDump { get; }

    /// <summary>When the file wants to run where nothing else tells: 0 what tables need, 1 tables, 2 what needs tables.</summary>
    internal int Phase { get; }

    /// <summary>What the text says about its transaction: false by a mark, true by its own BEGIN, else null.</summary>
    internal bool? RunsInTransaction { get; }

    /// <summary>The last parts of the names of the tables that it creates, in order, lower case.</summary>
    internal ImmutableArray<string> Tables { get; }

    internal ImmutableArray<ScriptInclude> Includes { get; }

    internal ImmutableArray<(MigrationDoubtKind Kind, SqlSpan Span)> Doubts { get; }

    internal bool SetsSearchPath { get; }

    /// <summary>How many characters the pass looked at: the measure that tests hold against the length of the text.</summary>
    internal long Work { get; }

    /// <summary>The SQL before the first include, between includes, and behind the last one; null for a part without SQL.</summary>
    internal ImmutableArray<SqlSource> Parts => _parts.Value;

    /// <summary>A source of the same positions with a statement that nobody knows at the first include.</summary>
    internal SqlSource UnknownInclude => _unknown.Value;

    /// <summary>Reads a text once.</summary>
    public static MigrationText Of(string text)
    {
        var scanner = new ScriptScanner(text);
        scanner.Run();
        return new MigrationText(scanner);
    }

    private ImmutableArray<SqlSource> Split()
    {
        if (Includes.IsEmpty)
        {
            return ImmutableArray.Create(Source);
        }

        var parts = ImmutableArray.CreateBuilder<SqlSource>();
        var isSplit = Includes.Length < MaxParts;
        for (var i = 0; i <= Includes.Length; i++)
        {
            var start = i == 0 ? 0 : Includes[i - 1].Span.End;
            var end = i == Includes.Length ? Text.Length : Includes[i].Span.Start;
            var isBlank = true;
            for (var k = start; k < end && isBlank; k++)
            {
                isBlank = char.IsWhiteSpace(Source.Text[k]);
            }

            parts.Add(isBlank ? s_nothing : isSplit ? ScriptCanvas.Part(Source, start, end) : i == 0 ? Source : s_nothing);
        }

        return parts.ToImmutable();
    }
}
