using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>Plays DROP, with everything that goes along. That CASCADE is missing where it is needed would be an error, so nothing asks for it but views.</summary>
internal sealed class Removal(SchemaSession session)
{
    private CatalogState State => session.State;

    public void Drop(DropStatement drop)
    {
        foreach (var name in drop.Names)
        {
            if (name.HasHole)
            {
                State.MayChangeAny |= drop.Verb is not ("DROP FUNCTION" or "DROP PROCEDURE" or "DROP ROLE" or "DROP POLICY" or "DROP RULE" or "DROP DATABASE");
                continue;
            }

            switch (drop.Verb)
            {
                case "DROP TABLE" or "DROP VIEW" or "DROP MATERIALIZED VIEW" or "DROP FOREIGN TABLE":
                    if (session.IsTemporary(name, isDropped: true))
                    {
                        break;
                    }

                    if (session.Find(name, full => State.Tables.ContainsKey(full) || State.UnknownRelations.Contains(full)) is { } table)
                    {
                        DropTable(table);
                    }

                    break;
                case "DROP INDEX":
                    DropIndex(name);
                    break;
                case "DROP SEQUENCE" when session.Find(name, State.Sequences.ContainsKey) is { } sequence:
                    DropSequence(sequence, drop.IsCascade);
                    break;
                case "DROP TYPE" or "DROP DOMAIN" when session.Find(name, State.Types.ContainsKey) is { } type:
                    DropType(type);
                    break;
                case "DROP SCHEMA":
                    DropSchema(SchemaNames.Truncate(name.Name));
                    break;
                case "DROP TRIGGER" when drop.Table is { } owner && session.FindTable(owner) is { } owning:
                    DropTrigger(owning, SchemaNames.Truncate(name.Name));
                    break;
                case "DROP FUNCTION" or "DROP PROCEDURE" or "DROP ROUTINE" when session.Find(name, State.Routines.ContainsKey) is { } routine:
                    DropRoutine(routine, drop.IsCascade);
                    break;
                case "DROP EXTENSION" when drop.IsCascade && !State.Tables.IsEmpty:
                    // Columns of its types, indexes of its operator classes, defaults that call it.
                    State.MayChangeAny |= State.Tables.Values.Any(UsesMore);
                    break;
            }
        }
    }

    /// <summary>Whether a table has a column of a type, or an index with an operator class, that the scripts do not create.</summary>
    private bool UsesMore(Table table) =>
        table.Columns.Any(column => column.Type is null || !(Parsing.TypeNames.IsBuiltIn(ElementOf(column.Type)) || IsOwnType(ElementOf(column.Type))))
        || table.Indexes.Any(index => index.Method is not ("btree" or "hash" or "gin" or "gist" or "spgist" or "brin") || index.Keys.Any(key => key.OperatorClass is not null || key.Expression is not null))
        || table.Columns.Any(column => column.Default?.Node is FunctionCall);

    private bool IsOwnType(string name)
    {
        var dot = name.IndexOf('.');
        return State.Types.ContainsKey(dot < 0 ? new ObjectName("public", name) : new ObjectName(name.Substring(0, dot), name.Substring(dot + 1)));
    }

    private static string ElementOf(string type) => type.EndsWith("[]", StringComparison.Ordinal) ? type.Substring(0, type.Length - 2) : type;

    private void DropIndex(QualifiedName name)
    {
        if (session.Find(name, State.IndexTables.ContainsKey) is { } index)
        {
            DropIndex(index);
        }
    }

    /// <summary>An index, and those of partitions that are attached to it.</summary>
    private void DropIndex(ObjectName name)
    {
        if (session.IndexOf(name) is not var (table, index))
        {
            return;
        }

        State.Put(table with { Indexes = table.Indexes.Remove(index) });
        foreach (var child in State.Children(table.FullName))
        {
            if (State.Find(child)?.Indexes.FirstOrDefault(other => other.Parent == name) is { } attached)
            {
                DropIndex(new ObjectName(child.Schema, attached.Name));
            }
        }

        if (index.IsUnique)
        {
            DropKeysTo(table.FullName, index);
        }
    }

