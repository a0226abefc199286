using System.Globalization;
using System.Text;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Tests.Flow;

/// <summary>What summaries of methods cost, and that the answers do not depend on who asks first.</summary>
public sealed class SummaryWorkTests
{
    // A ring of methods that all call each other's next, one of which queries, and a loop over each.
    private static string Ring(int size, int queryAt)
    {
        var source = new StringBuilder("public class Ring(NpgsqlConnection pg)\n{\n");
        for (var i = 0; i < size; i++)
        {
            source.Append(CultureInfo.InvariantCulture, $"    public int M{i}(int id) {{ ");
            source.Append(i == queryAt ? "pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id }); " : "");
            source.Append(CultureInfo.InvariantCulture, $"return M{(i + 1) % size}(id); }}\n");
            source.Append(CultureInfo.InvariantCulture, $"    public void L{i}(List<int> ids) {{ foreach (var id in ids) M{i}(id); }}\n");
        }

        return source.Append("    public void Unrelated(List<int> ids) { foreach (var id in ids) Other(id); }\n    private static int Other(int id) => id + 1;\n}\n").ToString();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    public void Each_body_is_read_once_for_all_rules(int size)
    {
        var compilation = Verify.Compile(Ring(size, size / 2));
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        var tree = compilation.SyntaxTrees.Last();
        var model = compilation.GetSemanticModel(tree);
        var calls = tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Select(call => model.GetOperation(call, TestContext.Current.CancellationToken)).OfType<IOperation>().ToList();

        // Four rules ask.
        for (var rule = 0; rule < 4; rule++)
        {
            Assert.Equal(size, calls.Count(call => facts.RepetitionOf(call, TestContext.Current.CancellationToken) is { Writes: true }));
        }

        // The methods of the ring, and none that can't reach the database.
        Assert.Equal(size, facts.BodiesRead);
    }

    [Fact]
    public void The_answer_does_not_depend_on_who_asks_first()
    {
        const int Size = 12;
        var answers = Enumerable.Range(0, Size).Select(first =>
        {
            var compilation = Verify.Compile(Ring(Size, 5));
            var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
            var methods = Methods(compilation);
            facts.SummaryOf(methods[first], TestContext.Current.CancellationToken);
            return string.Join("|", methods.Select(method => Show(facts.SummaryOf(method, TestContext.Current.CancellationToken))));
        }).ToList();
        Assert.Single(answers.Distinct());
        Assert.DoesNotContain("None", answers[0], StringComparison.Ordinal);

        static string Show(CallSummary summary) => $"{summary.Effects} {summary.Next?.Name}";
    }

    [Fact]
    public void A_cancelled_question_ends_at_once_and_leaves_nothing_behind()
    {
        var compilation = Verify.Compile(Ring(40, 20));
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        var method = Methods(compilation)[0];
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => facts.SummaryOf(method, cancelled.Token));
        Assert.True(facts.SummaryOf(method, TestContext.Current.CancellationToken).Runs);
    }

    private static List<IMethodSymbol> Methods(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        var model = compilation.GetSemanticModel(tree);
        return [.. tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => method.Identifier.ValueText[0] == 'M').Select(method => (IMethodSymbol)model.GetDeclaredSymbol(method)!)];
    }
}
