using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3007: writes in a scope on connections that were open before.</summary>
public sealed class ConnectionOpenedBeforeScopeTests
{
    private static Task Check(string statements) => Verify<ConnectionOpenedBeforeScope>.Statements(
        "{ " + statements.Replace("SQL", "\"INSERT INTO a VALUES (1)\"").Replace("SCOPE", "new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled)") + " }", "string text");

    [Theory]
    [InlineData("using var c = new NpgsqlConnection(text); c.Open(); using var scope = SCOPE; [|c.Execute(SQL)|]; scope.Complete();")]
    [InlineData("await using var c = new NpgsqlConnection(text); await c.OpenAsync(); using (var scope = SCOPE) { await [|c.ExecuteAsync(SQL)|]; scope.Complete(); }")]
    [InlineData("await using var c = new NpgsqlConnection(text); await c.OpenAsync().ConfigureAwait(false); using (SCOPE) { await [|c.ExecuteAsync(SQL)|]; }")]
    [InlineData("await using var c = await source.OpenConnectionAsync(); using var scope = SCOPE; using var k = new NpgsqlCommand(SQL, c); await [|k.ExecuteNonQueryAsync()|]; scope.Complete();")]
    [InlineData("using var c = source.OpenConnection(); using var k = new NpgsqlCommand(SQL, c); using var scope = SCOPE; if (flag) { [|k.ExecuteNonQuery()|]; } scope.Complete();")]
    [InlineData("using var c = source.OpenConnection(); foreach (var letter in text) { using var scope = SCOPE; [|c.Execute(SQL)|]; scope.Complete(); }")]
    [InlineData("using var c = new SqlConnection(text); c.Open(); using var scope = SCOPE; [|c.Execute(SQL)|]; scope.Complete();")]
    [InlineData("using var c = source.OpenConnection(); using var scope = SCOPE; [|Save(c)|]; scope.Complete(); void Save(NpgsqlConnection given) => given.Execute(SQL);")]
    public Task Reports_a_write_on_a_connection_that_was_open(string statements) => Check(statements);

    [Theory]
    [InlineData("using var scope = SCOPE; using var c = new NpgsqlConnection(text); c.Open(); c.Execute(SQL); scope.Complete();")]
    [InlineData("using var c = new NpgsqlConnection(text); using var scope = SCOPE; c.Open(); c.Execute(SQL); scope.Complete();")]
    [InlineData("using var c = new NpgsqlConnection(text); using var scope = SCOPE; c.Execute(SQL); scope.Complete();")]
    [InlineData("using var c = new NpgsqlConnection(text); c.Open(); using var scope = SCOPE; c.EnlistTransaction(System.Transactions.Transaction.Current); c.Execute(SQL); scope.Complete();")]
    [InlineData("using var c = new NpgsqlConnection(text); c.Open(); c.Query<int>(\"SELECT 1\"); c.Close(); using var scope = SCOPE; c.Execute(SQL); scope.Complete();")]
    [InlineData("using var c = source.OpenConnection(); using var scope = SCOPE; c.Query<int>(\"SELECT 1\"); scope.Complete();")]
    [InlineData("using var c = source.OpenConnection(); using (var scope = SCOPE) { scope.Complete(); } c.Execute(SQL);")]
    [InlineData("using var c = source.OpenConnection(); using var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress); c.Execute(SQL);")]
    [InlineData("using var c = source.OpenConnection(); using var outer = SCOPE; using var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress); c.Execute(SQL);")]
    [InlineData("using var c = new Shop(); c.Database.OpenConnection(); using var scope = SCOPE; c.SaveChanges(); c.Database.ExecuteSqlRaw(SQL); scope.Complete();")]
    [InlineData("using var outer = SCOPE; using var c = source.OpenConnection(); using var scope = SCOPE; c.Execute(SQL); scope.Complete(); outer.Complete();")]
    [InlineData("using var outer = SCOPE; using var c = new NpgsqlConnection(text); c.Open(); using (var scope = SCOPE) { c.Execute(SQL); scope.Complete(); } outer.Complete();")]
    [InlineData("using var c = source.OpenConnection(); using var scope = SCOPE; using var tx = c.BeginTransaction(); c.Execute(SQL); tx.Commit(); scope.Complete();")]
    [InlineData("using var c = new NpgsqlConnection(\"Host=a; Enlist = false\"); c.Open(); using var scope = SCOPE; c.Execute(SQL); scope.Complete();")]
    [InlineData("using var c = new NpgsqlConnection(text + \";Enlist=False\"); c.Open(); using var scope = SCOPE; c.Execute(SQL); scope.Complete();")]
    public Task Leaves_connections_that_enlist_alone(string statements) => Check(statements);

    [Theory]
    [InlineData("using var scope = SCOPE; pg.Execute(SQL); db.Execute(SQL); any.Execute(SQL); scope.Complete();")]
    [InlineData("pg.Open(); using var scope = SCOPE; pg.Execute(SQL); scope.Complete();")]
    [InlineData("using var c = new NpgsqlConnection(text); if (flag) { c.Open(); } using var scope = SCOPE; c.Execute(SQL); scope.Complete();")]
    [InlineData("using var c = source.OpenConnection(); using var scope = SCOPE; c.Execute(text); scope.Complete();")]
    [InlineData("using var c = source.OpenConnection(); using var scope = SCOPE; Enlist(c); c.Execute(SQL); scope.Complete(); void Enlist(NpgsqlConnection given) => given.EnlistTransaction(null);")]
    public Task Is_silent_where_nobody_knows(string statements) => Check(statements);
}
