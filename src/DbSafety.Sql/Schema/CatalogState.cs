using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>
/// The catalog while it is built. Everything in it is immutable and only replaced, so that a copy costs nothing: a transaction keeps one, and ROLLBACK brings it back.
/// Names of indexes and constraints and the children of a table follow from the tables, and are kept at hand.
/// </summary>
internal sealed class CatalogState
{
    private ImmutableDictionary<ObjectName, int> _constraintNames = ImmutableDictionary<ObjectName, int>.Empty;
    private ImmutableDictionary<ObjectName, ImmutableArray<ObjectName>> _children = ImmutableDictionary<ObjectName, ImmutableArray<ObjectName>>.Empty;

    /// <summary>The tables and views.</summary>
    public ImmutableDictionary<ObjectName, Table> Tables { get; private set; } = ImmutableDictionary<ObjectName, Table>.Empty;

    /// <summary>The types.</summary>
    public ImmutableDictionary<ObjectName, UserType> Types { get; set; } = ImmutableDictionary<ObjectName, UserType>.Empty;

    /// <summary>The table of each index.</summary>
    public ImmutableDictionary<ObjectName, ObjectName> IndexTables { get; private set; } = ImmutableDictionary<ObjectName, ObjectName>.Empty;

    /// <summary>The sequences, with the column that owns each.</summary>
    public ImmutableDictionary<ObjectName, (ObjectName Table, string Column)?> Sequences { get; set; } = ImmutableDictionary<ObjectName, (ObjectName, string)?>.Empty;

    /// <summary>Tables that exist, or may, and whose definition nobody knows.</summary>
    public ImmutableHashSet<ObjectName> UnknownRelations { get; set; } = ImmutableHashSet<ObjectName>.Empty;

    /// <summary>The functions and procedures; null where several have the name.</summary>
    public ImmutableDictionary<ObjectName, RoutineStatement?> Routines { get; set; } = ImmutableDictionary<ObjectName, RoutineStatement?>.Empty;

    /// <summary>The schemas that are created, beside <c>public</c>.</summary>
    public ImmutableHashSet<string> Schemas { get; set; } = ImmutableHashSet<string>.Empty;

    /// <summary>The schemas along which names are looked up.</summary>
    public ImmutableArray<string> Path { get; set; } = SchemaSession.DefaultPath;

    /// <summary>Whether more may exist than is known.</summary>
    public bool MayHoldMore { get; set; }

    /// <summary>Whether what is known may be otherwise.</summary>
    public bool MayChangeAny { get; set; }

    public CatalogState Clone() => (CatalogState)MemberwiseClone();

    public Table? Find(ObjectName name) => Tables.TryGetValue(name, out var table) ? table : null;

    /// <summary>The tables that inherit from a table, and its partitions, in order of their making.</summary>
    public ImmutableArray<ObjectName> Children(ObjectName name) => _children.TryGetValue(name, out var children) ? children : ImmutableArray<ObjectName>.Empty;

    /// <summary>Whether a table, view, index, sequence or composite type has the name.</summary>
    public bool HasRelation(ObjectName name) =>
        Tables.ContainsKey(name) || IndexTables.ContainsKey(name) || Sequences.ContainsKey(name) || UnknownRelations.Contains(name)
        || (Types.TryGetValue(name, out var type) && type.Kind == UserTypeKind.Composite);

    /// <summary>Whether a constraint of any table or domain of the schema has the name.</summary>
    public bool HasConstraint(ObjectName name) => _constraintNames.ContainsKey(name);

    public void Put(Table table) => Replace(table.FullName, table);

    public void Remove(ObjectName name) => Replace(name, null);

    public void Put(UserType type)
    {
        Types.TryGetValue(type.FullName, out var old);
        CountConstraints(type.Schema, old?.Checks.Select(check => check.Name), -1);
        CountConstraints(type.Schema, type.Checks.Select(check => check.Name), 1);
        Types = Types.SetItem(type.FullName, type);
    }

    /// <summary>Puts a table in the place of the one with this name; its own name may be another one.</summary>
    public void Replace(ObjectName name, Table? table)
    {
        var old = Find(name);
        if (old is null && table is null)
        {
            return;
        }

        if (old is not null && (table is null || table.FullName != name))
        {
            Tables = Tables.Remove(name);
        }

        if (table is not null)
        {
            Tables = Tables.SetItem(table.FullName, table);
            UnknownRelations = UnknownRelations.Remove(table.FullName);
        }

        var isMoved = old?.FullName != table?.FullName;
        if (isMoved || old!.Indexes != table!.Indexes)
        {
            SyncIndexes(old, -1);
            SyncIndexes(table, 1);
        }

        if (isMoved || old!.Checks != table!.Checks)
        {
            CountConstraints(old?.Schema, old?.Checks.Select(check => check.Name), -1);
            CountConstraints(table?.Schema, table?.Checks.Select(check => check.Name), 1);
        }

        if (isMoved || old!.ForeignKeys != table!.ForeignKeys)
        {
            CountConstraints(old?.Schema, old?.ForeignKeys.Select(key => key.Name), -1);
            CountConstraints(table?.Schema, table?.ForeignKeys.Select(key => key.Name), 1);
        }

        if (isMoved || old!.Parents != table!.Parents)
        {
            foreach (var parent in old?.Parents ?? ImmutableArray<ObjectName>.Empty)
            {
                SetChildren(parent, Children(parent).Remove(old!.FullName));
            }

            foreach (var parent in table?.Parents ?? ImmutableArray<ObjectName>.Empty)
            {
                SetChildren(parent, Children(parent).Add(table!.FullName));
            }
        }
    }

    private void SetChildren(ObjectName parent, ImmutableArray<ObjectName> children) =>
        _children = children.IsEmpty ? _children.Remove(parent) : _children.SetItem(parent, children);

    private void SyncIndexes(Table? table, int change)
    {
        if (table is null || table.Indexes.IsEmpty)
        {
            return;
        }

        var names = table.Indexes.Select(index => new ObjectName(table.Schema, index.Name));
        IndexTables = change < 0 ? IndexTables.RemoveRange(names) : IndexTables.SetItems(names.Select(name => new KeyValuePair<ObjectName, ObjectName>(name, table.FullName)));
        CountConstraints(table.Schema, table.Indexes.Where(index => index.Constraint != IndexConstraint.None).Select(index => index.Name), change);
    }

    private void CountConstraints(string? schema, IEnumerable<string>? names, int change)
    {
        if (schema is null || names is null)
        {
            return;
        }

        foreach (var name in names)
        {
            var key = new ObjectName(schema, name);
            _constraintNames.TryGetValue(key, out var count);
            _constraintNames = count + change > 0 ? _constraintNames.SetItem(key, count + change) : _constraintNames.Remove(key);
        }
    }

    /// <summary>Marks a table as incomplete, whatever its name means now.</summary>
    public void Doubt(ObjectName name)
    {
        if (Find(name) is { IsIncomplete: false } table)
        {
            Put(table with { IsIncomplete = true });
        }
    }
}
