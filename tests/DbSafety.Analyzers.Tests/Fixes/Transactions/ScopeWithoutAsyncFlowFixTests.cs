using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3006: the option is added to the arguments.</summary>
public sealed class ScopeWithoutAsyncFlowFixTests
{
    private const string Parameters = "NpgsqlConnection pg, TransactionScopeOption option, TimeSpan time, TransactionOptions options, Transaction transaction";

    private static string Wrap(string code, string usings = "using System.Transactions;\n") => usings + FixTest.Wrap(code + "\nawait pg.ExecuteAsync(\"SELECT 1\");\nreturn null;",
        usings.Length > 0 ? Parameters : "NpgsqlConnection pg");

    private static Task Fixes(string before, string after) => FixTest.Run(
        Wrap($"using var scope = {before};"), Wrap($"using var scope = {after};"), title: "Let the scope follow its awaits", fixer: new ScopeWithoutAsyncFlowFixer());

    [Theory]
    [InlineData("", "")]
    [InlineData("option", "option, ")]
    [InlineData("option, time", "option, time, ")]
    [InlineData("option, options", "option, options, ")]
    [InlineData("option, new TransactionOptions { Timeout = time }", "option, new TransactionOptions { Timeout = time }, ")]
    [InlineData("transaction", "transaction, ")]
    [InlineData("transaction, time", "transaction, time, ")]
    [InlineData("scopeTimeout: time, scopeOption: option", "scopeTimeout: time, scopeOption: option, asyncFlowOption: ")]
    [InlineData("scopeOption: option, options", "scopeOption: option, options, asyncFlowOption: ")]
    public Task Each_overload(string before, string after) =>
        Fixes($"new TransactionScope({before})", $"new TransactionScope({after}TransactionScopeAsyncFlowOption.Enabled)");

    [Theory]
    [InlineData("new TransactionScope(TransactionScopeAsyncFlowOption.Suppress)", "new TransactionScope(TransactionScopeAsyncFlowOption.Enabled)")]
    [InlineData("new TransactionScope(option, time, asyncFlowOption: TransactionScopeAsyncFlowOption.Suppress)", "new TransactionScope(option, time, asyncFlowOption: TransactionScopeAsyncFlowOption.Enabled)")]
    [InlineData("new TransactionScope { }", "new TransactionScope(TransactionScopeAsyncFlowOption.Enabled) { }")]
    public Task The_option_that_is_there(string before, string after) => Fixes(before, after);

    [Fact]
    public Task A_creation_without_its_type() => FixTest.Run(
        Wrap("using TransactionScope scope = new(option);"), Wrap("using TransactionScope scope = new(option, TransactionScopeAsyncFlowOption.Enabled);"), fixer: new ScopeWithoutAsyncFlowFixer());

    [Fact]
    public Task Names_without_a_using_directive() => FixTest.Run(
        Wrap("using (new System.Transactions.TransactionScope())\n{\n    await Task.Yield();\n}", ""),
        Wrap("using (new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled))\n{\n    await Task.Yield();\n}", ""),
        fixer: new ScopeWithoutAsyncFlowFixer());

    [Fact]
    public Task All_of_a_method() => FixTest.Run(
        Wrap("using (var a = new TransactionScope())\n{\n    await Task.Yield();\n}\n\nusing var outer = new TransactionScope(option);\nusing var inner = new TransactionScope(option, time);"),
        Wrap("using (var a = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))\n{\n    await Task.Yield();\n}\n\nusing var outer = new TransactionScope(option, TransactionScopeAsyncFlowOption.Enabled);\n" +
            "using var inner = new TransactionScope(option, time, TransactionScopeAsyncFlowOption.Enabled);"),
        fixer: new ScopeWithoutAsyncFlowFixer());

    [Theory]
    [InlineData("new TransactionScope(option, options, EnterpriseServicesInteropOption.None)")]
    [InlineData("new TransactionScope(transaction, time, EnterpriseServicesInteropOption.None)")]
    public Task No_offer_without_an_overload(string creation) => FixTest.Refuses(Wrap($"using var scope = {creation};"), fixer: new ScopeWithoutAsyncFlowFixer());
}
