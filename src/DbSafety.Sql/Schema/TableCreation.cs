using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>Plays CREATE TABLE: columns, those of parents and of LIKE, then checks, indexes and foreign keys in PostgreSQL's order, on which the names depend.</summary>
internal sealed class TableCreation(SchemaSession session, TableConstraints constraints, PartitionTree partitions)
{
    private CatalogState State => session.State;

    public void Create(CreateTableStatement create)
    {
        if (create.IsTemporary || create.Name.Schema == "pg_temp")
        {
            session.HideBehindTemporary(create.Name);
            return;
        }

        if (create.Name.HasHole)
        {
            State.MayHoldMore = true;
            return;
        }

        var name = session.Home(create.Name);
        var exists = State.HasRelation(name);
        if (exists && (create.IfNotExists || session.SkipsExisting))
        {
            // Whatever it is, an unknown one stays unknown.
            return;
        }

        if (State.IndexTables.ContainsKey(name) || State.Sequences.ContainsKey(name))
        {
            State.MayHoldMore = true;
            return;
        }

        if (State.Find(name) is { Kind: TableKind.Table or TableKind.Partitioned } there && SaysTheSame(create, there))
        {
            return;
        }

        // A second definition: which of the two the database has is not known.
        var parents = (create.PartitionOf is { } partitioned ? ImmutableArray.Create(partitioned) : create.Inherits).Select(parent => session.FindTable(parent)).ToList();
        var isIncomplete = create.IsIncomplete || State.Tables.ContainsKey(name) || parents.Any(parent => parent is null or { IsIncomplete: true });
        var columns = new List<Column>();
        var checks = new List<CheckConstraint>();
        foreach (var parent in parents.OfType<Table>())
        {
            PartitionTree.Inherit(columns, checks, parent, create.PartitionOf is not null);
        }

        if (create.OfType is { } type)
        {
            var composite = session.FindType(type);
            isIncomplete |= composite is not { Kind: UserTypeKind.Composite, IsIncomplete: false };
            columns.AddRange(composite?.Attributes ?? ImmutableArray<Column>.Empty);
        }

        var likes = create.Likes.Select(like => (Like: like, Table: session.FindTable(like.Table))).ToList();
        isIncomplete |= likes.Any(like => like.Table is null or { IsIncomplete: true });
        for (var i = 0; i <= create.Columns.Length; i++)
        {
            foreach (var (like, source) in likes.Where(like => like.Like.Position == i && like.Table is not null))
            {
                columns.AddRange(source!.Columns.Select(column => Copy(column, like, name)));
            }

            if (i < create.Columns.Length)
            {
                isIncomplete |= !AddColumn(columns, create.Columns[i], name);
            }
        }

        foreach (var notNull in create.Constraints.Where(constraint => constraint.Kind == ConstraintKind.NotNull).SelectMany(constraint => constraint.Columns))
        {
            Replace(columns, notNull.Text, column => column with { IsNotNull = true });
        }

        var table = new Table(name.Schema, name.Name, columns.ToImmutableArray(), isIncomplete)
        {
            PartitionKey = create.PartitionBy is { Elements: { IsEmpty: false } parts } && parts[0].Expression is ColumnReference part ? new SchemaExpression(part) : null,
            Kind = create.IsForeign ? TableKind.Foreign : create.PartitionBy is null ? TableKind.Table : TableKind.Partitioned,
            Parents = parents.OfType<Table>().Select(parent => parent.FullName).ToImmutableArray(),
            IsPartition = create.PartitionOf is not null,
            OfType = create.OfType is null ? null : session.FindType(create.OfType)?.FullName,
            Checks = checks.ToImmutableArray(),
            Origin = session.Origin(create.Span),
        };
        State.Put(table);
        foreach (var column in columns.Where(column => column.IsLocal && (column.IsSerial || column.IsIdentity)))
        {
            OwnSequence(name, column.Name);
        }

        var definitions = create.Columns.SelectMany(column => column.Constraints.Select(constraint => (Constraint: constraint, Column: (string?)SchemaNames.Truncate(column.Name.Text))))
            .Concat(create.Constraints.Select(constraint => (Constraint: constraint, Column: (string?)null)))
            .OrderBy(pair => pair.Constraint.Span.Start).ToList();
        var others = new HashSet<string>(create.Constraints.Where(constraint => constraint is { Kind: ConstraintKind.Check, Name: not null }).Select(constraint => constraint.Name!.Text), StringComparer.Ordinal);
        foreach (var (constraint, _) in definitions.Where(pair => pair.Constraint.Kind == ConstraintKind.Check))
        {
            constraints.AddCheck(name, constraint, others, isNew: true);
        }

        if (table.IsPartition && parents[0] is { } owner)
        {
            partitions.CloneParts(owner, name);
        }

        foreach (var (like, source) in likes.Where(like => like.Table is not null))
        {
            CopyParts(name, like, source!);
        }

        AddIndexes(name, definitions);
        foreach (var (constraint, column) in definitions.Where(pair => pair.Constraint.Kind == ConstraintKind.ForeignKey))
        {
            constraints.AddForeignKey(name, constraint, column, isNew: true);
        }
    }

