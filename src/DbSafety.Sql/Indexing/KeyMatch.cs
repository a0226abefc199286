using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Indexing;

/// <summary>Whether one key of an index can be searched with one comparison, by its access method and operator class (<c>indxpath.c</c>, <c>match_clause_to_indexcol</c>).</summary>
internal static class KeyMatch
{
    /// <summary>Whether the key can be searched.</summary>
    /// <param name="table">The table of the index.</param>
    /// <param name="index">The index.</param>
    /// <param name="key">One of its keys.</param>
    /// <param name="comparison">The comparison.</param>
    public static IndexFit Fit(Table table, TableIndex index, IndexKey key, Comparison comparison)
    {
        var values = comparison.Values.All(value => value.Kind switch
        {
            QueryValueKind.Volatile => IndexFit.No,
            QueryValueKind.Unknown => IndexFit.Maybe,
            _ => IndexFit.Serves,
        });
        if (values == IndexFit.No)
        {
            return IndexFit.No;
        }

        if (comparison.Keys.Length == 1)
        {
            return values.And(Fit(table, index, key, comparison.Key, comparison.Operator, comparison.Values));
        }

        // Of rows: equality holds for each key, an order for the first one.
        var arity = comparison.Keys.Length;
        var isEquality = comparison.Operator is "=" or "IN";
        if (index.Method is not "btree" && !isEquality)
        {
            return IndexFit.No;
        }

        return values.And(Enumerable.Range(0, isEquality ? arity : 1).Any(i =>
            Fit(table, index, key, comparison.Keys[i], comparison.Operator, comparison.Values.Where((_, at) => at % arity == i).ToImmutableArray())));
    }

    /// <summary>Whether the key of the index is what the query compares, as it is or cast to a type.</summary>
    public static IndexFit IsSame(Table table, IndexKey key, QueryKey queried, string? castTo)
    {
        if (key.Column is not null)
        {
            return castTo is null && key.Column == queried.Column ? IndexFit.Serves : IndexFit.No;
        }

        if (queried.Column is not null && castTo is null)
        {
            return IndexFit.No;
        }

        if (key.Expression?.TextIn(table) is not { } text || TextOf(queried) is not { } searched)
        {
            return IndexFit.Maybe;
        }

        return text == (castTo is null ? searched : searched + "::" + castTo) ? IndexFit.Serves : IndexFit.No;
    }

    /// <summary>The one form of a key.</summary>
    public static string? TextOf(QueryKey key) => key.Column is { } column ? "\"" + column + "\"" : key.Text;

    /// <summary>The column itself, where a cast changes nothing but the name of the type: text as varchar, and back.</summary>
    private static QueryKey Uncast(Table table, QueryKey key) =>
        key is { Column: null, Columns.Length: 1, Expression: { } expression } && CanonicalText.Strip(expression) is CastExpression { IsTypePrefix: false, Type: { Name: "text" or "character varying", IsArray: false } type } cast
        && type.Modifiers.IsEmpty && CanonicalText.Strip(cast.Operand) is ColumnReference && table.FindColumn(key.Columns[0]) is { Type: "text" or "character varying" } column
            ? key with { Column = column.Name, Text = null }
            : key;

    private static IndexFit Fit(Table table, TableIndex index, IndexKey key, QueryKey queried, string op, ImmutableArray<QueryValue> values)
    {
        queried = Uncast(table, queried);
        var type = queried.Type ?? (queried.Column is { } column ? table.FindColumn(column)?.Type : null);
        var cast = op is "IS NULL" or "IS NOT NULL" ? KeyCast.None : Cast(type, op, values);
        var same = IsSame(table, key, queried, cast.CastTo);
        if (same == IndexFit.No)
        {
            return IndexFit.No;
        }

        type = cast.CastTo ?? type;
        var fit = index.Method switch
        {
            "btree" => Ordered(table, key, queried, type, op, values, isBrin: false),
            "hash" => Hash(table, key, queried, type, op, values),
            "gin" => Gin(key, type, op, values),
            "gist" => Gist(key, type, op, values, table, queried),
            "spgist" => SpGist(key, type, op, values),
            "brin" => Brin(table, key, queried, type, op, values),
            _ => IndexFit.Maybe,
        };
        return fit.And(same).And(cast.CastTo is null ? cast.Fit : IndexFit.Serves);
    }

