using DbSafety.Analyzers.Rules.Indexes;
using DbSafety.CodeFixes.Indexes;

namespace DbSafety.Postgres.Tests.Fixes.Indexes;

/// <summary>The configuration that a fix writes, and the index that EF Core makes of it at the server.</summary>
public sealed class HasIndexFixTests(PostgresServer server)
{
    private static readonly FixRunner Indexes = new()
    {
        Analyzers = [new FilterWithoutIndex(), new CompositeIndexMissing(), new IndexCannotServe(), new JsonFilterWithoutIndex()],
        Fixes = [new HasIndexFixer()],
    };

    private static string Snippet(string configuration, string query) => $$"""
        public class Order
        {
            public int Id { get; set; }
            public int CustomerId { get; set; }
            public string Status { get; set; } = "";
            public DateTime CreatedAt { get; set; }
            public List<string> Tags { get; set; } = new();
        }

        public class Shop(string connectionString) : DbContext
        {
            public DbSet<Order> Orders => Set<Order>();

            protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(connectionString);

            protected override void OnModelCreating(ModelBuilder modelBuilder)
            {
                modelBuilder.Entity<Order>().ToTable("orders");{{configuration}}
            }
        }

        public static class Snippet
        {
            public static async Task<object?> Run(string connectionString)
            {
                await using var db = new Shop(connectionString);
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.ExecuteAsync(db.Database.GenerateCreateScript());
                return (await connection.QueryAsync<string>("SELECT indexdef FROM pg_indexes WHERE tablename = 'orders' AND indexname NOT LIKE 'PK%' ORDER BY 1")).ToList();
            }

            public static object Query(Shop db, int id, string name) => {{query}};
        }
        """;

    [Theory]
    [InlineData("", "db.Orders.Where(o => o.CustomerId == id).ToList()", new[] { "CREATE INDEX \"idx_orders_CustomerId\" ON public.orders USING btree (\"CustomerId\")" })]
    [InlineData(
        "", "db.Orders.Where(o => o.CustomerId == id && o.Status == name).OrderByDescending(o => o.CreatedAt).ThenBy(o => o.Id).Take(5).ToList()",
        new[] { "CREATE INDEX \"idx_orders_CustomerId_Status_CreatedAt_Id\" ON public.orders USING btree (\"CustomerId\", \"Status\", \"CreatedAt\" DESC, \"Id\")" })]
    [InlineData(
        "", "db.Database.SqlQueryRaw<int>(\"SELECT \\\"Id\\\" AS \\\"Value\\\" FROM orders WHERE \\\"Tags\\\" @> ARRAY['a']\").ToList()",
        new[] { "CREATE INDEX \"idx_orders_Tags\" ON public.orders USING gin (\"Tags\")" })]
    [InlineData(
        "\n        modelBuilder.Entity<Order>().HasIndex(o => o.Status).IsUnique();", "db.Orders.Where(o => o.Status.StartsWith(\"ab\")).ToList()",
        new[] { "CREATE INDEX \"idx_orders_Status\" ON public.orders USING btree (\"Status\" text_pattern_ops)", "CREATE UNIQUE INDEX \"IX_orders_Status\" ON public.orders USING btree (\"Status\")" })]
    public async Task EF_Core_makes_the_index(string configuration, string query, string[] expected)
    {
        var source = Snippet(configuration, query);
        var result = await Indexes.ApplyFixAsync(source);
        Assert.Single(result.Applied);
        Assert.Empty(await Indexes.DiagnoseAsync(result.Source));
        await using var database = await server.CreateDatabaseAsync();
        var outcome = await FixRunner.RunAsync(result.Source, database.ConnectionString);
        Assert.Equal(Outcome.Column(expected), outcome.ToString());
    }
}
