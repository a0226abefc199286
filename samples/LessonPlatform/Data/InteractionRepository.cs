using LessonPlatform.Models;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>What learners practised, on Npgsql and its batches.</summary>
public sealed class InteractionRepository(NpgsqlDataSource dataSource)
{
    private const string Columns =
        "id, message_id, session_id, user_id, interaction_type, concept_id, mastery_level, confidence_self_reported, next_review_date, " +
        "metadata, created_at";

    // Should list the interactions of a learner. The text is clean; its fault is that no index begins with user_id.
    public async Task<List<ConversationInteraction>> ListAsync(Guid userId, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT " + Columns + " FROM conversation_interactions WHERE user_id = @userId ORDER BY created_at");
            //                                                           ^^^^^^^^^^^^^^^^^ DBS4001
        command.Parameters.AddWithValue("userId", userId);
        return await ReadAsync(command, ct);
    }

    // Should list what is due for review. Its fault: the moment is formatted into the text.
    public async Task<List<ConversationInteraction>> DueAsync(DateTime until, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM conversation_interactions WHERE next_review_date <= '{until:O}'";
        //                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
        //                                                                                                 ^^^^^^^^^ DBS1004
        return await ReadAsync(command, ct);
    }

    // Should list the interactions with a concept. Its fault: the parameter is supplied, but its placeholder is quoted.
    // The answer is always empty.
    public async Task<List<ConversationInteraction>> ByConceptAsync(string concept, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM conversation_interactions WHERE concept_id = '@concept'", connection);
            //                                                      ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
            //                                                                   ^^^^^^^^^^ DBS1005
        command.Parameters.AddWithValue("concept", concept);
        return await ReadAsync(command, ct);
    }

    // Records an interaction and touches its session, in one batch. Clean: each batch command has parameters of its own.
    public async Task<int> AddAsync(Guid sessionId, NewInteraction interaction, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "INSERT INTO conversation_interactions (session_id, user_id, interaction_type, concept_id, mastery_level) " +
            "VALUES ($1, $2, $3, $4, $5)")
        {
            Parameters =
            {
                new() { Value = sessionId },
                new() { Value = interaction.UserId },
                new() { Value = interaction.InteractionType },
                new() { Value = interaction.ConceptId },
                new() { Value = interaction.MasteryLevel },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE conversation_sessions SET updated_at = now() WHERE id = $1")
        {
            Parameters = { new() { Value = sessionId } },
        });
        return await batch.ExecuteNonQueryAsync(ct);
    }

    // Should forget interactions of some types. Its fault: an IN list is joined with quotes between, here as a batch command's text.
    public async Task<int> ForgetAsync(Guid userId, string[] types, CancellationToken ct)
    {
        await using var batch = dataSource.CreateBatch();
        var forget = new NpgsqlBatchCommand();
        forget.CommandText = $"DELETE FROM conversation_interactions WHERE user_id = $1 AND interaction_type IN ('{string.Join("','", types)}')";
        //                                                                 ^^^^^^^^^^^^ DBS4001
        //                                                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS1001
        forget.Parameters.Add(new() { Value = userId });
        batch.BatchCommands.Add(forget);
        return await batch.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<ConversationInteraction>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        var interactions = new List<ConversationInteraction>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            interactions.Add(new ConversationInteraction
            {
                Id = reader.GetGuid(0),
                MessageId = reader.IsDBNull(1) ? null : reader.GetGuid(1),
                SessionId = reader.GetGuid(2),
                UserId = reader.GetGuid(3),
                InteractionType = reader.GetString(4),
                ConceptId = reader.GetString(5),
                MasteryLevel = reader.GetInt32(6),
                ConfidenceSelfReported = reader.IsDBNull(7) ? null : reader.GetInt32(7),
                NextReviewDate = reader.IsDBNull(8) ? null : reader.GetDateTime(8),
                Metadata = reader.GetString(9),
                CreatedAt = reader.GetDateTime(10),
            });
        }

        return interactions;
    }
}
