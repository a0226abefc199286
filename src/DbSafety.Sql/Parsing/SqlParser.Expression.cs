using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Expressions: PostgreSQL's a_expr, b_expr and c_expr, by precedence climbing.</content>
public sealed partial class SqlParser
{
    // The levels of gram.y's %left, %right and %nonassoc, from loose to tight.
    private const int LevelOr = 1;
    private const int LevelAnd = 2;
    private const int LevelNot = 3;
    private const int LevelIs = 4;
    private const int LevelComparison = 5;
    private const int LevelLike = 6;
    private const int LevelOperator = 9;
    private const int LevelAdd = 10;
    private const int LevelMultiply = 11;
    private const int LevelPower = 12;
    private const int LevelAt = 13;
    private const int LevelCollate = 14;
    private const int LevelSign = 15;
    private const int LevelCast = 18;

    private static readonly ImmutableHashSet<string> JsonFunctions =
        ImmutableHashSet.Create("json", "json_scalar", "json_serialize", "json_exists", "json_value", "json_query");

    [Flags]
    private enum ExpressionMode
    {
        None = 0,

        /// <summary>b_expr: no AND, OR, NOT, LIKE, IN, BETWEEN, IS NULL.</summary>
        Restricted = 1,

        /// <summary>A column label may follow without AS, and it may be a keyword such as AND.</summary>
        LabelMayFollow = 2,

        /// <summary>A hole behind the expression is not its operator.</summary>
        NoHoleOperator = 4,
    }

    private SqlExpression ParseExpression(ExpressionMode mode = ExpressionMode.None) => ParseExpression(0, mode);

    private SqlExpression ParseExpression(int minLevel, ExpressionMode mode)
    {
        if (!Enter())
        {
            Leave();
            return new UnknownExpression(Current.Span);
        }

        var left = ParsePrefix(mode & ExpressionMode.Restricted);
        var result = ParseInfix(left, minLevel, mode);
        Leave();
        return result;
    }

    private ImmutableArray<SqlExpression> ParseExpressions() => ParseList(() => ParseExpression());

    private ImmutableArray<SqlExpression> ParseParenthesizedExpressions()
    {
        Expect(SqlTokenKind.OpenParen);
        var items = ParseExpressions();
        Expect(SqlTokenKind.CloseParen);
        return items;
    }

    private SqlExpression ParseInfix(SqlExpression left, int minLevel, ExpressionMode mode)
    {
        var start = left.Span.Start;
        var restricted = (mode & ExpressionMode.Restricted) != 0;
        var barred = 0; // the level whose operator may not follow, because it does not associate
        var hasHole = false; // a hole may be the NOT of the operator behind it
        var chain = 0;
        while (true)
        {
            if (++chain > MaxChain)
            {
                Fail("too long a chain of operators");
                return left;
            }

            var token = Current;
            if (token.Kind == SqlTokenKind.TypeCast)
            {
                if (LevelCast < minLevel)
                {
                    return left;
                }

                Advance();
                left = new CastExpression(From(start), left, ParseTypeName()) with { Span = From(start) };
                barred = 0;
            }
            else if (token.Kind == SqlTokenKind.Operator)
            {
                var level = OperatorLevel(token.Text!);
                if (level < minLevel)
                {
                    return left;
                }

                if (level == LevelComparison && barred == level)
                {
                    Fail("syntax error: comparisons do not chain");
                    return left;
                }

                if (mode == (ExpressionMode.LabelMayFollow | mode) && token.Text == "*" && left is HoleExpression && EndsSelectItem(Peek(1)))
                {
                    return left;
                }

                Advance();
                left = ParseOperator(start, left, token.Text!, level, restricted, out barred);
            }
            else if (token.Kind == SqlTokenKind.Word)
            {
                if (!ParseKeywordOperator(ref left, ref barred, start, minLevel, mode))
                {
                    return left;
                }

                if (hasHole)
                {
                    hasHole = false;
                    left = left switch
                    {
                        InExpression within => within with { IsNegationUnknown = true },
                        LikeExpression like => like with { IsNegationUnknown = true },
                        BetweenExpression between => between with { IsNegationUnknown = true },
                        _ => left,
                    };
                }
            }
            else if (token.Kind == SqlTokenKind.Hole && !restricted && (mode & ExpressionMode.NoHoleOperator) == 0 && IsHoleOperator(left))
            {
                // a {op} 1
                if (LevelComparison < minLevel || barred == LevelComparison)
                {
                    return left;
                }

                _marks.Mark(Advance().Span, HoleRole.Keyword);
                left = ParseOperator(start, left, "", LevelComparison, restricted, out barred);
            }
            else if (token.Kind == SqlTokenKind.Hole && !restricted && LevelLike >= minLevel
                && Peek(1).Kind == SqlTokenKind.Word && Peek(1).Text is "in" or "like" or "ilike" or "between" or "similar")
            {
                _marks.Mark(Advance().Span, HoleRole.Keyword); // a {not} IN (1)
                hasHole = true;
            }
            else
            {
                return left;
            }
        }
    }

    /// <summary>Whether a hole behind an operand is its comparison operator: another operand follows, and the left side is no condition yet.</summary>
    private bool IsHoleOperator(SqlExpression left)
    {
        if (left is not (ColumnReference or HoleExpression or FunctionCall or ParameterExpression or CastExpression))
        {
            return false;
        }

        var next = Peek(1);
        return next.Kind switch
        {
            SqlTokenKind.Hole => left is ColumnReference && Peek(2).Kind != SqlTokenKind.Hole && !StartsOperand(Peek(2)),
            SqlTokenKind.QuotedName => left is not HoleExpression,
            _ => StartsOperand(next),
        };
    }

