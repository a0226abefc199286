using DbSafety.CodeFixes.Injection;
using Npgsql;

namespace DbSafety.Postgres.Tests.Fixes;

/// <summary>
/// What the real fix of DBS1001 and DBS1004 makes of each API family, SQL shape, column type and value, judged on the server: the parameter means
/// what the quoted constant meant, and it means the same for values that the constant could not hold.
/// </summary>
public sealed class ParameterFixTests(PostgresServer server) : PostgresTest(server)
{
    // A parameter of type text is compared as text with these, and only with these. char(n) and citext take it and answer differently.
    private static readonly string[] Texts = ["text", "varchar"];

    // The type of the one column of text that the model of the sheet's context has.
    private const string Modelled = "text";

    public static TheoryData<string> Families => [.. Family.All.Select(family => family.Name)];

    private string KnownSchema => Server.HasCitext ? Schema.Sql + Schema.Citext : Schema.Sql;

    private IEnumerable<string> Types => Values.ByType.Keys.Where(type => type != "citext" || Server.HasCitext);

    [Theory]
    [MemberData(nameof(Families))]
    public async Task A_parameter_means_what_the_constant_meant(string name)
    {
        var family = Family.All.Single(family => family.Name == name);
        var shapes = Types.SelectMany(type => QuotedShapes(family, type)).ToList();
        if (family.IsWide)
        {
            shapes.AddRange(Shapes.Others);
        }

        await JudgeAsync(family, shapes, KnownSchema);
    }

    /// <summary>Nobody knows the columns' types: a text goes without a type where that can be, elsewhere the title says what the column must take.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public async Task Without_a_schema_it_means_the_same_or_says_what_it_needs(string name)
    {
        var family = Family.All.Single(family => family.Name == name);
        var types = family.CanSendUntyped ? Types.Where(type => !type.EndsWith("[]", StringComparison.Ordinal)) : Texts.Where(type => type != Modelled);
        await JudgeAsync(family, [.. types.SelectMany(type => QuotedShapes(family, type))], null);
    }

    /// <summary>The model of EF Core tells the type of its columns: nothing is left to be said.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public async Task What_the_model_tells_is_known(string name)
    {
        var family = Family.All.Single(family => family.Name == name);
        await JudgeAsync(family, [.. QuotedShapes(family, Modelled)], null, (_, title) => !title.Contains("the column", StringComparison.Ordinal));
    }

    /// <summary>Code whose shape is of interest, not its SQL.</summary>
    [Fact]
    public async Task Code_around_the_call()
    {
        object?[][] words = [["alpha"], [""], ["O'Brien \"quoted\" \\ back"], .. Values.Hostile.Select(value => new object?[] { value })];
        object?[][] keys = [["00000000-0000-0000-0000-000000000001"], ["ffffffff-ffff-ffff-ffff-ffffffffffff"], ["x"]];
        await JudgeAsync(
            [
                new("NpgsqlConnection db, string value", "var sql = $\"SELECT id FROM samples WHERE name = '{value}' OR label = '{value}'\"; var first = (await db.QueryAsync<int>(sql)).Count(); return first + (await db.QueryAsync<int>(sql)).Sum();", words),
                new("NpgsqlConnection db, string value", "var sql = $\"SELECT id FROM samples WHERE name = '{value}'\"; await using (var command = new NpgsqlCommand(sql, db)) { await Rows.ReadAsync(command); } return await db.QueryAsync<int>(sql);", words),
                new("NpgsqlConnection db, string value", "var sql = $\"SELECT id FROM samples WHERE key = '{value}'\"; var first = (await db.QueryAsync<int>(sql)).Count(); return first + (await db.QueryAsync<int>(sql)).Sum();", keys),
                new("NpgsqlConnection db, string value", "var sql = \"SELECT id FROM samples WHERE name = '\" + value + \"'\"; return await db.QueryAsync(sql + \" ORDER BY id LIMIT 1\");", words),
                new("NpgsqlConnection db, string value", "var sql = \"SELECT id FROM samples\"; sql += \" WHERE name = '\" + value + \"'\"; return await db.QueryAsync(sql);", words),
                new("NpgsqlConnection db, string value", "return await db.QueryAsync(string.Format(\"SELECT id FROM samples WHERE name = '{0}' OR label LIKE '%{0}%'\", value));", words),
                new("NpgsqlConnection db, string value", "var sql = new StringBuilder(\"SELECT id FROM samples WHERE true\"); if (value.Length > 0) { sql.Append($\" AND name = '{value}'\"); } return await db.QueryAsync(sql.ToString());", words),
                new("NpgsqlConnection db, string value", "return await db.QueryAsync(@$\"SELECT id FROM samples\nWHERE name = '{value}' -- it's\nORDER BY id\");", words),
                new("NpgsqlConnection db, string value", "return await db.QueryAsync($\"SELECT id FROM samples WHERE name = '{value}' AND id <> {await db.ExecuteScalarAsync<int>($\"SELECT count(*) FROM samples WHERE label = '{value}'\")}\");", words),
                new("NpgsqlConnection db, string value", "await using var command = new NpgsqlCommand($\"SELECT id FROM samples WHERE name = '{value.Replace(\"'\", \"''\")}'\", db); return await Rows.ReadAsync(command);", [["alpha"], [""]]),
                new("NpgsqlConnection db, string value", "await using var command = new NpgsqlCommand($\"UPDATE samples SET label = '{value}' WHERE id = 5;SELECT id FROM samples WHERE label = '{value}'\", db); return await Rows.ReadAsync(command);", words),
            ],
            KnownSchema);
    }

