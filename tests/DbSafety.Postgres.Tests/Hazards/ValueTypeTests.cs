using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Hazard 6: C# values that Npgsql does not write as they are.</summary>
public sealed class ValueTypeTests(PostgresServer server) : PostgresTest(server)
{
    private enum Level
    {
        Low = 1,
    }

    [Fact]
    public async Task Null_throws_and_DBNull_works()
    {
        const string sql = "SELECT id FROM samples WHERE name = @value";
        Assert.Equal("InvalidOperationException", (await Database.Npgsql(sql, ("value", null))).Error);
        Assert.Equal("InvalidOperationException", (await Database.Command(sql, command => command.Parameters.Add(new("value", (object?)null)))).Error);
        Assert.Equal("InvalidOperationException", (await Database.Command(sql, command => command.Parameters.Add(new("value", NpgsqlDbType.Text) { Value = null }))).Error);
        Assert.Equal("InvalidOperationException", (await Database.Command(sql, command => command.Parameters.Add(new("value", NpgsqlDbType.Unknown) { Value = null }))).Error);
        Assert.Equal("no rows", (await Database.Npgsql(sql, ("value", DBNull.Value))).ToString());
        Assert.Equal("no rows", (await Database.Unknown(sql, ("value", null))).ToString());
        Assert.Equal("no rows", (await Database.Command(sql, command => command.Parameters.Add(new NpgsqlParameter<string?>("value", (string?)null)))).ToString());
        Assert.Equal("no rows", (await Database.Dapper(sql, new { value = (string?)null })).ToString());
    }

    /// <summary>Unknown is sent as text, so it takes strings only.</summary>
    [Fact]
    public async Task Unknown_takes_strings_only()
    {
        const string sql = "SELECT id FROM samples WHERE qty = @value";
        Assert.Equal("InvalidCastException", (await Database.Unknown(sql, ("value", 1))).Error);
        Assert.Equal("InvalidCastException", (await Database.Unknown("SELECT id FROM samples WHERE key = @value", ("value", Guid.Empty))).Error);
        Assert.Equal(Outcome.Column(1), (await Database.Unknown(sql, ("value", "1"))).ToString());
    }

