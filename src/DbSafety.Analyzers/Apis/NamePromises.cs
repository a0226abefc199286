using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>What the names of types and members promise about the texts that they hold, whoever wrote them.</summary>
public static class NamePromises
{
    private static readonly string[] s_configurations = ["Options", "Settings", "Configuration", "Config"];

    private static readonly string[] s_databaseObjects =
        ["Schema", "Table", "Database", "Catalog", "Prefix", "Role", "User", "Owner", "Channel", "Sequence"];

    private static readonly string[] s_statements = ["Sql", "Query", "Script", "Statement", "Template", "Command", "Builder"];

    private static readonly string[] s_scripts = ["Sql", "Script", "Statement", "Migration"];

    private static readonly string[] s_inputs = ["Request", "Dto", "Input", "Model"];

    /// <summary>
    /// Whether a member is the name of a database object that the operator of the program chose: <c>options.SchemaName</c>,
    /// <c>connectionString.Database</c>. A sort column in such an object is no such name.
    /// </summary>
    public static bool IsOperatorsName(ITypeSymbol holder, ISymbol member) => SafeTexts.IsConnection(holder) ||
        (s_configurations.Any(end => holder.Name.EndsWith(end, StringComparison.Ordinal)) && s_databaseObjects.Any(part => Contains(member.Name, part)));

    /// <summary>Whether an object is a statement that code made: <c>query.Sql</c>, <c>template.RawSql</c>. A request that carries SQL is called otherwise.</summary>
    public static bool IsStatement(ITypeSymbol? type) => type is not null &&
        s_statements.Any(part => Contains(type.Name, part)) && !s_inputs.Any(end => type.Name.EndsWith(end, StringComparison.Ordinal));

    /// <summary>Whether a property is the name of a type, a member or a parameter, or a property of an attribute: the code itself is where it stands.</summary>
    public static bool IsOfCode(IPropertySymbol property) =>
        (property.Name is "Name" or "FullName" && (IsA(property.ContainingType, "MemberInfo", "Reflection") || IsA(property.ContainingType, "ParameterInfo", "Reflection"))) ||
        IsA(property.ContainingType, "Attribute", "System");

    /// <summary>Whether a parameter takes a statement: a text that is called one, or an object that is called a script.</summary>
    public static bool IsStatementName(string name, ITypeSymbol type) => type.SpecialType == SpecialType.System_String
        ? s_statements.Any(part => name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0)
        : s_scripts.Any(part => name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0 || Contains(type.Name, part));

    private static bool Contains(string text, string part) => text.IndexOf(part, StringComparison.Ordinal) >= 0;

    private static bool IsA(INamedTypeSymbol? type, string name, string space)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name == name && type.ContainingNamespace?.Name == space)
            {
                return true;
            }
        }

        return false;
    }
}
