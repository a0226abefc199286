using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3010: the import is completed behind its last row.</summary>
public sealed class CopyNotCompletedFixTests
{
    private static string Wrap(string code) => FixTest.Wrap(
        code.Replace("COPY", "\"COPY users (id) FROM STDIN (FORMAT BINARY)\"", StringComparison.Ordinal) + "\nawait Task.Yield();\nreturn null;", "NpgsqlConnection pg, int[] ids, CancellationToken ct, List<string> log");

    private static Task Fixes(string before, string after) => FixTest.Run(Wrap(before), Wrap(after), title: "Complete the import behind its last row", fixer: new CopyNotCompletedFixer());

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new CopyNotCompletedFixer());

    [Theory]
    [InlineData("using var i = pg.BeginBinaryImport(COPY);", "i.Complete();")]
    [InlineData("using var i = await pg.BeginBinaryImportAsync(COPY);", "await i.CompleteAsync();")]
    [InlineData("await using var i = await pg.BeginBinaryImportAsync(COPY, ct);", "await i.CompleteAsync(ct);")]
    [InlineData("await using var i = await pg.BeginBinaryImportAsync(COPY, cancellationToken: CancellationToken.None).ConfigureAwait(false);", "await i.CompleteAsync(CancellationToken.None).ConfigureAwait(false);")]
    [InlineData("await using var i = await pg.BeginBinaryImportAsync(COPY, new CancellationTokenSource().Token);", "await i.CompleteAsync(new CancellationTokenSource().Token);")]
    [InlineData("var @new = pg.BeginBinaryImport(COPY); NpgsqlBinaryImporter i;\ni = await pg.BeginBinaryImportAsync(COPY, ct);", "await i.CompleteAsync(ct);")]
    public Task Behind_a_loop(string begin, string complete) => Fixes(
        $"{begin}\nforeach (var id in ids)\n{{\n    i.StartRow();\n    i.Write(id);\n}}\n\nlog.Add(\"done\");",
        $"{begin}\nforeach (var id in ids)\n{{\n    i.StartRow();\n    i.Write(id);\n}}\n{complete}\n\nlog.Add(\"done\");");

    [Fact]
    public Task In_a_using_statement() => Fixes(
        "using (var i = pg.BeginBinaryImport(COPY))\n{\n    i.WriteRow(1); // first\n    i.WriteRow(2); // last\n}",
        "using (var i = pg.BeginBinaryImport(COPY))\n{\n    i.WriteRow(1); // first\n    i.WriteRow(2); // last\n    i.Complete();\n}");

    [Fact]
    public Task In_the_try_that_disposes() => Fixes(
        "var i = pg.BeginBinaryImport(COPY);\ntry\n{\n    foreach (var id in ids)\n        i.WriteRow(id);\n    log.Add(\"a\");\n}\ncatch (NpgsqlException)\n{\n    log.Add(\"b\");\n}\nfinally\n{\n    i.Dispose();\n}",
        "var i = pg.BeginBinaryImport(COPY);\ntry\n{\n    foreach (var id in ids)\n        i.WriteRow(id);\n    i.Complete();\n    log.Add(\"a\");\n}\ncatch (NpgsqlException)\n{\n    log.Add(\"b\");\n}\nfinally\n{\n    i.Dispose();\n}");

    [Fact]
    public Task In_a_using_statement_that_follows() => Fixes(
        "var i = pg.BeginBinaryImport(COPY);\nusing (i)\n{\n    i.WriteRow(1);\n}\n\ni.Dispose();",
        "var i = pg.BeginBinaryImport(COPY);\nusing (i)\n{\n    i.WriteRow(1);\n    i.Complete();\n}\n\ni.Dispose();");

    [Fact]
    public Task Before_it_is_closed() => Fixes(
        "var i = pg.BeginBinaryImport(COPY);\nif (ids.Length > 0)\n{\n    i.WriteRow(1);\n}\ni.Close();",
        "var i = pg.BeginBinaryImport(COPY);\nif (ids.Length > 0)\n{\n    i.WriteRow(1);\n}\ni.Complete();\ni.Close();");

    [Fact]
    public Task In_one_line() => Fixes(
        "using (var i = pg.BeginBinaryImport(COPY)) { i.WriteRow(1); }",
        "using (var i = pg.BeginBinaryImport(COPY)) { i.WriteRow(1); i.Complete(); }");

    [Fact]
    public Task A_return_before_the_first_row() => Fixes(
        "using var i = pg.BeginBinaryImport(COPY);\nif (ids.Length == 0)\n{\n    return null;\n}\n\ni.WriteRow(1);",
        "using var i = pg.BeginBinaryImport(COPY);\nif (ids.Length == 0)\n{\n    return null;\n}\n\ni.WriteRow(1);\ni.Complete();");

    [Fact]
    public Task All_of_a_document() => Fixes(
        "using (var i = pg.BeginBinaryImport(COPY))\n{\n    i.WriteRow(1);\n}\n\nawait using (var i = await pg.BeginBinaryImportAsync(COPY, ct))\n{\n    await i.WriteRowAsync(ct, 1);\n}\n\nforeach (var id in ids)\n{\n    using var i = pg.BeginBinaryImport(COPY);\n    i.WriteRow(id);\n}",
        "using (var i = pg.BeginBinaryImport(COPY))\n{\n    i.WriteRow(1);\n    i.Complete();\n}\n\nawait using (var i = await pg.BeginBinaryImportAsync(COPY, ct))\n{\n    await i.WriteRowAsync(ct, 1);\n    await i.CompleteAsync(ct);\n}\n\nforeach (var id in ids)\n{\n    using var i = pg.BeginBinaryImport(COPY);\n    i.WriteRow(id);\n    i.Complete();\n}");

    [Theory]
    [InlineData("using var i = pg.BeginBinaryImport(COPY);\nforeach (var id in ids)\n{\n    if (id == 0) return null;\n    i.WriteRow(id);\n}")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY);\ni.WriteRow(1);\nif (ids.Length == 0) return null;\ni.WriteRow(2);")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY);\nforeach (var id in ids)\n{\n    try { i.WriteRow(id); } catch (NpgsqlException) { }\n}")]
    [InlineData("var i = pg.BeginBinaryImport(COPY);\ni.WriteRow(1);\nif (ids.Length == 0) i.Dispose();\ni.WriteRow(2);")]
    [InlineData("using (var i = pg.BeginBinaryImport(COPY))\n    foreach (var id in ids)\n        i.WriteRow(id);")]
    [InlineData("using var i = pg.BeginBinaryImport(COPY);\ntry\n{\n    i.WriteRow(1);\n}\ncatch (NpgsqlException)\n{\n    i.WriteRow(2);\n}")]
    public Task No_offer_where_a_path_goes_past_it(string code) => Refuses(code);
}
