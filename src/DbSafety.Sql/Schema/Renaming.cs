using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>Plays RENAME and SET SCHEMA: everything that names the object follows it.</summary>
internal sealed class Renaming(SchemaSession session)
{
    private CatalogState State => session.State;

    /// <summary>A table or a view, with its indexes, its sequences, and the foreign keys to it.</summary>
    public void Table(ObjectName from, ObjectName to)
    {
        if (State.Find(from) is not { } table)
        {
            return;
        }

        var others = State.Tables.Values.Where(other => other.FullName != from
            && (other.ForeignKeys.Any(key => key.ReferencedTable == from) || other.Parents.Contains(from) || other.Reads.Contains(from) || other.Indexes.Any(index => IsOf(index, table)))).ToList();
        State.Replace(from, Follow(table, from, to, table) with { Schema = to.Schema, Name = to.Name });
        foreach (var other in others)
        {
            State.Put(Follow(other, from, to, table));
        }

        var owned = State.Sequences.Where(pair => pair.Value is var (owner, _) && owner == from).ToList();
        foreach (var pair in owned)
        {
            State.Sequences = State.Sequences.Remove(pair.Key).SetItem(new ObjectName(to.Schema, pair.Key.Name), (to, pair.Value!.Value.Column));
        }
    }

    /// <summary>Whether an index is attached to one of the table.</summary>
    private static bool IsOf(TableIndex index, Table parent) =>
        index.Parent is { } name && name.Schema == parent.Schema && parent.Indexes.Any(other => other.Name == name.Name);

    private static Table Follow(Table table, ObjectName from, ObjectName to, Table moved) => table with
    {
        ForeignKeys = table.ForeignKeys.Any(key => key.ReferencedTable == from)
            ? table.ForeignKeys.Select(key => key.ReferencedTable == from ? key with { ReferencedTable = to } : key).ToImmutableArray()
            : table.ForeignKeys,
        Parents = table.Parents.Contains(from) ? table.Parents.Replace(from, to) : table.Parents,
        Indexes = from.Schema != to.Schema && table.Indexes.Any(index => IsOf(index, moved))
            ? table.Indexes.Select(index => IsOf(index, moved) ? index with { Parent = new ObjectName(to.Schema, index.Parent!.Value.Name) } : index).ToImmutableArray()
            : table.Indexes,
        Reads = table.Reads.Contains(from) ? table.Reads.Replace(from, to) : table.Reads,
        View = table.Reads.Contains(from) ? null : table.View,
    };

    /// <summary>A column, with everything of its table that names it, the foreign keys to it, and the same column of heirs.</summary>
    public void Column(ObjectName name, string from, string to)
    {
        if (State.Find(name) is not { } table || table.FindColumn(from) is not { } column)
        {
            return;
        }

        if (table.FindColumn(to) is not null)
        {
            State.Doubt(name);
            return;
        }

        string Name(string own) => own == from ? to : own;
        State.Put(table with
        {
            Columns = table.Columns.Select(other => other == column
                ? column with { Name = to }
                : other.Generated is null ? other : other with { Generated = other.Generated.Rename(from, to) }).ToImmutableArray(),
            Indexes = table.Indexes.Select(index => index with
            {
                Keys = index.Keys.Select(key => key with { Column = key.Column is null ? null : Name(key.Column), Expression = key.Expression?.Rename(from, to) }).ToImmutableArray(),
                Include = index.Include.Select(Name).ToImmutableArray(),
                Predicate = index.Predicate?.Rename(from, to),
            }).ToImmutableArray(),
            PartitionKey = table.PartitionKey?.Rename(from, to),
            Checks = table.Checks.Select(check => check with { Expression = check.Expression.Rename(from, to) }).ToImmutableArray(),
            ForeignKeys = table.ForeignKeys.Select(key => key with { Columns = key.Columns.Select(Name).ToImmutableArray() }).ToImmutableArray(),
            Triggers = table.Triggers.Select(trigger => trigger with { UpdateColumns = trigger.UpdateColumns.Select(Name).ToImmutableArray() }).ToImmutableArray(),
        });
        foreach (var other in State.Tables.Values.Where(other => other.Reads.Contains(name) || other.ForeignKeys.Any(key => key.ReferencedTable == name && key.ReferencedColumns.Contains(from))).ToList())
        {
            State.Put(other with
            {
                ForeignKeys = other.ForeignKeys.Select(key => key.ReferencedTable == name ? key with { ReferencedColumns = key.ReferencedColumns.Select(Name).ToImmutableArray() } : key).ToImmutableArray(),
                View = other.Reads.Contains(name) && other.ReadColumns?.Contains(from) != false ? null : other.View,
            });
        }

        foreach (var sequence in State.Sequences.Where(pair => pair.Value == (name, from)).ToList())
        {
            State.Sequences = State.Sequences.SetItem(sequence.Key, (name, to));
        }

        foreach (var child in State.Children(name))
        {
            Column(child, from, to);
        }
    }

