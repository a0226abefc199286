using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What becomes of the variable that holds a transaction: whether all that is done with it is in sight, and none of it commits.</summary>
internal sealed class HolderUses
{
    // A transaction that goes through more hands than this is not followed.
    private const int MaxSteps = 4;

    private readonly ITransactionFacts _facts;
    private readonly CancellationToken _cancellation;

    public HolderUses(ITransactionFacts facts, CancellationToken cancellation)
    {
        _facts = facts;
        _cancellation = cancellation;
    }

    /// <summary>Whether the variable only lends the transaction to database calls, ends it without a commit, or sets savepoints.</summary>
    /// <param name="holder">A local variable or a parameter.</param>
    /// <param name="body">The body in which it lives.</param>
    public bool OnlyLends(ISymbol holder, IOperation body) => OnlyLends(holder, body, 0);

    private bool OnlyLends(ISymbol holder, IOperation body, int step)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (step > MaxSteps)
        {
            return false;
        }

        foreach (var operation in body.Descendants())
        {
            if (operation is ILocalReferenceOperation or IParameterReferenceOperation && SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(operation), holder) && !IsLent(operation, body, step))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsLent(IOperation value, IOperation body, int step)
    {
        var at = value;
        while (at.Parent is IConversionOperation or IParenthesizedOperation || (at.Parent is IInvocationOperation configured && TaskMembers.Configures(configured.TargetMethod.Name)) ||
            (at.Parent is IArgumentOperation { Parent: IInvocationOperation configuring } && TaskMembers.Configures(configuring.TargetMethod.Name)))
        {
            at = at.Parent!;
        }

        switch (at.Parent)
        {
            case IUsingOperation scope when scope.Resources == at:
            case ISimpleAssignmentOperation assignment when assignment.Target == at:
            case IBinaryOperation:
            case IIsPatternOperation asked when !asked.Pattern.DeclaresVariable():
            case IPropertyReferenceOperation property when ConnectionMembers.IsConnection(property.Property):
                return true;
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation set }:
                return TransactionMembers.IsTransaction(set.Property.Name) && _facts.Apis.Types.IsCommand(set.Instance?.Type);
            case IConditionalAccessOperation access when access.Operation == at:
                return access.WhenNotNull.DescendantsAndSelf().OfType<IConditionalAccessInstanceOperation>().FirstOrDefault() is { } instance && IsLent(instance, body, step);
            case IInvocationOperation call when call.Instance == at:
                return IsHarmless(call);
            case IArgumentOperation { Parent: IObjectCreationOperation creation }:
                return _facts.Apis.Types.IsCommand(creation.Type) || SymbolEqualityComparer.Default.Equals(creation.Type, _facts.Apis.Types.CommandDefinition);
            case IArgumentOperation { Parent: IInvocationOperation call } argument:
                return SavepointMembers.IsUnderlying(call.TargetMethod) ? IsLentUnder(call, body, step) : IsTaken(call, argument, step);
            default:
                return false;
        }
    }

    private static bool IsHarmless(IInvocationOperation call) =>
        SavepointMembers.Disposes(call.TargetMethod.Name) || TransactionMembers.RollsBack(call) || TransactionMembers.RollsBackToSavepoint(call) || TransactionMembers.SetsSavepoint(call) ||
        SavepointMembers.Forgets(call.TargetMethod.Name);

    // var inner = transaction.GetDbTransaction();
    private bool IsLentUnder(IOperation value, IOperation body, int step) => value.Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }
        ? OnlyLends(declarator.Symbol, body, step + 1)
        : IsLent(value, body, step);

    private bool IsTaken(IInvocationOperation call, IArgumentOperation argument, int step)
    {
        if (_facts.ExecutionOf(call) is not null || TransactionMembers.Joins(call.TargetMethod.Name) || _facts.Apis.Match(call) is not null)
        {
            return true;
        }

        var method = (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
        return argument.Parameter is { RefKind: RefKind.None } parameter && !SavepointMembers.MayCommit(method.Name) && !method.DeclaringSyntaxReferences.IsEmpty &&
            _facts.BodyOf(method, _cancellation) is { } body && ParameterOf(body, parameter.Ordinal) is { } inner && OnlyLends(inner, body, step + 1);
    }

    // As the body itself knows it: an interface's method has parameters of its own.
    private static IParameterSymbol? ParameterOf(IOperation body, int ordinal)
    {
        var symbol = body.Parent is ILocalFunctionOperation local ? local.Symbol : body.SemanticModel?.GetDeclaredSymbol(body.Syntax) ?? body.SemanticModel?.GetEnclosingSymbol(body.Syntax.SpanStart);
        return symbol is IMethodSymbol method && ordinal < method.Parameters.Length ? method.Parameters[ordinal] : null;
    }
}