    private static KeyCast Cast(string? type, string op, ImmutableArray<QueryValue> values)
    {
        if (!IsOrdered(Base(op)))
        {
            return KeyCast.None;
        }

        var worst = KeyCast.None;
        foreach (var value in values)
        {
            var cast = OperatorFamilies.Compare(type, value);
            if (cast.Fit < worst.Fit)
            {
                worst = cast;
            }
        }

        return worst;
    }

    private static bool IsOrdered(string op) => op is "=" or "<" or "<=" or ">" or ">=";

    /// <summary>The operator that is applied to each element: <c>IN</c> and <c>= ANY</c> are <c>=</c>; null for ALL.</summary>
    public static string Base(string op) =>
        op == "IN" ? "=" : op.EndsWith(" ANY", StringComparison.Ordinal) ? op.Substring(0, op.Length - 4) : op;

    private static bool SameCollation(Table table, IndexKey key, QueryKey queried, string? type)
    {
        if (!OperatorFamilies.IsCollatable(type))
        {
            return true;
        }

        var column = queried.Column is { } name ? Normal(table.FindColumn(name)?.Collation) : null;
        return (Normal(key.Collation) ?? column) == (Normal(queried.Collation) ?? column);
    }

    private static string? Normal(string? collation) => collation is "default" ? null : collation;

    private static bool IsC(Table table, IndexKey key, QueryKey queried, string? type) =>
        type is "name" || (Normal(key.Collation) ?? (queried.Column is { } name ? Normal(table.FindColumn(name)?.Collation) : null)) is "C" or "POSIX" or "ucs_basic";

    private static IndexFit Ordered(Table table, IndexKey key, QueryKey queried, string? type, string op, ImmutableArray<QueryValue> values, bool isBrin)
    {
        if (op is "IS NULL" or "IS NOT NULL")
        {
            return IndexFit.Serves;
        }

        var isPattern = key.OperatorClass is "text_pattern_ops" or "varchar_pattern_ops" or "bpchar_pattern_ops";
        if (!isPattern && !IsPlainClass(key.OperatorClass, isBrin))
        {
            return IndexFit.Maybe;
        }

        if (PatternOf(op, values) is { } start)
        {
            if (type is null)
            {
                return start == PatternStart.Any ? IndexFit.No : IndexFit.Maybe;
            }

            if (!OperatorFamilies.IsText(type))
            {
                return IndexFit.No;
            }

            return start switch
            {
                PatternStart.Any => IndexFit.No,
                PatternStart.Unknown => IndexFit.Maybe,
                PatternStart.Exact when SameCollation(table, key, queried, type) => IndexFit.Serves,
                _ => isPattern || IsC(table, key, queried, type) ? IndexFit.Serves : IndexFit.No,
            };
        }

        var plain = Base(op);
        if (!IsOrdered(plain) || (isPattern && plain != "="))
        {
            return IndexFit.No;
        }

        return SameCollation(table, key, queried, type) ? IndexFit.Serves : IndexFit.No;
    }

