using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>Queries of EF Core that leave their loop. That the results are the same is proved on the server, in DbSafety.Postgres.Tests.</summary>
public sealed class EfQueryInLoopFixTests
{
    private const string Keys = "var customerIds = orders.Select(o => o.UserId).Distinct().ToList();";
    private const string Dictionary = Keys + "\nvar customersById = await db.Customers.Where(c => customerIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);";

    private static string InLoop(string expression) => $$"""
        foreach (var o in orders)
        {
            // Who is it?
            var found = {{expression}};
            Use.It(found);
        }
        """;

    private static Task Runs(string before, string inFront, string after, string? title = null) =>
        EfCase.Run<EfQueryInLoopFixer>(InLoop(before), inFront + "\n" + InLoop(after), title);

    [Theory]
    [InlineData("await db.Customers.FirstOrDefaultAsync(c => c.Id == o.UserId, ct)", "customersById.GetValueOrDefault(o.UserId)")]
    [InlineData("await db.Customers.FirstOrDefaultAsync(c => o.UserId == c.Id, ct)", "customersById.GetValueOrDefault(o.UserId)")]
    [InlineData("await db.Customers.SingleOrDefaultAsync(c => c.Id == o.UserId, ct)", "customersById.GetValueOrDefault(o.UserId)")]
    [InlineData("await db.Customers.Where(c => c.Id == o.UserId).FirstOrDefaultAsync(ct)", "customersById.GetValueOrDefault(o.UserId)")]
    [InlineData("await db.Customers.FirstAsync(c => c.Id == o.UserId, ct)", "customersById[o.UserId]")]
    [InlineData("(await db.Customers.SingleAsync(c => c.Id == o.UserId, ct)).Name", "customersById[o.UserId].Name")]
    public Task A_row_by_its_key_comes_from_a_dictionary(string before, string after) => Runs(before, Dictionary, after);

