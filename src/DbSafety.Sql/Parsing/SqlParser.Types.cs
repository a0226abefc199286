using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Type names.</content>
public sealed partial class SqlParser
{
    /// <summary>Whether a word begins a type with a syntax of its own that stands before a constant: <c>timestamp(3) with time zone '..'</c>.</summary>
    private bool IsConstantType(SqlToken token, SqlToken next)
    {
        switch (token.Text)
        {
            case "double":
                return next.Is("precision");
            case "int" or "integer" or "smallint" or "bigint" or "real" or "boolean":
                return IsString(next);
            case "float" or "decimal" or "dec" or "numeric" or "varchar":
                return IsString(next) || next.Kind == SqlTokenKind.OpenParen;
            case "bit" or "character" or "char" or "nchar":
                return IsString(next) || next.Kind == SqlTokenKind.OpenParen || next.Is("varying");
            case "national":
                return next.Is("character") || next.Is("char");
            case "timestamp" or "time":
                return IsString(next) || next.Kind == SqlTokenKind.OpenParen || ((next.Is("with") || next.Is("without")) && Peek(2).Is("time"));
            case "interval":
                return IsString(next) || next.Kind == SqlTokenKind.OpenParen;
            default:
                return false;
        }
    }

    private TypeName ParseTypeName()
    {
        var start = Current.Start;
        var isSetOf = Accept("setof");
        var type = ParseSimpleTypeName(isConstant: false);
        var isArray = ParseArrayBounds();
        return type with
        {
            Span = From(start),
            Name = type.Name is null || !isArray ? type.Name : type.Name + "[]",
            IsArray = isArray,
            IsSetOf = isSetOf,
        };
    }

    /// <summary>opt_array_bounds, also ARRAY; true where the type is an array.</summary>
    private bool ParseArrayBounds()
    {
        var isArray = false;
        if (Accept("array"))
        {
            isArray = true;
            if (Accept(SqlTokenKind.OpenBracket))
            {
                Expect(SqlTokenKind.Integer);
                Expect(SqlTokenKind.CloseBracket);
            }
        }
        else
        {
            while (Accept(SqlTokenKind.OpenBracket))
            {
                isArray = true;
                Accept(SqlTokenKind.Integer);
                Expect(SqlTokenKind.CloseBracket);
            }
        }

        return isArray;
    }

    private TypeName ParseSimpleTypeName(bool isConstant)
    {
        var start = Current.Start;
        var token = Current;
        var modifiers = ImmutableArray<SqlExpression>.Empty;
        string name;
        switch (token.Kind == SqlTokenKind.Word ? token.Text : null)
        {
            case "int" or "integer" or "smallint" or "bigint" or "real" or "boolean":
                Advance();
                name = TypeNames.Canonical(token.Text!);
                break;
            case "float":
                Advance();
                modifiers = ParseTypeLength();
                name = "double precision";
                if (modifiers.Length == 1 && modifiers[0] is LiteralExpression { Text: { } bits } && int.TryParse(bits, out var precision))
                {
                    name = precision <= 24 ? "real" : name;
                    if (precision is < 1 or > 53)
                    {
                        Fail("precision for type float must be between 1 and 53 bits");
                    }
                }

                break;
            case "double" when Peek(1).Is("precision"):
                Advance();
                Advance();
                name = "double precision";
                break;
            case "decimal" or "dec" or "numeric":
                Advance();
                name = "numeric";
                modifiers = ParseTypeModifiers();
                break;
            case "bit":
                Advance();
                name = Accept("varying") ? "bit varying" : "bit";
                modifiers = ParseTypeModifiers();
                break;
            case "varchar":
                Advance();
                name = "character varying";
                modifiers = ParseTypeLength();
                break;
            case "national":
                Advance();
                if (!Accept("character"))
                {
                    Expect("char");
                }

                name = Accept("varying") ? "character varying" : "character";
                modifiers = ParseTypeLength();
                break;
            case "character" or "char" or "nchar":
                Advance();
                name = Accept("varying") ? "character varying" : "character";
                modifiers = ParseTypeLength();
                break;
            case "timestamp" or "time":
                Advance();
                modifiers = ParseTypeLength();
                var withZone = At("with", "time");
                if (withZone || At("without", "time"))
                {
                    Advance();
                    Advance();
                    Expect("zone");
                }

                name = token.Text + (withZone ? " with time zone" : " without time zone");
                break;
            case "interval":
                Advance();
                name = "interval";
                if (At(SqlTokenKind.OpenParen))
                {
                    modifiers = ParseTypeLength();
                }
                else if (!isConstant)
                {
                    ParseIntervalFields();
                }

                break;
            default:
                return ParseGenericType();
        }

        return new TypeName(From(start), name, null, modifiers, false, false);
    }

    private TypeName ParseGenericType()
    {
        var start = Current.Start;
        var parts = ImmutableArray.CreateBuilder<SqlName>();
        parts.Add(ParseName(IsTypeFunctionName(Current) || At("timestamp") || At("time") || At("interval")));
        while (Accept(SqlTokenKind.Dot))
        {
            parts.Add(ParseColLabel());
        }

        var modifiers = ParseTypeModifiers();
        var names = parts.ToImmutable();
        var known = !names.Any(part => part.HasHole);
        return new TypeName(
            From(start), known ? TypeNames.Canonical(names) : null, names.Length > 1 ? names[names.Length - 2].Text : null, modifiers, false, false);
    }

    private ImmutableArray<SqlExpression> ParseTypeModifiers() =>
        At(SqlTokenKind.OpenParen) ? ParseParenthesizedExpressions() : ImmutableArray<SqlExpression>.Empty;

    /// <summary>One integer in parentheses.</summary>
    private ImmutableArray<SqlExpression> ParseTypeLength()
    {
        if (!Accept(SqlTokenKind.OpenParen))
        {
            return ImmutableArray<SqlExpression>.Empty;
        }

        var token = Current;
        if (!IsPostgreSql && At("max"))
        {
            Advance();
            Expect(SqlTokenKind.CloseParen);
            return ImmutableArray<SqlExpression>.Empty;
        }

        var length = ImmutableArray<SqlExpression>.Empty;
        if (At(SqlTokenKind.Hole))
        {
            SkipHoles(HoleRole.UtilityValue);
        }
        else if (Expect(SqlTokenKind.Integer))
        {
            length = ImmutableArray.Create<SqlExpression>(Constant(token, LiteralKind.Number));
        }

        Expect(SqlTokenKind.CloseParen);
        return length;
    }

    /// <summary>The fields of an interval: <c>day to second(3)</c>; true where there are any.</summary>
    private bool ParseIntervalFields()
    {
        var token = Current;
        if (token.Kind != SqlTokenKind.Word || token.Text is not ("year" or "month" or "day" or "hour" or "minute" or "second"))
        {
            return false;
        }

        Advance();
        if (token.Text == "second")
        {
            ParseTypeLength();
            return true;
        }

        if (!At("to") || token.Text is "month")
        {
            return true;
        }

        var next = Peek(1);
        var isAllowed = next.Kind == SqlTokenKind.Word && token.Text switch
        {
            "year" => next.Text is "month",
            "day" => next.Text is "hour" or "minute" or "second",
            "hour" => next.Text is "minute" or "second",
            _ => next.Text is "second",
        };
        Advance();
        if (!isAllowed)
        {
            Fail("syntax error in the fields of an interval");
            return true;
        }

        if (Advance().Is("second"))
        {
            ParseTypeLength();
        }

        return true;
    }
}
