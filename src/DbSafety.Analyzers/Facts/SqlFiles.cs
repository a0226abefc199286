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

    private SqlFiles(ImmutableArray<MigrationSet> sets, ImmutableArray<SchemaScript> scripts)
    {
        Sets = sets;
        Scripts = scripts;
        Catalog = scripts.IsEmpty ? SchemaCatalog.Empty : SchemaReader.Read(scripts.Select(script => script.Tree));
    }

    /// <summary>The migrations.</summary>
    public ImmutableArray<MigrationSet> Sets { get; }

    /// <summary>What defines the schema, in the order in which it runs.</summary>
    public ImmutableArray<SchemaScript> Scripts { get; }

    /// <summary>The schema that is left at the end.</summary>
    public SchemaCatalog Catalog { get; }

    /// <summary>Reads the files that may hold migrations, or tell something about them.</summary>
    public static SqlFiles Read(ImmutableArray<AdditionalText> files, MigrationOptions options, CancellationToken cancellation)
    {
        var found = new List<MigrationFile>();
        foreach (var file in files.Where(IsOfMigrations))
        {
            cancellation.ThrowIfCancellationRequested();
            if (file.GetText(cancellation) is { } text)
            {
                found.Add(new MigrationFile(file.Path, s_texts.GetValue(text, key => MigrationText.Of(key.ToString()))));
            }
        }

        var sets = found.Count == 0 ? ImmutableArray<MigrationSet>.Empty : MigrationSets.Of(found, options);
        var scripts = ImmutableArray.CreateBuilder<SchemaScript>();
        foreach (var set in sets)
        {
            foreach (var script in set.Scripts)
            {
                cancellation.ThrowIfCancellationRequested();
                scripts.Add(new SchemaScript(script, set, s_trees.GetValue(script.Source, key => SqlParser.Parse(key))));
            }
        }

        return new SqlFiles(sets, scripts.ToImmutable());
    }

    private static bool IsOfMigrations(AdditionalText file) =>
        file.Path.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) || file.Path.EndsWith(".sql.conf", StringComparison.OrdinalIgnoreCase)
        || file.Path.EndsWith("sqitch.plan", StringComparison.OrdinalIgnoreCase) || file.Path.EndsWith("metadata.toml", StringComparison.OrdinalIgnoreCase);
}
