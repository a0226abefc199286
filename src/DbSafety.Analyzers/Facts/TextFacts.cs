using System.Collections.Concurrent;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Facts;

/// <summary>What the members and bodies of one compilation tell about texts, each found once.</summary>
internal sealed class TextFacts(Compilation compilation, TreeIndexes indexes) : ITextFacts
{
    // A method with more callers than this is an API: nobody looks at them all.
    private const int MaxUses = 64;

    // Nor does anybody follow a longer chain of helpers and callers.
    private const int MaxChain = 24;

    private static readonly IReadOnlyDictionary<string, SqlRope> s_noExit = new Dictionary<string, SqlRope>();

    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly ConcurrentDictionary<SyntaxNode, BodyValues> _bodies = new();
    private readonly ConcurrentDictionary<ISymbol, SqlRope?> _members = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, SqlRope?> _returns = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, SqlRope?> _parameters = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<(ISymbol, bool), IReadOnlyList<SqlRope>?> _elements = new();
    private readonly ConcurrentDictionary<ISymbol, TypeWrites> _writes = new(SymbolEqualityComparer.Default);

    // What this thread is computing right now: a helper that calls itself ends here.
    private readonly ThreadLocal<HashSet<ISymbol>> _computing = new(() => new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    public SemanticModel? ModelOf(SyntaxTree tree)
    {
        if (_models.TryGetValue(tree, out var model))
        {
            return model;
        }

        return compilation.ContainsSyntaxTree(tree) ? _models.GetOrAdd(tree, key => compilation.GetSemanticModel(key)) : null;
    }

    public BodyValues ValuesIn(IOperation root) =>
        _bodies.TryGetValue(root.Syntax, out var known) ? known : _bodies.GetOrAdd(root.Syntax, LocalValues.Of(root, this, CancellationToken.None));

    public SqlRope? TextOfMember(ISymbol member) => Compute(_members, member, FindTextOfMember);

    public SqlRope? TextOfReturn(IMethodSymbol method) =>
        IsFollowed(method) ? Compute(_returns, method.OriginalDefinition, symbol => FindTextOfReturn((IMethodSymbol)symbol)) : null;

    public SqlRope? TextOfParameter(IParameterSymbol parameter) =>
        (parameter.Type.SpecialType == SpecialType.System_String || HoleValues.ElementType(parameter.Type)?.SpecialType == SpecialType.System_String) &&
        parameter is { RefKind: RefKind.None, IsThis: false } &&
        parameter.ContainingSymbol is IMethodSymbol { IsAbstract: false, MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction }
            ? Compute(_parameters, parameter.OriginalDefinition, symbol => FindTextOfParameter((IParameterSymbol)symbol))
            : null;

    public IReadOnlyList<SqlRope>? ElementsOfMember(ISymbol member, bool keys)
    {
        member = member.OriginalDefinition;
        if (_elements.TryGetValue((member, keys), out var known))
        {
            return known;
        }

        var elements = Enter(member, () => InitializerOf(member) is { } value && !WritesOf(member).IsMutated(member.Name)
            ? ConstantCollections.Created(value, keys, this, NoScope.Instance)
            : null);
        return _elements.GetOrAdd((member, keys), elements);
    }

    public IReadOnlyDictionary<string, SqlRope> ExitOf(IMethodSymbol method) =>
        IsFollowed(method, anyReturn: true) && Enter(method, () => BodyOf(method) is { } body ? ValuesIn(body).Exit : null) is { } exit ? exit : s_noExit;

    public IOperation? InitializerOf(ISymbol member)
    {
        member = member.OriginalDefinition;
        switch (member)
        {
            case IFieldSymbol field when field.IsReadOnly || field.IsConst || WritesOf(field).IsOnlyInitialized(field.Name):
                return field.IsReadOnly && WritesOf(field).IsAssigned(field.Name) ? null : ValueOf(Declaration(field));
            case IPropertySymbol { IsAbstract: false, IsVirtual: false, IsOverride: false, SetMethod: null } property:
                return WritesOf(property).IsAssigned(property.Name) ? null : ValueOf(Declaration(property));
            case IMethodSymbol method when IsFollowed(method, anyReturn: true):
                return BodyOf(method) is { } body ? SingleReturn(body) : null;
            default:
                return null;
        }
    }

    private static IOperation? SingleReturn(IOperation body)
    {
        var block = body switch
        {
            IMethodBodyOperation method => method.BlockBody ?? method.ExpressionBody,
            IBlockOperation own => own,
            _ => null,
        };
        return block is { Operations.Length: 1 } && block.Operations[0] is IReturnOperation { ReturnedValue: { } value } ? value : null;
    }

    private static SyntaxNode? Declaration(ISymbol member) =>
        member.DeclaringSyntaxReferences.Length == 1 ? member.DeclaringSyntaxReferences[0].GetSyntax() : null;

    // The operation of a field's or property's value: its initialiser, or the expression that its getter returns.
    private IOperation? ValueOf(SyntaxNode? declaration)
    {
        ExpressionSyntax? value = declaration switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer?.Value,
            PropertyDeclarationSyntax { ExpressionBody: { } body } => body.Expression,
            PropertyDeclarationSyntax { Initializer: { } initializer } => initializer.Value,
            PropertyDeclarationSyntax { AccessorList.Accessors: { Count: 1 } accessors } when accessors[0].ExpressionBody is { } getter => getter.Expression,
            PropertyDeclarationSyntax { AccessorList.Accessors: { Count: 1 } accessors } when accessors[0].Body is { Statements: { Count: 1 } statements } &&
                statements[0] is ReturnStatementSyntax returned => returned.Expression,
            _ => null,
        };
        return value is null ? null : ModelOf(value.SyntaxTree)?.GetOperation(value);
    }

