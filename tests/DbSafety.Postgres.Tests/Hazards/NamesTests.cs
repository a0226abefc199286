namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Hazards 3 and 10: a parameter is a value, never a name; and a quoted name is not the bare one.</summary>
public sealed class NamesTests(PostgresServer server) : PostgresTest(server)
{
    [Theory]
    [InlineData("id DESC")]
    [InlineData("name")]
    public async Task Order_by_a_parameter_runs_and_does_not_sort(string column)
    {
        const string sql = "SELECT id FROM (VALUES (2), (3), (1)) AS v (id) ORDER BY @column";
        Assert.Equal(Outcome.Column(2, 3, 1), (await Database.Npgsql(sql, ("column", column))).ToString());
        Assert.Equal(Outcome.Column(2, 3, 1), (await Database.Dapper(sql, new { column })).ToString());
        Assert.Equal(Outcome.Column(2, 3, 1), (await Database.Unknown(sql, ("column", column))).ToString());

        // Neither a number: as a constant it is a column's position, as a parameter it is a value.
        Assert.Equal(Outcome.Column(1, 2, 3), (await Database.Npgsql("SELECT id FROM (VALUES (2), (3), (1)) AS v (id) ORDER BY 1")).ToString());
        Assert.Equal(Outcome.Column(2, 3, 1), (await Database.Npgsql(sql, ("column", 1))).ToString());
    }

    [Theory]
    [InlineData("SELECT id FROM samples ORDER BY id @name")]
    [InlineData("SELECT id FROM @name")]
    [InlineData("UPDATE samples SET @name = 1")]
    [InlineData("INSERT INTO samples (@name) VALUES (1)")]
    public async Task A_name_or_keyword_is_no_parameter(string sql) =>
        Assert.Equal("42601", (await Database.Npgsql(sql, ("name", "id"))).Error);

    [Fact]
    public async Task A_selected_parameter_is_its_text()
    {
        Assert.Equal(Outcome.Column("id"), (await Database.Npgsql("SELECT @name FROM samples WHERE id = 1", ("name", "id"))).ToString());
        Assert.Equal("42703", (await Database.Npgsql("SELECT count(*) FROM samples GROUP BY \"@name\"", ("name", "id"))).Error);
    }

    [Fact]
    public async Task Quoting_ends_case_folding()
    {
        Assert.Equal(Outcome.Column(2L), (await Database.Npgsql("SELECT count(*) FROM Users")).ToString());
        Assert.Equal("42P01", (await Database.Npgsql("SELECT count(*) FROM \"Users\"")).Error);
        Assert.Equal("42703", (await Database.Npgsql("SELECT \"Name\" FROM users")).Error);
        Assert.Equal(Outcome.Column(2L), (await Database.Npgsql("SELECT count(*) FROM \"users\"")).ToString());
    }

    [Fact]
    public async Task Quoting_makes_a_qualified_name_one_name()
    {
        using var builder = new Npgsql.NpgsqlCommandBuilder();
        Assert.Equal("\"app.things\"", builder.QuoteIdentifier("app.things"));
        Assert.Equal("\"a\"\"b\"", builder.QuoteIdentifier("a\"b"));
        Assert.Equal(Outcome.Column(1L), (await Database.Npgsql("SELECT count(*) FROM app.things")).ToString());
        Assert.Equal("42P01", (await Database.Npgsql("SELECT count(*) FROM " + builder.QuoteIdentifier("app.things"))).Error);
        Assert.Equal(Outcome.Column(1L), (await Database.Npgsql("SELECT count(*) FROM \"app\".\"things\"")).ToString());
    }

    /// <summary>Nor an alias, an asterisk or a call: what was text of several tokens becomes one name.</summary>
    [Theory]
    [InlineData("users u", "42P01")]
    [InlineData("users, samples", "42P01")]
    [InlineData("(SELECT 1) s", "42P01")]
    public async Task Quoting_makes_any_text_one_name(string text, string error)
    {
        Assert.Null((await Database.Npgsql($"SELECT 1 FROM {text}")).Error);
        Assert.Equal(error, (await Database.Npgsql($"SELECT 1 FROM \"{text}\"")).Error);
    }
}
