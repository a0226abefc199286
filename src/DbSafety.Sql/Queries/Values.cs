using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <content>Keys and values of comparisons.</content>
internal sealed partial class StatementReading
{
    /// <summary>An expression as a key of a relation; null where it is none: it reads others too, is volatile, or not understood.</summary>
    private QueryKey? ToKey(SqlExpression expression, Relation relation)
    {
        var facts = FactsOf(expression);
        if (facts.Relations.Count != 1 || !facts.Relations.Contains(relation) || facts.HasHole || facts.HasUnknownColumn || facts.HasWholeRow || facts.HasSubquery || facts.IsVolatile || facts.HasAggregate
            || facts.HasWindow || facts.HasSet || expression is RowExpression)
        {
            return null;
        }

        string? collation = null;
        var inner = expression;
        if (inner is CollateExpression collate)
        {
            collation = collate.Collation.HasHole ? null : collate.Collation.Name;
            inner = collate.Operand;
        }

        inner = WithoutRelabel(inner);
        var meaning = MeaningOf(inner);
        return new QueryKey(meaning?.Column, TextOf(inner), FactsOf(inner).Type, expression.Span)
        {
            Columns = meaning is null ? ColumnsOf(inner, relation) : ImmutableArray.Create(meaning.Column),
            Expression = meaning is null ? inner : null,
            Collation = collation,
        };
    }

    /// <summary>A column without casts that change nothing (binary-coercible types): an index on it still serves.</summary>
    private SqlExpression WithoutRelabel(SqlExpression expression)
    {
        while (expression is CastExpression { Type: { Modifiers.IsEmpty: true, IsSetOf: false } } cast && FactsOf(cast.Operand).Type is { } from && FactsOf(cast).Type is { } to
            && (from == to || (from is "text" or "character varying" && to is "text" or "character varying")))
        {
            expression = cast.Operand;
        }

        return expression;
    }

    private string? TextOf(SqlExpression expression) =>
        CanonicalText.Of(WithoutRelabel(expression), column => MeaningOf(column) is { Relation: not null, Column: { Length: > 0 } name } ? name : null, column => MeaningOf(column)?.Type);

    private ImmutableArray<string> ColumnsOf(SqlExpression expression, Relation relation)
    {
        var columns = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var rest = new Stack<SqlExpression>();
        rest.Push(expression);
        while (rest.Count > 0)
        {
            Work();
            var next = rest.Pop();
            if (MeaningOf(next) is { } meaning)
            {
                if (meaning.Relation == relation && meaning.Column.Length > 0 && seen.Add(meaning.Column))
                {
                    columns.Add(meaning.Column);
                }
                else if (meaning.Relation == relation && meaning.Column.Length == 0 && relation.Table is { } table)
                {
                    columns.AddRange(table.Columns.Select(column => column.Name).Where(seen.Add));
                }
            }

            if (_correlations.TryGetValue(next, out var outer))
            {
                columns.AddRange(outer.Where(column => column.Relation == relation && column.Column.Length > 0 && seen.Add(column.Column)).Select(column => column.Column));
            }

            var operands = next.Operands;
            for (var i = operands.Length - 1; i >= 0; i--)
            {
                rest.Push(operands[i]);
            }
        }

        return columns.ToImmutable();
    }

    private QueryValue ToValue(SqlExpression expression, Relation relation)
    {
        var facts = FactsOf(expression);
        var value = new QueryValue(KindOf(expression, facts, relation), expression.Span)
        {
            Type = facts.Type,
            Text = ConstantText(expression),
            Uses = facts.Relations.Where(other => other.Number >= 0 && other != relation).Select(other => other.Number).OrderBy(number => number).ToImmutableArray(),
            IsArray = facts.Type is { } type && type.EndsWith("[]", StringComparison.Ordinal) || expression is ArrayExpression or SubqueryExpression { Kind: SubqueryKind.Array },
        };
        return value.Kind is QueryValueKind.OtherTable or QueryValueKind.Unknown or QueryValueKind.Volatile ? value : value with { Uses = ImmutableArray<int>.Empty };
    }

    private static QueryValueKind KindOf(SqlExpression expression, ExpressionFacts facts, Relation relation)
    {
        if (IsTextWithHole(expression))
        {
            return QueryValueKind.Parameter;
        }

        if ((facts.HasHole && !IsCallOfText(expression)) || facts.HasUnknownColumn)
        {
            return QueryValueKind.Unknown;
        }

        if (facts.IsVolatile || facts.Relations.Contains(relation))
        {
            return QueryValueKind.Volatile;
        }

        if (facts.HasUnknownFunction)
        {
            return QueryValueKind.Unknown;
        }

        if (facts.Relations.Count > 0)
        {
            return QueryValueKind.OtherTable;
        }

        // A cast of a constant is a constant, one of a parameter still that parameter.
        while (expression is CastExpression or CollateExpression)
        {
            expression = expression.Operands[0];
        }

        return expression switch
        {
            LiteralExpression => QueryValueKind.Constant,
            UnaryExpression { Operator: "-" or "+", Operand: LiteralExpression { Kind: LiteralKind.Number } } => QueryValueKind.Constant,
            ParameterExpression => QueryValueKind.Parameter,
            _ => QueryValueKind.Stable,
        };
    }

    // A hole in quotes is a part of one value, whatever it holds.
    private static bool IsTextWithHole(SqlExpression expression)
    {
        while (expression is CastExpression or CollateExpression)
        {
            expression = expression.Operands[0];
        }

        return expression is LiteralExpression { Kind: LiteralKind.String, HasHole: true };
    }

    // lower('{x}')
    private static bool IsCallOfText(SqlExpression expression) =>
        expression is FunctionCall { Name.HasHole: false } && expression.Operands.All(operand => IsTextWithHole(operand) || operand is ParameterExpression or LiteralExpression { HasHole: false });

    private static string? ConstantText(SqlExpression expression)
    {
        while (expression is CastExpression or CollateExpression)
        {
            expression = expression.Operands[0];
        }

        return expression switch
        {
            LiteralExpression { Kind: LiteralKind.Null } => null,
            LiteralExpression { Kind: LiteralKind.Boolean, Text: { } text } => text.ToLowerInvariant(),
            LiteralExpression literal => literal.Text,
            UnaryExpression { Operator: "-", Operand: LiteralExpression { Kind: LiteralKind.Number, Text: { } text } } => "-" + text,
            UnaryExpression { Operator: "+", Operand: LiteralExpression { Kind: LiteralKind.Number, Text: { } text } } => text,
            ParameterExpression parameter => parameter.Parameter.Name,
            _ => null,
        };
    }
}
