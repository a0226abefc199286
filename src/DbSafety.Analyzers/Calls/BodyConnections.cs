using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>The connections and contexts that the places of one body use.</summary>
public sealed class BodyConnections
{
    // A connection that went through more hands than this is not followed.
    private const int MaxSteps = 8;

    private readonly DbApis _apis;
    private readonly HashSet<ISymbol> _written;
    private readonly Dictionary<ISymbol, ImmutableArray<IOperation>> _connected;

    private BodyConnections(DbApis apis, HashSet<ISymbol> written, Dictionary<ISymbol, ImmutableArray<IOperation>> connected)
    {
        _apis = apis;
        _written = written;
        _connected = connected;
    }

    /// <summary>Reads once which variables of a body change, and which commands get a connection later.</summary>
    /// <param name="root">The root operation of the body.</param>
    /// <param name="apis">The table.</param>
    public static BodyConnections Of(IOperation root, DbApis apis)
    {
        var written = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var connected = new Dictionary<ISymbol, ImmutableArray<IOperation>>(SymbolEqualityComparer.Default);
        foreach (var operation in root.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IDeconstructionAssignmentOperation deconstruction:
                    foreach (var target in deconstruction.Target.DescendantsAndSelf())
                    {
                        Write(target);
                    }

                    break;
                case IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } instance } property } assignment
                    when ConnectionMembers.IsConnection(property.Property) && VariableOf(instance) is { } command:
                    connected[command] = (connected.TryGetValue(command, out var before) ? before : ImmutableArray<IOperation>.Empty).Add(assignment.Value);
                    break;
                case IAssignmentOperation assignment:
                    Write(assignment.Target);
                    break;
                case IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument:
                    Write(argument.Value);
                    break;
            }
        }

        return new BodyConnections(apis, written, connected);

        void Write(IOperation target)
        {
            if (VariableOf(target is IDeclarationExpressionOperation declaration ? declaration.Expression : target) is { } variable)
            {
                written.Add(variable);
            }
        }
    }

    /// <summary>Which connection a value is or belongs to: a connection, context or command; null where nobody knows.</summary>
    public ConnectionIdentity? Of(IOperation? value) => Of(value, 0);

    /// <summary>Which connection an execution uses; null where nobody knows.</summary>
    /// <param name="execution">An execution in the body.</param>
    public ConnectionIdentity? Of(DbExecution execution) =>
        Of(execution.Operation is IInvocationOperation { Instance: { } command } && _apis.Types.IsCommand(command.Type) ? command : execution.Connection);

    private ConnectionIdentity? Of(IOperation? value, int step)
    {
        if (value is null || step > MaxSteps)
        {
            return null;
        }

        value = HoleValues.Strip(value);
        step++;
        if (_apis.Types.IsCommand(value.Type))
        {
            return OfCommand(value, step);
        }

        if (value is IInvocationOperation call)
        {
            return ConnectionMembers.IsConnectionOfContext(call.TargetMethod) ? Of(EfQueries.ContextOf(EfQueries.FirstArgument(call), _apis), step) : null;
        }

        var isContext = EfQueries.IsContext(value.Type, _apis);
        if (!isContext && !_apis.Types.IsConnection(value.Type))
        {
            // context.Database
            return value is IPropertyReferenceOperation { Instance: { } owner } && EfQueries.IsContext(owner.Type, _apis) && ConnectionMembers.IsFacade(value.Type) ? Of(owner, step) : null;
        }

        if (value is IPropertyReferenceOperation { Instance: { } transaction } property && ConnectionMembers.IsConnection(property.Property) && _apis.Types.IsTransaction(transaction.Type))
        {
            return OfTransaction(transaction, step);
        }

        if (value is ILocalReferenceOperation local && !_written.Contains(local.Local) && EfQueries.InitialValue(local) is { } initial)
        {
            var made = EfQueries.Unawaited(initial);
            switch (made)
            {
                case ILocalReferenceOperation or IParameterReferenceOperation or IMemberReferenceOperation:
                    return Of(made, step);
                case IInvocationOperation given when ConnectionMembers.IsConnectionOfContext(given.TargetMethod):
                    return Of(made, step);
                case IObjectCreationOperation creation when !creation.Arguments.Any(argument => _apis.Types.IsConnection(argument.Value.Type)):
                    return new ConnectionIdentity(
                        ImmutableArray.Create<ISymbol>(local.Local), false, isContext, false, isFresh: true, creation.Arguments.Any(argument => ConnectionMembers.StaysOut(argument.Value)));
                case IInvocationOperation making when ConnectionMembers.Makes(making.TargetMethod.Name) && making.TargetMethod.DeclaringSyntaxReferences.IsEmpty:
                    return new ConnectionIdentity(ImmutableArray.Create<ISymbol>(local.Local), false, isContext, false, isFresh: true);
            }
        }

        return PathOf(value, step) is var (path, isOfThis) ? new ConnectionIdentity(path, isOfThis, isContext, false, isFresh: false) : null;
    }

    // The connection that a command was made with or given, else the command itself.
    private ConnectionIdentity? OfCommand(IOperation command, int step)
    {
        if (VariableOf(command) is not { } variable)
        {
            return Of(ConnectionOf(EfQueries.Unawaited(command)), step);
        }

        if (_written.Contains(variable))
        {
            return null;
        }

        var given = _connected.TryGetValue(variable, out var values) ? values : ImmutableArray<IOperation>.Empty;
        if (command is not ILocalReferenceOperation local || EfQueries.InitialValue(local) is not { } initial)
        {
            return given.IsEmpty ? new ConnectionIdentity(ImmutableArray.Create(variable), false, false, isCommand: true, isFresh: false) : null;
        }

        var connection = ConnectionOf(EfQueries.Unawaited(initial));
        return given.Length switch
        {
            0 => Of(connection, step),
            1 when connection is null => Of(given[0], step),
            _ => null,
        };
    }

    private static IOperation? ConnectionOf(IOperation creation) => creation switch
    {
        IObjectCreationOperation created => DbApiMatch.ConnectionOf(created),
        IInvocationOperation { Instance: { } instance } => instance,
        _ => null,
    };

    private ConnectionIdentity? OfTransaction(IOperation transaction, int step) =>
        HoleValues.Strip(transaction) is ILocalReferenceOperation local && !_written.Contains(local.Local) && EfQueries.InitialValue(local) is { } initial &&
        EfQueries.Unawaited(initial) is IInvocationOperation { Instance: { } connection } begin && DbMemberTable.BeginsTransaction(begin.TargetMethod.Name)
            ? Of(connection, step)
            : null;

    private (ImmutableArray<ISymbol> Path, bool IsOfThis)? PathOf(IOperation value, int step)
    {
        if (step > MaxSteps)
        {
            return null;
        }

        switch (HoleValues.Strip(value))
        {
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return (ImmutableArray<ISymbol>.Empty, true);
            case ILocalReferenceOperation local when !_written.Contains(local.Local) && !local.Local.IsRef:
                return (ImmutableArray.Create<ISymbol>(local.Local), false);
            case IParameterReferenceOperation parameter when !_written.Contains(parameter.Parameter) && parameter.Parameter.RefKind is RefKind.None or RefKind.In:
                return (ImmutableArray.Create<ISymbol>(parameter.Parameter), IsOfPrimaryConstructor(parameter.Parameter));
            case IFieldReferenceOperation { Field: { IsReadOnly: true } or { IsConst: true } } field:
                return Append(field.Field, field.Instance, step);
            case IPropertyReferenceOperation property when IsStored(property.Property):
                return Append(property.Property, property.Instance, step);
            default:
                return null;
        }
    }

    private (ImmutableArray<ISymbol> Path, bool IsOfThis)? Append(ISymbol member, IOperation? instance, int step) =>
        instance is null ? (ImmutableArray.Create(member.OriginalDefinition), false)
        : PathOf(instance, step + 1) is var (path, isOfThis) ? (path.Add(member.OriginalDefinition), isOfThis)
        : null;

    private static bool IsOfPrimaryConstructor(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor &&
        constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax);

    // { get; } or { get; init; } in this source: each read gives the same.
    private static bool IsStored(IPropertySymbol property) => property is { IsVirtual: false, IsAbstract: false, IsOverride: false, SetMethod: null or { IsInitOnly: true } } &&
        property.DeclaringSyntaxReferences.Length == 1 && property.DeclaringSyntaxReferences[0].GetSyntax() is PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors } &&
        accessors.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null });

    private static ISymbol? VariableOf(IOperation value) => HoleValues.Strip(value) switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };
}
