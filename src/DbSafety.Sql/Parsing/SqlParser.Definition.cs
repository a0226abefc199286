using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>
/// Definitions: CREATE and ALTER, by what they define. Syntax that PostgreSQL does not accept is an error; of other databases and behind holes
/// it is passed over, see <see cref="IsTolerant"/>.
/// </content>
public sealed partial class SqlParser
{
    private SqlStatement ParseCreate(int start)
    {
        var verb = Advance();
        _isDefinition = true;
        var isReplace = Accept("or") && Expect("replace");
        var persistence = ParsePersistence();
        return ParseCreateKind(start, isReplace, persistence) with { VerbSpan = verb.Span };
    }

    /// <summary>OptTemp: TEMPORARY or UNLOGGED, or null.</summary>
    private string? ParsePersistence()
    {
        if (At(SqlTokenKind.Word) && Current.Text is "local" or "global")
        {
            Advance();
            if (!At("temp"))
            {
                Expect("temporary");
                return "TEMPORARY";
            }
        }

        return !At(SqlTokenKind.Word) || Current.Text is not ("temporary" or "temp" or "unlogged") ? null
            : Advance().Text == "unlogged" ? "UNLOGGED" : "TEMPORARY";
    }

    private SqlStatement ParseCreateKind(int start, bool isReplace, string? persistence)
    {
        var isTemporary = persistence == "TEMPORARY";
        var word = At(SqlTokenKind.Word) ? Current.Text! : "";
        if (At(SqlTokenKind.Hole))
        {
            return ParseUnknown(start, "CREATE");
        }

        if (isReplace && word is not ("view" or "recursive" or "function" or "procedure" or "trigger" or "rule" or "aggregate" or "language" or "trusted"
                or "procedural" or "transform"))
        {
            Fail("syntax error: OR REPLACE does not go with " + word.ToUpperInvariant());
        }
        else if (persistence is not null && word is not ("table" or "view" or "recursive" or "sequence")
            && !(word == "materialized" && !isTemporary))
        {
            Fail("syntax error: expected TABLE, VIEW or SEQUENCE");
        }

        if (IsForeignJunk(word))
        {
            word = "";
        }

        switch (word)
        {
            case "table":
                return ParseCreateTable(start, isTemporary);
            case "foreign" when Peek(1).Is("table"):
                Advance();
                return ParseCreateTable(start, isTemporary: false, isForeign: true);
            case "unique" or "index":
                return ParseCreateIndex(start);
            case "view" or "recursive":
                return ParseCreateView(start, isTemporary);
            case "materialized":
                return ParseCreateMaterializedView(start);
            case "sequence":
                return ParseCreateSequence(start);
            case "type":
                return ParseCreateType(start);
            case "domain":
                return ParseCreateDomain(start);
            case "schema":
                return ParseCreateSchema(start);
            case "extension":
                return ParseCreateExtension(start);
            case "trigger" or "constraint":
                return ParseCreateTrigger(start, isReplace);
            case "function" or "procedure":
                return ParseCreateRoutine(start);
            case "access" or "aggregate" or "cast" or "collation" or "conversion" or "database" or "default" or "event" or "foreign" or "group" or "language"
                or "operator" or "policy" or "procedural" or "publication" or "role" or "rule" or "server" or "statistics" or "subscription" or "tablespace"
                or "text" or "transform" or "trusted" or "user":
                return ParseCreateUtility(start, word.ToUpperInvariant(), isReplace);
            default:
                Fail("syntax error: nothing that CREATE makes begins so");
                return Other(start, word.Length == 0 ? "CREATE" : "CREATE " + word.ToUpperInvariant());
        }
    }

