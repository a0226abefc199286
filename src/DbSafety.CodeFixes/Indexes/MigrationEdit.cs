using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Migrations;
using DbSafety.Sql.Parsing;
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

    // The name that the user reads is the name that is written.
    private readonly DateTime _now = DateTime.UtcNow;

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
    /// <param name="script">The file that declares the table, or null: no file of SQL does.</param>
    public static MigrationEdit Of(Project project, SchemaFacts schema, string? namedFile, string? script) =>
        new(project, schema, script is null ? null : schema.Migrations.FirstOrDefault(set => set.Scripts.Any(file => file.Path == script)), namedFile is null ? null : FindNamed(project, namedFile));

    /// <summary>The schema.</summary>
    public SchemaCatalog Catalog { get; }

    /// <summary>The file that the user's options name, where it can be written; or null.</summary>
    public string? NamedFile => _namedFile;

    /// <summary>The file that runs last, or null.</summary>
    public string? Newest => _set?.Newest;

    /// <summary>The places that there are, the safest first: a file that may have run already is the last.</summary>
    public IEnumerable<MigrationTarget> Targets
    {
        get
        {
            if (_namedFile is not null)
            {
                yield return MigrationTarget.NamedFile;
            }

            if (_set?.NextFile("x", _now) is not null)
            {
                yield return MigrationTarget.NewFile;
            }

            if (_set?.Newest is { } newest && DocumentAt(_project, newest) is not null)
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
        MigrationTarget.NewFile => $"Add {what} in a new migration {NewName(_set!.NextFile(slug, _now)!.Path)}",
        _ => $"Add {what} to the newest migration {NewName(_set!.Newest!)}",
    };

    /// <summary>The solution with the statements written.</summary>
    /// <param name="solution">The solution, perhaps changed since.</param>
    /// <param name="target">The place.</param>
    /// <param name="statements">The statements, each with its semicolon.</param>
    /// <param name="slug">The name of a new file, as words with underscores.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<Solution> ApplyAsync(Solution solution, MigrationTarget target, IReadOnlyList<string> statements, string slug, CancellationToken cancellation)
    {
        if (target == MigrationTarget.NewFile)
        {
            // Alone in its file, and in no transaction: then, and only then, an index can be built beside the writers.
            var isAlone = statements.Count == 1 && _set!.RunsInTransaction == false;
            var draft = _set!.NextFile(slug, _now)!;
            var newLine = DocumentAt(_project, _set.Newest!) is { } newest ? NewLineOf((await newest.GetTextAsync(cancellation).ConfigureAwait(false)).ToString()) : "\n";
            var text = draft.Text(string.Join("\n", isAlone ? statements.Select(Concurrently) : statements));
            return draft.Companions.Aggregate(Create(solution, draft.Path, text, newLine), (changed, file) => Create(changed, file.Path, file.Text, newLine));
        }

        var path = target == MigrationTarget.NamedFile ? _namedFile! : _set!.Newest!;
        if (DocumentAt(_project, path) is not { } document)
        {
            return Create(solution, path, string.Join("\n", statements) + "\n", "\n");
        }

        var before = await solution.GetAdditionalDocument(document.Id)!.GetTextAsync(cancellation).ConfigureAwait(false);
        var after = before.WithChanges(Append(before.ToString(), statements));

        // Several projects, or several targets of one, may hold the file.
        var copies = document.FilePath is { } file ? solution.GetDocumentIdsWithFilePath(file).Where(id => id != document.Id && solution.GetAdditionalDocument(id) is not null) : Enumerable.Empty<DocumentId>();
        return copies.Append(document.Id).Aggregate(solution, (changed, id) => changed.WithAdditionalDocumentText(id, after));
    }

    // Behind the last statement, in front of what undoes it.
    private static IEnumerable<TextChange> Append(string source, IReadOnlyList<string> statements)
    {
        var newLine = NewLineOf(source);
        var script = MigrationText.Of(source).Source;
        var last = SqlLexer.Lex(script, SqlDialect.PostgreSql, out _).LastOrDefault(token => token.Span.Length > 0);
        var end = script.Text.TrimEnd().Length;
        if (last is not null && last.Kind != SqlTokenKind.Semicolon)
        {
            yield return new TextChange(new TextSpan(last.Span.End, 0), ";");
        }

        var lineEnd = source.IndexOf('\n', end);
        var at = lineEnd < 0 ? source.Length : lineEnd + 1;
        var before = at > 0 && source[at - 1] != '\n' ? newLine : "";
        yield return new TextChange(new TextSpan(at, 0), before + (last is null ? "" : newLine) + string.Join(newLine, statements) + newLine);
    }

    private static string Concurrently(string statement) =>
        statement.StartsWith("CREATE INDEX ", StringComparison.Ordinal) ? "CREATE INDEX CONCURRENTLY " + statement.Substring("CREATE INDEX ".Length)
        : statement.StartsWith("DROP INDEX ", StringComparison.Ordinal) ? "DROP INDEX CONCURRENTLY " + statement.Substring("DROP INDEX ".Length)
        : statement;

    private Solution Create(Solution solution, string path, string text, string newLine) => solution.AddAdditionalDocument(
        DocumentId.CreateNewId(_project.Id), NameOf(path), SourceText.From(newLine == "\n" ? text : text.Replace("\n", newLine), System.Text.Encoding.UTF8), Neighbour(_project, path)?.Folders ?? [], path);

    // A name that the options tell is that of a file which is there, or which is new in a folder that holds others: a file that the project does not see is not overwritten.
    private static string? FindNamed(Project project, string path)
    {
        if (DocumentAt(project, path) is { } document)
        {
            return PathOf(document);
        }

        var end = "/" + Normal(path).TrimStart('/');
        var ending = project.AdditionalDocuments.Where(candidate => Normal(PathOf(candidate)).EndsWith(end, StringComparison.Ordinal)).ToList();
        return ending.Count == 1 ? PathOf(ending[0]) : Neighbour(project, path) is not null ? path : null;
    }

    private static TextDocument? Neighbour(Project project, string path)
    {
        var folder = FolderOf(Normal(path));
        return project.AdditionalDocuments.FirstOrDefault(document => document.FilePath is { } file && file.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) && FolderOf(Normal(file)) == folder);
    }

    private static TextDocument? DocumentAt(Project project, string path) => project.AdditionalDocuments.FirstOrDefault(document => Normal(PathOf(document)) == Normal(path));

    private static string PathOf(TextDocument document) => document.FilePath ?? document.Name;

    /// <summary>A path with forward slashes, without <c>.</c> and <c>..</c> inside.</summary>
    private static string Normal(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Replace('\\', '/').Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[parts.Count - 1] is not ("" or ".."))
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join("/", parts);
    }

    private static string NewLineOf(string text) => text.Contains("\r\n") ? "\r\n" : "\n";

    // diesel names the folder, and its file always the same.
    private static string NewName(string path) => NameOf(path) is "up.sql" or "migration.sql" ? NameOf(FolderOf(path.Replace('\\', '/'))) : NameOf(path);

    private static string NameOf(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);

    private static string FolderOf(string path) => path.Substring(0, Math.Max(0, path.LastIndexOf('/')));
}
