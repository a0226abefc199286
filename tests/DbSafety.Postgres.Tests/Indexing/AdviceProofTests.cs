using DbSafety.Postgres.Tests.Server;
using DbSafety.Sql.Indexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;

namespace DbSafety.Postgres.Tests.Indexing;

/// <summary>
/// Each shape of the catalogue on a real server: where nothing is missing, the planner searches the index named; where an index is missing, it searches none before, and the suggested one
/// after; where a condition is rewritten, the new text searches an index and returns the same rows.
/// </summary>
public sealed class AdviceProofTests(PostgresServer server, ITestOutputHelper output) : PostgresTest(server)
{
    [Fact]
    public async Task Advice_is_what_the_planner_lacks()
    {
        await using var database = await PlanDatabase.CreateAsync(Database);
        await database.ExecuteAsync(Shop.Extensions);
        await database.ExecuteAsync(Shop.Sql);
        await database.ExecuteAsync("SET session_replication_role = replica");
        foreach (var table in new[] { "users", "orders", "items", "products", "logs", "events" })
        {
            await database.FillAsync(table, 3000);
        }

        await database.ExecuteAsync("ANALYZE; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off");
        var catalog = SchemaReader.Read([SqlParser.Parse(new SqlSource(Shop.Sql))]);
        var faults = new List<string>();
        foreach (var shape in IndexShapes.All)
        {
            if (await FaultAsync(database, catalog, shape) is { } fault)
            {
                faults.Add($"{shape.Sql}\n    {fault}");
            }
        }

        output.WriteLine($"{IndexShapes.All.Count} shapes, {faults.Count} faults");
        faults.ForEach(output.WriteLine);
        Assert.Empty(faults);
    }

    private static async Task<string?> FaultAsync(PlanDatabase database, SchemaCatalog catalog, IndexShape shape)
    {
        var source = new SqlSource(shape.Sql);
        var tree = SqlParser.Parse(source);
        var query = QueryReader.Read(Assert.Single(tree.Statements), catalog);
        var advice = IndexAdvisor.Advise(query, catalog, source);
        var text = string.Join("; ", advice.Select(item => shape.Advice.Contains(": ", StringComparison.Ordinal) ? $"{item.Kind} {item.Use.Table.Name}: {item.Rewrite}" : Text(item)));
        if (text != shape.Advice)
        {
            return $"says '{text}', not '{shape.Advice}'";
        }

        var plan = await database.ExplainAsync(shape.Sql);
        var leading = await database.LeadingKeysAsync();
        if (shape.Served.Length > 0)
        {
            return plan.All().Any(node => node.Index == shape.Served && node.Searches(leading)) ? null : $"does not search {shape.Served}: {plan}";
        }

        if (advice.IsEmpty)
        {
            return null;
        }

        var found = advice[0];
        if (found.Kind != IndexAdviceKind.Composite && Scans(plan, found).Any(scan => scan.Searches(leading)))
        {
            return $"an index served before: {plan}";
        }

        if (found.Rewrite is { } rewrite)
        {
            var rewritten = shape.Sql[..found.Span.Start] + rewrite + shape.Sql[found.Span.End..];
            plan = await database.ExplainAsync(rewritten);
            if (found.Suggestion is null && !Scans(plan, found).Any(scan => scan.Searches(leading)))
            {
                return $"no index serves {rewritten}: {plan}";
            }

            if (!(await database.RowsAsync(shape.Sql)).SequenceEqual(await database.RowsAsync(rewritten)))
            {
                return $"other rows: {rewritten}";
            }

            return null;
        }

        if (found.Suggestion is not { } suggestion)
        {
            return null;
        }

        var followed = System.Collections.Immutable.ImmutableArray.Create(suggestion);
        for (var i = 0; i < 3 && IndexAdvisor.Advise(query, catalog, followed).FirstOrDefault()?.Suggestion is { } next; i++)
        {
            followed = followed.Add(next);
        }

        var names = new List<string>();
        var sql = "BEGIN";
        foreach (var index in followed)
        {
            names.Add(index.Name(catalog) + (names.Count == 0 ? "" : names.Count));
            sql += "; " + index.ToSql(names[^1]);
        }

        // What serves in part may cost as little on so few rows.
        if (found.Kind == IndexAdviceKind.Composite)
        {
            sql += "; SET LOCAL enable_sort = off" + found.Existing switch
            {
                null => "",
                { Constraint: IndexConstraint.None } existing => $"; DROP INDEX {existing.Name}",
                { } existing => $"; ALTER TABLE {found.Use.Table.Name} DROP CONSTRAINT {existing.Name} CASCADE",
            };
        }

        await database.ExecuteAsync(sql);
        plan = await database.ExplainAsync(shape.Sql);
        leading = await database.LeadingKeysAsync();
        await database.ExecuteAsync("ROLLBACK");

        // Of a whole table the order is all that is asked for. A partition's index has a name of its own.
        var isUsed = Scans(plan, found).Any(scan => (found.Use.Filter is null || scan.Searches(leading)) && scan.All().Any(node => node.Index is { } name && (names.Contains(name) || name.StartsWith("events_2020", StringComparison.Ordinal))));
        return !isUsed ? $"does not use {sql}: {plan}" : found.Kind == IndexAdviceKind.Composite && plan.Sorts ? $"sorts: {plan}" : null;
    }

    private static IEnumerable<Plan> Scans(Plan plan, IndexAdvice advice) =>
        plan.All().Where(node => (node.Relation == advice.Use.Table.Name || node.Relation == advice.Use.Table.Name + "_2020") && node.Type.EndsWith("Scan", StringComparison.Ordinal));

    private static string Text(IndexAdvice advice)
    {
        var sql = advice.Suggestion?.ToSql("x") ?? "";
        var from = sql.IndexOf(" ON ", StringComparison.Ordinal);
        return $"{advice.Kind} {(from < 0 ? advice.Use.Table.Name : sql[(from + 4)..].Replace("USING ", "", StringComparison.Ordinal))}";
    }
}