    /// <summary>FOREIGN, but neither TABLE nor DATA WRAPPER behind it.</summary>
    private bool IsForeignJunk(string word)
    {
        if (word != "foreign" || Peek(1).Is("table") || Peek(1).Is("data") || Peek(1).Kind == SqlTokenKind.Hole)
        {
            return false;
        }

        Advance();
        return true;
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

    /// <summary>CREATE [RECURSIVE] VIEW</summary>
    private WrapperStatement ParseCreateView(int start, bool isTemporary)
    {
        var isRecursive = Accept("recursive");
        Expect("view");
        var name = ParseQualifiedName(maxParts: 3);
        var columns = isRecursive || At(SqlTokenKind.OpenParen) ? ParseNameList() : ImmutableArray<SqlName>.Empty;
        SkipHoles();
        if (Accept("with"))
        {
            ParseDefinitionList(allowsQualified: true);
        }

        Expect("as");
        var inner = ParseDefinitionQuery();
        if (Accept("with"))
        {
            if (isRecursive)
            {
                Fail("WITH CHECK OPTION not supported on recursive views");
            }

            if (!Accept("cascaded"))
            {
                Accept("local");
            }

            Expect("check");
            Expect("option");
        }

        return new WrapperStatement(From(start), "CREATE VIEW", name, inner) { Columns = columns, IsTemporary = isTemporary };
    }

    private WrapperStatement ParseCreateMaterializedView(int start)
    {
        Advance();
        Expect("view");
        var ifNotExists = AcceptIfNotExists();
        var name = ParseQualifiedName(maxParts: 3);
        var columns = At(SqlTokenKind.OpenParen) ? ParseNameList() : ImmutableArray<SqlName>.Empty;
        SkipHoles();
        if (Accept("using"))
        {
            ParseColId(HoleRole.UtilityName);
            SkipHoles();
        }

        if (Accept("with"))
        {
            ParseDefinitionList(allowsQualified: true);
            SkipHoles();
        }

        if (Accept("tablespace"))
        {
            ParseColId(HoleRole.UtilityName);
        }

        Expect("as");
        var inner = ParseDefinitionQuery();
        AcceptWithData();
        return new WrapperStatement(From(start), "CREATE MATERIALIZED VIEW", name, inner) { Columns = columns, IfNotExists = ifNotExists };
    }

    /// <summary>REFRESH MATERIALIZED VIEW</summary>
    private OtherStatement ParseRefresh(int start)
    {
        Advance();
        _isDefinition = true;
        Expect("materialized");
        Expect("view");
        Accept("concurrently");
        ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
        SkipHoles();
        AcceptWithData();
        return Other(start, "REFRESH");
    }

    private SqlStatement ParseAlter(int start)
    {
        var verb = Advance();
        _isDefinition = true;
        return ParseAlterKind(start) with { VerbSpan = verb.Span };
    }

    private SqlStatement ParseAlterKind(int start)
    {
        if (At(SqlTokenKind.Hole))
        {
            return ParseUnknown(start, "ALTER");
        }

        if (ParseRelationVerb() is { } relation)
        {
            return ParseAlterRelation(start, relation);
        }

        var word = At(SqlTokenKind.Word) ? Current.Text! : "";
        if (IsForeignJunk(word))
        {
            word = "";
        }

        switch (word)
        {
            case "type":
                return ParseAlterType(start);
            case "domain":
                return ParseAlterDomain(start);
            case "function" or "procedure" or "routine":
                return ParseAlterRoutine(start);
            case "trigger":
                return ParseAlterTrigger(start);
            case "schema":
                return ParseAlterSchema(start);
            case "extension":
                return ParseAlterExtension(start);
            case "access" or "aggregate" or "collation" or "conversion" or "database" or "default" or "event" or "foreign" or "group" or "language" or "large"
                or "operator" or "policy" or "procedural" or "publication" or "role" or "rule" or "server" or "statistics" or "subscription" or "system"
                or "tablespace" or "text" or "user":
                return ParseAlterUtility(start, word.ToUpperInvariant());
            default:
                Fail("syntax error: nothing that ALTER changes begins so");
                return Other(start, word.Length == 0 ? "ALTER" : "ALTER " + word.ToUpperInvariant());
        }
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

    private void SkipBrackets()
    {
        var depth = 1;
        while (depth > 0 && !At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            var kind = Advance().Kind;
            depth += kind == SqlTokenKind.OpenBracket ? 1 : kind == SqlTokenKind.CloseBracket ? -1 : 0;
        }
    }
}
