using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>
/// Definitions: CREATE, ALTER and DROP as far as the catalog needs them. Clauses that it does not need are passed over, and so are the
/// other statements: no error is reported in what is not read.
/// </content>
public sealed partial class SqlParser
{
    private SqlStatement ParseCreate(int start)
    {
        var verb = Advance();
        _isDefinition = true;
        var isReplace = Accept("or", "replace");
        if (isReplace)
        {
            SkipHoles();
        }

        var isTemporary = false;
        while (Current.Kind == SqlTokenKind.Word && Current.Text is "temporary" or "temp" or "local" or "global" or "unlogged" or "recursive")
        {
            isTemporary |= Advance().Text is "temporary" or "temp";
        }

        SqlStatement statement;
        switch (Current.Kind == SqlTokenKind.Word ? Current.Text : null)
        {
            case "table":
                statement = ParseCreateTable(start, isTemporary);
                break;
            case "foreign" when Peek(1).Is("table"):
                Advance();
                statement = ParseCreateTable(start, isTemporary: false, isForeign: true);
                break;
            case "unique" or "index":
                statement = ParseCreateIndex(start);
                break;
            case "view":
                statement = ParseCreateView(start, "CREATE VIEW");
                break;
            case "materialized":
                Advance();
                statement = ParseCreateView(start, "CREATE MATERIALIZED VIEW");
                break;
            case "type":
                statement = ParseCreateType(start);
                break;
            case "domain":
                statement = ParseCreateDomain(start);
                break;
            case "schema" or "extension" or "sequence":
                statement = ParseCreateNamed(start);
                break;
            default:
                var kind = Current.Kind == SqlTokenKind.Word ? Current.Text!.ToUpperInvariant() : "";
                statement = kind is "FUNCTION" or "PROCEDURE" or "TRIGGER" or "CONSTRAINT"
                    ? ParseUnknown(start, "CREATE " + kind)
                    : ParseCreateUtility(start, kind, isReplace);
                break;
        }

        return statement with { VerbSpan = verb.Span };
    }

    private SqlStatement ParseCreateNamed(int start)
    {
        var kind = Advance().Text!;
        AcceptIfNotExists();
        if (kind == "schema" && At("authorization"))
        {
            return ParseUnknown(start, "CREATE SCHEMA");
        }

        var name = ParseQualifiedName(HoleRole.UtilityName);
        return ParseUnknown(start, "CREATE " + kind.ToUpperInvariant(), name.Parts.ToArray());
    }

    private bool AcceptIfNotExists()
    {
        if (!At("if", "not"))
        {
            return false;
        }

        Advance();
        Advance();
        Expect("exists");
        return true;
    }

