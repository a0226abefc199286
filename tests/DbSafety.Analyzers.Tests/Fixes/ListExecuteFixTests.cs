using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>A list of rows becomes arrays, and many statements one.</summary>
public sealed class ListExecuteFixTests
{
    private const string Parameters =
        "NpgsqlConnection db, List<Line> lines, IEnumerable<Line> some, Line line, System.Data.IDbTransaction transaction, string table";

    private const string Types =
        "\npublic record Base { public int Id { get; init; } }\n" +
        "public record Line : Base { public string? Name { get; init; } public decimal Price { get; init; } public Status Status { get; init; } public Status? Next { get; init; } " +
        "public DateTime At { get; init; } public byte[] Data { get; init; } = []; public byte Level { get; init; } public string Order { get; init; } = \"\"; public string[] Tags { get; init; } = []; }\n";

    private static string Wrap(string code) => FixTest.Wrap(code, Parameters) + Types;

    private static Task Fixes(string before, string after, string? title = null, bool isForAll = true) =>
        FixTest.Run(Wrap(before), Wrap(after), title: title, fixer: new ListExecuteFixer(), configure: test =>
        {
            test.NumberOfIncrementalIterations = -10;
            if (!isForAll)
            {
                test.BatchFixedState.InheritanceMode = Microsoft.CodeAnalysis.Testing.StateInheritanceMode.Explicit;
                test.CodeFixTestBehaviors |= Microsoft.CodeAnalysis.Testing.CodeFixTestBehaviors.SkipFixAllCheck;
            }
        });

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), fixer: new ListExecuteFixer());

    [Fact]
    public Task Insert() => Fixes(
        """return await db.ExecuteAsync("INSERT INTO lines (id, name) VALUES (@Id, @Name)", lines, transaction);""",
        """return await db.ExecuteAsync("INSERT INTO lines (id, name) SELECT * FROM unnest(@Id, @Name)", new { Id = lines.Select(row => row.Id).ToArray(), Name = lines.Select(row => row.Name).ToArray() }, transaction);""",
        "Insert all rows with one statement, all or none");

    [Fact]
    public Task Insert_with_constants() => Fixes(
        """return await db.ExecuteAsync("INSERT INTO lines VALUES (@id, now(), 'x', @name::citext, -1, @id) ON CONFLICT DO NOTHING", lines);""",
        """return await db.ExecuteAsync("INSERT INTO lines SELECT r.id, now(), 'x', r.name::citext, -1, r.id FROM unnest(@id, @name) AS r(id, name) ON CONFLICT DO NOTHING", new { Id = lines.Select(row => row.Id).ToArray(), Name = lines.Select(row => row.Name).ToArray() });""");

    [Fact]
    public Task A_name_that_is_reserved() => Fixes(
        """return await db.ExecuteAsync("INSERT INTO lines VALUES (@Order, now())", lines);""",
        """return await db.ExecuteAsync("INSERT INTO lines SELECT r.c1, now() FROM unnest(@Order) AS r(c1)", new { Order = lines.Select(row => row.Order).ToArray() });""");

    [Fact]
    public Task An_enum_goes_as_its_number() => Fixes(
        """return await db.ExecuteAsync("INSERT INTO lines (status, next) VALUES (@Status, @Next)", lines);""",
        """return await db.ExecuteAsync("INSERT INTO lines (status, next) SELECT * FROM unnest(@Status, @Next)", new { Status = lines.Select(row => (int)row.Status).ToArray(), Next = lines.Select(row => (int?)row.Next).ToArray() });""");

    [Fact]
    public Task DateTimes_are_of_one_kind() => Fixes(
        """return await db.ExecuteAsync("INSERT INTO lines (at) VALUES (@At)", lines);""",
        """return await db.ExecuteAsync("INSERT INTO lines (at) SELECT * FROM unnest(@At)", new { At = lines.Select(row => row.At).ToArray() });""",
        "Insert all rows with one statement, all or none; takes DateTime values of one kind", isForAll: false);

    [Fact]
    public Task A_sequence_is_read_once() => Fixes(
        """
        var row = 1;
        var count = await db.ExecuteAsync("INSERT INTO lines (id, name) VALUES (@Id, @Name)", some.Where(x => x.Id > row)).ConfigureAwait(false);
        return count;
        """,
        """
        var row = 1;
        var rows = some.Where(x => x.Id > row).ToArray();
        var count = await db.ExecuteAsync("INSERT INTO lines (id, name) SELECT * FROM unnest(@Id, @Name)", new { Id = rows.Select(row2 => row2.Id).ToArray(), Name = rows.Select(row2 => row2.Name).ToArray() }).ConfigureAwait(false);
        return count;
        """);

    [Fact]
    public Task One_column_of_a_sequence() => Fixes(
        """return db.Execute("INSERT INTO lines (id) VALUES (@Id)", some.Select(x => new { x.Id }));""",
        """return db.Execute("INSERT INTO lines (id) SELECT * FROM unnest(@Id)", new { Id = some.Select(x => new { x.Id }).Select(row => row.Id).ToArray() });""");

    [Fact]
    public Task Delete() => Fixes(
        """return await db.ExecuteAsync("DELETE FROM lines WHERE id = @Id", lines);""",
        """return await db.ExecuteAsync("DELETE FROM lines WHERE id = ANY(@Id)", new { Id = lines.Select(row => row.Id).ToArray() });""",
        "Delete all rows with one statement, all or none");

    [Fact]
    public Task Several_in_one_body() => Fixes(
        """
        var sql = $"INSERT INTO {table} (id) VALUES (@Id)";
        await db.ExecuteAsync(sql, lines);
        await db.ExecuteAsync("INSERT INTO lines (id, name) " +
            "VALUES (@Id, @Name)", some);
        return await db.ExecuteAsync("DELETE FROM lines WHERE id = @Id", some);
        """,
        """
        var sql = $"INSERT INTO {table} (id) SELECT * FROM unnest(@Id)";
        await db.ExecuteAsync(sql, new { Id = lines.Select(row => row.Id).ToArray() });
        var rows = some.ToArray();
        await db.ExecuteAsync("INSERT INTO lines (id, name) " +
            "SELECT * FROM unnest(@Id, @Name)", new { Id = rows.Select(row => row.Id).ToArray(), Name = rows.Select(row => row.Name).ToArray() });
        return await db.ExecuteAsync("DELETE FROM lines WHERE id = ANY(@Id)", new { Id = some.Select(row => row.Id).ToArray() });
        """);

    [Theory]
    [InlineData("INSERT INTO lines VALUES (@Id) ON CONFLICT (id) DO UPDATE SET name = excluded.name")]
    [InlineData("INSERT INTO lines VALUES (@Id) RETURNING id")]
    [InlineData("INSERT INTO lines VALUES (@Id, DEFAULT)")]
    [InlineData("INSERT INTO lines VALUES (@Id), (@Id + 1)")]
    [InlineData("INSERT INTO lines VALUES (@Id, (SELECT max(id) FROM lines))")]
    [InlineData("INSERT INTO lines VALUES (@Id, next_number())")]
    [InlineData("INSERT INTO lines SELECT @Id WHERE NOT EXISTS (SELECT FROM lines WHERE id = @Id)")]
    [InlineData("INSERT INTO lines VALUES (1)")]
    [InlineData("INSERT INTO lines VALUES (@Data)")]
    [InlineData("INSERT INTO lines VALUES (@Level)")]
    [InlineData("INSERT INTO lines VALUES (@Tags)")]
    [InlineData("INSERT INTO lines VALUES (@Missing)")]
    [InlineData("UPDATE lines SET name = @Name WHERE id = @Id")]
    [InlineData("DELETE FROM lines WHERE id > @Id")]
    [InlineData("DELETE FROM lines WHERE id = @Id AND name = @Name")]
    [InlineData("DELETE FROM lines WHERE id = @Id RETURNING id")]
    [InlineData("DELETE FROM lines WHERE id = @Id; DELETE FROM lines WHERE id = @Id")]
    public Task No_offer(string sql) => Refuses($$"""return await db.ExecuteAsync("{{sql}}", lines);""");

    [Theory]
    [InlineData("""const string sql = "DELETE FROM lines WHERE id = @Id"; await db.ExecuteAsync(sql, line); return await db.ExecuteAsync(sql, lines);""")]
    [InlineData("""if (line.Id > 0) await db.ExecuteAsync("INSERT INTO lines VALUES (@Id, @Name)", some); return null;""")]
    [InlineData("""return line.Id > await db.ExecuteAsync("INSERT INTO lines VALUES (@Id, @Name)", some);""")]
    [InlineData("""SqlMapper.AddTypeMap(typeof(int), System.Data.DbType.Int64); return await db.ExecuteAsync("INSERT INTO lines VALUES (@Id)", lines);""")]
    public Task No_offer_here(string code) => Refuses(code);
}
