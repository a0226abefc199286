namespace DbSafety.Postgres.Tests.Models;

/// <content>The contexts.</content>
public sealed partial class EfModelProofTests
{
    private const string Options = """

            protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql("Host=nowhere");

        """;

    /// <summary>The contexts, and how many of their tables are told as incomplete.</summary>
    public static TheoryData<string, int> Cases => new()
    {
        { "Conventions", 0 }, { "Attributes", 0 }, { "Fluent", 0 }, { "Configurations", 0 }, { "Owned", 0 }, { "Hierarchy", 0 }, { "TablePerType", 0 }, { "ManyToMany", 0 },
        { "Relations", 0 }, { "TypeRules", 0 }, { "OwnConventions", 2 }, { "Special", 0 }, { "WithoutNullable", 0 }, { "Helpers", 0 },
    };

    private static Dictionary<string, string> Sources { get; } = new()
    {
        ["Conventions"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Customer> Customers => Set<Customer>();
                public DbSet<Order> Orders { get; set; } = null!;
                public DbSet<OrderLine> OrderLines { get; set; } = null!;
            }

            public class Customer
            {
                public int Id { get; set; }
                public string Name { get; set; } = "";
                public string? Nickname { get; set; }
                public DateTime Created { get; set; }
                public decimal? Limit { get; set; }
                public bool IsActive { get; private set; }
                public string Computed => Name + Nickname;
                public List<Order> Orders { get; } = new();
                public Country? Country { get; set; }
            }

            public class Country
            {
                public Guid CountryId { get; set; }
                public string Code { get; set; } = "";
            }

            public class Order
            {
                public long OrderId { get; set; }
                public int CustomerId { get; set; }
                public Customer Customer { get; set; } = null!;
                public DateTimeOffset At { get; set; }
                public Kind Kind { get; set; }
                public byte[]? Picture { get; set; }
                public TimeSpan Duration { get; set; }
                public ICollection<OrderLine> Lines { get; set; } = new List<OrderLine>();
            }

            public enum Kind : short { A, B }

            public class OrderLine
            {
                public int Id { get; set; }
                public long? OrderId { get; set; }
                public virtual Order? Order { get; set; }
                public double Price { get; set; }
                public float Weight { get; set; }
                public char Letter { get; set; }
                public DateOnly Day { get; set; }
                public TimeOnly? Time { get; set; }
            }
            """,
        ["Attributes"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Post> Posts => Set<Post>();
            }

            [Table("authors", Schema = "blog")]
            [Index(nameof(Email), IsUnique = true)]
            [Index(nameof(Last), nameof(First), Name = "by_name", AllDescending = true)]
            [Index(nameof(First), nameof(Email), IsDescending = new[] { false, true })]
            public class Author
            {
                [Key] public int Number { get; set; }
                [Column("mail"), MaxLength(200)] public string Email { get; set; } = "";
                [Required, StringLength(50)] public string? First { get; set; }
                [Column(TypeName = "varchar(60)")] public string? Last { get; set; }
                [NotMapped] public string Full => First + Last;
                [NotMapped] public object? Tag { get; set; }
                [InverseProperty(nameof(Post.Writer))] public List<Post> Written { get; set; } = new();
                [InverseProperty(nameof(Post.Editor))] public List<Post> Edited { get; set; } = new();
            }

            [PrimaryKey(nameof(Site), nameof(Slug))]
            public class Post
            {
                public int Site { get; set; }
                [MaxLength(80)] public string Slug { get; set; } = "";
                [Precision(10, 2)] public decimal Score { get; set; }
                [Precision(12, 4), Column("rating")] public decimal? Rated { get; set; }
                public int WrittenBy { get; set; }
                [ForeignKey(nameof(WrittenBy))] public Author Writer { get; set; } = null!;
                [ForeignKey("Editor")] public int? EditedBy { get; set; }
                public Author? Editor { get; set; }
                [Timestamp] public uint Version { get; set; }
                [DatabaseGenerated(DatabaseGeneratedOption.Identity)] public int Sequence { get; set; }
                public List<Remark> Remarks { get; set; } = new();
            }

            public class Remark
            {
                [DatabaseGenerated(DatabaseGeneratedOption.None)] public int Id { get; set; }
                public int PostSite { get; set; }
                public string PostSlug { get; set; } = "";
                public Post Post { get; set; } = null!;
                public Hidden? Hidden { get; set; }
            }

            [NotMapped]
            public class Hidden
            {
                public int Id { get; set; }
            }
            """,
        ["Fluent"] = """
            public class Db : DbContext
            {
                private const string Prefix = "t_";
            """ + Options + """
                protected override void OnModelCreating(ModelBuilder modelBuilder)
                {
                    base.OnModelCreating(modelBuilder);
                    modelBuilder.HasDefaultSchema("shop");
                    modelBuilder.Entity<Item>(entity =>
                    {
                        entity.ToTable(Prefix + "items", table =>
                        {
                            table.HasCheckConstraint("positive_price", "\"price\" > 0");
                            table.HasComment("things");
                        });
                        entity.HasKey(item => item.Code).HasName("items_key");
                        entity.Property(item => item.Code).HasMaxLength(20).ValueGeneratedNever();
                        entity.Property(item => item.Price).HasColumnName("price").HasPrecision(12, 2).HasDefaultValue(0m);
                        entity.Property(item => item.Title).IsRequired().HasColumnType("citext");
                        entity.Property(item => item.Kind).HasConversion<string>().HasMaxLength(12);
                        entity.Property(item => item.State).HasConversion(value => (int)value, value => (State)value);
                        entity.Property(item => item.Created).HasDefaultValueSql("now()");
                        entity.Property(item => item.Tags).HasColumnType("text[]");
                        entity.Property<int?>("TenantId");
                        entity.Property<string>("Document").HasColumnType("jsonb").IsRequired();
                        entity.Property(item => item.Upper).HasComputedColumnSql("upper(\"Title\")", stored: true);
                        entity.HasIndex(item => item.Title).IsUnique().HasFilter("\"price\" > 10").HasDatabaseName("items_title");
                        entity.HasIndex(item => new { item.Kind, item.Created }).IsDescending(false, true).IncludeProperties(item => new { item.Price });
                        entity.HasIndex(item => item.Tags).HasMethod("gin");
                        entity.HasIndex("Document").HasMethod("gin").HasOperators("jsonb_path_ops");
                        entity.HasIndex("TenantId", nameof(Item.Kind)).IsUnique().AreNullsDistinct(false);
                        entity.HasIndex(item => item.Created, "second").IsDescending();
                        entity.HasIndex(item => item.Created).HasNullSortOrder(Npgsql.EntityFrameworkCore.PostgreSQL.Metadata.NullSortOrder.NullsLast);
                        entity.Ignore(item => item.Ignored);
                        entity.HasAlternateKey(item => item.Number);
                        entity.HasQueryFilter(item => item.Price > 0);
                    });
                    var part = modelBuilder.Entity<Part>();
                    part.ToTable("parts", "stock");
                    part.Property(p => p.Weight).HasColumnName("weight_kg");
                    part.HasOne<Item>().WithMany().HasForeignKey(p => p.ItemNumber).HasPrincipalKey(item => item.Number).OnDelete(DeleteBehavior.Restrict).HasConstraintName("part_item");
                    part.HasIndex(p => new { p.ItemNumber, p.Weight });
                }
            }

            public enum State { New, Old }

            public class Item
            {
                public string Code { get; set; } = "";
                public int Number { get; set; }
                public decimal Price { get; set; }
                public string? Title { get; set; }
                public Mood Kind { get; set; }
                public State? State { get; set; }
                public DateTime Created { get; set; }
                public string[] Tags { get; set; } = [];
                public string Upper { get; set; } = "";
                public string? Ignored { get; set; }
            }

            public class Part
            {
                public int Id { get; set; }
                public int ItemNumber { get; set; }
                public double Weight { get; set; }
            }
            """,
        ["Configurations"] = """
            public class Db : DbContext
            {
            """ + Options + """
                protected override void OnModelCreating(ModelBuilder modelBuilder)
                {
                    modelBuilder.ApplyConfigurationsFromAssembly(typeof(Db).Assembly);
                    modelBuilder.ApplyConfiguration(new LogConfiguration());
                }
            }

            public abstract class Entity
            {
                public Guid Id { get; set; }
                public DateTime CreatedAt { get; set; }
            }

            public class User : Entity
            {
                public string Login { get; set; } = "";
                public List<Session> Sessions { get; set; } = new();
            }

            public class Session : Entity
            {
                public Guid UserId { get; set; }
                public User User { get; set; } = null!;
                public string? Token { get; set; }
            }

            public class Log
            {
                public int Id { get; set; }
                public string Text { get; set; } = "";
            }

            public abstract class EntityConfiguration<T> : IEntityTypeConfiguration<T> where T : Entity
            {
                protected abstract string Table { get; }

                public virtual void Configure(EntityTypeBuilder<T> builder)
                {
                    builder.HasKey(entity => entity.Id);
                    builder.Property(entity => entity.CreatedAt).HasColumnName("created_at");
                    builder.HasIndex(entity => entity.CreatedAt);
                    More(builder);
                }

                protected virtual void More(EntityTypeBuilder<T> builder)
                {
                }
            }

            public sealed class UserConfiguration : EntityConfiguration<User>
            {
                protected override string Table => "users";

                public override void Configure(EntityTypeBuilder<User> builder)
                {
                    base.Configure(builder);
                    builder.ToTable("users").HasMany(user => user.Sessions).WithOne(session => session.User).HasForeignKey(session => session.UserId);
                }

                protected override void More(EntityTypeBuilder<User> builder) => builder.HasIndex(user => user.Login).IsUnique();
            }

            public sealed class SessionConfiguration : EntityConfiguration<Session>
            {
                protected override string Table => "sessions";

                public override void Configure(EntityTypeBuilder<Session> builder)
                {
                    base.Configure(builder);
                    builder.ToTable("sessions").HasOne(session => session.User).WithMany(user => user.Sessions).OnDelete(DeleteBehavior.NoAction);
                    builder.HasIndex(session => new { session.UserId, session.Token });
                }
            }

            public sealed class LogConfiguration : IEntityTypeConfiguration<Log>
            {
                public void Configure(EntityTypeBuilder<Log> builder) => builder.ToTable("logs", "audit").Property(log => log.Text).HasMaxLength(100);
            }
            """,
        ["Owned"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Company> Companies => Set<Company>();
                public DbSet<Office> Offices => Set<Office>();

                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<Company>(company =>
                    {
                        company.OwnsOne(c => c.Seat, seat =>
                        {
                            seat.Property(s => s.City).HasColumnName("seat_city");
                            seat.OwnsOne(s => s.Position);
                            seat.HasIndex(s => s.Street);
                        });
                        company.OwnsOne(c => c.Billing, billing => billing.OwnsOne(b => b.Position));
                        company.Navigation(c => c.Seat).IsRequired();
                        company.OwnsMany(c => c.Phones);
                        company.OwnsMany(c => c.Notes, notes =>
                        {
                            notes.ToTable("company_notes");
                            notes.WithOwner().HasForeignKey("Company");
                            notes.Property<int>("Number");
                            notes.HasKey("Company", "Number");
                        });
                        company.OwnsOne(c => c.Settings, settings => settings.ToJson());
                        company.OwnsMany(c => c.Events, events => events.ToJson("history"));
                        company.ComplexProperty(c => c.Range);
                    });
                }
            }

