using Dapper;
using LessonPlatform.Models;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Reports: the place where a query is most often put together from what somebody chose on a page.</summary>
public sealed class ReportRepository(NpgsqlDataSource dataSource)
{
    private static readonly HashSet<string> Tables = new()
    {
        "lessons", "lesson_versions", "lesson_sessions", "user_profiles", "learning_paths",
        "conversation_sessions", "conversation_messages", "conversation_interactions",
    };

    // Should count the rows of a table. Its fault: the table's name is input, handed to a helper that runs any text.
    public Task<long> RowsAsync(string table, CancellationToken ct) =>
        dataSource.CountAsync($"SELECT count(*) FROM {table}", ct);
        //                                           ^^^^^^^ DBS1002

    // The same count, clean: a guard lets known names pass only.
    public async Task<long?> RowsSafelyAsync(string table, CancellationToken ct)
    {
        if (!Tables.Contains(table))
            return null;
        return await dataSource.CountAsync($"SELECT count(*) FROM {table}", ct);
    }

    // Should count the lessons by a column. Its fault: quotes around a name keep nobody from closing them.
    public async Task<List<ReportRow>> LessonsByAsync(string column, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand($"SELECT \"{column}\"::text, count(*) FROM lessons GROUP BY 1 ORDER BY 1", connection);
        //                                                     ^^^^^^^^ DBS1002
        return await ReadAsync(command, ct);
    }

    // The same count, clean: the name is quoted by Npgsql.
    public async Task<List<ReportRow>> LessonsBySafelyAsync(string column, CancellationToken ct)
    {
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(column);
        await using var command = dataSource.CreateCommand($"SELECT {quoted}::text, count(*) FROM lessons GROUP BY 1 ORDER BY 1");
        return await ReadAsync(command, ct);
    }

    // Counts the profiles by a column. Clean: inside the quotes each quote is doubled.
    public async Task<List<ReportRow>> ProfilesByAsync(string column, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT \"" + column.Replace("\"", "\"\"") + "\"::text, count(*) FROM user_profiles GROUP BY 1 ORDER BY 1");
        return await ReadAsync(command, ct);
    }

    // Should show when learners are active. Its fault: the field of EXTRACT is a keyword, and no parameter could stand there.
    public async Task<IEnumerable<ReportRow>> ActivityAsync(string part)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<ReportRow>(
            $"SELECT EXTRACT({part} FROM started_at)::text AS name, count(*) AS total FROM lesson_sessions GROUP BY 1 ORDER BY 1");
            //               ^^^^^^ DBS1002
    }

    // The same report, clean: the name of an enum's member is from a closed set.
    public async Task<IEnumerable<ReportRow>> ActivitySafelyAsync(ActivityPart part)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<ReportRow>(
            $"SELECT EXTRACT({part} FROM started_at)::text AS {nameof(ReportRow.Name)}, count(*) AS total " +
            "FROM lesson_sessions GROUP BY 1 ORDER BY 1");
    }

    // Should count the lessons that pass a filter, built in the browser. Its fault: a whole condition comes from outside.
    public async Task<IEnumerable<ReportRow>> FilteredAsync(string filter)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<ReportRow>(
            $"SELECT status AS name, count(*) AS total FROM lessons WHERE {filter} GROUP BY status");
            //                                                            ^^^^^^^^ DBS1003
    }

    // Should rank learners by their scores, and say in the log who asked. Its fault: a comment can be closed by what stands in it.
    public async Task<IEnumerable<ReportRow>> TopLearnersAsync(string requestedBy)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        var sql = $"/* for {requestedBy} */ SELECT user_id::text AS name, count(*) AS total FROM lesson_sessions GROUP BY 1 ORDER BY 2 DESC";
        //                 ^^^^^^^^^^^^^ DBS1003
        return await connection.QueryAsync<ReportRow>(sql);
    }

    // Should run a report that an administrator wrote. Its fault: the statement is whatever the request says.
    public async Task<List<ReportRow>> RunAsync(ReportRequest request, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(request.Statement, connection);
        //                                          ^^^^^^^^^^^^^^^^^ DBS1003
        return await ReadAsync(command, ct);
    }

    // Should show the plan of such a report. Its fault: EXPLAIN does not run a statement, but it runs what follows a semicolon.
    public async Task<IEnumerable<string>> ExplainAsync(ReportRequest request)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<string>("EXPLAIN " + request.Statement);
        //                                                      ^^^^^^^^^^^^^^^^^ DBS1003
    }

    // Should count finished runs within a time that the caller allows. Its fault: SET takes no parameter, so the time is pasted.
    public async Task<long> FinishedAsync(string timeout, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using (var set = new NpgsqlCommand($"SET statement_timeout = '{timeout}'", connection))
        //                                                                  ^^^^^^^^^ DBS1003
        {
            await set.ExecuteNonQueryAsync(ct);
        }

        await using var count = new NpgsqlCommand("SELECT count(*) FROM lesson_sessions WHERE completed", connection);
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }

    // Should export the lessons of a status as CSV. Its fault: COPY takes no parameter, so the status is pasted into its query.
    public async Task<string> ExportAsync(string status, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        using var reader = await connection.BeginTextExportAsync(
            $"COPY (SELECT id, title FROM lessons WHERE status = '{status}') TO STDOUT (FORMAT csv, HEADER)", ct);
            //                                          ^^^^^^^^^^^^^^^^^^^ DBS4001
            //                                                    ^^^^^^^^ DBS1003
        return await reader.ReadToEndAsync(ct);
    }

    private static async Task<List<ReportRow>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        var rows = new List<ReportRow>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(new ReportRow { Name = reader.IsDBNull(0) ? null : reader.GetString(0), Total = reader.GetInt64(1) });
        return rows;
    }
}
