using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>
/// Which transaction surrounds a call? Whatever may hold one counts here: an open begin of the member, a transaction that is passed, a scope, whoever calls the
/// member, a unit of work. Where nobody can know, there may be one.
/// </summary>
internal sealed class TransactionScopes
{
    // Callers of callers of callers: nobody looks further by hand either.
    private const int MaxCallers = 4;

    private readonly ITransactionFacts _facts;
    private readonly Dictionary<ISymbol, bool> _held = new(SymbolEqualityComparer.Default);
    private readonly CancellationToken _cancellation;

    public TransactionScopes(ITransactionFacts facts, CancellationToken cancellation)
    {
        _facts = facts;
        _cancellation = cancellation;
    }

    /// <summary>Whether a call may run in a transaction.</summary>
    /// <param name="operation">The call.</param>
    /// <param name="connection">Its connection; null where nobody knows.</param>
    public bool MayBeIn(IOperation operation, ConnectionIdentity? connection) => MayBeIn(operation, connection, 0);

    /// <summary>
    /// The transactions of the member that are certainly open, on every path, just before an operation runs; in a delegate that is run where it stands also
    /// those around that place.
    /// </summary>
    public IEnumerable<TransactionBegin> OpenAt(IOperation operation)
    {
        var transactions = _facts.TransactionsAround(operation, _cancellation);
        for (var at = operation; at is not null; at = BodyGraph.FunctionOf(at) is IAnonymousFunctionOperation lambda ? LoopRegions.CallerOf(lambda).Call : null)
        {
            foreach (var begin in transactions.OpenAt(at))
            {
                yield return begin;
            }
        }
    }

    /// <summary>Whether the member itself, or an argument, tells of a transaction: cheap.</summary>
    public bool MayBeInOwn(IOperation operation, ConnectionIdentity? connection) =>
        (operation is IInvocationOperation call && PassesTransaction(call)) || (_facts.TransactionsAround(operation, _cancellation) is var transactions &&
            (transactions.KnowsOfOther || transactions.MayBeOpenAt(operation).Any(begin => MayHold(begin, connection))));

    /// <summary>Whether the method or the object around a call is given a transaction, or is a unit of work.</summary>
    public bool MayBeInUnit(IOperation operation, ConnectionIdentity? connection)
    {
        var symbol = SymbolOf(BodyGraph.FunctionOf(operation), operation);
        if (GetsTransaction(symbol) || IsOfUnit(symbol, connection))
        {
            return true;
        }

        // unit.Connection, session.CreateCommand()
        var owner = _facts.ExecutionOf(operation)?.Connection;
        var isFirst = true;
        for (; owner is { Type: { } type }; owner = HoleValues.Strip(owner) is IMemberReferenceOperation member ? member.Instance : null)
        {
            if (owner is not IInstanceReferenceOperation && (HoldsTransaction(type) || (isFirst && IsSession(type))))
            {
                return true;
            }

            isFirst = false;
        }

        return false;
    }

    // A type of the user's own that makes commands: what surrounds them is its secret.
    private bool IsSession(ITypeSymbol type) => !_facts.Apis.Types.IsCommand(type) && !_facts.Apis.Types.IsConnection(type) && !_facts.Apis.Types.IsDataSource(type) &&
        !EfQueries.IsContext(type, _facts.Apis) && !TransactionMembers.IsOfLibrary(type);

