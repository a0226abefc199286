using System.Collections.Immutable;

namespace DbSafety.Sql.Indexing;

/// <summary>An index that serves several needs.</summary>
/// <param name="Suggestion">The index.</param>
/// <param name="Needs">The numbers of the needs that it serves, ascending.</param>
public sealed record IndexChoice(IndexSuggestion Suggestion, ImmutableArray<int> Needs);

/// <summary>
/// The fewest indexes for all needs of a project. A btree serves each need whose keys are its first keys; those that are compared by <c>=</c> may stand in any order among themselves, so
/// that needs that contain each other share one index.
/// </summary>
public static class IndexSet
{
    // Two to the power of this many subsets are looked at; beyond, needs are placed one by one, the longest first.
    private const int Exact = 12;

    /// <summary>Chooses the indexes.</summary>
    /// <param name="needs">The needs. Those of one table, method and predicate are merged.</param>
    public static ImmutableArray<IndexChoice> Smallest(IEnumerable<IndexSuggestion> needs)
    {
        var all = needs.ToList();
        var choices = new List<IndexChoice>();
        var groups = Enumerable.Range(0, all.Count).GroupBy(i => (all[i].Table.FullName, all[i].Method, all[i].Predicate, all[i].Method == "btree" ? "" : Text(all[i].Keys)));
        foreach (var group in groups)
        {
            // Needs that ask for the same stand for one.
            var distinct = group.GroupBy(i => (Text(all[i].Keys), all[i].FreeKeys)).Select(same => same.ToList()).ToList();
            foreach (var set in Cover(distinct.Select(same => Plan.Of(all[same[0]])).ToList()))
            {
                var members = set.Members.SelectMany(member => distinct[member]).OrderBy(i => i).ToImmutableArray();
                choices.Add(new IndexChoice(set.Plan.ToSuggestion(all[members[0]]), members));
            }
        }

        return choices.OrderBy(choice => choice.Needs[0]).ToImmutableArray();
    }

    private static string Text(IEnumerable<SuggestedKey> keys) => string.Join(", ", keys.Select(key => (key.Text, key.OperatorClass, key.IsDescending, key.IsNullsFirst)));

    private static List<(Plan Plan, List<int> Members)> Cover(List<Plan> plans)
    {
        if (plans.Count > Exact)
        {
            return Greedy(plans);
        }

        // The plan of each set of needs that one index serves, and the fewest sets for each set.
        var merged = new Plan?[1 << plans.Count];
        var fewest = new int[1 << plans.Count];
        var last = new int[1 << plans.Count];
        for (var set = 1; set < merged.Length; set++)
        {
            int first = Lowest(set), newest = Highest(set), rest = set & ~(1 << newest);
            merged[set] = rest == 0 ? plans[newest] : merged[rest] is { } plan ? Plan.Merge(plan, plans[newest]) : null;
            fewest[set] = int.MaxValue;
            for (var part = set; part > 0; part = (part - 1) & set)
            {
                if ((part & (1 << first)) != 0 && merged[part] is not null && fewest[set & ~part] + 1 < fewest[set])
                {
                    fewest[set] = fewest[set & ~part] + 1;
                    last[set] = part;
                }
            }
        }

        var cover = new List<(Plan, List<int>)>();
        for (var set = merged.Length - 1; set > 0; set &= ~last[set])
        {
            cover.Add((merged[last[set]]!, Enumerable.Range(0, plans.Count).Where(i => (last[set] & (1 << i)) != 0).ToList()));
        }

        return cover;
    }

    private static List<(Plan Plan, List<int> Members)> Greedy(List<Plan> plans)
    {
        var cover = new List<(Plan Plan, List<int> Members)>();
        foreach (var i in Enumerable.Range(0, plans.Count).OrderByDescending(i => plans[i].Length))
        {
            var at = cover.FindIndex(set => Plan.Merge(set.Plan, plans[i]) is not null);
            if (at < 0)
            {
                cover.Add((plans[i], [i]));
            }
            else
            {
                cover[at].Members.Add(i);
                cover[at] = (Plan.Merge(cover[at].Plan, plans[i])!, cover[at].Members);
            }
        }

        return cover;
    }

