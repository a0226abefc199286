using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3005: an error is caught inside a transaction that goes on.</summary>
public sealed class ContinueAfterErrorTests
{
    private const string Sql = "\"INSERT INTO users (id) VALUES (1)\"";

    private static Task Check(string statements) =>
        Verify<ContinueAfterError>.Statements(statements.Replace("SQL", Sql, StringComparison.Ordinal), "string name, int[] ids, CancellationToken ct, Action<Exception> log");

    private const string Begin = "using var tx = pg.BeginTransaction(); ";

    [Theory]
    [InlineData("try { [|pg.Execute(SQL, null, tx)|]; } catch (PostgresException) { } tx.Commit();")]
    [InlineData("try { [|pg.Execute(SQL, null, tx)|]; } catch { } pg.Execute(\"SELECT 1\");")]
    [InlineData("try { await [|pg.ExecuteAsync(SQL, null, tx)|]; } catch (Exception e) { log(e); } await tx.CommitAsync(ct);")]
    [InlineData("foreach (var id in ids) { try { [|pg.Execute(SQL, null, tx)|]; } catch (DbException e) { log(e); continue; } } tx.Commit();")]
    [InlineData("foreach (var id in ids) { try { [|pg.Execute(SQL, null, tx)|]; } catch (NpgsqlException e) when (e.SqlState == \"23505\") { } }")]
    [InlineData("try { [|pg.Execute(SQL, null, tx)|]; } catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation) { pg.Execute(\"UPDATE users SET name = ''\", null, tx); }")]
    [InlineData("try { [|pg.Execute(SQL, null, tx)|]; } catch (Exception e) when (e is not OperationCanceledException) { log(e); } tx.Commit();")]
    [InlineData("try { [|pg.Execute(SQL, null, tx)|]; } catch (PostgresException e) { if (e.SqlState != \"23505\") throw; } tx.Commit();")]
    [InlineData("try { [|pg.Execute(SQL, null, tx)|]; } catch (PostgresException) { pg.Execute(\"INSERT INTO errors (id) VALUES (1)\", null, tx); throw; }")]
    [InlineData("var errors = new List<Exception>(); foreach (var id in ids) { try { [|pg.Execute(SQL, null, tx)|]; } catch (NpgsqlException e) { errors.Add(e); } }")]
    [InlineData("using var command = new NpgsqlCommand(SQL, pg, tx); try { [|command.ExecuteNonQuery()|]; } catch (NpgsqlException) { } using var next = new NpgsqlCommand(SQL, pg, tx); next.ExecuteNonQuery();")]
    [InlineData("try { [|pg.Execute(SQL, null, tx)|]; } catch (PostgresException e) { log(e); } finally { if (flag) { tx.Commit(); } }")]
    [InlineData("NpgsqlTransaction? same = tx; try { [|pg.Execute(SQL, null, tx)|]; } catch (PostgresException e) { log(e); } ArgumentNullException.ThrowIfNull(name); tx.Commit();")]
    public Task Reports_what_goes_on(string statements) => Check(Begin + statements);

    [Theory]
    [InlineData("using var tx = shop.Database.BeginTransaction(); try { [|shop.Database.ExecuteSqlRaw(SQL)|]; } catch (Exception) { } tx.Commit();")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); try { await [|shop.Users.ExecuteDeleteAsync()|]; } catch (NpgsqlException) { } await shop.SaveChangesAsync();")]
    [InlineData("shop.Database.AutoSavepointsEnabled = false; using var tx = shop.Database.BeginTransaction(); try { [|shop.SaveChanges()|]; } catch (DbUpdateException) { } tx.Commit();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); try { [|shop.SaveChanges()|]; } catch (DbUpdateException) { } scope.Complete();")]
    [InlineData("pg.Execute(\"BEGIN;\"); try { [|pg.Execute(SQL)|]; } catch (NpgsqlException) { } pg.Execute(\"COMMIT\");")]
    public Task Reports_EF_Core_scopes_and_text(string statements) => Check(statements);

