using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Queries;

/// <summary>What a value is that a key is compared with.</summary>
public enum QueryValueKind
{
    /// <summary>Nobody knows: a hole.</summary>
    Unknown,

    /// <summary>A constant.</summary>
    Constant,

    /// <summary>A parameter; PostgreSQL plans with its value, which nobody knows here.</summary>
    Parameter,

    /// <summary>A column, or an expression over columns, of another table reference: a join.</summary>
    OtherTable,

    /// <summary>An expression that is the same for all rows: <c>now() - interval '1 day'</c>, <c>lower(@name)</c>, a subquery that names nothing outside.</summary>
    Stable,

    /// <summary>An expression that no index can be searched with: volatile, or over columns of the same table reference.</summary>
    Volatile,
}

/// <summary>A value that a key is compared with.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">The characters.</param>
public sealed record QueryValue(QueryValueKind Kind, SqlSpan Span)
{
    /// <summary>The content of a constant (<c>null</c> for NULL), the name of a parameter; else null.</summary>
    public string? Text { get; init; }

    /// <summary>The type as PostgreSQL prints it, without length, where the text or the catalog tells; null for a bare string constant or a bare parameter.</summary>
    public string? Type { get; init; }

    /// <summary>The numbers (in <see cref="QueryTables.Uses"/>) of the table references that the value reads.</summary>
    public ImmutableArray<int> Uses { get; init; } = ImmutableArray<int>.Empty;

    /// <summary>Whether it is an array whose elements are compared (<c>= ANY (@ids)</c>).</summary>
    public bool IsArray { get; init; }
}

/// <summary>What is compared: a column of the table reference, or an expression over columns of it alone.</summary>
/// <param name="Column">The column, or null for an expression.</param>
/// <param name="Text">The one form of it (<c>CanonicalText</c> with bare column names); null where not known.</param>
/// <param name="Type">The type as PostgreSQL prints it, of a domain the type beneath; null where not known.</param>
/// <param name="Span">The characters.</param>
public sealed record QueryKey(string? Column, string? Text, string? Type, SqlSpan Span)
{
    /// <summary>The columns of the table reference inside.</summary>
    public ImmutableArray<string> Columns { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The expression; null for a column.</summary>
    public Syntax.SqlExpression? Expression { get; init; }

    /// <summary>COLLATE around the key, or null.</summary>
    public string? Collation { get; init; }
}

/// <summary>A condition on the rows of one table reference.</summary>
/// <param name="Span">The characters.</param>
public abstract record Condition(SqlSpan Span);

/// <summary>All of several conditions.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Conditions">The conditions; none of them is an <see cref="AllOf"/>.</param>
public sealed record AllOf(SqlSpan Span, ImmutableArray<Condition> Conditions) : Condition(Span);

/// <summary>At least one of several conditions.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Conditions">The arms; none of them is an <see cref="AnyOf"/>.</param>
public sealed record AnyOf(SqlSpan Span, ImmutableArray<Condition> Conditions) : Condition(Span);

/// <summary>A comparison of keys of the table reference with values; the key always stands left, and the operator is turned accordingly.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Keys">One key; several for a comparison of rows.</param>
/// <param name="Operator">
/// As PostgreSQL writes it, in upper case: <c>= &lt; &lt;= &gt; &gt;= &lt;&gt;</c>, <c>IN</c>, <c>NOT IN</c>, <c>= ANY</c>, <c>&lt;&gt; ALL</c> (also with other operators),
/// <c>IS NULL</c>, <c>IS NOT NULL</c>, <c>IS DISTINCT FROM</c>, <c>LIKE</c>, <c>ILIKE</c>, <c>NOT LIKE</c>, <c>~</c>, <c>@&gt;</c>, <c>?</c>, <c>@?</c>. BETWEEN is two comparisons; a bare boolean column is
/// <c>= true</c>, NOT of it <c>= false</c>; <c>x = ANY (column)</c> has the operator <c>ANY =</c>, with the array column as its key; <c>now() &lt; col</c> reads <c>col &gt; now()</c>.
/// </param>
/// <param name="Values">The values; several for IN and rows; none for IS NULL.</param>
public sealed record Comparison(SqlSpan Span, ImmutableArray<QueryKey> Keys, string Operator, ImmutableArray<QueryValue> Values) : Condition(Span)
{
    /// <summary>The one key.</summary>
    public QueryKey Key => Keys[0];

    /// <summary>The one value, or null.</summary>
    public QueryValue? Value => Values.IsEmpty ? null : Values[0];

    /// <summary>Whether a value is read from another table reference.</summary>
    public bool IsJoin => Values.Any(value => value.Kind == QueryValueKind.OtherTable);
}

/// <summary>
/// A condition that is understood and that no index can be searched with: over two columns of the same row, a function of several, NOT of something. Without columns, as an arm of
/// <see cref="AnyOf"/>: it may be true whatever the row (<c>@p IS NULL OR ..</c>).
/// </summary>
/// <param name="Span">The characters.</param>
/// <param name="Columns">The columns of the table reference that it reads.</param>
public sealed record OtherCondition(SqlSpan Span, ImmutableArray<string> Columns) : Condition(Span);

/// <summary>A condition that is not understood: a hole, or a column that nobody can tell the table of. It may be anything.</summary>
/// <param name="Span">The characters.</param>
public sealed record UnknownCondition(SqlSpan Span) : Condition(Span);
