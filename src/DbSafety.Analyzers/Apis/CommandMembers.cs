using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members of Npgsql's commands that fixes for loops read, and write.</summary>
public static class CommandMembers
{
    private const string NonQuery = "ExecuteNonQuery";
    private const string Scalar = "ExecuteScalar";
    private const string Async = "Async";

    /// <summary>The namespace of Npgsql.</summary>
    private const string Space = "Npgsql";

    /// <summary>Whether a type is Npgsql's command.</summary>
    public static bool IsCommand(ITypeSymbol? type) => Is(type, "NpgsqlCommand");

    /// <summary>Whether a type is Npgsql's connection.</summary>
    public static bool IsConnection(ITypeSymbol? type) => Is(type, "NpgsqlConnection");

    /// <summary>Whether a type is Npgsql's source of connections.</summary>
    public static bool IsDataSource(ITypeSymbol? type) => Is(type, "NpgsqlDataSource");

    /// <summary>Whether a type is Npgsql's parameter, without the type of its value.</summary>
    public static bool IsParameter(ITypeSymbol? type) => type is INamedTypeSymbol { Arity: 0 } && Is(type, "NpgsqlParameter");

    /// <summary>Whether a type is the collection of a command's parameters.</summary>
    public static bool IsParameters(ITypeSymbol? type) => Is(type, "NpgsqlParameterCollection");

    /// <summary>Whether a method runs a command and tells how many rows it changed.</summary>
    public static bool IsNonQuery(string method) => method is NonQuery or NonQuery + Async;

    /// <summary>Whether a method runs a command and gives the first value of the first row.</summary>
    public static bool IsScalar(string method) => method is Scalar or Scalar + Async;

    /// <summary>Whether a method has to be awaited.</summary>
    public static bool IsAsync(string method) => method.EndsWith(Async, StringComparison.Ordinal);

    /// <summary>Whether a method of a connection or a data source makes a command.</summary>
    public static bool MakesCommand(string method) => method == "CreateCommand";

    /// <summary>Whether a method adds a parameter that is made already.</summary>
    public static bool AddsParameter(string method) => method == "Add";

    /// <summary>Whether a property of a command takes part of what the command is for good: its text, connection, transaction, timeout.</summary>
    public static bool IsSetting(string property) => IsText(property) || IsTransaction(property) || property is "Connection" or "CommandTimeout";

    /// <summary>Whether a property of a command is its text.</summary>
    public static bool IsText(string property) => property == "CommandText";

    /// <summary>Whether a property or a parameter is the transaction.</summary>
    public static bool IsTransaction(string name) => name.Equals("Transaction", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a parameter is the connection.</summary>
    public static bool IsConnectionParameter(string name) => DbApiTable.IsConnectionParameter(name);

    /// <summary>The method that makes a batch on a connection of a data source.</summary>
    public const string CreateBatch = "CreateBatch";

    /// <summary>The commands of a batch.</summary>
    public const string BatchCommands = "BatchCommands";

    /// <summary>The call that reads all rows of a command: <c>ExecuteReader</c>.</summary>
    public static string Reader(bool isAsync) => isAsync ? "ExecuteReaderAsync" : "ExecuteReader";

    /// <summary>The call that goes to the next row: <c>Read</c>.</summary>
    public static string Read(bool isAsync) => isAsync ? "ReadAsync" : "Read";

    /// <summary>Whether a method goes to the next row.</summary>
    public static bool Reads(string method) => method == Read(false) || method == Read(true);

    /// <summary>A value of a row, as the type that is wanted.</summary>
    public static string Field(string type, int index) => $"GetFieldValue<{type}>({index})";

    /// <summary>A value of a row, as <c>ExecuteScalar</c> would give it.</summary>
    public static string Value(int index) => $"GetValue({index})";

    private static bool Is(ITypeSymbol? type, string name) => type is { ContainingNamespace: { Name: Space, ContainingNamespace.IsGlobalNamespace: true } } && type.Name == name;
}
