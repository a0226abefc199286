using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Text;

/// <summary>Repeats what calls on a StringBuilder, or on a list of texts that is joined later, do to its content.</summary>
internal static class StringBuilderReplay
{
    /// <summary>Whether a type is <c>System.Text.StringBuilder</c>.</summary>
    public static bool IsBuilder(ITypeSymbol? type) =>
        type is { Name: "StringBuilder", ContainingNamespace: { Name: "Text", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } };

    /// <summary>Whether a type is a growing list of strings.</summary>
    public static bool IsList(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "List" or "IList" or "ICollection", TypeArguments.Length: 1 } list &&
        list.TypeArguments[0].SpecialType == SpecialType.System_String;

    /// <summary>The content of a builder behind a call.</summary>
    /// <param name="call">The call on the builder.</param>
    /// <param name="before">Its content before.</param>
    /// <param name="builder">Builds the texts of arguments.</param>
    public static SqlRope After(IInvocationOperation call, SqlRope before, SqlTextBuilder builder)
    {
        var arguments = call.Arguments;
        switch (call.TargetMethod.Name)
        {
            case "Append" or "AppendLine" when arguments.Length == 0:
                return before.Append(SqlRope.Of("\n", call.Syntax));
            case "Append" or "AppendLine" when Value(call) is { } value:
                var appended = before.Append(Text(value, builder));
                return call.TargetMethod.Name == "Append" ? appended : appended.Append(SqlRope.Of("\n", call.Syntax));
            case "AppendFormat" when arguments.FirstOrDefault(argument => argument.Parameter?.Name == "format") is { } format:
                var values = new List<IOperation>();
                foreach (var argument in arguments)
                {
                    if (argument.Parameter?.Name is "format" or "provider")
                    {
                        continue;
                    }

                    if (argument.Parameter is { IsParams: true } && SqlTextBuilder.ArrayElements(argument.Value) is { } elements)
                    {
                        values.AddRange(elements);
                    }
                    else
                    {
                        values.Add(argument.Value);
                    }
                }

                return before.Append(builder.Substituted(builder.Build(format.Value), values) ?? Unknown(call));
            case "AppendJoin" when arguments.Length == 2:
                return before.Append(builder.Joined(call, arguments[0].Value, arguments[1].Value) ?? Unknown(call));
            case "Insert" when arguments.Length == 2:
                var inserted = Text(arguments[1].Value, builder);
                return arguments[0].Value.ConstantValue is { HasValue: true, Value: 0 } ? inserted.Append(before) : before.Append(inserted);
            case "Replace" when arguments.Length == 2 && builder.Build(arguments[0].Value).ConstantText is { Length: > 0 } oldText:
                return SqlTextBuilder.ReplaceIn(before, oldText, Text(arguments[1].Value, builder));
            case "Clear":
                return SqlRope.Empty;
            case "Remove" or "ToString" or "EnsureCapacity" or "CopyTo" or "Equals" or "GetHashCode":
                return before;
            default:
                return before.Append(Unknown(call));
        }
    }

    /// <summary>The elements of a list behind a call on it.</summary>
    public static SqlRope AfterList(IInvocationOperation call, SqlRope before, SqlTextBuilder builder)
    {
        switch (call.TargetMethod.Name)
        {
            case "Add" when call.Arguments.Length == 1:
                var value = call.Arguments[0].Value;
                return (before.IsEmpty ? before : before.Append(ElementPiece.Instance)).Append(Text(value, builder));
            case "Clear":
                return SqlRope.Empty;
            case "AddRange" when call.Arguments.Length == 1:
                var all = builder.Joined(call, null, call.Arguments[0].Value) ?? Unknown(call);
                return (before.IsEmpty ? before : before.Append(ElementPiece.Instance)).Append(all);
            case "Insert" when call.Arguments.Length == 2:
                var first = Text(call.Arguments[1].Value, builder);
                return before.IsEmpty ? first : first.Append(ElementPiece.Instance).Append(before);
            default:
                return before;
        }
    }

    private static IOperation? Value(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Name is "value" or "handler")
            {
                return argument.Value;
            }
        }

        return null;
    }

    private static SqlRope Text(IOperation value, SqlTextBuilder builder)
    {
        var inner = HoleValues.Strip(value);
        return builder.BuildAt(inner, inner.Syntax);
    }

    private static SqlRope Unknown(IOperation call) => SqlRope.Of(new HolePiece(call, call.Syntax, HoleValue.Closed));
}
