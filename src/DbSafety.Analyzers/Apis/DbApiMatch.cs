using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>An operation that uses an API of the table, with the arguments that matter, each found by its parameter.</summary>
public sealed class DbApiMatch
{
    private DbApiMatch(
        DbApi row, IOperation operation, IArgumentOperation? argument, IOperation? sql, IOperation? connection, IOperation? parameters)
    {
        Row = row;
        Operation = operation;
        Argument = argument;
        SqlArgument = sql;
        Connection = connection;
        Parameters = parameters;
    }

    /// <summary>The row that matched.</summary>
    public DbApi Row { get; }

    /// <summary>The invocation, object creation or assignment.</summary>
    public IOperation Operation { get; }

    /// <summary>The argument that carries the text, or null for an assignment and where the text is absent.</summary>
    public IArgumentOperation? Argument { get; }

    /// <summary>The value that is the text, or null where it is absent, as in <c>new NpgsqlCommand()</c>. Conversions are kept.</summary>
    public IOperation? SqlArgument { get; }

    /// <summary>
    /// Whatever identifies the connection: the receiver (a connection, data source, command, context), the <c>this</c> argument of an
    /// extension method, or the connection that a constructor or object initialiser receives. For an assignment inside an object initialiser
    /// it is the creation. Null where nothing does, as in <c>new CommandDefinition(..)</c>.
    /// </summary>
    public IOperation? Connection { get; }

    /// <summary>
    /// The value that supplies the placeholders: Dapper's <c>param</c>, the <c>parameters</c> of <c>CommandDefinition</c> and of EF Core. A
    /// <c>params</c> array is the implicit array creation, empty where nothing was passed. Null where absent.
    /// </summary>
    public IOperation? Parameters { get; }

    /// <summary>The value is appended to the text that was there (<c>command.CommandText += ..</c>), so it is not the whole text.</summary>
    public bool IsAppend => Operation is ICompoundAssignmentOperation;

    /// <summary>Makes the match of a call or a constructor call.</summary>
    /// <param name="row">The row; its <see cref="DbApi.SqlParameter"/> names the parameter.</param>
    /// <param name="operation">An <see cref="IInvocationOperation"/> or <see cref="IObjectCreationOperation"/>.</param>
    public static DbApiMatch ForCall(DbApi row, IOperation operation)
    {
        var (arguments, connection) = operation switch
        {
            IInvocationOperation invocation => (invocation.Arguments, ConnectionOf(invocation)),
            IObjectCreationOperation creation => (creation.Arguments, ConnectionOf(creation)),
            _ => (ImmutableArray<IArgumentOperation>.Empty, null),
        };
        var sql = Find(arguments, row.SqlParameter);
        var parameters = row.ValuesParameter is { } name ? Find(arguments, name) : null;
        return new(row, operation, sql, sql?.Value, connection, parameters?.Value);
    }

    /// <summary>Makes the match of an assignment to a property that takes text.</summary>
    /// <param name="row">The row of the property.</param>
    /// <param name="assignment">The simple or compound assignment.</param>
    public static DbApiMatch ForAssignment(DbApi row, IAssignmentOperation assignment)
    {
        var receiver = (assignment.Target as IPropertyReferenceOperation)?.Instance;
        if (receiver is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver })
        {
            receiver = assignment.Parent?.Parent switch
            {
                IObjectCreationOperation creation => creation,
                IMemberInitializerOperation member => member.InitializedMember,
                var other => other,
            };
        }

        return new(row, assignment, null, assignment.Value, receiver, null);
    }

    private static IArgumentOperation? Find(ImmutableArray<IArgumentOperation> arguments, string parameter)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Name == parameter && argument.ArgumentKind != ArgumentKind.DefaultValue)
            {
                return argument;
            }
        }

        return null;
    }

    private static IOperation? ConnectionOf(IInvocationOperation invocation)
    {
        if (invocation.TargetMethod.MethodKind == MethodKind.Constructor)
        {
            return ConnectionIn(invocation.Arguments);
        }

        if (invocation.Instance is { } receiver)
        {
            return receiver;
        }

        if (invocation.TargetMethod.IsExtensionMethod)
        {
            foreach (var argument in invocation.Arguments)
            {
                if (argument.Parameter?.Ordinal == 0)
                {
                    return argument.Value;
                }
            }
        }

        return ConnectionIn(invocation.Arguments);
    }

    internal static IOperation? ConnectionOf(IObjectCreationOperation creation)
    {
        if (ConnectionIn(creation.Arguments) is { } connection)
        {
            return connection;
        }

        foreach (var initializer in creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment
                && DbApiTable.IsConnectionProperty(target.Property.Name))
            {
                return assignment.Value;
            }
        }

        return null;
    }

    private static IOperation? ConnectionIn(ImmutableArray<IArgumentOperation> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument is { Parameter: { } parameter, ArgumentKind: not ArgumentKind.DefaultValue }
                && DbApiTable.IsConnectionParameter(parameter.Name))
            {
                return argument.Value;
            }
        }

        return null;
    }
}
