using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>A lock that a query takes, and that is gone when its transaction ends.</summary>
/// <param name="Span">The clause, or the call of the function.</param>
/// <param name="Name">As people call it: <c>FOR UPDATE</c>, <c>FOR NO KEY UPDATE</c>, <c>FOR SHARE</c>, <c>FOR KEY SHARE</c>, <c>pg_advisory_xact_lock</c>.</param>
/// <param name="IsAdvisory">An advisory lock, else locks of rows.</param>
public sealed record StatementLock(SqlSpan Span, string Name, bool IsAdvisory)
{
    /// <summary>The clause of a lock of rows, else null.</summary>
    public LockingClause? Clause { get; init; }
}

/// <summary>The locks that are of no use where a statement is a transaction of its own.</summary>
public static class StatementLocks
{
    /// <summary>
    /// The lock that a text is there to take: the text is one SELECT that locks, changes nothing, and does nothing else under the lock. Unknown where a
    /// hole or an error hides it, or another statement stands beside, which runs under the lock.
    /// </summary>
    /// <param name="tree">The text.</param>
    public static Part<StatementLock> Of(SqlTree tree)
    {
        if (tree.Statements.Length == 1)
        {
            return Of(tree.Statements[0]);
        }

        return tree.Statements.Any(statement => !Of(statement).IsAbsent) ? Part<StatementLock>.Unknown : Part<StatementLock>.Absent;
    }

    /// <summary>The same for one statement.</summary>
    /// <param name="statement">The statement.</param>
    public static Part<StatementLock> Of(SqlStatement statement)
    {
        if (statement.HasErrors || statement.Verb.Length == 0)
        {
            return Part<StatementLock>.Unknown;
        }

        if (statement is not SelectStatement select || (StatementEffects.Of(select) & SqlEffects.Writes) != 0)
        {
            return Part<StatementLock>.Absent;
        }

        StatementLock? first = null;
        var mayWrite = false;
        var mayLock = false;
        foreach (var query in Operands(select.Query))
        {
            // A function may do the work that the lock is for.
            if (DoesWork(query))
            {
                return Part<StatementLock>.Absent;
            }

            mayWrite |= MayWrite(query);
            mayLock |= query.MayHoldLocking || query is UnknownQuery;
            if (LockOf(query) is { } found && (first is null || found.Span.Start < first.Span.Start))
            {
                first = found;
            }
        }

        return first is not null && !mayWrite ? Part<StatementLock>.Of(first) : first is not null || mayLock ? Part<StatementLock>.Unknown : Part<StatementLock>.Absent;
    }

    // A query, and the ones that UNION and its relatives join; no recursion, because a chain of them may be long.
    private static IEnumerable<SqlQuery> Operands(SqlQuery query)
    {
        var pending = new Stack<SqlQuery>();
        pending.Push(query);
        while (pending.Count > 0)
        {
            var next = pending.Pop();
            yield return next;
            if (next is SetOperationQuery operation)
            {
                pending.Push(operation.Right);
                pending.Push(operation.Left);
            }
        }
    }

    private static StatementLock? LockOf(SqlQuery query)
    {
        if (query.Locking.FirstOrDefault(IsLock) is { } clause)
        {
            return new StatementLock(clause.Span, "FOR " + clause.Strength, IsAdvisory: false) { Clause = clause };
        }

        return query is SelectQuery select && Calls(select).FirstOrDefault(IsAdvisory) is { } call ? new StatementLock(call.Span, call.Name.Parts.Last().Text, IsAdvisory: true) : null;
    }

    private static bool IsLock(LockingClause clause) => clause.Strength is "UPDATE" or "NO KEY UPDATE" or "SHARE" or "KEY SHARE";

    // WITH {queries}: one of them may write.
    private static bool MayWrite(SqlQuery query) => query.With.IsUnknown || (query.With.Value is { } with &&
        (with.Tables.IsEmpty || with.Tables.Any(table => table.Statement is not SelectStatement)));

    private static bool DoesWork(SqlQuery query) =>
        query is SelectQuery select && (select.Into is not null || Calls(select).Any(call => !IsAdvisory(call) && !IsHarmless(call)));

    private static IEnumerable<FunctionCall> Calls(SelectQuery select)
    {
        var pending = new Stack<SqlExpression>(select.Items.Select(item => item.Expression));
        if (select.From.Value is { } from)
        {
            foreach (var function in from.Items.OfType<FunctionTable>().SelectMany(table => table.Functions))
            {
                pending.Push(function);
            }
        }

        while (pending.Count > 0)
        {
            var next = pending.Pop();
            if (next is FunctionCall call)
            {
                yield return call;
            }

            foreach (var operand in next.Operands)
            {
                pending.Push(operand);
            }
        }
    }

    private static bool IsAdvisory(FunctionCall call) => IsBuiltIn(call) && call.Name.Parts.Last().Text is "pg_advisory_xact_lock" or "pg_advisory_xact_lock_shared" or
        "pg_try_advisory_xact_lock" or "pg_try_advisory_xact_lock_shared";

    private static bool IsHarmless(FunctionCall call) => IsBuiltIn(call) && call.Name.Parts.Last().Text is "count" or "sum" or "min" or "max" or "avg" or "coalesce" or "nullif" or "greatest" or
        "least" or "now" or "lower" or "upper" or "trim" or "length" or "concat" or "extract" or "date_trunc" or "to_char" or "current_timestamp" or "current_date" or "row_to_json" or
        "to_jsonb" or "to_json" or "jsonb_build_object" or "json_build_object" or "array_agg" or "string_agg" or "hashtext" or "hashtextextended" or "abs" or "round" or "cast" or "exists" or
        "unnest" or "generate_series" or "clock_timestamp" or "gen_random_uuid" or "substring" or "replace" or "md5";

    private static bool IsBuiltIn(FunctionCall call) => call.Name.Parts.Length == 1 || (call.Name.Parts.Length == 2 && call.Name.Parts[0].Text == "pg_catalog");
}
