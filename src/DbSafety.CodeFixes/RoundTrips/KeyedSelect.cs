using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A SELECT that asks for the rows of one key: <c>.. WHERE key = @parameter [AND ..]</c>, so that one SELECT can ask for those of many.</summary>
/// <param name="Query">The query.</param>
/// <param name="Key">The column.</param>
/// <param name="Parameter">The parameter that it is compared with.</param>
internal sealed record KeyedSelect(SelectQuery Query, ColumnReference Key, ParameterExpression Parameter)
{
    /// <summary>The only table of FROM, or null where there are more.</summary>
    public TableReference? OnlyTable => Query.From.Value is { Items: { Length: 1 } items } ? items[0] as TableReference : null;

    /// <summary>The function of a select list that is one aggregate: <c>count(*)</c>, <c>sum(x)::int</c>; else null.</summary>
    public FunctionCall? Aggregate => AggregateOf(Query);

    /// <summary>The function of a select list that is one aggregate, or null.</summary>
    public static FunctionCall? AggregateOf(SelectQuery query) => query.Items.Length == 1 && Bare(query.Items[0].Expression) is FunctionCall { Name: { Schema: null, Name: var name } } call && IsAggregate(name) ? call : null;

    /// <summary>The statement as such a query for a parameter, or null where it is none, or more than the key decides what comes back.</summary>
    public static KeyedSelect? Of(SqlTree tree, SqlStatement statement, string parameter)
    {
        if (statement is not SelectStatement
            {
                Query: SelectQuery
                {
                    With.IsAbsent: true, Limit.IsAbsent: true, Offset.IsAbsent: true, Locking.IsEmpty: true, IsDistinct: false, Into: null, GroupBy.IsAbsent: true, Having.IsAbsent: true,
                    Windows.IsEmpty: true, From.IsPresent: true, Where.Value.Expression: { } where, OrderBy.IsUnknown: false, Items: { IsEmpty: false } items,
                } query,
            } || KeyIn(tree, where, parameter) is not var (key, compared))
        {
            return null;
        }

        var select = new KeyedSelect(query, key, compared);
        var isPlain = select.Aggregate is { } aggregate
            ? aggregate.Over is null && aggregate.Arguments.All(IsPlain) && query.OrderBy.IsAbsent
            : items.All(item => IsPlain(item.Expression)) && (query.OrderBy.Value is null || query.OrderBy.Value.Items.All(item => IsPlain(item.Expression)));
        return isPlain ? select : null;
    }

    /// <summary>The equality with a parameter that a condition demands, or null.</summary>
    public static (ColumnReference Key, ParameterExpression Parameter)? KeyIn(SqlTree tree, SqlExpression where, string parameter)
    {
        var conditions = where is LogicalExpression { IsAnd: true } both ? both.Conditions : ImmutableArray.Create(where);
        foreach (var condition in conditions)
        {
            if (condition is BinaryExpression { Operator: "=", Left: ColumnReference { IsStar: false, HasHole: false } key, Right: ParameterExpression { Parameter: { Style: not ParameterStyle.Question } used } compared } &&
                IsNamed(used, parameter) && tree.Parameters.Count(other => IsNamed(other, parameter)) == 1)
            {
                return (key, compared);
            }
        }

        return null;
    }

    /// <summary>Whether a parameter of the text has a name.</summary>
    public static bool IsNamed(SqlParameter parameter, string name) => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The index in the select list of the key, where exactly one column of the result is it; -1 for <c>*</c> of the only table; null where it is not there.</summary>
    public int? KeyIndex()
    {
        if (Query.Items.Length == 1 && Query.Items[0].Expression is ColumnReference { IsStar: true, HasHole: false } && OnlyTable is not null)
        {
            return -1;
        }

        int? found = null;
        for (var i = 0; i < Query.Items.Length; i++)
        {
            var item = Query.Items[i];
            if (item.Expression is ColumnReference { IsStar: true })
            {
                return null;
            }

            if (item.Expression is ColumnReference column && IsKey(column) && found is null)
            {
                found = i;
            }
        }

        return found is { } index && Query.Items.Count(item => LabelOf(item).Equals(LabelOf(Query.Items[index]), StringComparison.OrdinalIgnoreCase)) == 1 ? found : null;
    }

    // The same column, with or without its table where there is only one.
    private bool IsKey(ColumnReference column) =>
        column.Column == Key.Column && ((OnlyTable is not null && column.Parts.Length <= 2) || column.Parts.Select(part => part.Text).SequenceEqual(Key.Parts.Select(part => part.Text)));

    /// <summary>The name that a column of the result gets; empty where PostgreSQL makes one up.</summary>
    public static string LabelOf(SelectItem item) => item.Alias?.Text ?? (Bare(item.Expression) switch
    {
        ColumnReference column => column.Column,
        FunctionCall function => function.Name.Name,
        _ => "",
    });

    private static SqlExpression Bare(SqlExpression expression) => expression switch
    {
        CastExpression cast => Bare(cast.Operand),
        ParenthesizedExpression parens => Bare(parens.Operand),
        _ => expression,
    };

    private static bool IsAggregate(string function) => function is "count" or "sum" or "min" or "max" or "avg" or "bool_and" or "bool_or" or "every" or "array_agg" or "string_agg";

    // Of one row alone: no aggregate, no window, no function that nobody here knows.
    private static bool IsPlain(SqlExpression expression) => expression switch
    {
        FunctionCall call => call is { Over: null, Filter: null, Name.Schema: null } && IsScalar(call.Name.Name) && call.Arguments.All(IsPlain),
        UnknownExpression or HoleExpression => false,
        SubqueryExpression => true,
        _ => expression.Operands.All(IsPlain),
    };

    private static bool IsScalar(string function) => function is "coalesce" or "nullif" or "greatest" or "least" or "lower" or "upper" or "length" or "char_length" or "trim" or "btrim" or
        "ltrim" or "rtrim" or "substring" or "substr" or "replace" or "concat" or "concat_ws" or "left" or "right" or "abs" or "round" or "floor" or "ceil" or "ceiling" or "mod" or "extract" or
        "date_part" or "date_trunc" or "to_char" or "to_date" or "to_number" or "split_part" or "position" or "md5" or "now" or "current_date" or "current_timestamp";
}
