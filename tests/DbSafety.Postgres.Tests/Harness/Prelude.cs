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

        public sealed class SamplesContext(Action<DbContextOptionsBuilder> configure) : DbContext
        {
            public SamplesContext(string connectionString) : this(options => options.UseNpgsql(connectionString))
            {
            }

            public SamplesContext(DbConnection connection) : this(options => options.UseNpgsql(connection))
            {
            }

            public DbSet<Sample> Samples => Set<Sample>();

            protected override void OnConfiguring(DbContextOptionsBuilder options) => configure(options);

            protected override void OnModelCreating(ModelBuilder model) => model.Entity<Sample>(entity =>
            {
                entity.ToTable("samples");
                entity.Property(sample => sample.Id).HasColumnName("id");
                entity.Property(sample => sample.Name).HasColumnName("name");
            });
        }

        public enum Mood
        {
            happy,
            sad,
        }

        public static class Rows
        {
            public static List<object[]> Read(IDbCommand command)
            {
                var rows = new List<object[]>();
                using var reader = command.ExecuteReader();
                while (reader.Read())
                {
                    var row = new object[reader.FieldCount];
                    reader.GetValues(row);
                    rows.Add(row);
                }

                return rows;
            }

            public static async Task<List<object[]>> ReadAsync(DbCommand command)
            {
                await using var reader = await command.ExecuteReaderAsync();
                return await ReadAsync(reader);
            }

            public static async Task<List<object[]>> ReadAsync(DbBatch batch)
            {
                await using var reader = await batch.ExecuteReaderAsync();
                return await ReadAsync(reader);
            }

            private static async Task<List<object[]>> ReadAsync(DbDataReader reader)
            {
                var rows = new List<object[]>();
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
