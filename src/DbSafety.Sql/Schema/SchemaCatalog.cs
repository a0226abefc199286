using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>What the DDL of a project leaves behind: tables, enums, domains. Immutable.</summary>
public sealed class SchemaCatalog
{
    private readonly ImmutableDictionary<(string Schema, string Name), Table> _tables;
    private readonly ImmutableDictionary<(string Schema, string Name), ImmutableArray<string>> _enums;
    private readonly ImmutableDictionary<(string Schema, string Name), string?> _domains;
    private readonly ImmutableHashSet<(string Schema, string Name)> _unknownRelations;

    internal SchemaCatalog(
        ImmutableDictionary<(string Schema, string Name), Table> tables,
        ImmutableDictionary<(string Schema, string Name), ImmutableArray<string>> enums,
        ImmutableDictionary<(string Schema, string Name), string?> domains,
        ImmutableHashSet<(string Schema, string Name)> unknownRelations,
        ImmutableArray<string> searchPath,
        bool isIncomplete)
    {
        _tables = tables;
        _enums = enums;
        _domains = domains;
        _unknownRelations = unknownRelations;
        SearchPath = searchPath;
        IsIncomplete = isIncomplete;
    }

    /// <summary>The catalog of nothing.</summary>
    public static SchemaCatalog Empty { get; } = new(
        ImmutableDictionary<(string, string), Table>.Empty,
        ImmutableDictionary<(string, string), ImmutableArray<string>>.Empty,
        ImmutableDictionary<(string, string), string?>.Empty,
        ImmutableHashSet<(string, string)>.Empty,
        ImmutableArray.Create("public"),
        isIncomplete: false);

    /// <summary>The schemas in which names without a schema are looked up; <c>public</c> unless the DDL ends with another search_path for all.</summary>
    public ImmutableArray<string> SearchPath { get; }

    /// <summary>Whether some of the DDL was not understood (DO, EXECUTE, a syntax error, a hole), so that more may exist.</summary>
    public bool IsIncomplete { get; }

    /// <summary>All tables, ordered by schema and name.</summary>
    public ImmutableArray<Table> Tables =>
        _tables.Values.OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Name, StringComparer.Ordinal).ToImmutableArray();

    /// <summary>Finds a table.</summary>
    /// <param name="schema">Its schema, or null to look along the search path.</param>
    /// <param name="name">Its name, folded as SQL would fold it.</param>
    public Table? FindTable(string? schema, string name)
    {
        if (schema is not null)
        {
            return _tables.TryGetValue((schema, name), out var table) ? table : null;
        }

        foreach (var candidate in SearchPath)
        {
            if (_tables.TryGetValue((candidate, name), out var table))
            {
                return table;
            }

            if (_unknownRelations.Contains((candidate, name)))
            {
                return null;
            }
        }

        return null;
    }

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

    /// <summary>Whether a type is an enum of this catalog.</summary>
    /// <param name="typeName">Its name, with or without schema.</param>
    public bool IsEnum(string typeName) => Find(_enums, typeName, out _);

    /// <summary>The labels of an enum, in order; empty where it is none.</summary>
    /// <param name="typeName">Its name, with or without schema.</param>
    public ImmutableArray<string> EnumLabels(string typeName) => Find(_enums, typeName, out var labels) ? labels : ImmutableArray<string>.Empty;

    /// <summary>Whether a type is a domain of this catalog.</summary>
    /// <param name="typeName">Its name, with or without schema.</param>
    /// <param name="baseType">The type that it is made of.</param>
    public bool IsDomain(string typeName, out string? baseType) => Find(_domains, typeName, out baseType);

    private string? TypeOf(Table? table, string column)
    {
        var type = table?.FindColumn(column)?.Type;

        // A domain over a domain: as deep as there are domains, never longer.
        for (var i = 0; type is not null && i <= _domains.Count && IsDomain(type, out var baseType); i++)
        {
            type = baseType;
        }

        return type;
    }

    private bool Find<T>(ImmutableDictionary<(string, string), T> types, string name, out T value)
    {
        var dot = name.IndexOf('.');
        if (dot > 0)
        {
            return types.TryGetValue((name.Substring(0, dot), name.Substring(dot + 1)), out value!);
        }

        foreach (var schema in SearchPath)
        {
            if (types.TryGetValue((schema, name), out value!))
            {
                return true;
            }
        }

        value = default!;
        return false;
    }
}