    /// <summary>A constraint, with its index.</summary>
    public void Constraint(ObjectName name, string from, string to)
    {
        if (State.Find(name) is not { } table)
        {
            return;
        }

        if (table.Indexes.Any(index => index.Name == from && index.Constraint != IndexConstraint.None))
        {
            Index(new ObjectName(name.Schema, from), to);
            return;
        }

        var isCheck = table.Checks.Any(check => check.Name == from);
        State.Put(table with
        {
            Checks = isCheck ? table.Checks.Select(check => check.Name == from ? check with { Name = to } : check).ToImmutableArray() : table.Checks,
            ForeignKeys = isCheck ? table.ForeignKeys : table.ForeignKeys.Select(key => key.Name == from ? key with { Name = to } : key).ToImmutableArray(),
        });
        if (isCheck)
        {
            foreach (var child in State.Children(name))
            {
                Constraint(child, from, to);
            }
        }
    }

    /// <summary>An index; those that are attached to it know it by its new name.</summary>
    public void Index(ObjectName from, string to)
    {
        if (session.IndexOf(from) is not var (table, index))
        {
            return;
        }

        State.Put(table with { Indexes = table.Indexes.Replace(index, index with { Name = to }) });
        foreach (var child in State.Children(table.FullName))
        {
            if (State.Find(child) is { } partition && partition.Indexes.FirstOrDefault(other => other.Parent == from) is { } attached)
            {
                State.Put(partition with { Indexes = partition.Indexes.Replace(attached, attached with { Parent = new ObjectName(from.Schema, to) }) });
            }
        }
    }

    /// <summary>A trigger, with its copies in partitions.</summary>
    public void Trigger(ObjectName name, string from, string to)
    {
        if (State.Find(name) is not { } table || table.Triggers.FirstOrDefault(trigger => trigger.Name == from) is not { } renamed)
        {
            return;
        }

        State.Put(table with { Triggers = table.Triggers.Replace(renamed, renamed with { Name = to }) });
        if (table.Kind == TableKind.Partitioned && renamed.IsForEachRow)
        {
            foreach (var child in State.Children(name))
            {
                Trigger(child, from, to);
            }
        }
    }

    /// <summary>A type: the columns, attributes and domains that are made of it follow.</summary>
    public void Type(ObjectName from, ObjectName to)
    {
        if (!State.Types.TryGetValue(from, out var type))
        {
            return;
        }

        State.Types = State.Types.Remove(from).SetItem(to, type with { Schema = to.Schema, Name = to.Name });
        var (old, own) = (from.ToString(), to.ToString());
        string? Name(string? text) => text == old ? own : text == old + "[]" ? own + "[]" : text;
        foreach (var table in State.Tables.Values.Where(table => table.Columns.Any(column => Name(column.Type) != column.Type)).ToList())
        {
            State.Put(table with { Columns = table.Columns.Select(column => column with { Type = Name(column.Type) }).ToImmutableArray() });
        }

        foreach (var table in State.Tables.Values.Where(table => table.OfType == from).ToList())
        {
            State.Put(table with { OfType = to });
        }

        foreach (var other in State.Types.Values.ToList())
        {
            if (Name(other.BaseType) != other.BaseType || other.Attributes.Any(attribute => Name(attribute.Type) != attribute.Type))
            {
                State.Types = State.Types.SetItem(other.FullName, other with
                {
                    BaseType = Name(other.BaseType),
                    Attributes = other.Attributes.Select(attribute => attribute with { Type = Name(attribute.Type) }).ToImmutableArray(),
                });
            }
        }
    }

