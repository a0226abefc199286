using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.Analyzers.Tests.Fixes.Indexes;

public sealed class MigrationFixTests
{
    private const string Table = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, note text)";
    private const string Index = "CREATE INDEX idx_orders_customer_id ON orders (customer_id);";

    private const string Usings = """
        using Dapper;
        using Npgsql;

        """;

    private const string Source = Usings + """
        public static class Case
        {
            public static void Run(NpgsqlConnection pg, int id) => pg.Query<int>("SELECT id FROM orders WHERE customer_id = @id", new { id });
        }
        """;

    private const string Queries = Usings + """
        public static class Case
        {
            public static void One(NpgsqlConnection pg, int id, string note) => pg.Query<int>("SELECT id FROM orders WHERE customer_id = @id", new { id });
            public static void Two(NpgsqlConnection pg, int id, string note) => pg.Query<int>("SELECT id FROM orders WHERE note = @note AND customer_id = @id", new { id, note });
            public static void Three(NpgsqlConnection pg, int id, string note) => pg.Query<int>("SELECT id FROM orders WHERE customer_id = @id", new { id });
            public static void Four(NpgsqlConnection pg, string note) => pg.Query<int>("SELECT id FROM orders WHERE status = @note", new { note });
        }
        """;

    [Fact]
    public async Task A_new_file_is_named_like_the_others_and_comes_before_the_newest()
    {
        using var project = IndexWorkspace.Open(Source, [("/app/db/0001_init.sql", Table + ";\n"), ("/app/db/0002_other.sql", "CREATE TABLE t (id int PRIMARY KEY);\n")]);
        var diagnostic = Assert.Single(await project.Diagnostics("DBS4001"));
        Assert.Equal("/app/db/0001_init.sql", diagnostic.Properties[FixKeys.Script]);
        Assert.Equal(
            ["Add index idx_orders_customer_id in a new migration 0003_create_idx_orders_customer_id.sql", "Add index idx_orders_customer_id to the newest migration 0002_other.sql"],
            await project.Titles(diagnostic));
        await project.Apply(diagnostic, "NewFile");
        Assert.Equal(Index + "\n", project.File("/app/db/0003_create_idx_orders_customer_id.sql"));
        Assert.Empty(await project.Diagnostics("DBS4001"));
    }

    [Theory]
    [InlineData("V1__init.sql", "V2__create_idx_orders_customer_id.sql", Index + "\n")]
    [InlineData("20240101120000_init.up.sql", null, Index + "\n")]
    public async Task Other_tools_name_otherwise(string name, string? next, string text)
    {
        using var project = IndexWorkspace.Open(Source, [("/app/db/" + name, Table + ";\n")]);
        var diagnostic = Assert.Single(await project.Diagnostics("DBS4001"));
        await project.Apply(diagnostic, "NewFile");
        var written = project.Files.Single(file => file.Contains("create_idx_orders_customer_id", StringComparison.Ordinal) && !file.EndsWith(".down.sql", StringComparison.Ordinal));
        Assert.True(next is null || written == "/app/db/" + next, written);
        Assert.Equal(text, project.File(written));
        Assert.Empty(await project.Diagnostics("DBS4001"));
    }

    [Theory]
    [InlineData(Table + ";\n", Table + ";\n\n" + Index + "\n")]
    [InlineData(Table + ";", Table + ";\n\n" + Index + "\n")]
    [InlineData(Table, Table + ";\n\n" + Index + "\n")]
    [InlineData(Table + "\n", Table + ";\n\n" + Index + "\n")]
    [InlineData(Table + " -- the orders", Table + "; -- the orders\n\n" + Index + "\n")]
    [InlineData(Table + "\n-- the orders\n\n\n", Table + ";\n-- the orders\n\n" + Index + "\n\n\n")]
    [InlineData("\uFEFF" + Table + ";\r\n", "\uFEFF" + Table + ";\r\n\r\n" + Index + "\r\n")]
    [InlineData(Table + ";\r\nSELECT 1", Table + ";\r\nSELECT 1;\r\n\r\n" + Index + "\r\n")]
    [InlineData("-- +goose Up\n" + Table + "\n\n-- +goose Down\nDROP TABLE orders;\n", "-- +goose Up\n" + Table + ";\n\n" + Index + "\n\n-- +goose Down\nDROP TABLE orders;\n")]
    [InlineData("-- migrate:up\n" + Table + ";\n-- migrate:down\nDROP TABLE orders;\n", "-- migrate:up\n" + Table + ";\n\n" + Index + "\n-- migrate:down\nDROP TABLE orders;\n")]
    [InlineData("-- migrate:up\n\n-- migrate:down\n", "-- migrate:up\n" + Index + "\n\n-- migrate:down\n")]
    public async Task The_newest_file_goes_on(string before, string after)
    {
        var hasTable = before.Contains("orders", StringComparison.Ordinal);
        using var project = IndexWorkspace.Open(Source, hasTable ? [("/app/db/0001_init.sql", before)] : [("/app/db/0001_init.sql", "-- migrate:up\n" + Table + ";\n"), ("/app/db/0002_last.sql", before)]);
        await project.Apply(Assert.Single(await project.Diagnostics("DBS4001")), "NewestFile");
        Assert.Equal(after, project.File(hasTable ? "/app/db/0001_init.sql" : "/app/db/0002_last.sql"));
        Assert.Empty(await project.Diagnostics("DBS4001"));
    }

    [Fact]
    public async Task A_new_file_has_the_line_ends_of_the_others()
    {
        using var project = IndexWorkspace.Open(Source, [("/app/db/0001_init.sql", "-- +goose Up\r\n" + Table + ";\r\n-- +goose Down\r\nDROP TABLE orders;\r\n")]);
        await project.Apply(Assert.Single(await project.Diagnostics("DBS4001")), "NewFile");
        Assert.Equal("-- +goose Up\r\n" + Index + "\r\n\r\n-- +goose Down\r\n", project.File("/app/db/0002_create_idx_orders_customer_id.sql"));
    }

    /// <summary>Alone in its file, and in no transaction, an index can be built beside the writers.</summary>
    [Fact]
    public async Task CONCURRENTLY_stands_alone_where_no_transaction_is()
    {
        (string, string)[] files = [("/app/prisma/migrations/20240101000000_init/migration.sql", Table + ";\n"), ("/app/prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n")];
        using var project = IndexWorkspace.Open(Queries, files);
        var diagnostics = await project.Diagnostics("DBS4001");
        await project.Apply(diagnostics[0], "NewFile");
        var path = Assert.Single(project.Files, file => file.EndsWith("_create_idx_orders_customer_id/migration.sql", StringComparison.Ordinal));
        Assert.Equal("CREATE INDEX CONCURRENTLY idx_orders_customer_id ON orders (customer_id);\n", project.File(path));

        using var all = IndexWorkspace.Open(Queries, files);
        Assert.True(await all.ApplyAll("DBS4001", "NewFile", FixAllScope.Project));
        Assert.DoesNotContain("CONCURRENTLY", all.File(Assert.Single(all.Files, file => file.EndsWith("_indexes/migration.sql", StringComparison.Ordinal))), StringComparison.Ordinal);

        using var newest = IndexWorkspace.Open(Queries, files);
        await newest.Apply((await newest.Diagnostics("DBS4001"))[0], "NewestFile");
        Assert.DoesNotContain("CONCURRENTLY", newest.File(files[0].Item1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dbsafety.migration_file = db/pending.sql", "-- what waits\n", "-- what waits\n" + Index + "\n")]
    [InlineData("dbsafety.migration_file = /app/db/pending.sql", "SELECT 1;\r\n", "SELECT 1;\r\n\r\n" + Index + "\r\n")]
    [InlineData("dbsafety.migration_file = ./db/../db/pending.sql", null, Index + "\n")]
    public async Task A_file_that_the_options_name_comes_first(string config, string? before, string after)
    {
        (string, string)[] files = [("/app/db/0001_init.sql", Table + ";\n")];
        using var project = IndexWorkspace.Open(Source, before is null ? files : [.. files, ("/app/db/pending.sql", before)], config);
        var diagnostic = Assert.Single(await project.Diagnostics("DBS4001"));
        Assert.StartsWith("Add index idx_orders_customer_id to pending.sql", (await project.Titles(diagnostic))[0], StringComparison.Ordinal);
        await project.Apply(diagnostic, "NamedFile");
        Assert.Equal(after, project.File(project.Files.Single(file => file.EndsWith("pending.sql", StringComparison.Ordinal))));
    }

    /// <summary>In a folder that the project does not see, a file may be there.</summary>
    [Fact]
    public async Task A_named_file_that_may_be_overwritten_is_not_offered()
    {
        using var project = IndexWorkspace.Open(Source, [("/app/db/0001_init.sql", Table + ";\n")], "dbsafety.migration_file = /elsewhere/pending.sql");
        Assert.Equal(2, (await project.Titles(Assert.Single(await project.Diagnostics("DBS4001")))).Length);
    }

    [Fact]
    public async Task Of_several_sets_the_one_with_the_table_is_taken()
    {
        using var project = IndexWorkspace.Open(Source, [("/app/auth/V1__users.sql", "CREATE TABLE users (id int PRIMARY KEY);\n"), ("/app/shop/0001_init.sql", Table + ";\n"), ("/app/shop/0002_x.sql", "CREATE TABLE x (id int);\n")]);
        await project.Apply(Assert.Single(await project.Diagnostics("DBS4001")), "NewFile");
        Assert.Contains("/app/shop/0003_create_idx_orders_customer_id.sql", project.Files);
    }

    [Theory]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task FixAll_writes_one_file_with_the_fewest_indexes(FixAllScope scope)
    {
        using var project = IndexWorkspace.Open(Queries, [("/app/db/0001_init.sql", Table + ";\n")]);
        Assert.Equal(4, (await project.Diagnostics("DBS4001")).Length);
        Assert.True(await project.ApplyAll("DBS4001", "NewFile", scope));
        Assert.Equal(2, project.Files.Count());
        Assert.Equal("CREATE INDEX idx_orders_customer_id_note ON orders (customer_id, note);\nCREATE INDEX idx_orders_status ON orders (status);\n", project.File("/app/db/0002_indexes.sql"));
        Assert.Empty(await project.Diagnostics("DBS4001", "DBS4004"));
    }

    [Fact]
    public async Task FixAll_of_a_solution_writes_once_what_two_projects_share()
    {
        using var project = IndexWorkspace.Open(Source, [("/app/db/0001_init.sql", Table + ";\n")]);
        project.AddProject("Second", Queries, [("/app/db/0001_init.sql", Table + ";\n")]);
        Assert.True(await project.ApplyAll("DBS4001", "NewestFile", FixAllScope.Solution));
        foreach (var copy in project.Solution.Projects)
        {
            var text = (await copy.AdditionalDocuments.Single().GetTextAsync(TestContext.Current.CancellationToken)).ToString();
            Assert.Equal(Table + ";\n\nCREATE INDEX idx_orders_customer_id_note ON orders (customer_id, note);\nCREATE INDEX idx_orders_status ON orders (status);\n", text);
        }
    }

    private const string Keys = """
        CREATE TABLE u (id int PRIMARY KEY);
        CREATE TABLE t (id int PRIMARY KEY, u int REFERENCES u, v int REFERENCES u);
        CREATE TABLE w (id int PRIMARY KEY, "U" int REFERENCES u);
        CREATE INDEX i_a ON w (id);

        """;

    [Fact]
    public async Task At_files_of_SQL_the_fix_is_offered_too()
    {
        using var project = IndexWorkspace.Open("", [("/app/db/0001_init.sql", Keys)]);
        var diagnostics = await project.Diagnostics("DBS4003");
        Assert.Equal(3, diagnostics.Length);
        Assert.Equal(2, (await project.Titles(diagnostics[2])).Length);
        await project.Apply(diagnostics[2], "NewFile");
        Assert.Equal("CREATE INDEX \"idx_w_U\" ON w (\"U\");\n", project.File("/app/db/0002_create_idx_w_U.sql"));
        Assert.Equal(2, (await project.Diagnostics("DBS4003")).Length);
    }

    [Theory]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task FixAll_starts_at_files_of_SQL_too(FixAllScope scope)
    {
        using var project = IndexWorkspace.Open("", [("/app/db/0001_init.sql", Keys)]);
        Assert.True(await project.ApplyAll("DBS4003", "NewestFile", scope, isSql: true));
        Assert.Equal(Keys + "\nCREATE INDEX idx_t_u ON t (u);\nCREATE INDEX idx_t_v ON t (v);\nCREATE INDEX \"idx_w_U\" ON w (\"U\");\n", project.File("/app/db/0001_init.sql"));
        Assert.Empty(await project.Diagnostics("DBS4003"));
    }

    [Fact]
    public async Task A_redundant_index_is_dropped()
    {
        using var project = IndexWorkspace.Open("", [("/app/db/0001_init.sql", Keys)]);
        var diagnostic = Assert.Single(await project.Diagnostics("DBS4006"));
        Assert.Equal(["Add DROP INDEX i_a in a new migration 0002_drop_i_a.sql", "Add DROP INDEX i_a to the newest migration 0001_init.sql"], await project.Titles(diagnostic));
        Assert.True(await project.ApplyAll("DBS4006", "NewFile", FixAllScope.Project, isSql: true));
        Assert.Equal("DROP INDEX i_a;\n", project.File("/app/db/0002_drop_i_a.sql"));
        Assert.Empty(await project.Diagnostics("DBS4006"));
    }

    [Fact]
    public async Task An_unsaved_file_and_an_empty_diagnostic_do_no_harm()
    {
        using var project = IndexWorkspace.Open("", [("", Keys)]);
        foreach (var diagnostic in await project.Diagnostics("DBS4003", "DBS4006"))
        {
            foreach (var (action, _) in await project.Actions(diagnostic))
            {
                Assert.NotEmpty(await action.GetOperationsAsync(TestContext.Current.CancellationToken));
            }

            Assert.Empty(await project.Titles(Diagnostic.Create(diagnostic.Descriptor, diagnostic.Location)));
        }
    }
}
