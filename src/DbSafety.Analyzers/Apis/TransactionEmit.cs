using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>What the fixes about transactions write into the user's code, and the members around which they write it.</summary>
public static class TransactionEmit
{
    /// <summary>The namespace of <see cref="StateType"/>.</summary>
    public const string StateNamespace = "System.Data";

    /// <summary>The type of a connection's state.</summary>
    public const string StateType = "ConnectionState";

    /// <summary>The namespace of the method that gives the transaction of a context as ADO.NET knows it.</summary>
    public const string StorageNamespace = "Microsoft.EntityFrameworkCore.Storage";

    private const string Begin = "BeginTransaction";
    private const string Async = "Async";
    private const string TransactionParameter = "transaction";

    /// <summary>Opens a connection that may be open already.</summary>
    public static string OpenIfClosed(string connection, string open) => $"if ({connection}.State != {StateType}.Open) {open};";

    /// <summary>Opens a connection.</summary>
    public static string Open(string connection, bool isAsync, string token) => isAsync ? $"{connection}.OpenAsync({token})" : $"{connection}.Open()";

    /// <summary>Takes an open connection of a data source.</summary>
    public static string OpenFrom(string source, bool isAsync, string token) => isAsync ? $"{source}.OpenConnectionAsync({token})" : $"{source}.OpenConnection()";

    /// <summary>The head of a new command, up to its text.</summary>
    public const string NewCommand = "new NpgsqlCommand(";

    /// <summary>Begins a transaction on a connection, or on a context's database.</summary>
    public static string BeginOn(string owner, bool isAsync, string token) => isAsync ? $"{owner}.{Begin}{Async}({token})" : $"{owner}.{Begin}()";

    /// <summary>Commits a transaction.</summary>
    public static string Commit(string transaction, bool isAsync, string token) => isAsync ? $"{transaction}.CommitAsync({token})" : $"{transaction}.Commit()";

    /// <summary>The database of a context, or of the context that the code stands in.</summary>
    public static string DatabaseOf(string context) => context.Length == 0 ? "Database" : context + ".Database";

    /// <summary>The transaction of a context, as ADO.NET and Dapper take it.</summary>
    public static string Plain(string transaction) => transaction + ".GetDbTransaction()";

    /// <summary>An argument that passes a transaction, by its name.</summary>
    public static string Argument(string transaction) => $"{TransactionParameter}: {transaction}";

    /// <summary>Gives a command its transaction.</summary>
    public static string Assign(string command, string transaction) => $"{command}.Transaction = {transaction};";

    /// <summary>Makes the strategy that repeats the work of a context.</summary>
    public static string MakeStrategy(string database) => $"{database}.CreateExecutionStrategy()";

    /// <summary>Opens the lambda that a strategy runs.</summary>
    public static string RunWith(string strategy, bool isAsync) => isAsync ? $"await {strategy}.ExecuteAsync(async () =>" : $"{strategy}.Execute(() =>";

    /// <summary>Forgets what a context tracks.</summary>
    public static string Forget(string context) => context.Length == 0 ? "ChangeTracker.Clear();" : context + ".ChangeTracker.Clear();";

    /// <summary>Whether a type has a method that begins a transaction without blocking, and what it gives can be disposed so.</summary>
    public static bool BeginsAsync(ITypeSymbol connection)
    {
        for (ITypeSymbol? type = connection; type is not null; type = type.BaseType)
        {
            foreach (var method in type.GetMembers(Begin + Async).OfType<IMethodSymbol>())
            {
                if (method.ReturnType is INamedTypeSymbol { TypeArguments: { Length: 1 } results } && results[0].AllInterfaces.Any(contract => contract.Name == "IAsyncDisposable"))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a type is the connection of ADO.NET that has asynchronous members.</summary>
    public static bool IsDbConnection(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: "DbConnection", ContainingNamespace.Name: "Common" })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a method opens the connection that it is called on.</summary>
    public static bool Opens(string member) => member is "Open" or "OpenAsync";

    /// <summary>Whether a method gives a connection that is open.</summary>
    public static bool GivesOpen(string member) => member is "OpenConnection" or "OpenConnectionAsync";

    /// <summary>Whether a property tells whether a connection is open.</summary>
    public static bool IsState(string member) => member == "State";

    /// <summary>Whether a method of a connection only makes something that runs on it.</summary>
    public static bool MakesOnConnection(string member) => CommandMembers.MakesCommand(member) || member == CommandMembers.CreateBatch;

    /// <summary>Whether a method begins a transaction, or takes part in one.</summary>
    public static bool Begins(string member) => DbMemberTable.BeginsTransaction(member) || member is "EnlistTransaction" or "CreateExecutionStrategy" or nameof(System.Transactions.TransactionScope);

    /// <summary>Whether a method's parameter takes the transaction.</summary>
    public static bool TakesTransaction(IParameterSymbol parameter) => CommandMembers.IsTransaction(parameter.Name);

    /// <summary>Whether a type is the one by which Dapper takes text, values and token at once.</summary>
    public static bool IsDefinition(ITypeSymbol? type) => type is { Name: "CommandDefinition", ContainingNamespace: { Name: "Dapper", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>Whether a type belongs to a database library: what is awaited on it waits for the database.</summary>
    public static bool IsOfDatabase(ITypeSymbol? type) => type?.ContainingNamespace?.ToDisplayString() is { } space &&
        (space is "System.Data" or "System.Data.Common" or "Npgsql" || DbApiTable.IsDapperNamespace(space) || DbApiTable.IsWithinEf(space));

    /// <summary>Whether a method tells how many rows it changed.</summary>
    public static bool CountsRows(string member) => CommandMembers.IsNonQuery(member) || DapperMethod.Of(member)?.Result == DapperResult.Affected || EfOperators.AnswerOf(member) is EfAnswer.Save or EfAnswer.Update or EfAnswer.Delete;
}
