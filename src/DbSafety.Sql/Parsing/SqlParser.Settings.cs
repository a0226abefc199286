using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>SET, RESET, SHOW</content>
public sealed partial class SqlParser
{
    private SqlStatement ParseSet(int start)
    {
        Advance();
        var isLocal = At("local") && IsNonReserved(Peek(1)) && Accept("local");
        var isSession = !isLocal && At("session") && Peek(1).Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && IsNonReserved(Peek(1))
            && !Peek(1).Is("characteristics") && !Peek(1).Is("to") && Accept("session");
        if (IsPostgreSql && At("transaction") && !IsNamePart(Peek(1)))
        {
            return ParseSetTransaction(start);
        }

        if (Current.Kind == SqlTokenKind.Word && Current.Text is "transaction" or "session" or "constraints" or "xml" && !IsNamePart(Peek(1)))
        {
            var isConstraints = At("constraints") && !isLocal && !isSession;
            return Strictly(start, "SET", isConstraints ? ParseSetConstraints : () => ParseSetRest(allowsModes: true));
        }

        var setting = "";
        var isGeneric = false;
        if (Accept("time", "zone"))
        {
            setting = "timezone";
        }
        else if (AtSpecialSetting(isSession))
        {
            setting = Advance().Text!;
        }
        else
        {
            isGeneric = true;
            var name = IsPostgreSql ? ParseSettingName() : ParseQualifiedName(HoleRole.UtilityName);
            setting = string.Join(".", name.Parts.Select(part => part.Text));
            if (IsAssignment(Current))
            {
                Advance();
            }
            else if (IsPostgreSql && Accept("from", "current"))
            {
                return new SetStatement(From(start), setting, ImmutableArray<string?>.Empty, isLocal);
            }
            else if (IsPostgreSql && HasHoleInStatement(start))
            {
                return ParseUnknown(start, "");
            }
            else if (IsPostgreSql)
            {
                Fail("syntax error: expected TO or =");
            }
        }

        var first = _index;
        if (IsPostgreSql && !HasHoleInStatement(start))
        {
            ParseSettingValues(isGeneric ? "" : setting);
        }
        else
        {
            while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
            {
                Advance();
            }
        }

        return new SetStatement(From(start), setting, SettingValues(setting, first), isLocal);
    }

    private static bool IsAssignment(SqlToken token) => token.Is("to") || token.IsOperator("=");

    /// <summary>Whether the word before a token is the name of a setting, or its beginning.</summary>
    private static bool IsNamePart(SqlToken token) => IsAssignment(token) || token.Kind == SqlTokenKind.Dot || token.Is("from");

    private bool AtSpecialSetting(bool isSession) => Current.Kind == SqlTokenKind.Word && !IsAssignment(Peek(1)) && (!IsPostgreSql || !IsNamePart(Peek(1)))
        && (Current.Text is "role" or "names" or "catalog" or "schema" || (Current.Text == "authorization" && (isSession || !IsPostgreSql)));

    /// <summary>The values among the tokens from one on; null for one that a hole hides.</summary>
    private ImmutableArray<string?> SettingValues(string setting, int first)
    {
        var values = ImmutableArray.CreateBuilder<string?>();
        var sign = "";
        for (var index = first; index < _index; index++)
        {
            var token = _tokens[index];
            if (token.Kind == SqlTokenKind.Hole)
            {
                _marks.Mark(token.Span, setting is "role" or "authorization" ? HoleRole.UtilityName : HoleRole.UtilityValue);
                values.Add(null);
            }
            else if (token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName)
            {
                values.Add(_marks.Mark(token.Span, token.Kind == SqlTokenKind.Word ? HoleRole.BareNamePart : HoleRole.QuotedName) ? null : token.Text);
            }
            else if (IsString(token))
            {
                var content = Constant(token, LiteralKind.String);
                values.Add(content.Text);
                _marks.Mark(token.Span, HoleRole.UtilityValue);
            }
            else if (token.IsOperator("-") || token.IsOperator("+"))
            {
                sign = token.Text == "-" ? "-" : "";
                continue;
            }
            else if (token.Kind != SqlTokenKind.Comma)
            {
                values.Add(sign + _source.ToString(token.Span));
            }

            sign = "";
        }

        return values.ToImmutable();
    }

