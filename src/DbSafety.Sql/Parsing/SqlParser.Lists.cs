using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>What definitions and utility statements share: lists of options, signatures of functions, roles.</content>
public sealed partial class SqlParser
{
    /// <summary>Whether a hole fills an entry of a list: it, and others behind it, stand before the comma or the end.</summary>
    private bool AtHoleEntry() => At(SqlTokenKind.Hole)
        && TokenBehindHoles().Kind is SqlTokenKind.Comma or SqlTokenKind.CloseParen or SqlTokenKind.End or SqlTokenKind.Semicolon;

    private SqlToken TokenBehindHoles()
    {
        var ahead = 0;
        while (Peek(ahead).Kind == SqlTokenKind.Hole)
        {
            ahead++;
        }

        return Peek(ahead);
    }

    /// <summary>A list in parentheses, at least one entry; a hole may be one or several of them.</summary>
    private ImmutableArray<T> ParseParenthesized<T>(Func<T> parse)
    {
        Expect(SqlTokenKind.OpenParen);
        var items = ParseEntries(parse);
        Expect(SqlTokenKind.CloseParen);
        return items;
    }

    /// <summary>The entries of a list in parentheses, without these; a hole may be one or several of them. See <see cref="ParseBareList"/>.</summary>
    private ImmutableArray<T> ParseEntries<T>(Func<T> parse)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            if (AtHoleEntry())
            {
                SkipHoles();
                continue;
            }

