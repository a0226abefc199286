using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>SaveChanges that leaves its loop.</summary>
public sealed class EfSaveChangesFixTests
{
    private const string Title = "Save once, behind the loop: all changes together or none";

    private static Task Runs(string before, string after, string parameters = "Shop db, List<Order> orders, CancellationToken ct", string type = "async Task") =>
        EfCase.Run<EfSaveChangesFixer>(before, after, Title, parameters, type);

    [Theory]
    [InlineData("await db.SaveChangesAsync(ct);", "async Task")]
    [InlineData("await db.SaveChangesAsync(ct).ConfigureAwait(false);", "async Task")]
    [InlineData("db.SaveChanges();", "void")]
    public Task It_stands_behind_the_loop(string save, string type) => Runs($$"""
        foreach (var o in orders)
        {
            db.Items.Add(new Item { OrderId = o.Id });

            // Keep it.
            {{save}}
        }

        Use.It(orders);
        """, $$"""
        foreach (var o in orders)
        {
            db.Items.Add(new Item { OrderId = o.Id });
        }
        // Keep it.
        {{save}}

        Use.It(orders);
        """, type: type);

    [Fact]
    public Task In_one_line_and_behind_a_comment() => Runs("""
        foreach (var o in orders) { o.Name = o.Name.Trim(); await db.SaveChangesAsync(ct); } // all
        """, """
        foreach (var o in orders) { o.Name = o.Name.Trim(); } // all
        await db.SaveChangesAsync(ct);
        """);

    [Fact]
    public Task A_guard_at_the_head_may_skip_an_element() => Runs("""
        var made = new List<Item>();
        foreach (var o in await db.Orders.ToListAsync(ct))
        {
            if (o.Name.Length == 0) continue;
            if (o.Id > 100)
            {
                break;
            }

            o.UserId = 7;
            made.Add(new Item());
            await db.SaveChangesAsync(ct);
        }
        """, """
        var made = new List<Item>();
        foreach (var o in await db.Orders.ToListAsync(ct))
        {
            if (o.Name.Length == 0) continue;
            if (o.Id > 100)
            {
                break;
            }

            o.UserId = 7;
            made.Add(new Item());
        }
        await db.SaveChangesAsync(ct);
        """);

    [Fact]
    public Task Loops_of_one_method_are_fixed_at_once() => EfCase.Run<EfSaveChangesFixer>("""
        foreach (var o in orders)
        {
            o.UserId = 7;
            db.SaveChanges();
        }

        foreach (var o in orders)
        {
            o.Name = "";
            db.SaveChanges();
        }
        """, """
        foreach (var o in orders)
        {
            o.UserId = 7;
        }
        db.SaveChanges();

        foreach (var o in orders)
        {
            o.Name = "";
        }
        db.SaveChanges();
        """, type: "void");

    [Theory]
    [InlineData("if (o.Id > 3) { o.UserId = 7; continue; }")]
    [InlineData("o.UserId = 7; if (o.Id > 3) break;")]
    [InlineData("if (o.Id > 3) return;")]
    [InlineData("if (o.Id > 3) throw new InvalidOperationException();")]
    [InlineData("var other = await db.Customers.FirstAsync(c => c.Id == o.UserId, ct); other.Name = o.Name;")]
    [InlineData("foreach (var item in db.Items) item.Sent = true;")]
    [InlineData("Change(db);")]
    [InlineData("db.ChangeTracker.Clear();")]
    [InlineData("await db.Items.ExecuteDeleteAsync(ct);")]
    [InlineData("var item = new Item { ParentId = last?.Id }; db.Add(item); last = item;")]
    [InlineData("var item = new Item { ParentId = made.LastOrDefault()?.Id }; db.Add(item); made.Add(item);")]
    [InlineData("db.Add(new Item { OrderId = o.Owner!.Id });")]
    [InlineData("db.Remove(o); db.Add(new Order { Name = o.Name });")]
    [InlineData("try { o.UserId = int.Parse(o.Name); } finally { o.Name = \"\"; }")]
    public Task What_the_loop_does_in_between_may_need_the_save(string statement) => Refuses($$"""
        Item? last = null;
        var made = new List<Item>();
        foreach (var o in orders)
        {
            {{statement}}
            await db.SaveChangesAsync(ct);
        }
        """);

    [Theory]
    [InlineData("foreach (var o in orders) { o.UserId = 7; var n = await db.SaveChangesAsync(ct); Use.It(n); }")]
    [InlineData("foreach (var o in orders) { o.UserId = 7; await db.SaveChangesAsync(ct); Use.It(o.Id); }")]
    [InlineData("foreach (var o in orders) { o.UserId = 7; if (o.Id > 2) { await db.SaveChangesAsync(ct); } }")]
    [InlineData("foreach (var o in orders) await db.SaveChangesAsync(ct);")]
    [InlineData("foreach (var o in lazy) { o.UserId = 7; await db.SaveChangesAsync(ct); }")]
    [InlineData("db.Add(new Item()); foreach (var o in orders) { o.UserId = 7; await db.SaveChangesAsync(ct); }")]
    [InlineData("if (ct.CanBeCanceled) foreach (var o in orders) { o.UserId = 7; await db.SaveChangesAsync(ct); }")]
    [InlineData("try { foreach (var o in orders) { o.UserId = 7; await db.SaveChangesAsync(ct); } } catch (DbUpdateException) { }")]
    [InlineData("for (var i = 0; i < orders.Count; i++) { orders[i].UserId = 7; await db.SaveChangesAsync(ct); }")]
    public Task Another_form_stays(string statements) => Refuses(statements);

    private static Task Refuses(string statements) => FixTest.Refuses(
        EfCase.Wrap(statements, "Shop db, List<Order> orders, IEnumerable<Order> lazy, CancellationToken ct").Replace("public async Task Run", "protected virtual void Change(Shop db) { }\n    public async Task Run"),
        fixer: new EfSaveChangesFixer());
}
