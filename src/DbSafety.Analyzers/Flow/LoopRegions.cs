using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Which loops stand around an operation, inside its own body?</summary>
public static class LoopRegions
{
    /// <summary>A loop over constants that repeats at most this often is not worth a word.</summary>
    public const int FewIterations = 8;

    /// <summary>The regions around an operation, the innermost first. Ends at a delegate that is only stored, and at the body of the method.</summary>
    public static IEnumerable<LoopRegion> Around(IOperation operation)
    {
        for (IOperation child = operation; child.Parent is { } parent; child = parent)
        {
            switch (parent)
            {
                case IForEachLoopOperation loop when child == loop.Body:
                    yield return OfForEach(loop);
                    break;
                case IForLoopOperation loop when !loop.Before.Contains(child):
                    yield return OfFor(loop);
                    break;
                case IWhileLoopOperation loop:
                    yield return OfWhile(loop);
                    break;
                case IBlockOperation block when GotoBack(block, child) is { } region:
                    yield return region;
                    break;
                case IDelegateCreationOperation when child == operation && child is IMethodReferenceOperation group:
                    // ids.Select(LoadAsync)
                    if (CallerOf(group) is not (Call: { } caller, PerElement: var isPerElement))
                    {
                        yield break;
                    }

                    if (isPerElement)
                    {
                        yield return OfDelegate(caller, group, group.Method);
                    }

                    parent = caller;
                    break;
                case IAnonymousFunctionOperation function:
                    var (call, perElement) = CallerOf(function);
                    if (call is null)
                    {
                        yield break;
                    }

                    if (perElement)
                    {
                        yield return OfDelegate(call, function.Body, function.Symbol);
                    }

                    // On from the call: what is done once is done where the call stands.
                    parent = call;
                    break;
                case ILocalFunctionOperation:
                    yield break;
            }
        }
    }

    private static LoopRegion OfForEach(IForEachLoopOperation loop) => new(
        LoopKind.ForEach, loop, ImmutableArray.Create(loop.Body), loop.Locals.CastArray<ISymbol>(), HoleValues.Strip(loop.Collection), isData: true);

    private static LoopRegion OfFor(IForLoopOperation loop)
    {
        var body = ImmutableArray.CreateBuilder<IOperation>();
        body.Add(loop.Body);
        if (loop.Condition is { } condition)
        {
            body.Add(condition);
        }

        body.AddRange(loop.AtLoopBottom);
        var counter = loop.AtLoopBottom.Length == 1 && loop.AtLoopBottom[0] is IExpressionStatementOperation { Operation: { } step } ? StepsByOne(step) : null;
        var variables = ImmutableArray.CreateRange(loop.Locals.Where(local => WrittenBy(loop.AtLoopBottom).Contains(local)).Cast<ISymbol>());
        if (variables.IsEmpty && counter is not null)
        {
            variables = ImmutableArray.Create(counter);
        }

        return new LoopRegion(LoopKind.For, loop, body.ToImmutable(), variables, counter is null ? null : BoundOf(loop.Condition, counter), counter is not null && loop.Condition is not null);
    }

    // while (reader.Read()), while (e.MoveNext()), while (queue.TryDequeue(out var x)), while (stack.Count > 0), while ((line = r.ReadLine()) != null)
    private static LoopRegion OfWhile(IWhileLoopOperation loop)
    {
        var body = loop.Condition is null ? ImmutableArray.Create(loop.Body) : ImmutableArray.Create(loop.Body, loop.Condition);
        var variables = ImmutableArray.CreateBuilder<ISymbol>();
        IOperation? source = null;
        if (loop is { ConditionIsTop: true, ConditionIsUntil: false, Condition: { } condition })
        {
            foreach (var operation in condition.DescendantsAndSelf())
            {
                switch (operation)
                {
                    case IInvocationOperation { Instance: { } instance } call when Advances(call.TargetMethod.Name) && SymbolOf(instance) is { } symbol:
                        source = instance;
                        variables.Add(symbol);
                        variables.AddRange(call.Arguments.Select(argument => argument.Parameter?.RefKind == RefKind.Out ? SymbolOf(argument.Value) : null).OfType<ISymbol>());
                        break;
                    case IPropertyReferenceOperation { Instance: { } collection, Property.Name: "Count" } when SymbolOf(collection) is { } symbol && TakesFrom(loop.Body, symbol):
                        source = collection;
                        variables.Add(symbol);
                        break;
                    case IInvocationOperation { TargetMethod: { Name: nameof(Enumerable.Any), IsExtensionMethod: true }, Arguments: { Length: 1 } arguments }
                        when SymbolOf(HoleValues.Strip(arguments[0].Value)) is { } symbol && TakesFrom(loop.Body, symbol):
                        source = arguments[0].Value;
                        variables.Add(symbol);
                        break;
                    case IBinaryOperation comparison when CounterOf(loop, comparison) is { } counter && LoopSources.IsCollection(BoundOf(comparison, counter)):
                        source = BoundOf(comparison, counter);
                        variables.Add(counter);
                        break;
                    case IIsPatternOperation { Value: var value, Pattern: IRecursivePatternOperation { DeclaredSymbol: { } line } } when HoleValues.Strip(Unawaited(value)) is IInvocationOperation call && Advances(call.TargetMethod.Name):
                        source = call.Instance;
                        variables.Add(line);
                        break;
                    case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target, Value: var value } when HoleValues.Strip(Unawaited(value)) is IInvocationOperation call && Advances(call.TargetMethod.Name):
                        source = call.Instance;
                        variables.Add(target.Local);
                        break;
                }
            }
        }

