using System.Reflection;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Rules;

/// <summary>One line of truth for each rule.</summary>
public static partial class Descriptors
{
    private static readonly string? s_repository = typeof(Descriptors).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "RepositoryUrl")?.Value;

    /// <summary>A value is pasted into the SQL text.</summary>
    public static readonly DiagnosticDescriptor DBS1001_SqlValueFromText = Rule(
        "DBS1001", "SqlValueFromText", "Value pasted into SQL text",
        "'{0}' is pasted into the SQL text as a value; pass it as a parameter", Categories.Injection, DiagnosticSeverity.Warning,
        "Text from outside that becomes part of the statement can change what the statement does.");

    /// <summary>An identifier or a keyword is pasted into the SQL text.</summary>
    public static readonly DiagnosticDescriptor DBS1002_SqlIdentifierFromText = Rule(
        "DBS1002", "SqlIdentifierFromText", "Identifier pasted into SQL text",
        "'{0}' is pasted into the SQL text as an identifier or keyword; choose it from a closed set, or quote it as an identifier", Categories.Injection, DiagnosticSeverity.Warning,
        "An identifier can't be a parameter, so it must come from a closed set or be quoted.");

    /// <summary>A clause or a statement is pasted into the SQL text.</summary>
    public static readonly DiagnosticDescriptor DBS1003_SqlFragmentFromText = Rule(
        "DBS1003", "SqlFragmentFromText", "SQL fragment that is not made of constants",
        "'{0}' is pasted into the SQL text as a piece of SQL that is not provably made of constants", Categories.Injection, DiagnosticSeverity.Warning,
        "Whoever decides the text of a clause decides what the statement does.");

    /// <summary>A scalar is formatted into the SQL text.</summary>
    public static readonly DiagnosticDescriptor DBS1004_ScalarInSqlText = Rule(
        "DBS1004", "ScalarInSqlText", "Scalar formatted into SQL text",
        "'{0}' is formatted into the SQL text; a parameter lets the statement be prepared and its plan be reused", Categories.Injection, DiagnosticSeverity.Info,
        "Each value makes another statement text: it is parsed and planned anew, and prepared statements never match.");

    /// <summary>A parameter's placeholder stands in quotes.</summary>
    public static readonly DiagnosticDescriptor DBS1005_QuotedParameter = Rule(
        "DBS1005", "QuotedParameter", "Parameter in quotes is never bound",
        "{0} in quotes is plain text: the parameter that this call supplies is never bound; drop the quotes", Categories.Injection, DiagnosticSeverity.Warning,
        "A placeholder inside quotes is a string constant that holds its name.");

    private static DiagnosticDescriptor Rule(
        string id, string name, string title, string message, string category, DiagnosticSeverity severity, string description, params string[] tags) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, description,
            s_repository is null ? null : $"{s_repository}/blob/main/src/DbSafety.Analyzers/Rules/{category}/{name}.md", tags);
}
