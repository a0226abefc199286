using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes.Indexes;

public sealed class HasIndexFixTests
{
    private const string Head = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using Microsoft.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore.Metadata.Builders;

        namespace Shop
        {
            public class Order
            {
                public int Id { get; set; }
                public int CustomerId { get; set; }
                public string Status { get; set; } = "";
                public DateTime CreatedAt { get; set; }
                public List<string> Tags { get; set; } = new List<string>();
            }

            public class Item
            {
                public int Id { get; set; }
                public string Name { get; set; } = "";
            }


        """;

    private const string Sets = """
                public DbSet<Order> Orders => Set<Order>();
                public DbSet<Item> Items => Set<Item>();
                protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql("Host=db");

        """;

    private static string Code(string context, string query = "db.Orders.Where(o => o.CustomerId == id).ToList();", string more = "") => Head + "    public class Sales : DbContext\n    {\n" + Sets + context + "    }\n" + more + $$"""

            public static class Case
            {
                public static void Run(Sales db, int id, string name)
                {
                    _ = {{query}}
                }
            }
        }
        """;

    private static string Hook(params string[] lines) =>
        "\n        protected override void OnModelCreating(ModelBuilder modelBuilder)\n        {\n" + string.Concat(lines.Select(line => "            " + line + "\n")) + "        }\n";

    private static async Task Run(string before, string after, string id = "DBS4001", LanguageVersion version = LanguageVersion.CSharp12, string[]? gone = null)
    {
        using var project = IndexWorkspace.Open(before, [], version: version);
        var diagnostics = await project.Diagnostics(id);
        Assert.True(diagnostics.Length == 1, string.Join("\n", diagnostics));
        await project.Apply(diagnostics[0], "DeclareIndex");
        Assert.Equal(after, project.Source);
        Assert.Empty(await project.Diagnostics(gone ?? [id]));
    }

    private const string Call = "HasIndex(x => x.CustomerId).HasDatabaseName(\"idx_Orders_CustomerId\");";

    [Theory]
    [InlineData(LanguageVersion.CSharp12)]
    [InlineData(LanguageVersion.CSharp9)]
    public async Task At_the_end_of_OnModelCreating(LanguageVersion version) => await Run(
        Code(Hook("modelBuilder.Entity<Item>().HasIndex(i => i.Name);")),
        Code(Hook("modelBuilder.Entity<Item>().HasIndex(i => i.Name);", "modelBuilder.Entity<Order>()." + Call)),
        version: version);

    [Fact]
    public async Task In_old_syntax() => await Run(
        Code(Hook("modelBuilder.Entity<Item>();")).Replace("_ = ", "var rows = ", StringComparison.Ordinal),
        Code(Hook("modelBuilder.Entity<Item>();", "modelBuilder.Entity<Order>()." + Call)).Replace("_ = ", "var rows = ", StringComparison.Ordinal),
        version: LanguageVersion.CSharp7_3);

    [Fact]
    public async Task Behind_the_statement_about_the_entity() => await Run(
        Code(Hook("modelBuilder.Entity<Order>().Property(o => o.Status).HasMaxLength(10);", "modelBuilder.Entity<Item>();")),
        Code(Hook("modelBuilder.Entity<Order>().Property(o => o.Status).HasMaxLength(10);", "modelBuilder.Entity<Order>()." + Call, "modelBuilder.Entity<Item>();")));

    [Fact]
    public async Task In_the_block_of_the_entity() => await Run(
        Code(Hook("modelBuilder.Entity<Order>(order =>", "{", "    order.HasKey(o => o.Id);", "});", "modelBuilder.Entity<Item>();")),
        Code(Hook("modelBuilder.Entity<Order>(order =>", "{", "    order.HasKey(o => o.Id);", "    order." + Call, "});", "modelBuilder.Entity<Item>();")));

    [Fact]
    public async Task In_the_block_of_an_expression_body() => await Run(
        Code("        protected override void OnModelCreating(ModelBuilder model) => model.Entity<Order>(order => { order.HasKey(o => o.Id); });\n"),
        Code("        protected override void OnModelCreating(ModelBuilder model) => model.Entity<Order>(order => { order.HasKey(o => o.Id); order." + Call + " });\n"));

    [Fact]
    public async Task In_the_class_of_configuration()
    {
        static string Class(string line) => "\n    public class OrderConfiguration : IEntityTypeConfiguration<Order>\n    {\n        public void Configure(EntityTypeBuilder<Order> builder)\n        {\n            builder.HasKey(o => o.Id);\n" + line + "        }\n    }\n";
        var hook = Hook("modelBuilder.ApplyConfigurationsFromAssembly(typeof(Sales).Assembly);");
        await Run(Code(hook, more: Class("")), Code(hook, more: Class("            builder." + Call + "\n")));
    }

    [Fact]
    public async Task In_a_new_OnModelCreating() => await Run(Code(""), Code(Hook("modelBuilder.Entity<Order>()." + Call)));

    [Fact]
    public async Task Several_keys_and_a_direction()
    {
        await Run(
            Code(Hook("modelBuilder.Entity<Order>();"), "db.Orders.Where(o => o.CustomerId == id && o.Status == name).OrderByDescending(o => o.CreatedAt).ThenBy(o => o.Id).Take(5).ToList();"),
            Code(
                Hook("modelBuilder.Entity<Order>();", "modelBuilder.Entity<Order>().HasIndex(x => new { x.CustomerId, x.Status, x.CreatedAt, x.Id }).HasDatabaseName(\"idx_Orders_CustomerId_Status_CreatedAt_Id\").IsDescending(false, false, true, false);"),
                "db.Orders.Where(o => o.CustomerId == id && o.Status == name).OrderByDescending(o => o.CreatedAt).ThenBy(o => o.Id).Take(5).ToList();"));
    }

    [Fact]
    public async Task Containers_get_their_method()
    {
        const string Query = "db.Database.SqlQueryRaw<int>(\"SELECT \\\"Id\\\" AS \\\"Value\\\" FROM \\\"Orders\\\" WHERE \\\"Tags\\\" @> ARRAY['a']\").ToList();";
        await Run(
            Code(Hook("modelBuilder.Entity<Order>();"), Query),
            Code(Hook("modelBuilder.Entity<Order>();", "modelBuilder.Entity<Order>().HasIndex(x => x.Tags).HasDatabaseName(\"idx_Orders_Tags\").HasMethod(\"gin\");"), Query),
            "DBS4002");
    }

    /// <summary>EF Core takes two indexes over the same properties for one, unless the model tells them apart by a name.</summary>
    [Fact]
    public async Task Beside_another_index_over_the_same_column_it_gets_a_name_in_the_model()
    {
        const string Query = "db.Orders.Where(o => o.Status.StartsWith(\"ab\")).ToList();";
        await Run(
            Code(Hook("modelBuilder.Entity<Order>().HasIndex(o => o.Status).IsUnique();"), Query),
            Code(Hook("modelBuilder.Entity<Order>().HasIndex(o => o.Status).IsUnique();", "modelBuilder.Entity<Order>().HasIndex(x => x.Status, \"idx_Orders_Status\").HasOperators(\"text_pattern_ops\");"), Query),
            "DBS4005");
    }

    private const string Migration = """

