using System.Collections.Immutable;
using System.Text.Json;
using DbSafety.Postgres.Tests.Server;
using Npgsql;

namespace DbSafety.Postgres.Tests.Indexing;

/// <summary>
/// A database whose plans are read, on one connection. Its default collation is not C, as it mostly is in production: the fixture's own databases sort by C, where any btree serves
/// LIKE 'abc%'.
/// </summary>
internal sealed class PlanDatabase : IAsyncDisposable
{
    private readonly TestDatabase _near;
    private readonly string _name;
    private readonly NpgsqlConnection _connection;

    private PlanDatabase(TestDatabase near, string name, NpgsqlConnection connection)
    {
        _near = near;
        _name = name;
        _connection = connection;
    }

    /// <summary>Makes one beside a test's database.</summary>
    public static async Task<PlanDatabase> CreateAsync(TestDatabase near)
    {
        var name = near.Name + "_plans";
        await ExecuteAsync(near.ConnectionString, $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'");
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(near.ConnectionString) { Database = name }.ConnectionString);
        await connection.OpenAsync();
        var database = new PlanDatabase(near, name, connection);
        await database.ExecuteAsync("SET plan_cache_mode = force_custom_plan; SET jit = off; SET synchronous_commit = off; SET max_parallel_workers_per_gather = 0");
        return database;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a query, sorted, as text.</summary>
    public async Task<ImmutableArray<string>> RowsAsync(string sql)
    {
        await using var command = new NpgsqlCommand($"SELECT x::text FROM ({sql}) x ORDER BY 1", _connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = ImmutableArray.CreateBuilder<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows.ToImmutable();
    }

    /// <summary>The plan of a statement.</summary>
    public async Task<Plan> ExplainAsync(string sql)
    {
        await using var command = new NpgsqlCommand("EXPLAIN (FORMAT JSON, COSTS off) " + sql, _connection);
        using var document = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        return Plan.Of(document.RootElement[0].GetProperty("Plan"));
    }

    /// <summary>The leading keys of all indexes, as the server prints them.</summary>
    public async Task<ImmutableDictionary<string, string>> LeadingKeysAsync()
    {
        await using var command = new NpgsqlCommand("SELECT c.relname::text, pg_get_indexdef(i.indexrelid, 1, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid", _connection);
        await using var reader = await command.ExecuteReaderAsync();
        var keys = ImmutableDictionary.CreateBuilder<string, string>();
        while (await reader.ReadAsync())
        {
            keys[reader.GetString(0)] = reader.GetString(1);
        }

        return keys.ToImmutable();
    }

    /// <summary>Fills the tables with rows that are always the same: by the types of their columns, with some nulls, and values that repeat.</summary>
    public async Task FillAsync(string table, int rows)
    {
        var columns = new List<(string Name, string Value)>();
        await using (var command = new NpgsqlCommand(
            "SELECT a.attname::text, format_type(a.atttypid, NULL), a.attnotnull FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum", _connection))
        {
            command.Parameters.AddWithValue(table);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var value = Value(reader.GetString(1), reader.GetString(0), columns.Count);
                columns.Add((reader.GetString(0), reader.GetBoolean(2) ? value : $"CASE WHEN i % 13 <> {columns.Count % 13} THEN {value} END"));
            }
        }

        await ExecuteAsync($"INSERT INTO {table} ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))}) OVERRIDING SYSTEM VALUE "
            + $"SELECT {string.Join(", ", columns.Select(column => column.Value))} FROM generate_series(1, {rows}) i ON CONFLICT DO NOTHING");
    }

    // The first column, and each that is called id or email, has a value of its own in each row.
    private static string Value(string type, string name, int column)
    {
        var number = column == 0 || name is "id" or "email" ? "i" : $"(i * {7 + (column * 2)} % {50 + (column * 37)})";
        return type switch
        {
            "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" => $"{number}::{type}",
            "text" or "character varying" or "character" or "citext" or "name" => $"('v' || {number})::{type}",
            "boolean" => $"(i % {2 + column} = 0)",
            "uuid" => $"md5({number}::text)::uuid",
            "date" => $"('2020-01-01'::date + {number}::int)",
            "timestamp without time zone" or "timestamp with time zone" => $"('2020-01-01'::{type} + {number} * interval '1 hour')",
            "time without time zone" => $"('00:00'::time + {number} * interval '1 minute')",
            "interval" => $"({number} * interval '1 minute')",
            "mood" => $"(CASE i % 2 WHEN 0 THEN 'ok' ELSE 'sad' END)::mood",
            "jsonb" => $"jsonb_build_object('k', 'v' || {number}, 'n', {number}, 'tags', jsonb_build_array({number}, 'a'), 'o', jsonb_build_object('p', {number}))",
            "integer[]" or "bigint[]" => $"ARRAY[{number}, {number} + 1]::{type}",
            "text[]" or "character varying[]" => $"ARRAY['v' || {number}, 'w' || ({number} % 7)]::{type}",
            "tsvector" => $"to_tsvector('simple', 'word' || {number} || ' other')",
            "inet" => $"('10.0.0.0'::inet + {number}::int)",
            "bytea" => $"decode(md5({number}::text), 'hex')",
            "int4range" => $"int4range({number}::int, {number}::int + 5)",
            "tstzrange" => $"tstzrange('2020-01-01'::timestamptz + {number} * interval '1 hour', '2020-01-01'::timestamptz + ({number} + 3) * interval '1 hour')",
            _ => "NULL",
        };
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await ExecuteAsync(_near.ConnectionString, $"DROP DATABASE {_name} WITH (FORCE)");
    }
}
