using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3013: transactions that may be refused and are not run again, and retries inside a transaction.</summary>
public sealed class SerializableWithoutRetryTests
{
    private static string Expand(string statements) => statements.Replace("SQL", "\"UPDATE a SET x = x + 1\"").Replace("S.", "System.Transactions.");

    private static Task Check(string statements) => Verify<SerializableWithoutRetry>.Statements("{ " + Expand(statements) + " }", "string text");

    [Theory]
    [InlineData("using var tx = [|pg.BeginTransaction(IsolationLevel.Serializable)|]; pg.Execute(SQL, transaction: tx); tx.Commit();")]
    [InlineData("await using var tx = await [|pg.BeginTransactionAsync(IsolationLevel.RepeatableRead)|]; await pg.ExecuteAsync(SQL); await tx.CommitAsync();")]
    [InlineData("using (var tx = [|pg.BeginTransaction(IsolationLevel.Snapshot)|]) { using var k = new NpgsqlCommand(SQL, pg, tx); k.ExecuteNonQuery(); tx.Commit(); }")]
    [InlineData("using var tx = [|shop.Database.BeginTransaction(IsolationLevel.Serializable)|]; shop.SaveChanges(); tx.Commit();")]
    [InlineData("using var scope = [|new S.TransactionScope(S.TransactionScopeOption.Required, new S.TransactionOptions { IsolationLevel = S.IsolationLevel.Serializable })|]; pg.Execute(SQL); scope.Complete();")]
    [InlineData("using var scope = [|new S.TransactionScope()|]; pg.Execute(SQL); scope.Complete();")]
    [InlineData("using var scope = [|new S.TransactionScope(S.TransactionScopeOption.Required, new S.TransactionOptions { Timeout = TimeSpan.Zero })|]; pg.Execute(SQL); scope.Complete();")]
    [InlineData("[|pg.Execute(\"BEGIN ISOLATION LEVEL REPEATABLE READ\")|]; pg.Execute(SQL); pg.Execute(\"COMMIT\");")]
    [InlineData("foreach (var letter in text) { using var tx = [|pg.BeginTransaction(IsolationLevel.Serializable)|]; pg.Execute(SQL); tx.Commit(); }")]
    [InlineData("try { using var tx = [|pg.BeginTransaction(IsolationLevel.Serializable)|]; pg.Execute(SQL); tx.Commit(); } catch (Exception) { Console.WriteLine(); throw; }")]
    [InlineData("foreach (var letter in text) { try { using var tx = [|pg.BeginTransaction(IsolationLevel.Serializable)|]; pg.Execute(SQL); tx.Commit(); } catch (Exception) { Console.WriteLine(letter); } }")]
    [InlineData("foreach (var letter in text) { using var tx = [|pg.BeginTransaction(IsolationLevel.Serializable)|]; try { pg.Execute(SQL); tx.Commit(); } catch (Exception) { tx.Rollback(); } }")]
    public Task Reports_a_transaction_that_is_not_repeated(string statements) => Check(statements);

    [Theory]
    [InlineData("for (var i = 0; ; i++) { try { using var tx = pg.BeginTransaction(IsolationLevel.Serializable); pg.Execute(SQL); tx.Commit(); break; } catch (PostgresException e) when (e.SqlState == \"40001\" && i < 3) { } }")]
    [InlineData("while (true) { try { using var tx = pg.BeginTransaction(IsolationLevel.Serializable); pg.Execute(SQL); tx.Commit(); return; } catch (Exception) { } }")]
    [InlineData("try { using var tx = pg.BeginTransaction(IsolationLevel.Serializable); pg.Execute(SQL); tx.Commit(); } catch (PostgresException e) when (e.IsTransient) { Console.WriteLine(); }")]
    [InlineData("for (var i = 0; ; i++) { using var tx = pg.BeginTransaction(IsolationLevel.Serializable); try { pg.Execute(SQL); tx.Commit(); break; } catch (PostgresException e) when (e.SqlState == \"40001\" && i < 3) { tx.Rollback(); } }")]
    [InlineData("while (true) { using (var tx = pg.BeginTransaction(IsolationLevel.Serializable)) { try { pg.Execute(SQL); tx.Commit(); return; } catch (Exception) { tx.Rollback(); } } }")]
    [InlineData("foreach (var delay in new[] { 1, 10 }) { try { using var tx = pg.BeginTransaction(IsolationLevel.Serializable); pg.Execute(SQL); tx.Commit(); return; } catch (NpgsqlException) { Thread.Sleep(delay); } }")]
    [InlineData("shop.Database.CreateExecutionStrategy().Execute(() => { using var tx = shop.Database.BeginTransaction(IsolationLevel.Serializable); shop.SaveChanges(); tx.Commit(); });")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL); tx.Commit();")]
    [InlineData("using var tx = pg.BeginTransaction(IsolationLevel.ReadCommitted); pg.Execute(SQL); tx.Commit();")]
    [InlineData("using var tx = pg.BeginTransaction(IsolationLevel.RepeatableRead); pg.Query<int>(\"SELECT 1\"); tx.Commit();")]
    [InlineData("using var scope = new S.TransactionScope(S.TransactionScopeOption.Required, new S.TransactionOptions { IsolationLevel = S.IsolationLevel.ReadCommitted }); pg.Execute(SQL); scope.Complete();")]
    [InlineData("using var scope = new S.TransactionScope(S.TransactionScopeOption.Suppress); pg.Execute(SQL); scope.Complete();")]
    [InlineData("pg.Execute(\"BEGIN\"); pg.Execute(SQL); pg.Execute(\"COMMIT\");")]
    [InlineData("using var tx = server.BeginTransaction(IsolationLevel.Serializable); server.Execute(SQL, transaction: tx); tx.Commit();")]
    public Task Leaves_repeated_and_lenient_transactions_alone(string statements) => Check(statements);