    /// <summary>Whether a token can only begin an operand: a constant, a parameter, a plain name.</summary>
    private bool StartsOperand(SqlToken token) => token.Kind switch
    {
        SqlTokenKind.String or SqlTokenKind.DollarString or SqlTokenKind.BitString or SqlTokenKind.Integer or SqlTokenKind.Decimal
            or SqlTokenKind.Parameter or SqlTokenKind.QuotedName => true,
        SqlTokenKind.Word => !token.IsKeyword || token.Text is "null" or "true" or "false" or "case" or "cast" or "coalesce" or "any" or "all",
        _ => false,
    };

    private static int OperatorLevel(string op) => op switch
    {
        "=" or "<" or ">" or "<=" or ">=" or "<>" => LevelComparison,
        "+" or "-" => LevelAdd,
        "*" or "/" or "%" => LevelMultiply,
        "^" => LevelPower,
        _ => LevelOperator,
    };

    private SqlExpression ParseOperator(int start, SqlExpression left, string op, int level, bool restricted, out int barred)
    {
        barred = 0;
        if (!restricted && Current.Kind == SqlTokenKind.Word && Current.Text is "any" or "some" or "all" && Peek(1).Kind == SqlTokenKind.OpenParen)
        {
            return ParseQuantified(start, left, op);
        }

        if (!restricted && op == "=" && Current.Is("any") && Peek(1).Kind == SqlTokenKind.Hole)
        {
            return ParseQuantified(start, left, op);
        }

        var right = ParseExpression(level + 1, restricted ? ExpressionMode.Restricted : ExpressionMode.None);
        barred = level == LevelComparison ? level : 0;
        return new BinaryExpression(From(start), op, left, right);
    }

    private SqlExpression ParseQuantified(int start, SqlExpression left, string op)
    {
        var isAll = Advance().Is("all");
        var right = ParseQueryOrExpressionInParens();
        var list = right is ParenthesizedExpression parens ? parens.Operand : right;
        if ((list is CastExpression cast ? cast.Operand : list) is ParameterExpression array)
        {
            _lists.Add(new ListParameter(array.Span, array.Parameter, ListForm.Array, IsNegated: false, left));
        }

        return new QuantifiedExpression(From(start), left, op, isAll, right);
    }

    /// <summary><c>(SELECT ..)</c> or <c>(expression)</c>, as ANY and its relatives take it.</summary>
    private SqlExpression ParseQueryOrExpressionInParens()
    {
        var start = Current.Start;
        if (!At(SqlTokenKind.OpenParen))
        {
            Expect(SqlTokenKind.OpenParen);
            return new UnknownExpression(From(start));
        }

        return ParseParens();
    }

    /// <summary>Infix operators that are words. False where the word does not continue the expression.</summary>
    private bool ParseKeywordOperator(ref SqlExpression left, ref int barred, int start, int minLevel, ExpressionMode mode)
    {
        var token = Current;
        var restricted = (mode & ExpressionMode.Restricted) != 0;
        var next = Peek(1);
        var negated = false;
        var word = token.Text!;
        if (word == "not")
        {
            if (!(next.Kind == SqlTokenKind.Word && next.Text is "between" or "in" or "like" or "ilike" or "similar"))
            {
                return false;
            }

            negated = true;
            word = next.Text!;
        }

        var level = word switch
        {
            "or" => LevelOr,
            "and" => LevelAnd,
            "is" or "isnull" or "notnull" => LevelIs,
            "similar" when !(negated ? Peek(2) : next).Is("to") => 0, // SUBSTRING(a SIMILAR b ESCAPE c)
            "like" or "ilike" or "similar" or "between" or "in" => LevelLike,
            "at" when next.Is("time") || next.Is("local") => LevelAt,
            "collate" => LevelCollate,
            "operator" when next.Kind == SqlTokenKind.OpenParen => LevelOperator,
            "overlaps" => LevelLike + 1,
            _ => 0,
        };
        if (level == 0 || level < minLevel)
        {
            return false;
        }

        if (restricted && !(word == "is" && IsRestrictedIs()) && word != "operator")
        {
            return false;
        }

        if ((mode & ExpressionMode.LabelMayFollow) != 0 && minLevel == 0 && !negated && token.IsBareLabel && EndsSelectItem(next)
            && word is not ("isnull" or "notnull"))
        {
            // SELECT a is FROM t: a column label.
            return false;
        }

        if (level is LevelLike or LevelIs && barred == level)
        {
            Fail("syntax error: this operator does not chain");
            return false;
        }

        Advance();
        if (negated)
        {
            Advance();
        }

        barred = 0;
        switch (word)
        {
            case "and" or "or":
                left = ParseLogical(start, left, word == "and", level, mode & ~ExpressionMode.LabelMayFollow);
                return true;
            case "is":
                left = ParseIs(start, left, restricted, out barred);
                return true;
            case "isnull" or "notnull":
                left = new IsExpression(From(start), left, "NULL", word == "notnull");
                return true;
            case "like" or "ilike" or "similar":
                left = ParseLike(start, left, word, negated, out barred);
                return true;
            case "between":
                left = ParseBetween(start, left, negated);
                barred = LevelLike;
                return true;
            case "in":
                left = ParseIn(start, left, negated, token.Start);
                return true;
            case "at":
                if (Accept("local"))
                {
                    left = new UnaryExpression(From(start), "AT LOCAL", left);
                    return true;
                }

                Expect("time");
                Expect("zone");
                left = new BinaryExpression(From(start), "AT TIME ZONE", left, ParseExpression(LevelAt + 1, ExpressionMode.None)) with { Span = From(start) };
                return true;
            case "collate":
                var collation = ParseQualifiedName();
                left = new CollateExpression(From(start), left, collation);
                return true;
            case "operator":
                var op = ParseOperatorName();
                left = ParseOperator(start, left, op, LevelOperator, restricted, out barred);
                return true;
            default:
                // OVERLAPS takes rows of two on both sides.
                if (left is not RowExpression { Items.Length: 2 })
                {
                    Fail("syntax error at OVERLAPS");
                }

                var right = ParsePrefix(ExpressionMode.None);
                if (right is not RowExpression { Items.Length: 2 })
                {
                    Fail("syntax error behind OVERLAPS");
                }

                left = new BinaryExpression(From(start), "OVERLAPS", left, right);
                return true;
        }

        bool IsRestrictedIs() =>
            next.Is("distinct") || next.Is("document") || (next.Is("not") && (Peek(2).Is("distinct") || Peek(2).Is("document")));
    }

