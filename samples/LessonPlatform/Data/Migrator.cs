using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Applies the files of <c>migrations/</c> in the order of their names, each once, each in its own transaction.</summary>
public static class Migrator
{
    public static async Task ApplyAsync(NpgsqlDataSource dataSource, ILogger logger)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using (var create = new NpgsqlCommand(
            "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
            connection))
        {
            await create.ExecuteNonQueryAsync();
        }

        var applied = new HashSet<string>();
        await using (var read = new NpgsqlCommand("SELECT name FROM schema_migrations", connection))
        await using (var reader = await read.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                applied.Add(reader.GetString(0));
        }

        var folder = Path.Combine(AppContext.BaseDirectory, "migrations");
        foreach (var file in Directory.GetFiles(folder, "*.sql").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            if (!applied.Contains(name))
                await ApplyAsync(connection, name, await File.ReadAllTextAsync(file), logger);
        }

        // The first migration creates an enum type, which this connection could not know when it was opened.
        await dataSource.ReloadTypesAsync();
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string name, string script, ILogger logger)
    {
        await using var transaction = await connection.BeginTransactionAsync();
#pragma warning disable DBS1003 // The script is a file of this deployment, not input.
        await using (var run = new NpgsqlCommand(script, connection, transaction))
#pragma warning restore DBS1003
        {
            await run.ExecuteNonQueryAsync();
        }

        await using (var record = new NpgsqlCommand("INSERT INTO schema_migrations (name) VALUES ($1)", connection, transaction))
        {
            record.Parameters.Add(new() { Value = name });
            await record.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        logger.LogInformation("Applied migration {Migration}", name);
    }
}
