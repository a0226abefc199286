using DbSafety.CodeFixes.Transactions;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3002: what is written outside runs on the connection of the transaction, or is given it.</summary>
public sealed class InsideTransactionFixTests
{
    private const string Parameters = "string text, NpgsqlDataSource source, NpgsqlConnection kept, Microsoft.Data.SqlClient.SqlConnection server, Microsoft.Data.Sqlite.SqliteConnection lite, MySqlConnector.MySqlConnection my";

    private static readonly IEnumerable<MetadataReference> WithOthers = [.. References.Newest, .. References.OtherClients];

    private static string Wrap(string code) => FixTest.Wrap(code + "\nreturn null;", Parameters);

    private static Task Fixes(string before, string after, string title = "Run it on 'connection'", int rounds = 1) => FixTest.Run(
        Wrap(before), Wrap(after), references: WithOthers, title: title, fixer: new InsideTransactionFixer(), configure: test => test.NumberOfIncrementalIterations = -rounds);

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code), references: WithOthers, fixer: new InsideTransactionFixer());

    [Fact]
    public Task A_second_connection_goes() => Fixes(
        """
        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync();
        await using var other = new NpgsqlConnection(text);
        await other.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("DELETE FROM a", transaction: transaction);
        await other.ExecuteAsync("DELETE FROM b");
        await using var command = new NpgsqlCommand("DELETE FROM c", other);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        """,
        """
        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("DELETE FROM a", transaction: transaction);
        await connection.ExecuteAsync("DELETE FROM b");
        await using var command = new NpgsqlCommand("DELETE FROM c", connection);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        """);

    [Fact]
    public Task A_second_connection_that_is_used_otherwise_stays() => Fixes(
        """
        using var connection = source.OpenConnection();
        using var other = source.OpenConnection();
        var ids = other.Query<int>("SELECT id FROM a");
        using var transaction = connection.BeginTransaction();
        connection.Execute("DELETE FROM a");
        other.Execute("DELETE FROM b");
        transaction.Commit();
        """,
        """
        using var connection = source.OpenConnection();
        using var other = source.OpenConnection();
        var ids = other.Query<int>("SELECT id FROM a");
        using var transaction = connection.BeginTransaction();
        connection.Execute("DELETE FROM a");
        connection.Execute("DELETE FROM b");
        transaction.Commit();
        """);

    [Fact]
    public Task Commands_of_the_data_source() => Fixes(
        """
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("DELETE FROM a");
        await using var command = source.CreateCommand("DELETE FROM b");
        await command.ExecuteNonQueryAsync();
        await using var plain = source.CreateCommand();
        plain.CommandText = "DELETE FROM c";
        await plain.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        """,
        """
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("DELETE FROM a");
        await using var command = new NpgsqlCommand("DELETE FROM b", connection);
        await command.ExecuteNonQueryAsync();
        await using var plain = connection.CreateCommand();
        plain.CommandText = "DELETE FROM c";
        await plain.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        """,
        rounds: 2);

    [Theory]
    [InlineData("using var tx = server.BeginTransaction(); server.Execute(\"DELETE FROM a\"); tx.Commit();", "using var tx = server.BeginTransaction(); server.Execute(\"DELETE FROM a\", transaction: tx); tx.Commit();")]
    [InlineData("using var tx = my.BeginTransaction(); my.Execute(\"DELETE FROM a\", new { text }, null); tx.Commit();", "using var tx = my.BeginTransaction(); my.Execute(\"DELETE FROM a\", new { text }, tx); tx.Commit();")]
    [InlineData("using var tx = server.BeginTransaction(); using var k = new Microsoft.Data.SqlClient.SqlCommand(\"DELETE FROM a\", server); k.ExecuteNonQuery(); tx.Commit();",
        "using var tx = server.BeginTransaction(); using var k = new Microsoft.Data.SqlClient.SqlCommand(\"DELETE FROM a\", server, tx); k.ExecuteNonQuery(); tx.Commit();")]
    [InlineData("using var tx = my.BeginTransaction();\nusing var k = my.CreateCommand();\nk.CommandText = \"DELETE FROM a\"; k.ExecuteNonQuery(); tx.Commit();",
        "using var tx = my.BeginTransaction();\nusing var k = my.CreateCommand();\nk.Transaction = tx;\nk.CommandText = \"DELETE FROM a\"; k.ExecuteNonQuery(); tx.Commit();")]
    [InlineData("using var k = lite.CreateCommand();\nk.CommandText = \"DELETE FROM a\";\nusing var tx = lite.BeginTransaction();\nk.ExecuteNonQuery();\ntx.Commit();",
        "using var k = lite.CreateCommand();\nk.CommandText = \"DELETE FROM a\";\nusing var tx = lite.BeginTransaction();\nk.Transaction = tx;\nk.ExecuteNonQuery();\ntx.Commit();")]
    [InlineData("await using var tx = await server.BeginTransactionAsync(); using var k = new Microsoft.Data.SqlClient.SqlCommand(\"DELETE FROM a\", server); k.ExecuteNonQuery(); tx.Commit();",
        "await using var tx = await server.BeginTransactionAsync(); using var k = new Microsoft.Data.SqlClient.SqlCommand(\"DELETE FROM a\", server, (Microsoft.Data.SqlClient.SqlTransaction)tx); k.ExecuteNonQuery(); tx.Commit();")]
    public Task Commands_are_given_the_transaction(string before, string after) => Fixes(before, after, "Pass the transaction");

    [Fact]
    public Task Refuses_what_a_reader_keeps_apart() => Refuses("""
        using var connection = source.OpenConnection();
        using var other = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        connection.Execute("DELETE FROM a");
        using var reader = connection.ExecuteReader("SELECT 1");
        while (reader.Read())
        {
            other.Execute("DELETE FROM b");
        }
        """);

    [Theory]
    [InlineData("using var connection = source.OpenConnection(); using var transaction = connection.BeginTransaction(); connection.Execute(\"DELETE FROM a\"); Log(); void Log() { using var own = source.OpenConnection(); own.Execute(\"DELETE FROM b\"); }")]
    [InlineData("using var connection = source.OpenConnection(); using var transaction = connection.BeginTransaction(); connection.Execute(\"DELETE FROM a\"); using (var other = source.OpenConnection()) { other.Execute(\"DELETE FROM b\"); }")]
    [InlineData("using var connection = source.OpenConnection(); using var other = source.OpenConnection(); using var transaction = connection.BeginTransaction(); connection.Execute(\"DELETE FROM a\"); var task = other.ExecuteAsync(\"DELETE FROM b\"); await task;")]
    [InlineData("using (server.BeginTransaction()) { server.Execute(\"DELETE FROM a\"); }")]
    public Task Refuses_what_is_not_simple(string code) => Refuses(code);
}
