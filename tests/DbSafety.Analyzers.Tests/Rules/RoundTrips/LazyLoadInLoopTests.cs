using DbSafety.Analyzers.Rules.RoundTrips;

namespace DbSafety.Analyzers.Tests.Rules.RoundTrips;

public sealed class LazyLoadInLoopTests
{
    private const string Loaded = "var orders = await db.Orders.Where(o => o.Id > 1).ToListAsync();";

    private static string Source(string statements, string options = "options.UseLazyLoadingProxies();", string model = "", string more = "") => $$"""
        using Microsoft.EntityFrameworkCore.Infrastructure;

        public class Order { public int Id { get; set; } public int CustomerId { get; set; } public virtual Customer Customer { get; set; } = null!; public virtual List<Line> Lines { get; set; } = new(); public Customer Payer { get; set; } = null!; public virtual string Note { get; set; } = ""; public virtual Address Address { get; set; } = null!; }
        public class Customer { public int Id { get; set; } public string Name { get; set; } = ""; public virtual Customer? Parent { get; set; } }
        public class Line { public int Id { get; set; } }
        public class Address { public string City { get; set; } = ""; }
        public class Store : DbContext
        {
            public DbSet<Order> Orders => Set<Order>();
            public DbSet<Customer> Customers => Set<Customer>();
            public DbSet<Line> Lines => Set<Line>();
            protected override void OnConfiguring(DbContextOptionsBuilder options) { {{options}} }
            protected override void OnModelCreating(ModelBuilder model) { {{model}} }
        }
        {{more}}

        public class Case
        {
            public async Task Run(Store db, List<Order> given, IQueryable<Order> query, string path)
            {
                await Task.CompletedTask;
                {{statements}}
            }

            private static void Use(object? value) { }
        }
        """;

    private static Task Check(string source) => Verify<LazyLoadInLoop>.CSharp(source, test => test.TestState.AdditionalReferences.Add(References.Newer("Microsoft.EntityFrameworkCore.Proxies")));

    [Theory]
    [InlineData(Loaded + "foreach (var o in orders) Use([|o.Customer|].Name);")]
    [InlineData(Loaded + "foreach (var o in orders) { if ([|o.Customer|] != null) Use(o.Customer.Name); Use([|o.Lines|].Count); }")]
    [InlineData("foreach (var o in await db.Orders.ToListAsync()) Use([|o.Lines|]);")]
    [InlineData("foreach (var o in db.Orders.OrderBy(o => o.Id).Take(50).ToList()) Use([|o.Customer|]);")]
    [InlineData("foreach (var o in db.Set<Order>().ToArray()) Use([|o.Customer|]);")]
    [InlineData("foreach (var o in await db.Orders.Include(o => o.Lines).ToListAsync().ConfigureAwait(false)) { Use(o.Lines); Use([|o.Customer|]); }")]
    [InlineData(Loaded + "var names = orders.Select(o => [|o.Customer|].Name).ToList(); Use(names);")]
    [InlineData(Loaded + "orders.ForEach(o => Use([|o.Customer|]));")]
    [InlineData("foreach (var o in db.Orders) Use([|o.Customer|]);")]
    [InlineData(Loaded + "Use(await db.Lines.ToListAsync()); foreach (var o in orders) Use([|o.Customer|]);")]
    public Task A_navigation_that_the_query_does_not_load_is_reported(string statements) => Check(Source(statements));

