using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Indexing;

/// <summary>Whether the conditions of a query imply the predicate of an index, by the means that PostgreSQL has (<c>predtest.c</c>).</summary>
internal readonly struct PredicateProof(Table table)
{
    /// <summary>Whether all of the conditions together imply the predicate.</summary>
    public IndexFit Implies(ImmutableArray<Condition> given, SchemaExpression predicate) => Implies(given, new PredicateReader(table).Read(predicate));

    private IndexFit Implies(ImmutableArray<Condition> given, Condition wanted)
    {
        var self = this;
        return wanted switch
        {
            AllOf all => all.Conditions.All(part => self.Implies(given, part)),
            AnyOf any => any.Conditions.Any(part => self.Implies(given, part)).Or(given.OfType<AnyOf>().Any(condition => self.Implies(condition, wanted))),

            // IN is an OR of equalities.
            Comparison { Operator: "IN" } within => given.Any(condition => self.Implies(condition, within)),
            Comparison comparison => given.Any(condition => self.Implies(condition, comparison)),
            _ => IndexFit.Maybe,
        };
    }

    private IndexFit Implies(Condition given, Condition wanted)
    {
        var self = this;
        return given switch
        {
            AllOf all => self.Implies(all.Conditions, wanted),
            AnyOf any => any.Conditions.All(arm => self.Implies(arm is AllOf all ? all.Conditions : ImmutableArray.Create(arm), wanted)),
            UnknownCondition => IndexFit.Maybe,
            OtherCondition other => wanted is Comparison { Key: var key } && key.Columns.Concat(key.Column is { } name ? [name] : []).Any(other.Columns.Contains) ? IndexFit.Maybe : IndexFit.No,
            Comparison comparison when wanted is Comparison one => Implies(comparison, one),
            Comparison comparison => self.Implies(ImmutableArray.Create<Condition>(comparison), wanted),
            _ => IndexFit.Maybe,
        };
    }

    private static IndexFit Implies(Comparison given, Comparison wanted)
    {
        if (wanted.Operator == "IS NOT NULL")
        {
            return IsStrictFor(given, wanted.Key);
        }

        if (given.Keys.Length != 1 || KeyMatch.TextOf(given.Key) is not { } text)
        {
            return given.Keys.Any(key => key.Text is null && key.Column is null) ? IndexFit.Maybe : IndexFit.No;
        }

        // A value of another family has the column cast, and the cast column is another expression.
        if (text != KeyMatch.TextOf(wanted.Key) || CastOf(given) != CastOf(wanted))
        {
            return IndexFit.No;
        }

        if (given.Operator == wanted.Operator && given.Values.Length == wanted.Values.Length
            && given.Values.Zip(wanted.Values, (first, second) => Order(first, second, given.Key.Type) == ConstantOrder.Equal).All(equal => equal))
        {
            return IndexFit.Serves;
        }

        // Each value of the one against each value of the other: IN is an OR of equalities, NOT IN an AND of inequalities.
        return (given.Operator, wanted.Operator) switch
        {
            ("IN" or "= ANY", _) when given.Values.All(value => !value.IsArray) => given.Values.All(value => Implies(given with { Operator = "=", Values = ImmutableArray.Create(value) }, wanted)),
            (_, "IN") => wanted.Values.Any(value => Implies(given, wanted with { Operator = "=", Values = ImmutableArray.Create(value) })),
            (_, "NOT IN") => wanted.Values.All(value => Implies(given, wanted with { Operator = "<>", Values = ImmutableArray.Create(value) })),
            ("NOT IN", _) => given.Values.Any(value => Implies(given with { Operator = "<>", Values = ImmutableArray.Create(value) }, wanted)),
            _ => Compare(given, wanted),
        };
    }

    private static string? CastOf(Comparison comparison) => comparison.Values.Select(value => OperatorFamilies.Compare(comparison.Key.Type, value).CastTo).FirstOrDefault(cast => cast is not null);

    /// <summary>Whether a condition can't hold where a key is null.</summary>
    private static IndexFit IsStrictFor(Comparison given, QueryKey key)
    {
        if (given.Operator is "IS NULL" or "IS DISTINCT FROM" or "IS NOT DISTINCT FROM")
        {
            return IndexFit.No;
        }

        var text = KeyMatch.TextOf(key);
        foreach (var part in given.Keys)
        {
            if (KeyMatch.TextOf(part) == text && text is not null)
            {
                return given.Operator is "= ANY" && given.Values.Any(value => value.Kind != QueryValueKind.Constant) ? IndexFit.Maybe : IndexFit.Serves;
            }

            // A function or an operator over the column is strict, mostly.
            if (part.Column is null && given.Operator != "IS NOT NULL" && key.Column is { } column && (part.Columns.Contains(column) || part.Text is null))
            {
                return IndexFit.Maybe;
            }
        }

        return given.Values.Any(value => value.Kind is QueryValueKind.Unknown or QueryValueKind.Volatile) ? IndexFit.Maybe : IndexFit.No;
    }

    private static IndexFit Compare(Comparison given, Comparison wanted)
    {
        var isOrder = Compares(given.Operator) && Compares(wanted.Operator);
        if (!isOrder || given.Value is not { } known || wanted.Value is not { } value)
        {
            return given.Operator == wanted.Operator && given.Values.Any(any => any.Kind != QueryValueKind.Constant) ? IndexFit.Maybe : IndexFit.No;
        }

        if (!CouldImply(given.Operator, wanted.Operator))
        {
            return IndexFit.No;
        }

        if (known.Kind != QueryValueKind.Constant)
        {
            return known.Kind is QueryValueKind.OtherTable ? IndexFit.No : IndexFit.Maybe;
        }

        var order = Order(known, value, given.Key.Type ?? wanted.Key.Type);
        return order switch
        {
            ConstantOrder.Unknown => IndexFit.Maybe,
            ConstantOrder.Different when given.Operator == "=" && wanted.Operator == "<>" => IndexFit.Serves,
            ConstantOrder.Different => given.Operator is "=" or "<>" && wanted.Operator is "=" or "<>" ? IndexFit.No : IndexFit.Maybe,
            _ => Implies(given.Operator, wanted.Operator, order) ? IndexFit.Serves : IndexFit.No,
        };
    }

    private static bool Compares(string op) => op is "=" or "<>" or "<" or "<=" or ">" or ">=";

    private static bool CouldImply(string given, string wanted) =>
        Implies(given, wanted, ConstantOrder.Less) || Implies(given, wanted, ConstantOrder.Equal) || Implies(given, wanted, ConstantOrder.Greater);

    /// <summary>Whether <c>x given a</c> implies <c>x wanted b</c>, where the order is that of a to b.</summary>
    private static bool Implies(string given, string wanted, ConstantOrder order)
    {
        bool less = order == ConstantOrder.Less, equal = order == ConstantOrder.Equal, greater = order == ConstantOrder.Greater;
        return (given, wanted) switch
        {
            ("=", "=") or ("<>", "<>") => equal,
            ("=", "<>") => !equal,
            ("=", "<") => less,
            ("=", "<=") => less || equal,
            ("=", ">") => greater,
            ("=", ">=") => greater || equal,
            ("<", "<" or "<=" or "<>") => less || equal,
            ("<=", "<=") => less || equal,
            ("<=", "<" or "<>") => less,
            (">", ">" or ">=" or "<>") => greater || equal,
            (">=", ">=") => greater || equal,
            (">=", ">" or "<>") => greater,
            _ => false,
        };
    }

    private enum ConstantOrder
    {
        Unknown,
        Less,
        Equal,
        Greater,
        Different,
    }

    private static ConstantOrder Order(QueryValue first, QueryValue second, string? type)
    {
        if (first.Kind != QueryValueKind.Constant || second.Kind != QueryValueKind.Constant || first.Text is not { } one || second.Text is not { } other)
        {
            return ConstantOrder.Unknown;
        }

        if (one == other)
        {
            return ConstantOrder.Equal;
        }

        if (type is "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision")
        {
            return decimal.TryParse(one, NumberStyles.Float, CultureInfo.InvariantCulture, out var left) && decimal.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out var right)
                ? Of(left.CompareTo(right))
                : ConstantOrder.Unknown;
        }

        if (type == "boolean")
        {
            return one is "true" or "false" && other is "true" or "false" ? ConstantOrder.Different : ConstantOrder.Unknown;
        }

        if (type is "date" or "timestamp without time zone" && one.Length == other.Length && IsIsoDate(one) && IsIsoDate(other))
        {
            return Of(string.CompareOrdinal(one, other));
        }

        // The order of texts depends on the collation; other types write one value in several ways.
        return OperatorFamilies.IsText(type) || (type is not null && OperatorFamilies.Family(type) is null) ? ConstantOrder.Different : ConstantOrder.Unknown;
    }

    private static bool IsIsoDate(string text) =>
        text.Length >= 10 && text[4] == '-' && text[7] == '-' && text.All(character => character is (>= '0' and <= '9') or '-' or ':' or '.' or ' ' or 'T');

    private static ConstantOrder Of(int comparison) => comparison < 0 ? ConstantOrder.Less : comparison > 0 ? ConstantOrder.Greater : ConstantOrder.Equal;
}
