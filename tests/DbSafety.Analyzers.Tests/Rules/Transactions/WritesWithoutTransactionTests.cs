using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3001: several writes on one path that are no unit.</summary>
public sealed class WritesWithoutTransactionTests
{
    private const string Variables = "string name, List<int> ids, IReadOnlyList<User> users, System.Net.Http.HttpClient http, string sql, Func<int, Task> work, CancellationToken token";

    private const string Insert = "pg.Execute(\"INSERT INTO users (id) VALUES (@choice)\", new { choice });";

    private const string Update = "pg.Execute(\"UPDATE orders SET total = 0 WHERE id = @choice\", new { choice });";

    private const string Marked = "[|pg.Execute(\"UPDATE orders SET total = 0 WHERE id = @choice\", new { choice })|];";

    [Theory]
    [InlineData(Insert + Marked)]
    [InlineData("await pg.ExecuteAsync(\"INSERT INTO users (id) VALUES (1)\"); await [|pg.ExecuteAsync(\"UPDATE orders SET total = 0\")|];")]
    [InlineData("any.Execute(\"INSERT INTO users (id) VALUES (1)\"); [|any.Execute(\"UPDATE orders SET total = 0\")|];")]
    [InlineData("var id = await pg.QuerySingleAsync<int>(\"INSERT INTO users (name) VALUES (@name) RETURNING id\", new { name }); await [|pg.ExecuteAsync(\"INSERT INTO orders (user_id) VALUES (@id)\", new { id })|];")]
    [InlineData(Insert + "[|pg.Query<int>(\"WITH gone AS (DELETE FROM orders WHERE id = @choice RETURNING id) SELECT id FROM gone\", new { choice })|];")]
    [InlineData(Insert + "if (flag) " + Marked)]
    [InlineData("if (flag) " + Insert + Marked)]
    [InlineData(Insert + "if (flag) { return; }" + Marked)]
    [InlineData("if (flag) { " + Insert + Marked + " } else { pg.Execute(\"DELETE FROM users\"); }")]
    [InlineData("switch (choice) { case 1: " + Insert + "break; case 2: " + Insert + Marked + "break; }")]
    [InlineData("try { " + Insert + Marked + " } catch (PostgresException) { Console.WriteLine(); throw; }")]
    [InlineData("try { " + Insert + Marked + " } catch (PostgresException) { return; }")]
    [InlineData("try { " + Insert + " } finally { Console.WriteLine(); } " + Marked)]
    [InlineData(Insert + "var found = pg.QueryFirst<int>(\"SELECT 1\");" + Marked)]
    [InlineData("using (var one = new NpgsqlCommand(\"INSERT INTO users (id) VALUES (1)\", pg)) one.ExecuteNonQuery(); using (var two = new NpgsqlCommand(\"DELETE FROM orders WHERE id = 1\", pg)) [|two.ExecuteNonQuery()|];")]
    [InlineData("await using var one = source.CreateCommand(\"INSERT INTO users (id) VALUES (1)\"); await one.ExecuteNonQueryAsync(); await using var two = source.CreateCommand(\"UPDATE orders SET total = 0 WHERE id = 1\"); await [|two.ExecuteNonQueryAsync()|];")]
    [InlineData("shop.Users.Add(new User()); await shop.SaveChangesAsync(); shop.Users.Add(new User()); await [|shop.SaveChangesAsync()|];")]
    [InlineData("await shop.Users.Where(u => u.Id == choice).ExecuteDeleteAsync(); shop.Users.Add(new User()); await [|shop.SaveChangesAsync()|];")]
    [InlineData("await shop.Database.ExecuteSqlAsync($\"UPDATE orders SET total = 0 WHERE id = {choice}\"); await [|shop.SaveChangesAsync(token)|];")]
    [InlineData("shop.SaveChanges(); [|shop.Database.GetDbConnection().Execute(\"UPDATE orders SET total = 0 WHERE id = @choice\", new { choice })|];")]
    [InlineData("foreach (var id in ids) [|pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id })|];")]
    [InlineData("[|pg.Execute(\"INSERT INTO users (id) VALUES (@Id)\", users)|];")]
    [InlineData("using (var transaction = pg.BeginTransaction()) { pg.Execute(\"DELETE FROM users WHERE id = 1\", transaction: transaction); transaction.Commit(); } " + Insert + Marked)]
    [InlineData("var n = pg.Execute(\"UPDATE users SET name = @name\", new { name }); if (n > 0) " + Marked)]
    [InlineData("await Task.Run(() => { " + Insert + Marked + " });")]
    [InlineData("await pg.ExecuteAsync(\"UPDATE jobs SET state = 1 WHERE id = @choice\", new { choice }); await work(choice); await [|pg.ExecuteAsync(\"INSERT INTO results (id) VALUES (@choice)\", new { choice })|];")]
    [InlineData("pg.Execute(\"CREATE TEMP TABLE incoming (id int)\"); pg.Execute(\"INSERT INTO users SELECT * FROM incoming\"); [|pg.Execute(\"DELETE FROM users WHERE id = @choice\", new { choice })|];")]
    [InlineData("void Local() { " + Insert + Marked + " } Local();")]
    [InlineData("using (var writer = pg.BeginBinaryImport(\"COPY users (id) FROM STDIN (FORMAT BINARY)\")) { writer.StartRow(); writer.Write(1); writer.Complete(); } " + Marked)]
    [InlineData("if (choice > 0) { " + Insert + " } if (choice >= 0) { " + Marked + " }")]
    [InlineData("var done = pg.Execute(\"UPDATE users SET name = @name\", new { name }) > 0 && [|pg.Execute(\"INSERT INTO orders (name) VALUES (@name)\", new { name })|] > 0;")]
    [InlineData("var hit = pg.Query<int>(\"UPDATE users SET name = @name RETURNING id\", new { name }); if (hit.Any()) " + Marked)]
    [InlineData("pg.Execute(\"DELETE FROM orders WHERE user_id = @choice AND placed < now()\", new { choice }); [|pg.Execute(\"DELETE FROM users WHERE id = @choice\", new { choice })|];")]
    [InlineData("await shop.Set<User>().Where(o => o.Id == choice).ExecuteDeleteAsync(token); await [|shop.Users.Where(u => u.Id == choice).ExecuteDeleteAsync(token)|];")]
    [InlineData("var old = shop.Set<User>().Where(o => o.Id == choice); await old.ExecuteDeleteAsync(token); await [|shop.Users.Where(u => ids.Contains(u.Id)).ExecuteDeleteAsync(token)|];")]
    [InlineData("System.Linq.Expressions.Expression<Func<User, bool>> old = u => u.Id == choice; await shop.Users.Where(old).ExecuteDeleteAsync(token); await [|shop.Set<User>().Where(old).ExecuteDeleteAsync(token)|];")]
    [InlineData("pg.Execute(\"INSERT INTO archive SELECT * FROM log WHERE at < now()\"); [|pg.Execute(\"DELETE FROM log WHERE at < now()\")|];")]
    [InlineData("pg.Execute(\"INSERT INTO users (id) VALUES (@choice) ON CONFLICT DO NOTHING\", new { choice }); [|pg.Execute(\"INSERT INTO orders (id) VALUES (@choice) ON CONFLICT DO NOTHING\", new { choice })|];")]
    [InlineData("if (!await shop.Users.AnyAsync()) { shop.Add(new User()); await shop.SaveChangesAsync(); shop.Add(new User()); await [|shop.SaveChangesAsync()|]; }")]
    public Task Writes_that_are_no_unit(string statements) => Verify<WritesWithoutTransaction>.Statements(statements, Variables);

