using System.Collections.Immutable;
using DbSafety.Sql.Migrations;

namespace DbSafety.Sql.Tests.Migrations;

/// <summary>Which files are replayed, and in which order. Expected: the paths in order.</summary>
public class OrderTests
{
    [Theory]
    [InlineData(MigrationTool.Flyway, "db/V1.10__c.sql|db/V1.9__b.sql|db/V01_2__a.sql|db/U1.9__b.sql|db/R__views.sql|db/R__a.sql", "db/V01_2__a.sql db/V1.9__b.sql db/V1.10__c.sql db/R__a.sql db/R__views.sql")]
    [InlineData(MigrationTool.Flyway, "m/V20230102030405__b.sql|m/V2__a.sql", "m/V2__a.sql m/V20230102030405__b.sql")]
    [InlineData(MigrationTool.Flyway, "m/V1__a.sql|m/V2__b.sql|m/B2__base.sql|m/V3__c.sql|m/B1__old.sql", "m/B2__base.sql m/V3__c.sql")]
    [InlineData(MigrationTool.Flyway, "db/migration/v2/V2__b.sql|db/migration/v1/V1__a.sql|db/migration/views/R__v.sql", "db/migration/v1/V1__a.sql db/migration/v2/V2__b.sql db/migration/views/R__v.sql")]
    [InlineData(MigrationTool.Flyway, "sql/views/R__v.sql|sql/tables/V1__a.sql|sql/more/V3__c.sql|sql/tables/V2__b.sql", "sql/tables/V1__a.sql sql/tables/V2__b.sql sql/more/V3__c.sql sql/views/R__v.sql")]
    [InlineData(MigrationTool.Evolve, "m/V1_1__a.sql: -- evolve-tx-off\nCREATE INDEX i ON t (a)|m/V1__t.sql", "m/V1__t.sql m/V1_1__a.sql")]
    [InlineData(MigrationTool.Grate, "db/up/0001_a.sql|db/runFirstAfterUp/f.sql|db/views/v.sql|db/runBeforeUp/x.sql|db/functions/f.sql|db/UP/0002_b.sql", "db/runBeforeUp/x.sql db/up/0001_a.sql db/UP/0002_b.sql db/runFirstAfterUp/f.sql db/functions/f.sql db/views/v.sql")]
    [InlineData(MigrationTool.Grate, "db/up/0001_a.sql|db/up/0002_b.env.TEST.sql|db/up/0003_c.env.Production.sql|db/views/v.sql", "db/up/0001_a.sql db/up/0003_c.env.Production.sql db/views/v.sql")]
    [InlineData(MigrationTool.Goose, "m/002_b.sql: -- +goose Up\nCREATE TABLE b (a int);|m/10_c.sql: -- +goose Up\nCREATE TABLE c (a int);|m/001_a.sql: -- +goose Up\nCREATE TABLE a (a int);", "m/001_a.sql m/002_b.sql m/10_c.sql")]
    [InlineData(MigrationTool.UpDown, "m/2_b.up.sql|m/2_b.down.sql|m/10_c.up.sql|m/1_a.up.sql", "m/1_a.up.sql m/2_b.up.sql m/10_c.up.sql")]
    [InlineData(MigrationTool.UpDown, "m/002_b_up.sql|m/002_b_down.sql|m/001_a_up.sql|m/001_a_down.sql", "m/001_a_up.sql m/002_b_up.sql")]
    [InlineData(MigrationTool.Diesel, "m/2023-01-02-030405_b/up.sql|m/2023-01-02-030405_b/down.sql|m/00000000000000_diesel_initial_setup/up.sql", "m/00000000000000_diesel_initial_setup/up.sql m/2023-01-02-030405_b/up.sql")]
    [InlineData(MigrationTool.Hasura, "m/default/1620000000002_b/up.sql|m/default/1620000000001_a/up.sql|m/default/1620000000001_a/down.sql", "m/default/1620000000001_a/up.sql m/default/1620000000002_b/up.sql")]
    [InlineData(MigrationTool.Prisma, "prisma/migrations/20230102030405_b/migration.sql|prisma/migrations/20220102030405_a/migration.sql", "prisma/migrations/20220102030405_a/migration.sql prisma/migrations/20230102030405_b/migration.sql")]
    [InlineData(MigrationTool.Sqitch, "deploy/users.sql|revert/users.sql: DROP TABLE x;|verify/users.sql|deploy/appschema.sql|deploy/users@v1.sql|sqitch.plan: %syntax-version=1.0.0\n\nappschema 2023-01-01T00:00:00Z me\nusers [appschema] 2023-01-01T00:00:00Z me\n@v1 2023-01-01T00:00:00Z me\nusers [users@v1] 2023-01-02T00:00:00Z me", "deploy/appschema.sql deploy/users@v1.sql deploy/users.sql")]
    [InlineData(MigrationTool.Liquibase, "db/changelog/10.sql: --liquibase formatted sql\n--changeset a:1\nCREATE TABLE a (a int);|db/changelog/2.sql: --liquibase formatted sql\n--changeset a:2\nCREATE TABLE b (a int);", "db/changelog/2.sql db/changelog/10.sql")]
    [InlineData(MigrationTool.Numbered, "m/0002_b.sql|m/0010_c.sql|m/0001_a.sql", "m/0001_a.sql m/0002_b.sql m/0010_c.sql")]
    [InlineData(MigrationTool.Numbered, "m/10-c.sql|m/1-a.sql|m/2-b.sql", "m/1-a.sql m/2-b.sql m/10-c.sql")]
    [InlineData(MigrationTool.Numbered, "Scripts/Script0010 - c.sql|Scripts/Script0009 - b.sql|Scripts/Script0001 - a.sql", "Scripts/Script0001 - a.sql Scripts/Script0009 - b.sql Scripts/Script0010 - c.sql")]
    [InlineData(MigrationTool.Numbered, "db/migrations/2_b/01_x.sql|db/migrations/10_c/01_x.sql|db/migrations/1_a/01_x.sql", "db/migrations/1_a/01_x.sql db/migrations/2_b/01_x.sql db/migrations/10_c/01_x.sql")]
    [InlineData(MigrationTool.Unordered, "db/indexes.sql: CREATE INDEX i ON t (a);|db/tables.sql|db/types.sql: CREATE TYPE m AS ENUM ('a');|db/drop_all.sql: DROP TABLE t;", "db/types.sql db/tables.sql db/indexes.sql")]
    public void Of_a_tool(MigrationTool tool, string files, string expected)
    {
        var set = Layout.Only(files.Split('|'));
        Assert.Equal(tool, set.Tool);
        Assert.Equal(expected, Layout.Order([set]));
    }

