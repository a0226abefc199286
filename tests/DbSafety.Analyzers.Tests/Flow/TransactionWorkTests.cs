using System.Globalization;
using System.Text;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Tests.Flow;

/// <summary>What it costs to know which transaction surrounds a write.</summary>
public sealed class TransactionWorkTests
{
    private static (DbFacts Facts, List<IInvocationOperation> Calls) Read(string source)
    {
        var compilation = Verify.Compile(source);
        var tree = compilation.SyntaxTrees.Last();
        var model = compilation.GetSemanticModel(tree);
        return (DbFacts.For(compilation, new AnalyzerOptions([]))!, [.. tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Select(call => model.GetOperation(call, TestContext.Current.CancellationToken)).OfType<IInvocationOperation>()]);
    }

    private static int Gaps(DbFacts facts, IEnumerable<IInvocationOperation> calls) =>
        calls.Count(call => facts.MayWrite(call.TargetMethod.Name) && facts.GapOf(call, TestContext.Current.CancellationToken) is not null);

    private static string Repeat(int size, Func<int, string> member)
    {
        var source = new StringBuilder("public class Case(NpgsqlConnection pg, Shop shop)\n{\n");
        for (var i = 0; i < size; i++)
        {
            source.AppendLine(member(i));
        }

        return source.Append("}\n").ToString();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public void Each_member_is_read_once_for_all_rules(int size)
    {
        var (facts, calls) = Read(Repeat(size, i => string.Create(CultureInfo.InvariantCulture,
            $"public void M{i}(int id) {{ pg.Execute(\"DELETE FROM users WHERE id = @id\", new {{ id }}); pg.Execute(\"DELETE FROM orders WHERE id = @id\", new {{ id }}); }}")));
        for (var rule = 0; rule < 5; rule++)
        {
            Assert.Equal(size, Gaps(facts, calls));
        }

        Assert.Equal(size, facts.TransactionsRead);
    }

    [Fact]
    public void Members_that_write_nothing_are_not_read()
    {
        var (facts, calls) = Read(Repeat(20, i => string.Create(CultureInfo.InvariantCulture,
            $"public int M{i}(List<int> ids) {{ var found = shop.Users.Where(user => ids.Contains(user.Id)).ToList(); return found.Select(user => user.Id).Max() + Math.Max({i}, Own{i}()); }} private static int Own{i}() => {i};")));
        Assert.Equal(0, Gaps(facts, calls));
        Assert.Equal(0, facts.TransactionsRead);
    }

    /// <summary>A chain of callers: each is read once, however often it is asked.</summary>
    [Fact]
    public void Callers_are_read_once()
    {
        const int Size = 30;
        var (facts, calls) = Read(Repeat(Size, i => string.Create(CultureInfo.InvariantCulture,
            $"public void C{i}(int id) {{ using var transaction = pg.BeginTransaction(); Both(id); Both(id); transaction.Commit(); }}")) .TrimEnd().TrimEnd('}') +
            "private void Both(int id) { pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id }); pg.Execute(\"DELETE FROM orders WHERE id = @id\", new { id }); } }");
        Assert.Equal(0, Gaps(facts, calls));
        Assert.Equal(Size + 1, facts.TransactionsRead);
    }
}