    [Theory]
    [InlineData("foreach (var o in await db.Orders.Include(o => o.Customer).ToListAsync()) Use(o.Customer);")]
    [InlineData("foreach (var o in await db.Orders.Include(o => o.Customer).ThenInclude(c => c.Parent).ToListAsync()) Use(o.Customer);")]
    [InlineData("foreach (var o in await db.Orders.Include(\"Customer.Parent\").ToListAsync()) Use(o.Customer);")]
    [InlineData("foreach (var o in await db.Orders.Include(path).ToListAsync()) Use(o.Customer);")]
    [InlineData("foreach (var o in await db.Orders.AsNoTracking().ToListAsync()) Use(o.Customer);")]
    [InlineData("foreach (var o in given) Use(o.Customer);")]
    [InlineData("foreach (var o in query) Use(o.Customer);")]
    [InlineData("foreach (var o in await query.ToListAsync()) Use(o.Customer);")]
    [InlineData("foreach (var o in await db.Orders.Select(o => new Order { Customer = o.Customer }).ToListAsync()) Use(o.Customer);")]
    [InlineData("foreach (var o in await db.Orders.Select(o => new { o.Customer.Name }).ToListAsync()) Use(o.Name);")]
    [InlineData("foreach (var o in await db.Orders.FromSqlRaw(\"SELECT 1\").Union(query).ToListAsync()) Use(o.Customer);")]
    [InlineData(Loaded + "orders = given; foreach (var o in orders) Use(o.Customer);")]
    [InlineData(Loaded + "await db.Customers.LoadAsync(); foreach (var o in orders) Use(o.Customer);")]
    [InlineData(Loaded + "Use(await db.Customers.ToListAsync()); foreach (var o in orders) Use(o.Customer);")]
    [InlineData(Loaded + "foreach (var o in orders) o.Customer = new Customer();")]
    [InlineData(Loaded + "foreach (var o in orders) { o.Customer = new Customer(); Use(o.Customer); }")]
    [InlineData(Loaded + "foreach (var o in orders) { Use(o.Note); Use(o.Payer); Use(o.Address); Use(nameof(o.Customer)); }")]
    [InlineData(Loaded + "foreach (var o in orders) { Use(o.Customer); break; }")]
    [InlineData(Loaded + "Use(orders.First(o => o.Customer != null));")]
    [InlineData(Loaded + "foreach (var o in orders) Use(db.Lines.Where(l => l.Id == o.Customer.Id));")]
    [InlineData("Use(await db.Orders.Where(o => o.Customer.Name == path).ToListAsync());")]
    [InlineData("var one = await db.Orders.FirstAsync(); Use(one.Customer);")]
    public Task What_is_loaded_or_nobody_knows_is_silent(string statements) => Check(Source(statements));

    [Theory]
    [InlineData("", "")]
    [InlineData("options.UseLazyLoadingProxies(false);", "")]
    [InlineData("options.UseLazyLoadingProxies(); ChangeTracker.LazyLoadingEnabled = false;", "")]
    [InlineData("options.UseLazyLoadingProxies().UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);", "")]
    [InlineData("options.UseLazyLoadingProxies();", "model.Entity<Order>().Navigation(o => o.Customer).AutoInclude();")]
    [InlineData("options.UseLazyLoadingProxies();", "model.Entity<Order>().Navigation(o => o.Customer).EnableLazyLoading(false);")]
    public Task Without_lazy_loading_there_is_nothing_to_say(string options, string model) => Check(Source(Loaded + "foreach (var o in orders) Use(o.Customer);", options, model));

    [Fact]
    public Task An_entity_with_a_loader_needs_no_proxy() => Check(Source(
        "foreach (var p in await db.Set<Parcel>().ToListAsync()) { Use([|p.Order|]); Use(p.Customer); } foreach (var p in await db.Set<Letter>().ToListAsync()) Use([|p.Order|]);", "", "", """
        public class Parcel
        {
            private readonly ILazyLoader? _loader;
            private Order? _order;
            public Parcel() { }
            private Parcel(ILazyLoader loader) => _loader = loader;
            public int Id { get; set; }
            public Order? Order { get => _loader!.Load(this, ref _order); set => _order = value; }
            public Customer? Customer { get; set; }
        }

        public class Letter
        {
            private readonly Action<object, string>? _load;
            private Order? _order;
            public Letter() { }
            private Letter(Action<object, string> lazyLoader) => _load = lazyLoader;
            public int Id { get; set; }
            public Order? Order { get { _load?.Invoke(this, nameof(Order)); return _order; } set => _order = value; }
        }

        public class Post : DbContext { public DbSet<Parcel> Parcels => Set<Parcel>(); public DbSet<Letter> Letters => Set<Letter>(); }
        """));
}
