using DbSafety.CodeFixes.Transactions;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>Writes that a transaction can't hold, or not without harm.</summary>
public sealed class BlockRefusalTests
{
    private const string First = "await db.ExecuteAsync(\"INSERT INTO orders (id) VALUES (1)\");";
    private const string Second = "await db.ExecuteAsync(\"DELETE FROM stock\");";

    [Theory]
    [InlineData("mailer.Send(id);")]
    [InlineData("await any.ExecuteAsync(\"SELECT 1\");")]
    [InlineData("await source.CreateCommand(\"SELECT 1\").ExecuteScalarAsync();")]
    [InlineData("await shop.Orders.CountAsync();")]
    [InlineData("var reader = await db.ExecuteReaderAsync(\"SELECT 1\");\nawait reader.DisposeAsync();")]
    [InlineData("await db.CloseAsync();\nawait db.OpenAsync();")]
    [InlineData("foreach (var row in db.Query<int>(\"SELECT 1\", buffered: false)) Console.WriteLine(row);")]
    [InlineData("await foreach (var row in db.QueryUnbufferedAsync<int>(\"SELECT 1\")) Console.WriteLine(row);")]
    [InlineData("try { await db.ExecuteAsync(\"SELECT 1\"); } catch (DbException) { }")]
    [InlineData("try { id++; } catch (FormatException) { await db.ExecuteAsync(\"SELECT 1\"); throw; }")]
    [InlineData("try { id++; } finally { await db.ExecuteAsync(\"SELECT 1\"); }")]
    [InlineData("Func<Task> later = () => db.ExecuteAsync(\"SELECT 1\");\nawait later();")]
    [InlineData("#if !NEVER\nid++;\n#endif")]
    [InlineData("again: if (id++ < 3) goto again;")]
    public Task Something_in_between(string between) => TransactionCase.Refuses($"{First}\n{between}\n{Second}");

