using static DbSafety.Postgres.Tests.Fixes.Transactions.HalfWork;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>What a failure in the middle leaves on the server of the work of a context.</summary>
public sealed class EfTransactionTests(PostgresServer server)
{
    private const string Retries = ", options => options.EnableRetryOnFailure(2, TimeSpan.FromMilliseconds(20), null)";

    private static readonly object?[] Half = ["order a"];

    [Fact]
    public Task Two_saves() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var shop = new Shop(connectionString);
        var order = new Order { Name = "a" };
        shop.Orders.Add(order);
        await shop.SaveChangesAsync(ct);
        var count = await shop.Orders.CountAsync(ct);
        shop.Stock.Add(new Stock { Id = 9, OrderId = order.Id, Rest = count });
        await shop.SaveChangesAsync(ct);
        """), Half, Constraint, Kill, Cancel);

    [Fact]
    public Task An_update_and_a_save() => IsDoneWholeOrNotAsync(server, Snippet("""
        using var shop = new Shop(connectionString);
        shop.Database.ExecuteSqlRaw("INSERT INTO orders (name) VALUES ('a')");
        shop.Stock.Add(new Stock { Id = 9, Rest = 1 });
        shop.Orders.Where(order => order.Name == "b").ExecuteUpdate(set => set.SetProperty(order => order.Name, "c"));
        return Task.FromResult(shop.SaveChanges());
        """, "Task<int>"), Half, Constraint, Kill);

    [Fact]
    public Task Dapper_on_its_connection() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var shop = new Shop(connectionString);
        shop.Orders.Add(new Order { Name = "a" });
        await shop.SaveChangesAsync();
        await shop.Database.GetDbConnection().ExecuteAsync("INSERT INTO stock (id, rest) VALUES (9, 1)");
        """), Half, Constraint, Kill);

    [Fact]
    public async Task A_strategy_repeats_the_transaction_as_a_whole()
    {
        var source = await IsDoneWholeOrNotAsync(server, Snippet("""
            await using var shop = new Shop(connectionString);
            var order = new Order { Name = "a" };
            shop.Orders.Add(order);
            await shop.SaveChangesAsync(ct);
            var count = await shop.Orders.CountAsync(ct);
            shop.Stock.Add(new Stock { Id = 9, OrderId = order.Id, Rest = count });
            await shop.SaveChangesAsync(ct);
            """, options: Retries), Half, Constraint, Kill, KillOnce, Cancel);
        Assert.Contains("ChangeTracker.Clear()", source, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_strategy_repeats_statements() => IsDoneWholeOrNotAsync(server, Snippet("""
        await using var shop = new Shop(connectionString);
        await shop.Database.ExecuteSqlRawAsync("INSERT INTO orders (name) VALUES ('a')", ct);
        return await shop.Database.ExecuteSqlRawAsync("INSERT INTO stock (id, rest) VALUES (9, 1)", ct);
        """, "async Task<int>", Retries), Half, Constraint, Kill, KillOnce, Cancel);

    [Fact]
    public async Task One_save_in_place_of_two()
    {
        var source = Snippet("""
            await using var shop = new Shop(connectionString);
            var order = new Order { Name = "a" };
            shop.Orders.Add(order);
            await shop.SaveChangesAsync(ct);
            var stock = new Stock { Id = 9, OrderId = order.Id, Rest = 1 };
            shop.Stock.Add(stock);
            await shop.SaveChangesAsync(ct);
            return stock.OrderId + 10 * order.Id;
            """, "async Task<int?>");
        var fixedSource = await FixedByAsync("DbSafety.SaveOnce", server, source, Half, Constraint, Kill, Cancel);
        Assert.Contains("Order = order", fixedSource, StringComparison.Ordinal);
        await IsDoneWholeOrNotAsync(server, source, Half, Constraint);
    }

    /// <summary>Why the strategy has to run the transaction.</summary>
    [Fact]
    public async Task A_strategy_refuses_a_transaction_of_ones_own()
    {
        await using var database = await server.CreateDatabaseAsync();
        var outcome = await FixRunner.RunAsync(Snippet("""
            await using var shop = new Shop(connectionString);
            await using var transaction = await shop.Database.BeginTransactionAsync();
            try { await shop.SaveChangesAsync(); await shop.Orders.CountAsync(); } catch (InvalidOperationException e) { return e.Message.Contains("does not support user-initiated transactions"); }
            return false;
            """, "async Task<bool>", Retries), database.ConnectionString, HalfWork.Schema, Fine);
        Assert.Equal(Outcome.Column("done True"), outcome.ToString());
    }

    /// <summary>Why the context forgets first: what the failed attempt added is there still, and is added again.</summary>
    [Fact]
    public async Task Without_forgetting_the_second_attempt_writes_twice()
    {
        await using var database = await server.CreateDatabaseAsync();
        var outcome = await FixRunner.RunAsync(Snippet("""
            await using var shop = new Shop(connectionString);
            var strategy = shop.Database.CreateExecutionStrategy();
            await strategy.ExecuteAsync(async () =>
            {
                await using var transaction = await shop.Database.BeginTransactionAsync();
                shop.Orders.Add(new Order { Name = "a" });
                shop.Stock.Add(new Stock { Id = 9 + shop.ChangeTracker.Entries().Count() * 10 - 10, Rest = 1 });
                await shop.SaveChangesAsync();
                await transaction.CommitAsync();
            });
            """, options: Retries), database.ConnectionString, HalfWork.Schema, KillOnce);
        Assert.Equal(2, outcome.ToString().Split("order a").Length - 1);
    }
}
