using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>Code with a context of EF Core, before and after a fix.</summary>
internal static class EfCase
{
    private const string Model = """
        public class Order { public int Id { get; set; } public int UserId { get; set; } public int? ParentId { get; set; } public string Name { get; set; } = ""; public Customer? Owner { get; set; } }
        public class Customer { public int Id { get; set; } public string Name { get; set; } = ""; public bool Active { get; set; } }
        public class Item { public int Id { get; set; } public int OrderId { get; set; } public int? ParentId { get; set; } public string OrderName { get; set; } = ""; public bool Sent { get; set; } }
        public class Pair { public int LeftId { get; set; } public int Id { get; set; } }
        public class Shop : DbContext
        {
            public DbSet<Order> Orders => Set<Order>();
            public DbSet<Customer> Customers => Set<Customer>();
            public DbSet<Item> Items => Set<Item>();
            public DbSet<Pair> Pairs => Set<Pair>();
            protected override void OnModelCreating(ModelBuilder model) => model.Entity<Pair>().HasKey(p => new { p.LeftId, p.Id });
        }
        public static class Use { public static void It(object? value) { } }
        public interface IMailer { Task SendAsync(object? value); }
        """;

    /// <summary>A file with statements in a method.</summary>
    public static string Wrap(string statements, string parameters = "Shop db, List<Order> orders, CancellationToken ct", string type = "async Task", string usings = "using Microsoft.EntityFrameworkCore;") => $$"""
        {{usings}}

        public class Case
        {
            public {{type}} Run({{parameters}})
            {
        {{string.Join("\n", statements.Split('\n').Select(line => line.Length == 0 ? "" : "        " + line))}}
            }
        }

        {{Model}}
        """;

    /// <summary>The fix turns statements into others, one by one and all at once.</summary>
    public static Task Run<TFix>(string before, string after, string? title = null, string parameters = "Shop db, List<Order> orders, CancellationToken ct", string type = "async Task", Action<FixTest>? configure = null)
        where TFix : CodeFixProvider, new() => FixTest.Run(Wrap(before, parameters, type), Wrap(after, parameters, type), title: title, fixer: new TFix(), configure: configure);

    /// <summary>The rule reports, and no fix is offered.</summary>
    public static Task Refuses<TFix>(string statements, string parameters = "Shop db, List<Order> orders, CancellationToken ct", string type = "async Task")
        where TFix : CodeFixProvider, new() => FixTest.Refuses(Wrap(statements, parameters, type), fixer: new TFix());
}
