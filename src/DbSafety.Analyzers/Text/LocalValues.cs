using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Text;

/// <summary>
/// Walks one body in the order of its execution and follows what its text variables hold: assignments, <c>+=</c>, StringBuilder calls,
/// lists of texts, branches, loops, guards. Branches merge; a loop counts as run once or not at all.
/// </summary>
internal sealed class LocalValues : IValueScope
{
    private const int MaxDepth = 250;

    private readonly ITextFacts _facts;
    private readonly SqlTextBuilder _builder;
    private readonly ClosedSets _closedSets;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<SyntaxNode, SqlRope> _reads = [];
    private readonly Dictionary<SyntaxNode, SqlRope> _targets = [];
    private readonly List<SqlRope> _returns = [];
    private readonly Dictionary<ISymbol, int> _lastWrites = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _unstable = new(SymbolEqualityComparer.Default);
    private readonly List<(ImmutableDictionary<ValueKey, SqlRope>? State, ILabelSymbol Label)> _jumps = [];
    private readonly List<ImmutableDictionary<ValueKey, SqlRope>> _exits = [];
    private readonly List<ILocalFunctionOperation> _localFunctions = [];

    /// <summary>What the variables hold here; null where this place is not reached.</summary>
    private ImmutableDictionary<ValueKey, SqlRope>? _state = ImmutableDictionary<ValueKey, SqlRope>.Empty;

    private int _depth;
    private int _nesting;

    private LocalValues(ITextFacts facts, CancellationToken cancellation)
    {
        _facts = facts;
        _builder = new SqlTextBuilder(facts, this);
        _closedSets = new ClosedSets(facts, this);
        _cancellation = cancellation;
    }

    /// <summary>Walks a body.</summary>
    /// <param name="root">Its root operation.</param>
    /// <param name="facts">The compilation's memory.</param>
    /// <param name="cancellation">Stops the walk.</param>
    public static BodyValues Of(IOperation root, ITextFacts facts, CancellationToken cancellation)
    {
        var walk = new LocalValues(facts, cancellation);
        walk.FindWrites(root);
        walk.Visit(root);
        if (walk._state is not null)
        {
            walk._exits.Add(walk._state);
        }

        var end = walk._exits.Count == 0 ? null : walk._exits.Aggregate(Merge);
        walk.VisitLocalFunctions();
        var exit = new Dictionary<string, SqlRope>(StringComparer.Ordinal);
        foreach (var pair in end ?? ImmutableDictionary<ValueKey, SqlRope>.Empty)
        {
            if (pair.Key.Variable is IParameterSymbol parameter)
            {
                exit[parameter.Name] = pair.Value;
            }
        }

        return new BodyValues(walk._reads, walk._targets, walk._returns, exit);
    }

    /// <inheritdoc/>
    public SqlRope? Read(IOperation reference)
    {
        // A place that the walk has passed was read with what its own branch knew.
        if (_reads.TryGetValue(reference.Syntax, out var text))
        {
            return text;
        }

        return _state is not null && ValueKey.Of(reference) is { } key && _state.TryGetValue(key, out text) ? text : null;
    }

