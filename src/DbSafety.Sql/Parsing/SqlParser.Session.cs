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
                statement = ParseTransaction(start);
                break;
            case "savepoint" or "release":
                statement = ParseSavepoint(start);
                break;
            case "listen" or "unlisten" or "notify":
                statement = ParseNotify(start);
                break;
            case "show" or "reset":
                statement = ParseShow(start);
                break;
            case "truncate":
                statement = ParseTruncate(start);
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
                    if (At(SqlTokenKind.End) || At(SqlTokenKind.Semicolon))
                    {
                        Fail("syntax error: expected (");
                    }
                }

                statement = procedure is null ? ParseUnknown(start, "CALL") : new CallStatement(From(start), procedure);
                break;
            case "analyse" or "analyze" or "checkpoint" or "close" or "cluster" or "deallocate" or "discard" or "execute"
                or "fetch" or "grant" or "import" or "load" or "lock" or "move" or "reassign" or "reindex" or "revoke" or "security"
                or "vacuum":
                statement = ParseUnknown(start, verb.Text!.ToUpperInvariant());
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

    private SqlStatement ParseExplain(int start)
    {
        Advance();
        if (At(SqlTokenKind.OpenParen) && !IsParenthesizedQuery())
        {
            Advance();
            SkipToCloseParen();
            Expect(SqlTokenKind.CloseParen);
        }
        else
        {
            if (!Accept("analyze"))
            {
                Accept("analyse");
            }

            Accept("verbose");
        }

        var inner = ParseExplainable();
        return new WrapperStatement(From(start), "EXPLAIN", null, inner);
    }

    private SqlStatement ParseExplainable()
    {
        var start = Current.Start;
        if (!Enter())
        {
            Leave();
            return Other(start, "");
        }

        SqlStatement inner;
        if (At("create"))
        {
            inner = ParseCreate(start);
        }
        else if (At("declare"))
        {
            inner = ParseDeclare(start);
        }
        else if (At("execute") || At("refresh"))
        {
            inner = ParseUnknown(start, Current.Text!.ToUpperInvariant());
        }
        else
        {
            inner = ParseNestedStatement();
        }

        Leave();
        return inner;
    }

    private SqlStatement ParsePrepare(int start)
    {
        Advance();
        if (At("transaction"))
        {
            return Control(ParseUnknown(start, "PREPARE TRANSACTION"), TransactionKind.PrepareTransaction);
        }

        var name = ParseQualifiedName(HoleRole.UtilityName, maxParts: 1);
        if (Accept(SqlTokenKind.OpenParen))
        {
            ParseList(ParseTypeName);
            Expect(SqlTokenKind.CloseParen);
        }

        Expect("as");
        var inner = ParseNestedStatement();
        return new WrapperStatement(From(start), "PREPARE", name, inner);
    }

    private SqlStatement ParseDeclare(int start)
    {
        Advance();
        if (!IsPostgreSql && At(SqlTokenKind.Parameter))
        {
            return ParseUnknown(start, ""); // DECLARE @x of SQL Server
        }

        var name = ParseQualifiedName(HoleRole.UtilityName, maxParts: 1);
        while (Current.Kind == SqlTokenKind.Word && Current.Text is "no" or "scroll" or "binary" or "asensitive" or "insensitive")
        {
            Advance();
        }

        Expect("cursor");
        if (At("with", "hold") || At("without", "hold"))
        {
            Advance();
            Advance();
        }

        Expect("for");
        var inner = ParseNestedStatement();
        return new WrapperStatement(From(start), "DECLARE", name, inner);
    }

    private SqlStatement ParseCopy(int start)
    {
        Advance();
        if (At(SqlTokenKind.OpenParen))
        {
            Advance();
            var inner = ParseNestedStatement();
            Expect(SqlTokenKind.CloseParen);
            Expect("to");
            ParseUnknown(start, "COPY");
            return new WrapperStatement(From(start), "COPY", null, inner);
        }

        Accept("binary");
        var table = ParseQualifiedName(maxParts: 3);
        var columns = At(SqlTokenKind.OpenParen) ? ParseNameList() : ImmutableArray<SqlName>.Empty;
        SkipHoles();
        var isFrom = Accept("from");
        if (!isFrom && _tokens[_index - 1].Kind != SqlTokenKind.Hole)
        {
            Expect("to");
        }

        ParseUnknown(start, "COPY");
        return new CopyStatement(From(start), table, columns, isFrom);
    }

    private SqlStatement ParseSet(int start)
    {
        Advance();
        var isLocal = At("local") && IsNonReserved(Peek(1)) && Accept("local");
        if (!isLocal && At("session") && IsNonReserved(Peek(1)) && !Peek(1).Is("characteristics") && !Peek(1).Is("to"))
        {
            if (Peek(1).Kind == SqlTokenKind.Word || Peek(1).Kind == SqlTokenKind.QuotedName)
            {
                Advance();
            }
        }

        if (IsPostgreSql && At("transaction") && !IsAssignment(Peek(1)))
        {
            return ParseSetTransaction(start);
        }

        if (Current.Kind == SqlTokenKind.Word && Current.Text is "transaction" or "session" or "constraints" or "xml" && !IsAssignment(Peek(1)))
        {
            return ParseUnknown(start, "SET");
        }

        var setting = "";
        if (Accept("time", "zone"))
        {
            setting = "timezone";
        }
        else if (Current.Kind == SqlTokenKind.Word && Current.Text is "role" or "authorization" or "names" or "catalog" or "schema" && !IsAssignment(Peek(1)))
        {
            setting = Advance().Text!;
        }
        else
        {
            setting = string.Join(".", ParseQualifiedName(HoleRole.UtilityName).Parts.Select(part => part.Text));
            if (IsAssignment(Current))
            {
                Advance();
            }
            else if (IsPostgreSql && At("from", "current"))
            {
                Advance();
                Advance();
                return new SetStatement(From(start), setting, ImmutableArray<string?>.Empty, isLocal);
            }
            else if (IsPostgreSql)
            {
                Fail("syntax error: expected TO or =");
            }
        }

        var values = ImmutableArray.CreateBuilder<string?>();
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            var token = Advance();
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
            else if (token.Kind != SqlTokenKind.Comma)
            {
                values.Add(_source.ToString(token.Span));
            }
        }

        return new SetStatement(From(start), setting, values.ToImmutable(), isLocal);

        static bool IsAssignment(SqlToken token) => token.Is("to") || token.IsOperator("=");
    }

    private SqlStatement ParseTransaction(int start)
    {
        var verb = Advance().Text!;
        if (verb == "start")
        {
            Expect("transaction");
        }

        if (verb is "commit" or "rollback" && At("prepared"))
        {
            return Control(
                ParseUnknown(start, verb.ToUpperInvariant() + " PREPARED"), verb == "commit" ? TransactionKind.CommitPrepared : TransactionKind.RollbackPrepared);
        }

        var name = verb switch
        {
            "begin" or "start" => "BEGIN",
            "commit" or "end" => "COMMIT",
            _ => "ROLLBACK",
        };
        if (verb == "begin" && !IsPostgreSql && (At("try") || At("catch")))
        {
            return ParseUnknown(start, "");
        }

        if (verb != "start" && !Accept("work"))
        {
            Accept("transaction");
        }

        if (verb == "rollback" && Accept("to"))
        {
            Accept("savepoint");
            var savepoint = ParseColId(HoleRole.UtilityName);
            return Control(Other(start, "ROLLBACK TO"), TransactionKind.RollbackTo, savepoint);
        }

        // COMMIT {x}: PREPARED, AND CHAIN, TO a savepoint, or nothing.
        var mayGoOn = At(SqlTokenKind.Hole);
        var isolation = TransactionIsolation.NotGiven;
        var chain = mayGoOn ? Presence.Unknown : Presence.Absent;
        if (name == "BEGIN")
        {
            isolation = ParseTransactionModes();
            chain = Presence.Absent;
        }
        else if (Accept("and"))
        {
            chain = At(SqlTokenKind.Hole) ? Presence.Unknown : Accept("no") ? Presence.Absent : Presence.Present;
            Expect("chain");
        }

        if (!IsPostgreSql)
        {
            return ParseUnknown(start, name);
        }

        var kind = name == "BEGIN" ? TransactionKind.Begin : mayGoOn ? TransactionKind.Unknown : name == "COMMIT" ? TransactionKind.Commit : TransactionKind.Rollback;
        return new TransactionStatement(From(start), name, kind) { Isolation = isolation, Chain = chain };
    }

    private SqlStatement Control(OtherStatement read, TransactionKind kind, SqlName? savepoint = null) => IsPostgreSql
        ? new TransactionStatement(read.Span, read.Verb, kind) { Savepoint = savepoint }
        : savepoint is null ? read : read with { Names = ImmutableArray.Create(savepoint) };

    // Its modes are not judged, so that no error is found in what PostgreSQL may accept.
    private TransactionStatement ParseSetTransaction(int start)
    {
        var isolation = TransactionIsolation.NotGiven;
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            if (At("isolation", "level"))
            {
                Advance();
                isolation = (Peek(1).Text, Peek(2).Text) switch
                {
                    _ when Peek(1).Kind == SqlTokenKind.Hole || Peek(2).Kind == SqlTokenKind.Hole => TransactionIsolation.Unknown,
                    ("serializable", _) => TransactionIsolation.Serializable,
                    ("repeatable", "read") => TransactionIsolation.RepeatableRead,
                    ("read", "committed") => TransactionIsolation.ReadCommitted,
                    ("read", "uncommitted") => TransactionIsolation.ReadUncommitted,
                    _ => TransactionIsolation.Unknown,
                };
            }
            else if (At(SqlTokenKind.Hole) && isolation == TransactionIsolation.NotGiven)
            {
                isolation = TransactionIsolation.Unknown;
            }

            Advance();
        }

        return new TransactionStatement(From(start), "SET", TransactionKind.SetTransaction) { Isolation = isolation };
    }

    private TransactionIsolation ParseTransactionModes()
    {
        var isolation = TransactionIsolation.NotGiven;
        while (true)
        {
            if (SkipHoles(HoleRole.Keyword) && isolation == TransactionIsolation.NotGiven)
            {
                isolation = TransactionIsolation.Unknown;
            }

            if (Accept("isolation"))
            {
                Expect("level");
                isolation = ParseIsolationLevel();
            }
            else if (Accept("read"))
            {
                if (!Accept("only"))
                {
                    Expect("write");
                }
            }
            else if (Accept("not"))
            {
                Expect("deferrable");
            }
            else if (!Accept("deferrable"))
            {
                return isolation;
            }

            Accept(SqlTokenKind.Comma);
        }
    }

    private TransactionIsolation ParseIsolationLevel()
    {
        if (SkipHoles(HoleRole.Keyword))
        {
            return TransactionIsolation.Unknown;
        }

        if (Accept("serializable"))
        {
            return TransactionIsolation.Serializable;
        }

        if (Accept("repeatable"))
        {
            Expect("read");
            return TransactionIsolation.RepeatableRead;
        }

        Expect("read");
        if (Accept("committed"))
        {
            return TransactionIsolation.ReadCommitted;
        }

        Expect("uncommitted");
        return TransactionIsolation.ReadUncommitted;
    }

    private SqlStatement ParseSavepoint(int start)
    {
        var verb = Advance().Text!.ToUpperInvariant();
        if (verb == "RELEASE" && IsColId(Peek(1)))
        {
            Accept("savepoint");
        }

        var name = ParseColId(HoleRole.UtilityName);
        return Control(Other(start, verb), verb == "RELEASE" ? TransactionKind.Release : TransactionKind.Savepoint, name);
    }

    private SqlStatement ParseNotify(int start)
    {
        var verb = Advance().Text!.ToUpperInvariant();
        if (AtOperator("*"))
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

        var name = ParseQualifiedName(HoleRole.UtilityName);
        return !IsPostgreSql ? ParseUnknown(start, verb, name.Parts.ToArray()) : Other(start, verb, name.Parts.ToArray());
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
