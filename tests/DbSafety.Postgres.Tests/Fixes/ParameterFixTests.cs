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
        var types = family.CanSendUntyped ? Types.Where(type => !type.EndsWith("[]", StringComparison.Ordinal)) : Texts;
        await JudgeAsync(family, [.. types.SelectMany(type => QuotedShapes(family, type))], null);
    }

    private static IEnumerable<Shape> QuotedShapes(Family family, string type)
    {
        var isText = type is "text" or "varchar" or "char" or "citext";
        var column = Values.ByType[type].Column;
        return (family.IsWide ? isText ? [.. Shapes.Quoted, .. Shapes.OfTexts] : Shapes.Quoted : family.Reads ? [Shapes.Where] : [Shapes.Quoted[1]])
            .Select(sql => Shape.OfText(sql, column, type));
    }

    private async Task JudgeAsync(Family family, IReadOnlyList<Shape> shapes, string? schema)
    {
        shapes = [.. shapes.Where(shape => shape.Writes ? family.Writes : family.Reads)];
        using var sheet = await Sheet.CreateAsync(schema, shapes.Select(shape => ($"{family.Connection}, {shape.Parameters}", family.Code(shape.Sql))));
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString + ";Pooling=true;Maximum Pool Size=1");
        await using var connection = await source.OpenConnectionAsync();
        await using var other = NpgsqlDataSource.Create(Database.ConnectionString + ";Pooling=true;Maximum Pool Size=1");
        object database = family.Connection.StartsWith(nameof(NpgsqlDataSource), StringComparison.Ordinal) ? other : connection;
        var wrong = new List<string>();
        var judged = 0;
        for (var i = 0; i < shapes.Count; i++)
        {
            var method = sheet.Methods[i];
            if (!sheet.Offers[method].Any())
            {
                wrong.Add($"NO OFFER {family.Code(shapes[i].Sql)}");
                continue;
            }

            if (schema is null && !family.CanSendUntyped && shapes[i].Sql is var sql && !sql.Contains("LIKE", StringComparison.Ordinal) && !sql.Contains("::text", StringComparison.Ordinal) &&
                !sheet.Offers[method].All(offer => offer.Title.EndsWith("(the column must take text)", StringComparison.Ordinal)))
            {
                wrong.Add($"TITLE {sheet.Offers[method].First().Title}: {sql}");
            }

            foreach (var arguments in shapes[i].Arguments)
            {
                var expected = await sheet.BeforeAsync(method, database, [.. arguments.Select(value => Doubled(value, family.IsFormat))]);
                var actual = await sheet.AfterAsync(method, database, arguments);
                judged++;
                if (actual != expected)
                {
                    wrong.Add($"{string.Join(", ", arguments.Select(Print))}: before {expected}, after {actual}\n{sheet.CodeOf(method)}");
                }

                // What the fix is worth: the quote broke the statement.
                if (expected.Length != 5 && arguments is [string text] && text.Count(c => c == '\'') == 1 && !Values.Hostile.Contains(text) &&
                    await sheet.BeforeAsync(method, database, arguments) is { Length: not 5 } harmless)
                {
                    wrong.Add($"{text}: worked before, {harmless}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong\n" + string.Join("\n\n", wrong));
        Assert.True(judged > 0);
    }

    // The quote doubled by hand is what the paste should have been, and what the parameter must equal.
    private static object? Doubled(object? value, bool isFormat) => value switch
    {
        string text => isFormat ? text.Replace("'", "''").Replace("{", "{{").Replace("}", "}}") : text.Replace("'", "''"),
        string[] texts => texts.Select(text => (string)Doubled(text, isFormat)!).ToArray(),
        _ => value,
    };

    private static string Print(object? value) => value is System.Collections.IEnumerable and not string ? string.Join("|", ((System.Collections.IEnumerable)value).Cast<object>()) : $"{value}";
}
