using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <summary>Goes through a query with all that stands inside, before any name is looked up: which tables it names, and how often; whether it calls volatile functions.</summary>
internal sealed class QueryWalk
{
    /// <summary>How often each bare name stands where a table may.</summary>
    public Dictionary<string, int> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>A volatile function is called.</summary>
    public bool IsVolatile { get; private set; }

    /// <summary>A function of the user is called.</summary>
    public bool HasUnknownFunction { get; private set; }

    /// <summary>Counts a name.</summary>
    public int CountOf(string name) => Names.TryGetValue(name, out var count) ? count : 0;

    public void Visit(SqlStatement? statement)
    {
        switch (statement)
        {
            case SelectStatement select:
                Visit(select.Query);
                break;
            case WrapperStatement wrapper:
                Visit(wrapper.Inner);
                break;
            case WriteStatement write:
                Visit(write.With.Value);
                Visit(write.Returning.Value);
                VisitWrite(write);
                break;
        }
    }

    private void VisitWrite(WriteStatement write)
    {
        switch (write)
        {
            case InsertStatement insert:
                Visit(insert.Query);
                if (insert.OnConflict.Value is { } conflict)
                {
                    Visit(conflict.Set);
                    Visit(conflict.Where.Value?.Expression);
                }

                break;
            case UpdateStatement update:
                Visit(update.Set);
                Visit(update.From.Value);
                Visit(update.Where.Value?.Expression);
                break;
            case DeleteStatement delete:
                Visit(delete.Using.Value);
                Visit(delete.Where.Value?.Expression);
                break;
            case MergeStatement merge:
                Visit(merge.Source);
                Visit(merge.On);
                foreach (var when in merge.Whens)
                {
                    Visit(when.Condition);
                    Visit(when.Set);
                    foreach (var value in when.Values)
                    {
                        Visit(value);
                    }
                }

                break;
        }
    }

    public void Visit(WithClause? with)
    {
        foreach (var table in with is null ? [] : with.Tables.AsEnumerable())
        {
            Visit(table.Statement);
        }
    }

    public void Visit(SqlQuery? query)
    {
        // A chain of UNION is as deep as it is long on its left side.
        while (query is SetOperationQuery set)
        {
            VisitTail(set);
            Visit(set.Right);
            query = set.Left;
        }

        if (query is null)
        {
            return;
        }

        VisitTail(query);
        switch (query)
        {
            case SelectQuery select:
                foreach (var item in select.Items)
                {
                    Visit(item.Expression);
                }

                Visit(select.From.Value);
                Visit(select.Where.Value?.Expression);
                Visit(select.Having.Value?.Expression);
                foreach (var item in select.DistinctOn)
                {
                    Visit(item);
                }

                foreach (var item in select.GroupBy.Value is { } grouping ? grouping.Items.AsEnumerable() : [])
                {
                    Visit(item);
                }

                break;
            case ValuesQuery values:
                foreach (var row in values.Rows)
                {
                    Visit(row);
                }

                break;
            case TableQuery table:
                Visit(table.Table);
                break;
        }
    }

    private void VisitTail(SqlQuery query)
    {
        Visit(query.With.Value);
        foreach (var item in query.OrderBy.Value is { } order ? order.Items.AsEnumerable() : [])
        {
            Visit(item.Expression);
        }

        Visit(query.Limit.Value?.Expression);
        Visit(query.Offset.Value?.Expression);
    }

    private void Visit(System.Collections.Immutable.ImmutableArray<SetItem> items)
    {
        foreach (var item in items)
        {
            Visit(item.Value);
        }
    }

    private void Visit(ListClause<SelectItem>? items)
    {
        foreach (var item in items is null ? [] : items.Items.AsEnumerable())
        {
            Visit(item.Expression);
        }
    }

    private void Visit(ListClause<TableSource>? items)
    {
        foreach (var item in items is null ? [] : items.Items.AsEnumerable())
        {
            Visit(item);
        }
    }

    private void Visit(TableSource source)
    {
        while (source is JoinedTable join)
        {
            Visit(join.Right);
            Visit(join.On);
            source = join.Left;
        }

        switch (source)
        {
            case TableReference { Name.Parts.Length: 1 } table:
                Names[table.Name.Name] = CountOf(table.Name.Name) + 1;
                break;
            case DerivedTable derived:
                Visit(derived.Query);
                break;
            case FunctionTable function:
                foreach (var call in function.Functions)
                {
                    Visit(call);
                }

                break;
        }
    }

    private void Visit(SqlExpression? expression)
    {
        switch (expression)
        {
            case null or ColumnReference or LiteralExpression or ParameterExpression:
                return;
            case SubqueryExpression subquery:
                Visit(subquery.Query);
                return;
            case InExpression { Query: { } query }:
                Visit(query);
                break;
            case FunctionCall call:
                var volatility = BuiltinFunctions.VolatilityOf(call.Name.Name);
                IsVolatile |= volatility == Volatility.Volatile;
                HasUnknownFunction |= volatility == Volatility.Unknown && call.Over is null;
                break;
        }

        // A chain of operators is deep on its left side only.
        while (expression is BinaryExpression binary)
        {
            Visit(binary.Right);
            expression = binary.Left;
            if (expression is not BinaryExpression)
            {
                Visit(expression);
                return;
            }
        }

        foreach (var operand in expression.Operands)
        {
            Visit(operand);
        }
    }
}
