using DbSafety.Analyzers.Rules;

namespace DbSafety.Analyzers.Tests.Rules.Indexes;

/// <summary>Queries over one schema, which stands in the migrations of the project.</summary>
internal static class IndexCase
{
    /// <summary>The migrations.</summary>
    public const string Schema = """
        CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, nick citext, is_active boolean NOT NULL, profile jsonb NOT NULL, tags text[] NOT NULL);
        CREATE TABLE orders (
            id bigint PRIMARY KEY,
            customer_id int NOT NULL REFERENCES customers (id),
            status text NOT NULL,
            total numeric(10, 2) NOT NULL,
            note text,
            details jsonb NOT NULL,
            created_at timestamptz NOT NULL
        );
        CREATE INDEX idx_orders_status ON orders (status);
        CREATE TABLE lines (order_id bigint NOT NULL REFERENCES orders (id), position int NOT NULL, product text NOT NULL, PRIMARY KEY (order_id, position));
        CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);
        INSERT INTO countries VALUES ('de', 'Germany'), ('fr', 'France');
        """;

    private const string Model = """
        using System;
        using System.Collections.Generic;
        using System.ComponentModel.DataAnnotations.Schema;
        using System.Linq;
        using Dapper;
        using Microsoft.EntityFrameworkCore;
        using Npgsql;

        [Table("customers")]
        public class Customer
        {
            [Column("id")] public int Id { get; set; }
            [Column("email")] public string Email { get; set; } = "";
            [Column("name")] public string Name { get; set; } = "";
            public List<Order> Orders { get; } = new();
        }

        [Table("orders")]
        public class Order
        {
            [Column("id")] public long Id { get; set; }
            [Column("customer_id")] public int CustomerId { get; set; }
            public Customer Customer { get; set; } = null!;
            [Column("status")] public string Status { get; set; } = "";
            [Column("note")] public string? Note { get; set; }
            [Column("created_at")] public DateTime CreatedAt { get; set; }
        }

        public class Sales : DbContext
        {
            public DbSet<Customer> Customers => Set<Customer>();
            public DbSet<Order> Orders => Set<Order>();
            protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql("Host=db");
        }

        """;

    /// <summary>What is marked in an SQL text is reported; <c>{x}</c> is a hole.</summary>
    public static Task Sql<TRule>(string sql, string schema = Schema)
        where TRule : Microsoft.CodeAnalysis.Diagnostics.DiagnosticAnalyzer, new() =>
        Code<TRule>($"pg.Query<int>(${(sql.Contains('"') ? "\"\"" : "")}\"{sql}{(sql.Contains('"') ? "\"\"" : "")}\", new {{ id, name }});", schema);

    /// <summary>What is marked in statements is reported.</summary>
    public static Task Code<TRule>(string statements, string schema = Schema, string path = "migrations/0001_init.sql")
        where TRule : Microsoft.CodeAnalysis.Diagnostics.DiagnosticAnalyzer, new() =>
        Verify<TRule>.CSharp(
            Model + $$"""
            public class Case
            {
                public static void Run(NpgsqlConnection pg, Sales db, int id, string name, DateTime day, string x, int[] ids, bool flag)
                {
                    {{statements}}
                }
            }
            """,
            test => test.TestState.AdditionalFiles.Add((path, schema)));
}