    private void SkipTableOptions()
    {
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon) && !At("as"))
        {
            if (Accept(SqlTokenKind.OpenParen))
            {
                SkipToCloseParen();
            }

            Advance();
        }
    }

    private void SkipBrackets()
    {
        var depth = 1;
        while (depth > 0 && !At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            var kind = Advance().Kind;
            depth += kind == SqlTokenKind.OpenBracket ? 1 : kind == SqlTokenKind.CloseBracket ? -1 : 0;
        }
    }

    private SqlStatement ParseCreateView(int start, string verb)
    {
        Expect("view");
        AcceptIfNotExists();
        var name = ParseQualifiedName(maxParts: 3);
        if (At(SqlTokenKind.OpenParen))
        {
            ParseNameList();
        }

        SkipTableOptions();
        Expect("as");
        var inner = ParseNestedStatement();
        AcceptWithData();
        if (Accept("with"))
        {
            if (!Accept("cascaded"))
            {
                Accept("local");
            }

            Expect("check");
            Expect("option");
        }

        return new WrapperStatement(From(start), verb, name, inner);
    }

    private SqlStatement ParseCreateType(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        if (!At("as", "enum"))
        {
            ParseUnknown(start, "CREATE TYPE");
            return new CreateTypeStatement(From(start), name, false, ImmutableArray<string>.Empty);
        }

        Advance();
        Advance();
        Expect(SqlTokenKind.OpenParen);
        var labels = ImmutableArray.CreateBuilder<string>();
        while (!At(SqlTokenKind.CloseParen) && !At(SqlTokenKind.End))
        {
            if (!SkipHoles())
            {
                labels.Add(ParseLabel() ?? "");
            }

            if (!Accept(SqlTokenKind.Comma))
            {
                break;
            }
        }

        Expect(SqlTokenKind.CloseParen);
        return new CreateTypeStatement(From(start), name, true, labels.ToImmutable());
    }

    /// <summary>A string constant of an enum; null where a hole hides it.</summary>
    private string? ParseLabel()
    {
        var token = Current;
        if (!IsString(token))
        {
            Expect(SqlTokenKind.String);
            return null;
        }

        Advance();
        var text = Constant(token, LiteralKind.String).Text;
        _marks.Mark(token.Span, HoleRole.UtilityValue);
        return text;
    }

    private SqlStatement ParseCreateDomain(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        Accept("as");
        var type = ParseTypeName();
        var isNotNull = false;
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            isNotNull |= At("not", "null");
            if (Accept(SqlTokenKind.OpenParen))
            {
                SkipToCloseParen();
            }

            Advance();
        }

        return new CreateDomainStatement(From(start), name, type, isNotNull);
    }

    private SqlStatement ParseAlter(int start)
    {
        var verb = Advance();
        SqlStatement statement;
        if (ParseRelationVerb() is { } relation)
        {
            _isDefinition = true;
            statement = ParseAlterRelation(start, relation);
        }
        else if (At("type") && !Peek(1).Is("if"))
        {
            statement = ParseAlterType(start);
        }
        else
        {
            var kind = Current.Kind == SqlTokenKind.Word ? Current.Text!.ToUpperInvariant() : "";
            statement = ParseAlterUtility(start, kind);
        }

        return statement with { VerbSpan = verb.Span };
    }

    /// <summary>The keywords of a relation behind ALTER, or null.</summary>
    private string? ParseRelationVerb()
    {
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "table" or "view" or "index" or "sequence":
                return "ALTER " + Advance().Text!.ToUpperInvariant();
            case "materialized":
                Advance();
                Expect("view");
                return "ALTER MATERIALIZED VIEW";
            case "foreign" when Peek(1).Is("table"):
                Advance();
                Advance();
                return "ALTER FOREIGN TABLE";
            default:
                return null;
        }
    }

    private SqlStatement ParseAlterType(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        string? added = null, renamed = null, newName = null;
        var isSetSchema = false;
        if (Accept("add", "value"))
        {
            AcceptIfNotExists();
            added = ParseLabel();
        }
        else if (Accept("rename", "value"))
        {
            renamed = ParseLabel();
            Expect("to");
            newName = ParseLabel();
        }
        else if (Accept("rename", "to"))
        {
            newName = ParseColId().Text;
        }
        else if (Accept("set", "schema"))
        {
            newName = ParseColId().Text;
            isSetSchema = true;
        }

        ParseUnknown(start, "ALTER TYPE");
        return new AlterTypeStatement(From(start), name, added, renamed, newName, isSetSchema);
    }

    private SqlStatement ParseDrop(int start)
    {
        var verb = Advance();
        var kind = Current.Kind == SqlTokenKind.Word ? Current.Text! : "";
        SqlStatement statement;
        if (kind is "table" or "view" or "type" or "domain" or "schema" or "materialized" or "sequence" or "index" or "database" or "role" or "user"
            or "extension")
        {
            Advance();
            if (kind == "materialized")
            {
                Expect("view");
                kind = "materialized view";
            }
            else if (kind == "index")
            {
                Accept("concurrently");
            }

            Accept("if", "exists");
            var role = kind is "table" or "view" or "materialized view" or "index" or "sequence" ? HoleRole.BareName : HoleRole.UtilityName;
            var names = ParseList(() => ParseQualifiedName(role));
            ParseUnknown(start, "");
            statement = new DropStatement(From(start), "DROP " + kind.ToUpperInvariant(), names);
        }
        else
        {
            statement = ParseUnknown(start, kind.Length == 0 ? "DROP" : "DROP " + kind.ToUpperInvariant());
        }

        return statement with { VerbSpan = verb.Span };
    }
}
