using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The objects from which Dapper takes the values of parameters, other than by their properties.</summary>
public static class ParameterBags
{
    /// <summary>Whether an object adds its parameters itself, as <c>DynamicParameters</c> does.</summary>
    public static bool AddsItself(ITypeSymbol type) =>
        IsContract(type) || type.AllInterfaces.Any(IsContract);

    /// <summary>Whether an object is a dictionary from names to values.</summary>
    public static bool IsDictionary(ITypeSymbol type) => IsPairs(type) || type.AllInterfaces.Any(IsPairs);

    private static bool IsContract(ITypeSymbol type) => type is { Name: "IDynamicParameters", ContainingNamespace: { Name: "Dapper", ContainingNamespace.IsGlobalNamespace: true } };

    // Dapper asks for IEnumerable<KeyValuePair<string, object>> (2.1.66, DynamicParameters.AddDynamicParams).
    private static bool IsPairs(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T } sequence &&
        sequence.TypeArguments[0] is INamedTypeSymbol { Name: nameof(KeyValuePair<string, object>), TypeArguments: { Length: 2 } pair } &&
        pair[0].SpecialType == SpecialType.System_String && pair[1].SpecialType == SpecialType.System_Object;

    /// <summary>Whether a type tells Dapper how to write collections: a handler of a collection type, or of any type.</summary>
    public static bool HandlesCollections(INamedTypeSymbol type)
    {
        if (!type.AllInterfaces.Any(contract => contract is { Name: "ITypeHandler", ContainingType: { Name: "SqlMapper", ContainingNamespace.Name: "Dapper" } }))
        {
            return false;
        }

        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (parent is { Name: "TypeHandler", TypeArguments: { Length: 1 } handled })
            {
                return handled[0] is ITypeParameterSymbol or IArrayTypeSymbol || (handled[0].SpecialType != SpecialType.System_String &&
                    handled[0].AllInterfaces.Any(contract => contract.SpecialType == SpecialType.System_Collections_IEnumerable));
            }
        }

        return true;
    }

    /// <summary>Whether a compilation may tell Dapper how to write values of some types; elements of an array go past that.</summary>
    public static bool HandlesTypes(Compilation compilation) =>
        compilation.SyntaxTrees.Any(tree => tree.GetText().ToString() is var text && (text.Contains("AddTypeHandler") || text.Contains("AddTypeMap")));
}
