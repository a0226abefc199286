using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>CREATE and ALTER of what holds no data: which kind it is, and the changes that most kinds share.</content>
public sealed partial class SqlParser
{
    /// <summary>What ALTER changes of nearly every kind of object.</summary>
    [Flags]
    private enum Changes
    {
        /// <summary>RENAME TO</summary>
        Name = 1,

        /// <summary>OWNER TO</summary>
        Owner = 2,

        /// <summary>SET SCHEMA</summary>
        Schema = 4,
    }

    /// <summary>CREATE of anything but relations, types, routines, triggers, schemas and extensions; the parser stands at the keyword of the kind.</summary>
    /// <param name="start">Where the statement begins.</param>
    /// <param name="kind">The word behind CREATE [OR REPLACE] in upper case; empty where none stands there.</param>
    /// <param name="isReplace">OR REPLACE</param>
    private SqlStatement ParseCreateUtility(int start, string kind, bool isReplace)
    {
        var verb = kind.Length == 0 ? "CREATE" : "CREATE " + kind;
        var isPrefixed = !_tokens[_index - 1].Is(isReplace && kind is "AGGREGATE" or "LANGUAGE" or "TRUSTED" or "PROCEDURAL" or "RULE" or "TRANSFORM" ? "replace" : "create");
        if (kind is "DATABASE" or "ROLE" or "GROUP" || (kind == "USER" && !(Peek(1).Is("mapping") && (Peek(2).Is("for") || Peek(2).Is("if")))))
        {
            Advance();
            var name = !IsPostgreSql ? ParseQualifiedName(HoleRole.UtilityName) : ParseStatementName(kind == "DATABASE");
            return Strictly(start, verb, () => ParseCreateRoleOrDatabase(kind, isPrefixed), name.Parts.ToArray());
        }

        return Strictly(
            start,
            verb,
            () =>
            {
                if (isPrefixed)
                {
                    Unexpected();
                }

                ParseCreateRest(kind);
            });
    }

    private void ParseCreateRoleOrDatabase(string kind, bool isPrefixed)
    {
        if (isPrefixed)
        {
            Unexpected();
        }

        if (kind == "DATABASE")
        {
            Accept("with");
            ParseDatabaseOptions();
        }
        else
        {
            ParseRoleOptions(isCreate: true);
        }
    }

    private void ParseCreateRest(string kind)
    {
        Action? parse = kind switch
        {
            "USER" => () => ParseUserMapping(isAlter: false),
            "TABLESPACE" => ParseCreateTablespace,
            "PUBLICATION" => ParseCreatePublication,
            "SUBSCRIPTION" => ParseCreateSubscription,
            "FOREIGN" => () => ParseForeignDataWrapper(isAlter: false),
            "SERVER" => ParseCreateServer,
            "TEXT" => ParseCreateTextSearch,
            "OPERATOR" => ParseCreateOperator,
            "AGGREGATE" => ParseCreateAggregate,
            "CAST" => ParseCreateCast,
            "CONVERSION" => ParseCreateConversion,
            "COLLATION" => ParseCreateCollation,
            "EVENT" => ParseCreateEventTrigger,
            "POLICY" => ParseCreatePolicy,
            "RULE" => ParseCreateRule,
            "STATISTICS" => ParseCreateStatistics,
            "TRANSFORM" => ParseCreateTransform,
            "ACCESS" => ParseCreateAccessMethod,
            _ => null,
        };
        if (parse is not null)
        {
            Advance();
            parse();
        }
        else if (kind is "LANGUAGE" or "TRUSTED" or "PROCEDURAL")
        {
            ParseCreateLanguage();
        }
        else if (Accept("default", "conversion"))
        {
            ParseCreateConversion();
        }
        else
        {
            Unexpected();
        }
    }

    /// <summary>The same for ALTER.</summary>
    /// <param name="start">Where the statement begins.</param>
    /// <param name="kind">The word behind ALTER in upper case; empty where none stands there.</param>
    private SqlStatement ParseAlterUtility(int start, string kind)
    {
        var verb = kind.Length == 0 ? "ALTER" : "ALTER " + kind;
        Action? parse = kind switch
        {
            "ROLE" => ParseAlterRole,
            "USER" => At("user", "mapping") && Peek(2).Is("for") ? () => ParseUserMapping(isAlter: true) : ParseAlterRole,
            "GROUP" => ParseAlterGroup,
            "DATABASE" => ParseAlterDatabase,
            "TABLESPACE" => ParseAlterTablespace,
            "SYSTEM" => ParseAlterSystem,
            "DEFAULT" => ParseAlterDefaultPrivileges,
            "PUBLICATION" => ParseAlterPublication,
            "SUBSCRIPTION" => ParseAlterSubscription,
            "FOREIGN" => () => ParseForeignDataWrapper(isAlter: true),
            "SERVER" => ParseAlterServer,
            "TEXT" => ParseAlterTextSearch,
            "OPERATOR" => ParseAlterOperator,
            "AGGREGATE" => ParseAlterAggregate,
            "CONVERSION" => ParseAlterConversion,
            "COLLATION" => ParseAlterCollation,
            "EVENT" => ParseAlterEventTrigger,
            "LANGUAGE" or "PROCEDURAL" => ParseAlterLanguage,
            "POLICY" => ParseAlterPolicy,
            "RULE" => ParseAlterRule,
            "STATISTICS" => ParseAlterStatistics,
            "LARGE" => ParseAlterLargeObject,
            _ => null,
        };
        return Strictly(
            start,
            verb,
            () =>
            {
                if (parse is null)
                {
                    Unexpected();
                    return;
                }

                Advance();
                parse();
            });
    }

    private void ParseAlterAggregate()
    {
        ParseAggregateSignature();
        ExpectChange(Changes.Name | Changes.Owner | Changes.Schema);
    }

    private void ParseAlterConversion()
    {
        ParseQualifiedName();
        ExpectChange(Changes.Name | Changes.Owner | Changes.Schema);
    }

    private void ParseAlterLanguage()
    {
        if (_tokens[_index - 1].Is("procedural"))
        {
            Expect("language");
        }

        ParseColId();
        ExpectChange(Changes.Name | Changes.Owner);
    }

    private void ParseAlterLargeObject()
    {
        Expect("object");
        ParseSignedNumber();
        ExpectChange(Changes.Owner);
    }

    /// <summary>RENAME TO, OWNER TO, SET SCHEMA, as far as a kind of objects has them.</summary>
    private bool ParseChange(Changes allowed)
    {
        if ((allowed & Changes.Name) != 0 && Accept("rename", "to"))
        {
            ParseColId();
            return true;
        }

        if ((allowed & Changes.Owner) != 0 && Accept("owner", "to"))
        {
            ParseRoleSpecification();
            return true;
        }

        if ((allowed & Changes.Schema) != 0 && Accept("set", "schema"))
        {
            ParseColId();
            return true;
        }

        return false;
    }

    private void ExpectChange(Changes allowed)
    {
        if (!ParseChange(allowed))
        {
            Unexpected();
        }
    }

    /// <summary>The name of a database or of a new role.</summary>
    private QualifiedName ParseStatementName(bool isDatabase)
    {
        var name = isDatabase ? ParseColId(HoleRole.UtilityName) : ParseNewRole();
        return new QualifiedName(name.Span, ImmutableArray.Create(name));
    }
}
