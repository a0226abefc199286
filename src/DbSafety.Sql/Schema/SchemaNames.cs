using System.Text;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>The names that PostgreSQL makes where none is written (<c>makeObjectName</c>, <c>ChooseIndexName</c>, <c>FigureColname</c> of its sources).</summary>
internal static class SchemaNames
{
    /// <summary>How many bytes of a name PostgreSQL keeps.</summary>
    private const int MaxBytes = 63;

    /// <summary>A name as PostgreSQL keeps it: its first 63 bytes.</summary>
    public static string Truncate(string name) => Clip(name, MaxBytes);

    /// <summary><c>name1_name2_label</c>, with the longer of the two names cut until all fits.</summary>
    public static string Make(string name1, string? name2, string? label)
    {
        var overhead = (name2 is null ? 0 : 1) + (label is null ? 0 : Bytes(label) + 1);
        var bytes1 = Bytes(name1);
        var bytes2 = name2 is null ? 0 : Bytes(name2);
        while (bytes1 + bytes2 > MaxBytes - overhead && bytes1 + bytes2 > 0)
        {
            if (bytes1 > bytes2)
            {
                bytes1--;
            }
            else
            {
                bytes2--;
            }
        }

        var name = Clip(name1, bytes1);
        name = name2 is null ? name : name + "_" + Clip(name2, bytes2);
        return label is null ? name : name + "_" + label;
    }

    /// <summary>Columns joined to the middle part of a name.</summary>
    public static string Addition(IEnumerable<string> columns)
    {
        var text = new StringBuilder();
        foreach (var column in columns)
        {
            text.Append(text.Length > 0 ? "_" : "").Append(column);
            if (Bytes(text.ToString()) > MaxBytes)
            {
                break;
            }
        }

        return text.ToString();
    }

    /// <summary>The names of the columns of an index, which its own name is made of: each only once, numbered otherwise.</summary>
    /// <param name="names">What each would be called; null for an expression without a name.</param>
    public static List<string> Distinct(IEnumerable<string?> names)
    {
        var result = new List<string>();
        foreach (var name in names)
        {
            var own = name ?? "expr";
            var candidate = own;
            for (var number = 1; result.Contains(candidate); number++)
            {
                var suffix = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
                candidate = Clip(own, MaxBytes - suffix.Length) + suffix;
            }

            result.Add(candidate);
        }

        return result;
    }

    /// <summary>The name of a column of a query that has no alias; null for <c>?column?</c>.</summary>
    public static string? Figure(SqlExpression expression) => Figure(expression, out _);

    private static string? Figure(SqlExpression expression, out int strength)
    {
        strength = 2;
        switch (expression)
        {
            case ParenthesizedExpression parenthesized:
                return Figure(parenthesized.Operand, out strength);
            case ColumnReference { IsStar: false, Parts.IsEmpty: false } column:
                return column.Column;
            case IndirectionExpression { Field: { Text: not "*" } field }:
                return field.Text;
            case IndirectionExpression indirection:
                return Figure(indirection.Operand, out strength);
            case FunctionCall call:
                return FunctionName(call);
            case CastExpression cast:
                return Figure(cast.Operand, out strength) is { } name && strength > 1 ? name : Typed(cast.Type, out strength);
            case LiteralExpression { Type: { } type }:
                return Typed(type, out strength);
            case LiteralExpression { Kind: LiteralKind.Boolean }:
                strength = 1;
                return "bool";
            case CollateExpression collate:
                return Figure(collate.Operand, out strength);
            case SubqueryExpression { Kind: SubqueryKind.Exists }:
                return "exists";
            case SubqueryExpression { Kind: SubqueryKind.Array } or ArrayExpression:
                return "array";
            case SubqueryExpression { Query: SelectQuery { Items: { IsEmpty: false } items } }:
                return items[0].Alias?.Text ?? Figure(items[0].Expression);
            case SubqueryExpression { Query: ValuesQuery }:
                return "column1";
            case RowExpression:
                return "row";
            case CaseExpression choice:
                if (choice.Else is { } other && Figure(other, out strength) is { } ofElse && strength > 1)
                {
                    return ofElse;
                }

                strength = 1;
                return "case";
            case BinaryExpression { Operator: "AT TIME ZONE" }:
                return "timezone";
            case BinaryExpression { Operator: "OVERLAPS" }:
                return "overlaps";
            default:
                strength = 0;
                return null;
        }
    }

    private static string? Typed(TypeName type, out int strength)
    {
        strength = 1;
        return type.Name is { } name ? TypeNames.Internal(type.IsArray ? name.Substring(0, name.Length - 2) : name) : null;
    }

    private static string? FunctionName(FunctionCall call) => call.Name.HasHole ? null : call.Name.Name switch
    {
        "trim" when call.Name.Parts.Length == 1 => "btrim",
        "collation for" => "pg_collation_for",
        var name => name,
    };

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static string Clip(string text, int bytes)
    {
        if (text.Length * 3 <= bytes || Bytes(text) <= bytes)
        {
            return text;
        }

        var length = Math.Min(text.Length, Math.Max(bytes, 0));
        while (length > 0 && (Bytes(text.Substring(0, length)) > bytes || char.IsHighSurrogate(text[length - 1])))
        {
            length--;
        }

        return text.Substring(0, length);
    }
}
