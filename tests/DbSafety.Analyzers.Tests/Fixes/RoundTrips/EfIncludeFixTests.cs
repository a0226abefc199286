using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>Include, behind the set of the query whose rows a loop reads.</summary>
public sealed class EfIncludeFixTests
{
    private static string Source(string statements, string model = "") => $$"""
        using Microsoft.EntityFrameworkCore;

        public class Case
        {
            public async Task Run(Store db)
            {
                {{statements}}
            }
        }

        public class Line { public int Id { get; set; } public virtual Product Product { get; set; } = null!; public virtual Stock Stock { get; set; } = null!; }
        public class Product { public int Id { get; set; } public bool Gone { get; set; } }
        public class Stock { public int Id { get; set; } }
        public static class Use { public static void It(object? value) { } }
        public class Store : DbContext
        {
            public DbSet<Line> Lines => Set<Line>();
            public DbSet<Product> Products => Set<Product>();
            public DbSet<Stock> Stocks => Set<Stock>();
            protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseLazyLoadingProxies();
            protected override void OnModelCreating(ModelBuilder model) { {{model}} }
        }
        """;

    [Theory]
    [InlineData("foreach (var l in await db.Lines.Where(l => l.Id > 1).ToListAsync()) Use.It(l.Product);", "foreach (var l in await db.Lines.Include(l => l.Product).Where(l => l.Id > 1).ToListAsync()) Use.It(l.Product);")]
    [InlineData("var all = db.Set<Line>().ToList(); all.ForEach(line => Use.It(line.Stock)); await Task.Yield();", "var all = db.Set<Line>().Include(l => l.Stock).ToList(); all.ForEach(line => Use.It(line.Stock)); await Task.Yield();")]
    public Task The_query_loads_the_navigation(string before, string after) => FixTest.Run(
        Source(before), Source(after), references: References.WithProxies, fixer: new EfIncludeFixer(), title: after.Contains("Product", StringComparison.Ordinal) ? "Load 'Product' with the rows, by Include" : "Load 'Stock' with the rows, by Include");

    [Fact]
    public Task Both_of_two_navigations_are_loaded() => FixTest.Run(
        Source("foreach (var line in await db.Lines.ToListAsync()) { Use.It(line.Product); Use.It(line.Stock); }"),
        Source("foreach (var line in await db.Lines.Include(l => l.Stock).Include(l => l.Product).ToListAsync()) { Use.It(line.Product); Use.It(line.Stock); }"),
        references: References.WithProxies, fixer: new EfIncludeFixer());

    [Fact]
    public Task A_filter_on_some_entity_might_take_rows_away() => FixTest.Refuses(
        Source("foreach (var l in await db.Lines.ToListAsync()) Use.It(l.Product);", "model.Entity<Product>().HasQueryFilter(p => !p.Gone);"), references: References.WithProxies, fixer: new EfIncludeFixer());
}
