using System.Collections.Immutable;

namespace DbSafety.Sql.Schema;

/// <summary>What tables have from their parents: partitions from the partitioned table, and heirs from those that they inherit from.</summary>
internal sealed class PartitionTree(SchemaSession session, TableConstraints constraints)
{
    private CatalogState State => session.State;

    /// <summary>Adds the columns and checks of a parent to those of a new table.</summary>
    public static void Inherit(List<Column> columns, List<CheckConstraint> checks, Table parent, bool isPartition)
    {
        foreach (var column in parent.Columns)
        {
            var index = columns.FindIndex(other => other.Name == column.Name);
            if (index < 0)
            {
                // Identity is the parent's own.
                columns.Add(column with
                {
                    IsLocal = false,
                    ParentCount = 1,
                    IsIdentity = false,
                    HasDefault = column.HasDefault && !column.IsIdentity,
                });
            }
            else
            {
                var same = columns[index];
                columns[index] = same with
                {
                    ParentCount = same.ParentCount + 1,
                    IsNotNull = same.IsNotNull || column.IsNotNull,
                    HasDefault = same.HasDefault || (column.HasDefault && !column.IsIdentity),
                    Default = same.Default ?? column.Default,
                };
            }
        }

        foreach (var check in parent.Checks.Where(check => !check.IsNoInherit))
        {
            var index = checks.FindIndex(other => other.Name == check.Name);
            if (index < 0)
            {
                checks.Add(check with { IsLocal = false, ParentCount = 1 });
            }
            else
            {
                checks[index] = checks[index] with { ParentCount = checks[index].ParentCount + 1 };
            }
        }
    }

    /// <summary>Gives a partition the indexes, triggers and foreign keys of its parent.</summary>
    public void CloneParts(Table parent, ObjectName partition)
    {
        foreach (var index in parent.Indexes)
        {
            constraints.AttachOrAdd(partition, parent.FullName, index, isNew: false);
        }

        foreach (var trigger in parent.Triggers.Where(trigger => trigger.IsForEachRow))
        {
            if (State.Find(partition) is { } table)
            {
                constraints.AddTrigger(table, trigger with { IsInherited = true });
            }
        }

        foreach (var key in parent.ForeignKeys)
        {
            if (State.Find(partition) is { } table)
            {
                constraints.AddForeignKey(table, key with { IsInherited = true });
            }
        }
    }

    /// <summary>ATTACH PARTITION and INHERIT</summary>
    public void Attach(Table parent, Table child, bool isPartition)
    {
        State.Put(child with
        {
            IsIncomplete = child.IsIncomplete || parent.IsIncomplete,
            IsPartition = isPartition,
            Parents = child.Parents.Add(parent.FullName),
            Columns = child.Columns.Select(column => parent.FindColumn(column.Name) is null
                ? column
                : column with { ParentCount = column.ParentCount + 1, IsLocal = column.IsLocal && !isPartition }).ToImmutableArray(),
            Checks = child.Checks.Select(check => parent.Checks.Any(other => other.Name == check.Name && !other.IsNoInherit)
                ? check with { ParentCount = check.ParentCount + 1, IsLocal = check.IsLocal && !isPartition }
                : check).ToImmutableArray(),
        });
        if (isPartition)
        {
            CloneParts(parent, child.FullName);
        }
    }

    /// <summary>DETACH PARTITION and NO INHERIT</summary>
    public void Detach(Table parent, Table child)
    {
        State.Put(child with
        {
            IsPartition = false,
            Parents = child.Parents.Remove(parent.FullName),
            Columns = child.Columns.Select(column => parent.FindColumn(column.Name) is null || column.ParentCount == 0
                ? column
                : column with { ParentCount = column.ParentCount - 1, IsLocal = column.IsLocal || column.ParentCount == 1 }).ToImmutableArray(),
            Checks = child.Checks.Select(check => check.ParentCount == 0 || parent.Checks.All(other => other.Name != check.Name)
                ? check
                : check with { ParentCount = check.ParentCount - 1, IsLocal = check.IsLocal || check.ParentCount == 1 }).ToImmutableArray(),
            Indexes = child.Indexes.Any(index => index.Parent is not null)
                ? child.Indexes.Select(index => index.Parent is null ? index : index with { Parent = null }).ToImmutableArray()
                : child.Indexes,
            ForeignKeys = child.ForeignKeys.Any(key => key.IsInherited)
                ? child.ForeignKeys.Select(key => key with { IsInherited = false }).ToImmutableArray()
                : child.ForeignKeys,
            Triggers = child.IsPartition ? child.Triggers.RemoveAll(trigger => trigger.IsInherited) : child.Triggers,
        });
    }
}
