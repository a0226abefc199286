using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>DROP of everything.</content>
public sealed partial class SqlParser
{
    private SqlStatement ParseDrop(int start)
    {
        var verb = Advance();
        _isDefinition = true;
        return ParseDropKind(start) with { VerbSpan = verb.Span };
    }

    private SqlStatement ParseDropKind(int start)
    {
        if (At(SqlTokenKind.Hole))
        {
            return ParseUnknown(start, "DROP");
        }

        if (At("owned"))
        {
            return ParseDropOwned(start);
        }

        if (At("user", "mapping") && (Peek(2).Is("for") || Peek(2).Is("if") || Peek(2).Kind == SqlTokenKind.Hole))
        {
            return ParseDropUserMapping(start);
        }

        var kind = ParseObjectKind();
        if (kind is null)
        {
            Fail("syntax error: nothing that DROP drops begins so");
            return Other(start, "DROP");
        }

        var isConcurrently = kind == "INDEX" && Accept("concurrently");
        var drop = new DropStatement(From(start), "DROP " + kind, ImmutableArray<QualifiedName>.Empty)
        {
            IsConcurrently = isConcurrently,
            IfExists = AcceptIfExists(),
        };
        return ParseDropped(drop, kind) with { Span = From(start) };
    }

    private DropStatement ParseDropped(DropStatement drop, string kind)
    {
        switch (kind)
        {
            case "TABLE" or "VIEW" or "MATERIALIZED VIEW" or "INDEX" or "SEQUENCE":
                drop = drop with { Names = ParseBareList(() => ParseQualifiedName()) };
                break;
            case "FOREIGN TABLE" or "COLLATION" or "CONVERSION" or "STATISTICS" or "TEXT SEARCH PARSER" or "TEXT SEARCH DICTIONARY" or "TEXT SEARCH TEMPLATE"
                or "TEXT SEARCH CONFIGURATION":
                drop = drop with { Names = ParseBareList(() => ParseQualifiedName(HoleRole.UtilityName)) };
                break;
            case "ACCESS METHOD" or "EVENT TRIGGER" or "EXTENSION" or "FOREIGN DATA WRAPPER" or "LANGUAGE" or "PUBLICATION" or "SCHEMA" or "SERVER":
                drop = drop with { Names = ParseBareList(ParseSingleName) };
                break;
            case "SUBSCRIPTION":
                drop = drop with { Names = ImmutableArray.Create(ParseSingleName()) };
                break;
            case "TYPE" or "DOMAIN":
                drop = drop with { Names = ParseBareList(ParseTypeAsName) };
                break;
            case "POLICY" or "RULE" or "TRIGGER":
                var part = ParseSingleName();
                Expect("on");
                drop = drop with { Names = ImmutableArray.Create(part), Table = ParseQualifiedName(HoleRole.UtilityName) };
                break;
            case "FUNCTION" or "PROCEDURE" or "ROUTINE":
                var functions = ParseBareList(ParseFunctionSignature);
                drop = drop with
                {
                    Names = functions.Select(function => function.Name).ToImmutableArray(),
                    ArgumentTypes = functions.Select(function => function.HasArguments ? InputTypes(function.Arguments) : default).ToImmutableArray(),
                };
                break;
            case "AGGREGATE":
                drop = drop with { Names = ParseBareList(ParseAggregateSignature) };
                break;
            case "OPERATOR":
                ParseBareList(ParseOperatorSignature);
                break;
            case "OPERATOR CLASS" or "OPERATOR FAMILY":
                drop = drop with { Names = ImmutableArray.Create(ParseQualifiedName(HoleRole.UtilityName)) };
                Expect("using");
                ParseColId(HoleRole.UtilityName);
                break;
            case "CAST":
                ParseCastTypes();
                break;
            case "TRANSFORM":
                Expect("for");
                ParseTypeName();
                Expect("language");
                ParseColId(HoleRole.UtilityName);
                break;
            case "ROLE" or "USER" or "GROUP":
                return drop with { Names = ParseBareList(() => Single(ParseRoleSpecification())) };
            case "TABLESPACE":
                return drop with { Names = ImmutableArray.Create(ParseSingleName()) };
            case "DATABASE":
                drop = drop with { Names = ImmutableArray.Create(ParseSingleName()) };
                SkipHoles();
                if (Accept("with") || At(SqlTokenKind.OpenParen))
                {
                    ParseParenthesized(() => Expect("force"));
                }

                return drop;
            default:
                Fail("syntax error: nothing that DROP drops begins so");
                return drop;
        }

        return drop with { IsCascade = ParseDropBehavior() };
    }

    /// <summary>The types of IN, INOUT and VARIADIC.</summary>
    private static ImmutableArray<TypeName> InputTypes(ImmutableArray<FunctionArgument> arguments) =>
        arguments.Where(argument => argument.Mode != "out").Select(argument => argument.Type).ToImmutableArray();

    private static QualifiedName Single(SqlName name) => new(name.Span, ImmutableArray.Create(name));

    private QualifiedName ParseSingleName() => Single(ParseColId(HoleRole.UtilityName));

    /// <summary>A type by its name: an array or the length of a type counts for nothing here.</summary>
    private QualifiedName ParseTypeAsName()
    {
        var start = Current.Start;
        if (!IsTypeFunctionName(Current) || At("double", "precision"))
        {
            var type = ParseTypeName();
            return Single(new SqlName(type.Span, type.Name ?? "", false, type.Name is null));
        }

        var parts = ImmutableArray.CreateBuilder<SqlName>();
        parts.Add(ParseName(true, HoleRole.UtilityName));
        while (Accept(SqlTokenKind.Dot))
        {
            parts.Add(ParseColLabel(HoleRole.UtilityName));
        }

        var name = new QualifiedName(From(start), parts.ToImmutable());
        ParseTypeModifiers();
        ParseArrayBounds();
        return name;
    }

    private OtherStatement ParseDropOwned(int start)
    {
        Advance();
        Expect("by");
        var roles = ParseBareList(ParseRoleSpecification);
        ParseDropBehavior();
        return Other(start, "DROP OWNED", roles.ToArray());
    }

    private OtherStatement ParseDropUserMapping(int start)
    {
        Advance();
        Advance();
        AcceptIfExists();
        Expect("for");
        if (!Accept("user"))
        {
            ParseRoleSpecification();
        }

        Expect("server");
        ParseColId(HoleRole.UtilityName);
        return Other(start, "DROP USER MAPPING");
    }
}
