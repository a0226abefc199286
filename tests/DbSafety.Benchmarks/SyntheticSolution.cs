using System.Globalization;
using System.Text;

namespace DbSafety.Benchmarks;

/// <summary>
/// Code like that of a backend, the same for the same numbers: services that compute, and repositories that call Npgsql, Dapper and EF Core. As in
/// public code three SQL texts in four are constant, most through a local; a few are built from values.
/// </summary>
internal static class SyntheticSolution
{
    private static readonly string[] s_repositories =
    [
        """
            public async Task<List<Row{0}>> Recent{1}Async(NpgsqlConnection connection, int limit, CancellationToken token)
            {
                const string sql = "SELECT id, name, amount FROM orders_{0} WHERE created_at > now() - interval '1 day' ORDER BY created_at DESC LIMIT @limit";
                await using var command = new NpgsqlCommand(sql, connection);
                command.Parameters.AddWithValue("limit", limit);
                var rows = new List<Row{0}>();
                await using var reader = await command.ExecuteReaderAsync(token);
                while (await reader.ReadAsync(token))
                {
                    rows.Add(new Row{0}(reader.GetInt32(0), reader.GetString(1), reader.GetDecimal(2)));
                }
                return rows;
            }
        """,
        """
            public Task<IEnumerable<Row{0}>> Search{1}(IDbConnection connection, string term)
            {
                var sql = @"
                    SELECT o.id, o.name, o.amount
                    FROM orders_{0} o
                    JOIN customers c ON c.id = o.customer_id
                    WHERE c.name ILIKE '%' || @term || '%'
                    ORDER BY o.name";
                return connection.QueryAsync<Row{0}>(sql, new { term });
            }
        """,
        """
            public Task<int> Rename{1}(IDbConnection connection, int id, string name) =>
                connection.ExecuteAsync("UPDATE orders_{0} SET name = @name WHERE id = @id", new { id, name });
        """,
        """
            public Task<List<Order>> Open{1}(ShopContext context, string status) =>
                context.Orders.FromSqlInterpolated($"SELECT * FROM orders WHERE status = {status}").Where(order => order.Amount > {0}).OrderBy(order => order.Name).ToListAsync();
        """,
        """
            public async Task<decimal> Total{1}(ShopContext context, int customer)
            {
                var orders = await context.Orders.Where(order => order.CustomerId == customer && order.Amount > {0}).ToListAsync();
                return orders.Sum(order => order.Amount);
            }
        """,
        """
            public Task<int> Archive{1}(ShopContext context, DateTime before) =>
                context.Database.ExecuteSqlRawAsync("DELETE FROM orders WHERE created_at < {{0}} AND id % {0} = 0", before);
        """,
        """
            public IEnumerable<Row{0}> Sorted{1}(IDbConnection connection, bool descending, int page)
            {
                var direction = descending ? "DESC" : "ASC";
                var sql = new StringBuilder("SELECT id, name, amount FROM orders_{0}");
                if (page > 0)
                {
                    sql.Append(" WHERE page = @page");
                }
                sql.Append($" ORDER BY name {direction}");
                return connection.Query<Row{0}>(sql.ToString(), new { page });
            }
        """,
    ];

    private static readonly string[] s_faulty =
    [
        """
            public Row{0}? Unsafe{1}(IDbConnection connection, string name) =>
                connection.QueryFirstOrDefault<Row{0}>($"SELECT id, name, amount FROM orders_{0} WHERE name = '{name}'");
        """,
        """
            public int Unsafe{1}(NpgsqlConnection connection, string table)
            {
                var sql = "DELETE FROM " + table + " WHERE id < {0}";
                using var command = new NpgsqlCommand(sql, connection);
                return command.ExecuteNonQuery();
            }
        """,
        """
            public Task<List<Order>> Unsafe{1}(ShopContext context, string status) =>
                context.Orders.FromSqlRaw("SELECT * FROM orders WHERE status = '" + status + "'").ToListAsync();
        """,
    ];

