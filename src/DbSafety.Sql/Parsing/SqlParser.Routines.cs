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
                ParseSetRest(allowsModes: false);
                return true;
            case "reset":
                Advance();
                ParseResetRest();
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
