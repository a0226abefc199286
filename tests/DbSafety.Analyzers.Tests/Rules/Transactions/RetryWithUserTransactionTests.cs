using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3008: transactions that a retrying strategy refuses, and work that it applies twice.</summary>
public sealed class RetryWithUserTransactionTests
{
    private const string Retrying = "protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(\"\", npgsql => npgsql.EnableRetryOnFailure());";
    private const string Plain = "protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(\"\");";

    private static Task Check(string statements, string configuration = Retrying, string more = "") => Verify<RetryWithUserTransaction>.CSharp($$"""
        using Microsoft.EntityFrameworkCore.Storage;

        public class Store : DbContext { public DbSet<User> Users => Set<User>(); public int Kept { get; set; } {{configuration}} }
        public class Apart : DbContext { public Apart(DbContextOptions options) : base(options) { } public Apart(string text) : this(new DbContextOptionsBuilder().UseNpgsql(text).Options) { } }
        public class Case(Store kept)
        {
            public async Task Run(Store store, NpgsqlConnection pg, User given, bool flag)
            {
                {{statements}}
                await Task.CompletedTask;
            }
        }
        {{more}}
        """);

    [Theory]
    [InlineData("using var tx = [|store.Database.BeginTransaction()|]; store.Add(given); store.SaveChanges(); tx.Commit();")]
    [InlineData("await using var tx = await [|store.Database.BeginTransactionAsync()|]; await store.Users.ToListAsync(); await tx.CommitAsync();")]
    [InlineData("using var tx = [|store.Database.BeginTransaction(IsolationLevel.Serializable)|]; store.Users.ExecuteDelete(); tx.Commit();")]
    [InlineData("using var tx = [|kept.Database.BeginTransaction()|]; kept.Database.ExecuteSqlRaw(\"DELETE FROM a\"); kept.Users.Find(1); tx.Commit();")]
    [InlineData("using var own = new Store(); using var tx = [|own.Database.BeginTransaction()|]; own.SaveChanges(); tx.Commit();")]
    [InlineData("using var own = new Store { Kept = 1 }; using var tx = [|own.Database.BeginTransaction()|]; own.SaveChanges(); tx.Commit();")]
    [InlineData("using (var tx = [|store.Database.BeginTransaction()|]) { if (flag) { store.SaveChanges(); } tx.Commit(); }")]
    [InlineData("using var scope = [|new System.Transactions.TransactionScope()|]; store.SaveChanges(); scope.Complete();")]
    [InlineData("Second(); void Second() { using var tx = [|store.Database.BeginTransaction()|]; store.SaveChanges(); tx.Commit(); }")]
    public Task Reports_a_transaction_whose_commands_are_refused(string statements) => Check(statements);

    [Theory]
    [InlineData("store.Database.CreateExecutionStrategy().Execute(() => { using var tx = store.Database.BeginTransaction(); store.SaveChanges(); tx.Commit(); });")]
    [InlineData("var strategy = store.Database.CreateExecutionStrategy(); await strategy.ExecuteAsync(async () => { await using var tx = await store.Database.BeginTransactionAsync(); await store.SaveChangesAsync(); await tx.CommitAsync(); });")]
    [InlineData("await Resilient(async () => { await using var tx = await store.Database.BeginTransactionAsync(); await store.SaveChangesAsync(); await tx.CommitAsync(); }); Task Resilient(Func<Task> work) => work();")]
    [InlineData("using var tx = store.Database.BeginTransaction(); store.Database.ExecuteSqlRaw(\"DELETE FROM a\"); store.Database.GetDbConnection().Execute(\"DELETE FROM b\"); tx.Commit();")]
    [InlineData("using (var tx = store.Database.BeginTransaction()) { tx.Commit(); } store.SaveChanges();")]
    [InlineData("using var tx = pg.BeginTransaction(); store.SaveChanges(); tx.Commit();")]
    public Task Leaves_transactions_inside_a_strategy_and_commands_of_text_alone(string statements) => Check(statements);

    private const string Begin = "using var tx = store.Database.BeginTransaction(); store.SaveChanges(); tx.Commit();";

    [Theory]
    [InlineData(Plain, "")]
    [InlineData("", "")]
    [InlineData(Retrying, "public class Other { void Add(DbContextOptionsBuilder<Store> options) => options.UseNpgsql(\"\"); }")]
    [InlineData(Retrying, "public class Other { void Add(DbContextOptionsBuilder options, Action<Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.NpgsqlDbContextOptionsBuilder> how) => options.UseNpgsql(\"\", how); }")]
    [InlineData("protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(\"\", npgsql => npgsql.ExecutionStrategy(d => new NonRetryingExecutionStrategy(d)));", "")]
    [InlineData("", "public class Other : DbContext { protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(\"\", npgsql => npgsql.EnableRetryOnFailure()); }")]
    public Task Is_silent_where_the_context_does_not_retry_or_nobody_knows(string configuration, string more) => Check(Begin, configuration, more);

    [Fact]
    public Task What_makes_contexts_for_the_tools_tells_nothing() => Check(
        "using var tx = [|store.Database.BeginTransaction()|]; store.SaveChanges(); tx.Commit();", Retrying,
        "public class Tools : Microsoft.EntityFrameworkCore.Design.IDesignTimeDbContextFactory<Store> { public Store CreateDbContext(string[] args) { var options = new DbContextOptionsBuilder<Store>().UseNpgsql(\"\").Options; return new Store(); } }");

