using DbSafety.Analyzers.Model;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Calls;

/// <summary>How a table is joined.</summary>
internal enum JoinKind
{
    From,
    Inner,
    Left,
    Cross,
    InnerLateral,
    LeftLateral,
}

/// <summary>A SELECT that is being composed.</summary>
internal sealed class Select
{
    private Select? _into;

    /// <summary>The tables with their joins, in order.</summary>
    public List<(JoinKind Kind, SqlPart Table, SqlPart? On)> Tables { get; } = [];

    public List<SqlPart> Where { get; } = [];

    public List<SqlPart> Grouping { get; } = [];

    public List<SqlPart> Having { get; } = [];

    public List<(SqlPart Key, bool IsDescending)> Order { get; } = [];

    public SqlPart? Limit { get; set; }

    public SqlPart? Offset { get; set; }

    public bool IsDistinct { get; set; }

    public bool IsGrouped { get; set; }

    /// <summary>Whether there is one row of nothing where there would be none.</summary>
    public bool IsDefaultIfEmpty { get; set; }

    /// <summary>Whether rows are taken by their place by an operator that others may follow.</summary>
    public bool IsTaken { get; set; }

    /// <summary>What a row is. A projection is read when somebody asks for it: EF Core joins for it behind what takes rows by their place.</summary>
    public Shape Row
    {
        get
        {
            if (Projection is { } projection)
            {
                Projection = null;
                Source = projection();
            }

            return Source;
        }

        set
        {
            Projection = null;
            Source = value;
        }
    }

    /// <summary>What a row is before <see cref="Projection"/>.</summary>
    public Shape Source { get; set; } = Shape.Unknown;

    /// <summary>A projection that nobody has asked for yet.</summary>
    public Func<Shape>? Projection { get; set; }

    /// <summary>The navigations that are loaded.</summary>
    public List<Load> Loads { get; } = [];

    /// <summary>The navigations that are joined already.</summary>
    public Dictionary<(string Alias, string Prefix, NavigationMap Navigation), Entity> Joined { get; } = [];

    /// <summary>The table that rows are deleted or updated of: its text and its name in the query.</summary>
    public (SqlPart Table, Entity Row)? Target { get; set; }

    /// <summary>Whether it is only tables, joins and conditions.</summary>
    public bool IsPlain => Limit is null && Offset is null && !IsDistinct && !IsGrouped;

    /// <summary>Where its tables stand now.</summary>
    public Select Root => _into is null ? this : _into.Root;

    /// <summary>Whether rows are taken by their place.</summary>
    public bool IsCut => Limit is not null || Offset is not null;

    /// <summary>Its tables become another's.</summary>
    public void MergeInto(Select other)
    {
        _into = other;
        foreach (var pair in Joined)
        {
            other.Joined[pair.Key] = pair.Value;
        }
    }

    /// <summary>The text, with what is selected.</summary>
    public SqlPart Print(SqlPart selected)
    {
        var parts = new List<SqlPart> { "SELECT ", IsDistinct ? "DISTINCT " : "", selected, " FROM ", PrintTables() };
        if (Where.Count > 0)
        {
            parts.Add(" WHERE ");
            parts.Add(SqlPart.All(Where));
        }

        if (Grouping.Count > 0)
        {
            parts.Add(" GROUP BY ");
            parts.Add(SqlPart.Join(", ", SqlRank.Single, Grouping));
        }

        if (Having.Count > 0)
        {
            parts.Add(" HAVING ");
            parts.Add(SqlPart.All(Having));
        }

        parts.Add(PrintOrder());
        if (Limit is not null)
        {
            parts.Add(" LIMIT ");
            parts.Add(Limit);
        }

        if (Offset is not null)
        {
            parts.Add(" OFFSET ");
            parts.Add(Offset);
        }

        return SqlPart.Query(parts.ToArray());
    }

    /// <summary>The tables with their joins.</summary>
    public SqlPart PrintTables()
    {
        var parts = new List<SqlPart>();
        foreach (var (kind, table, on) in Tables)
        {
            parts.Add(kind switch
            {
                JoinKind.From => parts.Count == 0 ? "" : ", ",
                JoinKind.Inner => " INNER JOIN ",
                JoinKind.Left => " LEFT JOIN ",
                JoinKind.Cross => " CROSS JOIN ",
                JoinKind.InnerLateral => " INNER JOIN LATERAL ",
                _ => " LEFT JOIN LATERAL ",
            });
            parts.Add(table);
            if (on is not null)
            {
                parts.Add(" ON ");
                parts.Add(on);
            }
        }

        return SqlPart.Single(parts.ToArray());
    }

    private SqlPart PrintOrder() => Order.Count == 0 ? "" : SqlPart.Single(
        " ORDER BY ", SqlPart.Join(", ", SqlRank.Single, Order.Select(key => key.IsDescending ? SqlPart.Single(key.Key, " DESC") : key.Key)));
}

/// <summary>A navigation that is loaded with the rows.</summary>
internal sealed class Load(string navigation, IOperation? filter)
{
    public string Navigation => navigation;

    /// <summary>The operators behind the navigation: <c>Include(c => c.Orders.Where(..))</c>.</summary>
    public IOperation? Filter => filter;

    public List<Load> Next { get; } = [];
}
