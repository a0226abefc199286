using System.Text;
using LessonPlatform.Models;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Conversation sessions, on plain Npgsql.</summary>
public sealed class SessionRepository(NpgsqlDataSource dataSource)
{
    private const string Columns =
        "id, user_id, lesson_id, session_type, status, title, conversation_context, created_at, updated_at";

    // Should list the sessions of a learner, newest first. The text is clean: positional parameter, constant columns.
    // Its fault is that no index begins with user_id.
    public async Task<List<ConversationSession>> ListAsync(Guid userId, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            $"SELECT {Columns} FROM conversation_sessions WHERE user_id = $1 ORDER BY created_at DESC");
            //                                                  ^^^^^^^^^^^^ DBS4001
        command.Parameters.Add(new() { Value = userId });
        return await ReadAsync(command, ct);
    }

    // Lists the sessions of a learner in the order asked for. Clean but for the index: the column comes from a closed set of constants.
    public async Task<List<ConversationSession>> SortedAsync(Guid userId, string? sort, CancellationToken ct)
    {
        var column = sort switch
        {
            "title" => "title",
            "status" => "status",
            _ => "created_at",
        };
        await using var command = dataSource.CreateCommand(
            $"SELECT {Columns} FROM conversation_sessions WHERE user_id = $1 ORDER BY {column}");
            //                                                  ^^^^^^^^^^^^ DBS4001
        command.Parameters.Add(new() { Value = userId });
        return await ReadAsync(command, ct);
    }

    // Loads several sessions at once. Clean: what is pasted is a generated list of placeholders.
    public async Task<List<ConversationSession>> ByIdsAsync(Guid[] ids, CancellationToken ct)
    {
        if (ids.Length == 0)
            return [];
        var placeholders = string.Join(", ", ids.Select((_, i) => "$" + (i + 1)));
        await using var command = dataSource.CreateCommand($"SELECT {Columns} FROM conversation_sessions WHERE id IN ({placeholders})");
        foreach (var id in ids)
            command.Parameters.Add(new() { Value = id });
        return await ReadAsync(command, ct);
    }

    // Should load one session. Its fault: the id is pasted; a Guid carries no SQL, but each id makes a
    // new statement text, so no plan is reused.
    public async Task<ConversationSession?> GetAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM conversation_sessions WHERE id = '{id}'", connection);
        //                                                                                                    ^^^^ DBS1004
        return (await ReadAsync(command, ct)).FirstOrDefault();
    }

    // Should list the sessions in a status. Its fault: the status is pasted between quotes, so that ' OR true -- lists everybody's.
    public async Task<List<ConversationSession>> ByStatusAsync(string status, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM conversation_sessions WHERE status = '{status}' ORDER BY created_at DESC", connection);
            //                                                  ^^^^^^^^^^^^^^^^^^^ DBS4001
            //                                                            ^^^^^^^^ DBS1001
        return await ReadAsync(command, ct);
    }

    // Should list the newest sessions. Its fault: the limit comes as text from the query string and is appended without quotes.
    public async Task<List<ConversationSession>> NewestAsync(string limit, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT " + Columns + " FROM conversation_sessions ORDER BY created_at DESC LIMIT " + limit;
        //                                                                       ^^^^^^^^^^^^^^^^^^^^^^^^ DBS4004
        //                                                                                                          ^^^^^ DBS1001
        return await ReadAsync(command, ct);
    }

    // Should list the sessions of a type. Its fault: string.Format is still text, the value fills a quoted hole.
    public async Task<List<ConversationSession>> ByTypeAsync(string sessionType, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            string.Format("SELECT {0} FROM conversation_sessions WHERE session_type = '{1}'", Columns, sessionType));
            //                                                         ^^^^^^^^^^^^^^^^^^^^ DBS4001
            //                                                                                         ^^^^^^^^^^^ DBS1001
        return await ReadAsync(command, ct);
    }

    // Should search titles, optionally within a status. Its faults: every piece of input is appended to the text, the page size too.
    public async Task<List<ConversationSession>> SearchAsync(string title, string? status, int take, CancellationToken ct)
    {
        var sql = new StringBuilder("SELECT ").Append(Columns).Append(" FROM conversation_sessions WHERE title ILIKE '%");
        sql.Append(title).Append("%'");
        //         ^^^^^ DBS1001
        if (status is not null)
            sql.Append(" AND status = '").Append(status).Append('\'');
            //         ^^^^^^^^^^^^^^^^^ DBS4001
            //                                   ^^^^^^ DBS1001
        sql.Append(" ORDER BY created_at LIMIT ").Append(take);
        //                                               ^^^^ DBS1004
        await using var command = dataSource.CreateCommand(sql.ToString());
        return await ReadAsync(command, ct);
    }

    // The same search, clean but for the index: the StringBuilder collects constants only, the values are parameters.
    public async Task<List<ConversationSession>> SearchSafelyAsync(string title, string? status, int take, CancellationToken ct)
    {
        var sql = new StringBuilder("SELECT ").Append(Columns).Append(" FROM conversation_sessions WHERE title ILIKE @pattern");
        if (status is not null)
            sql.Append(" AND status = @status");
            //               ^^^^^^^^^^^^^^^^ DBS4001
        sql.Append(" ORDER BY created_at LIMIT @take");
        await using var command = dataSource.CreateCommand(sql.ToString());
        command.Parameters.AddWithValue("pattern", "%" + title + "%");
        if (status is not null)
            command.Parameters.AddWithValue("status", status);
        command.Parameters.AddWithValue("take", take);
        return await ReadAsync(command, ct);
    }

    // Starts a session. Clean: named parameters.
    public async Task<Guid> CreateAsync(NewSession session, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            "INSERT INTO conversation_sessions (user_id, session_type, title) VALUES (@userId, @sessionType, @title) RETURNING id",
            connection)
        {
            Parameters = { new("userId", session.UserId), new("sessionType", session.SessionType), new("title", session.Title) },
        };
        return (Guid)(await command.ExecuteScalarAsync(ct))!;
    }

    // Should note the topic in the session's context. Its fault: the topic is pasted into a JSON literal, where a quote
    // ends either of both.
    public async Task<int> SetTopicAsync(Guid id, string topic, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            $"UPDATE conversation_sessions SET conversation_context = conversation_context || '{{\"topic\": \"{topic}\"}}' WHERE id = @id");
            //                                                                                                ^^^^^^^ DBS1001
        command.Parameters.AddWithValue("id", id);
        return await command.ExecuteNonQueryAsync(ct);
    }

    // Should close a session and stamp its messages, in one batch. Its fault: the first statement gets the
    // new status by pasting, through a local.
    public async Task<int> CloseAsync(Guid id, string status, CancellationToken ct)
    {
        var close = $"UPDATE conversation_sessions SET status = '{status}', updated_at = now() WHERE id = $1";
        //                                                       ^^^^^^^^ DBS1001
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(close) { Parameters = { new() { Value = id } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE conversation_messages SET updated_at = now() WHERE session_id = $1")
        //                                                                                                        ^^^^^^^^^^^^^^^ DBS4001
        {
            Parameters = { new() { Value = id } },
        });
        return await batch.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<ConversationSession>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        var sessions = new List<ConversationSession>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            sessions.Add(new ConversationSession
            {
                Id = reader.GetGuid(0),
                UserId = reader.GetGuid(1),
                LessonId = reader.IsDBNull(2) ? null : reader.GetGuid(2),
                SessionType = reader.GetString(3),
                Status = reader.GetString(4),
                Title = reader.GetString(5),
                ConversationContext = reader.GetString(6),
                CreatedAt = reader.GetDateTime(7),
                UpdatedAt = reader.GetDateTime(8),
            });
        }

        return sessions;
    }
}
