using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members that decide how long a connection is busy, and which connection it is.</summary>
public static class ConnectionMembers
{
    /// <summary>The name of Dapper's parameter that says whether all rows are read at once.</summary>
    private const string BufferedParameter = "buffered";

    /// <summary>Dapper's method that reads all rows at once, with the parameters of the one that streams them.</summary>
    public const string BufferedTwin = "QueryAsync";

    /// <summary>Whether an argument tells Dapper to stream the rows.</summary>
    public static bool IsBufferedArgument(IArgumentOperation argument) =>
        argument is { Parameter.Name: BufferedParameter, ArgumentKind: ArgumentKind.Explicit, Value.ConstantValue: { HasValue: true, Value: false } };

    /// <summary>Dapper's method that streams the rows.</summary>
    public static bool Streams(string member) => member == "QueryUnbufferedAsync";

    /// <summary>The operators that turn a query into a sequence, and do nothing else.</summary>
    public static bool OnlyEnumerates(string member) => DbMemberTable.EnumeratesQuery(member);

    /// <summary>The operator that reads all rows of a query.</summary>
    public const string ReadAll = nameof(Enumerable.ToList);

    /// <summary>The same for the asynchronous case.</summary>
    public const string ReadAllAsync = "ToListAsync";

    /// <summary>
    /// The settings with which EF Core reads all rows of a query before it gives the first (measured with EF Core 10 and Npgsql 10): a strategy that may
    /// repeat the query, and split queries.
    /// </summary>
    public static readonly string[] BufferingSettings = ["EnableRetryOnFailure", "ExecutionStrategy", "UseQuerySplittingBehavior"];

    /// <summary>Those of them with which EF Core refuses a transaction that is begun outside of the strategy.</summary>
    public static readonly string[] RetrySettings = ["EnableRetryOnFailure", "ExecutionStrategy"];

    /// <summary>The operator that has the same effect for one query.</summary>
    public static bool BuffersQuery(string member) => member == "AsSplitQuery";

    /// <summary>The methods that end the use of a reader or a connection.</summary>
    public static bool Closes(string member) => member is "Close" or "CloseAsync" or "Dispose" or "DisposeAsync";

    /// <summary>Whether a connection string, as far as it is written down, says that the connection takes part in no scope.</summary>
    public static bool StaysOut(IOperation text) => text.DescendantsAndSelf().Any(part => part.ConstantValue is { HasValue: true, Value: string constant } && constant.Split(';').Any(setting =>
        setting.Split('=') is { Length: 2 } pair && pair[0].Trim().Equals("Enlist", StringComparison.OrdinalIgnoreCase) && pair[1].Trim().ToLowerInvariant() is "false" or "no"));

    /// <summary>The method that gives the connection of a context.</summary>
    public static bool IsConnectionOfContext(IMethodSymbol method) => method.Name == "GetDbConnection" &&
        method.ContainingType?.Name == "RelationalDatabaseFacadeExtensions";

    /// <summary>The property of a transaction, or of a command, that holds its connection.</summary>
    public static bool IsConnection(IPropertySymbol property) => DbApiTable.IsConnectionProperty(property.Name);

    /// <summary>The type of a context's property that runs text.</summary>
    public static bool IsFacade(ITypeSymbol? type) => type?.Name == "DatabaseFacade";

    /// <summary>The methods that make a connection or a context of their caller's own.</summary>
    public static bool Makes(string member) => member is "CreateConnection" or "OpenConnection" or "OpenConnectionAsync" or "CreateDbContext" or "CreateDbContextAsync";

    /// <summary>The methods that start their delegate on another thread.</summary>
    public static bool Starts(IMethodSymbol method) => method.Name is "Run" or "StartNew" &&
        (method.ContainingType.ToDisplayString() is "System.Threading.Tasks.Task" or "System.Threading.Tasks.TaskFactory");

    /// <summary>The methods that run their delegate for several elements at once.</summary>
    public static bool RunsAtOnce(IMethodSymbol method) =>
        method.Name is "For" or "ForEach" or "ForAsync" or "ForEachAsync" && method.ContainingType.ToDisplayString() == "System.Threading.Tasks.Parallel";

    /// <summary>The operators that keep the tasks of a sequence, and start them.</summary>
    public static bool KeepsTasks(string member) => member is nameof(Enumerable.ToList) or nameof(Enumerable.ToArray);

    /// <summary>The method by which a collection takes a task.</summary>
    public static bool AddsTask(string member) => member == "Add";

    /// <summary>The methods that let one caller in at a time, or make it wait.</summary>
    public static bool Serializes(string member) =>
        DbMemberTable.Waits(member) || member is "Lock" or "LockAsync" or "Enter" or "EnterAsync" or "EnterScope" or "Acquire" or "AcquireAsync";
}
