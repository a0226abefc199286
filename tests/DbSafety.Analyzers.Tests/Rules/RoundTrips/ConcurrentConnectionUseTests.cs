using DbSafety.Analyzers.Rules.RoundTrips;

namespace DbSafety.Analyzers.Tests.Rules.RoundTrips;

/// <summary>DBS2008: operations on one connection or context that overlap.</summary>
public sealed class ConcurrentConnectionUseTests
{
    private static Task Check(string statements) => Verify<ConcurrentConnectionUse>.Statements(statements, "int[] ids, IDbContextFactory<Shop> factory, SemaphoreSlim gate");

    [Theory]
    [InlineData("await Task.WhenAll(shop.Users.ToListAsync(), [|shop.Users.CountAsync()|]);")]
    [InlineData("await Task.WhenAll(pg.QueryAsync<int>(\"SELECT 1\"), [|pg.QueryAsync<int>(\"SELECT 2\")|], [|pg.QueryAsync<int>(\"SELECT 3\")|]);")]
    [InlineData("await Task.WhenAll(new Task[] { pg.ExecuteAsync(\"SELECT 1\"), [|pg.ExecuteAsync(\"SELECT 2\")|] });")]
    [InlineData("Task.WaitAll(pg.ExecuteAsync(\"SELECT 1\"), [|pg.ExecuteAsync(\"SELECT 2\")|]);")]
    [InlineData("var a = pg.QueryAsync<int>(\"SELECT 1\"); var b = [|pg.QueryAsync<int>(\"SELECT 2\")|]; await a; await b;")]
    [InlineData("var a = shop.Users.ToListAsync(); var b = [|shop.Users.CountAsync()|]; await Task.WhenAll(a, b);")]
    [InlineData("var a = pg.QueryAsync<int>(\"SELECT 1\"); [|pg.Execute(\"SELECT 2\")|]; await a;")]
    [InlineData("var a = shop.Users.ToListAsync(); if (flag) { await [|shop.Users.CountAsync()|]; } await a;")]
    [InlineData("var tasks = new List<Task>(); tasks.Add(pg.ExecuteAsync(\"SELECT 1\")); tasks.Add([|pg.ExecuteAsync(\"SELECT 2\")|]); await Task.WhenAll(tasks);")]
    [InlineData("var tasks = new List<Task> { pg.ExecuteAsync(\"SELECT 1\"), [|pg.ExecuteAsync(\"SELECT 2\")|] }; await Task.WhenAll(tasks);")]
    [InlineData("var tasks = new List<Task>(); foreach (var id in ids) { tasks.Add([|pg.ExecuteAsync(\"SELECT @id\", new { id })|]); } await Task.WhenAll(tasks);")]
    [InlineData("foreach (var id in ids) { _ = [|pg.ExecuteAsync(\"SELECT @id\", new { id })|]; }")]
    [InlineData("_ = shop.SaveChangesAsync(); await [|shop.Users.CountAsync()|];")]
    [InlineData("shop.SaveChangesAsync(); await [|shop.Users.CountAsync()|];")]
    [InlineData("using var c = new NpgsqlCommand(\"SELECT 1\", pg); using var d = new NpgsqlCommand(\"SELECT 2\", pg); await Task.WhenAll(c.ExecuteNonQueryAsync(), [|d.ExecuteNonQueryAsync()|]);")]
    [InlineData("var a = Task.Run(() => shop.Users.ToList()); var b = [|shop.Users.CountAsync()|]; await a; await b;")]
    [InlineData("var a = Task.Run(() => shop.Users.ToList()); var b = Task.Run(() => [|shop.Users.Count()|]); await Task.WhenAll(a, b);")]
    [InlineData("await Task.WhenAll(shop.Users.ToListAsync(), [|shop.Database.GetDbConnection().ExecuteAsync(\"SELECT 1\")|]);")]
    public Task Reports_the_second_of_two(string statements) => Check(statements);

    [Theory]
    [InlineData("await Task.WhenAll(ids.Select(async id => await [|shop.Users.FindAsync(id)|]));")]
    [InlineData("await Task.WhenAll(ids.Select(id => [|pg.QueryAsync<int>(\"SELECT @id\", new { id })|]));")]
    [InlineData("await Task.WhenAll(ids.Select(async id => { Console.WriteLine(id); await [|pg.ExecuteAsync(\"SELECT @id\", new { id })|]; }).ToList());")]
    [InlineData("var tasks = ids.Select(async id => await [|shop.Users.FirstAsync(u => u.Id == id)|]).ToArray(); await Task.WhenAll(tasks);")]
    [InlineData("await Parallel.ForEachAsync(ids, async (id, ct) => await [|shop.Users.FirstAsync(u => u.Id == id, ct)|]);")]
    [InlineData("Parallel.ForEach(ids, id => { [|pg.Execute(\"SELECT 1\")|]; });")]
    [InlineData("await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (id, ct) => await [|shop.Users.CountAsync(ct)|]);")]
    public Task Reports_what_runs_for_several_elements_at_once(string statements) => Check(statements);

