using System.Data;
using System.Transactions;
using Dapper;
using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;
using IsolationLevel = System.Data.IsolationLevel;

namespace LessonPlatform.Data;

/// <summary>Compiling a lesson takes several steps: the lesson, its version, its status. All of them, or none.</summary>
public sealed class LessonCompiler(NpgsqlDataSource dataSource, LessonDbContext db, IHttpClientFactory clients)
{
    private const string InsertLesson = "INSERT INTO lessons (can_do_id, title, status) VALUES (@CanDoId, @Title, 'compiling') RETURNING id";
    private const string InsertVersion = "INSERT INTO lesson_versions (lesson_id, version, lesson_plan) VALUES (@id, 1, @Plan::jsonb)";
    private const string Finish = "UPDATE lessons SET status = 'draft' WHERE id = @id";

    // Should compile a lesson. Its fault: a plan that is no JSON fails in the second step, and a lesson without a version stays, 'compiling' for ever.
    public async Task<Guid> CompileAsync(CompiledLesson lesson)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var id = await connection.QuerySingleAsync<Guid>(InsertLesson, lesson);
        await connection.ExecuteAsync(InsertVersion, new { id, lesson.Plan });
        //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3001
        await connection.ExecuteAsync(Finish, new { id });
        return id;
    }

    // The same, clean: all or nothing.
    public async Task<Guid> CompileSafelyAsync(CompiledLesson lesson)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var id = await connection.QuerySingleAsync<Guid>(InsertLesson, lesson, transaction);
        await connection.ExecuteAsync(InsertVersion, new { id, lesson.Plan }, transaction);
        await connection.ExecuteAsync(Finish, new { id }, transaction);
        await transaction.CommitAsync();
        return id;
    }

    // Should publish a lesson and close the talks about it. Its fault: SaveChanges and ExecuteUpdate are two transactions.
    public async Task PublishAsync(Guid id, CancellationToken ct)
    {
        var lesson = await db.Lessons.SingleAsync(l => l.Id == id, ct);
        lesson.Status = "published";
        await db.SaveChangesAsync(ct);
        await db.ConversationSessions.Where(s => s.LessonId == id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Status, "closed"), ct);
        //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3001
    }

    // Should write a version and note it with the lesson. Its fault: the second command takes a connection of its own, so the note stays when the version is rolled back.
    public async Task AddVersionAsync(Guid id, int version, string plan)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("INSERT INTO lesson_versions (lesson_id, version, lesson_plan) VALUES (@id, @version, @plan::jsonb)", new { id, version, plan }, transaction);
        await using var note = dataSource.CreateCommand("UPDATE lessons SET updated_at = now() WHERE id = @id");
        note.Parameters.AddWithValue("id", id);
        await note.ExecuteNonQueryAsync();
        //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3002
        await transaction.CommitAsync();
    }

    // Should rename a lesson. Its fault: nobody commits, so the old title is back as soon as the method returns.
    public async Task RenameAsync(Guid id, string title)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        //                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3003
        await connection.ExecuteAsync("UPDATE lessons SET title = @title WHERE id = @id", new { id, title }, transaction);
    }

    // Should archive a lesson and its talks. Its fault: the connection has a transaction already, so the second begin throws.
    public async Task ArchiveAsync(Guid id)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("UPDATE lessons SET status = 'archived' WHERE id = @id", new { id }, transaction);
        await using (var inner = await connection.BeginTransactionAsync())
        //                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3004
        {
            await connection.ExecuteAsync("UPDATE conversation_sessions SET status = 'closed' WHERE lesson_id = @id", new { id }, inner);
            await inner.CommitAsync();
        }

        await transaction.CommitAsync();
    }

    // Should take over all versions that are new. Its fault: the first that is known already ends the transaction; the rest fails, and the commit keeps nothing.
    public async Task ImportVersionsAsync(IReadOnlyList<LessonVersion> versions)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var version in versions)
        {
            try
            {
                await connection.ExecuteAsync("INSERT INTO lesson_versions (lesson_id, version, lesson_plan) VALUES (@LessonId, @Version, @LessonPlan::jsonb)", version, transaction);
                //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3005
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
            }
        }

        await transaction.CommitAsync();
    }

    // Should move the talks of one lesson to another. Its fault: the scope belongs to one thread, and does not follow the awaits.
    public async Task MoveTalksAsync(Guid from, Guid to)
    {
        using var scope = new TransactionScope();
        //                ^^^^^^^^^^^^^^^^^^^^^^ DBS3006
        //                ^^^^^^^^^^^^^^^^^^^^^^ DBS3013
        await using var connection = await dataSource.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE conversation_sessions SET lesson_id = @to WHERE lesson_id = @from", new { from, to });
        await connection.ExecuteAsync("UPDATE lessons SET status = 'archived' WHERE id = @from", new { from });
        scope.Complete();
    }

    // Should swap the titles of two lessons. Its fault: the connection was open before the scope, so it knows nothing of it.
    public async Task SwapTitlesAsync(Lesson one, Lesson other)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        //                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3013
        await connection.ExecuteAsync("UPDATE lessons SET title = @title WHERE id = @id", new { other.Title, one.Id });
        //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3007
        await connection.ExecuteAsync("UPDATE lessons SET title = @title WHERE id = @id", new { one.Title, other.Id });
        scope.Complete();
    }

    // Should start a lesson, again if the connection is lost on the way. Its fault: what the first attempt added is still tracked, so the second adds it twice.
    public Task StartAsync(Guid lessonId, Guid userId) => new NpgsqlRetryingExecutionStrategy(db).ExecuteAsync(async () =>
    {
        await db.LessonSessions.AddAsync(new LessonSession { LessonId = lessonId, UserId = userId, StartedAt = DateTime.UtcNow });
        //    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3008
        await db.SaveChangesAsync();
    });

    // Should make room after many lessons were deleted. Its fault: VACUUM refuses to run in a transaction.
    public async Task DeleteOldAsync(DateTime before)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("DELETE FROM lesson_versions WHERE created_at < @before", new { before }, transaction);
        await connection.ExecuteAsync("VACUUM lesson_versions", transaction: transaction);
        //                             ^^^^^^^^^^^^^^^^^^^^^^ DBS3009
        await transaction.CommitAsync();
    }

    // Should import lessons in bulk. Its fault: an import that is not completed is thrown away.
    public async Task ImportAsync(IEnumerable<Lesson> lessons, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var importer = await connection.BeginBinaryImportAsync("COPY lessons (can_do_id, title) FROM STDIN (FORMAT BINARY)", ct);
        //                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3010
        foreach (var lesson in lessons)
        {
            await importer.StartRowAsync(ct);
            await importer.WriteAsync(lesson.CanDoId, ct);
            await importer.WriteAsync(lesson.Title, ct);
        }
    }

    // Should let one compiler at a time take the next draft. Its faults: without a transaction the lock is gone before anything is done with the row,
    // and the index on created_at leads through all lessons that are no drafts.
    public async Task<Lesson?> TakeDraftAsync()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<Lesson>("SELECT * FROM lessons WHERE status = 'draft' ORDER BY created_at LIMIT 1 FOR UPDATE");
        //                                                                                    ^^^^^^^^^^^^^^^^ DBS4004
        //                                                                                                                                 ^^^^^^^^^^ DBS3011
    }

    // Should note what a reviewer says. Its fault: the row is locked until another service has answered.
    public async Task ReviewAsync(Guid id, Uri reviewer)
    {
        using var client = clients.CreateClient();
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("UPDATE lessons SET status = 'in review' WHERE id = @id", new { id }, transaction);
        var status = await client.GetStringAsync(reviewer);
        //                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3012
        await connection.ExecuteAsync("UPDATE lessons SET status = @status WHERE id = @id", new { id, status }, transaction);
        await transaction.CommitAsync();
    }

    // Should count a version up. Its fault: two at once, and one of them ends with 40001; nobody tries again.
    public async Task BumpAsync(Guid id)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable);
        //                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS3013
        await connection.ExecuteAsync("UPDATE lesson_versions SET version = version + 1 WHERE lesson_id = @id", new { id }, transaction);
        await transaction.CommitAsync();
    }
}
