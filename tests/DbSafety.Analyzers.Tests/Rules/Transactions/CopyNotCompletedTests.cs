using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3010: rows of a binary import that nobody completes.</summary>
public sealed class CopyNotCompletedTests
{
    private const string Copy = "\"COPY users (id) FROM STDIN (FORMAT BINARY)\"";

    private static Task Check(string statements) => Verify<CopyNotCompleted>.CSharp(
        SqlCases.Wrap(statements.Replace("COPY", Copy, StringComparison.Ordinal), "int[] ids, CancellationToken ct, NpgsqlBinaryImporter given") +
        "\npublic static class Helper { public static NpgsqlBinaryImporter? Kept; public static void Fill(NpgsqlBinaryImporter importer) { } public static T Same<T>(T value) => value; }");

    [Theory]
    [InlineData("using var i = [|pg.BeginBinaryImport(COPY)|]; i.StartRow(); i.Write(1);")]
    [InlineData("await using var i = await [|pg.BeginBinaryImportAsync(COPY, ct)|]; foreach (var id in ids) { await i.StartRowAsync(ct); await i.WriteAsync(id, ct); }")]
    [InlineData("await using var i = await [|pg.BeginBinaryImportAsync(COPY)|].ConfigureAwait(false); await i.WriteRowAsync(default, 1);")]
    [InlineData("using (var i = [|pg.BeginBinaryImport(COPY)|]) { i.WriteRow(1); }")]
    [InlineData("NpgsqlBinaryImporter i; i = [|pg.BeginBinaryImport(COPY)|]; i.Timeout = TimeSpan.FromSeconds(1); i.WriteRow(1); i.Close();")]
    [InlineData("var i = [|pg.BeginBinaryImport(COPY)|]; try { i.WriteRow(1); } finally { i.Dispose(); }")]
    [InlineData("var i = [|pg.BeginBinaryImport(COPY)|]; using (i) { i.StartRow(); i.WriteNull(); }")]
    [InlineData("var i = [|pg.BeginBinaryImport(COPY)|]; await using (i.ConfigureAwait(false)) { if (flag) { i?.WriteRow(1); } }")]
    [InlineData("Action run = () => { using var i = [|pg.BeginBinaryImport(COPY)|]; i.WriteRow(1); };")]
    [InlineData("foreach (var id in ids) { using var i = [|pg.BeginBinaryImport(COPY)|]; i.WriteRow(id); }")]
    public Task Reports_rows_that_are_lost(string statements) => Check(statements);

    [Theory]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); i.Complete();")]
    [InlineData("await using var i = await pg.BeginBinaryImportAsync(COPY, ct); i.WriteRow(1); await i.CompleteAsync(ct);")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); if (flag) { i.Complete(); }")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); i?.Complete();")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY);")]
    [InlineData("using var i = pg.BeginTextImport(COPY); i.Write(1);")]
    [InlineData("using var i = pg.BeginBinaryExport(COPY); i.StartRow();")]
    [InlineData("using var i = pg.BeginRawBinaryCopy(COPY); i.Write(new byte[1]);")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); throw new NotImplementedException();")]
    public Task Leaves_completed_and_other_imports_alone(string statements) => Check(statements);

    [Theory]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); Helper.Fill(i);")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); Helper.Kept = i;")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); var other = i; other.Complete();")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); Action end = () => i.Complete(); end();")]
    [InlineData("NpgsqlBinaryImporter Make() { var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); return i; } Make();")]
    [InlineData("var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); i = given;")]
    [InlineData("Helper.Kept = pg.BeginBinaryImport(COPY); Helper.Kept.WriteRow(1);")]
    [InlineData("given.WriteRow(1);")]
    [InlineData("using var i = Helper.Same(pg.BeginBinaryImport(COPY)); i.WriteRow(1);")]
    [InlineData("var list = new List<NpgsqlBinaryImporter>(); var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); list.Add(i);")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); if (i is { } other) { other.Complete(); }")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY); i.WriteRow(1); if (i is NpgsqlBinaryImporter other) { other.Complete(); }")]
    public Task Is_silent_where_the_importer_goes_elsewhere(string statements) => Check(statements);
}
