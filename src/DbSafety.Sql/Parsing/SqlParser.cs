using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <summary>
/// Parses PostgreSQL's SQL (the grammar of version 16; newer syntax is accepted). It never throws and never goes back: each token is
/// consumed once, so the time is linear. At the first error of a statement the rest of that statement reads as its end, which closes
/// every open rule; the next statement starts behind the semicolon.
/// </summary>
public sealed partial class SqlParser
{
    /// <summary>How deep expressions, queries and parentheses may nest, so that no stack overflows.</summary>
    private const int MaxDepth = 150;

    /// <summary>How long a left-deep chain (<c>a + b + c</c>, UNION, JOIN) may grow, because readers of the tree descend along it.</summary>
    private const int MaxChain = 1000;

    private readonly SqlSource _source;
    private readonly SqlDialect _dialect;
    private readonly ImmutableArray<SqlToken> _tokens;
    private readonly List<SqlSyntaxError> _errors = new();
    private readonly HoleMarks _marks;
    private readonly HashSet<int> _notParameters = new();
    private readonly List<ListParameter> _lists = new();
    private int _index;
    private int _depth;
    private bool _failed;
    private SqlToken? _failureEnd;

    /// <summary>Whether a definition is read, and whether a hole stood in it where clauses may stand; see <see cref="IsTolerant"/>.</summary>
    private bool _isDefinition;
    private bool _hasFragment;
    private bool _isPassedOver;

    private SqlParser(SqlSource source, SqlDialect dialect)
    {
        _source = source;
        _dialect = dialect;
        _tokens = SqlLexer.Lex(source, dialect, out var comments);
        _marks = new HoleMarks(source);
        foreach (var comment in comments)
        {
            _marks.Mark(comment, HoleRole.Comment);
        }
    }

    /// <summary>How many tokens the parser looked at: the measure that tests hold against the length of the text.</summary>
    internal long Work { get; private set; }

    private bool IsPostgreSql => _dialect == SqlDialect.PostgreSql;

    private SqlToken Current => Peek(0);

    /// <summary>Where the last consumed token ends.</summary>
    private int LastEnd => _index == 0 ? 0 : _tokens[_index - 1].End;

    /// <summary>Parses a text.</summary>
    /// <param name="source">The text, with its holes.</param>
    /// <param name="dialect">Whose SQL it is.</param>
    /// <returns>A tree, whatever the text; errors are in it.</returns>
    public static SqlTree Parse(SqlSource source, SqlDialect dialect = SqlDialect.PostgreSql) => Parse(source, dialect, out _);

    internal static SqlTree Parse(SqlSource source, SqlDialect dialect, out long work)
    {
        var parser = new SqlParser(source, dialect);
        var statements = parser.ParseStatements();
        work = parser.Work;
        return new SqlTree(
            source,
            statements,
            parser._errors.ToImmutableArray(),
            parser.Parameters(),
            HoleSites.Find(source, dialect, parser._tokens, statements, parser._marks),
            parser.QuotedParameters(),
            parser._lists.ToImmutableArray());
    }

    /// <summary>Where a hole would stand in place of some characters of a text: what may stand there, and of which type.</summary>
    /// <param name="source">The text.</param>
    /// <param name="span">The characters.</param>
    /// <param name="dialect">Whose SQL it is.</param>
    /// <param name="before">Characters that go before the hole.</param>
    /// <param name="after">Characters that go behind it.</param>
    public static HoleSite SiteOf(SqlSource source, SqlSpan span, SqlDialect dialect = SqlDialect.PostgreSql, string before = "", string after = "")
    {
        var position = span.Start + before.Length;
        var text = source.Text.Substring(0, span.Start) + before + SqlSource.HoleMark + after + source.Text.Substring(span.End);
        var moved = before.Length + 1 + after.Length - span.Length;
        var holes = source.Holes.Where(hole => hole < span.Start).Append(position)
            .Concat(source.Holes.Where(hole => hole >= span.End).Select(hole => hole + moved)).ToImmutableArray();
        return Parse(new SqlSource(text, holes), dialect).HoleSites[holes.IndexOf(position)];
    }

    private SqlToken Peek(int ahead)
    {
        Work++;
        if (_failed)
        {
            return _failureEnd!;
        }

        var index = _index + ahead;
        return index < _tokens.Length ? _tokens[index] : _tokens[_tokens.Length - 1];
    }

    private SqlToken Advance()
    {
        var token = Current;
        if (!_failed && token.Kind != SqlTokenKind.End)
        {
            _index++;
        }

        return token;
    }

