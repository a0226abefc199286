using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3007: the connection is opened inside the scope.</summary>
public sealed class OpenInsideScopeFixTests
{
    private static string Wrap(string code) => FixTest.Wrap(code + "\nreturn null;", "string text, NpgsqlDataSource source, bool flag, CancellationToken ct").Replace("SCOPE", "new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled)");

    private static Task Fixes(string before, string after, int rounds = 1) => FixTest.Run(
        Wrap(before), Wrap(after), title: "Open the connection inside the TransactionScope", fixer: new OpenInsideScopeFixer(), configure: test => test.NumberOfIncrementalIterations = -rounds);

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new OpenInsideScopeFixer());

    [Fact]
    public Task A_call_that_opens() => Fixes(
        """
        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync(ct);
        using (var scope = SCOPE)
        {
            await connection.ExecuteAsync("DELETE FROM a");
            await connection.ExecuteAsync("DELETE FROM b");
            scope.Complete();
        }
        """,
        """
        await using var connection = new NpgsqlConnection(text);
        using (var scope = SCOPE)
        {
            await connection.OpenAsync(ct);
            await connection.ExecuteAsync("DELETE FROM a");
            await connection.ExecuteAsync("DELETE FROM b");
            scope.Complete();
        }
        """);

    [Fact]
    public Task A_declaration_that_opens() => Fixes(
        """
        await using var connection = await source.OpenConnectionAsync(ct);
        using var scope = SCOPE;
        await connection.ExecuteAsync("DELETE FROM a");
        scope.Complete();
        """,
        """
        using var scope = SCOPE;
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("DELETE FROM a");
        scope.Complete();
        """);

    [Fact]
    public Task Two_scopes() => Fixes(
        """
        if (flag)
        {
            using var connection = source.OpenConnection();
            using var scope = new System.Transactions.TransactionScope();
            connection.Execute("DELETE FROM a");
            scope.Complete();
        }
        using var second = new NpgsqlConnection(text);
        second.Open();
        using (var scope = new System.Transactions.TransactionScope())
        {
            second.Execute("DELETE FROM a");
            scope.Complete();
        }
        """,
        """
        if (flag)
        {
            using var scope = new System.Transactions.TransactionScope();
            using var connection = source.OpenConnection();
            connection.Execute("DELETE FROM a");
            scope.Complete();
        }
        using var second = new NpgsqlConnection(text);
        using (var scope = new System.Transactions.TransactionScope())
        {
            second.Open();
            second.Execute("DELETE FROM a");
            scope.Complete();
        }
        """,
        rounds: 2);

    [Theory]
    [InlineData("using var c = source.OpenConnection(); var x = c.Query<int>(\"SELECT 1\"); using var scope = SCOPE; c.Execute(\"DELETE FROM a\"); scope.Complete();")]
    [InlineData("using var c = source.OpenConnection(); using (var scope = SCOPE) { c.Execute(\"DELETE FROM a\"); scope.Complete(); } c.Execute(\"DELETE FROM b\");")]
    [InlineData("using var c = source.OpenConnection(); foreach (var letter in text) { using var scope = SCOPE; c.Execute(\"DELETE FROM a\"); scope.Complete(); }")]
    [InlineData("await using var c = await source.OpenConnectionAsync(); using var scope = new System.Transactions.TransactionScope(); c.Execute(\"DELETE FROM a\"); scope.Complete();")]
    [InlineData("using (var c = source.OpenConnection()) { using var scope = SCOPE; c.Execute(\"DELETE FROM a\"); scope.Complete(); }")]
    [InlineData("using var c = source.OpenConnection(); var scope = SCOPE; c.Execute(\"DELETE FROM a\"); scope.Complete(); scope.Dispose();")]
    public Task Refuses_what_is_not_simple(string code) => Refuses(code);
}
