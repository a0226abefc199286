using System.Collections.Immutable;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Queries;

/// <content>Binding: an expression in which each column is known, those of pulled-up queries replaced by what they stand for.</content>
internal sealed partial class StatementReading
{
    // The columns from outside that the query in an expression reads.
    private readonly Dictionary<SqlExpression, HashSet<(Relation Relation, string Column)>> _correlations = new(SameNode.Comparer);

    private int _bindDepth;

    /// <summary>Binds an expression; queries inside are read as levels of their own.</summary>
    private SqlExpression Bind(SqlExpression expression, Scope scope)
    {
        Work();
        if (_bindDepth >= MaxExpressionDepth)
        {
            return new UnknownExpression(scope.Place ?? expression.Span);
        }

        _bindDepth++;
        var result = expression switch
        {
            ColumnReference column => Seen(Resolve(column, scope)),
            IndirectionExpression { Field: { HasHole: false, Text: not "*" } field, Subscripts.IsEmpty: true } access
                when CanonicalText.Strip(access.Operand) is ColumnReference { Parts.Length: > 0, HasHole: false, IsStar: false } row && FindEntry(row, row.Parts.Length - 1, scope) is { } entry
                    && !scope.Namespaces.Any(space => space.Columns.Any(column => column.Name == row.Column)) => Seen(ResolveIn(entry, field.Text, scope.Place ?? access.Span)),
            SubqueryExpression subquery => WithQuery(subquery with { Span = scope.Place ?? subquery.Span }, subquery.Query, scope),
            InExpression { Query: { } query } within => WithQuery(within with { Operand = Bind(within.Operand, scope), Span = scope.Place ?? within.Span }, query, scope),
            _ => Rebuild(expression, part => Bind(part, scope), scope.Place),
        };
        _bindDepth--;
        var facts = FactsOf(result);
        return facts.Depth > MaxExpressionDepth || facts.Size > MaxExpressionSize ? new UnknownExpression(result.Span) : result;
    }

    private SqlExpression WithQuery(SqlExpression node, SqlQuery query, Scope scope)
    {
        var outer = ReadAlone(query, scope);
        var facts = FactsOf(node);
        foreach (var (relation, _) in outer)
        {
            facts.Add(relation);
        }

        if (outer.Count > 0)
        {
            _correlations[node] = outer;
        }

        return node;
    }

    /// <summary>Notes a column for the queries that are being read.</summary>
    private SqlExpression Seen(SqlExpression bound)
    {
        if (_seen.Count > 0)
        {
            foreach (var relation in FactsOf(bound).Relations)
            {
                foreach (var column in ColumnsOf(bound, relation).DefaultIfEmpty(""))
                {
                    _seen.Peek().Add((relation, column));
                }
            }
        }

        return bound;
    }

    /// <summary>Replaces the columns of one relation.</summary>
    private SqlExpression Replace(SqlExpression expression, Relation relation, Func<ColumnReference, string, SqlExpression> replacement)
    {
        Work();
        if (!FactsOf(expression).Relations.Contains(relation))
        {
            return expression;
        }

        var result = expression is ColumnReference column && MeaningOf(column) is { } meaning
            ? meaning.Relation == relation ? replacement(column, meaning.Column) : expression
            : Rebuild(expression, part => Replace(part, relation, replacement), null);
        var facts = FactsOf(result);
        return facts.Depth > MaxExpressionDepth || facts.Size > MaxExpressionSize ? new UnknownExpression(result.Span) : result;
    }

    private static SqlExpression Rebuild(SqlExpression expression, Func<SqlExpression, SqlExpression> map, SqlSpan? place)
    {
        SqlExpression result = expression switch
        {
            IndirectionExpression node => node with { Operand = map(node.Operand), Subscripts = All(node.Subscripts) },
            UnaryExpression node => node with { Operand = map(node.Operand) },
            BinaryExpression node => node with { Left = map(node.Left), Right = map(node.Right) },
            LogicalExpression node => node with { Conditions = All(node.Conditions) },
            BetweenExpression node => node with { Operand = map(node.Operand), Low = map(node.Low), High = map(node.High) },
            InExpression { Query: null } node => node with { Operand = map(node.Operand), Items = All(node.Items) },
            LikeExpression node => node with { Operand = map(node.Operand), Pattern = map(node.Pattern), Escape = node.Escape is null ? null : map(node.Escape) },
            IsExpression node => node with { Operand = map(node.Operand) },
            QuantifiedExpression node => node with { Left = map(node.Left), Right = map(node.Right) },
            CastExpression node => node with { Operand = map(node.Operand) },
            CollateExpression node => node with { Operand = map(node.Operand) },
            ParenthesizedExpression node => map(node.Operand),
            FunctionCall node => node with
            {
                Arguments = All(node.Arguments),
                Filter = node.Filter is null ? null : map(node.Filter),
                Over = node.Over is null ? null : node.Over with { PartitionBy = All(node.Over.PartitionBy) },
            },
            CaseExpression node => node with
            {
                Operand = node.Operand is null ? null : map(node.Operand),
                Branches = node.Branches.Select(branch => new CaseBranch(map(branch.When), map(branch.Then))).ToImmutableArray(),
                Else = node.Else is null ? null : map(node.Else),
            },
            RowExpression node => node with { Items = All(node.Items) },
            ArrayExpression node => node with { Items = All(node.Items) },
            _ => expression,
        };
        return place is { } span && expression is not ParenthesizedExpression ? result with { Span = span } : result;

        ImmutableArray<SqlExpression> All(ImmutableArray<SqlExpression> items)
        {
            var mapped = ImmutableArray.CreateBuilder<SqlExpression>(items.Length);
            foreach (var item in items)
            {
                mapped.Add(map(item));
            }

            return mapped.MoveToImmutable();
        }
    }
}
