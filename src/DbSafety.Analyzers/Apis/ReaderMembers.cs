using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members of a reader of rows.</summary>
public static class ReaderMembers
{
    /// <summary>The method that tells whether a column is NULL.</summary>
    public static bool TestsNull(string member) => member == "IsDBNull";

    /// <summary>The method that gives the place of a column.</summary>
    public static bool FindsColumn(string member) => member == "GetOrdinal";

    /// <summary>
    /// The methods that give the value of a column, and leave nothing open: of NULL all but the one that gives any object throw. Streams and readers of a value
    /// live no longer than its row.
    /// </summary>
    public static bool GivesValue(string member) => member is "GetBoolean" or "GetByte" or "GetChar" or "GetDateTime" or "GetDecimal" or "GetDouble" or "GetFieldValue" or
        "GetFloat" or "GetGuid" or "GetInt16" or "GetInt32" or "GetInt64" or "GetString" or "GetTimeSpan" or "GetValue";

    /// <summary>The type that says how a reader behaves: it may close the connection, or give each column once only.</summary>
    public static bool IsBehavior(ITypeSymbol? type) => type is { Name: "CommandBehavior", ContainingNamespace.Name: "Data" };

    /// <summary>The namespace of lists.</summary>
    public const string ListNamespace = "System.Collections.Generic";

    /// <summary>Calls of it may be left out, with their arguments.</summary>
    public static bool MayBeLeftOut(IMethodSymbol method) => method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ConditionalAttribute");
}
