using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>Plays ALTER of a table or another relation, with what follows for heirs and partitions.</summary>
internal sealed class TableAlteration(
    SchemaSession session, TableConstraints constraints, TableCreation creation, PartitionTree partitions, Removal removal, Renaming renaming)
{
    private CatalogState State => session.State;

    public void Alter(AlterTableStatement alter)
    {
        if (alter.Name.HasHole)
        {
            State.MayChangeAny = true;
            return;
        }

        if (session.IsTemporary(alter.Name))
        {
            return;
        }

        if (session.Find(alter.Name, State.HasRelation) is not { } name)
        {
            return;
        }

        if (State.Find(name) is null)
        {
            AlterOther(name, alter);
            return;
        }

        foreach (var action in alter.Actions.OrderBy(Pass))
        {
            if (State.Find(name) is not { } table)
            {
                return;
            }

            if (action.Column is { HasHole: true } || action.NewName is { HasHole: true } || action.Other is { HasHole: true })
            {
                State.Doubt(name);
                continue;
            }

            name = Apply(table, action, alter.IsOnly);
        }
    }

    /// <summary>In which order the actions of one statement run.</summary>
    private static int Pass(AlterTableAction action) => action.Kind switch
    {
        AlterTableActionKind.DropColumn or AlterTableActionKind.DropConstraint => 0,
        AlterTableActionKind.AlterType => 1,
        AlterTableActionKind.AddColumn => 2,
        AlterTableActionKind.AddConstraint => action.Constraint?.Kind switch { ConstraintKind.ForeignKey => 6, ConstraintKind.Check => 3, _ => 5 },
        _ => 4,
    };

    /// <summary>An index or a sequence.</summary>
    private void AlterOther(ObjectName name, AlterTableStatement alter)
    {
        foreach (var action in alter.Actions)
        {
            switch (action.Kind)
            {
                case AlterTableActionKind.RenameTable when action.NewName is { HasHole: false } to:
                    var renamed = new ObjectName(name.Schema, SchemaSession.Text(to));
                    if (State.IndexTables.ContainsKey(name))
                    {
                        renaming.Index(name, renamed.Name);
                    }
                    else if (State.Sequences.TryGetValue(name, out var owner))
                    {
                        State.Sequences = State.Sequences.Remove(name).SetItem(renamed, owner);
                    }
                    else if (State.UnknownRelations.Contains(name))
                    {
                        State.UnknownRelations = State.UnknownRelations.Remove(name).Add(renamed);
                    }

                    break;
                case AlterTableActionKind.SetSchema when action.NewName is { HasHole: false } schema && State.Sequences.TryGetValue(name, out var sequenceOwner):
                    State.Sequences = State.Sequences.Remove(name).SetItem(new ObjectName(SchemaSession.Text(schema), name.Name), sequenceOwner);
                    break;
                case AlterTableActionKind.AttachPartition when action.Other is { } other && session.FindIndex(other) is var (table, index):
                    State.Put(table with { Indexes = table.Indexes.Replace(index, index with { Parent = name }) });
                    constraints.Validate(name);
                    break;
                case AlterTableActionKind.Unknown when State.IndexTables.TryGetValue(name, out var owning):
                    State.Doubt(owning);
                    break;
            }
        }
    }

    /// <summary>Plays an action; the name of the table behind it.</summary>
    private ObjectName Apply(Table table, AlterTableAction action, bool isOnly)
    {
        var name = table.FullName;
        var column = action.Column is null ? "" : SchemaSession.Text(action.Column);
        switch (action.Kind)
        {
            case AlterTableActionKind.AddColumn:
                AddColumn(table, action);
                break;
            case AlterTableActionKind.DropColumn:
                removal.DropColumn(name, column, isOnly, action.IsCascade);
                break;
            case AlterTableActionKind.AlterType:
                var (type, modifiers) = (session.TypeText(action.Type), SchemaSession.Modifiers(action.Type));
                Change(name, column, false, old => old with { Type = type, Modifiers = modifiers, Collation = SchemaSession.Collation(action.Collation) });
                break;
            case AlterTableActionKind.SetNotNull:
                Change(name, column, isOnly, old => old with { IsNotNull = true });
                break;
            case AlterTableActionKind.DropNotNull:
                Change(name, column, isOnly, old => old with { IsNotNull = false });
                break;
            case AlterTableActionKind.SetDefault:
                var isNull = action.Expression is { } value && CanonicalText.Strip(value) is LiteralExpression { Kind: LiteralKind.Null };
                Change(name, column, isOnly, old => old with
                {
                    HasDefault = !isNull,
                    Default = isNull || action.Expression is null ? null : new SchemaExpression(action.Expression),
                    IsSerial = false,
                });
                break;
            case AlterTableActionKind.DropDefault:
                Change(name, column, isOnly, old => old with { HasDefault = old.IsIdentity || old.Generated is not null, Default = null, IsSerial = false });
                break;
            case AlterTableActionKind.SetIdentity:
                Change(name, column, true, old => old with { HasDefault = true, IsIdentity = true });
                if (action.Constraint is not null)
                {
                    creation.OwnSequence(name, column);
                }

                break;
            case AlterTableActionKind.DropIdentity:
                Change(name, column, true, old => old.IsIdentity ? old with { HasDefault = false, IsIdentity = false } : old);
                removal.DropSequencesOf(name, column);
                break;
            case AlterTableActionKind.DropExpression:
                Change(name, column, isOnly, old => old.Generated is null ? old : old with { HasDefault = false, Generated = null });
                break;
            case AlterTableActionKind.AddConstraint when action.Constraint is not null:
                AddConstraint(table, action.Constraint, isOnly);
                break;
            case AlterTableActionKind.DropConstraint:
                removal.DropConstraint(name, column, isOnly);
                break;
            case AlterTableActionKind.ValidateConstraint:
                Validate(name, column);
                break;
            case AlterTableActionKind.RenameColumn when action.NewName is not null:
                renaming.Column(name, column, SchemaSession.Text(action.NewName));
                break;
            case AlterTableActionKind.RenameConstraint when action.NewName is not null:
                renaming.Constraint(name, column, SchemaSession.Text(action.NewName));
                break;
            case AlterTableActionKind.RenameTable when action.NewName is not null:
                var renamed = new ObjectName(name.Schema, SchemaSession.Text(action.NewName));
                if (State.HasRelation(renamed))
                {
                    State.Doubt(name);
                    break;
                }

                renaming.Table(name, renamed);
                return renamed;
            case AlterTableActionKind.SetSchema when action.NewName is not null:
                var moved = new ObjectName(SchemaSession.Text(action.NewName), name.Name);
                if (moved != name)
                {
                    renaming.Table(name, moved);
                }

                return moved;
            case AlterTableActionKind.Inherit or AlterTableActionKind.AttachPartition when action.Other is not null:
                Attach(table, action);
                break;
            case AlterTableActionKind.NoInherit when action.Other is not null && session.FindTable(action.Other) is { } parent:
                partitions.Detach(parent, table);
                break;
            case AlterTableActionKind.DetachPartition when action.Other is not null && session.FindTable(action.Other) is { } partition:
                partitions.Detach(table, partition);
                break;
            case AlterTableActionKind.SetTriggerState:
                SetTriggers(table, action.Column is null ? null : column, action.IsEnabled, isOnly);
                break;
            case AlterTableActionKind.Unknown:
                State.Doubt(name);
                break;
        }

        return name;
    }

    private void Attach(Table table, AlterTableAction action)
    {
        var other = session.FindTable(action.Other!);
        var isPartition = action.Kind == AlterTableActionKind.AttachPartition;
        var (parent, child) = isPartition ? (table, other) : (other, table);
        if (child is null)
        {
            return;
        }

        if (parent is null)
        {
            State.Doubt(child.FullName);
        }
        else
        {
            partitions.Attach(parent, child, isPartition);
        }
    }

    private void AddColumn(Table table, AlterTableAction action)
    {
        var definition = action.Definition!;
        var name = table.FullName;
        if (definition.Name.HasHole)
        {
            State.Doubt(name);
            return;
        }

        var column = TableCreation.ToColumn(session, definition);
        if (table.FindColumn(column.Name) is not null)
        {
            if (!action.IsConditional && !session.SkipsExisting)
            {
                // A second definition: which of the two the database has is not known.
                State.Doubt(name);
            }

            return;
        }

        AddColumn(table, column);
        if (column.IsSerial || column.IsIdentity)
        {
            creation.OwnSequence(name, column.Name);
        }

        var others = new HashSet<string>(StringComparer.Ordinal);
        foreach (var constraint in definition.Constraints.OrderBy(constraint => constraint.Kind == ConstraintKind.ForeignKey))
        {
            switch (constraint.Kind)
            {
                case ConstraintKind.Check:
                    constraints.AddCheck(name, constraint, others);
                    break;
                case ConstraintKind.PrimaryKey or ConstraintKind.Unique when constraints.IndexOf(State.Find(name)!, constraint, column.Name) is { } draft:
                    constraints.AddIndex(name, draft, isOnly: false);
                    break;
                case ConstraintKind.ForeignKey:
                    constraints.AddForeignKey(name, constraint, column.Name);
                    break;
            }
        }
    }

    private void AddColumn(Table table, Column column)
    {
        var same = table.FindColumn(column.Name);
        State.Put(table with
        {
            Columns = same is null ? table.Columns.Add(column) : table.Columns.Replace(same, same with { ParentCount = same.ParentCount + 1 }),
        });
        foreach (var child in State.Children(table.FullName))
        {
            if (State.Find(child) is { } heir)
            {
                AddColumn(heir, column with { IsLocal = false, ParentCount = 1, IsIdentity = false, HasDefault = column.HasDefault && !column.IsIdentity });
            }
        }
    }

    /// <summary>Changes a column of a table and of those that inherit it.</summary>
    private void Change(ObjectName name, string column, bool isOnly, Func<Column, Column> change)
    {
        if (State.Find(name) is not { } table || table.FindColumn(column) is not { } old)
        {
            return;
        }

        State.Put(table with { Columns = table.Columns.Replace(old, change(old)) });
        if (!isOnly)
        {
            foreach (var child in State.Children(name))
            {
                Change(child, column, false, change);
            }
        }
    }

    private void AddConstraint(Table table, ConstraintDefinition definition, bool isOnly)
    {
        var name = table.FullName;
        if (definition.Name is { HasHole: false } written && TableConstraints.IsConstraint(table, SchemaSession.Text(written)))
        {
            if (!session.SkipsExisting && !IsKindOf(table, SchemaSession.Text(written), definition.Kind))
            {
                State.Doubt(name);
            }

            return;
        }

        switch (definition.Kind)
        {
            case ConstraintKind.Check:
                constraints.AddCheck(name, definition, new HashSet<string>(StringComparer.Ordinal));
                break;
            case ConstraintKind.ForeignKey:
                constraints.AddForeignKey(name, definition, null);
                break;
            case ConstraintKind.NotNull:
                foreach (var column in definition.Columns)
                {
                    Change(name, SchemaSession.Text(column), isOnly, old => old with { IsNotNull = true });
                }

                break;
            case ConstraintKind.PrimaryKey or ConstraintKind.Unique when definition.UsingIndex is { } index:
                UseIndex(table, definition, index);
                break;
            case ConstraintKind.PrimaryKey or ConstraintKind.Unique or ConstraintKind.Exclude:
                if (definition.Kind == ConstraintKind.PrimaryKey && table.PrimaryKey is not null)
                {
                    if (!session.SkipsExisting)
                    {
                        State.Doubt(name);
                    }
                }
                else if (constraints.IndexOf(table, definition, null) is { } draft)
                {
                    constraints.AddIndex(name, draft, isOnly);
                }

                break;
        }
    }

    /// <summary>Whether a constraint that is there already is what another script adds again.</summary>
    private static bool IsKindOf(Table table, string constraint, ConstraintKind kind) => kind switch
    {
        ConstraintKind.Check => table.Checks.Any(check => check.Name == constraint),
        ConstraintKind.ForeignKey => table.ForeignKeys.Any(key => key.Name == constraint),
        ConstraintKind.PrimaryKey => table.Indexes.Any(index => index.Name == constraint && index.Constraint == IndexConstraint.PrimaryKey),
        ConstraintKind.Unique => table.Indexes.Any(index => index.Name == constraint && index.Constraint == IndexConstraint.Unique),
        ConstraintKind.Exclude => table.Indexes.Any(index => index.Name == constraint && index.Constraint == IndexConstraint.Exclude),
        _ => false,
    };

    /// <summary>USING INDEX: the index takes the name of the constraint.</summary>
    private void UseIndex(Table table, ConstraintDefinition definition, SqlName name)
    {
        var index = table.Indexes.FirstOrDefault(other => other.Name == SchemaSession.Text(name));
        if (name.HasHole || definition.Name is { HasHole: true } || index is null)
        {
            State.Doubt(table.FullName);
            return;
        }

        var used = index with
        {
            Name = definition.Name is null ? index.Name : SchemaSession.Text(definition.Name),
            Constraint = definition.Kind == ConstraintKind.PrimaryKey ? IndexConstraint.PrimaryKey : IndexConstraint.Unique,
            IsDeferrable = definition.IsDeferrable,
        };
        State.Put((used.Constraint == IndexConstraint.PrimaryKey ? TableConstraints.WithNotNull(table, used) : table) with { Indexes = table.Indexes.Replace(index, used) });
    }

    private void Validate(ObjectName name, string constraint)
    {
        if (State.Find(name) is not { } table)
        {
            return;
        }

        State.Put(table with
        {
            Checks = table.Checks.Any(check => check.Name == constraint && !check.IsValid)
                ? table.Checks.Select(check => check.Name == constraint ? check with { IsValid = true } : check).ToImmutableArray()
                : table.Checks,
            ForeignKeys = table.ForeignKeys.Any(key => key.Name == constraint && !key.IsValid)
                ? table.ForeignKeys.Select(key => key.Name == constraint ? key with { IsValid = true } : key).ToImmutableArray()
                : table.ForeignKeys,
        });
        if (table.Checks.Any(check => check.Name == constraint))
        {
            foreach (var child in State.Children(name))
            {
                Validate(child, constraint);
            }
        }
    }

    private void SetTriggers(Table table, string? trigger, bool isEnabled, bool isOnly)
    {
        State.Put(table with
        {
            Triggers = table.Triggers.Select(other => trigger is null || other.Name == trigger ? other with { IsEnabled = isEnabled } : other).ToImmutableArray(),
        });
        if (isOnly || table.Kind != TableKind.Partitioned)
        {
            return;
        }

        foreach (var child in State.Children(table.FullName))
        {
            if (State.Find(child) is { } partition)
            {
                SetTriggers(partition, trigger, isEnabled, false);
            }
        }
    }
}
