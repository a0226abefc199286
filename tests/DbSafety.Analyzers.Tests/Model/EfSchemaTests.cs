using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Tests.Model;

public sealed class EfSchemaTests
{
    private const string Context = """
        using Microsoft.EntityFrameworkCore;

        public class ShopContext : DbContext
        {
            public DbSet<Order> Orders => Set<Order>();
            public DbSet<Customer> Customers => Set<Customer>();

            protected override void OnModelCreating(ModelBuilder model)
            {
                model.Entity<Order>().ToTable("orders").HasIndex(order => order.Placed);
            }
        }

        public class Customer { public int Id { get; set; } public string Name { get; set; } = ""; }
        public class Order { public int Id { get; set; } public DateTime Placed { get; set; } public int CustomerId { get; set; } public Customer Customer { get; set; } = null!; }
        """;

    private const string Migration = """
        using Microsoft.EntityFrameworkCore.Migrations;

        public partial class Start : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder)
            {
                migrationBuilder.CreateTable(
                    name: "orders",
                    columns: table => new { Id = table.Column<int>(type: "integer", nullable: false), Placed = table.Column<string>(type: "text", nullable: true) },
                    constraints: table => table.PrimaryKey("PK_orders", x => x.Id));
            }
        }
        """;

    [Fact]
    public void The_model_is_the_schema_where_nothing_else_is()
    {
        var facts = Facts(Context);
        var orders = facts.Schema.FindTable(null, "orders")!;
        Assert.Equal(["PK_orders", "IX_orders_Placed", "IX_orders_CustomerId"], orders.Indexes.Select(index => index.Name), StringComparer.Ordinal);
        Assert.Equal("Customers", Assert.Single(orders.ForeignKeys).ReferencedTable.Name);
    }

    [Fact]
    public void Each_part_leads_to_the_code_that_declares_it()
    {
        var facts = Facts(Context);
        var orders = facts.Schema.FindTable(null, "orders")!;
        Assert.Equal("Placed", TextAt(facts.LocationOf(orders.FindColumn("Placed")!.Origin)));
        Assert.Contains("HasIndex(order => order.Placed)", TextAt(facts.LocationOf(orders.Indexes.Single(index => index.Name == "IX_orders_Placed").Origin)), StringComparison.Ordinal);
        Assert.Equal("Customer", TextAt(facts.LocationOf(orders.Indexes.Single(index => index.Name == "IX_orders_CustomerId").Origin)));
        Assert.Equal("Customer", TextAt(facts.LocationOf(orders.ForeignKeys[0].Origin)));
    }

    [Fact]
    public void Migrations_are_believed_before_the_model()
    {
        var facts = Facts(Context, Migration);
        var table = Assert.Single(facts.Schema.Tables);
        Assert.Equal("text", table.FindColumn("Placed")!.Type);
    }

    [Fact]
    public void Migrations_of_another_project_are_read_from_additional_files()
    {
        var file = new File("/app/Migrations/20240101_Start.cs", Migration);
        var facts = Facts(Context, [file]);
        var table = Assert.Single(facts.Schema.Tables);
        var location = facts.LocationOf(table.Origin)!;
        Assert.Equal("/app/Migrations/20240101_Start.cs", location.GetLineSpan().Path);
        Assert.Equal(LocationKind.ExternalFile, location.Kind);
    }

    [Fact]
    public void Of_a_table_that_files_make_the_configuration_tells_only_how_it_is_mapped()
    {
        var file = new File("/app/migrations/V1__start.sql", """
            CREATE TABLE orders ("Id" integer PRIMARY KEY, "Placed" timestamptz NOT NULL, "CustomerId" integer NOT NULL, extra text);
            CREATE INDEX by_customer ON orders ("CustomerId", extra);
            """);
        var facts = Facts(Context, [file]);
        var orders = facts.Schema.FindTable(null, "orders")!;
        Assert.Equal(["by_customer", "orders_pkey"], orders.Indexes.Select(index => index.Name).Order(StringComparer.Ordinal));
        Assert.Equal("/app/migrations/V1__start.sql", facts.LocationOf(orders.Origin)!.GetLineSpan().Path);
        Assert.NotNull(orders.FindColumn("extra"));
    }

    [Fact]
    public void An_index_that_the_configuration_asks_for_comes_with_the_next_migration()
    {
        var facts = Facts(Context, Migration);
        Assert.Contains("IX_orders_Placed", Assert.Single(facts.Schema.Tables).Indexes.Select(index => index.Name));
    }

