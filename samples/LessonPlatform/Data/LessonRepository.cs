using Dapper;
using LessonPlatform.Models;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Lessons and their versions, on Dapper over an <see cref="NpgsqlConnection"/>.</summary>
public sealed class LessonRepository(NpgsqlDataSource dataSource)
{
    private const string Select =
        "SELECT id, can_do_id, title, status, difficulty, tags, estimated_minutes, created_at, updated_at FROM lessons";

    private static readonly string[] SortColumns = ["title", "status", "created_at", "estimated_minutes"];

    // Loads one lesson. Clean.
    public async Task<Lesson?> GetAsync(Guid id)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Lesson>($"{Select} WHERE id = @id", new { id });
    }

    // Lists lessons in an order from an allow-list. Clean: what is not in the list never reaches the text.
    public async Task<IEnumerable<Lesson>> ListAsync(string sort)
    {
        if (!SortColumns.Contains(sort))
            throw new ArgumentException("Lessons can't be sorted by that.", nameof(sort));
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>($"{Select} ORDER BY {sort}");
    }

    // Should list lessons in any order. Its fault: without the list, the text behind ORDER BY is the caller's.
    public async Task<IEnumerable<Lesson>> SortedAsync(string sort)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>($"{Select} ORDER BY {sort}");
        //                                                             ^^^^^^ DBS1002
    }

    // Should find a lesson by its title. Its fault: the plainest of all, a value between quotes.
    public async Task<IEnumerable<Lesson>> ByTitleAsync(string title)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>($"SELECT * FROM lessons WHERE title = '{title}'");
        //                                                                                ^^^^^^^ DBS1001
    }

    // Should list lessons in some statuses. Its fault: the IN list is joined from input.
    public async Task<IEnumerable<Lesson>> ByStatusesAsync(string[] statuses)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>(
            Select + " WHERE status IN ('" + string.Join("', '", statuses) + "') ORDER BY title");
            //               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
            //                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS1001
    }

    // The same list, the text clean: one array parameter. Its fault is left to the migrations: no index on the status.
    public async Task<IEnumerable<Lesson>> ByStatusesSafelyAsync(string[] statuses)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>(Select + " WHERE status = ANY(@statuses) ORDER BY title", new { statuses });
        //                                                          ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
    }

    // Should list lessons with a tag. Its fault: the tag is pasted into an array literal, in a CommandDefinition.
    public async Task<IEnumerable<Lesson>> ByTagAsync(string tag, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var command = new CommandDefinition($"SELECT * FROM lessons WHERE tags @> '{{{tag}}}'", cancellationToken: ct);
        //                                                                           ^^^^^ DBS1001
        return await connection.QueryAsync<Lesson>(command);
    }

    // Should list lessons of a level. Its fault: the enum's name is pasted; it can't do harm, but it is six statements instead of one.
    public async Task<IEnumerable<Lesson>> ByDifficultyAsync(Difficulty difficulty)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>($"{Select} WHERE difficulty = '{difficulty}'");
        //                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
        //                                                                        ^^^^^^^^^^^^ DBS1004
    }

    // Lists the versions of a lesson. Clean.
    public async Task<IEnumerable<LessonVersion>> VersionsAsync(Guid lessonId)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<LessonVersion>(
            "SELECT id, lesson_id, version, lesson_plan, change_note, created_at " +
            "FROM lesson_versions WHERE lesson_id = @lessonId ORDER BY version",
            new { lessonId });
    }

    // Should load one version. Its fault: the number is concatenated.
    public async Task<LessonVersion?> VersionAsync(Guid lessonId, int version)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var sql = "SELECT * FROM lesson_versions WHERE lesson_id = @lessonId AND version = " + version;
        //                                                                                     ^^^^^^^ DBS1004
        return await connection.QueryFirstOrDefaultAsync<LessonVersion>(sql, new { lessonId });
    }

    // Creates a lesson with its first version. Clean, and in one transaction.
    public async Task<Guid> CreateAsync(NewLesson lesson)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var id = await connection.ExecuteScalarAsync<Guid>(
            "INSERT INTO lessons (can_do_id, title, difficulty, tags) VALUES (@CanDoId, @Title, @level::difficulty, @Tags) RETURNING id",
            new { lesson.CanDoId, lesson.Title, level = lesson.Difficulty.ToString(), lesson.Tags }, transaction);
        await connection.ExecuteAsync(
            "INSERT INTO lesson_versions (lesson_id, version, lesson_plan) VALUES (@id, 1, @LessonPlan::jsonb)",
            new { id, lesson.LessonPlan }, transaction);
        await transaction.CommitAsync();
        return id;
    }
}
