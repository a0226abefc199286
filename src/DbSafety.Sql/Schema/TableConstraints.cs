using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>Adds checks, keys, indexes and triggers to a table, and to its partitions and heirs, under the names that PostgreSQL gives them.</summary>
internal sealed class TableConstraints(SchemaSession session)
{
    private CatalogState State => session.State;

    /// <summary>Adds a CHECK that is written.</summary>
    /// <param name="name">The table.</param>
    /// <param name="definition">The constraint.</param>
    /// <param name="others">The names of checks that the same statement gives.</param>
    /// <param name="isNew">Whether the table is new: then NOT VALID has no meaning.</param>
    public void AddCheck(ObjectName name, ConstraintDefinition definition, ICollection<string> others, bool isNew = false)
    {
        if (State.Find(name) is not { } table || definition.Expression is not { } node)
        {
            return;
        }

        if (definition.Name is { HasHole: true })
        {
            State.Doubt(name);
            return;
        }

        var expression = new SchemaExpression(node);
        var columns = expression.Columns();
        var own = definition.Name is { } written
            ? SchemaNames.Truncate(written.Text)
            : session.ChooseConstraintName(name.Schema, name.Name, columns is { Length: 1 } one ? one[0] : null, "check", others);
        others.Add(own);
        AddCheck(table, new CheckConstraint(own, expression)
        {
            IsValid = isNew || !definition.IsNotValid,
            IsNoInherit = definition.IsNoInherit,
            Origin = session.Origin(definition.Span),
        });
    }

    /// <summary>Adds a CHECK to a table and to those that inherit from it.</summary>
    public void AddCheck(Table table, CheckConstraint check)
    {
        var same = table.Checks.FirstOrDefault(other => other.Name == check.Name);
        var merged = same is null ? check : same with { IsLocal = same.IsLocal || check.IsLocal, ParentCount = same.ParentCount + check.ParentCount };
        State.Put(table with { Checks = same is null ? table.Checks.Add(check) : table.Checks.Replace(same, merged) });
        if (check.IsNoInherit)
        {
            return;
        }

        foreach (var child in State.Children(table.FullName))
        {
            if (State.Find(child) is { } heir)
            {
                AddCheck(heir, check with { IsLocal = false, ParentCount = 1 });
            }
        }
    }

    /// <summary>Adds a foreign key that is written.</summary>
    /// <param name="name">The table.</param>
    /// <param name="definition">The constraint.</param>
    /// <param name="column">The column that it stands behind, or null.</param>
    /// <param name="isNew">Whether the table is new: then NOT VALID has no meaning.</param>
    public void AddForeignKey(ObjectName name, ConstraintDefinition definition, string? column, bool isNew = false)
    {
        if (State.Find(name) is not { } table || definition.ReferencedTable is not { } reference)
        {
            return;
        }

        if (reference.HasHole || definition.Name is { HasHole: true } || definition.Columns.Any(part => part.HasHole) || definition.ReferencedColumns.Any(part => part.HasHole))
        {
            State.Doubt(name);
            return;
        }

        var columns = column is null ? definition.Columns.Select(SchemaSession.Text).ToImmutableArray() : ImmutableArray.Create(column);
        var target = session.FindTable(reference);
        var referenced = definition.ReferencedColumns.IsEmpty
            ? target?.PrimaryKey?.Keys.Where(key => key.Column is not null).Select(key => key.Column!).ToImmutableArray() ?? ImmutableArray<string>.Empty
            : definition.ReferencedColumns.Select(SchemaSession.Text).ToImmutableArray();
        var own = definition.Name is { } written
            ? SchemaSession.Text(written)
            : session.ChooseConstraintName(name.Schema, name.Name, SchemaNames.Addition(columns), "fkey", Array.Empty<string>());
        AddForeignKey(table, new ForeignKey(own, columns, target?.FullName ?? session.Home(reference), referenced)
        {
            OnDelete = definition.OnDelete is "NO ACTION" ? null : definition.OnDelete,
            OnUpdate = definition.OnUpdate is "NO ACTION" ? null : definition.OnUpdate,
            IsValid = isNew || !definition.IsNotValid,
            Origin = session.Origin(definition.Span),
        });
    }

