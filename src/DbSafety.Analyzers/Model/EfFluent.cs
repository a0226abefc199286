using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Model;

/// <summary>
/// Reads what code says to EF Core's builders, statement by statement: <c>OnModelCreating</c>, <c>Configure</c>, the user's helpers that they call, and snapshots (by syntax alone).
/// What it cannot follow makes that entity, or the model, uncertain.
/// </summary>
internal sealed partial class EfFluent
{
    // A helper that calls itself ends here.
    private const int MaxDepth = 12;

    private readonly EfDeclared _model;
    private readonly EfValues _values;
    private readonly Func<INamedTypeSymbol, IEnumerable<INamedTypeSymbol>?>? _configurations;
    private Frame _frame = new(null, null);
    private int _uncertain;
    private int _depth;

    /// <summary>Makes a reader.</summary>
    /// <param name="model">What it fills.</param>
    /// <param name="models">The semantic models; null for generated code, which is read by syntax.</param>
    /// <param name="configurations">The classes of the assembly of a type that configure entities; null where nobody knows.</param>
    public EfFluent(EfDeclared model, Func<SyntaxTree, SemanticModel?>? models, Func<INamedTypeSymbol, IEnumerable<INamedTypeSymbol>?>? configurations)
    {
        _model = model;
        _values = new EfValues(models) { Locals = name => _frame.Local(name) };
        _configurations = configurations;
    }

    /// <summary>Reads a method whose one parameter is the builder of the model.</summary>
    public void ReadModel(BaseMethodDeclarationSyntax method, INamedTypeSymbol? @this)
    {
        var before = _frame;
        _frame = new Frame(null, @this);
        if (method.ParameterList.Parameters.Count == 1)
        {
            _frame.Scopes[method.ParameterList.Parameters[0].Identifier.ValueText] = new EfScope.Model();
            Body(method);
        }

        _frame = before;
    }

    private void Body(SyntaxNode? method)
    {
        switch (method)
        {
            case BaseMethodDeclarationSyntax { Body: { } block }:
                Statement(block);
                break;
            case BaseMethodDeclarationSyntax { ExpressionBody.Expression: { } expression }:
                Evaluate(expression);
                break;
            case LocalFunctionStatementSyntax { Body: { } block }:
                Statement(block);
                break;
            case LocalFunctionStatementSyntax { ExpressionBody.Expression: { } expression }:
                Evaluate(expression);
                break;
        }
    }

