using DbSafety.Analyzers.Rules.RoundTrips;

namespace DbSafety.Analyzers.Tests.Rules.RoundTrips;

/// <summary>DBS2001: a query that depends on the iteration.</summary>
public sealed class QueryInLoopTests
{
    private const string Orders = "List<int> ids, IReadOnlyList<User> users";

    [Theory]
    [InlineData("foreach (var id in ids) { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; }")]
    [InlineData("foreach (var id in ids) { var user = await [|pg.QuerySingleOrDefaultAsync<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; }")]
    [InlineData("foreach (var id in ids) { var name = await [|any.ExecuteScalarAsync<string>(\"SELECT name FROM users WHERE id = @id\", new { id })|]; }")]
    [InlineData("foreach (var id in ids) { var rows = await [|pg.QueryAsync<User>(new CommandDefinition(\"SELECT id, name FROM users WHERE id = @id\", new { id }))|]; }")]
    [InlineData("foreach (var user in users) { var key = user.Id; var half = key / 2; var row = [|pg.QueryFirst<User>(\"SELECT id, name FROM users WHERE id = @half\", new { half })|]; }")]
    [InlineData("for (var i = 0; i < ids.Count; i++) { var id = ids[i]; var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; }")]
    [InlineData("var queue = new Queue<int>(ids); while (queue.Count > 0) { var id = queue.Dequeue(); var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; }")]
    [InlineData("using var reader = any.ExecuteReader(\"SELECT id FROM users\"); while (reader.Read()) { var name = [|pg.ExecuteScalar<string>(\"SELECT name FROM users WHERE id = @id\", new { id = reader.GetInt32(0) })|]; }")]
    [InlineData("foreach (var id in ids) { var user = [|pg.QuerySingle<User>($\"SELECT id, name FROM users WHERE id = {id}\")|]; }")]
    [InlineData("var i = 0; again: if (i < ids.Count) { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id = ids[i] })|]; i++; goto again; }")]
    [InlineData("var i = 0; next: var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id = ids[i] })|]; i++; if (i < ids.Count) goto next;")]
    [InlineData("foreach (var id in ids) if (id > 3) { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; }")]
    [InlineData("foreach (var id in ids) { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; if (user is null) throw new InvalidOperationException(); }")]
    [InlineData("foreach (var id in ids) { try { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; } catch (InvalidOperationException) { } }")]
[InlineData("var i = 0; while (i < ids.Count) { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id = ids[i] })|]; i++; }")]
    [InlineData("var queue = new Queue<int>(ids); while (queue.Any()) { var id = queue.Dequeue(); var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; }")]
    [InlineData("foreach (var user in users) { if (user.Name is { } name) { var row = [|pg.QueryFirst<User>(\"SELECT id, name FROM users WHERE name = @name\", new { name })|]; } }")]
    [InlineData("foreach (var user in users) { user.Name ??= [|pg.ExecuteScalar<string>(\"SELECT name FROM users WHERE id = @Id\", user)|]!; }")]
    [InlineData("foreach (var id in ids.Take(300)) { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; }")]
    public Task A_query_by_Dapper(string statements) => Verify<QueryInLoop>.Statements(statements, Orders);

    [Theory]
    [InlineData("foreach (var id in ids) { using var command = new NpgsqlCommand(\"SELECT name FROM users WHERE id = @id\", pg); command.Parameters.AddWithValue(\"id\", id); var name = await [|command.ExecuteScalarAsync()|]; }")]
    [InlineData("foreach (var id in ids) { using var command = pg.CreateCommand(); command.CommandText = \"SELECT name FROM users WHERE id = @id\"; command.Parameters.AddWithValue(\"id\", id); using var reader = [|command.ExecuteReader()|]; }")]
    [InlineData("using var command = new NpgsqlCommand(\"SELECT name FROM users WHERE id = @id\", pg); var key = command.Parameters.Add(\"id\", NpgsqlTypes.NpgsqlDbType.Integer); await command.PrepareAsync(); foreach (var id in ids) { key.Value = id; var name = [|command.ExecuteScalar()|]; }")]
    [InlineData("using var command = new NpgsqlCommand(\"SELECT name FROM users WHERE id = @id\", pg); command.Parameters.Add(\"id\", NpgsqlTypes.NpgsqlDbType.Integer); foreach (var id in ids) { command.Parameters[\"id\"].Value = id; var name = [|command.ExecuteScalar()|]; }")]
    [InlineData("foreach (var id in ids) { await using var command = source.CreateCommand(\"SELECT name FROM users WHERE id = $1\"); command.Parameters.Add(new() { Value = id }); var name = await [|command.ExecuteScalarAsync()|]; }")]
    public Task A_query_by_a_command(string statements) => Verify<QueryInLoop>.Statements(statements, Orders);