        return new LoopRegion(LoopKind.While, loop, body, variables.ToImmutable(), source, source is not null);
    }

    private static LoopRegion OfDelegate(IInvocationOperation call, IOperation body, IMethodSymbol method)
    {
        var source = call.Instance ?? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
        return new LoopRegion(
            LoopKind.Delegate, call, ImmutableArray.Create(body), ImmutableArray.CreateRange(method.Parameters.Where(IsElement).Cast<ISymbol>()),
            source is null ? null : HoleValues.Strip(source), isData: true);
    }

    // Parallel.ForEachAsync hands on a token too.
    private static bool IsElement(IParameterSymbol parameter) => parameter.Type.Name is not ("CancellationToken" or "ParallelLoopState");

    private static LoopRegion? GotoBack(IBlockOperation block, IOperation child)
    {
        // Cheap first: few methods have a label.
        if (block.Syntax is not BlockSyntax { Statements: var statements } || !statements.Any(statement => statement is LabeledStatementSyntax && statement.SpanStart <= child.Syntax.SpanStart))
        {
            return null;
        }

        var labels = statements.OfType<LabeledStatementSyntax>().Where(label => label.SpanStart <= child.Syntax.SpanStart).Select(label => label.Identifier.ValueText).ToList();
        var jumps = block.Syntax.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<GotoStatementSyntax>()
            .Where(jump => jump.SpanStart > child.Syntax.SpanStart && jump.Expression is IdentifierNameSyntax name && labels.Contains(name.Identifier.ValueText)).ToList();
        if (jumps.Count == 0)
        {
            return null;
        }

        // again: if (i < ids.Count) { ..; i++; goto again; }: a loop that counts, in other words.
        if (jumps.Count == 1 && jumps[0].FirstAncestorOrSelf<IfStatementSyntax>() is { } test &&
            block.Descendants().FirstOrDefault(part => part is IConditionalOperation && part.Syntax == test) is IConditionalOperation { Condition: IBinaryOperation comparison } &&
            SymbolOf(comparison.LeftOperand) is ILocalSymbol counter && block.Descendants().Count(part => SymbolEqualityComparer.Default.Equals(WrittenBy(part), counter)) == 1 &&
            block.Descendants().Any(part => SymbolEqualityComparer.Default.Equals(StepsByOne(part), counter)))
        {
            return new LoopRegion(LoopKind.Goto, block, ImmutableArray.Create<IOperation>(block), ImmutableArray.Create<ISymbol>(counter), BoundOf(comparison, counter), isData: true);
        }

        return new LoopRegion(LoopKind.Goto, block, ImmutableArray.Create<IOperation>(block), ImmutableArray<ISymbol>.Empty, null, isData: false);
    }

    /// <summary>The call that is handed a delegate, and whether it calls the delegate once per element rather than once; no call where the delegate is only stored, or nobody knows.</summary>
    internal static (IInvocationOperation? Call, bool PerElement) CallerOf(IOperation function)
    {
        IOperation? at = function.Parent;
        while (at is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
        {
            at = at.Parent;
        }

        if (at is not IArgumentOperation { Parent: IInvocationOperation call })
        {
            return (null, false);
        }

        var method = call.TargetMethod;
        var type = FullName(method.ContainingType);
        return DbMemberTable.CallsPerElement(type, method.Name) ? (call, true) : DbMemberTable.CallsOnce(type, method.Name) ? (call, false) : (null, false);
    }

    private static string FullName(INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + type.Name : type.Name;

    private static ISymbol? StepsByOne(IOperation step) => step switch
    {
        IIncrementOrDecrementOperation increment => SymbolOf(increment.Target),
        ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract, Value.ConstantValue: { HasValue: true, Value: 1 } } add => SymbolOf(add.Target),
        ISimpleAssignmentOperation { Target: var target, Value: IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, RightOperand.ConstantValue: { HasValue: true, Value: 1 } } sum } when
            SymbolEqualityComparer.Default.Equals(SymbolOf(target), SymbolOf(sum.LeftOperand)) => SymbolOf(target),
        _ => null,
    };

    // i < xs.Count: xs; i < n: n.
    private static IOperation? BoundOf(IOperation? condition, ISymbol counter)
    {
        if (condition is not IBinaryOperation comparison)
        {
            return null;
        }

        var bound = HoleValues.Strip(SymbolEqualityComparer.Default.Equals(SymbolOf(comparison.LeftOperand), counter) ? comparison.RightOperand : comparison.LeftOperand);
        return bound switch
        {
            IPropertyReferenceOperation { Property.Name: "Count" or "Length", Instance: { } collection } => HoleValues.Strip(collection),
            IInvocationOperation { TargetMethod.Name: "Count", TargetMethod.IsExtensionMethod: true, Arguments: { Length: > 0 } arguments } => HoleValues.Strip(arguments[0].Value),
            _ => bound,
        };
    }

    // while (i < ids.Count) { ..; i++; }: one step in each iteration, and no other.
    private static ISymbol? CounterOf(IWhileLoopOperation loop, IBinaryOperation comparison) =>
        comparison == loop.Condition && loop.Body is IBlockOperation { Operations: var statements } && SymbolOf(comparison.LeftOperand) is ILocalSymbol counter &&
        statements.Count(statement => statement is IExpressionStatementOperation { Operation: { } step } && SymbolEqualityComparer.Default.Equals(StepsByOne(step), counter)) == 1 &&
        loop.Body.Descendants().Count(part => SymbolEqualityComparer.Default.Equals(WrittenBy(part), counter)) == 1
            ? counter
            : null;

    private static bool Advances(string member) => CommandMembers.Reads(member) || member is "MoveNext" or "MoveNextAsync" or "TryDequeue" or "TryPop" or "TryTake" or "ReadLine" or "ReadLineAsync";

    private static bool TakesFrom(IOperation body, ISymbol collection) => body.Descendants().Any(operation =>
        operation is IInvocationOperation { Instance: { } instance, TargetMethod.Name: "Dequeue" or "Pop" or "RemoveAt" or "RemoveFirst" } && SymbolEqualityComparer.Default.Equals(SymbolOf(instance), collection));

    private static ISymbol? WrittenBy(IOperation operation) => operation switch
    {
        IAssignmentOperation assignment => SymbolOf(assignment.Target),
        IIncrementOrDecrementOperation increment => SymbolOf(increment.Target),
        _ => null,
    };

    private static HashSet<ISymbol> WrittenBy(IEnumerable<IOperation> operations)
    {
        var written = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in operations.SelectMany(operation => operation.DescendantsAndSelf()))
        {
            if (WrittenBy(operation) is { } symbol)
            {
                written.Add(symbol);
            }
        }

        return written;
    }

    private static IOperation Unawaited(IOperation value) => HoleValues.Strip(value) is IAwaitOperation awaited ? awaited.Operation : value;

    /// <summary>The variable, parameter, field or property that an operation names, or null.</summary>
    public static ISymbol? SymbolOf(IOperation? operation)
    {
        while (operation is IConversionOperation or IParenthesizedOperation)
        {
            operation = HoleValues.Strip(operation) is var stripped && stripped != operation ? stripped : null;
        }

        return operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IDeclarationExpressionOperation declaration => SymbolOf(declaration.Expression),
            IFieldReferenceOperation field => field.Field,
            IPropertyReferenceOperation property => property.Property,
            _ => null,
        };
    }
}
