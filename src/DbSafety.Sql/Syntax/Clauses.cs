using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>A clause that holds one expression: WHERE, HAVING, LIMIT, OFFSET.</summary>
/// <param name="Span">From the keyword to the end.</param>
/// <param name="Expression">The expression.</param>
public sealed record ExpressionClause(SqlSpan Span, SqlExpression Expression) : SqlNode(Span);

/// <summary>A list of nodes as a clause.</summary>
/// <typeparam name="T">The nodes.</typeparam>
/// <param name="Span">From the keyword to the end.</param>
/// <param name="Items">The nodes.</param>
public sealed record ListClause<T>(SqlSpan Span, ImmutableArray<T> Items) : SqlNode(Span)
    where T : SqlNode;

/// <summary>An entry of a select list or of RETURNING.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Alias">The label, or null.</param>
public sealed record SelectItem(SqlSpan Span, SqlExpression Expression, SqlName? Alias) : SqlNode(Span);

/// <summary>An entry of ORDER BY.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Expression">The sort expression.</param>
/// <param name="IsDescending">DESC</param>
public sealed record SortItem(SqlSpan Span, SqlExpression Expression, bool IsDescending) : SqlNode(Span)
{
    /// <summary>NULLS FIRST (true) or NULLS LAST (false), or null where neither is written.</summary>
    public bool? IsNullsFirst { get; init; }

    /// <summary>The operator of USING, or null.</summary>
    public string? UsingOperator { get; init; }

    /// <summary>Whether a hole is the direction, or the order of nulls.</summary>
    public bool IsDirectionUnknown { get; init; }
}

/// <summary>The specification of a window.</summary>
/// <param name="Span">The characters.</param>
/// <param name="PartitionBy">PARTITION BY</param>
/// <param name="OrderBy">ORDER BY</param>
/// <param name="FrameOffsets">The offsets of PRECEDING and FOLLOWING.</param>
public sealed record WindowSpecification(
    SqlSpan Span, ImmutableArray<SqlExpression> PartitionBy, ImmutableArray<SortItem> OrderBy, ImmutableArray<SqlExpression> FrameOffsets) : SqlNode(Span);

/// <summary>Something in FROM.</summary>
/// <param name="Span">The characters.</param>
public abstract record TableSource(SqlSpan Span) : SqlNode(Span)
{
    /// <summary>The alias, or null.</summary>
    public SqlName? Alias { get; init; }

    /// <summary>The aliases of the columns.</summary>
    public ImmutableArray<SqlName> ColumnAliases { get; init; } = ImmutableArray<SqlName>.Empty;

    /// <summary>LATERAL</summary>
    public bool IsLateral { get; init; }
}

/// <summary>A table, a view, or the name of a WITH query.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsOnly">ONLY</param>
public sealed record TableReference(SqlSpan Span, QualifiedName Name, bool IsOnly) : TableSource(Span);

/// <summary>A query in FROM.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Query">The query.</param>
public sealed record DerivedTable(SqlSpan Span, SqlQuery Query) : TableSource(Span);

/// <summary>A function in FROM, also ROWS FROM, XMLTABLE, JSON_TABLE.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Functions">The calls.</param>
public sealed record FunctionTable(SqlSpan Span, ImmutableArray<SqlExpression> Functions) : TableSource(Span);

/// <summary>A hole that holds clauses in the list of FROM.</summary>
/// <param name="Span">The hole.</param>
public sealed record UnknownTable(SqlSpan Span) : TableSource(Span);

/// <summary>The kind of a join.</summary>
public enum JoinKind
{
    /// <summary>[INNER] JOIN</summary>
    Inner,

    /// <summary>LEFT JOIN</summary>
    Left,

    /// <summary>RIGHT JOIN</summary>
    Right,

    /// <summary>FULL JOIN</summary>
    Full,

    /// <summary>CROSS JOIN</summary>
    Cross,
}

