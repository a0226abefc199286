using DbSafety.CodeFixes.Transactions;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>Statements with writes on connections and contexts, before and after they stand in a transaction.</summary>
internal static class TransactionCase
{
    public const string Parameters = "NpgsqlConnection db, IDbConnection any, DbConnection plain, NpgsqlDataSource source, Shop shop, List<Order> orders, int id, string text, CancellationToken ct, IMailer mailer";

    private const string Model = """

        public class Order { public int Id { get; set; } public string Name { get; set; } = ""; public int? CustomerId { get; set; } public Customer? Customer { get; set; } }
        public class Customer { public int Id { get; set; } public string Name { get; set; } = ""; public bool Active { get; set; } public List<Order> Orders { get; } = new(); }
        public class Shop : DbContext
        {
            public DbSet<Order> Orders => Set<Order>();
            public DbSet<Customer> Customers => Set<Customer>();
        }
        public interface IMailer { Task SendAsync(object? value); void Send(object? value); string Format(object? value); }
        """;

    /// <summary>A file with statements in a method; <paramref name="members"/> stand beside it.</summary>
    public static string Wrap(string statements, string type = "async Task", string usings = "using Dapper;\nusing Microsoft.EntityFrameworkCore;\nusing Npgsql;", string members = "", string parameters = Parameters) => $$"""
        {{usings}}

        public class Case
        {
            public {{type}} Run({{parameters}})
            {
        {{string.Join("\n", statements.Split('\n').Select(line => line.Length == 0 ? "" : "        " + line))}}
            }
        {{members}}
        }
        {{Model}}
        """;

    /// <summary>The fix turns statements into others, one by one and all at once.</summary>
    public static Task Fixes(string before, string after, string type = "async Task", string members = "", string? title = "Run the writes in one transaction", int? index = null) =>
        FixTest.Run(Wrap(before, type, members: members), Wrap(after, type, members: members), fixer: new TransactionBlockFixer(), title: title, configure: test => test.CodeActionIndex = index);

    /// <summary>The writes are reported, and no fix is offered.</summary>
    public static Task Refuses(string statements, string type = "async Task", string members = "") =>
        FixTest.Refuses(Wrap(statements, type, members: members), fixer: new TransactionBlockFixer());
}