    [Fact]
    public Task Options_that_are_passed_by_hand_are_unknown() => Check(
        "using var own = new Made(new DbContextOptions<Made>()); using var tx = own.Database.BeginTransaction(); own.SaveChanges(); tx.Commit();", "",
        "public class Made(DbContextOptions<Made> options) : DbContext(options) { " + Retrying + " }");

    [Fact]
    public Task A_registration_tells_the_context() => Verify<RetryWithUserTransaction>.CSharp("""
        public static class Registration
        {
            public static void AddDbContext<T>(this object services, Action<DbContextOptionsBuilder> configure) where T : DbContext { }
            public static void Configure(object services)
            {
                services.AddDbContext<Shop>(options => options.UseNpgsql("", npgsql => npgsql.EnableRetryOnFailure(5)));
                services.AddDbContext<Log>(options => options.UseNpgsql(""));
            }
        }
        public class Log : DbContext { }
        public class Case(Shop shop, Log log)
        {
            public void Run() { using var tx = [|shop.Database.BeginTransaction()|]; shop.SaveChanges(); tx.Commit(); }
            public void Other() { using var tx = log.Database.BeginTransaction(); log.SaveChanges(); tx.Commit(); }
            public void Outer() => shop.Database.CreateExecutionStrategy().Execute(() => Inner());
            private void Inner() { using var tx = shop.Database.BeginTransaction(); shop.SaveChanges(); tx.Commit(); }
            public void Group() => shop.Database.CreateExecutionStrategy().Execute(Named);
            private void Named() { using var tx = shop.Database.BeginTransaction(); shop.SaveChanges(); tx.Commit(); }
            public void Calls() => Called();
            private void Called() { using var tx = [|shop.Database.BeginTransaction()|]; shop.SaveChanges(); tx.Commit(); }
        }
        """);

    private static Task Tracked(string body, string configuration = Retrying) => Check(
        "var before = new User(); var strategy = store.Database.CreateExecutionStrategy(); await strategy.ExecuteAsync(async () => { " + body + " await Task.CompletedTask; });" +
        " store.Database.CreateExecutionStrategy().Execute(() => { " + body.Replace("await store.SaveChangesAsync()", "store.SaveChanges()").Replace("await store.Users.FirstAsync()", "store.Users.First()") + " });", configuration);

    [Theory]
    [InlineData("[|store.Add(new User())|]; await store.SaveChangesAsync();")]
    [InlineData("using var tx = store.Database.BeginTransaction(); [|store.Users.Add(new User { Name = \"x\" })|]; await store.SaveChangesAsync(); tx.Commit();")]
    [InlineData("var user = new User(); [|store.Users.Add(user)|]; if (flag) { await store.SaveChangesAsync(); }")]
    [InlineData("[|store.AddRange(new User(), new User())|]; await store.SaveChangesAsync();")]
    [InlineData("var user = await store.Users.FirstAsync(); [|user.Id += 1|]; [|user.Id++|]; await store.SaveChangesAsync();")]
    [InlineData("[|(await store.Users.FirstAsync()).Name += \"x\"|]; await store.SaveChangesAsync();")]
    [InlineData("var user = await store.Users.FirstAsync(); [|user.Id = user.Id + 1|]; [|user.Id = 2 * user.Id|]; await store.SaveChangesAsync();")]
    public Task Reports_what_a_retry_applies_twice(string body) => Tracked(body);

    [Theory]
    [InlineData("store.ChangeTracker.Clear(); store.Add(new User()); await store.SaveChangesAsync();")]
    [InlineData("store.Add(before); await store.SaveChangesAsync();")]
    [InlineData("store.Add(given); given.Id += 1; await store.SaveChangesAsync();")]
    [InlineData("using var own = new Store(); own.Add(new User()); own.SaveChanges();")]
    [InlineData("store.Add(new User());")]
    [InlineData("store.Database.ExecuteSqlRaw(\"DELETE FROM a\"); var seen = new List<User>(); seen.Add(new User()); await store.SaveChangesAsync();")]
    [InlineData("if (store.Users.Find(1) is null) { store.Add(new User { Id = 1 }); } await store.SaveChangesAsync();")]
    [InlineData("var user = await store.Users.FirstAsync(); user.Name = \"x\"; await store.SaveChangesAsync();")]
    [InlineData("var user = store.Users.AsNoTracking().First(); user.Id += 1; await store.SaveChangesAsync();")]
    [InlineData("var user = await store.Users.FirstAsync(); user.Id |= 4; user.Id &= ~2; await store.SaveChangesAsync();")]
    [InlineData("var user = await store.Users.FirstAsync(); user.Id = before.Id + 1; user.Name = user.Name.Trim(); await store.SaveChangesAsync();")]
    public Task Leaves_what_a_retry_applies_once_alone(string body) => Tracked(body);

    [Fact]
    public Task Without_retries_nothing_is_applied_twice() => Tracked("store.Add(new User()); await store.SaveChangesAsync();", Plain);
}
