using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>A loop that only deletes or updates by key, as one statement.</summary>
public sealed class EfWriteInLoopFixTests
{
    private const string Parameters = "Shop db, List<Order> orders, int[] ids, IEnumerable<int> lazy, CancellationToken ct";

    private static Task Runs(string before, string after) => EfCase.Run<EfWriteInLoopFixer>(
        "// Away with them.\n" + before + " // done", "// Away with them.\n" + after + " // done", "Write the rows of all elements with one statement, all or none", Parameters);

    [Theory]
    [InlineData("foreach (var id in ids) await db.Customers.Where(c => c.Id == id).ExecuteDeleteAsync(ct);", "var customerIds = ids.Distinct().ToList();")]
    [InlineData("foreach (var id in lazy) { await db.Customers.Where(c => id == c.Id).ExecuteDeleteAsync(ct); }", "var customerIds = lazy.Distinct().ToList();")]
    [InlineData("foreach (var o in orders) await db.Customers.Where(c => c.Id == o.UserId).ExecuteDeleteAsync(ct);", "var customerIds = orders.Select(o => o.UserId).Distinct().ToList();")]
    [InlineData("foreach (var o in await db.Orders.ToListAsync(ct)) await db.Customers.Where(c => c.Id == o.UserId).ExecuteDeleteAsync(ct);", "var customerIds = (await db.Orders.ToListAsync(ct)).Select(o => o.UserId).Distinct().ToList();")]
    [InlineData("foreach (var o in db.Orders.Where(o => o.Id > 1)) await db.Customers.Where(c => c.Id == o.UserId).ExecuteDeleteAsync(ct);", "var customerIds = await db.Orders.Where(o => o.Id > 1).Select(o => o.UserId).Distinct().ToListAsync(ct);")]
    public Task One_statement_deletes_all(string before, string keys) => Runs(before, keys + "\nawait db.Customers.Where(c => customerIds.Contains(c.Id)).ExecuteDeleteAsync(ct);");

    [Fact]
    public Task One_statement_updates_all() => Runs("""
        foreach (var o in orders)
        {
            await db.Items.Where(i => i.OrderId == o.Id && !i.Sent).ExecuteUpdateAsync(s => s.SetProperty(i => i.Sent, true).SetProperty(i => i.OrderName, "x" + ids.Length), ct);
        }
        """, """
        var orderIds = orders.Select(o => o.Id).Distinct().ToList();
        await db.Items.Where(i => orderIds.Contains(i.OrderId) && !i.Sent).ExecuteUpdateAsync(s => s.SetProperty(i => i.Sent, true).SetProperty(i => i.OrderName, "x" + ids.Length), ct);
        """);

    [Theory]
    [InlineData("{ await db.Customers.Where(c => c.Id == o.UserId).ExecuteDeleteAsync(ct); Use.It(o); }")]
    [InlineData("Use.It(await db.Customers.Where(c => c.Id == o.UserId).ExecuteDeleteAsync(ct));")]
    [InlineData("{ /* gone */ await db.Customers.Where(c => c.Id == o.UserId).ExecuteDeleteAsync(ct); }")]
    [InlineData("await db.Customers.Where(c => c.Id < o.UserId).ExecuteDeleteAsync(ct);")]
    [InlineData("await db.Customers.Where(c => c.Id == o.UserId && c.Name == o.Name).ExecuteDeleteAsync(ct);")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id && !db.Items.Any(x => x.ParentId == i.Id)).ExecuteDeleteAsync(ct);")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).OrderBy(i => i.Id).Take(1).ExecuteDeleteAsync(ct);")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.OrderName, o.Name), ct);")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.OrderId, 5), ct);")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.Id, i => i.Id + 1), ct);")]
    public Task Another_loop_stays(string body) => EfCase.Refuses<EfWriteInLoopFixer>($"foreach (var o in orders) {body}");
}
