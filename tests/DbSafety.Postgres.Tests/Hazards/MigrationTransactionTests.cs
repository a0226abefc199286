using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>EF Core runs a migration in a transaction, except for the operations that say otherwise.</summary>
public sealed class MigrationTransactionTests(PostgresServer server) : TransactionTest(server)
{
    private T Migrating<T>()
        where T : DbContext => (T)Activator.CreateInstance(typeof(T), new DbContextOptionsBuilder<T>()
            .UseNpgsql(Database.ConnectionString)
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options)!;

    private bool Exists(string name) => Query<bool>($"SELECT to_regclass('{name}') IS NOT NULL").Single();

    [Fact]
    public void An_index_concurrently_is_refused()
    {
        using var context = Migrating<Plain>();
        Assert.Equal("25001", Error(context.Database.Migrate));
        Assert.False(Exists("made_before"));
        Assert.False(Exists("made"));
    }

    [Fact]
    public void With_suppressTransaction_it_is_fine()
    {
        using var context = Migrating<Suppressing>();
        context.Database.Migrate();
        Assert.True(Exists("made"));
    }

    [Fact]
    public void The_providers_own_index_concurrently_is_fine()
    {
        using var context = Migrating<Annotated>();
        context.Database.Migrate();
        Assert.True(Exists("made"));
    }

    /// <summary>What stands before a suppressed operation is committed, and the migration does not count as applied: the next attempt meets it again.</summary>
    [Fact]
    public void A_suppressed_operation_that_fails_keeps_what_was_done_before()
    {
        Run("UPDATE samples SET name = 'x'");
        using var context = Migrating<Failing>();
        Assert.Equal("23505", Error(context.Database.Migrate));
        Assert.True(Exists("made_before"));
        Assert.Equal(["1_Failing"], context.Database.GetPendingMigrations());
        Assert.Equal("42P07", Error(context.Database.Migrate));
    }

    /// <summary>Its migration has an index that the server refuses.</summary>
    public sealed class Plain(DbContextOptions<Plain> options) : DbContext(options);

    /// <summary>Its migration says that it needs no transaction.</summary>
    public sealed class Suppressing(DbContextOptions<Suppressing> options) : DbContext(options);

    /// <summary>Its migration has the annotation of the provider.</summary>
    public sealed class Annotated(DbContextOptions<Annotated> options) : DbContext(options);

    /// <summary>Its migration fails outside a transaction.</summary>
    public sealed class Failing(DbContextOptions<Failing> options) : DbContext(options);

    [DbContext(typeof(Plain))]
    [Migration("1_Plain")]
    private sealed class PlainMigration : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("CREATE TABLE made_before (id integer)");
            migrationBuilder.Sql("CREATE INDEX CONCURRENTLY made ON samples (name)");
        }
    }

    [DbContext(typeof(Suppressing))]
    [Migration("1_Suppressing")]
    private sealed class SuppressingMigration : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("CREATE INDEX CONCURRENTLY made ON samples (name)", suppressTransaction: true);
    }

    [DbContext(typeof(Annotated))]
    [Migration("1_Annotated")]
    private sealed class AnnotatedMigration : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateIndex("made", "samples", "name").Annotation("Npgsql:CreatedConcurrently", true);
    }

    [DbContext(typeof(Failing))]
    [Migration("1_Failing")]
    private sealed class FailingMigration : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("CREATE TABLE made_before (id integer)");
            migrationBuilder.Sql("CREATE UNIQUE INDEX CONCURRENTLY made ON samples (name)", suppressTransaction: true);
        }
    }
}
