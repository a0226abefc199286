using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Tracked state that a delegate of an execution strategy changes, and changes again when it is retried.</summary>
/// <param name="Operation">The call or assignment that is repeated.</param>
/// <param name="Context">The context, as the delegate names it.</param>
/// <param name="Work">The delegate.</param>
/// <param name="IsAdded">Whether a new entity is added, else a loaded one is changed from what it was.</param>
public sealed record TrackedRetry(IOperation Operation, IOperation Context, IAnonymousFunctionOperation Work, bool IsAdded);

/// <summary>Finds tracked state that outlives an attempt.</summary>
internal static class TrackedRetries
{
    /// <summary>What the delegate of a call of an execution strategy applies twice.</summary>
    public static IEnumerable<TrackedRetry> Of(IInvocationOperation call, ITransactionFacts facts)
    {
        if (!RetryMembers.RunsInStrategy(call.TargetMethod) || WorkOf(call) is not { } work)
        {
            yield break;
        }

        var connections = facts.ConnectionsOf(HoleValues.RootOf(call));
        foreach (var part in work.Body.Descendants())
        {
            if (ContextIn(part, work, facts) is not { } context || connections.Of(context) is not { } identity || identity.IsDeclaredIn(work.Syntax.SyntaxTree, work.Syntax.Span) ||
                (facts.Retries.Retries(context.Type) == false && !IsMadeHere(call)) || !IsSavedAfter(part, identity, work, connections, facts) || LooksAtTracked(part, identity, work, connections, facts))
            {
                continue;
            }

            yield return new TrackedRetry(part, context, work, part is IInvocationOperation);
        }
    }

    // new NpgsqlRetryingExecutionStrategy(context): whatever the context is configured with.
    private static bool IsMadeHere(IInvocationOperation call) =>
        (call.Instance ?? EfQueries.FirstArgument(call)) is { } strategy && HoleValues.Strip(HoleValues.Strip(strategy) is ILocalReferenceOperation local ? EfQueries.InitialValue(local) ?? local : strategy) is IObjectCreationOperation;

    private static IAnonymousFunctionOperation? WorkOf(IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(argument => RetryMembers.IsWork(argument.Parameter)) is { } argument && HoleValues.Strip(argument.Value) is var value
            ? value as IAnonymousFunctionOperation ?? (value as IDelegateCreationOperation)?.Target as IAnonymousFunctionOperation
            : null;

    // The context whose tracked state an operation changes, each time once more.
    private static IOperation? ContextIn(IOperation operation, IAnonymousFunctionOperation work, ITransactionFacts facts) => operation switch
    {
        IInvocationOperation { Instance: { } receiver, Arguments: { Length: > 0 } arguments } add when RetryMembers.Tracks(add.TargetMethod) && TransactionMembers.IsOfLibrary(add.TargetMethod.ContainingType) &&
            (EfQueries.IsContext(receiver.Type, facts.Apis) || EfQueries.IsQueryType(receiver.Type, facts.Apis)) && IsNew(arguments[0].Value, work) => EfQueries.ContextOf(receiver, facts.Apis),
        ICompoundAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } entity }, OperatorKind: not (BinaryOperatorKind.Or or BinaryOperatorKind.And) } => ContextOfLoaded(entity, work, facts),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } entity } target, Value: var value } when GoesOnFrom(target, value) => ContextOfLoaded(entity, work, facts),
        IIncrementOrDecrementOperation { Target: IPropertyReferenceOperation { Instance: { } entity } } => ContextOfLoaded(entity, work, facts),
        _ => null,
    };

    // order.Total = order.Total + amount
    private static bool GoesOnFrom(IPropertyReferenceOperation target, IOperation value) =>
        HoleValues.Strip(value) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide } sum && new[] { sum.LeftOperand, sum.RightOperand }.Any(operand =>
            HoleValues.Strip(operand) is IPropertyReferenceOperation read && SymbolEqualityComparer.Default.Equals(read.Property, target.Property) && read.Instance is { } from && target.Instance is { } to &&
            LoopRegions.SymbolOf(HoleValues.Strip(from)) is { } entity && SymbolEqualityComparer.Default.Equals(entity, LoopRegions.SymbolOf(HoleValues.Strip(to))));

    // Made in the delegate: each attempt has another one.
    private static bool IsNew(IOperation value, IAnonymousFunctionOperation work)
    {
        value = HoleValues.Strip(value);
        if (value is ILocalReferenceOperation local && work.Syntax.Span.Contains(local.Local.DeclaringSyntaxReferences.FirstOrDefault()?.Span ?? default) && EfQueries.InitialValue(local) is { } initial)
        {
            value = HoleValues.Strip(initial);
        }

        return value switch
        {
            IObjectCreationOperation => true,
            IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues.Length > 0 && elements.ElementValues.All(element => IsNew(element, work)),
            _ => false,
        };
    }

    // Loaded in the delegate: a query gives the entity that is tracked already, with what the first attempt made of it.
    private static IOperation? ContextOfLoaded(IOperation entity, IAnonymousFunctionOperation work, ITransactionFacts facts)
    {
        entity = HoleValues.Strip(entity);
        if (entity is ILocalReferenceOperation local)
        {
            if (!work.Syntax.Span.Contains(local.Local.DeclaringSyntaxReferences.FirstOrDefault()?.Span ?? default) || EfQueries.InitialValue(local) is not { } initial)
            {
                return null;
            }

            entity = HoleValues.Strip(initial);
        }

        entity = EfQueries.Unconfigured(entity);
        entity = entity is IAwaitOperation awaited ? EfQueries.Unconfigured(awaited.Operation) : entity;
        return entity is IInvocationOperation load && facts.ExecutionOf(load) is { Library: DbLibrary.EfCore, Reads: true, Call: null, Connection: { } context } &&
            load.Type is not null && !load.Descendants().Any(part => part is IInvocationOperation query && RetryMembers.IsUntracked(query.TargetMethod.Name))
                ? EfQueries.ContextOf(context, facts.Apis)
                : null;
    }

    private static bool IsSavedAfter(IOperation change, ConnectionIdentity context, IAnonymousFunctionOperation work, BodyConnections connections, ITransactionFacts facts) => work.Body.Descendants().Any(part =>
        part is IInvocationOperation save && save.Syntax.SpanStart > change.Syntax.SpanStart && facts.ExecutionOf(save) is { SavesChanges: true } execution && IsSame(connections.Of(execution), context));

    // The delegate clears the tracker, or looks at what is tracked before it adds: it knows.
    private static bool LooksAtTracked(IOperation change, ConnectionIdentity context, IAnonymousFunctionOperation work, BodyConnections connections, ITransactionFacts facts) => work.Body.Descendants().Any(part => part switch
    {
        IPropertyReferenceOperation { Property.Name: RetryMembers.Tracker, Instance: { } owner } => IsSame(connections.Of(owner), context),
        IMemberReferenceOperation member => RetryMembers.FindsTracked(member.Member.Name) && EfQueries.ContextOf(member.Instance, facts.Apis) is not null,
        IInvocationOperation call => (RetryMembers.FindsTracked(call.TargetMethod.Name) || RetryMembers.TouchesTracked(call.TargetMethod.Name)) && change is IInvocationOperation && EfQueries.ContextOf(call.Instance, facts.Apis) is not null,
        ICatchClauseOperation => true,
        _ => false,
    });

    private static bool IsSame(ConnectionIdentity? left, ConnectionIdentity right) => left is not null && left.CompareTo(right) == ConnectionRelation.Same;
}
