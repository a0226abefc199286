using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>What the tests of the fixes for the states of a transaction share.</summary>
internal static class StateFixTest
{
    private const string Parameters = "NpgsqlConnection pg, NpgsqlConnection other, IDbConnection any, Shop shop, int[] ids, bool flag, CancellationToken ct";

    public static string Wrap(string code, string end = "\nreturn null;") => "using Microsoft.EntityFrameworkCore;\nusing System.Transactions;\nusing IsolationLevel = System.Data.IsolationLevel;\n" +
        FixTest.Wrap(code + end, Parameters) +
        "\npublic class Shop : DbContext { public DbSet<User> Users => Set<User>(); }\n";

    public static Task Fixes(CodeFixProvider fixer, string before, string after, string? title = null, string end = "\nreturn null;", Action<FixTest>? configure = null) =>
        FixTest.Run(Wrap(before, end), Wrap(after, end), title: title, fixer: fixer, configure: configure);

    public static Task Refuses(CodeFixProvider fixer, string code, string end = "\nreturn null;") => FixTest.Refuses(Wrap(code, end), fixer: fixer);
}
