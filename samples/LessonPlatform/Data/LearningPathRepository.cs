using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Learning paths, on EF Core, with Npgsql for the JSON updates.</summary>
public sealed class LearningPathRepository(LessonDbContext db, NpgsqlDataSource dataSource)
{
    // Lists the paths of a learner. Clean.
    public Task<List<LearningPath>> ListAsync(Guid userId, CancellationToken ct) =>
        db.LearningPaths.FromSqlInterpolated($"SELECT * FROM learning_paths WHERE user_id = {userId}").AsNoTracking().ToListAsync(ct);

    // Adds a path. Clean.
    public async Task<Guid> CreateAsync(NewLearningPath path, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            "INSERT INTO learning_paths (user_id, name, path_data) VALUES ($1, $2, $3::jsonb) RETURNING id");
        command.Parameters.Add(new() { Value = path.UserId });
        command.Parameters.Add(new() { Value = path.Name });
        command.Parameters.Add(new() { Value = path.PathData });
        return (Guid)(await command.ExecuteScalarAsync(ct))!;
    }

    // Should list the paths that end before a day. Its fault: the day is formatted into the text.
    public Task<List<LearningPath>> EndingAsync(DateOnly before, CancellationToken ct) =>
        db.LearningPaths
            .FromSqlRaw($"SELECT * FROM learning_paths WHERE target_date < '{before:yyyy-MM-dd}' ORDER BY target_date")
            //                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
            //                                                              ^^^^^^^^^^^^^^^^^^^ DBS1004
            .AsNoTracking()
            .ToListAsync(ct);

    // Should list the paths whose data hold a value under a key. Its fault: the value is a parameter, the key is pasted.
    public Task<List<LearningPath>> WithDataAsync(string key, string value, CancellationToken ct) =>
        db.LearningPaths
            .FromSqlRaw($"SELECT * FROM learning_paths WHERE path_data ->> '{key}' = {{0}}", value)
            //                                                              ^^^^^ DBS1001
            .AsNoTracking()
            .ToListAsync(ct);

    // Should count the paths of a name. Its fault: concatenation inside SqlQueryRaw.
    public Task<int> CountAsync(string name, CancellationToken ct) =>
        db.Database.SqlQueryRaw<int>("SELECT count(*)::int AS \"Value\" FROM learning_paths WHERE name = '" + name + "'").SingleAsync(ct);
        //                                                                                        ^^^^^^^^^^^^^^^^^^^^^ DBS4001
        //                                                                                                    ^^^^ DBS1001

    // Should store a learner's progress. Its fault: the JSON document is pasted as a literal.
    public async Task<int> SetProgressAsync(Guid id, string progress, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand($"UPDATE learning_paths SET progress_data = '{progress}'::jsonb WHERE id = $1");
        //                                                                                              ^^^^^^^^^^ DBS1001
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(ct);
    }
}
