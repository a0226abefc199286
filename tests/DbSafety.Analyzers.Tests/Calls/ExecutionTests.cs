using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Tests.Calls;

/// <summary>What a command or a batch runs, where its text is given to it several times.</summary>
public sealed class ExecutionTests
{
    private static string Source(string statements) => $$"""
        class Test
        {
            async Task Run(NpgsqlConnection pg, NpgsqlDataSource source, NpgsqlCommand given, NpgsqlBatch handed, List<int> ids, string text, bool flag)
            {
                {{statements}}
                await Task.CompletedTask;
            }

            static void Fill(object? value) { }
        }
        """;

    private static DbExecution[] Runs(string statements)
    {
        var compilation = Verify.Compile(Source(statements));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        return [.. Code.Operations(compilation).OfType<IInvocationOperation>().Select(facts.ExecutionOf).OfType<DbExecution>().OrderBy(run => run.Operation.Syntax.SpanStart)];
    }

    /// <summary>The texts in the order of the executions, <c>-</c> where nobody knows.</summary>
    private static string Texts(string statements) =>
        string.Join(" ", Runs(statements).Select(run => run.Call is { } call ? call.Text.Variants[0].Source.Text : "-"));

    [Theory]
    [InlineData("using var c = pg.CreateCommand(); c.CommandText = \"A\"; c.ExecuteNonQuery(); c.CommandText = \"B\"; c.ExecuteNonQuery();", "A B")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); c.ExecuteNonQuery(); c.CommandText = \"B\"; c.ExecuteNonQuery();", "A B")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); await c.ExecuteNonQueryAsync(); c.CommandText = \"B\"; if (flag) { await c.ExecuteNonQueryAsync(); }", "A B")]
    [InlineData("var c = new NpgsqlCommand(\"A\", pg); c.ExecuteNonQuery(); c = new NpgsqlCommand(\"B\", pg); c.ExecuteNonQuery();", "A B")]
    [InlineData("var c = new NpgsqlCommand(\"A\", pg); c.ExecuteNonQuery(); c = new(\"B\", pg); c.ExecuteNonQuery(); c.CommandText = \"C\"; c.ExecuteNonQuery();", "A B C")]
    [InlineData("using (var c = pg.CreateCommand()) { c.CommandText = \"A\"; c.ExecuteNonQuery(); try { c.CommandText = \"B\"; c.ExecuteNonQuery(); } catch { throw; } }", "A B")]
    [InlineData("using (var c = new NpgsqlCommand(\"A\", pg)) { c.ExecuteNonQuery(); c.CommandText = \"B\"; c.ExecuteNonQuery(); }", "A B")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); foreach (var id in ids) { c.CommandText = \"B\"; c.ExecuteNonQuery(); c.CommandText = \"C\"; c.ExecuteNonQuery(); }", "B C")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); c.ExecuteNonQuery(); c.CommandText = \"B\"; foreach (var id in ids) { c.ExecuteNonQuery(); }", "A B")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); if (flag) { c.CommandText = \"B\"; c.ExecuteNonQuery(); } else { c.ExecuteNonQuery(); }", "B A")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); switch (ids.Count) { case 0: c.CommandText = \"B\"; c.ExecuteNonQuery(); break; default: c.ExecuteNonQuery(); break; }", "B A")]
    [InlineData("given.CommandText = \"A\"; given.ExecuteNonQuery(); given.CommandText = \"B\"; given.ExecuteNonQuery();", "A B")]
    [InlineData("using var c = pg.CreateCommand(); c.CommandText = \"A\"; c.ExecuteNonQuery();", "A")]
    public void A_command_runs_the_text_that_reaches_it(string statements, string texts) => Assert.Equal(texts, Texts(statements));

    [Theory]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); if (flag) { c.CommandText = \"B\"; } c.ExecuteNonQuery();", "-")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); foreach (var id in ids) { c.ExecuteNonQuery(); c.CommandText = \"B\"; }", "-")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); foreach (var id in ids) { c.CommandText = \"B\"; } c.ExecuteNonQuery();", "-")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); try { c.CommandText = \"B\"; } catch { c.ExecuteNonQuery(); }", "-")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); Action set = () => c.CommandText = \"B\"; set(); c.ExecuteNonQuery();", "-")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); c.CommandText = \"B\"; Action run = () => c.ExecuteNonQuery(); run();", "-")]
    [InlineData("using var c = pg.CreateCommand(); c.CommandText = \"A\"; c.ExecuteNonQuery(); c.CommandText = \"B\"; Fill(c); c.ExecuteNonQuery();", "A -")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); c.CommandText = \"B\"; again: c.ExecuteNonQuery(); c.CommandText = \"C\"; if (flag) { goto again; }", "-")]
    [InlineData("using var c = new NpgsqlCommand(\"A\", pg); while ((c.CommandText = text) != \"\") { c.ExecuteNonQuery(); }", "-")]
    [InlineData("var c = new NpgsqlCommand(\"A\", pg); if (flag) { c = new NpgsqlCommand(\"B\", pg); } c.ExecuteNonQuery();", "-")]
    [InlineData("given.ExecuteNonQuery(); given.CommandText = \"A\"; given.CommandText = \"B\";", "-")]
    public void Nobody_knows_which_text_a_command_runs(string statements, string texts) => Assert.Equal(texts, Texts(statements));

    [Theory]
    [InlineData("using var b = new NpgsqlBatch(pg) { BatchCommands = { new(\"INSERT INTO t VALUES (1)\"), new(\"SELECT 1\") } }; b.ExecuteNonQuery();", true, false, Presence.Absent)]
    [InlineData("using var b = new NpgsqlBatch(pg) { EnableErrorBarriers = true, BatchCommands = { new(\"DELETE FROM t\") } }; await b.ExecuteNonQueryAsync();", true, false, Presence.Present)]
    [InlineData("await using var b = pg.CreateBatch(); b.BatchCommands.Add(new NpgsqlBatchCommand(\"UPDATE t SET a = 1\")); await b.ExecuteNonQueryAsync();", true, false, Presence.Absent)]
    [InlineData("await using var b = source.CreateBatch(); foreach (var id in ids) { b.BatchCommands.Add(new(\"INSERT INTO t VALUES (1)\")); } await b.ExecuteNonQueryAsync();", true, false, Presence.Absent)]
    [InlineData("using var b = new NpgsqlBatch(pg); b.BatchCommands.Add(new() { CommandText = \"DELETE FROM t\" }); b.EnableErrorBarriers = flag; b.ExecuteNonQuery();", true, false, Presence.Unknown)]
    [InlineData("using DbBatch b = pg.CreateBatch(); var c = b.CreateBatchCommand(); c.CommandText = \"DELETE FROM t\"; b.BatchCommands.Add(c); b.ExecuteNonQuery();", true, false, Presence.Absent)]
    [InlineData("using var b = new NpgsqlBatch(pg); b.BatchCommands.Add(new(\"DELETE FROM t\") { AppendErrorBarrier = true }); b.ExecuteNonQuery();", true, false, Presence.Present)]
    [InlineData("using var b = new NpgsqlBatch(pg) { BatchCommands = { new(\"SELECT a FROM t\") } }; using var r = b.ExecuteReader();", false, false, Presence.Absent)]
    [InlineData("using var b = new NpgsqlBatch(pg); if (flag) { b.BatchCommands.Add(new(\"DELETE FROM t\")); } b.ExecuteNonQuery();", false, true, Presence.Absent)]
    [InlineData("using var b = new NpgsqlBatch(pg); b.BatchCommands.Add(new(text)); b.ExecuteNonQuery();", false, true, Presence.Absent)]
    [InlineData("using var b = new NpgsqlBatch(pg); Fill(b); b.ExecuteNonQuery();", false, true, Presence.Absent)]
    [InlineData("handed.ExecuteNonQuery();", false, true, Presence.Unknown)]
    public void A_batch_does_what_its_commands_do(string statements, bool writes, bool isUnknown, Presence barriers)
    {
        var run = Assert.Single(Runs(statements));
        Assert.Equal((writes, isUnknown, barriers), (run.Writes, run.IsUnknown, run.Batch!.ErrorBarriers));
        Assert.False(run.IsCertain);
        Assert.Equal(statements.Contains("r = b"), run.Reads);
    }

    [Fact]
    public void A_batch_has_the_connection_that_it_is_made_on() =>
        Assert.Equal("pg", Assert.Single(Runs("using var b = new NpgsqlBatch(pg); b.ExecuteNonQuery();")).Connection!.Syntax.ToString());
}