    /// <summary>The foreign keys that need a unique index which is gone.</summary>
    private void DropKeysTo(ObjectName target, TableIndex index)
    {
        if (State.Find(target) is { } left && left.Indexes.Any(other => other.IsUnique && other.Predicate is null && SameColumns(other, index)))
        {
            return;
        }

        var columns = new HashSet<string?>(index.Keys.Select(key => key.Column));
        RemoveKeys(key => key.ReferencedTable == target && (key.ReferencedColumns.IsEmpty ? index.Constraint == IndexConstraint.PrimaryKey : columns.SetEquals(key.ReferencedColumns)));
    }

    private static bool SameColumns(TableIndex one, TableIndex other) => new HashSet<string?>(one.Keys.Select(key => key.Column)).SetEquals(other.Keys.Select(key => key.Column));

    private void RemoveKeys(Func<ForeignKey, bool> isGone)
    {
        foreach (var table in State.Tables.Values.Where(table => table.ForeignKeys.Any(isGone)).ToList())
        {
            State.Put(table with { ForeignKeys = table.ForeignKeys.RemoveAll(key => isGone(key)) });
        }
    }

    public void DropTable(ObjectName name)
    {
        State.UnknownRelations = State.UnknownRelations.Remove(name);
        DropReaders(name, null);
        foreach (var child in State.Children(name))
        {
            DropTable(child);
        }

        if (State.Find(name) is not { } table)
        {
            return;
        }

        State.Remove(name);
        if (table.Kind is not (TableKind.View or TableKind.MaterializedView))
        {
            RemoveKeys(key => key.ReferencedTable == name);
            DropSequencesOf(name, null);
            DropUses(name.ToString());
        }
    }

    /// <summary>The views that read a table, or a column of it.</summary>
    private void DropReaders(ObjectName name, string? column)
    {
        foreach (var view in State.Tables.Values.Where(view => view.Reads.Contains(name)).ToList())
        {
            if (column is null)
            {
                DropTable(view.FullName);
            }
            else if (view.ReadColumns is null || view.ReadColumns.Contains(column))
            {
                if (view.ReadColumns is not null && view.Reads.Count(read => read == name || State.Find(read) is not { } other || other.FindColumn(column) is not null) == 1)
                {
                    DropTable(view.FullName);
                }
                else
                {
                    // It may mean the column of another table.
                    State.Doubt(view.FullName);
                }
            }
        }
    }

    public void DropSequencesOf(ObjectName table, string? column)
    {
        var owned = State.Sequences.Where(pair => pair.Value is var (owner, own) && owner == table && (column is null || own == column)).Select(pair => pair.Key).ToList();
        State.Sequences = State.Sequences.RemoveRange(owned);
    }

    private void DropSequence(ObjectName sequence, bool isCascade)
    {
        State.Sequences.TryGetValue(sequence, out var owner);
        State.Sequences = State.Sequences.Remove(sequence);
        if (!isCascade)
        {
            return;
        }

        if (owner is var (owning, own) && State.Find(owning) is { } serial && serial.FindColumn(own) is { IsSerial: true } column)
        {
            State.Put(serial with { Columns = serial.Columns.Replace(column, column with { IsSerial = false, HasDefault = false }) });
        }

        foreach (var table in State.Tables.Values.Where(table => table.Columns.Any(column => column.IsSerial || column.Default is not null)).ToList())
        {
            State.Put(table with
            {
                Columns = table.Columns.Select(column => IsNextOf(column.Default?.Node, sequence) ? column with { Default = null, HasDefault = false } : column).ToImmutableArray(),
            });
        }
    }

    private static bool IsNextOf(SqlExpression? expression, ObjectName sequence)
    {
        if (expression is not FunctionCall { Name.Name: "nextval", Arguments: { Length: 1 } arguments })
        {
            return false;
        }

        var argument = CanonicalText.Strip(arguments[0]);
        argument = argument is CastExpression cast ? CanonicalText.Strip(cast.Operand) : argument;
        return argument is LiteralExpression { Text: { } text }
            && text.Replace("\"", "") is var name && (name == sequence.Name || name == sequence.Schema + "." + sequence.Name);
    }