    [Theory]
    [InlineData("foreach (var id in ids) { var user = await [|shop.Users.FirstOrDefaultAsync(u => u.Id == id)|]; }")]
    [InlineData("foreach (var id in ids) { var user = [|shop.Users.Where(u => u.Id == id).Single()|]; }")]
    [InlineData("foreach (var id in ids) { var user = await [|shop.Users.FindAsync(id)|]; }")]
    [InlineData("foreach (var id in ids) { var user = [|shop.Find<User>(id)|]; }")]
    [InlineData("foreach (var id in ids) { var found = [|shop.Users.Where(u => u.Id == id).ToList()|]; }")]
    [InlineData("foreach (var id in ids) { var query = shop.Users.AsQueryable(); query = query.Where(u => u.Id == id); var found = await [|query.ToListAsync()|]; }")]
    [InlineData("foreach (var id in ids) { var found = await [|shop.Users.FromSql($\"SELECT * FROM users WHERE id = {id}\").ToListAsync()|]; }")]
    [InlineData("foreach (var id in ids) { var found = await [|shop.Database.SqlQuery<int>($\"SELECT count(*)::int AS \\\"Value\\\" FROM users WHERE id = {id}\").SingleAsync()|]; }")]
    [InlineData("foreach (var id in ids) { foreach (var user in [|shop.Users.Where(u => u.Id == id)|]) Console.WriteLine(user); }")]
    [InlineData("foreach (var id in ids) { await foreach (var user in [|shop.Users.Where(u => u.Id == id).AsAsyncEnumerable()|]) Console.WriteLine(user); }")]
    [InlineData("foreach (var group in users.GroupBy(u => u.Id)) { var found = [|shop.Users.First(u => u.Id == group.Key)|]; }")]
    [InlineData("foreach (var user in users) { await [|shop.Entry(user).ReloadAsync()|]; }")]
    public Task A_query_by_EF_Core(string statements) => Verify<QueryInLoop>.Statements(statements, Orders);

    [Fact]
    public Task An_asynchronous_operator_proves_EF_Core_on_any_query() => Verify<QueryInLoop>.CSharp("""
        public class Case
        {
            public async Task Run(IQueryable<User> users, List<int> ids)
            {
                foreach (var id in ids)
                {
                    var user = await [|users.FirstOrDefaultAsync(u => u.Id == id)|];
                }
            }

            // May be a list behind AsQueryable().
            public void Unknown(IQueryable<User> users, List<int> ids)
            {
                foreach (var id in ids)
                {
                    var user = users.FirstOrDefault(u => u.Id == id);
                }
            }
        }
        """);

    [Theory]
    [InlineData("ids.ForEach(id => { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; });")]
    [InlineData("var found = ids.Select(id => [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]).ToList();")]
    [InlineData("var found = await Task.WhenAll(ids.Select(async id => await [|pg.QuerySingleAsync<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]));")]
    [InlineData("var found = (from id in ids select [|shop.Users.First(u => u.Id == id)|]).ToList();")]
    [InlineData("Parallel.ForEach(ids, id => { var user = [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; });")]
    [InlineData("await Parallel.ForEachAsync(ids, async (id, ct) => { await using var own = await source.OpenConnectionAsync(ct); var user = await [|own.QuerySingleAsync<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]; });")]
    [InlineData("foreach (var id in ids) { var user = await Task.Run(() => [|pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id })|]); }")]
    public Task Delegates_that_are_called_once_per_element(string statements) => Verify<QueryInLoop>.Statements(statements, Orders);