    [Theory]
    [InlineData(Update)]
    [InlineData("if (flag) { " + Insert + " } else { " + Update + " }")]
    [InlineData("if (flag) { " + Insert + " return; } " + Update)]
    [InlineData("if (choice == 1) { " + Insert + " } if (choice == 2) { " + Update + " }")]
    [InlineData("if (flag) { " + Insert + " } if (!flag) { " + Update + " }")]
    [InlineData("if (name is null) { " + Insert + " } if (name is not null) { " + Update + " }")]
    [InlineData("switch (choice) { case 1: " + Insert + "break; case 2: " + Update + "break; }")]
    [InlineData("var n = choice switch { 1 => pg.Execute(\"INSERT INTO users (id) VALUES (1)\"), _ => pg.Execute(\"UPDATE orders SET total = 0\") };")]
    [InlineData("var n = flag ? pg.Execute(\"INSERT INTO users (id) VALUES (1)\") : pg.Execute(\"UPDATE orders SET total = 0\");")]
    [InlineData("try { " + Insert + " } catch (PostgresException) { " + Update + " throw; }")]
    [InlineData("try { " + Insert + " http.ToString(); } finally { " + Update + " }")]
    [InlineData(Insert + "try { " + Update + " } catch (PostgresException) { Console.WriteLine(); }")]
    [InlineData("try { " + Insert + " } catch (PostgresException) { Console.WriteLine(); } " + Update)]
    [InlineData(Insert + "try { " + Update + " } catch (PostgresException) { pg.Execute(\"DELETE FROM users WHERE id = @choice\", new { choice }); throw; }")]
    [InlineData("for (var i = 0; i < 3; i++) { try { " + Insert + " break; } catch (PostgresException) { await Task.Delay(10); } }")]
    [InlineData("pg.Execute(\"INSERT INTO users (id) VALUES (1); UPDATE orders SET total = 0\");")]
    [InlineData("pg.Execute(\"WITH added AS (INSERT INTO users (id) VALUES (1) RETURNING id) UPDATE orders SET total = 0 WHERE id IN (SELECT id FROM added)\");")]
    [InlineData("pg.Execute(\"BEGIN; INSERT INTO users (id) VALUES (1); COMMIT\");")]
    [InlineData("pg.Execute(\"CREATE TABLE a (id int)\"); pg.Execute(\"CREATE INDEX ON a (id)\"); pg.Execute(\"SET x.y = 'a'\");" + Insert)]
    [InlineData("pg.Execute(sql); pg.Execute(sql);")]
    [InlineData("pg.Execute($\"{sql} users\"); pg.Execute($\"{sql} orders\");")]
    [InlineData("pg.Execute(\"SELECT notify_all()\"); " + Insert)]
    [InlineData("pg.Execute(\"DELETE FROM sessions WHERE expires < now()\"); pg.Execute(\"DELETE FROM tokens WHERE expires < now()\"); pg.Execute(\"TRUNCATE cache\");")]
    [InlineData("pg.Execute(\"INSERT INTO locks (id) VALUES (@choice) ON CONFLICT DO NOTHING\", new { choice }); pg.Execute(\"UPDATE locks SET taken = true WHERE id = @choice\", new { choice });")]
    [InlineData("var n = pg.Execute(\"UPDATE users SET name = @name\", new { name }); if (n == 0) " + Insert)]
    [InlineData("var n = pg.Execute(\"UPDATE users SET name = @name\", new { name }); if (n > 0) return; " + Insert)]
    [InlineData("if (pg.Execute(\"UPDATE users SET name = @name\", new { name }) == 0) { " + Insert + " }")]
    [InlineData("var updated = pg.Execute(\"UPDATE users SET name = @name\", new { name }) > 0; if (!updated) { " + Insert + " }")]
    [InlineData("var id = pg.QueryFirstOrDefault<int?>(\"INSERT INTO users (name) VALUES (@name) ON CONFLICT DO NOTHING RETURNING id\", new { name }); if (id is null) { " + Update + " }")]
    [InlineData(Insert + "await http.GetAsync(name); " + Update)]
    [InlineData(Insert + "await Task.Delay(1000, token); " + Update)]
    [InlineData("int count; do { count = pg.Execute(\"DELETE FROM log WHERE id IN (SELECT id FROM log LIMIT 1000)\"); } while (count > 0);")]
    [InlineData("foreach (var chunk in ids.Chunk(500)) pg.Execute(\"DELETE FROM users WHERE id = ANY(@chunk)\", new { chunk });")]
    [InlineData("foreach (var id in ids) { using var transaction = pg.BeginTransaction(); pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id }, transaction); transaction.Commit(); }")]
    [InlineData("foreach (var user in users) { await http.GetAsync(user.Name); await pg.ExecuteAsync(\"UPDATE users SET name = '' WHERE id = @Id\", user); }")]
    [InlineData("while (!token.IsCancellationRequested) { " + Update + " await Task.Delay(1000, token); }")]
    [InlineData("shop.Users.Add(new User()); shop.Users.Add(new User()); await shop.SaveChangesAsync();")]
    [InlineData("if (choice > 0) { " + Insert + " } if (choice <= 0) { " + Update + " }")]
    [InlineData("if (flag) { " + Insert + " } if (flag is false) { " + Update + " }")]
    [InlineData("if (flag == true) { " + Insert + " } if (!flag) { " + Update + " }")]
    [InlineData("if (string.IsNullOrEmpty(name)) { " + Insert + " } if (!string.IsNullOrEmpty(name)) { " + Update + " }")]
    [InlineData("var done = pg.Execute(\"UPDATE users SET name = @name\", new { name }) > 0 || pg.Execute(\"INSERT INTO users (name) VALUES (@name)\", new { name }) > 0;")]
    [InlineData("var id = pg.QueryFirstOrDefault<int?>(\"UPDATE users SET name = @name RETURNING id\", new { name }) ?? pg.QuerySingle<int>(\"INSERT INTO users (name) VALUES (@name) RETURNING id\", new { name });")]
    [InlineData("var updated = pg.Execute(\"UPDATE users SET name = @name\", new { name }) > 0; if (updated == false) { " + Insert + " }")]
    [InlineData("if (0 == pg.Execute(\"UPDATE users SET name = @name\", new { name })) { " + Insert + " }")]
    [InlineData("var hit = pg.Query<int>(\"UPDATE users SET name = @name RETURNING id\", new { name }); if (!hit.Any()) { " + Insert + " }")]
    [InlineData("var hit = pg.Query<int>(\"UPDATE users SET name = @name RETURNING id\", new { name }).ToList(); if (hit.Count == 0) { " + Insert + " }")]
    [InlineData("pg.Execute(\"DELETE FROM sessions WHERE expires < @choice\", new { choice }); pg.Execute(\"DELETE FROM tokens WHERE used AND created <= @choice\", new { choice });")]
    [InlineData("var cutoff = DateTime.UtcNow; await shop.Users.Where(u => u.Id < choice).ExecuteDeleteAsync(token); await shop.Users.Where(u => u.Name == null).ExecuteDeleteAsync(token);")]
    [InlineData("pg.Execute(\"DELETE FROM sessions WHERE expires < now()\"); pg.Execute(\"INSERT INTO sessions (id) VALUES (@choice)\", new { choice });")]
    [InlineData("pg.Execute(\"INSERT INTO roles (name) VALUES ('admin') ON CONFLICT DO NOTHING\"); pg.Execute(\"INSERT INTO rights (name) VALUES ('read') ON CONFLICT (name) DO NOTHING\");")]
    [InlineData("if (!await shop.Users.AnyAsync()) { shop.Add(new User()); await shop.SaveChangesAsync(); } if (!await shop.Users.AnyAsync(u => u.Id == 2)) { shop.Add(new User()); await shop.SaveChangesAsync(); }")]
    [InlineData("await Parallel.ForEachAsync(ids, async (id, ct) => { await using var own = await source.OpenConnectionAsync(ct); await own.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id }); });")]
    [InlineData("await pg.ExecuteAsync(\"INSERT INTO mails (id) VALUES (@choice)\", new { choice }); await work(choice); await pg.ExecuteAsync(\"UPDATE mails SET sent = true WHERE id = @choice\", new { choice });")]
    [InlineData("var batch = new NpgsqlBatch(pg) { BatchCommands = { new(\"INSERT INTO users (id) VALUES (1)\"), new(\"DELETE FROM orders\") } }; batch.ExecuteNonQuery();")]
    [InlineData("pg.Execute(\"CREATE TEMP TABLE incoming (id int) ON COMMIT DROP\"); pg.Execute(\"INSERT INTO incoming SELECT 1\"); pg.Execute(\"INSERT INTO users SELECT * FROM incoming\");")]
    [InlineData("using (var writer = pg.BeginBinaryImport(\"COPY tmp_users (id) FROM STDIN (FORMAT BINARY)\")) { writer.Complete(); } pg.Execute(\"INSERT INTO users SELECT * FROM tmp_users\"); pg.Execute(\"TRUNCATE tmp_users\");")]
    [InlineData("await pg.ExecuteAsync(\"UPDATE jobs SET state = 1 WHERE id = @choice\", new { choice }); await work(choice); await pg.ExecuteAsync(\"UPDATE jobs SET state = 2 WHERE id = @choice\", new { choice });")]
    [InlineData("users[0].Status = Status.Active; await shop.SaveChangesAsync(); await work(choice); users[0].Status = Status.Closed; await shop.SaveChangesAsync();")]
    [InlineData("List<User> page; do { page = pg.Query<User>(\"SELECT * FROM users WHERE name = '' LIMIT 100\").ToList(); pg.Execute(\"UPDATE users SET name = 'x' WHERE id = @Id\", page); } while (page.Count == 100);")]
    public Task One_write_or_a_unit(string statements) => Verify<WritesWithoutTransaction>.Statements(statements, Variables);

