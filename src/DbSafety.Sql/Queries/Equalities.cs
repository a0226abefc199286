using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <content>What follows from equalities (PostgreSQL: equivclass.c): a constant reaches all that equals it, and a join two tables that equal a third.</content>
internal sealed partial class StatementReading
{
    private const int MaxPairs = 16;

    /// <summary>A side of an equality.</summary>
    /// <param name="Relation">The relation of a key; null for a value that is the same for all rows of the level.</param>
    /// <param name="Text">The one form of the key.</param>
    /// <param name="Type">The type.</param>
    /// <param name="Expression">The expression.</param>
    private sealed record Member(Relation? Relation, string Text, string? Type, SqlExpression Expression);

    private Member? MemberOf(SqlExpression expression, Level level)
    {
        var facts = FactsOf(expression);
        if (facts.HasHole || facts.HasUnknownColumn || facts.HasUnknownFunction || facts.IsVolatile || facts.HasWholeRow || facts.HasAggregate || facts.HasWindow || facts.HasSet || expression is RowExpression)
        {
            return null;
        }

        Relation? own = null;
        foreach (var relation in facts.Relations)
        {
            if (relation.Level == level)
            {
                if (own is not null || facts.HasSubquery)
                {
                    return null;
                }

                own = relation;
            }
        }

        if (own is null)
        {
            return new Member(null, "", facts.Type, expression);
        }

        return facts.Relations.Count == 1 && TextOf(expression) is { } text ? new Member(own, text, facts.Type, expression) : null;
    }

    /// <summary>Whether equality between the types is that of one operator family, so that it carries over.</summary>
    private static bool AreComparable(string? left, string? right)
    {
        return left is null || right is null || Family(left) == Family(right);

        static string Family(string type) => type switch
        {
            "smallint" or "integer" or "bigint" => "integer",
            "text" or "character varying" => "text",
            "date" or "timestamp with time zone" or "timestamp without time zone" => "timestamp",
            "real" or "double precision" => "float",
            _ => type,
        };
    }

    private void SolveEqualities(Island island, Level level)
    {
        foreach (var equality in island.OuterEqualities)
        {
            var left = MemberOf(equality.Left, level)!;
            var right = MemberOf(equality.Right, level)!;
            var (outer, inner) = left.Relation!.Island == island ? (right, left) : (left, right);
            if (outer.Relation!.Island!.Constants.TryGetValue((outer.Relation, outer.Text), out var constant) && AreComparable(inner.Type, FactsOf(constant.Right).Type))
            {
                island.Equalities.Add(new BinaryExpression(equality.Span, "=", inner.Expression, constant.Right));
            }
            else
            {
                inner.Relation!.Conditions.Add(equality);
            }
        }

        var groups = new Groups();
        foreach (var equality in island.Equalities)
        {
            groups.Add(equality, MemberOf(equality.Left, level)!, MemberOf(equality.Right, level)!);
        }

        foreach (var group in groups.All())
        {
            Work(group.Keys.Count * 2);
            if (group.Constants.Count > 0)
            {
                SpreadConstant(island, group);
            }
            else
            {
                SpreadJoins(group);
            }
        }
    }

    private static void SpreadConstant(Island island, Group group)
    {
        var (first, value) = group.Constants[0];
        var written = group.Constants.Where(constant => constant.Key is not null).ToLookup(constant => (constant.Key!.Relation!, constant.Key.Text));
        foreach (var key in group.Keys)
        {
            var own = written[(key.Relation!, key.Text)].Select(constant => constant.Equality).ToList();
            if (own.Count == 0)
            {
                own.Add(new BinaryExpression(group.SpanOf(key), "=", key.Expression, group.Value(first, value)));
            }

            foreach (var equality in own)
            {
                key.Relation!.Conditions.Add(equality);
            }

            var one = own[0];
            island.Constants[(key.Relation!, key.Text)] = new BinaryExpression(one.Span, "=", key.Expression, group.Value(first, value));
        }
    }

