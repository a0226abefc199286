using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>CREATE and ALTER of roles, databases, tablespaces and the server itself.</content>
public sealed partial class SqlParser
{
    /// <summary>RoleId: the name of a role that is made or renamed.</summary>
    private SqlName ParseNewRole()
    {
        var token = Current;
        if (IsPostgreSql && token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && token.Text == "public")
        {
            Fail("role name \"public\" is reserved");
        }

        if (IsPostgreSql && (At("current_role") || At("current_user") || At("session_user")))
        {
            Fail(token.Text!.ToUpperInvariant() + " cannot be used as a role name here");
        }

        return ParseRoleSpecification();
    }

    /// <summary>OptRoleList, AlterOptRoleList</summary>
    private void ParseRoleOptions(bool isCreate)
    {
        Accept("with");
        while (ParseRoleOption(isCreate))
        {
        }
    }

    private bool ParseRoleOption(bool isCreate)
    {
        var token = Current;
        if (token.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
        {
            return false;
        }

        switch (token.IsKeyword ? token.Text : null)
        {
            case "password":
                Advance();
                if (!Accept("null"))
                {
                    ParseStringConstant();
                }

                return true;
            case "encrypted":
                Advance();
                Expect("password");
                ParseStringConstant();
                return true;
            case "unencrypted":
                Fail("UNENCRYPTED PASSWORD is no longer supported");
                return false;
            case "inherit":
                Advance();
                return true;
            case "connection":
                Advance();
                Expect("limit");
                ParseSignedInteger();
                return true;
            case "valid":
                Advance();
                Expect("until");
                ParseStringConstant();
                return true;
            case "user":
                Advance();
                ParseRoles();
                return true;
            case "sysid" when isCreate:
                Advance();
                ParseIntegerConstant();
                return true;
            case "admin" or "role" when isCreate:
                Advance();
                ParseRoles();
                return true;
            case "in" when isCreate:
                Advance();
                ExpectOneOf("role", "group");
                ParseRoles();
                return true;
        }

        if (token.IsKeyword)
        {
            return false;
        }

        if (token.Text is "superuser" or "nosuperuser" or "createrole" or "nocreaterole" or "replication" or "noreplication" or "createdb" or "nocreatedb"
            or "login" or "nologin" or "bypassrls" or "nobypassrls" or "noinherit")
        {
            Advance();
            return true;
        }

        Fail("unrecognized role option \"" + token.Text + "\"");
        return false;
    }

    /// <summary>Behind ALTER ROLE and ALTER USER.</summary>
    private void ParseAlterRole()
    {
        if (Accept("all"))
        {
            ParseInDatabase();
            if (!ParseSetOrReset(allowsModes: true))
            {
                Unexpected();
            }

            return;
        }

        if (Peek(1).Is("rename"))
        {
            ParseNewRole();
            Expect("rename", "to");
            ParseNewRole();
            return;
        }

        ParseRoleSpecification();
        if (ParseInDatabase())
        {
            if (!ParseSetOrReset(allowsModes: true))
            {
                Unexpected();
            }
        }
        else if (!ParseSetOrReset(allowsModes: true))
        {
            ParseRoleOptions(isCreate: false);
        }
    }

    private bool ParseInDatabase()
    {
        if (!Accept("in"))
        {
            return false;
        }

        Expect("database");
        ParseColId();
        return true;
    }

    /// <summary>Behind ALTER GROUP.</summary>
    private void ParseAlterGroup()
    {
        if (Peek(1).Is("rename"))
        {
            ParseNewRole();
            Expect("rename", "to");
            ParseNewRole();
            return;
        }

        ParseRoleSpecification();
        ExpectOneOf("add", "drop");
        Expect("user");
        ParseRoles();
    }

    /// <summary>createdb_opt_list</summary>
    private void ParseDatabaseOptions()
    {
        while (IsIdentifier(Current) || At("connection") || At("encoding") || At("location") || At("owner") || At("tablespace") || At("template"))
        {
            if (Advance().Is("connection"))
            {
                Expect("limit");
            }

            AcceptOperator("=");
            if (!Accept("default"))
            {
                ParseSettingValue();
            }
        }
    }

    /// <summary>Behind ALTER DATABASE.</summary>
    private void ParseAlterDatabase()
    {
        ParseColId();
        if (At("set", "tablespace") && !IsNamePart(Peek(2)))
        {
            Advance();
            Advance();
            ParseColId();
        }
        else if (Accept("refresh", "collation"))
        {
            Expect("version");
        }
        else if (!ParseChange(Changes.Name | Changes.Owner) && !ParseSetOrReset(allowsModes: true))
        {
            Accept("with");
            ParseDatabaseOptions();
        }
    }

    private void ParseCreateTablespace()
    {
        ParseColId();
        if (Accept("owner"))
        {
            ParseRoleSpecification();
        }

        Expect("location");
        ParseStringConstant();
        if (Accept("with"))
        {
            ParseDefinitionList(allowsQualified: true);
        }
    }

    private void ParseAlterTablespace()
    {
        ParseColId();
        if (ParseChange(Changes.Name | Changes.Owner))
        {
            return;
        }

        ExpectOneOf("set", "reset");
        ParseDefinitionList(allowsQualified: true);
    }

    private void ParseAlterSystem()
    {
        if (Accept("reset"))
        {
            if (!Accept("all"))
            {
                ParseSettingName();
            }

            return;
        }

        Expect("set");
        ParseGenericSet(allowsCurrent: false);
    }
}
