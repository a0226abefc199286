using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The types of what arrives over the network, which is input, whoever holds the object that it is read from.</summary>
public static class RequestTypes
{
    /// <summary>Whether a type is one of them.</summary>
    public static bool Contains(ITypeSymbol? type) =>
        type?.ContainingNamespace?.ToDisplayString() is { } space &&
        (space.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || space.StartsWith("System.Web", StringComparison.Ordinal) ||
         space.StartsWith("System.Net", StringComparison.Ordinal) || space.StartsWith("System.Text.Json", StringComparison.Ordinal) ||
         space.StartsWith("Microsoft.Extensions.Primitives", StringComparison.Ordinal));
}