    [Theory]
    [InlineData("try { pg.Execute(SQL, null, tx); tx.Commit(); } catch (PostgresException e) { log(e); }")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (PostgresException) { throw; } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (PostgresException) { return; } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (PostgresException) { tx.Rollback(); } tx.Commit();")]
    [InlineData("foreach (var id in ids) { try { pg.Execute(SQL, null, tx); } catch (PostgresException) { tx.Rollback(); break; } } tx.Dispose();")]
    [InlineData("tx.Save(\"a\"); try { pg.Execute(SQL, null, tx); } catch (PostgresException) { tx.Rollback(\"a\"); } tx.Commit();")]
    [InlineData("pg.Execute(\"SAVEPOINT a\"); try { pg.Execute(SQL, null, tx); } catch (PostgresException) { pg.Execute(\"ROLLBACK TO SAVEPOINT a\"); } tx.Commit();")]
    [InlineData("var ok = true; try { pg.Execute(SQL, null, tx); } catch (PostgresException) { ok = false; } if (ok) { tx.Commit(); }")]
    [InlineData("var ok = false; try { pg.Execute(SQL, null, tx); ok = true; } catch (PostgresException) { } if (ok) { tx.Commit(); }")]
    [InlineData("var errors = new List<Exception>(); try { pg.Execute(SQL, null, tx); } catch (PostgresException e) { errors.Add(e); } if (errors.Count == 0) { tx.Commit(); }")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (PostgresException e) when (e.SqlState == \"40001\") { } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected) { } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (Exception) when (flag) { } tx.Commit();")]
    [InlineData("try { pg.QuerySingle(\"SELECT 1\", null, tx); } catch (InvalidOperationException) { } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (OperationCanceledException) { } tx.Commit();")]
    [InlineData("try { db.Execute(SQL); } catch (Exception) { } tx.Commit();")]
    [InlineData("int? rows = null; try { rows = pg.Execute(SQL, null, tx); } catch (Exception) { } if (rows is null) { return; } tx.Commit();")]
    [InlineData("foreach (var id in ids) { try { pg.Execute(SQL, null, tx); } catch (Exception e) { log(e); tx.Rollback(); throw; } } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL, null, tx); tx.Commit(); return; } catch (NpgsqlException e) { log(e); } finally { pg.Close(); } pg.Open(); pg.Execute(SQL);")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (Exception e) { log(e); } finally { tx.Dispose(); } pg.Execute(SQL);")]
    [InlineData("try { Console.WriteLine(name); } catch (Exception) { } tx.Commit();")]
    [InlineData("try { pg.Execute(\"DO $$ BEGIN DELETE FROM users; EXCEPTION WHEN others THEN NULL; END $$\"); } catch (Exception) { } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL + \" ON CONFLICT DO NOTHING\", null, tx); } catch (PostgresException e) when (e.SqlState == \"23505\") { } tx.Commit();")]
    [InlineData("try { try { pg.Execute(SQL, null, tx); } catch { tx.Rollback(); throw; } } catch (Exception e) { log(e); } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (PostgresException e) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e).Throw(); } tx.Commit();")]
    [InlineData("try { pg.Execute(SQL, null, tx); } catch (PostgresException) { Environment.FailFast(\"x\"); } tx.Commit();")]
    [InlineData("System.Runtime.ExceptionServices.ExceptionDispatchInfo? error = null; try { pg.Execute(SQL, null, tx); } catch (Exception e) { error = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e); } error?.Throw(); tx.Commit();")]
    [InlineData("var (ok, n) = (false, 0); try { (ok, n) = (true, pg.Execute(SQL, null, tx)); } catch (PostgresException) { } if (ok) { tx.Commit(); }")]
    [InlineData("int state; try { pg.Execute(SQL, null, tx); state = 1; } catch (PostgresException) { state = 2; } switch (state) { case 1: tx.Commit(); break; default: tx.Rollback(); break; }")]
    [InlineData("var ok = true; try { pg.Execute(SQL, null, tx); } catch (PostgresException) { ok = false; } finally { if (ok) { tx.Commit(); } else { tx.Rollback(); } }")]
    [InlineData("var errors = new List<Exception>(); try { pg.Execute(SQL, null, tx); } catch (Exception e) { errors.Add(e); } void ThrowIfAny(List<Exception> found) { if (found.Count > 0) { throw new AggregateException(found); } } ThrowIfAny(errors); tx.Commit();")]
    [InlineData("using var stop = new CancellationTokenSource(); try { pg.Execute(SQL, null, tx); } catch (Exception e) { log(e); stop.Cancel(); } stop.Token.ThrowIfCancellationRequested(); tx.Commit();")]
    public Task Leaves_others_alone(string statements) => Check(Begin + statements);

    [Theory]
    [InlineData("using var tx = shop.Database.BeginTransaction(); try { shop.SaveChanges(); } catch (DbUpdateException) { } tx.Commit();")]
    [InlineData("try { using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); tx.Commit(); } catch (Exception e) { log(e); } pg.Execute(\"SELECT 1\");")]
    [InlineData("foreach (var id in ids) { using var tx = pg.BeginTransaction(); try { pg.Execute(SQL, null, tx); } catch (NpgsqlException) { continue; } tx.Commit(); }")]
    [InlineData("try { pg.Execute(SQL); } catch (Exception) { } pg.Execute(SQL);")]
    [InlineData("using var tx = lite.BeginTransaction(); try { lite.Execute(SQL, null, tx); } catch (Exception) { } tx.Commit();")]
    [InlineData("using var tx = server.BeginTransaction(); try { server.Execute(SQL, null, tx); } catch (Exception) { } tx.Commit();")]
    [InlineData("using var tx = any.BeginTransaction(); try { any.Execute(SQL, null, tx); } catch (Exception) { } tx.Commit();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); try { pg.Execute(SQL); } catch (NpgsqlException) { } scope.Complete();")]
    public Task Leaves_other_transactions_alone(string statements) => Check(statements);

    [Fact]
    public Task Through_methods() => Verify<ContinueAfterError>.CSharp("""
        public class Store(NpgsqlConnection connection)
        {
            public async Task Run(int[] ids)
            {
                await using var tx = await connection.BeginTransactionAsync();
                foreach (var id in ids)
                {
                    try { await [|Insert(id)|]; }
                    catch (NpgsqlException e) { Console.WriteLine(e); }
                }

                await tx.CommitAsync();
            }

            public async Task Safe(int[] ids)
            {
                await using var tx = await connection.BeginTransactionAsync();
                foreach (var id in ids)
                {
                    try { await InsertSafely(id, tx); }
                    catch (NpgsqlException e) { Console.WriteLine(e); }
                }

                await tx.CommitAsync();
            }

            private Task Insert(int id) => connection.ExecuteAsync("INSERT INTO users (id) VALUES (@id)", new { id });

            private async Task InsertSafely(int id, NpgsqlTransaction tx)
            {
                await tx.SaveAsync("one");
                try { await connection.ExecuteAsync("INSERT INTO users (id) VALUES (@id)", new { id }, tx); }
                catch (NpgsqlException) { await tx.RollbackAsync("one"); }
            }
        }
        """);

    [Fact]
    public Task An_object_that_knows_how_it_went() => Verify<ContinueAfterError>.CSharp("""
        using System;
        using Dapper;
        using Npgsql;

        public class Result
        {
            public string? Error { get; set; }

            public bool IsOk => Error is null;
        }

        public class Importer(NpgsqlConnection connection)
        {
            private string? _error;

            private bool HasFailed => _error is not null;

            public void Asks_the_result()
            {
                using var tx = connection.BeginTransaction();
                var result = new Result();
                try { connection.Execute("INSERT INTO users (id) VALUES (1)", null, tx); }
                catch (PostgresException e) { result.Error = e.MessageText; }
                if (!result.IsOk) return;
                tx.Commit();
            }

            public void Asks_itself()
            {
                using var tx = connection.BeginTransaction();
                try { connection.Execute("INSERT INTO users (id) VALUES (1)", null, tx); }
                catch (PostgresException e) { _error = e.MessageText; }
                if (HasFailed) return;
                tx.Commit();
            }

            public void Asks_for_nothing(string name)
            {
                using var tx = connection.BeginTransaction();
                try { [|connection.Execute("INSERT INTO users (id) VALUES (1)", null, tx)|]; }
                catch (PostgresException e) { _error = e.MessageText; }
                if (name.Length == 0) return;
                tx.Commit();
            }
        }
        """);
}
