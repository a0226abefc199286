using DbSafety.Sql.Migrations;

namespace DbSafety.Sql.Tests.Migrations;

/// <summary>The names of new files, and their transactions.</summary>
public class NextFileTests
{
    private static readonly DateTime s_now = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    [Theory]
    [InlineData("m/0001_a.sql|m/0009_b_c.sql", "m/0010_create_x.sql")]
    [InlineData("m/1-first-one.sql|m/8-second-one.sql", "m/9-create-x.sql")]
    [InlineData("m/1-first-one.sql|m/9-second-one.sql", null)]
    [InlineData("m/1-first-one.sql|m/9-second-one.sql|m/10-more.sql", "m/11-create-x.sql")]
    [InlineData("db/up/9_a.sql|db/views/v.sql", null)]
    [InlineData("m/9_a.up.sql", "m/10_create_x.up.sql")]
    [InlineData("m/1_a.up.sql|m/2_b_c.postgres.up.sql|m/2_b_c.mysql.up.sql", "m/3_create_x.postgres.up.sql")]
    [InlineData("m/08_a_b/migration.sql|m/09_c_d/migration.sql", "m/10_create_x/migration.sql")]
    [InlineData("m/20260703000000000000_a.up.sql", "m/20260703000000001000_create_x.up.sql")]
    [InlineData("m/0010_a.sql|m/0020_b.sql", "m/0030_create_x.sql")]
    [InlineData("m/001.sql|m/002.sql", "m/003_create_x.sql")]
    [InlineData("m/099_a.sql", "m/100_create_x.sql")]
    [InlineData("m/20230101_a.sql", "m/20260304_create_x.sql")]
    [InlineData("m/20230101020304_a.sql", "m/20260304050607_create_x.sql")]
    [InlineData("m/20270101020304_a.sql", "m/20270101020305_create_x.sql")]
    [InlineData("m/2023-01-02-a.sql", "m/2026-03-04-create_x.sql")]
    [InlineData("Scripts/Script0001 - Create users.sql|Scripts/Script0002 - Add roles.sql", "Scripts/Script0003 - Create x.sql")]
    [InlineData("Scripts/Script0001_CreateUsers.sql", "Scripts/Script0002_CreateX.sql")]
    [InlineData("m/V1__init.sql", "m/V2__create_x.sql")]
    [InlineData("m/V1__init.sql|m/V1.9__a.sql|m/V1.10__b.sql|m/R__v.sql", "m/V1.11__create_x.sql")]
    [InlineData("m/V001_002__Create_users.sql", "m/V001_003__Create_x.sql")]
    [InlineData("m/V2023.01.02.0001__a.sql", "m/V2023.01.02.0002__create_x.sql")]
    [InlineData("m/V1__2fa.sql", "m/V2__create_x.sql")]
    [InlineData("db/up/0004_a.sql|db/views/v.sql", "db/up/0005_create_x.sql")]
    [InlineData(@"C:\p\m\001_a.sql", @"C:\p\m\002_create_x.sql")]
    [InlineData("a/001_x.sql|a/sub/002_y.sql", "a/sub/003_create_x.sql")]
    [InlineData("m/1_a.sql.up.sql|m/1_a.up.sql", "m/2_create_x.up.sql")]
    public void The_next_name(string files, string? expected) => Assert.Equal(expected, Layout.Sets(files.Split('|'))[0].NextFile("create_x", s_now)?.Path);

    [Theory]
    [InlineData("m/2_b.up.sql|m/2_b.down.sql", "m/3_create_x.up.sql", "", "", "m/3_create_x.down.sql=")]
    [InlineData("m/2023-01-02-030405_a/up.sql", "m/2026-03-04-050607_create_x/up.sql", "", "", "m/2026-03-04-050607_create_x/down.sql=|m/2026-03-04-050607_create_x/metadata.toml=run_in_transaction = false\n")]
    [InlineData("m/2023-01-02-030405-0000_a/up.sql", "m/2026-03-04-050607-0000_create_x/up.sql", "", "", "m/2026-03-04-050607-0000_create_x/down.sql=|m/2026-03-04-050607-0000_create_x/metadata.toml=run_in_transaction = false\n")]
    [InlineData("m/20230102030405_a/migration.sql", "m/20260304050607_create_x/migration.sql", "", "", "")]
    [InlineData("m/1620000000000_a/up.sql", "m/1772600767000_create_x/up.sql", "", "", "m/1772600767000_create_x/down.sql=")]
    [InlineData("m/001_a.sql: -- +goose Up\nCREATE TABLE a (a int);", "m/002_create_x.sql", "-- +goose NO TRANSACTION\n-- +goose Up\n", "\n-- +goose Down\n", "")]
    [InlineData("m/001_a.sql: -- migrate:up\nCREATE TABLE a (a int);", "m/002_create_x.sql", "-- migrate:up transaction:false\n", "\n-- migrate:down transaction:false\n", "")]
    [InlineData("m/001_a.sql: -- +migrate Up\nCREATE TABLE a (a int);", "m/002_create_x.sql", "-- +migrate Up notransaction\n", "\n-- +migrate Down notransaction\n", "")]
    [InlineData("m/001_a.sql: --liquibase formatted sql\n--changeset a:1\nCREATE TABLE a (a int);", "m/002_create_x.sql", "--liquibase formatted sql\n\n--changeset dbsafety:002_create_x runInTransaction:false\n", "", "")]
    [InlineData("m/V1__a.sql", "m/V2__create_x.sql", "", "", "m/V2__create_x.sql.conf=executeInTransaction=false\n")]
    [InlineData("m/V1__a.sql: -- evolve-repeat-always\nCREATE TABLE a (a int);", "m/V2__create_x.sql", "-- evolve-tx-off\n", "", "")]
    public void Outside_of_a_transaction(string files, string path, string head, string tail, string companions)
    {
        var set = Layout.Sets(files.Split('|'))[0];
        var draft = set.NextFile("create_x", s_now, inTransaction: false)!;
        Assert.Equal(path, draft.Path);
        Assert.Equal(head, draft.Head);
        Assert.Equal(tail, draft.Tail);
        Assert.Equal(companions, string.Join("|", draft.Companions.Select(file => file.Path + "=" + file.Text)));

        // What was written says what it was written for.
        Assert.Equal(head.Length > 0 ? false : null, MigrationText.Of(draft.Text("CREATE INDEX CONCURRENTLY i ON t (a);")).RunsInTransaction);
    }