    /// <summary>Notes the statement's first error; from here on the statement reads as ended.</summary>
    private void Fail(string message)
    {
        if (_failed)
        {
            return;
        }

        var token = Current;
        if (IsTolerant())
        {
            _isPassedOver = true;
            _failed = true;
            _failureEnd = new SqlToken(SqlTokenKind.End, LastEnd, LastEnd);
            return;
        }

        _errors.Add(new SqlSyntaxError(token.Start, token.Kind == SqlTokenKind.Bad && token.Text is { } why ? why : message));
        _failed = true;
        _failureEnd = new SqlToken(SqlTokenKind.End, LastEnd, LastEnd);
    }

    /// <summary>
    /// Whether what does not fit into a definition is no error: it is written for another database, or a hole before it may hold anything, also the words that
    /// would make it fit.
    /// </summary>
    private bool IsTolerant() => _isDefinition && (!IsPostgreSql || _hasFragment || IsNearHole());

    /// <summary>Whether a hole stands right here, right behind, or one of the last tokens was one: it may be more than the name that it was taken for.</summary>
    private bool IsNearHole()
    {
        for (var index = Math.Min(_index + 1, _tokens.Length - 1); index >= 0 && index > _index - 7; index--)
        {
            if (_tokens[index].Kind == SqlTokenKind.Hole)
            {
                return true;
            }

            if (_tokens[index].Kind == SqlTokenKind.Semicolon && index < _index)
            {
                return false;
            }
        }

        return false;
    }

    private bool At(SqlTokenKind kind) => Current.Kind == kind;

    private bool At(string word) => Current.Is(word);

    private bool At(string first, string second) => Current.Is(first) && Peek(1).Is(second);

    private bool AtOperator(string op) => Current.IsOperator(op);

    private bool Accept(SqlTokenKind kind)
    {
        if (!At(kind))
        {
            return false;
        }

        Advance();
        return true;
    }

    private bool Accept(string word)
    {
        if (!At(word))
        {
            return false;
        }

        Advance();
        return true;
    }

    private bool Accept(string first, string second)
    {
        if (!At(first, second))
        {
            return false;
        }

        Advance();
        Advance();
        return true;
    }

    /// <summary>Expects a token. A hole in the way may be anything, so it is passed over as a fragment.</summary>
    private bool Expect(SqlTokenKind kind)
    {
        if (kind != SqlTokenKind.Hole)
        {
            SkipHoles();
        }

        if (Accept(kind))
        {
            return true;
        }

        Fail("syntax error: expected " + Describe(kind));
        return false;
    }

    private bool Expect(string word)
    {
        SkipHoles();
        if (Accept(word))
        {
            return true;
        }

        Fail("syntax error: expected " + word.ToUpperInvariant());
        return false;
    }

    private bool ExpectOperator(string op)
    {
        SkipHoles();
        if (AtOperator(op))
        {
            Advance();
            return true;
        }

        Fail("syntax error: expected " + op);
        return false;
    }

    private static string Describe(SqlTokenKind kind) => kind switch
    {
        SqlTokenKind.OpenParen => "(",
        SqlTokenKind.CloseParen => ")",
        SqlTokenKind.OpenBracket => "[",
        SqlTokenKind.CloseBracket => "]",
        SqlTokenKind.Comma => ",",
        SqlTokenKind.Dot => ".",
        SqlTokenKind.String => "a string constant",
        SqlTokenKind.Integer => "an integer",
        _ => kind.ToString(),
    };

    /// <summary>Passes over bare holes where clauses may stand; true if there were any.</summary>
    private bool SkipHoles(HoleRole role = HoleRole.Clause)
    {
        var any = false;
        while (At(SqlTokenKind.Hole))
        {
            _marks.Mark(Advance().Span, role);
            _hasFragment |= role == HoleRole.Clause;
            any = true;
        }

        return any;
    }

    private SqlSpan From(int start) => SqlSpan.FromBounds(start, Math.Max(start, LastEnd));

    private bool Enter()
    {
        if (++_depth <= MaxDepth)
        {
            return true;
        }

        Fail("too deeply nested");
        return false;
    }

    private void Leave() => _depth--;

    private bool IsString(SqlToken token) => token.Kind is SqlTokenKind.String or SqlTokenKind.DollarString;

    private static bool IsColId(SqlToken token) => token.Kind switch
    {
        SqlTokenKind.Word => token.Category is KeywordCategory.None or KeywordCategory.Unreserved or KeywordCategory.ColumnName,
        SqlTokenKind.QuotedName or SqlTokenKind.Hole => true,
        _ => false,
    };