    [Theory]
    [InlineData("using var transaction = pg.BeginTransaction(); " + Insert + Update + " transaction.Commit();")]
    [InlineData("await using var transaction = await pg.BeginTransactionAsync(token).ConfigureAwait(false); " + Insert + Update + " await transaction.CommitAsync(token);")]
    [InlineData("await using (await pg.BeginTransactionAsync(token)) { " + Insert + Update + " }")]
    [InlineData("NpgsqlTransaction? transaction = null; if (flag) transaction = pg.BeginTransaction(); " + Insert + Update + " transaction?.Commit();")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled); " + Insert + Update + " scope.Complete();")]
    [InlineData("pg.Execute(\"BEGIN\"); " + Insert + Update + " pg.Execute(\"COMMIT\");")]
    [InlineData("using var command = new NpgsqlCommand(\"START TRANSACTION ISOLATION LEVEL SERIALIZABLE\", pg); command.ExecuteNonQuery(); " + Insert + Update)]
    [InlineData("await using var transaction = await shop.Database.BeginTransactionAsync(token); await shop.SaveChangesAsync(token); await shop.Users.ExecuteDeleteAsync(token); await transaction.CommitAsync(token);")]
    [InlineData("shop.Database.BeginTransaction(); shop.SaveChanges(); shop.SaveChanges(); shop.Database.CommitTransaction();")]
    [InlineData("using var transaction = shop.Database.BeginTransaction(); shop.SaveChanges(); shop.Database.GetDbConnection().Execute(\"UPDATE orders SET total = 0\");")]
    [InlineData("using var transaction = pg.BeginTransaction(); shop.Database.UseTransaction(transaction); shop.SaveChanges(); shop.SaveChanges();")]
    [InlineData("await shop.Database.CreateExecutionStrategy().ExecuteAsync(async () => { await using var transaction = await shop.Database.BeginTransactionAsync(); await shop.SaveChangesAsync(); await shop.Users.ExecuteDeleteAsync(); await transaction.CommitAsync(); });")]
    [InlineData("using var transaction = pg.BeginTransaction(); foreach (var id in ids) pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id }, transaction); transaction.Commit();")]
    [InlineData("using var transaction = pg.BeginTransaction(); try { " + Insert + Update + " transaction.Commit(); } catch { transaction.Rollback(); throw; }")]
    [InlineData("using var transaction = pg.BeginTransaction(); void Local() { " + Insert + Update + " } Local(); transaction.Commit();")]
    [InlineData("using var transaction = pg.BeginTransaction(); ids.ForEach(id => { " + Insert + Update + " }); transaction.Commit();")]
    public Task Writes_in_a_transaction(string statements) => Verify<WritesWithoutTransaction>.Statements(statements, Variables);