    private static PatternStart? PatternOf(string op, ImmutableArray<QueryValue> values)
    {
        if (op is not ("LIKE" or "ILIKE" or "~~" or "~~*" or "~" or "~*" or "^@" or "SIMILAR TO"))
        {
            return null;
        }

        if (values.Length != 1 || values[0].Kind == QueryValueKind.OtherTable)
        {
            return PatternStart.Any;
        }

        if (values[0] is not { Kind: QueryValueKind.Constant, Text: { } text })
        {
            return PatternStart.Unknown;
        }

        return op switch
        {
            "LIKE" or "~~" => Patterns.OfLike(text),
            "ILIKE" or "~~*" => Patterns.OfIgnoreCase(text),
            "~" => Patterns.OfRegex(text),
            "^@" => text.Length > 0 ? PatternStart.Prefix : PatternStart.Unknown,
            _ => Patterns.OfRegex(text) == PatternStart.Any && op == "~*" ? PatternStart.Any : PatternStart.Unknown,
        };
    }

    private static IndexFit Hash(Table table, IndexKey key, QueryKey queried, string? type, string op, ImmutableArray<QueryValue> values)
    {
        if (PatternOf(op, values) is { } start)
        {
            return start switch
            {
                PatternStart.Exact when OperatorFamilies.IsText(type) && SameCollation(table, key, queried, type) => IndexFit.Serves,
                PatternStart.Unknown or PatternStart.Exact => IndexFit.Maybe,
                _ => IndexFit.No,
            };
        }

        if (Base(op) != "=" || !SameCollation(table, key, queried, type))
        {
            return IndexFit.No;
        }

        return values.All(value => OperatorFamilies.HashCrosses(type, value.Type)) ? IndexFit.Serves : IndexFit.No;
    }

    private static IndexFit Brin(Table table, IndexKey key, QueryKey queried, string? type, string op, ImmutableArray<QueryValue> values)
    {
        if (op is "IS NULL" or "IS NOT NULL")
        {
            return IndexFit.Serves;
        }

        if (key.OperatorClass is { } name)
        {
            if (name.EndsWith("_bloom_ops", StringComparison.Ordinal))
            {
                return Base(op) == "=" ? SameType(type, values) : IndexFit.No;
            }

            if (!name.EndsWith("_minmax_ops", StringComparison.Ordinal) && !name.EndsWith("_minmax_multi_ops", StringComparison.Ordinal))
            {
                return IndexFit.Maybe;
            }
        }

        if (type is null)
        {
            return IndexFit.Maybe;
        }

        if (OperatorFamilies.IsRange(type))
        {
            return RangeOperator(op);
        }

        return Ordered(table, key with { OperatorClass = null }, queried, type, op, values, isBrin: true);
    }

    private static IndexFit Gin(IndexKey key, string? type, string op, ImmutableArray<QueryValue> values)
    {
        var name = key.OperatorClass ?? type switch
        {
            null => null,
            "jsonb" => "jsonb_ops",
            "tsvector" => "tsvector_ops",
            "hstore" => "gin_hstore_ops",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => "array_ops",
            _ => "scalar",
        };
        return name switch
        {
            "jsonb_ops" => Among(op, "@>", "?", "?|", "?&", "@?", "@@"),
            "jsonb_path_ops" => Among(op, "@>", "@?", "@@"),
            "array_ops" => Among(op, "@>", "<@", "&&", "="),
            "tsvector_ops" => Among(op, "@@", "@@@"),
            "gin_hstore_ops" => Among(op, "@>", "?", "?|", "?&"),
            "gin_trgm_ops" => Trigrams(op),
            "scalar" or "text_ops" or "int4_ops" or "int8_ops" or "uuid_ops" or "varchar_ops" => IsOrdered(Base(op)) ? SameType(type, values) : op is "IS NULL" or "IS NOT NULL" ? IndexFit.No : IndexFit.Maybe,
            _ => op is "IS NULL" or "IS NOT NULL" ? IndexFit.No : IndexFit.Maybe,
        };
    }

