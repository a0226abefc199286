using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Indexing;

/// <summary>Conditions in a form that an index serves, where they mean the same for every row and every value for which they worked before.</summary>
internal static class Rewrites
{
    /// <summary>The new text for the place of the condition; null where there is none.</summary>
    public static string? Of(TableUse use, Comparison comparison, ImmutableArray<TableIndex> indexes, SqlSource source)
    {
        if (comparison.Keys.Length != 1 || comparison.Values.Length != 1 || !IsWritten(comparison, source))
        {
            return null;
        }

        var key = comparison.Key;
        var value = comparison.Values[0];
        if (comparison.Operator == "ANY =" && key.Column is { } array)
        {
            var type = use.Table.FindColumn(array)?.Type;
            return type is not null && type.EndsWith("[]", StringComparison.Ordinal) && (value.Type is null || value.Type + "[]" == type)
                ? $"{Text(source, key.Span)} @> ARRAY[{Text(source, value.Span)}]::{type}"
                : null;
        }

        if (key.Column is { } column)
        {
            return value.Type is "numeric" or "double precision" or "real" && ContainerIndexes.TypeOf(use.Table, key) is "smallint" or "integer" or "bigint"
                && comparison.Operator is "=" && value is { Kind: QueryValueKind.Constant, Text: { } number }
                && decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && exact == decimal.Truncate(exact) && column.Length > 0
                    ? $"{Text(source, key.Span)} = {exact.ToString("0", CultureInfo.InvariantCulture)}"
                    : null;
        }

        return key.Expression is null || value is not { Kind: QueryValueKind.Constant, Text: { } text } ? null : CanonicalText.Strip(key.Expression) switch
        {
            CastExpression { Type: { Name: "date", IsArray: false } } cast when IsColumn(use.Table, cast.Operand, "timestamp without time zone") => OfDate(Text(source, cast.Operand.Span), comparison.Operator, text),
            FunctionCall { Name: { Name: "date", Schema: null }, Arguments: { Length: 1 } arguments } when IsColumn(use.Table, arguments[0], "timestamp without time zone") =>
                OfDate(Text(source, arguments[0].Span), comparison.Operator, text),
            BinaryExpression { Operator: "+" or "-" } sum when IsColumn(use.Table, sum.Left, "integer", "bigint") && sum.Right is LiteralExpression { Kind: LiteralKind.Number, Text: { } added } =>
                OfSum(Text(source, sum.Left.Span), sum.Operator, added, comparison.Operator, text),
            BinaryExpression { Operator: "->" } path when comparison.Operator == "@>" && path.Right is LiteralExpression { Kind: LiteralKind.String, Text: { } name } && Serves(indexes, path.Left) =>
                OfPath(Text(source, path.Left.Span), name, text),
            _ => null,
        };
    }

