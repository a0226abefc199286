using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>What a transaction must not wait for, and nobody outside must hear of before it is committed.</summary>
internal static class Outside
{
    private static readonly string[] s_verbs = ["Enqueue", "Post", "Notify", "Dispatch", "Raise", "Emit", "Invoke"];

    /// <summary>Whether a method of the base class library may wait for something outside the process, or wake somebody who reads what was written.</summary>
    public static bool IsReachedBy(IMethodSymbol method)
    {
        var space = method.ContainingNamespace?.ToDisplayString() ?? "";
        return IsWithin(space, "System.Net") || (IsWithin(space, "System.IO") && method.ContainingType.Name is not ("Path" or "StringWriter" or "StringReader" or "MemoryStream")) ||
            (IsWithin(space, "System." + nameof(System.Threading)) && method.ContainingType.Name is not (nameof(CancellationToken) or nameof(Interlocked)) && method.Name != nameof(Task.FromResult)) ||
            method.ContainingType.Name == "Process";
    }

    /// <summary>Whether a name says that something is sent.</summary>
    public static bool IsNamedBy(string member) => TransactionMembers.Sends(member) || s_verbs.Any(verb => member.StartsWith(verb, StringComparison.Ordinal));

    /// <summary>Whether a type is a logger's: it tells people, not programs.</summary>
    public static bool IsOfLogging(ITypeSymbol? type) => IsWithin(type?.ContainingNamespace?.ToDisplayString() ?? "", "Microsoft.Extensions.Logging");

    /// <summary>Whether a type is the token by which work is cancelled.</summary>
    public static bool IsToken(ITypeSymbol? type) => type is { Name: nameof(CancellationToken), ContainingNamespace.Name: nameof(System.Threading) };

    private static bool IsWithin(string space, string root) => space == root || space.StartsWith(root + ".", StringComparison.Ordinal);
}
