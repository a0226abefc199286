using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>A statement.</summary>
/// <param name="Span">The characters, without the semicolon.</param>
/// <param name="Verb">The keyword that names it, upper case: <c>SELECT</c>, <c>CREATE TABLE</c>; empty where a hole or an error hides it.</param>
public abstract record SqlStatement(SqlSpan Span, string Verb) : SqlNode(Span)
{
    /// <summary>Whether the statement has a syntax error: nodes before it are there, clauses behind it are not.</summary>
    public bool HasErrors { get; init; }

    /// <summary>Where the verb stands.</summary>
    public SqlSpan VerbSpan { get; init; }

    /// <summary>Whether PostgreSQL takes parameters in it.</summary>
    public virtual bool TakesParameters => false;
}

/// <summary>SELECT, VALUES, TABLE or a set operation of them.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb">The keyword.</param>
/// <param name="Query">The query.</param>
public sealed record SelectStatement(SqlSpan Span, string Verb, SqlQuery Query) : SqlStatement(Span, Verb)
{
    /// <inheritdoc/>
    public override bool TakesParameters => true;
}

/// <summary>A statement that writes rows of one table.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb">The keyword.</param>
/// <param name="Table">The table.</param>
public abstract record WriteStatement(SqlSpan Span, string Verb, TableReference Table) : SqlStatement(Span, Verb)
{
    /// <summary>WITH</summary>
    public Part<WithClause> With { get; init; }

    /// <summary>RETURNING</summary>
    public Part<ListClause<SelectItem>> Returning { get; init; }

    /// <inheritdoc/>
    public override bool TakesParameters => true;
}

/// <summary>INSERT</summary>
/// <param name="Span">The characters.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns, where written; Unknown where a hole may hold some.</param>
/// <param name="Query">VALUES or a query; null for DEFAULT VALUES.</param>
public sealed record InsertStatement(SqlSpan Span, TableReference Table, Part<ListClause<ColumnTargetNode>> Columns, SqlQuery? Query)
    : WriteStatement(Span, "INSERT", Table)
{
    /// <summary>ON CONFLICT</summary>
    public Part<ConflictClause> OnConflict { get; init; }
}

/// <summary>UPDATE</summary>
/// <param name="Span">The characters.</param>
/// <param name="Table">The table.</param>
/// <param name="Set">The assignments.</param>
public sealed record UpdateStatement(SqlSpan Span, TableReference Table, ImmutableArray<SetItem> Set) : WriteStatement(Span, "UPDATE", Table)
{
    /// <summary>FROM</summary>
    public Part<ListClause<TableSource>> From { get; init; }

    /// <summary>WHERE; WHERE CURRENT OF counts as one.</summary>
    public Part<ExpressionClause> Where { get; init; }

    /// <summary>Whether a hole may hold further assignments.</summary>
    public bool HasUnknownAssignments { get; init; }
}

/// <summary>DELETE</summary>
/// <param name="Span">The characters.</param>
/// <param name="Table">The table.</param>
public sealed record DeleteStatement(SqlSpan Span, TableReference Table) : WriteStatement(Span, "DELETE", Table)
{
    /// <summary>USING</summary>
    public Part<ListClause<TableSource>> Using { get; init; }

    /// <summary>WHERE; WHERE CURRENT OF counts as one.</summary>
    public Part<ExpressionClause> Where { get; init; }
}

/// <summary>MERGE</summary>
/// <param name="Span">The characters.</param>
/// <param name="Table">The target.</param>
/// <param name="Source">The source.</param>
/// <param name="On">The join condition.</param>
/// <param name="Whens">The branches.</param>
public sealed record MergeStatement(SqlSpan Span, TableReference Table, TableSource Source, SqlExpression On, ImmutableArray<MergeWhen> Whens)
    : WriteStatement(Span, "MERGE", Table);

/// <summary>A statement around another: EXPLAIN, PREPARE, DECLARE CURSOR, CREATE VIEW, CREATE TABLE AS, COPY (query).</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb">The keyword.</param>
/// <param name="Name">What it names, or null.</param>
/// <param name="Inner">The statement inside.</param>
public sealed record WrapperStatement(SqlSpan Span, string Verb, QualifiedName? Name, SqlStatement Inner) : SqlStatement(Span, Verb)
{
    /// <inheritdoc/>
    public override bool TakesParameters => Verb is "EXPLAIN" or "DECLARE" or "CREATE TABLE AS" && Inner.TakesParameters;

    /// <summary>The names of the columns, where written.</summary>
    public ImmutableArray<SqlName> Columns { get; init; } = ImmutableArray<SqlName>.Empty;

    /// <summary>TEMPORARY</summary>
    public bool IsTemporary { get; init; }

    /// <summary>IF NOT EXISTS</summary>
    public bool IfNotExists { get; init; }
}

/// <summary>CALL</summary>
/// <param name="Span">The characters.</param>
/// <param name="Call">The procedure and its arguments.</param>
public sealed record CallStatement(SqlSpan Span, SqlExpression Call) : SqlStatement(Span, "CALL")
{
    /// <inheritdoc/>
    public override bool TakesParameters => true;
}

/// <summary>SET of a setting.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Setting">Its name in lower case: <c>search_path</c>, <c>role</c>.</param>
/// <param name="Values">The values; null for one that a hole hides.</param>
/// <param name="IsLocal">LOCAL</param>
public sealed record SetStatement(SqlSpan Span, string Setting, ImmutableArray<string?> Values, bool IsLocal) : SqlStatement(Span, "SET");

/// <summary>COPY of a table.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns, where written.</param>
/// <param name="IsFrom">FROM, else TO.</param>
public sealed record CopyStatement(SqlSpan Span, QualifiedName Table, ImmutableArray<SqlName> Columns, bool IsFrom) : SqlStatement(Span, "COPY");

/// <summary>A statement that is known by its verb only.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb">The keywords that name it, upper case.</param>
/// <param name="Names">The names that it certainly gives (savepoints, channels, schemas), in order.</param>
public sealed record OtherStatement(SqlSpan Span, string Verb, ImmutableArray<SqlName> Names) : SqlStatement(Span, Verb);
