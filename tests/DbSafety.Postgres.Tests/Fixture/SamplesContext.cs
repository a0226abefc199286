using Microsoft.EntityFrameworkCore;

namespace DbSafety.Postgres.Tests.Fixture;

/// <summary>A row of <c>samples</c>, as far as EF tests need it.</summary>
public sealed class Sample
{
    /// <summary>The key.</summary>
    public int Id { get; set; }

    /// <summary>The column of type text.</summary>
    public string? Name { get; set; }
}

/// <summary>The EF Core view of the fixture.</summary>
public class SamplesContext(string connectionString) : DbContext
{
    /// <summary>The table <c>samples</c>.</summary>
    public DbSet<Sample> Samples => Set<Sample>();

    /// <inheritdoc/>
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql(connectionString);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Sample>(entity =>
    {
        entity.ToTable("samples");
        entity.Property(sample => sample.Id).HasColumnName("id");
        entity.Property(sample => sample.Name).HasColumnName("name");
    });
}