    private static void SpreadJoins(Group group)
    {
        var pairs = new HashSet<(Relation, string, Relation, string)>();
        foreach (var (equality, left, right) in group.Joins)
        {
            pairs.Add((left.Relation!, left.Text, right.Relation!, right.Text));
            pairs.Add((right.Relation!, right.Text, left.Relation!, left.Text));
            left.Relation!.Conditions.Add(equality);
            if (left.Relation != right.Relation)
            {
                right.Relation!.Conditions.Add(equality);
            }
        }

        if (group.Keys.Count > MaxPairs)
        {
            return;
        }

        for (var i = 0; i < group.Keys.Count; i++)
        {
            for (var j = i + 1; j < group.Keys.Count; j++)
            {
                var (left, right) = (group.Keys[i], group.Keys[j]);
                if (left.Relation != right.Relation && !pairs.Contains((left.Relation!, left.Text, right.Relation!, right.Text)))
                {
                    left.Relation!.Conditions.Add(new BinaryExpression(group.SpanOf(left), "=", left.Expression, right.Expression));
                    right.Relation!.Conditions.Add(new BinaryExpression(group.SpanOf(right), "=", right.Expression, left.Expression));
                }
            }
        }
    }

    /// <summary>Keys that all equal each other.</summary>
    private sealed class Group
    {
        public List<Member> Keys { get; } = new();

        public List<(BinaryExpression Equality, Member? Key)> Constants { get; } = new();

        public List<(BinaryExpression Equality, Member Left, Member Right)> Joins { get; } = new();

        public SqlExpression Value(BinaryExpression equality, Member? key) => key is null || ReferenceEquals(equality.Left, key.Expression) ? equality.Right : equality.Left;

        /// <summary>Where a key is compared.</summary>
        public Text.SqlSpan SpanOf(Member key) => Joins.First(join => (join.Left.Relation == key.Relation && join.Left.Text == key.Text) || (join.Right.Relation == key.Relation && join.Right.Text == key.Text)).Equality.Span;
    }

    private sealed class Groups
    {
        private readonly Dictionary<(Relation, string), int> _numbers = new();
        private readonly List<Member> _members = new();
        private readonly List<int> _parents = new();
        private readonly List<(BinaryExpression Equality, Member Left, Member Right)> _equalities = new();

        public void Add(BinaryExpression equality, Member left, Member right)
        {
            _equalities.Add((equality, left, right));
            var one = left.Relation is null ? -1 : NumberOf(left);
            var two = right.Relation is null ? -1 : NumberOf(right);
            if (one >= 0 && two >= 0)
            {
                _parents[Root(one)] = Root(two);
            }
        }

        public IEnumerable<Group> All()
        {
            var groups = new Dictionary<int, Group>();
            for (var i = 0; i < _members.Count; i++)
            {
                GroupOf(i).Keys.Add(_members[i]);
            }

            foreach (var (equality, left, right) in _equalities)
            {
                var group = GroupOf(NumberOf(left.Relation is null ? right : left));
                if (left.Relation is not null && right.Relation is not null)
                {
                    group.Joins.Add((equality, left, right));
                }
                else
                {
                    group.Constants.Add((equality, left.Relation is null ? right : left));
                }
            }

            return groups.Values;

            Group GroupOf(int member)
            {
                var root = Root(member);
                if (!groups.TryGetValue(root, out var group))
                {
                    groups.Add(root, group = new Group());
                }

                return group;
            }
        }

        private int NumberOf(Member member)
        {
            if (!_numbers.TryGetValue((member.Relation!, member.Text), out var number))
            {
                number = _members.Count;
                _numbers.Add((member.Relation!, member.Text), number);
                _members.Add(member);
                _parents.Add(number);
            }

            return number;
        }

        private int Root(int number)
        {
            while (_parents[number] != number)
            {
                number = _parents[number] = _parents[_parents[number]];
            }

            return number;
        }
    }
}
