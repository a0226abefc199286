using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>What reading a navigation costs with proxies, and with Include.</summary>
public sealed class EfIncludeTests(PostgresServer server)
{
    private const string Proxies = ".UseLazyLoadingProxies()";

    private static readonly FixRunner Runner = new() { Analyzers = [new LazyLoadInLoop()], Fixes = [new EfIncludeFixer()] };

    /// <summary>Five items of three customers, four customers: one query each, and one for the rows; with Include one.</summary>
    [Theory]
    [InlineData("foreach (var item in await db.Items.OrderBy(i => i.Id).ToListAsync()) result.Add(item.Customer.Name);", "FROM customers", 3, 0)]
    [InlineData("foreach (var customer in db.Customers.OrderBy(c => c.Id).ToList()) result.Add(customer.Name + customer.Items.Count);", "FROM items", 4, 0)]
    [InlineData("var all = await db.Customers.Where(c => c.Id > 1).OrderBy(c => c.Id).ToListAsync(); result.AddRange(all.Select(c => c.Items.Count.ToString()));", "FROM items", 3, 0)]
    public Task Each_navigation_is_a_query_and_Include_is_none(string body, string counted, int before, int after) =>
        EfShop.SameAsync(Runner, server, body, counted, Proxies, [[1]], _ => before, after);

    /// <summary>EF Core 10 loads navigations of untracked rows too; earlier versions do not, so the rule says nothing there.</summary>
    [Fact]
    public async Task Untracked_rows_load_their_navigations_one_by_one()
    {
        var run = await FixRunner.CountAsync(server, EfShop.Snippet("foreach (var item in await db.Items.AsNoTracking().OrderBy(i => i.Id).ToListAsync()) result.Add(item.Customer.Name);", Proxies), new[] { 1 });
        Assert.Null(run.Outcome.Error);
        Assert.Equal(5, run.Count("FROM customers"));
    }
}
