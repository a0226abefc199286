using System.Collections.Immutable;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Postgres.Tests.Queries;

/// <summary>
/// What is read from a query's source is what EF Core runs for it: the same conditions, joins and order of each table, or an unknown. Constants and parameters count as the same: EF Core
/// passes some constants as parameters.
/// </summary>
public sealed class LinqProofTests(ITestOutputHelper output)
{
    [Fact]
    public void What_is_read_is_what_runs()
    {
        var schema = Parse(LinqProof.All[0].Schema);
        var catalog = SchemaReader.Read([schema]);
        int equal = 0, silent = 0, fewer = 0, none = 0;
        var wrong = new List<string>();
        foreach (var proof in LinqProof.All)
        {
            if (proof.Ours is null)
            {
                none++;
                output.WriteLine($"nothing: {proof.Name}");
                continue;
            }

            Assert.Empty(proof.Ours.Tree.Errors);
            var theirs = proof.Theirs.SelectMany(text => Facts(Parse(text), catalog)).ToList();
            var ours = Facts(proof.Ours.Tree, catalog).ToList();
            Assert.True(theirs.Count > 0, proof.Name);
            var all = theirs.Count;
            var known = ours.Where(use => !use.IsUnknown).ToList();
            var missing = known.Where(use => !theirs.Remove(use)).ToList();
            wrong.AddRange(missing.Select(use => $"{proof.Name}: {use.Text}\n  theirs: {string.Join(" | ", theirs.Select(other => other.Text))}\n  ours:   {proof.Ours.Source.Text}"));
            _ = missing.Count > 0 ? 0 : ours.Count > known.Count ? silent++ : known.Count < all ? fewer++ : equal++;
            if (missing.Count == 0 && ours.Count == known.Count && known.Count < all)
            {
                output.WriteLine($"fewer: {proof.Name}: {string.Join(" | ", theirs.Select(other => other.Text))}");
            }
        }

        output.WriteLine($"{LinqProof.All.Length} queries: {equal} equal, {fewer} with fewer tables, {silent} with an unknown, {none} not read, {wrong.Count} contradictions");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(equal >= 120, $"{equal} equal");
    }

    private static SqlTree Parse(string text) => SqlParser.Parse(new SqlSource(text));

    private sealed record Use(string Text, bool IsUnknown);

    private static IEnumerable<Use> Facts(SqlTree tree, SchemaCatalog catalog)
    {
        foreach (var statement in tree.Statements)
        {
            var tables = QueryReader.Read(statement, catalog);
            foreach (var use in tables.Uses)
            {
                var conditions = use.Conjuncts.Select(condition => Print(condition, tables)).Distinct().Order(StringComparer.Ordinal).ToList();
                var order = use.IsLimited && !use.Order.IsEmpty ? " order " + string.Join(", ", use.Order.Select(key => Print(key.Key) + (key.IsDescending ? " desc" : ""))) : "";
                yield return new Use($"{use.Table.Name}: {string.Join(" and ", conditions)}{order}", use.IsUncertain || conditions.Any(condition => condition.Contains('?', StringComparison.Ordinal)));
            }
        }
    }

    private static string Print(Condition condition, QueryTables tables) => condition switch
    {
        Comparison comparison => string.Join(", ", comparison.Keys.Select(Print)) + " " + (comparison.Operator == "?" ? "exists" : comparison.Operator) + " " + string.Join(", ", comparison.Values.Select(value => Print(value, tables)).Distinct()),
        AnyOf any => "(" + string.Join(" or ", any.Conditions.Select(arm => Print(arm, tables)).Order(StringComparer.Ordinal)) + ")",
        AllOf all => "(" + string.Join(" and ", all.Conditions.Select(arm => Print(arm, tables)).Order(StringComparer.Ordinal)) + ")",
        OtherCondition other => "other(" + string.Join(", ", other.Columns.Order(StringComparer.Ordinal)) + ")",
        _ => "?",
    };

    private static string Print(QueryKey key) => key.Column ?? key.Text ?? "f(" + string.Join(", ", key.Columns) + ")";

    private static string Print(QueryValue value, QueryTables tables) => value.Kind switch
    {
        QueryValueKind.Unknown => "?",
        QueryValueKind.Constant or QueryValueKind.Parameter => value.Text is null && value.Kind == QueryValueKind.Constant ? "null" : "value",
        QueryValueKind.OtherTable => "of " + string.Join(", ", value.Uses.Select(use => tables.Uses[use].Table.Name.ToString()).Order(StringComparer.Ordinal)),
        _ => value.Kind.ToString(),
    };
}
