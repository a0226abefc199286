using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>What tests of transactions share. Rows that a test writes into <c>samples</c> have ids from 11 on.</summary>
public abstract class TransactionTest(PostgresServer server, SharedDatabase? shared = null) : PostgresTest(server, shared)
{
    /// <summary>What the driver, Dapper and EF Core throw where a transaction is misused.</summary>
    protected const string Invalid = nameof(InvalidOperationException);

    /// <summary>The server's code for a command in a transaction that has failed.</summary>
    protected const string Failed = "25P02";

    /// <summary>Fails on the server.</summary>
    protected const string DivisionByZero = "SELECT 1 / 0";

    /// <summary>An open connection; <paramref name="more"/> is added to its connection string.</summary>
    protected NpgsqlConnection Open(string more = "")
    {
        var connection = new NpgsqlConnection($"{Database.ConnectionString};{more}");
        connection.Open();
        return connection;
    }

    /// <summary>A context on a connection of its own.</summary>
    protected SamplesContext Context(Action<DbContextOptionsBuilder>? configure = null) => new ConfiguredContext(Database.ConnectionString, configure);

    /// <summary>A context on a connection that is at hand.</summary>
    protected static SamplesContext Context(NpgsqlConnection connection) => new ConfiguredContext("", options => options.UseNpgsql(connection));

    /// <summary>Writes one row.</summary>
    protected static string Insert(int id) => $"INSERT INTO samples (id) VALUES ({id})";

    /// <summary>A new row for EF Core.</summary>
    protected static Sample New(int id) => new() { Id = id, Name = "new" };

    /// <summary>The ids that another connection sees now.</summary>
    protected int[] Kept() => [.. Query<int>("SELECT id FROM samples WHERE id > 10 ORDER BY id")];

    /// <summary>Reads on another connection.</summary>
    protected IEnumerable<T> Query<T>(string sql)
    {
        using var connection = new NpgsqlConnection(Database.ConnectionString + ";Enlist=false");
        return connection.Query<T>(sql);
    }

    /// <summary>Runs SQL on another connection.</summary>
    protected void Run(string sql)
    {
        using var connection = new NpgsqlConnection(Database.ConnectionString + ";Enlist=false");
        connection.Execute(sql);
    }

    /// <summary>Skips the test on a server that is configured to prepare transactions: the usual one is not.</summary>
    protected void SkipWhereTransactionsArePrepared() =>
        Assert.SkipUnless(Query<string>("SHOW max_prepared_transactions").Single() == "0", "This server prepares transactions.");

    /// <summary>The SQLSTATE or the type of what work throws, or null.</summary>
    protected static string? Error(Action work) => Outcome.OfAsync(() =>
    {
        work();
        return Task.FromResult<object?>(null);
    }).GetAwaiter().GetResult().Error;

    private sealed class ConfiguredContext(string connectionString, Action<DbContextOptionsBuilder>? configure) : SamplesContext(connectionString)
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder)
        {
            base.OnConfiguring(optionsBuilder);
            configure?.Invoke(optionsBuilder);
        }
    }
}