            [Microsoft.EntityFrameworkCore.Infrastructure.DbContext(typeof(Sales))]
            [Microsoft.EntityFrameworkCore.Migrations.Migration("20240101000000_Init")]
            public class Init : Microsoft.EntityFrameworkCore.Migrations.Migration
            {
                protected override void Up(Microsoft.EntityFrameworkCore.Migrations.MigrationBuilder migrationBuilder)
                {
                    migrationBuilder.CreateTable(
                        name: "Orders",
                        columns: table => new { Id = table.Column<int>(type: "integer", nullable: false), CustomerId = table.Column<int>(type: "integer", nullable: false) },
                        constraints: table => table.PrimaryKey("PK_Orders", x => x.Id));
                }
            }

        """;

    /// <summary>The index comes with the next migration: what is declared is not asked for again.</summary>
    [Fact]
    public async Task What_waits_for_its_migration_is_not_declared_twice()
    {
        using var project = IndexWorkspace.Open(Code(Hook("modelBuilder.Entity<Order>();"), more: Migration), []);
        await project.Apply(Assert.Single(await project.Diagnostics("DBS4001")), "DeclareIndex");
        Assert.Equal(Code(Hook("modelBuilder.Entity<Order>();", "modelBuilder.Entity<Order>()." + Call), more: Migration), project.Source);
        Assert.Empty(await project.Diagnostics("DBS4001"));
    }

    /// <summary>A class of configuration that no context applies says nothing.</summary>
    [Fact]
    public async Task A_class_that_is_not_applied_gets_nothing()
    {
        const string Class = "\n    public class OrderConfiguration : IEntityTypeConfiguration<Order>\n    {\n        public void Configure(EntityTypeBuilder<Order> builder)\n        {\n            builder.HasKey(o => o.Id);\n        }\n    }\n";
        using var project = IndexWorkspace.Open(Code(Hook("modelBuilder.Entity<Item>();"), more: Class), []);
        Assert.Empty(await project.Titles(Assert.Single(await project.Diagnostics("DBS4001"))));
    }

    [Theory]
    [InlineData("return;", "modelBuilder.Entity<Item>();")]
    [InlineData("if (modelBuilder == null) { return; }", "modelBuilder.Entity<Item>();")]
    [InlineData("#if DEBUG", "modelBuilder.Entity<Item>();", "#endif")]
    public async Task Where_nobody_can_tell_that_the_end_is_reached_nothing_is_offered(params string[] lines)
    {
        using var project = IndexWorkspace.Open(Code(Hook(lines)), []);
        Assert.Empty(await project.Titles(Assert.Single(await project.Diagnostics("DBS4001"))));
    }

    [Theory]
    [InlineData("db.Orders.Where(o => o.Status.ToLower() == name).ToList();")]
    public async Task Expressions_are_not_offered(string query)
    {
        using var project = IndexWorkspace.Open(Code(Hook("modelBuilder.Entity<Item>();"), query), []);
        foreach (var diagnostic in await project.Diagnostics("DBS4001", "DBS4005"))
        {
            Assert.Empty(await project.Titles(diagnostic));
        }
    }

    /// <summary>The configuration does not make the index of a table that files of SQL make.</summary>
    [Fact]
    public async Task Tables_of_files_of_SQL_are_none_of_its_business()
    {
        const string Table = "CREATE TABLE \"Orders\" (\"Id\" int PRIMARY KEY, \"CustomerId\" int NOT NULL, \"Status\" text NOT NULL, \"CreatedAt\" timestamptz NOT NULL, \"Tags\" text[] NOT NULL);\n";
        using var project = IndexWorkspace.Open(Code(Hook("modelBuilder.Entity<Item>();")), [("/app/db/0001_init.sql", Table)]);
        var titles = await project.Titles(Assert.Single(await project.Diagnostics("DBS4001")));
        Assert.Equal(2, titles.Length);
        Assert.All(titles, title => Assert.Contains("migration", title, StringComparison.Ordinal));
    }

    /// <summary>Files of SQL that say nothing about the table are not written to.</summary>
    [Fact]
    public async Task Tables_of_EF_Core_are_none_of_the_business_of_files_of_SQL()
    {
        using var project = IndexWorkspace.Open(Code(Hook("modelBuilder.Entity<Item>();")), [("/app/db/0001_init.sql", "CREATE TABLE other (id int PRIMARY KEY);\n")]);
        Assert.StartsWith("Declare the index over CustomerId", Assert.Single(await project.Titles(Assert.Single(await project.Diagnostics("DBS4001")))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task FixAll_declares_the_fewest(FixAllScope scope)
    {
        const string Queries = "db.Orders.Where(o => o.CustomerId == id).ToList(); _ = db.Orders.Where(o => o.Status == name && o.CustomerId == id).ToList(); _ = db.Items.Where(i => i.Name == name).ToList();";
        using var project = IndexWorkspace.Open(Code(Hook("modelBuilder.Entity<Order>();"), Queries), []);
        Assert.True(await project.ApplyAll("DBS4001", "DeclareIndex", scope));
        Assert.Equal(
            Code(
                Hook(
                    "modelBuilder.Entity<Order>();",
                    "modelBuilder.Entity<Order>().HasIndex(x => new { x.CustomerId, x.Status }).HasDatabaseName(\"idx_Orders_CustomerId_Status\");",
                    "modelBuilder.Entity<Item>().HasIndex(x => x.Name).HasDatabaseName(\"idx_Items_Name\");"),
                Queries),
            project.Source);
        Assert.Empty(await project.Diagnostics("DBS4001", "DBS4004"));
    }
}