    [Fact]
    public Task Across_calls() => Verify<WritesWithoutTransaction>.CSharp("""
        public class Orders(NpgsqlConnection pg, Shop shop)
        {
            public async Task Bad() { await InsertAsync(pg); await [|UpdateAsync()|]; }
            public async Task Good() { await using var transaction = await pg.BeginTransactionAsync(); await InsertAsync(pg); await UpdateAsync(); await transaction.CommitAsync(); }
            public async Task Held() { await using var transaction = await pg.BeginTransactionAsync(); await Both(); await transaction.CommitAsync(); }
            public async Task HeldToo(bool flag) { using var transaction = pg.BeginTransaction(); if (flag) { await Both(); } transaction.Commit(); }
            private async Task Both() { await InsertAsync(pg); await UpdateAsync(); }
            private static Task InsertAsync(NpgsqlConnection connection) => connection.ExecuteAsync("INSERT INTO users (id) VALUES (1)");
            private Task UpdateAsync() => pg.ExecuteAsync("UPDATE orders SET total = 0 WHERE id = 1");
            public async Task Work() => await InTransaction(async () => { await shop.SaveChangesAsync(); await shop.SaveChangesAsync(); });
            private async Task InTransaction(Func<Task> work) { await using var transaction = await shop.Database.BeginTransactionAsync(); await work(); await transaction.CommitAsync(); }
            public async Task Twice() => await Again(async () => { await shop.SaveChangesAsync(); await [|shop.SaveChangesAsync()|]; });
            private async Task Again(Func<Task> work) { try { await work(); } catch (PostgresException) { await work(); } }
        }
        """);

