using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Whether statements that roll back when they fail leave nothing else behind, so that they may run again.</summary>
internal static class RepeatSafety
{
    /// <summary>Whether they may run again: they change nothing outside the database, as far as anybody can see.</summary>
    public static bool MayRepeat(FixScope scope, TransactionStatements statements, CancellationToken cancellation)
    {
        // A variable from outside that is read and written: a sum, a counter.
        if (statements.Data.DataFlowsIn.Any(symbol => statements.Data.WrittenInside.Contains(symbol, SymbolEqualityComparer.Default)))
        {
            return false;
        }

        var declared = new HashSet<ISymbol>(statements.Data.VariablesDeclared, SymbolEqualityComparer.Default);
        foreach (var statement in statements.All)
        {
            foreach (var part in scope.Model.GetOperation(statement, cancellation)?.DescendantsAndSelf() ?? [])
            {
                var isKept = part switch
                {
                    IInvocationOperation call => IsKept(scope, call, declared),
                    ICompoundAssignmentOperation assignment => IsOfInside(assignment.Target, declared),
                    IIncrementOrDecrementOperation step => IsOfInside(step.Target, declared),
                    IEventAssignmentOperation => false,
                    _ => true,
                };
                if (!isKept)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsKept(FixScope scope, IInvocationOperation call, HashSet<ISymbol> declared)
    {
        var types = scope.Facts.Apis.Types;
        // What goes into an object that is made here, by its initialiser.
        if (call.Instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } || scope.Facts.ExecutionOf(call) is not null)
        {
            return true;
        }

        var receiver = call.Instance ?? (call.TargetMethod.IsExtensionMethod ? EfQueries.FirstArgument(call) : null);
        if (receiver is not null and not IInstanceReferenceOperation)
        {
            receiver = HoleValues.Strip(receiver);
            return IsOfInside(receiver, declared) || IsDatabase(receiver.Type) || receiver.Type is { IsValueType: true } or { SpecialType: SpecialType.System_String } || receiver is IInvocationOperation or IAwaitOperation or IObjectCreationOperation ||
                EfQueries.ContextOf(receiver, scope.Facts.Apis) is not null || call.TargetMethod.ContainingType.ToDisplayString() == typeof(Enumerable).FullName;
        }

        // A method of the user's own that works on the connection; a function of the base class library.
        return call.Arguments.Any(argument => IsDatabase(HoleValues.Strip(argument.Value).Type)) ||
            (receiver is null && TransactionMembers.IsOfLibrary(call.TargetMethod.ContainingType) && !WaitMembers.Waits(call));

        bool IsDatabase(ITypeSymbol? type) => types.IsConnection(type) || types.IsAnyTransaction(type) || types.IsDataSource(type) || EfQueries.IsContext(type, scope.Facts.Apis);
    }

    private static bool IsOfInside(IOperation value, HashSet<ISymbol> declared)
    {
        while (true)
        {
            switch (HoleValues.Strip(value))
            {
                case ILocalReferenceOperation local:
                    return declared.Contains(local.Local);
                case IParameterReferenceOperation parameter:
                    return declared.Contains(parameter.Parameter);
                case IMemberReferenceOperation { Instance: { } instance }:
                    value = instance;
                    break;
                case IObjectCreationOperation or IAwaitOperation or IInvocationOperation or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }:
                    return true;
                default:
                    return false;
            }
        }
    }
}
