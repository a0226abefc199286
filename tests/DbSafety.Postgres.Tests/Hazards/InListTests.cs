using System.Collections.Immutable;

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
        Assert.Equal(Outcome.Column(1, 2), (await Database.Npgsql(any, ("ids", lazy.ToArray()))).ToString());
        Assert.Equal(Outcome.Column(1, 2), (await Database.Dapper(any, new { ids = lazy.ToArray() })).ToString());
    }

    public static TheoryData<string, object, bool> Sequences => new()
    {
        { "Select of an array", Ids.Select(id => id), false },
        { "Select of a list", Ids.ToList().Select(id => id), false },
        { "Distinct", Ids.Distinct(), false },
        { "OrderBy", Ids.Order(), false },
        { "Concat", Ids.Concat([3]), false },
        { "an iterator", Iterate(), false },
        { "HashSet", Ids.ToHashSet(), false },
        { "Queue", new Queue<int>(Ids), false },
        { "Dictionary.Keys", Ids.ToDictionary(id => id).Keys, false },
        { "Dictionary.Values", Ids.ToDictionary(id => id).Values, false },
        { "ReadOnlyMemory", new ReadOnlyMemory<int>(Ids), false },

        // These are IList<T>: Npgsql takes them, Enumerable.Range by an accident of its implementation.
        { "ReadOnlyCollection", Ids.ToList().AsReadOnly(), true },
        { "ImmutableArray", ImmutableArray.Create(Ids), true },
        { "Enumerable.Range", Enumerable.Range(1, 2), true },
    };

    /// <summary>Not laziness decides, but whether the run-time type is an IList of its elements.</summary>
    [Theory]
    [MemberData(nameof(Sequences), DisableDiscoveryEnumeration = true)]
    public async Task Only_a_list_is_an_array(string what, object ids, bool works)
    {
        _ = what;
        var outcome = await Database.Npgsql("SELECT id FROM samples WHERE id = ANY(@ids) AND id < 3 ORDER BY id", ("ids", ids));
        Assert.Equal(works ? Outcome.Column(1, 2) : "InvalidCastException", outcome.ToString());
    }

    private static IEnumerable<int> Iterate()
    {
        yield return 1;
        yield return 2;
    }
}