    /// <summary>Whether a second definition has the columns of the first: a dump beside the migrations. Its constraints and indexes are compared one by one.</summary>
    private bool SaysTheSame(CreateTableStatement create, Table table) =>
        !create.IsIncomplete && create.Likes.IsEmpty && create.Inherits.IsEmpty && create.PartitionOf is null && create.OfType is null
        && (create.PartitionBy is not null) == (table.Kind == TableKind.Partitioned)
        && create.Columns.Length == table.Columns.Length
        && create.Columns.All(definition => !definition.Name.HasHole && table.FindColumn(SchemaSession.Text(definition.Name)) is { } column
            && column.Type is not null && column.Type == session.TypeText(definition.Type) && column.Modifiers.SequenceEqual(SchemaSession.Modifiers(definition.Type))
            && column.IsNotNull == (definition.IsNotNull || create.PrimaryKey.Any(key => SchemaSession.Text(key) == column.Name)));

    /// <summary>The indexes of keys and exclusions: the primary key first, and of two alike one.</summary>
    private void AddIndexes(ObjectName name, List<(ConstraintDefinition Constraint, string? Column)> definitions)
    {
        var drafts = new List<TableIndex>();
        foreach (var (constraint, column) in definitions
            .Where(pair => pair.Constraint.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique or ConstraintKind.Exclude)
            .OrderBy(pair => pair.Constraint.Kind != ConstraintKind.PrimaryKey))
        {
            if (State.Find(name) is not { } table || constraints.IndexOf(table, constraint, column) is not { } draft)
            {
                continue;
            }

            var same = drafts.FindIndex(other => draft.Constraint != IndexConstraint.Exclude && other.Constraint != IndexConstraint.Exclude
                && other.Keys.Select(key => key.Column).SequenceEqual(draft.Keys.Select(key => key.Column)) && other.Include.SequenceEqual(draft.Include)
                && other.IsNullsNotDistinct == draft.IsNullsNotDistinct && other.IsDeferrable == draft.IsDeferrable);
            if (same < 0)
            {
                drafts.Add(draft);
            }
            else if (drafts[same].Name.Length == 0)
            {
                drafts[same] = drafts[same] with { Name = draft.Name };
            }
        }

        foreach (var draft in drafts)
        {
            constraints.AddIndex(name, draft, isOnly: false);
        }
    }