    private void Statement(StatementSyntax statement)
    {
        switch (statement)
        {
            case BlockSyntax block:
                foreach (var inner in block.Statements)
                {
                    Statement(inner);
                }

                break;
            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment }:
                Assign(assignment);
                break;
            case ExpressionStatementSyntax expression:
                Evaluate(expression.Expression);
                break;
            case LocalDeclarationStatementSyntax local:
                foreach (var variable in local.Declaration.Variables)
                {
                    if (variable.Initializer is { } initializer)
                    {
                        _frame.Set(variable.Identifier.ValueText, Evaluate(initializer.Value), initializer.Value);
                    }
                }

                break;
            case ReturnStatementSyntax { Expression: { } returned }:
                _frame.Result = Evaluate(returned);
                break;
            case IfStatementSyntax choice:
                Choose(choice);
                break;
            case CommonForEachStatementSyntax loop:
                Loop(loop, loop.Statement);
                break;
            case ForStatementSyntax loop:
                Loop(loop, loop.Statement);
                break;
            case WhileStatementSyntax loop:
                Loop(loop, loop.Statement);
                break;
            case UsingStatementSyntax or TryStatementSyntax or SwitchStatementSyntax or LockStatementSyntax:
                Uncertainly(() =>
                {
                    foreach (var inner in statement.DescendantNodes(node => node == statement || node is not StatementSyntax).OfType<StatementSyntax>())
                    {
                        Statement(inner);
                    }
                });
                break;
        }
    }

    private void Assign(AssignmentExpressionSyntax assignment)
    {
        var scope = Evaluate(assignment.Right);
        if (assignment.Left is IdentifierNameSyntax name)
        {
            _frame.Set(name.Identifier.ValueText, scope, null);
        }
        else if (assignment.Left is MemberAccessExpressionSyntax access && Evaluate(access.Expression) is { } target)
        {
            Touch(target);
        }
        else if (scope is not null)
        {
            // A builder that is kept somewhere may be told anything there.
            Touch(scope);
        }
    }

    private void Choose(IfStatementSyntax choice)
    {
        switch (Condition(choice.Condition))
        {
            case true:
                Statement(choice.Statement);
                break;
            case false:
                if (choice.Else is { } other)
                {
                    Statement(other.Statement);
                }

                break;
            default:
                Uncertainly(() =>
                {
                    Statement(choice.Statement);
                    if (choice.Else is { } other)
                    {
                        Statement(other.Statement);
                    }
                });
                break;
        }
    }

    // if (Database.IsNpgsql()): these are the contexts of that provider.
    private bool? Condition(ExpressionSyntax condition) => condition switch
    {
        ParenthesizedExpressionSyntax parenthesized => Condition(parenthesized.Expression),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not => !Condition(not.Operand),
        InvocationExpressionSyntax call when EfCalls.Of(EfValues.LastName(call.Expression) ?? "") is EfCall.IsNpgsql or EfCall.IsRelational => true,
        _ => _values.Flag(condition),
    };

    private void Uncertainly(Action read)
    {
        _uncertain++;
        read();
        _uncertain--;
    }

    /// <summary>A loop, mostly over all entities of the model: what it calls tells what it may change.</summary>
    private void Loop(StatementSyntax loop, StatementSyntax body)
    {
        var names = loop.DescendantNodes().OfType<InvocationExpressionSyntax>().Select(call => EfValues.LastName(call.Expression) ?? "").ToList();
        var sets = loop.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment => assignment.Left is MemberAccessExpressionSyntax);
        _model.HasUnknownNames |= names.Any(EfModelNames.SetsName);
        var isOfBuilder = loop.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => _frame.Scope(name.Identifier.ValueText) is not null);
        if (!isOfBuilder)
        {
            return;
        }

        if (names.Any(name => EfCalls.Of(name) == EfCall.HasQueryFilter || EfModelNames.SetsFilter(name)))
        {
            foreach (var entity in _model.Entities.Values)
            {
                entity.HasQueryFilter = true;
            }
        }

        if (sets || names.Any(name => !EfModelNames.IsHarmlessInLoop(name)) || names.Count == 0)
        {
            _model.IsUncertain |= body.DescendantNodesAndSelf().Any(node => node is InvocationExpressionSyntax) || sets;
        }
    }

    /// <summary>What an expression gives: a builder, or null for anything else.</summary>
    private EfScope? Evaluate(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case IdentifierNameSyntax name:
                return _frame.Scope(name.Identifier.ValueText);
            case ParenthesizedExpressionSyntax parenthesized:
                return Evaluate(parenthesized.Expression);
            case CastExpressionSyntax cast:
                return Evaluate(cast.Expression);
            case PostfixUnaryExpressionSyntax postfix:
                return Evaluate(postfix.Operand);
            case AssignmentExpressionSyntax assignment:
                Assign(assignment);
                return null;
            case ConditionalAccessExpressionSyntax conditional when Evaluate(conditional.Expression) is { } target:
                return target is EfScope.Metadata or EfScope.Harmless && conditional.WhenNotNull.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>()
                    .All(call => call.Expression is MemberBindingExpressionSyntax binding && IsHarmless(EfCalls.Of(binding.Name.Identifier.ValueText))) ? new EfScope.Harmless() : Touch(target);
            case MemberAccessExpressionSyntax access when Evaluate(access.Expression) is { } target:
                return target switch
                {
                    EfScope.Entity entity when EfModelNames.IsModel(access.Name.Identifier.ValueText) => new EfScope.Metadata(entity.Declared),
                    EfScope.Metadata or EfScope.Harmless => target,
                    EfScope.Model when EfModelNames.IsModel(access.Name.Identifier.ValueText) => new EfScope.Metadata(null),
                    EfScope.Model when EfCalls.Of(access.Name.Identifier.ValueText) == EfCall.Conventions => new EfScope.Metadata(null),
                    EfScope.Property or EfScope.Index or EfScope.Relation or EfScope.Key or EfScope.Navigation => new EfScope.Metadata(OwnerOf(target)),
                    _ => null,
                };
            case InvocationExpressionSyntax call:
                return Call(call);
            default:
                return null;
        }
    }

    private EfScope? Call(InvocationExpressionSyntax call)
    {
        var name = EfValues.LastName(call.Expression) ?? "";
        var arguments = call.ArgumentList.Arguments;
        if (call.Expression is MemberAccessExpressionSyntax access)
        {
            if (Evaluate(access.Expression) is { } target)
            {
                return On(target, name, access.Name, [.. arguments], call);
            }

            if (access.Expression is BaseExpressionSyntax)
            {
                return BaseCall(call);
            }
        }

        // An extension method called as what it is, a helper of the user's, or a configuration.
        for (var i = 0; i < arguments.Count; i++)
        {
            if (Evaluate(arguments[i].Expression) is { } given)
            {
                if (i == 0 && EfCalls.Of(name) != EfCall.Other && !IsOfUser(call))
                {
                    return On(given, name, null, [.. arguments.Skip(1)], call);
                }

                return Inline(call) ?? Touch(given);
            }
        }

        return null;
    }

    private bool IsOfUser(InvocationExpressionSyntax call) =>
        _values.ModelOf(call.SyntaxTree) is { } model && model.GetSymbolInfo(call).Symbol is IMethodSymbol { DeclaringSyntaxReferences.Length: > 0 };

    // base.OnModelCreating(builder), base.Configure(builder)
    private EfScope? BaseCall(InvocationExpressionSyntax call)
    {
        if (_values.ModelOf(call.SyntaxTree)?.GetSymbolInfo(call).Symbol is not IMethodSymbol method)
        {
            _model.IsUncertain = true;
            return null;
        }

        if (method.DeclaringSyntaxReferences.Length > 0)
        {
            return Inline(call);
        }

        if (!EfModelNames.IsEf(method.ContainingType) || EfModelNames.IsIdentity(method.ContainingType))
        {
            // Entities of a library: they are told nowhere here.
            _model.HasMore = true;
        }

        return null;
    }

    /// <summary>Reads the body of the user's own method that a call passes a builder to; null where there is none to read.</summary>
    private EfScope? Inline(InvocationExpressionSyntax call)
    {
        if (_depth >= MaxDepth || _values.ModelOf(call.SyntaxTree)?.GetSymbolInfo(call).Symbol is not IMethodSymbol called)
        {
            return null;
        }

        var method = called.ReducedFrom ?? called;
        var receiver = called.ReducedFrom is not null && call.Expression is MemberAccessExpressionSyntax access ? access.Expression : null;
        var isBase = call.Expression is MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax };
        var @this = method.IsStatic ? null
            : call.Expression is MemberAccessExpressionSyntax { Expression: not (ThisExpressionSyntax or BaseExpressionSyntax) } other
                ? _values.ModelOf(call.SyntaxTree)?.GetTypeInfo(other.Expression).Type as INamedTypeSymbol
                : _frame.This;
        if (!isBase && @this is not null && (method.IsAbstract || method.IsVirtual || method.IsOverride || method.ContainingType.TypeKind == TypeKind.Interface))
        {
            method = Implementation(method, @this) ?? method;
        }

        if (method.OriginalDefinition.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax())
                .FirstOrDefault(node => node is BaseMethodDeclarationSyntax { Body: not null } or BaseMethodDeclarationSyntax { ExpressionBody: not null } or LocalFunctionStatementSyntax) is not { } body ||
            _values.ModelOf(body.SyntaxTree) is null)
        {
            return null;
        }

        var inner = new Frame(body is LocalFunctionStatementSyntax ? _frame : null, @this);
        inner.Bind(called.ReducedFrom is { Arity: > 0 } generic ? generic.Construct([.. called.TypeArguments]) : method, Resolve);
        var parameters = method.OriginalDefinition.Parameters;
        var offset = receiver is null ? 0 : 1;
        if (receiver is not null)
        {
            inner.Set(parameters[0].Name, Evaluate(receiver), receiver);
        }

        for (var i = 0; i < call.ArgumentList.Arguments.Count; i++)
        {
            var argument = call.ArgumentList.Arguments[i];
            var parameter = argument.NameColon is { } named ? named.Name.Identifier.ValueText : i + offset < parameters.Length ? parameters[i + offset].Name : null;
            if (parameter is not null)
            {
                inner.Set(parameter, Evaluate(argument.Expression), Constant(argument.Expression));
            }
        }

        foreach (var parameter in parameters.Where(parameter => parameter.HasExplicitDefaultValue && !inner.Has(parameter.Name)))
        {
            if (parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ParameterSyntax { Default.Value: { } value })
            {
                inner.Set(parameter.Name, null, value);
            }
        }

        return In(inner, () => Body(body)) ?? new EfScope.Harmless();
    }

    private ExpressionSyntax? Constant(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax name ? _frame.Local(name.Identifier.ValueText) ?? expression : expression;

    private EfScope? In(Frame frame, Action read)
    {
        var before = _frame;
        _frame = frame;
        _depth++;
        read();
        _depth--;
        _frame = before;
        return frame.Result;
    }

    private static IMethodSymbol? Implementation(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            return type.FindImplementationForInterfaceMember(method) as IMethodSymbol;
        }

        for (var at = type; at is not null; at = at.BaseType)
        {
            foreach (var candidate in at.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                for (var overridden = candidate; overridden is not null; overridden = overridden.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method.OriginalDefinition))
                    {
                        return candidate;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Reads a class that configures an entity.</summary>
    private void Configuration(INamedTypeSymbol configuration)
    {
        foreach (var contract in configuration.AllInterfaces.Where(EfModelNames.IsConfiguration))
        {
            if (Resolve(contract.TypeArguments[0]) is not INamedTypeSymbol type)
            {
                _model.IsUncertain = true;
                continue;
            }

            var entity = EntityOf(type, default);
            var method = contract.GetMembers().OfType<IMethodSymbol>().FirstOrDefault() is { } declared && configuration.FindImplementationForInterfaceMember(declared) is IMethodSymbol found ? Implementation(found, configuration) ?? found : null;
            if (_depth < MaxDepth && method?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax syntax && _values.ModelOf(syntax.SyntaxTree) is not null)
            {
                var inner = new Frame(null, configuration);
                inner.Bind(method, Resolve);
                inner.Set(method.Parameters[0].Name, new EfScope.Entity(entity), null);
                In(inner, () => Body(syntax));
            }
            else
            {
                entity.IsUncertain = true;
            }
        }
    }

    /// <summary>Runs a lambda that a call passes, with a builder for its parameter.</summary>
    private void Nested(IReadOnlyList<ArgumentSyntax> arguments, EfScope scope)
    {
        foreach (var argument in arguments)
        {
            if (argument.Expression is LambdaExpressionSyntax lambda && Nested(lambda, scope))
            {
                return;
            }
        }

        // A method group, or a delegate from elsewhere.
        if (arguments.Count > 0 && arguments[arguments.Count - 1].Expression is IdentifierNameSyntax or MemberAccessExpressionSyntax &&
            _values.ModelOf(arguments[0].SyntaxTree) is { } model && arguments[arguments.Count - 1].Expression is var last)
        {
            if (model.GetSymbolInfo(last).Symbol is IMethodSymbol method)
            {
                if (_depth < MaxDepth && method.Parameters.Length == 1 && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } body)
                {
                    var inner = new Frame(body is LocalFunctionStatementSyntax ? _frame : null, _frame.This);
                    inner.Bind(method, Resolve);
                    inner.Set(method.Parameters[0].Name, scope, null);
                    In(inner, () => Body(body));
                }
                else
                {
                    Touch(scope);
                }
            }
            else if (model.GetTypeInfo(last).ConvertedType is INamedTypeSymbol { TypeKind: TypeKind.Delegate })
            {
                Touch(scope);
            }
        }
    }

    private bool Nested(LambdaExpressionSyntax lambda, EfScope scope)
    {
        var parameter = lambda switch
        {
            SimpleLambdaExpressionSyntax simple => simple.Parameter,
            ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: 1 } parameters } => parameters[0],
            _ => null,
        };
        if (parameter is null)
        {
            return false;
        }

        var inner = new Frame(_frame, _frame.This);
        inner.Set(parameter.Identifier.ValueText, scope, null);
        In(inner, () =>
        {
            if (lambda.Body is ExpressionSyntax expression)
            {
                Evaluate(expression);
            }
            else if (lambda.Body is BlockSyntax block)
            {
                Statement(block);
            }
        });
        return true;
    }

    /// <summary>The type, with what type parameters stand for here.</summary>
    private ITypeSymbol? Resolve(ITypeSymbol? type) => type is ITypeParameterSymbol parameter ? _frame.Type(parameter) : type;

    private ITypeSymbol? TypeOf(ExpressionSyntax? expression) =>
        expression is TypeOfExpressionSyntax of ? TypeOf(of.Type) : null;

    private ITypeSymbol? TypeOf(TypeSyntax type) => Resolve(_values.ModelOf(type.SyntaxTree)?.GetTypeInfo(type).Type);

    private EfEntity EntityOf(INamedTypeSymbol type, EfSite site) =>
        _model.Entity(EntityMaps.NameOf(type), type, EfSite.Of(type).Or(site));

    /// <summary>Notes that something was said of a builder that nobody understood.</summary>
    private EfScope Touch(EfScope scope)
    {
        switch (scope)
        {
            case EfScope.Model or EfScope.TypeRule or EfScope.Metadata { Owner: null }:
                _model.IsUncertain = true;
                break;
            case EfScope.Relation relation:
                relation.Declared.IsUncertain = true;
                relation.Declared.Dependent.IsUncertain = relation.Declared.Principal.IsUncertain = true;
                break;
            case EfScope.Skip skip:
                skip.Declared.Left.IsUncertain = skip.Declared.Right.IsUncertain = true;
                break;
            case EfScope.Half half:
                half.From.IsUncertain = half.To.IsUncertain = true;
                break;
            case EfScope.Index index:
                index.Declared.IsUncertain = true;
                break;
            case EfScope.Property property:
                property.Declared.IsUncertain = true;
                break;
            default:
                if (OwnerOf(scope) is { } owner)
                {
                    owner.IsUncertain = true;
                }

                break;
        }

        return scope;
    }

    private static EfEntity? OwnerOf(EfScope scope) => scope switch
    {
        EfScope.Entity entity => entity.Declared,
        EfScope.Property property => property.Owner,
        EfScope.Index index => index.Owner,
        EfScope.Key key => key.Owner,
        EfScope.Table table => table.Owner,
        EfScope.Discriminator discriminator => discriminator.Owner,
        EfScope.Navigation navigation => navigation.Owner,
        EfScope.Metadata metadata => metadata.Owner,
        EfScope.Half half => half.From,
        EfScope.Relation relation => relation.Declared.Dependent,
        _ => null,
    };

    private static bool IsHarmless(EfCall call) => call is EfCall.FindNavigation or EfCall.FindProperty or EfCall.FindSkipNavigation or EfCall.SetPropertyAccessMode or EfCall.SetField or EfCall.SetIsEagerLoaded or EfCall.SetAfterSaveBehavior;

    /// <summary>What the names in a body stand for.</summary>
    private sealed class Frame(Frame? outer, INamedTypeSymbol? @this)
    {
        private readonly Dictionary<string, ExpressionSyntax?> _locals = new(StringComparer.Ordinal);
        private readonly Dictionary<ITypeSymbol, ITypeSymbol> _types = new(SymbolEqualityComparer.Default);

        public Dictionary<string, EfScope> Scopes { get; } = new(StringComparer.Ordinal);

        public INamedTypeSymbol? This { get; } = @this;

        public EfScope? Result { get; set; }

        public EfScope? Scope(string name) => Scopes.TryGetValue(name, out var scope) ? scope : _locals.ContainsKey(name) ? null : outer?.Scope(name);

        public ExpressionSyntax? Local(string name) => _locals.TryGetValue(name, out var value) ? value : outer?.Local(name);

        public bool Has(string name) => _locals.ContainsKey(name);

        public ITypeSymbol? Type(ITypeParameterSymbol parameter) => _types.TryGetValue(parameter.OriginalDefinition, out var type) ? type : outer?.Type(parameter);

        public void Set(string name, EfScope? scope, ExpressionSyntax? value)
        {
            // What is assigned twice has no one value.
            _locals[name] = _locals.ContainsKey(name) ? null : value;
            if (scope is null)
            {
                Scopes.Remove(name);
            }
            else
            {
                Scopes[name] = scope;
            }
        }

        public void Bind(IMethodSymbol method, Func<ITypeSymbol?, ITypeSymbol?> resolve)
        {
            Bind(method.TypeParameters, method.TypeArguments, resolve);
            for (var type = method.ContainingType; type is not null; type = type.ContainingType)
            {
                Bind(type.TypeParameters, type.TypeArguments, resolve);
            }
        }

        private void Bind(IReadOnlyList<ITypeParameterSymbol> parameters, IReadOnlyList<ITypeSymbol> arguments, Func<ITypeSymbol?, ITypeSymbol?> resolve)
        {
            for (var i = 0; i < parameters.Count; i++)
            {
                if (resolve(arguments[i]) is { } type)
                {
                    _types[parameters[i].OriginalDefinition] = type;
                }
            }
        }
    }
}
