using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <summary>Judges a hole by the tokens beside it, where no tree tells more: behind a syntax error, and in statements that are passed over.</summary>
internal sealed class HoleNeighbours
{
    private readonly SqlSource _source;
    private readonly ImmutableArray<SqlToken> _tokens;

    public HoleNeighbours(SqlSource source, ImmutableArray<SqlToken> tokens)
    {
        _source = source;
        _tokens = tokens;
    }

    /// <summary>The role of a hole, and the token that it stands in.</summary>
    public (HoleRole Role, SqlSpan Token) Judge(int position, string verb, bool takesParameters)
    {
        var index = Find(position);
        if (index < 0)
        {
            return (HoleRole.Clause, new SqlSpan(position, Math.Min(1, Math.Max(0, _source.Text.Length - position))));
        }

        var token = _tokens[index];
        var role = token.Kind switch
        {
            SqlTokenKind.String or SqlTokenKind.BitString => HoleRole.StringConstant,
            SqlTokenKind.DollarString => HoleRole.DollarBody,
            SqlTokenKind.QuotedName => HoleRole.QuotedName,
            SqlTokenKind.Word => HoleRole.BareNamePart,
            SqlTokenKind.Parameter => HoleRole.ParameterName,
            SqlTokenKind.Bad => BadRole(token),
            _ => takesParameters ? QueryRole(index) : UtilityRole(index, verb),
        };
        return (role, token.Span);
    }

    /// <summary>An unterminated constant: half typed.</summary>
    private HoleRole BadRole(SqlToken token) => _source.Text[token.Start] switch
    {
        '"' => HoleRole.QuotedName,
        '$' => HoleRole.DollarBody,
        '/' => HoleRole.Comment,
        _ => HoleRole.StringConstant,
    };

    private int Find(int position)
    {
        int low = 0, high = _tokens.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_tokens[middle].End <= position)
            {
                low = middle + 1;
            }
            else if (_tokens[middle].Start > position)
            {
                high = middle - 1;
            }
            else
            {
                return middle;
            }
        }

        return -1;
    }

    private HoleRole QueryRole(int index)
    {
        var next = _tokens[index + 1];
        if (index == 0)
        {
            return HoleRole.Statement;
        }

        var last = _tokens[index - 1];
        if (last.Kind == SqlTokenKind.Semicolon)
        {
            return HoleRole.Statement;
        }

        if (last.Kind == SqlTokenKind.Dot || next.Kind == SqlTokenKind.Dot)
        {
            return HoleRole.BareName;
        }

        switch (last.Kind)
        {
            case SqlTokenKind.Operator:
                return HoleRole.Operand;
            case SqlTokenKind.Word:
                switch (last.Text)
                {
                    case "from" or "join" or "into" or "update" or "table" or "only" or "using":
                        return HoleRole.BareName;
                    case "like" or "ilike" or "between" or "then" or "else" or "to" when last.Text != "to" || index > 1 && _tokens[index - 2].Is("similar"):
                        return HoleRole.Operand;
                    case "limit" or "offset" or "top":
                        return HoleRole.Limit;
                    case "by":
                        return HoleRole.SortColumn;
                    default:
                        return next.IsOperator("=") ? HoleRole.BareName : HoleRole.Clause;
                }

            case SqlTokenKind.OpenParen when index > 1 && _tokens[index - 2].Is("in"):
                return HoleRole.InList;
            case SqlTokenKind.OpenParen when index > 1 && (_tokens[index - 2].Is("values") || _tokens[index - 2].Is("any")):
                return HoleRole.Operand;
            case SqlTokenKind.Comma:
                return CommaRole(index);
            default:
                return HoleRole.Clause;
        }
    }

    /// <summary>Behind a comma: a value inside VALUES (..) or IN (..), looked for a few tokens back only.</summary>
    private HoleRole CommaRole(int index)
    {
        var depth = 0;
        for (var i = index - 1; i > 0 && index - i < 200; i--)
        {
            var kind = _tokens[i].Kind;
            if (kind == SqlTokenKind.CloseParen)
            {
                depth++;
            }
            else if (kind == SqlTokenKind.OpenParen && --depth < 0)
            {
                return _tokens[i - 1].Is("values") ? HoleRole.Operand
                    : _tokens[i - 1].Is("in") ? HoleRole.InList
                    : _tokens[i - 1].Kind == SqlTokenKind.Comma ? HoleRole.Operand
                    : HoleRole.Clause;
            }
            else if (depth == 0 && _tokens[i].Is("by"))
            {
                return HoleRole.SortColumn;
            }
            else if (kind == SqlTokenKind.Semicolon)
            {
                break;
            }
        }

        return HoleRole.Clause;
    }

    private HoleRole UtilityRole(int index, string verb)
    {
        if (index == 0)
        {
            return HoleRole.Statement;
        }

        var last = _tokens[index - 1];
        var next = _tokens[index + 1];
        if (last.Kind == SqlTokenKind.Dot || next.Kind == SqlTokenKind.Dot)
        {
            return HoleRole.UtilityName;
        }

        if (last.Kind == SqlTokenKind.Operator)
        {
            return HoleRole.UtilityValue;
        }

        if (verb == "SET" && last.Is("to"))
        {
            return HoleRole.UtilityValue;
        }

        if (last.Kind == SqlTokenKind.Word && last.Text is "table" or "view" or "index" or "sequence" or "schema" or "database" or "role" or "user"
            or "function" or "procedure" or "type" or "domain" or "trigger" or "extension" or "exists" or "only" or "into" or "on" or "to" or "from"
            or "truncate" or "copy" or "listen" or "notify" or "unlisten" or "column" or "constraint" or "concurrently" or "references" or "tablespace"
            or "authorization" or "group" or "by" or "savepoint" or "release" or "call" or "execute" or "deallocate" or "close" or "rename" or "add"
            or "publication" or "subscription" or "policy" or "server" or "language" or "collation" or "owner" or "analyze" or "vacuum" or "lock"
            or "cluster" or "refresh" or "reindex" or "exec" or "show" or "reset" or "prepare" or "declare" or "fetch" or "move" or "of")
        {
            return HoleRole.UtilityName;
        }

        if (last.Kind == SqlTokenKind.Comma && verb is "TRUNCATE" or "DROP TABLE" or "LOCK" or "DROP VIEW" or "DROP")
        {
            return HoleRole.UtilityName;
        }

        return last.Is("password") || last.Is("default") || last.Is("values") || last.Is("limit") ? HoleRole.UtilityValue : HoleRole.Clause;
    }
}
