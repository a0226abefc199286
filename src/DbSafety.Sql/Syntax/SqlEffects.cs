using System.Collections.Immutable;

namespace DbSafety.Sql.Syntax;

/// <summary>What a statement does to rows when it runs.</summary>
[Flags]
public enum SqlEffects
{
    /// <summary>Neither reads nor writes rows of tables: DDL, SET, LISTEN, transaction control, EXPLAIN.</summary>
    None = 0,

    /// <summary>It reads rows of tables.</summary>
    Reads = 1,

    /// <summary>It writes rows: INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY .. FROM, also in a WITH query.</summary>
    Writes = 2,

    /// <summary>Nobody knows: a hole or an error hides it, or code in the database runs (CALL, DO, a SELECT of functions alone).</summary>
    Unknown = 4,
}

/// <summary>What statements do to rows.</summary>
public static class StatementEffects
{
    /// <summary>The effects of all statements of a text together.</summary>
    public static SqlEffects Of(SqlTree tree)
    {
        var effects = tree.Statements.IsEmpty ? SqlEffects.Unknown : SqlEffects.None;
        foreach (var statement in tree.Statements)
        {
            effects |= Of(statement);
        }

        return effects;
    }

    /// <summary>The effects of one statement.</summary>
    public static SqlEffects Of(SqlStatement statement) => statement switch
    {
        SelectStatement select => Of(select.Query),
        WriteStatement write => SqlEffects.Writes | (write.Returning.IsPresent ? SqlEffects.Reads : SqlEffects.None),
        CopyStatement copy => copy.IsFrom ? SqlEffects.Writes : SqlEffects.Reads,
        WrapperStatement { Verb: "COPY" } copy => Of(copy.Inner),
        WrapperStatement { Verb: "DECLARE" or "FETCH" } => SqlEffects.Reads,
        WrapperStatement => SqlEffects.None,
        DropStatement { Verb: "TRUNCATE" } => SqlEffects.Writes,
        OtherStatement { Verb: "TRUNCATE" } => SqlEffects.Writes,
        OtherStatement { Verb: "FETCH" } => SqlEffects.Reads,
        CallStatement or RoutineStatement { Verb: "DO" } or OtherStatement { Verb: "" or "DO" or "EXECUTE" } => SqlEffects.Unknown,
        { Verb: "" } => SqlEffects.Unknown,
        _ => SqlEffects.None,
    };

    private static SqlEffects Of(SqlQuery query)
    {
        var effects = query switch
        {
            SelectQuery { Into: not null } => SqlEffects.None,
            SelectQuery select => OfSelect(select),
            SetOperationQuery operation => Of(operation.Left) | Of(operation.Right),
            TableQuery => SqlEffects.Reads,
            ValuesQuery => SqlEffects.None,
            _ => SqlEffects.Unknown,
        };
        if (query.With.Value is { } with)
        {
            foreach (var table in with.Tables)
            {
                effects |= Of(table.Statement);
            }
        }

        return effects;
    }

    // A SELECT without FROM computes something, or calls a function that does who knows what.
    private static SqlEffects OfSelect(SelectQuery select)
    {
        if (!select.From.IsAbsent)
        {
            return select.From.IsUnknown || select.From.Value!.Items.All(IsFunctionOfUser) ? SqlEffects.Unknown : SqlEffects.Reads;
        }

        var found = SqlEffects.None;
        foreach (var item in select.Items)
        {
            found |= Of(item.Expression);
        }

        return found;
    }

    // SELECT * FROM delete_user(@id): what it does is written elsewhere.
    private static bool IsFunctionOfUser(TableSource source) => source is FunctionTable table && table.Functions.All(function =>
        function is not FunctionCall { Name: { Schema: null, Name: "unnest" or "generate_series" or "json_to_recordset" or "jsonb_to_recordset" or "jsonb_array_elements" or "regexp_split_to_table" or "string_to_table" } });

    private static SqlEffects Of(SqlExpression expression)
    {
        var effects = expression switch
        {
            SubqueryExpression subquery => Of(subquery.Query),
            FunctionCall or UnknownExpression or HoleExpression => SqlEffects.Unknown,
            _ => SqlEffects.None,
        };
        foreach (var operand in expression.Operands)
        {
            effects |= Of(operand);
        }

        return effects;
    }
}
