using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3003: what is written and never committed.</summary>
public sealed class TransactionNotCommittedTests
{
    private const string Sql = "\"INSERT INTO users (id) VALUES (1)\"";

    private static Task Check(string statements) => Verify<TransactionNotCommitted>.Statements(statements.Replace("SQL", Sql, StringComparison.Ordinal), "string name, string text, CancellationToken ct, Func<IDbTransaction, Task> use");

    [Theory]
    [InlineData("using var tx = [|pg.BeginTransaction()|]; pg.Execute(SQL, transaction: tx);")]
    [InlineData("await using var tx = await [|pg.BeginTransactionAsync(ct)|]; await pg.ExecuteAsync(SQL, transaction: tx);")]
    [InlineData("using (var tx = [|pg.BeginTransaction()|]) { using var command = new NpgsqlCommand(SQL, pg, tx); command.ExecuteNonQuery(); }")]
    [InlineData("using var tx = [|pg.BeginTransaction()|]; using var command = pg.CreateCommand(); command.CommandText = SQL; command.Transaction = tx; command.ExecuteNonQuery();")]
    [InlineData("var tx = [|pg.BeginTransaction()|]; try { pg.Execute(SQL, null, tx); } catch { tx.Rollback(); throw; }")]
    [InlineData("using var tx = [|any.BeginTransaction()|]; any.Execute(SQL, null, tx);")]
    [InlineData("using (var tx = [|shop.Database.BeginTransaction()|]) { shop.SaveChanges(); }")]
    [InlineData("await using var tx = await [|shop.Database.BeginTransactionAsync(ct)|].ConfigureAwait(false); shop.Add(new User()); await shop.SaveChangesAsync(ct);")]
    [InlineData("using var tx = [|shop.Database.BeginTransaction()|]; shop.Database.GetDbConnection().Execute(SQL, null, Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(tx));")]
    [InlineData("using (var tx = [|pg.BeginTransaction()|]) { pg.Execute(SQL, null, tx); } using (var other = pg.BeginTransaction()) { pg.Execute(SQL, null, other); other.Commit(); }")]
    [InlineData("using (var scope = [|new System.Transactions.TransactionScope()|]) { shop.SaveChanges(); }")]
    [InlineData("using var scope = [|new System.Transactions.TransactionScope()|]; using var own = source.OpenConnection(); own.Execute(SQL);")]
    [InlineData("using ([|new System.Transactions.TransactionScope()|]) { shop.SaveChanges(); }")]
    [InlineData("using (await [|shop.Database.BeginTransactionAsync()|]) { await shop.SaveChangesAsync(); }")]
    [InlineData("using var tx = [|pg.BeginTransaction()|]; tx.Save(\"a\"); try { pg.Execute(SQL, null, tx); tx.Release(\"a\"); } catch (NpgsqlException) { tx.Rollback(\"a\"); }")]
    [InlineData("using var tx = [|pg.BeginTransaction()|]; pg.Execute(SQL, transaction: tx); if (flag) { tx.Rollback(); return; }")]
    [InlineData("using var tx = [|pg.BeginTransaction()|]; try { pg.Execute(SQL, null, tx); } finally { if (flag) { tx.Rollback(); } }")]
    public Task Reports_a_transaction_without_commit(string statements) => Check(statements);

