using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>CREATE and ALTER of functions and procedures, and DO. A body in a language of its own is opaque.</content>
public sealed partial class SqlParser
{
    private RoutineStatement ParseCreateRoutine(int start)
    {
        var isFunction = Advance().Is("function");
        var name = ParseFunctionName();
        var arguments = ParseFunctionArguments(allowsDefaults: true);
        TypeName? returns = null;
        SkipHoles();
        if (isFunction && At("returns") && !Peek(1).Is("null"))
        {
            Advance();
            if (Accept("table"))
            {
                ParseParenthesized(() =>
                {
                    ParseName(IsTypeFunctionName(Current), HoleRole.UtilityName);
                    return ParseFunctionType();
                });
            }
            else
            {
                returns = ParseFunctionType();
            }
        }

        var routine = new RoutineStatement(From(start), isFunction ? "CREATE FUNCTION" : "CREATE PROCEDURE", name, null)
        {
            Returns = returns,
            ArgumentTypes = InputTypes(arguments),
        };
        var options = new RoutineOptions();
        do
        {
            SkipHoles();
        }
        while (ParseRoutineOption(options, isCreate: true));
        var statements = ParseRoutineBody();
        return routine with
        {
            Span = From(start),
            Language = options.Language,
            Body = options.Body,
            Volatility = options.Volatility,
            Statements = statements,
        };
    }

    /// <summary>createfunc_opt_item; of them common_func_opt_item goes with ALTER too.</summary>
    private bool ParseRoutineOption(RoutineOptions options, bool isCreate)
    {
        if (!At(SqlTokenKind.Word))
        {
            return false;
        }

        var word = Current.Text!;
        switch (word)
        {
            case "as" when isCreate:
                Advance();
                options.Body = ParseStringConstant();
                if (Accept(SqlTokenKind.Comma))
                {
                    ParseStringConstant();
                    options.Body = null; // a file and a symbol
                }

                return true;
            case "language" when isCreate:
                Advance();
                options.Language = ParseWordOrString()?.ToLowerInvariant();
                return true;
            case "transform" when isCreate:
                Advance();
                ParseBareList(() =>
                {
                    Expect("for");
                    Expect("type");
                    return ParseTypeName();
                });
                return true;
            case "window" when isCreate:
                Advance();
                return true;
            case "immutable" or "stable" or "volatile":
                options.Volatility = Advance().Text!.ToUpperInvariant();
                return true;
            case "strict" or "leakproof":
                Advance();
                return true;
            case "not":
                Advance();
                Expect("leakproof");
                return true;
            case "called" or "returns":
                Advance();
                if (word == "returns")
                {
                    Expect("null");
                }

                Expect("on");
                Expect("null");
                Expect("input");
                return true;
            case "external" or "security":
                Advance();
                if (word == "external")
                {
                    Expect("security");
                }

                if (!SkipHoles() && !Accept("definer"))
                {
                    Expect("invoker");
                }

                return true;
            case "cost" or "rows":
                Advance();
                ParseSignedNumber();
                return true;
            case "support":
                Advance();
                ParseQualifiedName(HoleRole.UtilityName);
                return true;
            case "parallel":
                Advance();
                ParseColId(HoleRole.Keyword);
                return true;
            case "set":
                Advance();
                ParseRoutineSetting();
                return true;
            case "reset":
                Advance();
                ParseRoutineReset();
                return true;
            default:
                return false;
        }
    }

    /// <summary>NonReservedWord_or_Sconst; null where a hole hides it.</summary>
    private string? ParseWordOrString()
    {
        if (IsString(Current))
        {
            return ParseStringConstant();
        }

        var name = ParseName(IsNonReserved(Current), HoleRole.UtilityName);
        return name.HasHole ? null : name.Text;
    }

    /// <summary>set_rest_more, behind SET.</summary>
    private void ParseRoutineSetting()
    {
        var isAssigned = Peek(1).Is("to") || Peek(1).IsOperator("=") || Peek(1).Kind == SqlTokenKind.Dot || Peek(1).Is("from");
        switch (isAssigned || !At(SqlTokenKind.Word) ? null : Current.Text)
        {
            case "time":
                Advance();
                Expect("zone");
                ParseZone();
                return;
            case "catalog" or "schema":
                Advance();
                ParseStringConstant();
                return;
            case "names":
                Advance();
                if (!Accept("default") && (IsString(Current) || At(SqlTokenKind.Hole)))
                {
                    ParseStringConstant();
                }

                return;
            case "role":
                Advance();
                ParseWordOrString();
                return;
            case "session":
                Advance();
                Expect("authorization");
                if (!Accept("default"))
                {
                    ParseWordOrString();
                }

                return;
            case "xml":
                Advance();
                Expect("option");
                ExpectDocumentOrContent();
                return;
            case "transaction":
                Advance();
                Expect("snapshot");
                ParseStringConstant();
                return;
        }

        ParseSettingName();
        if (Accept("from"))
        {
            Expect("current");
            return;
        }

        if (!AtOperator("="))
        {
            Expect("to");
        }
        else
        {
            Advance();
        }

        if (!Accept("default"))
        {
            ParseBareList(ParseSettingValue);
        }
    }

    /// <summary>var_name</summary>
    private void ParseSettingName()
    {
        ParseColId(HoleRole.UtilityName);
        while (Accept(SqlTokenKind.Dot))
        {
            ParseColId(HoleRole.UtilityName);
        }
    }