    [Theory]
    [InlineData("foreach (var chunk in ids.Chunk(100)) { var found = pg.Query<User>(\"SELECT id, name FROM users WHERE id = ANY(@chunk)\", new { chunk }); }")]
    [InlineData("for (var i = 0; i < ids.Count; i += 100) { var some = ids.Skip(i).Take(100).ToArray(); var found = pg.Query<User>(\"SELECT id, name FROM users WHERE id = ANY(@some)\", new { some }); }")]
    [InlineData("for (var page = 0; ; page++) { var rows = pg.Query<User>(\"SELECT id, name FROM users ORDER BY id LIMIT 10 OFFSET @skip\", new { skip = page * 10 }).ToList(); if (rows.Count == 0) break; }")]
    [InlineData("for (var i = 0; i < 1000; i++) { var rows = await shop.Users.OrderBy(u => u.Id).Skip(i * 10).Take(10).ToListAsync(); }")]
    [InlineData("var last = 0; List<User> rows; do { rows = pg.Query<User>(\"SELECT id, name FROM users WHERE id > @last ORDER BY id LIMIT 10\", new { last }).ToList(); last = rows.Count == 0 ? last : rows[^1].Id; } while (rows.Count > 0);")]
    [InlineData("foreach (var id in ids) { var user = pg.QuerySingleOrDefault<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }); if (user is not null) break; }")]
    [InlineData("foreach (var id in ids) { var user = shop.Users.FirstOrDefault(u => u.Id == id); if (user != null) { Console.WriteLine(user); return; } }")]
    [InlineData("foreach (var id in ids) { if (shop.Users.Any(u => u.Id == id)) return; }")]
    [InlineData("var slug = \"a\"; var n = 0; while (shop.Users.Any(u => u.Name == slug)) { slug = \"a\" + ++n; }")]
    [InlineData("var any1 = ids.Any(id => shop.Users.Any(u => u.Id == id));")]
    [InlineData("foreach (var id in ids) { if (id == 3) { var user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }); Console.WriteLine(user); return; } }")]
    [InlineData("foreach (var id in ids) { var user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }); return; }")]
    [InlineData("for (var attempt = 0; attempt < 20; attempt++) { try { var user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @attempt\", new { attempt }); break; } catch (NpgsqlException) { } }")]
    [InlineData("while (!token.IsCancellationRequested) { var user = pg.QueryFirstOrDefault<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id = ids[0] }); await Task.Delay(1000, token); }")]
    [InlineData("foreach (var name in new[] { \"a\", \"b\" }) { var user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE name = @name\", new { name }); }")]
    [InlineData("for (var i = 0; i < 3; i++) { var user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @i\", new { i }); }")]
    [InlineData("foreach (var status in Enum.GetValues<Status>()) { var user = shop.Users.First(u => u.Status == status); }")]
    [InlineData("foreach (var sql in scripts) { var rows = pg.Query<User>(sql); }")]
    [InlineData("foreach (var table in scripts) { var rows = pg.Query<User>($\"SELECT * FROM {table}\"); }")]
    [InlineData("foreach (var table in new[] { \"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\", \"j\" }) { var sql = $\"SELECT 1 FROM {table}\"; using var command = new NpgsqlCommand(sql, pg); command.ExecuteScalar(); }")]
    [InlineData("retry: try { var user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @choice\", new { choice }); } catch (NpgsqlException) { goto retry; }")]
    [InlineData("var last = 0; more: var rows = pg.Query<User>(\"SELECT id, name FROM users WHERE id > @last LIMIT 10\", new { last }).ToList(); if (rows.Count > 0) { last = rows[^1].Id; goto more; }")]
    [InlineData("foreach (var tenant in scripts) { using var own = new NpgsqlConnection(tenant); var rows = own.Query<User>(\"SELECT id, name FROM users WHERE name = @tenant\", new { tenant }); }")]
    [InlineData("var known = new Dictionary<int, User>(); foreach (var id in ids) { if (!known.TryGetValue(id, out var user)) known[id] = user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }); }")]
    [InlineData("User? last = null; foreach (var id in ids) { if (last is null || last.Id != id) last = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }); }")]
    [InlineData("var later = new List<Func<User>>(); foreach (var id in ids) later.Add(() => pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }));")]
    [InlineData("await foreach (var id in channel.ReadAllAsync(token)) { var user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }); }")]
    [InlineData("foreach (var user in pg.Query<User>(\"SELECT id, name FROM users WHERE id = ANY(@ids)\", new { ids })) Console.WriteLine(user);")]
    [InlineData("foreach (var id in ids) { using var batch = source.CreateBatch(); batch.BatchCommands.Add(new NpgsqlBatchCommand(\"SELECT 1\")); }")]
    [InlineData("using var reader = pg.ExecuteReader(\"SELECT id FROM users\"); while (reader.Read()) Console.WriteLine(reader.GetInt32(0));")]
    [InlineData("while (!token.IsCancellationRequested) await pg.WaitAsync(token);")]
    [InlineData("foreach (var id in ids) { var found = users.Where(u => u.Id == id).ToList(); }")]
    [InlineData("foreach (var id in ids) { var rows = pg.Query<User>(\"SELECT * FROM find_users(@id)\", new { id }); }")]
    [InlineData("var query = shop.Users.AsQueryable(); foreach (var id in ids) query = query.Where(u => u.Id != id); var rows = query.ToList();")]
    [InlineData("var sum = 0; foreach (var id in ids) { sum = pg.QuerySingle<int>(\"SELECT total FROM sums WHERE id = @id AND before = @sum\", new { id, sum }); }")]
    [InlineData("foreach (var group in users.GroupBy(u => u.Name)) { var some = group.Select(u => u.Id).ToArray(); var rows = pg.Query<User>(\"SELECT id, name FROM users WHERE id = ANY(@some)\", new { some }); }")]
    [InlineData("foreach (var id in ids.Where(id => id > 3).Take(5)) { var user = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }); }")]
    [InlineData("foreach (var user in await shop.Users.Take(5).ToListAsync()) { var row = pg.QuerySingle<User>(\"SELECT id, name FROM users WHERE id = @Id\", user); }")]
    [InlineData("var first = ids.Select(id => shop.Users.Find(id)).FirstOrDefault(user => user != null);")]
    [InlineData("foreach (var id in ids) { if (pg.QuerySingleOrDefault<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }) is not { } user) continue; if (user.Name == \"\") return; }")]
    [InlineData("var i = 0; while (i < ids.Count) { ids.AddRange(pg.Query<int>(\"SELECT id FROM users WHERE boss = @id\", new { id = ids[i] })); i++; }")]
    [InlineData("var i = 0; while (i < ids.Count) { var some = ids.GetRange(i, Math.Min(100, ids.Count - i)); var found = pg.Query<User>(\"SELECT id, name FROM users WHERE id = ANY(@some)\", new { some }); i += some.Count; }")]
    [InlineData("foreach (var id in ids) { lite.Query<User>(\"SELECT id, name FROM users WHERE id = @id\", new { id }); }")]
    public Task Loops_that_must_or_may_well_ask_again(string statements) => Verify<QueryInLoop>.Statements(
        statements, Orders + ", string[] scripts, CancellationToken token, System.Threading.Channels.ChannelReader<int> channel");

