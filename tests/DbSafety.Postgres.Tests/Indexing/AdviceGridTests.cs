using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DbSafety.Postgres.Tests.Server;
using DbSafety.Sql.Indexing;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;

namespace DbSafety.Postgres.Tests.Indexing;

/// <summary>What the library says about thousands of pairs of indexes and conditions, against what the planner does with them.</summary>
public sealed class AdviceGridTests(PostgresServer server, ITestOutputHelper output) : PostgresTest(server)
{
    private const int Tables = 64;
    private const int QueriesPerTable = 100;

    [Fact]
    public async Task Which_conditions_an_index_serves_is_what_the_planner_does()
    {
        await using var database = await FilledAsync(Tables);
        await database.ExecuteAsync("SET enable_seqscan = off");
        var grid = new Grid(4711);
        var (served, unserved, unknown, cheaper, relabelled, later, said) = (0, 0, 0, 0, 0, 0, 0);
        var wrong = new List<string>();
        for (var number = 0; number < Tables; number++)
        {
            var indexes = await IndexAsync(database, number, Enumerable.Range(0, 3 + (number % 4)).Select(i => grid.Index($"t{number}_{i}")));
            var table = Grid.Empty with { Name = $"t{number}", Indexes = indexes };
            var leading = await database.LeadingKeysAsync();
            var ordered = leading.Where(pair => indexes.Any(index => index.Name == pair.Key && index.Method is "btree" or "hash")).ToDictionary(pair => pair.Key, pair => pair.Value);
            for (var i = 0; i < QueriesPerTable; i++)
            {
                // Most conditions hit no index: every other pair is taken from what should be served.
                var (filter, isPrepared, use) = Query(grid, table);
                for (var attempt = 0; attempt < 25 && i % 2 == 0 && new IndexMatch(use).Fit() != IndexFit.Serves; attempt++)
                {
                    (filter, isPrepared, use) = Query(grid, table);
                }

                var fit = new IndexMatch(use).Fit();
                if (fit == IndexFit.Maybe)
                {
                    unknown++;
                    continue;
                }

                var sql = $"SELECT * FROM {table.Name} WHERE {string.Join(" AND ", filter.Select(part => part.Sql))}";
                var explain = isPrepared ? ExplainPreparedAsync(database, sql, filter) : database.ExplainAsync(Unmarked(sql));
                var plan = await explain;
                var searches = plan.Scans(table.Name).Any(scan => scan.Searches(ordered));
                if (!searches && fit == IndexFit.Serves)
                {
                    var used = plan.Indexes.ToHashSet();
                    var partial = indexes.Where(index => index.Predicate is not null).Select(index => index.Name).ToHashSet();
                    switch (await WithoutCheaperAsync(database, plan, ordered, partial, isPrepared, sql, filter))
                    {
                        // First fact of the planner: the whole of another index (a partial one, a narrow btree beside BRIN) may cost less than a search.
                        case Cheaper.Searched:
                            cheaper++;
                            searches = true;
                            break;

                        // Second fact: what the predicate of a partial index says already is not searched for in it.
                        case Cheaper.SaidByPredicate:
                            said++;
                            searches = true;
                            break;

                        // Third fact: the index that serves may be read as a whole by a later key, where that costs less; no other one is left then.
                        case Cheaper.No when new IndexMatch(use with { Table = table with { Indexes = [.. indexes.Where(index => !used.Contains(index.Name))] } }).Fit() == IndexFit.No &&
                            plan.Scans(table.Name).All(scan => scan.All().All(node => node.Index is null || node.Condition.Length > 0)):
                            later++;
                            searches = true;
                            break;
                    }
                }

                if (searches)
                {
                    served++;
                }
                else
                {
                    unserved++;
                }

                // Fourth fact: a cast that changes no byte (citext as text) is looked through where nothing is compared, so that IS NULL finds the index on the cast.
                if (searches && fit == IndexFit.No && sql.Contains("k_ci IS ", StringComparison.Ordinal) && leading.Any(pair => pair.Key.StartsWith(table.Name + "_", StringComparison.Ordinal) && pair.Value == "(k_ci::text)"))
                {
                    relabelled++;
                }
                else if (searches != (fit == IndexFit.Serves))
                {
                    wrong.Add($"{fit}: {sql}\n    {plan}\n    {string.Join("; ", leading.Where(pair => pair.Key.StartsWith(table.Name + "_", StringComparison.Ordinal)).Select(pair => pair.Key + " " + pair.Value))}");
                }
            }
        }

        var total = served + unserved;
        output.WriteLine($"{total} decided: {served} served, {unserved} not; {unknown} unknown; {cheaper} served where a cheaper index is gone; {said} said by the predicate; {later} by a later key of the same index; {relabelled} through a cast that changes nothing; {wrong.Count} differ");
        foreach (var line in wrong.Take(60))
        {
            output.WriteLine(line);
        }

        Assert.True(total >= 5000, $"{total} decided");
        Assert.True(served >= total * 0.3 && unserved >= total * 0.3, $"{served} served, {unserved} not");
        Assert.Empty(wrong);
        Assert.True(said + later + relabelled <= total * 0.01, $"{said + later + relabelled} of {total} differ");
    }