    /// <summary>Whether a token ends an entry of a select list, so that the word before it was the entry's label.</summary>
    private static bool EndsSelectItem(SqlToken token) => token.Kind switch
    {
        SqlTokenKind.End or SqlTokenKind.Comma or SqlTokenKind.Semicolon or SqlTokenKind.CloseParen => true,
        SqlTokenKind.Word => token.Text is "from" or "into" or "where" or "group" or "having" or "window" or "union" or "intersect" or "except"
            or "order" or "limit" or "offset" or "fetch" or "for" or "returning",
        _ => false,
    };

    /// <summary>AND and OR become one flat node each, because generated conditions can have thousands of operands.</summary>
    private SqlExpression ParseLogical(int start, SqlExpression left, bool isAnd, int level, ExpressionMode mode)
    {
        var conditions = ImmutableArray.CreateBuilder<SqlExpression>();
        if (left is LogicalExpression same && same.IsAnd == isAnd)
        {
            conditions.AddRange(same.Conditions);
        }
        else
        {
            conditions.Add(left);
        }

        do
        {
            conditions.Add(ParseExpression(level + 1, mode));
        }
        while (Current.Is(isAnd ? "and" : "or") && AcceptLogical());

        return new LogicalExpression(From(start), isAnd, conditions.ToImmutable());

        bool AcceptLogical()
        {
            if (EndsSelectItem(Peek(1)))
            {
                return false;
            }

            Advance();
            return true;
        }
    }

