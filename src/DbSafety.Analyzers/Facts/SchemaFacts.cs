using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Model;
using DbSafety.Sql.Migrations;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Facts;

/// <summary>
/// The one schema of a project, from all that tells of it: SQL files, EF Core's migrations (else its snapshot), and its model where neither are in sight.
/// </summary>
public sealed class SchemaFacts
{
    private static readonly ConditionalWeakTable<Compilation, Entry> s_withoutLibrary = new();

    private static readonly SqlTree s_nothing = SqlParser.Parse(new SqlSource(""));

    private readonly SqlFiles _files;

    private readonly Compilation _compilation;
    private readonly Lazy<Dictionary<string, AdditionalText>> _additional;
    private readonly ConcurrentDictionary<SourceText, string> _contents = new();
    private readonly Lazy<ImmutableDictionary<string, ImmutableArray<SchemaFinding>>> _findings;

    private SchemaFacts(SqlFiles files, Compilation compilation, ImmutableArray<AdditionalText> additional, ImmutableArray<EfScript> scripts, SchemaCatalog catalog, SchemaWork work)
    {
        _files = files;
        _compilation = compilation;
        _additional = new(() => additional.GroupBy(file => file.Path).ToDictionary(group => group.Key, group => group.First()));
        _findings = new(() => SchemaFindings.Of(catalog, LocationOf));
        EfScripts = scripts;
        Catalog = catalog;
        Work = work;
    }

    /// <summary>What was done for this compilation alone.</summary>
    internal SchemaWork Work { get; }

    /// <summary>What EF Core's part is made of. In origins they are numbered on behind the SQL files.</summary>
    public ImmutableArray<EfScript> EfScripts { get; }

    /// <summary>The schema.</summary>
    public SchemaCatalog Catalog { get; }

    /// <summary>The migrations that are files of SQL: which tool runs them, how a new one is named, whether it runs in a transaction.</summary>
    public ImmutableArray<MigrationSet> Migrations => _files.Sets;

    /// <summary>What of the files of SQL defines the schema, in the order in which it runs.</summary>
    public ImmutableArray<SchemaScript> Scripts => _files.Scripts;

    /// <summary>The schema of a compilation, or null where nothing declares one. It needs no database library where there are files of SQL.</summary>
    public static SchemaFacts? For(Compilation compilation, AnalyzerOptions options)
    {
        if (DbFacts.For(compilation, options) is { } facts)
        {
            return facts.SchemaFacts;
        }

        return s_withoutLibrary.TryGetValue(compilation, out var entry) ? entry.Facts : s_withoutLibrary.GetValue(compilation, key => new Entry(
            options.AdditionalFiles.Any(SqlFiles.IsOfMigrations)
                ? Of(options.AdditionalFiles, new Options(options.AnalyzerConfigOptionsProvider).MigrationOptions(key, _ => false), null, key)
                : null)).Facts;
    }

    /// <summary>Whether anything may declare a schema: a database library, or files of SQL. Cheap; reads none of them.</summary>
    public static bool MayBeIn(Compilation compilation, AnalyzerOptions options) => DbFacts.For(compilation, options) is not null || options.AdditionalFiles.Any(SqlFiles.IsOfMigrations);

    /// <summary>What the schema alone tells about its indexes.</summary>
    public IEnumerable<SchemaFinding> Findings => _findings.Value.Values.SelectMany(findings => findings);

    /// <summary>Whether a comment in the file of SQL that a finding stands in silences a rule there.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="id">The rule.</param>
    public bool IsSilenced(SchemaFinding finding, string id) =>
        finding.Location.SourceTree is null && _additional.Value.TryGetValue(finding.Location.GetLineSpan().Path, out var file) && file.GetText() is { } text
        && SqlSuppressions.Silences(_contents.GetOrAdd(text, key => key.ToString()), finding.Location.SourceSpan.Start, id);

    /// <summary>What the schema alone tells about its indexes, of what is declared in a file.</summary>
    public ImmutableArray<SchemaFinding> FindingsIn(string path) => _findings.Value.TryGetValue(path, out var findings) ? findings : ImmutableArray<SchemaFinding>.Empty;

    /// <summary>Puts the schema together.</summary>
    internal static SchemaFacts Of(ImmutableArray<AdditionalText> additional, MigrationOptions options, EfFacts? ef, Compilation compilation)
    {
        var work = new SchemaWork();
        var files = SqlFiles.Read(additional, options, work, CancellationToken.None);
        var scripts = ImmutableArray.CreateBuilder<EfScript>();
        var migrated = Play(ef?.Migrations() ?? []);
        var pictured = Play(ef?.Snapshots() ?? []);
        var modelled = Play(ef?.Models() ?? []);

        // A migration that nobody sees may have made what the snapshot has, and the next one makes what the configuration asks for: their indexes count, so that an
        // advice that is followed there ends.
        var owned = SchemaUnion.WithIndexesOf(SchemaUnion.Of(migrated, pictured, joinsTables: true), Play(ef?.PendingModels() ?? []));

        // Of tables that only files of SQL make the configuration says nothing about the database.
        var declared = SchemaUnion.Of(files.Catalog, owned, joinsTables: true);
        return new SchemaFacts(files, compilation, additional, scripts.ToImmutable(), SchemaUnion.Of(declared, modelled, joinsTables: false), work);

        SchemaCatalog Play(IEnumerable<(EfScript Script, SqlTree Tree)> parts)
        {
            var before = files.Scripts.Length + scripts.Count;
            var trees = Enumerable.Repeat(s_nothing, before).ToList();
            foreach (var (script, tree) in parts)
            {
                scripts.Add(script);
                trees.Add(tree);
            }

            return trees.Count == before ? SchemaCatalog.Empty : SchemaReplay.Of(trees, work);
        }
    }

    /// <summary>The path of the file of SQL that declares something of the schema; null where C# declares it, or nobody knows.</summary>
    public string? FileOf(SchemaOrigin origin) => origin.Script >= 0 && origin.Script < _files.Scripts.Length ? _files.Scripts[origin.Script].Script.Path : null;

    /// <summary>Where something of the schema was declared; null where nobody knows.</summary>
    public Location? LocationOf(SchemaOrigin origin)
    {
        if (origin.Script >= _files.Scripts.Length)
        {
            var at = origin.Script - _files.Scripts.Length;
            return at < EfScripts.Length ? Outside(EfScripts[at].LocationOf(origin.Span)) : null;
        }

        var span = new TextSpan(origin.Span.Start, origin.Span.Length);
        return FileOf(origin) is { } path && _additional.Value.TryGetValue(path, out var file) && file.GetText() is { } text && span.End <= text.Length
            ? Location.Create(path, span, text.Lines.GetLinePositionSpan(span)) : null;
    }

    // A file that is not compiled here may only be told by its path.
    private Location? Outside(Location? location) => location?.SourceTree is { } tree && !_compilation.ContainsSyntaxTree(tree)
        ? Location.Create(tree.FilePath, location.SourceSpan, location.GetLineSpan().Span) : location;

    private sealed class Entry(SchemaFacts? facts)
    {
        public SchemaFacts? Facts { get; } = facts;
    }
}
