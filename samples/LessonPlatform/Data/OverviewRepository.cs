using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Numbers for the start page: several questions, one connection or context.</summary>
public sealed class OverviewRepository(LessonDbContext db, NpgsqlDataSource dataSource)
{
    // Should read the titles of the newest lessons, and note that somebody looked. Its fault: the reader is read to its end but still open.
    public async Task<List<string>> NewestTitlesAsync(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var newest = new NpgsqlCommand("SELECT title FROM lessons ORDER BY created_at DESC LIMIT 10", connection);
        var titles = new List<string>();
        await using var reader = await newest.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            titles.Add(reader.GetString(0));
        await connection.ExecuteAsync("UPDATE user_profiles SET updated_at = now() WHERE id IS NULL");
        //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS2007
        return titles;
    }

    // The same, clean: the reader is closed before the next command.
    public async Task<List<string>> NewestTitlesSafelyAsync(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var newest = new NpgsqlCommand("SELECT title FROM lessons ORDER BY created_at DESC LIMIT 10", connection);
        var titles = new List<string>();
        await using (var reader = await newest.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                titles.Add(reader.GetString(0));
        }

        await connection.ExecuteAsync("UPDATE user_profiles SET updated_at = now() WHERE id IS NULL");
        return titles;
    }

    // Should count lessons and sessions. Its fault: both questions at once on one context.
    public async Task<int> CountAsync(CancellationToken ct)
    {
        var lessons = db.Lessons.CountAsync(ct);
        var sessions = db.ConversationSessions.CountAsync(ct);
        //             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS2008
        return await lessons + await sessions;
    }

    // The same, clean: each command of a data source has a connection of its own.
    public async Task<long> CountSafelyAsync(CancellationToken ct)
    {
        await using var lessons = dataSource.CreateCommand("SELECT count(*) FROM lessons");
        await using var sessions = dataSource.CreateCommand("SELECT count(*) FROM conversation_sessions");
        var counts = await Task.WhenAll(lessons.ExecuteScalarAsync(ct), sessions.ExecuteScalarAsync(ct));
        return counts.Sum(count => (long)count!);
    }
}
