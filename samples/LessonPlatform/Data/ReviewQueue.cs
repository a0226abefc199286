using Dapper;
using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>What is to be practised again, and when. Most interactions are never reviewed: their date is null.</summary>
public sealed class ReviewQueue(LessonDbContext db, NpgsqlDataSource dataSource)
{
    // Should list what is due, for everybody. Its fault: all interactions are read. An index needs no more than the rows that have a date.
    public async Task<IEnumerable<ConversationInteraction>> DueAsync()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<ConversationInteraction>(
            "SELECT * FROM conversation_interactions WHERE next_review_date IS NOT NULL AND next_review_date <= now() ORDER BY next_review_date");
            //                                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
    }

    // Should list what is due for one learner. Its fault: the same, and the learner comes first in the index.
    public Task<List<ConversationInteraction>> DueForAsync(Guid userId, DateTime until, CancellationToken ct) =>
        db.ConversationInteractions
            .AsNoTracking()
            .Where(i => i.UserId == userId && i.NextReviewDate != null && i.NextReviewDate <= until)
            //          ^^^^^^^^^^^^^^^^^^ DBS4001
            .OrderBy(i => i.NextReviewDate)
            .ToListAsync(ct);

    // Should show the last three things that were practised in a session. Its fault: the index finds the session, and not the order.
    public async Task<IEnumerable<ConversationInteraction>> LastAsync(Guid sessionId)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<ConversationInteraction>(
            "SELECT * FROM conversation_interactions WHERE session_id = @sessionId ORDER BY created_at DESC LIMIT 3", new { sessionId });
            //                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^ DBS4004
    }

    // Puts off what was practised in a session. Clean: its index finds the few rows.
    public async Task<int> PostponeAsync(Guid sessionId, int days)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            "UPDATE conversation_interactions SET next_review_date = next_review_date + make_interval(days => @days) WHERE session_id = @sessionId",
            new { sessionId, days });
    }
}
