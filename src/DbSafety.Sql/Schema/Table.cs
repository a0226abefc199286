using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Schema;

/// <summary>Where in the scripts something of the catalog was declared.</summary>
/// <param name="Script">The number of the script, in the order in which they were read.</param>
/// <param name="Span">The characters of the statement, or of the constraint or column inside.</param>
public readonly record struct SchemaOrigin(int Script, SqlSpan Span);

/// <summary>The name of an object of a schema.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name, folded as SQL would fold it.</param>
public readonly record struct ObjectName(string Schema, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Schema == "public" ? Name : Schema + "." + Name;
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as PostgreSQL prints it, without length; with the schema before it where that is not on the search path; null where not known.</param>
/// <param name="IsNotNull">NOT NULL, or part of the primary key.</param>
/// <param name="HasDefault">DEFAULT, GENERATED or serial.</param>
public sealed record Column(string Name, string? Type, bool IsNotNull, bool HasDefault)
{
    /// <summary>The modifiers of the type, in order: length; precision and scale.</summary>
    public ImmutableArray<string> Modifiers { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The default, or null: none, or serial or identity, which have none that is written.</summary>
    public SchemaExpression? Default { get; init; }

    /// <summary>The expression of GENERATED ALWAYS AS (..), or null.</summary>
    public SchemaExpression? Generated { get; init; }

    /// <summary>GENERATED .. AS IDENTITY</summary>
    public bool IsIdentity { get; init; }

    /// <summary>A serial type: the default is the next value of a sequence of its own.</summary>
    public bool IsSerial { get; init; }

    /// <summary>COLLATE, or null: the default one.</summary>
    public string? Collation { get; init; }

    /// <summary>Where it was declared.</summary>
    public SchemaOrigin Origin { get; init; }

    /// <summary>Whether the table itself declares it, and not only a parent.</summary>
    internal bool IsLocal { get; init; } = true;

    /// <summary>From how many parents it is inherited.</summary>
    internal int ParentCount { get; init; }
}

/// <summary>A key of an index: a column or an expression.</summary>
/// <param name="Column">The column, or null for an expression.</param>
/// <param name="Expression">The expression, or null for a column.</param>
public sealed record IndexKey(string? Column, SchemaExpression? Expression)
{
    /// <summary>The operator class without its schema, or null: the default one of the type.</summary>
    public string? OperatorClass { get; init; }

    /// <summary>COLLATE without its schema, or null: that of the column.</summary>
    public string? Collation { get; init; }

    /// <summary>DESC</summary>
    public bool IsDescending { get; init; }

    /// <summary>Whether nulls come first: written so, or DESC without a word about nulls.</summary>
    public bool IsNullsFirst { get; init; }
}

/// <summary>The constraint that an index serves.</summary>
public enum IndexConstraint
{
    /// <summary>None: it was created by CREATE INDEX.</summary>
    None,

    /// <summary>PRIMARY KEY</summary>
    PrimaryKey,

    /// <summary>UNIQUE</summary>
    Unique,

    /// <summary>EXCLUDE</summary>
    Exclude,
}

/// <summary>An index, also that of a primary key, a UNIQUE or an EXCLUDE constraint.</summary>
/// <param name="Name">Its name, as PostgreSQL makes it where none is written; it stands in the schema of its table.</param>
/// <param name="Keys">Its keys, in order; without INCLUDE.</param>
/// <param name="IsUnique">UNIQUE or PRIMARY KEY</param>
public sealed record TableIndex(string Name, ImmutableArray<IndexKey> Keys, bool IsUnique)
{
    /// <summary>The access method: <c>btree</c>, <c>hash</c>, <c>gin</c>, <c>gist</c>, <c>spgist</c>, <c>brin</c>, or that of an extension.</summary>
    public string Method { get; init; } = "btree";

    /// <summary>The columns of INCLUDE.</summary>
    public ImmutableArray<string> Include { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The predicate, or null.</summary>
    public SchemaExpression? Predicate { get; init; }

    /// <summary>Which constraint it serves.</summary>
    public IndexConstraint Constraint { get; init; }

    /// <summary>The constraint is DEFERRABLE.</summary>
    public bool IsDeferrable { get; init; }

    /// <summary>NULLS NOT DISTINCT</summary>
    public bool IsNullsNotDistinct { get; init; }

    /// <summary>False for an index ON ONLY of a partitioned table to which not all partitions are attached.</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>Whether a hole hides a key or the predicate: then it may serve anything.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>The operators of EXCLUDE, one for each key.</summary>
    public ImmutableArray<string> Operators { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The index of the partitioned parent that it is attached to, or null.</summary>
    public ObjectName? Parent { get; init; }

    /// <summary>Where it was declared.</summary>
    public SchemaOrigin Origin { get; init; }
}

/// <summary>A foreign key.</summary>
/// <param name="Name">Its name, as PostgreSQL makes it where none is written.</param>
/// <param name="Columns">The referencing columns, in order.</param>
/// <param name="ReferencedTable">The table that it points to.</param>
/// <param name="ReferencedColumns">The columns that it points to; empty where that table's primary key is meant and not known.</param>
public sealed record ForeignKey(string Name, ImmutableArray<string> Columns, ObjectName ReferencedTable, ImmutableArray<string> ReferencedColumns)
{
    /// <summary>ON DELETE in upper case, or null: NO ACTION.</summary>
    public string? OnDelete { get; init; }

    /// <summary>ON UPDATE in upper case, or null: NO ACTION.</summary>
    public string? OnUpdate { get; init; }

    /// <summary>Whether it is validated (not NOT VALID).</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>Whether it belongs to a foreign key of the partitioned parent.</summary>
    public bool IsInherited { get; init; }

    /// <summary>Where it was declared.</summary>
    public SchemaOrigin Origin { get; init; }
}

/// <summary>A CHECK constraint.</summary>
/// <param name="Name">Its name, as PostgreSQL makes it where none is written.</param>
/// <param name="Expression">What must not be false.</param>
public sealed record CheckConstraint(string Name, SchemaExpression Expression)
{
    /// <summary>Whether it is validated (not NOT VALID).</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>NO INHERIT</summary>
    public bool IsNoInherit { get; init; }

    /// <summary>Where it was declared.</summary>
    public SchemaOrigin Origin { get; init; }

    /// <summary>Whether the table itself declares it, and not only a parent.</summary>
    internal bool IsLocal { get; init; } = true;

    /// <summary>From how many parents it is inherited.</summary>
    internal int ParentCount { get; init; }
}

/// <summary>A trigger.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Timing"><c>BEFORE</c>, <c>AFTER</c>, <c>INSTEAD OF</c></param>
/// <param name="Events"><c>INSERT</c>, <c>UPDATE</c>, <c>DELETE</c>, <c>TRUNCATE</c></param>
/// <param name="IsForEachRow">FOR EACH ROW</param>
/// <param name="Function">The function that it calls.</param>
public sealed record Trigger(string Name, string Timing, ImmutableArray<string> Events, bool IsForEachRow, ObjectName Function)
{
    /// <summary>The columns of UPDATE OF.</summary>
    public ImmutableArray<string> UpdateColumns { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Whether it has a WHEN.</summary>
    public bool HasCondition { get; init; }

    /// <summary>CREATE CONSTRAINT TRIGGER</summary>
    public bool IsConstraint { get; init; }

    /// <summary>Whether it is enabled.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Whether it belongs to a trigger of the partitioned parent.</summary>
    public bool IsInherited { get; init; }

    /// <summary>Where it was declared.</summary>
    public SchemaOrigin Origin { get; init; }
}

/// <summary>What a relation is.</summary>
public enum TableKind
{
    /// <summary>A table.</summary>
    Table,

    /// <summary>A partitioned table: rows stand in its partitions.</summary>
    Partitioned,

    /// <summary>A view.</summary>
    View,

    /// <summary>A materialized view.</summary>
    MaterializedView,

    /// <summary>A foreign table.</summary>
    Foreign,
}

/// <summary>A table or a view.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in order; those inherited and those of LIKE too.</param>
/// <param name="IsIncomplete">Whether it may have further columns, constraints or indexes, or other ones, than these: absence then tells nothing.</param>
public sealed record Table(string Schema, string Name, ImmutableArray<Column> Columns, bool IsIncomplete)
{
    /// <summary>What it is.</summary>
    public TableKind Kind { get; init; }

    /// <summary>Its indexes, those of constraints too, in order of their making.</summary>
    public ImmutableArray<TableIndex> Indexes { get; init; } = ImmutableArray<TableIndex>.Empty;

    /// <summary>Its foreign keys.</summary>
    public ImmutableArray<ForeignKey> ForeignKeys { get; init; } = ImmutableArray<ForeignKey>.Empty;

    /// <summary>Its CHECK constraints.</summary>
    public ImmutableArray<CheckConstraint> Checks { get; init; } = ImmutableArray<CheckConstraint>.Empty;

    /// <summary>Its triggers.</summary>
    public ImmutableArray<Trigger> Triggers { get; init; } = ImmutableArray<Trigger>.Empty;

    /// <summary>The tables that it inherits from, or the one that it is a partition of.</summary>
    public ImmutableArray<ObjectName> Parents { get; init; } = ImmutableArray<ObjectName>.Empty;

    /// <summary>Whether it is a partition of its one parent.</summary>
    public bool IsPartition { get; init; }

    /// <summary>The first key of PARTITION BY; null for an expression, and for a table that is not partitioned.</summary>
    public SchemaExpression? PartitionKey { get; init; }

    /// <summary>
    /// The query of a view, with the search path that its names are looked up in; null for a table, and for a view where a table or column that the query names
    /// has another name now.
    /// </summary>
    public ViewDefinition? View { get; init; }

    /// <summary>The tables and views that the query of a view reads, as they are called now.</summary>
    public ImmutableArray<ObjectName> Reads { get; init; } = ImmutableArray<ObjectName>.Empty;

    /// <summary>The composite type of CREATE TABLE .. OF, or null.</summary>
    internal ObjectName? OfType { get; init; }

    /// <summary>The column references in the query of a view, by their last names; null where it may name any.</summary>
    internal ImmutableHashSet<string>? ReadColumns { get; init; }

    /// <summary>
    /// How many rows the scripts insert, where that is certain and small (INSERT .. VALUES, COPY data in the script): a table that is filled by scripts
    /// only is a lookup table. 0 where they insert none; null where nobody knows (INSERT .. SELECT).
    /// </summary>
    public int? SeededRows { get; init; } = 0;

    /// <summary>Where it was declared.</summary>
    public SchemaOrigin Origin { get; init; }

    /// <summary>The name with its schema.</summary>
    public ObjectName FullName => new(Schema, Name);

    /// <summary>The index of the primary key, or null.</summary>
    public TableIndex? PrimaryKey => Indexes.FirstOrDefault(index => index.Constraint == IndexConstraint.PrimaryKey);

    /// <summary>Finds a column by its exact (folded) name.</summary>
    public Column? FindColumn(string name) => Columns.FirstOrDefault(column => column.Name == name);

    // A record with many arrays: two are the same only if they are one.
    /// <inheritdoc/>
    public bool Equals(Table? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => FullName.GetHashCode();
}
