using Dapper;
using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Finding rows by what stands in their JSON, on EF Core, Dapper and Npgsql. The values are parameters everywhere; what is missing is the indexes.</summary>
public sealed class JsonSearch(LessonDbContext db, NpgsqlDataSource dataSource)
{
    // Should list the learners who know something already. Its fault: @> is served by a GIN index, and by no other.
    public async Task<IEnumerable<UserProfile>> KnowingAsync(string knowledge)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<UserProfile>("SELECT * FROM user_profiles WHERE previous_knowledge @> @knowledge::jsonb", new { knowledge });
        //                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4002
    }

    // Should list the learners who need the language for something. Its fault: EF Core writes @> as well.
    public Task<List<UserProfile>> NeedingAsync(string context, CancellationToken ct) =>
        db.UserProfiles.AsNoTracking().Where(profile => EF.Functions.JsonContains(profile.UsageContext, context)).ToListAsync(ct);
        //                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4002

    // Should list the paths that hold some data. Its fault: each document is opened, and looked through.
    public Task<List<LearningPath>> PathsWithAsync(string data, CancellationToken ct) =>
        db.LearningPaths.AsNoTracking().Where(path => EF.Functions.JsonContains(path.PathData, data)).ToListAsync(ct);
        //                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4002

    // Should count the paths on which something was reached. Its fault: the same; the operator ? asks whether a key is there.
    public async Task<long> CountReachedAsync(string key, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("SELECT count(*) FROM learning_paths WHERE progress_data ? $1");
        //                                                                                            ^^^^^^^^^^^^^^^^^^ DBS4002
        command.Parameters.Add(new() { Value = key });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    // Should list the versions that have a step. Its fault: a plan is long, and all of them are opened.
    public async Task<IEnumerable<LessonVersion>> WithStepAsync(string step)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<LessonVersion>(
            "SELECT * FROM lesson_versions WHERE lesson_plan @> jsonb_build_object('steps', jsonb_build_array(@step::text))", new { step });
            //                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4002
    }

    // Should list the sessions with a context. Its fault: no GIN index on it.
    public async Task<IEnumerable<ConversationSession>> WithContextAsync(string context)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<ConversationSession>("SELECT * FROM conversation_sessions WHERE conversation_context @> @context::jsonb", new { context });
        //                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4002
    }

    // Should list the sessions about a topic. Its fault: ->> makes a text of one part, which a GIN index on the column does not serve:
    // it takes an index on this very expression, or the query above.
    public async Task<IEnumerable<ConversationSession>> AboutAsync(string topic)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<ConversationSession>("""
            SELECT id, title, status
            FROM conversation_sessions
            WHERE conversation_context ->> 'topic' = @topic
            """, new { topic });
        // DBS4002@-2: conversation_context ->> 'topic' = @topic
    }

    // Should list the interactions about something. Its fault: no GIN index on the metadata.
    public async Task<IEnumerable<ConversationInteraction>> TaggedAsync(string metadata)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<ConversationInteraction>(
            "SELECT * FROM conversation_interactions WHERE metadata @> @metadata::jsonb ORDER BY created_at", new { metadata });
            //                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4002
    }

    // Lists the paths of a level. Clean: there is an index on this expression.
    public Task<List<LearningPath>> OfLevelAsync(string level, CancellationToken ct) =>
        db.LearningPaths.FromSql($"SELECT * FROM learning_paths WHERE path_data ->> 'level' = {level}").AsNoTracking().ToListAsync(ct);

    // Lists the lessons with all of some tags. Clean: their GIN index serves @> of arrays.
    public async Task<IEnumerable<Lesson>> WithTagsAsync(string[] tags)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>("SELECT id, title, status FROM lessons WHERE tags @> @tags", new { tags });
    }
}
