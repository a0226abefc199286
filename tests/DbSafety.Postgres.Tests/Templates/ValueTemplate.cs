namespace DbSafety.Postgres.Tests.Templates;

/// <summary>How one API family pastes a value, and what the fix of DBS1001 is specified to make of it.</summary>
/// <param name="Before">A snippet whose <c>Run(connectionString, value)</c> pastes the value in quotes.</param>
/// <param name="After">The same with a parameter.</param>
internal sealed record ValueTemplate(string Before, string After)
{
    // The statement compares and assigns the value, so that both positions are judged; row 5 is all null, so that one row is always written.
    private static readonly Dictionary<string, ValueTemplate> Families = new()
    {
        ["Npgsql"] = new(
            """
                    await using var connection = new NpgsqlConnection(connectionString);
                    await connection.OpenAsync();
                    await using var command = new NpgsqlCommand($"UPDATE samples SET COLUMN = '{value}' WHERE COLUMN = '{value}' OR id = 5 RETURNING id, COLUMN::text", connection);
                    return await Rows.ReadAsync(command);
            """,
            """
                    await using var connection = new NpgsqlConnection(connectionString);
                    await connection.OpenAsync();
                    await using var command = new NpgsqlCommand("UPDATE samples SET COLUMN = @value WHERE COLUMN = @value OR id = 5 RETURNING id, COLUMN::text", connection) { Parameters = { new("value", NpgsqlDbType.Unknown) { Value = value } } };
                    return await Rows.ReadAsync(command);
            """),
        ["Dapper"] = new(
            """
                    await using var connection = new NpgsqlConnection(connectionString);
                    return await connection.QueryAsync($"UPDATE samples SET COLUMN = '{value}' WHERE COLUMN = '{value}' OR id = 5 RETURNING id, COLUMN::text");
            """,
            """
                    await using var connection = new NpgsqlConnection(connectionString);
                    return await connection.QueryAsync("UPDATE samples SET COLUMN = @value/*cast*/ WHERE COLUMN = @value/*cast*/ OR id = 5 RETURNING id, COLUMN::text", new { value });
            """),
        ["EF"] = new(
            """
                    await using var context = new SamplesContext(connectionString);
                    return await context.Database.SqlQueryRaw<string>($"UPDATE samples SET COLUMN = '{value}' WHERE COLUMN = '{value}' OR id = 5 RETURNING id || ' ' || COLUMN::text AS \"Value\"").ToListAsync();
            """,
            """
                    await using var context = new SamplesContext(connectionString);
                    return await context.Database.SqlQuery<string>($"UPDATE samples SET COLUMN = {value}/*cast*/ WHERE COLUMN = {value}/*cast*/ OR id = 5 RETURNING id || ' ' || COLUMN::text AS \"Value\"").ToListAsync();
            """),
    };

    /// <summary>The names of the families.</summary>
    public static IEnumerable<string> FamilyNames => Families.Keys;

    /// <summary>The template of a family for a column.</summary>
    /// <param name="type">The column's type; text and varchar need no cast.</param>
    public static ValueTemplate For(string family, string column, string type)
    {
        // char alone would be char(1) and cut the value.
        var cast = type switch
        {
            "text" or "varchar" => "",
            "char" => "::bpchar",
            _ => "::" + type,
        };
        var template = Families[family];
        return new(Fill(template.Before), Fill(template.After));

        string Fill(string body) => $$"""
            public static class Snippet
            {
                public static async Task<object> Run(string connectionString, string value)
                {
            {{body.Replace("COLUMN", column).Replace("/*cast*/", cast)}}
                }
            }
            """;
    }
}
