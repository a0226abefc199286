using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3008: the strategy gets the whole transaction, and each attempt begins with nothing tracked.</summary>
public sealed class StrategyFixTests
{
    private static string Wrap(string code, string type = "async Task") => "using Microsoft.EntityFrameworkCore;\n" + FixTest.Wrap(code, "Shop shop, Shop log, User given, bool flag, CancellationToken ct", type: type) + """

        public class Shop : DbContext
        {
            public DbSet<User> Users => Set<User>();
            protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql("", npgsql => npgsql.EnableRetryOnFailure());
        }

        """;

    private static Task Fixes(string before, string after, string type = "async Task", int rounds = 1) => FixTest.Run(
        Wrap(before, type), Wrap(after, type), title: "Give the transaction to the execution strategy", fixer: new StrategyFixer(), configure: test => test.NumberOfIncrementalIterations = -rounds);

    private static Task Refuses(string code, string type = "async Task") => FixTest.Refuses(Wrap(code, type), fixer: new StrategyFixer());

    [Fact]
    public Task A_declaration() => Fixes(
        """
        // All or nothing.
        await using var transaction = await shop.Database.BeginTransactionAsync(ct);
        shop.Users.Add(given);

        await shop.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        """,
        """
        // All or nothing.
        var strategy = shop.Database.CreateExecutionStrategy();
        await strategy.ExecuteAsync(async () =>
        {
            await using var transaction = await shop.Database.BeginTransactionAsync(ct);
            shop.Users.Add(given);

            await shop.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        });
        """);

    [Fact]
    public Task A_statement_in_synchronous_code() => Fixes(
        """
        using (var transaction = shop.Database.BeginTransaction())
        {
            shop.Users.ExecuteDelete();
            transaction.Commit();
        }
        System.Console.WriteLine();
        """,
        """
        var strategy = shop.Database.CreateExecutionStrategy();
        strategy.Execute(() =>
        {
            using (var transaction = shop.Database.BeginTransaction())
            {
                shop.Users.ExecuteDelete();
                transaction.Commit();
            }
        });
        System.Console.WriteLine();
        """,
        "void");

    [Fact]
    public Task A_result() => Fixes(
        """
        var strategy = 1;
        await using var transaction = await shop.Database.BeginTransactionAsync(ct);
        var count = await shop.Users.CountAsync(ct);
        if (flag)
        {
            return count;
        }
        await transaction.CommitAsync(ct);
        return count + 1;
        """,
        """
        var strategy = 1;
        var strategy2 = shop.Database.CreateExecutionStrategy();
        return await strategy2.ExecuteAsync(async () =>
        {
            await using var transaction = await shop.Database.BeginTransactionAsync(ct);
            var count = await shop.Users.CountAsync(ct);
            if (flag)
            {
                return count;
            }
            await transaction.CommitAsync(ct);
            return count + 1;
        });
        """,
        "async Task<int>");

    [Fact]
    public Task Both_contexts() => Fixes(
        """
        using (var transaction = shop.Database.BeginTransaction())
        {
            shop.Users.ExecuteDelete();
            transaction.Commit();
        }
        using var second = log.Database.BeginTransaction();
        log.Users.ExecuteDelete();
        second.Commit();
        """,
        """
        var strategy = shop.Database.CreateExecutionStrategy();
        strategy.Execute(() =>
        {
            using (var transaction = shop.Database.BeginTransaction())
            {
                shop.Users.ExecuteDelete();
                transaction.Commit();
            }
        });
        var strategy2 = log.Database.CreateExecutionStrategy();
        strategy2.Execute(() =>
        {
            using var second = log.Database.BeginTransaction();
            log.Users.ExecuteDelete();
            second.Commit();
        });
        """,
        "void", rounds: 2);

    [Theory]
    [InlineData("shop.Add(given); using var transaction = shop.Database.BeginTransaction(); shop.SaveChanges(); transaction.Commit();")]
    [InlineData("var count = 0; using (var transaction = shop.Database.BeginTransaction()) { count++; shop.SaveChanges(); transaction.Commit(); } System.Console.WriteLine(count);")]
    [InlineData("var seen = new List<int>(); using (var transaction = shop.Database.BeginTransaction()) { seen.Add(1); shop.SaveChanges(); transaction.Commit(); }")]
    [InlineData("foreach (var id in new[] { 1 }) { using var transaction = shop.Database.BeginTransaction(); if (flag) continue; shop.SaveChanges(); transaction.Commit(); }")]
    [InlineData("using (var transaction = shop.Database.BeginTransaction()) { if (flag) return; shop.SaveChanges(); transaction.Commit(); } System.Console.WriteLine();")]
    [InlineData("var transaction = shop.Database.BeginTransaction(); shop.SaveChanges(); transaction.Commit(); transaction.Dispose();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var own = new Shop(); own.SaveChanges(); scope.Complete();")]
    public Task Refuses_what_cannot_be_repeated(string code) => Refuses(code, "void");

    private static Task Clears(string before, string after) => FixTest.Run(
        Wrap(before), Wrap(after), title: "Clear the change tracker before each attempt", fixer: new ClearTrackerFixer(), configure: test => test.NumberOfIncrementalIterations = -1);

    [Fact]
    public Task The_tracker_is_cleared_first() => Clears(
        """
        var strategy = shop.Database.CreateExecutionStrategy();
        await strategy.ExecuteAsync(async () =>
        {
            await using var transaction = await shop.Database.BeginTransactionAsync(ct);
            shop.Users.Add(new User());
            shop.Add(new User());
            await shop.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        });
        """,
        """
        var strategy = shop.Database.CreateExecutionStrategy();
        await strategy.ExecuteAsync(async () =>
        {
            shop.ChangeTracker.Clear();
            await using var transaction = await shop.Database.BeginTransactionAsync(ct);
            shop.Users.Add(new User());
            shop.Add(new User());
            await shop.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        });
        """);

    [Theory]
    [InlineData("shop.Add(given); shop.Database.CreateExecutionStrategy().Execute(() => { shop.Add(new User()); shop.SaveChanges(); });")]
    [InlineData("shop.Database.CreateExecutionStrategy().Execute(() => { given.Id = 1; shop.Add(new User()); shop.SaveChanges(); });")]
    public Task Refuses_to_forget_what_was_tracked_before(string code) => FixTest.Refuses(Wrap(code + " await Task.CompletedTask;"), fixer: new ClearTrackerFixer());

    [Fact]
    public Task A_transaction_that_began_outside() => Refuses("using var transaction = shop.Database.UseTransaction(log.Database.GetDbConnection().BeginTransaction())!; shop.Users.ExecuteDelete(); transaction.Commit();");
}
