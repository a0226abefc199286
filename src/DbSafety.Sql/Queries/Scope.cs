using System.Collections.Immutable;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Queries;

/// <summary>A column that a name may mean: of a relation, or the expression that a pulled-up query puts out.</summary>
internal readonly record struct EntryColumn(string Name, string Column, Relation? Relation, string? Type, SqlExpression? Expression);

/// <summary>A name in FROM with its columns.</summary>
internal sealed class TableEntry(string name, string? schema)
{
    /// <summary>The alias, or the name of the table.</summary>
    public string Name { get; } = name;

    /// <summary>The schema, where the reference has no alias.</summary>
    public string? Schema { get; } = schema;

    public List<EntryColumn> Columns { get; } = new();

    /// <summary>The relation that may have further columns; null: these are all.</summary>
    public Relation? Open { get; set; }

    /// <summary>Tables whose columns are not known, and stand among those of this query.</summary>
    public List<TableEntry> OpenTables { get; } = new();

    /// <summary>The relation of a table, for its system columns and whole rows.</summary>
    public Relation? Relation { get; set; }

    /// <summary>The relations beneath, where a whole row is asked for.</summary>
    public List<Relation> Beneath { get; } = new();

    public bool IsOpen => Open is not null || OpenTables.Count > 0;

    /// <summary>Finds a column by name; false where there is none, or more than one.</summary>
    public bool TryFind(string name, out EntryColumn column)
    {
        column = default;
        var found = 0;
        foreach (var candidate in Columns)
        {
            if (candidate.Name == name)
            {
                column = candidate;
                found++;
            }
        }

        return found == 1;
    }

    /// <summary>The relations that a column which is not among <see cref="Columns"/> may be of.</summary>
    public IEnumerable<Relation> Candidates()
    {
        if (Open is not null)
        {
            yield return Open;
        }

        foreach (var table in OpenTables)
        {
            foreach (var candidate in table.Candidates())
            {
                yield return candidate;
            }
        }
    }
}

/// <summary>What an entry of FROM lets see: the names of tables, and the columns without a qualifier.</summary>
internal sealed class Namespace
{
    public List<TableEntry> Tables { get; private set; } = new();

    public List<EntryColumn> Columns { get; private set; } = new();

    /// <summary>Adds a table with all its columns.</summary>
    public static Namespace Of(TableEntry entry)
    {
        var result = new Namespace();
        result.Tables.Add(entry);
        result.Columns.AddRange(entry.Columns);
        return result;
    }

    /// <summary>Puts two sides of a join together; the columns of USING appear once.</summary>
    public static Namespace Join(Namespace left, Namespace right, List<EntryColumn> merged)
    {
        left.Tables.AddRange(right.Tables);
        if (merged.Count == 0)
        {
            left.Columns.AddRange(right.Columns);
            return left;
        }

        var names = new HashSet<string>(merged.Select(column => column.Name), StringComparer.Ordinal);
        left.Columns = merged.Concat(left.Columns.Concat(right.Columns).Where(column => !names.Contains(column.Name))).ToList();
        return left;
    }
}

/// <summary>A WITH query.</summary>
internal sealed class CommonTableEntry(CommonTable table, Scope scope, bool isRecursive)
{
    public CommonTable Table { get; } = table;

    /// <summary>Where its names are looked up.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>Whether it names itself.</summary>
    public bool IsRecursive { get; } = isRecursive;

    /// <summary>Whether it is written into the query that names it.</summary>
    public bool IsInlined { get; set; }

    /// <summary>The names of its columns, where it is planned by itself.</summary>
    public List<string> Columns { get; } = new();

    /// <summary>Whether it may have further columns.</summary>
    public bool IsOpen { get; set; } = true;
}

/// <summary>The names that one query sees.</summary>
internal sealed class Scope(Scope? outer)
{
    public Scope? Outer { get; } = outer;

    public Dictionary<string, CommonTableEntry> CommonTables { get; } = new(StringComparer.Ordinal);

    public List<Namespace> Namespaces { get; } = new();

    /// <summary>The schemas in which names are looked up; default: as the catalog says.</summary>
    public ImmutableArray<string> SearchPath { get; init; } = outer?.SearchPath ?? default;

    /// <summary>The place that all nodes get: a view stands in another text, so that its name stands for all of it.</summary>
    public SqlSpan? Place { get; init; } = outer?.Place;

    /// <summary>Output columns that ORDER BY and GROUP BY may name.</summary>
    public List<OutputColumn>? Outputs { get; set; }

    public CommonTableEntry? FindCommonTable(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.CommonTables.TryGetValue(name, out var entry))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Finds a table in a catalog along the search path of this scope.</summary>
    public Table? FindTable(SchemaCatalog catalog, QualifiedName name)
    {
        if (name.HasHole)
        {
            return null;
        }

        return SearchPath.IsDefault ? catalog.FindTable(name.Schema, name.Name) : catalog.FindTable(SearchPath, name.Schema, name.Name);
    }
}