    [Theory]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).ToListAsync(ct)", "itemsByOrderId[o.Id].ToList()")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).ToArrayAsync(ct)", "itemsByOrderId[o.Id].ToArray()")]
    [InlineData("await db.Items.FirstOrDefaultAsync(i => i.OrderId == o.Id, ct)", "itemsByOrderId[o.Id].FirstOrDefault()")]
    [InlineData("await db.Items.SingleAsync(i => i.OrderId == o.Id, ct)", "itemsByOrderId[o.Id].Single()")]
    public Task Rows_by_what_may_be_shared_come_from_a_lookup(string before, string after) => Runs(before, """
        var orderIds = orders.Select(o => o.Id).Distinct().ToList();
        var itemsByOrderId = (await db.Items.Where(i => orderIds.Contains(i.OrderId)).ToListAsync(ct)).ToLookup(i => i.OrderId);
        """, after);

    [Fact]
    public Task What_is_the_same_each_time_stays_in_the_query() => Runs(
        "await db.Items.AsNoTracking().Where(i => i.Sent && i.OrderId == o.Id).Where(i => i.Id > orders.Count).OrderBy(i => i.Id).ToListAsync(ct).ConfigureAwait(false)", """
        var orderIds = orders.Select(o => o.Id).Distinct().ToList();
        var itemsByOrderId = (await db.Items.AsNoTracking().Where(i => i.Sent && orderIds.Contains(i.OrderId)).Where(i => i.Id > orders.Count).OrderBy(i => i.Id).ToListAsync(ct).ConfigureAwait(false)).ToLookup(i => i.OrderId);
        """, "itemsByOrderId[o.Id].ToList()");

    [Fact]
    public Task A_condition_of_the_terminal_becomes_a_filter() => Runs(
        "await db.Items.Where(i => i.OrderId == o.Id).FirstOrDefaultAsync(i => i.Sent, ct)", """
        var orderIds = orders.Select(o => o.Id).Distinct().ToList();
        var itemsByOrderId = (await db.Items.Where(i => orderIds.Contains(i.OrderId)).Where(i => i.Sent).ToListAsync(ct)).ToLookup(i => i.OrderId);
        """, "itemsByOrderId[o.Id].FirstOrDefault()");

    [Fact]
    public Task Whether_there_is_one_comes_from_a_set() => Runs(
        "await db.Items.AnyAsync(i => i.OrderId == o.Id, ct)", """
        var orderIds = orders.Select(o => o.Id).Distinct().ToList();
        var existingOrderIds = (await db.Items.Where(i => orderIds.Contains(i.OrderId)).Select(i => i.OrderId).Distinct().ToListAsync(ct)).ToHashSet();
        """, "existingOrderIds.Contains(o.Id)");

    [Theory]
    [InlineData("CountAsync", "Count")]
    [InlineData("LongCountAsync", "LongCount")]
    public Task How_many_there_are_is_counted_by_the_server(string member, string count) => Runs(
        $"await db.Items.{member}(i => i.OrderId == o.Id, ct)", $$"""
        var orderIds = orders.Select(o => o.Id).Distinct().ToList();
        var itemCountByOrderId = await db.Items.Where(i => orderIds.Contains(i.OrderId)).GroupBy(i => i.OrderId).Select(g => new { g.Key, Count = g.{{count}}() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        """, "itemCountByOrderId.GetValueOrDefault(o.Id)");

    [Theory]
    [InlineData("await db.Customers.FindAsync(o.UserId)", "db.Customers", "")]
    [InlineData("await db.Customers.FindAsync([o.UserId], ct)", "db.Customers", ", ct")]
    [InlineData("await db.Customers.FindAsync(new object[] { o.UserId }, ct)", "db.Customers", ", ct")]
    [InlineData("await db.FindAsync<Customer>(o.UserId)", "db.Set<Customer>()", "")]
    public Task Find_says_what_changes_and_is_left_out_of_FixAll(string before, string set, string token) => EfCase.Run<EfQueryInLoopFixer>(InLoop(before), Keys + $"\nvar customersById = await {set}.Where(c => customerIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id{token});\n" + InLoop("customersById.GetValueOrDefault(o.UserId)"),
        "Fetch the rows for all elements with one query before the loop; unlike Find, it does not see entities that are not saved yet",
        configure: test =>
        {
            test.CodeFixTestBehaviors |= Microsoft.CodeAnalysis.Testing.CodeFixTestBehaviors.SkipFixAllCheck;
        });

    [Fact]
    public Task A_text_is_a_key_with_a_reservation() => EfCase.Run<EfQueryInLoopFixer>(InLoop("await db.Items.FirstOrDefaultAsync(i => i.OrderName == o.Name, ct)"), """
        var orderNames = orders.Select(o => o.Name).Distinct().ToList();
        var itemsByOrderName = (await db.Items.Where(i => orderNames.Contains(i.OrderName)).ToListAsync(ct)).ToLookup(i => i.OrderName);

        """ + InLoop("itemsByOrderName[o.Name].FirstOrDefault()"),
        "Fetch the rows for all elements with one query before the loop, if the column compares text exactly",
        configure: test => test.CodeFixTestBehaviors |= Microsoft.CodeAnalysis.Testing.CodeFixTestBehaviors.SkipFixAllCheck);

    [Fact]
    public Task Without_await_nothing_is_awaited() => EfCase.Run<EfQueryInLoopFixer>("""
        foreach (var id in ids)
        {
            Use.It(db.Customers.First(c => c.Id == id));
            foreach (var item in db.Items.Where(i => i.OrderId == id))
            {
                Use.It(item);
            }
        }
        """, """
        var customerIds = ids.Distinct().ToList();
        var customersById = db.Customers.Where(c => customerIds.Contains(c.Id)).ToDictionary(c => c.Id);
        var orderIds = ids.Distinct().ToList();
        var itemsByOrderId = db.Items.Where(i => orderIds.Contains(i.OrderId)).ToLookup(i => i.OrderId);
        foreach (var id in ids)
        {
            Use.It(customersById[id]);
            foreach (var item in itemsByOrderId[id])
            {
                Use.It(item);
            }
        }
        """, parameters: "Shop db, int[] ids", type: "void", configure: test => test.NumberOfFixAllIterations = 1);

    [Theory]
    [InlineData("IEnumerable<Order> source", "source", "source.ToList()")]
    [InlineData("IQueryable<Order> source", "source", "source.ToList()")]
    [InlineData("List<Order> source", "source.Where(s => s.Id > 1)", "source.Where(s => s.Id > 1).ToList()")]
    [InlineData("List<Order> source", "db.Orders.Where(s => s.Id > 1)", "await db.Orders.Where(s => s.Id > 1).ToListAsync(ct)")]
    [InlineData("List<Order> source", "await db.Orders.ToListAsync(ct)", "await db.Orders.ToListAsync(ct)")]
    public Task The_source_is_read_once(string parameter, string source, string once) => EfCase.Run<EfQueryInLoopFixer>($$"""
        foreach (var o in {{source}})
            Use.It(await db.Customers.FirstAsync(c => c.Id == o.UserId, ct));
        """, $$"""
        var orders = {{once}};
        var customerIds = orders.Select(o => o.UserId).Distinct().ToList();
        var customersById = await db.Customers.Where(c => customerIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        foreach (var o in orders)
            Use.It(customersById[o.UserId]);
        """, parameters: $"Shop db, {parameter}, CancellationToken ct");

    [Fact]
    public Task A_local_that_holds_the_key_is_followed_and_lines_keep_their_places() => EfCase.Run<EfQueryInLoopFixer>("""
        foreach (var o in orders)
        {
            var id = o.UserId;
            var found = await db.Customers
                .AsNoTracking()
                .FirstOrDefaultAsync(c => c.Id == id, ct);
            Use.It(found);
        }
        """, """
        var customerIds = orders.Select(o => o.UserId).Distinct().ToList();
        var customersById = await db.Customers
            .AsNoTracking().Where(c => customerIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        foreach (var o in orders)
        {
            var id = o.UserId;
            var found = customersById.GetValueOrDefault(id);
            Use.It(found);
        }
        """);

    [Fact]
    public Task Names_that_are_taken_get_a_number() => Runs(
        "await db.Customers.FirstAsync(customersById => customersById.Id == o.UserId, ct)", Keys + """

        var customersById2 = await db.Customers.Where(customersById => customerIds.Contains(customersById.Id)).ToDictionaryAsync(customersById => customersById.Id, ct);
        """, "customersById2[o.UserId]");

    [Fact]
    public Task A_key_of_several_columns_is_not_unique() => Runs(
        "await db.Pairs.FirstAsync(p => p.Id == o.Id, ct)", """
        var pairIds = orders.Select(o => o.Id).Distinct().ToList();
        var pairsById = (await db.Pairs.Where(p => pairIds.Contains(p.Id)).ToListAsync(ct)).ToLookup(p => p.Id);
        """, "pairsById[o.Id].First()");

    [Theory]
    [InlineData("await db.Items.Where(i => i.OrderId > o.Id).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id || i.Sent).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id && i.Id > o.UserId).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id && i.OrderName == o.Name).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.ParentId == o.Id).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.ParentId == o.ParentId).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.ParentId!.Value + 1).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).OrderBy(i => i.Id).Take(3).ToListAsync(ct)")]
    [InlineData("await db.Items.Take(100).Where(i => i.OrderId == o.Id).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).Select(i => i.Id).ToListAsync(ct)")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id).MaxAsync(i => i.Id, ct)")]
    [InlineData("await db.Items.Where(i => i.OrderId == o.Id && i.Id == DateTime.Now.Day).ToListAsync(ct)")]
    [InlineData("await db.Pairs.FindAsync(1, o.Id)")]
    [InlineData("await db.Pairs.FindAsync(o.Id)")]
    [InlineData("db.Items.Where(i => i.OrderId == o.Id).ToListAsync(ct)")]
    public Task Another_question_stays_where_it_is(string expression) => EfCase.Refuses<EfQueryInLoopFixer>(InLoop(expression));

    [Theory]
    [InlineData("db.Items.Add(new Item { OrderId = o.Id });")]
    [InlineData("db.Remove(found!);")]
    [InlineData("await db.SaveChangesAsync(ct);")]
    [InlineData("await db.Items.ExecuteDeleteAsync(ct);")]
    [InlineData("await mailer.SendAsync(found);")]
    [InlineData("Change(db);")]
    [InlineData("o.UserId++;")]
    [InlineData("o.UserId = 3;")]
    public Task A_loop_that_may_change_what_is_read_keeps_its_query(string statement) => FixTest.Refuses(EfCase.Wrap($$"""
        foreach (var o in orders)
        {
            var found = await db.Customers.FirstOrDefaultAsync(c => c.Id == o.UserId, ct);
            Use.It(found);
            {{statement}}
        }
        """, "Shop db, List<Order> orders, IMailer mailer, CancellationToken ct").Replace("public async Task Run", "protected virtual void Change(Shop db) { }\n    public async Task Run"), fixer: new EfQueryInLoopFixer());

    [Theory]
    [InlineData("foreach (var o in source) { if (Next() is { } next) Use.It(await db.Customers.FirstAsync(c => c.Id == o.UserId, ct)); else break; }")]
    [InlineData("if (ct.CanBeCanceled) foreach (var o in orders) Use.It(await db.Customers.FirstAsync(c => c.Id == o.UserId, ct));")]
    [InlineData("foreach (var o in orders) { if (o.Owner is null) continue; Use.It(await db.Customers.FirstAsync(c => c.Id == o.Owner.Id, ct)); }")]
    [InlineData("foreach (Order? o in maybe) { if (o != null) Use.It(await db.Customers.FirstAsync(c => c.Id == o.UserId, ct)); }")]
    [InlineData("foreach (var o in orders) { var found = await db.Customers.AsNoTracking().FirstAsync(c => c.Id == o.UserId, ct); found.Name = o.Name; Use.It(found); }")]
    [InlineData("foreach (var o in orders) { var id = o.UserId; if (id < 0) id = 1; Use.It(await db.Customers.FirstAsync(c => c.Id == id, ct)); }")]
    [InlineData("foreach (var (id, _) in pairs) Use.It(await db.Customers.FirstAsync(c => c.Id == id, ct));")]
    [InlineData("for (var i = 0; i < orders.Count; i++) Use.It(await db.Customers.FirstAsync(c => c.Id == orders[i].UserId, ct));")]
    public Task Where_the_keys_are_not_at_hand_the_query_stays(string statements) =>
        FixTest.Refuses(EfCase.Wrap(statements, "Shop db, List<Order> orders, IEnumerable<Order> source, List<Order?> maybe, List<(int, int)> pairs, CancellationToken ct").Replace(
            "public async Task Run", "private static string? Next() => Console.ReadLine();\n    public async Task Run"), fixer: new EfQueryInLoopFixer());

    [Fact]
    public Task Whoever_takes_what_is_yielded_may_write_so_the_query_stays() => FixTest.Refuses(EfCase.Wrap(
        "foreach (var o in orders) yield return await db.Customers.FirstAsync(c => c.Id == o.UserId);", "Shop db, List<Order> orders").Replace(
            "public async Task Run", "public async IAsyncEnumerable<Customer> Run"), fixer: new EfQueryInLoopFixer());

    [Fact]
    public Task Missing_directives_are_added() => FixTest.Run(
        EfCase.Wrap("foreach (var o in orders) Use.It(await db.Customers.FindAsync([o.UserId], ct));", usings: "").Replace("DbContext\n", "Microsoft.EntityFrameworkCore.DbContext\n").Replace("DbSet<", "Microsoft.EntityFrameworkCore.DbSet<").Replace("ModelBuilder", "Microsoft.EntityFrameworkCore.ModelBuilder"),
        EfCase.Wrap("""
        var customerIds = orders.Select(o => o.UserId).Distinct().ToList();
        var customersById = await db.Customers.Where(c => customerIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        foreach (var o in orders) Use.It(customersById.GetValueOrDefault(o.UserId));
        """, usings: "using Microsoft.EntityFrameworkCore;\n\n").Replace("DbContext\n", "Microsoft.EntityFrameworkCore.DbContext\n").Replace("DbSet<", "Microsoft.EntityFrameworkCore.DbSet<").Replace("ModelBuilder", "Microsoft.EntityFrameworkCore.ModelBuilder"),
        fixer: new EfQueryInLoopFixer(), configure: test => test.CodeFixTestBehaviors |= Microsoft.CodeAnalysis.Testing.CodeFixTestBehaviors.SkipFixAllCheck);
}