    /// <summary>Whether a call is handed a transaction, itself or with its command.</summary>
    public bool PassesTransaction(IInvocationOperation call)
    {
        if (call.Arguments.Any(IsTransaction) || HasTransaction(call.Instance))
        {
            return true;
        }

        foreach (var argument in call.Arguments)
        {
            // A CommandDefinition, or a command, that holds one.
            if (HoleValues.Strip(argument.Value) is var value && (Made(value) is IObjectCreationOperation { Arguments: var inner } && inner.Any(IsTransaction) || (_facts.Apis.Types.IsCommand(value.Type) && HasTransaction(value))))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsTransaction(IArgumentOperation argument) => argument is { ArgumentKind: not ArgumentKind.DefaultValue, Parameter: { } parameter } &&
        (_facts.Apis.Types.IsAnyTransaction(parameter.Type) || _facts.Apis.Types.IsAnyTransaction(HoleValues.Strip(argument.Value).Type) || HoldsTransaction(parameter.Type)) &&
        HoleValues.Strip(argument.Value).ConstantValue is not { HasValue: true, Value: null } && HoleValues.Strip(argument.Value) is not IDefaultValueOperation;

    private bool HasTransaction(IOperation? command)
    {
        if (command is null || !_facts.Apis.Types.IsCommand(command.Type))
        {
            return false;
        }

        command = HoleValues.Strip(command);
        if (Made(command) switch { IObjectCreationOperation creation => creation.Arguments.Any(IsTransaction) || SetsTransaction(creation.Initializer), _ => false })
        {
            return true;
        }

        return LoopRegions.SymbolOf(command) is { } symbol && HoleValues.RootOf(command).Descendants().Any(part =>
            part is IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } owner } property } && TransactionMembers.IsTransaction(property.Property.Name) &&
            SymbolEqualityComparer.Default.Equals(LoopRegions.SymbolOf(owner), symbol));
    }

    private static bool SetsTransaction(IObjectOrCollectionInitializerOperation? initializer) => initializer is not null && initializer.Initializers.Any(part =>
        part is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } && TransactionMembers.IsTransaction(property.Property.Name));

    private static IOperation Made(IOperation value) =>
        value is ILocalReferenceOperation local && EfQueries.InitialValue(local) is { } initial ? HoleValues.Strip(initial) : value;

    private static bool MayHold(TransactionBegin begin, ConnectionIdentity? connection) =>
        begin.Connection is null || connection is null || begin.Connection.CompareTo(connection) != ConnectionRelation.Different;

    private bool MayBeIn(IOperation operation, ConnectionIdentity? connection, int depth)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (MayBeInOwn(operation, connection))
        {
            return true;
        }

        var function = BodyGraph.FunctionOf(operation);
        var isOwn = connection is { IsFresh: true } && connection.IsDeclaredIn(function.Syntax.SyntaxTree, function.Syntax.Span);
        var symbol = SymbolOf(function, operation);
        if (!isOwn && MayBeInUnit(operation, connection))
        {
            return true;
        }

        return function switch
        {
            IAnonymousFunctionOperation lambda => IsGivenTo(lambda, isOwn ? null : connection, isOwn, depth),
            _ when isOwn => false,
            ILocalFunctionOperation local => AllCallersMay(local.Symbol, depth),
            _ => _facts.HasPipelineTransaction || (symbol is IMethodSymbol method && AllCallersMay(method, depth)),
        };
    }

    // A parameter of the function is a transaction, or something that has one.
    private bool GetsTransaction(ISymbol? function)
    {
        for (var at = function; at is IMethodSymbol method; at = method.ContainingSymbol)
        {
            if (method.Parameters.Any(parameter => _facts.Apis.Types.IsAnyTransaction(parameter.Type) || HoldsTransaction(parameter.Type)) ||
                method.GetAttributes().Any(Marks))
            {
                return true;
            }
        }

        return false;
    }

    // The object has a transaction, or is one: what its methods write may stand in it.
    private bool IsOfUnit(ISymbol? function, ConnectionIdentity? connection)
    {
        var type = function?.ContainingType;
        if (type is not null && (IsTest(type) || type.GetAttributes().Any(Marks) || HoldsTransaction(type) || UsesUnit(type)))
        {
            return true;
        }

        return connection is not null && connection.Path.Any(part => part.ContainingType is { } owner && !SymbolEqualityComparer.Default.Equals(owner, type) && part is IFieldSymbol or IPropertySymbol && HoldsTransaction(part.ContainingType));
    }

    // What a test leaves half done, nobody misses.
    private static bool IsTest(INamedTypeSymbol type) => type.GetMembers().Any(member => member is IMethodSymbol && member.GetAttributes().Any(attribute => TransactionMembers.MarksTest(attribute.AttributeClass?.Name)));

    private bool UsesUnit(INamedTypeSymbol type)
    {
        for (var at = type; at is { SpecialType: SpecialType.None }; at = at.BaseType)
        {
            if (at.GetMembers().Any(member => member switch
            {
                IFieldSymbol field => _facts.IsUnitOfWork(field.Type),
                IPropertySymbol property => _facts.IsUnitOfWork(property.Type),
                IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.Parameters.Any(parameter => _facts.IsUnitOfWork(parameter.Type)),
                _ => false,
            }))
            {
                return true;
            }
        }

        return false;
    }

    private bool Marks(AttributeData attribute) => attribute.AttributeClass is { } type && (TransactionMembers.MarksTransaction(type.Name) || _facts.IsUnitOfWork(type));

    /// <summary>Whether objects of a type have a transaction of their own, as units of work and sessions do; those of the libraries themselves don't count.</summary>
    private bool HoldsTransaction(ITypeSymbol? type)
    {
        if (_facts.IsUnitOfWork(type))
        {
            return true;
        }

        for (; type is { SpecialType: SpecialType.None } && !TransactionMembers.IsOfLibrary(type); type = type.BaseType)
        {
            if (type.GetMembers().Any(member => member switch
            {
                IFieldSymbol field => _facts.Apis.Types.IsAnyTransaction(field.Type),
                IPropertySymbol property => _facts.Apis.Types.IsAnyTransaction(property.Type),
                IMethodSymbol { MethodKind: MethodKind.Ordinary } method => TransactionMembers.Commits(method.Name) || (TransactionMembers.MayBegin(method.Name) && TransactionMembers.Begins(method, _facts.Apis.Types)),
                _ => false,
            }))
            {
                return true;
            }
        }

        return false;
    }

    // What becomes of a lambda.
    private bool IsGivenTo(IAnonymousFunctionOperation lambda, ConnectionIdentity? connection, bool isOwn, int depth)
    {
        if (LoopRegions.CallerOf(lambda).Call is { } once)
        {
            return TransactionMembers.RunsInTransaction(once.TargetMethod.Name) || MayBeIn(once, connection, depth);
        }

        IOperation? at = lambda.Parent;
        while (at is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
        {
            at = at.Parent;
        }

        switch (at)
        {
            case IEventAssignmentOperation:
                return false;
            case IArgumentOperation { Parent: IInvocationOperation call } argument:
                if (TransactionMembers.MapsEndpoint(call.TargetMethod))
                {
                    return false;
                }

                return Runs(call.TargetMethod, argument.Parameter) switch
                {
                    true => true,
                    false => MayBeIn(call, connection, depth + 1),
                    null => !isOwn || TransactionMembers.RunsInTransaction(call.TargetMethod.Name),
                };
            default:
                return !isOwn;
        }
    }

    // Whether a method runs a delegate of its in a transaction; null where its body is not in sight, or hands the delegate on.
    private bool? Runs(IMethodSymbol method, IParameterSymbol? parameter)
    {
        if (parameter is null || _facts.BodyOf((method.ReducedFrom ?? method).OriginalDefinition, _cancellation) is not { } body)
        {
            return null;
        }

        bool? runs = null;
        var transactions = _facts.TransactionsAround(body, _cancellation);
        foreach (var operation in body.Descendants())
        {
            if (operation is IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } call && HoleValues.Strip(call.Instance!) is IParameterReferenceOperation reference &&
                reference.Parameter.Name == parameter.Name)
            {
                if (transactions.MayBeOpenAt(call).Any())
                {
                    return true;
                }

                runs = false;
            }
        }

        return runs;
    }

    // Whoever calls it holds one: then all do, or nobody in sight calls it.
    private bool AllCallersMay(IMethodSymbol method, int depth)
    {
        if (depth >= MaxCallers || method.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.ExplicitInterfaceImplementation))
        {
            return false;
        }

        if (!_held.TryGetValue(method, out var held))
        {
            // Who calls only itself is held by nobody.
            _held.Add(method, false);
            var calls = _facts.CallsOf(method, _cancellation);
            _held[method] = held = calls.Count > 0 && calls.All(call => MayBeIn(call, null, depth + 1));
        }

        return held;
    }

    private static ISymbol? SymbolOf(IOperation function, IOperation inside)
    {
        if (function is IAnonymousFunctionOperation lambda)
        {
            return lambda.Symbol;
        }

        var symbol = function is ILocalFunctionOperation local ? local.Symbol : inside.SemanticModel?.GetEnclosingSymbol(inside.Syntax.SpanStart);
        while (function is not ILocalFunctionOperation && symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
        {
            symbol = symbol.ContainingSymbol;
        }

        return symbol;
    }
}