    /// <summary>The new file is the newest one of the set that holds it too.</summary>
    [Theory]
    [InlineData("m/0001_a.sql|m/0009_b_c.sql")]
    [InlineData("m/V1__init.sql|m/V1.9__a.sql|m/V1.10__b.sql|m/R__v.sql")]
    [InlineData("m/2023-01-02-030405_a/up.sql|m/00000000000000_diesel_initial_setup/up.sql")]
    [InlineData("m/9_a.up.sql")]
    [InlineData("Scripts/Script0001 - Create users.sql|Scripts/Script0002 - Add roles.sql")]
    [InlineData("db/up/09_a.sql|db/views/v.sql")]
    [InlineData("m/8_a.sql: -- +goose Up\nCREATE TABLE a (a int);|m/9_a.sql: -- +goose Up\nCREATE TABLE b (a int);")]
    public void The_next_file_is_the_newest(string files)
    {
        for (var i = 0; i < 12; i++)
        {
            var draft = Layout.Sets(files.Split('|'))[0].NextFile("create_x", s_now)!;
            files += "|" + draft.Path + ": " + draft.Text("CREATE TABLE n (a int);");
            var set = Assert.Single(Layout.Sets(files.Split('|')));
            Assert.Equal(draft.Path, set.Newest);
        }
    }

    [Theory]
    [InlineData("db/tables.sql")]
    [InlineData("deploy/users.sql|revert/users.sql")]
    public void Where_names_tell_no_order_there_is_no_next_name(string files) => Assert.Null(Layout.Only(files.Split('|')).NextFile("create_x", s_now));

    [Theory]
    [InlineData("m/V1__a.sql", true, true)]
    [InlineData("m/V1__a.sql|m/V1__a.sql.conf: executeInTransaction = false\n", true, false)]
    [InlineData("m/V1__a.sql: -- evolve-tx-off\nCREATE INDEX i ON t (a);", true, false)]
    [InlineData("m/V1__a.sql: -- flyway:executeInTransaction=false\nCREATE INDEX i ON t (a);", true, true)]
    [InlineData("m/1.sql: -- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX i ON t (a);", true, false)]
    [InlineData("m/1.sql: -- migrate:up transaction:false\nCREATE INDEX i ON t (a);", true, false)]
    [InlineData("m/1.sql: --liquibase formatted sql\n--changeset a:1 runInTransaction:false\nCREATE INDEX i ON t (a);", true, false)]
    [InlineData("m/2023-01-02-030405_a/up.sql|m/2023-01-02-030405_a/metadata.toml: run_in_transaction = false", true, false)]
    [InlineData("m/2023-01-02-030405_a/up.sql", true, true)]
    [InlineData("deploy/a.sql: BEGIN;\nCREATE TABLE a (a int);\nCOMMIT;|verify/a.sql", false, true)]
    [InlineData("deploy/a.sql|verify/a.sql", false, false)]
    [InlineData("db/up/1.sql|db/views/v.sql: SELECT 1", false, false)]
    [InlineData("m/1.sql", null, null)]
    [InlineData("m/1.sql: -- first\nBEGIN;\nCREATE TABLE a (a int);", null, true)]
    [InlineData("m/1.up.sql", null, null)]
    [InlineData("m/1.up.sql: -- no-transaction\nCREATE INDEX i ON t (a);", null, false)]
    public void Transactions(string files, bool? set, bool? script)
    {
        var only = Layout.Only(files.Split('|'));
        Assert.Equal(set, only.RunsInTransaction);
        Assert.Equal(script, Assert.Single(only.Scripts).RunsInTransaction);
    }

    [Fact]
    public void DbUp_runs_scripts_in_transactions_only_where_the_project_says_so()
    {
        Assert.False(Layout.Sets(new MigrationOptions { Runner = MigrationTool.DbUp }, "s/1.sql")[0].RunsInTransaction);
        Assert.Null(Layout.Sets(new MigrationOptions { Runner = MigrationTool.DbUp, UsesTransactions = true }, "s/1.sql")[0].RunsInTransaction);
    }
}
