using Microsoft.EntityFrameworkCore;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Hazards 2 and 11: quotes, null and LIKE patterns.</summary>
public sealed class QuotesAndPatternTests(PostgresServer server) : PostgresTest(server)
{
    /// <summary>Npgsql sees text, not a placeholder, and sends no parameter at all.</summary>
    [Fact]
    public async Task A_placeholder_in_quotes_is_text()
    {
        const string quoted = "SELECT id FROM samples WHERE name = '@name'";
        Assert.Equal("no rows", (await Database.Npgsql(quoted, ("name", "alpha"))).ToString());
        Assert.Equal("no rows", (await Database.Dapper(quoted, new { name = "alpha" })).ToString());
        Assert.Equal("no rows", (await Database.Ef(async ef => await ef.Samples.FromSql($"SELECT id, name FROM samples WHERE name = '{"alpha"}'").ToListAsync())).ToString());
        Assert.Equal("no rows", (await Database.Ef(async ef => await ef.Samples.FromSqlRaw("SELECT id, name FROM samples WHERE name = '{0}'", "alpha").ToListAsync())).ToString());
        Assert.Equal("(Int32 1, 'alpha')", (await Database.Ef(async ef => await ef.Samples.FromSql($"SELECT id, name FROM samples WHERE name = {"alpha"}").ToListAsync())).ToString());
    }

    /// <summary>EF writes the placeholder's name into the row.</summary>
    [Fact]
    public async Task A_quoted_placeholder_in_a_write_is_stored_as_text()
    {
        await Database.Ef(async ef => await ef.Database.ExecuteSqlAsync($"UPDATE samples SET name = '{"new"}' WHERE id = 1"));
        Assert.Equal(Outcome.Column("@p0"), (await Database.Npgsql("SELECT name FROM samples WHERE id = 1")).ToString());
        await Database.Dapper("UPDATE samples SET name = '@name' WHERE id = 1", new { name = "new" });
        Assert.Equal(Outcome.Column("@name"), (await Database.Npgsql("SELECT name FROM samples WHERE id = 1")).ToString());
    }

    [Fact]
    public async Task Null_in_quotes_was_the_empty_string()
    {
        string? name = null;
        Assert.Equal(Outcome.Column(4), (await Database.Npgsql($"SELECT id FROM samples WHERE name = '{name}'")).ToString());
        Assert.Equal("no rows", (await Database.Npgsql("SELECT id FROM samples WHERE name = @name", ("name", DBNull.Value))).ToString());
        Assert.Equal("no rows", (await Database.Dapper("SELECT id FROM samples WHERE name = @name", new { name })).ToString());
        Assert.Equal("no rows", (await Database.Ef(async ef => await ef.Samples.FromSql($"SELECT id, name FROM samples WHERE name = {name}").ToListAsync())).ToString());

        // Where the column is not text the empty string was an error, so nothing that worked is lost.
        Assert.Equal("22P02", (await Database.Npgsql($"SELECT id FROM samples WHERE key = '{name}'")).Error);
        Assert.Equal("22007", (await Database.Npgsql($"SELECT id FROM samples WHERE day = '{name}'")).Error);
    }

    [Theory]
    [InlineData("alp")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("50%_o")]
    [InlineData("\\")]
    [InlineData("_lph")]
    public async Task A_pattern_is_one_parameter_with_its_wildcards(string? part)
    {
        const string sql = "SELECT id FROM samples WHERE name LIKE @pattern ORDER BY id";
        var pasted = (await Database.Npgsql($"SELECT id FROM samples WHERE name LIKE '%{part}%' ORDER BY id")).ToString();
        Assert.Equal(pasted, (await Database.Npgsql(sql, ("pattern", "%" + part + "%"))).ToString());
        Assert.Equal(pasted, (await Database.Dapper(sql, new { pattern = $"%{part}%" })).ToString());
        Assert.Equal(pasted, (await Database.Ef(async ef => await ef.Database.SqlQuery<int>($"SELECT id FROM samples WHERE name LIKE {$"%{part}%"} ORDER BY id").ToListAsync())).ToString());
    }

    /// <summary>Building the pattern in SQL is not the same: null makes the whole pattern null.</summary>
    [Fact]
    public async Task Null_stays_empty_only_when_the_pattern_is_built_in_csharp()
    {
        string? part = null;
        Assert.Equal(Outcome.Column(1, 2, 3, 4, 6), (await Database.Npgsql("SELECT id FROM samples WHERE name LIKE @pattern ORDER BY id", ("pattern", "%" + part + "%"))).ToString());
        Assert.Equal("no rows", (await Database.Npgsql("SELECT id FROM samples WHERE name LIKE '%' || @part || '%'", ("part", DBNull.Value))).ToString());
        Assert.Equal("no rows", (await Database.Npgsql("SELECT id FROM samples WHERE name LIKE '%@part%'", ("part", "alp"))).ToString());
    }
}
