using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>What a constraint demands, or what else stands behind a column.</summary>
public enum ConstraintKind
{
    /// <summary>NOT NULL</summary>
    NotNull,

    /// <summary>NULL</summary>
    Null,

    /// <summary>DEFAULT</summary>
    Default,

    /// <summary>GENERATED ALWAYS AS (..)</summary>
    Generated,

    /// <summary>GENERATED .. AS IDENTITY</summary>
    Identity,

    /// <summary>CHECK</summary>
    Check,

    /// <summary>UNIQUE</summary>
    Unique,

    /// <summary>PRIMARY KEY</summary>
    PrimaryKey,

    /// <summary>FOREIGN KEY, or REFERENCES behind a column.</summary>
    ForeignKey,

    /// <summary>EXCLUDE</summary>
    Exclude,
}

/// <summary>A constraint of a table, a column or a domain.</summary>
/// <param name="Span">The characters, with CONSTRAINT and the name.</param>
/// <param name="Kind">What it demands.</param>
/// <param name="Name">Its name, or null.</param>
public sealed record ConstraintDefinition(SqlSpan Span, ConstraintKind Kind, SqlName? Name) : SqlNode(Span)
{
    /// <summary>The columns of a table constraint; empty behind a column, which is meant then.</summary>
    public ImmutableArray<SqlName> Columns { get; init; } = ImmutableArray<SqlName>.Empty;

    /// <summary>The expression of CHECK, DEFAULT or GENERATED, or null.</summary>
    public SqlExpression? Expression { get; init; }

    /// <summary>INCLUDE</summary>
    public ImmutableArray<SqlName> Include { get; init; } = ImmutableArray<SqlName>.Empty;

    /// <summary>NULLS NOT DISTINCT</summary>
    public bool IsNullsNotDistinct { get; init; }

    /// <summary>The index of USING INDEX, or null.</summary>
    public SqlName? UsingIndex { get; init; }

    /// <summary>The table that a foreign key points to, or null.</summary>
    public QualifiedName? ReferencedTable { get; init; }

    /// <summary>The columns that a foreign key points to; empty where not written: the primary key.</summary>
    public ImmutableArray<SqlName> ReferencedColumns { get; init; } = ImmutableArray<SqlName>.Empty;

    /// <summary>ON DELETE in upper case (<c>CASCADE</c>, <c>SET NULL</c>), or null.</summary>
    public string? OnDelete { get; init; }

    /// <summary>ON UPDATE in upper case, or null.</summary>
    public string? OnUpdate { get; init; }

    /// <summary>The access method of EXCLUDE, or null.</summary>
    public SqlName? Method { get; init; }

    /// <summary>The elements of EXCLUDE.</summary>
    public ImmutableArray<IndexElement> Elements { get; init; } = ImmutableArray<IndexElement>.Empty;

    /// <summary>The operators of EXCLUDE, one for each element.</summary>
    public ImmutableArray<string> Operators { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The predicate of EXCLUDE, or null.</summary>
    public SqlExpression? Where { get; init; }

    /// <summary>NOT VALID</summary>
    public bool IsNotValid { get; init; }

    /// <summary>NO INHERIT</summary>
    public bool IsNoInherit { get; init; }

    /// <summary>DEFERRABLE, or INITIALLY DEFERRED, which says so too.</summary>
    public bool IsDeferrable { get; init; }

    /// <summary>GENERATED ALWAYS AS IDENTITY, else BY DEFAULT.</summary>
    public bool IsAlways { get; init; }
}

/// <summary>A column of CREATE TABLE or ADD COLUMN, an attribute of a composite type.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, or null where a hole or nothing stands there.</param>
/// <param name="IsNotNull">NOT NULL, PRIMARY KEY, identity or a serial type.</param>
public sealed record ColumnDefinition(SqlSpan Span, SqlName Name, TypeName? Type, bool IsNotNull) : SqlNode(Span)
{
    /// <summary>DEFAULT, GENERATED or a serial type.</summary>
    public bool HasDefault { get; init; }

    /// <summary>PRIMARY KEY</summary>
    public bool IsPrimaryKey { get; init; }

    /// <summary>COLLATE, or null.</summary>
    public QualifiedName? Collation { get; init; }

