using Microsoft.EntityFrameworkCore;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Hazard 4: the Raw APIs format a text that C# has formatted already; the interpolated ones format it once.</summary>
public sealed class EfBraceTests(PostgresServer server) : PostgresTest(server)
{
    [Fact]
    public async Task An_interpolated_string_given_to_Raw_needs_four_braces()
    {
        const int id = 1;
        Assert.Equal("{}", await StoredAsync(ef => ef.ExecuteSqlRawAsync($"UPDATE samples SET name = '{{{{}}}}' WHERE id = {id}")));
        Assert.Equal("FormatException", await StoredAsync(ef => ef.ExecuteSqlRawAsync($"UPDATE samples SET name = '{{}}' WHERE id = {id}")));
    }

    [Fact]
    public async Task The_interpolated_API_needs_two()
    {
        var id = 1;
        Assert.Equal("{}", await StoredAsync(ef => ef.ExecuteSqlAsync($"UPDATE samples SET name = '{{}}' WHERE id = {id}")));
        Assert.Equal("{{}}", await StoredAsync(ef => ef.ExecuteSqlAsync($"UPDATE samples SET name = '{{{{}}}}' WHERE id = {id}")));
        Assert.Equal("{}", await StoredAsync(ef => ef.ExecuteSqlInterpolatedAsync($"UPDATE samples SET name = '{{}}' WHERE id = {id}")));
    }

    [Fact]
    public async Task A_plain_string_given_to_Raw_needs_two()
    {
        Assert.Equal("{}", await StoredAsync(ef => ef.ExecuteSqlRawAsync("UPDATE samples SET name = '{{}}' WHERE id = {0}", 1)));
        Assert.Equal("{}", await StoredAsync(ef => ef.ExecuteSqlRawAsync("UPDATE samples SET name = '{{}}' WHERE id = 1")));
        Assert.Equal("FormatException", await StoredAsync(ef => ef.ExecuteSqlRawAsync("UPDATE samples SET name = '{}' WHERE id = 1")));
    }

    [Fact]
    public async Task FromSql_and_SqlQuery_follow_the_same_rule()
    {
        var id = 1;
        Assert.Equal("(Int32 1, '{}')", (await Database.Ef(async ef => await ef.Samples.FromSqlRaw($"SELECT id, '{{{{}}}}' AS name FROM samples WHERE id = {{0}}", id).ToListAsync())).ToString());
        Assert.Equal("(Int32 1, '{}')", (await Database.Ef(async ef => await ef.Samples.FromSql($"SELECT id, '{{}}' AS name FROM samples WHERE id = {id}").ToListAsync())).ToString());
        Assert.Equal("(Int32 1, '{{}}')", (await Database.Ef(async ef => await ef.Samples.FromSql($"SELECT id, '{{{{}}}}' AS name FROM samples WHERE id = {id}").ToListAsync())).ToString());
        Assert.Equal(Outcome.Column("{}"), (await Database.Ef(async ef => await ef.Database.SqlQuery<string>($"SELECT '{{}}' AS \"Value\" WHERE {id} = 1").ToListAsync())).ToString());
        Assert.Equal(Outcome.Column("{}"), (await Database.Ef(async ef => await ef.Database.SqlQueryRaw<string>("SELECT '{{}}' AS \"Value\" WHERE {0} = 1", id).ToListAsync())).ToString());
    }

    /// <summary>Without any parameter the text is formatted all the same.</summary>
    [Fact]
    public async Task Raw_formats_without_parameters_too()
    {
        Assert.Equal("(Int32 1, '{}')", (await Database.Ef(async ef => await ef.Samples.FromSqlRaw("SELECT id, '{{}}' AS name FROM samples WHERE id = 1").ToListAsync())).ToString());
        Assert.Equal("FormatException", (await Database.Ef(async ef => await ef.Samples.FromSqlRaw("SELECT id, '{}' AS name FROM samples WHERE id = 1").ToListAsync())).ToString());
        Assert.Equal(Outcome.Column("{}"), (await Database.Ef(async ef => await ef.Database.SqlQueryRaw<string>("SELECT '{{}}' AS \"Value\"").ToListAsync())).ToString());
    }

    private async Task<string?> StoredAsync(Func<Microsoft.EntityFrameworkCore.Infrastructure.DatabaseFacade, Task<int>> write)
    {
        var outcome = await Database.Ef(async ef => await write(ef.Database));
        return outcome.Error ?? (string?)(await Database.Npgsql("SELECT name FROM samples WHERE id = 1")).Rows[0][0];
    }
}