    [Fact]
    public async Task Which_order_an_index_gives_is_what_the_planner_does()
    {
        await using var database = await FilledAsync(30);
        await database.ExecuteAsync("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET enable_incremental_sort = off");
        var grid = new Grid(815);
        var (given, sorted) = (0, 0);
        var wrong = new List<string>();
        for (var number = 0; number < 30; number++)
        {
            var indexes = await IndexAsync(database, number, Enumerable.Range(0, 2).Select(i => grid.SortIndex($"t{number}_{i}")));
            var table = Grid.Empty with { Name = $"t{number}", Indexes = indexes };
            for (var i = 0; i < 60; i++)
            {
                var index = indexes[grid.Chance(50) ? 0 : 1];
                var filter = Enumerable.Range(0, grid.Chance(20) ? 2 : grid.Chance(60) ? 1 : 0).Select(_ => grid.Binding(index)).ToList();
                var order = grid.Chance(80) ? grid.Order(index) : grid.Order();
                var use = new TableUse(0, table, new SqlSpan(0, 0))
                {
                    Filter = filter.Count == 0 ? null : filter.Count == 1 ? filter[0].Condition : new AllOf(new SqlSpan(0, 0), [.. filter.Select(part => part.Condition)]),
                    Order = [.. order.Select(key => key.Key)],
                    IsLimited = true,
                };
                var sql = Unmarked($"SELECT * FROM t{number}{(filter.Count == 0 ? "" : " WHERE " + string.Join(" AND ", filter.Select(part => part.Sql)))} ORDER BY {string.Join(", ", order.Select(key => key.Sql))} LIMIT 10");
                var plan = await database.ExplainAsync(sql);
                var isGiven = SortMatch.Wanted(use).IsEmpty || indexes.Any(candidate => SortMatch.Of(candidate, use).IsFull);
                if (plan.Sorts)
                {
                    sorted++;
                }
                else
                {
                    given++;
                }

                if (isGiven == plan.Sorts)
                {
                    wrong.Add($"{isGiven}: {sql}\n    {plan}");
                }
            }
        }

        output.WriteLine($"{given} in order, {sorted} sorted, {wrong.Count} differ");
        wrong.Take(30).ToList().ForEach(output.WriteLine);
        Assert.True(given >= 500 && sorted >= 500);
        Assert.True(wrong.Count <= (given + sorted) * 0.01, $"{wrong.Count} differ");
    }

