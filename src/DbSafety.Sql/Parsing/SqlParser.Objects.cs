using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Objects of every kind by their names, COMMENT, and the schemas and extensions that hold them.</content>
public sealed partial class SqlParser
{
    /// <summary>The keywords of a kind of object in upper case, or null where none stands here. LANGUAGE is told without PROCEDURAL.</summary>
    private string? ParseObjectKind()
    {
        var word = At(SqlTokenKind.Word) ? Current.Text! : "";
        var kind = word.ToUpperInvariant();
        switch (word)
        {
            case "table" or "sequence" or "view" or "index" or "collation" or "conversion" or "statistics" or "extension" or "language" or "publication" or "schema"
                or "server" or "policy" or "rule" or "trigger" or "type" or "domain" or "function" or "procedure" or "routine" or "aggregate" or "cast"
                or "transform" or "role" or "user" or "group" or "database" or "tablespace" or "subscription" or "column" or "constraint":
                Advance();
                return kind;
            case "materialized":
                return Two("view");
            case "access":
                return Two("method");
            case "event":
                return Two("trigger");
            case "large":
                return Two("object");
            case "procedural":
                Advance();
                Expect("language");
                return "LANGUAGE";
            case "operator":
                Advance();
                return At("class") || At("family") ? kind + " " + Advance().Text!.ToUpperInvariant() : kind;
            case "foreign":
                Advance();
                if (Accept("table"))
                {
                    return "FOREIGN TABLE";
                }

                Expect("data");
                Expect("wrapper");
                return "FOREIGN DATA WRAPPER";
            case "text":
                Advance();
                Expect("search");
                if (At(SqlTokenKind.Word) && Current.Text is "parser" or "dictionary" or "template" or "configuration")
                {
                    return "TEXT SEARCH " + Advance().Text!.ToUpperInvariant();
                }

                Fail("syntax error: expected PARSER, DICTIONARY, TEMPLATE or CONFIGURATION");
                return "TEXT SEARCH";
            default:
                return null;
        }

        string Two(string second)
        {
            Advance();
            Expect(second);
            return kind + " " + second.ToUpperInvariant();
        }
    }

    /// <summary>An object as COMMENT, SECURITY LABEL and ALTER EXTENSION name it: its kind, and how it is told from the others of the kind.</summary>
    private ObjectReference ParseObjectReference()
    {
        SkipHoles(HoleRole.Keyword);
        var kind = ParseObjectKind();
        switch (kind)
        {
            case "TABLE" or "SEQUENCE" or "VIEW" or "MATERIALIZED VIEW" or "INDEX" or "FOREIGN TABLE" or "COLLATION" or "CONVERSION" or "STATISTICS"
                or "TEXT SEARCH PARSER" or "TEXT SEARCH DICTIONARY" or "TEXT SEARCH TEMPLATE" or "TEXT SEARCH CONFIGURATION" or "COLUMN":
                return new ObjectReference(kind, ParseQualifiedName(HoleRole.UtilityName), null);
            case "ACCESS METHOD" or "EVENT TRIGGER" or "EXTENSION" or "FOREIGN DATA WRAPPER" or "LANGUAGE" or "PUBLICATION" or "SCHEMA" or "SERVER" or "DATABASE"
                or "ROLE" or "SUBSCRIPTION" or "TABLESPACE":
                return new ObjectReference(kind, ParseSingleName(), null);
            case "TYPE" or "DOMAIN":
                return new ObjectReference(kind, ParseTypeAsName(), null);
            case "CONSTRAINT":
                var constraint = ParseSingleName();
                Expect("on");
                return At("domain") && IsColId(Peek(1)) && Accept("domain")
                    ? new ObjectReference("DOMAIN CONSTRAINT", constraint, ParseQualifiedName(HoleRole.UtilityName))
                    : new ObjectReference(kind, constraint, ParseQualifiedName(HoleRole.UtilityName));
            case "POLICY" or "RULE" or "TRIGGER":
                var part = ParseSingleName();
                Expect("on");
                return new ObjectReference(kind, part, ParseQualifiedName(HoleRole.UtilityName));
            case "FUNCTION" or "PROCEDURE" or "ROUTINE":
                ParseFunctionSignature();
                break;
            case "AGGREGATE":
                ParseAggregateSignature();
                break;
            case "OPERATOR":
                ParseOperatorSignature();
                break;
            case "OPERATOR CLASS" or "OPERATOR FAMILY":
                ParseQualifiedName(HoleRole.UtilityName);
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
            case "LARGE OBJECT":
                ParseSignedNumber();
                break;
            default:
                Fail("syntax error: expected a kind of object");
                break;
        }

        return new ObjectReference(kind ?? "", null, null);
    }

    /// <summary>aggregate_with_argtypes: <c>f(*)</c>, <c>f(int)</c>, <c>f(int ORDER BY text)</c>.</summary>
    private QualifiedName ParseAggregateSignature()
    {
        var name = ParseFunctionName();
        ParseAggregateArguments();
        return name;
    }

