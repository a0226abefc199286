using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Transaction, session and other utility statements.</content>
public sealed partial class SqlParser
{
    private SqlStatement ParseSession(int start)
    {
        if (!At(SqlTokenKind.Word))
        {
            Fail("syntax error: expected a statement");
            return Other(start, "");
        }

        var verb = Current;
        SqlStatement statement;
        switch (verb.Text)
        {
            case "explain":
                statement = ParseExplain(start);
                break;
            case "prepare":
                statement = ParsePrepare(start);
                break;
            case "declare":
                statement = ParseDeclare(start);
                break;
            case "copy":
                statement = ParseCopy(start);
                break;
            case "set":
                statement = ParseSet(start);
                break;
            case "begin" or "start" or "commit" or "end" or "rollback" or "abort":
                statement = Tolerantly(start, ParseTransaction);
                break;
            case "savepoint" or "release":
                statement = Tolerantly(start, ParseSavepoint);
                break;
            case "listen" or "unlisten" or "notify":
                statement = Tolerantly(start, ParseNotify);
                break;
            case "show" or "reset":
                statement = Tolerantly(start, ParseShow);
                break;
            case "truncate":
                statement = Tolerantly(start, ParseTruncate);
                break;
            case "comment":
                statement = ParseComment(start);
                break;
            case "do":
                statement = ParseDo(start);
                break;
            case "refresh":
                statement = ParseRefresh(start);
                break;
            case "call":
                Advance();
                var procedure = ParseTableFunction();
                if (procedure is null)
                {
                    _pendingTable = null;
                    SkipHoles();
                    if (IsPostgreSql ? !HasHole(start, LastEnd) && !HasHoleInStatement(start) : At(SqlTokenKind.End) || At(SqlTokenKind.Semicolon))
                    {
                        Fail("syntax error: expected (");
                    }
                }

                statement = procedure is null ? ParseUnknown(start, "CALL") : new CallStatement(From(start), procedure);
                break;
            case "analyse" or "analyze" or "checkpoint" or "close" or "cluster" or "deallocate" or "discard" or "execute" or "fetch" or "grant" or "import"
                or "load" or "lock" or "move" or "reassign" or "reindex" or "revoke" or "security" or "vacuum":
                statement = ParseCommand(start, isWhole: true);
                break;
            default:
                if (IsPostgreSql || verb.Category == KeywordCategory.Reserved)
                {
                    Fail("syntax error: no statement begins with " + verb.Text);
                }

                statement = ParseUnknown(start, "");
                break;
        }

        return statement with { VerbSpan = verb.Span };
    }

    /// <summary>A command without nodes; the parser stands at its verb.</summary>
    private OtherStatement ParseCommand(int start, bool isWhole)
    {
        var verb = Current.Text!;
        Action parse = verb switch
        {
            "grant" => () => ParseGrant(isDefault: false),
            "revoke" => () => ParseRevoke(isDefault: false),
            "execute" => ParseExecuteRest,
            "deallocate" => ParseDeallocate,
            "fetch" or "move" => ParseFetchOrMove,
            "close" => () => ParseNameOrAll(),
            "vacuum" => ParseVacuum,
            "analyse" or "analyze" => ParseAnalyze,
            "cluster" => ParseCluster,
            "reindex" => ParseReindex,
            "lock" => ParseLock,
            "discard" => () => ExpectOneOf("all", "temp", "temporary", "plans", "sequences"),
            "load" => () => ParseStringConstant(),
            "reassign" => ParseReassign,
            "security" => ParseSecurityLabel,
            "import" => ParseImportForeignSchema,
            _ => () => { }, // CHECKPOINT
        };
        return Strictly(
            start,
            verb.ToUpperInvariant(),
            () =>
            {
                Advance();
                parse();
            },
            isWhole);
    }

    private SqlStatement ParseNotify(int start)
    {
        var verb = Advance().Text!.ToUpperInvariant();
        if (AtOperator("*") && (verb == "UNLISTEN" || !IsPostgreSql))
        {
            Advance();
            return Other(start, verb);
        }

        var name = ParseColId(HoleRole.UtilityName);
        if (verb == "NOTIFY" && Accept(SqlTokenKind.Comma))
        {
            var payload = Current;
            if (payload.Kind == SqlTokenKind.Hole || IsString(payload))
            {
                Advance();
                _marks.Mark(payload.Span, HoleRole.UtilityValue);
            }
            else
            {
                Expect(SqlTokenKind.String);
            }
        }

        return Other(start, verb, name);
    }

    private SqlStatement ParseTruncate(int start)
    {
        Advance();
        Accept("table");
        var tables = ParseList(() => ParseTableName());
        SkipHoles();
        if (Accept("restart") || Accept("continue"))
        {
            Expect("identity");
        }

        if (!Accept("cascade"))
        {
            Accept("restrict");
        }

        return new DropStatement(From(start), "TRUNCATE", tables.Select(table => table.Name).ToImmutableArray());
    }
}
