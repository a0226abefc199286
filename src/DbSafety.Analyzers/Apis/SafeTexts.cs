using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>Members whose result is an identifier that is safe inside SQL text: quoted by a library, or read from a model that code declares.</summary>
public static class SafeTexts
{
    /// <summary>Library members by name; the namespace prefix keeps a user's member of the same name out.</summary>
    private static readonly ImmutableDictionary<string, string> s_members = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["QuoteIdentifier"] = "",
        ["UnquoteIdentifier"] = "",
        ["DelimitIdentifier"] = "Microsoft.EntityFrameworkCore",
        ["DelimitJsonPathElement"] = "Microsoft.EntityFrameworkCore",
        ["EscapeIdentifier"] = "Microsoft.EntityFrameworkCore",
        ["GenerateParameterName"] = "Microsoft.EntityFrameworkCore",
        ["GenerateParameterNamePlaceholder"] = "Microsoft.EntityFrameworkCore",
        ["GetTableName"] = "Microsoft.EntityFrameworkCore",
        ["GetDefaultTableName"] = "Microsoft.EntityFrameworkCore",
        ["GetSchema"] = "Microsoft.EntityFrameworkCore",
        ["GetDefaultSchema"] = "Microsoft.EntityFrameworkCore",
        ["GetViewName"] = "Microsoft.EntityFrameworkCore",
        ["GetViewSchema"] = "Microsoft.EntityFrameworkCore",
        ["GetFunctionName"] = "Microsoft.EntityFrameworkCore",
        ["GetSchemaQualifiedTableName"] = "Microsoft.EntityFrameworkCore",
        ["GetSchemaQualifiedViewName"] = "Microsoft.EntityFrameworkCore",
        ["GetColumnName"] = "Microsoft.EntityFrameworkCore",
        ["GetColumnBaseName"] = "Microsoft.EntityFrameworkCore",
        ["GetDefaultColumnName"] = "Microsoft.EntityFrameworkCore",
        ["GetColumnType"] = "Microsoft.EntityFrameworkCore",
        ["GetDatabaseName"] = "Microsoft.EntityFrameworkCore",
        ["GetConstraintName"] = "Microsoft.EntityFrameworkCore",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Whether a method returns an identifier that is safe inside SQL text.</summary>
    public static bool IsSafe(IMethodSymbol method) =>
        s_members.TryGetValue(method.Name, out var prefix) && (prefix.Length == 0 || IsIn(method.ContainingType, prefix));

    /// <summary>Whether a property is one of the model metadata of EF Core, such as <c>ITable.Name</c>.</summary>
    public static bool IsSafe(IPropertySymbol property) =>
        property.Name is "Name" or "Schema" or "SchemaQualifiedName" && IsIn(property.ContainingType, "Microsoft.EntityFrameworkCore.Metadata");

    /// <summary>Whether a method's name promises that it quotes or escapes an identifier, whoever wrote it.</summary>
    public static bool PromisesQuoting(IMethodSymbol method)
    {
        var name = method.Name;
        return StartsWith(name, "Quote") || StartsWith(name, "Delimit") || StartsWith(name, "Escape") || StartsWith(name, "Sanitize") ||
            StartsWith(name, "Enquote") || StartsWith(name, "WrapIdentifier") || StartsWith(name, "WrapName");
    }

    /// <summary>Whether an object holds the program's configuration: what is read from it was written by whoever runs the program.</summary>
    public static bool IsConfiguration(ITypeSymbol type) =>
        type is INamedTypeSymbol { ContainingNamespace.IsGlobalNamespace: false } named &&
        (IsIn(named, "Microsoft.Extensions.Configuration") || IsIn(named, "Microsoft.Extensions.Options"));

    /// <summary>Whether an object is a part of the database's own interface: what it holds is what code gave it.</summary>
    public static bool IsDatabaseObject(ITypeSymbol type) => type.AllInterfaces.Any(contract => contract.Name is "IDbCommand" or "IDbConnection");

    /// <summary>Whether an object is a connection, or the parts of a connection string: its database, user and schema are the operator's choice.</summary>
    public static bool IsConnection(ITypeSymbol type)
    {
        for (var parent = type; parent is not null; parent = parent.BaseType)
        {
            if (parent is { Name: "DbConnection" or "DbConnectionStringBuilder" or "IDbConnection", ContainingNamespace: INamespaceSymbol { Name: "Common" or "Data" } })
            {
                return true;
            }
        }

        return false;
    }

    private static bool StartsWith(string name, string start) => name.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private static bool IsIn(INamedTypeSymbol type, string prefix) =>
        type.ContainingNamespace.ToDisplayString().StartsWith(prefix, StringComparison.Ordinal);
}
