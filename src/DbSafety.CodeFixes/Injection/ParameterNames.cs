using System.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.Injection;

/// <summary>Names parameters after the expressions that they carry.</summary>
internal static class ParameterNames
{
    private static readonly HashSet<string> s_general = new(StringComparer.OrdinalIgnoreCase) { "Id", "Key", "Code", "Guid", "Count", "Length" };

    private static readonly HashSet<string> s_carriers = new(StringComparer.OrdinalIgnoreCase)
    {
        "request", "req", "dto", "model", "input", "command", "cmd", "query", "filter", "args", "options", "item", "entity", "row", "data", "x", "e", "r", "m", "c",
    };

    /// <summary>A name for the value of an expression.</summary>
    public static string Of(ExpressionSyntax? expression, ColumnTarget? column) =>
        Clean(expression is null ? null : NameOf(expression)) ?? Clean(column?.Column) ?? "value";

    /// <summary>A name that is not taken yet.</summary>
    public static string Unique(string name, ISet<string> taken)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
        {
            unique = name + i;
        }

        return unique;
    }

    // The result is still the same thing.
    private static readonly HashSet<string> s_forms = new(StringComparer.Ordinal)
    {
        "ToString", "Trim", "TrimStart", "TrimEnd", "ToLower", "ToUpper", "ToLowerInvariant", "ToUpperInvariant", "Replace", "Substring", "Normalize",
        "PadLeft", "PadRight", "GetValueOrDefault", "ToArray", "ToList", "Distinct", "Select", "Where", "Skip", "Take", "OrderBy", "ToUniversalTime",
    };

    private static string? NameOf(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case IdentifierNameSyntax name:
                return name.Identifier.ValueText;
            case ParenthesizedExpressionSyntax parens:
                return NameOf(parens.Expression);
            case CastExpressionSyntax cast:
                return NameOf(cast.Expression);
            case PostfixUnaryExpressionSyntax forgiven:
                return NameOf(forgiven.Operand);
            case AwaitExpressionSyntax awaited:
                return NameOf(awaited.Expression);
            case ConditionalAccessExpressionSyntax { WhenNotNull: MemberBindingExpressionSyntax binding } access:
                return Member(access.Expression, binding.Name.Identifier.ValueText);
            case ConditionalAccessExpressionSyntax access:
                return NameOf(access.Expression);
            case MemberAccessExpressionSyntax member:
                return Member(member.Expression, member.Name.Identifier.ValueText);
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax method, ArgumentList.Arguments: var arguments }:
                return s_forms.Contains(method.Name.Identifier.ValueText) ? NameOf(method.Expression)
                    : arguments.Count > 0 ? NameOf(arguments[0].Expression)
                    : Getter(method.Name.Identifier.ValueText);
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax called }:
                return Getter(called.Identifier.ValueText);
            case BinaryExpressionSyntax binary:
                return NameOf(binary.Left);
            case ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } index } when
                index[0].Expression is LiteralExpressionSyntax { Token.Value: string key }:
                return key;
            default:
                return null;
        }
    }

    private static string? Getter(string method) =>
        method.StartsWith("Get", StringComparison.Ordinal) && method.Length > 3 ? method.Substring(3) : null;

    private static string? Member(ExpressionSyntax receiver, string member)
    {
        if (member is "Value" && NameOf(receiver) is { } nullable)
        {
            return nullable;
        }

        return s_general.Contains(member) && receiver is not (ThisExpressionSyntax or BaseExpressionSyntax) && NameOf(receiver) is { } owner && !s_carriers.Contains(owner)
            ? owner + member
            : member;
    }

    // ASCII letters, digits and underscores, as every driver reads them; camel case.
    private static string? Clean(string? name)
    {
        if (name is null)
        {
            return null;
        }

        var result = new StringBuilder();
        var isUpper = false;
        foreach (var c in name)
        {
            if (c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9')
            {
                result.Append(result.Length == 0 ? char.ToLowerInvariant(c) : isUpper ? char.ToUpperInvariant(c) : c);
                isUpper = false;
            }
            else
            {
                isUpper = true;
            }
        }

        return result.Length == 0 || char.IsDigit(result[0]) ? null : result.ToString();
    }
}