/// <summary>A join.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Kind">Which join.</param>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="On">The condition, or null.</param>
/// <param name="Using">The columns of USING.</param>
/// <param name="IsNatural">NATURAL</param>
public sealed record JoinedTable(
    SqlSpan Span, JoinKind Kind, TableSource Left, TableSource Right, SqlExpression? On, ImmutableArray<SqlName> Using, bool IsNatural) : TableSource(Span)
{
    /// <summary>Whether a hole stands before JOIN, or before ON: it may hold further joins.</summary>
    public bool HasHole { get; init; }
}

/// <summary>A WITH query.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The names of its columns, where written.</param>
/// <param name="Statement">The statement inside.</param>
public sealed record CommonTable(SqlSpan Span, SqlName Name, ImmutableArray<SqlName> Columns, SqlStatement Statement) : SqlNode(Span)
{
    /// <summary>MATERIALIZED (true), NOT MATERIALIZED (false), or null where neither is written.</summary>
    public bool? IsMaterialized { get; init; }
}

/// <summary>WITH</summary>
/// <param name="Span">The characters.</param>
/// <param name="IsRecursive">RECURSIVE</param>
/// <param name="Tables">The queries.</param>
public sealed record WithClause(SqlSpan Span, bool IsRecursive, ImmutableArray<CommonTable> Tables) : SqlNode(Span);

/// <summary>An assignment of UPDATE or of ON CONFLICT DO UPDATE.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Targets">The columns; several for <c>(a, b) = ..</c>.</param>
/// <param name="Value">The value.</param>
public sealed record SetItem(SqlSpan Span, ImmutableArray<ColumnTargetNode> Targets, SqlExpression Value) : SqlNode(Span);

/// <summary>A column that is written: in INSERT's list or left of an assignment.</summary>
/// <param name="Span">The characters, with fields and subscripts.</param>
/// <param name="Name">The column.</param>
/// <param name="IsWhole">Whether no field or subscript follows.</param>
public sealed record ColumnTargetNode(SqlSpan Span, SqlName Name, bool IsWhole) : SqlNode(Span);

/// <summary>ON CONFLICT</summary>
/// <param name="Span">The characters.</param>
/// <param name="Columns">The columns or expressions of the arbiter.</param>
/// <param name="Constraint">ON CONSTRAINT, or null.</param>
/// <param name="IsDoNothing">DO NOTHING</param>
public sealed record ConflictClause(SqlSpan Span, ImmutableArray<SqlExpression> Columns, SqlName? Constraint, bool IsDoNothing) : SqlNode(Span)
{
    /// <summary>The predicate of the arbiter, or null.</summary>
    public SqlExpression? ArbiterWhere { get; init; }

    /// <summary>The assignments of DO UPDATE.</summary>
    public ImmutableArray<SetItem> Set { get; init; } = ImmutableArray<SetItem>.Empty;

    /// <summary>WHERE of DO UPDATE.</summary>
    public Part<ExpressionClause> Where { get; init; }
}

/// <summary>A WHEN of MERGE.</summary>
/// <param name="Span">The characters.</param>
/// <param name="IsMatched">WHEN MATCHED, else WHEN NOT MATCHED.</param>
/// <param name="Condition">AND .., or null.</param>
/// <param name="Action"><c>UPDATE</c>, <c>DELETE</c>, <c>INSERT</c>, <c>DO NOTHING</c></param>
/// <param name="Set">The assignments of UPDATE.</param>
/// <param name="Columns">The columns of INSERT.</param>
/// <param name="Values">The values of INSERT.</param>
public sealed record MergeWhen(
    SqlSpan Span, bool IsMatched, SqlExpression? Condition, string Action, ImmutableArray<SetItem> Set, ImmutableArray<ColumnTargetNode> Columns,
    ImmutableArray<SqlExpression> Values) : SqlNode(Span);

/// <summary>FOR UPDATE and its relatives.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Strength"><c>UPDATE</c>, <c>NO KEY UPDATE</c>, <c>SHARE</c>, <c>KEY SHARE</c>; also <c>READ ONLY</c>, and empty for FOR XML, which lock nothing.</param>
/// <param name="SkipLocked">SKIP LOCKED</param>
/// <param name="NoWait">NOWAIT</param>
public sealed record LockingClause(SqlSpan Span, string Strength, bool SkipLocked, bool NoWait) : SqlNode(Span)
{
    /// <summary>The tables of OF; empty: all.</summary>
    public ImmutableArray<QualifiedName> Tables { get; init; } = ImmutableArray<QualifiedName>.Empty;
}

