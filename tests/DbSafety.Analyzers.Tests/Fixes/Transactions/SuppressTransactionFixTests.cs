using DbSafety.CodeFixes.Transactions;

namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>DBS3009: out of the migration's transaction.</summary>
public sealed class SuppressTransactionFixTests
{
    private static string Wrap(string statements) => $$"""
        using Microsoft.EntityFrameworkCore.Migrations;
        public class Change : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder)
            {
                {{statements}}
            }
        }
        """;

    [Fact]
    public Task The_argument_is_added_or_turned() => FixTest.Run(
        Wrap("migrationBuilder.Sql(\"CREATE INDEX CONCURRENTLY a ON users (name)\"); migrationBuilder.Sql(\"VACUUM users\", false); migrationBuilder.Sql(sql: \"VACUUM users\", suppressTransaction: false);"),
        Wrap("migrationBuilder.Sql(\"CREATE INDEX CONCURRENTLY a ON users (name)\", suppressTransaction: true); migrationBuilder.Sql(\"VACUUM users\", true); migrationBuilder.Sql(sql: \"VACUUM users\", suppressTransaction: true);"),
        title: "Run it outside the transaction of the migration", fixer: new SuppressTransactionFixer());

    [Fact]
    public Task Not_behind_other_statements() => FixTest.Refuses(Wrap("migrationBuilder.Sql(\"SET lock_timeout = 1; VACUUM users\", suppressTransaction: true);"), fixer: new SuppressTransactionFixer());

    [Fact]
    public Task Not_where_the_program_opens_it() => StateFixTest.Refuses(new SuppressTransactionFixer(), "using var tx = pg.BeginTransaction();\npg.Execute(\"VACUUM users\", null, tx);\ntx.Commit();");
}
