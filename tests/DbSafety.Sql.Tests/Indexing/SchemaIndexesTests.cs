using DbSafety.Sql.Indexing;

namespace DbSafety.Sql.Tests.Indexing;

public class SchemaIndexesTests
{
    private const string Tables = "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE c (id int PRIMARY KEY, x int, y int, s text, FOREIGN KEY (x, y) REFERENCES p); ";

    [Theory]
    [InlineData("", "c (x, y)")]
    [InlineData("CREATE INDEX ON c (x)", "c (x, y)")]
    [InlineData("CREATE INDEX ON c (x, y)", "")]
    [InlineData("CREATE INDEX ON c (y, x, id)", "")]
    [InlineData("CREATE INDEX ON c (id, x, y)", "c (x, y)")]
    [InlineData("CREATE INDEX ON c USING hash (x)", "c (x, y)")]
    [InlineData("CREATE INDEX ON c (x, y) WHERE x IS NOT NULL AND y IS NOT NULL", "")]
    [InlineData("CREATE INDEX ON c (x, y) WHERE id > 5", "c (x, y)")]
    [InlineData("CREATE INDEX ON c (x, (y + 1))", "c (x, y)")]
    [InlineData("ALTER TABLE c ADD UNIQUE (y, x)", "")]
    [InlineData("CREATE INDEX ON c ({keys})", "")]
    [InlineData("CREATE TABLE d (x int REFERENCES p2 (a)) PARTITION BY RANGE (x); CREATE INDEX ON c (x, y)", "d (x)")]
    public void A_foreign_key_without_an_index(string ddl, string expected)
    {
        var catalog = DbSafety.Sql.Schema.SchemaReader.Read([Sql.Parse(Tables + ddl)]);
        Assert.Equal(expected, string.Join("; ", SchemaIndexes.ForeignKeysWithoutIndex(catalog).Select(found => found.Table.Name + Advice.Keys(found.Suggestion))));
    }

