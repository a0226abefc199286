using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>Sequences of the base class library that are no lists, whatever their elements.</summary>
public static class Sequences
{
    /// <summary>
    /// The methods whose result is an iterator. Not among them: what gives back its own source or a list over it where that is a list (AsEnumerable,
    /// Cast, OfType, DefaultIfEmpty, Skip, Take, Range, Repeat; seen with .NET 10).
    /// </summary>
    private static readonly HashSet<string> s_iterators = new(StringComparer.Ordinal)
    {
        nameof(Enumerable.Select), nameof(Enumerable.Where), nameof(Enumerable.SelectMany), nameof(Enumerable.Distinct), nameof(Enumerable.Concat),
        nameof(Enumerable.Union), nameof(Enumerable.Intersect), nameof(Enumerable.Except), nameof(Enumerable.OrderBy), nameof(Enumerable.OrderByDescending),
        nameof(Enumerable.ThenBy), nameof(Enumerable.ThenByDescending), nameof(Enumerable.Reverse), nameof(Enumerable.SkipWhile), nameof(Enumerable.TakeWhile),
        nameof(Enumerable.Append), nameof(Enumerable.Prepend), nameof(Enumerable.Zip),
    };

    /// <summary>Whether a method returns an iterator over its source.</summary>
    public static bool ReturnsIterator(IMethodSymbol method) =>
        s_iterators.Contains(method.Name) && method.ContainingType is { Name: nameof(Enumerable), ContainingNamespace: var space } && space.ToDisplayString() == "System.Linq";

    /// <summary>Whether a type is a collection class of the base class library that is no <c>IList</c>: sets, queues, stacks, the keys of a dictionary.</summary>
    public static bool IsUnlistedCollection(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false, ContainingNamespace: var space } && !IsList(type) &&
        space.ToDisplayString() is var name && (name == "System.Collections" || name.StartsWith("System.Collections.", StringComparison.Ordinal));

    /// <summary>Whether a type is an array or an <c>IList</c> of its elements.</summary>
    public static bool IsList(ITypeSymbol type) => type is IArrayTypeSymbol { Rank: 1 } ||
        type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IList_T ||
        type.AllInterfaces.Any(contract => contract.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IList_T);
}