    [Fact]
    public Task Callers_of_which_one_has_no_transaction() => Verify<WritesWithoutTransaction>.CSharp("""
        public class Orders(NpgsqlConnection pg)
        {
            public void Held() { using var transaction = pg.BeginTransaction(); Both(); transaction.Commit(); }
            public void Bare() { Both(); }
            private void Both() { pg.Execute("INSERT INTO users (id) VALUES (1)"); [|pg.Execute("UPDATE orders SET total = 0 WHERE id = 1")|]; }
        }
        """);

    [Fact]
    public Task Services_over_one_context() => Verify<WritesWithoutTransaction>.CSharp("""
        public class Users(Shop shop) { public async Task Add(User user) { shop.Add(user); await shop.SaveChangesAsync(); } }
        public class Orders(Shop shop) { public async Task Add(User user) { shop.Add(user); await shop.SaveChangesAsync(); } }
        public class Other(NpgsqlDataSource source)
        {
            public async Task Add(User user) { await using var connection = await source.OpenConnectionAsync(); await connection.ExecuteAsync("INSERT INTO users (id) VALUES (@Id)", user); }
        }

        public class Registration(Users users, Orders orders, Other other)
        {
            public async Task Register(User user) { await users.Add(user); await [|orders.Add(user)|]; }
            public async Task Elsewhere(User user) { await users.Add(user); await other.Add(user); }
        }
        """);

