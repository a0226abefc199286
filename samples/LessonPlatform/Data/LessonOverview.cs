using Dapper;
using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Overviews of lessons and their sessions: what it costs to ask, or to write, once for each row.</summary>
public sealed class LessonOverview(NpgsqlDataSource dataSource, LessonDbContext db, ProfileRepository profiles)
{
    // Should list the sessions with the titles of their lessons. Its fault: one query for each session.
    public async Task<List<string>> TitlesAsync(IReadOnlyList<LessonSession> sessions)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var titles = new List<string>();
        foreach (var session in sessions)
        {
            var lesson = await connection.QuerySingleAsync<Lesson>("SELECT id, title FROM lessons WHERE id = @LessonId", new { session.LessonId });
            //                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS2001
            titles.Add(lesson.Title);
        }

        return titles;
    }

    // The same, clean: one query for all sessions.
    public async Task<List<string>> TitlesAtOnceAsync(IReadOnlyList<LessonSession> sessions)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var ids = sessions.Select(session => session.LessonId).Distinct().ToArray();
        var lessons = (await connection.QueryAsync<Lesson>("SELECT id, title FROM lessons WHERE id = ANY(@ids)", new { ids })).ToDictionary(lesson => lesson.Id);
        return sessions.Select(session => lessons[session.LessonId].Title).ToList();
    }

    // Should give the name of each session's learner. Its fault hides in the repository: a call in the loop runs a query.
    public async Task<List<string>> LearnersAsync(IReadOnlyList<LessonSession> sessions, CancellationToken ct)
    {
        var names = new List<string>();
        foreach (var session in sessions)
        {
            var profile = await profiles.GetAsync(session.UserId, ct);
            //                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS2001
            names.Add(profile?.DisplayName ?? "?");
        }

        return names;
    }

    // Should tell how far each version's lesson is. Its fault: EF Core asks once for each version.
    public async Task<int> OpenAsync(IReadOnlyList<LessonVersion> versions, CancellationToken ct)
    {
        var open = 0;
        foreach (var version in versions)
        {
            var lesson = await db.Lessons.FirstOrDefaultAsync(l => l.Id == version.LessonId, ct);
            //                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS2001
            if (lesson is { Status: "draft" })
                open++;
        }

        return open;
    }

    // Pages through all lessons. Clean: each page depends on the one before.
    public async Task<int> CountAsync(CancellationToken ct)
    {
        var count = 0;
        for (var page = 0; ; page++)
        {
            var lessons = await db.Lessons.OrderBy(l => l.Id).Skip(page * 100).Take(100).ToListAsync(ct);
            count += lessons.Count;
            if (lessons.Count < 100)
                return count;
        }
    }

    // Should record what was practised. Its fault: one INSERT, and one commit, for each concept.
    public async Task RecordAsync(IReadOnlyList<ConversationInteraction> practised)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        foreach (var one in practised)
        {
            await connection.ExecuteAsync("INSERT INTO learning_paths (user_id, name) VALUES (@UserId, @ConceptId)", one);
            //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS2002
            //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3001
        }
    }

    // Should score sessions against the average. Its fault: the average is asked for again and again, and is the same each time.
    public async Task<List<decimal>> AgainstAverageAsync(IReadOnlyList<LessonSession> sessions)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var differences = new List<decimal>();
        foreach (var session in sessions)
        {
            var average = await connection.QuerySingleAsync<decimal?>("SELECT avg(score) FROM lesson_sessions WHERE completed");
            //                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS2004
            differences.Add((session.Score ?? 0) - (average ?? 0));
        }

        return differences;
    }
}