    private static int Lowest(int set)
    {
        var i = 0;
        while ((set & (1 << i)) == 0)
        {
            i++;
        }

        return i;
    }

    private static int Highest(int set)
    {
        var i = 0;
        while (set >> (i + 1) != 0)
        {
            i++;
        }

        return i;
    }

    /// <summary>A key whose direction matters, or not: it is compared by <c>=</c>.</summary>
    private readonly record struct PlannedKey(SuggestedKey Key, bool IsFree)
    {
        public PlannedKey Flipped => IsFree ? this : this with { Key = Key with { IsDescending = !Key.IsDescending, IsNullsFirst = Key.IsNullsFirst is { } first ? !first : null } };
    }

    /// <summary>The keys of an index that is not settled yet: blocks, in each of which the order is free.</summary>
    private sealed class Plan
    {
        private readonly List<List<PlannedKey>> _blocks;

        private Plan(List<List<PlannedKey>> blocks) => _blocks = blocks;

        public int Length => _blocks.Sum(block => block.Count);

        // A btree is read in both directions.
        private Plan Flipped => new(_blocks.Select(block => block.Select(key => key.Flipped).ToList()).ToList());

        public static Plan Of(IndexSuggestion need)
        {
            var free = Math.Min(need.FreeKeys, need.Keys.Length);
            var blocks = need.Keys.Skip(free).Select(key => new List<PlannedKey> { new(key, false) }).ToList();
            if (free > 0)
            {
                blocks.Insert(0, need.Keys.Take(free).Select(key => new PlannedKey(key, true)).ToList());
            }

            return new Plan(blocks);
        }

        /// <summary>The plan that serves both; null where there is none.</summary>
        /// <param name="plan">The plan of needs that were merged before.</param>
        /// <param name="need">The plan of one need.</param>
        public static Plan? Merge(Plan plan, Plan need) => Zip(plan, need) ?? Zip(plan, need.Flipped);

        public IndexSuggestion ToSuggestion(IndexSuggestion like) => like with
        {
            Keys = _blocks.SelectMany(block => block).Select(key => key.Key).ToImmutableArray(),
            FreeKeys = _blocks.Count > 0 && _blocks[0].All(key => key.IsFree) ? _blocks[0].Count : 0,
        };

        private static Plan? Zip(Plan first, Plan second)
        {
            var merged = new List<List<PlannedKey>>();
            var left = new Queue<List<PlannedKey>>(first._blocks);
            var right = new Queue<List<PlannedKey>>(second._blocks);
            List<PlannedKey> one = [], other = [];
            while (true)
            {
                one = one.Count > 0 || left.Count == 0 ? one : left.Dequeue();
                other = other.Count > 0 || right.Count == 0 ? other : right.Dequeue();
                if (one.Count == 0 || other.Count == 0)
                {
                    // The rest of the longer one stands behind.
                    merged.AddRange((one.Count > 0 ? left.Prepend(one) : right.Prepend(other)).Where(block => block.Count > 0));
                    return new Plan(merged);
                }

                if (Common(one, other) is not { } block || (block.Count < one.Count && block.Count < other.Count))
                {
                    return null;
                }

                merged.Add(block);
                one = Without(one, block);
                other = Without(other, block);
            }
        }

        /// <summary>The keys that both have; null where there are none, or one and the same column is asked for in two ways.</summary>
        private static List<PlannedKey>? Common(List<PlannedKey> one, List<PlannedKey> other)
        {
            var common = new List<PlannedKey>();
            foreach (var key in one)
            {
                var at = other.FindIndex(candidate => candidate.Key.Text == key.Key.Text);
                if (at < 0)
                {
                    continue;
                }

                var same = other[at];
                if (key.Key.OperatorClass != same.Key.OperatorClass || (!key.IsFree && !same.IsFree && key.Key != same.Key))
                {
                    return null;
                }

                common.Add(key.IsFree ? same : key);
            }

            return common.Count > 0 ? common : null;
        }

        private static List<PlannedKey> Without(List<PlannedKey> keys, List<PlannedKey> block) => keys.Where(key => block.All(taken => taken.Key.Text != key.Key.Text)).ToList();
    }
}