    /// <summary>What stands behind the type.</summary>
    public ImmutableArray<ConstraintDefinition> Constraints { get; init; } = ImmutableArray<ConstraintDefinition>.Empty;
}

/// <summary>LIKE in CREATE TABLE.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Table">The table whose columns are copied.</param>
/// <param name="Included">What else is copied, in upper case: <c>DEFAULTS</c>, <c>CONSTRAINTS</c>, <c>INDEXES</c>, <c>ALL</c>; EXCLUDING takes away.</param>
/// <param name="Position">Before which of the statement's own columns it stands.</param>
public sealed record TableLike(SqlSpan Span, QualifiedName Table, ImmutableArray<string> Included, int Position) : SqlNode(Span);

/// <summary>PARTITION BY</summary>
/// <param name="Span">The characters.</param>
/// <param name="Strategy"><c>RANGE</c>, <c>LIST</c>, <c>HASH</c></param>
/// <param name="Elements">The keys.</param>
public sealed record PartitionSpecification(SqlSpan Span, string Strategy, ImmutableArray<IndexElement> Elements) : SqlNode(Span);

/// <summary>CREATE [FOREIGN] TABLE</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The table.</param>
/// <param name="Columns">The columns that are written.</param>
/// <param name="IfNotExists">IF NOT EXISTS</param>
/// <param name="IsIncomplete">Whether a hole may hold columns or constraints.</param>
public sealed record CreateTableStatement(
    SqlSpan Span, QualifiedName Name, ImmutableArray<ColumnDefinition> Columns, bool IfNotExists, bool IsIncomplete) : SqlStatement(Span, "CREATE TABLE")
{
    /// <summary>The columns of a PRIMARY KEY table constraint.</summary>
    public ImmutableArray<SqlName> PrimaryKey { get; init; } = ImmutableArray<SqlName>.Empty;

    /// <summary>TEMPORARY</summary>
    public bool IsTemporary { get; init; }

    /// <summary>FOREIGN</summary>
    public bool IsForeign { get; init; }

    /// <summary>The constraints of the table, in order.</summary>
    public ImmutableArray<ConstraintDefinition> Constraints { get; init; } = ImmutableArray<ConstraintDefinition>.Empty;

    /// <summary>LIKE, in order.</summary>
    public ImmutableArray<TableLike> Likes { get; init; } = ImmutableArray<TableLike>.Empty;

    /// <summary>INHERITS</summary>
    public ImmutableArray<QualifiedName> Inherits { get; init; } = ImmutableArray<QualifiedName>.Empty;

    /// <summary>The parent of PARTITION OF, or null. Columns then only add to what the parent has.</summary>
    public QualifiedName? PartitionOf { get; init; }

    /// <summary>The type of OF, or null.</summary>
    public QualifiedName? OfType { get; init; }

    /// <summary>PARTITION BY, or null.</summary>
    public PartitionSpecification? PartitionBy { get; init; }
}

/// <summary>What one action of ALTER TABLE does.</summary>
public enum AlterTableActionKind
{
    /// <summary>An action that changes nothing that the catalog keeps: OWNER TO, SET STATISTICS, CLUSTER ON.</summary>
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

    /// <summary>ALTER COLUMN .. SET DEFAULT</summary>
    SetDefault,

    /// <summary>ALTER COLUMN .. DROP DEFAULT</summary>
    DropDefault,

    /// <summary>ALTER COLUMN .. ADD GENERATED, SET GENERATED</summary>
    SetIdentity,

    /// <summary>ALTER COLUMN .. DROP IDENTITY</summary>
    DropIdentity,

    /// <summary>ALTER COLUMN .. DROP EXPRESSION</summary>
    DropExpression,

    /// <summary>ADD a table constraint, also USING INDEX.</summary>
    AddConstraint,

    /// <summary>DROP CONSTRAINT</summary>
    DropConstraint,

    /// <summary>VALIDATE CONSTRAINT</summary>
    ValidateConstraint,

    /// <summary>RENAME CONSTRAINT</summary>
    RenameConstraint,

    /// <summary>INHERIT</summary>
    Inherit,

    /// <summary>NO INHERIT</summary>
    NoInherit,

    /// <summary>ATTACH PARTITION; of an index too.</summary>
    AttachPartition,

    /// <summary>DETACH PARTITION</summary>
    DetachPartition,

    /// <summary>ENABLE or DISABLE TRIGGER, of a name, ALL or USER.</summary>
    SetTriggerState,

    /// <summary>SET and RESET of storage parameters; ALTER COLUMN .. SET (..) is <see cref="Other"/>.</summary>
    SetOptions,

