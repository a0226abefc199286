using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3012: what a transaction waits for.</summary>
public sealed class TransactionHeldOverIoTests
{
    private static Task Check(string statements) => Verify<TransactionHeldOverIo>.Statements("{ " + statements + " }", "System.Net.Http.HttpClient http, string text");

    private const string Begin = "using var tx = pg.BeginTransaction(); pg.Execute(\"DELETE FROM a\"); ";

    [Theory]
    [InlineData(Begin + "await [|http.GetAsync(text)|]; tx.Commit();")]
    [InlineData(Begin + "await [|http.PostAsync(text, null)|].ConfigureAwait(false); tx.Commit();")]
    [InlineData(Begin + "var body = [|http.GetStringAsync(text)|].Result; tx.Commit();")]
    [InlineData(Begin + "[|Thread.Sleep(100)|]; tx.Commit();")]
    [InlineData(Begin + "await [|Task.Delay(100)|]; tx.Commit();")]
    [InlineData(Begin + "[|System.IO.File.WriteAllText(text, text)|]; tx.Commit();")]
    [InlineData(Begin + "if (flag) { await [|http.DeleteAsync(text)|]; } tx.Commit();")]
    [InlineData("await using var tx = await pg.BeginTransactionAsync(); await [|http.GetAsync(text)|]; await tx.CommitAsync();")]
    [InlineData("await using (var tx = await shop.Database.BeginTransactionAsync()) { await [|http.GetAsync(text)|]; await tx.CommitAsync(); }")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); [|Thread.Sleep(100)|]; scope.Complete();")]
    [InlineData("pg.Execute(\"BEGIN\"); [|Thread.Sleep(100)|]; pg.Execute(\"COMMIT\"); Thread.Sleep(100);")]
    [InlineData(Begin + "await [|Notify()|]; tx.Commit(); async Task Notify() { await http.GetAsync(text); }")]
    [InlineData(Begin + "using var mail = new System.Net.Mail.SmtpClient(); [|mail.Send(\"a\", \"b\", \"c\", \"d\")|]; tx.Commit();")]
    [InlineData(Begin + "await [|Notify()|]; tx.Commit(); Task Notify() => http.GetAsync(text);")]
    public Task Reports_a_wait_in_a_transaction(string statements) => Check(statements);

    [Theory]
    [InlineData("await http.GetAsync(text); " + Begin + "tx.Commit(); await http.GetAsync(text);")]
    [InlineData(Begin + "tx.Rollback(); await http.GetAsync(text);")]
    [InlineData("using (var tx = pg.BeginTransaction()) { tx.Commit(); } await Task.Delay(1);")]
    [InlineData("for (var i = 0; i < 3; i++) { try { using var tx = pg.BeginTransaction(); pg.Execute(\"DELETE FROM a\"); tx.Commit(); break; } catch (PostgresException) { await Task.Delay(100); } }")]
    [InlineData(Begin + "try { pg.Execute(\"DELETE FROM a\"); tx.Commit(); } catch (Exception) { tx.Rollback(); await http.GetAsync(text); }")]
    [InlineData(Begin + "_ = http.GetAsync(text); tx.Commit();")]
    [InlineData(Begin + "Thread.Sleep(0); http.CancelPendingRequests(); System.IO.File.Exists(text); tx.Commit();")]
    [InlineData(Begin + "Func<Task> later = () => http.GetAsync(text); tx.Commit(); await later();")]
    [InlineData(Begin + "await Notify(); tx.Commit(); async Task Notify() { if (flag) { await http.GetAsync(text); } }")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress); Thread.Sleep(1);")]
    [InlineData(Begin + "var sent = Notify(); tx.Commit(); await sent; Task Notify() => http.GetAsync(text);")]
    public Task Leaves_waits_outside_alone(string statements) => Check(statements);

    [Fact]
    public Task Is_silent_where_nobody_knows() => Verify<TransactionHeldOverIo>.CSharp("""
        public interface IUnit { Task BeginTransactionAsync(); Task CommitAsync(); }
        public class Case(IUnit unit, NpgsqlConnection pg, System.Net.Http.HttpClient http)
        {
            private NpgsqlTransaction? _transaction;
            public async Task Foreign() { await unit.BeginTransactionAsync(); await Task.Delay(1); await unit.CommitAsync(); }
            public async Task Field() { _transaction = pg.BeginTransaction(); End(); await Task.Delay(1); }
            public async Task Given() { var tx = pg.BeginTransaction(); await CommitAll(tx); await http.GetAsync("x"); }
            private void End() => _transaction!.Commit();
            private static Task CommitAll(NpgsqlTransaction tx) => tx.CommitAsync();
        }
        """);
}
