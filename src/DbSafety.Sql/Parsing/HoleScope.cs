using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <summary>The tables that a column's name can mean at one place of a statement.</summary>
internal sealed class HoleScope
{
    private readonly List<(string Alias, string? Schema, string? Table)> _sources = new();
    private readonly HashSet<string> _commonTables = new(StringComparer.Ordinal);
    private bool _isOpen;

    public HoleScope(HoleScope? outer)
    {
        Outer = outer;
    }

    private HoleScope? Outer { get; }

    /// <summary>Adds the names of WITH queries, which hide tables.</summary>
    public void Add(WithClause with)
    {
        foreach (var table in with.Tables)
        {
            _commonTables.Add(table.Name.Text);
        }
    }

    /// <summary>Adds what stands in FROM; joins are taken apart along their left side, which may be long.</summary>
    public void Add(TableSource source)
    {
        while (source is JoinedTable { Alias: null } join)
        {
            Add(join.Right);
            source = join.Left;
        }

        if (source is TableReference table)
        {
            var isTable = !table.Name.HasHole && !(table.Name.Parts.Length == 1 && IsCommonTable(table.Name.Name)) && table.ColumnAliases.IsEmpty;
            _sources.Add((table.Alias?.Text ?? table.Name.Name, table.Name.Schema, isTable ? table.Name.Name : null));
        }
        else
        {
            _sources.Add((source.Alias?.Text ?? "", null, null));
        }

        if (source is UnknownTable)
        {
            _isOpen = true;
        }
    }

    /// <summary>A further name for a table: EXCLUDED.</summary>
    public void AddAlias(string alias, TableReference table) => _sources.Add((alias, table.Name.Schema, table.Name.HasHole ? null : table.Name.Name));

    /// <summary>The column that an expression is, parentheses aside, or null.</summary>
    public ColumnTarget? Resolve(SqlExpression expression)
    {
        while (expression is ParenthesizedExpression parens)
        {
            expression = parens.Operand;
        }

        return expression is ColumnReference { IsStar: false, HasHole: false, Parts.Length: > 0 } column ? Resolve(column) : null;
    }

    private ColumnTarget Resolve(ColumnReference column)
    {
        var none = ImmutableArray<string>.Empty;
        if (column.Parts.Length > 1)
        {
            var qualifier = column.Parts[column.Parts.Length - 2].Text;
            for (var scope = this; scope is not null; scope = scope.Outer)
            {
                foreach (var source in scope._sources)
                {
                    if (source.Alias == qualifier)
                    {
                        return new ColumnTarget(source.Table is null ? null : source.Schema, source.Table, column.Column, none);
                    }
                }
            }

            return new ColumnTarget(null, null, column.Column, none);
        }

        var candidates = ImmutableArray.CreateBuilder<string>();
        (string Alias, string? Schema, string? Table) only = default;
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            foreach (var source in scope._sources)
            {
                if (source.Table is null || scope._isOpen)
                {
                    // A query, a function or a hole may own the column.
                    return new ColumnTarget(null, null, column.Column, none);
                }

                if (source.Alias == "excluded")
                {
                    continue;
                }

                var candidate = source.Schema is null ? source.Table : source.Schema + "." + source.Table;
                if (!candidates.Contains(candidate))
                {
                    only = source;
                    candidates.Add(candidate);
                }
            }
        }

        return candidates.Count == 1
            ? new ColumnTarget(only.Schema, only.Table, column.Column, none)
            : new ColumnTarget(null, null, column.Column, candidates.ToImmutable());
    }

    private bool IsCommonTable(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._commonTables.Contains(name))
            {
                return true;
            }
        }

        return false;
    }
}
