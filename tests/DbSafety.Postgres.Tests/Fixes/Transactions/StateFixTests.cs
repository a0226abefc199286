using DbSafety.Analyzers.Rules.Transactions;
using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>Transactions that lose their rows, throw, or go on after an error: what the server keeps before the fix and after it.</summary>
public sealed class StateFixTests(PostgresServer server)
{
    private const string Eleven = "\"INSERT INTO samples (id) VALUES (11)\"";
    private const string Twelve = "\"INSERT INTO samples (id) VALUES (12)\"";

    private static readonly FixRunner Commits = new() { Analyzers = [new TransactionNotCommitted()], Fixes = [new CommitFixer()] };
    private static readonly FixRunner Nested = new() { Analyzers = [new NestedTransaction()], Fixes = [new NestedSavepointFixer()] };
    private static readonly FixRunner Errors = new() { Analyzers = [new ContinueAfterError()], Fixes = [new SavepointFixer()] };

    // Gives the rows that another connection sees in the end.
    private static string Snippet(string body) => $$"""
        using System.Threading;
        using System.Transactions;
        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                await using var context = new SamplesContext(connectionString);
                await Work(connection, context, connectionString, CancellationToken.None);
                await using var other = new NpgsqlConnection(connectionString);
                return other.Query<int>("SELECT id FROM samples WHERE id > 10 ORDER BY id").ToList();
            }

            private static async Task<int> Work(NpgsqlConnection connection, SamplesContext context, string connectionString, CancellationToken ct)
            {
                {{body.Replace("ELEVEN", Eleven, StringComparison.Ordinal).Replace("TWELVE", Twelve, StringComparison.Ordinal)}}
                return await Task.FromResult(0);
            }
        }
        """;

    private async Task Compare(FixRunner runner, string body, string? before, int[] after, string? key = null)
    {
        var (_, outcomes) = await runner.CompareAsync(server, Snippet(body), [[]], equivalenceKey: key);
        Assert.Equal(before, outcomes[0].Before.Error ?? (outcomes[0].Before.Rows.IsEmpty ? "no rows" : outcomes[0].Before.ToString()));
        Assert.Equal(Outcome.Column([.. after.Cast<object>()]), outcomes[0].After.ToString());
    }

    [Theory]
    [InlineData("using var tx = connection.BeginTransaction(); connection.Execute(ELEVEN, transaction: tx);")]
    [InlineData("await using (var tx = await connection.BeginTransactionAsync(ct)) { await using var command = new NpgsqlCommand(ELEVEN, connection, tx); await command.ExecuteNonQueryAsync(ct); }")]
    [InlineData("await using var tx = await context.Database.BeginTransactionAsync(ct); context.Add(new Sample { Id = 11, Name = \"a\" }); await context.SaveChangesAsync(ct);")]
    [InlineData("using (var scope = new TransactionScope()) { context.Add(new Sample { Id = 11, Name = \"a\" }); context.SaveChanges(); }")]
    [InlineData("await using var tx = await connection.BeginTransactionAsync(ct); if (ct.CanBeCanceled) { return await connection.ExecuteAsync(TWELVE); } else { } connection.Execute(ELEVEN, transaction: tx);", true)]
    [InlineData("await using var tx = await connection.BeginTransactionAsync(ct); return await connection.ExecuteAsync(ELEVEN, transaction: tx);")]
    [InlineData("var tx = connection.BeginTransaction(); try { connection.Execute(ELEVEN, transaction: tx); } catch { tx.Rollback(); throw; } finally { tx.Dispose(); }")]
    public async Task The_commit_keeps_the_rows(string body, bool isRefused = false)
    {
        if (isRefused)
        {
            Assert.Empty(await Commits.OffersAsync(Snippet(body)));
            return;
        }

        await Compare(Commits, body, "no rows", [11]);
    }

