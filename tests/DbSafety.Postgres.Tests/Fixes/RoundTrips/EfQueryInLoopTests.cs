using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>Each form of a query of EF Core that leaves its loop, before and after on the server: the same results, and one statement in place of one per element.</summary>
public sealed class EfQueryInLoopTests(PostgresServer server)
{
    private static readonly FixRunner Runner = new() { Analyzers = [new QueryInLoop()], Fixes = [new EfQueryInLoopFixer()] };

    private Task<string> Same(string body, string counted, Func<int[], int>? before = null) => EfShop.SameAsync(Runner, server, body, counted, before: before);

    [Theory]
    [InlineData("(await db.Customers.FirstOrDefaultAsync(c => c.Id == o.CustomerId))?.Name", "GetValueOrDefault(o.CustomerId)?.Name")]
    [InlineData("(await db.Customers.SingleOrDefaultAsync(c => c.Id == o.CustomerId && c.Name != \"bob\"))?.Name", "GetValueOrDefault(o.CustomerId)?.Name")]
    [InlineData("(await db.Customers.Where(c => c.Id == o.CustomerId).FirstOrDefaultAsync())?.Name", "GetValueOrDefault(o.CustomerId)?.Name")]
    [InlineData("(await db.Customers.FirstAsync(c => c.Id == o.CustomerId)).Name", "customersById[o.CustomerId].Name")]
    [InlineData("(await db.Customers.SingleAsync(c => c.Id == o.CustomerId)).Name", "customersById[o.CustomerId].Name")]
    [InlineData("(await db.Customers.FindAsync(o.CustomerId))?.Name", "GetValueOrDefault(o.CustomerId)?.Name")]
    [InlineData("db.Customers.FirstOrDefault(c => c.Id == o.CustomerId)?.Name", "GetValueOrDefault(o.CustomerId)?.Name")]
    [InlineData("db.Customers.Single(c => c.Id == o.CustomerId).Name", "customersById[o.CustomerId].Name")]
    [InlineData("db.Customers.Find(o.CustomerId)?.Name", "GetValueOrDefault(o.CustomerId)?.Name")]
    [InlineData("(await db.Customers.AsNoTracking().Include(c => c.Items).FirstOrDefaultAsync(c => c.Id == o.CustomerId))?.Items.Count.ToString()", "GetValueOrDefault(o.CustomerId)?.Items")]
    public async Task A_row_by_its_key(string expression, string after)
    {
        // Find asks for a key that it has found before no more: the context holds it; a miss it asks for again.
        var isFind = expression.Contains("Find", StringComparison.Ordinal);
        var source = await Same($"foreach (var o in orders) result.Add({expression});", "FROM customers", isFind ? ids => ids.Where(id => id < 99).Distinct().Count() + ids.Count(id => id == 99) : null);
        Assert.Contains(after, source);
        Assert.Contains("ToDictionary", source);
    }

    [Theory]
    [InlineData("string.Join(',', (await db.Items.Where(i => i.CustomerId == o.CustomerId).OrderBy(i => i.Note).ThenByDescending(i => i.Id).ToListAsync()).Select(i => i.Id))")]
    [InlineData("string.Join(',', (await db.Items.Where(i => i.CustomerId == o.CustomerId && i.Id > 1).OrderByDescending(i => i.Id).ToArrayAsync()).Select(i => i.Id))")]
    [InlineData("string.Join(',', db.Items.Where(i => i.CustomerId == o.CustomerId).OrderBy(i => i.Id).ToList().Select(i => i.Note))")]
    [InlineData("(await db.Items.OrderBy(i => i.Note).ThenBy(i => i.Id).FirstOrDefaultAsync(i => i.CustomerId == o.CustomerId))?.Id.ToString()")]
    [InlineData("(await db.Items.Where(i => i.CustomerId == o.CustomerId).OrderByDescending(i => i.Id).FirstAsync()).Id.ToString()")]
    [InlineData("(await db.Items.SingleOrDefaultAsync(i => i.CustomerId == o.CustomerId))?.Id.ToString()")]
    [InlineData("(await db.Items.Where(i => i.Note == \"a\").SingleAsync(i => i.CustomerId == o.CustomerId && i.Id == 2)).Id.ToString()")]
    public async Task Rows_by_a_key_that_they_share(string expression)
    {
        var keys = expression.Contains("First", StringComparison.Ordinal) || expression.Contains("Single", StringComparison.Ordinal) ? new[] { [2, 4, 2], [4], [1, 1], [2, 99], Array.Empty<int>() } : EfShop.Keys;
        var source = await EfShop.SameAsync(Runner, server, $"result.Add(\"begin\"); foreach (var o in orders) result.Add({expression});", "FROM items", keys: keys);
        Assert.Contains("ToLookup(i => i.CustomerId)", source);
    }

