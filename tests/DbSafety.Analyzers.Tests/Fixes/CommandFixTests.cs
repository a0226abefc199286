using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Values become parameters of commands: Npgsql, and plain ADO.NET.</summary>
public sealed class CommandFixTests
{
    private const string Parameters =
        "NpgsqlConnection db, NpgsqlDataSource source, IDbConnection any, Microsoft.Data.Sqlite.SqliteConnection lite, string name, string? other, int id, uint count, Guid key, DateOnly day, Status status, int[] ids, CancellationToken ct";

    private const string Schema = "CREATE TABLE users (id bigint, key uuid, name text, born date, zip integer);";

    private static readonly IEnumerable<MetadataReference> WithSqlite = [.. References.Newest, References.Newer("Microsoft.Data.Sqlite.Core")];

    private static Task Fixes(string before, string after, string? sql = null) =>
        FixTest.Run(FixTest.Wrap(before, Parameters), FixTest.Wrap(after, Parameters), references: WithSqlite, sql: sql);

    [Fact]
    public Task An_initialiser() => Fixes(
        """
        await using var command = new NpgsqlCommand($"SELECT 1 FROM users WHERE name = '{name}' AND name <> '{other}' AND born = '{day}' AND id = {count}", db);
        return await command.ExecuteScalarAsync(ct);
        """,
        """
        await using var command = new NpgsqlCommand("SELECT 1 FROM users WHERE name = @name AND name <> @other AND born = @day AND id = @count", db) { Parameters = { new("name", name), new("other", (object?)other ?? DBNull.Value), new("day", day), new("count", (long)count) } };
        return await command.ExecuteScalarAsync(ct);
        """,
        Schema);

    [Fact]
    public Task A_type_that_the_server_infers() => Fixes(
        """return await new NpgsqlCommand($"SELECT 1 FROM users WHERE x = '{name}' AND y = '{key}' AND z = '{status}'", db).ExecuteScalarAsync(ct);""",
        """return await new NpgsqlCommand("SELECT 1 FROM users WHERE x = @name AND y = @key AND z = @status", db) { Parameters = { new("name", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = name }, new("key", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = key.ToString() }, new("status", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = status.ToString() } } }.ExecuteScalarAsync(ct);""");

    [Fact]
    public Task An_initialiser_that_is_there() => Fixes(
        """
        using var a = new NpgsqlCommand
        {
            Connection = db,
            CommandText = $"SELECT 1 FROM users WHERE lower(name) LIKE '{name}'",
        };
        using var b = new NpgsqlCommand($"SELECT 1 FROM users WHERE id = @id AND lower(name) LIKE '{name}'", db) { Parameters = { new("id", id) } };
        using var c = new NpgsqlCommand($"SELECT 1 FROM users WHERE lower(name) LIKE '{name}'", db) { CommandTimeout = 3 };
        return null;
        """,
        """
        using var a = new NpgsqlCommand
        {
            Connection = db,
            CommandText = "SELECT 1 FROM users WHERE lower(name) LIKE @name",
            Parameters = { new("name", name) },
        };
        using var b = new NpgsqlCommand("SELECT 1 FROM users WHERE id = @id AND lower(name) LIKE @name", db) { Parameters = { new("id", id), new("name", name) } };
        using var c = new NpgsqlCommand("SELECT 1 FROM users WHERE lower(name) LIKE @name", db) { CommandTimeout = 3, Parameters = { new("name", name) } };
        return null;
        """);

    [Fact]
    public Task Behind_the_text() => Fixes(
        """
        using (var command = db.CreateCommand())
        {
            command.CommandText = $"SELECT 1 FROM users WHERE lower(name) LIKE '{name}' AND x = '{name}' AND id IN ({string.Join(",", ids)})"; // read
            return await command.ExecuteScalarAsync();
        }
        """,
        """
        using (var command = db.CreateCommand())
        {
            command.CommandText = "SELECT 1 FROM users WHERE lower(name) LIKE @name AND x = @name2 AND id = ANY(@ids)"; // read
            command.Parameters.AddWithValue("name", name);
            command.Parameters.AddWithValue("name2", NpgsqlTypes.NpgsqlDbType.Unknown, name);
            command.Parameters.AddWithValue("ids", ids);
            return await command.ExecuteScalarAsync();
        }
        """);

