using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3004: a savepoint in place of the inner transaction.</summary>
public sealed class NestedSavepointFixTests
{
    private static Task Fixes(string before, string after) => StateFixTest.Fixes(new NestedSavepointFixer(), before, after, title: null);

    private static Task Refuses(string code) => StateFixTest.Refuses(new NestedSavepointFixer(), code);

    [Fact]
    public Task Of_Npgsql() => Fixes(
        """
        await using var outer = await pg.BeginTransactionAsync(ct);
        await using (var inner = await pg.BeginTransactionAsync(ct))
        {
            await pg.ExecuteAsync("DELETE FROM users", transaction: inner);
            await inner.CommitAsync(ct);
        }

        await outer.CommitAsync(ct);
        """,
        """
        await using var outer = await pg.BeginTransactionAsync(ct);
        await outer.SaveAsync("nested", ct);
        {
            await pg.ExecuteAsync("DELETE FROM users", transaction: outer);
            await outer.ReleaseAsync("nested", ct);
        }

        await outer.CommitAsync(ct);
        """);

    [Fact]
    public Task Of_EF_Core_with_a_rollback() => Fixes(
        """
        using var outer = shop.Database.BeginTransaction();
        foreach (var id in ids)
        {
            using var inner = shop.Database.BeginTransaction();
            try
            {
                shop.Database.ExecuteSqlRaw("DELETE FROM users");
                inner.Commit();
            }
            catch (Exception)
            {
                inner.Rollback();
            }
        }

        outer.Commit();
        """,
        """
        using var outer = shop.Database.BeginTransaction();
        foreach (var id in ids)
        {
            outer.CreateSavepoint("nested");
            try
            {
                shop.Database.ExecuteSqlRaw("DELETE FROM users");
                outer.ReleaseSavepoint("nested");
            }
            catch (Exception)
            {
                outer.RollbackToSavepoint("nested");
            }
        }

        outer.Commit();
        """);

    [Fact]
    public Task All_at_once() => Fixes(
        """
        using var outer = pg.BeginTransaction();
        if (flag)
        {
            using var first = pg.BeginTransaction();
            pg.Execute("DELETE FROM users", transaction: first);
            first.Commit();
        }
        else
        {
            using var second = pg.BeginTransaction();
            pg.Execute("DELETE FROM orders", transaction: second);
            second.Commit();
        }

        outer.Commit();
        """,
        """
        using var outer = pg.BeginTransaction();
        if (flag)
        {
            outer.Save("nested");
            pg.Execute("DELETE FROM users", transaction: outer);
            outer.Release("nested");
        }
        else
        {
            outer.Save("nested2");
            pg.Execute("DELETE FROM orders", transaction: outer);
            outer.Release("nested2");
        }

        outer.Commit();
        """);

    [Theory]
    [InlineData("using var outer = pg.BeginTransaction();\nusing var inner = pg.BeginTransaction(IsolationLevel.Serializable);\ninner.Commit();\nouter.Commit();")]
    [InlineData("using var outer = pg.BeginTransaction();\nusing var inner = pg.BeginTransaction();\nif (flag) { return null; }\ninner.Commit();\nouter.Commit();")]
    [InlineData("using var outer = pg.BeginTransaction();\nusing var inner = pg.BeginTransaction();\nif (flag) { inner.Commit(); }\nouter.Commit();")]
    [InlineData("using var outer = pg.BeginTransaction();\nusing var inner = pg.BeginTransaction();\nConsole.WriteLine(inner);\ninner.Commit();\nouter.Commit();")]
    [InlineData("using var outer = pg.BeginTransaction();\ntry { using var inner = pg.BeginTransaction(); pg.Execute(\"DELETE FROM users\"); inner.Commit(); } catch (Exception e) { Console.WriteLine(e); }\nouter.Commit();")]
    [InlineData("using var outer = any.BeginTransaction();\nusing var inner = any.BeginTransaction();\ninner.Commit();\nouter.Commit();")]
    [InlineData("using var scope = new TransactionScope();\nusing var inner = shop.Database.BeginTransaction();\ninner.Commit();\nscope.Complete();")]
    public Task Refuses_where_it_would_mean_something_else(string code) => Refuses(code);
}
