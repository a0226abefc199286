using Microsoft.EntityFrameworkCore;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Hazards 7 and 8: places of the grammar that take a constant, and the two styles of placeholders.</summary>
public sealed class ConstantSyntaxTests(PostgresServer server) : PostgresTest(server)
{
    [Theory]
    [InlineData("SELECT interval @p", "1 day")]
    [InlineData("SELECT interval @p day", "1")]
    [InlineData("SELECT DATE @p", "2024-02-29")]
    [InlineData("SELECT timestamp @p", "2024-02-29 12:00")]
    [InlineData("SELECT timestamptz @p", "2024-02-29 12:00")]
    [InlineData("SELECT uuid @p", "00000000-0000-0000-0000-000000000001")]
    [InlineData("SELECT EXTRACT(@p FROM seen_at) FROM samples WHERE id = 1", "year")]
    [InlineData("SELECT seen_at AT TIME ZONE INTERVAL @p FROM samples", "1 hour")]
    public async Task A_parameter_is_a_syntax_error(string sql, string value)
    {
        Assert.Equal("42601", (await Database.Npgsql(sql, ("p", value))).Error);
        Assert.Equal("42601", (await Database.Unknown(sql, ("p", value))).Error);
        Assert.Equal("42601", (await Database.Dapper(sql, new { p = value })).Error);
    }

    [Theory]
    [InlineData("interval '1 day'", "CAST(@p AS interval)", "1 day")]
    [InlineData("interval '1 day'", "@p::interval", "1 day")]
    [InlineData("DATE '2024-02-29'", "CAST(@p AS date)", "2024-02-29")]
    [InlineData("timestamptz '2024-02-29 12:00+02'", "CAST(@p AS timestamptz)", "2024-02-29 12:00+02")]
    [InlineData("uuid '00000000-0000-0000-0000-000000000001'", "CAST(@p AS uuid)", "00000000-0000-0000-0000-000000000001")]
    [InlineData("date_trunc('month', timestamp '2024-02-29')", "date_trunc(@p, timestamp '2024-02-29')", "month")]
    public async Task The_cast_works(string constant, string twin, string value)
    {
        var expected = (await Database.Npgsql($"SELECT {constant}")).ToString();
        Assert.Equal(expected, (await Database.Npgsql($"SELECT {twin}", ("p", value))).ToString());
        Assert.Equal(expected, (await Database.Dapper($"SELECT {twin}", new { p = value })).ToString());
    }

    /// <summary>Same number, another type: since PostgreSQL 14 EXTRACT gives numeric, date_part double precision.</summary>
    [Fact]
    public async Task Date_part_is_extract_in_double_precision()
    {
        const string date = "timestamp '2024-02-29 12:00:01.5'";
        Assert.Equal("(Decimal 2024)", (await Database.Npgsql($"SELECT EXTRACT(year FROM {date})")).ToString());
        Assert.Equal("(Double 2024)", (await Database.Npgsql($"SELECT date_part(@p, {date})", ("p", "year"))).ToString());
        Assert.Equal("(Decimal 2024)", (await Database.Npgsql($"SELECT date_part(@p, {date})::numeric", ("p", "year"))).ToString());
        Assert.Equal("(Decimal 1.500000)", (await Database.Npgsql($"SELECT EXTRACT(second FROM {date})")).ToString());
        Assert.Equal("(Decimal 1.5)", (await Database.Npgsql($"SELECT date_part(@p, {date})::numeric", ("p", "second"))).ToString());
    }

    /// <summary>The unit behind an interval constant says how to read a bare number; a cast, with or without the unit, reads seconds.</summary>
    [Fact]
    public async Task The_unit_of_an_interval_goes_into_the_value()
    {
        Assert.Equal("(TimeSpan 3.00:00:00)", (await Database.Npgsql("SELECT interval '3' day")).ToString());
        Assert.Equal("(TimeSpan 00:00:03)", (await Database.Npgsql("SELECT CAST(@p AS interval)", ("p", "3"))).ToString());
        Assert.Equal("(TimeSpan 00:00:00)", (await Database.Npgsql("SELECT CAST(@p AS interval day)", ("p", "3"))).ToString());
        Assert.Equal("(TimeSpan 00:00:00)", (await Database.Unknown("SELECT CAST(@p AS interval day)", ("p", "3"))).ToString());
        Assert.Equal("(TimeSpan 3.00:00:00)", (await Database.Npgsql("SELECT CAST(@p AS interval)", ("p", "3 day"))).ToString());
    }

    [Fact]
    public async Task Limit_takes_a_number_but_no_text()
    {
        Assert.Equal(Outcome.Column(1, 2), (await Database.Npgsql("SELECT id FROM samples ORDER BY id LIMIT '2'")).ToString());
        Assert.Equal(Outcome.Column(1, 2), (await Database.Npgsql("SELECT id FROM samples ORDER BY id LIMIT @p", ("p", 2))).ToString());
        Assert.Equal("42804", (await Database.Npgsql("SELECT id FROM samples ORDER BY id LIMIT @p", ("p", "2"))).Error);
        Assert.Equal(Outcome.Column(1, 2), (await Database.Unknown("SELECT id FROM samples ORDER BY id LIMIT @p", ("p", "2"))).ToString());
        Assert.Equal(Outcome.Column(1, 2), (await Database.Npgsql("SELECT id FROM samples ORDER BY id LIMIT @p::bigint", ("p", "2"))).ToString());
    }

    [Fact]
    public async Task Positional_works_alone()
    {
        Assert.Equal(Outcome.Column(3), (await Database.Command("SELECT $1 + $2", command =>
        {
            command.Parameters.Add(new() { Value = 1 });
            command.Parameters.Add(new() { Value = 2 });
        })).ToString());
    }

    [Fact]
    public async Task Positional_and_named_do_not_mix()
    {
        Assert.Equal("NotSupportedException", (await Database.Command("SELECT $1 + @p", command =>
        {
            command.Parameters.Add(new() { Value = 1 });
            command.Parameters.AddWithValue("p", 2);
        })).Error);
    }

    /// <summary>Worse than an error: with named parameters only, Npgsql numbers <c>@p</c> as 1 too, and both are the same value.</summary>
    [Fact]
    public async Task A_positional_placeholder_beside_named_parameters_takes_a_wrong_value()
    {
        Assert.Equal(Outcome.Column(4), (await Database.Npgsql("SELECT $1 + @p", ("p", 2))).ToString());
        Assert.Equal(Outcome.Column(4), (await Database.Dapper("SELECT $1 + @p", new { p = 2 })).ToString());
        Assert.Equal(Outcome.Column(4), (await Database.Ef(async ef => await ef.Database.SqlQueryRaw<int>("SELECT $1 + {0} AS \"Value\"", 2).ToListAsync())).ToString());
        Assert.Equal("08P01", (await Database.Npgsql("SELECT $2 + @p", ("p", 2))).Error);
    }

    [Fact]
    public async Task Positional_with_several_statements_fails_where_named_works()
    {
        Assert.Equal("42601", (await Database.Command("SELECT $1; SELECT $1", command => command.Parameters.Add(new() { Value = 1 }))).Error);
        Assert.Equal("42601", (await Database.Command("SELECT 1; SELECT $1", command => command.Parameters.Add(new() { Value = 1 }))).Error);
        Assert.Equal(Outcome.Column(1, 1), (await Database.Npgsql("SELECT @p; SELECT @p", ("p", 1))).ToString());
    }
}