    [Theory]
    [InlineData("var level = flag ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted; using var tx = pg.BeginTransaction(level); pg.Execute(SQL); tx.Commit();")]
    [InlineData("using var tx = pg.BeginTransaction(IsolationLevel.Serializable); pg.Execute(text); tx.Commit();")]
    [InlineData("using var tx = any.BeginTransaction(IsolationLevel.Serializable); any.Execute(SQL); tx.Commit();")]
    [InlineData("Retry(() => { using var tx = pg.BeginTransaction(IsolationLevel.Serializable); pg.Execute(SQL); tx.Commit(); }); void Retry(Action work) => work();")]
    [InlineData("Work(); Console.WriteLine(((Action)Work).Method); Take(Work); void Take(Action work) { } void Work() { using var tx = pg.BeginTransaction(IsolationLevel.Serializable); pg.Execute(SQL); tx.Commit(); }")]
    public Task Is_silent_where_nobody_knows(string statements) => Check(statements);

    [Fact]
    public Task Callers_may_repeat() => Verify<SerializableWithoutRetry>.CSharp(Expand("""
        public interface IStore { void Save(); }
        public class Store(NpgsqlConnection pg) : IStore
        {
            public void Save() { using var tx = pg.BeginTransaction(IsolationLevel.Serializable); pg.Execute(SQL); tx.Commit(); }
            public void Alone() { using var tx = [|pg.BeginTransaction(IsolationLevel.Serializable)|]; pg.Execute(SQL); tx.Commit(); }
            public void Outer() => Deeper();
            private void Deeper() { using var tx = [|pg.BeginTransaction(IsolationLevel.Serializable)|]; pg.Execute(SQL); tx.Commit(); }
        }
        public class Handler(IStore store)
        {
            public void Handle()
            {
                for (var attempt = 0; attempt < 3; attempt++)
                {
                    try { store.Save(); return; }
                    catch (PostgresException) { }
                }
            }
        }
        """));

    private const string Inner = "using var tx = pg.BeginTransaction(); ";

    [Theory]
    [InlineData(Inner + "for (var i = 0; i < 3; i++) { try { [|pg.Execute(SQL)|]; break; } catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.SerializationFailure) { Thread.Sleep(1); } } tx.Commit();")]
    [InlineData(Inner + "while (true) { try { await [|pg.ExecuteAsync(SQL)|]; break; } catch (PostgresException e) { if (e.SqlState != \"40P01\") throw; } } tx.Commit();")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); for (var i = 0; i < 3; i++) { try { [|shop.Database.ExecuteSqlRaw(SQL)|]; break; } catch (PostgresException e) when (e.IsTransient) { } } tx.Commit();")]
    public Task Reports_a_retry_inside(string statements) => Check(statements);

    [Theory]
    [InlineData(Inner + "for (var i = 0; i < 3; i++) { try { tx.Save(\"s\"); pg.Execute(SQL); break; } catch (PostgresException e) when (e.IsTransient) { tx.Rollback(\"s\"); } } tx.Commit();")]
    [InlineData(Inner + "for (var i = 0; i < 3; i++) { try { pg.Execute(SQL); break; } catch (PostgresException e) when (e.IsTransient) { throw; } } tx.Commit();")]
    [InlineData("for (var i = 0; i < 3; i++) { try { using var tx = pg.BeginTransaction(); pg.Execute(SQL); tx.Commit(); break; } catch (PostgresException e) when (e.IsTransient) { } }")]
    [InlineData(Inner + "tx.Commit(); for (var i = 0; i < 3; i++) { try { pg.Execute(SQL); break; } catch (PostgresException e) when (e.IsTransient) { } }")]
    [InlineData(Inner + "foreach (var letter in text) { try { pg.Execute(SQL); } catch (PostgresException e) when (e.IsTransient) { break; } } tx.Commit();")]
    public Task Leaves_retries_around_and_savepoints_alone(string statements) => Check(statements);
}