    /// <summary>
    /// The one case in which a fix changes what a value means, as the rule's page says: null pasted between quotes was the empty text, and is NULL.
    /// Inside a pattern it stays empty.
    /// </summary>
    [Theory]
    [InlineData("Npgsql constructor")]
    [InlineData("ADO.NET IDbConnection")]
    [InlineData("Dapper query")]
    [InlineData("EF SqlQueryRaw")]
    public async Task Null_was_the_empty_text_and_is_NULL(string name)
    {
        var family = Family.All.Single(family => family.Name == name);
        string[] sql =
        [
            "SELECT LIST FROM samples WHERE name = '{value}'", "SELECT LIST FROM samples WHERE key = '{value}'",
            "UPDATE samples SET name = '{value}' WHERE id = 1 RETURNING id, coalesce(length(name), -1) AS \\\"Value\\\"", "SELECT LIST FROM samples WHERE name LIKE 'al%{value}'",
        ];
        using var sheet = await Sheet.CreateAsync(KnownSchema, sql.Select(text => ($"{family.Connection}, string? value", family.Code(text))));
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var outcomes = new List<string>();
        foreach (var method in sheet.Methods)
        {
            var before = await sheet.BeforeAsync(method, connection, [null]);
            var after = await sheet.AfterAsync(method, connection, [null]);
            outcomes.Add($"{before.Split(" / ")[0]} -> {after.Split(" / ")[0]}");
        }

        Assert.Equal(
            name == "EF SqlQueryRaw"
                ? ["(Int32 4) -> no rows", "22P02 -> no rows", "(Int32 0) -> (Int32 -1)", "(Int32 1) -> (Int32 1)"]
                : ["(Int32 4, Int32 4, '') -> no rows", "22P02 -> no rows", "(Int32 1, Int32 0) -> (Int32 1, Int32 -1)", "(Int32 1, Int32 1, 'alpha') -> (Int32 1, Int32 1, 'alpha')"],
            outcomes);
    }

    /// <summary>All at once is the same as one after another.</summary>
    [Theory]
    [InlineData("Npgsql constructor")]
    [InlineData("Dapper query")]
    [InlineData("EF SqlQueryRaw")]
    public async Task FixAll_writes_the_same(string name)
    {
        var family = Family.All.Single(family => family.Name == name);
        using var sheet = await Sheet.CreateAsync(KnownSchema, Shapes.Others.Select(shape => ($"{family.Connection}, {shape.Parameters}", family.Code(shape.Sql))));
        Assert.Equal(sheet.FixedSource, await Sheet.Runner(KnownSchema).ApplyFixAllAsync(sheet.Source, ParameterFixer.Key));
    }

    /// <summary>No parameter means the same there, or nobody can tell.</summary>
    [Theory]
    [InlineData("ORDER BY a parameter does not sort", "SELECT id FROM samples ORDER BY {value}")]
    [InlineData("a bare text may be any SQL", "SELECT id FROM samples WHERE name = {value}")]
    [InlineData("DDL takes no parameters", "ALTER TABLE samples ALTER COLUMN name SET DEFAULT '{value}'")]
    [InlineData("ALTER ROLE takes no parameters", "ALTER ROLE postgres PASSWORD '{value}'")]
    [InlineData("COPY takes no parameters", "COPY samples TO '{value}'")]
    [InlineData("DO takes no parameters", "DO $$ BEGIN PERFORM '{value}'; END $$")]
    [InlineData("escapes are resolved in the constant, not in a parameter", "SELECT id FROM samples WHERE name = E'{value}'")]
    [InlineData("a dollar-quoted constant", "SELECT id FROM samples WHERE name = $${value}$$")]
    [InlineData("the element of an array takes its type from the others", "SELECT id FROM samples WHERE tags && ARRAY['{value}']")]
    [InlineData("a field's name is syntax", "SELECT extract({value} FROM day) FROM samples")]
    [InlineData("a text beside an operator that joins other types", "SELECT id FROM samples WHERE day - '{value}' > 1")]
    public async Task Nothing_is_offered(string why, string sql)
    {
        foreach (var family in new[] { "Dapper query", "EF SqlQueryRaw" }.Select(name => Family.All.Single(family => family.Name == name)))
        {
            var source = $"public static class Snippet {{ public static async Task<object?> M({family.Connection}, string value) {{ {family.Code(sql)} }} }}";
            Assert.NotEmpty(await Sheet.AllRules(KnownSchema).DiagnoseAsync(source));
            Assert.True((await Sheet.AllRules(KnownSchema).OffersAsync(source)).IsEmpty, $"{family.Name}: {why}");
        }
    }