    [Fact]
    public async Task An_enum_throws_and_its_number_works()
    {
        const string sql = "SELECT id FROM samples WHERE qty = @value";
        Assert.Equal("InvalidCastException", (await Database.Npgsql(sql, ("value", Level.Low))).Error);
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", (int)Level.Low))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Dapper(sql, new { value = Level.Low })).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Ef(async ef => await ef.Database.SqlQuery<int>($"SELECT id AS \"Value\" FROM samples WHERE qty = {Level.Low}").ToListAsync())).ToString());
    }

    /// <summary>EF Core has converters for them, Npgsql and Dapper do not.</summary>
    [Fact]
    public async Task Unsigned_numbers_throw_except_through_EF()
    {
        const string sql = "SELECT id FROM samples WHERE qty = @value";
        foreach (var value in new object[] { (ushort)1, 1u, 1ul })
        {
            Assert.Equal("InvalidCastException", (await Database.Npgsql(sql, ("value", value))).Error);
            Assert.Equal(Outcome.Column(1), (await Database.Ef(async ef => await ef.Database.SqlQueryRaw<int>("SELECT id AS \"Value\" FROM samples WHERE qty = {0}", value).ToListAsync())).ToString());
        }

        Assert.Equal("NotSupportedException", (await Database.Dapper(sql, new { value = (ushort)1 })).Error);
        Assert.Equal("NotSupportedException", (await Database.Dapper(sql, new { value = 1u })).Error);
        Assert.Equal("NotSupportedException", (await Database.Dapper(sql, new { value = 1ul })).Error);
        foreach (var value in new object[] { (int)(ushort)1, (long)1u, (decimal)1ul, (byte)1, (sbyte)1, (short)1 })
        {
            Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", value))).ToString());
        }
    }

    /// <summary>A number, bool or Guid in quotes was text to a text column; as a typed parameter it no longer is.</summary>
    [Fact]
    public async Task A_scalar_in_quotes_against_a_text_column_needs_its_text()
    {
        const string sql = "SELECT id FROM samples WHERE name = @value";
        Assert.Null((await Database.Npgsql($"SELECT id FROM samples WHERE name = '{5}'")).Error);
        Assert.Null((await Database.Npgsql($"SELECT id FROM samples WHERE name = '{Guid.Empty}'")).Error);
        Assert.Equal("42883", (await Database.Npgsql(sql, ("value", 5))).Error);
        Assert.Equal("42883", (await Database.Npgsql(sql, ("value", true))).Error);
        Assert.Equal("42883", (await Database.Npgsql(sql, ("value", Guid.Empty))).Error);
        Assert.Null((await Database.Npgsql(sql, ("value", 5.ToString(CultureInfo.InvariantCulture)))).Error);
        Assert.Null((await Database.Npgsql(sql + "::text", ("value", 5))).Error);
    }

    /// <summary>A pasted number is numeric; a float or double parameter makes the comparison one of doubles.</summary>
    [Fact]
    public async Task A_float_misses_the_numeric_that_its_digits_hit()
    {
        const string sql = "SELECT id FROM samples WHERE price = @value";
        Assert.Equal(Outcome.Column(2), (await Database.Npgsql(string.Create(CultureInfo.InvariantCulture, $"SELECT id FROM samples WHERE price = {-0.001f}"))).ToString());
        Assert.Equal("no rows", (await Database.Npgsql(sql, ("value", -0.001f))).ToString());
        Assert.Equal(Outcome.Column(2), (await Database.Npgsql(sql, ("value", -0.001))).ToString());
        Assert.Equal(Outcome.Column(2), (await Database.Npgsql(sql, ("value", -0.001m))).ToString());
    }

    /// <summary>
    /// Pasted, every kind of date worked. As a parameter of timestamptz only UTC does; Npgsql alone sends other kinds of DateTime as timestamp, which the
    /// server reads in the session's time zone (UTC here), while EF refuses them.
    /// </summary>
    [Fact]
    public async Task Dates_depend_on_their_kind()
    {
        const string sql = "SELECT id FROM samples WHERE seen_at = @value";
        var unspecified = new DateTime(2024, 2, 29, 12, 0, 0);
        var utc = DateTime.SpecifyKind(unspecified, DateTimeKind.Utc);
        var local = DateTime.SpecifyKind(unspecified, DateTimeKind.Local);
        var offset = new DateTimeOffset(2024, 2, 29, 14, 0, 0, TimeSpan.FromHours(2));

        foreach (var text in new[] { $"{unspecified:O}", $"{utc:O}", $"{offset:O}" })
        {
            Assert.Equal(Outcome.Column(1), (await Database.Npgsql($"SELECT id FROM samples WHERE seen_at = '{text}'")).ToString());
        }

        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", utc))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", unspecified))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", local))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Dapper(sql, new { value = unspecified })).ToString());
        Assert.Equal("ArgumentException", (await Database.Npgsql(sql, ("value", offset))).Error);
        Assert.Equal("ArgumentException", (await Database.Dapper(sql, new { value = offset })).Error);
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", offset.ToUniversalTime()))).ToString());
        Assert.Equal("ArgumentException", (await Database.Command(sql, command => command.Parameters.Add(new("value", NpgsqlDbType.TimestampTz) { Value = local }))).Error);

        Assert.Equal(Outcome.Column(1), await ByEfAsync(utc));
        Assert.Equal("ArgumentException", await ByEfAsync(unspecified));
        Assert.Equal("ArgumentException", await ByEfAsync(local));
        Assert.Equal("ArgumentException", await ByEfAsync(offset));

        async Task<string> ByEfAsync(object value) => (await Database.Ef(
            async ef => await ef.Database.SqlQueryRaw<int>("SELECT id AS \"Value\" FROM samples WHERE seen_at = {0}", value).ToListAsync())).ToString();
    }

    [Fact]
    public async Task A_char_is_text() =>
        Assert.Equal(Outcome.Column("a"), (await Database.Npgsql("SELECT @value", ("value", 'a'))).ToString());
}