    // Which variables are written inside lambdas (nobody knows when), and where the last write to each stands.
    private void FindWrites(IOperation root)
    {
        foreach (var operation in root.Descendants())
        {
            IOperation? target = operation switch
            {
                IAssignmentOperation assignment => assignment.Target,
                IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => argument.Value,
                IInvocationOperation { Instance: { } instance } call when StringBuilderReplay.IsBuilder(instance.Type) || StringBuilderReplay.IsList(instance.Type) => instance,
                _ => null,
            };
            var symbol = target switch
            {
                ILocalReferenceOperation local => local.Local,
                IParameterReferenceOperation parameter => (ISymbol)parameter.Parameter,
                _ => null,
            };
            if (symbol is null)
            {
                continue;
            }

            _lastWrites[symbol] = operation.Syntax.Span.End;
            for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
            {
                if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation)
                {
                    var owner = parent is IAnonymousFunctionOperation lambda ? lambda.Symbol : ((ILocalFunctionOperation)parent).Symbol;
                    if (!SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, owner))
                    {
                        _unstable.Add(symbol);
                    }

                    break;
                }
            }
        }
    }

    private void Set(ValueKey key, SqlRope text)
    {
        if (_state is not null && (key.Variable is null || !_unstable.Contains(key.Variable)))
        {
            _state = _state.SetItem(key, text);
        }
    }

    private static ImmutableDictionary<ValueKey, SqlRope> Merge(ImmutableDictionary<ValueKey, SqlRope> a, ImmutableDictionary<ValueKey, SqlRope> b)
    {
        if (ReferenceEquals(a, b))
        {
            return a;
        }

        var result = a;
        foreach (var pair in a)
        {
            if (!b.TryGetValue(pair.Key, out var other))
            {
                result = result.Remove(pair.Key);
            }
            else if (!ReferenceEquals(other, pair.Value))
            {
                result = result.SetItem(pair.Key, SqlRope.Merge(pair.Value, other));
            }
        }

        return result;
    }

    private static ImmutableDictionary<ValueKey, SqlRope>? MergeReached(
        ImmutableDictionary<ValueKey, SqlRope>? a, ImmutableDictionary<ValueKey, SqlRope>? b) => a is null ? b : b is null ? a : Merge(a, b);

    private void Refine(Dictionary<ValueKey, SqlRope> known)
    {
        foreach (var pair in known)
        {
            Set(pair.Key, pair.Value);
        }
    }

    private void Visit(IOperation? operation)
    {
        if (operation is null || _depth > MaxDepth)
        {
            return;
        }

        _cancellation.ThrowIfCancellationRequested();
        _depth++;
        VisitCore(operation);
        _depth--;
    }

    private void VisitChildren(IOperation operation)
    {
        foreach (var child in operation.ChildOperations)
        {
            Visit(child);
        }
    }

    private void VisitCore(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation:
                VisitChildren(operation);
                if (_state is not null && ValueKey.Of(operation) is { } read && _state.TryGetValue(read, out var text))
                {
                    _reads[operation.Syntax] = text;
                }

                break;
            case IVariableDeclaratorOperation declarator:
                Declare(declarator);
                break;
            case ISimpleAssignmentOperation assignment:
                Visit(assignment.Value);
                VisitTarget(assignment.Target);
                Assign(assignment, assignment.Target, assignment.Value);
                break;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } addition:
                Visit(addition.Value);
                VisitTarget(addition.Target);
                AppendTo(addition);
                break;
            case ICoalesceAssignmentOperation coalesce:
                Visit(coalesce.Value);
                if (ValueKey.Of(coalesce.Target) is { } coalesced && coalesce.Type?.SpecialType == SpecialType.System_String)
                {
                    var before = Read(coalesce.Target) ?? _builder.Build(coalesce.Target);
                    Set(coalesced, SqlRope.OneOf([before, _builder.Build(coalesce.Value)]));
                }

                break;
            case IConditionalOperation conditional:
                VisitConditional(conditional);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } logical:
                Visit(logical.LeftOperand);
                var beforeRight = _state;
                Refine(_closedSets.When(logical.LeftOperand, logical.OperatorKind == BinaryOperatorKind.ConditionalAnd));
                Visit(logical.RightOperand);
                _state = beforeRight;
                break;
            case IBinaryOperation binary:
                VisitOperands(binary);
                break;
            case ISwitchOperation choice:
                VisitSwitch(choice);
                break;
            case ISwitchExpressionOperation choice:
                VisitSwitchExpression(choice);
                break;
            case ILoopOperation loop:
                VisitLoop(loop);
                break;
            case ITryOperation attempt:
                VisitTry(attempt);
                break;
            case IReturnOperation returned:
                Visit(returned.ReturnedValue);
                if (_nesting == 0)
                {
                    if (returned.ReturnedValue is { } value && _state is not null && IsText(value.Type))
                    {
                        _returns.Add(_builder.Build(value));
                    }

                    if (_state is not null && returned.Kind != OperationKind.YieldReturn)
                    {
                        _exits.Add(_state);
                    }
                }

                _state = returned.Kind == OperationKind.YieldReturn ? _state : null;
                break;
            case IThrowOperation thrown:
                Visit(thrown.Exception);
                if (thrown.Parent is IBlockOperation or IExpressionStatementOperation or IConditionalOperation or ISwitchCaseOperation)
                {
                    _state = null;
                }

                break;
            case IBranchOperation branch:
                _jumps.Add((_state, branch.Target));
                _state = null;
                break;
            case ILabeledOperation labeled:
                // Somebody may jump here from anywhere.
                _state = ImmutableDictionary<ValueKey, SqlRope>.Empty;
                VisitChildren(labeled);
                break;
            case IAnonymousFunctionOperation lambda:
                VisitNested(lambda.Body, lambda.Syntax.SpanStart);
                break;
            case ILocalFunctionOperation function:
                _localFunctions.Add(function);
                break;
            case IInvocationOperation call:
                VisitChildren(call);
                Apply(call);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument:
                VisitChildren(argument);
                Forget(argument.Value);
                break;
            default:
                VisitChildren(operation);
                break;
        }
    }

    private static bool IsText(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_String } || StringBuilderReplay.IsBuilder(type);

    // A sum of a thousand strings nests a thousand levels to the left: no recursion there.
    private void VisitOperands(IBinaryOperation binary)
    {
        var right = new Stack<IOperation>();
        IOperation left = binary;
        while (left is IBinaryOperation { OperatorKind: not (BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr) } inner)
        {
            right.Push(inner.RightOperand);
            left = inner.LeftOperand;
        }

        Visit(left);
        while (right.Count > 0)
        {
            Visit(right.Pop());
        }
    }

    private void VisitTarget(IOperation target)
    {
        if (target is IPropertyReferenceOperation { Instance: { } instance })
        {
            Visit(instance);
        }
        else if (target is not (ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation))
        {
            Visit(target);
        }
    }

    private void Declare(IVariableDeclaratorOperation declarator)
    {
        var initializer = declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer;
        if (initializer is null)
        {
            return;
        }

        Visit(initializer.Value);
        var type = declarator.Symbol.Type;
        if (IsText(type) || StringBuilderReplay.IsList(type) || IsFormattable(type) || declarator.Symbol.IsConst)
        {
            Set(ValueKey.Of(declarator.Symbol), _builder.BuildAt(initializer.Value, HoleValues.Strip(initializer.Value).Syntax));
        }
    }

    private static bool IsFormattable(ITypeSymbol type) => type is { Name: "FormattableString", ContainingNamespace.Name: "System" };

    private void Assign(ISimpleAssignmentOperation assignment, IOperation target, IOperation value)
    {
        if (ValueKey.Of(target) is not { } key || !(IsText(target.Type) || StringBuilderReplay.IsList(target.Type)))
        {
            if (target is IPropertyReferenceOperation { Property.Name: "Length", Instance: { } builder } && value.ConstantValue is { HasValue: true, Value: 0 } &&
                StringBuilderReplay.IsBuilder(builder.Type) && ValueKey.Of(builder) is { } content)
            {
                Set(content, SqlRope.Empty);
            }

            return;
        }

        var text = _builder.BuildAt(value, HoleValues.Strip(value).Syntax);
        Set(key, text);
        if (target is IPropertyReferenceOperation && _state is not null)
        {
            _targets[assignment.Syntax] = text;
        }
    }

    private void AppendTo(ICompoundAssignmentOperation addition)
    {
        if (ValueKey.Of(addition.Target) is not { } key || _state is null)
        {
            return;
        }

        var before = Read(addition.Target) ?? _builder.Build(addition.Target);
        var after = before.Append(_builder.BuildAt(addition.Value, addition.Value.Syntax));
        Set(key, after);
        if (addition.Target is IPropertyReferenceOperation)
        {
            _targets[addition.Syntax] = after;
        }
    }

    private void Forget(IOperation variable)
    {
        if (_state is not null && ValueKey.Of(variable) is { } key)
        {
            _state = _state.Remove(key);
        }
    }

    private void VisitConditional(IConditionalOperation conditional)
    {
        Visit(conditional.Condition);
        var before = _state;
        var constant = conditional.Condition.ConstantValue is { HasValue: true, Value: bool known } ? known : (bool?)null;

        Refine(_closedSets.When(conditional.Condition, outcome: true));
        _state = constant == false ? null : _state;
        Visit(conditional.WhenTrue);
        var afterTrue = _state;

        _state = constant == true ? null : before;
        if (_state is not null)
        {
            Refine(_closedSets.When(conditional.Condition, outcome: false));
        }

        Visit(conditional.WhenFalse);
        _state = conditional.Type is null || conditional.Type.SpecialType == SpecialType.System_Void
            ? MergeReached(afterTrue, _state)
            : before is null ? null : MergeReached(afterTrue, _state) ?? before;
    }

    private void VisitSwitch(ISwitchOperation choice)
    {
        Visit(choice.Value);
        var before = _state;
        var key = ValueKey.Of(choice.Value);
        var afterAll = choice.Cases.Any(section => section.Clauses.Any(clause => clause is IDefaultCaseClauseOperation)) ? null : before;
        foreach (var section in choice.Cases)
        {
            _state = before;
            if (key is { } variable && choice.Value.Type?.SpecialType == SpecialType.System_String)
            {
                var labels = section.Clauses.Select(Label).ToList();
                if (labels.All(label => label is { IsClosed: true }))
                {
                    Set(variable, SqlRope.OneOf(labels!));
                }
            }

            foreach (var statement in section.Body)
            {
                Visit(statement);
            }

            afterAll = MergeReached(afterAll, _state);
        }

        _state = MergeReached(afterAll, JumpsTo(choice.ExitLabel));
    }

    private SqlRope? Label(ICaseClauseOperation clause) => clause switch
    {
        ISingleValueCaseClauseOperation single => _builder.Build(single.Value),
        IPatternCaseClauseOperation pattern => _closedSets.OfPattern(pattern.Pattern),
        _ => null,
    };

    private void VisitSwitchExpression(ISwitchExpressionOperation choice)
    {
        Visit(choice.Value);
        var before = _state;
        var key = ValueKey.Of(choice.Value);
        foreach (var arm in choice.Arms)
        {
            _state = before;
            if (key is { } variable && choice.Value.Type?.SpecialType == SpecialType.System_String &&
                _closedSets.OfPattern(arm.Pattern) is { IsClosed: true } text)
            {
                Set(variable, text);
            }

            Visit(arm.Guard);
            Visit(arm.Value);
        }

        _state = before;
    }

    private ImmutableDictionary<ValueKey, SqlRope>? JumpsTo(ILabelSymbol label)
    {
        ImmutableDictionary<ValueKey, SqlRope>? state = null;
        for (var i = _jumps.Count - 1; i >= 0; i--)
        {
            if (SymbolEqualityComparer.Default.Equals(_jumps[i].Label, label))
            {
                state = MergeReached(state, _jumps[i].State);
                _jumps.RemoveAt(i);
            }
        }

        return state;
    }

    private void VisitLoop(ILoopOperation loop)
    {
        var afterBody = _state;
        switch (loop)
        {
            case IForEachLoopOperation each:
                Visit(each.Collection);
                afterBody = _state;
                BindElement(each);
                Visit(each.Body);
                break;
            case IForLoopOperation counted:
                foreach (var statement in counted.Before)
                {
                    Visit(statement);
                }

                Visit(counted.Condition);
                afterBody = _state;
                Visit(counted.Body);
                _state = MergeReached(_state, JumpsTo(loop.ContinueLabel));
                foreach (var statement in counted.AtLoopBottom)
                {
                    Visit(statement);
                }

                break;
            case IWhileLoopOperation { ConditionIsTop: false } repeated:
                Visit(repeated.Body);
                _state = MergeReached(_state, JumpsTo(loop.ContinueLabel));
                Visit(repeated.Condition);
                LeaveLoop(repeated);
                return;
            case IWhileLoopOperation tested:
                Visit(tested.Condition);
                afterBody = _state;
                Refine(_closedSets.When(tested.Condition!, outcome: true));
                Visit(tested.Body);
                _state = MergeReached(MergeReached(_state, JumpsTo(loop.ContinueLabel)), afterBody);
                LeaveLoop(tested);
                return;
            default:
                VisitChildren(loop);
                break;
        }

        _state = MergeReached(_state, JumpsTo(loop.ContinueLabel));
        _state = MergeReached(MergeReached(_state, afterBody), JumpsTo(loop.ExitLabel));
    }

    // A loop is left where its condition fails, or by a break.
    private void LeaveLoop(IWhileLoopOperation loop)
    {
        if (loop.Condition?.ConstantValue is { HasValue: true, Value: true })
        {
            _state = null;
        }
        else if (loop.Condition is not null)
        {
            Refine(_closedSets.When(loop.Condition, outcome: false));
        }

        _state = MergeReached(_state, JumpsTo(loop.ExitLabel));
    }

    // foreach (var column in Columns): the variable holds one of the constants.
    private void BindElement(IForEachLoopOperation each)
    {
        var variable = each.Locals.Length == 1 ? each.Locals[0] : null;
        if (variable is null)
        {
            return;
        }

        var key = ValueKey.Of(variable);
        if (variable.Type.SpecialType == SpecialType.System_String)
        {
            if (ConstantCollections.Elements(each.Collection, keys: false, _facts, this) is { Count: > 0 } elements)
            {
                Set(key, SqlRope.OneOf(elements));
            }
            else if (Read(HoleValues.Strip(each.Collection)) is { IsClosed: true, IsEmpty: false } || _builder.IsClosedSequence(HoleValues.Strip(each.Collection)))
            {
                Set(key, SqlRope.Of(new HolePiece(each.Collection, each.Collection.Syntax, HoleValue.Closed)));
            }
        }
        else if (variable.Type.Name == "KeyValuePair" &&
            ConstantCollections.Elements(each.Collection, keys: true, _facts, this) is { Count: > 0 } keys)
        {
            Set(key.Member("Key"), SqlRope.OneOf(keys));
            if (ConstantCollections.Elements(each.Collection, keys: false, _facts, this) is { Count: > 0 } values)
            {
                Set(key.Member("Value"), SqlRope.OneOf(values));
            }
        }
    }

    private void VisitTry(ITryOperation attempt)
    {
        var before = _state;
        Visit(attempt.Body);
        var after = _state;
        var thrown = MergeReached(before, after);
        foreach (var handler in attempt.Catches)
        {
            _state = thrown;
            VisitChildren(handler);
            after = MergeReached(after, _state);
        }

        _state = after;
        if (attempt.Finally is not null)
        {
            _state ??= thrown;
            Visit(attempt.Finally);
            _state = after is null ? null : _state;
        }
    }

    // A lambda runs later: it sees the variables that nobody writes any more.
    private void VisitNested(IBlockOperation body, int position)
    {
        var outer = _state;
        if (_state is not null)
        {
            foreach (var pair in _state)
            {
                if (pair.Key.Variable is { } variable && _lastWrites.TryGetValue(variable, out var last) && last > position)
                {
                    _state = _state.Remove(pair.Key);
                }
            }
        }

        _nesting++;
        Visit(body);
        _nesting--;
        _state = outer;
    }

    private void VisitLocalFunctions()
    {
        for (var i = 0; i < _localFunctions.Count; i++)
        {
            var function = _localFunctions[i];
            _state = ImmutableDictionary<ValueKey, SqlRope>.Empty;
            foreach (var declarator in function.Parent?.Descendants().OfType<IVariableDeclaratorOperation>() ?? [])
            {
                if (!_lastWrites.ContainsKey(declarator.Symbol) && IsText(declarator.Symbol.Type) && declarator.Initializer is { } initializer &&
                    !function.Syntax.Span.Contains(declarator.Syntax.Span))
                {
                    Set(ValueKey.Of(declarator.Symbol), _builder.Build(initializer.Value));
                }
            }

            if (function.Body is { } body)
            {
                _nesting++;
                Visit(body);
                _nesting--;
            }
        }
    }

    private void Apply(IInvocationOperation call)
    {
        if (_state is null)
        {
            return;
        }

        if (call.Instance is { } instance)
        {
            if (StringBuilderReplay.IsBuilder(instance.Type))
            {
                if (BuilderOf(instance) is { } key && _state.TryGetValue(key, out var before))
                {
                    var after = StringBuilderReplay.After(call, before, _builder);
                    Set(key, after);
                    _reads[call.Syntax] = after;
                }

                return;
            }

            if (StringBuilderReplay.IsList(instance.Type) && ValueKey.Of(instance) is { } list && _state.TryGetValue(list, out var elements))
            {
                Set(list, StringBuilderReplay.AfterList(call, elements, _builder));
                return;
            }
        }

        foreach (var argument in call.Arguments)
        {
            var value = HoleValues.Strip(argument.Value);
            if ((StringBuilderReplay.IsBuilder(value.Type) || StringBuilderReplay.IsList(value.Type)) && ValueKey.Of(value) is { } passed &&
                _state.TryGetValue(passed, out var content) && call.TargetMethod.ContainingType?.SpecialType != SpecialType.System_String &&
                call.TargetMethod.ContainingNamespace?.ToDisplayString() != "System.Linq")
            {
                // Somebody else may append to it.
                Set(passed, content.Append(new HolePiece(call, call.Syntax, HoleValue.Closed)));
            }
        }

        Guarded(call);
    }

    // The builder behind a chain of Append calls.
    private static ValueKey? BuilderOf(IOperation value)
    {
        while (HoleValues.Strip(value) is IInvocationOperation { Instance: { } instance } call && StringBuilderReplay.IsBuilder(call.Type))
        {
            value = instance;
        }

        return ValueKey.Of(value);
    }

    // EnsureAllowed(column); returns only if the column is one of a closed set.
    private void Guarded(IInvocationOperation call)
    {
        if (call.Parent is not IExpressionStatementOperation || call.Arguments.Length == 0 ||
            !call.Arguments.Any(argument => argument.Value.Type?.SpecialType == SpecialType.System_String && ValueKey.Of(argument.Value) is not null) ||
            _facts.ExitOf(call.TargetMethod) is not { Count: > 0 } exit)
        {
            return;
        }

        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter && ValueKey.Of(argument.Value) is { } key &&
                exit.TryGetValue(parameter.Name, out var text) && text.IsClosed)
            {
                Set(key, text);
            }
        }
    }
}
