using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Model;

/// <summary>What C# types are for EF Core: values with a column's type, collections, or classes.</summary>
internal static class EfTypes
{
    /// <summary>The property of a name, of a class or those above it.</summary>
    public static IPropertySymbol? PropertyOf(INamedTypeSymbol type, string name)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault(property => !property.IsStatic) is { } property)
            {
                return property;
            }
        }

        return null;
    }

    /// <summary>The properties of a class and those above it, the highest first, down from below a given class.</summary>
    public static IEnumerable<IPropertySymbol> PropertiesOf(INamedTypeSymbol type, INamedTypeSymbol? below)
    {
        var levels = new Stack<INamedTypeSymbol>();
        for (var at = type; at is { SpecialType: SpecialType.None } && !SymbolEqualityComparer.Default.Equals(at, below); at = at.BaseType)
        {
            levels.Push(at);
        }

        var seen = new Dictionary<string, IPropertySymbol>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var level in levels)
        {
            foreach (var property in level.GetMembers().OfType<IPropertySymbol>().Where(property => !property.IsStatic && !property.IsIndexer && property.GetMethod is not null && property.ExplicitInterfaceImplementations.IsEmpty))
            {
                if (!seen.ContainsKey(property.Name))
                {
                    order.Add(property.Name);
                }

                seen[property.Name] = property;
            }
        }

        return order.Select(name => seen[name]);
    }

    /// <summary>Whether anybody may set a property, also in private.</summary>
    public static bool IsWritable(IPropertySymbol property)
    {
        for (var at = property; at is not null; at = at.OverriddenProperty)
        {
            if (at.SetMethod is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether everybody may read a property.</summary>
    public static bool IsReadable(IPropertySymbol property) => property.GetMethod is { DeclaredAccessibility: Accessibility.Public };

    /// <summary>The type without <c>?</c>.</summary>
    public static ITypeSymbol NotNull(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: { Length: 1 } arguments } ? arguments[0]
            : type.WithNullableAnnotation(NullableAnnotation.None);

    /// <summary>The type of the elements of a collection; null where it is none.</summary>
    public static ITypeSymbol? ElementOf(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_String)
        {
            return null;
        }

        if (type is IArrayTypeSymbol { Rank: 1 } array)
        {
            return NotNull(array.ElementType);
        }

        var contracts = type is INamedTypeSymbol { TypeKind: TypeKind.Interface } own ? type.AllInterfaces.Insert(0, own) : type.AllInterfaces;
        var elements = contracts.Where(contract => contract.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)
            .Select(contract => contract.TypeArguments[0]).ToList();
        return elements.Count == 1 ? NotNull(elements[0]) : null;
    }

    /// <summary>The name that EF Core builds other names of.</summary>
    public static string ShortName(INamedTypeSymbol type) =>
        type.TypeArguments.IsEmpty ? type.Name : type.Name + "<" + string.Join(",", type.TypeArguments.Select(argument => argument is INamedTypeSymbol named ? ShortName(named) : argument.Name)) + ">";

    /// <summary>What a converter of values makes them into; null where the type is none.</summary>
    public static ITypeSymbol? ProviderOf(ITypeSymbol type)
    {
        for (var at = type as INamedTypeSymbol; at is not null; at = at.BaseType)
        {
            if (at is { TypeArguments.Length: 2 } && EfModelNames.IsConverter(at))
            {
                return at.TypeArguments[1];
            }
        }

        return null;
    }

    /// <summary>The type of the column that a type of values has by default; null where it is no type of values, or nobody knows.</summary>
    public static string? StoreType(ITypeSymbol? type, EfDeclared model)
    {
        if (type is null)
        {
            return null;
        }

        type = NotNull(type);
        if (model.Enums.TryGetValue(type, out var name))
        {
            return name;
        }

        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } number })
        {
            return StoreType(number, model);
        }

        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
        {
            return EfModelNames.Bytes;
        }

        if (type is INamedTypeSymbol named)
        {
            if (EfModelNames.StoreType(FullName(named)) is { } store)
            {
                return store;
            }

            if (EfModelNames.IsRange(named))
            {
                return EfModelNames.RangeType(FullName(NotNull(named.TypeArguments[0])));
            }

            if (EfModelNames.IsTextMap(named))
            {
                return EfModelNames.TextMap;
            }
        }

        return ElementOf(type) is { } element && !SymbolEqualityComparer.Default.Equals(element, type) && ElementOf(element) is null && StoreType(element, model) is { } of ? of + "[]" : null;
    }

    /// <summary>The type of the column with what is said of its length and precision.</summary>
    public static string? StoreType(EfProperty property, EfDeclared model)
    {
        var type = property.Provider ?? (property.IsConverted ? null : property.ClrType);
        var store = type is not null ? StoreType(type, model)
            : property is { Clr: { } written, IsConverted: false } ? StoreType(written) : null;
        return store switch
        {
            "text" when property.MaxLength is { } length => property.IsFixedLength ? $"character({length})" : $"character varying({length})",
            "text[]" when property.MaxLength is { } length => $"character varying({length})[]",
            "numeric" when property.Precision is { } precision => precision.Scale is { } scale ? $"numeric({precision.Precision},{scale})" : $"numeric({precision.Precision})",
            "timestamp with time zone" or "timestamp without time zone" or "time without time zone" when property.Precision is { } precision => store.Insert(store.IndexOf(' '), $"({precision.Precision})"),
            "interval" when property.Precision is { } precision => $"interval({precision.Precision})",
            _ => store,
        };
    }

    /// <summary>The type of a column for a type as generated code writes it.</summary>
    public static string? StoreType(TypeSyntax type) => type switch
    {
        NullableTypeSyntax nullable => StoreType(nullable.ElementType),
        ArrayTypeSyntax { ElementType: PredefinedTypeSyntax { Keyword.ValueText: "byte" } } => EfModelNames.Bytes,
        ArrayTypeSyntax array => StoreType(array.ElementType) is { } element ? element + "[]" : null,
        GenericNameSyntax { TypeArgumentList.Arguments: { Count: 1 } arguments } => StoreType(arguments[0]) is { } element ? element + "[]" : null,
        _ => EfValues.LastName(type) is { } name ? EfModelNames.StoreType(EfModelNames.ValueTypeNamed(name) ?? type.ToString()) : null,
    };

    /// <summary>Whether values of a type as generated code writes it may be null.</summary>
    public static bool IsNullable(TypeSyntax type) => type switch
    {
        NullableTypeSyntax or ArrayTypeSyntax or GenericNameSyntax => true,
        PredefinedTypeSyntax predefined => predefined.Keyword.ValueText is "string" or "object",
        _ => EfModelNames.IsClassOfValues(EfValues.LastName(type) ?? ""),
    };

    /// <summary>Whether a type of columns holds whole numbers, for which keys are numbered.</summary>
    public static bool IsNumbered(ITypeSymbol? type) =>
        type is not null && NotNull(type).SpecialType is SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 && NotNull(type).SpecialType != SpecialType.None;

    private static string FullName(ITypeSymbol type) => type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + type.Name : type.Name;
}
