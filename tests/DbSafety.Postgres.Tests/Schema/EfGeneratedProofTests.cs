using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Postgres.Tests.Models;

/// <summary>Migrations and snapshots, read by their syntax, leave the schema that EF Core makes of them.</summary>
public sealed class EfGeneratedProofTests(ITestOutputHelper output)
{
    private const string Common = """
        using Microsoft.EntityFrameworkCore.Infrastructure;
        using Microsoft.EntityFrameworkCore.Metadata;
        using Microsoft.EntityFrameworkCore.Migrations;
        using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

        public class Db : DbContext
        {
            protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql("Host=nowhere");
        }

        """;

    private const string Migrations = """
        [DbContext(typeof(Db))]
        [Migration("20240102000000_Second")]
        public class Second : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder)
            {
                migrationBuilder.RenameColumn(name: "Name", schema: "shop", table: "Customers", newName: "FullName");
                migrationBuilder.AlterColumn<string>(name: "FullName", schema: "shop", table: "Customers", type: "character varying(100)", maxLength: 100, nullable: true, oldClrType: typeof(string), oldType: "text");
                migrationBuilder.AddColumn<int>(name: "Rank", schema: "shop", table: "Customers", type: "integer", nullable: false, defaultValue: 0);
                migrationBuilder.AddColumn<Guid>(name: "Token", schema: "shop", table: "Customers", nullable: false, defaultValueSql: "gen_random_uuid()");
                migrationBuilder.AddColumn<string>(name: "Code", schema: "shop", table: "Customers", maxLength: 20, nullable: true);
                migrationBuilder.DropColumn(name: "Old", schema: "shop", table: "Customers");
                migrationBuilder.DropIndex(name: "IX_Orders_CustomerId", table: "Orders");
                migrationBuilder.DropForeignKey(name: "FK_Orders_Customers_CustomerId", table: "Orders");
                migrationBuilder.CreateIndex(name: "IX_Orders_CustomerId_At", table: "Orders", columns: new[] { "CustomerId", "At" }, descending: new[] { false, true }, filter: "\"At\" IS NOT NULL");
                migrationBuilder.AddForeignKey(name: "FK_orders", table: "Orders", column: "CustomerId", principalSchema: "shop", principalTable: "Customers", principalColumn: "Id", onDelete: ReferentialAction.SetNull);
                migrationBuilder.AddUniqueConstraint(name: "AK_Orders_Number", table: "Orders", column: "Number");
                migrationBuilder.AddCheckConstraint(name: "CK_Orders", table: "Orders", sql: "\"Number\" > 0");
                migrationBuilder.RenameTable(name: "Tags", newName: "Labels");
                migrationBuilder.RenameIndex(name: "IX_Tags_Names", table: "Labels", newName: "IX_Labels_Names");
                migrationBuilder.DropTable(name: "Gone");
                migrationBuilder.AlterDatabase().Annotation("Npgsql:Enum:mood", "happy,sad,calm").OldAnnotation("Npgsql:Enum:mood", "happy,sad");
                migrationBuilder.Sql("CREATE INDEX by_hand ON \"Labels\" (\"Id\" DESC);");
            }

            protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable(name: "Orders");
        }

        [DbContext(typeof(Db))]
        [Migration("20240101000000_First")]
        public class First : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder)
            {
                migrationBuilder.EnsureSchema(name: "shop");
                migrationBuilder.AlterDatabase().Annotation("Npgsql:Enum:mood", "happy,sad").Annotation("Npgsql:PostgresExtension:citext", ",,");
                migrationBuilder.CreateTable(
                    name: "Customers",
                    schema: "shop",
                    columns: table => new
                    {
                        Id = table.Column<int>(type: "integer", nullable: false).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                        Name = table.Column<string>(type: "text", nullable: false),
                        Old = table.Column<bool>(nullable: false),
                        Created = table.Column<DateTime>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                        mail = table.Column<string>(name: "e-mail", type: "citext", nullable: true),
                    },
                    constraints: table =>
                    {
                        table.PrimaryKey("PK_Customers", x => x.Id);
                        table.UniqueConstraint("AK_Customers_mail", x => x.mail);
                        table.CheckConstraint("CK_Customers", "\"Created\" > '2000-01-01'");
                    });
                migrationBuilder.CreateTable(
                    name: "Orders",
                    columns: table => new
                    {
                        Number = table.Column<long>(nullable: false),
                        Line = table.Column<short>(nullable: false),
                        CustomerId = table.Column<int>(nullable: true),
                        At = table.Column<DateTimeOffset>(nullable: true),
                        Sum = table.Column<decimal>(precision: 10, scale: 2, nullable: false),
                        Upper = table.Column<string>(type: "text", nullable: true, computedColumnSql: "upper('x')", stored: true),
                    },
                    constraints: table =>
                    {
                        table.PrimaryKey("PK_Orders", x => new { x.Number, x.Line });
                        table.ForeignKey(name: "FK_Orders_Customers_CustomerId", column: x => x.CustomerId, principalSchema: "shop", principalTable: "Customers", principalColumn: "Id", onDelete: ReferentialAction.Cascade);
                    });
                migrationBuilder.CreateTable(name: "Tags", columns: table => new { Id = table.Column<Guid>(nullable: false), Names = table.Column<string[]>(type: "text[]", nullable: false) }, constraints: table => table.PrimaryKey("PK_Tags", x => x.Id));
                migrationBuilder.CreateTable(name: "Gone", columns: table => new { Id = table.Column<int>(nullable: false) });
                migrationBuilder.CreateIndex(name: "IX_Orders_CustomerId", table: "Orders", column: "CustomerId");
                migrationBuilder.CreateIndex(name: "IX_Tags_Names", table: "Tags", column: "Names").Annotation("Npgsql:IndexMethod", "gin").Annotation("Npgsql:IndexOperators", new[] { "array_ops" });
                migrationBuilder.CreateIndex(name: "IX_Customers_Name", schema: "shop", table: "Customers", columns: new[] { "Name" }, unique: true).Annotation("Npgsql:IndexInclude", new[] { "Created" }).Annotation("Npgsql:NullsDistinct", false);
                migrationBuilder.InsertData(table: "Tags", columns: new[] { "Id", "Names" }, columnTypes: new[] { "uuid", "text[]" }, values: new object[] { new Guid("11111111-1111-1111-1111-111111111111"), new[] { "a" } });
            }
        }

        public static class Snippet
        {
            public static Task Run() => Task.CompletedTask;

            public static string Script()
            {
                using var context = new Db();
                return context.GetService<IMigrator>().GenerateScript(null, null, MigrationsSqlGenerationOptions.NoTransactions);
            }
        }
        """;

