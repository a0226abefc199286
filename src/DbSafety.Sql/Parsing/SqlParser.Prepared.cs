using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Statements around others: EXPLAIN, PREPARE, cursors; and EXECUTE.</content>
public sealed partial class SqlParser
{
    private SqlStatement ParseExplain(int start)
    {
        Advance();
        if (At(SqlTokenKind.OpenParen) && !IsParenthesizedQuery())
        {
            if (IsPostgreSql && !HasHoleInStatement(start))
            {
                ParseCommandOptions();
            }
            else
            {
                Advance();
                SkipToCloseParen();
                Expect(SqlTokenKind.CloseParen);
            }
        }
        else
        {
            if (!Accept("analyze"))
            {
                Accept("analyse");
            }

            Accept("verbose");
        }

        var inner = ParseExplainable();
        return Wrap(start, "EXPLAIN", null, inner);
    }

    private SqlStatement ParseExplainable()
    {
        var start = Current.Start;
        if (!Enter())
        {
            Leave();
            return Other(start, "");
        }

        SqlStatement inner;
        if (At("create"))
        {
            inner = ParseCreate(start);
            if (inner.Verb is not ("CREATE TABLE AS" or "CREATE MATERIALIZED VIEW"))
            {
                Refuse(start, inner);
            }
        }
        else if (At("declare"))
        {
            inner = ParseDeclare(start);
        }
        else if (At("execute"))
        {
            inner = ParseCommand(start, isWhole: true);
        }
        else if (At("refresh"))
        {
            inner = ParseRefresh(start);
        }
        else
        {
            inner = ParseNestedStatement();
        }

        Leave();
        return inner;
    }

    /// <summary>The statement around another; known by nothing where a hole hides the beginning of the inner one.</summary>
    private SqlStatement Wrap(int start, string verb, QualifiedName? name, SqlStatement inner) =>
        inner is OtherStatement { Verb: "" } && !At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon)
            ? ParseUnknown(start, "")
            : new WrapperStatement(From(start), verb, name, inner);

    /// <summary>Finds an inner statement that PostgreSQL does not take there, unless a hole makes it another one.</summary>
    private void Refuse(int start, SqlStatement inner)
    {
        if (IsPostgreSql && !HasHole(start, LastEnd))
        {
            Fail("syntax error: no " + inner.Verb + " here");
        }
    }

    private SqlStatement ParsePrepare(int start)
    {
        Advance();
        if (At("transaction") && !Peek(1).Is("as") && Peek(1).Kind != SqlTokenKind.OpenParen)
        {
            Advance();
            return Control(Strictly(start, "PREPARE TRANSACTION", () => ParseStringConstant()), TransactionKind.PrepareTransaction);
        }

        QualifiedName? name = null;
        var isRead = TryHead(
            start,
            () =>
            {
                name = ParseStatementName();
                if (Accept(SqlTokenKind.OpenParen))
                {
                    ParseList(ParseTypeName);
                    Expect(SqlTokenKind.CloseParen);
                }

                Expect("as");
            });
        if (!isRead)
        {
            return ParseUnknown(start, "");
        }

        var inner = ParseNestedStatement();
        return Wrap(start, "PREPARE", name, inner);
    }

    private SqlStatement ParseDeclare(int start)
    {
        Advance();
        if (!IsPostgreSql && At(SqlTokenKind.Parameter))
        {
            return ParseUnknown(start, ""); // DECLARE @x of SQL Server
        }

        QualifiedName? name = null;
        if (!TryHead(start, () => name = ParseCursorHead()))
        {
            return ParseUnknown(start, "");
        }

        var inner = ParseNestedStatement();
        if (inner is WriteStatement)
        {
            Refuse(start, inner);
        }

        return Wrap(start, "DECLARE", name, inner);
    }

    /// <summary>DECLARE up to the query: the name, what the cursor can do, how long it lives.</summary>
    private QualifiedName ParseCursorHead()
    {
        var name = ParseStatementName();
        while (Current.Kind == SqlTokenKind.Word && Current.Text is "no" or "scroll" or "binary" or "asensitive" or "insensitive")
        {
            if (Advance().Text == "no" && IsPostgreSql)
            {
                Expect("scroll");
            }
        }

        Expect("cursor");
        if (At("with", "hold") || At("without", "hold"))
        {
            Advance();
            Advance();
        }

        Expect("for");
        return name;
    }

    /// <summary>The name of a prepared statement or a cursor.</summary>
    private QualifiedName ParseStatementName()
    {
        var name = ParseColId(HoleRole.UtilityName);
        return new QualifiedName(name.Span, ImmutableArray.Create(name));
    }

    private void ParseExecuteRest()
    {
        ParseColId();
        if (At(SqlTokenKind.OpenParen))
        {
            ParseParenthesizedExpressions();
        }
    }

    private void ParseDeallocate()
    {
        if (At("prepare") && (IsColId(Peek(1)) || Peek(1).Is("all")))
        {
            Advance();
        }

        ParseNameOrAll();
    }

    private void ParseNameOrAll()
    {
        if (!Accept("all"))
        {
            ParseColId();
        }
    }

    /// <summary>fetch_args: which rows, FROM or IN, and the cursor. The words of directions may be names of cursors too.</summary>
    private void ParseFetchOrMove()
    {
        var next = Peek(1);
        var isDirection = At(SqlTokenKind.Word) && (IsColId(next) || next.Is("from") || next.Is("in"));
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "next" or "prior" or "first" or "last" when isDirection:
                Advance();
                break;
            case "absolute" or "relative" when next.Kind is SqlTokenKind.Integer or SqlTokenKind.Operator:
                Advance();
                ParseSignedInteger();
                break;
            case "forward" or "backward" when isDirection || next.Is("all") || next.Kind is SqlTokenKind.Integer or SqlTokenKind.Operator:
                Advance();
                if (!Accept("all") && AtNumber())
                {
                    ParseSignedInteger();
                }

                break;
            case "all":
                Advance();
                break;
            default:
                if (AtNumber())
                {
                    ParseSignedInteger();
                }

                break;
        }

        if (!Accept("from"))
        {
            Accept("in");
        }

        ParseColId();
    }
}