    private static bool IsTypeFunctionName(SqlToken token) => token.Kind switch
    {
        SqlTokenKind.Word => token.Category is KeywordCategory.None or KeywordCategory.Unreserved or KeywordCategory.TypeOrFunctionName,
        SqlTokenKind.QuotedName or SqlTokenKind.Hole => true,
        _ => false,
    };

    private static bool IsNonReserved(SqlToken token) => token.Kind switch
    {
        SqlTokenKind.Word => token.Category != KeywordCategory.Reserved,
        SqlTokenKind.QuotedName or SqlTokenKind.Hole => true,
        _ => false,
    };

    private static bool IsLabel(SqlToken token) => token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName or SqlTokenKind.Hole;

    /// <summary>A name of PostgreSQL's class ColId: of a table, a column, an alias.</summary>
    private SqlName ParseColId(HoleRole role = HoleRole.BareName) => ParseName(IsColId(Current), role);

    /// <summary>A name of the class ColLabel, which every keyword may be.</summary>
    private SqlName ParseColLabel(HoleRole role = HoleRole.BareName) => ParseName(IsLabel(Current), role);

    private SqlName ParseName(bool isAllowed, HoleRole role = HoleRole.BareName)
    {
        if (!isAllowed)
        {
            Fail("syntax error: expected a name");
            return new SqlName(Current.Span, "", false, false);
        }

        var first = Advance();
        var end = first.End;
        if (first.Kind == SqlTokenKind.Hole)
        {
            // {schema}{table}: one name of several holes.
            while (At(SqlTokenKind.Hole) && Current.Start == end)
            {
                end = Advance().End;
                role = HoleRole.BareNamePart;
            }
        }

        var span = SqlSpan.FromBounds(first.Start, end);
        var hasHole = _marks.Mark(span, first.Kind switch
        {
            SqlTokenKind.Word => HoleRole.BareNamePart,
            SqlTokenKind.QuotedName => HoleRole.QuotedName,
            _ => role,
        });
        return new SqlName(span, first.Text ?? _source.ToString(span), first.Kind == SqlTokenKind.QuotedName, hasHole);
    }

    /// <summary>A name with qualifiers (any_name, qualified_name without subscripts).</summary>
    private QualifiedName ParseQualifiedName(HoleRole role = HoleRole.BareName, int maxParts = 99)
    {
        var start = Current.Start;
        var parts = ImmutableArray.CreateBuilder<SqlName>();
        parts.Add(ParseColId(role));
        while (At(SqlTokenKind.Dot))
        {
            Advance();
            if (!IsPostgreSql && At(SqlTokenKind.Dot))
            {
                continue;
            }

            parts.Add(ParseColLabel(role));
            if (parts.Count > maxParts)
            {
                Fail("improper qualified name (too many dotted names)");
            }
        }

        return new QualifiedName(From(start), parts.ToImmutable());
    }

