using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Functions with a syntax of their own (func_expr_common_subexpr): COALESCE, EXTRACT, TRIM, the XML and JSON constructors.</content>
public sealed partial class SqlParser
{
    private SqlExpression? ParseSpecialFunction(SqlToken token, SqlToken next)
    {
        switch (token.Text)
        {
            case "current_date" or "current_role" or "current_user" or "session_user" or "system_user" or "user" or "current_catalog":
                Advance();
                return Special(token, ImmutableArray<SqlExpression>.Empty);
            case "current_schema" when next.Kind != SqlTokenKind.OpenParen && !IsString(next):
                Advance();
                return Special(token, ImmutableArray<SqlExpression>.Empty);
            case "current_time" or "current_timestamp" or "localtime" or "localtimestamp":
                Advance();
                return Special(token, ParseTypeLength());
            case "collation" when next.Is("for"):
                Advance();
                Advance();
                var collated = ParseParens();
                return Special(token, ImmutableArray.Create(collated));
        }

        if (next.Kind != SqlTokenKind.OpenParen)
        {
            return null;
        }

        switch (token.Text)
        {
            case "cast" or "treat":
                return ParseCast(token);
            case "coalesce" or "greatest" or "least" or "xmlconcat" or "grouping":
                Advance();
                return Special(token, ParseParenthesizedExpressions());
            case "nullif":
                Advance();
                var pair = ParseParenthesizedExpressions();
                if (pair.Length != 2)
                {
                    Fail("NULLIF takes two arguments");
                }

                return Special(token, pair);
            case "extract" or "normalize" or "overlay" or "position" or "substring" or "trim":
                return ParseTextFunction(token);
            case "xmlelement" or "xmlexists" or "xmlforest" or "xmlparse" or "xmlpi" or "xmlroot" or "xmlserialize":
                return ParseXmlFunction(token);
            case "json_object" or "json_array" or "json_objectagg" or "json_arrayagg":
                return ParseJsonConstructor(token);
            default:
                return null;
        }
    }

    private FunctionCall Special(SqlToken token, ImmutableArray<SqlExpression> arguments) =>
        new(From(token.Start), new QualifiedName(token.Span, ImmutableArray.Create(new SqlName(token.Span, token.Text!, false, false))), arguments);

    private SqlExpression ParseCast(SqlToken token)
    {
        Advance();
        Expect(SqlTokenKind.OpenParen);
        var operand = ParseExpression();
        Expect("as");
        var type = ParseTypeName();
        Expect(SqlTokenKind.CloseParen);
        return new CastExpression(From(token.Start), operand, type);
    }

    private SqlExpression ParseTextFunction(SqlToken token)
    {
        Advance();
        Expect(SqlTokenKind.OpenParen);
        var arguments = ImmutableArray.CreateBuilder<SqlExpression>();
        switch (token.Text)
        {
            case "extract":
                ParseExtractField(arguments);
                Expect("from");
                arguments.Add(ParseExpression());
                break;
            case "normalize":
                arguments.Add(ParseExpression());
                if (Accept(SqlTokenKind.Comma) && !(Accept("nfc") || Accept("nfd") || Accept("nfkc") || Accept("nfkd")))
                {
                    Fail("syntax error: expected a Unicode normal form");
                }

                break;
            case "position":
                arguments.Add(ParseExpression(0, ExpressionMode.Restricted));
                Expect("in");
                arguments.Add(ParseExpression(0, ExpressionMode.Restricted));
                break;
            case "overlay" or "substring":
                ParseSubstring(token.Text == "overlay", arguments);
                break;
            default:
                ParseTrim(arguments);
                break;
        }

        Expect(SqlTokenKind.CloseParen);
        return Special(token, arguments.ToImmutable());
    }

    private void ParseExtractField(ImmutableArray<SqlExpression>.Builder arguments)
    {
        var field = Current;
        if (field.Kind == SqlTokenKind.Hole)
        {
            _marks.Mark(Advance().Span, HoleRole.Keyword, "EXTRACT");
        }
        else if (IsString(field))
        {
            Advance();
            arguments.Add(Constant(field, LiteralKind.String));
        }
        else if (field.Kind == SqlTokenKind.QuotedName || (field.Kind == SqlTokenKind.Word
            && (!field.IsKeyword || field.Text is "year" or "month" or "day" or "hour" or "minute" or "second")))
        {
            Advance();
            if (!_marks.Mark(field.Span, field.Kind == SqlTokenKind.QuotedName ? HoleRole.QuotedName : HoleRole.Keyword, "EXTRACT"))
            {
                // PostgreSQL's parser makes a string of the field too.
                arguments.Add(new LiteralExpression(field.Span, LiteralKind.String, field.Span, ImmutableArray.Create(new LiteralPart(field.Text!, -1))));
            }
        }
        else
        {
            Fail("syntax error: expected a field");
        }
    }

