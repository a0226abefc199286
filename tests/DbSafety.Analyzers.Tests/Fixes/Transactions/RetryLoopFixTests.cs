using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3013: the whole transaction is run again.</summary>
public sealed class RetryLoopFixTests
{
    private static string Wrap(string code, string type) => FixTest.Wrap(code, "NpgsqlConnection connection, Shop shop, List<int> seen, bool flag, CancellationToken ct", type: type) +
        "\npublic class Shop : Microsoft.EntityFrameworkCore.DbContext { public Microsoft.EntityFrameworkCore.DbSet<User> Users => Set<User>(); }\n";

    private static Task Fixes(string before, string after, string type = "async Task", int rounds = 1) => FixTest.Run(
        Wrap(before, type), Wrap(after, type), title: "Run the transaction up to 3 times", fixer: new RetryLoopFixer(), configure: test => test.NumberOfIncrementalIterations = -rounds);

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code, "void"), fixer: new RetryLoopFixer());

    [Fact]
    public Task A_declaration() => Fixes(
        """
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable, ct);
        var count = await connection.QuerySingleAsync<int>("SELECT count(*) FROM a", transaction: transaction);
        await connection.ExecuteAsync("UPDATE a SET x = @count", new { count }, transaction);
        await transaction.CommitAsync(ct);
        """,
        """
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable, ct);
                var count = await connection.QuerySingleAsync<int>("SELECT count(*) FROM a", transaction: transaction);
                await connection.ExecuteAsync("UPDATE a SET x = @count", new { count }, transaction);
                await transaction.CommitAsync(ct);
                break;
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected && attempt < 3)
            {
            }
        }
        """);

    [Fact]
    public Task Returns_and_a_text_of_several_lines() => Fixes(
        """"
        using (var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead))
        {
            using var command = new NpgsqlCommand(@"
        UPDATE a
        SET x = @x", connection) { Parameters = { new("x", 1) } };
            var rows = command.ExecuteNonQuery();
            if (rows == 0)
            {
                return 0;
            }
            transaction.Commit();
            return rows;
        }
        """",
        """"
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using (var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead))
                {
                    using var command = new NpgsqlCommand(@"
        UPDATE a
        SET x = @x", connection) { Parameters = { new("x", 1) } };
                    var rows = command.ExecuteNonQuery();
                    if (rows == 0)
                    {
                        return 0;
                    }
                    transaction.Commit();
                    return rows;
                }
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected && attempt < 3)
            {
            }
        }
        """",
        "int");

    [Theory]
    [InlineData("using var tx = connection.BeginTransaction(IsolationLevel.Serializable); seen.Add(1); connection.Execute(\"DELETE FROM a\"); tx.Commit();")]
    [InlineData("var sum = 0; using (var tx = connection.BeginTransaction(IsolationLevel.Serializable)) { sum += connection.Execute(\"DELETE FROM a\"); tx.Commit(); } System.Console.WriteLine(sum);")]
    [InlineData("foreach (var id in seen) { using var tx = connection.BeginTransaction(IsolationLevel.Serializable); if (flag) continue; connection.Execute(\"DELETE FROM a\"); tx.Commit(); }")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); using var second = connection.BeginTransaction(IsolationLevel.Serializable); shop.SaveChanges(); connection.Execute(\"DELETE FROM a\"); second.Commit();")]
    [InlineData("var tx = connection.BeginTransaction(IsolationLevel.Serializable); connection.Execute(\"DELETE FROM a\"); tx.Commit(); tx.Dispose();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); connection.Execute(\"DELETE FROM a\"); scope.Complete();")]
    [InlineData("using var tx = connection.BeginTransaction(IsolationLevel.Serializable); connection.Execute(\"DELETE FROM a\"); Notify(); tx.Commit(); void Notify() { }")]
    public Task Refuses_what_cannot_be_repeated(string code) => Refuses(code);

    [Fact]
    public Task All_of_them() => Fixes(
        """
        if (flag)
        {
            using var transaction = connection.BeginTransaction(IsolationLevel.Serializable);
            connection.Execute("DELETE FROM a");
            transaction.Commit();
        }
        else
        {
            using var transaction = connection.BeginTransaction(IsolationLevel.Serializable);
            connection.Execute("DELETE FROM b");
            transaction.Commit();
        }
        """,
        """
        if (flag)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    using var transaction = connection.BeginTransaction(IsolationLevel.Serializable);
                    connection.Execute("DELETE FROM a");
                    transaction.Commit();
                    break;
                }
                catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected && attempt < 3)
                {
                }
            }
        }
        else
        {
            for (var attempt2 = 1; ; attempt2++)
            {
                try
                {
                    using var transaction = connection.BeginTransaction(IsolationLevel.Serializable);
                    connection.Execute("DELETE FROM b");
                    transaction.Commit();
                    break;
                }
                catch (PostgresException exception2) when (exception2.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected && attempt2 < 3)
                {
                }
            }
        }
        """,
        "void", rounds: 2);
}
