namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Hazard 5: IN takes a list of values, ANY takes an array.</summary>
public sealed class InListTests(PostgresServer server) : PostgresTest(server)
{
    private static readonly int[] Ids = [1, 2];

    [Fact]
    public async Task In_with_an_array_parameter_fails()
    {
        Assert.Equal("42883", (await Database.Npgsql("SELECT id FROM samples WHERE id IN (@ids)", ("ids", Ids))).Error);
        Assert.Equal("42601", (await Database.Npgsql("SELECT id FROM samples WHERE id IN @ids", ("ids", Ids))).Error);
    }

    /// <summary>Dapper expands lists, but not on Npgsql, which takes arrays.</summary>
    [Fact]
    public async Task Dappers_in_fails_on_npgsql()
    {
        Assert.Equal("42601", (await Database.Dapper("SELECT id FROM samples WHERE id IN @ids", new { ids = Ids })).Error);
        Assert.Equal("42601", (await Database.Dapper("SELECT id FROM samples WHERE id IN @ids", new { ids = Ids.ToList() })).Error);
        Assert.Equal("42883", (await Database.Dapper("SELECT id FROM samples WHERE id IN (@ids)", new { ids = Ids })).Error);
    }

    [Fact]
    public async Task Any_and_all_work()
    {
        const string any = "SELECT id FROM samples WHERE id = ANY(@ids) ORDER BY id";
        const string all = "SELECT id FROM samples WHERE id <> ALL(@ids) ORDER BY id";
        Assert.Equal(Outcome.Column(1, 2), (await Database.Npgsql(any, ("ids", Ids))).ToString());
        Assert.Equal(Outcome.Column(1, 2), (await Database.Npgsql(any, ("ids", Ids.ToList()))).ToString());
        Assert.Equal(Outcome.Column(1, 2), (await Database.Dapper(any, new { ids = Ids })).ToString());
        Assert.Equal(Outcome.Column(1, 2), (await Database.Dapper(any, new { ids = Ids.ToList() })).ToString());
        Assert.Equal(Outcome.Column(3, 4, 5, 6), (await Database.Npgsql(all, ("ids", Ids))).ToString());
        Assert.Equal(Outcome.Column(3, 4, 5, 6), (await Database.Dapper(all, new { ids = Ids })).ToString());
    }

    /// <summary>What was a syntax error, <c>IN ()</c>, becomes an empty answer.</summary>
    [Fact]
    public async Task Any_takes_an_empty_array()
    {
        Assert.Equal("42601", (await Database.Npgsql("SELECT id FROM samples WHERE id IN ()")).Error);
        Assert.Equal("no rows", (await Database.Npgsql("SELECT id FROM samples WHERE id = ANY(@ids)", ("ids", Array.Empty<int>()))).ToString());
        Assert.Equal(6, (await Database.Npgsql("SELECT id FROM samples WHERE id <> ALL(@ids)", ("ids", Array.Empty<int>()))).Rows.Length);
    }

    [Fact]
    public async Task A_lazy_sequence_fails_without_ToArray()
    {
        const string any = "SELECT id FROM samples WHERE id = ANY(@ids) ORDER BY id";
        var lazy = Ids.Where(id => id < 10).Select(id => id);
        Assert.Equal("InvalidCastException", (await Database.Npgsql(any, ("ids", lazy))).Error);
        Assert.Equal("InvalidCastException", (await Database.Dapper(any, new { ids = lazy })).Error);
        Assert.Equal("InvalidCastException", (await Database.Npgsql(any, ("ids", Enumerable.Range(1, 2)))).Error);
        Assert.Equal("InvalidCastException", (await Database.Npgsql(any, ("ids", Ids.ToHashSet()))).Error);
        Assert.Equal(Outcome.Column(1, 2), (await Database.Npgsql(any, ("ids", lazy.ToArray()))).ToString());
        Assert.Equal(Outcome.Column(1, 2), (await Database.Dapper(any, new { ids = lazy.ToArray() })).ToString());
    }
}
