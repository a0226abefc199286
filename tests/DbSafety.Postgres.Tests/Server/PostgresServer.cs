using DbSafety.Postgres.Tests.Server;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace DbSafety.Postgres.Tests.Server;

/// <summary>
/// The server of this test run: the one that <see cref="Variable"/> names, else a private one started for the run. It hands out fresh databases
/// with the fixture's schema and rows. Where there is no server, asking for a database skips the test.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    /// <summary>The environment variable with the connection string of a server whose user may create databases.</summary>
    public const string Variable = "DBSAFETY_TEST_POSTGRES";

    private readonly string run = "dbsafety_" + Guid.NewGuid().ToString("N")[..10];
    private PrivateServer? own;
    private string? maintenance;
    private string? absence;
    private string strategy = "";
    private int databases;

    /// <summary>Whether the fixture has the column <c>samples.email citext</c>.</summary>
    public bool HasCitext { get; private set; }

    private string Rows => HasCitext ? Schema.Rows + Schema.CitextRows : Schema.Rows;

    private string Template => run + "_template";

    /// <summary>Finds or starts the server and builds the template database.</summary>
    public async ValueTask InitializeAsync()
    {
        maintenance = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(maintenance))
        {
            own = PrivateServer.TryStart(out absence);
            maintenance = own?.ConnectionString;
        }

        if (maintenance is null)
        {
            return;
        }

        // The template's encoding and collation must not depend on whose server it is.
        await ExecuteAsync(maintenance, $"CREATE DATABASE {Template} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        await ExecuteAsync(To(Template), Schema.Sql);
        HasCitext = await ScalarAsync(To(Template), "SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'") is 1L;
        if (HasCitext)
        {
            await ExecuteAsync(To(Template), Schema.Citext);
        }

        await ExecuteAsync(To(Template), Rows);

        // Without fsync copying files is three times as fast as the default of PostgreSQL 15, which logs each page; older ones know no other way.
        if (own is not null && await ScalarAsync(maintenance, "SELECT current_setting('server_version_num')::integer >= 150000") is true)
        {
            strategy = " STRATEGY file_copy";
        }
    }

    /// <summary>Makes a database that is the caller's alone; skips the test where there is no server.</summary>
    public async ValueTask<TestDatabase> CreateDatabaseAsync()
    {
        if (maintenance is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("DBSAFETY_REQUIRE_POSTGRES") == "1", $"A PostgreSQL server is required here: {absence}.");
            Assert.Skip($"No PostgreSQL server: {absence}. Set {Variable} to a connection string to use a server of your own.");
        }

        var name = $"{run}_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync(maintenance, $"CREATE DATABASE {name} TEMPLATE {Template}{strategy}");
        return new TestDatabase(this, name, To(name));
    }

    /// <summary>
    /// Lists the statements that reach a database from now on, in sessions that are opened from now on; skips the test where the server's log is
    /// out of reach. The driver's own look at the types of the database is over before.
    /// </summary>
    public async ValueTask<StatementLog> CountStatementsAsync(TestDatabase database)
    {
        if (own is null)
        {
            Assert.Skip($"Statements are counted in the log of a server that was started for this run; {Variable} names another one.");
        }

        await ExecuteAsync(maintenance!, $"ALTER DATABASE {database.Name} SET log_statement = 'all'");
        await ExecuteAsync(database.ConnectionString, "SELECT 1");
        return new StatementLog(own.Log, database.Name);
    }

    internal async ValueTask ResetAsync(TestDatabase database) =>
        await ExecuteAsync(database.ConnectionString, "TRUNCATE samples, users, app.things;" + Rows);

    internal async ValueTask DropAsync(string database) => await ExecuteAsync(maintenance!, $"DROP DATABASE {database} WITH (FORCE)");

    /// <summary>Removes what this run made, and the server if it was started here.</summary>
    public async ValueTask DisposeAsync()
    {
        if (own is not null)
        {
            own.Dispose();
        }
        else if (maintenance is not null)
        {
            await DropAsync(Template);
        }
    }

    // Without pooling a test leaves no session behind, and many databases don't add up to many connections.
    private string To(string database) =>
        new NpgsqlConnectionStringBuilder(maintenance) { Database = database, Pooling = false, IncludeErrorDetail = true }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
