using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Statements that may run a second time after they failed in the middle: they leave nothing behind but rows, which are rolled back.</summary>
internal static class RepeatedWork
{
    /// <summary>Whether a range changes nothing that was there before it, except in the database.</summary>
    public static bool MayRunTwice(FixScope scope, WriteRange range, Owner owner)
    {
        var flow = scope.Model.AnalyzeDataFlow(range.Start, range.End);
        return flow is { Succeeded: true } && flow.WrittenInside.All(symbol => flow.VariablesDeclared.Contains(symbol, SymbolEqualityComparer.Default)) &&
            range.Statements.All(statement => scope.Model.GetOperation(statement) is { } root && root.DescendantsAndSelf().All(operation => IsRepeatable(operation, scope, range, owner)));
    }

    private static bool IsRepeatable(IOperation operation, FixScope scope, WriteRange range, Owner owner)
    {
        switch (operation)
        {
            case IAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } target } }:
                return IsOwn(target, range);
            case IAssignmentOperation { Target: IMemberReferenceOperation }:
                return false;
            case IIncrementOrDecrementOperation { Target: IMemberReferenceOperation { Instance: var target } }:
                return target is not null && IsOwn(target, range);
            case IInvocationOperation call when EfOperators.Tracks(call.TargetMethod.Name) && IsOfContext(call, scope):
                return call.Arguments.All(argument => argument.ArgumentKind == ArgumentKind.DefaultValue || TrackedWork.IsOf(argument.Value, range));
            case IInvocationOperation { Instance: { } instance } call when scope.Facts.ExecutionOf(call) is null && !IsOfContext(call, scope):
                return IsOwn(instance, range) || instance.Type is { IsValueType: true } or { SpecialType: SpecialType.System_String } || Outside.IsOfLogging(instance.Type) || TransactionEmit.IsOfDatabase(instance.Type);
            default:
                return true;
        }
    }

    private static bool IsOfContext(IInvocationOperation call, FixScope scope) => EfQueries.ContextOf(call.Instance, scope.Facts.Apis) is not null;

    // A local variable of the range, or the object that an initialiser makes.
    private static bool IsOwn(IOperation target, WriteRange range) => HoleValues.Strip(target) switch
    {
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } => true,
        ILocalReferenceOperation { Local.DeclaringSyntaxReferences: { Length: 1 } references } => range.Span.Contains(references[0].Span),
        IMemberReferenceOperation { Instance: { } inner } => IsOwn(inner, range),
        IInvocationOperation { Instance: { } inner } => IsOwn(inner, range),
        IObjectCreationOperation => true,
        IParameterReferenceOperation { Parameter.DeclaringSyntaxReferences: { Length: 1 } references } => range.Span.Contains(references[0].Span),
        _ => false,
    };
}
