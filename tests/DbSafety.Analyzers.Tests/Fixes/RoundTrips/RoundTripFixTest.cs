using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>What the tests of the fixes for loops share: a shop.</summary>
internal static class RoundTripFixTest
{
    private const string Types = """

        public class Order { public int Id { get; set; } public int UserId { get; set; } public int? CouponId { get; set; } public string Code { get; set; } = ""; public decimal Total { get; set; } public Customer Customer { get; set; } = new(); public string? Name { get; set; } public DateTime At { get; set; } public Guid Key { get; set; } public int Next => Id++; public Status Status { get; set; } }
        public class Customer { public int Id { get; set; } public Customer? Parent { get; set; } }
        public class Person { public int Id { get; set; } public string Name { get; set; } = ""; public int Visits { get; set; } public void Visit() { } }
        public record Product(int Id, string Title, int? CouponId);
        public class Line { public int OrderId { get; set; } public int Amount { get; set; } }
        public class Odd { private int id; public int Id { get => id; set => id = value; } public int Code { get; } public int User_Id { get; set; } }
        """;

    private const string Parameters =
        "NpgsqlConnection db, IDbConnection any, List<Order> orders, IEnumerable<Order> lazy, int[] ids, int limit, IDbTransaction tx, CancellationToken ct, Func<Person, bool> check, List<string> log, string[] names";

    public const string Schema = "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, nick citext, price numeric NOT NULL, code char(5)); CREATE TABLE orders (id int, user_id int);";

    public static string Wrap(string statements) => FixTest.Wrap(statements, Parameters) + Types;

    public static Task Fixes(CodeFixProvider fixer, string before, string after, string? sql = null, string? title = null, Action<FixTest>? configure = null) =>
        FixTest.Run(Wrap(before), Wrap(after), sql: sql, title: title, fixer: fixer, configure: configure);

    public static Task Refuses(CodeFixProvider fixer, string code, string? sql = null) => FixTest.Run(Wrap(code), Wrap(code), sql: sql, fixer: fixer);
}
