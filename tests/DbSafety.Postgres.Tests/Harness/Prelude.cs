namespace DbSafety.Postgres.Tests.Harness;

/// <summary>What every snippet may use without saying so: usual namespaces, the fixture's entity and context, and a reader of rows.</summary>
internal static class Prelude
{
    public const string Source = """
        global using System;
        global using System.Collections.Generic;
        global using System.Data;
        global using System.Data.Common;
        global using System.Linq;
        global using System.Text;
        global using System.Threading.Tasks;
        global using Dapper;
        global using Microsoft.EntityFrameworkCore;
        global using Npgsql;
        global using NpgsqlTypes;

        public sealed class Sample
        {
            public int Id { get; set; }
            public string? Name { get; set; }
        }

        public sealed class SamplesContext(string connectionString) : DbContext
        {
            public DbSet<Sample> Samples => Set<Sample>();

            protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(connectionString);

            protected override void OnModelCreating(ModelBuilder model) => model.Entity<Sample>(entity =>
            {
                entity.ToTable("samples");
                entity.Property(sample => sample.Id).HasColumnName("id");
                entity.Property(sample => sample.Name).HasColumnName("name");
            });
        }

        public static class Rows
        {
            public static async Task<List<object[]>> ReadAsync(DbCommand command)
            {
                var rows = new List<object[]>();
                await using var reader = await command.ExecuteReaderAsync();
                do
                {
                    while (await reader.ReadAsync())
                    {
                        var row = new object[reader.FieldCount];
                        reader.GetValues(row);
                        rows.Add(row);
                    }
                }
                while (await reader.NextResultAsync());
                return rows;
            }
        }
        """;
}
