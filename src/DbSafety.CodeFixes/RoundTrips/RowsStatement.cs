using System.Collections.Immutable;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A statement for one row, rewritten so that it takes an array for each of its parameters.</summary>
/// <param name="IsInsert">INSERT, else DELETE.</param>
/// <param name="Span">The characters that change.</param>
/// <param name="Text">What they become.</param>
/// <param name="Parameters">The names of the parameters, each once, in the order of the text.</param>
internal sealed record RowsStatement(bool IsInsert, SqlSpan Span, string Text, ImmutableArray<string> Parameters)
{
    /// <summary>Functions without arguments that give each row what they gave each statement.</summary>
    private static readonly ImmutableHashSet<string> s_functions = ImmutableHashSet.Create(
        "now", "current_timestamp", "localtimestamp", "current_date", "current_time", "localtime", "transaction_timestamp", "statement_timestamp", "clock_timestamp",
        "gen_random_uuid", "uuid_generate_v4", "random", "current_user", "session_user");

    /// <summary>The rewritten statement, or null where one statement would not do the same as many.</summary>
    public static RowsStatement? Of(SqlTree tree)
    {
        if (!tree.Errors.IsEmpty || tree.Statements.Length != 1 || tree.Statements[0] is not WriteStatement { With.IsAbsent: true, Returning.IsAbsent: true } statement ||
            tree.Parameters.Any(parameter => parameter.Style is not (ParameterStyle.At or ParameterStyle.Colon)))
        {
            return null;
        }

        var names = tree.Parameters.Select(parameter => parameter.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToImmutableArray();
        var result = statement switch
        {
            InsertStatement insert => Insert(tree, insert, names),
            DeleteStatement delete => Delete(tree, delete, names),
            _ => null,
        };
        return result is not null && IsPlain(result.Text) ? result : null;
    }

    // VALUES (@A, now()) -> SELECT r.a, now() FROM unnest(@A) AS r(a)
    private static RowsStatement? Insert(SqlTree tree, InsertStatement insert, ImmutableArray<string> names)
    {
        // DO UPDATE must not meet a row twice in one statement.
        if (insert.OnConflict.IsUnknown || insert.OnConflict.Value is { IsDoNothing: false } || insert.Columns.IsUnknown || names.IsEmpty ||
            insert.Query is not ValuesQuery { HasUnknownRows: false, Rows: { Length: 1 } rows, OrderBy.IsAbsent: true, Limit.IsAbsent: true, Offset.IsAbsent: true } values ||
            !rows[0].Items.All(IsRowValue) || tree.Parameters.Any(parameter => !rows[0].Span.Contains(parameter.Span)))
        {
            return null;
        }

        var span = SqlSpan.FromBounds(values.Span.Start, rows[0].Span.End);
        var arrays = "unnest(" + string.Join(", ", names.Select(name => "@" + name)) + ")";
        if (rows[0].Items.All(item => item is ParameterExpression) && rows[0].Items.Length == names.Length)
        {
            return new RowsStatement(true, span, "SELECT * FROM " + arrays, names);
        }

        return Named(names.Select(name => name.ToLowerInvariant()).ToImmutableArray()) ?? Named(names.Select((_, index) => $"c{index + 1}").ToImmutableArray());

        RowsStatement? Named(ImmutableArray<string> columns)
        {
            var items = rows[0].Items.Select(item => Written(tree, item, parameter => "r." + columns[IndexOf(names, parameter.Name)]));
            var text = $"SELECT {string.Join(", ", items)} FROM {arrays} AS r({string.Join(", ", columns)})";
            var changed = tree.Source.Text.Substring(0, span.Start) + text + tree.Source.Text.Substring(span.End);
            return tree.Source.Holes.IsEmpty && SqlParser.Parse(new SqlSource(changed)).Errors.IsEmpty ? new RowsStatement(true, span, text, names) : null;
        }
    }

    // WHERE id = @Id -> WHERE id = ANY(@Id)
    private static RowsStatement? Delete(SqlTree tree, DeleteStatement delete, ImmutableArray<string> names) =>
        delete.Using.IsAbsent && tree.Parameters.Length == 1 && delete.Where.Value?.Expression is BinaryExpression
        {
            Operator: "=", Left: ColumnReference { IsStar: false, HasHole: false }, Right: ParameterExpression { Span: var span } parameter,
        }
            ? new RowsStatement(false, span, $"ANY({tree.Source.ToString(parameter.Span)})", names)
            : null;

    private static int IndexOf(ImmutableArray<string> names, string name) =>
        names.IndexOf(names.First(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase)));

    private static bool IsRowValue(SqlExpression value) => value switch
    {
        ParameterExpression => true,
        LiteralExpression { HasHole: false } => true,
        CastExpression { IsTypePrefix: false } cast => IsRowValue(cast.Operand),
        ParenthesizedExpression parens => IsRowValue(parens.Operand),
        UnaryExpression { Operator: "-" or "+" } signed => IsRowValue(signed.Operand),
        FunctionCall { Arguments.IsEmpty: true, Over: null, Filter: null, IsStar: false } call => call.Name.Parts.Length == 1 && s_functions.Contains(call.Name.Name),
        _ => false,
    };

    private static string Written(SqlTree tree, SqlExpression value, Func<SqlParameter, string> name)
    {
        var text = tree.Source.ToString(value.Span);
        foreach (var parameter in tree.Parameters.Where(parameter => value.Span.Contains(parameter.Span)).Reverse())
        {
            var start = parameter.Span.Start - value.Span.Start;
            text = text.Substring(0, start) + name(parameter) + text.Substring(start + parameter.Span.Length);
        }

        return text;
    }

    // Needs no escape, in whatever literal of C# it is written.
    private static bool IsPlain(string text) => text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\' or '{' or '}'));
}