    [Fact]
    public Task Objects_that_make_commands_of_their_own() => Verify<WritesWithoutTransaction>.CSharp("""
        public interface ISession { NpgsqlCommand CreateCommand(); Task Complete(); }
        public interface IUnit { NpgsqlConnection Connection { get; } void Commit(); }
        public class Outbox(IUnit unit)
        {
            public async Task Save(ISession session, List<User> users)
            {
                foreach (var user in users) { using var command = session.CreateCommand(); command.CommandText = "INSERT INTO users (id) VALUES (1)"; await command.ExecuteNonQueryAsync(); }
            }

            public void Twice() { unit.Connection.Execute("INSERT INTO users (id) VALUES (1)"); unit.Connection.Execute("UPDATE orders SET total = 0"); }
        }
        """);

    [Fact]
    public Task Whoever_is_given_a_transaction() => Verify<WritesWithoutTransaction>.CSharp("""
        public class Session(NpgsqlConnection connection) { public NpgsqlConnection Connection => connection; public NpgsqlTransaction? Transaction { get; set; } public NpgsqlCommand CreateCommand(string text) => new(text, connection, Transaction); }
        public class Orders(NpgsqlConnection pg)
        {
            public void Passed(NpgsqlTransaction transaction) { pg.Execute("INSERT INTO users (id) VALUES (1)", transaction: transaction); pg.Execute("UPDATE orders SET total = 0", transaction: transaction); }
            public void Optional(IDbTransaction? transaction = null) { pg.Execute("INSERT INTO users (id) VALUES (1)"); pg.Execute("UPDATE orders SET total = 0"); }
            public void OfTransaction(NpgsqlTransaction transaction) { var c = transaction.Connection!; c.Execute("INSERT INTO users (id) VALUES (1)"); c.Execute("UPDATE orders SET total = 0"); }
            public void OfSession(Session session) { session.Connection.Execute("INSERT INTO users (id) VALUES (1)"); session.Connection.Execute("UPDATE orders SET total = 0"); }
        }

        public class SessionOrders(Session session)
        {
            public void Save() { using var one = session.CreateCommand("INSERT INTO users (id) VALUES (1)"); one.ExecuteNonQuery(); using var two = session.CreateCommand("DELETE FROM orders WHERE id = 1"); two.ExecuteNonQuery(); }
        }

        public class UnitOfWork(NpgsqlConnection pg)
        {
            private NpgsqlTransaction? _transaction;
            public void Begin() => _transaction = pg.BeginTransaction();
            public void Save() { pg.Execute("INSERT INTO users (id) VALUES (1)"); pg.Execute("UPDATE orders SET total = 0"); }
        }

        public class Definitions(NpgsqlConnection pg, Func<NpgsqlTransaction> current)
        {
            public void Save()
            {
                var transaction = current();
                pg.Execute(new CommandDefinition("INSERT INTO users (id) VALUES (1)", transaction: transaction));
                pg.Execute(new CommandDefinition("UPDATE orders SET total = 0", transaction: transaction));
                using var command = new NpgsqlCommand("DELETE FROM orders WHERE id = 1", pg) { Transaction = transaction };
                command.ExecuteNonQuery();
            }
        }
        """);

