using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>The isolation levels at which PostgreSQL refuses transactions that conflict.</summary>
public static class IsolationMembers
{
    private const string Level = "IsolationLevel";
    private const string Serializable = "Serializable";
    private const string RepeatableRead = "RepeatableRead";

    /// <summary>The level that a call or a scope says itself, or by saying nothing; null where it is not one of these, or not in sight.</summary>
    public static string? Of(IOperation begin) => begin switch
    {
        IInvocationOperation call => Refusing(call.Arguments.FirstOrDefault(argument => IsLevel(argument.Parameter?.Type) && argument.ArgumentKind != ArgumentKind.DefaultValue)?.Value),
        IObjectCreationOperation scope => OfScope(scope),
        _ => null,
    };

    /// <summary>The level that a text asks for.</summary>
    public static string? OfText(string statement) =>
        Mentions(statement, "READ ONLY") ? null : Mentions(statement, "SERIALIZABLE") ? Serializable : Mentions(statement, "REPEATABLE READ") ? RepeatableRead : null;

    /// <summary>Whether a scope has its level because nothing else was said.</summary>
    public static bool IsDefault(IObjectCreationOperation scope) => !scope.Arguments.Any(argument => IsOptions(argument.Parameter?.Type));

    // A scope is Serializable unless its options say otherwise; options without a level are Serializable too. One that takes a transaction has that one's level.
    private static string? OfScope(IObjectCreationOperation scope)
    {
        if (scope.Arguments.Any(argument => argument.Parameter?.Type.Name == "Transaction"))
        {
            return null;
        }

        var options = scope.Arguments.FirstOrDefault(argument => IsOptions(argument.Parameter?.Type))?.Value;
        if (options is null)
        {
            return Serializable;
        }

        return options is IObjectCreationOperation { Arguments.IsEmpty: true } creation
            ? creation.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().FirstOrDefault(part => part.Target is IPropertyReferenceOperation { Property.Name: Level }) is { } level
                ? Refusing(level.Value)
                : Serializable
            : null;
    }

    private static bool IsOptions(ITypeSymbol? type) => type?.Name == "TransactionOptions";

    private static bool IsLevel(ITypeSymbol? type) => type?.Name == Level;

    private static string? Refusing(IOperation? value) =>
        value is IFieldReferenceOperation { Field: { Name: Serializable or RepeatableRead or "Snapshot" } field } && IsLevel(field.ContainingType) ? field.Name : null;

    private static bool Mentions(string text, string words) => text.IndexOf(words, StringComparison.OrdinalIgnoreCase) >= 0;
}
