using System.Globalization;
using System.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>
/// Writes an expression in its one form, so that two that PostgreSQL holds for equal read equally: <c>lower(email)</c>, <c>LOWER(u."email")</c> and
/// <c>lower((email)::text)</c>, which pg_dump writes for a <c>varchar</c>.
/// </summary>
public static class CanonicalText
{
    /// <summary>The expression in its one form, or null where a hole or something that is not understood is in it.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="nameOf">What a column is called; null where that is not known.</param>
    /// <param name="typeOf">The type of a column as PostgreSQL prints it, without length; null where that is not known.</param>
    public static string? Of(SqlExpression expression, Func<ColumnReference, string?> nameOf, Func<ColumnReference, string?> typeOf)
    {
        var text = new StringBuilder();
        return new Writer(text, nameOf, typeOf).Write(expression) ? text.ToString() : null;
    }

    /// <summary>The expression without the parentheses around it.</summary>
    public static SqlExpression Strip(SqlExpression expression)
    {
        while (expression is ParenthesizedExpression parenthesized)
        {
            expression = parenthesized.Operand;
        }

        return expression;
    }

    private readonly struct Writer(StringBuilder text, Func<ColumnReference, string?> nameOf, Func<ColumnReference, string?> typeOf)
    {
        public bool Write(SqlExpression expression)
        {
            switch (Strip(expression))
            {
                case ColumnReference column:
                    return nameOf(column) is { } name && Append("\"" + name + "\"");
                case LiteralExpression { Text: { } value } literal:
                    return Append(literal.Kind switch
                    {
                        LiteralKind.String => "'" + value.Replace("'", "''") + "'",
                        LiteralKind.Boolean or LiteralKind.Null => value.ToLowerInvariant(),
                        LiteralKind.Number when decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number.ToString(CultureInfo.InvariantCulture),
                        _ => value,
                    });
                case ParameterExpression parameter:
                    return Append("@" + parameter.Parameter.Name);
                case CastExpression { Type: { Name: { } type } } cast:
                    return IsTransparent(cast) ? Write(cast.Operand) : Write(cast.Operand) && Append("::" + type);
                case CollateExpression collate:
                    return Write(collate.Operand) && Append(" COLLATE " + collate.Collation.Name);
                case FunctionCall { Name.HasHole: false, IsStar: false, Over: null, Filter: null, IsDistinct: false } call when call.OrderBy.IsEmpty:
                    return Append(call.Name.Name + "(") && WriteAll(call.Arguments, ", ") && Append(")");
                case UnaryExpression unary:
                    return Append("(" + unary.Operator + " ") && Write(unary.Operand) && Append(")");
                case BinaryExpression { Operator.Length: > 0 } binary:
                    return Append("(") && Write(binary.Left) && Append(" " + binary.Operator + " ") && Write(binary.Right) && Append(")");
                case LogicalExpression logical:
                    return Append("(") && WriteAll(logical.Conditions, logical.IsAnd ? " AND " : " OR ") && Append(")");
                case IsExpression test:
                    return Append("(") && Write(test.Operand) && Append(" IS " + (test.IsNegated ? "NOT " : "") + test.Test + ")");
                case RowExpression row:
                    return Append("ROW(") && WriteAll(row.Items, ", ") && Append(")");
                case ArrayExpression array:
                    return Append("ARRAY[") && WriteAll(array.Items, ", ") && Append("]");
                case InExpression { Query: null } within:
                    return Append("(") && Write(within.Operand) && Append(within.IsNegated ? " NOT IN (" : " IN (") && WriteAll(within.Items, ", ") && Append("))");
                case QuantifiedExpression quantified:
                    return Append("(") && Write(quantified.Left) && Append(" " + quantified.Operator + (quantified.IsAll ? " ALL (" : " ANY (")) && Write(quantified.Right) && Append("))");
                case LikeExpression { Escape: null } like:
                    return Append("(") && Write(like.Operand) && Append(" " + like.Operator + " ") && Write(like.Pattern) && Append(")");
                case CaseExpression choice:
                    return WriteCase(choice);
                case IndirectionExpression { Field.HasHole: false } field when field.Subscripts.IsEmpty:
                    return Append("(") && Write(field.Operand) && Append(")." + field.Field.Text);
                case IndirectionExpression { Field: null, Subscripts.Length: 1 } element:
                    return Write(element.Operand) && Append("[") && Write(element.Subscripts[0]) && Append("]");
                default:
                    return false;
            }
        }

        // The text type of a constant, and text of a varchar: PostgreSQL writes these itself, and they change no value.
        private bool IsTransparent(CastExpression cast) => Strip(cast.Operand) switch
        {
            LiteralExpression { Kind: LiteralKind.String } => cast.Type.Name is "text" or "character varying" && cast.Type.Modifiers.IsEmpty,
            ColumnReference column => cast.Type.Name == "text" && typeOf(column) is "text" or "character varying",
            _ => false,
        };

        private bool WriteCase(CaseExpression choice)
        {
            if (!Append("CASE") || (choice.Operand is { } operand && !(Append(" ") && Write(operand))))
            {
                return false;
            }

            foreach (var branch in choice.Branches)
            {
                if (!(Append(" WHEN ") && Write(branch.When) && Append(" THEN ") && Write(branch.Then)))
                {
                    return false;
                }
            }

            return (choice.Else is null || (Append(" ELSE ") && Write(choice.Else))) && Append(" END");
        }

        private bool WriteAll(IEnumerable<SqlExpression> expressions, string separator)
        {
            var isFirst = true;
            foreach (var expression in expressions)
            {
                if (!(isFirst || Append(separator)) || !Write(expression))
                {
                    return false;
                }

                isFirst = false;
            }

            return true;
        }

        private bool Append(string part)
        {
            text.Append(part);
            return true;
        }
    }
}
