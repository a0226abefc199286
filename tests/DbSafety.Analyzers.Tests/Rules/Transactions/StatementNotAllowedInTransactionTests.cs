using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3009: statements that the server refuses in a transaction.</summary>
public sealed class StatementNotAllowedInTransactionTests
{
    private static Task Check(string statements) => Verify<StatementNotAllowedInTransaction>.Statements(statements, "string name");

    [Theory]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(\"[|VACUUM users|]\", null, tx); tx.Commit();")]
    [InlineData("using var tx = pg.BeginTransaction(); using var c = new NpgsqlCommand(\"[|CREATE INDEX CONCURRENTLY ix ON users (name)|]\", pg, tx); c.ExecuteNonQuery();")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); await shop.Database.ExecuteSqlRawAsync(\"[|ALTER SYSTEM SET work_mem = '4MB'|]\");")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); shop.Database.ExecuteSqlRaw(\"[|DROP DATABASE shop|]\");")]
    [InlineData("pg.Execute(\"BEGIN;\"); pg.Execute(\"[|REINDEX TABLE CONCURRENTLY users|]\");")]
    [InlineData("pg.Execute(\"SELECT 1; [|VACUUM users|]\");")]
    [InlineData("pg.Execute(\"BEGIN; [|VACUUM users|]; COMMIT\");")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute($\"[|CREATE INDEX CONCURRENTLY ix ON {name} (id)|]\");")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var own = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.RequiresNew); shop.Database.ExecuteSqlRaw(\"[|DROP DATABASE shop|]\");")]
    public Task Reports_a_refused_statement(string statements) => Check(statements);

    [Theory]
    [InlineData("pg.Execute(\"VACUUM users\");")]
    [InlineData("pg.Execute(\"VACUUM users; SELECT 1\");")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(\"CREATE INDEX ix ON users (name)\", null, tx);")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(\"ANALYZE users\"); tx.Commit(); pg.Execute(\"VACUUM users\");")]
    [InlineData("using var tx = pg.BeginTransaction(); using var own = source.OpenConnection(); own.Execute(\"VACUUM users\");")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(name);")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute($\"CREATE INDEX {name} ON users (id)\");")]
    [InlineData("pg.Execute(\"COMMIT; VACUUM users\");")]
    [InlineData("pg.Execute($\"{name}; VACUUM users\");")]
    [InlineData("using var tx = lite.BeginTransaction(); lite.Execute(\"VACUUM\");")]
    [InlineData("using var tx = any.BeginTransaction(); any.Execute(\"VACUUM\");")]
    [InlineData("if (flag) { using var tx = pg.BeginTransaction(); } pg.Execute(\"VACUUM users\");")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var none = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress); shop.Database.ExecuteSqlRaw(\"VACUUM users\");")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var own = new NpgsqlConnection(\"Host=x;Enlist=false\"); own.Execute(\"VACUUM users\");")]
    public Task Leaves_others_alone(string statements) => Check(statements);

    [Fact]
    public Task Migrations() => Verify<StatementNotAllowedInTransaction>.CSharp("""
        using Microsoft.EntityFrameworkCore.Migrations;
        public class AddIndex : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder)
            {
                migrationBuilder.Sql("[|CREATE INDEX CONCURRENTLY ix ON users (name)|]");
                migrationBuilder.Sql("[|CREATE INDEX CONCURRENTLY ix ON users (name)|]", suppressTransaction: false);
                migrationBuilder.Sql("CREATE INDEX CONCURRENTLY ix ON users (name)", suppressTransaction: true);
                migrationBuilder.Sql("SELECT 1; [|CREATE INDEX CONCURRENTLY ix ON users (name)|]", true);
                migrationBuilder.Sql("CREATE INDEX CONCURRENTLY ix ON users (name)", suppressTransaction: IsLarge);
                migrationBuilder.Sql("CREATE INDEX ix ON users (name)");
            }

            private bool IsLarge => DateTime.Now.Hour > 1;
        }
        """);
}
