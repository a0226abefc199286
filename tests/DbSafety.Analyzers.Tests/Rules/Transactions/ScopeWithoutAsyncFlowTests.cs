using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3006: an await in a scope that does not follow it.</summary>
public sealed class ScopeWithoutAsyncFlowTests
{
    private static Task Check(string statements) => Verify<ScopeWithoutAsyncFlow>.CSharp("using System.Transactions;\n" + SqlCases.Wrap(
        statements, "TransactionScopeAsyncFlowOption flow, TransactionScopeOption option, TimeSpan time, TransactionOptions options, Transaction transaction, IAsyncEnumerable<int> stream"));

    [Theory]
    [InlineData("using var scope = [|new TransactionScope()|]; await pg.ExecuteAsync(\"SELECT 1\");")]
    [InlineData("using TransactionScope scope = [|new()|]; await pg.ExecuteAsync(\"SELECT 1\"); scope.Complete();")]
    [InlineData("using (var scope = [|new TransactionScope(option)|]) { await pg.ExecuteAsync(\"SELECT 1\").ConfigureAwait(false); scope.Complete(); }")]
    [InlineData("using ([|new TransactionScope(TransactionScopeOption.Suppress)|]) { if (flag) { await Task.Yield(); } }")]
    [InlineData("using var scope = [|new TransactionScope(option, time)|]; await foreach (var x in stream) { }")]
    [InlineData("using (var scope = [|new TransactionScope(option, options)|]) { await using var own = await source.OpenConnectionAsync(); }")]
    [InlineData("using (var scope = [|new TransactionScope(option, options, EnterpriseServicesInteropOption.None)|]) { await using (pg) { } }")]
    [InlineData("using var scope = [|new TransactionScope(transaction)|]; foreach (var x in new[] { 1 }) { await Task.Delay(x); }")]
    [InlineData("using var scope = [|new TransactionScope(TransactionScopeAsyncFlowOption.Suppress)|]; await Task.Delay(1);")]
    [InlineData("using var scope = [|new TransactionScope(option, time, TransactionScopeAsyncFlowOption.Suppress)|]; var a = 1 + await Task.Run(() => 1);")]
    [InlineData("var scope = [|new TransactionScope()|]; try { await Task.Delay(1); scope.Complete(); } finally { scope.Dispose(); }")]
    [InlineData("TransactionScope scope; scope = [|new TransactionScope()|]; await Task.Delay(1); scope?.Dispose();")]
    [InlineData("var scope = [|new TransactionScope()|]; using (scope) { await Task.Delay(1); }")]
    [InlineData("Func<Task> run = async () => { using var scope = [|new TransactionScope()|]; await Task.Delay(1); };")]
    [InlineData("async Task Run() { using var scope = [|new TransactionScope()|]; await Task.Delay(1); } await Run();")]
    [InlineData("using var a = [|new TransactionScope()|]; using var b = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled); await Task.Delay(1);")]
    [InlineData("TransactionScope? scope = null; try { scope = [|new TransactionScope()|]; await Task.Delay(1); scope.Complete(); } finally { scope?.Dispose(); }")]
    public Task Reports_a_scope_over_an_await(string statements) => Check(statements);

    [Theory]
    [InlineData("using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled); await Task.Delay(1);")]
    [InlineData("using var scope = new TransactionScope(option, TransactionScopeAsyncFlowOption.Enabled); await Task.Delay(1);")]
    [InlineData("using var scope = new TransactionScope(asyncFlowOption: TransactionScopeAsyncFlowOption.Enabled, scopeOption: option, transactionOptions: options); await Task.Delay(1);")]
    [InlineData("using var scope = new TransactionScope(transaction, time, TransactionScopeAsyncFlowOption.Enabled); await Task.Delay(1);")]
    [InlineData("using (var scope = new TransactionScope()) { pg.Execute(\"SELECT 1\"); scope.Complete(); } await Task.Delay(1);")]
    [InlineData("await Task.Delay(1); using (new TransactionScope()) { pg.Execute(\"SELECT 1\"); }")]
    [InlineData("if (flag) { using var scope = new TransactionScope(); pg.Execute(\"SELECT 1\"); scope.Complete(); } await Task.Delay(1);")]
    [InlineData("var scope = new TransactionScope(); pg.Execute(\"SELECT 1\"); scope.Dispose(); await Task.Delay(1);")]
    [InlineData("using (var scope = new TransactionScope()) { Func<Task> later = async () => await Task.Delay(1); later(); }")]
    [InlineData("using (var scope = new TransactionScope()) { async Task Later() { await Task.Delay(1); } Later(); }")]
    [InlineData("using (var scope = new TransactionScope()) { await Task.CompletedTask; var x = await Task.FromResult(1); }")]
    [InlineData("using var scope = new TransactionScope(); pg.Execute(\"SELECT 1\"); scope.Complete(); scope.Dispose(); await Task.Delay(1);")]
    [InlineData("using (var scope = new TransactionScope()) { if (flag) { scope.Dispose(); await Task.Delay(1); } }")]
    public Task Leaves_scopes_alone_that_follow_or_await_nothing(string statements) => Check(statements);

    [Theory]
    [InlineData("using var scope = new TransactionScope(flow); await Task.Delay(1);")]
    [InlineData("using var scope = new TransactionScope(option, flag ? TransactionScopeAsyncFlowOption.Enabled : flow); await Task.Delay(1);")]
    [InlineData("var scope = new TransactionScope(); await Task.Delay(1); GC.KeepAlive(scope);")]
    [InlineData("var scope = new TransactionScope(); if (flag) { scope.Dispose(); } await Task.Delay(1); scope.Dispose();")]
    [InlineData("var scopes = new List<TransactionScope> { new TransactionScope() }; await Task.Delay(1);")]
    [InlineData("TransactionScope Make() => new TransactionScope(); using var scope = Make(); await Task.Delay(1);")]
    public Task Is_silent_where_nobody_knows(string statements) => Check(statements);

    [Fact]
    public Task A_type_of_that_name_elsewhere_is_no_scope() => Verify<ScopeWithoutAsyncFlow>.CSharp("""
        namespace Own { public sealed class TransactionScope : IDisposable { public void Dispose() { } } }
        namespace Shopping
        {
            public static class Case
            {
                public static async Task Run(NpgsqlConnection pg)
                {
                    using var scope = new Own.TransactionScope();
                    await pg.ExecuteAsync("SELECT 1");
                }
            }
        }
        """);
}