    /// <summary>An advice that is followed ends the advice, and the planner uses the index.</summary>
    [Fact]
    public async Task An_index_that_is_suggested_is_used()
    {
        await using var database = await FilledAsync(24);
        await database.ExecuteAsync("SET enable_seqscan = off");
        var grid = new Grid(99);
        var kinds = new Dictionary<IndexAdviceKind, int>();
        var wrong = new List<string>();
        for (var number = 0; number < 24; number++)
        {
            var indexes = await IndexAsync(database, number, Enumerable.Range(0, 1 + (number % 2)).Select(i => grid.Index($"t{number}_{i}")));
            var table = Grid.Empty with { Name = $"t{number}", Indexes = indexes };
            for (var i = 0; i < 60; i++)
            {
                var filter = grid.Filter();
                var conditions = filter.Select(part => part.Condition).ToImmutableArray();
                var use = new TableUse(0, table, new SqlSpan(0, 0)) { Filter = conditions.Length == 1 ? conditions[0] : new AllOf(new SqlSpan(0, 0), conditions) };
                var query = new QueryTables([use]);
                if (IndexAdvisor.Advise(query, SchemaCatalog.Empty).SingleOrDefault() is not { } advice)
                {
                    continue;
                }

                kinds[advice.Kind] = kinds.GetValueOrDefault(advice.Kind) + 1;
                var sql = Unmarked($"SELECT * FROM t{number} WHERE {string.Join(" AND ", filter.Select(part => part.Sql))}");
                var followed = ImmutableArray<IndexSuggestion>.Empty;
                for (IndexAdvice? next = advice; next?.Suggestion is { } suggestion && followed.Length <= 4; next = IndexAdvisor.Advise(query, SchemaCatalog.Empty, followed).SingleOrDefault())
                {
                    followed = followed.Add(suggestion);
                }

                if (new IndexMatch(use, indexes.AddRange(followed.Select(index => index.ToIndex("x")))).Fit() == IndexFit.Maybe)
                {
                    continue;
                }

                if (followed.Length > 4)
                {
                    wrong.Add($"no end: {sql}: {string.Join("; ", followed.Select(index => index.ToSql("x")))}");
                    continue;
                }

                if (followed.IsEmpty)
                {
                    continue;
                }

                // What the table has already may cost less: then the search goes on without it.
                await database.ExecuteAsync("BEGIN; " + string.Join("; ", followed.Select((index, at) => index.ToSql($"suggested_{at}"))));
                var plan = await database.ExplainAsync(sql);
                var leading = await database.LeadingKeysAsync();
                for (var attempt = 0; attempt < 3 && plan.Indexes.FirstOrDefault(name => !name.StartsWith("suggested_", StringComparison.Ordinal)) is { } name && !IsUsed(plan); attempt++)
                {
                    await database.ExecuteAsync("DROP INDEX " + name);
                    plan = await database.ExplainAsync(sql);
                }

                await database.ExecuteAsync("ROLLBACK");
                if (!IsUsed(plan))
                {
                    wrong.Add($"{advice.Kind}: {sql}\n    {plan}\n    {string.Join("; ", followed.Select(index => index.ToSql("x")))}");
                }

                bool IsUsed(Plan found) => found.Indexes.Any(index => index.StartsWith("suggested_", StringComparison.Ordinal)) && found.Scans(table.Name).Any(scan => scan.Searches(leading));
            }
        }

        output.WriteLine(string.Join(", ", kinds.Select(pair => $"{pair.Value} {pair.Key}")) + $"; {wrong.Count} not used");
        wrong.Take(40).ToList().ForEach(output.WriteLine);
        Assert.True(kinds.Values.Sum() >= 300);
        Assert.Empty(wrong);
    }