    [Theory]
    [InlineData("await using var outer = await connection.BeginTransactionAsync(ct); connection.Execute(ELEVEN, transaction: outer); await using (var inner = await connection.BeginTransactionAsync(ct)) { await connection.ExecuteAsync(TWELVE, transaction: inner); await inner.CommitAsync(ct); } await outer.CommitAsync(ct);", 11, 12)]
    [InlineData("using var outer = context.Database.BeginTransaction(); context.Database.ExecuteSqlRaw(ELEVEN); using (var inner = context.Database.BeginTransaction()) { context.Database.ExecuteSqlRaw(TWELVE); inner.Commit(); } outer.Commit();", 11, 12)]
    [InlineData("using var outer = connection.BeginTransaction(); connection.Execute(ELEVEN); for (var i = 0; i < 2; i++) { using var inner = connection.BeginTransaction(); try { connection.Execute(TWELVE); inner.Commit(); } catch (PostgresException) { inner.Rollback(); } } outer.Commit();", 11, 12)]
    public Task A_savepoint_nests(string body, params int[] kept) => Compare(Nested, body, "InvalidOperationException", kept);

    private const string Duplicate = "await connection.ExecuteAsync(ELEVEN, transaction: tx);";

    [Theory]
    [InlineData("await using var tx = await connection.BeginTransactionAsync(ct); " + Duplicate + " try { " + Duplicate + " } catch (PostgresException) { } await tx.CommitAsync(ct);", "no rows", 11)]
    [InlineData("await using var tx = await connection.BeginTransactionAsync(ct); " + Duplicate + " try { " + Duplicate + " } catch (Exception e) { Console.WriteLine(e.Message); } await connection.ExecuteAsync(TWELVE, transaction: tx); await tx.CommitAsync(ct);", "25P02", 11, 12)]
    [InlineData("using var tx = connection.BeginTransaction(); foreach (var id in new[] { 11, 11, 12, 11, 13 }) { try { connection.Execute(\"INSERT INTO samples (id) VALUES (@id)\", new { id }, tx); } catch (PostgresException e) when (e.SqlState == \"23505\") { } } tx.Commit();", "25P02", 11, 12, 13)]
    [InlineData("await using var tx = await context.Database.BeginTransactionAsync(ct); await context.Database.ExecuteSqlRawAsync(ELEVEN, ct); try { await context.Database.ExecuteSqlRawAsync(ELEVEN, ct); } catch (PostgresException) { } await context.Database.ExecuteSqlRawAsync(TWELVE, ct); await tx.CommitAsync(ct);", "25P02", 11, 12)]
    [InlineData("using var tx = connection.BeginTransaction(); using var command = new NpgsqlCommand(ELEVEN, connection, tx); command.ExecuteNonQuery(); try { command.ExecuteNonQuery(); } catch (NpgsqlException) { } tx.Commit();", "no rows", 11)]
    public Task A_savepoint_keeps_what_was_before_the_error(string body, string before, params int[] kept) => Compare(Errors, body, before, kept, SavepointFixer.Key);

    [Fact]
    public Task Duplicates_are_no_errors() => Compare(
        Errors, "using var tx = connection.BeginTransaction(); foreach (var id in new[] { 11, 11, 12 }) { try { connection.Execute(\"INSERT INTO samples (id) VALUES (@id)\", new { id }, tx); } catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation) { } } tx.Commit();",
        "25P02", [11, 12], SavepointFixer.ConflictKey);

    // What the rule counts on where it speaks of one command of several statements.
    [Theory]
    [InlineData("SET lock_timeout = 1; VACUUM samples", "25001")]
    [InlineData("VACUUM samples", null)]
    public async Task Several_statements_of_one_command_are_a_transaction(string sql, string? error)
    {
        await using var database = await server.CreateDatabaseAsync();
        var outcome = await FixRunner.RunAsync(Snippet($"await connection.ExecuteAsync(\"{sql} \");"), database.ConnectionString);
        Assert.Equal(error, outcome.Error);
    }
}
