using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members by which EF Core and others repeat what failed.</summary>
public static class RetryMembers
{
    /// <summary>The method of a context's facade that makes its strategy.</summary>
    public const string CreateStrategy = "CreateExecutionStrategy";

    /// <summary>The strategy's methods that run a delegate, by name.</summary>
    public static readonly ImmutableArray<string> Runs = ImmutableArray.Create("Execute", "ExecuteAsync", "ExecuteInTransaction", "ExecuteInTransactionAsync");

    /// <summary>The methods that choose the database of a context, by name.</summary>
    public static readonly ImmutableArray<string> Databases = ImmutableArray.Create("UseNpgsql", "UseSqlServer", "UseAzureSql", "UseMySql", "UseSqlite", "UseOracle", "UseInMemoryDatabase", "AddNpgsql", "AddSqlServer", "AddSqlite");

    /// <summary>Whether a method runs a delegate in an execution strategy.</summary>
    public static bool RunsInStrategy(IMethodSymbol method) => method.Name.StartsWith("Execute", StringComparison.Ordinal) &&
        (method.ReducedFrom ?? method).ContainingType?.Name is "IExecutionStrategy" or "ExecutionStrategy" or "ExecutionStrategyExtensions" &&
        DbApiTable.IsWithinEf((method.ReducedFrom ?? method).ContainingType.ContainingNamespace.ToDisplayString());

    /// <summary>The parameter of such a method that takes the work.</summary>
    public static bool IsWork(IParameterSymbol? parameter) => parameter?.Name == "operation";

    /// <summary>Whether a call makes the contexts that are being configured retry.</summary>
    public static bool Retries(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "EnableRetryOnFailure" => true,
        "ExecutionStrategy" => call.Descendants().Any(part => part is IObjectCreationOperation { Type.Name: var name } && name.EndsWith("RetryingExecutionStrategy", StringComparison.Ordinal) &&
            name.IndexOf("NonRetrying", StringComparison.Ordinal) < 0),
        _ => false,
    };

    /// <summary>Whether a call may make them retry, in a way that is not in sight.</summary>
    public static bool MayRetry(IInvocationOperation call) => call.TargetMethod.Name == "ExecutionStrategy";

    /// <summary>The context that a registration configures: <c>AddDbContext&lt;T&gt;</c> and its kin.</summary>
    public static ITypeSymbol? Registers(IMethodSymbol method) =>
        method.TypeArguments.Length > 0 && method.Name.StartsWith("Add", StringComparison.Ordinal) && (method.Name.IndexOf("DbContext", StringComparison.Ordinal) >= 0 || Databases.Contains(method.Name))
            ? method.TypeArguments[method.TypeArguments.Length - 1]
            : null;

    /// <summary>Whether a type makes contexts for the tools alone.</summary>
    public static bool IsForTools(ITypeSymbol? type) => type?.AllInterfaces.Any(contract => contract.Name == "IDesignTimeDbContextFactory") == true;

    /// <summary>Whether a type is the options of a context, or their builder.</summary>
    public static bool IsOptions(ITypeSymbol? type) => type?.Name is "DbContextOptions" or "DbContextOptionsBuilder";

    /// <summary>The methods that make a context track a new entity.</summary>
    public static bool Tracks(IMethodSymbol method) => method.Name is "Add" or "AddAsync" or nameof(List<int>.AddRange) or "AddRangeAsync";

    /// <summary>The methods that change what a context tracks otherwise, or look at it.</summary>
    public static bool TouchesTracked(string member) => member is "Attach" or "AttachRange" or "Update" or "UpdateRange" or nameof(List<int>.Remove) or nameof(List<int>.RemoveRange) or "Entry" or "Entries";

    /// <summary>Whether a query gives entities that are not tracked.</summary>
    public static bool IsUntracked(string member) => member is "AsNoTracking" or "AsNoTrackingWithIdentityResolution";

    /// <summary>Whether a member finds what is tracked already.</summary>
    public static bool FindsTracked(string member) => member is "Find" or "FindAsync" or "Local";

    /// <summary>The context's property that holds what it tracks.</summary>
    public const string Tracker = "ChangeTracker";

    /// <summary>Its method that forgets all of that.</summary>
    public const string Clear = nameof(List<int>.Clear);

    /// <summary>The facade of a context.</summary>
    public const string Facade = "Database";

    /// <summary>The code of a serialization failure.</summary>
    private const string SerializationFailure = "SerializationFailure";

    /// <summary>The code of a deadlock.</summary>
    private const string DeadlockDetected = "DeadlockDetected";

    /// <summary>Whether part of a handler names a conflict of two transactions.</summary>
    public static bool NamesConflict(IOperation part) => part switch
    {
        IMemberReferenceOperation { Member.Name: SerializationFailure or DeadlockDetected or "SqlState" or "IsTransient" } => true,
        _ => part.ConstantValue is { HasValue: true, Value: "40001" or "40P01" },
    };

    /// <summary>The handler for such a conflict: its type, and its filter.</summary>
    public static string Handler(string exception, string attempt, int most) =>
        $"catch (PostgresException {exception}) when ({exception}.SqlState is PostgresErrorCodes.{SerializationFailure} or PostgresErrorCodes.{DeadlockDetected} && {attempt} < {most})";

    /// <summary>The namespace of what the handler names.</summary>
    public const string HandlerNamespace = "Npgsql";

    /// <summary>Whether an assembly is one whose policies repeat work from outside.</summary>
    public static bool IsRetryLibrary(string assembly) => assembly.StartsWith("Polly", StringComparison.Ordinal) || assembly.StartsWith("Microsoft.Extensions.Resilience", StringComparison.Ordinal);

    /// <summary>The declaration of a strategy.</summary>
    public static string Strategy(string context) => $"{context}.{Facade}.{CreateStrategy}()";

    /// <summary>The strategy's method that runs a delegate.</summary>
    public static string Run(bool isAsync) => isAsync ? "ExecuteAsync" : "Execute";
}
