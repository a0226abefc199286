using Microsoft.EntityFrameworkCore;

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
        Assert.Equal("no rows", (await Database.Npgsql(sql, ("value", DBNull.Value))).ToString());
        Assert.Equal("no rows", (await Database.Dapper(sql, new { value = (string?)null })).ToString());
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

    [Fact]
    public async Task Unsigned_numbers()
    {
        const string sql = "SELECT id FROM samples WHERE qty = @value";
        Assert.Equal("InvalidCastException", (await Database.Npgsql(sql, ("value", 1u))).Error);
        Assert.Equal("InvalidCastException", (await Database.Npgsql(sql, ("value", 1ul))).Error);
        Assert.Equal("InvalidCastException", (await Database.Npgsql(sql, ("value", (ushort)1))).Error);
        Assert.Equal("InvalidCastException", (await Database.Dapper(sql, new { value = 1u })).Error);
        Assert.Equal("InvalidCastException", (await Database.Dapper(sql, new { value = 1ul })).Error);
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", (long)1u))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", (decimal)1ul))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", (byte)1))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", (sbyte)1))).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Npgsql(sql, ("value", (short)1))).ToString());
    }

    [Fact]
    public async Task A_char_is_text() =>
        Assert.Equal(Outcome.Column("a"), (await Database.Npgsql("SELECT @value", ("value", 'a'))).ToString());
}
