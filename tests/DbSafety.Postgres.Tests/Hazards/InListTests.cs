using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;

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

    private static readonly (string What, Func<IEnumerable<int>, IEnumerable<int>> Make, bool Works)[] Operators =
    [
        ("Select", ids => ids.Select(id => id), false),
        ("Select with the index", ids => ids.Select((id, index) => id), false),
        ("Where", ids => ids.Where(id => id < 9), false),
        ("SelectMany", ids => ids.SelectMany(id => new[] { id }), false),
        ("Distinct", ids => ids.Distinct(), false),
        ("Concat", ids => ids.Concat([1]), false),
        ("Union", ids => ids.Union([1]), false),
        ("Intersect", ids => ids.Intersect([1, 2]), false),
        ("Except", ids => ids.Except([9]), false),
        ("OrderBy", ids => ids.OrderBy(id => id), false),
        ("OrderByDescending", ids => ids.OrderByDescending(id => id), false),
        ("ThenBy", ids => ids.OrderBy(id => id).ThenBy(id => id), false),
        ("ThenByDescending", ids => ids.OrderBy(id => id).ThenByDescending(id => id), false),
        ("Reverse", ids => ids.Reverse(), false),
        ("SkipWhile", ids => ids.SkipWhile(id => false), false),
        ("TakeWhile", ids => ids.TakeWhile(id => true), false),
        ("Append", ids => ids.Append(1), false),
        ("Prepend", ids => ids.Prepend(1), false),
        ("Zip", ids => ids.Zip(ids, (id, _) => id), false),

        // Over a list they give a list, or the list itself.
        ("Skip", ids => ids.Skip(0), true),
        ("Take", ids => ids.Take(5), true),
        ("Cast", ids => ids.Cast<int>(), true),
        ("OfType", ids => ids.OfType<int>(), true),
        ("AsEnumerable", ids => ids.AsEnumerable(), true),
    ];

    /// <summary>An iterator is no list, whatever it runs over.</summary>
    [Fact]
    public async Task An_iterator_is_no_array()
    {
        foreach (var (what, make, works) in Operators)
        {
            foreach (var source in new[] { Ids, Ids.ToList(), Ids.ToList().AsReadOnly(), Enumerable.Range(1, 2), Ids.ToHashSet(), Iterate() })
            {
                var outcome = await Database.Npgsql("SELECT id FROM samples WHERE id = ANY(@ids) AND id < 3 ORDER BY id", ("ids", make(source)));
                var isList = works && source is IList<int>;
                Assert.True((isList ? Outcome.Column(1, 2) : "InvalidCastException") == outcome.ToString(), $"{what} over {source.GetType().Name}: {outcome}");
            }
        }
    }

    /// <summary>EF Core maps any sequence to an array, where the text has room for one.</summary>
    [Fact]
    public async Task Ef_makes_arrays_of_sequences()
    {
        foreach (var ids in new object[] { Ids, Ids.ToList(), Ids.ToHashSet(), Ids.Select(id => id) })
        {
            Assert.Equal("42883", (await Ef("SELECT * FROM samples WHERE id IN ({0})", ids)).Error);
            Assert.Equal("42601", (await Ef("SELECT * FROM samples WHERE id IN {0}", ids)).Error);
            Assert.Equal(Outcome.Column(1, 2), (await Ef("SELECT * FROM samples WHERE id = ANY({0})", ids)).ToString());
        }

        Task<Outcome> Ef(string sql, object ids) => Database.Ef(async context => await context.Samples.FromSqlRaw(sql, ids).Select(sample => sample.Id).Order().ToListAsync());
    }

    /// <summary>What works is no list of values: null, and an array that is compared with arrays.</summary>
    [Fact]
    public async Task In_takes_one_value()
    {
        Assert.Equal("no rows", (await Database.Dapper("SELECT id FROM samples WHERE id IN (@ids)", new { ids = (List<int>?)null })).ToString());
        Assert.Equal("no rows", (await Database.Dapper("SELECT id FROM samples WHERE id = ANY(@ids)", new { ids = (int[]?)null })).ToString());
        Assert.Equal("no rows", (await Database.Dapper("SELECT id FROM samples WHERE id NOT IN (@ids)", new { ids = (int[]?)null })).ToString());
        Assert.Equal("no rows", (await Database.Dapper("SELECT id FROM samples WHERE id <> ALL(@ids)", new { ids = (int[]?)null })).ToString());
        Assert.Equal(Outcome.Column(1), (await Database.Dapper("SELECT id FROM samples WHERE tags IN (@tags)", new { tags = new[] { "a", "b" } })).ToString());
    }

    /// <summary>Dapper asks for the name of the connection's type: behind a wrapper it writes the list out.</summary>
    [Fact]
    public async Task Dappers_in_works_behind_a_wrapper()
    {
        var outcome = await FixRunner.RunAsync(Wrapper, Database.ConnectionString);
        Assert.Equal(Outcome.Column(1, 2), outcome.ToString());
    }

    /// <summary>Dapper asks its handlers first: one for sets may well write an array.</summary>
    [Fact]
    public async Task A_handler_writes_sets_as_it_likes()
    {
        const string source = """
            public sealed class SetHandler : SqlMapper.TypeHandler<SortedSet<short>>
            {
                public override void SetValue(IDbDataParameter parameter, SortedSet<short>? value) => parameter.Value = value!.ToArray();
                public override SortedSet<short> Parse(object value) => new((short[])value);
            }

            public static class Snippet
            {
                public static async Task<List<int>> Run(string connectionString)
                {
                    SqlMapper.AddTypeHandler(new SetHandler());
                    await using var connection = new NpgsqlConnection(connectionString);
                    return (await connection.QueryAsync<int>("SELECT id FROM samples WHERE id = ANY(@ids) ORDER BY id", new { ids = new SortedSet<short> { 2, 1 } })).ToList();
                }
            }
            """;
        Assert.Equal(Outcome.Column(1, 2), (await FixRunner.RunAsync(source, Database.ConnectionString)).ToString());
    }

    private const string Wrapper = """
        public sealed class Profiled(NpgsqlConnection inner) : IDbConnection
        {
            public string ConnectionString { get => inner.ConnectionString; set => inner.ConnectionString = value!; }
            public int ConnectionTimeout => inner.ConnectionTimeout;
            public string Database => inner.Database;
            public ConnectionState State => inner.State;
            public IDbTransaction BeginTransaction() => inner.BeginTransaction();
            public IDbTransaction BeginTransaction(IsolationLevel level) => inner.BeginTransaction(level);
            public void ChangeDatabase(string name) => inner.ChangeDatabase(name);
            public void Close() => inner.Close();
            public IDbCommand CreateCommand() => new Command(inner.CreateCommand()) { Connection = this };
            public void Dispose() => inner.Dispose();
            public void Open() => inner.Open();
        }

        public sealed class Command(NpgsqlCommand inner) : IDbCommand
        {
            public string CommandText { get => inner.CommandText; set => inner.CommandText = value!; }
            public int CommandTimeout { get => inner.CommandTimeout; set => inner.CommandTimeout = value; }
            public CommandType CommandType { get => inner.CommandType; set => inner.CommandType = value; }
            public IDbConnection? Connection { get; set; }
            public IDataParameterCollection Parameters => inner.Parameters;
            public IDbTransaction? Transaction { get; set; }
            public UpdateRowSource UpdatedRowSource { get; set; }
            public void Cancel() => inner.Cancel();
            public IDbDataParameter CreateParameter() => inner.CreateParameter();
            public void Dispose() => inner.Dispose();
            public int ExecuteNonQuery() => inner.ExecuteNonQuery();
            public IDataReader ExecuteReader() => inner.ExecuteReader();
            public IDataReader ExecuteReader(CommandBehavior behavior) => inner.ExecuteReader(behavior);
            public object? ExecuteScalar() => inner.ExecuteScalar();
            public void Prepare() => inner.Prepare();
        }

        public static class Snippet
        {
            public static Task<List<int>> Run(string connectionString)
            {
                using var connection = new Profiled(new NpgsqlConnection(connectionString));
                return Task.FromResult(connection.Query<int>("SELECT id FROM samples WHERE id IN @ids ORDER BY id", new { ids = new[] { 1, 2 } }).ToList());
            }
        }
        """;

    private static IEnumerable<int> Iterate()
    {
        yield return 1;
        yield return 2;
    }
}
