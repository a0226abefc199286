using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Indexing;

/// <summary>Reads the predicate of an index as conditions, in the form that conditions of queries have.</summary>
internal readonly struct PredicateReader(Table table)
{
    /// <summary>Reads a predicate. What is not a comparison with constants is unknown.</summary>
    public Condition Read(SchemaExpression predicate) => Read(predicate.Node, predicate);

    private Condition Read(SqlExpression node, SchemaExpression context)
    {
        var span = node.Span;
        switch (CanonicalText.Strip(node))
        {
            case LogicalExpression logical:
                var self = this;
                return Join(span, logical.IsAnd, logical.Conditions.Select(condition => self.Read(condition, context)));
            case ColumnReference column:
                return Compare(span, column, "=", ImmutableArray.Create(True(span)), context);
            case UnaryExpression { Operator: "NOT" } not:
                return Not(span, not.Operand, context);
            case IsExpression { Test: "NULL" } test:
                return Compare(span, test.Operand, test.IsNegated ? "IS NOT NULL" : "IS NULL", ImmutableArray<QueryValue>.Empty, context);
            case IsExpression { Test: "TRUE" or "FALSE", IsNegated: false } test:
                return Compare(span, test.Operand, "=", ImmutableArray.Create(True(span) with { Text = test.Test == "TRUE" ? "true" : "false" }), context);
            case BinaryExpression binary when binary.Operator is "=" or "<>" or "<" or "<=" or ">" or ">=":
                return Constant(binary.Right) is { } right ? Compare(span, binary.Left, binary.Operator, ImmutableArray.Create(right), context)
                    : Constant(binary.Left) is { } left ? Compare(span, binary.Right, Turn(binary.Operator), ImmutableArray.Create(left), context)
                    : new UnknownCondition(span);
            case BetweenExpression { IsNegated: false } between when Constant(between.Low) is { } low && Constant(between.High) is { } high:
                return Join(span, isAnd: true, [
                    Compare(span, between.Operand, ">=", ImmutableArray.Create(low), context),
                    Compare(span, between.Operand, "<=", ImmutableArray.Create(high), context)]);
            case InExpression { Query: null } within when Constants(within.Items) is { } items:
                return Compare(span, within.Operand, within.IsNegated ? "NOT IN" : "IN", items, context);
            case QuantifiedExpression quantified when ArrayItems(quantified.Right) is { } items && (quantified.Operator, quantified.IsAll) is ("=", false) or ("<>", true):
                return Compare(span, quantified.Left, quantified.IsAll ? "NOT IN" : "IN", items, context);
            case LikeExpression { Escape: null } like when Constant(like.Pattern) is { } pattern:
                return Compare(span, like.Operand, like.Operator, ImmutableArray.Create(pattern), context);
            default:
                return new UnknownCondition(span);
        }
    }

    private Condition Not(SqlSpan span, SqlExpression operand, SchemaExpression context) => CanonicalText.Strip(operand) switch
    {
        ColumnReference column => Compare(span, column, "=", ImmutableArray.Create(True(span) with { Text = "false" }), context),
        UnaryExpression { Operator: "NOT" } again => Read(again.Operand, context),
        IsExpression { Test: "NULL" } test => Read(test with { IsNegated = !test.IsNegated }, context),
        BinaryExpression { IsComparison: true } binary when Negated(binary.Operator) is { } op => Read(binary with { Operator = op }, context),
        InExpression within => Read(within with { IsNegated = !within.IsNegated }, context),
        _ => new UnknownCondition(span),
    };

    private static Condition Join(SqlSpan span, bool isAnd, IEnumerable<Condition> conditions)
    {
        var flat = conditions.SelectMany(condition => condition switch
        {
            AllOf all when isAnd => all.Conditions,
            AnyOf any when !isAnd => any.Conditions,
            _ => ImmutableArray.Create(condition),
        }).ToImmutableArray();
        return isAnd ? new AllOf(span, flat) : new AnyOf(span, flat);
    }

    private Condition Compare(SqlSpan span, SqlExpression operand, string op, ImmutableArray<QueryValue> values, SchemaExpression context)
    {
        var self = this;
        var text = (context with { Node = operand }).TextIn(table);
        if (text is null)
        {
            return new UnknownCondition(span);
        }

        var column = self.ColumnOf(text);
        var key = new QueryKey(column?.Name, text, column?.Type, operand.Span)
        {
            Columns = IndexMatch.ColumnsOf(context with { Node = operand }).ToImmutableArray(),
        };
        return new Comparison(span, ImmutableArray.Create(key), op, values);
    }

    private Column? ColumnOf(string text) => table.Columns.FirstOrDefault(column => text.Length == column.Name.Length + 2 && text == "\"" + column.Name + "\"");

    private static QueryValue True(SqlSpan span) => new(QueryValueKind.Constant, span) { Text = "true", Type = "boolean" };

    private static ImmutableArray<QueryValue>? Constants(ImmutableArray<SqlExpression> items)
    {
        var values = items.Select(Constant).ToList();
        return values.Contains(null) ? null : values.Select(value => value!).ToImmutableArray();
    }

    private static ImmutableArray<QueryValue>? ArrayItems(SqlExpression array) => CanonicalText.Strip(array) switch
    {
        CastExpression cast => ArrayItems(cast.Operand),
        ArrayExpression items => Constants(items.Items),
        _ => null,
    };

    private static QueryValue? Constant(SqlExpression? expression) => expression is null ? null : CanonicalText.Strip(expression) switch
    {
        LiteralExpression { HasHole: false } literal => new QueryValue(QueryValueKind.Constant, literal.Span)
        {
            Text = literal.Kind switch
            {
                LiteralKind.Null => null,
                LiteralKind.Boolean => literal.Text!.ToLowerInvariant(),
                _ => literal.Text,
            },
            Type = literal.Kind == LiteralKind.Boolean ? "boolean" : null,
        },
        CastExpression { IsTypePrefix: false } cast => Constant(cast.Operand),
        UnaryExpression { Operator: "-" or "+" } sign when Constant(sign.Operand) is { Text: { } text } value => value with { Text = sign.Operator == "-" ? "-" + text : text },
        _ => null,
    };

    /// <summary>The operator with its operands exchanged.</summary>
    internal static string Turn(string op) => op switch
    {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        _ => op,
    };

    private static string? Negated(string op) => op switch
    {
        "=" => "<>",
        "<>" => "=",
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        ">=" => "<",
        _ => null,
    };
}
