using System.Collections.Immutable;

namespace DbSafety.Sql.Schema;

/// <summary>What a type is that the scripts create.</summary>
public enum UserTypeKind
{
    /// <summary>AS ENUM</summary>
    Enum,

    /// <summary>CREATE DOMAIN</summary>
    Domain,

    /// <summary>AS (..)</summary>
    Composite,

    /// <summary>A range, a base type, a shell.</summary>
    Other,
}

/// <summary>A type that the scripts create.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
public sealed record UserType(string Schema, string Name, UserTypeKind Kind)
{
    /// <summary>The labels of an enum, in order.</summary>
    public ImmutableArray<string> Labels { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The type that a domain is made of, as PostgreSQL prints it without length; null where not known.</summary>
    public string? BaseType { get; init; }

    /// <summary>The modifiers of the base type.</summary>
    public ImmutableArray<string> Modifiers { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>NOT NULL of a domain.</summary>
    public bool IsNotNull { get; init; }

    /// <summary>The default of a domain, or null.</summary>
    public SchemaExpression? Default { get; init; }

    /// <summary>COLLATE of a domain, or null.</summary>
    public string? Collation { get; init; }

    /// <summary>The CHECK constraints of a domain; the value is called <c>VALUE</c> there.</summary>
    public ImmutableArray<CheckConstraint> Checks { get; init; } = ImmutableArray<CheckConstraint>.Empty;

    /// <summary>The attributes of a composite type.</summary>
    public ImmutableArray<Column> Attributes { get; init; } = ImmutableArray<Column>.Empty;

    /// <summary>Whether it may have further labels, attributes or checks, or other ones, than these.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Where it was declared.</summary>
    public SchemaOrigin Origin { get; init; }

    /// <summary>The name with its schema.</summary>
    public ObjectName FullName => new(Schema, Name);
}