    private bool ParseSettingValue()
    {
        if (At(SqlTokenKind.Integer) || At(SqlTokenKind.Decimal) || At(SqlTokenKind.Operator))
        {
            ParseSignedNumber();
        }
        else if (!SkipHoles(HoleRole.UtilityValue) && !Accept("true") && !Accept("false") && !Accept("on"))
        {
            ParseWordOrString();
        }

        return true;
    }

    private void ParseZone()
    {
        if (At("interval"))
        {
            Advance();
            ParseTypeLength();
            ParseStringConstant();
            ParseIntervalFields();
        }
        else if (At(SqlTokenKind.Integer) || At(SqlTokenKind.Decimal) || At(SqlTokenKind.Operator))
        {
            ParseSignedNumber();
        }
        else if (IsString(Current))
        {
            ParseStringConstant();
        }
        else if (!Accept("default") && !Accept("local"))
        {
            ParseName(At(SqlTokenKind.QuotedName) || At(SqlTokenKind.Hole) || (At(SqlTokenKind.Word) && !Current.IsKeyword), HoleRole.UtilityName);
        }
    }

    /// <summary>reset_rest, behind RESET.</summary>
    private void ParseRoutineReset()
    {
        if (Accept("all"))
        {
            return;
        }

        if (At("time", "zone") || At("session", "authorization"))
        {
            Advance();
            Advance();
        }
        else if (At("transaction", "isolation"))
        {
            Advance();
            Advance();
            Expect("level");
        }
        else
        {
            ParseSettingName();
        }
    }

    /// <summary>opt_routine_body: RETURN a, BEGIN ATOMIC .. END; empty where neither is there.</summary>
    private ImmutableArray<SqlStatement> ParseRoutineBody()
    {
        if (At("return"))
        {
            return ImmutableArray.Create(ParseReturn());
        }

        if (!At("begin", "atomic"))
        {
            return ImmutableArray<SqlStatement>.Empty;
        }

        Advance();
        Advance();
        var statements = ImmutableArray.CreateBuilder<SqlStatement>();
        while (!At("end") && !At(SqlTokenKind.End))
        {
            if (Accept(SqlTokenKind.Semicolon))
            {
                continue;
            }

            statements.Add(ParseBodyStatement());
            if (!At("end") || !(_index > 0 && _tokens[_index - 1].Kind == SqlTokenKind.Hole))
            {
                Expect(SqlTokenKind.Semicolon);
            }
        }

        Expect("end");
        return statements.ToImmutable();
    }

    private SqlStatement ParseReturn()
    {
        var start = Current.Start;
        Advance();
        ParseDefinitionCondition();
        return Other(start, "RETURN");
    }

    private SqlStatement ParseBodyStatement()
    {
        var start = Current.Start;
        if (!Enter())
        {
            Leave();
            return Other(start, "");
        }

        SqlStatement statement;
        if (At("return"))
        {
            statement = ParseReturn();
        }
        else
        {
            var hasFragment = _hasFragment;
            _isDefinition = false;
            if (SkipHoles(HoleRole.Statement) && !IsStatementStart(Current))
            {
                (_isDefinition, _hasFragment) = (true, true);
                Leave();
                return Other(start, "");
            }

            if (At("begin") || At("end"))
            {
                Fail("syntax error");
            }

            statement = ParseStatement();
            SkipHoles();
            _isDefinition = true;
            _hasFragment |= hasFragment;
        }

        Leave();
        return statement with { Span = From(start), HasErrors = _failed };
    }

    /// <summary>DO</summary>
    private RoutineStatement ParseDo(int start)
    {
        Advance();
        _isDefinition = true;
        string? body = null, language = "plpgsql";
        var count = 0;
        while (true)
        {
            if (Accept("language"))
            {
                language = ParseWordOrString()?.ToLowerInvariant();
            }
            else if (IsString(Current))
            {
                body = ParseStringConstant();
            }
            else if (!SkipHoles())
            {
                break;
            }

            count++;
        }

        if (count == 0)
        {
            Fail("syntax error: expected a string constant");
        }

        return new RoutineStatement(From(start), "DO", null, language) { Body = body };
    }

    /// <summary>ALTER FUNCTION, PROCEDURE, ROUTINE</summary>
    private SqlStatement ParseAlterRoutine(int start)
    {
        var verb = "ALTER " + Advance().Text!.ToUpperInvariant();
        var name = ParseFunctionSignature().Name;
        SkipHoles();
        if (Accept("rename"))
        {
            Expect("to");
            return new RenameStatement(From(start), verb, name, ParseColId(HoleRole.UtilityName)) { Span = From(start) };
        }

        if (At("set", "schema") && !IsString(Peek(2)) && !Peek(2).Is("to") && !Peek(2).IsOperator("=") && !Peek(2).Is("from"))
        {
            Advance();
            Advance();
            return new RenameStatement(From(start), verb, name, ParseColId(HoleRole.UtilityName)) { Span = From(start), IsSetSchema = true };
        }

        if (At("owner"))
        {
            ParseOwnerTo();
        }
        else if (At("depends") || At("no"))
        {
            ParseDependsOn();
        }
        else
        {
            var count = 0;
            while (SkipHoles() || ParseRoutineOption(new RoutineOptions(), isCreate: false))
            {
                count++;
            }

            if (count == 0)
            {
                Fail("syntax error: no action of " + verb + " begins so");
            }

            Accept("restrict");
        }

        return Other(start, verb);
    }

    /// <summary>What the options of a routine say.</summary>
    private sealed class RoutineOptions
    {
        public string? Language { get; set; }

        public string? Body { get; set; }

        public string? Volatility { get; set; }
    }
}
