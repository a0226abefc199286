using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>The scope of an ambient transaction, and what runs in it.</summary>
public sealed class AmbientScope
{
    private readonly IReadOnlyList<IOperation> _inside;
    private readonly int _end;

    private AmbientScope(IObjectCreationOperation creation, IReadOnlyList<IOperation> inside, int end)
    {
        Creation = creation;
        _inside = inside;
        _end = end;
    }

    /// <summary>What makes the scope.</summary>
    public IObjectCreationOperation Creation { get; }

    /// <summary>
    /// The scope that an operation makes: until the end of its using statement or declaration, or until the one place that disposes of it. Null where it is no scope, or nobody
    /// sees how long it is open.
    /// </summary>
    public static AmbientScope? Of(IObjectCreationOperation creation)
    {
        if (!ScopeMembers.IsScope(creation.Type))
        {
            return null;
        }

        IOperation place = creation;
        while (place.Parent is IConversionOperation or IParenthesizedOperation)
        {
            place = place.Parent;
        }

        var local = place.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when assignment.Value == place => target.Local,
            _ => null,
        };
        while (place.Parent is { } parent and not IBlockOperation)
        {
            if (parent is IUsingOperation scope)
            {
                return scope.Resources == place ? new AmbientScope(creation, [scope.Body], FirstEnd(local, scope.Body)) : null;
            }

            place = parent;
        }

        if (place.Parent is not IBlockOperation block)
        {
            return null;
        }

        var behind = block.Operations.SkipWhile(statement => statement != place).Skip(1).ToList();
        return place is IUsingDeclarationOperation ? new AmbientScope(creation, behind, FirstEnd(local, block))
            : local is not null && EndOf(local, block, behind) is { } end ? new AmbientScope(creation, behind, end)
            : local is not null && IsEndedBehind(local, block) ? new AmbientScope(creation, behind, int.MaxValue)
            : null;
    }

    // using var scope = ..; scope.Dispose();
    private static int FirstEnd(ILocalSymbol? local, IOperation within) => local is null ? int.MaxValue
        : References(local, within).Select(EndAt).Min() ?? int.MaxValue;

    // try { scope = ..; } finally { scope?.Dispose(); }
    private static bool IsEndedBehind(ILocalSymbol local, IOperation block) => block.Parent is ITryOperation { Finally: { } last } attempt && attempt.Body == block &&
        References(local, last).Any(reference => EndAt(reference) is not null) && !References(local, block).Any(reference => EndAt(reference) is not null);

    private static IEnumerable<ILocalReferenceOperation> References(ILocalSymbol local, IOperation within) =>
        within.Descendants().OfType<ILocalReferenceOperation>().Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local));

    /// <summary>What runs while the scope is open, in the order of the text; not what lambdas and local functions hold.</summary>
    public IEnumerable<IOperation> Operations()
    {
        var pending = new Stack<IOperation>(_inside.Reverse());
        while (pending.Count > 0)
        {
            var next = pending.Pop();
            if (next.Syntax.SpanStart >= _end || next is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                continue;
            }

            yield return next;
            foreach (var child in next.ChildOperations.Reverse())
            {
                pending.Push(child);
            }
        }
    }

    // Where the one call that disposes of it begins, or the one using statement for it ends.
    private static int? EndOf(ILocalSymbol local, IOperation block, List<IOperation> behind)
    {
        int? end = null;
        foreach (var reference in References(local, block))
        {
            var found = EndAt(reference) ?? reference.Parent switch
            {
                IUsingOperation scope => (int?)scope.Syntax.Span.End,
                IConversionOperation { Parent: IUsingOperation scope } => scope.Syntax.Span.End,
                _ => null,
            };
            if (found is null)
            {
                continue;
            }

            if (end is not null || !behind.Exists(statement => statement.Syntax.Span.Contains(reference.Syntax.Span)))
            {
                return null;
            }

            end = found;
        }

        return end;
    }

    // Where a call disposes of it.
    private static int? EndAt(ILocalReferenceOperation reference) => reference.Parent switch
    {
        IInvocationOperation call when call.Instance == reference && ConnectionMembers.Closes(call.TargetMethod.Name) => call.Syntax.SpanStart,
        IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } access when access.Operation == reference && ConnectionMembers.Closes(call.TargetMethod.Name) => access.Syntax.SpanStart,
        _ => null,
    };
}
