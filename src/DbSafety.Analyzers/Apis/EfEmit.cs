namespace DbSafety.Analyzers.Apis;

/// <summary>The names of EF Core's query operators that fixes write into the user's code; beside <see cref="Emit"/>, whose names take SQL text.</summary>
public static class EfEmit
{
    private const string Operators = "Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions";

    /// <summary>The namespace of the operators.</summary>
    public const string Namespace = "Microsoft.EntityFrameworkCore";

    /// <summary><c>query.ToListAsync(token)</c>.</summary>
    public static EmitName ToListAsync { get; } = new(DbLibrary.EfCore, Operators, "ToListAsync");

    /// <summary><c>query.ToDictionaryAsync(key, token)</c>.</summary>
    public static EmitName ToDictionaryAsync { get; } = new(DbLibrary.EfCore, Operators, "ToDictionaryAsync");

    /// <summary><c>query.Include(navigation)</c>.</summary>
    public static EmitName Include { get; } = new(DbLibrary.EfCore, Operators, "Include");

    /// <summary><c>context.Set&lt;T&gt;()</c>.</summary>
    public static EmitName Set { get; } = new(DbLibrary.EfCore, "Microsoft.EntityFrameworkCore.DbContext", "Set");
}
