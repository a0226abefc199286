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
}

/// <summary>CALL</summary>
/// <param name="Span">The characters.</param>
/// <param name="Call">The procedure and its arguments.</param>
public sealed record CallStatement(SqlSpan Span, SqlExpression Call) : SqlStatement(Span, "CALL")
{
    /// <inheritdoc/>
    public override bool TakesParameters => true;
}

/// <summary>A column of CREATE TABLE or ADD COLUMN.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, or null where a hole or nothing stands there.</param>
/// <param name="IsNotNull">NOT NULL or PRIMARY KEY.</param>
public sealed record ColumnDefinition(SqlSpan Span, SqlName Name, TypeName? Type, bool IsNotNull) : SqlNode(Span)
{
    /// <summary>DEFAULT, GENERATED or a serial type.</summary>
    public bool HasDefault { get; init; }

    /// <summary>PRIMARY KEY</summary>
    public bool IsPrimaryKey { get; init; }
}

/// <summary>CREATE TABLE with columns.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The table.</param>
/// <param name="Columns">The columns.</param>
/// <param name="IfNotExists">IF NOT EXISTS</param>
/// <param name="IsIncomplete">Whether there may be more columns than these: LIKE, INHERITS, OF, PARTITION OF, a hole.</param>
public sealed record CreateTableStatement(
    SqlSpan Span, QualifiedName Name, ImmutableArray<ColumnDefinition> Columns, bool IfNotExists, bool IsIncomplete) : SqlStatement(Span, "CREATE TABLE")
{
    /// <summary>The columns of a PRIMARY KEY table constraint.</summary>
    public ImmutableArray<SqlName> PrimaryKey { get; init; } = ImmutableArray<SqlName>.Empty;

    /// <summary>TEMPORARY</summary>
    public bool IsTemporary { get; init; }
}

/// <summary>What one action of ALTER TABLE does.</summary>
public enum AlterTableActionKind
{
    /// <summary>An action that changes no column's name or type.</summary>
    Other,

    /// <summary>ADD COLUMN</summary>
    AddColumn,

    /// <summary>DROP COLUMN</summary>
    DropColumn,

    /// <summary>ALTER COLUMN .. TYPE</summary>
    AlterType,

    /// <summary>ALTER COLUMN .. SET NOT NULL</summary>
    SetNotNull,

    /// <summary>ALTER COLUMN .. DROP NOT NULL</summary>
    DropNotNull,

    /// <summary>RENAME COLUMN</summary>
    RenameColumn,

    /// <summary>RENAME TO</summary>
    RenameTable,

    /// <summary>SET SCHEMA</summary>
    SetSchema,

    /// <summary>INHERIT, OF and others after which the columns are not known.</summary>
    Unknown,
}

/// <summary>One action of ALTER TABLE.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Column">The column, where it has one.</param>
/// <param name="Definition">The column of ADD COLUMN.</param>
/// <param name="Type">The type of ALTER COLUMN .. TYPE.</param>
/// <param name="NewName">The name of RENAME, the schema of SET SCHEMA.</param>
/// <param name="IsConditional">IF EXISTS or IF NOT EXISTS.</param>
public sealed record AlterTableAction(
    SqlSpan Span, AlterTableActionKind Kind, SqlName? Column, ColumnDefinition? Definition, TypeName? Type, SqlName? NewName, bool IsConditional) : SqlNode(Span);

/// <summary>ALTER TABLE</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The table.</param>
/// <param name="Actions">What it does.</param>
public sealed record AlterTableStatement(SqlSpan Span, QualifiedName Name, ImmutableArray<AlterTableAction> Actions) : SqlStatement(Span, "ALTER TABLE");

/// <summary>DROP of tables, views, types, domains or schemas.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb">The keywords: <c>DROP TABLE</c>.</param>
/// <param name="Names">What is dropped.</param>
public sealed record DropStatement(SqlSpan Span, string Verb, ImmutableArray<QualifiedName> Names) : SqlStatement(Span, Verb);

/// <summary>CREATE TYPE: an enum, or another type.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The type.</param>
/// <param name="IsEnum">AS ENUM</param>
/// <param name="Labels">The labels of the enum.</param>
public sealed record CreateTypeStatement(SqlSpan Span, QualifiedName Name, bool IsEnum, ImmutableArray<string> Labels) : SqlStatement(Span, "CREATE TYPE");

/// <summary>ALTER TYPE of an enum: ADD VALUE, RENAME VALUE, RENAME TO, SET SCHEMA.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The type.</param>
/// <param name="AddedLabel">ADD VALUE, or null.</param>
/// <param name="RenamedLabel">RENAME VALUE, or null.</param>
/// <param name="NewName">The new label, name or schema, or null.</param>
/// <param name="IsSetSchema">SET SCHEMA</param>
public sealed record AlterTypeStatement(
    SqlSpan Span, QualifiedName Name, string? AddedLabel, string? RenamedLabel, string? NewName, bool IsSetSchema) : SqlStatement(Span, "ALTER TYPE");

/// <summary>CREATE DOMAIN</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The domain.</param>
/// <param name="Type">What it is made of.</param>
/// <param name="IsNotNull">NOT NULL</param>
public sealed record CreateDomainStatement(SqlSpan Span, QualifiedName Name, TypeName Type, bool IsNotNull) : SqlStatement(Span, "CREATE DOMAIN");

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