    /// <summary>A column, with the indexes, constraints and views that use it; in heirs too unless they declare it themselves.</summary>
    public void DropColumn(ObjectName name, string column, bool isOnly, bool isCascade)
    {
        if (State.Find(name) is not { } table || table.FindColumn(column) is not { } dropped)
        {
            return;
        }

        if (table.Kind is TableKind.View or TableKind.MaterializedView)
        {
            return;
        }

        var uniques = table.Indexes.Where(index => index.IsUnique && Uses(index, column)).ToList();
        State.Put(table with
        {
            Columns = table.Columns.Remove(dropped),
            Indexes = table.Indexes.Any(index => Uses(index, column)) ? table.Indexes.RemoveAll(index => Uses(index, column)) : table.Indexes,
            Checks = table.Checks.Any(check => Uses(check.Expression, column)) ? table.Checks.RemoveAll(check => Uses(check.Expression, column)) : table.Checks,
            ForeignKeys = table.ForeignKeys.Any(key => key.Columns.Contains(column)) ? table.ForeignKeys.RemoveAll(key => key.Columns.Contains(column)) : table.ForeignKeys,
            Triggers = table.Triggers.Any(trigger => trigger.UpdateColumns.Contains(column)) ? table.Triggers.RemoveAll(trigger => trigger.UpdateColumns.Contains(column)) : table.Triggers,
        });
        foreach (var unique in uniques)
        {
            DropKeysTo(name, unique);
        }

        DropSequencesOf(name, column);
        if (isCascade)
        {
            DropReaders(name, column);
            foreach (var generated in table.Columns.Where(other => other.Generated is { } formula && Uses(formula, column)))
            {
                DropColumn(name, generated.Name, isOnly, isCascade);
            }
        }

        foreach (var child in State.Children(name))
        {
            if (State.Find(child) is not { } heir || heir.FindColumn(column) is not { ParentCount: > 0 } inherited)
            {
                continue;
            }

            var left = inherited with { ParentCount = inherited.ParentCount - 1, IsLocal = inherited.IsLocal || isOnly };
            if (left is { ParentCount: 0, IsLocal: false })
            {
                DropColumn(child, column, false, isCascade);
            }
            else
            {
                State.Put(heir with { Columns = heir.Columns.Replace(inherited, left) });
            }
        }
    }

    private static bool Uses(SchemaExpression? expression, string column) => expression?.Columns() is { } columns && columns.Contains(column);

    private static bool Uses(TableIndex index, string column) =>
        index.Keys.Any(key => key.Column == column || Uses(key.Expression, column)) || index.Include.Contains(column) || Uses(index.Predicate, column);

    public void DropConstraint(ObjectName name, string constraint, bool isOnly)
    {
        if (State.Find(name) is not { } table)
        {
            return;
        }

        if (table.Indexes.FirstOrDefault(index => index.Name == constraint && index.Constraint != IndexConstraint.None) is not null)
        {
            DropIndex(new ObjectName(name.Schema, constraint));
        }
        else if (table.ForeignKeys.FirstOrDefault(key => key.Name == constraint) is { } foreign)
        {
            DropForeignKey(table, foreign);
        }
        else if (table.Checks.FirstOrDefault(check => check.Name == constraint) is { } check)
        {
            DropCheck(table, check, isOnly);
        }
    }

    private void DropForeignKey(Table table, ForeignKey key)
    {
        State.Put(table with { ForeignKeys = table.ForeignKeys.Remove(key) });
        if (table.Kind != TableKind.Partitioned)
        {
            return;
        }

        foreach (var child in State.Children(table.FullName))
        {
            if (State.Find(child) is { } partition && partition.ForeignKeys.FirstOrDefault(other => other.IsInherited && other.Columns.SequenceEqual(key.Columns)
                && other.ReferencedTable == key.ReferencedTable && other.ReferencedColumns.SequenceEqual(key.ReferencedColumns)) is { } inherited)
            {
                DropForeignKey(partition, inherited);
            }
        }
    }

    private void DropCheck(Table table, CheckConstraint check, bool isOnly)
    {
        State.Put(table with { Checks = table.Checks.Remove(check) });
        foreach (var child in check.IsNoInherit ? ImmutableArray<ObjectName>.Empty : State.Children(table.FullName))
        {
            if (State.Find(child) is not { } heir || heir.Checks.FirstOrDefault(other => other.Name == check.Name && other.ParentCount > 0) is not { } inherited)
            {
                continue;
            }

            var left = inherited with { ParentCount = inherited.ParentCount - 1, IsLocal = inherited.IsLocal || isOnly };
            if (left is { ParentCount: 0, IsLocal: false })
            {
                DropCheck(heir, inherited, false);
            }
            else
            {
                State.Put(heir with { Checks = heir.Checks.Replace(inherited, left) });
            }
        }
    }

