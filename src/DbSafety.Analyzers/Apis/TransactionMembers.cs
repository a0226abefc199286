using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members that begin, end and divide transactions, and those that a transaction should not wait for.</summary>
public static class TransactionMembers
{
    /// <summary>The methods by which connections and contexts begin transactions.</summary>
    public static readonly string[] Beginnings = ["BeginTransaction", "BeginTransactionAsync"];

    /// <summary>Whether a method of this name may begin a transaction. One look-up.</summary>
    public static bool MayBegin(string member) => member.StartsWith("Begin", StringComparison.Ordinal) || Joins(member);

    /// <summary>
    /// Whether a method begins a transaction: one of a connection or a context, or one of the user's own that says so by its name or by what it returns.
    /// </summary>
    public static bool Begins(IMethodSymbol method, KnownTypes types) => Joins(method.Name) ||
        (method.Name.StartsWith("Begin", StringComparison.Ordinal) &&
            (types.IsAnyTransaction(Result(method)) || method.Name.StartsWith("BeginTran", StringComparison.Ordinal) || method.Name.StartsWith("BeginUnitOfWork", StringComparison.Ordinal)));

    /// <summary>Whether a method makes a connection or context take part in a transaction that exists already.</summary>
    public static bool Joins(string member) => member is "UseTransaction" or "UseTransactionAsync" or "EnlistTransaction" or "EnlistDistributedTransaction";

    /// <summary>Whether a method is that of a connection.</summary>
    public static bool IsOfConnection(IMethodSymbol method, KnownTypes types) => types.IsConnection(method.ContainingType);

    /// <summary>Whether a method is that of a context's facade.</summary>
    public static bool IsOfFacade(IMethodSymbol method) => ConnectionMembers.IsFacade(method.ContainingType) || method.ContainingType?.Name == "RelationalDatabaseFacadeExtensions";

    /// <summary>Whether a method commits the transaction that it is called on, or that of the context it is called on.</summary>
    public static bool Commits(string member) => member is "Commit" or "CommitAsync" or "CommitTransaction" or "CommitTransactionAsync";

    /// <summary>Whether a method makes a scope commit when it is disposed.</summary>
    public static bool Completes(string member) => member == nameof(Complete);

    /// <summary>The method by which a scope, or an import, is completed.</summary>
    public const string Complete = nameof(Complete);

    /// <summary>Whether a call rolls the whole transaction back, and not to a savepoint.</summary>
    public static bool RollsBack(IInvocationOperation call) => call.TargetMethod.Name is "RollbackTransaction" or "RollbackTransactionAsync" ||
        (call.TargetMethod.Name is "Rollback" or "RollbackAsync" && !call.TargetMethod.Parameters.Any(parameter => parameter.Type.SpecialType == SpecialType.System_String));

    /// <summary>Whether a call sets a savepoint.</summary>
    public static bool SetsSavepoint(IInvocationOperation call) => call.TargetMethod.Name is "CreateSavepoint" or "CreateSavepointAsync" ||
        (call.TargetMethod.Name is "Save" or "SaveAsync" && call.TargetMethod.Parameters.FirstOrDefault()?.Type.SpecialType == SpecialType.System_String);

    /// <summary>Whether a call goes back to a savepoint.</summary>
    public static bool RollsBackToSavepoint(IInvocationOperation call) => call.TargetMethod.Name is "RollbackToSavepoint" or "RollbackToSavepointAsync" ||
        (call.TargetMethod.Name is "Rollback" or "RollbackAsync" && !RollsBack(call));

    /// <summary>Whether an argument or a property takes the transaction.</summary>
    public static bool IsTransaction(string name) => CommandMembers.IsTransaction(name);

