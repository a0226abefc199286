using DbSafety.Analyzers.Rules.RoundTrips;

namespace DbSafety.Analyzers.Tests.Rules.RoundTrips;

/// <summary>DBS2004: a query in a loop that asks the same each time.</summary>
public sealed class LoopInvariantQueryTests
{
    private const string Users = "List<User> users, List<int> ids, CancellationToken token";

    [Theory]
    [InlineData("foreach (var user in users) { var rate = pg.QuerySingle<decimal>(\"SELECT rate FROM rates WHERE code = 'EUR'\"); Console.WriteLine(rate * user.Id); }", "pg.QuerySingle<decimal>(\"SELECT rate FROM rates WHERE code = 'EUR'\")")]
    [InlineData("foreach (var user in users) { var count = await pg.ExecuteScalarAsync<int>(\"SELECT count(*) FROM users WHERE id > @choice\", new { choice }); Console.WriteLine(count * user.Id); }", "pg.ExecuteScalarAsync<int>(\"SELECT count(*) FROM users WHERE id > @choice\", new { choice })")]
    [InlineData("foreach (var user in users) { var all = await shop.Users.Where(u => u.Id > choice).ToListAsync(token); Console.WriteLine(all.Count * user.Id); }", "shop.Users.Where(u => u.Id > choice).ToListAsync(token)")]
    [InlineData("for (var i = 0; i < users.Count; i++) { var max = shop.Users.Max(u => u.Id); Console.WriteLine(users[i].Id * max); }", "shop.Users.Max(u => u.Id)")]
    [InlineData("foreach (var user in users) { using var command = new NpgsqlCommand(\"SELECT name FROM users WHERE id = 1\", pg); Console.WriteLine(command.ExecuteScalar()); }", null)]
    public Task The_same_each_time(string statements, string? reported) => Verify<LoopInvariantQuery>.Statements(
        reported is null ? statements : statements.Replace(reported, "[|" + reported + "|]", StringComparison.Ordinal), Users);

    [Theory]
    [InlineData("foreach (var user in users) { var name = pg.ExecuteScalar<string>(\"SELECT name FROM users WHERE id = @Id\", user); }")]
    [InlineData("var last = 0; foreach (var user in users) { last = pg.ExecuteScalar<int>(\"SELECT max(id) FROM users WHERE id > @last\", new { last }); }")]
    [InlineData("foreach (var user in users) { var id = pg.ExecuteScalar<long>(\"SELECT nextval('ids')\"); }")]
    [InlineData("foreach (var user in users) { var one = pg.QueryFirst<User>(\"SELECT * FROM users ORDER BY random() LIMIT 1\"); }")]
    [InlineData("foreach (var user in users) { var now = pg.ExecuteScalar<DateTime>(\"SELECT clock_timestamp() FROM users\"); }")]
    [InlineData("foreach (var user in users) { var job = pg.QueryFirstOrDefault<User>(\"SELECT * FROM users LIMIT 1 FOR UPDATE SKIP LOCKED\"); }")]
    [InlineData("foreach (var user in users) { var count = pg.ExecuteScalar<int>(\"SELECT count(*) FROM users\"); pg.Execute(\"INSERT INTO users (id) VALUES (@Id)\", user); }")]
    [InlineData("foreach (var user in users) { var count = shop.Users.Count(); shop.Users.Add(user); shop.SaveChanges(); }")]
    [InlineData("foreach (var user in users) { var count = shop.Users.Count(); await store.SaveAsync(user); }")]
    [InlineData("foreach (var user in users) { if (user.Id > 3) { var count = shop.Users.Count(); } }")]
    [InlineData("foreach (var user in users) { var recent = shop.Users.Count(u => u.Id > DateTime.UtcNow.Second); var other = pg.Query<User>(\"SELECT * FROM users WHERE id = @id\", new { id = Random.Shared.Next() }); }")]
    [InlineData("while (!token.IsCancellationRequested) { var count = shop.Users.Count(); await Task.Delay(1000, token); }")]
    [InlineData("for (var i = 0; i < 100; i++) { var count = shop.Users.Count(); }")]
    [InlineData("while (shop.Users.Any()) { shop.Users.RemoveRange(shop.Users.Take(10)); shop.SaveChanges(); }")]
    [InlineData("foreach (var user in users) { var count = shop.Users.Count(); if (count > 10) break; }")]
    [InlineData("List<User>? all = null; foreach (var user in users) { if (all == null) all = shop.Users.ToList(); }")]
    [InlineData("foreach (var user in users) { var rows = pg.Query<User>(System.IO.File.ReadAllText(\"a.sql\")); }")]
    [InlineData("foreach (var user in users) { using var own = source.OpenConnection(); own.Execute(\"LISTEN news\"); }")]
    public Task Another_answer_each_time_or_nobody_knows(string statements) => Verify<LoopInvariantQuery>.CSharp(
        "public interface IStore { Task SaveAsync(User user); }\n" + SqlCases.Wrap(statements, Users + ", IStore store"));

    [Fact]
    public Task Across_calls() => Verify<LoopInvariantQuery>.CSharp("""
        public class Rates(NpgsqlConnection pg)
        {
            private int _asked;

            public decimal Current() => pg.QuerySingle<decimal>("SELECT rate FROM rates WHERE code = 'EUR'");

            public decimal Counted() { _asked++; return Current(); }

            public decimal Noted() { pg.Execute("INSERT INTO log (at) VALUES (now())"); return Current(); }
        }

        public class Case(Rates rates)
        {
            public void Run(List<User> users)
            {
                foreach (var user in users)
                {
                    Console.WriteLine(user.Id * [|rates.Current()|]);
                }

                foreach (var user in users)
                {
                    Console.WriteLine(user.Id * rates.Noted());
                }
            }
        }
        """);
}
