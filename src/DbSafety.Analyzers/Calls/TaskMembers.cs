using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Calls;

/// <summary>The members of the base class library that tell when a task is awaited, and what runs at the same time.</summary>
public static class TaskMembers
{
    /// <summary>The operators around a sequence or task that change only how it is awaited.</summary>
    public static bool Configures(string member) => member is "ConfigureAwait" or "WithCancellation" or "AsTask";

    /// <summary>The token that such an operator hands on.</summary>
    public static bool TakesToken(string member) => member == "WithCancellation";

    /// <summary>Whether a type is that of a task.</summary>
    public static bool IsTask(ITypeSymbol? type) => type is { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace.Name: "Threading" } };

    /// <summary>Whether a type is the task that may be awaited often.</summary>
    public static bool IsAwaitableOften(ITypeSymbol? type) => IsTask(type) && type!.Name == "Task";

    /// <summary>The methods that wait for several tasks at once.</summary>
    public static bool WaitsForMany(IMethodSymbol method) =>
        method is { Name: "WhenAll" or "WhenAny" or "WaitAll" or "WaitAny", ContainingType: { Name: "Task", ContainingNamespace.Name: "Tasks" } };

    /// <summary>The one of them that is done when all are.</summary>
    public static bool AwaitsAll(IMethodSymbol method) => WaitsForMany(method) && method.Name == "WhenAll";

    /// <summary>The operator that makes one task of each element.</summary>
    public static bool MakesTasks(IMethodSymbol method) => method.Name == "Select" && method.ContainingType.Name == "Enumerable";

    /// <summary>The property that limits how many run at once.</summary>
    public static bool LimitsParallelism(string member) => member == "MaxDegreeOfParallelism";

    /// <summary>The type that holds that property.</summary>
    public static bool IsParallelOptions(ITypeSymbol? type) => type?.Name == "ParallelOptions";
}