    /// <summary>A label of an enum: defaults that are this label follow; where else an expression names it, the table is incomplete.</summary>
    public void Label(ObjectName type, string from, string to)
    {
        var text = type.ToString();
        foreach (var table in State.Tables.Values.Where(table => table.Columns.Any(column => column.Type == text)).ToList())
        {
            State.Put(table with
            {
                Columns = table.Columns.Select(column => column.Type == text && column.Default is { } value && Relabel(value.Node, from, to) is { } node
                    ? column with { Default = value with { Node = node } }
                    : column).ToImmutableArray(),
                IsIncomplete = table.IsIncomplete
                    || table.Indexes.Any(index => Names(index.Predicate, from) || index.Keys.Any(key => Names(key.Expression, from)))
                    || table.Checks.Any(check => Names(check.Expression, from)),
            });
        }
    }

    private static SqlExpression? Relabel(SqlExpression expression, string from, string to) => expression switch
    {
        ParenthesizedExpression parenthesized => Relabel(parenthesized.Operand, from, to),
        CastExpression cast => Relabel(cast.Operand, from, to) is { } operand ? cast with { Operand = operand } : null,
        LiteralExpression { Kind: LiteralKind.String, Text: { } text } literal when text == from => literal with { Parts = ImmutableArray.Create(literal.Parts[0] with { Text = to }) },
        _ => null,
    };

    private static bool Names(SchemaExpression? expression, string label) => expression is not null && Names(expression.Node, label);

    private static bool Names(SqlExpression expression, string label) =>
        expression is LiteralExpression { Kind: LiteralKind.String } literal && literal.Text == label || expression.Operands.Any(operand => Names(operand, label));

    /// <summary>A function: triggers call it by its new name.</summary>
    public void Routine(ObjectName from, ObjectName to)
    {
        if (!State.Routines.TryGetValue(from, out var routine))
        {
            return;
        }

        State.Routines = State.Routines.Remove(from).SetItem(to, routine);
        foreach (var table in State.Tables.Values.Where(table => table.Triggers.Any(trigger => trigger.Function == from)).ToList())
        {
            State.Put(table with { Triggers = table.Triggers.Select(trigger => trigger.Function == from ? trigger with { Function = to } : trigger).ToImmutableArray() });
        }
    }

    /// <summary>A schema, with all that stands in it.</summary>
    public void Schema(string from, string to)
    {
        foreach (var name in State.Types.Keys.Where(name => name.Schema == from).ToList())
        {
            Type(name, new ObjectName(to, name.Name));
        }

        foreach (var name in State.Tables.Keys.Where(name => name.Schema == from).ToList())
        {
            Table(name, new ObjectName(to, name.Name));
        }

        foreach (var name in State.Routines.Keys.Where(name => name.Schema == from).ToList())
        {
            Routine(name, new ObjectName(to, name.Name));
        }

        foreach (var pair in State.Sequences.Where(pair => pair.Key.Schema == from).ToList())
        {
            State.Sequences = State.Sequences.Remove(pair.Key).SetItem(new ObjectName(to, pair.Key.Name), pair.Value);
        }

        foreach (var name in State.UnknownRelations.Where(name => name.Schema == from).ToList())
        {
            State.UnknownRelations = State.UnknownRelations.Remove(name).Add(new ObjectName(to, name.Name));
        }

        State.Schemas = State.Schemas.Remove(from).Add(to);
    }
}
