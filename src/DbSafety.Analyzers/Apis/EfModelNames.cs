using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The names by which sources say how EF Core's model is.</summary>
internal static class EfModelNames
{
    /// <summary>Declares the key of an entity.</summary>
    public const string HasKey = "HasKey";

    /// <summary>Declares that an entity has no key.</summary>
    public const string HasNoKey = "HasNoKey";

    /// <summary>Declares the property that holds the key of another entity.</summary>
    public const string HasForeignKey = "HasForeignKey";

    /// <summary>Declares that a relation goes by something else than the primary key.</summary>
    public const string HasPrincipalKey = "HasPrincipalKey";

    /// <summary>Loads a navigation with every query.</summary>
    public const string AutoInclude = "AutoInclude";

    /// <summary>Says of one navigation whether it is loaded lazily (EF Core 8).</summary>
    public const string EnableLazyLoading = "EnableLazyLoading";

    /// <summary>Declares a condition that every query of an entity has.</summary>
    public const string HasQueryFilter = "HasQueryFilter";

    /// <summary>Has every entity made as a proxy that loads its navigations when they are read.</summary>
    public const string UseLazyLoadingProxies = "UseLazyLoadingProxies";

    /// <summary>The names whose use anywhere makes it uncertain whether entities load lazily at all.</summary>
    public static IReadOnlyList<string> LazyLoadingSwitches { get; } = ["LazyLoadingEnabled", "UseQueryTrackingBehavior", "QueryTrackingBehavior"];

    /// <summary>Whether a type is EF Core's.</summary>
    public static bool IsEf(ITypeSymbol? type) =>
        type?.ContainingNamespace?.ToDisplayString() is { } space && space.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal);

    /// <summary>The attribute of a key property.</summary>
    public static bool IsKey(AttributeData attribute) => attribute.AttributeClass?.Name == "KeyAttribute";

    /// <summary>The attributes of a class that make its key something else than convention says.</summary>
    public static bool SetsKey(AttributeData attribute) => attribute.AttributeClass?.Name is "PrimaryKeyAttribute" or "KeylessAttribute" or "OwnedAttribute";

    /// <summary>The attribute of what is not mapped.</summary>
    public static bool IsNotMapped(AttributeData attribute) => attribute.AttributeClass?.Name == "NotMappedAttribute";

    /// <summary>The attributes by which a property says how it takes part in a relation.</summary>
    public static bool SetsRelation(AttributeData attribute) => attribute.AttributeClass?.Name is "ForeignKeyAttribute" or "InversePropertyAttribute" or "DeleteBehaviorAttribute" || IsNotMapped(attribute);

    /// <summary>Whether a property is the key of an entity of this name by convention, and how surely: <c>Id</c> comes before <c>OrderId</c>.</summary>
    public static int KeyRank(string property, string entity) =>
        property.Equals("Id", StringComparison.OrdinalIgnoreCase) ? 2 : property.Equals(entity + "Id", StringComparison.OrdinalIgnoreCase) ? 1 : 0;

    /// <summary>Whether a constructor's parameter is what loads navigations: <c>ILazyLoader</c>, or <c>Action&lt;object, string&gt; lazyLoader</c>.</summary>
    public static bool IsLoader(IParameterSymbol parameter) => parameter.Type is { Name: "ILazyLoader" } ||
        (parameter is { Name: "lazyLoader", Type: INamedTypeSymbol { Name: nameof(Action), TypeArguments: { Length: 2 } types } } && types[0].SpecialType == SpecialType.System_Object && types[1].SpecialType == SpecialType.System_String);

    /// <summary>Whether a call in a getter loads the navigation: <c>loader.Load(this, ref order)</c>, <c>loader(this, "Order")</c>.</summary>
    public static bool IsLoad(string member) => member is "Load" or nameof(Action.Invoke);
}