    /// <summary>An action after which columns or constraints are not known: OF, a hole.</summary>
    Unknown,
}

/// <summary>One action of ALTER TABLE, also of the other relations that it alters.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Column">The column or constraint, where it names one.</param>
/// <param name="Definition">The column of ADD COLUMN.</param>
/// <param name="Type">The type of ALTER COLUMN .. TYPE.</param>
/// <param name="NewName">The name of RENAME, the schema of SET SCHEMA.</param>
/// <param name="IsConditional">IF EXISTS or IF NOT EXISTS.</param>
public sealed record AlterTableAction(
    SqlSpan Span, AlterTableActionKind Kind, SqlName? Column, ColumnDefinition? Definition, TypeName? Type, SqlName? NewName, bool IsConditional) : SqlNode(Span)
{
    /// <summary>The constraint of ADD, or null.</summary>
    public ConstraintDefinition? Constraint { get; init; }

    /// <summary>The other table of INHERIT, ATTACH and DETACH, or null.</summary>
    public QualifiedName? Other { get; init; }

    /// <summary>The expression of SET DEFAULT, or of USING behind TYPE; or null.</summary>
    public SqlExpression? Expression { get; init; }

    /// <summary>COLLATE behind TYPE, or null.</summary>
    public QualifiedName? Collation { get; init; }

    /// <summary>CASCADE</summary>
    public bool IsCascade { get; init; }

    /// <summary>Whether triggers are enabled, for <see cref="AlterTableActionKind.SetTriggerState"/>.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>The names of the storage parameters, lower case, of <see cref="AlterTableActionKind.SetOptions"/>, with <c>=value</c> where one is set.</summary>
    public ImmutableArray<string> Options { get; init; } = ImmutableArray<string>.Empty;
}

/// <summary>ALTER TABLE, VIEW, MATERIALIZED VIEW, INDEX, SEQUENCE or FOREIGN TABLE; the verb tells which.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The relation.</param>
/// <param name="Actions">What it does.</param>
public sealed record AlterTableStatement(SqlSpan Span, QualifiedName Name, ImmutableArray<AlterTableAction> Actions) : SqlStatement(Span, "ALTER TABLE")
{
    /// <summary>ONLY</summary>
    public bool IsOnly { get; init; }

    /// <summary>IF EXISTS</summary>
    public bool IfExists { get; init; }
}

/// <summary>A key of an index, a partition or an exclusion constraint.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Expression">A <see cref="ColumnReference"/> of one name, or an expression without the parentheses around it.</param>
public sealed record IndexElement(SqlSpan Span, SqlExpression Expression) : SqlNode(Span)
{
    /// <summary>COLLATE, or null.</summary>
    public QualifiedName? Collation { get; init; }

    /// <summary>The operator class, or null.</summary>
    public QualifiedName? OperatorClass { get; init; }

    /// <summary>DESC</summary>
    public bool IsDescending { get; init; }

    /// <summary>NULLS FIRST (true) or NULLS LAST (false), or null where neither is written.</summary>
    public bool? IsNullsFirst { get; init; }
}

/// <summary>CREATE INDEX</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">Its name, or null: PostgreSQL makes one.</param>
/// <param name="Table">The table.</param>
/// <param name="Elements">The keys.</param>
public sealed record CreateIndexStatement(SqlSpan Span, SqlName? Name, QualifiedName Table, ImmutableArray<IndexElement> Elements) : SqlStatement(Span, "CREATE INDEX")
{
    /// <summary>UNIQUE</summary>
    public bool IsUnique { get; init; }

    /// <summary>CONCURRENTLY</summary>
    public bool IsConcurrently { get; init; }

    /// <summary>IF NOT EXISTS</summary>
    public bool IfNotExists { get; init; }

    /// <summary>ON ONLY: not valid until each partition's index is attached.</summary>
    public bool IsOnly { get; init; }

    /// <summary>The access method in lower case, or null: btree.</summary>
    public string? Method { get; init; }

    /// <summary>The columns of INCLUDE.</summary>
    public ImmutableArray<IndexElement> Include { get; init; } = ImmutableArray<IndexElement>.Empty;

    /// <summary>NULLS NOT DISTINCT</summary>
    public bool IsNullsNotDistinct { get; init; }

    /// <summary>The predicate; Unknown where a hole may hold one.</summary>
    public Part<ExpressionClause> Where { get; init; }

