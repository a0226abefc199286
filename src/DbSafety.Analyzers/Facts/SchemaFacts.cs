using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DbSafety.Analyzers.Apis;
using DbSafety.Sql.Migrations;
using DbSafety.Sql.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Facts;

/// <summary>The schema of a compilation, and where each part of it is declared. It needs no database library.</summary>
public sealed class SchemaFacts
{
    private static readonly ConditionalWeakTable<Compilation, Entry> s_facts = new();

    private readonly Lazy<SqlFiles> _files;
    private readonly Lazy<ImmutableDictionary<string, ImmutableArray<SchemaFinding>>> _findings;
    private readonly ImmutableArray<AdditionalText> _texts;

    private SchemaFacts(Compilation compilation, AnalyzerOptions options)
    {
        _texts = options.AdditionalFiles;
        _files = new(() => SqlFiles.Read(_texts, new Options(options.AnalyzerConfigOptionsProvider).MigrationOptions(compilation), CancellationToken.None));
        _findings = new(() => SchemaFindings.Of(Catalog, LocationOf));
    }

    /// <summary>The schema.</summary>
    public SchemaCatalog Catalog => _files.Value.Catalog;

    /// <summary>The migrations of the project: which tool runs them, how a new one is named, whether it runs in a transaction.</summary>
    public ImmutableArray<MigrationSet> Migrations => _files.Value.Sets;

    /// <summary>What defines the schema, in the order in which it runs.</summary>
    public ImmutableArray<SchemaScript> Scripts => _files.Value.Scripts;

    /// <summary>The facts of a compilation, or null where nothing declares a schema.</summary>
    public static SchemaFacts? For(Compilation compilation, AnalyzerOptions options) => s_facts.TryGetValue(compilation, out var entry)
        ? entry.Facts
        : s_facts.GetValue(compilation, key => new Entry(options.AdditionalFiles.Any(SqlFiles.IsOfMigrations) ? new SchemaFacts(key, options) : null)).Facts;

    /// <summary>What the schema alone tells about its indexes, of what is declared in a file.</summary>
    public ImmutableArray<SchemaFinding> FindingsIn(string path) => _findings.Value.TryGetValue(path, out var findings) ? findings : ImmutableArray<SchemaFinding>.Empty;

    /// <summary>Where something is declared, or null where nobody can point at it.</summary>
    public Location? LocationOf(SchemaOrigin origin)
    {
        if (origin.Script < 0 || origin.Script >= Scripts.Length || origin.Span.Length == 0)
        {
            return null;
        }

        var path = Scripts[origin.Script].Script.Path;
        if (_texts.FirstOrDefault(text => text.Path == path)?.GetText() is not { } source || origin.Span.End > source.Length)
        {
            return null;
        }

        var span = new TextSpan(origin.Span.Start, origin.Span.Length);
        return Location.Create(path, span, source.Lines.GetLinePositionSpan(span));
    }

    private sealed class Entry(SchemaFacts? facts)
    {
        public SchemaFacts? Facts { get; } = facts;
    }
}
