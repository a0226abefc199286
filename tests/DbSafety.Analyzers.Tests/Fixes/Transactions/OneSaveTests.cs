using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>Saves that one save can do.</summary>
public sealed class OneSaveTests
{
    private const string Title = "Save once: all changes together or none";

    [Fact]
    public Task A_generated_key_becomes_the_navigation() => TransactionCase.Fixes("""
        var customer = new Customer { Name = text };
        shop.Customers.Add(customer);
        await shop.SaveChangesAsync(ct);

        var order = new Order { Name = text, CustomerId = customer.Id };
        shop.Orders.Add(order);
        await shop.SaveChangesAsync(ct);
        Console.WriteLine(order.Id + customer.Id);
        """, """
        var customer = new Customer { Name = text };
        shop.Customers.Add(customer);

        var order = new Order { Name = text, Customer = customer };
        shop.Orders.Add(order);
        await shop.SaveChangesAsync(ct);
        Console.WriteLine(order.Id + customer.Id);
        """, title: Title);

    [Fact]
    public Task Also_where_it_is_assigned() => TransactionCase.Fixes("""
        var customer = new Customer { Name = text };
        shop.Add(customer);

        shop.SaveChanges();

        var order = new Order();
        order.CustomerId = customer.Id;
        shop.Add(order);
        shop.SaveChanges();
        """, """
        var customer = new Customer { Name = text };
        shop.Add(customer);

        var order = new Order();
        order.Customer = customer;
        shop.Add(order);
        shop.SaveChanges();
        """, "void", title: Title);

    // One save writes the rows of all: who asks how many, would get another number.
    [Fact]
    public Task The_number_of_rows_is_asked() => TransactionCase.Fixes("""
        shop.Add(new Order { Name = text });
        await shop.SaveChangesAsync(ct);
        shop.Add(new Customer { Name = text });
        return await shop.SaveChangesAsync(ct);
        """, """
        shop.Add(new Order { Name = text });
        await using var transaction = await shop.Database.BeginTransactionAsync(ct);
        await shop.SaveChangesAsync(ct);
        shop.Add(new Customer { Name = text });
        var affected = await shop.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return affected;
        """, "async Task<int>");

    [Fact]
    public Task Saves_without_a_link() => TransactionCase.Fixes("""
        var customer = new Customer { Name = text };
        shop.Add(customer);
        shop.SaveChanges();
        customer.Name = text.Trim();
        shop.Add(new Order { Name = text });
        shop.SaveChanges();
        shop.AddRange(orders);
        shop.SaveChanges();
        """, """
        var customer = new Customer { Name = text };
        shop.Add(customer);
        customer.Name = text.Trim();
        shop.Add(new Order { Name = text });
        shop.AddRange(orders);
        shop.SaveChanges();
        """, "void", title: Title);

    [Fact]
    public Task The_block_is_offered_next() => TransactionCase.Fixes("""
        shop.Add(new Order { Name = text });
        shop.SaveChanges();
        shop.Add(new Customer { Name = text });
        shop.SaveChanges();
        """, """
        shop.Add(new Order { Name = text });
        using var transaction = shop.Database.BeginTransaction();
        shop.SaveChanges();
        shop.Add(new Customer { Name = text });
        shop.SaveChanges();
        transaction.Commit();
        """, "void", index: 1);

    // What is between the saves sees what the first has saved, or may: the block alone is offered.
    [Theory]
    [InlineData("Console.WriteLine(customer.Id);")]
    [InlineData("shop.Add(new Order { Name = text + customer.Id });")]
    [InlineData("shop.Add(new Order { Name = \"\" + customer });")]
    [InlineData("shop.Add(new Order { Id = customer.Id });")]
    [InlineData("shop.Remove(customer);")]
    [InlineData("shop.ChangeTracker.Clear();")]
    [InlineData("shop.Entry(customer).State = EntityState.Detached;")]
    [InlineData("foreach (var order in orders) { order.CustomerId = order.Id; }")]
    [InlineData("text = string.Join(\",\", orders.Select(o => o.Id));")]
    [InlineData("var all = shop.Orders.Count();")]
    [InlineData("if (id == 1) return;")]
    public async Task Something_reads_what_was_saved(string between)
    {
        var exit = between.Replace("if (id == 1) return;", "if (id == 1)\n{\n    transaction.Commit();\n    return;\n}");
        await TransactionCase.Fixes($"""
            var customer = new Customer();
            shop.Add(customer);
            shop.SaveChanges();
            {between}
            shop.Add(new Order());
            shop.SaveChanges();
            """, $"""
            var customer = new Customer();
            shop.Add(customer);
            using var transaction = shop.Database.BeginTransaction();
            shop.SaveChanges();
            {exit}
            shop.Add(new Order());
            shop.SaveChanges();
            transaction.Commit();
            """, "void");
    }

    [Fact]
    public Task FixAll_mends_each_method() => FixTest.Run(Two("""
                db.Open();
                db.Execute("INSERT INTO orders (id) VALUES (1)");
                db.Execute("DELETE FROM stock");
        """), Two("""
                db.Open();
                using var transaction = db.BeginTransaction();
                db.Execute("INSERT INTO orders (id) VALUES (1)", transaction: transaction);
                db.Execute("DELETE FROM stock", transaction: transaction);
                transaction.Commit();
        """), fixer: new TransactionBlockFixer());

    private static string Two(string body) =>
        $"using Dapper;\nusing Npgsql;\n\npublic class Case\n{{\n    public void One(NpgsqlConnection db)\n    {{\n{body}\n    }}\n\n    public void Other(NpgsqlConnection db)\n    {{\n{body}\n    }}\n}}\n";
}
