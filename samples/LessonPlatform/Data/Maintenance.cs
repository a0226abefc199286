using Dapper;
using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>What administrators do: publish, change defaults, tidy up.</summary>
public sealed class Maintenance(LessonDbContext db, NpgsqlDataSource dataSource)
{
    // Should tell the workers that a lesson is out. Its fault: NOTIFY takes no parameter, so the message is pasted.
    public async Task PublishAsync(string message, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand($"NOTIFY lesson_published, '{message}'");
        //                                                                             ^^^^^^^^^ DBS1003
        await command.ExecuteNonQueryAsync(ct);
    }

    // The same, clean: pg_notify is a function, and takes a parameter.
    public async Task PublishSafelyAsync(string message, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("SELECT pg_notify('lesson_published', @message)");
        command.Parameters.AddWithValue("message", message);
        await command.ExecuteNonQueryAsync(ct);
    }

    // Should change the status that a new lesson starts with. Its fault: DDL takes no parameter, so the status is pasted.
    public async Task SetDefaultStatusAsync(string status)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(string.Format("ALTER TABLE lessons ALTER COLUMN status SET DEFAULT '{0}'", status));
        //                                                                                                       ^^^^^^ DBS1003
    }

    // Should mark sessions as abandoned that nobody touched for a while. Its fault: a DO block takes no parameter, so the age is pasted.
    public int AbandonOlderThan(string age) =>
        db.Database.ExecuteSqlRaw(
            $"DO $$ BEGIN UPDATE conversation_sessions SET status = 'abandoned' WHERE updated_at < now() - interval '{age}'; END $$");
            //                                                                                                       ^^^^^ DBS1003

    // Refreshes the statistics of the busiest tables. Clean: the names are constants.
    public async Task VacuumAsync()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        foreach (var table in new[] { "conversation_messages", "conversation_interactions", "lesson_versions" })
            await connection.ExecuteAsync($"VACUUM ANALYZE {table}");
    }

    // Refreshes the statistics of the lessons. Clean: the name comes from EF Core's own model.
    public Task AnalyzeLessonsAsync(CancellationToken ct)
    {
        var table = db.Model.FindEntityType(typeof(Lesson))!.GetTableName();
        return db.Database.ExecuteSqlRawAsync($"ANALYZE {table}", ct);
    }
}
