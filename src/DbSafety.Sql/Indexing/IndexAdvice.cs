using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Indexing;

/// <summary>What an index would be good for.</summary>
public enum IndexAdviceKind
{
    /// <summary>No index serves any condition on a table reference.</summary>
    Filter,

    /// <summary>No index serves a JSONB or array operator.</summary>
    Json,

    /// <summary>An index serves a part of the conditions or none gives the order; a composite one would serve all.</summary>
    Composite,

    /// <summary>An index stands on the column and cannot serve the condition in this form.</summary>
    Form,
}

/// <summary>A key of an index that is suggested.</summary>
/// <param name="Text">As DDL writes it: a quoted name where it must be, an expression in parentheses.</param>
/// <param name="Column">The column, or null for an expression.</param>
public sealed record SuggestedKey(string Text, string? Column)
{
    /// <summary>The operator class, or null: the default one.</summary>
    public string? OperatorClass { get; init; }

    /// <summary>DESC</summary>
    public bool IsDescending { get; init; }

    /// <summary>NULLS FIRST (true), NULLS LAST (false), or null: as usual for the direction.</summary>
    public bool? IsNullsFirst { get; init; }
}

/// <summary>An index that is suggested.</summary>
/// <param name="Table">The table.</param>
/// <param name="Keys">The keys, in order.</param>
public sealed record IndexSuggestion(Table Table, ImmutableArray<SuggestedKey> Keys)
{
    /// <summary>The access method: <c>btree</c>, <c>gin</c>.</summary>
    public string Method { get; init; } = "btree";

    /// <summary>The predicate as DDL writes it, or null.</summary>
    public string? Predicate { get; init; }

    /// <summary>How many of the first keys are compared by <c>=</c> and may stand in any order among themselves.</summary>
    public int FreeKeys { get; init; }
}

/// <summary>What is found about the indexes of a table reference.</summary>
/// <param name="Kind">What is missing.</param>
/// <param name="Use">The table reference.</param>
/// <param name="Span">The condition, or the ORDER BY, to report at.</param>
public sealed record IndexAdvice(IndexAdviceKind Kind, TableUse Use, SqlSpan Span)
{
    /// <summary>The index that serves, or null where only another form of the condition does.</summary>
    public IndexSuggestion? Suggestion { get; init; }

    /// <summary>The existing index that serves in part or not in this form, or null.</summary>
    public TableIndex? Existing { get; init; }

    /// <summary>The condition in a form that an index serves, as SQL text for the place of <see cref="Span"/>, or null.</summary>
    public string? Rewrite { get; init; }

    /// <summary>Whether the index serves only the condition in the other form: then both are needed.</summary>
    public bool IsRewriteNeeded { get; init; }

    /// <summary>Why, for people: <c>the cast makes the column an expression</c>. Without a full stop.</summary>
    public string Reason { get; init; } = "";
}