    [Theory]
    [InlineData("CREATE INDEX i ON c (x); CREATE INDEX j ON c (x, y)", "i by j")]
    [InlineData("CREATE INDEX j ON c (x, y); CREATE INDEX i ON c (x)", "i by j")]
    [InlineData("CREATE INDEX i ON c (x); CREATE INDEX j ON c (x)", "j by i")]
    [InlineData("CREATE INDEX i ON c (id)", "i by c_pkey")]
    [InlineData("CREATE INDEX i ON c (id DESC)", "i by c_pkey")]
    [InlineData("CREATE INDEX i ON c (x, y DESC); CREATE INDEX j ON c (x DESC, y)", "j by i")]
    [InlineData("CREATE INDEX i ON c (x, y); CREATE INDEX j ON c (x DESC, y)", "")]
    [InlineData("CREATE INDEX i ON c (y); CREATE INDEX j ON c (x, y)", "")]
    [InlineData("CREATE INDEX i ON c (x) WHERE y > 1; CREATE INDEX j ON c (x)", "")]
    [InlineData("CREATE INDEX i ON c (x) WHERE y > 1; CREATE INDEX j ON c (x, id) WHERE (y > 1)", "i by j")]
    [InlineData("CREATE UNIQUE INDEX i ON c (x); CREATE INDEX j ON c (x, y)", "")]
    [InlineData("CREATE UNIQUE INDEX i ON c (x, y); CREATE INDEX j ON c (x)", "j by i")]
    [InlineData("CREATE UNIQUE INDEX i ON c (x); CREATE UNIQUE INDEX j ON c (x)", "j by i")]
    [InlineData("ALTER TABLE c ADD UNIQUE (x); ALTER TABLE c ADD UNIQUE (x, y)", "")]
    [InlineData("CREATE INDEX i ON c (s); CREATE INDEX j ON c (s text_pattern_ops)", "")]
    [InlineData("CREATE INDEX i ON c (s); CREATE INDEX j ON c (s COLLATE \"C\")", "")]
    [InlineData("CREATE INDEX i ON c (lower(s)); CREATE INDEX j ON c (LOWER(s), x)", "i by j")]
    [InlineData("CREATE INDEX i ON c (x) INCLUDE (s); CREATE INDEX j ON c (x, y)", "")]
    [InlineData("CREATE INDEX i ON c (x) INCLUDE (y); CREATE INDEX j ON c (x, y)", "i by j")]
    [InlineData("CREATE INDEX i ON c USING hash (x); CREATE INDEX j ON c (x)", "")]
    [InlineData("CREATE TABLE m (x int) PARTITION BY RANGE (x); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (1) TO (2); CREATE INDEX i ON m (x); CREATE INDEX j ON m1 (x)", "j by m1_x_idx")]
    public void A_redundant_index(string ddl, string expected)
    {
        var catalog = DbSafety.Sql.Schema.SchemaReader.Read([Sql.Parse(Tables + ddl)]);
        Assert.Equal(expected, string.Join("; ", SchemaIndexes.Redundant(catalog).Select(found => $"{found.Index.Name} by {found.By.Name}")));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a | a,b", "a,b")]
    [InlineData("a,b | b", "b,a")]
    [InlineData("a | a,b | b,c", "a,b | b,c")]
    [InlineData("a | b | a,b", "a,b | b")]
    [InlineData("a;-x | a;x", "a,-x")]
    [InlineData("a;x | a;y", "a,x | a,y")]
    [InlineData("a;x,-y | a;-x,y", "a,x,-y")]
    [InlineData("a;x,y | a;-x,y", "a,x,y | a,-x,y")]
    [InlineData("a;x | a,x", "a,x")]
    [InlineData("a | a,b | a,b,c | a,b;d", "a,b,d | a,b,c")]
    [InlineData("c,b,a | a;b", "a,b,c")]
    public void The_smallest_set_for_all_needs(string needs, string expected)
    {
        var table = Advice.Catalog(Tables).FindTable(null, "c")!;
        var all = needs.Split(" | ").Select(need =>
        {
            var parts = need.Split(';');
            var free = parts[0].Split(',', StringSplitOptions.RemoveEmptyEntries);
            var rest = parts.Length > 1 ? parts[1].Split(',') : [];
            return new IndexSuggestion(table, [.. free.Concat(rest).Select(key => new SuggestedKey(key.TrimStart('-'), key.TrimStart('-')) { IsDescending = key[0] == '-' })]) { FreeKeys = free.Length };
        }).ToList();
        var choices = IndexSet.Smallest(all);
        Assert.Equal(expected, string.Join(" | ", choices.Select(choice => string.Join(",", choice.Suggestion.Keys.Select(key => (key.IsDescending ? "-" : "") + key.Text)))));
        Assert.Equal(Enumerable.Range(0, all.Count), choices.SelectMany(choice => choice.Needs).OrderBy(i => i));
        Assert.Equal(choices.Select(choice => choice.Suggestion.ToSql("x")), IndexSet.Smallest(all).Select(choice => choice.Suggestion.ToSql("x")));
    }

    [Fact]
    public void Names_are_short_quoted_and_new()
    {
        var catalog = Advice.Catalog("CREATE TABLE app.\"Order\" (\"Id\" int, \"user\" int, s text); CREATE INDEX idx_t_a ON t (a); CREATE TABLE t (a int, b int); CREATE INDEX idx_t_a ON t (a)");
        var order = catalog.FindTable("app", "Order")!;
        var suggestion = new IndexSuggestion(order, [new SuggestedKey("\"Id\"", "Id"), new SuggestedKey("lower(s)", null) { IsDescending = true, IsNullsFirst = false }]);
        var name = suggestion.Name(catalog);
        Assert.Equal("idx_Order_Id_lower_s", name);
        Assert.Equal("CREATE INDEX CONCURRENTLY IF NOT EXISTS \"idx_Order_Id_lower_s\" ON app.\"Order\" (\"Id\", lower(s) DESC NULLS LAST)", suggestion.ToSql(name, concurrently: true, ifNotExists: true));
        var table = catalog.FindTable(null, "t")!;
        Assert.Equal("idx_t_a_2", new IndexSuggestion(table, [new SuggestedKey("a", "a")]).Name(catalog));
        var tooLong = new IndexSuggestion(table, [.. Enumerable.Range(0, 12).Select(_ => new SuggestedKey("a", "a_long_column"))]).Name(catalog);
        Assert.Equal(63, tooLong.Length);
        Assert.Equal("\"user\"", IndexSuggestionText.Quote("user"));
        Assert.Equal("\"a\"\"b\"", IndexSuggestionText.Quote("a\"b"));
        Assert.Equal("order_id", IndexSuggestionText.Quote("order_id"));
    }
}