    private void ParseSubstring(bool isOverlay, ImmutableArray<SqlExpression>.Builder arguments)
    {
        if (At(SqlTokenKind.CloseParen))
        {
            return;
        }

        arguments.Add(ParseArgument());
        if (isOverlay && Accept("placing"))
        {
            arguments.Add(ParseExpression());
            Expect("from");
            arguments.Add(ParseExpression());
            if (Accept("for"))
            {
                arguments.Add(ParseExpression());
            }
        }
        else if (!isOverlay && Accept("similar"))
        {
            arguments.Add(ParseExpression());
            Expect("escape");
            arguments.Add(ParseExpression());
        }
        else if (!isOverlay && (At("from") || At("for")))
        {
            var isFrom = Advance().Is("from");
            arguments.Add(ParseExpression());
            if (Accept(isFrom ? "for" : "from"))
            {
                arguments.Add(ParseExpression());
            }
        }
        else
        {
            while (Accept(SqlTokenKind.Comma))
            {
                arguments.Add(ParseArgument());
            }
        }
    }

    private void ParseTrim(ImmutableArray<SqlExpression>.Builder arguments)
    {
        if (!Accept("both") && !Accept("leading"))
        {
            Accept("trailing");
        }

        if (!At("from"))
        {
            arguments.AddRange(ParseExpressions());
        }

        if (arguments.Count <= 1 && Accept("from"))
        {
            arguments.AddRange(ParseExpressions());
        }
    }

    private SqlExpression ParseXmlFunction(SqlToken token)
    {
        Advance();
        Expect(SqlTokenKind.OpenParen);
        var arguments = ImmutableArray.CreateBuilder<SqlExpression>();
        switch (token.Text)
        {
            case "xmlelement":
                Expect("name");
                ParseColLabel();
                if (Accept(SqlTokenKind.Comma))
                {
                    if (At("xmlattributes") && Peek(1).Kind == SqlTokenKind.OpenParen)
                    {
                        Advance();
                        Advance();
                        ParseXmlAttributes(arguments);
                        Expect(SqlTokenKind.CloseParen);
                        if (!Accept(SqlTokenKind.Comma))
                        {
                            break;
                        }
                    }

                    arguments.AddRange(ParseExpressions());
                }

                break;
            case "xmlexists":
                arguments.Add(ParsePrefix(ExpressionMode.Restricted));
                ParseXmlPassing(arguments);
                break;
            case "xmlforest":
                ParseXmlAttributes(arguments);
                break;
            case "xmlpi":
                Expect("name");
                ParseColLabel();
                if (Accept(SqlTokenKind.Comma))
                {
                    arguments.Add(ParseExpression());
                }

                break;
            case "xmlroot":
                ParseXmlRoot(arguments);
                break;
            default:
                ExpectDocumentOrContent();
                arguments.Add(ParseExpression());
                if (token.Text == "xmlserialize")
                {
                    Expect("as");
                    ParseSimpleTypeName(isConstant: false);
                    if (!Accept("indent"))
                    {
                        Accept("no", "indent");
                    }
                }
                else if (!Accept("preserve", "whitespace"))
                {
                    Accept("strip", "whitespace");
                }

                break;
        }

        Expect(SqlTokenKind.CloseParen);
        return Special(token, arguments.ToImmutable());
    }

    private void ExpectDocumentOrContent()
    {
        if (!Accept("document"))
        {
            Expect("content");
        }
    }

    private void ParseXmlRoot(ImmutableArray<SqlExpression>.Builder arguments)
    {
        arguments.Add(ParseExpression());
        Expect(SqlTokenKind.Comma);
        Expect("version");
        if (!Accept("no", "value"))
        {
            arguments.Add(ParseExpression());
        }

        if (Accept(SqlTokenKind.Comma))
        {
            Expect("standalone");
            if (!Accept("yes"))
            {
                Expect("no");
                Accept("value");
            }
        }
    }

    private void ParseXmlAttributes(ImmutableArray<SqlExpression>.Builder arguments)
    {
        do
        {
            arguments.Add(ParseExpression());
            if (Accept("as"))
            {
                ParseColLabel();
            }
        }
        while (Accept(SqlTokenKind.Comma));
    }