    private ImmutableArray<T> ParseList<T>(Func<T> parse)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            items.Add(parse());
        }
        while (Accept(SqlTokenKind.Comma));

        return items.ToImmutable();
    }

    /// <summary>A list of names in parentheses.</summary>
    private ImmutableArray<SqlName> ParseNameList()
    {
        Expect(SqlTokenKind.OpenParen);
        if (At(SqlTokenKind.Hole) && Peek(1).Kind == SqlTokenKind.CloseParen)
        {
            SkipHoles();
            Advance();
            return ImmutableArray<SqlName>.Empty;
        }

        var names = ParseList(() => ParseColId());
        Expect(SqlTokenKind.CloseParen);
        return names;
    }

    private ImmutableArray<SqlStatement> ParseStatements()
    {
        var statements = ImmutableArray.CreateBuilder<SqlStatement>();
        while (true)
        {
            while (Accept(SqlTokenKind.Semicolon))
            {
            }

            if (At(SqlTokenKind.End))
            {
                return statements.ToImmutable();
            }

            _depth = 0;
            _isDefinition = _hasFragment = _isPassedOver = false;
            var start = Current.Start;
            var statement = ParseStatement();
            SkipHoles();
            if (!At(SqlTokenKind.Semicolon) && !At(SqlTokenKind.End))
            {
                Fail("syntax error");
            }

            // What another database wrote is passed over; behind a hole the statement is not understood.
            var hasErrors = _failed && !(_isPassedOver && !IsPostgreSql);
            var isCut = _failed;
            _failed = false;
            if (_isPassedOver)
            {
                ParseUnknown(start, "");
            }
            else if (isCut)
            {
                while (!At(SqlTokenKind.Semicolon) && !At(SqlTokenKind.End))
                {
                    Advance();
                }
            }

            statements.Add(statement with { Span = From(start), HasErrors = hasErrors });
        }
    }

    private SqlStatement ParseStatement()
    {
        var start = Current.Start;
        var token = Current;
        if (IsHoleBeforeSetOperation())
        {
            return ParseSelectOrWrite(start);
        }

        if (token.Kind == SqlTokenKind.Hole)
        {
            SkipHoles(HoleRole.Statement);
            if (At(SqlTokenKind.End) || At(SqlTokenKind.Semicolon) || At(SqlTokenKind.CloseParen))
            {
                return Other(start, "");
            }

            return IsStatementStart(Current) ? ParseStatement() : ParseUnknown(start, "");
        }

        if (token.Kind == SqlTokenKind.OpenParen || IsQueryStart(token))
        {
            return ParseSelectOrWrite(start);
        }

        switch (token.Kind == SqlTokenKind.Word ? token.Text : null)
        {
            case "insert" or "update" or "delete" or "merge":
                return ParseSelectOrWrite(start);
            case "create":
                return ParseCreate(start);
            case "alter":
                return ParseAlter(start);
            case "drop":
                return ParseDrop(start);
            default:
                return ParseSession(start);
        }
    }

    private static bool IsStatementStart(SqlToken token) =>
        token.Kind == SqlTokenKind.OpenParen || IsQueryStart(token)
        || token.Is("insert") || token.Is("update") || token.Is("delete") || token.Is("merge") || token.Is("create") || token.Is("alter")
        || token.Is("drop") || token.Is("truncate") || token.Is("explain");

    private static bool IsQueryStart(SqlToken token) => token.Is("select") || token.Is("with") || token.Is("values") || token.Is("table");

    private OtherStatement Other(int start, string verb, params SqlName[] names) => new(From(start), verb, names.ToImmutableArray());

    /// <summary>Passes over a statement whose syntax is not read: up to the semicolon outside of parentheses and BEGIN ATOMIC bodies.</summary>
    private OtherStatement ParseUnknown(int start, string verb, params SqlName[] names)
    {
        var parens = 0;
        var blocks = 0;
        var isAtomic = false;
        while (!At(SqlTokenKind.End))
        {
            var token = Current;
            if (token.Kind == SqlTokenKind.Semicolon && parens <= 0 && blocks <= 0)
            {
                break;
            }

            if (token.Kind == SqlTokenKind.OpenParen)
            {
                parens++;
            }
            else if (token.Kind == SqlTokenKind.CloseParen)
            {
                parens--;
            }
            else if (token.Is("begin") && Peek(1).Is("atomic"))
            {
                isAtomic = true;
                blocks++;
            }
            else if (isAtomic && token.Is("case"))
            {
                blocks++;
            }
            else if (isAtomic && token.Is("end"))
            {
                blocks--;
            }

            Advance();
        }

        return Other(start, verb, names);
    }

    private ImmutableArray<SqlParameter> Parameters()
    {
        var parameters = ImmutableArray.CreateBuilder<SqlParameter>();
        foreach (var token in _tokens)
        {
            if (token.Kind == SqlTokenKind.Parameter && !_notParameters.Contains(token.Start))
            {
                parameters.Add(Parameter(token));
            }
        }

        return parameters.ToImmutable();
    }

    private SqlParameter Parameter(SqlToken token) => new(token.Text ?? "", Style(_source.Text[token.Start]), token.Span);

    private static ParameterStyle Style(char mark) => mark switch
    {
        '@' => ParameterStyle.At,
        ':' => ParameterStyle.Colon,
        '$' => ParameterStyle.Dollar,
        _ => ParameterStyle.Question,
    };

    private ImmutableArray<QuotedParameter> QuotedParameters()
    {
        var found = ImmutableArray.CreateBuilder<QuotedParameter>();
        foreach (var token in _tokens)
        {
            if (token.Kind != SqlTokenKind.String || token.End - token.Start > 140)
            {
                continue;
            }

            var parts = SqlLexer.Decode(_source, token.Span);
            if (parts.Length == 1 && parts[0].Text is { Length: > 1 } text && IsParameterText(text))
            {
                found.Add(new QuotedParameter(token.Span, text.Substring(1), Style(text[0])));
            }
        }

        return found.ToImmutable();
    }

    private static bool IsParameterText(string text)
    {
        var isPosition = text[0] == '$';
        if (text[0] is not ('@' or ':' or '$') || (!isPosition && text[1] is >= '0' and <= '9'))
        {
            return false;
        }

        for (var i = 1; i < text.Length; i++)
        {
            var isDigit = text[i] is >= '0' and <= '9';
            if (!isDigit && (isPosition || !(char.IsLetter(text[i]) || text[i] == '_')))
            {
                return false;
            }
        }

        return true;
    }
}
