using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <content>Which relations a condition rejects the null-extended rows of (PostgreSQL: find_nonnullable_rels).</content>
internal sealed partial class StatementReading
{
    private HashSet<Relation> NotNullable(SqlExpression? expression, bool isTop)
    {
        Work();
        switch (expression)
        {
            case ColumnReference when MeaningOf(expression) is { Relation: { } relation, Column.Length: > 0 }:
                return [relation];
            case LogicalExpression { IsAnd: true } all when isTop:
                return Union(all.Conditions, true);
            case LogicalExpression logical:
                return Intersection(logical.Conditions, isTop);
            case UnaryExpression { Operator: "NOT" } not:
                return NotNullable(not.Operand, false);
            case UnaryExpression unary:
                return NotNullable(unary.Operand, false);
            case BinaryExpression { Left: RowExpression left, Right: RowExpression right, Operator: "=" } when isTop:
                return Union(left.Items.Concat(right.Items), false);
            case BinaryExpression { Operator: not ("IS DISTINCT FROM" or "IS NOT DISTINCT FROM" or "OVERLAPS" or ""), Left: not RowExpression } binary:
                return Union(binary.Operands, false);
            case LikeExpression like:
                return Union(like.Operands, false);
            case BetweenExpression { IsNegated: false, IsSymmetric: false } between:
                return isTop ? Union(between.Operands, false) : NotNullable(between.Operand, false);
            case BetweenExpression between:
                return NotNullable(between.Operand, false);
            case InExpression { Query: null, Operand: not RowExpression } within:
                return NotNullable(within.Operand, false);
            case InExpression { Query: not null, IsNegated: false } within when isTop:
                return NotNullable(within.Operand, false);
            case IsExpression { Test: "NULL", IsNegated: true, Operand: not RowExpression } test when isTop:
                return NotNullable(test.Operand, false);
            case IsExpression { Test: "TRUE" or "FALSE", IsNegated: false } or IsExpression { Test: "UNKNOWN", IsNegated: true } when isTop:
                return NotNullable(((IsExpression)expression).Operand, false);
            case QuantifiedExpression { IsAll: false, Right: not SubqueryExpression } any when isTop:
                return Union(any.Operands, false);
            case CastExpression or CollateExpression:
                return NotNullable(expression.Operands[0], false);
            case FunctionCall { Over: null, Filter: null, Name.Parts.Length: 1 } call when BuiltinFunctions.IsStrict(call.Name.Name):
                return Union(call.Arguments, false);
            default:
                return [];
        }

        HashSet<Relation> Union(IEnumerable<SqlExpression> parts, bool top)
        {
            var result = new HashSet<Relation>();
            foreach (var part in parts)
            {
                result.UnionWith(NotNullable(part, top));
            }

            return result;
        }

        HashSet<Relation> Intersection(IEnumerable<SqlExpression> parts, bool top)
        {
            HashSet<Relation>? result = null;
            foreach (var part in parts)
            {
                var own = NotNullable(part, top);
                if (result is null)
                {
                    result = own;
                }
                else
                {
                    result.IntersectWith(own);
                }

                if (result.Count == 0)
                {
                    break;
                }
            }

            return result ?? [];
        }
    }
}