    [Theory]
    [InlineData("logger(text);")]
    [InlineData("var name = mailer.Format(id);")]
    [InlineData("orders.Add(new Order { Name = string.Join(\",\", orders.Select(o => o.Name)) });")]
    [InlineData("ct.ThrowIfCancellationRequested();")]
    [InlineData("if (id < 0) throw new ArgumentException(text);")]
    [InlineData("try { await db.ExecuteAsync(\"SELECT 1\"); } catch (DbException) { text = \"\"; throw; }")]
    public async Task Something_harmless_in_between(string between)
    {
        if (between.StartsWith("logger", StringComparison.Ordinal))
        {
            await TransactionCase.Refuses($"Action<string> logger = Console.WriteLine;\n{First}\n{between}\n{Second}");
            return;
        }

        var inside = between.Replace("SELECT 1\"", "SELECT 1\", transaction: transaction");
        await TransactionCase.Fixes($"await db.OpenAsync();\n{First}\n{between}\n{Second}", $"await db.OpenAsync();\nawait using var transaction = await db.BeginTransactionAsync();\n{First.Replace("\")", "\", transaction: transaction)")}\n{inside}\n{Second.Replace("\")", "\", transaction: transaction)")}\nawait transaction.CommitAsync();");
    }

    [Theory]
    [InlineData("var first = db.ExecuteAsync(\"INSERT INTO orders (id) VALUES (1)\");\nawait first;\nawait db.ExecuteAsync(\"DELETE FROM stock\");")]
    [InlineData("await Task.WhenAll(db.ExecuteAsync(\"INSERT INTO orders (id) VALUES (1)\"), db.ExecuteAsync(\"DELETE FROM stock\"));")]
    [InlineData("_ = db.ExecuteAsync(\"INSERT INTO orders (id) VALUES (1)\");\n_ = db.ExecuteAsync(\"DELETE FROM stock\");")]
    [InlineData("await using var one = await source.OpenConnectionAsync();\nawait using var two = await source.OpenConnectionAsync();\nawait one.ExecuteAsync(\"INSERT INTO orders (id) VALUES (1)\");\nawait two.ExecuteAsync(\"DELETE FROM stock\");")]
    [InlineData("await db.ExecuteAsync(\"INSERT INTO orders (id) VALUES (1)\", transaction: null);\nawait db.ExecuteAsync(\"DELETE FROM stock\");")]
    [InlineData("await db.ExecuteAsync(\"INSERT INTO orders (id) VALUES (1)\");\nawait db.ExecuteAsync(\"DELETE FROM stock\");\nawait db.OpenAsync();")]
    [InlineData("await using var command = new NpgsqlCommand(\"INSERT INTO orders (id) VALUES (1) RETURNING id\", db);\nawait command.ExecuteNonQueryAsync();\nawait using var reader = await command.ExecuteReaderAsync();\nawait reader.ReadAsync();")]
    [InlineData("orders.ForEach(order => db.Execute(\"INSERT INTO orders (id) VALUES (@Id)\", order));")]
    public Task The_writes_themselves(string statements) => TransactionCase.Refuses(statements);

    [Fact]
    public Task An_iterator() => TransactionCase.Refuses("""
        db.Execute("INSERT INTO orders (id) VALUES (1)");
        yield return 1;
        db.Execute("DELETE FROM stock");
        """, "IEnumerable<int>");

    [Fact]
    public Task A_method_in_sight_stays_inside() => TransactionCase.Fixes("""
        await db.OpenAsync();
        await StoreAsync(db, id);
        await db.ExecuteAsync("DELETE FROM stock");
        """, """
        await db.OpenAsync();
        await using var transaction = await db.BeginTransactionAsync();
        await StoreAsync(db, id);
        await db.ExecuteAsync("DELETE FROM stock", transaction: transaction);
        await transaction.CommitAsync();
        """, members: "    private static async Task StoreAsync(NpgsqlConnection c, int id) => await c.ExecuteAsync(\"INSERT INTO orders (id) VALUES (@id)\", new { id });");

    [Theory]
    [InlineData("private static async Task StoreAsync(NpgsqlConnection c, int id) { using var own = new NpgsqlConnection(\"x\"); await own.ExecuteAsync(\"SELECT 1\"); await c.ExecuteAsync(\"INSERT INTO orders (id) VALUES (@id)\", new { id }); }")]
    [InlineData("protected virtual async Task StoreAsync(NpgsqlConnection c, int id) { await c.ExecuteAsync(\"INSERT INTO orders (id) VALUES (@id)\", new { id }); }")]
    public Task A_method_that_does_more(string member) => TransactionCase.Refuses($"await db.OpenAsync();\n{First}\nawait StoreAsync(db, id);\n{Second}", members: "    " + member);

    [Fact]
    public async Task Before_CSharp_8_a_block_stands_around_the_writes()
    {
        const string Usings = "using System.Data;\nusing System.Threading;\nusing System.Threading.Tasks;\nusing Dapper;\nusing Npgsql;\n";
        string Wrap(string body) => Usings + "\npublic class Case\n{\n    public async Task Run(NpgsqlConnection db, CancellationToken ct)\n    {\n" + body + "\n    }\n}\n";
        await FixTest.Run(Wrap("""
                    await db.ExecuteAsync("INSERT INTO orders (id) VALUES (1)");
                    await db.ExecuteAsync("DELETE FROM stock");
            """), Wrap("""
                    if (db.State != ConnectionState.Open) await db.OpenAsync();
                    using (var transaction = db.BeginTransaction())
                    {
                        await db.ExecuteAsync("INSERT INTO orders (id) VALUES (1)", transaction: transaction);
                        await db.ExecuteAsync("DELETE FROM stock", transaction: transaction);
                        transaction.Commit();
                    }
            """), LanguageVersion.CSharp7_3, fixer: new TransactionBlockFixer());
        await FixTest.Refuses(Wrap("""
                    var made = await db.ExecuteScalarAsync<int>("INSERT INTO orders (id) VALUES (1) RETURNING id");
                    await db.ExecuteAsync("DELETE FROM stock");
                    System.Console.WriteLine(made);
            """), LanguageVersion.CSharp7_3, fixer: new TransactionBlockFixer());
    }

    [Fact]
    public Task Lines_end_as_they_did() => FixTest.Run(
        TransactionCase.Wrap("db.Open();\ndb.Execute(\"INSERT INTO orders (id) VALUES (1)\");\ndb.Execute(\"DELETE FROM stock\");", "void").ReplaceLineEndings("\r\n"),
        TransactionCase.Wrap("db.Open();\nusing var transaction = db.BeginTransaction();\ndb.Execute(\"INSERT INTO orders (id) VALUES (1)\", transaction: transaction);\ndb.Execute(\"DELETE FROM stock\", transaction: transaction);\ntransaction.Commit();", "void").ReplaceLineEndings("\r\n"),
        fixer: new TransactionBlockFixer());

    [Fact]
    public async Task The_using_of_the_state_is_added()
    {
        const string Body = "public class Case { public void Run(NpgsqlConnection db) {\n    db.Execute(\"INSERT INTO orders (id) VALUES (1)\");\n    db.Execute(\"DELETE FROM stock\");\n} }";
        const string Fixed = "public class Case { public void Run(NpgsqlConnection db) {\n    if (db.State != ConnectionState.Open) db.Open();\n    using var transaction = db.BeginTransaction();\n    db.Execute(\"INSERT INTO orders (id) VALUES (1)\", transaction: transaction);\n    db.Execute(\"DELETE FROM stock\", transaction: transaction);\n    transaction.Commit();\n} }";
        await FixTest.Run("using System;\nusing Dapper;\nusing Npgsql;\n\n" + Body, "using System;\nusing System.Data;\nusing Dapper;\nusing Npgsql;\n\n" + Fixed, LanguageVersion.CSharp9, references: References.Newest, fixer: new TransactionBlockFixer());
    }
}