    /// <summary>
    /// <c>jsonb_path_exists(column, path)</c> as <c>column @? path</c>, which a GIN index serves; null where the condition is another one. The operator hides errors of the path, for which the
    /// function failed.
    /// </summary>
    public static (string Text, string Column)? OfFunction(Table table, Condition condition, SqlSource source)
    {
        if (condition.Span.Start < 0 || condition.Span.End > source.Text.Length
            || condition is not (OtherCondition or Comparison { Operator: "=", Keys.Length: 1, Key.Column: null, Value: { Kind: QueryValueKind.Constant, Text: "true" } })
            || IndexSuggestionText.Parse(Text(source, condition.Span)) is not { } expression
            || CanonicalText.Strip(expression) is not FunctionCall { Name: { Name: "jsonb_path_exists", HasHole: false, Schema: null or "pg_catalog" }, Arguments: { Length: 2 } arguments }
            || !IsColumn(table, arguments[0], "jsonb") || CanonicalText.Strip(arguments[0]) is not ColumnReference column
            || !(condition is OtherCondition other ? other.Columns : ((Comparison)condition).Key.Columns).SequenceEqual(new[] { column.Column })
            || CanonicalText.Strip(arguments[1]) is not LiteralExpression { Kind: LiteralKind.String, HasHole: false, Type: null } path)
        {
            return null;
        }

        return ($"{string.Join(".", column.Parts.Select(part => IndexSuggestionText.Quote(part.Text)))} @? '{path.Text!.Replace("'", "''")}'", column.Column);
    }

    // A day as an interval; infinity is no day.
    private static string? OfDate(string column, string op, string date)
    {
        if (!DateTime.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year > 9000)
        {
            return null;
        }

        string Day(int days) => "DATE '" + day.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "'";
        return op switch
        {
            "=" => $"{column} >= {Day(0)} AND {column} < {Day(1)}",
            "<" => $"{column} < {Day(0)}",
            "<=" => $"{column} < {Day(1)}",
            ">" => $"{column} >= {Day(1)}",
            ">=" => $"{column} >= {Day(0)}",
            _ => null,
        };
    }

    private static string? OfSum(string column, string op, string added, string comparison, string value)
    {
        if (comparison is not ("=" or "<" or "<=" or ">" or ">=") || !int.TryParse(added, NumberStyles.None, CultureInfo.InvariantCulture, out var by)
            || !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var total))
        {
            return null;
        }

        var moved = op == "+" ? (long)total - by : (long)total + by;
        return $"{column} {comparison} {moved.ToString(CultureInfo.InvariantCulture)}";
    }

    // An array holds a bare value only at the top: '["a"]' @> '"a"', and not '{"k": ["a"]}' @> '{"k": "a"}'.
    private static string? OfPath(string column, string name, string json)
    {
        var start = json.TrimStart();
        return (start.StartsWith("{", StringComparison.Ordinal) || start.StartsWith("[", StringComparison.Ordinal)) && name.All(character => character >= ' ' && character is not ('"' or '\\'))
            ? $"{column} @> '{{\"{name.Replace("'", "''")}\": {json.Replace("'", "''")}}}'"
            : null;
    }

    private static bool Serves(ImmutableArray<TableIndex> indexes, SqlExpression operand) => CanonicalText.Strip(operand) is ColumnReference column
        && indexes.Any(index => index is { Method: "gin", IsValid: true, IsIncomplete: false, Predicate: null } && index.Keys.Any(key => key.Column == column.Column && key.OperatorClass is null or "jsonb_ops" or "jsonb_path_ops"));

    private static bool IsColumn(Table table, SqlExpression expression, params string[] types) =>
        CanonicalText.Strip(expression) is ColumnReference { HasHole: false, IsStar: false } column && table.FindColumn(column.Column)?.Type is { } type && types.Contains(type);

    /// <summary>Whether the condition stands in this text: one that comes from a view does not.</summary>
    private static bool IsWritten(Comparison comparison, SqlSource source)
    {
        bool Inside(SqlSpan span) => span.Start >= 0 && span.Length > 0 && comparison.Span.Contains(span);
        return comparison.Span.Start >= 0 && comparison.Span.End <= source.Text.Length && Inside(comparison.Key.Span) && comparison.Values.All(value => Inside(value.Span))
            && (comparison.Key.Column is not { } column || Text(source, comparison.Key.Span).IndexOf(column, StringComparison.OrdinalIgnoreCase) >= 0)
            && comparison.Key.Columns.All(name => Text(source, comparison.Span).IndexOf(name, StringComparison.OrdinalIgnoreCase) >= 0)
            && IndexSuggestionText.Parse(Text(source, comparison.Span)) is { } written && CanonicalText.Strip(written) switch
            {
                // Under NOT the text says the opposite.
                BinaryExpression binary => binary.Operator == (comparison.Key.Span.Start < comparison.Values[0].Span.Start ? comparison.Operator : PredicateReader.Turn(comparison.Operator)),
                QuantifiedExpression { IsAll: false, Operator: "=" } => comparison.Operator == "ANY =",
                _ => false,
            };
    }

    private static string Text(SqlSource source, SqlSpan span) => source.ToString(span);
}