    /// <summary>
    /// The builders of endpoints: what they take runs for each request, under no transaction of theirs. (Microsoft.AspNetCore.Builder.)
    /// </summary>
    public static bool MapsEndpoint(IMethodSymbol method) => method.Name.StartsWith("Map", StringComparison.Ordinal) &&
        (method.ReducedFrom ?? method).ContainingNamespace?.ToDisplayString().StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) == true;

    /// <summary>Whether an attribute says that something around the method begins and ends a transaction.</summary>
    public static bool MarksTransaction(string attribute) => attribute.IndexOf("Transaction", StringComparison.Ordinal) >= 0 || attribute.IndexOf("UnitOfWork", StringComparison.Ordinal) >= 0;

    /// <summary>Whether an attribute marks a method as a test, or as what runs around tests. (xUnit, NUnit, MSTest, TUnit.)</summary>
    public static bool MarksTest(string? attribute) => attribute is "FactAttribute" or "TheoryAttribute" or "TestAttribute" or "TestCaseAttribute" or "TestCaseSourceAttribute" or
        "TestMethodAttribute" or "DataTestMethodAttribute" or "SetUpAttribute" or "OneTimeSetUpAttribute" or "TestInitializeAttribute" or "ClassInitializeAttribute";

    /// <summary>
    /// The delegates by which a handler calls the next one of its pipeline: what runs behind them is not in sight. (ASP.NET Core, MediatR.)
    /// </summary>
    public static bool IsNextOfPipeline(ITypeSymbol? type) => type is { TypeKind: TypeKind.Delegate } &&
        type.Name is "RequestDelegate" or "RequestHandlerDelegate" or "ActionExecutionDelegate" or "EndpointFilterDelegate" or "ResourceExecutionDelegate" or "PageHandlerExecutionDelegate";

    /// <summary>Whether a method waits for something that no database has to do with: another service, a clock, a file.</summary>
    public static bool WaitsOutside(IMethodSymbol method)
    {
        var type = (method.ReducedFrom ?? method).ContainingType;
        var name = type?.ContainingNamespace?.ToDisplayString();
        return name switch
        {
            "System.Net.Http" => type!.Name is "HttpClient" or "HttpMessageInvoker" or "HttpContent",
            "System.Net.Http.Json" => true,
            "System.Net.Mail" => type!.Name == "SmtpClient",
            "System.Net" => type!.Name is "WebClient" or "WebRequest" or "Dns",
            "System.Net.Sockets" => type!.Name is "TcpClient" or "Socket" or "UdpClient" or "NetworkStream",
            "System.Threading.Tasks" => method.Name == nameof(Task.Delay),
            "System.Threading" => method.Name is nameof(Thread.Sleep) or "WaitForNextTickAsync",
            "System.IO" => type!.Name switch
            {
                "File" => method.Name.StartsWith("Read", StringComparison.Ordinal) || method.Name.StartsWith("Write", StringComparison.Ordinal) ||
                    method.Name.StartsWith(nameof(System.Text.StringBuilder.Append), StringComparison.Ordinal) || method.Name is nameof(System.IO.File.Copy),
                "FileStream" => method.Name.StartsWith("Read", StringComparison.Ordinal) || method.Name.StartsWith("Write", StringComparison.Ordinal) || method.Name.StartsWith(nameof(System.IO.Stream.CopyTo), StringComparison.Ordinal),
                _ => false,
            },
            _ => false,
        };
    }

    /// <summary>Whether a method says by its name that something goes to another service.</summary>
    public static bool Sends(string member) => member.StartsWith("Send", StringComparison.Ordinal) || member.StartsWith("Publish", StringComparison.Ordinal) || member.StartsWith("Upload", StringComparison.Ordinal) ||
        member.StartsWith("Produce", StringComparison.Ordinal);

    /// <summary>Whether a method runs what it is given in a transaction of its own. (EF Core's strategies; others say so by their names.)</summary>
    public static bool RunsInTransaction(string member) => MarksTransaction(member);

    /// <summary>Whether a property tells which transaction surrounds the code, so that the code knows of one. (TransactionScope, EF Core.)</summary>
    public static bool TellsOfTransaction(IPropertySymbol property) => property.Name switch
    {
        nameof(System.Transactions.Transaction.Current) => property.ContainingType is { Name: nameof(System.Transactions.Transaction), ContainingNamespace.Name: nameof(System.Transactions) },
        "CurrentTransaction" => ConnectionMembers.IsFacade(property.ContainingType),
        _ => false,
    };

    /// <summary>Whether a type is the token by which work is cancelled.</summary>
    public static bool IsToken(ITypeSymbol? type) => type is { Name: nameof(CancellationToken), ContainingNamespace.Name: nameof(System.Threading) };

    /// <summary>Whether a type is one of the libraries that talk to databases, or of the base class library.</summary>
    public static bool IsOfLibrary(ITypeSymbol type) => type.ContainingNamespace is { IsGlobalNamespace: false } space && space.ToDisplayString() is var name &&
        (name.StartsWith("System", StringComparison.Ordinal) || DbApiTable.Namespaces.ContainsKey(name) || DbApiTable.IsWithinEf(name) || DbApiTable.IsDapperNamespace(name));

    /// <summary>What a task brings, else the type itself.</summary>
    private static ITypeSymbol? Result(IMethodSymbol method) =>
        method.ReturnType is INamedTypeSymbol { TypeArguments.Length: 1 } task && task.Name.EndsWith(nameof(Task), StringComparison.Ordinal) ? task.TypeArguments[0] : method.ReturnType;
}