    private static IEnumerable<Shape> QuotedShapes(Family family, string type)
    {
        var isText = type is "text" or "varchar" or "char" or "citext";
        var column = Values.ByType[type].Column;
        return (family.IsWide ? isText ? [.. Shapes.Quoted, .. Shapes.OfTexts] : Shapes.Quoted : family.Reads ? [Shapes.Where] : [Shapes.Quoted[1]])
            .Select(sql => Shape.OfText(sql, column, type));
    }

    private async Task JudgeAsync(Family family, IReadOnlyList<Shape> shapes, string? schema, Func<string, string, bool>? isTitle = null)
    {
        shapes = [.. shapes.Where(shape => shape.Writes ? family.Writes : family.Reads)];
        await JudgeAsync(
            [.. shapes.Select(shape => new Case($"{family.Connection}, {shape.Parameters}", family.Code(shape.Sql), shape.Arguments, family.IsFormat))],
            schema,
            isTitle ?? (schema is null && !family.CanSendUntyped ? SaysWhatItNeeds : null));

        static bool SaysWhatItNeeds(string code, string title) =>
            code.Contains("LIKE", StringComparison.Ordinal) || code.Contains("concat", StringComparison.Ordinal) || code.Contains("::text", StringComparison.Ordinal) ||
            title.EndsWith("(the column must take text)", StringComparison.Ordinal);
    }

    private async Task JudgeAsync(IReadOnlyList<Case> cases, string? schema, Func<string, string, bool>? isTitle = null)
    {
        using var sheet = await Sheet.CreateAsync(schema, cases.Select(item => (item.Parameters, item.Code)));
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString + ";Pooling=true;Maximum Pool Size=1");
        await using var connection = await source.OpenConnectionAsync();
        await using var other = NpgsqlDataSource.Create(Database.ConnectionString + ";Pooling=true;Maximum Pool Size=1");
        var wrong = new List<string>();
        var judged = 0;
        for (var i = 0; i < cases.Count; i++)
        {
            var (parameters, code, argumentSets, isFormat) = cases[i];
            var method = sheet.Methods[i];
            object database = parameters.StartsWith(nameof(NpgsqlDataSource), StringComparison.Ordinal) ? other : connection;
            if (!sheet.Offers[method].Any())
            {
                wrong.Add($"No offer: {code}");
                continue;
            }

            if (isTitle is not null && !sheet.Offers[method].All(offer => isTitle(code, offer.Title)))
            {
                wrong.Add($"Title '{sheet.Offers[method].First().Title}': {code}");
            }

            foreach (var arguments in argumentSets)
            {
                var expected = await sheet.BeforeAsync(method, database, [.. arguments.Select(value => Doubled(value, isFormat))]);
                var actual = await sheet.AfterAsync(method, database, arguments);
                judged++;
                if (actual != expected)
                {
                    wrong.Add($"{string.Join(", ", arguments.Select(Print))}: before {expected}, after {actual}\n{sheet.CodeOf(method)}");
                }

                // What the fix is worth: the quote broke the statement.
                if (arguments is [string text] && !code.Contains("'{value}', '{value}'", StringComparison.Ordinal) && text.Count(c => c == '\'') == 1 && !Values.Hostile.Contains(text) &&
                    await sheet.BeforeAsync(method, database, arguments) is var broken && !IsError(broken))
                {
                    wrong.Add($"{text}: worked before, {broken}\n{code}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong\n" + string.Join("\n\n", wrong));
        Assert.True(judged > 0);
    }

    // A SQLSTATE or the name of an exception.
    private static bool IsError(string outcome) => outcome.All(char.IsAsciiLetterOrDigit);

    private sealed record Case(string Parameters, string Code, IReadOnlyList<object?[]> Arguments, bool IsFormat = false);

    // The quote doubled by hand is what the paste should have been, and what the parameter must equal.
    private static object? Doubled(object? value, bool isFormat) => value switch
    {
        string text => isFormat ? text.Replace("'", "''").Replace("{", "{{").Replace("}", "}}") : text.Replace("'", "''"),
        string[] texts => texts.Select(text => (string)Doubled(text, isFormat)!).ToArray(),
        _ => value,
    };

    private static string Print(object? value) => value is System.Collections.IEnumerable and not string ? string.Join("|", ((System.Collections.IEnumerable)value).Cast<object>()) : $"{value}";
}