    private static readonly string[] s_services =
    [
        """
            public Dictionary<string, int> Count{1}(IEnumerable<string> words)
            {
                var counts = new Dictionary<string, int>();
                foreach (var word in words.Select(word => word.Trim().ToLowerInvariant()).Where(word => word.Length > {0} % 7))
                {
                    counts[word] = counts.TryGetValue(word, out var count) ? count + 1 : 1;
                }
                return counts;
            }
        """,
        """
            public string Describe{1}(int value, string name, DateTime at)
            {
                var builder = new StringBuilder();
                builder.Append(name).Append(": ").AppendLine(value switch { < 0 => "negative", 0 => "zero", < 1{0} => "small", _ => "large" });
                builder.AppendLine($"{name} was {value:N0} at {at:O} in Service{0}");
                return string.Format("{{0}} ({{1}})", builder, string.Join(", ", name.Split(' ')));
            }
        """,
        """
            public async Task<int> Retry{1}(Func<int, Task<bool>> attempt, CancellationToken token)
            {
                for (var i = 0; i < {0} % 5 + 2; i++)
                {
                    try
                    {
                        if (await attempt(i)) { return i; }
                    }
                    catch (TimeoutException) when (i < 3)
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(10 << i), token);
                    }
                }
                return -1;
            }
        """,
        """
            public IReadOnlyList<(string Key, decimal Sum)> Group{1}(IReadOnlyCollection<(string Key, decimal Value)> items)
            {
                var query = from item in items
                            group item.Value by item.Key into grouped
                            let sum = grouped.Sum()
                            where sum > {0}
                            orderby sum descending
                            select (grouped.Key, sum);
                return query.Take(10).ToList();
            }
        """,
        """
            public bool Validate{1}(string? input, out string message)
            {
                if (string.IsNullOrWhiteSpace(input)) { message = "empty: " + nameof(input); return false; }
                if (input.Length > {0} + 10) { message = "too long: " + input.Length; return false; }
                message = input.StartsWith("x", StringComparison.Ordinal) ? $"'{input}' begins with x" : string.Empty;
                return message.Length == 0;
            }
        """,
    ];

    /// <summary>The files: their paths and texts.</summary>
    /// <param name="classes">How many classes.</param>
    /// <param name="share">Which share of the classes talks to a database, from 0 to 1.</param>
    public static IEnumerable<(string Path, string Text)> Generate(int classes, double share)
    {
        yield return ("Model.cs", """
            using Microsoft.EntityFrameworkCore;
            namespace Synthetic;
            public class Order { public int Id { get; set; } public int CustomerId { get; set; } public string Name { get; set; } = ""; public string Status { get; set; } = ""; public decimal Amount { get; set; } }
            public class ShopContext(DbContextOptions options) : DbContext(options) { public DbSet<Order> Orders => Set<Order>(); }
            """);
        for (var number = 0; number < classes; number++)
        {
            var random = new Random(number);
            var isRepository = (int)((number + 1) * share) > (int)(number * share);
            var text = new StringBuilder(
                """
                using System;
                using System.Collections.Generic;
                using System.Data;
                using System.Linq;
                using System.Text;
                using System.Threading;
                using System.Threading.Tasks;
                using Dapper;
                using Microsoft.EntityFrameworkCore;
                using Npgsql;

                namespace Synthetic;


                """);
            text.Append(CultureInfo.InvariantCulture, $"public sealed record Row{number}(int Id, string Name, decimal Amount);\n\n");
            text.Append(CultureInfo.InvariantCulture, $"public sealed class {(isRepository ? "Repository" : "Service")}{number}\n{{\n");
            for (var member = 0; member < 8; member++)
            {
                var templates = !isRepository || member % 4 == 3 ? s_services : random.Next(10) == 0 ? s_faulty : s_repositories;
                text.Append(Fill(templates[random.Next(templates.Length)], number, member)).Append("\n\n");
            }

            yield return ($"Class{number}.cs", text.Append("}\n").ToString());
        }
    }

    /// <summary>{0} is the number of the class and {1} that of the member; doubled they are the text's own.</summary>
    private static string Fill(string template, int number, int member) => template
        .Replace("{{0}}", "\u0001").Replace("{{1}}", "\u0002")
        .Replace("{0}", number.ToString(CultureInfo.InvariantCulture)).Replace("{1}", member.ToString(CultureInfo.InvariantCulture))
        .Replace("\u0001", "{0}").Replace("\u0002", "{1}");
}
