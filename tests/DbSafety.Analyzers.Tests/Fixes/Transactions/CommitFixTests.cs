using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3003: the commit.</summary>
public sealed class CommitFixTests
{
    private const string Sql = "\"INSERT INTO users (id) VALUES (1)\"";

    private static string In(string code) => code.Replace("SQL", Sql, StringComparison.Ordinal);

    private static Task Fixes(string before, string after, string end = "\nreturn null;") => StateFixTest.Fixes(new CommitFixer(), In(before), In(after), end: end);

    private static Task Refuses(string code, string end = "\nreturn null;") => StateFixTest.Refuses(new CommitFixer(), In(code), end);

    [Fact]
    public Task Behind_the_last_write() => Fixes(
        """
        using var tx = pg.BeginTransaction();
        pg.Execute(SQL, transaction: tx);
        pg.Execute(SQL, transaction: tx); // the second
        Console.WriteLine("done");
        """,
        """
        using var tx = pg.BeginTransaction();
        pg.Execute(SQL, transaction: tx);
        pg.Execute(SQL, transaction: tx); // the second
        tx.Commit();
        Console.WriteLine("done");
        """);

    [Fact]
    public Task Asynchronous_with_token_and_configuration() => Fixes(
        """
        await using (var tx = await shop.Database.BeginTransactionAsync(ct).ConfigureAwait(false))
        {
            shop.Add(new User());
            await shop.SaveChangesAsync(ct).ConfigureAwait(false);
        }
        """,
        """
        await using (var tx = await shop.Database.BeginTransactionAsync(ct).ConfigureAwait(false))
        {
            shop.Add(new User());
            await shop.SaveChangesAsync(ct).ConfigureAwait(false);
            await tx.CommitAsync(ct).ConfigureAwait(false);
        }
        """);

    [Fact]
    public Task Of_any_connection() => Fixes(
        """
        using var tx = any.BeginTransaction(IsolationLevel.Serializable);
        foreach (var id in ids)
        {
            any.Execute(SQL, null, tx);
        }
        """,
        """
        using var tx = any.BeginTransaction(IsolationLevel.Serializable);
        foreach (var id in ids)
        {
            any.Execute(SQL, null, tx);
        }
        tx.Commit();
        """);

    [Fact]
    public Task Behind_reads_that_use_it() => Fixes(
        """
        await using var tx = await pg.BeginTransactionAsync(IsolationLevel.Serializable, ct);
        await pg.ExecuteAsync(SQL, transaction: tx);
        var count = await pg.ExecuteScalarAsync<int>("SELECT count(*)::int FROM users", transaction: tx);
        Console.WriteLine(count);
        """,
        """
        await using var tx = await pg.BeginTransactionAsync(IsolationLevel.Serializable, ct);
        await pg.ExecuteAsync(SQL, transaction: tx);
        var count = await pg.ExecuteScalarAsync<int>("SELECT count(*)::int FROM users", transaction: tx);
        await tx.CommitAsync(ct);
        Console.WriteLine(count);
        """);

    [Fact]
    public Task A_return_with_the_write_is_split() => Fixes(
        """
        await using var tx = await pg.BeginTransactionAsync();
        return await pg.ExecuteAsync(SQL, transaction: tx);
        """,
        """
        await using var tx = await pg.BeginTransactionAsync();
        var result = await pg.ExecuteAsync(SQL, transaction: tx);
        await tx.CommitAsync();
        return result;
        """, end: "");

    [Fact]
    public Task At_the_end_of_the_try() => Fixes(
        """
        var tx = pg.BeginTransaction();
        try
        {
            pg.Execute(SQL, transaction: tx);
        }
        catch (Exception e)
        {
            tx.Rollback();
            Console.WriteLine(e);
        }
        finally
        {
            tx.Dispose();
        }
        """,
        """
        var tx = pg.BeginTransaction();
        try
        {
            pg.Execute(SQL, transaction: tx);
            tx.Commit();
        }
        catch (Exception e)
        {
            tx.Rollback();
            Console.WriteLine(e);
        }
        finally
        {
            tx.Dispose();
        }
        """);

    [Fact]
    public Task An_exit_before_the_first_write_stays() => Fixes(
        """
        using var tx = pg.BeginTransaction();
        if (flag)
        {
            return null;
        }

        pg.Execute(SQL, transaction: tx);
        """,
        """
        using var tx = pg.BeginTransaction();
        if (flag)
        {
            return null;
        }

        pg.Execute(SQL, transaction: tx);
        tx.Commit();
        """);

    [Fact]
    public Task A_scope_is_completed() => Fixes(
        """
        using (var scope = new TransactionScope())
        {
            shop.SaveChanges();
        }
        """,
        """
        using (var scope = new TransactionScope())
        {
            shop.SaveChanges();
            scope.Complete();
        }
        """);

    [Fact]
    public Task All_at_once() => Fixes(
        """
        using (var tx = pg.BeginTransaction())
        {
            pg.Execute(SQL, transaction: tx);
        }

        using (var tx = shop.Database.BeginTransaction())
        {
            shop.SaveChanges();
        }
        """,
        """
        using (var tx = pg.BeginTransaction())
        {
            pg.Execute(SQL, transaction: tx);
            tx.Commit();
        }

        using (var tx = shop.Database.BeginTransaction())
        {
            shop.SaveChanges();
            tx.Commit();
        }
        """);

    [Theory]
    [InlineData("using var tx = pg.BeginTransaction();\npg.Execute(SQL, null, tx);\nif (flag) { return 1; }\npg.Execute(SQL, null, tx);")]
    [InlineData("using var tx = pg.BeginTransaction();\nif (flag) { return pg.Execute(SQL, null, tx); }\npg.Execute(SQL, null, tx);")]
    [InlineData("foreach (var id in ids)\n{\n    using var tx = pg.BeginTransaction();\n    pg.Execute(SQL, null, tx);\n    if (flag) { continue; }\n    pg.Execute(SQL, null, tx);\n}")]
    [InlineData("using (shop.Database.BeginTransaction())\n{\n    shop.SaveChanges();\n}")]
    [InlineData("using (var tx = shop.Database.BeginTransaction())\n    shop.SaveChanges();")]
    [InlineData("using var tx = pg.BeginTransaction();\npg.Execute(SQL, null, tx);\ntry { pg.Execute(SQL, null, tx); } catch (Exception e) { Console.WriteLine(e); }")]
    public Task Refuses_where_the_place_is_open(string code) => Refuses(code);
}