    [Fact]
    public void DbUp_goes_by_the_letters_of_the_whole_name()
    {
        var options = new MigrationOptions { Runner = MigrationTool.DbUp };
        Assert.Equal("s/1.sql s/10.sql s/2.sql s/B.sql s/a/x.sql", Layout.Order(Layout.Sets(options, "s/2.sql", "s/10.sql", "s/1.sql", "s/a/x.sql", "s/B.sql")));
    }

    [Theory]
    [InlineData("a/migrations/001_x.sql|b/migrations/001_y.sql", "a/migrations|b/migrations")]
    [InlineData("a/db/V1__x.sql|b/db/V1__y.sql", "a/db|b/db")]
    [InlineData("a/goose/1_x.sql: -- +goose Up\nCREATE TABLE x (a int);|a/goose/old/1_x.sql: -- +goose Up\nCREATE TABLE y (a int);", "a/goose|a/goose/old")]
    [InlineData("src/sql/001.sql|src/sql/sub/002.sql", "src/sql")]
    public void Roots(string files, string roots) => Assert.Equal(roots, string.Join("|", Layout.Sets(files.Split('|')).Select(set => set.Root)));

    [Theory]
    [InlineData("migrations/001.sql|tests/db/001.sql|app/My.Tests/x.sql|test/fixtures/a.sql", "migrations/001.sql")]
    [InlineData("migrations/001.sql|queries/find.sql: SELECT 'CREATE TABLE x' -- CREATE TABLE y\nFROM t /* DROP */;|seed.sql: INSERT INTO t VALUES (1);", "migrations/001.sql")]
    [InlineData("migrations/001.sql|migrations/002.sql: INSERT INTO t0 VALUES (1);|migrations/003.sql: SELECT a INTO b FROM t0", "migrations/001.sql migrations/003.sql")]
    [InlineData("m/postgres/001.sql|m/sqlserver/001.sql|m/MySql/001.sql|m/sqlite/001.sql|m/oracle/001.sql", "m/postgres/001.sql")]
    [InlineData("Shop.PostgreSql/001.sql|Shop.SqlServer/001.sql|mysql-scripts/001.sql|oracle-to-postgres/002.sql", "Shop.PostgreSql/001.sql oracle-to-postgres/002.sql")]
    [InlineData("m/1_a.up.sql|m/2_b.mysql.up.sql|m/2_b.postgres.up.sql|m/2_b.up.sql|m/3_c.sqlite3.up.sql|m/4_d.autocommit.up.sql", "m/1_a.up.sql m/2_b.postgres.up.sql m/4_d.autocommit.up.sql")]
    [InlineData("m/001.sql|m/rollback/001.sql|m/undo/001.sql|m/001.undo.sql|m/001.rollback.sql|m/down.sql", "m/001.sql")]
    [InlineData("a/1.sql: CREATE TABLE [dbo].[t] (a int)\nGO\n|b/1.sql: CREATE TABLE t (id bigserial)", "b/1.sql")]
    [InlineData("a/1.sql: CREATE TABLE `t` (a int) ENGINE=InnoDB;|a/2.sql|b/1.sql: CREATE TABLE t (id bigserial)", "b/1.sql")]
    [InlineData("a/1.sql: CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT);|b/1.sql", "b/1.sql")]
    [InlineData("a/1.sql: CREATE TABLE t (a nvarchar(10));", "")]
    [InlineData("a/1.sql: CREATE TABLE t (a text DEFAULT '`', b jsonb);\n-- GO\n/*\nGO\n*/", "a/1.sql")]
    public void What_is_left_out(string files, string expected) => Assert.Equal(expected, Layout.Order(files.Split('|')));