    private static (ImmutableArray<GridCondition> Filter, bool IsPrepared, TableUse Use) Query(Grid grid, Table table)
    {
        var filter = grid.Filter();
        var isPrepared = grid.Chance(20) && filter.Any(IsParameter);
        var conditions = filter.Select(part => isPrepared && IsParameter(part) ? Grid.WithParameters(part.Condition) : part.Condition).ToImmutableArray();
        return (filter, isPrepared, new TableUse(0, table, new SqlSpan(0, 0)) { Filter = conditions.Length == 1 ? conditions[0] : new AllOf(new SqlSpan(0, 0), conditions) });

        static bool IsParameter(GridCondition part) => part.Condition is Comparison && part.Sql.Contains('«', StringComparison.Ordinal);
    }

    /// <summary>Whether an index is searched once those are gone that were read as a whole.</summary>
    private static async Task<Cheaper> WithoutCheaperAsync(
        PlanDatabase database, Plan plan, Dictionary<string, string> ordered, HashSet<string> partial, bool isPrepared, string sql, ImmutableArray<GridCondition> filter)
    {
        await database.ExecuteAsync("BEGIN");
        var found = Cheaper.No;
        for (var attempt = 0; attempt < 4 && found == Cheaper.No; attempt++)
        {
            var whole = plan.All().Where(node => node.Index is not null && !node.Searches(ordered)).Select(node => node.Index!).Distinct().ToList();
            if (whole.Count == 0)
            {
                break;
            }

            if (attempt > 0 && plan.All().Any(node => node.Index is { } index && partial.Contains(index) && node.Condition.Length == 0))
            {
                found = Cheaper.SaidByPredicate;
                break;
            }

            await database.ExecuteAsync($"DROP INDEX {string.Join(", ", whole)}");
            plan = await (isPrepared ? ExplainPreparedAsync(database, sql, filter) : database.ExplainAsync(Unmarked(sql)));
            found = plan.Scans(sql.Split(' ')[3]).Any(scan => scan.Searches(ordered)) ? Cheaper.Searched : Cheaper.No;
        }

        await database.ExecuteAsync("ROLLBACK");
        return found;
    }

    private enum Cheaper
    {
        No,
        Searched,
        SaidByPredicate,
    }

    private async Task<PlanDatabase> FilledAsync(int tables)
    {
        var database = await PlanDatabase.CreateAsync(Database);
        await database.ExecuteAsync("CREATE EXTENSION citext; CREATE EXTENSION pg_trgm; CREATE TABLE t0 (" + Grid.Columns + ")");
        await database.FillAsync("t0", 2000);
        for (var i = 1; i < tables; i++)
        {
            await database.ExecuteAsync($"CREATE TABLE t{i} AS TABLE t0");
        }

        return database;
    }

    private static async Task<ImmutableArray<TableIndex>> IndexAsync(PlanDatabase database, int number, IEnumerable<GridIndex> indexes)
    {
        var all = indexes.ToList();
        await database.ExecuteAsync(string.Join("; ", all.Select(index => $"CREATE INDEX {index.Index.Name} ON t{number} {index.Sql}")) + $"; ANALYZE t{number}");
        return [.. all.Select(index => index.Index)];
    }

    private static async Task<Plan> ExplainPreparedAsync(PlanDatabase database, string sql, ImmutableArray<GridCondition> filter)
    {
        // Constants of plain comparisons become parameters; the server infers their types.
        var values = new List<string>();
        var head = sql[..sql.IndexOf(" WHERE ", StringComparison.Ordinal)];
        var where = filter.Select(part => part.Condition is Comparison
            ? Regex.Replace(part.Sql, "«(.*?)»", match =>
            {
                values.Add(match.Groups[1].Value);
                return "$" + values.Count;
            })
            : Unmarked(part.Sql)).ToList();
        await database.ExecuteAsync($"PREPARE q AS {head} WHERE {string.Join(" AND ", where)}");
        var plan = await database.ExplainAsync($"EXECUTE q({string.Join(", ", values)})");
        await database.ExecuteAsync("DEALLOCATE q");
        return plan;
    }

    private static string Unmarked(string sql) => sql.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);
}