    [Fact]
    public Task Who_knows_of_a_transaction_around() => Verify<WritesWithoutTransaction>.CSharp("""
        public interface IRunner { Task InTransaction(Func<Task> work); }
        public class Orders(NpgsqlDataSource source, Shop shop, IRunner runner)
        {
            public async Task Ambient()
            {
                if (System.Transactions.Transaction.Current is null) throw new InvalidOperationException();
                await using var own = await source.OpenConnectionAsync();
                await own.ExecuteAsync("INSERT INTO users (id) VALUES (1)");
                await own.ExecuteAsync("UPDATE orders SET total = 0");
            }

            public async Task OfContext() { if (shop.Database.CurrentTransaction is null) throw new InvalidOperationException(); await shop.SaveChangesAsync(); await shop.SaveChangesAsync(); }
            public Task Strategy() => shop.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(async () => { await shop.SaveChangesAsync(); await shop.SaveChangesAsync(); }, () => Task.FromResult(true));
            public Task Named() => runner.InTransaction(async () =>
            {
                await using var own = await source.OpenConnectionAsync();
                await own.ExecuteAsync("INSERT INTO users (id) VALUES (1)");
                await own.ExecuteAsync("UPDATE orders SET total = 0");
            });
        }
        """);

    [Fact]
    public Task Waiting_for_another_service() => Verify<WritesWithoutTransaction>.CSharp("""
        public interface IBus { Task PublishAsync(string message); }
        public interface IBox { Task SendAsync(string message); }
        public class Box(NpgsqlConnection pg) : IBox { public Task SendAsync(string message) => pg.ExecuteAsync("INSERT INTO outbox (text) VALUES (@message)", new { message }); }
        public class Orders(NpgsqlConnection pg, Shop shop, IBus bus, IBox box, System.Net.Http.HttpClient http)
        {
            public async Task Published() { await pg.ExecuteAsync("UPDATE orders SET total = 0"); await bus.PublishAsync("x"); await pg.ExecuteAsync("INSERT INTO users (id) VALUES (1)"); }
            public async Task Charged() { await pg.ExecuteAsync("UPDATE orders SET total = 0"); await Charge(); await pg.ExecuteAsync("INSERT INTO users (id) VALUES (1)"); }
            public async Task Boxed() { await pg.ExecuteAsync("UPDATE orders SET total = 0"); await [|box.SendAsync("x")|]; }
            public async Task Each(List<User> users) { foreach (var user in users) { await Charge(); user.Name = ""; await shop.SaveChangesAsync(); } }
            private Task Charge() => http.GetAsync("https://pay");
        }
        """);

