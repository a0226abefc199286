using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3004: a transaction that begins inside another.</summary>
public sealed class NestedTransactionTests
{
    private static Task Check(string statements) => Verify<NestedTransaction>.Statements(statements, "CancellationToken ct");

    [Theory]
    [InlineData("using var outer = pg.BeginTransaction(); using var inner = [|pg.BeginTransaction()|]; inner.Commit(); outer.Commit();")]
    [InlineData("await using var outer = await pg.BeginTransactionAsync(ct); await using (var inner = await [|pg.BeginTransactionAsync(IsolationLevel.Serializable, ct)|].ConfigureAwait(false)) { await inner.CommitAsync(ct); } await outer.CommitAsync(ct);")]
    [InlineData("using var outer = pg.BeginTransaction(); foreach (var id in new[] { 1, 2 }) { using var inner = [|pg.BeginTransaction()|]; inner.Commit(); } outer.Commit();")]
    [InlineData("using var outer = any.BeginTransaction(); using var inner = [|any.BeginTransaction()|];")]
    [InlineData("using (shop.Database.BeginTransaction()) { if (flag) { using var inner = [|shop.Database.BeginTransaction()|]; inner.Commit(); } }")]
    [InlineData("using var outer = shop.Database.BeginTransaction(); using var inner = [|shop.Database.GetDbConnection().BeginTransaction()|];")]
    [InlineData("var outer = pg.BeginTransaction(); try { using var inner = [|pg.BeginTransaction()|]; inner.Commit(); } finally { outer.Commit(); }")]
    [InlineData("pg.Execute(\"BEGIN;\"); using var inner = [|pg.BeginTransaction()|];")]
    public Task Reports_a_begin_inside_another(string statements) => Check(statements);

    [Theory]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var inner = [|shop.Database.BeginTransaction()|];")]
    [InlineData("using (var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.RequiresNew)) { using var own = source.OpenConnection(); using var inner = [|own.BeginTransaction()|]; }")]
    public Task Reports_a_begin_inside_a_scope(string statements) => Check(statements);

    [Theory]
    [InlineData("var outer = pg.BeginTransaction(); outer.Commit(); using var next = pg.BeginTransaction();")]
    [InlineData("using (var outer = pg.BeginTransaction()) { outer.Commit(); } using var next = pg.BeginTransaction();")]
    [InlineData("var outer = pg.BeginTransaction(); outer.Dispose(); using var next = pg.BeginTransaction();")]
    [InlineData("var outer = pg.BeginTransaction(); outer.Rollback(); using var next = pg.BeginTransaction();")]
    [InlineData("foreach (var id in new[] { 1, 2 }) { using var each = pg.BeginTransaction(); each.Commit(); }")]
    [InlineData("if (flag) { using var one = pg.BeginTransaction(); } else { using var other = pg.BeginTransaction(); }")]
    [InlineData("NpgsqlTransaction? outer = null; if (flag) { outer = pg.BeginTransaction(); } else { using var other = pg.BeginTransaction(); }")]
    [InlineData("using var outer = pg.BeginTransaction(); using var own = source.OpenConnection(); using var other = own.BeginTransaction();")]
    [InlineData("using var outer = pg.BeginTransaction(); using var other = db.BeginTransaction();")]
    [InlineData("using var outer = pg.BeginTransaction(); shop.Database.UseTransaction(outer);")]
    [InlineData("using var outer = new System.Transactions.TransactionScope(); using var inner = new System.Transactions.TransactionScope();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress); using var inner = shop.Database.BeginTransaction();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var none = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress); using var inner = shop.Database.BeginTransaction();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var inner = pg.BeginTransaction();")]
    [InlineData("using var outer = lite.BeginTransaction(); using var inner = lite.BeginTransaction();")]
    [InlineData("using var outer = server.BeginTransaction(); using var inner = server.BeginTransaction();")]
    [InlineData("using var outer = shop.Database.BeginTransaction(); if (shop.Database.CurrentTransaction is null) { using var inner = shop.Database.BeginTransaction(); }")]
    [InlineData("using var outer = shop.Database.BeginTransaction(); var inner = shop.Database.CurrentTransaction ?? shop.Database.BeginTransaction();")]
    [InlineData("using var outer = pg.BeginTransaction(); outer.Save(\"a\"); outer.Rollback(\"a\");outer.Commit();")]
    [InlineData("using var outer = pg.BeginTransaction(); Action later = () => pg.BeginTransaction(); outer.Commit(); later();")]
    [InlineData("var c = pg; using var outer = c.BeginTransaction(); if (flag) { c = source.OpenConnection(); } using var inner = c.BeginTransaction();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var own = new NpgsqlConnection(\"Host=x; Enlist = false\"); using var inner = own.BeginTransaction();")]
    public Task Leaves_others_alone(string statements) => Check(statements);

    [Fact]
    public Task Methods_that_may_end_the_outer_one() => Verify<NestedTransaction>.CSharp("""
        public class Store(NpgsqlConnection connection, Func<NpgsqlTransaction, Task> finish)
        {
            public async Task Passed()
            {
                var outer = await connection.BeginTransactionAsync();
                await End(outer);
                await using var next = await connection.BeginTransactionAsync();
            }

            public async Task Given()
            {
                var outer = await connection.BeginTransactionAsync();
                await finish(outer);
                await using var next = await connection.BeginTransactionAsync();
            }

            public void ByName()
            {
                var outer = connection.BeginTransaction();
                CommitAll();
                connection.Execute("VACUUM users");
                using var next = connection.BeginTransaction();
            }

            private static async Task End(NpgsqlTransaction transaction) => await transaction.CommitAsync();

            private void CommitAll() => connection.Execute("COMMIT");
        }
        """);

    [Fact]
    public Task Through_methods() => Verify<NestedTransaction>.CSharp("""
        public class Store(Shop shop, NpgsqlConnection connection)
        {
            public async Task Outer(CancellationToken ct)
            {
                await using var outer = await shop.Database.BeginTransactionAsync(ct);
                await [|Save(ct)|];
                await SaveIfNone(ct);
                await SaveIf(ct.IsCancellationRequested);
                await outer.CommitAsync(ct);
            }

            public void Passed(NpgsqlConnection other)
            {
                using var outer = connection.BeginTransaction();
                [|Write(connection)|];
                Write(other);
                Ended(connection);
                outer.Commit();
            }

            public void After()
            {
                var outer = connection.BeginTransaction();
                outer.Commit();
                Write(connection);
            }

            private async Task Save(CancellationToken ct)
            {
                await using var inner = await shop.Database.BeginTransactionAsync(ct);
                await shop.SaveChangesAsync(ct);
                await inner.CommitAsync(ct);
            }

            private async Task SaveIfNone(CancellationToken ct)
            {
                var current = shop.Database.CurrentTransaction ?? await shop.Database.BeginTransactionAsync(ct);
                await shop.SaveChangesAsync(ct);
            }

            private async Task SaveIf(bool now)
            {
                if (!now) { return; }
                await using var inner = await shop.Database.BeginTransactionAsync();
            }

            private static void Write(NpgsqlConnection connection)
            {
                using var inner = connection.BeginTransaction();
                inner.Commit();
            }

            private static void Ended(NpgsqlConnection connection)
            {
                connection.Close();
                connection.Open();
                using var inner = connection.BeginTransaction();
            }
        }
        """);
}