    /// <summary>Adds a foreign key to a table and its partitions.</summary>
    public void AddForeignKey(Table table, ForeignKey key)
    {
        if (key.IsInherited)
        {
            var same = table.ForeignKeys.FirstOrDefault(other => !other.IsInherited && other.Columns.SequenceEqual(key.Columns) && other.ReferencedTable == key.ReferencedTable
                && other.ReferencedColumns.SequenceEqual(key.ReferencedColumns) && other.OnDelete == key.OnDelete && other.OnUpdate == key.OnUpdate);
            if (same is not null)
            {
                State.Put(table with { ForeignKeys = table.ForeignKeys.Replace(same, same with { IsInherited = true }) });
                return;
            }

            if (IsConstraint(table, key.Name))
            {
                key = key with { Name = session.ChooseConstraintName(table.Schema, table.Name, SchemaNames.Addition(key.Columns), "fkey", Array.Empty<string>()) };
            }
        }

        State.Put(table with { ForeignKeys = table.ForeignKeys.Add(key) });
        if (table.Kind == TableKind.Partitioned)
        {
            foreach (var child in State.Children(table.FullName))
            {
                if (State.Find(child) is { } partition)
                {
                    AddForeignKey(partition, key with { IsInherited = true });
                }
            }
        }
    }

    public static bool IsConstraint(Table table, string name) =>
        table.Checks.Any(check => check.Name == name) || table.ForeignKeys.Any(key => key.Name == name)
        || table.Indexes.Any(index => index.Constraint != IndexConstraint.None && index.Name == name);

    /// <summary>The index of a PRIMARY KEY, UNIQUE or EXCLUDE that is written; null where it is made from an index that is there, or a hole hides it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="definition">The constraint.</param>
    /// <param name="column">The column that it stands behind, or null.</param>
    public TableIndex? IndexOf(Table table, ConstraintDefinition definition, string? column)
    {
        if (definition.Name is { HasHole: true } || definition.Columns.Any(name => name.HasHole))
        {
            State.Doubt(table.FullName);
            return null;
        }

        var isExclude = definition.Kind == ConstraintKind.Exclude;
        var keys = isExclude
            ? definition.Elements.Select(element => Key(table, element)).ToImmutableArray()
            : (column is null ? definition.Columns.Select(SchemaSession.Text) : new[] { column }).Select(name => new IndexKey(name, null)).ToImmutableArray();
        return new TableIndex(definition.Name is { } name ? SchemaSession.Text(name) : "", keys, !isExclude)
        {
            Method = isExclude && definition.Method is { HasHole: false } method ? method.Text : "btree",
            Include = definition.Include.Select(SchemaSession.Text).ToImmutableArray(),
            Predicate = definition.Where is { } where ? new SchemaExpression(where) : null,
            Constraint = isExclude ? IndexConstraint.Exclude : definition.Kind == ConstraintKind.PrimaryKey ? IndexConstraint.PrimaryKey : IndexConstraint.Unique,
            IsDeferrable = definition.IsDeferrable,
            IsNullsNotDistinct = definition.IsNullsNotDistinct,
            Operators = definition.Operators,
            IsIncomplete = keys.Any(IsHidden) || definition.Include.Any(part => part.HasHole),
            Origin = session.Origin(definition.Span),
        };
    }

    /// <summary>CREATE INDEX</summary>
    public void AddIndex(CreateIndexStatement create)
    {
        if (session.IsTemporary(create.Table))
        {
            return;
        }

        if (session.FindTable(create.Table) is not { } table)
        {
            State.MayChangeAny |= create.Table.HasHole;
            return;
        }

        var own = create.Name is null or { HasHole: true } ? "" : SchemaSession.Text(create.Name);
        var isTaken = own.Length > 0 && State.HasRelation(new ObjectName(table.Schema, own));
        if (isTaken && (create.IfNotExists || session.SkipsExisting))
        {
            return;
        }

        if (create.Name is { HasHole: true })
        {
            State.Doubt(table.FullName);
        }

        var keys = create.Elements.Select(element => Key(table, element)).ToImmutableArray();
        var include = create.Include.Select(element => Key(table, element)).ToImmutableArray();
        var index = new TableIndex(own, keys, create.IsUnique)
        {
            Method = create.Method ?? "btree",
            Include = include.Where(key => key.Column is not null).Select(key => key.Column!).ToImmutableArray(),
            Predicate = create.Where.Value is { } where ? new SchemaExpression(where.Expression) : null,
            IsNullsNotDistinct = create.IsNullsNotDistinct,
            IsIncomplete = create.IsIncomplete || create.Where.IsUnknown || keys.Any(IsHidden) || include.Any(IsHidden),
            Origin = session.Origin(create.Span),
        };
        if (!isTaken)
        {
            AddIndex(table.FullName, index, create.IsOnly);
        }
        else if (table.Indexes.FirstOrDefault(other => other.Name == own) is not { } same || !AreSame(same, index, table))
        {
            // The name is taken, and not by the same index in another script.
            State.Doubt(table.FullName);
        }
    }

