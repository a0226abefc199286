using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Facts;

/// <summary>The SQL files of a project. A file is parsed once for each of its texts, which outlive the compilation.</summary>
internal static class SqlFiles
{
    private static readonly ConditionalWeakTable<SourceText, SqlTree> s_trees = new();

    /// <summary>The schema that the files declare, in the order of their paths.</summary>
    public static SchemaCatalog Read(ImmutableArray<AdditionalText> files, CancellationToken cancellation)
    {
        var trees = new List<SqlTree>();
        foreach (var file in files.Where(file => file.Path.EndsWith(".sql", StringComparison.OrdinalIgnoreCase)).OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (file.GetText(cancellation) is { } text)
            {
                trees.Add(s_trees.GetValue(text, key => SqlParser.Parse(new SqlSource(key.ToString()))));
            }
        }

        return trees.Count == 0 ? SchemaCatalog.Empty : SchemaReader.Read(trees);
    }
}