    [Fact]
    public Task A_method_that_is_handed_over() => Verify<QueryInLoop>.CSharp("""
        public class Case(Shop shop)
        {
            private User? Get(int id) => shop.Users.FirstOrDefault(u => u.Id == id);
            private Task<User> GetAsync(int id) => shop.Users.FirstAsync(u => u.Id == id);
            private Task<List<User>> GetAll(int[] ids) => shop.Users.Where(u => ids.Contains(u.Id)).ToListAsync();
            private Func<int, User?>? _later;

            public async Task Run(List<int> ids)
            {
                var users = ids.Select([|Get|]).ToList();
                var others = await Task.WhenAll(ids.Select([|this.GetAsync|]));
                foreach (var task in ids.Select([|GetAsync|]))
                {
                    await task;
                }

                var chunks = await Task.WhenAll(ids.Chunk(100).Select(GetAll));
                var first = ids.Select(Get).FirstOrDefault(user => user != null);
                var few = new[] { 1, 2, 3 }.Select(Get).ToList();
                _later = Get;
                foreach (var id in ids)
                {
                    _later += Get;
                    Keep(Get);
                }
            }

            private static void Keep(Func<int, User?> get) { }
        }
        """);

    [Fact]
    public Task A_work_list_that_the_caller_made() => Verify<QueryInLoop>.CSharp("""
        public class Case(NpgsqlConnection pg)
        {
            public void Run(Stack<int> todo)
            {
                while (todo.Count > 0)
                {
                    var id = todo.Pop();
                    foreach (var below in pg.Query<int>("SELECT id FROM users WHERE boss = @id", new { id }))
                    {
                        todo.Push(below);
                    }
                }
            }
        }
        """);

