using DbSafety.Analyzers.Rules.RoundTrips;

namespace DbSafety.Analyzers.Tests.Rules.RoundTrips;

/// <summary>DBS2002: an INSERT, UPDATE or DELETE per iteration.</summary>
public sealed class WriteInLoopTests
{
    private const string Orders = "List<int> ids, IReadOnlyList<User> users";

    [Theory]
    [InlineData("foreach (var user in users) [|pg.Execute(\"INSERT INTO users (id, name) VALUES (@Id, @Name)\", user)|];")]
    [InlineData("foreach (var id in ids) await [|any.ExecuteAsync(\"UPDATE users SET name = '' WHERE id = @id\", new { id })|];")]
    [InlineData("foreach (var id in ids) await [|pg.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id })|];")]
    [InlineData("foreach (var user in users) { var id = await [|pg.QuerySingleAsync<int>(\"INSERT INTO users (name) VALUES (@Name) RETURNING id\", user)|]; user.Id = id; }")]
    [InlineData("foreach (var id in ids) [|pg.Query<User>(\"WITH gone AS (DELETE FROM users WHERE id = @id RETURNING *) SELECT * FROM gone\", new { id })|];")]
    [InlineData("foreach (var user in users) { using var command = new NpgsqlCommand(\"INSERT INTO users (id) VALUES (@id)\", pg); command.Parameters.AddWithValue(\"id\", user.Id); [|command.ExecuteNonQuery()|]; }")]
    [InlineData("using var command = new NpgsqlCommand(\"INSERT INTO users (id) VALUES ($1)\", pg) { Parameters = { new() } }; foreach (var id in ids) { command.Parameters[0].Value = id; await [|command.ExecuteNonQueryAsync()|]; }")]
    [InlineData("foreach (var id in ids) await [|shop.Users.Where(u => u.Id == id).ExecuteDeleteAsync()|];")]
    [InlineData("foreach (var user in users) await [|shop.Database.ExecuteSqlAsync($\"UPDATE users SET name = {user.Name} WHERE id = {user.Id}\")|];")]
    [InlineData("using var transaction = pg.BeginTransaction(); foreach (var id in ids) [|pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id }, transaction)|]; transaction.Commit();")]
    [InlineData("ids.ForEach(id => [|pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id })|]);")]
    [InlineData("await Task.WhenAll(ids.Select(id => [|pg.ExecuteAsync(\"DELETE FROM users WHERE id = @id\", new { id })|]));")]
    [InlineData("for (var i = 0; i < choice; i++) [|pg.Execute(\"INSERT INTO numbers (n) VALUES (@i)\", new { i })|];")]
[InlineData("System.IO.TextReader reader = new System.IO.StringReader(\"\"); string? line; while ((line = await reader.ReadLineAsync()) != null) await [|pg.ExecuteAsync(\"INSERT INTO users (name) VALUES (@line)\", new { line })|];")]
    [InlineData("System.IO.TextReader reader = new System.IO.StringReader(\"\"); while (await reader.ReadLineAsync() is { } line) await [|pg.ExecuteAsync(\"INSERT INTO users (name) VALUES (@line)\", new { line })|];")]
    public Task A_write_per_element(string statements) => Verify<WriteInLoop>.Statements(statements, Orders);

