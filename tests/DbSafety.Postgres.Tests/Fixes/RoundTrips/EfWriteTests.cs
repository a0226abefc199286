using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>Writes of EF Core that leave their loop, before and after on the server: the same tables, and fewer statements.</summary>
public sealed class EfWriteTests(PostgresServer server)
{
    private const string Tables = """
        foreach (var c in await db.Customers.AsNoTracking().OrderBy(c => c.Id).ToListAsync()) result.Add(c.Id + c.Name);
        foreach (var i in await db.Items.AsNoTracking().OrderBy(i => i.Id).ToListAsync()) result.Add(i.Id + ":" + i.CustomerId + i.Note);
        """;

    private static readonly FixRunner Writes = new() { Analyzers = [new WriteInLoop()], Fixes = [new EfWriteInLoopFixer()] };

    private static readonly FixRunner Saves = new() { Analyzers = [new SaveChangesInLoop()], Fixes = [new EfSaveChangesFixer()] };

    [Theory]
    [InlineData("foreach (var o in orders) await db.Items.Where(i => i.CustomerId == o.CustomerId).ExecuteDeleteAsync();", "DELETE FROM items")]
    [InlineData("foreach (var id in ids) { await db.Customers.Where(c => c.Id == id && c.Name != \"cem\").ExecuteDeleteAsync(); }", "DELETE FROM customers")]
    [InlineData("foreach (var o in orders.Where(o => o.Id >= 0)) db.Items.Where(i => i.CustomerId == o.CustomerId).ExecuteDelete();", "DELETE FROM items")]
    [InlineData("foreach (var o in Lazy()) db.Items.Where(i => i.CustomerId == o.CustomerId).ExecuteDelete();", "DELETE FROM items")]
    [InlineData("foreach (var id in ids) await db.Items.Where(i => i.CustomerId == id && i.Note != \"b\").ExecuteUpdateAsync(s => s.SetProperty(i => i.Note, \"x\" + ids.Length));", "UPDATE items")]
    [InlineData("foreach (var id in ids) db.Customers.Where(c => c.Id == id).ExecuteUpdate(s => s.SetProperty(c => c.Name, \"gone\"));", "UPDATE customers")]
    public Task One_statement_writes_what_the_loop_wrote(string loop, string counted) => EfShop.SameAsync(Writes, server, loop + Tables, counted);

    /// <summary>Why an update is left alone whose value is made of the row's own.</summary>
    [Fact]
    public async Task A_key_that_comes_twice_writes_twice() => await Assert.ThrowsAsync<InvalidOperationException>(() => EfShop.SameAsync(
        Writes, server, "foreach (var id in ids) await db.Customers.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.Name, c => c.Name + \"!\"));" + Tables, "UPDATE customers"));

    /// <summary>One transaction in place of one per element; EF Core sends a single row without one.</summary>
    [Theory]
    [InlineData("foreach (var o in orders) { db.Items.Add(new Item { CustomerId = o.CustomerId == 99 ? 4 : o.CustomerId, Note = \"new\" }); db.Items.Add(new Item { CustomerId = 1, Note = \"second\" }); await db.SaveChangesAsync(); }")]
    [InlineData("foreach (var o in orders) { db.Add(new Customer { Name = \"n\" + o.CustomerId, Items = { new Item { Note = \"with\" } } }); db.SaveChanges(); }")]
    public async Task One_save_writes_what_the_loop_saved(string loop)
    {
        var (_, runs) = await Saves.CompareStatementsAsync(server, EfShop.Snippet(loop + Tables), EfShop.Keys.Select(ids => new object?[] { ids }));
        for (var i = 0; i < runs.Length; i++)
        {
            var count = EfShop.Keys[i].Length;
            Assert.Null(runs[i].Before.Outcome.Error);
            Assert.Equal(runs[i].Before.Outcome.ToString(), runs[i].After.Outcome.ToString());
            Assert.Equal((count, Math.Min(count, 1)), (runs[i].Before.Count("BEGIN TRANSACTION"), runs[i].After.Count("BEGIN TRANSACTION")));
        }
    }

    [Fact]
    public async Task Changes_of_tracked_rows_are_saved_together()
    {
        const string Loop = "foreach (var c in await db.Customers.OrderBy(c => c.Id).ToListAsync()) { if (c.Id == 3) continue; c.Name += ids.Length; await db.SaveChangesAsync(); }";
        var (_, runs) = await Saves.CompareStatementsAsync(server, EfShop.Snippet(Loop + Tables), [[new[] { 1, 2 }]]);
        Assert.Equal(runs[0].Before.Outcome.ToString(), runs[0].After.Outcome.ToString());
        Assert.Contains(runs[0].After.Outcome.Rows, row => row[0] is "4Ann2");
        Assert.Equal((0, 1), (runs[0].Before.Count("BEGIN TRANSACTION"), runs[0].After.Count("BEGIN TRANSACTION")));
        Assert.Equal((3, 3), (runs[0].Before.Count("UPDATE customers"), runs[0].After.Count("UPDATE customers")));
    }

    /// <summary>What the title says: a failure at the third element keeps the first two before the fix, and nothing after it.</summary>
    [Fact]
    public async Task All_changes_are_saved_or_none()
    {
        var (result, runs) = await Saves.CompareStatementsAsync(server, EfShop.Snippet("""
            await SaveAsync();
            return result;

            async Task SaveAsync()
            {
                try { await LoopAsync(); } catch (DbUpdateException) { result.Add("failed"); }
                db.ChangeTracker.Clear();
                result.Add((await db.Items.CountAsync(i => i.Note == "new")).ToString());
            }

            async Task LoopAsync()
            {
                foreach (var o in orders)
                {
                    db.Items.Add(new Item { CustomerId = o.CustomerId, Note = "new" });
                    await db.SaveChangesAsync();
                }
            }
            """), [[new[] { 1, 2, 99 }]]);
        Assert.Contains("all changes together or none", Assert.Single(result.Applied).Title);
        Assert.Equal(Outcome.Column("failed", "2"), runs[0].Before.Outcome.ToString());
        Assert.Equal(Outcome.Column("failed", "0"), runs[0].After.Outcome.ToString());
    }
}