    /// <summary>What stands behind the name of a setting: var_list, or what some settings take by a syntax of their own.</summary>
    private void ParseSettingValues(string special)
    {
        switch (special)
        {
            case "timezone":
                ParseTimeZone();
                break;
            case "role":
                ParseWordOrString();
                break;
            case "authorization":
                if (!Accept("default"))
                {
                    ParseWordOrString();
                }

                break;
            case "names":
                if (!Accept("default") && IsString(Current))
                {
                    Advance();
                }

                break;
            case "schema":
                ParseStringConstant();
                break;
            case "catalog":
                Fail("current database cannot be changed");
                break;
            default:
                if (!Accept("default"))
                {
                    do
                    {
                        ParseSettingValue();
                    }
                    while (Accept(SqlTokenKind.Comma));
                }

                break;
        }
    }

    /// <summary>zone_value</summary>
    private void ParseTimeZone()
    {
        if (Accept("interval"))
        {
            var hasPrecision = Accept(SqlTokenKind.OpenParen);
            if (hasPrecision)
            {
                ParseIntegerConstant();
                Expect(SqlTokenKind.CloseParen);
            }

            ParseStringConstant();
            if (!hasPrecision && Accept("hour") && Accept("to"))
            {
                Expect("minute");
            }
        }
        else if (AtNumber())
        {
            ParseSignedNumber();
        }
        else if (IsString(Current))
        {
            ParseStringConstant();
        }
        else if (!Accept("default") && !Accept("local"))
        {
            ParseName(IsIdentifier(Current), HoleRole.UtilityName);
        }
    }

    /// <summary>set_rest, behind SET in another statement; set_rest_more without the modes of transactions.</summary>
    private void ParseSetRest(bool allowsModes)
    {
        var next = Peek(1);
        if (At("transaction") && !IsNamePart(next))
        {
            Advance();
            ParseSetTransactionRest(allowsModes);
        }
        else if (At("session", "characteristics") && allowsModes)
        {
            Advance();
            Advance();
            Expect("as", "transaction");
            ParseModeList();
        }
        else if (Accept("xml", "option"))
        {
            ExpectDocumentOrContent();
        }
        else if (Accept("session", "authorization"))
        {
            ParseSettingValues("authorization");
        }
        else if (Accept("time", "zone"))
        {
            ParseTimeZone();
        }
        else if (AtSpecialSetting(isSession: false))
        {
            ParseSettingValues(Advance().Text!);
        }
        else
        {
            ParseGenericSet(allowsCurrent: true);
        }
    }

    /// <summary>generic_set: a name and its values.</summary>
    private void ParseGenericSet(bool allowsCurrent)
    {
        ParseSettingName();
        if (allowsCurrent && Accept("from", "current"))
        {
            return;
        }

        if (IsAssignment(Current))
        {
            Advance();
        }
        else
        {
            Fail("syntax error: expected TO or =");
        }

        ParseSettingValues("");
    }

    /// <summary>reset_rest, behind RESET in another statement.</summary>
    private void ParseResetRest()
    {
        if (Accept("all") || Accept("time", "zone") || Accept("session", "authorization"))
        {
            return;
        }

        if (Accept("transaction", "isolation"))
        {
            Expect("level");
            return;
        }

        ParseSettingName();
    }

    /// <summary>SetResetClause, where it stands: of roles and databases; of functions without the modes of transactions.</summary>
    private bool ParseSetOrReset(bool allowsModes)
    {
        if (Accept("set"))
        {
            ParseSetRest(allowsModes);
            return true;
        }

        if (Accept("reset"))
        {
            ParseResetRest();
            return true;
        }

        return false;
    }

    private void ParseSetConstraints()
    {
        Expect("constraints");
        if (!Accept("all"))
        {
            ParseList(ParseRelationName);
        }

        ExpectOneOf("deferred", "immediate");
    }

    private SqlStatement ParseShow(int start)
    {
        var verb = Advance().Text!.ToUpperInvariant();
        if (Accept("time", "zone") || Accept("session", "authorization") || Accept("all"))
        {
            return Other(start, verb);
        }

        if (Accept("transaction", "isolation"))
        {
            Expect("level");
            return Other(start, verb);
        }

        if (IsPostgreSql)
        {
            return Other(start, verb, ParseSettingName().Parts.ToArray());
        }

        var name = ParseQualifiedName(HoleRole.UtilityName);
        return ParseUnknown(start, verb, name.Parts.ToArray());
    }
}