    [Theory]
    [InlineData("migrations|other/", "migrations/002.sql other/001.sql")]
    [InlineData("./tests/db", "tests/db/001.sql")]
    [InlineData("/proj/tests/db/", "tests/db/001.sql")]
    public void Only_the_named_folders_count(string folders, string expected)
    {
        var options = new MigrationOptions { ProjectFolder = "/proj", Folders = folders.Split('|').ToImmutableArray() };
        var sets = Layout.Sets(options, "/proj/migrations/002.sql", "/proj/other/001.sql", "/proj/tests/db/001.sql", "/proj/schema.sql");
        Assert.Equal(expected, Layout.Order(sets).Replace("/proj/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_project_may_stand_below_a_folder_for_tests()
    {
        var options = new MigrationOptions { ProjectFolder = @"C:\work\tests\app\" };
        Assert.Equal(@"C:\work\tests\app\db\1.sql C:\work\tests\shared\2.sql", Layout.Order(Layout.Sets(options, @"C:\work\tests\app\db\1.sql", @"C:\work\tests\shared\2.sql")));
        Assert.Equal("/x/tests/a.sql", Layout.Order("/x/tests/a.sql"));
    }

    private const string Dump = "--\n-- PostgreSQL database dump\n--\n\\restrict x\nCREATE TABLE public.users (a int);\nCREATE TABLE public.orders (a int);\nCREATE TABLE public.schema_migrations (version text);\n";

    [Theory]
    // The migrations create all that the dump shows.
    [InlineData("db/structure.sql: " + Dump + "|db/m/1.sql: CREATE TABLE users (a int); CREATE TABLE orders (a int);|db/m/2.sql: CREATE TABLE more (a int)", "db/m/1.sql db/m/2.sql")]
    [InlineData("schema.sql: CREATE TABLE users (a int);|migrations/1.sql: CREATE TABLE users (a int);", "migrations/1.sql")]
    // The older migrations are gone: the dump is the whole.
    [InlineData("db/structure.sql: " + Dump + "|db/m/7.sql: CREATE TABLE orders (a int);", "db/structure.sql")]
    // It lists the versions that it holds: what is newer comes behind it.
    [InlineData("db/structure.sql: " + Dump + "INSERT INTO public.schema_migrations (version) VALUES\n('7'),\n('6');|db/m/7.sql: CREATE TABLE orders (a int);|db/m/8.sql: CREATE TABLE more (a int)", "db/structure.sql db/m/8.sql")]
    // Nothing in common: first the picture, then the steps, then what creates no table.
    [InlineData("z.sql: CREATE TABLE users (a int);|m/1.sql: ALTER TABLE users ADD b int;|a.sql: CREATE VIEW v AS SELECT 1;", "z.sql m/1.sql a.sql")]
    // Nothing decides: all of it.
    [InlineData("schema.sql: CREATE TABLE users (a int); CREATE TABLE other (a int);|migrations/1.sql: CREATE TABLE users (a int);", "schema.sql migrations/1.sql")]
    public void Picture_and_steps(string files, string expected) => Assert.Equal(expected, Layout.Order(files.Split('|')));

    [Fact]
    public void The_order_of_the_files_given_does_not_matter()
    {
        string[] files = ["m/V1__a.sql", "m/V2__b.sql", "x/001.sql", "x/schema.sql: CREATE TABLE q (a int);", "y/up/1.sql", "y/views/v.sql", "t/V1__a.sql"];
        var random = new Random(1);
        var expected = Layout.Order(Sorted(files));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(expected, Layout.Order(Sorted(files.OrderBy(_ => random.Next()).ToArray())));
        }

        static ImmutableArray<MigrationSet> Sorted(string[] files) =>
            MigrationSets.Of(files.Select(file => file.Split(": ")).Select(file => new MigrationFile(file[0], file.Length > 1 ? file[1] : "CREATE TABLE t (a int);")).ToList());
    }

    [Fact]
    public void Nothing_gives_nothing() => Assert.Empty(MigrationSets.Of([]));
}