    /// <summary>aggr_args</summary>
    private void ParseAggregateArguments()
    {
        Expect(SqlTokenKind.OpenParen);
        if (AtOperator("*"))
        {
            Advance();
            Expect(SqlTokenKind.CloseParen);
            return;
        }

        if (!At("order", "by"))
        {
            ParseEntries(() => ParseFunctionArgument(allowsDefaults: false));
        }

        if (At("order", "by"))
        {
            Advance();
            Advance();
            ParseEntries(() => ParseFunctionArgument(allowsDefaults: false));
        }

        Expect(SqlTokenKind.CloseParen);
    }

    /// <summary>operator_with_argtypes</summary>
    private string ParseOperatorSignature()
    {
        var op = ParseAnyOperator();
        Expect(SqlTokenKind.OpenParen);
        var isPrefix = Accept("none");
        if (!isPrefix)
        {
            ParseTypeName();
        }

        Expect(SqlTokenKind.Comma);
        if (isPrefix || !Accept("none"))
        {
            ParseTypeName();
        }

        Expect(SqlTokenKind.CloseParen);
        return op;
    }

    /// <summary>(type AS type)</summary>
    private void ParseCastTypes()
    {
        Expect(SqlTokenKind.OpenParen);
        ParseTypeName();
        Expect("as");
        ParseTypeName();
        Expect(SqlTokenKind.CloseParen);
    }

    private CommentStatement ParseComment(int start)
    {
        Advance();
        _isDefinition = true;
        Expect("on");
        var target = ParseObjectReference();
        if (target.Kind is "USER" or "GROUP")
        {
            Fail("syntax error: expected ROLE");
        }

        Expect("is");
        string? text = null;
        if (!Accept("null"))
        {
            text = ParseStringConstant();
        }

        return new CommentStatement(From(start), target.Kind, target.Name, text) { Table = target.Table };
    }

    private CreateSchemaStatement ParseCreateSchema(int start)
    {
        Advance();
        var ifNotExists = AcceptIfNotExists();
        SqlName? name = null;
        if (!At("authorization"))
        {
            name = ParseColId(HoleRole.UtilityName);
            SkipHoles();
        }

        if (Accept("authorization"))
        {
            ParseRoleSpecification();
        }

        var elements = ImmutableArray.CreateBuilder<SqlStatement>();
        SkipHoles();
        while (At("create") || At("grant"))
        {
            if (ifNotExists)
            {
                Fail("CREATE SCHEMA IF NOT EXISTS cannot include schema elements");
            }

            elements.Add(ParseSchemaElement());
            SkipHoles();
        }

        return new CreateSchemaStatement(From(start), name, elements.ToImmutable());
    }

    private SqlStatement ParseSchemaElement()
    {
        var start = Current.Start;
        if (!Enter())
        {
            Leave();
            return Other(start, "");
        }

        var element = At("grant") ? ParseSession(start) : ParseCreate(start);
        _isDefinition = true;
        if (element.Verb is not ("CREATE TABLE" or "CREATE INDEX" or "CREATE SEQUENCE" or "CREATE TRIGGER" or "CREATE VIEW" or "GRANT"
            or "CREATE") || element is CreateTableStatement { IsForeign: true })
        {
            Fail("syntax error: CREATE SCHEMA holds no " + element.Verb);
        }

        Leave();
        return element with { Span = From(start), HasErrors = _failed };
    }

    private SqlStatement ParseAlterSchema(int start)
    {
        Advance();
        var name = ParseSingleName();
        if (Accept("rename"))
        {
            Expect("to");
            var newName = ParseColId(HoleRole.UtilityName);
            return new RenameStatement(From(start), "ALTER SCHEMA", name, newName);
        }

        ParseOwnerTo();
        return Other(start, "ALTER SCHEMA");
    }

    private OtherStatement ParseCreateExtension(int start)
    {
        Advance();
        AcceptIfNotExists();
        var name = ParseColId(HoleRole.UtilityName);
        SkipHoles();
        Accept("with");
        while (true)
        {
            SkipHoles();
            if (Accept("schema"))
            {
                ParseColId(HoleRole.UtilityName);
            }
            else if (Accept("version"))
            {
                ParseWordOrString();
            }
            else if (!Accept("cascade"))
            {
                return Other(start, "CREATE EXTENSION", name);
            }
        }
    }

    private SqlStatement ParseAlterExtension(int start)
    {
        Advance();
        var name = ParseSingleName();
        SkipHoles();
        if (Accept("update"))
        {
            while (SkipHoles() || Accept("to"))
            {
                if (_tokens[_index - 1].Kind != SqlTokenKind.Hole)
                {
                    ParseWordOrString();
                }
            }
        }
        else if (Accept("set"))
        {
            Expect("schema");
            var schema = ParseColId(HoleRole.UtilityName);
            return new RenameStatement(From(start), "ALTER EXTENSION", name, schema) { IsSetSchema = true };
        }
        else
        {
            if (!Accept("drop"))
            {
                Expect("add");
            }

            var target = ParseObjectReference();
            if (target.Kind is "COLUMN" or "CONSTRAINT" or "DOMAIN CONSTRAINT" or "POLICY" or "RULE" or "TRIGGER" or "LARGE OBJECT")
            {
                Fail("syntax error: an extension holds no " + target.Kind);
            }
        }

        return Other(start, "ALTER EXTENSION");
    }

    /// <summary>An object: its kind in upper case; its name, unless arguments tell it; the table that it belongs to.</summary>
    private readonly record struct ObjectReference(string Kind, QualifiedName? Name, QualifiedName? Table);
}
