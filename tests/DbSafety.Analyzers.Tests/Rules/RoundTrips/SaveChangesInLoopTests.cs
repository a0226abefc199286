using DbSafety.Analyzers.Rules.RoundTrips;

namespace DbSafety.Analyzers.Tests.Rules.RoundTrips;

/// <summary>DBS2003: SaveChanges per iteration.</summary>
public sealed class SaveChangesInLoopTests
{
    private const string Users = "List<User> users, List<int> ids, CancellationToken token";

    [Theory]
    [InlineData("foreach (var user in users) { user.Name = \"\"; await [|shop.SaveChangesAsync(token)|]; }")]
    [InlineData("foreach (var user in users) { shop.Users.Add(user); [|shop.SaveChanges()|]; }")]
    [InlineData("for (var i = 0; i < users.Count; i++) { shop.Users.Add(users[i]); [|shop.SaveChanges()|]; }")]
    [InlineData("foreach (var user in users) { if (user.Name.Length > 3) { user.Name = \"\"; [|shop.SaveChanges()|]; } }")]
    [InlineData("users.ForEach(user => { shop.Users.Remove(user); [|shop.SaveChanges()|]; });")]
    [InlineData("foreach (var id in ids) { var user = shop.Users.Find(id); user!.Name = \"\"; await [|shop.SaveChangesAsync()|]; }")]
    [InlineData("using var transaction = shop.Database.BeginTransaction(); foreach (var user in users) { shop.Users.Add(user); [|shop.SaveChanges()|]; } transaction.Commit();")]
    public Task Saved_each_time(string statements) => Verify<SaveChangesInLoop>.Statements(statements, Users);

    [Theory]
    [InlineData("foreach (var user in users) { user.Name = \"\"; } await shop.SaveChangesAsync(token);")]
    [InlineData("foreach (var chunk in users.Chunk(100)) { shop.Users.AddRange(chunk); await shop.SaveChangesAsync(token); }")]
    [InlineData("var n = 0; foreach (var user in users) { shop.Users.Add(user); if (++n % 100 == 0) await shop.SaveChangesAsync(token); } await shop.SaveChangesAsync(token);")]
    [InlineData("var batch = new List<User>(); foreach (var user in users) { batch.Add(user); if (batch.Count >= 100) { shop.Users.AddRange(batch); batch.Clear(); await shop.SaveChangesAsync(token); } }")]
    [InlineData("foreach (var user in users) { try { shop.Users.Add(user); await shop.SaveChangesAsync(token); } catch (DbUpdateException) { shop.ChangeTracker.Clear(); } }")]
    [InlineData("foreach (var user in users) { using var own = new Shop(); own.Users.Add(user); own.SaveChanges(); }")]
    [InlineData("foreach (var user in users) { using var transaction = shop.Database.BeginTransaction(); shop.Users.Add(user); shop.SaveChanges(); transaction.Commit(); }")]
    [InlineData("while (!token.IsCancellationRequested) { await shop.SaveChangesAsync(token); await Task.Delay(1000, token); }")]
    [InlineData("for (var attempt = 0; attempt < 10; attempt++) { try { await shop.SaveChangesAsync(token); break; } catch (DbUpdateConcurrencyException) { } }")]
    [InlineData("var saved = false; while (!saved) { try { await shop.SaveChangesAsync(token); saved = true; } catch (DbUpdateConcurrencyException) { } }")]
    [InlineData("while (true) { var some = await shop.Users.Where(u => u.Name == \"\").Take(100).ToListAsync(); if (some.Count == 0) break; shop.Users.RemoveRange(some); await shop.SaveChangesAsync(); }")]
    [InlineData("foreach (var user in users) { await mail.GetAsync(user.Name); user.Name = \"\"; await shop.SaveChangesAsync(token); }")]
    [InlineData("foreach (var user in users) { if (user.Id == 3) { user.Name = \"\"; await shop.SaveChangesAsync(token); break; } }")]
    public Task Saved_for_a_reason(string statements) => Verify<SaveChangesInLoop>.Statements(statements, Users + ", System.Net.Http.HttpClient mail");

    [Fact]
    public Task Across_calls() => Verify<SaveChangesInLoop>.CSharp("""
        public interface IUsers { Task AddAsync(User user); }
        public class Users(Shop shop) : IUsers
        {
            public async Task AddAsync(User user) { shop.Add(user); await SaveAsync(); }
            private Task SaveAsync() => shop.SaveChangesAsync();
            public void Stage(User user) => shop.Add(user);
            public Task CommitAsync(CancellationToken token) => SaveAsync();
            public async Task TryAsync(User user) { try { await AddAsync(user); } catch (DbUpdateException) { shop.Remove(user); } }
        }

        public class Case(IUsers users, Users own)
        {
            public async Task Run(List<User> list, CancellationToken token)
            {
                foreach (var user in list)
                {
                    await [|users.AddAsync(user)|];
                    own.Stage(user);
                    await own.TryAsync(user);
                }

                foreach (var user in list)
                {
                    own.Stage(user);
                    await [|own.CommitAsync(token)|];
                }

                await own.CommitAsync(token);
            }
        }
        """);

    [Fact]
    public Task A_context_whose_class_overrides_SaveChanges() => Verify<SaveChangesInLoop>.CSharp("""
        public class Audited : DbContext
        {
            public DbSet<User> Users => Set<User>();
            public override int SaveChanges() { ChangeTracker.DetectChanges(); return base.SaveChanges(); }
        }

        public class Case(Audited audited)
        {
            public void Run(List<User> list) { foreach (var user in list) { audited.Users.Add(user); [|audited.SaveChanges()|]; } }
        }
        """);
}