    [Theory]
    [InlineData("int count; do { count = pg.Execute(\"DELETE FROM log WHERE id IN (SELECT id FROM log LIMIT 1000)\"); } while (count > 0);")]
    [InlineData("foreach (var chunk in ids.Chunk(500)) pg.Execute(\"DELETE FROM users WHERE id = ANY(@chunk)\", new { chunk });")]
    [InlineData("foreach (var table in new[] { \"users\", \"orders\" }) pg.Execute($\"DELETE FROM {table}\");")]
    [InlineData("foreach (var table in tables) pg.Execute($\"TRUNCATE {table}\");")]
    [InlineData("foreach (var script in tables) pg.Execute(script);")]
    [InlineData("foreach (var table in tables) pg.Execute($\"CREATE INDEX ON {table} (id)\");")]
    [InlineData("foreach (var id in ids) { using var transaction = pg.BeginTransaction(); pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id }, transaction); transaction.Commit(); }")]
    [InlineData("foreach (var id in ids) { try { pg.Execute(\"DELETE FROM users WHERE id = @id\", new { id }); } catch (PostgresException) { Console.WriteLine(id); } }")]
    [InlineData("foreach (var user in users) { await http.GetAsync(user.Name); await pg.ExecuteAsync(\"UPDATE users SET name = '' WHERE id = @Id\", user); }")]
    [InlineData("foreach (var user in users) { await mail.SendAsync(user); await pg.ExecuteAsync(\"UPDATE users SET name = '' WHERE id = @Id\", user); }")]
    [InlineData("var batch = new NpgsqlBatch(pg); foreach (var id in ids) { var command = new NpgsqlBatchCommand(\"DELETE FROM users WHERE id = $1\"); command.Parameters.Add(new() { Value = id }); batch.BatchCommands.Add(command); } batch.ExecuteNonQuery();")]
    [InlineData("using var importer = pg.BeginBinaryImport(\"COPY users (id) FROM STDIN (FORMAT BINARY)\"); foreach (var id in ids) { importer.StartRow(); importer.Write(id); } importer.Complete();")]
    [InlineData("foreach (var id in ids) { using var own = new NpgsqlConnection(tables[id]); own.Execute(\"DELETE FROM users WHERE id = @id\", new { id }); }")]
    [InlineData("while (!token.IsCancellationRequested) { pg.Execute(\"UPDATE workers SET seen = now() WHERE id = @choice\", new { choice }); await Task.Delay(1000, token); }")]
    [InlineData("foreach (var user in users) { user.Name = \"\"; shop.Users.Update(user); } shop.SaveChanges();")]
    [InlineData("foreach (var group in users.GroupBy(u => u.Name)) { var some = group.Select(u => u.Id).ToArray(); pg.Execute(\"UPDATE users SET name = @Key WHERE id = ANY(@some)\", new { group.Key, some }); }")]
    [InlineData("foreach (var pair in new Dictionary<string, List<int>>()) pg.Execute(\"UPDATE users SET name = @Key WHERE id = ANY(@Value)\", new { pair.Key, pair.Value });")]
    [InlineData("foreach (var id in ids) pg.Execute(System.IO.File.ReadAllText(\"a.sql\"), new { id });")]
    public Task Writes_that_stay_apart(string statements) => Verify<WriteInLoop>.CSharp(
        "public interface IMail { Task SendAsync(User user); }\n" +
        SqlCases.Wrap(statements, Orders + ", string[] tables, System.Net.Http.HttpClient http, IMail mail, CancellationToken token"));

    [Fact]
    public Task A_method_that_does_something_outside_before_it_is_written_down() => Verify<WriteInLoop>.CSharp("""
        public interface IBus { Task PublishAsync(object message); }
        public class Outbox(NpgsqlConnection pg, IBus bus)
        {
            public async Task Send(List<User> users)
            {
                foreach (var user in users)
                {
                    await Publish(user);
                    await pg.ExecuteAsync("UPDATE users SET name = '' WHERE id = @Id", user);
                }
            }

            private async Task Publish(User user) => await bus.PublishAsync(user);
        }
        """);

    [Fact]
    public Task Across_calls() => Verify<WriteInLoop>.CSharp("""
        public class Users(NpgsqlConnection pg)
        {
            public Task Remove(int id) => pg.ExecuteAsync("DELETE FROM users WHERE id = @id", new { id });
            public async Task RemoveIfOld(int id, bool isOld) { if (isOld) await Remove(id); }
            public async Task Replace(User user) { await Remove(user.Id); await pg.ExecuteAsync("INSERT INTO users (id, name) VALUES (@Id, @Name)", user); }
        }

        public class Case(Users users)
        {
            public async Task Run(List<User> list)
            {
                foreach (var user in list)
                {
                    await [|users.Remove(user.Id)|];
                    await users.RemoveIfOld(user.Id, user.Name == "");
                    await [|users.Replace(user)|];
                }
            }
        }
        """);

    [Fact]
    public Task A_method_that_is_a_unit_of_its_own() => Verify<WriteInLoop>.CSharp("""
        public interface IBus { Task PublishAsync(object message); }
        public class Case(NpgsqlConnection pg, IBus bus)
        {
            public async Task Run(List<User> users)
            {
                foreach (var user in users)
                {
                    await Try(user);
                    await InTransaction(user);
                    await Tell(user);
                    await [|Translate(user)|];
                    await [|TryAndCount(user)|];
                }
            }

            private Task Remove(User user) => pg.ExecuteAsync("DELETE FROM users WHERE id = @Id", user);
            private async Task<bool> Try(User user) { try { await Remove(user); return true; } catch (PostgresException) { return false; } }
            private async Task InTransaction(User user) { await using var transaction = await pg.BeginTransactionAsync(); await Remove(user); await transaction.CommitAsync(); }
            private async Task Tell(User user) { await bus.PublishAsync(user); await Remove(user); }
            private async Task Translate(User user) { try { await Remove(user); } catch (PostgresException e) { throw new InvalidOperationException("", e); } }
            private async Task TryAndCount(User user) { await Try(user); await pg.ExecuteAsync("INSERT INTO removed (id) VALUES (@Id)", user); }
        }
        """);
}