    private void ParseXmlPassing(ImmutableArray<SqlExpression>.Builder arguments)
    {
        Expect("passing");
        ParseMechanism();
        arguments.Add(ParsePrefix(ExpressionMode.Restricted));
        ParseMechanism();

        void ParseMechanism()
        {
            if (Accept("by") && !Accept("ref"))
            {
                Expect("value");
            }
        }
    }

    private SqlExpression ParseJsonConstructor(SqlToken token)
    {
        Advance();
        Expect(SqlTokenKind.OpenParen);
        var arguments = ImmutableArray.CreateBuilder<SqlExpression>();
        var isAggregate = token.Text is "json_objectagg" or "json_arrayagg";
        if (token.Text is "json_object" or "json_objectagg")
        {
            ParseJsonObject(arguments, isAggregate);
        }
        else
        {
            ParseJsonArray(arguments, isAggregate);
        }

        Expect(SqlTokenKind.CloseParen);
        var call = Special(token, arguments.ToImmutable());
        return isAggregate ? ParseCallSuffix(call, hasVariadic: false, allowsWithinGroup: false) : call;
    }

    private void ParseJsonObject(ImmutableArray<SqlExpression>.Builder arguments, bool isAggregate)
    {
        if (!isAggregate && (At(SqlTokenKind.CloseParen) || At("returning")))
        {
            ParseJsonReturning();
            return;
        }

        var hasPairs = false;
        do
        {
            arguments.Add(ParseArgument());
            if (Accept(SqlTokenKind.Colon) || Accept("value"))
            {
                hasPairs = true;
                arguments.Add(ParseJsonValue());
            }
            else if (At(SqlTokenKind.Parameter) && _source.Text[Current.Start] == ':')
            {
                // 'key':column reads like a parameter.
                hasPairs = true;
                var glued = Advance();
                _notParameters.Add(glued.Start);
                var span = SqlSpan.FromBounds(glued.Start + 1, glued.End);
                var column = new ColumnReference(span, ImmutableArray.Create(new SqlName(span, glued.Text!, false, false)), false);
                arguments.Add(ParseInfix(ParseIndirections(column), 0, ExpressionMode.None));
                ParseJsonFormat();
            }
            else if (hasPairs || isAggregate)
            {
                Fail("syntax error: expected VALUE");
            }
        }
        while (!isAggregate && Accept(SqlTokenKind.Comma));

        if (hasPairs)
        {
            ParseNullOnNull();
            ParseUniqueKeys();
            ParseJsonReturning();
        }
    }

    private void ParseJsonArray(ImmutableArray<SqlExpression>.Builder arguments, bool isAggregate)
    {
        if (!isAggregate && (At(SqlTokenKind.CloseParen) || At("returning")))
        {
            ParseJsonReturning();
            return;
        }

        if (!isAggregate && IsQueryStart(Current))
        {
            var start = Current.Start;
            arguments.Add(new SubqueryExpression(From(start), SubqueryKind.Scalar, ParseQuery()) with { Span = From(start) });
            ParseJsonFormat();
            ParseJsonReturning();
            return;
        }

        do
        {
            arguments.Add(ParseJsonValue());
        }
        while (!isAggregate && Accept(SqlTokenKind.Comma));

        if (isAggregate && At("order"))
        {
            ParseOrderBy();
        }

        ParseNullOnNull();
        ParseJsonReturning();
    }

    private SqlExpression ParseJsonValue()
    {
        var value = ParseExpression();
        ParseJsonFormat();
        return value;
    }

    private void ParseJsonFormat()
    {
        if (Accept("format", "json") && Accept("encoding"))
        {
            ParseColId();
        }
    }

    private void ParseNullOnNull()
    {
        if (Accept("null") || Accept("absent"))
        {
            Expect("on");
            Expect("null");
        }
    }

    private void ParseJsonReturning()
    {
        if (Accept("returning"))
        {
            ParseTypeName();
            ParseJsonFormat();
        }
    }

    /// <summary>Passes over what stands up to the closing parenthesis of the current level.</summary>
    private void SkipToCloseParen()
    {
        var parens = 0;
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            if (At(SqlTokenKind.OpenParen))
            {
                parens++;
            }
            else if (At(SqlTokenKind.CloseParen) && --parens < 0)
            {
                return;
            }

            Advance();
        }
    }
}
