using DbSafety.Analyzers.Rules.RoundTrips;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace DbSafety.Postgres.Tests.Fixes.RoundTrips;

/// <summary>What it costs to read a navigation that EF Core loads when it is read, and what with Include.</summary>
public sealed class EfIncludeTests(PostgresServer server)
{
    private static readonly FixRunner Runner = new() { Analyzers = [new LazyLoadInLoop()], Fixes = [new EfIncludeFixer()] };

    // The entities of the snippets with a loader: no proxy can be made of types that are unloaded later.
    private static string WithLoaders(string snippet) => "using Microsoft.EntityFrameworkCore.Infrastructure;\n" + snippet
        .Replace("public ICollection<Item> Items { get; set; } = new List<Item>();", """
            private readonly ILazyLoader? _loader;
            private ICollection<Item>? _items;
            public Customer() { }
            private Customer(ILazyLoader loader) => _loader = loader;
            public ICollection<Item> Items { get => _loader is null ? _items ??= new List<Item>() : _loader.Load(this, ref _items)!; set => _items = value; }
            """, StringComparison.Ordinal)
        .Replace("public Customer Customer { get; set; } = null!;", """
            private readonly ILazyLoader? _loader;
            private Customer? _customer;
            public Item() { }
            private Item(ILazyLoader loader) => _loader = loader;
            public Customer? Customer { get => _loader is null ? _customer : _loader.Load(this, ref _customer); set => _customer = value; }
            """, StringComparison.Ordinal);

    /// <summary>Five items of three customers, and four customers: a query for each that is not loaded yet, beside the one for the rows; with Include that one.</summary>
    [Theory]
    [InlineData("foreach (var item in await db.Items.OrderBy(i => i.Id).ToListAsync()) result.Add(item.Customer!.Name);", "FROM customers", 3)]
    [InlineData("foreach (var customer in db.Customers.OrderBy(c => c.Id).ToList()) result.Add(customer.Name + customer.Items.Count);", "FROM items", 4)]
    [InlineData("var all = await db.Customers.Where(c => c.Id > 1).OrderBy(c => c.Id).ToListAsync(); result.AddRange(all.Select(c => c.Items.Count.ToString()));", "FROM items", 3)]
    public async Task Each_navigation_is_a_query_and_Include_is_none(string body, string counted, int before) =>
        Assert.Contains(".Include(", await EfShop.SameAsync(Runner, server, body, counted, [[1]], _ => before, after: 0, WithLoaders));

    /// <summary>The same with proxies; of rows that nobody tracks, which share no entities, each loads its own (EF Core 10; before 8 none did).</summary>
    [Theory]
    [InlineData(false, false, 2)]
    [InlineData(true, false, 0)]
    [InlineData(false, true, 3)]
    public async Task A_proxy_loads_its_navigation_when_it_is_read(bool isIncluded, bool isUntracked, int queries)
    {
        await using var database = await server.CreateDatabaseAsync();
        await using (var filling = new ProxiedShop(database.ConnectionString))
        {
            await filling.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(TestContext.Current.CancellationToken);
            var ann = new ProxiedCustomer { Name = "ann" };
            filling.AddRange(new ProxiedItem { Customer = ann }, new ProxiedItem { Customer = ann }, new ProxiedItem { Customer = new ProxiedCustomer { Name = "bob" } });
            await filling.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var log = await server.CountStatementsAsync(database);
        await using var db = new ProxiedShop(database.ConnectionString);
        var items = isIncluded ? db.Items.Include(item => item.Customer) : isUntracked ? db.Items.AsNoTracking() : db.Items.AsQueryable();
        var names = new List<string>();
        foreach (var item in await items.OrderBy(item => item.Id).ToListAsync(TestContext.Current.CancellationToken))
        {
            names.Add(item.Customer.Name);
        }

        Assert.Equal(["ann", "ann", "bob"], names);
        Assert.Equal(queries, (await log.TextsAsync()).Count(text => text.Contains("FROM \"Customers\"", StringComparison.Ordinal)));
    }
}

/// <summary>A customer whose items are loaded when they are read.</summary>
public class ProxiedCustomer
{
    /// <summary>The key.</summary>
    public int Id { get; set; }

    /// <summary>The name.</summary>
    public string Name { get; set; } = "";
}

/// <summary>An item whose customer is loaded when it is read.</summary>
public class ProxiedItem
{
    /// <summary>The key.</summary>
    public int Id { get; set; }

    /// <summary>The customer's key; without it EF Core loads nothing for rows that nobody tracks, and throws.</summary>
    public int CustomerId { get; set; }

    /// <summary>The customer.</summary>
    public virtual ProxiedCustomer Customer { get; set; } = null!;
}

/// <summary>Both, with proxies.</summary>
public sealed class ProxiedShop(string connectionString) : DbContext
{
    /// <summary>The items.</summary>
    public DbSet<ProxiedItem> Items => Set<ProxiedItem>();

    /// <summary>The customers.</summary>
    public DbSet<ProxiedCustomer> Customers => Set<ProxiedCustomer>();

    /// <inheritdoc/>
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql(connectionString).UseLazyLoadingProxies();
}