    [Theory]
    [InlineData("foreach (var name in new[] { \"a\" }) { migrationBuilder.Sql(\"DROP TABLE \" + name); }")]
    [InlineData("Helper(migrationBuilder);")]
    [InlineData("migrationBuilder.Sql(Environment.MachineName);")]
    public void What_a_migration_does_in_its_own_way_is_not_certain(string statement)
    {
        var facts = Facts(Context, Migration.Replace("migrationBuilder.CreateTable", statement + " migrationBuilder.CreateTable", StringComparison.Ordinal)
            .Replace("public partial class Start : Migration\n{", "public partial class Start : Migration\n{ static void Helper(MigrationBuilder builder) { }", StringComparison.Ordinal));
        Assert.True(facts.Schema.IsIncomplete);
    }

    [Fact]
    public void What_a_configuration_does_in_its_own_way_is_not_certain()
    {
        var facts = Facts(Context.Replace("model.Entity<Order>()", "foreach (var type in model.Model.GetEntityTypes()) { type.SetTableName(type.GetTableName()!.ToLower()); } model.Entity<Order>()", StringComparison.Ordinal));
        Assert.True(facts.Maps.All.Single(map => map.Name == "Customer").IsUncertain);
        Assert.Null(facts.Maps.All.Single(map => map.Name == "Customer").Table);
        Assert.True(facts.Schema.FindTable(null, "orders") is not { } orders || !facts.Schema.IsComplete(orders));
    }

    [Fact]
    public void A_snapshot_confirms_names_that_a_configuration_leaves_open()
    {
        var facts = Facts(Context.Replace("model.Entity<Order>()", "foreach (var type in model.Model.GetEntityTypes()) { type.SetTableName(type.GetTableName()!.ToLower()); } model.Entity<Order>()", StringComparison.Ordinal), """
            using Microsoft.EntityFrameworkCore;
            using Microsoft.EntityFrameworkCore.Infrastructure;

            [DbContext(typeof(ShopContext))]
            partial class ShopContextModelSnapshot : ModelSnapshot
            {
                protected override void BuildModel(ModelBuilder modelBuilder)
                {
                    modelBuilder.Entity("Customer", b =>
                    {
                        b.Property<int>("Id").HasColumnType("integer");
                        b.Property<string>("Name").IsRequired().HasColumnType("text").HasColumnName("customer_name");
                        b.HasKey("Id");
                        b.ToTable("customers");
                    });
                }
            }
            """);
        var customer = facts.Maps.All.Single(map => map.Name == "Customer");
        Assert.False(customer.IsUncertain);
        Assert.Equal("customers", customer.Table!.Value.Name);
        Assert.Equal("customer_name", customer.Column("Name")!.Column);
        Assert.NotNull(facts.Schema.FindTable(null, "customers"));
    }

    [Fact]
    public void Nothing_is_read_before_somebody_asks()
    {
        var facts = Facts(Context, Migration);
        Assert.Equal(0, facts.ModelsRead);
        _ = facts.Schema;
        Assert.NotEqual(0, facts.ModelsRead);
    }

    [Fact]
    public void A_migration_is_read_once_for_its_text()
    {
        var compilation = Code.Compile(Context, References.Newest, Migration);
        _ = DbFacts.For(compilation, new AnalyzerOptions([]))!.Schema;

        // A keystroke elsewhere.
        var tree = compilation.SyntaxTrees.Last();
        var changed = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(tree.ToString() + " // more", (CSharpParseOptions)tree.Options, cancellationToken: TestContext.Current.CancellationToken));
        var facts = DbFacts.For(changed, new AnalyzerOptions([]))!;
        _ = facts.Schema;
        Assert.Equal(1 + 1, facts.ModelsRead);
    }

    [Theory]
    [InlineData("OrderLines", "order_lines")]
    [InlineData("HTMLParser", "html_parser")]
    [InlineData("CustomerId", "customer_id")]
    [InlineData("IX_Orders_CustomerId", "ix_orders_customer_id")]
    [InlineData("FK_Orders_Customers_CustomerId", "fk_orders_customers_customer_id")]
    [InlineData("Address2", "address2")]
    [InlineData("already_snake", "already_snake")]
    public void Names_are_written_in_snake_case(string name, string snake) => Assert.Equal(snake, EfNaming.SnakeCase(name));

    private static string TextAt(Location? location) => location?.SourceTree?.GetText(TestContext.Current.CancellationToken).ToString(location.SourceSpan) ?? "";

    private static DbFacts Facts(string source, params string[] others) => DbFacts.For(Code.Compile(source, References.Newest, others), new AnalyzerOptions([]))!;

    private static DbFacts Facts(string source, AdditionalText[] files) => DbFacts.For(Code.Compile(source, References.Newest), new AnalyzerOptions([.. files]))!;

    private sealed class File(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;

        private readonly SourceText _text = SourceText.From(text);
    }
}
