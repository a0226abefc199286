using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>
/// Statements that leave no nodes behind: they are read for PostgreSQL's verdict only. Behind the first hole of such a statement nothing is
/// wrong any more, because the hole may be anything; the rest is passed over, and its holes are judged by their neighbours.
/// </content>
public sealed partial class SqlParser
{
    /// <summary>Where the statement begins that is read strictly, or -1.</summary>
    private int _strictFrom = -1;

    /// <summary>Reads the rest of a statement by PostgreSQL's grammar; other dialects are passed over.</summary>
    /// <param name="start">Where the statement begins.</param>
    /// <param name="verb">Its keywords.</param>
    /// <param name="parse">Reads what is left of it.</param>
    /// <param name="names">The names that it gives.</param>
    private OtherStatement Strictly(int start, string verb, Action parse, params SqlName[] names) => Strictly(start, verb, parse, isWhole: true, names);

    /// <summary>The same for a statement inside another, which goes on behind it unless <paramref name="isWhole"/>.</summary>
    private OtherStatement Strictly(int start, string verb, Action parse, bool isWhole, params SqlName[] names)
    {
        if (!IsPostgreSql)
        {
            return ParseUnknown(start, verb, names);
        }

        if (_strictFrom >= 0)
        {
            parse();
            return Other(start, verb, names);
        }

        var lists = _lists.Count;
        var wasPassedOver = _isPassedOver;
        _strictFrom = start;
        _marks.IsSilent = true;
        parse();
        if (isWhole && !At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            Fail("syntax error");
        }

        _marks.IsSilent = false;
        _strictFrom = -1;
        _lists.RemoveRange(lists, _lists.Count - lists);
        if (_isPassedOver && !wasPassedOver)
        {
            _isPassedOver = false;
            _failed = false;
            ParseUnknown(start, verb, OpenParens(start));
        }

        return Other(start, verb, names);
    }

    /// <summary>Reads a whole statement that has nodes. Behind its first hole nothing is wrong any more; what does not fit there is passed over.</summary>
    private SqlStatement Tolerantly(int start, Func<int, SqlStatement> parse)
    {
        if (!IsPostgreSql)
        {
            return parse(start);
        }

        SqlStatement? statement = null;
        var isRead = TryHead(
            start,
            () =>
            {
                statement = parse(start);
                SkipHoles();
                if (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
                {
                    Fail("syntax error");
                }
            });
        if (!isRead)
        {
            ParseUnknown(start, "");
        }

        return statement!;
    }

    /// <summary>Reads the beginning of a statement; false where a hole hides how it goes on.</summary>
    private bool TryHead(int start, Action parse)
    {
        if (!IsPostgreSql || _strictFrom >= 0)
        {
            parse();
            return true;
        }

        _strictFrom = start;
        parse();
        _strictFrom = -1;
        if (!_isPassedOver)
        {
            return true;
        }

        _isPassedOver = false;
        _failed = false;
        return false;
    }

    /// <summary>
    /// Whether a hole stands between a position and the token behind the current one: then nothing can be said against the current token, because it was
    /// perhaps refused for what follows it.
    /// </summary>
    private bool IsBehindHole(int start) => HasHole(start, Peek(1).End);

    private bool HasHole(int start, int end) => _marks.First(start) is var first && first < _source.Holes.Length && _source.Holes[first] < end;

    /// <summary>How many parentheses of a statement are open: the actions of a rule hold semicolons.</summary>
    private int OpenParens(int start)
    {
        var open = 0;
        for (var index = _index - 1; index >= 0 && _tokens[index].Start >= start; index--)
        {
            open += _tokens[index].Kind switch
            {
                SqlTokenKind.OpenParen => 1,
                SqlTokenKind.CloseParen => -1,
                _ => 0,
            };
        }

        return open;
    }

    /// <summary>Whether the current statement has a hole from a position on.</summary>
    private bool HasHoleInStatement(int start)
    {
        var index = _index;
        while (index < _tokens.Length && _tokens[index].Kind is not (SqlTokenKind.Semicolon or SqlTokenKind.End))
        {
            index++;
        }

        return HasHole(start, _tokens[Math.Min(index, _tokens.Length - 1)].Start);
    }

    /// <summary>Fails because the current token has no place here.</summary>
    private void Unexpected() => Fail(At(SqlTokenKind.End) || At(SqlTokenKind.Semicolon) ? "syntax error at the end of the statement" : "syntax error");

    /// <summary>Expects one of some words.</summary>
    /// <returns>The word, or empty.</returns>
    private string ExpectOneOf(params string[] words)
    {
        if (At(SqlTokenKind.Word) && Array.IndexOf(words, Current.Text) >= 0)
        {
            return Advance().Text!;
        }

        Fail("syntax error: expected " + string.Join(" or ", words).ToUpperInvariant());
        return "";
    }

    /// <summary>Accepts one of some words.</summary>
    /// <returns>The word, or empty.</returns>
    private string AcceptOneOf(params string[] words) => At(SqlTokenKind.Word) && Array.IndexOf(words, Current.Text) >= 0 ? Advance().Text! : "";

    private void Expect(string first, string second)
    {
        Expect(first);
        Expect(second);
    }

    /// <summary>IDENT of gram.y: a name that is no keyword.</summary>
    private static bool IsIdentifier(SqlToken token) => token.Kind is SqlTokenKind.QuotedName or SqlTokenKind.Hole || (token.Kind == SqlTokenKind.Word && !token.IsKeyword);

    /// <summary>Iconst, which has no sign and fits into 32 bits.</summary>
    private void ParseIntegerConstant()
    {
        if (At(SqlTokenKind.Hole) || (At(SqlTokenKind.Integer) && IsSmall(_source.ToString(Current.Span))))
        {
            Advance();
        }
        else
        {
            Fail("syntax error: expected an integer");
        }
    }

    // Other bases and underscores are left alone.
    private static bool IsSmall(string digits)
    {
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '9')
            {
                return true;
            }
        }