    private void DropTrigger(Table table, string name)
    {
        if (table.Triggers.FirstOrDefault(trigger => trigger.Name == name) is not { } dropped)
        {
            return;
        }

        State.Put(table with { Triggers = table.Triggers.Remove(dropped) });
        if (table.Kind == TableKind.Partitioned && dropped.IsForEachRow)
        {
            foreach (var child in State.Children(table.FullName))
            {
                if (State.Find(child) is { } partition)
                {
                    DropTrigger(partition, name);
                }
            }
        }
    }

    private void DropRoutine(ObjectName routine, bool isCascade)
    {
        State.Routines = State.Routines.Remove(routine);
        if (!isCascade)
        {
            return;
        }

        foreach (var table in State.Tables.Values.ToList())
        {
            if (table.Triggers.Any(trigger => trigger.Function == routine))
            {
                State.Put(table with { Triggers = table.Triggers.RemoveAll(trigger => trigger.Function == routine) });
            }

            if (table.Columns.Any(column => Calls(column.Default, routine) || Calls(column.Generated, routine)) || table.Checks.Any(check => Calls(check.Expression, routine))
                || table.Indexes.Any(index => Calls(index.Predicate, routine) || index.Keys.Any(key => Calls(key.Expression, routine))))
            {
                State.Doubt(table.FullName);
            }
        }
    }

    private static bool Calls(SchemaExpression? expression, ObjectName routine) => expression is not null && Calls(expression.Node, routine);

    private static bool Calls(SqlExpression expression, ObjectName routine) =>
        expression is FunctionCall call && call.Name.Name == routine.Name || expression.Operands.Any(operand => Calls(operand, routine));

    /// <summary>A type, with the columns and domains that are made of it.</summary>
    public void DropType(ObjectName type)
    {
        State.Types = State.Types.Remove(type);
        DropUses(type.ToString());
        foreach (var table in State.Tables.Values.Where(table => table.OfType == type).ToList())
        {
            DropTable(table.FullName);
        }
    }

    /// <summary>The columns, attributes and domains of a type; that of the rows of a table too.</summary>
    private void DropUses(string text)
    {
        foreach (var table in State.Tables.Values.Where(table => table.Columns.Any(column => IsOf(column.Type, text))).ToList())
        {
            foreach (var column in table.Columns.Where(column => IsOf(column.Type, text)))
            {
                DropColumn(table.FullName, column.Name, false, isCascade: true);
            }
        }

        foreach (var other in State.Types.Values.ToList())
        {
            if (other.Kind == UserTypeKind.Domain && IsOf(other.BaseType, text))
            {
                DropType(other.FullName);
            }
            else if (other.Attributes.Any(attribute => IsOf(attribute.Type, text)))
            {
                State.Put(other with { Attributes = other.Attributes.RemoveAll(attribute => IsOf(attribute.Type, text)) });
            }
        }
    }

    private static bool IsOf(string? type, string name) => type is not null && (type == name || (type.Length == name.Length + 2 && type.StartsWith(name, StringComparison.Ordinal) && type.EndsWith("[]", StringComparison.Ordinal)));

    private void DropSchema(string schema)
    {
        foreach (var table in State.Tables.Keys.Where(name => name.Schema == schema).ToList())
        {
            DropTable(table);
        }

        foreach (var type in State.Types.Keys.Where(name => name.Schema == schema).ToList())
        {
            DropType(type);
        }

        foreach (var routine in State.Routines.Keys.Where(name => name.Schema == schema).ToList())
        {
            DropRoutine(routine, isCascade: true);
        }

        foreach (var sequence in State.Sequences.Keys.Where(name => name.Schema == schema).ToList())
        {
            DropSequence(sequence, isCascade: true);
        }

        State.UnknownRelations = State.UnknownRelations.Except(State.UnknownRelations.Where(name => name.Schema == schema));
        State.Schemas = State.Schemas.Remove(schema);
    }
}