    private SqlExpression ParseIs(int start, SqlExpression left, bool restricted, out int barred)
    {
        barred = 0;
        var negated = Accept("not");
        if (At(SqlTokenKind.Hole))
        {
            // IS {not} NULL, IS {null}: only a keyword can stand here.
            SkipHoles(HoleRole.Keyword);
            if (!(Current.Kind == SqlTokenKind.Word && Current.Text is "null" or "true" or "false" or "unknown" or "distinct"))
            {
                return new IsExpression(From(start), left, "", negated);
            }
        }

        var token = Advance();
        switch (token.Kind == SqlTokenKind.Word ? token.Text : null)
        {
            case "null" or "true" or "false" or "unknown" or "document" or "normalized":
                return new IsExpression(From(start), left, token.Text!.ToUpperInvariant(), negated);
            case "nfc" or "nfd" or "nfkc" or "nfkd":
                Expect("normalized");
                return new IsExpression(From(start), left, "NORMALIZED", negated);
            case "distinct":
                Expect("from");
                var right = ParseExpression(LevelIs + 1, restricted ? ExpressionMode.Restricted : ExpressionMode.None);
                barred = LevelIs;
                return new BinaryExpression(From(start), negated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", left, right);
            case "json":
                if (Current.Kind == SqlTokenKind.Word && Current.Text is "value" or "array" or "object" or "scalar")
                {
                    Advance();
                }

                ParseUniqueKeys();
                return new IsExpression(From(start), left, "JSON", negated);
            default:
                _index--;
                Fail("syntax error behind IS");
                return left;
        }
    }

    private void ParseUniqueKeys()
    {
        if (Accept("with", "unique") || Accept("without", "unique"))
        {
            Accept("keys");
        }
    }

    private SqlExpression ParseLike(int start, SqlExpression left, string word, bool negated, out int barred)
    {
        barred = 0;
        var op = word.ToUpperInvariant();
        if (word == "similar")
        {
            Expect("to");
            op = "SIMILAR TO";
        }
        else if (Current.Kind == SqlTokenKind.Word && Current.Text is "any" or "some" or "all")
        {
            return ParseQuantified(start, left, negated ? "NOT " + op : op);
        }

        var pattern = ParseExpression(LevelLike + 1, ExpressionMode.None);
        SqlExpression? escape = null;
        if (Accept("escape"))
        {
            escape = ParseExpression(LevelLike + 1, ExpressionMode.None);
        }

        barred = LevelLike;
        return new LikeExpression(From(start), negated ? "NOT " + op : op, left, pattern, escape);
    }

    private SqlExpression ParseBetween(int start, SqlExpression left, bool negated)
    {
        var isSymmetric = Accept("symmetric");
        if (!isSymmetric)
        {
            Accept("asymmetric");
        }

        var low = ParseExpression(0, ExpressionMode.Restricted);
        Expect("and");
        var high = ParseExpression(LevelLike + 1, ExpressionMode.None);
        return new BetweenExpression(From(start), left, low, high, negated) { IsSymmetric = isSymmetric };
    }

    private SqlExpression ParseIn(int start, SqlExpression left, bool negated, int inStart)
    {
        if (!At(SqlTokenKind.OpenParen))
        {
            // IN @ids is Dapper's, and IN {list} a list with its parentheses.
            if (At(SqlTokenKind.Hole))
            {
                _marks.Mark(Advance().Span, HoleRole.Clause);
            }
            else if (At(SqlTokenKind.Parameter))
            {
                var item = ParsePrefix(ExpressionMode.None);
                if (item is ParameterExpression bare)
                {
                    _lists.Add(new ListParameter(From(inStart), bare.Parameter, ListForm.Bare, negated, left));
                }

                return new InExpression(From(start), left, ImmutableArray.Create(item), null, negated, From(inStart), item.Span);
            }
            else
            {
                Expect(SqlTokenKind.OpenParen);
            }

            return new InExpression(From(start), left, ImmutableArray<SqlExpression>.Empty, null, negated, From(inStart), From(inStart));
        }

        var listStart = Current.End;
        var inner = ParseParens();
        var list = SqlSpan.FromBounds(listStart, Math.Max(listStart, LastEnd - 1));
        var (items, query) = inner switch
        {
            SubqueryExpression subquery => (ImmutableArray<SqlExpression>.Empty, subquery.Query),
            RowExpression row => (row.Items, null),
            ParenthesizedExpression one => (ImmutableArray.Create(one.Operand), null),
            _ => (ImmutableArray.Create(inner), (SqlQuery?)null),
        };
        if (items.Length == 1 && items[0] is ParameterExpression only)
        {
            _lists.Add(new ListParameter(From(inStart), only.Parameter, ListForm.Parenthesized, negated, left));
        }

        return new InExpression(From(start), left, items, query, negated, From(inStart), list);
    }

    /// <summary>OPERATOR(schema.+), behind the keyword.</summary>
    private string ParseOperatorName()
    {
        Expect(SqlTokenKind.OpenParen);
        while (IsColId(Current) && Peek(1).Kind == SqlTokenKind.Dot)
        {
            ParseColId();
            Advance();
        }

        var op = Current.Text ?? "";
        if (!At(SqlTokenKind.Operator))
        {
            Fail("syntax error: expected an operator");
        }

        Advance();
        Expect(SqlTokenKind.CloseParen);
        return op;
    }

    /// <summary>An operand with the operators before it.</summary>
    private SqlExpression ParsePrefix(ExpressionMode mode)
    {
        var token = Current;
        switch (token.Kind)
        {
            case SqlTokenKind.Hole:
                return ParseHoleOperand();
            case SqlTokenKind.Integer or SqlTokenKind.Decimal:
                Advance();
                return Constant(token, LiteralKind.Number);
            case SqlTokenKind.BitString:
                Advance();
                return Constant(token, LiteralKind.BitString);
            case SqlTokenKind.String or SqlTokenKind.DollarString:
                Advance();
                return Constant(token, LiteralKind.String);
            case SqlTokenKind.Parameter:
                Advance();
                _marks.Mark(token.Span, HoleRole.ParameterName);
                return ParseIndirections(new ParameterExpression(token.Span, Parameter(token)));
            case SqlTokenKind.OpenParen:
                var inner = ParseParens();
                return inner is RowExpression or UnknownExpression ? inner : ParseIndirections(inner);
            case SqlTokenKind.Operator:
                return ParsePrefixOperator(token, mode);
            case SqlTokenKind.Word:
                // Plain names take the short way, which also keeps the stack of nested calls small.
                return token.IsKeyword || token.Text is "date" or "timestamptz" || JsonFunctions.Contains(token.Text!)
                    ? ParseWordOperand(token, mode)
                    : ParseNameOperand(token);
            case SqlTokenKind.QuotedName:
                return ParseNameOperand(token);
            default:
                Fail("syntax error: expected an expression");
                return new UnknownExpression(new SqlSpan(LastEnd, 0));
        }
    }

    private LiteralExpression Constant(SqlToken token, LiteralKind kind, TypeName? type = null, int start = -1, bool hasFields = false)
    {
        var parts = kind == LiteralKind.String || (kind == LiteralKind.BitString && _marks.Mark(token.Span, HoleRole.StringConstant))
            ? SqlLexer.Decode(_source, token.Span)
            : ImmutableArray.Create(new LiteralPart(_source.ToString(token.Span), -1));
        if (kind == LiteralKind.String)
        {
            _marks.Mark(token.Span, token.Kind == SqlTokenKind.DollarString ? HoleRole.DollarBody : HoleRole.StringConstant);
        }

        return new LiteralExpression(start < 0 ? token.Span : From(start), kind, token.Span, parts, type, hasFields);
    }

    private SqlExpression ParseHoleOperand()
    {
        var token = Current;
        var next = Peek(1);
        if (next.Kind == SqlTokenKind.Hole && next.Start == token.End)
        {
            // {a}{b} without a blank: they make one text together, which may be anything.
            while (At(SqlTokenKind.Hole))
            {
                _marks.Mark(Advance().Span, HoleRole.Clause);
                if (Current.Start != LastEnd)
                {
                    break;
                }
            }

            return new UnknownExpression(From(token.Start));
        }

        if (next.Kind == SqlTokenKind.Dot || (next.Kind == SqlTokenKind.OpenParen && next.Start == token.End))
        {
            return ParseNameOperand(token);
        }

        Advance();
        return ParseIndirections(new HoleExpression(token.Span, _source.HoleAt(token.Start)));
    }

    private SqlExpression ParsePrefixOperator(SqlToken token, ExpressionMode mode)
    {
        var op = token.Text!;
        var level = OperatorLevel(op);
        if (op is "+" or "-" || level == LevelOperator)
        {
            Advance();
            var operand = ParseExpression(op is "+" or "-" ? LevelSign : LevelOperator + 1, mode);
            return new UnaryExpression(From(token.Start), op, operand);
        }

        Fail("syntax error: expected an expression");
        return new UnknownExpression(new SqlSpan(LastEnd, 0));
    }

    /// <summary>Fields and subscripts behind an operand.</summary>
    private SqlExpression ParseIndirections(SqlExpression operand)
    {
        var start = operand.Span.Start;
        var chain = 0;
        while (true)
        {
            if (++chain > MaxChain)
            {
                Fail("too long a chain of subscripts");
                return operand;
            }

            if (At(SqlTokenKind.Dot))
            {
                Advance();
                if (AtOperator("*"))
                {
                    var star = Advance();
                    operand = new IndirectionExpression(
                        From(start), operand, new SqlName(star.Span, "*", false, false), ImmutableArray<SqlExpression>.Empty);
                    if (At(SqlTokenKind.Dot) || At(SqlTokenKind.OpenBracket))
                    {
                        Fail("improper use of \"*\"");
                    }

                    return operand;
                }

                var field = ParseColLabel();
                operand = new IndirectionExpression(From(start), operand, field, ImmutableArray<SqlExpression>.Empty);
            }
            else if (At(SqlTokenKind.OpenBracket))
            {
                Advance();
                var bounds = ParseSubscripts();
                operand = new IndirectionExpression(From(start), operand, null, bounds);
            }
            else
            {
                return operand;
            }
        }
    }

    /// <summary>The inside of brackets: an index or a slice.</summary>
    private ImmutableArray<SqlExpression> ParseSubscripts()
    {
        var bounds = ImmutableArray.CreateBuilder<SqlExpression>();
        if (!At(SqlTokenKind.Colon))
        {
            bounds.Add(ParseExpression());
        }

        if (Accept(SqlTokenKind.Colon) && !At(SqlTokenKind.CloseBracket))
        {
            bounds.Add(ParseExpression());
        }

        Expect(SqlTokenKind.CloseBracket);
        return bounds.ToImmutable();
    }

    /// <summary>
    /// Parentheses in an expression: an expression, a row, or a query. What opens them is decided by the first token inside, and
    /// <c>((SELECT 1) + 1)</c> against <c>((SELECT 1) UNION ..)</c> by what follows the inner parentheses: nothing is read twice.
    /// </summary>
    private SqlExpression ParseParens()
    {
        var start = Current.Start;
        if (!Enter())
        {
            Leave();
            return new UnknownExpression(new SqlSpan(start, 0));
        }

        Advance();
        SqlExpression result;
        if (IsQueryStart(Current) || IsHoleBeforeSetOperation())
        {
            var query = ParseQuery();
            Expect(SqlTokenKind.CloseParen);
            result = new SubqueryExpression(From(start), SubqueryKind.Scalar, query);
        }
        else if (At(SqlTokenKind.OpenParen))
        {
            var inner = ParseParens();
            if (inner is SubqueryExpression { Kind: SubqueryKind.Scalar } subquery && ContinuesQuery(Current))
            {
                var query = ParseQueryRest(subquery.Query);
                Expect(SqlTokenKind.CloseParen);
                result = new SubqueryExpression(From(start), SubqueryKind.Scalar, query);
            }
            else if (inner is SubqueryExpression { Kind: SubqueryKind.Scalar } only && At(SqlTokenKind.CloseParen))
            {
                Advance();
                result = only with { Span = From(start) };
            }
            else
            {
                var first = inner is RowExpression or UnknownExpression ? inner : ParseIndirections(inner);
                result = ParseParensRest(start, ParseInfix(first, 0, ExpressionMode.None));
            }
        }
        else
        {
            result = ParseParensRest(start, ParseExpression());
        }

        Leave();
        return result;
    }

    private SqlExpression ParseParensRest(int start, SqlExpression first)
    {
        if (!At(SqlTokenKind.Comma))
        {
            first = JoinHoleCondition(first);
            Expect(SqlTokenKind.CloseParen);
            return new ParenthesizedExpression(From(start), first);
        }

        var items = ImmutableArray.CreateBuilder<SqlExpression>();
        items.Add(first);
        while (Accept(SqlTokenKind.Comma))
        {
            items.Add(ParseExpression());
        }

        Expect(SqlTokenKind.CloseParen);
        return new RowExpression(From(start), items.ToImmutable());
    }

    /// <summary>
    /// <c>WHERE {filter} b = 2</c>: a hole that ends in AND, or not at all. It is a fragment then, and the conditions stand side by side.
    /// </summary>
    private SqlExpression JoinHoleCondition(SqlExpression condition)
    {
        for (var chain = 0; !_failed && _index > 0; chain++)
        {
            if (chain > MaxChain)
            {
                Fail("too many holes in one condition");
                break;
            }

            var last = _tokens[_index - 1];
            var follows = StartsOperand(Current) || At("not") || At("exists") || At(SqlTokenKind.OpenParen);
            if (At(SqlTokenKind.Hole))
            {
                _marks.Mark(Advance().Span, HoleRole.Clause);
                condition = new LogicalExpression(
                    From(condition.Span.Start), true, ImmutableArray.Create(condition, new UnknownExpression(_tokens[_index - 1].Span)));
            }
            else if (last.Kind == SqlTokenKind.Hole && follows)
            {
                _marks.Force(last.Span, HoleRole.Clause);
                var right = ParseExpression();
                condition = new LogicalExpression(From(condition.Span.Start), true, ImmutableArray.Create(condition, right));
            }
            else if (last.Kind == SqlTokenKind.Hole && Current.Kind == SqlTokenKind.Word && Current.Text is "and" or "or")
            {
                // {filter} AND b: the expression ended at the hole because it was passed over as a fragment.
                Advance();
                var right = ParseExpression();
                condition = new LogicalExpression(From(condition.Span.Start), true, ImmutableArray.Create(condition, right));
            }
            else
            {
                break;
            }
        }

        return condition;
    }

    private SqlExpression ParseWordOperand(SqlToken token, ExpressionMode mode)
    {
        var next = Peek(1);
        switch (token.Text)
        {
            case "null":
                Advance();
                return Constant(token, LiteralKind.Null);
            case "true" or "false":
                Advance();
                return Constant(token, LiteralKind.Boolean);
            case "default" when (mode & ExpressionMode.Restricted) == 0:
                Advance();
                return new DefaultExpression(token.Span);
            case "not" when (mode & ExpressionMode.Restricted) == 0:
                Advance();
                var operand = ParseExpression(LevelNot, ExpressionMode.None);
                return new UnaryExpression(From(token.Start), "NOT", operand);
            case "case":
                return ParseCase(token.Start);
            case "exists" when next.Kind == SqlTokenKind.OpenParen:
                Advance();
                return ParseSubqueryOperand(token.Start, SubqueryKind.Exists);
            case "array":
                Advance();
                if (At(SqlTokenKind.OpenBracket))
                {
                    return ParseArrayElements(token.Start);
                }

                return ParseSubqueryOperand(token.Start, SubqueryKind.Array);
            case "row" when next.Kind == SqlTokenKind.OpenParen:
                return ParseRow(token.Start);
            case "operator" when next.Kind == SqlTokenKind.OpenParen:
                return ParsePrefixOperatorName(token.Start, mode);
        }

        if (ParseSpecialFunction(token, next) is { } special)
        {
            return special;
        }

        if (IsConstantType(token, next))
        {
            var type = ParseSimpleTypeName(isConstant: true);
            return !IsPostgreSql && !IsString(Current)
                ? new UnknownExpression(From(token.Start)) // CONVERT(varchar(10), a)
                : ParseTypedConstant(token.Start, type);
        }

        if (!IsPostgreSql && token.Text == "interval" && next.Kind is SqlTokenKind.Integer or SqlTokenKind.Decimal or SqlTokenKind.Parameter)
        {
            // INTERVAL 7 DAY
            Advance();
            ParsePrefix(ExpressionMode.None);
            Advance();
            return new UnknownExpression(From(token.Start));
        }

        if (next.Kind == SqlTokenKind.Hole && next.Start > token.End && token.Text is "date" or "timestamp" or "timestamptz" or "time" or "interval"
            && !(Peek(2).Kind == SqlTokenKind.Dot))
        {
            return ParseTypeBeforeHole(token.Start);
        }

        if (token.Category == KeywordCategory.Reserved)
        {
            Fail("syntax error at " + token.Text!.ToUpperInvariant());
            return new UnknownExpression(new SqlSpan(LastEnd, 0));
        }

        return ParseNameOperand(token);
    }

    /// <summary><c>ROW(a, b)</c></summary>
    private RowExpression ParseRow(int start)
    {
        Advance();
        Advance();
        var items = At(SqlTokenKind.CloseParen) ? ImmutableArray<SqlExpression>.Empty : ParseExpressions();
        Expect(SqlTokenKind.CloseParen);
        return new RowExpression(From(start), items);
    }

    /// <summary><c>OPERATOR(schema.-) a</c></summary>
    private UnaryExpression ParsePrefixOperatorName(int start, ExpressionMode mode)
    {
        Advance();
        var op = ParseOperatorName();
        var operand = ParseExpression(LevelOperator + 1, mode);
        return new UnaryExpression(From(start), op, operand);
    }

    private SqlExpression ParseTypedConstant(int start, TypeName type)
    {
        var token = Current;
        if (!IsString(token))
        {
            Expect(SqlTokenKind.String);
            return new UnknownExpression(From(start));
        }

        Advance();
        var hasFields = type.Name == "interval" && type.Modifiers.IsEmpty && ParseIntervalFields();
        return Constant(token, LiteralKind.String, type, start, hasFields);
    }

    /// <summary><c>DATE {x}</c>: only a constant can stand there; other databases write <c>INTERVAL {n} DAY</c>.</summary>
    private SqlExpression ParseTypeBeforeHole(int start)
    {
        var type = ParseGenericType();
        var hole = Advance();
        var operand = new HoleExpression(hole.Span, _source.HoleAt(hole.Start));
        ParseIntervalFields();
        return new CastExpression(From(start), operand, type) { IsTypePrefix = true };
    }

    private SqlExpression ParseSubqueryOperand(int start, SubqueryKind kind)
    {
        if (At(SqlTokenKind.OpenParen))
        {
            if (Peek(1).Kind == SqlTokenKind.Hole)
            {
                // EXISTS ({query})
                var hole = Peek(1);
                if (Peek(2).Kind == SqlTokenKind.CloseParen)
                {
                    Advance();
                    SkipHoles();
                    Advance();
                    return new SubqueryExpression(From(start), kind, new UnknownQuery(hole.Span));
                }
            }

            var inner = ParseParens();
            if (inner is SubqueryExpression { Kind: SubqueryKind.Scalar } subquery)
            {
                return new SubqueryExpression(From(start), kind, subquery.Query);
            }
        }

        Fail("syntax error: expected a query in parentheses");
        return new UnknownExpression(From(start));
    }

    private SqlExpression ParseArrayElements(int start)
    {
        if (!Enter())
        {
            Leave();
            return new UnknownExpression(From(start));
        }

        Expect(SqlTokenKind.OpenBracket);
        var items = ImmutableArray.CreateBuilder<SqlExpression>();
        if (!At(SqlTokenKind.CloseBracket))
        {
            // Either arrays or expressions, never both.
            var isNested = At(SqlTokenKind.OpenBracket);
            do
            {
                items.Add(isNested ? ParseArrayElements(Current.Start) : ParseExpression());
            }
            while (Accept(SqlTokenKind.Comma));
        }

        Expect(SqlTokenKind.CloseBracket);
        Leave();
        return new ArrayExpression(From(start), items.ToImmutable());
    }

    private SqlExpression ParseCase(int start)
    {
        Advance();
        var operand = At("when") ? null : ParseExpression();
        var branches = ImmutableArray.CreateBuilder<CaseBranch>();
        SkipHoles();
        while (Accept("when"))
        {
            var when = ParseExpression();
            Expect("then");
            var then = ParseExpression();
            branches.Add(new CaseBranch(when, then));
            SkipHoles();
        }

        if (branches.Count == 0 && _index > 0 && _tokens[_index - 1].Kind != SqlTokenKind.Hole)
        {
            Fail("syntax error: expected WHEN");
        }

        var otherwise = Accept("else") ? ParseExpression() : null;
        Expect("end");
        return new CaseExpression(From(start), operand, branches.ToImmutable(), otherwise);
    }

    /// <summary>A column, a function call, or a constant with a type name before it.</summary>
    private SqlExpression ParseNameOperand(SqlToken token)
    {
        var start = token.Start;
        var isFunctionName = IsTypeFunctionName(token);
        var isColumnName = IsColId(token);
        var parts = ImmutableArray.CreateBuilder<SqlName>();
        parts.Add(ParseName(isFunctionName || isColumnName));
        while (At(SqlTokenKind.Dot) && isColumnName)
        {
            Advance();
            if (AtOperator("*"))
            {
                Advance();
                if (At(SqlTokenKind.Dot) || At(SqlTokenKind.OpenBracket))
                {
                    Fail("improper use of \"*\"");
                }

                return new ColumnReference(From(start), parts.ToImmutable(), true);
            }

            parts.Add(ParseColLabel());
            isFunctionName = true;
        }

        var names = parts.ToImmutable();
        if (isFunctionName && At(SqlTokenKind.OpenParen))
        {
            return ParseCall(new QualifiedName(From(start), names), isWindowless: false);
        }

        if (isFunctionName && IsString(Current) && !names.Any(name => name.HasHole))
        {
            var type = new TypeName(From(start), TypeNames.Canonical(names), names.Length > 1 ? names[names.Length - 2].Text : null,
                ImmutableArray<SqlExpression>.Empty, false, false);
            return ParseTypedConstant(start, type);
        }

        if (!isColumnName)
        {
            Fail("syntax error at " + token.Text);
        }

        return ParseIndirections(new ColumnReference(From(start), names, false));
    }

    /// <summary>The parentheses of a function call and what may follow them.</summary>
    private SqlExpression ParseCall(QualifiedName name, bool isWindowless)
    {
        var start = name.Span.Start;
        Expect(SqlTokenKind.OpenParen);
        var arguments = ImmutableArray<SqlExpression>.Empty;
        var orderBy = ImmutableArray<SortItem>.Empty;
        var isDistinct = false;
        var isStar = false;
        var isPlain = false;
        var hasVariadic = false;
        if (AtOperator("*") && Peek(1).Kind == SqlTokenKind.CloseParen)
        {
            Advance();
            isStar = true;
        }
        else if (!At(SqlTokenKind.CloseParen))
        {
            isDistinct = Accept("distinct");
            var isAll = !isDistinct && Accept("all");
            var builder = ImmutableArray.CreateBuilder<SqlExpression>();
            do
            {
                if (!isDistinct && !isAll && Accept("variadic"))
                {
                    hasVariadic = true;
                }

                builder.Add(ParseArgument());
            }
            while (!hasVariadic && Accept(SqlTokenKind.Comma));

            arguments = builder.ToImmutable();
            isPlain = !isDistinct && !isAll && !hasVariadic;
            if (At("order"))
            {
                orderBy = ParseOrderBy().Items;
            }

            if (Current.Kind == SqlTokenKind.Word
                && ((name.Parts.Length == 1 && JsonFunctions.Contains(name.Name)) || (!IsPostgreSql && At("separator"))))
            {
                // RETURNING, PASSING, ON EMPTY and the others of PostgreSQL 17; GROUP_CONCAT(a SEPARATOR ',')
                SkipToCloseParen();
            }
        }

        Expect(SqlTokenKind.CloseParen);
        var call = new FunctionCall(From(start), name, arguments)
        {
            OrderBy = orderBy,
            IsDistinct = isDistinct,
            IsStar = isStar,
            IsPlain = isPlain || (arguments.IsEmpty && !isStar),
        };
        if (isPlain && !isWindowless && IsString(Current) && !name.HasHole)
        {
            // numeric(3,2) '1.5' of a type with a plain name
            var type = new TypeName(From(start), TypeNames.Canonical(name.Parts), name.Schema, arguments, false, false);
            return ParseTypedConstant(start, type);
        }

        return isWindowless ? call : ParseCallSuffix(call, hasVariadic);
    }

    /// <summary>WITHIN GROUP, FILTER and OVER.</summary>
    private FunctionCall ParseCallSuffix(FunctionCall call, bool hasVariadic, bool allowsWithinGroup = true)
    {
        var start = call.Span.Start;
        if (allowsWithinGroup && At("within"))
        {
            if (!call.OrderBy.IsEmpty || call.IsDistinct || hasVariadic)
            {
                Fail("cannot use multiple ORDER BY clauses, DISTINCT or VARIADIC with WITHIN GROUP");
            }

            Advance();
            Expect("group");
            Expect(SqlTokenKind.OpenParen);
            call = call with { OrderBy = ParseOrderBy().Items };
            Expect(SqlTokenKind.CloseParen);
        }

        if (Accept("filter"))
        {
            Expect(SqlTokenKind.OpenParen);
            var isHole = SkipHoles();
            if (!isHole || At("where"))
            {
                Expect("where");
                call = call with { Filter = JoinHoleCondition(ParseExpression()) };
            }

            Expect(SqlTokenKind.CloseParen);
        }

        if (Accept("over"))
        {
            call = call with
            {
                Over = At(SqlTokenKind.OpenParen)
                    ? ParseWindow()
                    : new WindowSpecification(ParseColId().Span, ImmutableArray<SqlExpression>.Empty, ImmutableArray<SortItem>.Empty,
                        ImmutableArray<SqlExpression>.Empty),
            };
        }

        return call with { Span = From(start) };
    }

    private SqlExpression ParseArgument()
    {
        if (IsTypeFunctionName(Current) && Peek(1).Kind is SqlTokenKind.ColonEquals or SqlTokenKind.EqualsGreater)
        {
            ParseName(true);
            Advance();
        }

        return JoinHoleCondition(ParseExpression());
    }

    private WindowSpecification ParseWindow()
    {
        var start = Current.Start;
        Expect(SqlTokenKind.OpenParen);
        if (IsColId(Current) && !(At("partition") || At("range") || At("rows") || At("groups")))
        {
            if (At(SqlTokenKind.Hole))
            {
                SkipHoles();
            }
            else
            {
                ParseColId();
            }
        }

        var partition = ImmutableArray<SqlExpression>.Empty;
        if (Accept("partition"))
        {
            Expect("by");
            partition = ParseExpressions();
        }

        SkipHoles();
        var orderBy = At("order") ? ParseOrderBy().Items : ImmutableArray<SortItem>.Empty;
        var offsets = ImmutableArray.CreateBuilder<SqlExpression>();
        SkipHoles();
        if (Current.Kind == SqlTokenKind.Word && Current.Text is "range" or "rows" or "groups")
        {
            Advance();
            if (Accept("between"))
            {
                var low = ParseFrameBound(offsets);
                Expect("and");
                var high = ParseFrameBound(offsets);
                if (low == FrameBound.UnboundedFollowing || high == FrameBound.UnboundedPreceding
                    || (low == FrameBound.CurrentRow && high == FrameBound.Preceding)
                    || (low == FrameBound.Following && high is FrameBound.Preceding or FrameBound.CurrentRow))
                {
                    Fail("the frame ends before it starts");
                }
            }
            else if (ParseFrameBound(offsets) is FrameBound.UnboundedFollowing or FrameBound.Following)
            {
                Fail("the frame cannot start there");
            }

            if (Accept("exclude") && !(Accept("current", "row") || Accept("group") || Accept("ties") || Accept("no", "others")))
            {
                Fail("syntax error behind EXCLUDE");
            }
        }

        Expect(SqlTokenKind.CloseParen);
        return new WindowSpecification(From(start), partition, orderBy, offsets.ToImmutable());
    }

    private enum FrameBound
    {
        UnboundedPreceding,
        Preceding,
        CurrentRow,
        Following,
        UnboundedFollowing,
    }

    private FrameBound ParseFrameBound(ImmutableArray<SqlExpression>.Builder offsets)
    {
        if (At("unbounded") && (Peek(1).Is("preceding") || Peek(1).Is("following")))
        {
            Advance();
            return Advance().Is("preceding") ? FrameBound.UnboundedPreceding : FrameBound.UnboundedFollowing;
        }

        if (Accept("current", "row"))
        {
            return FrameBound.CurrentRow;
        }

        offsets.Add(ParseExpression());
        if (Accept("preceding"))
        {
            return FrameBound.Preceding;
        }

        Expect("following");
        return FrameBound.Following;
    }
}