        return int.TryParse(digits, out _);
    }

    /// <summary>SignedIconst</summary>
    private void ParseSignedInteger()
    {
        if (AtOperator("+") || AtOperator("-"))
        {
            Advance();
        }

        ParseIntegerConstant();
    }

    private bool AtNumber() => At(SqlTokenKind.Integer) || At(SqlTokenKind.Decimal) || AtOperator("+") || AtOperator("-");

    /// <summary>Whether opt_boolean_or_string can stand here.</summary>
    private bool AtSettingWord() => IsString(Current) || IsNonReserved(Current) || At("true") || At("false") || At("on");

    /// <summary>opt_boolean_or_string or NumericOnly: the value of a setting.</summary>
    private void ParseSettingValue()
    {
        if (AtNumber())
        {
            ParseSignedNumber();
        }
        else if (!SkipHoles(HoleRole.UtilityValue) && !Accept("true") && !Accept("false") && !Accept("on"))
        {
            ParseWordOrString();
        }
    }

    /// <summary>var_name: a name with qualifiers, which are all of the class ColId.</summary>
    private QualifiedName ParseSettingName()
    {
        var start = Current.Start;
        var parts = ImmutableArray.CreateBuilder<SqlName>();
        do
        {
            parts.Add(ParseColId(HoleRole.UtilityName));
        }
        while (Accept(SqlTokenKind.Dot));

        return new QualifiedName(From(start), parts.ToImmutable());
    }

    /// <summary>The options of a command, <c>(VERBOSE, PARALLEL 2)</c>: utility_option_list.</summary>
    private void ParseCommandOptions() => ParseParenthesized(() =>
    {
        var name = Current;
        if (IsNonReserved(name) || name.Is("analyze") || name.Is("analyse"))
        {
            Advance();
        }
        else
        {
            Fail("syntax error: expected an option");
        }

        if (AtNumber() || AtSettingWord())
        {
            ParseSettingValue();
        }

        return name;
    });

    /// <summary>Names separated by commas: name_list.</summary>
    private void ParseNames() => ParseList(() => ParseColId());

    /// <summary>Qualified names separated by commas: any_name_list.</summary>
    private void ParseQualifiedNames() => ParseList(() => ParseQualifiedName());

    /// <summary>role_list</summary>
    private void ParseRoles() => ParseList(ParseRoleSpecification);

    /// <summary>WITH (a = b), where written: opt_definition.</summary>
    private void ParseWithDefinition()
    {
        if (Accept("with"))
        {
            ParseDefinitionList();
        }
    }

    /// <summary>A name of a relation: at most database, schema and name.</summary>
    private QualifiedName ParseRelationName() => ParseQualifiedName(maxParts: 3);

    /// <summary>A list of names in parentheses, where written.</summary>
    private void ParseOptionalNames()
    {
        if (At(SqlTokenKind.OpenParen))
        {
            ParseNameList();
        }
    }

    private bool AcceptOperator(string op)
    {
        if (!AtOperator(op))
        {
            return false;
        }

        Advance();
        return true;
    }

    /// <summary>An expression in parentheses.</summary>
    private void ParseExpressionInParens()
    {
        Expect(SqlTokenKind.OpenParen);
        ParseExpression();
        Expect(SqlTokenKind.CloseParen);
    }
}