            items.Add(parse());
            SkipHoles();
        }
        while (Accept(SqlTokenKind.Comma));

        return items.ToImmutable();
    }

    /// <summary>A list that no parentheses close. A hole is what the entry is: in <c>DROP TABLE {x}</c> a name.</summary>
    private ImmutableArray<T> ParseBareList<T>(Func<T> parse)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            items.Add(parse());
            SkipHoles();
        }
        while (Accept(SqlTokenKind.Comma));

        return items.ToImmutable();
    }

    /// <summary>Sconst: a string constant, or a hole. Null where a hole hides it.</summary>
    private string? ParseStringConstant()
    {
        var token = Current;
        if (token.Kind == SqlTokenKind.Hole)
        {
            SkipHoles(HoleRole.UtilityValue);
            return null;
        }

        if (!IsString(token))
        {
            Fail("syntax error: expected a string constant");
            return null;
        }

        Advance();
        var text = Constant(token, LiteralKind.String).Text;
        _marks.Mark(token.Span, token.Kind == SqlTokenKind.DollarString ? HoleRole.DollarBody : HoleRole.UtilityValue);
        return text;
    }

    /// <summary>NumericOnly: a number with a sign. Null where a hole hides it.</summary>
    private string? ParseSignedNumber(bool isInteger = false)
    {
        var sign = AtOperator("-") || AtOperator("+") ? Advance().Text! : "";
        var token = Current;
        if (SkipHoles(HoleRole.UtilityValue))
        {
            return null;
        }

        if (token.Kind != SqlTokenKind.Integer && (isInteger || token.Kind != SqlTokenKind.Decimal))
        {
            Fail("syntax error: expected a number");
            return null;
        }

        Advance();
        return (sign == "-" ? "-" : "") + _source.ToString(token.Span);
    }

    /// <summary>A list of options in parentheses, <c>(a = b, c)</c>: definition of gram.y.</summary>
    /// <param name="allowsQualified">Names with a dot, as in reloptions: <c>toast.autovacuum_enabled</c>.</param>
    private ImmutableArray<OptionItem> ParseDefinitionList(bool allowsQualified = false) => ParseParenthesized(() => ParseDefinitionItem(allowsQualified));

    private OptionItem ParseDefinitionItem(bool allowsQualified)
    {
        var name = ParseColLabel(HoleRole.UtilityName);
        var text = name.Text;
        var isKnown = !name.HasHole;
        if (allowsQualified && Accept(SqlTokenKind.Dot))
        {
            var second = ParseColLabel(HoleRole.UtilityName);
            text += "." + second.Text;
            isKnown &= !second.HasHole;
        }

        if (SkipHoles())
        {
            isKnown = false;
        }

        if (!AtOperator("="))
        {
            return new OptionItem(isKnown ? text : null, false, null);
        }

        Advance();
        return new OptionItem(isKnown ? text : null, true, ParseDefinitionValue());
    }

    /// <summary>def_arg: a type, a keyword, an operator, a number or a string. Null where a hole hides it.</summary>
    private string? ParseDefinitionValue()
    {
        var token = Current;
        switch (token.Kind)
        {
            case SqlTokenKind.Hole when Peek(1).Kind != SqlTokenKind.Dot:
                SkipHoles(HoleRole.UtilityValue);
                return null;
            case SqlTokenKind.String or SqlTokenKind.DollarString:
                return ParseStringConstant();
            case SqlTokenKind.Integer or SqlTokenKind.Decimal:
                return ParseSignedNumber();
            case SqlTokenKind.Operator when token.Text is "+" or "-" && Peek(1).Kind is SqlTokenKind.Integer or SqlTokenKind.Decimal or SqlTokenKind.Hole:
                return ParseSignedNumber();
            case SqlTokenKind.Operator:
                return Advance().Text;
            case SqlTokenKind.Word when token.Text == "operator" && Peek(1).Kind == SqlTokenKind.OpenParen:
                Advance();
                return ParseOperatorName();
            case SqlTokenKind.Word when token.Category == KeywordCategory.Reserved || token.Text == "none":
                return Advance().Text;
            default:
                var type = ParseFunctionType();
                return type.Name is null ? null : token.Kind == SqlTokenKind.Word && type.Span == token.Span ? token.Text : type.Name;
        }
    }

    /// <summary>func_type: a type, or the type of a column, <c>t.c%TYPE</c>, which is not known.</summary>
    private TypeName ParseFunctionType()
    {
        var type = ParseTypeName();
        if (AtOperator("%") && Peek(1).Is("type"))
        {
            if (type.IsArray || !type.Modifiers.IsEmpty || type.Schema is null)
            {
                Fail("syntax error");
            }

            Advance();
            Advance();
            return type with { Span = From(type.Span.Start), Name = null };
        }

        return type;
    }

    /// <summary>Whether a token can begin a type.</summary>
    private static bool StartsType(SqlToken token) => IsTypeFunctionName(token) || (token.Kind == SqlTokenKind.Word && token.Text is "bigint" or "bit" or "boolean"
        or "char" or "character" or "dec" or "decimal" or "float" or "int" or "integer" or "interval" or "national" or "nchar" or "numeric" or "real" or "smallint"
        or "time" or "timestamp" or "varchar" or "setof");

    /// <summary>A function with the types of its arguments, or its name alone: function_with_argtypes.</summary>
    private FunctionSignature ParseFunctionSignature()
    {
        var name = ParseFunctionName();
        return At(SqlTokenKind.OpenParen)
            ? new FunctionSignature(name, ParseFunctionArguments(allowsDefaults: false), true)
            : new FunctionSignature(name, ImmutableArray<FunctionArgument>.Empty, false);
    }

    /// <summary>func_name, or a bare name that no call could begin with (of class ColId).</summary>
    private QualifiedName ParseFunctionName()
    {
        var start = Current.Start;
        var first = Current;
        var isColumnKeyword = first.Kind == SqlTokenKind.Word && first.Category == KeywordCategory.ColumnName;
        if (isColumnKeyword && Peek(1).Kind == SqlTokenKind.OpenParen)
        {
            Fail("syntax error: expected the name of a function");
        }

        var parts = ImmutableArray.CreateBuilder<SqlName>();
        parts.Add(ParseName(IsTypeFunctionName(first) || IsColId(first), HoleRole.UtilityName));
        while (At(SqlTokenKind.Dot) && IsColId(first))
        {
            Advance();
            parts.Add(ParseColLabel(HoleRole.UtilityName));
        }

        return new QualifiedName(From(start), parts.ToImmutable());
    }

    /// <summary>The arguments of a function in parentheses: func_args.</summary>
    private ImmutableArray<FunctionArgument> ParseFunctionArguments(bool allowsDefaults)
    {
        Expect(SqlTokenKind.OpenParen);
        if (Accept(SqlTokenKind.CloseParen))
        {
            return ImmutableArray<FunctionArgument>.Empty;
        }

        var arguments = ParseEntries(() => ParseFunctionArgument(allowsDefaults));
        Expect(SqlTokenKind.CloseParen);
        return arguments;
    }

    private FunctionArgument ParseFunctionArgument(bool allowsDefaults)
    {
        var mode = ParseArgumentMode();
        SqlName? name = null;
        var next = Peek(1);
        if (IsTypeFunctionName(Current) && !(At("double") && next.Is("precision"))
            && (StartsType(next) || (mode is null && next.Kind == SqlTokenKind.Word && next.Text is "in" or "out" or "inout" or "variadic")))
        {
            name = ParseName(true, HoleRole.UtilityName);
            mode ??= ParseArgumentMode();
        }

        var type = ParseFunctionType();
        SqlExpression? defaultValue = null;
        if (allowsDefaults)
        {
            SkipHoles();
            if (Accept("default"))
            {
                defaultValue = ParseExpression();
            }
            else if (AtOperator("="))
            {
                Advance();
                defaultValue = ParseExpression();
            }
        }

        return new FunctionArgument(mode ?? "in", name, type, defaultValue);
    }

    private string? ParseArgumentMode()
    {
        if (!At(SqlTokenKind.Word) || Current.Text is not ("in" or "out" or "inout" or "variadic"))
        {
            return null;
        }

        var mode = Advance().Text!;
        return mode == "in" && Accept("out") ? "inout" : mode;
    }

    /// <summary>RoleSpec: a name, CURRENT_ROLE, CURRENT_USER, SESSION_USER; PUBLIC where a statement takes it.</summary>
    private SqlName ParseRoleSpecification()
    {
        if (At("none") && IsPostgreSql)
        {
            Fail("role name \"none\" is reserved");
        }

        return ParseName(
            IsNonReserved(Current) || At("current_role") || At("current_user") || At("session_user"), HoleRole.UtilityName);
    }

    /// <summary>OPTIONS (a 'b', c 'd'), where it is written.</summary>
    /// <param name="isAlter">ADD, SET and DROP before the options.</param>
    /// <returns>Whether it was there.</returns>
    private bool ParseGenericOptions(bool isAlter = false)
    {
        if (!Accept("options"))
        {
            return false;
        }

        ParseParenthesized(() =>
        {
            var hasVerb = isAlter && Current.Kind == SqlTokenKind.Word && Current.Text is "add" or "set" or "drop" && IsLabel(Peek(1));
            var isDrop = hasVerb && Advance().Text == "drop";
            var name = ParseColLabel(HoleRole.UtilityName);
            return (name, isDrop ? null : ParseStringConstant());
        });
        return true;
    }

    /// <summary>CASCADE or RESTRICT, where written; true for CASCADE.</summary>
    private bool ParseDropBehavior()
    {
        SkipHoles();
        if (Accept("cascade"))
        {
            return true;
        }

        Accept("restrict");
        return false;
    }

    private bool AcceptIfExists()
    {
        if (!At("if"))
        {
            return false;
        }

        if (!Peek(1).Is("exists") && Peek(1).Kind != SqlTokenKind.Hole)
        {
            return false;
        }

        Advance();
        return Expect("exists");
    }

    /// <summary>An option of a list: <c>a = b</c>. The name is null where a hole hides it, the value also where none is written.</summary>
    private readonly record struct OptionItem(string? Name, bool HasValue, string? Value);

    /// <summary>An argument of a function: its mode in lower case (in, out, inout, variadic), its name, its type.</summary>
    private readonly record struct FunctionArgument(string Mode, SqlName? Name, TypeName Type, SqlExpression? Default);

    /// <summary>A function, and the types of its arguments where they are written.</summary>
    private readonly record struct FunctionSignature(QualifiedName Name, ImmutableArray<FunctionArgument> Arguments, bool HasArguments);
}
