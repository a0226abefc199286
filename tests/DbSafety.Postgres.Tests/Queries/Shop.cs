using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace DbSafety.Postgres.Tests.Queries;

public enum OrderState
{
    New,
    Paid,
    Sent,
}

public enum Channel
{
    Web,
    Phone,
}

public sealed class Customer
{
    public int Id { get; set; }
    public string Email { get; set; } = "";
    public string? Phone { get; set; }
    public int Age { get; set; }
    public DateTime CreatedAt { get; set; }
    public Profile Profile { get; set; } = new();
    public Address Home { get; set; } = new();
    public List<Order> Orders { get; set; } = [];
    public bool IsActive { get; set; }
    public short Rank { get; set; }
    public Guid Token { get; set; }
    public Channel Channel { get; set; }
}

public sealed class Profile
{
    public string City { get; set; } = "";
    public int Level { get; set; }
}

public sealed class Address
{
    public string City { get; set; } = "";
    public string Street { get; set; } = "";
}

public sealed class Order
{
    public long Id { get; set; }
    public int CustomerId { get; set; }
    public Customer Customer { get; set; } = null!;
    public int? CouponId { get; set; }
    public Coupon? Coupon { get; set; }
    public OrderState State { get; set; }
    public decimal Total { get; set; }
    public DateTime PlacedAt { get; set; }
    public DateTime? PaidAt { get; set; }
    public string Note { get; set; } = "";
    public string[] Tags { get; set; } = [];
    public List<int> Codes { get; set; } = [];
    public JsonDocument Data { get; set; } = null!;
    public bool IsOpen { get; set; }
    public DateOnly Day { get; set; }
    public double Weight { get; set; }
    public List<Line> Lines { get; set; } = [];
    public bool? Flagged { get; set; }
    public Meta Extra { get; set; } = new();
}

public sealed class Meta
{
    public string Kind { get; set; } = "";
    public int Count { get; set; }
}

public sealed class Coupon
{
    public int Id { get; set; }
    public string Code { get; set; } = "";
    public decimal Percent { get; set; }
}

public sealed class Line
{
    public long OrderId { get; set; }
    public Order Order { get; set; } = null!;
    public int Number { get; set; }
    public int ProductId { get; set; }
    public Product Product { get; set; } = null!;
    public int Quantity { get; set; }
    public decimal Price { get; set; }
}

public sealed class Product
{
    public int Id { get; set; }
    public string Name { get; set; } = "";
    public string Sku { get; set; } = "";
    public int Stock { get; set; }
    public decimal Price { get; set; }
    public List<Label> Labels { get; set; } = [];
}

public sealed class Label
{
    public int Id { get; set; }
    public string Name { get; set; } = "";
    public List<Product> Products { get; set; } = [];
}

public abstract class Animal
{
    public int Id { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Cat : Animal
{
    public int Lives { get; set; }
}

public sealed class Dog : Animal
{
    public string Breed { get; set; } = "";
}

public sealed class Tenant
{
    public int Id { get; set; }
    public bool IsDeleted { get; set; }
    public string Slug { get; set; } = "";
}

public sealed record OrderRow(long Id, decimal Total);

public sealed class OrderDto
{
    public long Id { get; set; }
    public string Email { get; set; } = "";
    public decimal Total { get; set; }
}

public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Customer> Customers => Set<Customer>();
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<Coupon> Coupons => Set<Coupon>();
    public DbSet<Line> Lines => Set<Line>();
    public DbSet<Product> Products => Set<Product>();
    public DbSet<Label> Labels => Set<Label>();
    public DbSet<Animal> Animals => Set<Animal>();
    public DbSet<Tenant> Tenants => Set<Tenant>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Customer>(customer =>
        {
            customer.ToTable("customers", "shop");
            customer.Property(row => row.Email).HasColumnName("email");
            customer.Property(row => row.Channel).HasConversion<string>();
            customer.OwnsOne(row => row.Profile, profile => profile.ToJson("profile"));
            customer.OwnsOne(row => row.Home, home => home.Property(address => address.City).HasColumnName("home_city"));
        });
        model.Entity<Order>(order =>
        {
            order.ToTable("orders");
            order.Property(row => row.CustomerId).HasColumnName("customer_id");
            order.Property(row => row.Extra).HasColumnType("jsonb");
        });
        model.Entity<Line>().HasKey(row => new { row.OrderId, row.Number });
        model.Entity<Cat>();
        model.Entity<Dog>();
        model.Entity<Tenant>().HasQueryFilter(row => !row.IsDeleted);
    }
}