    [Theory]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, transaction: tx); tx.Commit();")]
    [InlineData("await using var tx = await pg.BeginTransactionAsync(ct); await pg.ExecuteAsync(SQL, transaction: tx); if (flag) { await tx.CommitAsync(ct); }")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); shop.SaveChanges(); shop.Database.CommitTransaction();")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); shop.SaveChanges(); shop.Database.CurrentTransaction!.Commit();")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, transaction: tx); pg.Execute(\"COMMIT\");")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, transaction: tx); tx.Rollback();")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); shop.SaveChanges(); shop.Database.RollbackTransaction();")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Query(\"SELECT 1\", transaction: tx);")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(text, transaction: tx);")]
    [InlineData("using var tx = pg.BeginTransaction(); db.Execute(SQL);")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); await use(tx);")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); Action later = () => tx.Commit(); later();")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); var list = new List<object> { tx };")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); IDbTransaction other = tx; other.Commit();")]
    [InlineData("shop.Database.BeginTransaction(); shop.SaveChanges();")]
    [InlineData("var tx = shop.Database.BeginTransaction(); shop.SaveChanges();")]
    [InlineData("using (var scope = new System.Transactions.TransactionScope()) { shop.SaveChanges(); scope.Complete(); }")]
    [InlineData("using (var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress)) { shop.SaveChanges(); }")]
    [InlineData("using (var scope = new System.Transactions.TransactionScope()) { pg.Execute(SQL); }")]
    [InlineData("using (var scope = new System.Transactions.TransactionScope((System.Transactions.TransactionScopeOption)choice)) { shop.SaveChanges(); }")]
    [InlineData("using var tx = pg.BeginTransaction(); try { pg.Execute(SQL, null, tx); } finally { tx.Commit(); }")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); void Done() { tx.Commit(); } Done();")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); await pg.ExecuteAsync(name + \"; COMMIT\");")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); throw new InvalidOperationException();")]
    [InlineData("using var tx = pg.BeginTransaction(); try { pg.Execute(SQL, null, tx); } finally { tx.Rollback(); }")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, transaction: tx); if (flag) { tx.Rollback(); return; } throw new InvalidOperationException();")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, transaction: tx); if (flag) { tx.Rollback(); return; } else { tx.Rollback(); return; }")]
    [InlineData("using var tx = pg.BeginTransaction(); if (flag) { pg.Execute(SQL, transaction: tx); tx.Rollback(); return; } pg.Query(\"SELECT 1\", transaction: tx);")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL, null, tx); if (tx is { } same) { await use(same); }")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var none = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress); shop.SaveChanges();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var own = new NpgsqlConnection(\"Host=x;Enlist=false\"); own.Execute(SQL);")]
    public Task Leaves_others_alone(string statements) => Check(statements);

    [Fact]
    public Task Holders_and_methods() => Verify<TransactionNotCommitted>.CSharp("""
        public class Store(NpgsqlConnection connection, Shop shop)
        {
            private const string Insert = "INSERT INTO users (id) VALUES (1)";
            private NpgsqlTransaction? _tx;

            public async Task Lost(CancellationToken ct)
            {
                await using var tx = await [|connection.BeginTransactionAsync(ct)|];
                await WriteAsync(tx);
            }

            public async Task<int> LostThroughParameter()
            {
                await using var tx = await [|connection.BeginTransactionAsync()|];
                return await Store.Write(connection, tx);
            }

            public async Task Committed()
            {
                await using var tx = await connection.BeginTransactionAsync();
                await WriteAsync(tx);
                await Finish(tx);
            }

            public void Kept()
            {
                _tx = connection.BeginTransaction();
                connection.Execute(Insert, transaction: _tx);
            }

            public NpgsqlTransaction Returned()
            {
                var tx = connection.BeginTransaction();
                connection.Execute(Insert, transaction: tx);
                return tx;
            }

            public void Out(out NpgsqlTransaction tx)
            {
                tx = connection.BeginTransaction();
                connection.Execute(Insert, transaction: tx);
            }

            public void ByContext()
            {
                using var tx = shop.Database.BeginTransaction();
                shop.SaveChanges();
                Done();
            }

            private void Done() => shop.Database.CommitTransaction();

            private Task WriteAsync(NpgsqlTransaction tx) => connection.ExecuteAsync(Insert, transaction: tx);

            private static Task<int> Write(NpgsqlConnection to, NpgsqlTransaction tx) => to.ExecuteAsync(Insert, null, tx);

            private async Task Finish(NpgsqlTransaction tx) => await tx.CommitAsync();
        }
        """);

    [Fact]
    public Task A_test_may_undo_what_it_did() => Verify<TransactionNotCommitted>.CSharp("""
        namespace Xunit { public class FactAttribute : Attribute; }
        public class Tests
        {
            [Xunit.Fact]
            public void Saves(Shop shop) { using var tx = shop.Database.BeginTransaction(); shop.SaveChanges(); }
        }
        """.Replace("FactAttribute : Attribute;", "FactAttribute : Attribute { }"));
}