    [Fact]
    public Task A_data_sources_command() => Fixes(
        """
        await using var command = source.CreateCommand($"SELECT 1 FROM users WHERE lower(name) LIKE '{name}'");
        var count2 = await source.CreateCommand($"SELECT count(*) FROM users WHERE id = {id}").ExecuteScalarAsync(ct);
        return await command.ExecuteScalarAsync(ct);
        """,
        """
        await using var command = source.CreateCommand("SELECT 1 FROM users WHERE lower(name) LIKE @name");
        command.Parameters.AddWithValue("name", name);
        await using var command2 = source.CreateCommand("SELECT count(*) FROM users WHERE id = @id");
        command2.Parameters.AddWithValue("id", id);
        var count2 = await command2.ExecuteScalarAsync(ct);
        return await command.ExecuteScalarAsync(ct);
        """);

    [Fact]
    public Task Batch_commands() => Fixes(
        """
        await using var batch = new NpgsqlBatch(db)
        {
            BatchCommands =
            {
                new($"DELETE FROM users WHERE lower(name) LIKE '{name}'"),
                new NpgsqlBatchCommand($"DELETE FROM users WHERE id = {id}"),
            },
        };
        return await batch.ExecuteNonQueryAsync(ct);
        """,
        """
        await using var batch = new NpgsqlBatch(db)
        {
            BatchCommands =
            {
                new("DELETE FROM users WHERE lower(name) LIKE @name") { Parameters = { new("name", name) } },
                new NpgsqlBatchCommand("DELETE FROM users WHERE id = @id") { Parameters = { new("id", id) } },
            },
        };
        return await batch.ExecuteNonQueryAsync(ct);
        """);

    [Fact]
    public Task Positional_where_the_text_is() => Fixes(
        """
        using var command = new NpgsqlCommand($"SELECT 1 FROM users WHERE id = $1 AND lower(name) LIKE '{name}'", db) { Parameters = { new() { Value = id } } };
        return null;
        """,
        """
        using var command = new NpgsqlCommand("SELECT 1 FROM users WHERE id = $1 AND lower(name) LIKE $2", db) { Parameters = { new() { Value = id }, new() { Value = name } } };
        return null;
        """);

    [Fact]
    public Task A_shared_text() => Fixes(
        """
        var sql = "SELECT 1 FROM users WHERE lower(name) LIKE '" + name + "'";
        using var first = new NpgsqlCommand(sql, db);
        using var second = new NpgsqlCommand(sql + " LIMIT 1", db);
        await db.ExecuteAsync(sql);
        return null;
        """,
        """
        var sql = "SELECT 1 FROM users WHERE lower(name) LIKE @name";
        using var first = new NpgsqlCommand(sql, db) { Parameters = { new("name", name) } };
        using var second = new NpgsqlCommand(sql + " LIMIT 1", db) { Parameters = { new("name", name) } };
        await db.ExecuteAsync(sql, new { name });
        return null;
        """);

    [Fact]
    public Task Plain_commands() => Fixes(
        """
        using var first = any.CreateCommand();
        first.CommandText = $"SELECT 1 FROM users WHERE lower(name) LIKE '{other}' AND id = {id}";
        first.ExecuteNonQuery();
        using var second = any.CreateCommand();
        second.CommandText = $"SELECT 1 FROM users WHERE lower(name) LIKE '{name}'";
        return second.ExecuteScalar();
        """,
        """
        using var first = any.CreateCommand();
        first.CommandText = "SELECT 1 FROM users WHERE lower(name) LIKE @other AND id = @id";
        var otherParameter = first.CreateParameter();
        otherParameter.ParameterName = "@other";
        otherParameter.Value = (object?)other ?? DBNull.Value;
        first.Parameters.Add(otherParameter);
        var idParameter = first.CreateParameter();
        idParameter.ParameterName = "@id";
        idParameter.Value = id;
        first.Parameters.Add(idParameter);
        first.ExecuteNonQuery();
        using var second = any.CreateCommand();
        second.CommandText = "SELECT 1 FROM users WHERE lower(name) LIKE @name";
        var nameParameter = second.CreateParameter();
        nameParameter.ParameterName = "@name";
        nameParameter.Value = name;
        second.Parameters.Add(nameParameter);
        return second.ExecuteScalar();
        """);

