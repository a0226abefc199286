using System.Transactions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members of the ambient transaction (System.Transactions).</summary>
public static class ScopeMembers
{
    /// <summary>The value with which a scope follows its code behind an await.</summary>
    private const int Enabled = (int)TransactionScopeAsyncFlowOption.Enabled;

    /// <summary>Whether a type is the scope of an ambient transaction.</summary>
    public static bool IsScope(ITypeSymbol? type) => Is(type, nameof(TransactionScope));

    /// <summary>Whether a type says if a scope follows its code behind an await.</summary>
    public static bool IsFlowOption(ITypeSymbol? type) => Is(type, nameof(TransactionScopeAsyncFlowOption));

    /// <summary>The member of that type that says so.</summary>
    public static string? EnabledMember(ITypeSymbol option) =>
        option.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field is { HasConstantValue: true, ConstantValue: Enabled })?.Name;

    /// <summary>Whether a scope that is made so follows its code behind an await; null where nobody knows.</summary>
    public static bool? Flows(IObjectCreationOperation creation)
    {
        foreach (var argument in creation.Arguments)
        {
            if (IsFlowOption(argument.Parameter?.Type))
            {
                return argument.Value.ConstantValue is { HasValue: true, Value: int value } ? value == Enabled : null;
            }
        }

        return false;
    }

    /// <summary>The constructor that takes what another one takes, and then says that the scope follows its code behind an await; null where there is none.</summary>
    public static IMethodSymbol? WithFlow(IMethodSymbol constructor) => constructor.ContainingType.InstanceConstructors.FirstOrDefault(other =>
        other.Parameters.Length == constructor.Parameters.Length + 1 && IsFlowOption(other.Parameters[constructor.Parameters.Length].Type) &&
        constructor.Parameters.Zip(other.Parameters, (own, twin) => own.Name == twin.Name && SymbolEqualityComparer.Default.Equals(own.Type, twin.Type)).All(isSame => isSame));

    /// <summary>Whether a task is over already, so that nothing waits for it.</summary>
    public static bool IsOver(IOperation task) => task switch
    {
        IPropertyReferenceOperation { Property: { Name: nameof(Task.CompletedTask), ContainingType: var type } } => IsTask(type),
        IInvocationOperation { TargetMethod: { Name: nameof(Task.FromResult), ContainingType: var type } } => IsTask(type),
        _ => false,
    };

    private static bool IsTask(ITypeSymbol? type) => type is { Name: nameof(Task) or nameof(ValueTask), ContainingNamespace.Name: nameof(System.Threading.Tasks) };

    private static bool Is(ITypeSymbol? type, string name) => type is { ContainingNamespace: { Name: nameof(System.Transactions), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } } } &&
        type.Name == name;
}
