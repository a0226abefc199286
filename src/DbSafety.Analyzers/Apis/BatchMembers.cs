using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members of a batch: several statements that go to the database in one trip.</summary>
public static class BatchMembers
{
    /// <summary>The metadata name of the contract.</summary>
    public const string Batch = "System.Data.Common.DbBatch";

    /// <summary>Whether a type is a batch.</summary>
    public static bool IsBatch(ITypeSymbol? type) => Derives(type, "DbBatch");

    /// <summary>Whether a type is a command of a batch.</summary>
    public static bool IsCommand(ITypeSymbol? type) => Derives(type, "DbBatchCommand");

    /// <summary>Whether a property holds the commands of a batch.</summary>
    public static bool IsCommands(IPropertySymbol property) => property.Name == CommandMembers.BatchCommands;

    /// <summary>Whether a method adds a command to the commands of a batch.</summary>
    public static bool Adds(string member) => member == "Add";

    /// <summary>Whether a method takes commands away.</summary>
    public static bool TakesAway(string member) => member is nameof(List<int>.Clear) or nameof(List<int>.Remove) or nameof(List<int>.RemoveAt);

    /// <summary>
    /// Whether a property makes the server end the transaction between the commands, so that a batch is not atomic any more: of the whole batch, or behind one
    /// of its commands.
    /// </summary>
    public static bool IsErrorBarrier(string property) => property is "EnableErrorBarriers" or "AppendErrorBarrier";

    private static bool Derives(ITypeSymbol? type, string name)
    {
        for (; type is { SpecialType: SpecialType.None }; type = type.BaseType)
        {
            if (type.Name == name && type.ContainingNamespace is { Name: "Common", ContainingNamespace: { Name: "Data", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } })
            {
                return true;
            }
        }

        return false;
    }
}
