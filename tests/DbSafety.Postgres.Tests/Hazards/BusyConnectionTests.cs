using System.Data;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A connection does one thing at a time: what keeps it busy, and what only looks so.</summary>
public sealed class BusyConnectionTests(PostgresServer server) : PostgresTest(server)
{
    private const string Rows = "SELECT id FROM samples ORDER BY id";

    private const string Slow = "SELECT id FROM samples, pg_sleep(1) ORDER BY id";

    private const string Busy = "NpgsqlOperationInProgressException";

    private Task<Outcome> Connected(Func<NpgsqlConnection, Task> work) => Outcome.OfAsync(async () =>
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await work(connection);
        return null;
    });

    private Task<Outcome> Configured(Action<DbContextOptionsBuilder> configure, Func<SamplesContext, Task> work) => Outcome.OfAsync(async () =>
    {
        await using var context = new ConfiguredContext(Database.ConnectionString, configure);
        await work(context);
        return null;
    });

    private static NpgsqlDataReader Open(NpgsqlConnection connection, CommandBehavior behavior = CommandBehavior.Default) => new NpgsqlCommand(Rows, connection).ExecuteReader(behavior);

    /// <summary>Nor does it help that all rows and all results were read.</summary>
    [Fact]
    public async Task An_open_reader_blocks_until_it_is_closed()
    {
        Assert.Equal(Busy, (await Connected(async connection => { using var reader = Open(connection); await connection.ExecuteAsync("SELECT 1"); })).Error);
        Assert.Equal(Busy, (await Connected(async connection => { using var reader = Open(connection); while (reader.Read()) { } await connection.ExecuteAsync("SELECT 1"); })).Error);
        Assert.Equal(Busy, (await Connected(async connection =>
        {
            using var reader = Open(connection);
            while (reader.Read()) { }
            Assert.False(reader.NextResult());
            await connection.ExecuteAsync("SELECT 1");
        })).Error);
        Assert.Equal(Busy, (await Connected(async connection =>
        {
            using var reader = Open(connection, CommandBehavior.SingleRow);
            reader.Read();
            await connection.ExecuteAsync("SELECT 1");
        })).Error);
        Assert.Null((await Connected(async connection => { using var reader = Open(connection); await reader.CloseAsync(); await connection.ExecuteAsync("SELECT 1"); })).Error);
        Assert.Null((await Connected(async connection => { using var reader = Open(connection); new DataTable().Load(reader); await connection.ExecuteAsync("SELECT 1"); })).Error);
    }

    [Fact]
    public async Task Dapper_blocks_where_it_streams()
    {
        Assert.Equal(Busy, (await Connected(async connection => { foreach (var _ in connection.Query<int>(Rows, buffered: false)) { await connection.ExecuteAsync("SELECT 1"); } })).Error);
        Assert.Equal(Busy, (await Connected(async connection => { await foreach (var _ in connection.QueryUnbufferedAsync<int>(Rows)) { await connection.ExecuteAsync("SELECT 1"); } })).Error);
        Assert.Equal(Busy, (await Connected(async connection => { using var grid = connection.QueryMultiple($"{Rows};{Rows}"); await connection.ExecuteAsync("SELECT 1"); })).Error);
        Assert.Equal(Busy, (await Connected(async connection =>
        {
            using var grid = connection.QueryMultiple($"{Rows};{Rows}");
            grid.Read<int>();
            await connection.ExecuteAsync("SELECT 1");
        })).Error);
        Assert.Null((await Connected(async connection =>
        {
            using var grid = connection.QueryMultiple($"{Rows};{Rows}");
            grid.Read<int>();
            grid.Read<int>();
            await connection.ExecuteAsync("SELECT 1");
        })).Error);
        Assert.Null((await Connected(async connection => { foreach (var _ in connection.Query<int>(Rows)) { await connection.ExecuteAsync("SELECT 1"); } })).Error);
    }

    [Fact]
    public async Task EF_Core_blocks_in_a_loop_over_a_query()
    {
        Assert.Equal(Busy, (await Ef(async context => { foreach (var row in context.Samples) { await context.Samples.CountAsync(other => other.Id == row.Id); } })).Error);
        Assert.Equal(Busy, (await Ef(async context => { await foreach (var row in context.Samples.AsAsyncEnumerable()) { await context.Samples.FirstAsync(other => other.Id == row.Id); } })).Error);
        Assert.Equal(Busy, (await Ef(async context => { foreach (var _ in context.Samples) { await context.Database.GetDbConnection().ExecuteAsync("SELECT 1"); } })).Error);
        Assert.Equal(Busy, (await Ef(async context => { foreach (var row in context.Samples) { await context.Samples.FindAsync(-row.Id); } })).Error);
        var saved = await Ef(async context => { foreach (var row in context.Samples) { row.Name += "!"; await context.SaveChangesAsync(); } });
        Assert.Equal(nameof(DbUpdateException), saved.Exception?.GetType().Name);
        Assert.IsType<NpgsqlOperationInProgressException>(saved.Exception?.InnerException);
        Assert.Null((await Ef(async context => { foreach (var row in context.Samples.ToList()) { row.Name += "!"; await context.SaveChangesAsync(); } })).Error);
    }

    /// <summary>Where EF Core may have to repeat a query, or splits it, it reads all rows first. Nothing to save, or an entity at hand, is no trip.</summary>
    [Fact]
    public async Task EF_Core_does_not_block_where_it_buffers_or_has_nothing_to_do()
    {
        Assert.Null((await Configured(options => options.UseNpgsql(npgsql => npgsql.EnableRetryOnFailure()), Loop)).Error);
        Assert.Null((await Configured(options => options.UseNpgsql(npgsql => npgsql.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery)), Loop)).Error);
        Assert.Equal(Busy, (await Configured(_ => { }, Loop)).Error);
        Assert.Null((await Ef(async context => { foreach (var row in context.Samples.AsSplitQuery()) { await context.Samples.CountAsync(other => other.Id == row.Id); } })).Error);
        Assert.Null((await Ef(async context => { foreach (var row in context.Samples) { await context.Samples.FindAsync(row.Id); await context.SaveChangesAsync(); } })).Error);

        static async Task Loop(SamplesContext context)
        {
            foreach (var row in context.Samples)
            {
                await context.Samples.CountAsync(other => other.Id == row.Id);
            }
        }
    }

    [Fact]
    public async Task Operations_at_once_fail_on_one_connection()
    {
        Assert.Equal(Busy, (await Connected(connection => Task.WhenAll(connection.QueryAsync<int>(Slow), connection.QueryAsync<int>(Slow)))).Error);
        Assert.Equal(Busy, (await Connected(connection => Task.WhenAll(new[] { 1, 2 }.Select(async _ => await connection.QueryAsync<int>(Slow))))).Error);
        Assert.Null((await Connected(async connection => { await connection.QueryAsync<int>(Slow); await connection.QueryAsync<int>(Slow); })).Error);
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        Assert.Null((await Outcome.OfAsync(async () => await Task.WhenAll(source.CreateCommand(Slow).ExecuteScalarAsync(), source.CreateCommand(Slow).ExecuteScalarAsync()))).Error);
    }

    [Fact]
    public async Task Operations_at_once_fail_on_one_context()
    {
        var outcome = await Ef(async context =>
        {
            // A query that EF Core must compile first may start too late to meet the other one.
            await context.Samples.ToListAsync();
            await Task.WhenAll(context.Database.ExecuteSqlRawAsync("SELECT pg_sleep(1)"), context.Samples.ToListAsync());
        });
        Assert.Equal(nameof(InvalidOperationException), outcome.Error);
        Assert.Contains("A second operation was started on this context instance", outcome.Exception!.Message);
    }

    private Task<Outcome> Ef(Func<SamplesContext, Task> work) => Database.Ef(async context =>
    {
        await work(context);
        return null;
    });

    private sealed class ConfiguredContext(string connectionString, Action<DbContextOptionsBuilder> configure) : SamplesContext(connectionString)
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder)
        {
            base.OnConfiguring(optionsBuilder);
            configure(optionsBuilder);
        }
    }
}
