using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What gives the same each time it is asked. Where nobody knows, it is taken to change.</summary>
internal static class Invariants
{
    /// <summary>Whether an execution only reads, and reads the same as long as nobody writes: no locks, no functions but those that are known to compute.</summary>
    public static bool IsRepeatable(DbExecution execution)
    {
        if (!execution.Reads || execution.Writes || execution.IsUnknown)
        {
            return execution is { Library: DbLibrary.EfCore, Reads: true, Writes: false, IsUnknown: false };
        }

        return execution.Call is null ? execution.Library == DbLibrary.EfCore : execution.Call.Trees.All(tree => tree.Statements.All(IsRepeatable));
    }

    /// <summary>Whether a value is the same in every iteration: made of nothing that changes in the loop, and of calls that compute.</summary>
    public static bool IsStable(IOperation value, HashSet<ISymbol> changing, DbApis apis)
    {
        foreach (var operation in value.DescendantsAndSelf())
        {
            switch (operation)
            {
                case ILocalReferenceOperation local when changing.Contains(local.Local):
                case IParameterReferenceOperation parameter when changing.Contains(parameter.Parameter):
                case IMemberReferenceOperation { Instance: not IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } } member when changing.Contains(member.Member):
                case IFieldReferenceOperation { Field: { IsReadOnly: false, IsConst: false, IsStatic: true } }:
                case IPropertyReferenceOperation property when !IsStable(property):
                case IAssignmentOperation { Parent: not (IAnonymousObjectCreationOperation or IObjectOrCollectionInitializerOperation) }:
                case IAwaitOperation or IIncrementOrDecrementOperation or IDynamicInvocationOperation:
                    return false;
                case IInvocationOperation call when !IsHarmless(call, apis):
                    return false;
            }
        }

        return true;
    }

    /// <summary>Whether a property gives the same each time: not the clock, not the environment.</summary>
    public static bool IsStable(IPropertyReferenceOperation property) =>
        !(property.Property.IsStatic && property.Property.Name is "Now" or "UtcNow" or "Today" or "Current" or "Shared" or "TickCount" or "TickCount64" or "CurrentManagedThreadId");

    /// <summary>Whether a call only computes with what it is given: LINQ, strings, formatting, and the operators of a query.</summary>
    public static bool IsHarmless(IInvocationOperation call, DbApis apis)
    {
        var method = call.TargetMethod;
        if (method.Name is "NewGuid" or "CreateVersion7" or "Next" or "NextInt64" or "NextDouble" or "GetRandomFileName" or "ReadLine" or "Dequeue" or "Pop" or "MoveNext")
        {
            return false;
        }

        var type = call.Type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task ? task.TypeArguments[0] : call.Type;
        if (EfQueries.IsQueryType(type, apis) || EfQueries.IsContext(call.Instance?.Type, apis) || apis.Types.IsConnection(type) || apis.Types.IsConnection(call.Instance?.Type) ||
            apis.Types.IsCommand(type))
        {
            return true;
        }

        var space = method.ContainingNamespace?.ToDisplayString() ?? "";
        if (DbApiTable.IsAdoNetNamespace(space) || DbApiTable.Namespaces.ContainsKey(space))
        {
            return true;
        }

        return method.ContainingType.SpecialType != SpecialType.None || method.MethodKind == MethodKind.UserDefinedOperator || space is "System.Linq" or "System.Text" or "System" or "System.Globalization" ||
            (space is "System.Threading.Tasks" && method.Name == "ConfigureAwait") ||
            (space is "System.Collections.Generic" or "System.Collections.Immutable" && method.Name is "Contains" or "ContainsKey" or "GetEnumerator" or "ToList" or "ToArray" or "GetValueOrDefault");
    }

    private static bool IsRepeatable(SqlStatement statement) => statement is SelectStatement select && IsRepeatable(select.Query);

    private static bool IsRepeatable(SqlQuery query)
    {
        if (!query.Locking.IsEmpty || query.OrderBy.IsUnknown || query.Limit.IsUnknown || query.Offset.IsUnknown ||
            (query.OrderBy.Value is { } order && !order.Items.All(item => IsRepeatable(item.Expression))) || query.With.IsUnknown || (query.With.Value is { } with && !with.Tables.All(table => IsRepeatable(table.Statement))))
        {
            return false;
        }

        return query switch
        {
            SelectQuery { Into: null, From.IsPresent: true } select =>
                select.Items.All(item => IsRepeatable(item.Expression)) && select.From.Value!.Items.All(IsRepeatable) && !select.Where.IsUnknown &&
                (select.Where.Value is null || IsRepeatable(select.Where.Value.Expression)) && (select.Having.Value is null || IsRepeatable(select.Having.Value.Expression)),
            SetOperationQuery operation => IsRepeatable(operation.Left) && IsRepeatable(operation.Right),
            TableQuery => true,
            _ => false,
        };
    }

    private static bool IsRepeatable(TableSource source) => source switch
    {
        TableReference => true,
        DerivedTable derived => IsRepeatable(derived.Query),
        JoinedTable join => IsRepeatable(join.Left) && IsRepeatable(join.Right) && (join.On is null || IsRepeatable(join.On)),
        FunctionTable function => function.Functions.All(IsRepeatable),
        _ => false,
    };

    private static bool IsRepeatable(SqlExpression expression) => expression switch
    {
        FunctionCall call when call.Name.Schema is not null || !Computes(call.Name.Name) => false,
        SubqueryExpression subquery => IsRepeatable(subquery.Query),
        UnknownExpression or HoleExpression => false,
        _ => expression.Operands.All(IsRepeatable),
    };

    // The functions of PostgreSQL that compute with their arguments alone, and are in everyday use.
    private static bool Computes(string function) => function is "count" or "sum" or "min" or "max" or "avg" or "coalesce" or "nullif" or "greatest" or "least" or "lower" or "upper" or
        "length" or "char_length" or "trim" or "btrim" or "ltrim" or "rtrim" or "substring" or "substr" or "replace" or "concat" or "concat_ws" or "left" or "right" or "abs" or "round" or
        "floor" or "ceil" or "ceiling" or "mod" or "extract" or "date_part" or "date_trunc" or "to_char" or "to_date" or "to_number" or "array_agg" or "string_agg" or "json_agg" or "jsonb_agg" or
        "json_build_object" or "jsonb_build_object" or "to_json" or "to_jsonb" or "row_to_json" or "jsonb_array_length" or "array_length" or "cardinality" or "unnest" or "row_number" or "rank" or
        "dense_rank" or "bool_and" or "bool_or" or "every" or "exists" or "array_to_string" or "string_to_array" or "split_part" or "position" or "md5";
}