    [Fact]
    public Task A_provider_with_AddWithValue() => Fixes(
        """
        using var first = new Microsoft.Data.Sqlite.SqliteCommand($"SELECT 1 FROM users WHERE name = '{other}' AND key = '{key}'", lite);
        using (var second = new Microsoft.Data.Sqlite.SqliteCommand("SELECT 1 FROM users WHERE name = '" + name + "'", lite))
        {
            return second.ExecuteScalar();
        }
        """,
        """
        using var first = new Microsoft.Data.Sqlite.SqliteCommand("SELECT 1 FROM users WHERE name = @other AND key = @key", lite);
        first.Parameters.AddWithValue("@other", (object?)other ?? DBNull.Value);
        first.Parameters.AddWithValue("@key", key.ToString());
        using (var second = new Microsoft.Data.Sqlite.SqliteCommand("SELECT 1 FROM users WHERE name = @name", lite))
        {
            second.Parameters.AddWithValue("@name", name);
            return second.ExecuteScalar();
        }
        """);

    [Fact]
    public Task Csharp_8_and_nullable_off() => FixTest.Run(
        FixTest.Wrap("""
            using var command = new NpgsqlCommand($"SELECT 1 FROM users WHERE lower(name) LIKE '{name}' AND x = '{name}'", db);
            return await command.ExecuteScalarAsync();
            """, "NpgsqlConnection db, string name", isOld: true, type: "async Task<object>"),
        FixTest.Wrap("""
            using var command = new NpgsqlCommand("SELECT 1 FROM users WHERE lower(name) LIKE @name AND x = @name2", db) { Parameters = { new NpgsqlParameter("name", (object)name ?? DBNull.Value), new NpgsqlParameter("name2", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = (object)name ?? DBNull.Value } } };
            return await command.ExecuteScalarAsync();
            """, "NpgsqlConnection db, string name", isOld: true, type: "async Task<object>"),
        LanguageVersion.CSharp8,
        NullableContextOptions.Disable);

    [Theory]
    [InlineData("""using var c = db.CreateCommand(); foreach (var n in ids) { c.CommandText = $"SELECT 1 FROM users WHERE id = {n}"; c.ExecuteNonQuery(); } return null;""")]
    [InlineData("""using var c = db.CreateCommand(); if (id > 1) c.CommandText = $"SELECT 1 FROM users WHERE id = {id}"; return c.ExecuteScalar();""")]
    [InlineData("""using var c = db.CreateCommand(); c.CommandText = "SELECT 1 FROM users"; c.CommandText += $" WHERE id = {id}"; return c.ExecuteScalar();""")]
    [InlineData("""return await source.CreateCommand($"SELECT 1 FROM users WHERE id = {id}").ExecuteReaderAsync(ct);""")]
    [InlineData("""return id > 0 && source.CreateCommand($"SELECT 1 FROM users WHERE id = {id}").ExecuteNonQuery() > 1;""")]
    [InlineData("""return new NpgsqlDataAdapter($"SELECT 1 FROM users WHERE id = {id}", db);""")]
    [InlineData("""return new NpgsqlCommand($"SELECT 1 FROM users WHERE id = $1; SELECT 1 FROM users WHERE id = {id}", db);""")]
    [InlineData("""return new Microsoft.Data.Sqlite.SqliteCommand($"SELECT 1 FROM users WHERE id = {id}", lite);""")]
    public Task Refused(string code) => FixTest.Refuses(FixTest.Wrap(code, Parameters), references: WithSqlite);
}