    [Theory]
    [InlineData("foreach (var id in ids) { var sql = File() + id; var rows = pg.Query<User>(sql); }")]
    [InlineData("foreach (var id in ids) { using var command = new NpgsqlCommand(File(), pg); command.Parameters.AddWithValue(\"id\", id); await command.ExecuteNonQueryAsync(); }")]
    [InlineData("foreach (var id in ids) { pg.Execute($\"{File()} WHERE id = @id\", new { id }); }")]
    public Task Text_that_nobody_knows(string statements) =>
        Verify<QueryInLoop>.Statements(statements + " static string File() => System.IO.File.ReadAllText(\"a.sql\");", Orders);

    [Fact]
    public Task Across_calls_with_the_way_in_the_message() => Verify<QueryInLoop>.CSharp(Repository + """

        public class Case(IUsers users, Users direct)
        {
            public async Task Run(List<int> ids)
            {
                foreach (var id in ids)
                {
                    var user = await [|users.GetAsync(id)|];
                    var other = await [|direct.LoadAsync(id)|];
                    var third = [|Local(id)|];
                }

                User Local(int id) => direct.Load(id);
            }
        }
        """);

    [Fact]
    public async Task The_message_tells_the_way()
    {
        var diagnostics = await Verify.Survives("""
            public class Case(NpgsqlConnection pg)
            {
                public void Run(List<int> ids) { foreach (var id in ids) GetUser(id); }
                private User GetUser(int id) => LoadProfile(id);
                private User LoadProfile(int id) => pg.QuerySingle<User>("SELECT id, name FROM users WHERE id = @id", new { id });
            }
            """);
        Assert.Equal("GetUser -> LoadProfile runs a query for each 'id': fetch the rows for all of them with one query before the loop", Assert.Single(diagnostics).GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public Task A_cache_or_a_choice_in_front_is_no_query_per_call() => Verify<QueryInLoop>.CSharp(Repository + """

        public class Case(Users users, List<IRates> rates)
        {
            private User? _first;

            public async Task Run(List<int> ids)
            {
                foreach (var id in ids)
                {
                    await users.CachedAsync(id);
                    await users.MemoAsync(id);
                    users.Lazily(id);
                    _first ??= users.Load(id);
                }

                foreach (var rate in rates)
                {
                    rate.Get(1);
                }
            }
        }

        public interface IRates { int Get(int id); }
        public class StoredRates(NpgsqlConnection pg) : IRates { public int Get(int id) => pg.ExecuteScalar<int>("SELECT rate FROM rates WHERE id = @id", new { id }); }
        public class FixedRates : IRates { public int Get(int id) => id; }
        """);

    [Fact]
    public Task A_function_of_the_database_or_the_text_of_the_caller_behind_a_call() => Verify<QueryInLoop>.CSharp("""
        public class Users(NpgsqlConnection pg, SqliteConnection lite)
        {
            public int Remove(int id) => pg.Query<int>("SELECT * FROM remove_user(@id)", new { id }).Count();
            public List<User> All(string sql, int id) => pg.Query<User>(sql, new { id }).ToList();
            public List<User> Near(int id) => lite.Query<User>("SELECT id, name FROM users WHERE id = @id", new { id }).ToList();
        }

        public class Case(Users users)
        {
            public void Run(List<int> ids)
            {
                foreach (var id in ids)
                {
                    users.Remove(id);
                    users.All(System.IO.File.ReadAllText("users.sql"), id);
                    users.Near(id);
                }
            }
        }
        """);

    [Fact]
    public Task Several_implementations_that_all_query() => Verify<QueryInLoop>.CSharp("""
        public interface IRates { int Get(int id); }
        public class OldRates(NpgsqlConnection pg) : IRates { public int Get(int id) => pg.ExecuteScalar<int>("SELECT rate FROM old_rates WHERE id = @id", new { id }); }
        public class NewRates(NpgsqlConnection pg) : IRates { public int Get(int id) => pg.ExecuteScalar<int>("SELECT rate FROM rates WHERE id = @id", new { id }); }

        public abstract class Store<T>(NpgsqlConnection pg) { public virtual T One(int id) => pg.QuerySingle<T>("SELECT * FROM things WHERE id = @id", new { id }); }
        public class UserStore(NpgsqlConnection pg) : Store<User>(pg) { }

        public class Case(IRates rates, UserStore users)
        {
            public void Run(List<int> ids)
            {
                foreach (var id in ids)
                {
                    [|rates.Get(id)|];
                    [|users.One(id)|];
                }
            }
        }
        """);

    [Fact]
    public Task Recursion_over_data_at_hand() => Verify<QueryInLoop>.CSharp("""
        public class Tree { public int Id { get; set; } public Tree? Left { get; set; } public Tree? Right { get; set; } }
        public class Node { public int Id { get; set; } public List<Node> Children { get; } = new(); }
        public class Case(NpgsqlConnection pg)
        {
            public void Visit(Node node)
            {
                var name = pg.ExecuteScalar<string>("SELECT name FROM nodes WHERE id = @Id", new { node.Id });
                foreach (var child in node.Children)
                {
                    [|Visit(child)|];
                }
            }

            public void Walk(Tree tree)
            {
                var name = [|pg.ExecuteScalar<string>("SELECT name FROM nodes WHERE id = @Id", new { tree.Id })|];
                if (tree.Left is not null) Walk(tree.Left);
                if (tree.Right is not null) Walk(tree.Right);
            }

            // What is asked next depends on the answer.
            public int Root(int id)
            {
                var parent = pg.ExecuteScalar<int?>("SELECT parent_id FROM nodes WHERE id = @id", new { id });
                return parent is null ? id : Root(parent.Value);
            }

            public User? Again(int id, int attempt)
            {
                try { return pg.QuerySingle<User>("SELECT id, name FROM users WHERE id = @id", new { id }); }
                catch (NpgsqlException) { return attempt > 3 ? null : Again(id, attempt + 1); }
            }

            // A method that only calls itself goes nowhere.
            public void Turn(int id) { foreach (var _ in new int[id]) Turn(id - 1); }
        }
        """);

    private const string Repository = """
        public interface IUsers { Task<User?> GetAsync(int id); }

        public class Users(NpgsqlConnection pg) : IUsers
        {
            private readonly Dictionary<int, User> _known = new();
            private User? _user;

            public async Task<User?> GetAsync(int id)
            {
                if (id <= 0)
                {
                    return null;
                }

                return await LoadAsync(id);
            }

            public Task<User?> LoadAsync(int id) => pg.QuerySingleOrDefaultAsync<User>("SELECT id, name FROM users WHERE id = @id", new { id });

            public User Load(int id) => pg.QuerySingle<User>("SELECT id, name FROM users WHERE id = @id", new { id });

            public async Task<User?> CachedAsync(int id)
            {
                if (_known.TryGetValue(id, out var known))
                {
                    return known;
                }

                return _known[id] = (await LoadAsync(id))!;
            }

            public async Task<User> MemoAsync(int id) => _known.TryGetValue(id, out var known) ? known : (await LoadAsync(id))!;

            public User Lazily(int id) => _user ??= Load(id);
        }
        """;
}
