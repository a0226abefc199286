using Microsoft.CodeAnalysis;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>What goes to PostgreSQL as an array.</summary>
internal static class Arrays
{
    /// <summary>
    /// Whether Npgsql writes arrays of a type without being told how, and each element as it writes the value alone (measured with Npgsql 10; bytes,
    /// characters, enums and unsigned numbers are none).
    /// </summary>
    public static bool IsElement(ITypeSymbol type)
    {
        type = Underlying(type);
        return type.SpecialType is SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Int16 or SpecialType.System_Int32 or
                SpecialType.System_Int64 or SpecialType.System_Decimal or SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_DateTime ||
            type is { TypeKind: TypeKind.Struct, Name: nameof(Guid) or nameof(DateTimeOffset) or nameof(TimeSpan) or "DateOnly" or "TimeOnly",
                ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } };
    }

    /// <summary>The type without its <c>?</c>.</summary>
    public static ITypeSymbol Underlying(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
}
