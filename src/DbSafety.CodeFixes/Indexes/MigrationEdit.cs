using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Migrations;
using DbSafety.Sql.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>Where statements that mend the schema are written.</summary>
internal enum MigrationTarget
{
    /// <summary>The file that the user's options name.</summary>
    NamedFile,

    /// <summary>A new file, named as the others of its folder.</summary>
    NewFile,

    /// <summary>The file that runs last.</summary>
    NewestFile,
}

/// <summary>Writes statements into the migrations of a project.</summary>
internal sealed class MigrationEdit
{
    private readonly Project _project;
    private readonly MigrationSet? _set;
    private readonly string? _namedFile;

    private MigrationEdit(Project project, SchemaFacts schema, MigrationSet? set, string? namedFile)
    {
        _project = project;
        Catalog = schema.Catalog;
        _set = set;
        _namedFile = namedFile;
    }

    /// <summary>Looks at the migrations of a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="namedFile">The file that the user's options name, or null.</param>
    /// <param name="script">The file that declares the table, or null.</param>
    public static MigrationEdit Of(Project project, SchemaFacts schema, string? namedFile, string? script)
    {
        var sets = schema.Migrations;
        var set = sets.FirstOrDefault(candidate => candidate.Scripts.Any(file => file.Path == script)) ?? (sets.Length == 1 ? sets[0] : null);
        return new MigrationEdit(project, schema, set, namedFile);
    }

    /// <summary>The schema.</summary>
    public SchemaCatalog Catalog { get; }

    /// <summary>The places that there are, the safest first: a file that may have run already is the last.</summary>
    public IEnumerable<MigrationTarget> Targets
    {
        get
        {
            if (_namedFile is not null)
            {
                yield return MigrationTarget.NamedFile;
            }

            if (_set?.NextFile("x", DateTime.UtcNow) is not null)
            {
                yield return MigrationTarget.NewFile;
            }

            if (_set?.Newest is { } newest && DocumentAt(newest) is not null)
            {
                yield return MigrationTarget.NewestFile;
            }
        }
    }

    /// <summary>What the user reads.</summary>
    /// <param name="target">The place.</param>
    /// <param name="what">What is written: <c>index idx_orders_customer_id</c>.</param>
    /// <param name="slug">The name of a new file, as words with underscores.</param>
    public string Title(MigrationTarget target, string what, string slug) => target switch
    {
        MigrationTarget.NamedFile => $"Add {what} to {NameOf(_namedFile!)}",
        MigrationTarget.NewFile => $"Add {what} in a new migration {NameOf(_set!.NextFile(slug, DateTime.UtcNow)!.Path)}",
        _ => $"Add {what} to the newest migration {NameOf(_set!.Newest!)}",
    };

    /// <summary>The solution with the statements written.</summary>
    /// <param name="target">The place.</param>
    /// <param name="statements">The statements, each with its semicolon.</param>
    /// <param name="slug">The name of a new file, as words with underscores.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<Solution> ApplyAsync(MigrationTarget target, IReadOnlyList<string> statements, string slug, CancellationToken cancellation)
    {
        if (target == MigrationTarget.NewFile)
        {
            // Alone in its file, and in no transaction: then, and only then, an index can be built beside the writers.
            var isAlone = statements.Count == 1 && _set!.RunsInTransaction == false;
            var written = isAlone ? statements.Select(Concurrently) : statements;
            var draft = _set!.NextFile(slug, DateTime.UtcNow)!;
            var solution = Create(_project.Solution, draft.Path, draft.Text(string.Join("\n", written)));
            return draft.Companions.Aggregate(solution, (changed, file) => Create(changed, file.Path, file.Text));
        }

        var path = target == MigrationTarget.NamedFile ? _namedFile! : _set!.Newest!;
        if (DocumentAt(path) is not { } document)
        {
            return Create(_project.Solution, path, string.Join("\n", statements) + "\n");
        }

        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return _project.Solution.WithAdditionalDocumentText(document.Id, text.WithChanges(Append(text, statements)));
    }

    // Behind the last statement, in front of what undoes it.
    private TextChange Append(SourceText text, IReadOnlyList<string> statements)
    {
        var source = text.ToString();
        var newLine = source.Contains("\r\n") ? "\r\n" : "\n";
        var script = _set?.Scripts.LastOrDefault(file => file.Path == _set.Newest)?.Source.Text ?? source;
        var end = Math.Min(script.TrimEnd().Length, source.Length);
        var lineEnd = source.IndexOf('\n', end);
        var at = lineEnd < 0 ? source.Length : lineEnd + 1;
        var isClosed = end == 0 || script[end - 1] == ';' || script.Length != source.Length;
        var before = (at > 0 && source[at - 1] != '\n' ? (isClosed ? "" : ";") + newLine : "") + (end == 0 ? "" : newLine);
        return new TextChange(new TextSpan(at, 0), before + string.Join(newLine, statements) + newLine);
    }

    private static string Concurrently(string statement) =>
        statement.StartsWith("CREATE INDEX ", StringComparison.Ordinal) ? "CREATE INDEX CONCURRENTLY " + statement.Substring("CREATE INDEX ".Length)
        : statement.StartsWith("DROP INDEX ", StringComparison.Ordinal) ? "DROP INDEX CONCURRENTLY " + statement.Substring("DROP INDEX ".Length)
        : statement;

    private Solution Create(Solution solution, string path, string text)
    {
        var full = path;
        return solution.AddAdditionalDocument(DocumentId.CreateNewId(_project.Id), NameOf(path), SourceText.From(text), FoldersOf(path), full);
    }

    // The folders below the project, as the neighbours have them.
    private IEnumerable<string> FoldersOf(string path)
    {
        var folder = FolderOf(path);
        var neighbour = _project.AdditionalDocuments.FirstOrDefault(document => document.FilePath is { } file && FolderOf(file) == folder);
        return neighbour?.Folders ?? [];
    }

    private TextDocument? DocumentAt(string path) => _project.AdditionalDocuments.FirstOrDefault(document => (document.FilePath ?? document.Name) == path);

    private static string NameOf(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);

    private static string FolderOf(string path) => path.Substring(0, Math.Max(0, path.LastIndexOfAny(['/', '\\'])));
}
