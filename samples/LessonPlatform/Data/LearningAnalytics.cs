using Dapper;
using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Who learns what, on EF Core and Dapper: questions that are quick as long as the tables are small.</summary>
public sealed class LearningAnalytics(LessonDbContext db, NpgsqlDataSource dataSource)
{
    // Should list the sessions of a learner of one type. Its fault: no index begins with the learner, so all sessions are read.
    public Task<List<ConversationSession>> SessionsOfTypeAsync(Guid userId, string type, CancellationToken ct) =>
        db.ConversationSessions
            .AsNoTracking()
            .Where(session => session.UserId == userId && session.SessionType == type)
            //                ^^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
            .ToListAsync(ct);

    // Should count the sessions of a learner in a status. Its fault: as above, and the best index is another one.
    public async Task<long> CountInStatusAsync(Guid userId, string status)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM conversation_sessions WHERE user_id = @userId AND status = @status", new { userId, status });
            //                                                ^^^^^^^^^^^^^^^^^ DBS4001
    }

    // Should count what one role said in all sessions. Its fault: all messages are read, the longest table of all.
    public async Task<long> CountOfRoleAsync(string role, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("SELECT count(*) FROM conversation_messages WHERE role = $1");
        //                                                                                                   ^^^^^^^^^ DBS4001
        command.Parameters.Add(new() { Value = role });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    // Should show the messages that came in last. Its fault: no index gives the order, so all messages are sorted for twenty of them.
    public Task<List<ConversationMessage>> NewestMessagesAsync(CancellationToken ct) =>
        db.ConversationMessages.AsNoTracking().OrderByDescending(message => message.CreatedAt).Take(20).ToListAsync(ct);
        //                                                                  ^^^^^^^^^^^^^^^^^ DBS4004

    // Should tell how well a learner knows a concept. Its fault: both columns find few rows, and no index begins with either.
    public async Task<decimal?> MasteryAsync(Guid userId, string conceptId)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<decimal?>("""
            SELECT avg(mastery_level)
            FROM conversation_interactions
            WHERE user_id = @userId AND concept_id = @conceptId
            """, new { userId, conceptId });
        // DBS4001@-2: user_id = @userId
    }

    // Should show the last runs through a lesson. Its fault: the index finds the lesson's runs, and all of them are sorted for ten.
    public Task<List<LessonSession>> LastRunsAsync(Guid lessonId, CancellationToken ct) =>
        db.LessonSessions
            .AsNoTracking()
            .Where(run => run.LessonId == lessonId)
            .OrderByDescending(run => run.StartedAt)
            //                        ^^^^^^^^^^^^^ DBS4004
            .Take(10)
            .ToListAsync(ct);

    // Loads one version of a lesson. Clean: the unique index holds both columns.
    public Task<LessonVersion?> VersionAsync(Guid lessonId, int version, CancellationToken ct) =>
        db.LessonVersions.AsNoTracking().SingleOrDefaultAsync(v => v.LessonId == lessonId && v.Version == version, ct);

    // Counts the talks about a lesson. Clean: its index finds them.
    public async Task<long> CountTalksAsync(Guid lessonId)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM conversation_sessions WHERE lesson_id = @lessonId", new { lessonId });
    }
}
