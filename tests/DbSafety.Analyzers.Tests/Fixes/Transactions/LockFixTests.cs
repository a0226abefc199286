using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>Locks that are held until what they are for is written.</summary>
public sealed class LockFixTests
{
    private const string Locking = "\"SELECT stock FROM products WHERE id = @id FOR UPDATE\", new { id }";
    private const string Write = "\"UPDATE products SET stock = @left WHERE id = @id\", new { id, left = stock - 1 }";

    private static Task Fixes(string before, string after) => FixTest.Run(TransactionCase.Wrap(before), TransactionCase.Wrap(after), fixer: new LockFixer(), title: "Hold the lock in a transaction until the last write");

    private static Task Refuses(string statements) => FixTest.Run(TransactionCase.Wrap(statements), TransactionCase.Wrap(statements), fixer: new LockFixer());

    [Fact]
    public Task Until_the_write() => Fixes($$"""
        await using var connection = await source.OpenConnectionAsync(ct);
        var stock = await connection.QuerySingleAsync<int>({{Locking}});
        if (stock == 0)
            return;
        await connection.ExecuteAsync({{Write}});
        """, $$"""
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync();
        var stock = await connection.QuerySingleAsync<int>({{Locking}}, transaction: transaction);
        if (stock == 0)
        {
            await transaction.CommitAsync();
            return;
        }
        await connection.ExecuteAsync({{Write}}, transaction: transaction);
        await transaction.CommitAsync();
        """);

    [Fact]
    public Task On_a_connection_that_is_given() => Fixes($$"""
        var stock = any.QuerySingle<int>({{Locking}});
        any.Execute({{Write}});
        """, $$"""
        if (any.State != ConnectionState.Open) any.Open();
        using var transaction = any.BeginTransaction();
        var stock = any.QuerySingle<int>({{Locking}}, transaction: transaction);
        any.Execute({{Write}}, transaction: transaction);
        transaction.Commit();
        """);

    [Fact]
    public Task Not_where_nothing_is_written() => Refuses($$"""
        await using var connection = await source.OpenConnectionAsync(ct);
        var stock = await connection.QuerySingleAsync<int>({{Locking}});
        Console.WriteLine(stock);
        """);
}
