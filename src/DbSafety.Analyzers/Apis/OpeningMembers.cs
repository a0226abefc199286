using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members by which connections are opened, and how scopes take them in.</summary>
public static class OpeningMembers
{
    /// <summary>Whether a method opens the connection that it is called on.</summary>
    public static bool Opens(string member) => member is "Open" or "OpenAsync";

    /// <summary>Whether a method of a data source gives an open connection.</summary>
    public static bool GivesOpen(string member) => member is "OpenConnection" or "OpenConnectionAsync";

    /// <summary>Whether a scope keeps connections out of any transaction.</summary>
    public static bool Suppresses(IObjectCreationOperation scope) => Has(scope, "TransactionScopeOption", "Suppress");

    /// <summary>Whether a connection string says that its connections enlist in no scope.</summary>
    public static bool StaysOut(string text) => text.Replace(" ", "").IndexOf("Enlist=false", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Whether a scope follows awaits.</summary>
    public static bool Flows(IObjectCreationOperation scope) => Has(scope, "TransactionScopeAsyncFlowOption", "Enabled");

    private static bool Has(IObjectCreationOperation scope, string type, string value) => scope.Arguments.Any(argument =>
        argument.Value is IFieldReferenceOperation { Field: { } field } && field.ContainingType.Name == type && field.Name == value);
}