    private static bool IsHidden(IndexKey key) => key.Column is null && key.Expression!.Columns() is null;

    private static IndexKey Key(Table table, IndexElement element)
    {
        var isColumn = element.Expression is ColumnReference { Parts.Length: 1, IsStar: false, HasHole: false };
        var column = isColumn ? SchemaNames.Truncate(((ColumnReference)element.Expression).Column) : null;
        var operatorClass = element.OperatorClass is { HasHole: false } name ? name.Name : null;
        var collation = SchemaSession.Collation(element.Collation);
        return new IndexKey(column, isColumn ? null : new SchemaExpression(element.Expression))
        {
            OperatorClass = operatorClass is not null && IsDefaultClass(operatorClass, column is null ? "text" : table.FindColumn(column)?.Type) ? null : operatorClass,
            Collation = column is not null && collation == table.FindColumn(column)?.Collation ? null : collation,
            IsDescending = element.IsDescending,
            IsNullsFirst = element.IsNullsFirst ?? element.IsDescending,
        };
    }

    /// <summary>Whether an operator class is the one that the type has anyway.</summary>
    private static bool IsDefaultClass(string operatorClass, string? type) => type switch
    {
        null => false,
        "text" or "character varying" => operatorClass == "text_ops",
        _ when type.EndsWith("[]", StringComparison.Ordinal) => operatorClass == "array_ops",
        "inet" => false,
        _ => operatorClass == Parsing.TypeNames.Internal(type) + "_ops",
    };

    /// <summary>Adds an index to a table and its partitions.</summary>
    /// <param name="name">The table.</param>
    /// <param name="draft">The index; its name is empty where none is written.</param>
    /// <param name="isOnly">ON ONLY</param>
    public void AddIndex(ObjectName name, TableIndex draft, bool isOnly)
    {
        if (State.Find(name) is not { } table)
        {
            return;
        }

        var children = table.Kind == TableKind.Partitioned ? State.Children(name) : ImmutableArray<ObjectName>.Empty;
        var index = draft with
        {
            Name = draft.Name.Length > 0 ? draft.Name : NameOf(table, draft),
            IsValid = !(isOnly && children.Length > 0),
        };
        State.Put((index.Constraint == IndexConstraint.PrimaryKey ? WithNotNull(table, index) : table) with { Indexes = table.Indexes.Add(index) });
        if (!isOnly)
        {
            foreach (var child in children)
            {
                AttachOrAdd(child, name, index, isNew: true);
            }

            Invalidate(new ObjectName(name.Schema, index.Name));
        }
    }

    /// <summary>An index whose copy in a partition is not valid is not valid either.</summary>
    private void Invalidate(ObjectName parentIndex)
    {
        if (session.IndexOf(parentIndex) is var (table, index) && index.IsValid
            && State.Children(table.FullName).Any(child => State.Find(child) is { } partition && partition.Indexes.Any(other => other.Parent == parentIndex && !other.IsValid)))
        {
            State.Put(table with { Indexes = table.Indexes.Replace(index, index with { IsValid = false }) });
        }
    }

    /// <summary>The columns of a primary key are NOT NULL.</summary>
    public static Table WithNotNull(Table table, TableIndex key) => table with
    {
        Columns = table.Columns.Select(column => key.Keys.Any(part => part.Column == column.Name) ? column with { IsNotNull = true } : column).ToImmutableArray(),
    };

    /// <summary>An index of a partitioned table in a partition: one that is there already, else a new one.</summary>
    /// <param name="child">The partition.</param>
    /// <param name="parent">The partitioned table.</param>
    /// <param name="index">Its index.</param>
    /// <param name="isNew">Whether the index is new, and not the partition; then one that is not valid will do.</param>
    public void AttachOrAdd(ObjectName child, ObjectName parent, TableIndex index, bool isNew)
    {
        if (State.Find(child) is not { } partition)
        {
            return;
        }

        var parentIndex = new ObjectName(parent.Schema, index.Name);
        var same = partition.Indexes.FirstOrDefault(other => other.Parent is null && (isNew || other.IsValid) && AreSame(other, index, partition));
        if (same is null)
        {
            AddIndex(child, index with { Name = "", Parent = parentIndex, IsValid = true }, isOnly: false);
        }
        else
        {
            State.Put(partition with { Indexes = partition.Indexes.Replace(same, same with { Parent = parentIndex }) });
        }
    }