/// <summary>A query: SELECT, VALUES, TABLE, a set operation, or a hole.</summary>
/// <param name="Span">The characters, without parentheses around.</param>
public abstract record SqlQuery(SqlSpan Span) : SqlNode(Span)
{
    /// <summary>WITH</summary>
    public Part<WithClause> With { get; init; }

    /// <summary>ORDER BY</summary>
    public Part<ListClause<SortItem>> OrderBy { get; init; }

    /// <summary>LIMIT, FETCH FIRST or TOP.</summary>
    public Part<ExpressionClause> Limit { get; init; }

    /// <summary>OFFSET</summary>
    public Part<ExpressionClause> Offset { get; init; }

    /// <summary>FOR UPDATE and its relatives.</summary>
    public ImmutableArray<LockingClause> Locking { get; init; } = ImmutableArray<LockingClause>.Empty;

    /// <summary>Whether a hole may hold a clause of <see cref="Locking"/>, where none is in sight.</summary>
    public bool MayHoldLocking { get; init; }
}

/// <summary>SELECT</summary>
/// <param name="Span">The characters.</param>
public sealed record SelectQuery(SqlSpan Span) : SqlQuery(Span)
{
    /// <summary>DISTINCT or DISTINCT ON.</summary>
    public bool IsDistinct { get; init; }

    /// <summary>The expressions of DISTINCT ON.</summary>
    public ImmutableArray<SqlExpression> DistinctOn { get; init; } = ImmutableArray<SqlExpression>.Empty;

    /// <summary>The select list.</summary>
    public ImmutableArray<SelectItem> Items { get; init; } = ImmutableArray<SelectItem>.Empty;

    /// <summary>The table of SELECT INTO, or null.</summary>
    public QualifiedName? Into { get; init; }

    /// <summary>Whether the table of INTO is TEMPORARY.</summary>
    public bool IsIntoTemporary { get; init; }

    /// <summary>FROM</summary>
    public Part<ListClause<TableSource>> From { get; init; }

    /// <summary>WHERE</summary>
    public Part<ExpressionClause> Where { get; init; }

    /// <summary>GROUP BY</summary>
    public Part<ListClause<SqlExpression>> GroupBy { get; init; }

    /// <summary>HAVING</summary>
    public Part<ExpressionClause> Having { get; init; }

    /// <summary>WINDOW</summary>
    public ImmutableArray<WindowSpecification> Windows { get; init; } = ImmutableArray<WindowSpecification>.Empty;
}

/// <summary>VALUES</summary>
/// <param name="Span">The characters.</param>
/// <param name="Rows">The rows.</param>
public sealed record ValuesQuery(SqlSpan Span, ImmutableArray<RowExpression> Rows) : SqlQuery(Span)
{
    /// <summary>Whether a hole may hold further rows.</summary>
    public bool HasUnknownRows { get; init; }
}

/// <summary>TABLE t</summary>
/// <param name="Span">The characters.</param>
/// <param name="Table">The table.</param>
public sealed record TableQuery(SqlSpan Span, TableReference Table) : SqlQuery(Span);

/// <summary>UNION, INTERSECT or EXCEPT.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Operator"><c>UNION</c>, <c>INTERSECT</c>, <c>EXCEPT</c></param>
/// <param name="IsAll">ALL</param>
/// <param name="Left">The left query.</param>
/// <param name="Right">The right query.</param>
public sealed record SetOperationQuery(SqlSpan Span, string Operator, bool IsAll, SqlQuery Left, SqlQuery Right) : SqlQuery(Span);

/// <summary>A hole, or an error, where a query is expected.</summary>
/// <param name="Span">Where.</param>
public sealed record UnknownQuery(SqlSpan Span) : SqlQuery(Span);
