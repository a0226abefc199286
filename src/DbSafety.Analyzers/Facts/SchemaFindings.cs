using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DbSafety.Sql.Indexing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Facts;

/// <summary>Something about an index that the schema alone tells, and where it is declared.</summary>
/// <param name="Table">The table.</param>
/// <param name="Location">The declaration: in a file of SQL, or in C# code.</param>
/// <param name="Statement">The statement that mends it, with its semicolon.</param>
/// <param name="IndexName">The index that the statement creates or drops.</param>
public abstract record SchemaFinding(Table Table, Location Location, string Statement, string IndexName);

/// <summary>A foreign key that no index serves.</summary>
/// <param name="Table">The referencing table.</param>
/// <param name="Location">The declaration of the key.</param>
/// <param name="Statement">CREATE INDEX</param>
/// <param name="IndexName">The index.</param>
/// <param name="ForeignKey">The key.</param>
/// <param name="Suggestion">The index.</param>
public sealed record UnindexedKeyFinding(Table Table, Location Location, string Statement, string IndexName, ForeignKey ForeignKey, IndexSuggestion Suggestion)
    : SchemaFinding(Table, Location, Statement, IndexName);

/// <summary>An index that another one makes needless.</summary>
/// <param name="Table">The table.</param>
/// <param name="Location">The declaration of the needless one.</param>
/// <param name="Statement">DROP INDEX</param>
/// <param name="IndexName">The needless one.</param>
/// <param name="Index">The needless one, as the schema has it.</param>
/// <param name="By">The one that does its work.</param>
public sealed record RedundantIndexFinding(Table Table, Location Location, string Statement, string IndexName, TableIndex Index, TableIndex By) : SchemaFinding(Table, Location, Statement, IndexName);

/// <summary>What the schema alone tells about its indexes, by the file that declares them.</summary>
internal static class SchemaFindings
{
    // What a catalog tells depends on nothing else; where that is declared does.
    private static readonly ConditionalWeakTable<SchemaCatalog, Advice> s_advice = new();

    /// <summary>Reads the schema.</summary>
    /// <param name="catalog">The schema.</param>
    /// <param name="locationOf">Where something is declared.</param>
    public static ImmutableDictionary<string, ImmutableArray<SchemaFinding>> Of(SchemaCatalog catalog, Func<SchemaOrigin, Location?> locationOf)
    {
        var (keys, needless) = s_advice.GetValue(catalog, key => new Advice(SchemaIndexes.ForeignKeysWithoutIndex(key), SchemaIndexes.Redundant(key)));
        var findings = new List<SchemaFinding>();
        foreach (var missing in keys)
        {
            if (locationOf(missing.Key.Origin) is { } place)
            {
                var name = missing.Suggestion.Name(catalog);
                findings.Add(new UnindexedKeyFinding(missing.Table, place, missing.Suggestion.ToSql(name) + ";", name, missing.Key, missing.Suggestion));
            }
        }

        foreach (var redundant in needless)
        {
            if (locationOf(redundant.Index.Origin) is { } place)
            {
                var name = (redundant.Table.Schema == "public" ? "" : IndexSuggestionText.Quote(redundant.Table.Schema) + ".") + IndexSuggestionText.Quote(redundant.Index.Name);
                findings.Add(new RedundantIndexFinding(redundant.Table, place, "DROP INDEX " + name + ";", redundant.Index.Name, redundant.Index, redundant.By));
            }
        }

        return findings.GroupBy(finding => finding.Location.GetLineSpan().Path).ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    private sealed record Advice(ImmutableArray<UnindexedForeignKey> Keys, ImmutableArray<RedundantIndex> Needless);
}