    [Fact]
    public Task Delegates_that_nobody_knows() => Verify<WritesWithoutTransaction>.CSharp("""
        public interface IRunner { Task Run(Func<Task> work); Task With(Func<NpgsqlConnection, Task> work); }
        public class Orders(NpgsqlConnection pg, IRunner runner, NpgsqlDataSource source)
        {
            public Task Unknown() => runner.Run(async () => { await pg.ExecuteAsync("INSERT INTO users (id) VALUES (1)"); await pg.ExecuteAsync("UPDATE orders SET total = 0"); });
            public Task Given() => runner.With(async connection => { await connection.ExecuteAsync("INSERT INTO users (id) VALUES (1)"); await connection.ExecuteAsync("UPDATE orders SET total = 0"); });
            public Task Fresh() => runner.Run(async () =>
            {
                await using var own = await source.OpenConnectionAsync();
                await own.ExecuteAsync("INSERT INTO users (id) VALUES (1)");
                await [|own.ExecuteAsync("UPDATE orders SET total = 0")|];
            });
        }
        """);

    [Fact]
    public Task Units_of_work_that_the_user_names() => Verify<WritesWithoutTransaction>.CSharp("""
        namespace App
        {
            public interface IUnit { }
            public sealed class AtomicAttribute : Attribute { }
            public class Orders(NpgsqlConnection pg, IUnit unit)
            {
                public void Save() { pg.Execute("INSERT INTO users (id) VALUES (1)"); pg.Execute("UPDATE orders SET total = 0"); unit.ToString(); }
            }

            public class Marked(NpgsqlConnection pg)
            {
                [Atomic] public void Save() { pg.Execute("INSERT INTO users (id) VALUES (1)"); pg.Execute("UPDATE orders SET total = 0"); }
                public void Bare() { pg.Execute("INSERT INTO users (id) VALUES (1)"); [|pg.Execute("UPDATE orders SET total = 0")|]; }
            }
        }
        """, test => test.TestState.AnalyzerConfigFiles.Add(("/.globalconfig", "is_global = true\ndbsafety.unit_of_work_types = App.IUnit | App.AtomicAttribute\n")));

    [Fact]
    public Task A_pipeline_that_begins_a_transaction() => Verify<WritesWithoutTransaction>.CSharp("""
        public delegate Task<T> RequestHandlerDelegate<T>();
        public class TransactionBehavior(Shop shop)
        {
            public async Task<T> Handle<T>(RequestHandlerDelegate<T> next)
            {
                await using var transaction = await shop.Database.BeginTransactionAsync();
                var response = await next();
                await transaction.CommitAsync();
                return response;
            }
        }

        public class Handler(Shop shop, NpgsqlDataSource source)
        {
            public async Task Handle() { await shop.SaveChangesAsync(); await shop.SaveChangesAsync(); }
            public async Task Aside()
            {
                await using var own = await source.OpenConnectionAsync();
                await own.ExecuteAsync("INSERT INTO users (id) VALUES (1)");
                await [|own.ExecuteAsync("UPDATE orders SET total = 0")|];
            }
        }
        """);

    [Fact]
    public Task Two_databases() => Verify<WritesWithoutTransaction>.CSharp("""
        public class Copy(NpgsqlDataSource here, NpgsqlDataSource there)
        {
            public async Task Run()
            {
                await using var from = here.CreateCommand("DELETE FROM users WHERE id = 1");
                await from.ExecuteNonQueryAsync();
                await using var to = there.CreateCommand("INSERT INTO users (id) VALUES (1)");
                await to.ExecuteNonQueryAsync();
            }

            public void Connections(NpgsqlConnection one, NpgsqlConnection other) { one.Execute("INSERT INTO users (id) VALUES (1)"); other.Execute("UPDATE orders SET total = 0"); }
        }
        """);

    [Fact]
    public Task Two_connections_to_one_database() => Verify<WritesWithoutTransaction>.CSharp("""
        public class Copy(NpgsqlDataSource source, string text)
        {
            public async Task Run()
            {
                await using (var one = await source.OpenConnectionAsync()) { await one.ExecuteAsync("INSERT INTO users (id) VALUES (1)"); }
                await using (var other = await source.OpenConnectionAsync()) { await [|other.ExecuteAsync("UPDATE orders SET total = 0")|]; }
            }

            public void Texts()
            {
                using (var one = new NpgsqlConnection(text)) { one.Execute("INSERT INTO users (id) VALUES (1)"); }
                using (var other = new NpgsqlConnection(text)) { [|other.Execute("UPDATE orders SET total = 0")|]; }
            }
        }
        """);
}
