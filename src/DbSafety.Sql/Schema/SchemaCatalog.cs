using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>What the DDL of a project leaves behind: tables and views with all that belongs to them, enums, domains, composite types. Immutable.</summary>
public sealed class SchemaCatalog
{
    private readonly ImmutableDictionary<ObjectName, Table> _tables;
    private readonly ImmutableDictionary<ObjectName, UserType> _types;
    private readonly ImmutableHashSet<ObjectName> _unknownRelations;
    private readonly ImmutableDictionary<ObjectName, ImmutableArray<(Table Table, ForeignKey Key)>> _keysTo;
    private readonly ImmutableDictionary<ObjectName, ImmutableArray<Table>> _children;
    private readonly bool _mayChangeAny;
    private readonly Lazy<HashSet<ObjectName>> _names;

    internal SchemaCatalog(CatalogState state)
    {
        _tables = state.Tables;
        _types = state.Types;
        _unknownRelations = state.UnknownRelations;
        _mayChangeAny = state.MayChangeAny;
        SearchPath = SchemaSession.DefaultPath;
        IsIncomplete = state.MayHoldMore || state.MayChangeAny;
        Tables = state.Tables.Values.OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Name, StringComparer.Ordinal).ToImmutableArray();
        _keysTo = Tables.SelectMany(table => table.ForeignKeys.Select(key => (Table: table, Key: key)))
            .GroupBy(pair => pair.Key.ReferencedTable).ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());
        _children = Tables.SelectMany(table => table.Parents.Select(parent => (Parent: parent, Child: table)))
            .GroupBy(pair => pair.Parent).ToImmutableDictionary(group => group.Key, group => group.Select(pair => pair.Child).ToImmutableArray());
        var tables = Tables;
        _names = new(() => new HashSet<ObjectName>(tables.SelectMany(table => table.Indexes.Select(index => new ObjectName(table.Schema, index.Name)).Append(table.FullName))));
    }

    private SchemaCatalog(SchemaCatalog other, ImmutableArray<Table> grown)
    {
        _tables = other._tables.SetItems(grown.Select(table => new KeyValuePair<ObjectName, Table>(table.FullName, table)));
        _types = other._types;
        _unknownRelations = other._unknownRelations;
        _mayChangeAny = other._mayChangeAny;
        SearchPath = other.SearchPath;
        IsIncomplete = other.IsIncomplete;
        Tables = other.Tables.Select(table => _tables[table.FullName]).ToImmutableArray();
        _keysTo = other._keysTo;
        _children = other._children;
        _names = other._names;
    }

    /// <summary>Tables that exist, or may, and whose definition nobody knows.</summary>
    internal ImmutableHashSet<ObjectName> UnknownRelations => _unknownRelations;

    /// <summary>Whether what is known may be otherwise.</summary>
    internal bool MayChangeAny => _mayChangeAny;

    /// <summary>The catalog of nothing.</summary>
    public static SchemaCatalog Empty { get; } = new(new CatalogState());

    /// <summary>The schemas in which names without a schema are looked up: <c>public</c>.</summary>
    public ImmutableArray<string> SearchPath { get; }

    /// <summary>Whether some of the DDL was not understood (EXECUTE, a syntax error, a hole), so that more may exist, or what is here may be otherwise.</summary>
    public bool IsIncomplete { get; }

    /// <summary>All tables and views, ordered by schema and name.</summary>
    public ImmutableArray<Table> Tables { get; }

    /// <summary>All types that the scripts create, ordered by schema and name.</summary>
    public ImmutableArray<UserType> Types =>
        _types.Values.OrderBy(type => type.Schema, StringComparer.Ordinal).ThenBy(type => type.Name, StringComparer.Ordinal).ToImmutableArray();

    /// <summary>Whether what the catalog says of a table is all: nothing of it was hidden, and nothing hidden elsewhere can have changed it.</summary>
    public bool IsComplete(Table table) => !table.IsIncomplete && !_mayChangeAny;

    /// <summary>The same, where somebody else than the scripts adds rows too: of those tables nobody knows how many rows there are.</summary>
    /// <param name="grows">Whether rows are added to a table.</param>
    public SchemaCatalog WithGrowing(Func<Table, bool> grows) =>
        With(Tables.Where(table => table.SeededRows is > 0 && grows(table)).Select(table => table with { SeededRows = null }).ToImmutableArray());

    /// <summary>The same with some tables in a new version, whose foreign keys and parents are those of the old one.</summary>
    internal SchemaCatalog With(ImmutableArray<Table> tables) => tables.IsEmpty ? this : new SchemaCatalog(this, tables);

    /// <summary>Whether a table, a view or an index has a name.</summary>
    /// <param name="name">The name with its schema.</param>
    public bool HasName(ObjectName name) => _names.Value.Contains(name);

    /// <summary>Finds a table or a view.</summary>
    /// <param name="name">Its name with its schema.</param>
    public Table? FindTable(ObjectName name) => _tables.TryGetValue(name, out var table) ? table : null;

    /// <summary>Finds a table or a view.</summary>
    /// <param name="schema">Its schema, or null to look along the search path.</param>
    /// <param name="name">Its name, folded as SQL would fold it.</param>
    public Table? FindTable(string? schema, string name) => FindTable(SearchPath, schema, name);

    /// <summary>Finds a table or a view.</summary>
    /// <param name="searchPath">The schemas to look in, in order, where none is given.</param>
    /// <param name="schema">Its schema, or null to look along the search path.</param>
    /// <param name="name">Its name, folded as SQL would fold it.</param>
    public Table? FindTable(ImmutableArray<string> searchPath, string? schema, string name)
    {
        if (schema is not null)
        {
            return FindTable(new ObjectName(schema, name));
        }

        foreach (var candidate in searchPath)
        {
            var full = new ObjectName(candidate, name);
            if (_tables.TryGetValue(full, out var table))
            {
                return table;
            }

            if (_unknownRelations.Contains(full))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>
    /// The indexes that rows of a table are found by: its own, those of constraints too. Of a partitioned table those that all its partitions have, so without those that are not valid.
    /// </summary>
    public ImmutableArray<TableIndex> IndexesOn(Table table) => table.Indexes.All(index => index.IsValid) ? table.Indexes : table.Indexes.RemoveAll(index => !index.IsValid);

    /// <summary>The foreign keys that point to a table, with the tables that have them.</summary>
    public ImmutableArray<(Table Table, ForeignKey Key)> ForeignKeysTo(Table table) =>
        _keysTo.TryGetValue(table.FullName, out var keys) ? keys : ImmutableArray<(Table, ForeignKey)>.Empty;

    /// <summary>The partitions of a table; not those of its partitions.</summary>
    public ImmutableArray<Table> PartitionsOf(Table table) => ChildrenOf(table).RemoveAll(child => !child.IsPartition);

    /// <summary>The tables that inherit from a table, and its partitions.</summary>
    public ImmutableArray<Table> ChildrenOf(Table table) => _children.TryGetValue(table.FullName, out var children) ? children : ImmutableArray<Table>.Empty;

    /// <summary>
    /// The type of a column as PostgreSQL prints it (<c>uuid</c>, <c>timestamp with time zone</c>, <c>integer[]</c>, the name of an enum);
    /// of a domain the type beneath. Null unless certain: among several candidates exactly one known table must own the column, and all
    /// of them must be known.
    /// </summary>
    public string? ColumnType(ColumnTarget target)
    {
        if (target.Table is not null)
        {
            return TypeOf(FindTable(target.Schema, target.Table), target.Column);
        }

        Table? owner = null;
        foreach (var candidate in target.Candidates)
        {
            var dot = candidate.IndexOf('.');
            var table = dot < 0 ? FindTable(null, candidate) : FindTable(candidate.Substring(0, dot), candidate.Substring(dot + 1));
            if (table is null || table.IsIncomplete)
            {
                return null;
            }

            if (table.FindColumn(target.Column) is null)
            {
                continue;
            }

            if (owner is not null)
            {
                return null;
            }

            owner = table;
        }

        return TypeOf(owner, target.Column);
    }

    /// <summary>Finds a type that the scripts create.</summary>
    /// <param name="typeName">Its name, with or without schema.</param>
    public UserType? FindType(string typeName)
    {
        var dot = typeName.IndexOf('.');
        if (dot > 0)
        {
            return _types.TryGetValue(new ObjectName(typeName.Substring(0, dot), typeName.Substring(dot + 1)), out var type) ? type : null;
        }

        foreach (var schema in SearchPath)
        {
            if (_types.TryGetValue(new ObjectName(schema, typeName), out var type))
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>Whether a type is an enum of this catalog.</summary>
    /// <param name="typeName">Its name, with or without schema.</param>
    public bool IsEnum(string typeName) => FindType(typeName) is { Kind: UserTypeKind.Enum };

    /// <summary>The labels of an enum, in order; empty where it is none.</summary>
    /// <param name="typeName">Its name, with or without schema.</param>
    public ImmutableArray<string> EnumLabels(string typeName) => FindType(typeName)?.Labels ?? ImmutableArray<string>.Empty;

    /// <summary>Whether a type is a domain of this catalog.</summary>
    /// <param name="typeName">Its name, with or without schema.</param>
    /// <param name="baseType">The type that it is made of.</param>
    public bool IsDomain(string typeName, out string? baseType)
    {
        var type = FindType(typeName);
        baseType = type?.BaseType;
        return type is { Kind: UserTypeKind.Domain };
    }

    /// <summary>The type beneath a domain, however many lie over each other; another type is itself; null where it is not known.</summary>
    /// <param name="typeName">A type as the catalog writes it.</param>
    public string? BaseType(string? typeName)
    {
        // A domain over a domain: as deep as there are types, never longer.
        for (var i = 0; typeName is not null && i <= _types.Count && IsDomain(typeName, out var baseType); i++)
        {
            typeName = baseType;
        }

        return typeName;
    }

    private string? TypeOf(Table? table, string column) => BaseType(table?.FindColumn(column)?.Type);
}
