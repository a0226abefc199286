using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members that throw, or end the program.</summary>
public static class ThrowMembers
{
    /// <summary>Whether a method says of itself that it never comes back. Older frameworks know the attribute not yet.</summary>
    public static bool NeverReturns(IMethodSymbol method) => method.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "DoesNotReturnAttribute" }) ||
        method is { Name: nameof(ExceptionDispatchInfo.Throw), ContainingType.Name: nameof(ExceptionDispatchInfo) } or
            { Name: nameof(Environment.FailFast) or nameof(Environment.Exit), ContainingType.Name: nameof(Environment) };

    /// <summary>Whether a method of this name throws where what it looks at is not as it should be.</summary>
    public static bool MayThrow(string member) => member.StartsWith("Throw", StringComparison.Ordinal);
}
