using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>DBS2007: the rows of a reader go into a list, and the reader is closed before the loop.</summary>
public sealed class ReadRowsFirstFixTests
{
    private const string Parameters = "NpgsqlConnection pg, CancellationToken ct, bool flag";

    private const string Use = "pg.Execute(\"DELETE FROM logs\");";

    private static string Wrap(string code) => FixTest.Wrap(code + "\nreturn null;", Parameters) + "\npublic static class Sink { public static void Take(params object?[] values) { } }\n";

    private static Task Fixes(string before, string after, LanguageVersion version = LanguageVersion.CSharp12, NullableContextOptions nullable = NullableContextOptions.Enable) =>
        FixTest.Run(Wrap(before), Wrap(after), version, nullable, title: "Read all rows before the loop", fixer: new ReadFirstFixer());

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new ReadFirstFixer());

    private static string Loop(string body) => "using var reader = pg.ExecuteReader(\"SELECT id, name, age FROM users\");\nwhile (reader.Read())\n{\n    " + body.Replace("\n", "\n    ") + "\n    " + Use + "\n}";

    private static string Rows(string type, string value, string body, string row = "row", string rows = "rows") =>
        $$"""
        var {{rows}} = new List<{{type}}>();
        using (var reader = pg.ExecuteReader("SELECT id, name, age FROM users"))
        {
            while (reader.Read())
            {
                {{rows}}.Add({{value}});
            }
        }

        foreach (var {{row}} in {{rows}})
        {
            {{body.Replace("\n", "\n    ")}}
            {{Use}}
        }
        """;

    private static Task Fixes(string body, string type, string value, string after) => Fixes(Loop(body), Rows(type, value, after));

    [Fact]
    public Task Rows_of_several_columns() => Fixes(
        """
        using var select = new NpgsqlCommand("SELECT id, name FROM users", pg);
        await using var reader = await select.ExecuteReaderAsync(ct).ConfigureAwait(false);
        // Each user.
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var name = reader.IsDBNull(1) ? null : reader.GetString(1);
            await pg.ExecuteAsync("UPDATE users SET name = @name WHERE id = @id", new { id = reader.GetInt32(0), name });
        }

        Console.WriteLine("done");
        """,
        """
        using var select = new NpgsqlCommand("SELECT id, name FROM users", pg);
        var rows = new List<(int Id, string? Name)>();
        await using (var reader = await select.ExecuteReaderAsync(ct).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                rows.Add((reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
            }
        }
        // Each user.
        foreach (var row in rows)
        {
            var name = row.Name;
            await pg.ExecuteAsync("UPDATE users SET name = @name WHERE id = @id", new { id = row.Id, name });
        }

        Console.WriteLine("done");
        """);

    [Fact]
    public Task One_column_and_its_variable() => Fixes(Loop("var id = reader.GetInt32(0);\nSink.Take(id);"), Rows("int", "reader.GetInt32(0)", "Sink.Take(id);", "id", "ids"));

    [Fact]
    public Task One_column_whose_variable_is_written() =>
        Fixes(Loop("var id = reader.GetInt32(0);\nid++;"), Rows("int", "reader.GetInt32(0)", "var id = id2;\nid++;", "id2", "ids"));

    [Fact]
    public Task One_column_without_a_variable() => Fixes(Loop("Sink.Take(reader.GetInt32(2));"), Rows("int", "reader.GetInt32(2)", "Sink.Take(age);", "age", "ages"));

    [Theory]
    [InlineData("Sink.Take(reader.GetInt32(0), reader.GetString(1), reader.GetInt32(0));", "(int Id, string Name)", "(reader.GetInt32(0), reader.GetString(1))", "Sink.Take(row.Id, row.Name, row.Id);")]
    [InlineData("Sink.Take(reader[\"user_id\"], reader[2]);", "(object Age, object UserId)", "(reader[2], reader[\"user_id\"])", "Sink.Take(row.UserId, row.Age);")]
    [InlineData("Sink.Take(reader.GetInt32(reader.GetOrdinal(\"id\")), reader.GetInt64(0));", "(long Id, int Id2)", "(reader.GetInt64(0), reader.GetInt32(reader.GetOrdinal(\"id\")))", "Sink.Take(row.Id2, row.Id);")]
    [InlineData("const int Age = 2;\nSink.Take(reader.GetInt16(Age), reader.GetGuid(0));", "(Guid Id, short Age)", "(reader.GetGuid(0), reader.GetInt16(2))", "const int Age = 2;\nSink.Take(row.Age, row.Id);")]
    [InlineData("Sink.Take(reader.GetInt32(0), reader.GetInt32(9));", "(int Id, int Column9)", "(reader.GetInt32(0), reader.GetInt32(9))", "Sink.Take(row.Id, row.Column9);")]
    // Unconditional: NULL threw before.
    [InlineData("if (reader.GetInt32(0) > 1)\n    Sink.Take(reader.GetInt32(0));\nSink.Take(reader.GetString(1));", "(int Id, string Name)", "(reader.GetInt32(0), reader.GetString(1))", "if (row.Id > 1)\n    Sink.Take(row.Id);\nSink.Take(row.Name);")]
    public Task The_columns(string body, string type, string value, string after) => Fixes(body, type, value, after);

    [Theory]
    [InlineData("int? age = reader.IsDBNull(2) ? null : reader.GetInt32(2);", "int? age = row.Age;")]
    [InlineData("var age = reader.IsDBNull(2) ? (int?)null : reader.GetInt32(2);", "var age = row.Age;")]
    [InlineData("var age = !reader.IsDBNull(2) ? (int?)reader.GetInt32(2) : null;", "var age = row.Age;")]
    [InlineData("var age = reader.IsDBNull(2) ? -1 : reader.GetInt32(2);", "var age = row.Age is null ? -1 : row.Age.Value;")]
    [InlineData("var age = reader.IsDBNull(2) ? default : reader.GetInt32(2);", "var age = row.Age is null ? default : row.Age.Value;")]
    [InlineData("object age = reader.IsDBNull(2) ? (object)DBNull.Value : reader.GetInt32(2);", "object age = row.Age is null ? (object)DBNull.Value : row.Age.Value;")]
    [InlineData("if (!reader.IsDBNull(2))\n    Sink.Take(reader.GetInt32(2));", "if (row.Age is not null)\n    Sink.Take(row.Age.Value);")]
    [InlineData("var isOld = !reader.IsDBNull(2) && reader.GetInt32(2) > 60;", "var isOld = row.Age is not null && row.Age.Value > 60;")]
    [InlineData("var isOld = reader.IsDBNull(2) || reader.GetInt32(2) > 60;", "var isOld = row.Age is null || row.Age.Value > 60;")]
    [InlineData("var isOld = reader.IsDBNull(2) == false && flag;\nvar age = reader.IsDBNull(2) ? 0 : reader.GetInt32(2);", "var isOld = (row.Age is null) == false && flag;\nvar age = row.Age is null ? 0 : row.Age.Value;")]
    public Task A_column_that_may_be_NULL(string body, string after) =>
        Fixes(body + "\nSink.Take(reader.GetInt32(0));", "(int Id, int? Age)", "(reader.GetInt32(0), reader.IsDBNull(2) ? null : reader.GetInt32(2))", after + "\nSink.Take(row.Id);");

    [Fact]
    public Task Rows_that_are_left_out() => Fixes(
        "Sink.Take(reader.GetInt32(0));\nif (reader.IsDBNull(1))\n    continue;\nSink.Take(reader.GetInt32(0), reader.GetString(1));",
        "(int Id, string? Name)", "(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1))",
        "Sink.Take(row.Id);\nif (row.Name is null)\n    continue;\nSink.Take(row.Id, row.Name);");

    [Theory]
    [InlineData("Sink.Take(reader.IsDBNull(1), reader.GetInt32(0));", "Sink.Take(row.NameIsNull, row.Id);")]
    [InlineData("if (!reader.IsDBNull(1))\n    Sink.Take(1);\nSink.Take(reader.GetInt32(0));", "if (!row.NameIsNull)\n    Sink.Take(1);\nSink.Take(row.Id);")]
    public Task A_column_that_is_only_tested(string before, string after) => Fixes(before, "(int Id, bool NameIsNull)", "(reader.GetInt32(0), reader.IsDBNull(1))", after);

    [Fact]
    public Task A_command_with_one_text_or_another() => Fixes(
        """
        using var command = new NpgsqlCommand(flag ? "SELECT id, name FROM users" : "SELECT age, name FROM users", pg);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            pg.Execute("DELETE FROM logs");
            Sink.Take(reader.GetInt32(0), reader.GetString(1));
        }
        """,
        """
        using var command = new NpgsqlCommand(flag ? "SELECT id, name FROM users" : "SELECT age, name FROM users", pg);
        var rows = new List<(int Column0, string Column1)>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                rows.Add((reader.GetInt32(0), reader.GetString(1)));
            }
        }

        foreach (var row in rows)
        {
            pg.Execute("DELETE FROM logs");
            Sink.Take(row.Column0, row.Column1);
        }
        """);

    [Fact]
    public Task Old_C_sharp() => FixTest.Run(
        FixTest.Wrap(Loop("Sink.Take(reader.GetInt32(0), reader.IsDBNull(2) ? 0 : reader.GetInt32(2));\nif (!reader.IsDBNull(1))\n    Sink.Take(reader.GetString(1));") + "\nreturn null;", Parameters, isOld: true, type: "object") + Old,
        FixTest.Wrap(
            Rows(
                "(int Id, string Name, int? Age)", "(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : (int?)reader.GetInt32(2))",
                "Sink.Take(row.Id, row.Age is null ? 0 : row.Age.Value);\nif (!(row.Name is null))\n    Sink.Take(row.Name);") + "\nreturn null;",
            Parameters, isOld: true, type: "object") + Old,
        LanguageVersion.CSharp8, NullableContextOptions.Disable, fixer: new ReadFirstFixer());

    private const string Old = "\npublic static class Sink { public static void Take(params object[] values) { } }\n";

    [Fact]
    public Task Using_statements_on_each_other() => Fixes(
        """
        using (var select = new NpgsqlCommand("SELECT id, name FROM users", pg))
        using (var reader = select.ExecuteReader())
        {
            while (reader.Read())
            {
                Sink.Take(reader.GetInt32(0), reader.GetString(1));
                pg.Execute("DELETE FROM logs");
            }
        }
        """,
        """
        using (var select = new NpgsqlCommand("SELECT id, name FROM users", pg))
        {
            var rows = new List<(int Id, string Name)>();
            using (var reader = select.ExecuteReader())
            {
                while (reader.Read())
                {
                    rows.Add((reader.GetInt32(0), reader.GetString(1)));
                }
            }

            foreach (var row in rows)
            {
                Sink.Take(row.Id, row.Name);
                pg.Execute("DELETE FROM logs");
            }
        }
        """);

    [Fact]
    public Task A_reader_in_the_loop_of_another() => Fixes(
        """
        using var reader = pg.ExecuteReader("SELECT id, name FROM users");
        while (reader.Read())
        {
            Sink.Take(reader.GetString(1));
            using var inner = pg.ExecuteReader("SELECT name, id FROM orders WHERE user_id = @id", new { id = reader.GetInt32(0) });
            while (inner.Read())
            {
                pg.Execute("DELETE FROM logs");
                Sink.Take(inner.GetString(0), inner.GetInt32(1), reader.GetString(1));
            }
        }
        """,
        """
        var rows = new List<(int Id, string Name)>();
        using (var reader = pg.ExecuteReader("SELECT id, name FROM users"))
        {
            while (reader.Read())
            {
                rows.Add((reader.GetInt32(0), reader.GetString(1)));
            }
        }

        foreach (var row in rows)
        {
            Sink.Take(row.Name);
            var rows2 = new List<(string Name, int Id)>();
            using (var inner = pg.ExecuteReader("SELECT name, id FROM orders WHERE user_id = @id", new { id = row.Id }))
            {
                while (inner.Read())
                {
                    rows2.Add((inner.GetString(0), inner.GetInt32(1)));
                }
            }

            foreach (var row2 in rows2)
            {
                pg.Execute("DELETE FROM logs");
                Sink.Take(row2.Name, row2.Id, row.Name);
            }
        }
        """);

    [Fact]
    public Task A_using_statement_and_all_readers_of_a_file() => Fixes(
        """
        await using (var reader = await pg.ExecuteReaderAsync("SELECT id FROM users"))
        {
            while (await reader.ReadAsync(ct))
            {
                var id = reader.GetInt32(0);
                // Not yet.
                pg.Execute("DELETE FROM logs WHERE id = @id", new { id });
            }
        }

        using var other = pg.ExecuteReader("SELECT id, name FROM users");
        while (other.Read())
        {
            pg.Execute("DELETE FROM logs");
            Sink.Take(other.GetInt32(0), other.GetString(1));
        }
        """,
        """
        var ids = new List<int>();
        await using (var reader = await pg.ExecuteReaderAsync("SELECT id FROM users"))
        {
            while (await reader.ReadAsync(ct))
            {
                ids.Add(reader.GetInt32(0));
            }
        }

        foreach (var id2 in ids)
        {
            var id = id2;
            // Not yet.
            pg.Execute("DELETE FROM logs WHERE id = @id", new { id });
        }

        var rows = new List<(int Id, string Name)>();
        using (var other = pg.ExecuteReader("SELECT id, name FROM users"))
        {
            while (other.Read())
            {
                rows.Add((other.GetInt32(0), other.GetString(1)));
            }
        }

        foreach (var row in rows)
        {
            pg.Execute("DELETE FROM logs");
            Sink.Take(row.Id, row.Name);
        }
        """);

    [Theory]
    // The loop may end before the last row.
    [InlineData("Sink.Take(reader.GetInt32(0)); if (flag) break;")]
    [InlineData("Sink.Take(reader.GetInt32(0)); if (flag) return 1;")]
    // NULL throws where the body did not read.
    [InlineData("if (flag) Sink.Take(reader.GetString(1));")]
    [InlineData("if (flag) continue; Sink.Take(reader.GetString(1));")]
    [InlineData("if (reader.IsDBNull(2)) continue; Sink.Take(reader.GetInt32(2), reader.GetString(1));")]
    [InlineData("try { throw new ArgumentException(); } catch (ArgumentException) { continue; } finally { } Sink.Take(reader.GetInt32(0));")]
    [InlineData("Sink.Take(flag ? reader.GetString(1) : null);")]
    [InlineData("if (flag && !reader.IsDBNull(1)) Sink.Take(reader.GetString(1));")]
    [InlineData("if (reader.IsDBNull(1)) Sink.Take(reader.GetString(1));")]
    [InlineData("if (!reader.IsDBNull(1) && flag) Sink.Take(reader.GetString(1));")]
    [InlineData("if (!reader.IsDBNull(1)) Sink.Take(reader.GetString(1)); if (flag) Sink.Take(reader.GetString(1));")]
    [InlineData("if (!reader.IsDBNull(1)) Sink.Take(reader.GetString(2));")]
    [InlineData("if (!reader.IsDBNull(1)) Sink.Take(flag ? reader.GetString(1) : reader.GetValue(1));")]
    [InlineData("Sink.Take(((string?)null)?.Replace(\"a\", reader.GetString(1)));")]
    [InlineData("Sink.Take(from one in new[] { 1 } select reader.GetInt32(0));")]
    [InlineData("if (flag) goto end; Sink.Take(reader.GetInt32(0)); end: ;")]
    [InlineData("Sink.Take(reader.GetName(0), reader.GetInt32(0));")]
    [InlineData("foreach (var other in new[] { 1 }) Sink.Take(reader.GetString(1));")]
    [InlineData("switch (flag) { case true: Sink.Take(reader.GetString(1)); break; }")]
    [InlineData("System.Diagnostics.Debug.Assert(reader.GetInt32(0) > 0);")]
    // Somebody catches what reading throws, or it runs later.
    [InlineData("try { Sink.Take(reader.GetString(1)); } catch (InvalidCastException) { }")]
    [InlineData("Func<int> later = () => reader.GetInt32(0); Sink.Take(later());")]
    // The reader is more than its columns.
    [InlineData("Sink.Take(reader);")]
    [InlineData("Sink.Take(reader.FieldCount, reader.GetInt32(0));")]
    [InlineData("var place = 1; Sink.Take(reader.GetInt32(place));")]
    [InlineData("var place = reader.GetOrdinal(\"id\"); Sink.Take(reader.GetInt32(place));")]
    [InlineData("Sink.Take(reader.GetInt32(0)); reader.Read();")]
    [InlineData("var count = reader.GetValues(new object[1]);")]
    // Nothing of a row is used.
    [InlineData("Sink.Take(1);")]
    public Task No_offer_where_a_row_is_more_than_its_values(string body) => Refuses(Loop(body));

    [Theory]
    [InlineData("using var reader = pg.ExecuteReader(\"SELECT 1\"); while (reader.Read()) { Sink.Take(reader.GetInt32(0)); pg.Execute(\"SELECT 1\"); } reader.NextResult();")]
    [InlineData("using var reader = pg.ExecuteReader(\"SELECT 1\"); while (reader.Read() && flag) { Sink.Take(reader.GetInt32(0)); pg.Execute(\"SELECT 1\"); }")]
    [InlineData("using var reader = pg.ExecuteReader(\"SELECT 1\"); reader.Read(); while (reader.Read()) { Sink.Take(reader.GetInt32(0)); pg.Execute(\"SELECT 1\"); }")]
    [InlineData("var reader = pg.ExecuteReader(\"SELECT 1\"); while (reader.Read()) { Sink.Take(reader.GetInt32(0)); pg.Execute(\"SELECT 1\"); }")]
    [InlineData("using var reader = pg.ExecuteReader(\"SELECT 1\"); while (reader.Read()) { Sink.Take(reader.GetInt32(0)); } pg.Execute(\"SELECT 1\");")]
    [InlineData("using var select = new NpgsqlCommand(\"SELECT 1\", pg); using var reader = select.ExecuteReader(CommandBehavior.CloseConnection); while (reader.Read()) { Sink.Take(reader.GetInt32(0)); pg.Execute(\"SELECT 1\"); }")]
    [InlineData("using var select = new NpgsqlCommand(\"SELECT 1\", pg); using var reader = select.ExecuteReader(); while (reader.Read()) { Sink.Take(reader.GetFieldValue<System.IO.Stream>(0)); pg.Execute(\"SELECT 1\"); }")]
    [InlineData("using var select = new NpgsqlCommand(\"SELECT 1\", pg); using var reader = select.ExecuteReader(); while (reader.Read()) { Sink.Take(reader.GetFieldValue<int[]>(0), reader.GetFieldValue<int[]>(0)); pg.Execute(\"SELECT 1\"); }")]
    [InlineData("using (var reader = pg.ExecuteReader(\"SELECT 1\")) { while (reader.Read()) { Sink.Take(reader.GetInt32(0)); pg.Execute(\"SELECT 1\"); } Sink.Take(1); }")]
    public Task No_offer_for_readers_that_are_used_otherwise(string code) => Refuses(code);

    [Fact]
    public Task The_directive_for_lists() => FixTest.Run(
        "using Dapper;\nusing Npgsql;\n" + Bare("using var reader = pg.ExecuteReader(\"SELECT id FROM users\");\n        while (reader.Read())\n            pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id = reader.GetInt32(0) });"),
        "using System.Collections.Generic;\nusing Dapper;\nusing Npgsql;\n" + Bare(
            """
            var ids = new List<int>();
                    using (var reader = pg.ExecuteReader("SELECT id FROM users"))
                    {
                        while (reader.Read())
                        {
                            ids.Add(reader.GetInt32(0));
                        }
                    }

                    foreach (var id2 in ids)
                        pg.Execute("DELETE FROM users WHERE id = @id", new { id = id2 });
            """),
        LanguageVersion.CSharp9, fixer: new ReadFirstFixer());

    private static string Bare(string code) => $"class Case\n{{\n    void Run(NpgsqlConnection pg)\n    {{\n        {code}\n    }}\n}}\n";
}
