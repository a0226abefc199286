namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>Writes of a context in one transaction.</summary>
public sealed class EfBlockTests
{
    private const string Block = "Run the writes in one transaction";

    private const string Retried = "Run the writes in one transaction that is repeated as a whole";

    private const string Retries = "    public static void Configure(DbContextOptionsBuilder options, string text) => options.UseNpgsql(text, o => o.EnableRetryOnFailure());";

    [Fact]
    public Task Saves_with_a_query_in_between() => TransactionCase.Fixes("""
        shop.Customers.Add(new Customer { Name = text });
        await shop.SaveChangesAsync(ct);
        var count = await shop.Customers.CountAsync(ct);
        shop.Orders.Add(new Order { Name = text + count });
        await shop.SaveChangesAsync(ct);
        """, """
        shop.Customers.Add(new Customer { Name = text });
        await using var transaction = await shop.Database.BeginTransactionAsync(ct);
        await shop.SaveChangesAsync(ct);
        var count = await shop.Customers.CountAsync(ct);
        shop.Orders.Add(new Order { Name = text + count });
        await shop.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        """);

    [Fact]
    public Task An_update_and_a_save() => TransactionCase.Fixes("""
        shop.Orders.Where(o => o.Id == id).ExecuteUpdate(s => s.SetProperty(o => o.Name, text));
        shop.Customers.Add(new Customer { Name = text });
        return shop.SaveChanges();
        """, """
        using var transaction = shop.Database.BeginTransaction();
        shop.Orders.Where(o => o.Id == id).ExecuteUpdate(s => s.SetProperty(o => o.Name, text));
        shop.Customers.Add(new Customer { Name = text });
        var affected = shop.SaveChanges();
        transaction.Commit();
        return affected;
        """, "int");

    [Fact]
    public Task Dapper_on_its_connection_gets_the_transaction() => FixTest.Run(TransactionCase.Wrap("""
        shop.Customers.Add(new Customer { Name = text });
        await shop.SaveChangesAsync();
        await shop.Database.GetDbConnection().ExecuteAsync("DELETE FROM stock");
        """), TransactionCase.Wrap("""
        shop.Customers.Add(new Customer { Name = text });
        await using var transaction = await shop.Database.BeginTransactionAsync();
        await shop.SaveChangesAsync();
        await shop.Database.GetDbConnection().ExecuteAsync("DELETE FROM stock", transaction: transaction.GetDbTransaction());
        await transaction.CommitAsync();
        """, usings: "using Dapper;\nusing Microsoft.EntityFrameworkCore;\nusing Npgsql;\nusing Microsoft.EntityFrameworkCore.Storage;"), fixer: new DbSafety.CodeFixes.Transactions.TransactionBlockFixer(), title: Block);

    [Fact]
    public Task What_the_strategy_repeats_begins_with_nothing_tracked() => TransactionCase.Fixes("""
        await using var context = new Shop();
        var customer = new Customer { Name = text };
        context.Customers.Add(customer);
        await context.SaveChangesAsync(ct);
        var count = await context.Orders.CountAsync(ct);
        context.Orders.Add(new Order { Name = text + count, CustomerId = customer.Id });
        await context.SaveChangesAsync(ct);
        """, """
        await using var context = new Shop();
        var strategy = context.Database.CreateExecutionStrategy();
        await strategy.ExecuteAsync(async () =>
        {
            context.ChangeTracker.Clear();
            await using var transaction = await context.Database.BeginTransactionAsync(ct);
            var customer = new Customer { Name = text };
            context.Customers.Add(customer);
            await context.SaveChangesAsync(ct);
            var count = await context.Orders.CountAsync(ct);
            context.Orders.Add(new Order { Name = text + count, CustomerId = customer.Id });
            await context.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        });
        """, members: Retries, title: Retried);

    [Fact]
    public Task The_strategy_gives_the_result() => TransactionCase.Fixes("""
        using (var context = new Shop())
        {
            var customer = new Customer { Name = text };
            context.Customers.Add(customer);
            context.SaveChanges();
            context.Orders.Where(o => o.Id == id).ExecuteDelete();
            return customer.Id;
        }
        """, """
        using (var context = new Shop())
        {
            var strategy = context.Database.CreateExecutionStrategy();
            return strategy.Execute(() =>
            {
                context.ChangeTracker.Clear();
                using var transaction = context.Database.BeginTransaction();
                var customer = new Customer { Name = text };
                context.Customers.Add(customer);
                context.SaveChanges();
                context.Orders.Where(o => o.Id == id).ExecuteDelete();
                transaction.Commit();
                return customer.Id;
            });
        }
        """, "int", members: Retries, title: Retried);

    [Fact]
    public Task Updates_by_statement_track_nothing() => TransactionCase.Fixes("""
        await shop.Orders.Where(o => o.Id == id).ExecuteDeleteAsync(ct);
        return await shop.Customers.Where(c => c.Id == id).ExecuteDeleteAsync(ct);
        """, """
        var strategy = shop.Database.CreateExecutionStrategy();
        return await strategy.ExecuteAsync(async () =>
        {
            await using var transaction = await shop.Database.BeginTransactionAsync(ct);
            await shop.Orders.Where(o => o.Id == id).ExecuteDeleteAsync(ct);
            var affected = await shop.Customers.Where(c => c.Id == id).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
            return affected;
        });
        """, "async Task<int>", members: Retries, title: Retried);

    // The caller's changes would be forgotten; a list would be filled twice; a key would be kept.
    [Theory]
    [InlineData("shop.Add(new Customer()); shop.SaveChanges(); shop.Orders.ExecuteDelete();")]
    [InlineData("using var context = new Shop(); var old = context.Customers.First(); if (old.Active) { old.Name = text; context.SaveChanges(); context.Orders.ExecuteDelete(); }")]
    [InlineData("using var context = new Shop(); context.Add(orders[0]); context.SaveChanges(); context.Orders.ExecuteDelete();")]
    [InlineData("using var context = new Shop(); context.Add(new Order()); context.SaveChanges(); orders.Add(new Order()); context.Orders.ExecuteDelete();")]
    [InlineData("using var context = new Shop(); context.Add(new Order()); context.SaveChanges(); id++; context.Orders.ExecuteDelete();")]
    [InlineData("using var context = new Shop(); context.Add(new Order()); context.SaveChanges(); if (id == 1) return; context.Orders.ExecuteDelete();")]
    public Task A_repetition_loses_and_doubles_nothing(string statements) => TransactionCase.Refuses(statements.Replace("; ", ";\n"), "void", Retries);
}