            public class Company
            {
                public int Id { get; set; }
                public Address Seat { get; set; } = null!;
                public Address? Billing { get; set; }
                public List<Phone> Phones { get; set; } = new();
                public List<Note> Notes { get; set; } = new();
                public Settings Settings { get; set; } = null!;
                public List<Happening> Events { get; set; } = new();
                public Span Range { get; set; } = new();
            }

            public class Office
            {
                public int Id { get; set; }
                public Badge Badge { get; set; } = null!;
            }

            [Owned] public class Badge { public string Text { get; set; } = ""; public int? Size { get; set; } }

            public class Address
            {
                public string Street { get; set; } = "";
                public string? City { get; set; }
                public Position Position { get; set; } = null!;
            }

            public class Position { public double X { get; set; } public double Y { get; set; } }
            public class Phone { public int Id { get; set; } public string Number { get; set; } = ""; }
            public class Note { public string Text { get; set; } = ""; }
            public class Settings { public bool Dark { get; set; } public List<string> Names { get; set; } = new(); }
            public class Happening { public DateTime At { get; set; } }
            public class Span { public int From { get; set; } public int? To { get; set; } }
            """,
        ["Hierarchy"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Animal> Animals => Set<Animal>();
                public DbSet<Cat> Cats => Set<Cat>();
                public DbSet<Dog> Dogs => Set<Dog>();
                public DbSet<Vehicle> Vehicles => Set<Vehicle>();

                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<Vehicle>().HasDiscriminator<int>("kind").HasValue<Car>(1).HasValue<Truck>(2);
                    model.Entity<Truck>().Property(truck => truck.Load).HasColumnName("load");
                }
            }

            public abstract class Animal { public int Id { get; set; } public string Name { get; set; } = ""; public int? OwnerId { get; set; } public Person? Owner { get; set; } }
            public class Cat : Animal { public bool Purrs { get; set; } public int EnemyId { get; set; } public Dog Enemy { get; set; } = null!; }
            public class Dog : Animal { public string Trick { get; set; } = ""; public List<Cat> Cats { get; set; } = new(); }
            public class Person { public int Id { get; set; } public List<Animal> Pets { get; set; } = new(); }
            public abstract class Vehicle { public int Id { get; set; } }
            public class Car : Vehicle { public int Doors { get; set; } }
            public class Truck : Vehicle { public decimal Load { get; set; } }
            """,
        ["TablePerType"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Document> Documents => Set<Document>();

                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<Document>().UseTptMappingStrategy();
                    model.Entity<Invoice>().ToTable("invoices");
                    model.Entity<Letter>().HasIndex(letter => letter.Recipient);
                }
            }

            public class Document { public int Id { get; set; } public string Title { get; set; } = ""; }
            public class Invoice : Document { public decimal Sum { get; set; } public int PayerId { get; set; } public Payer Payer { get; set; } = null!; }
            public class Letter : Document { public string Recipient { get; set; } = ""; }
            public class Payer { public int Id { get; set; } }
            """,
        ["ManyToMany"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Article> Articles => Set<Article>();
                public DbSet<Topic> Topics => Set<Topic>();
                public DbSet<Student> Students => Set<Student>();

                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<Article>().HasMany(a => a.Readers).WithMany(s => s.Read).UsingEntity("article_readers");
                    model.Entity<Student>().HasMany(s => s.Courses).WithMany(c => c.Students).UsingEntity<Enrolment>(
                        e => e.HasOne(x => x.Course).WithMany().HasForeignKey(x => x.CourseId),
                        e => e.HasOne(x => x.Student).WithMany(s => s.Enrolments).HasForeignKey(x => x.StudentId),
                        e => { e.ToTable("enrolments"); e.HasKey(x => new { x.StudentId, x.CourseId }); });
                    model.Entity<Course>().HasMany(c => c.Books).WithMany();
                    model.Entity<Course>().HasMany(c => c.Rooms).WithMany(r => r.Courses).UsingEntity(j => j.ToTable("course_rooms"));
                }
            }

            public class Article { public int Id { get; set; } public List<Topic> Topics { get; set; } = new(); public List<Student> Readers { get; set; } = new(); }
            public class Topic { public string TopicId { get; set; } = ""; public List<Article> Articles { get; set; } = new(); }
            public class Student { public int Id { get; set; } public List<Article> Read { get; set; } = new(); public List<Course> Courses { get; set; } = new(); public List<Enrolment> Enrolments { get; set; } = new(); }
            public class Course { public Guid Id { get; set; } public List<Student> Students { get; set; } = new(); public List<Book> Books { get; set; } = new(); public List<Room> Rooms { get; set; } = new(); }
            public class Book { public int Id { get; set; } }
            public class Room { public int Id { get; set; } public List<Course> Courses { get; set; } = new(); }
            public class Enrolment { public int StudentId { get; set; } public Student Student { get; set; } = null!; public Guid CourseId { get; set; } public Course Course { get; set; } = null!; public DateTime At { get; set; } }
            """,
        ["Relations"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Category> Categories => Set<Category>();
                public DbSet<Account> Accounts => Set<Account>();
                public DbSet<Profile> Profiles => Set<Profile>();
                public DbSet<Passport> Passports => Set<Passport>();
                public DbSet<Ticket> Tickets => Set<Ticket>();
                public DbSet<Message> Messages => Set<Message>();

                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<Account>().HasOne(a => a.Passport).WithOne(p => p.Account).HasForeignKey<Passport>(p => p.Id);
                    model.Entity<Ticket>().HasOne(t => t.Reporter).WithMany(a => a.Reported).OnDelete(DeleteBehavior.SetNull);
                    model.Entity<Ticket>().HasOne(t => t.Assignee).WithMany().HasForeignKey(t => t.AssignedTo).IsRequired();
                    model.Entity<Ticket>().HasIndex(t => new { t.AssignedTo, t.Title });
                    model.Entity<Message>().HasOne(m => m.Ticket).WithMany(t => t.Messages).HasForeignKey(m => new { m.Tenant, m.Number }).HasPrincipalKey(t => new { t.Tenant, t.Number });
                }
            }

            public class Category { public int Id { get; set; } public int? ParentId { get; set; } public Category? Parent { get; set; } public List<Category> Children { get; set; } = new(); }
            public class Account { public int Id { get; set; } public Profile? Profile { get; set; } public Passport? Passport { get; set; } public List<Ticket> Reported { get; set; } = new(); }
            public class Profile { public int Id { get; set; } public int AccountId { get; set; } public Account Account { get; set; } = null!; }
            public class Passport { public int Id { get; set; } public Account Account { get; set; } = null!; }
            public class Ticket
            {
                public int Id { get; set; }
                public int Tenant { get; set; }
                public int Number { get; set; }
                public string Title { get; set; } = "";
                public Account? Reporter { get; set; }
                public int? AssignedTo { get; set; }
                public Account? Assignee { get; set; }
                public List<Message> Messages { get; set; } = new();
                public Category Category { get; set; } = null!;
                public int? OtherId { get; set; }
                public Other Other { get; set; } = null!;
            }
            public class Other { public int Id { get; set; } }
            public class Message { public int Id { get; set; } public int Tenant { get; set; } public int Number { get; set; } public Ticket Ticket { get; set; } = null!; }
            """,
        ["TypeRules"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Thing> Things => Set<Thing>();

                protected override void ConfigureConventions(ModelConfigurationBuilder builder)
                {
                    builder.Properties<string>().HaveMaxLength(100);
                    builder.Properties<decimal>().HavePrecision(18, 6);
                    builder.Properties<Mood>().HaveConversion<string>();
                    builder.Properties<ThingId>().HaveConversion<ThingIdConverter>();
                    builder.Properties<DateTime>().HaveColumnType("timestamp without time zone");
                }

                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<Thing>().Property(t => t.Version).IsRowVersion();
                    model.Entity<Thing>().Property(t => t.Long).HasMaxLength(1000);
                }
            }

            public readonly record struct ThingId(int Value);
            public sealed class ThingIdConverter() : ValueConverter<ThingId, int>(id => id.Value, value => new ThingId(value));
            public class Thing
            {
                public ThingId Id { get; set; }
                public string Short { get; set; } = "";
                public string Long { get; set; } = "";
                public decimal Money { get; set; }
                public Mood Mood { get; set; }
                public DateTime At { get; set; }
                public uint Version { get; set; }
                public byte Small { get; set; }
                public short Short2 { get; set; }
                public ulong Huge { get; set; }
                public uint Big { get; set; }
                public int[] Numbers { get; set; } = [];
                public List<Guid> Guids { get; set; } = new();
                public System.Text.Json.JsonDocument? Document { get; set; }
                public System.Net.IPAddress? Address { get; set; }
                public NpgsqlRange<int> Range { get; set; }
                public Dictionary<string, string>? Map { get; set; }
                public System.Collections.BitArray? Bits { get; set; }
                public ThingId? ParentId { get; set; }
                public Thing? Parent { get; set; }
            }
            """,
        ["OwnConventions"] = """
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<First> Firsts => Set<First>();
                public DbSet<Second> Seconds => Set<Second>();

                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<First>().ToTable("firsts");
                    model.Entity<Second>().ToTable("seconds");
                    foreach (var entity in model.Model.GetEntityTypes())
                    {
                        foreach (var property in entity.GetProperties())
                        {
                            property.SetColumnName(property.Name.ToLowerInvariant());
                        }
                    }
                }
            }

            public class First { public int Id { get; set; } public string Name { get; set; } = ""; }
            public class Second { public int Id { get; set; } public int FirstId { get; set; } public First First { get; set; } = null!; }
            """,
        ["Special"] = """
            public class Db : DbContext
            {
                protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql("Host=nowhere", npgsql => npgsql.MapEnum<Mood>("mood"));

                public DbSet<Country> Countries => Set<Country>();
                public DbSet<Report> Reports => Set<Report>();
                public DbSet<Summary> Summaries => Set<Summary>();
                public DbSet<Foreign> Foreigners => Set<Foreign>();

                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<Country>().HasData(new Country { Id = 1, Code = "de" }, new Country { Id = 2, Code = "fr" });
                    model.Entity<Report>().HasNoKey().ToView("report_view", "reports");
                    model.Entity<Summary>().HasNoKey().ToSqlQuery("SELECT 1 AS \"Count\"");
                    model.Entity<Foreign>().ToTable("foreigners", table => table.ExcludeFromMigrations());
                    model.Ignore<Unwanted>();
                    if (Database.IsNpgsql())
                    {
                        model.Entity<Country>().HasIndex(country => country.Code);
                    }
                    else
                    {
                        model.Entity<Country>().ToTable("other");
                    }

                    foreach (var type in model.Model.GetEntityTypes())
                    {
                        if (type.FindProperty("Deleted") is not null)
                        {
                            type.SetComment("soft");
                        }
                    }
                }
            }

            public class Country { public int Id { get; set; } public string Code { get; set; } = ""; public Mood Mood { get; set; } public Unwanted? Unwanted { get; set; } }
            public class Report { public int Total { get; set; } public string? Name { get; set; } }
            public class Summary { public int Count { get; set; } }
            public class Foreign { public int Id { get; set; } }
            public class Unwanted { public int Id { get; set; } }
            """,
        ["WithoutNullable"] = """
            #nullable disable
            public class Db : DbContext
            {
            """ + Options + """
                public DbSet<Blog> Blogs { get; set; }
            }

            public class Blog { public int BlogId { get; set; } public string Url { get; set; } [Required] public string Name { get; set; } public virtual ICollection<Entry> Entries { get; set; } }
            public class Entry { public int EntryId { get; set; } public string Title { get; set; } public int BlogId { get; set; } public virtual Blog Blog { get; set; } public virtual Writer Writer { get; set; } public int? TopicRef { get; set; } }
            public class Writer { public int Id { get; set; } public string Name { get; set; } }
            #nullable enable
            """,
        ["Helpers"] = """
            public class Db : DbContext
            {
            """ + Options + """
                protected override void OnModelCreating(ModelBuilder model)
                {
                    model.Entity<Plan>().HasTenant().HasAudit();
                    ConfigureStep(model.Entity<Step>(), "steps");
                    model.Entity<Step>(Further);
                    model.ConfigurePlans("plans");
                }

                private static void ConfigureStep(EntityTypeBuilder<Step> builder, string table)
                {
                    builder.ToTable(table);
                    builder.Property(step => step.Name).HasColumnName(table + "_name");
                }

                private void Further(EntityTypeBuilder<Step> step) => step.HasIndex(s => s.Name);
            }

            public interface ITenant { int TenantId { get; } }
            public class Plan : ITenant { public int Id { get; set; } public int TenantId { get; set; } public DateTime Changed { get; set; } }
            public class Step { public int Id { get; set; } public string Name { get; set; } = ""; public int PlanId { get; set; } public Plan Plan { get; set; } = null!; }

            public static class Extensions
            {
                public static EntityTypeBuilder<T> HasTenant<T>(this EntityTypeBuilder<T> builder) where T : class, ITenant
                {
                    builder.HasIndex(entity => entity.TenantId);
                    return builder;
                }

                public static EntityTypeBuilder<T> HasAudit<T>(this EntityTypeBuilder<T> builder) where T : class
                {
                    builder.Property<DateTime>("Changed").HasColumnName("changed");
                    builder.Property<string>("Changer").HasMaxLength(30);
                    return builder;
                }

                public static void ConfigurePlans(this ModelBuilder model, string name) => model.Entity<Plan>().ToTable(name).HasMany<Step>().WithOne(step => step.Plan);
            }
            """,
    };
}