    /// <summary>Whether a hole hides a key, the table or a clause.</summary>
    public bool IsIncomplete { get; init; }
}

/// <summary>DROP of one kind of object, or TRUNCATE.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb">The keywords: <c>DROP TABLE</c>, <c>DROP MATERIALIZED VIEW</c>, <c>DROP TRIGGER</c>.</param>
/// <param name="Names">What is dropped.</param>
public sealed record DropStatement(SqlSpan Span, string Verb, ImmutableArray<QualifiedName> Names) : SqlStatement(Span, Verb)
{
    /// <summary>IF EXISTS</summary>
    public bool IfExists { get; init; }

    /// <summary>CASCADE</summary>
    public bool IsCascade { get; init; }

    /// <summary>The table behind ON (of a trigger, policy or rule), or null.</summary>
    public QualifiedName? Table { get; init; }

    /// <summary>CONCURRENTLY, of indexes.</summary>
    public bool IsConcurrently { get; init; }

    /// <summary>The types of the arguments, for each name of a function, procedure or routine; the default array where no list is written.</summary>
    public ImmutableArray<ImmutableArray<TypeName>> ArgumentTypes { get; init; } = ImmutableArray<ImmutableArray<TypeName>>.Empty;
}

/// <summary>CREATE TYPE: an enum, a composite, or another type.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The type.</param>
/// <param name="IsEnum">AS ENUM</param>
/// <param name="Labels">The labels of the enum.</param>
public sealed record CreateTypeStatement(SqlSpan Span, QualifiedName Name, bool IsEnum, ImmutableArray<string> Labels) : SqlStatement(Span, "CREATE TYPE")
{
    /// <summary>The attributes of a composite type (AS (..)); empty for the others.</summary>
    public ImmutableArray<ColumnDefinition> Attributes { get; init; } = ImmutableArray<ColumnDefinition>.Empty;

    /// <summary>AS (..)</summary>
    public bool IsComposite { get; init; }

    /// <summary>Whether a hole may hold further labels or attributes.</summary>
    public bool IsIncomplete { get; init; }
}

/// <summary>ALTER TYPE: ADD VALUE, RENAME VALUE, RENAME TO, SET SCHEMA; other forms are told by none of them.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The type.</param>
/// <param name="AddedLabel">ADD VALUE, or null.</param>
/// <param name="RenamedLabel">RENAME VALUE, or null.</param>
/// <param name="NewName">The new label, name or schema, or null.</param>
/// <param name="IsSetSchema">SET SCHEMA</param>
public sealed record AlterTypeStatement(
    SqlSpan Span, QualifiedName Name, string? AddedLabel, string? RenamedLabel, string? NewName, bool IsSetSchema) : SqlStatement(Span, "ALTER TYPE")
{
    /// <summary>The label of BEFORE or AFTER, or null.</summary>
    public string? Neighbour { get; init; }

    /// <summary>AFTER, else BEFORE.</summary>
    public bool IsAfter { get; init; }

    /// <summary>What is done to the attributes of a composite type, in the words of ALTER TABLE: add, drop, type, rename.</summary>
    public ImmutableArray<AlterTableAction> Attributes { get; init; } = ImmutableArray<AlterTableAction>.Empty;
}

/// <summary>CREATE DOMAIN</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The domain.</param>
/// <param name="Type">What it is made of.</param>
/// <param name="IsNotNull">NOT NULL</param>
public sealed record CreateDomainStatement(SqlSpan Span, QualifiedName Name, TypeName Type, bool IsNotNull) : SqlStatement(Span, "CREATE DOMAIN")
{
    /// <summary>DEFAULT, CHECK, NOT NULL and NULL, in order.</summary>
    public ImmutableArray<ConstraintDefinition> Constraints { get; init; } = ImmutableArray<ConstraintDefinition>.Empty;

