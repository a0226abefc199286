using Dapper;
using DbSafety.Postgres.Tests.Harness;
using Npgsql;
using NpgsqlTypes;

namespace DbSafety.Postgres.Tests.Server;

/// <summary>A database of one test's own, and short ways to run SQL on it as applications do. Disposing drops it.</summary>
public sealed class TestDatabase(PostgresServer server, string name, string connectionString) : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>How to get there; without pooling.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>Runs a command with <c>AddWithValue</c> for each parameter; the rows of all its results.</summary>
    public Task<Outcome> Npgsql(string sql, params (string Name, object? Value)[] parameters) =>
        Command(sql, command =>
        {
            foreach (var (parameter, value) in parameters)
            {
                command.Parameters.AddWithValue(parameter, value!);
            }
        });

    /// <summary>Runs a command whose parameters carry no type: the server infers it, as it does for a quoted constant.</summary>
    public Task<Outcome> Unknown(string sql, params (string Name, object? Value)[] parameters) =>
        Command(sql, command =>
        {
            foreach (var (parameter, value) in parameters)
            {
                command.Parameters.Add(new NpgsqlParameter(parameter, NpgsqlDbType.Unknown) { Value = value ?? DBNull.Value });
            }
        });

    /// <summary>Runs a command that <paramref name="prepare"/> has completed.</summary>
    public Task<Outcome> Command(string sql, Action<NpgsqlCommand> prepare) => Outcome.OfAsync(async () =>
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        prepare(command);
        await using var reader = await command.ExecuteReaderAsync();
        return await Outcome.ReadAsync(reader);
    });

    /// <summary>Runs a query through Dapper.</summary>
    public Task<Outcome> Dapper(string sql, object? parameters = null) => Outcome.OfAsync(async () =>
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        return await connection.QueryAsync(sql, parameters);
    });

    /// <summary>Runs work on an EF Core context of the fixture's model.</summary>
    public Task<Outcome> Ef(Func<SamplesContext, Task<object?>> work) => Outcome.OfAsync(async () =>
    {
        await using var context = new SamplesContext(ConnectionString);
        return await work(context);
    });

    /// <summary>Puts the fixture's rows back: much quicker than another database.</summary>
    public ValueTask ResetAsync() => server.ResetAsync(this);

    /// <summary>Drops the database.</summary>
    public ValueTask DisposeAsync() => server.DropAsync(Name);
}

/// <summary>A database that the tests of one class take in turn, made for the first of them. For tests that change rows only, and end what they begin.</summary>
public sealed class SharedDatabase(PostgresServer server) : IAsyncDisposable
{
    private TestDatabase? database;

    /// <summary>The database with the fixture's rows; skips the test where there is no server.</summary>
    public async ValueTask<TestDatabase> TakeAsync()
    {
        if (database is null)
        {
            return database = await server.CreateDatabaseAsync();
        }

        await database.ResetAsync();
        return database;
    }

    /// <summary>Drops it.</summary>
    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A test with a database of its own, or its turn on a shared one.</summary>
public abstract class PostgresTest(PostgresServer server, SharedDatabase? shared = null) : IAsyncLifetime
{
    private TestDatabase? database;

    /// <summary>This test's database.</summary>
    protected TestDatabase Database => database!;

    /// <summary>The server that it is on.</summary>
    protected PostgresServer Server => server;

    /// <summary>Makes or takes the database, or skips the test.</summary>
    public async ValueTask InitializeAsync() => database = shared is null ? await server.CreateDatabaseAsync() : await shared.TakeAsync();

    /// <summary>Drops it, unless others come after.</summary>
    public async ValueTask DisposeAsync()
    {
        if (database is not null && shared is null)
        {
            await database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
