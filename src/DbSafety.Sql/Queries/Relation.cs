using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Queries;

/// <summary>Something in FROM that stays a relation of its own after pull-up: a table, a function, VALUES, a subquery that is planned by itself.</summary>
internal sealed class Relation(int id, Level level, SqlSpan span)
{
    public int Id { get; } = id;

    public Level Level { get; set; } = level;

    public SqlSpan Span { get; } = span;

    /// <summary>The table, where the catalog knows it.</summary>
    public Table? Table { get; init; }

    /// <summary>Its number among the uses; -1: no use.</summary>
    public int Number { get; init; } = -1;

    /// <summary>The subquery behind it, which conditions may be pushed into.</summary>
    public SubqueryPlan? Plan { get; set; }

    /// <summary>The relations that a function or a LATERAL query reads: it cannot come before them.</summary>
    public HashSet<Relation> DependsOn { get; } = new();

    public TableRole Role { get; set; }

    public bool IsNullable { get; set; }

    public bool IsTarget { get; set; }

    public bool IsUncertain { get; set; }

    /// <summary>What restricts or joins it: bound conditions.</summary>
    public List<SqlExpression> Conditions { get; } = new();

    public Island? Island { get; set; }
}

/// <summary>A query that is planned by itself, with all that was pulled up into it.</summary>
internal sealed class Level(int number)
{
    public int Number { get; } = number;

    public List<Relation> Relations { get; } = new();

    /// <summary>ORDER BY, bound.</summary>
    public List<(SqlExpression Key, SortItem Item)> Order { get; } = new();

    public SqlSpan OrderSpan { get; set; }

    public bool IsLimited { get; set; }

    /// <summary>A hole may hold conditions, joins or tables; or a condition is false for all rows, so that nothing is read.</summary>
    public bool IsUncertain { get; set; }
}

/// <summary>Relations whose equalities hold together: no outer join stands between them.</summary>
internal sealed class Island(Island? outer)
{
    /// <summary>The island that the outer join around this one preserves.</summary>
    public Island? Outer { get; } = outer;

    public List<BinaryExpression> Equalities { get; } = new();

    /// <summary>Equalities of the outer join's ON, between the two sides.</summary>
    public List<BinaryExpression> OuterEqualities { get; } = new();

    /// <summary>The constant that a key equals, by the key's relation and text.</summary>
    public Dictionary<(Relation, string), BinaryExpression> Constants { get; } = new();
}

/// <summary>The kinds of joins between nodes.</summary>
internal enum NodeJoin
{
    Inner,
    Left,
    Full,
    Semi,
    Anti,
}

/// <summary>A node of the join tree.</summary>
internal abstract class JoinNode
{
    /// <summary>The relations beneath.</summary>
    public HashSet<Relation> Relations { get; } = new();

    /// <summary>The outer joins beneath: whose rows may be null-extended, and all that takes part.</summary>
    public List<(HashSet<Relation> Nullable, HashSet<Relation> All)> OuterJoins { get; } = new();
}

/// <summary>A relation.</summary>
internal sealed class LeafNode(Relation relation) : JoinNode
{
    public Relation Relation { get; } = relation;
}

/// <summary>A list of FROM with WHERE.</summary>
internal sealed class ListNode : JoinNode
{
    public List<JoinNode> Items { get; } = new();

    public List<SqlExpression> Conditions { get; } = new();
}

/// <summary>A join.</summary>
internal sealed class PairNode(NodeJoin kind, JoinNode left, JoinNode right) : JoinNode
{
    public NodeJoin Kind { get; set; } = kind;

    public JoinNode Left { get; set; } = left;

    public JoinNode Right { get; set; } = right;

    public List<SqlExpression> Conditions { get; } = new();
}

/// <summary>A query that was read, and waits for the conditions from outside before it is finished.</summary>
internal abstract class SubqueryPlan
{
    public List<OutputColumn> Outputs { get; } = new();

    /// <summary>Tables whose columns are not known and all of which are put out.</summary>
    public List<TableEntry> OpenOutputs { get; } = new();
}

/// <summary>An output column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">The bound expression; null where there is none (a set operation, VALUES).</param>
internal sealed record OutputColumn(string Name, SqlExpression? Expression)
{
    /// <summary>Whether conditions on it may be pushed into the query.</summary>
    public bool IsPushable { get; init; } = true;
}

/// <summary>SELECT.</summary>
internal sealed class SelectPlan(Level level, ListNode root) : SubqueryPlan
{
    public Level Level { get; } = level;

    public ListNode Root { get; } = root;

    /// <summary>Whether conditions from outside may be pushed in: no LIMIT.</summary>
    public bool TakesConditions { get; set; }

    /// <summary>Whether conditions from outside land before grouping only if they have no aggregate.</summary>
    public bool IsGrouped { get; set; }

    /// <summary>One table without a condition: as an arm of UNION ALL it takes join conditions too.</summary>
    public bool IsBare { get; set; }

    /// <summary>Whether it can be pulled up into the query around: PostgreSQL's is_simple_subquery.</summary>
    public bool IsSimple { get; set; }
}

/// <summary>A set operation.</summary>
internal sealed class SetPlan : SubqueryPlan
{
    public List<SubqueryPlan> Arms { get; } = new();

    public bool TakesConditions { get; set; }

    /// <summary>UNION ALL without ORDER BY or LIMIT: its arms take part in the query around.</summary>
    public bool IsAppend { get; set; }
}

/// <summary>VALUES, or what is not known.</summary>
internal sealed class OtherPlan : SubqueryPlan
{
    /// <summary>VALUES of one row: its columns are what is written there.</summary>
    public bool IsOneRow { get; init; }
}

/// <summary>Compares by identity: two nodes that look alike stand at two places.</summary>
internal sealed class SameNode : IEqualityComparer<SqlExpression>
{
    public static SameNode Comparer { get; } = new();

    public bool Equals(SqlExpression? x, SqlExpression? y) => ReferenceEquals(x, y);

    public int GetHashCode(SqlExpression obj) => RuntimeHelpers.GetHashCode(obj);
}

/// <summary>What a bound column reference means.</summary>
/// <param name="Relation">The relation; null where nobody knows.</param>
/// <param name="Column">The column; empty for the whole row, or a value that is known to be of this relation only.</param>
/// <param name="Type">Its type.</param>
internal sealed record BoundColumn(Relation? Relation, string Column, string? Type)
{
    /// <summary>The relations that it may be of, where nobody knows.</summary>
    public ImmutableArray<Relation> Candidates { get; init; } = ImmutableArray<Relation>.Empty;
}
