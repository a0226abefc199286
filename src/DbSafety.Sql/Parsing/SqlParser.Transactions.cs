using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Transaction control.</content>
public sealed partial class SqlParser
{
    private SqlStatement ParseTransaction(int start)
    {
        var verb = Advance().Text!;
        if (verb == "start")
        {
            Expect("transaction");
        }

        if (verb is "commit" or "rollback" && At("prepared"))
        {
            Advance();
            return Control(
                Strictly(start, verb.ToUpperInvariant() + " PREPARED", () => ParseStringConstant()), verb == "commit" ? TransactionKind.CommitPrepared : TransactionKind.RollbackPrepared);
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
            if (IsColId(Peek(1)))
            {
                Accept("savepoint");
            }

            var savepoint = ParseColId(HoleRole.UtilityName);
            return Control(Other(start, "ROLLBACK TO"), TransactionKind.RollbackTo, savepoint);
        }

        // COMMIT {x}: PREPARED, AND CHAIN, TO a savepoint, or nothing.
        var mayGoOn = HasHole(Current.Start, Current.End);
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

    // Its modes are judged where no hole may hold some.
    private TransactionStatement ParseSetTransaction(int start)
    {
        if (!HasHoleInStatement(start))
        {
            Advance();
            var level = ParseSetTransactionRest(allowsModes: true);
            return new TransactionStatement(From(start), "SET", TransactionKind.SetTransaction) { Isolation = level };
        }

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

    /// <summary>What stands behind SET TRANSACTION: a snapshot, or modes.</summary>
    private TransactionIsolation ParseSetTransactionRest(bool allowsModes)
    {
        if (Accept("snapshot"))
        {
            ParseStringConstant();
            return TransactionIsolation.NotGiven;
        }

        if (!allowsModes)
        {
            Unexpected();
        }

        return ParseModeList();
    }

    /// <summary>transaction_mode_list: at least one.</summary>
    private TransactionIsolation ParseModeList()
    {
        if (!AtTransactionMode() && !At(SqlTokenKind.Hole))
        {
            Unexpected();
        }

        return ParseTransactionModes();
    }

    private bool AtTransactionMode() => At("isolation") || At("read") || At("not") || At("deferrable");

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

            if (Accept(SqlTokenKind.Comma) && IsPostgreSql && !AtTransactionMode() && !At(SqlTokenKind.Hole))
            {
                Unexpected();
            }
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
}
