using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>What patterns do with the value that they look at.</summary>
internal static class Patterns
{
    /// <summary>Whether a pattern gives the value, or a part of it, another name: <c>x is { } y</c>.</summary>
    public static bool DeclaresVariable(this IPatternOperation pattern) => pattern.DescendantsAndSelf().Any(part =>
        part is IDeclarationPatternOperation { DeclaredSymbol: not null } or IRecursivePatternOperation { DeclaredSymbol: not null } or IListPatternOperation { DeclaredSymbol: not null });
}