    /// <summary>Adds a column that is written; false where it is not known.</summary>
    private bool AddColumn(List<Column> columns, ColumnDefinition definition, ObjectName table)
    {
        if (definition.Name.HasHole)
        {
            return false;
        }

        var column = ToColumn(session, definition);
        var index = columns.FindIndex(other => other.Name == column.Name);
        if (index < 0)
        {
            columns.Add(column);
            return definition.Type is not null;
        }

        // It adds to what is inherited.
        var inherited = columns[index];
        columns[index] = inherited with
        {
            IsLocal = true,
            IsNotNull = inherited.IsNotNull || column.IsNotNull,
            Default = column.HasDefault ? column.Default : inherited.Default,
            HasDefault = inherited.HasDefault || column.HasDefault,
            Generated = column.Generated ?? inherited.Generated,
            IsIdentity = inherited.IsIdentity || column.IsIdentity,
            IsSerial = column.HasDefault ? column.IsSerial : inherited.IsSerial,
            Collation = column.Collation ?? inherited.Collation,
        };
        return true;
    }

    /// <summary>The column that a definition makes.</summary>
    public static Column ToColumn(SchemaSession session, ColumnDefinition definition)
    {
        var written = definition.Constraints.LastOrDefault(constraint => constraint.Kind == ConstraintKind.Default);
        var generated = definition.Constraints.FirstOrDefault(constraint => constraint.Kind == ConstraintKind.Generated);
        var isIdentity = definition.Constraints.Any(constraint => constraint.Kind == ConstraintKind.Identity);
        var isNull = written?.Expression is { } expression && CanonicalText.Strip(expression) is LiteralExpression { Kind: LiteralKind.Null };
        return new Column(
            SchemaNames.Truncate(definition.Name.Text), session.TypeText(definition.Type), definition.IsNotNull, isNull ? generated is not null : definition.HasDefault)
        {
            Modifiers = SchemaSession.Modifiers(definition.Type),
            Default = isNull || written?.Expression is not { } value ? null : new SchemaExpression(value),
            Generated = generated?.Expression is { } formula ? new SchemaExpression(formula) : null,
            IsIdentity = isIdentity,
            IsSerial = definition.HasDefault && written is null && generated is null && !isIdentity,
            Collation = SchemaSession.Collation(definition.Collation),
            Origin = session.Origin(definition.Span),
        };
    }

    /// <summary>The sequence of a serial or identity column, which has a name among the relations.</summary>
    public void OwnSequence(ObjectName table, string column) => State.Sequences = State.Sequences.SetItem(
        new ObjectName(table.Schema, session.ChooseRelationName(table.Schema, table.Name, column, "seq", isConstraint: false)), (table, column));

    private static void Replace(List<Column> columns, string name, Func<Column, Column> change)
    {
        var index = columns.FindIndex(column => column.Name == name);
        if (index >= 0)
        {
            columns[index] = change(columns[index]);
        }
    }

    private static bool Includes(TableLike like, string part) => like.Included.Contains("ALL") || like.Included.Contains(part);

    private static Column Copy(Column column, TableLike like, ObjectName table)
    {
        var hasIdentity = column.IsIdentity && Includes(like, "IDENTITY");
        var hasGenerated = column.Generated is not null && Includes(like, "GENERATED");
        var hasDefault = column.HasDefault && !column.IsIdentity && column.Generated is null && Includes(like, "DEFAULTS");
        return column with
        {
            Default = hasDefault ? column.Default : null,
            IsSerial = hasDefault && column.IsSerial,
            Generated = hasGenerated ? column.Generated : null,
            IsIdentity = hasIdentity,
            HasDefault = hasDefault || hasGenerated || hasIdentity,
            IsLocal = true,
            ParentCount = 0,
        };
    }

    /// <summary>The checks and indexes that LIKE copies.</summary>
    private void CopyParts(ObjectName name, TableLike like, Table source)
    {
        if (Includes(like, "CONSTRAINTS"))
        {
            foreach (var check in source.Checks)
            {
                constraints.AddCheck(State.Find(name)!, check with { IsLocal = true, ParentCount = 0 });
            }
        }

        if (Includes(like, "INDEXES"))
        {
            foreach (var index in source.Indexes)
            {
                constraints.AddIndex(name, index with { Name = "", Parent = null }, isOnly: false);
            }
        }
    }
}