    private const string Snapshot = """
        [DbContext(typeof(Db))]
        partial class DbModelSnapshot : ModelSnapshot
        {
            protected override void BuildModel(ModelBuilder modelBuilder)
            {
        #pragma warning disable 612, 618
                modelBuilder.HasDefaultSchema("app").HasAnnotation("ProductVersion", "10.0.0").HasAnnotation("Relational:MaxIdentifierLength", 63);

                NpgsqlModelBuilderExtensions.UseIdentityByDefaultColumns(modelBuilder);

                modelBuilder.Entity("App.Customer", b =>
                    {
                        b.Property<int>("Id").ValueGeneratedOnAdd().HasColumnType("integer").HasColumnName("id");
                        NpgsqlPropertyBuilderExtensions.UseIdentityByDefaultColumn(b.Property<int>("Id"));
                        b.Property<string>("Name").IsRequired().HasMaxLength(80).HasColumnType("character varying(80)");
                        b.Property<string>("Note").HasColumnType("text");
                        b.Property<DateTime?>("Seen").HasColumnType("timestamp with time zone");
                        b.Property<Guid>("Token").HasColumnType("uuid").HasDefaultValueSql("gen_random_uuid()");
                        b.PrimitiveCollection<string[]>("Tags").IsRequired().HasColumnType("text[]");
                        b.Property<string>("Discriminator").IsRequired().HasMaxLength(13).HasColumnType("character varying(13)");
                        b.Property<uint>("Version").IsConcurrencyToken().ValueGeneratedOnAddOrUpdate().HasColumnType("xid").HasColumnName("xmin");
                        b.HasKey("Id");
                        b.HasIndex("Name").IsUnique().HasDatabaseName("by_name").HasFilter("\"Note\" IS NULL");
                        NpgsqlIndexBuilderExtensions.IncludeProperties(b.HasIndex("Name"), new[] { "Seen" });
                        b.HasIndex("Tags");
                        NpgsqlIndexBuilderExtensions.HasMethod(b.HasIndex("Tags"), "gin");
                        b.HasIndex(new[] { "Seen", "Name" }, "named").IsDescending(true, false);
                        b.ToTable("customers", "app", t =>
                            {
                                t.HasCheckConstraint("CK_name", "length(\"Name\") > 1");
                            });
                        b.HasDiscriminator().HasValue("Customer");
                        b.UseTphMappingStrategy();
                    });

                modelBuilder.Entity("App.Order", b =>
                    {
                        b.Property<long>("Number").HasColumnType("bigint");
                        b.Property<int>("Line").HasColumnType("integer");
                        b.Property<int?>("CustomerId").HasColumnType("integer").HasColumnName("customer_id");
                        b.Property<decimal>("Sum").HasPrecision(10, 2).HasColumnType("numeric(10,2)");
                        b.HasKey("Number", "Line").HasName("orders_key");
                        b.HasAlternateKey("Line");
                        b.HasIndex("CustomerId");
                        b.ToTable("orders", "app");
                    });

                modelBuilder.Entity("App.Special", b =>
                    {
                        b.HasBaseType("App.Customer");
                        b.Property<bool>("Gold").HasColumnType("boolean");
                        b.HasDiscriminator().HasValue("Special");
                    });

                modelBuilder.Entity("ArticleTopic", b =>
                    {
                        b.Property<long>("OrdersNumber").HasColumnType("bigint");
                        b.Property<int>("OrdersLine").HasColumnType("integer");
                        b.Property<int>("CustomersId").HasColumnType("integer");
                        b.HasKey("CustomersId", "OrdersNumber", "OrdersLine");
                        b.HasIndex("OrdersNumber", "OrdersLine");
                        b.ToTable("ArticleTopic", "app");
                    });

                modelBuilder.Entity("App.Order", b =>
                    {
                        b.HasOne("App.Customer", "Customer").WithMany("Orders").HasForeignKey("CustomerId").OnDelete(DeleteBehavior.SetNull);
                        b.OwnsOne("App.Address", "Address", b1 =>
                            {
                                b1.Property<long>("OrderNumber").HasColumnType("bigint");
                                b1.Property<int>("OrderLine").HasColumnType("integer");
                                b1.Property<string>("Street").IsRequired().HasColumnType("text").HasColumnName("street");
                                b1.Property<string>("City").HasColumnType("text");
                                b1.HasKey("OrderNumber", "OrderLine");
                                b1.ToTable("orders", "app");
                                b1.WithOwner().HasForeignKey("OrderNumber", "OrderLine");
                            });
                        b.OwnsMany("App.Part", "Parts", b1 =>
                            {
                                b1.Property<long>("OrderNumber").HasColumnType("bigint");
                                b1.Property<int>("OrderLine").HasColumnType("integer");
                                b1.Property<int>("Id").ValueGeneratedOnAdd().HasColumnType("integer");
                                NpgsqlPropertyBuilderExtensions.UseIdentityByDefaultColumn(b1.Property<int>("Id"));
                                b1.Property<double>("Weight").HasColumnType("double precision");
                                b1.HasKey("OrderNumber", "OrderLine", "Id");
                                b1.ToTable("parts", "app");
                                b1.WithOwner().HasForeignKey("OrderNumber", "OrderLine");
                            });
                        b.Navigation("Address").IsRequired();
                        b.Navigation("Customer");
                        b.Navigation("Parts");
                    });

                modelBuilder.Entity("ArticleTopic", b =>
                    {
                        b.HasOne("App.Customer", null).WithMany().HasForeignKey("CustomersId").OnDelete(DeleteBehavior.Cascade).IsRequired();
                        b.HasOne("App.Order", null).WithMany().HasForeignKey("OrdersNumber", "OrdersLine").OnDelete(DeleteBehavior.Cascade).IsRequired();
                    });

                modelBuilder.Entity("App.Customer", b =>
                    {
                        b.Navigation("Orders");
                    });
        #pragma warning restore 612, 618
            }
        }

        public static class Snippet
        {
            public static Task Run() => Task.CompletedTask;

            public static string Script()
            {
                using var context = new Db();
                var model = new DbModelSnapshot().Model;
                if (model is IMutableModel mutable)
                {
                    model = mutable.FinalizeModel();
                }

                model = context.GetService<IModelRuntimeInitializer>().Initialize(model, designTime: true, validationLogger: null);
                var steps = context.GetService<IMigrationsModelDiffer>().GetDifferences(null, model.GetRelationalModel());
                return string.Join("\n", context.GetService<IMigrationsSqlGenerator>().Generate(steps, model).Select(command => command.CommandText));
            }
        }
        """;

