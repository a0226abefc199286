using DbSafety.Analyzers.Rules.Transactions;
using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Postgres.Tests.Fixes.Transactions;

/// <summary>DBS3008: what threw runs, is repeated after a conflict, and is applied once.</summary>
public sealed class StrategyTests(PostgresServer server)
{
    private static readonly FixRunner Strategies = new() { Analyzers = [new RetryWithUserTransaction()], Fixes = [new StrategyFixer()] };

    private static readonly FixRunner Trackers = new() { Analyzers = [new RetryWithUserTransaction()], Fixes = [new ClearTrackerFixer()] };

    // The first statement that writes is refused; a sequence remembers through the rollback.
    private static string Snippet(string body, string type = "async Task") => $$"""
        public sealed class Retrying(string connectionString) : DbContext
        {
            public DbSet<Sample> Samples => Set<Sample>();

            protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(connectionString, npgsql => npgsql.EnableRetryOnFailure());

            protected override void OnModelCreating(ModelBuilder model) => model.Entity<Sample>(entity =>
            {
                entity.ToTable("samples");
                entity.Property(sample => sample.Id).HasColumnName("id").ValueGeneratedNever();
                entity.Property(sample => sample.Name).HasColumnName("name");
            });
        }

        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.ExecuteAsync({{"\"\"\""}}
                    CREATE SEQUENCE attempts;
                    CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF nextval('attempts') = 1 THEN
                            RAISE EXCEPTION 'once' USING ERRCODE = '40001';
                        END IF;
                        RETURN NEW;
                    END $$;
                    CREATE TRIGGER fails BEFORE INSERT OR UPDATE ON samples FOR EACH STATEMENT EXECUTE FUNCTION fail_once();
                    {{"\"\"\""}});
                await using var context = new Retrying(connectionString);
                await Write(context, new List<int> { 11, 12, 13 });
                return (await connection.QueryAsync<string>("SELECT id || coalesce(name, '') FROM samples WHERE id > 10 OR name LIKE '%!' ORDER BY id")).ToList();
            }

            private static {{type}} Write(Retrying context, List<int> ids)
            {
                {{body}}
            }
        }
        """;

    [Theory]
    [InlineData("await using var transaction = await context.Database.BeginTransactionAsync();\nawait context.Samples.Where(row => row.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, row => row.Id + \"!\"));\nawait transaction.CommitAsync();", "async Task", "22!")]
    [InlineData("using (var transaction = context.Database.BeginTransaction())\n{\n    context.Samples.Where(row => row.Id == 2).ExecuteUpdate(set => set.SetProperty(row => row.Name, row => row.Id + \"!\"));\n    transaction.Commit();\n}\nreturn Task.CompletedTask;", "Task", "22!")]
    [InlineData("await using var transaction = await context.Database.BeginTransactionAsync();\nvar count = await context.Samples.Where(row => row.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, row => row.Id + \"!\"));\nawait transaction.CommitAsync();\nreturn count;", "async Task<int>", "22!")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled);\nawait context.Samples.Where(row => row.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, row => row.Id + \"!\"));\nscope.Complete();", "async Task", "22!")]
    public async Task The_strategy_repeats_the_transaction(string body, string type, string expected)
    {
        var (_, outcomes) = await Strategies.CompareAsync(server, Snippet(body, type), [[]]);
        Assert.Equal("InvalidOperationException", outcomes[0].Before.Error);
        Assert.Equal(Outcome.Column(expected), outcomes[0].After.ToString());
    }

    [Fact]
    public async Task What_is_made_inside_is_added_once()
    {
        const string body = """
            var next = ids.GetEnumerator();
            await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                next.MoveNext();
                await using var transaction = await context.Database.BeginTransactionAsync();
                context.Add(new Sample { Id = next.Current, Name = "new" });
                await context.SaveChangesAsync();
                await transaction.CommitAsync();
            });
            """;
        var (_, outcomes) = await Trackers.CompareAsync(server, Snippet(body), [[]]);
        Assert.Equal(Outcome.Column("11new", "12new"), outcomes[0].Before.ToString());
        Assert.Equal(Outcome.Column("12new"), outcomes[0].After.ToString());
    }

    [Fact]
    public async Task A_change_of_the_old_value_is_applied_once()
    {
        const string body = """
            await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                var sample = await context.Samples.SingleAsync(row => row.Id == 2);
                sample.Name += "!";
                await context.SaveChangesAsync();
            });
            """;
        var (_, outcomes) = await Trackers.CompareAsync(server, Snippet(body), [[]]);
        Assert.EndsWith("!!')", outcomes[0].Before.ToString());
        Assert.DoesNotContain("!!", outcomes[0].After.ToString());
        Assert.EndsWith("!')", outcomes[0].After.ToString());
    }
}