    /// <summary>COLLATE, or null.</summary>
    public QualifiedName? Collation { get; init; }
}

/// <summary>What one ALTER DOMAIN does, in the words of <see cref="AlterTableAction"/>: constraints, default, NOT NULL, RENAME, SET SCHEMA.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The domain.</param>
/// <param name="Action">What it does.</param>
public sealed record AlterDomainStatement(SqlSpan Span, QualifiedName Name, AlterTableAction Action) : SqlStatement(Span, "ALTER DOMAIN");

/// <summary>CREATE TRIGGER</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">Its name.</param>
/// <param name="Table">The table.</param>
/// <param name="Timing"><c>BEFORE</c>, <c>AFTER</c>, <c>INSTEAD OF</c></param>
/// <param name="Events"><c>INSERT</c>, <c>UPDATE</c>, <c>DELETE</c>, <c>TRUNCATE</c>, in order.</param>
/// <param name="IsForEachRow">FOR EACH ROW</param>
/// <param name="Function">The function that it calls.</param>
public sealed record CreateTriggerStatement(
    SqlSpan Span, SqlName Name, QualifiedName Table, string Timing, ImmutableArray<string> Events, bool IsForEachRow, QualifiedName Function)
    : SqlStatement(Span, "CREATE TRIGGER")
{
    /// <summary>The columns of UPDATE OF.</summary>
    public ImmutableArray<SqlName> UpdateColumns { get; init; } = ImmutableArray<SqlName>.Empty;

    /// <summary>WHEN, or null.</summary>
    public SqlExpression? When { get; init; }

    /// <summary>CONSTRAINT</summary>
    public bool IsConstraint { get; init; }

    /// <summary>OR REPLACE</summary>
    public bool IsReplace { get; init; }
}

/// <summary>CREATE FUNCTION or PROCEDURE, or DO: a body in a language of its own.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb"><c>CREATE FUNCTION</c>, <c>CREATE PROCEDURE</c>, <c>DO</c></param>
/// <param name="Name">Its name; null for DO.</param>
/// <param name="Language">In lower case: <c>plpgsql</c>, which is the default of DO; null where not written or a hole.</param>
public sealed record RoutineStatement(SqlSpan Span, string Verb, QualifiedName? Name, string? Language) : SqlStatement(Span, Verb)
{
    /// <summary>The decoded text of the body, where it is a string constant without holes; else null.</summary>
    public string? Body { get; init; }

    /// <summary>The statements of a body that is parsed with the statement: RETURN .., BEGIN ATOMIC .. END.</summary>
    public ImmutableArray<SqlStatement> Statements { get; init; } = ImmutableArray<SqlStatement>.Empty;

    /// <summary>The return type, or null: none, TABLE, a hole.</summary>
    public TypeName? Returns { get; init; }

    /// <summary>The types of the arguments that tell overloads apart (IN, INOUT, VARIADIC).</summary>
    public ImmutableArray<TypeName> ArgumentTypes { get; init; } = ImmutableArray<TypeName>.Empty;

    /// <summary><c>IMMUTABLE</c>, <c>STABLE</c>, <c>VOLATILE</c>, or null where not written.</summary>
    public string? Volatility { get; init; }
}

/// <summary>CREATE SCHEMA</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">Its name; null for AUTHORIZATION alone.</param>
/// <param name="Elements">The statements inside, whose names stand in this schema.</param>
public sealed record CreateSchemaStatement(SqlSpan Span, SqlName? Name, ImmutableArray<SqlStatement> Elements) : SqlStatement(Span, "CREATE SCHEMA");

/// <summary>RENAME TO, SET SCHEMA or RENAME of a part, of an object that is no table and no type: schema, trigger, function, sequence, extension.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb">The keywords: <c>ALTER SCHEMA</c>, <c>ALTER TRIGGER</c>.</param>
/// <param name="Name">The object.</param>
/// <param name="NewName">The new name or schema.</param>
public sealed record RenameStatement(SqlSpan Span, string Verb, QualifiedName Name, SqlName NewName) : SqlStatement(Span, Verb)
{
    /// <summary>The table behind ON, or null.</summary>
    public QualifiedName? Table { get; init; }

    /// <summary>SET SCHEMA</summary>
    public bool IsSetSchema { get; init; }
}

/// <summary>COMMENT ON</summary>
/// <param name="Span">The characters.</param>
/// <param name="Kind">What is commented, in upper case: <c>TABLE</c>, <c>COLUMN</c>.</param>
/// <param name="Name">The object, or null where it is told otherwise (a function's arguments, an operator).</param>
/// <param name="Text">The comment; null for NULL or a hole.</param>
public sealed record CommentStatement(SqlSpan Span, string Kind, QualifiedName? Name, string? Text) : SqlStatement(Span, "COMMENT")
{
    /// <summary>The table behind ON (of a constraint, trigger, policy or rule), or null.</summary>
    public QualifiedName? Table { get; init; }
}