    [Fact]
    public void Migrations_leave_the_schema_of_their_script() => Same(Migrations);

    [Fact]
    public void A_snapshot_tells_the_schema_of_its_model() => Same(Snapshot);

    private void Same(string code)
    {
        var source = Common + code;
        using var snippet = FixRunner.Compile(source);
        var script = (string)snippet.Method("Script").Invoke(null, [])!;
        output.WriteLine(script);
        var expected = SchemaReader.Read([SqlParser.Parse(new SqlSource(script))]);
        var cancellation = TestContext.Current.CancellationToken;
        var compilation = CSharpCompilation.Create(
            "Read", [CSharpSyntaxTree.ParseText(Prelude.Source, EfModelProofTests.ParseOptions, cancellationToken: cancellation), CSharpSyntaxTree.ParseText(source, EfModelProofTests.ParseOptions, cancellationToken: cancellation)],
            EfModelProofTests.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        var own = facts.EfScripts.Where(one => one.Name != "SamplesContext").ToList();
        output.WriteLine(string.Join("\n", own.Select(one => one.Source.Text)));
        var actual = SchemaReader.Read(own.Select(one => SqlParser.Parse(one.Source)));
        Assert.NotEmpty(actual.Tables);
        Assert.False(actual.IsIncomplete);
        var wrong = EfModelProofTests.Difference(EfModelProofTests.Lines(expected, []).Where(line => !line.StartsWith("__EF", StringComparison.Ordinal)), EfModelProofTests.Lines(actual, [])).ToList();
        output.WriteLine(string.Join("\n", wrong));
        Assert.Equal([], wrong);
        Assert.DoesNotContain(actual.Tables, table => !actual.IsComplete(table));
    }
}
