using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3005: savepoints, and statements that don't fail.</summary>
public sealed class SavepointFixTests
{
    private const string Sql = "\"INSERT INTO users (id) VALUES (1)\"";

    private static string In(string code) => code.Replace("SQL", Sql, StringComparison.Ordinal);

    private static Task Fixes(string before, string after, int action = 0) => StateFixTest.Fixes(new SavepointFixer(), In(before), In(after), configure: test =>
    {
        test.CodeActionIndex = action;
        test.CodeActionEquivalenceKey = action == 0 ? SavepointFixer.Key : SavepointFixer.ConflictKey;
    });

    private static Task Refuses(string code) => StateFixTest.Refuses(new SavepointFixer(), In(code));

    [Fact]
    public Task In_a_loop() => Fixes(
        """
        await using var tx = await pg.BeginTransactionAsync(ct);
        foreach (var id in ids)
        {
            try
            {
                await pg.ExecuteAsync("INSERT INTO users (id) VALUES (@id)", new { id }, tx);
            }
            catch (PostgresException e)
            {
                Console.WriteLine(e);
            }
        }

        await tx.CommitAsync(ct);
        """,
        """
        await using var tx = await pg.BeginTransactionAsync(ct);
        foreach (var id in ids)
        {
            await tx.SaveAsync("attempt", ct);
            try
            {
                await pg.ExecuteAsync("INSERT INTO users (id) VALUES (@id)", new { id }, tx);
                await tx.ReleaseAsync("attempt", ct);
            }
            catch (PostgresException e)
            {
                await tx.RollbackAsync("attempt", ct);
                Console.WriteLine(e);
            }
        }

        await tx.CommitAsync(ct);
        """);

    [Fact]
    public Task Synchronous_and_empty() => Fixes(
        """
        using var tx = pg.BeginTransaction();
        try { pg.Execute(SQL, null, tx); } catch { }
        tx.Commit();
        """,
        """
        using var tx = pg.BeginTransaction();
        tx.Save("attempt");
        try { pg.Execute(SQL, null, tx); } catch { tx.Rollback("attempt"); }
        tx.Commit();
        """);

    [Fact]
    public Task Of_EF_Core() => Fixes(
        """
        await using var tx = await shop.Database.BeginTransactionAsync();
        try
        {
            await shop.Database.ExecuteSqlRawAsync(SQL, ct).ConfigureAwait(false);
        }
        catch (NpgsqlException e) when (e.SqlState == "23505")
        {
        }
        catch (Exception)
        {
            throw;
        }

        await shop.SaveChangesAsync();
        await tx.CommitAsync();
        """,
        """
        await using var tx = await shop.Database.BeginTransactionAsync();
        await tx.CreateSavepointAsync("attempt", ct).ConfigureAwait(false);
        try
        {
            await shop.Database.ExecuteSqlRawAsync(SQL, ct).ConfigureAwait(false);
        }
        catch (NpgsqlException e) when (e.SqlState == "23505")
        {
            await tx.RollbackToSavepointAsync("attempt", ct).ConfigureAwait(false);
        }
        catch (Exception)
        {
            throw;
        }

        await shop.SaveChangesAsync();
        await tx.CommitAsync();
        """);

    [Fact]
    public Task Two_in_one_method() => Fixes(
        """
        using var tx = pg.BeginTransaction();
        try
        {
            pg.Execute(SQL, null, tx);
        }
        catch (DbException)
        {
        }

        try
        {
            pg.Execute(SQL, null, tx);
        }
        catch (Exception)
        {
        }

        tx.Commit();
        """,
        """
        using var tx = pg.BeginTransaction();
        tx.Save("attempt");
        try
        {
            pg.Execute(SQL, null, tx);
        }
        catch (DbException)
        {
            tx.Rollback("attempt");
        }

        tx.Save("attempt2");
        try
        {
            pg.Execute(SQL, null, tx);
        }
        catch (Exception)
        {
            tx.Rollback("attempt2");
        }

        tx.Commit();
        """);

    [Fact]
    public Task Duplicates_are_ignored_in_the_statement() => Fixes(
        """
        await using var tx = await pg.BeginTransactionAsync();
        try
        {
            await pg.ExecuteAsync("INSERT INTO users (id) VALUES (@id);", new { id = 1 }, tx);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
        }

        await tx.CommitAsync();
        """,
        """
        await using var tx = await pg.BeginTransactionAsync();
        try
        {
            await pg.ExecuteAsync("INSERT INTO users (id) VALUES (@id) ON CONFLICT DO NOTHING;", new { id = 1 }, tx);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
        }

        await tx.CommitAsync();
        """, action: 1);

    [Theory]
    [InlineData("using var tx = any.BeginTransaction();\ntry { any.Execute(SQL, null, tx); } catch { }\ntx.Commit();")]
    [InlineData("pg.Execute(\"BEGIN;\");\ntry { pg.Execute(SQL); } catch { }\npg.Execute(\"COMMIT\");")]
    [InlineData("using var tx = pg.BeginTransaction();\ntry { pg.Execute(SQL, null, tx); Console.WriteLine(int.Parse(\"1\")); } catch (Exception) { }\ntx.Commit();")]
    [InlineData("using var tx = pg.BeginTransaction();\nforeach (var id in ids) try { pg.Execute(SQL, null, tx); } catch { }\ntx.Commit();")]
    public Task Refuses_without_savepoints_or_where_more_would_be_lost(string code) => Refuses(code);

    [Theory]
    [InlineData("var rows = pg.Execute(SQL, null, tx);")]
    [InlineData("pg.Execute(\"INSERT INTO users (id) VALUES (1) RETURNING id\", null, tx);")]
    [InlineData("pg.Execute(\"UPDATE users SET id = 1\", null, tx);")]
    public Task No_other_statement_where_its_result_counts(string call) => StateFixTest.Fixes(
        new SavepointFixer(),
        In("using var tx = pg.BeginTransaction();\ntry { " + call + " } catch (PostgresException e) when (e.SqlState == \"23505\") { }\ntx.Commit();"),
        In("using var tx = pg.BeginTransaction();\ntx.Save(\"attempt\");\ntry { " + call + " } catch (PostgresException e) when (e.SqlState == \"23505\") { tx.Rollback(\"attempt\"); }\ntx.Commit();"),
        configure: test => test.CodeActionVerifier = (_, _) => { });
}
