namespace DbSafety.Analyzers.Apis;

/// <summary>The names of EF Core's configuration that fixes write, or look for, to declare an index.</summary>
public static class EfIndexEmit
{
    private const string Relational = "Microsoft.EntityFrameworkCore.RelationalIndexBuilderExtensions";
    private const string Npgsql = "Microsoft.EntityFrameworkCore.NpgsqlIndexBuilderExtensions";

    private static readonly Version s_5 = new(5, 0);

    /// <summary><c>builder.HasIndex(x => x.Name)</c>; with a name as second argument since 5.0.</summary>
    public static EmitName HasIndex { get; } = new(DbLibrary.EfCore, "Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder`1", "HasIndex");

    /// <summary><c>index.HasDatabaseName(name)</c>.</summary>
    public static EmitName HasDatabaseName { get; } = new(DbLibrary.EfCore, Relational, "HasDatabaseName", s_5);

    /// <summary><c>index.IsDescending(false, true)</c>.</summary>
    public static EmitName IsDescending { get; } = new(DbLibrary.EfCore, "Microsoft.EntityFrameworkCore.Metadata.Builders.IndexBuilder", "IsDescending", new Version(7, 0));

    /// <summary><c>index.HasFilter(condition)</c>.</summary>
    public static EmitName HasFilter { get; } = new(DbLibrary.EfCore, Relational, "HasFilter");

    /// <summary><c>index.HasMethod("gin")</c>.</summary>
    public static EmitName HasMethod { get; } = new(DbLibrary.EfCore, Npgsql, "HasMethod");

    /// <summary><c>index.HasOperators("text_pattern_ops")</c>.</summary>
    public static EmitName HasOperators { get; } = new(DbLibrary.EfCore, Npgsql, "HasOperators");

    /// <summary>The interface of classes that configure an entity.</summary>
    public const string Configuration = "Microsoft.EntityFrameworkCore.IEntityTypeConfiguration`1";

    /// <summary>Its method.</summary>
    public const string Configure = "Configure";

    /// <summary>The method of a context that configures its model.</summary>
    public const string OnModelCreating = "OnModelCreating";

    /// <summary>The type of what it is given.</summary>
    public const string ModelBuilder = "Microsoft.EntityFrameworkCore.ModelBuilder";

    /// <summary>The same without its namespace, and the name that the parameter gets.</summary>
    public const string ModelBuilderName = "ModelBuilder", ModelBuilderParameter = "modelBuilder";

    /// <summary><c>modelBuilder.Entity&lt;T&gt;()</c>.</summary>
    public const string Entity = "Entity";

    /// <summary><c>modelBuilder.ApplyConfiguration(configuration)</c>.</summary>
    public const string ApplyConfiguration = "ApplyConfiguration";

    /// <summary><c>modelBuilder.ApplyConfigurationsFromAssembly(assembly)</c>.</summary>
    public const string ApplyConfigurationsFromAssembly = "ApplyConfigurationsFromAssembly";

    /// <summary>The attribute by which an entity declares an index, and the one by which it names the class that configures it.</summary>
    public const string IndexAttribute = "IndexAttribute", ConfigurationAttribute = "EntityTypeConfigurationAttribute";
}
