using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace LessonPlatform.Data;

internal static class DataSourceExtensions
{
    /// <summary>Runs a query that answers with one number. The text passes through as it is.</summary>
    public static async Task<long> CountAsync(this NpgsqlDataSource dataSource, [StringSyntax("Sql")] string sql, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
