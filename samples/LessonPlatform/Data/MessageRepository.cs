using System.Data;
using Dapper;
using LessonPlatform.Models;

namespace LessonPlatform.Data;

/// <summary>Conversation messages, on Dapper over whatever <see cref="IDbConnection"/> the container hands out.</summary>
public sealed class MessageRepository(IDbConnection connection)
{
    private const string Select =
        "SELECT id, session_id, role, content, message_order, created_at, updated_at FROM conversation_messages";

    // Should list the messages of a session in either direction. The text is clean: a parameter, and a direction that is one of two constants.
    // Its fault is that of all queries here: no index begins with session_id, so each reads the messages of everybody.
    public Task<IEnumerable<ConversationMessage>> ListAsync(Guid sessionId, bool newestFirst)
    {
        var direction = newestFirst ? "DESC" : "ASC";
        return connection.QueryAsync<ConversationMessage>(
            $"{Select} WHERE session_id = @sessionId ORDER BY message_order {direction}", new { sessionId });
            //               ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
    }

    // Should list the messages in the direction asked for. Its fault: the direction is the query string's own text.
    public Task<IEnumerable<ConversationMessage>> OrderedAsync(Guid sessionId, string direction) =>
        connection.QueryAsync<ConversationMessage>(
            $"{Select} WHERE session_id = @sessionId ORDER BY message_order {direction}", new { sessionId });
            //               ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
            //                                                              ^^^^^^^^^^^ DBS1002

    // Should return one page. Its faults: two numbers are pasted; harmless, but every page is a statement of its own.
    public Task<IEnumerable<ConversationMessage>> PageAsync(Guid sessionId, int page, int size)
    {
        var sql = $"{Select} WHERE session_id = @sessionId ORDER BY message_order LIMIT {size} OFFSET {page * size}";
        //                         ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
        //                                                                              ^^^^^^ DBS1004
        //                                                                                            ^^^^^^^^^^^^^ DBS1004
        return connection.QueryAsync<ConversationMessage>(sql, new { sessionId });
    }

    // Should list what one role said. Its fault: the placeholder stands between quotes, so it is the text '@role' and never bound.
    // The answer is always empty.
    public Task<IEnumerable<ConversationMessage>> ByRoleAsync(Guid sessionId, string role) =>
        connection.QueryAsync<ConversationMessage>(
            "SELECT * FROM conversation_messages WHERE session_id = @sessionId AND role = '@role' ORDER BY message_order",
            //                                         ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
            //                                                                            ^^^^^^^ DBS1005
            new { sessionId, role });

    // Should find messages by a word. Its fault: hidden in a private helper, which pastes the word into a pattern.
    public IEnumerable<ConversationMessage> Search(Guid sessionId, string term) =>
        connection.Query<ConversationMessage>($"{Select} WHERE session_id = @sessionId AND {Mentions(term)}", new { sessionId });
        //                                                     ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001

    private static string Mentions(string term) => $"content ILIKE '%{term}%'";
    //                                                               ^^^^^^ DBS1001

    // Should count messages, of one role if asked. Its fault: the condition is added with += and a pasted role.
    public long Count(Guid sessionId, string? role)
    {
        var sql = "SELECT count(*) FROM conversation_messages WHERE session_id = @sessionId";
        //                                                          ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
        if (!string.IsNullOrEmpty(role))
            sql += $" AND role = '{role}'";
            //                    ^^^^^^ DBS1001
        return connection.ExecuteScalar<long>(sql, new { sessionId });
    }

    // The same count, clean but for the index: what is added is constant.
    public long CountSafely(Guid sessionId, string? role)
    {
        var sql = "SELECT count(*) FROM conversation_messages WHERE session_id = @sessionId";
        //                                                          ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
        if (!string.IsNullOrEmpty(role))
            sql += " AND role = @role";
        return connection.ExecuteScalar<long>(sql, new { sessionId, role });
    }

    // Appends a message at the end of its session. Clean but for the index, which would give the last number at once.
    public Guid Add(Guid sessionId, NewMessage message) =>
        connection.ExecuteScalar<Guid>(
            "INSERT INTO conversation_messages (session_id, role, content, message_order) " +
            "SELECT @sessionId, @role, @content, COALESCE(max(message_order), 0) + 1 FROM conversation_messages " +
            "WHERE session_id = @sessionId RETURNING id",
            //     ^^^^^^^^^^^^^^^^^^^^^^^ DBS4001
            new { sessionId, role = message.Role, content = message.Content });

    // Should correct a message. Its fault: the new content is concatenated; an apostrophe breaks it, and worse can be written.
    public int Edit(Guid id, string content) =>
        connection.Execute("UPDATE conversation_messages SET content = '" + content + "', updated_at = now() WHERE id = @id", new { id });
        //                                                                  ^^^^^^^ DBS1001
}
