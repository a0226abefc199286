using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DbSafety.Sql.Migrations;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Facts;

/// <summary>A script of the migrations and what it parses to. Positions in the tree are positions in the file.</summary>
/// <param name="Script">The script, with the path of its file as the compiler was given it.</param>
/// <param name="Set">The set that it is part of.</param>
/// <param name="Tree">The tree.</param>
public sealed record SchemaScript(MigrationScript Script, MigrationSet Set, SqlTree Tree);

/// <summary>The SQL files of a project. A file is read and parsed once for each of its texts, which outlive the compilation.</summary>
internal sealed class SqlFiles
{
    private static readonly ConditionalWeakTable<SourceText, MigrationText> s_texts = new();

    private static readonly ConditionalWeakTable<SqlSource, SqlTree> s_trees = new();

    // What was read last of the files of which this text is the last one. Each keystroke in C# code makes a compilation of the same texts.
    private static readonly ConditionalWeakTable<SourceText, Memo> s_read = new();

    private readonly List<(string Path, SourceText Text)> _texts;
    private readonly MigrationOptions _options;

    private SqlFiles(List<(string Path, SourceText Text)> texts, MigrationOptions options, ImmutableArray<MigrationSet> sets, ImmutableArray<SchemaScript> scripts, SchemaCatalog catalog)
    {
        _texts = texts;
        _options = options;
        Sets = sets;
        Scripts = scripts;
        Catalog = catalog;
    }

    /// <summary>The migrations.</summary>
    public ImmutableArray<MigrationSet> Sets { get; }

    /// <summary>What defines the schema, in the order in which it runs.</summary>
    public ImmutableArray<SchemaScript> Scripts { get; }

    /// <summary>The schema that is left at the end.</summary>
    public SchemaCatalog Catalog { get; }

    /// <summary>Reads the files that may hold migrations, or tell something about them.</summary>
    /// <param name="files">All additional files.</param>
    /// <param name="options">What else is known.</param>
    /// <param name="work">Counts what is done, and was not remembered.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static SqlFiles Read(ImmutableArray<AdditionalText> files, MigrationOptions options, SchemaWork work, CancellationToken cancellation)
    {
        var texts = new List<(string Path, SourceText Text)>();
        foreach (var file in files.Where(IsOfMigrations))
        {
            cancellation.ThrowIfCancellationRequested();
            if (file.GetText(cancellation) is { } text)
            {
                texts.Add((file.Path, text));
            }
        }

        if (texts.Count == 0)
        {
            return new SqlFiles(texts, options, ImmutableArray<MigrationSet>.Empty, ImmutableArray<SchemaScript>.Empty, SchemaCatalog.Empty);
        }

        var memo = s_read.GetValue(texts[texts.Count - 1].Text, _ => new Memo());
        return memo.Last is { } last && last.IsOf(texts, options) ? last : memo.Last = Read(texts, options, work, cancellation);
    }

    /// <summary>Whether a file may hold migrations, or tell something about them.</summary>
    public static bool IsOfMigrations(AdditionalText file) =>
        file.Path.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) || file.Path.EndsWith(".sql.conf", StringComparison.OrdinalIgnoreCase)
        || file.Path.EndsWith("sqitch.plan", StringComparison.OrdinalIgnoreCase) || file.Path.EndsWith("metadata.toml", StringComparison.OrdinalIgnoreCase);

    private static SqlFiles Read(List<(string Path, SourceText Text)> texts, MigrationOptions options, SchemaWork work, CancellationToken cancellation)
    {
        var found = texts.Select(file => new MigrationFile(file.Path, s_texts.GetValue(file.Text, key =>
        {
            work.FilesRead++;
            return MigrationText.Of(key.ToString());
        }))).ToList();
        var sets = MigrationSets.Of(found, options);
        var scripts = ImmutableArray.CreateBuilder<SchemaScript>();
        foreach (var set in sets)
        {
            foreach (var script in set.Scripts)
            {
                cancellation.ThrowIfCancellationRequested();
                scripts.Add(new SchemaScript(script, set, s_trees.GetValue(script.Source, key =>
                {
                    work.ScriptsParsed++;
                    return SqlParser.Parse(key);
                })));
            }
        }

        return new SqlFiles(texts, options, sets, scripts.ToImmutable(), SchemaReplay.Of(scripts.Select(script => script.Tree).ToList(), work));
    }

    private bool IsOf(List<(string Path, SourceText Text)> texts, MigrationOptions options)
    {
        if (texts.Count != _texts.Count || !options.Folders.SequenceEqual(_options.Folders) || options with { Folders = _options.Folders } != _options)
        {
            return false;
        }

        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Text != _texts[i].Text || texts[i].Path != _texts[i].Path)
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Memo
    {
        private volatile SqlFiles? _last;

        public SqlFiles? Last
        {
            get => _last;
            set => _last = value;
        }
    }
}