    private static IndexFit Gist(IndexKey key, string? type, string op, ImmutableArray<QueryValue> values, Table table, QueryKey queried)
    {
        if (op is "IS NULL" or "IS NOT NULL")
        {
            return IndexFit.Serves;
        }

        if (key.OperatorClass == "gist_trgm_ops")
        {
            return Trigrams(op);
        }

        return type switch
        {
            "tsvector" => Among(op, "@@"),
            "inet" or "cidr" when key.OperatorClass == "inet_ops" => NetworkOperator(op),
            null or "inet" or "cidr" or "hstore" or "ltree" => IndexFit.Maybe,
            _ when OperatorFamilies.IsRange(type) => RangeOperator(op),
            _ when OperatorFamilies.IsGeometric(type) => IsOrdered(Base(op)) && op != "=" ? IndexFit.No : IndexFit.Maybe,
            _ when OperatorFamilies.Family(type) is null or "array_ops" => IndexFit.Maybe,
            _ when Base(op) == "<>" => IndexFit.Maybe,
            _ => IsOrdered(Base(op)) && SameCollation(table, key, queried, type) ? SameType(type, values) : IndexFit.No,
        };
    }

    private static IndexFit SpGist(IndexKey key, string? type, string op, ImmutableArray<QueryValue> values)
    {
        if (op is "IS NULL" or "IS NOT NULL")
        {
            return IndexFit.Serves;
        }

        if (key.OperatorClass is not null and not "text_ops" and not "range_ops" and not "inet_ops")
        {
            return IndexFit.Maybe;
        }

        return type switch
        {
            "text" or "character varying" when PatternOf(op, values) is { } start => start is PatternStart.Any ? IndexFit.No : start is PatternStart.Unknown ? IndexFit.Maybe : IndexFit.Serves,
            "text" or "character varying" => IsOrdered(Base(op)) ? IndexFit.Serves : IndexFit.No,
            "inet" or "cidr" => NetworkOperator(op),
            not null when OperatorFamilies.IsRange(type) => RangeOperator(op),
            _ => IndexFit.Maybe,
        };
    }

    private static IndexFit RangeOperator(string op) => Among(op, "=", "&&", "@>", "<@", "<<", ">>", "&<", "&>", "-|-");

    private static IndexFit NetworkOperator(string op) => Among(op, "=", "<", "<=", ">", ">=", "&&", "<<", "<<=", ">>", ">>=", "<>");

    private static IndexFit Trigrams(string op) => op switch
    {
        "LIKE" or "ILIKE" or "~~" or "~~*" or "~" or "~*" or "%" or "<%" or "%>" or "<<%" or "%>>" => IndexFit.Serves,
        "=" or "IN" or "= ANY" or "SIMILAR TO" or "LIKE ANY" or "ILIKE ANY" => IndexFit.Maybe,
        _ => IndexFit.No,
    };

    private static IndexFit Among(string op, params string[] operators) => operators.Contains(Base(op)) ? IndexFit.Serves : IndexFit.No;

    private static IndexFit SameType(string? type, ImmutableArray<QueryValue> values) =>
        values.All(value => value.Type is null || value.Type == type || value.Type == type + "[]" || OperatorFamilies.Family(type) == "text_ops" ? IndexFit.Serves : IndexFit.No);

    /// <summary>Whether a class sorts as the type does by default: it is the default one, or is called like one.</summary>
    public static bool IsPlainClass(string? name, bool isBrin = false) => name switch
    {
        null => true,
        "int2_ops" or "int4_ops" or "int8_ops" or "float4_ops" or "float8_ops" or "numeric_ops" or "text_ops" or "varchar_ops" or "bpchar_ops" or "name_ops" or "date_ops"
            or "timestamp_ops" or "timestamptz_ops" or "time_ops" or "timetz_ops" or "interval_ops" or "uuid_ops" or "bool_ops" or "inet_ops" or "cidr_ops" or "bytea_ops"
            or "oid_ops" or "jsonb_ops" or "array_ops" or "enum_ops" or "citext_ops" or "char_ops" or "money_ops" or "macaddr_ops" or "bit_ops" or "varbit_ops" or "range_ops" => !isBrin,
        _ => false,
    };
}
