using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Schema;

/// <summary>The text that an expression of EXECUTE makes: constants, <c>||</c>, <c>format</c>, <c>concat</c>, <c>quote_ident</c>; everything else is a hole.</summary>
internal sealed class DynamicText
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _holes = new();

    /// <summary>A text that nobody knows.</summary>
    public static SqlSource Nothing { get; } = new(SqlSource.HoleMark.ToString(), ImmutableArray.Create(0));

    public static SqlSource Of(SqlExpression expression)
    {
        var text = new DynamicText();
        text.Add(expression, 0);
        return new SqlSource(text._text.ToString(), text._holes.ToImmutableArray());
    }

    private void AddHole()
    {
        // Two beside each other are as unknown as one.
        if (_holes.Count == 0 || _holes[_holes.Count - 1] != _text.Length - 1)
        {
            _holes.Add(_text.Length);
            _text.Append(SqlSource.HoleMark);
        }
    }

    private void Add(SqlExpression expression, int depth)
    {
        if (depth > 500)
        {
            AddHole();
            return;
        }

        switch (expression)
        {
            case ParenthesizedExpression parenthesized:
                Add(parenthesized.Operand, depth + 1);
                break;
            case LiteralExpression { Kind: LiteralKind.String, Text: { } constant }:
                _text.Append(constant);
                break;
            case CastExpression { Type.Name: "text" or "character varying" } cast:
                Add(cast.Operand, depth + 1);
                break;
            case BinaryExpression { Operator: "||" } joined:
                Add(joined.Left, depth + 1);
                Add(joined.Right, depth + 1);
                break;
            case FunctionCall { Name.Name: "concat" } concat:
                foreach (var argument in concat.Arguments)
                {
                    Add(argument, depth + 1);
                }

                break;
            case FunctionCall { Name.Name: "quote_ident", Arguments: { Length: 1 } arguments } when Constant(arguments[0]) is { } name:
                _text.Append(Quote(name));
                break;
            case FunctionCall { Name.Name: "format", Arguments: { IsEmpty: false } arguments } when Constant(arguments[0]) is { } pattern:
                AddFormat(pattern, arguments);
                break;
            default:
                AddHole();
                break;
        }
    }

    private static string? Constant(SqlExpression expression) => CanonicalText.Strip(expression) switch
    {
        LiteralExpression { Kind: LiteralKind.String or LiteralKind.Number, Text: { } text } => text,
        CastExpression cast => Constant(cast.Operand),
        _ => null,
    };

    private static string Quote(string name) =>
        name.Length > 0 && name.All(c => c is (>= 'a' and <= 'z') or '_' or (>= '0' and <= '9')) && !char.IsDigit(name[0]) ? name : "\"" + name.Replace("\"", "\"\"") + "\"";

    /// <summary><c>%s %I %L %%</c>, with a position as <c>%1$s</c>, and widths, which are holes.</summary>
    private void AddFormat(string pattern, ImmutableArray<SqlExpression> arguments)
    {
        var next = 1;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%')
            {
                _text.Append(pattern[i]);
                continue;
            }

            i++;
            if (i < pattern.Length && pattern[i] == '%')
            {
                _text.Append('%');
                continue;
            }

            var digits = i;
            while (digits < pattern.Length && char.IsDigit(pattern[digits]))
            {
                digits++;
            }

            if (digits < pattern.Length && pattern[digits] == '$' && int.TryParse(pattern.Substring(i, digits - i), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            {
                next = position;
                i = digits + 1;
            }

            var value = next >= 1 && next < arguments.Length ? arguments[next] : null;
            next++;
            switch (i < pattern.Length ? pattern[i] : '\0')
            {
                case 's' when value is not null:
                    if (Constant(value) is { } text)
                    {
                        _text.Append(text);
                    }
                    else
                    {
                        Add(value, 1);
                    }

                    break;
                case 'I' when value is not null && Constant(value) is { } name:
                    _text.Append(Quote(name));
                    break;
                case 'L' when value is not null && Constant(value) is { } literal:
                    _text.Append('\'').Append(literal.Replace("'", "''")).Append('\'');
                    break;
                default:
                    AddHole();
                    break;
            }
        }
    }
}
