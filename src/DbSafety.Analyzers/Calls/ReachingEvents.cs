using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>Something that is done to a variable: it is given a value, or what it holds is changed.</summary>
/// <param name="Operation">Where it is done.</param>
/// <param name="Value">What a reader wants to know of it; null where nobody knows what is done.</param>
internal sealed record VariableEvent(IOperation Operation, IOperation? Value)
{
    public bool IsIn(IOperation operation) => operation.Syntax.SyntaxTree == Operation.Syntax.SyntaxTree && operation.Syntax.Span.Contains(Operation.Syntax.Span);
}

/// <summary>
/// Finds what was done last to a variable before a place, where that is certain: a statement that does it stands before the place in one of the blocks around, and nothing
/// in between may do anything. No paths are followed; what a branch does is unknown behind it.
/// </summary>
internal static class ReachingEvents
{
    /// <summary>The event that certainly reaches a place, or null.</summary>
    /// <param name="place">Where the variable is read.</param>
    /// <param name="events">All events of the body.</param>
    public static VariableEvent? Of(IOperation place, IReadOnlyCollection<VariableEvent> events)
    {
        var owner = OwnerOf(place);
        if (events.Count == 0 || events.Any(found => OwnerOf(found.Operation) != owner))
        {
            return null;
        }

        for (var (child, parent) = (place, place.Parent); parent is not null && parent != owner; (child, parent) = (parent, parent.Parent))
        {
            switch (parent)
            {
                case IBlockOperation block:
                    if (Before(block.Operations, child) is var (found, isKnown) && (isKnown || found is not null))
                    {
                        return found;
                    }

                    break;
                case ISwitchCaseOperation section:
                    if (Before(section.Body, child) is var (last, isLast) && (isLast || last is not null))
                    {
                        return last;
                    }

                    break;
                case IUsingOperation scope when child == scope.Body && Does(scope.Resources) is { } made:
                    return made;
                case ILabeledOperation:
                case ILoopOperation when Any(parent):
                    // What a later part of the body does, the next iteration meets.
                    return null;
                case IConditionalOperation choice when child != choice.Condition && !Any(choice.Condition):
                case ITryOperation attempt when child == attempt.Body:
                case ISwitchOperation branches when !Any(branches.Value) && !HasJumps(branches):
                    // The other branches are not on the way here.
                    break;
                default:
                    if (parent.ChildOperations.Any(other => other != child && Any(other)) || events.Any(own => own.Operation == parent))
                    {
                        return null;
                    }

                    break;
            }
        }

        return null;

        bool Any(IOperation operation) => events.Any(found => found.IsIn(operation));

        // The last event among the statements before one; known where a statement may do something, and nobody knows what.
        (VariableEvent? Found, bool IsKnown) Before(IEnumerable<IOperation> statements, IOperation child)
        {
            VariableEvent? found = null;
            var isKnown = false;
            foreach (var statement in statements.TakeWhile(statement => statement != child))
            {
                if (statement is ILabeledOperation)
                {
                    (found, isKnown) = (null, true);
                }
                else if (Any(statement))
                {
                    (found, isKnown) = (Does(statement), true);
                }
            }

            return (found, isKnown);
        }

        // The one event that a statement is.
        VariableEvent? Does(IOperation statement)
        {
            VariableEvent? only = null;
            foreach (var found in events)
            {
                if (found.IsIn(statement))
                {
                    if (only is not null)
                    {
                        return null;
                    }

                    only = found;
                }
            }

            var inner = statement is IUsingDeclarationOperation declaration ? declaration.DeclarationGroup : statement is IExpressionStatementOperation expression ? expression.Operation : statement;
            return inner is IVariableDeclarationGroupOperation || inner == only?.Operation ? only is { Value: not null } ? only : null : null;
        }
    }

    private static bool HasJumps(IOperation operation) => operation.Descendants().Any(inner => inner is IBranchOperation { BranchKind: BranchKind.GoTo });

    private static IOperation? OwnerOf(IOperation operation)
    {
        var owner = operation.Parent;
        while (owner is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            owner = owner.Parent;
        }

        return owner;
    }
}
