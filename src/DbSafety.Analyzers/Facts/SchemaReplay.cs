using System.Runtime.CompilerServices;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Analyzers.Facts;

/// <summary>What it took to read the schema of one compilation, beyond what others before it left in memory: work that tests count.</summary>
internal sealed class SchemaWork
{
    /// <summary>How many files were read.</summary>
    public int FilesRead { get; set; }

    /// <summary>How many scripts were parsed.</summary>
    public int ScriptsParsed { get; set; }

    /// <summary>How often scripts were played.</summary>
    public int Replays { get; set; }
}

/// <summary>The catalog that scripts leave behind. The same trees are played once, however many compilations ask; the memory lives as long as the trees do.</summary>
internal static class SchemaReplay
{
    // What was played last of the sequences that end in this tree.
    private static readonly ConditionalWeakTable<SqlTree, Memo> s_played = new();

    /// <summary>Plays scripts.</summary>
    /// <param name="trees">The scripts, in the order in which they run.</param>
    /// <param name="work">Counts what is done, and was not remembered.</param>
    public static SchemaCatalog Of(IReadOnlyList<SqlTree> trees, SchemaWork work)
    {
        if (trees.Count == 0)
        {
            return SchemaCatalog.Empty;
        }

        var memo = s_played.GetValue(trees[trees.Count - 1], _ => new Memo());
        if (memo.Last is { } last && AreSame(last.Trees, trees))
        {
            return last.Catalog;
        }

        work.Replays++;
        var played = new Played(trees, SchemaReader.Read(trees));
        memo.Last = played;
        return played.Catalog;
    }

    private static bool AreSame(IReadOnlyList<SqlTree> first, IReadOnlyList<SqlTree> second)
    {
        for (var i = 0; i < first.Count && first.Count == second.Count; i++)
        {
            if (!ReferenceEquals(first[i], second[i]))
            {
                return false;
            }
        }

        return first.Count == second.Count;
    }

    private sealed record Played(IReadOnlyList<SqlTree> Trees, SchemaCatalog Catalog);

    private sealed class Memo
    {
        private volatile Played? _last;

        public Played? Last
        {
            get => _last;
            set => _last = value;
        }
    }
}
