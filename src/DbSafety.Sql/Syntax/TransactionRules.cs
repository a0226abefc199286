using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>
/// Which statements PostgreSQL refuses inside a transaction block (25001), as far as the text tells. Each was tried on version 15; the server tells more:
/// it refuses REINDEX TABLE of a partitioned table too, and DROP SUBSCRIPTION of one with a slot.
/// </summary>
public static class TransactionRules
{
    /// <summary>
    /// Whether the statement is refused inside a transaction block. Present with the keywords that name it (<c>CREATE INDEX CONCURRENTLY</c>), unknown where a
    /// hole, an error or the catalog decides.
    /// </summary>
    /// <param name="tree">The tree that the statement is of, read in PostgreSQL's dialect.</param>
    /// <param name="statement">One of its statements.</param>
    public static Part<string> RefusedInBlock(SqlTree tree, SqlStatement statement)
    {
        var verb = statement.Verb;
        if (statement.HasErrors || verb.IndexOf(SqlSource.HoleMark) >= 0)
        {
            return Part<string>.Unknown;
        }

        return verb switch
        {
            "VACUUM" or "ALTER SYSTEM" or "CREATE DATABASE" or "DROP DATABASE" or "CREATE TABLESPACE" or "DROP TABLESPACE" or
                "COMMIT PREPARED" or "ROLLBACK PREPARED" => Part<string>.Of(verb),
            "CREATE INDEX" or "DROP INDEX" => Words().AfterIndex(verb + " CONCURRENTLY"),
            "REINDEX" => Words().Reindex(),
            "CLUSTER" => Words().Cluster(),
            "DISCARD" => Words().Next(1, "all", "DISCARD ALL"),
            "ALTER DATABASE" => Words().AlterDatabase(),
            "ALTER TABLE" => Words().Detach(),
            "CREATE SUBSCRIPTION" => Words().CreateSubscription(),
            "ALTER SUBSCRIPTION" => Words().Next(3, "refresh", "ALTER SUBSCRIPTION REFRESH") is { IsPresent: true } refresh ? refresh : Part<string>.Unknown,
            "" or "CREATE" or "ALTER" or "DROP" or "DROP SUBSCRIPTION" or "CALL" or "DO" => Part<string>.Unknown,
            _ => Part<string>.Absent,
        };

        Reader Words() => new(SqlLexer.Lex(tree.Source.Slice(statement.Span), SqlDialect.PostgreSql, out _));
    }

    // The tokens of one statement; behind the last one stands the end.
    private readonly struct Reader(ImmutableArray<SqlToken> tokens)
    {
        private bool HasHoles => tokens.Any(token => token.Kind == SqlTokenKind.Hole);

        // CREATE [UNIQUE] INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY
        public Part<string> AfterIndex(string name)
        {
            var index = 1;
            while (index < tokens.Length && !tokens[index].Is("index"))
            {
                index++;
            }

            return Next(index + 1, "concurrently", name);
        }

        public Part<string> Next(int index, string word, string name) =>
            At(index, word) ? Part<string>.Of(name) : IsHole(index) ? Part<string>.Unknown : Part<string>.Absent;

        // REINDEX [(options)] what [CONCURRENTLY] name
        public Part<string> Reindex()
        {
            var index = 1;
            var option = Presence.Absent;
            if (Kind(index) == SqlTokenKind.OpenParen)
            {
                for (; Kind(index) is not (SqlTokenKind.CloseParen or SqlTokenKind.End); index++)
                {
                    if (At(index, "concurrently"))
                    {
                        option = Value(index + 1);
                    }
                    else if (IsHole(index) && option == Presence.Absent)
                    {
                        option = Presence.Unknown;
                    }
                }

                index++;
            }

            if (At(index, "schema") || At(index, "database") || At(index, "system"))
            {
                return Part<string>.Of("REINDEX " + tokens[index].Text!.ToUpperInvariant());
            }

            return option switch
            {
                Presence.Present => Part<string>.Of("REINDEX CONCURRENTLY"),
                Presence.Unknown => Part<string>.Unknown,
                _ => IsHole(index) ? Part<string>.Unknown : Next(index + 1, "concurrently", "REINDEX CONCURRENTLY"),
            };
        }

        // CLUSTER [VERBOSE], CLUSTER [(VERBOSE)]
        public Part<string> Cluster()
        {
            var index = At(1, "verbose") ? 2 : 1;
            if (Kind(index) == SqlTokenKind.OpenParen)
            {
                while (Kind(index) is not (SqlTokenKind.CloseParen or SqlTokenKind.End))
                {
                    index++;
                }

                index++;
            }

            return Kind(index) == SqlTokenKind.End ? Part<string>.Of("CLUSTER") : HasHoles ? Part<string>.Unknown : Part<string>.Absent;
        }

        // ALTER DATABASE name [SET] TABLESPACE
        public Part<string> AlterDatabase()
        {
            const string Name = "ALTER DATABASE SET TABLESPACE";
            return At(3, "set") ? Next(4, "tablespace", Name) : Next(3, "tablespace", Name);
        }

        // ALTER TABLE .. DETACH PARTITION name CONCURRENTLY
        public Part<string> Detach()
        {
            for (var index = 0; index < tokens.Length; index++)
            {
                if (At(index, "detach") && At(index + 1, "partition"))
                {
                    index += 3;
                    while (Kind(index) == SqlTokenKind.Dot)
                    {
                        index += 2;
                    }

                    return Next(index, "concurrently", "ALTER TABLE DETACH CONCURRENTLY");
                }
            }

            return HasHoles ? Part<string>.Unknown : Part<string>.Absent;
        }

        // It makes a slot, unless create_slot or connect is off.
        public Part<string> CreateSubscription()
        {
            var slot = HasHoles ? Presence.Unknown : Presence.Present;
            for (var index = 0; index < tokens.Length; index++)
            {
                if (At(index, "create_slot") || At(index, "connect"))
                {
                    var value = Value(tokens[Math.Min(index + 1, tokens.Length - 1)].IsOperator("=") ? index + 2 : index + 1);
                    slot = value == Presence.Present ? slot : value;
                    if (slot == Presence.Absent)
                    {
                        break;
                    }
                }
            }

            return slot switch
            {
                Presence.Present => Part<string>.Of("CREATE SUBSCRIPTION"),
                Presence.Absent => Part<string>.Absent,
                _ => Part<string>.Unknown,
            };
        }

        // The value of an option: on where none is written.
        private Presence Value(int index) => Kind(index) switch
        {
            SqlTokenKind.Comma or SqlTokenKind.CloseParen => Presence.Present,
            SqlTokenKind.Word when At(index, "true") || At(index, "on") => Presence.Present,
            SqlTokenKind.Word when At(index, "false") || At(index, "off") => Presence.Absent,
            _ => Presence.Unknown,
        };

        private bool At(int index, string word) => index < tokens.Length && tokens[index].Is(word);

        private bool IsHole(int index) => Kind(index) == SqlTokenKind.Hole;

        private SqlTokenKind Kind(int index) => index < tokens.Length ? tokens[index].Kind : SqlTokenKind.End;
    }
}