    [Theory]
    [InlineData("await shop.Users.ToListAsync(); await shop.Users.CountAsync();")]
    [InlineData("var a = shop.Users.ToListAsync(); await a; var b = shop.Users.CountAsync(); await b;")]
    [InlineData("var a = shop.Users.ToListAsync().Result; var b = shop.Users.CountAsync();")]
    [InlineData("Task a = flag ? shop.Users.ToListAsync() : shop.Users.CountAsync(); await a;")]
    [InlineData("Task a; if (flag) { a = shop.Users.ToListAsync(); } else { a = shop.Users.CountAsync(); } await a;")]
    [InlineData("Task a = choice switch { 1 => shop.Users.ToListAsync(), _ => shop.Users.CountAsync() }; await a;")]
    [InlineData("foreach (var id in ids) { var a = pg.ExecuteAsync(\"SELECT 1\"); await a; }")]
    [InlineData("foreach (var id in ids) { var own = new List<Task>(); own.Add(pg.ExecuteAsync(\"SELECT 1\")); await Task.WhenAll(own); }")]
    [InlineData("foreach (var id in ids) { _ = pg.ExecuteAsync(\"SELECT 1\"); break; }")]
    [InlineData("await Task.WhenAll(ids.Select(async id => { await using var own = factory.CreateDbContext(); return await own.Users.FindAsync(id); }));")]
    [InlineData("await Task.WhenAll(ids.Select(async id => { await using var own = await source.OpenConnectionAsync(); return await own.QueryAsync<int>(\"SELECT 1\"); }));")]
    [InlineData("await Task.WhenAll(ids.Select(async id => { await using var own = source.CreateCommand(\"SELECT 1\"); return await own.ExecuteScalarAsync(); }));")]
    [InlineData("await Task.WhenAll(ids.Select(async id => { await gate.WaitAsync(); try { return await shop.Users.FindAsync(id); } finally { gate.Release(); } }));")]
    [InlineData("await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 1 }, async (id, ct) => await shop.Users.CountAsync(ct));")]
    [InlineData("Parallel.ForEach(ids, id => { lock (pg) { pg.Execute(\"SELECT 1\"); } });")]
    [InlineData("foreach (var id in ids) { await using var own = new Shop(); _ = own.Users.ToListAsync(); }")]
    [InlineData("await Task.WhenAll(pg.ExecuteAsync(\"SELECT 1\"), shop.Users.CountAsync());")]
    [InlineData("using var a = source.CreateCommand(\"SELECT 1\"); using var b = source.CreateCommand(\"SELECT 1\"); await Task.WhenAll(a.ExecuteNonQueryAsync(), b.ExecuteNonQueryAsync());")]
    [InlineData("await using var a = new Shop(); await using var b = new Shop(); await Task.WhenAll(a.Users.CountAsync(), b.Users.CountAsync());")]
    [InlineData("await Task.WhenAll(lite.ExecuteAsync(\"SELECT 1\"), lite.ExecuteAsync(\"SELECT 1\")); await Task.WhenAll(any.ExecuteAsync(\"SELECT 1\"), any.ExecuteAsync(\"SELECT 1\"));")]
    [InlineData("var a = Keep(shop.Users.ToListAsync()); var b = shop.Users.CountAsync(); await a; await b; static Task<T> Keep<T>(Task<T> task) => task;")]
    [InlineData("foreach (var id in ids.Select(id => pg.QuerySingle<int>(\"SELECT 1\"))) { }")]
    public Task Leaves_what_runs_in_turn_or_elsewhere_alone(string statements) => Check(statements);

    [Fact]
    public Task Fields_and_called_methods() => Verify<ConcurrentConnectionUse>.CSharp("""
        public class Store(Shop shop, Store other)
        {
            private readonly SemaphoreSlim _gate = new(1);

            public async Task Run(int[] ids)
            {
                await Task.WhenAll(UsersAsync(), [|CountAsync()|]);
                await Task.WhenAll(ids.Select(id => [|OneAsync(id)|]));
                await Task.WhenAll(other.UsersAsync(), other.CountAsync());
                await Task.WhenAll(UsersAsync(), other.CountAsync());
                await Task.WhenAll(GatedAsync(), GatedAsync());
                await Task.WhenAll(OwnAsync(), OwnAsync());
                await Task.WhenAll(LoadAsync(shop), [|LoadAsync(shop)|], LoadAsync(new Shop()));
            }

            private async Task<List<User>> UsersAsync() => await shop.Users.ToListAsync();
            private Task<int> CountAsync() => shop.Users.CountAsync();
            private async Task<User> OneAsync(int id) => await shop.Users.FirstAsync(user => user.Id == id);
            private async Task GatedAsync() { await _gate.WaitAsync(); await shop.Users.LoadAsync(); _gate.Release(); }
            private async Task OwnAsync() { await using var own = new Shop(); await own.Users.LoadAsync(); }
            private static Task LoadAsync(Shop context) => context.Users.LoadAsync();
        }
        """);
}