    private SqlRope? FindTextOfMember(ISymbol member)
    {
        member = member.OriginalDefinition;
        var type = member switch
        {
            IFieldSymbol field => field.Type,
            IPropertySymbol property => property.Type,
            _ => null,
        };
        if (type?.SpecialType != SpecialType.System_String)
        {
            return null;
        }

        if (InitializerOf(member) is { } value)
        {
            return new SqlTextBuilder(this, ScopeOf(value)).Build(value) is not { SingleHole: null } initial ? null
                : member is IFieldSymbol || Declaration(member) is PropertyDeclarationSyntax { Initializer: not null } ? Held(initial)
                : initial;
        }

        // A readonly field that one constructor fills.
        if (member is (IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null, IsAbstract: false, IsVirtual: false, IsOverride: false }) &&
            WritesOf(member).Single(member.Name) is { } assigned && ModelOf(assigned.SyntaxTree)?.GetOperation(assigned) is { } filled)
        {
            return new SqlTextBuilder(this, ScopeOf(filled)).Build(filled) is { SingleHole: null } text ? Held(text) : null;
        }

        return null;
    }

    // What an object was made with is its configuration, not input.
    private static SqlRope Held(SqlRope text) => text.Replace(hole => hole.Kind is HoleValue.Parameter or HoleValue.Text
        ? SqlRope.Of(new HolePiece(hole.Value, hole.Site, HoleValue.Configuration, hole.HasFormat, hole.Joined, hole.Origin))
        : null);

    private IValueScope ScopeOf(IOperation operation)
    {
        var root = HoleValues.RootOf(operation);
        return root == operation ? NoScope.Instance : ValuesIn(root);
    }

    // A method whose text is known by reading it: declared here, with a body, and what is called is what runs.
    private bool IsFollowed(IMethodSymbol method, bool anyReturn = false) =>
        method is { IsAbstract: false, IsExtern: false, MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction, DeclaringSyntaxReferences.Length: 1 } &&
        (!method.IsVirtual || method.IsSealed) && (!method.IsOverride || method.IsSealed || method.ContainingType.IsSealed) &&
        (anyReturn || ReturnsText(method.ReturnType));

    private static bool ReturnsText(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_String || StringBuilderReplay.IsBuilder(type) ||
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task && task.TypeArguments[0].SpecialType == SpecialType.System_String;

    private IOperation? BodyOf(IMethodSymbol method)
    {
        if (method.OriginalDefinition.DeclaringSyntaxReferences.Length != 1)
        {
            return null;
        }

        var declaration = method.OriginalDefinition.DeclaringSyntaxReferences[0].GetSyntax();
        return ModelOf(declaration.SyntaxTree)?.GetOperation(declaration) switch
        {
            ILocalFunctionOperation function => function.Body,
            var operation => operation,
        };
    }

    private SqlRope? FindTextOfReturn(IMethodSymbol method)
    {
        if (BodyOf(method) is not { } body)
        {
            return null;
        }

        var returns = ValuesIn(body).Returns;

        // A text that is nothing but one value tells no more than the call itself.
        return returns.Count == 0 || returns.Any(text => text.SingleHole is { IsClosed: false, Origin: not IParameterReferenceOperation, Joined: not IParameterReferenceOperation }) ? null : SqlRope.OneOf(returns);
    }

    private SqlRope? FindTextOfParameter(IParameterSymbol parameter)
    {
        var method = (IMethodSymbol)parameter.ContainingSymbol;
        var texts = new List<SqlRope>();
        var worst = HoleValue.Closed;
        IOperation? passed = null;
        foreach (var use in UsesOf(method))
        {
            var argument = (use as IInvocationOperation)?.Arguments.FirstOrDefault(candidate => candidate.Parameter?.Ordinal == parameter.Ordinal);
            if (argument is null || texts.Count == MaxUses)
            {
                return null;
            }

            passed ??= argument.Value;
            var builder = new SqlTextBuilder(this, ScopeOf(argument));
            var text = parameter.Type.SpecialType == SpecialType.System_String
                ? builder.WithCallers(builder.Build(argument.Value))
                : SqlRope.Of(new HolePiece(argument.Value, argument.Syntax, ValueOrigins.Of(argument.Value, builder, this, callers: true)));
            worst = HoleValues.Worse(worst, text.WorstHole);
            texts.Add(text);
        }

        if (passed is null || HoleValues.Worse(worst, HoleValue.Unknown) != HoleValue.Unknown)
        {
            return null;
        }

        var isClosed = texts.All(text => text.IsClosed);
        if (isClosed && parameter.Type.SpecialType == SpecialType.System_String && !IsVisibleOutsideOfType(method))
        {
            return SqlRope.OneOf(texts);
        }

        // Somebody else may call it with anything tomorrow: what is known is enough for a name or a clause, not for a value.
        return SqlRope.Of(new HolePiece(passed, passed.Syntax, isClosed ? HoleValue.Configuration : worst));
    }

    private static bool IsVisibleOutsideOfType(ISymbol method)
    {
        for (var symbol = method; symbol is not (null or INamespaceSymbol); symbol = symbol.ContainingSymbol)
        {
            if (symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction } || symbol.DeclaredAccessibility == Accessibility.Private)
            {
                return false;
            }
        }

        return true;
    }

    // The calls of a method in this compilation; another use of its name gives null in between.
    private IEnumerable<IOperation?> UsesOf(IMethodSymbol method)
    {
        foreach (var scope in ScopesOf(method))
        {
            if (ModelOf(scope.SyntaxTree) is not { } model)
            {
                yield return null;
                continue;
            }

            foreach (var token in scope.DescendantTokens())
            {
                if (!token.IsKind(SyntaxKind.IdentifierToken) || token.ValueText != method.Name || token.Parent is not SimpleNameSyntax name ||
                    name.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } })
                {
                    continue;
                }

                SyntaxNode expression = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access
                    : name.Parent is MemberBindingExpressionSyntax binding ? binding : name;
                if (expression.Parent is InvocationExpressionSyntax invocation && invocation.Expression == expression)
                {
                    var operation = model.GetOperation(invocation);
                    if (operation is not IInvocationOperation call || IsCallOf(call.TargetMethod, method))
                    {
                        yield return operation;
                    }
                }
                else if (model.GetSymbolInfo(expression) is var info && (info.Symbol is IMethodSymbol group ? IsCallOf(group, method) : info.CandidateSymbols.Length > 0))
                {
                    yield return null;
                }
            }
        }
    }

    private IEnumerable<SyntaxNode> ScopesOf(IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return method.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax().FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? reference.GetSyntax().Parent!);
        }

        for (ISymbol symbol = method; symbol.ContainingType is { } type; symbol = type)
        {
            if (symbol.DeclaredAccessibility == Accessibility.Private)
            {
                return type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax());
            }
        }

        return indexes.All.Where(entry => entry.Index.MayUse(method.Name)).Select(entry => entry.Tree.GetRoot());
    }

    // Whether a call of one method may run another: it is the same, or what it overrides or implements.
    private static bool IsCallOf(IMethodSymbol called, IMethodSymbol method)
    {
        called = (called.ReducedFrom ?? called).OriginalDefinition;
        if (SymbolEqualityComparer.Default.Equals(called, method.OriginalDefinition))
        {
            return true;
        }

        return called.Parameters.Length == method.Parameters.Length && (called.IsAbstract || called.IsVirtual || called.IsOverride) &&
            (called.ContainingType.TypeKind == TypeKind.Interface
                ? method.ContainingType.AllInterfaces.Any(contract => SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, called.ContainingType))
                : IsDerived(method.ContainingType, called.ContainingType) || IsDerived(called.ContainingType, method.ContainingType));
    }

    private static bool IsDerived(INamedTypeSymbol type, INamedTypeSymbol from)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(parent.OriginalDefinition, from.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    private TypeWrites WritesOf(ISymbol member) =>
        member.ContainingType is { } type ? _writes.GetOrAdd(type.OriginalDefinition, key => TypeWrites.Of((INamedTypeSymbol)key)) : TypeWrites.None;

    private T? Compute<T>(ConcurrentDictionary<ISymbol, T?> memory, ISymbol symbol, Func<ISymbol, T?> find)
        where T : class
    {
        if (memory.TryGetValue(symbol, out var known))
        {
            return known;
        }

        var computing = _computing.Value!;
        if (computing.Count >= MaxChain || !computing.Add(symbol))
        {
            return null;
        }

        try
        {
            return memory.GetOrAdd(symbol, find(symbol));
        }
        finally
        {
            computing.Remove(symbol);
        }
    }

    private T? Enter<T>(ISymbol symbol, Func<T?> find)
        where T : class
    {
        var computing = _computing.Value!;
        if (!computing.Add(symbol))
        {
            return null;
        }

        try
        {
            return find();
        }
        finally
        {
            computing.Remove(symbol);
        }
    }

    private sealed class NoScope : IValueScope
    {
        public static readonly NoScope Instance = new();

        public SqlRope? Read(IOperation reference) => null;
    }
}
