using Dapper;
using LessonPlatform.Models;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Many lessons at once, on Dapper and Npgsql: lists as parameters, and lists of rows.</summary>
public sealed class BulkLessons(NpgsqlDataSource dataSource)
{
    // Should load some lessons. Its fault: Dapper writes no lists out on PostgreSQL, so the text stays as it is: 42601.
    public async Task<IEnumerable<Lesson>> LoadAsync(Guid[] ids)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>("SELECT * FROM lessons WHERE id IN @ids", new { ids });
        //                                                                         ^^^^^^^ DBS2009
    }

    // The same, clean: one array.
    public async Task<IEnumerable<Lesson>> LoadSafelyAsync(Guid[] ids)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<Lesson>("SELECT * FROM lessons WHERE id = ANY(@ids)", new { ids });
    }

    // Should archive all lessons but some. Its fault: an array is no value of the list that NOT IN takes: 42883.
    public async Task<int> ArchiveOthersAsync(List<Guid> kept, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            "UPDATE lessons SET status = 'archived' WHERE id NOT IN (@kept)");
            //                                               ^^^^^^^^^^^^^^ DBS2009
        command.Parameters.AddWithValue("kept", kept);
        return await command.ExecuteNonQueryAsync(ct);
    }

    // Should count the lessons with one of some titles. Its fault: Npgsql writes arrays and lists, and a set is neither: InvalidCastException.
    public async Task<int> CountTitlesAsync(HashSet<string> titles)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT count(*)::int FROM lessons WHERE title = ANY(@titles)", new { titles });
        //                                                                                                                    ^^^^^^ DBS2009
    }

    // Should note a version of many lessons. Its fault: one round trip for each of them, and what was written before a failure stays.
    public async Task<int> AddVersionsAsync(IReadOnlyList<LessonVersion> versions)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        const string sql = "INSERT INTO lesson_versions (lesson_id, version, lesson_plan, change_note) VALUES (@LessonId, @Version, @LessonPlan::jsonb, @ChangeNote)";
        return await connection.ExecuteAsync(sql, versions);
        //           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS2005
        //           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3001
    }

    // Should note that some lessons were reviewed. Clean: one statement for all of them.
    public async Task<int> ReviewAsync(IEnumerable<Guid> reviewed)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.ExecuteAsync("UPDATE lessons SET status = 'reviewed' WHERE id = ANY(@ids)", new { ids = reviewed.ToArray() });
    }
}
