using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>
/// What tells that two connections lead to one database: the data source or factory that both come from, the connection string, the type of the service that
/// is injected, the type of the context.
/// </summary>
/// <param name="Source">The variable that holds the data source, factory, connection or connection string.</param>
/// <param name="Service">The type of what is injected: one registration, one database; of a context its type.</param>
/// <param name="Text">The connection string.</param>
internal sealed record DatabaseKey(ISymbol? Source, ITypeSymbol? Service, string? Text)
{
    /// <summary>Whether both are one database, for certain.</summary>
    public bool IsSameAs(DatabaseKey other) =>
        (Source is not null && SymbolEqualityComparer.Default.Equals(Source, other.Source)) ||
        (Service is not null && SymbolEqualityComparer.Default.Equals(Service, other.Service)) ||
        (Text is not null && Text == other.Text);

    /// <summary>The database of a connection, data source or context; null where nobody knows.</summary>
    public static DatabaseKey? OfConnection(IOperation value, DbApis apis) => OfValue(value, apis);

    /// <summary>The database of a write; null where nobody knows, or there are several.</summary>
    /// <param name="write">The write.</param>
    /// <param name="leaves">The executions that it comes down to.</param>
    /// <param name="apis">The table.</param>
    public static DatabaseKey? Of(UnprotectedWrite write, IReadOnlyList<UnprotectedWrite> leaves, DbApis apis)
    {
        DatabaseKey? found = null;
        foreach (var leaf in leaves)
        {
            if (leaf.Execution?.Connection is not { } connection || OfValue(connection, apis) is not { } own || (found is not null && !own.IsSameAs(found)))
            {
                return null;
            }

            found = own;
        }

        // The callee's variables are its own; what is static, or of the same object, is the caller's too.
        return write.Execution is not null || found is null or { Source: null or { IsStatic: true } } ||
            write.Operation is IInvocationOperation { Instance: IInstanceReferenceOperation } or IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction }
                ? found
                : found with { Source = null };
    }

    private static DatabaseKey? OfValue(IOperation value, DbApis apis)
    {
        value = HoleValues.Strip(value);
        var isContext = EfQueries.IsContext(value.Type, apis);
        switch (value)
        {
            case IInstanceReferenceOperation when isContext:
                return new DatabaseKey(null, value.Type, null);
            case IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true } or IParameterReferenceOperation:
                var symbol = LoopRegions.SymbolOf(value)!;
                return new DatabaseKey(symbol, isContext ? ServiceOfContext(value.Type, apis) : ServiceOf(symbol, value), null);
            case ILocalReferenceOperation local:
                var key = EfQueries.InitialValue(local) is { } initial ? OfMade(EfQueries.Unawaited(initial), apis) : null;
                return isContext ? new DatabaseKey(local.Local, ServiceOfContext(value.Type, apis), null) : key ?? new DatabaseKey(local.Local, null, null);
            case IInvocationOperation or IObjectCreationOperation:
                return OfMade(value, apis);
            default:
                return null;
        }
    }

    // new NpgsqlConnection(text), dataSource.OpenConnection(), factory.Create()
    private static DatabaseKey? OfMade(IOperation made, DbApis apis) => made switch
    {
        IObjectCreationOperation { Arguments: { Length: 1 } arguments } creation when apis.Types.IsConnection(creation.Type) => OfText(HoleValues.Strip(arguments[0].Value)),
        IInvocationOperation { Instance: { } source } call => OfGiven(call, source, apis),
        IInvocationOperation { TargetMethod: { IsStatic: true, IsExtensionMethod: false } method, Arguments.IsEmpty: true } => new DatabaseKey(method, null, null),
        IInvocationOperation call when ConnectionMembers.IsConnectionOfContext(call.TargetMethod) && EfQueries.ContextOf(EfQueries.FirstArgument(call), apis) is { } context => OfValue(context, apis),
        IFieldReferenceOperation or IPropertyReferenceOperation or IParameterReferenceOperation => OfValue(made, apis),
        _ => null,
    };

    // factory.Create(): the factory tells. factory.Create("shop"): so does the name; of another value nobody knows whether it is another database.
    private static DatabaseKey? OfGiven(IInvocationOperation call, IOperation source, DbApis apis)
    {
        var told = call.TargetMethod.MethodKind != MethodKind.DelegateInvoke && TransactionMembers.IsOfLibrary(call.TargetMethod.ContainingType)
            ? []
            : call.Arguments.Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && !TransactionMembers.IsToken(argument.Parameter?.Type)).Select(argument => HoleValues.Strip(argument.Value).ConstantValue).ToList();
        var key = OfValue(source, apis);
        return told.Count == 0 ? key
            : (key?.Source ?? key?.Service) is { } known && told.All(value => value.HasValue) ? new DatabaseKey(null, null, $"{known.ToDisplayString()}.{call.TargetMethod.Name}({string.Join(",", told)})")
            : null;
    }

    private static DatabaseKey? OfText(IOperation text) =>
        text.ConstantValue is { HasValue: true, Value: string constant } ? new DatabaseKey(null, null, constant)
        : LoopRegions.SymbolOf(text) is { } symbol ? new DatabaseKey(symbol, null, null)
        : null;

    private static ITypeSymbol? ServiceOfContext(ITypeSymbol? type, DbApis apis) => SymbolEqualityComparer.Default.Equals(type, apis.Types.DbContext) ? null : type;

    // What the object was given under its type alone: one of two of that type may be another database.
    private static ITypeSymbol? ServiceOf(ISymbol symbol, IOperation value)
    {
        var isOfThis = value switch
        {
            IMemberReferenceOperation { Instance: IInstanceReferenceOperation } => symbol is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } or { DeclaredAccessibility: Accessibility.Private } },
            IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } => true,
            _ => false,
        };
        if (!isOfThis || symbol.ContainingType is not { } owner || value.Type is not { } type || type.SpecialType != SpecialType.None)
        {
            return null;
        }

        return owner.InstanceConstructors.All(constructor => constructor.Parameters.Count(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, type)) < 2) ? type : null;
    }
}