    private static bool AreSame(TableIndex one, TableIndex other, Table table) =>
        one.IsUnique == other.IsUnique && one.Method == other.Method && one.IsNullsNotDistinct == other.IsNullsNotDistinct && !one.IsIncomplete && !other.IsIncomplete
        && one.Operators.IsEmpty && other.Operators.IsEmpty
        && (other.Constraint == IndexConstraint.None || one.Constraint == other.Constraint)
        && one.Include.SequenceEqual(other.Include) && one.Keys.Length == other.Keys.Length
        && one.Keys.Zip(other.Keys, (a, b) => a.Column == b.Column && a.OperatorClass == b.OperatorClass && a.Collation == b.Collation && TextOf(a.Expression, table) == TextOf(b.Expression, table)).All(isSame => isSame)
        && TextOf(one.Predicate, table) == TextOf(other.Predicate, table);

    private static string? TextOf(SchemaExpression? expression, Table table) => expression is null ? null : expression.TextIn(table) ?? "?";

    private string NameOf(Table table, TableIndex index)
    {
        if (index.Constraint == IndexConstraint.PrimaryKey)
        {
            return session.ChooseRelationName(table.Schema, table.Name, null, "pkey", isConstraint: true);
        }

        var columns = SchemaNames.Distinct(index.Keys.Select(key => key.Column ?? SchemaNames.Figure(key.Expression!.Node)).Concat(index.Include));
        var label = index.Constraint switch { IndexConstraint.Unique => "key", IndexConstraint.Exclude => "excl", _ => "idx" };
        return session.ChooseRelationName(table.Schema, table.Name, SchemaNames.Addition(columns), label, index.Constraint != IndexConstraint.None);
    }

    /// <summary>Whether the indexes of all partitions are attached to that of the parent.</summary>
    public void Validate(ObjectName parentIndex)
    {
        if (session.IndexOf(parentIndex) is not var (table, index) || index.IsValid)
        {
            return;
        }

        var isComplete = State.Children(table.FullName).All(child => State.Find(child) is { } partition && partition.Indexes.Any(other => other.Parent == parentIndex && other.IsValid));
        if (isComplete)
        {
            State.Put(table with { Indexes = table.Indexes.Replace(index, index with { IsValid = true }) });
            if (index.Parent is { } above)
            {
                Validate(above);
            }
        }
    }

    /// <summary>CREATE TRIGGER</summary>
    public void AddTrigger(CreateTriggerStatement create)
    {
        if (session.IsTemporary(create.Table) || session.FindTable(create.Table) is not { } table)
        {
            State.MayHoldMore |= create.Table.HasHole;
            return;
        }

        if (create.Name.HasHole || create.Function.HasHole)
        {
            State.Doubt(table.FullName);
            return;
        }

        var name = SchemaSession.Text(create.Name);
        if (table.Triggers.Any(other => other.Name == name) && !create.IsReplace)
        {
            if (!session.SkipsExisting)
            {
                State.Doubt(table.FullName);
            }

            return;
        }

        var function = session.Find(create.Function, State.Routines.ContainsKey) ?? session.Home(create.Function);
        AddTrigger(table, new Trigger(name, create.Timing, create.Events, create.IsForEachRow, function)
        {
            UpdateColumns = create.UpdateColumns.Select(SchemaSession.Text).ToImmutableArray(),
            HasCondition = create.When is not null,
            IsConstraint = create.IsConstraint,
            Origin = session.Origin(create.Span),
        });
    }

    /// <summary>Adds a trigger to a table, and one FOR EACH ROW to its partitions.</summary>
    public void AddTrigger(Table table, Trigger trigger)
    {
        var same = table.Triggers.FirstOrDefault(other => other.Name == trigger.Name);
        State.Put(table with { Triggers = same is null ? table.Triggers.Add(trigger) : table.Triggers.Replace(same, trigger) });
        if (table.Kind == TableKind.Partitioned && trigger.IsForEachRow)
        {
            foreach (var child in State.Children(table.FullName))
            {
                if (State.Find(child) is { } partition)
                {
                    AddTrigger(partition, trigger with { IsInherited = true });
                }
            }
        }
    }
}
