using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Hazard 1: a string parameter has the type text, which a quoted constant never had.</summary>
public sealed class StringParameterTests(PostgresServer server) : PostgresTest(server)
{
    /// <summary>Type name, as a cast writes it; column; a text that row 1 holds.</summary>
    public static TheoryData<string, string, string> Typed => new()
    {
        { "uuid", "key", "00000000-0000-0000-0000-000000000001" },
        { "date", "day", "2024-02-29" },
        { "timestamptz", "seen_at", "2024-02-29 12:00:00+00" },
        { "jsonb", "doc", "{\"b\": {}, \"a\": 1}" },
        { "mood", "mood", "happy" },
        { "numeric", "price", "12.5" },
        { "integer", "qty", "1" },
        { "bigint", "total", "10000000000" },
        { "boolean", "active", "true" },
        { "interval", "lasting", "1 day" },
        { "text[]", "tags", "{a,b}" },
        { "uuid[]", "keys", "{00000000-0000-0000-0000-000000000001}" },
        { "integer[]", "marks", "{1,2}" },
    };

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Comparison_fails_with_42883_where_the_constant_worked(string type, string column, string value)
    {
        _ = type;
        var sql = $"SELECT min(id) FROM samples WHERE {column} = ";

        Assert.Equal(Outcome.Column(1), (await Database.Npgsql($"{sql}'{value}'")).ToString());
        Assert.Equal("42883", (await Database.Npgsql(sql + "@value", ("value", value))).Error);
        Assert.Equal("42883", (await Database.Dapper(sql + "@value", new { value })).Error);
        Assert.Equal("42883", (await Database.Ef(async ef => await ef.Database.SqlQueryRaw<int>($"SELECT min(id) AS \"Value\" FROM samples WHERE {column} = {{0}}", value).ToListAsync())).Error);
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Assignment_fails_with_42804_where_the_constant_worked(string type, string column, string value)
    {
        _ = type;
        var update = $"UPDATE samples SET {column} = @value WHERE id = 1";
        var insert = $"INSERT INTO samples (id, {column}) VALUES (100, @value)";

        Assert.Null((await Database.Npgsql($"UPDATE samples SET {column} = '{value}' WHERE id = 1")).Error);
        Assert.Equal("42804", (await Database.Npgsql(update, ("value", value))).Error);
        Assert.Equal("42804", (await Database.Npgsql(insert, ("value", value))).Error);
        Assert.Equal("42804", (await Database.Dapper(update, new { value })).Error);
        Assert.Equal("42804", (await Database.Dapper(insert, new { value })).Error);
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Unknown_keeps_the_semantics_of_the_constant(string type, string column, string value)
    {
        _ = type;
        Assert.Equal(Outcome.Column(1), (await Database.Unknown($"SELECT min(id) FROM samples WHERE {column} = @value", ("value", value))).ToString());
        Assert.Null((await Database.Unknown($"UPDATE samples SET {column} = @value WHERE id = 1", ("value", value))).Error);
        Assert.Null((await Database.Unknown($"INSERT INTO samples (id, {column}) VALUES (100, @value)", ("value", value))).Error);
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task A_cast_of_the_parameter_works_everywhere(string type, string column, string value)
    {
        var sql = $"SELECT min(id) FROM samples WHERE {column} = @value::{type}";

        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", value))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Dapper(sql, new { value })).ToString());
        var raw = $"SELECT min(id) AS \"Value\" FROM samples WHERE {column} = {{0}}::{type}";
        Assert.Equal(Outcome.Column(1), (await Database.Ef(async ef => await ef.Database.SqlQueryRaw<int>(raw, value).ToListAsync())).ToString());
        Assert.Equal(
            "(Int32 1)",
            (await Database.Ef(async ef => await ef.Database.ExecuteSqlRawAsync($"UPDATE samples SET {column} = {{0}}::{type} WHERE id = 1", value))).ToString());
    }

    [Theory]
    [InlineData("name")]
    [InlineData("label")]
    [InlineData("code")]
    public async Task Text_types_take_the_plain_parameter(string column)
    {
        var value = column == "code" ? "ab" : "alpha";
        var sql = $"SELECT id FROM samples WHERE {column} = @value";
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", value))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Dapper(sql, new { value })).ToString());
        Assert.Null((await Database.Npgsql($"UPDATE samples SET {column} = @value", ("value", value))).Error);
    }

    /// <summary>No error, another answer: char(n) ignores trailing blanks and citext ignores case only while both sides have that type.</summary>
    [Fact]
    public async Task Char_n_compares_trailing_blanks_once_the_value_is_text()
    {
        const string sql = "SELECT id FROM samples WHERE code = @value";
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql("SELECT id FROM samples WHERE code = 'ab   '")).ToString());
        Assert.Equal("no rows", (await Database.Npgsql(sql, ("value", "ab   "))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Unknown(sql, ("value", "ab   "))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Dapper(sql + "::bpchar", new { value = "ab   " })).ToString());
    }

    /// <inheritdoc cref="Char_n_compares_trailing_blanks_once_the_value_is_text"/>
    [Fact]
    public async Task Citext_compares_case_once_the_value_is_text()
    {
        Assert.SkipUnless(Server.HasCitext, "The server has no citext.");
        const string sql = "SELECT id FROM samples WHERE email = @value";
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql("SELECT id FROM samples WHERE email = 'ANN@EXAMPLE.COM'")).ToString());
        Assert.Equal("no rows", (await Database.Npgsql(sql, ("value", "ANN@EXAMPLE.COM"))).ToString());
        Assert.Equal("no rows", (await Database.Dapper(sql, new { value = "ANN@EXAMPLE.COM" })).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Unknown(sql, ("value", "ANN@EXAMPLE.COM"))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Dapper(sql + "::citext", new { value = "ANN@EXAMPLE.COM" })).ToString());
    }

    [Fact]
    public async Task Arrays_of_strings_need_a_cast()
    {
        string[] ids = ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"];
        const string sql = "SELECT id FROM samples WHERE key = ANY(@ids)";
        const string cast = "SELECT id FROM samples WHERE key = ANY(@ids::uuid[])";

        Assert.Equal("42883", (await Database.Npgsql(sql, ("ids", ids))).Error);
        Assert.Equal("42883", (await Database.Dapper(sql, new { ids })).Error);
        Assert.Equal("InvalidCastException", (await Database.Unknown(sql, ("ids", ids))).Error);
        Assert.Equal(
            "InvalidCastException",
            (await Database.Command(sql, command => command.Parameters.Add(new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Unknown) { Value = ids }))).Error);
        Assert.Equal(Outcome.Column(1, 2), (await Database.Npgsql(cast, ("ids", ids))).ToString());
        Assert.Equal(Outcome.Column(1, 2), (await Database.Dapper(cast, new { ids })).ToString());

        // One string that is an array constant is a scalar to Npgsql.
        Assert.Equal(Outcome.Column(1, 2), (await Database.Unknown(sql, ("ids", "{" + string.Join(",", ids) + "}"))).ToString());
    }

    /// <summary>Where nothing tells the type, the server takes text, as it does for the constant.</summary>
    [Theory]
    [InlineData("SELECT @value")]
    [InlineData("SELECT @value || name FROM samples WHERE id = 1")]
    [InlineData("SELECT id FROM samples WHERE name LIKE @value")]
    [InlineData("SELECT length(@value)")]
    [InlineData("SELECT id FROM samples WHERE lower(name) = @value")]
    [InlineData("SELECT coalesce(name, @value) FROM samples WHERE id = 5")]
    public async Task Unknown_and_text_agree_where_text_is_expected(string sql)
    {
        var constant = (await Database.Npgsql(sql.Replace("@value", "'alpha'"))).ToString();
        Assert.Equal(constant, (await Database.Unknown(sql, ("value", "alpha"))).ToString());
        Assert.Equal(constant, (await Database.Npgsql(sql, ("value", "alpha"))).ToString());
    }

    /// <summary>Where any type would do, the constant is taken as text, but an untyped parameter is an error. A text parameter is right there.</summary>
    [Theory]
    [InlineData("SELECT concat(@value, 'x')", "42P18")]
    [InlineData("SELECT format('%s', @value)", "42P18")]
    [InlineData("SELECT jsonb_build_object('k', @value)", "42P18")]
    [InlineData("SELECT @value IS NULL", "42P18")]
    [InlineData("SELECT num_nonnulls(@value)", "42P18")]
    public async Task Unknown_fails_where_any_type_would_do(string sql, string error)
    {
        var constant = await Database.Npgsql(sql.Replace("@value", "'alpha'"));
        Assert.Null(constant.Error);
        Assert.Equal(error, (await Database.Unknown(sql, ("value", "alpha"))).Error);
        Assert.Equal(constant.ToString(), (await Database.Npgsql(sql, ("value", "alpha"))).ToString());
        Assert.Equal(constant.ToString(), (await Database.Unknown(sql.Replace("@value", "@value::text"), ("value", "alpha"))).ToString());
    }

    /// <summary>Two constants may have two types; one parameter has one, that of its first place.</summary>
    [Fact]
    public async Task One_untyped_parameter_cannot_stand_in_places_of_two_types()
    {
        const string value = "00000000-0000-0000-0000-000000000001";
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql($"SELECT id FROM samples WHERE name = '{value}' OR key = '{value}'")).ToString());
        Assert.Equal("42883", (await Database.Unknown("SELECT id FROM samples WHERE name = @value OR key = @value", ("value", value))).Error);
        Assert.Equal("42883", (await Database.Unknown("SELECT id FROM samples WHERE key = @value OR name = @value", ("value", value))).Error);
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql("SELECT id FROM samples WHERE key = @value::uuid OR name = @value", ("value", value))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Unknown("SELECT id FROM samples WHERE key = @a OR name = @b", ("a", value), ("b", value))).ToString());
    }
}