    [Fact]
    public async Task The_elements_of_an_inner_loop() => await Same(
        "foreach (var o in orders) { result.Add(\"of\" + o.CustomerId); foreach (var item in db.Items.Where(i => i.CustomerId == o.CustomerId).OrderBy(i => i.Id)) result.Add(item.Note); }", "FROM items");

    [Theory]
    [InlineData("(await db.Items.AnyAsync(i => i.CustomerId == o.CustomerId)).ToString()", "FROM items")]
    [InlineData("(await db.Items.Where(i => i.CustomerId == o.CustomerId).AnyAsync(i => i.Note == \"a\")).ToString()", "FROM items")]
    [InlineData("db.Customers.Any(c => c.Id == o.CustomerId).ToString()", "FROM customers")]
    [InlineData("(await db.Items.CountAsync(i => i.CustomerId == o.CustomerId)).ToString()", "FROM items")]
    [InlineData("(await db.Items.Where(i => i.CustomerId == o.CustomerId).LongCountAsync(i => i.Id > 1)).ToString()", "FROM items")]
    [InlineData("db.Items.Count(i => i.CustomerId == o.CustomerId).ToString()", "FROM items")]
    public async Task Whether_there_are_rows_and_how_many(string expression, string counted) =>
        Assert.DoesNotContain("ToLookup", await Same($"foreach (var o in orders) result.Add({expression});", counted));

    [Theory]
    [InlineData("Lazy()")]
    [InlineData("orders.Where(order => order.CustomerId != 3)")]
    public async Task A_lazy_source_is_read_once(string source) => await Same(
        $"foreach (var o in {source}) result.Add((await db.Customers.FirstOrDefaultAsync(c => c.Id == o.CustomerId))?.Name);", "FROM customers", source == "Lazy()" ? null : ids => ids.Count(id => id != 3));

    [Fact]
    public async Task A_query_as_the_source_is_read_once_and_the_reader_is_closed_before_the_other_query() => Assert.Contains(
        "await db.Items.OrderBy(i => i.Id).ToListAsync()",
        await Same("foreach (var item in await db.Items.OrderBy(i => i.Id).ToListAsync()) result.Add((await db.Customers.AsNoTracking().FirstAsync(c => c.Id == item.CustomerId)).Name);", "FROM customers", _ => 5));

    [Fact]
    public async Task A_text_is_compared_by_the_server_and_by_NET_alike() => await Same(
        "foreach (var o in orders) result.Add((await db.Customers.FirstOrDefaultAsync(c => c.Name == o.Name))?.Id.ToString());", "FROM customers");

    [Fact]
    public async Task Several_queries_leave_one_loop() => await Same("""
        foreach (var o in orders)
        {
            var customer = await db.Customers.FirstOrDefaultAsync(c => c.Id == o.CustomerId);
            var count = await db.Items.CountAsync(i => i.CustomerId == o.CustomerId);
            result.Add(customer?.Name + count);
        }
        """, "FROM items");

    /// <summary>Why the title of that fix says what it says.</summary>
    [Fact]
    public async Task Find_sees_what_is_not_saved_yet_and_the_query_does_not()
    {
        var (result, runs) = await Runner.CompareStatementsAsync(server, EfShop.Snippet("""
            db.Customers.Add(new Customer { Id = 99, Name = "new" });
            foreach (var o in orders) result.Add((await db.Customers.FindAsync(o.CustomerId))?.Name);
            """), [[new[] { 99, 1 }]]);
        Assert.Equal(EfQueryInLoopFixer.FindKey, Assert.Single(result.Applied).EquivalenceKey);
        Assert.Equal(Outcome.Column("new", "ann"), runs[0].Before.Outcome.ToString());
        Assert.Equal(Outcome.Column(null, "ann"), runs[0].After.Outcome.ToString());
    }
}
