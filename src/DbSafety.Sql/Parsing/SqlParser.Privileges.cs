using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>GRANT, REVOKE, ALTER DEFAULT PRIVILEGES.</content>
public sealed partial class SqlParser
{
    /// <summary>Behind GRANT.</summary>
    /// <param name="isDefault">In ALTER DEFAULT PRIVILEGES, where kinds of objects stand in the place of objects.</param>
    private void ParseGrant(bool isDefault)
    {
        var isAll = ParsePrivileges();
        if (isAll || isDefault || At("on"))
        {
            Expect("on");
            ParsePrivilegeTarget(isDefault);
            Expect("to");
            ParseList(ParseGrantee);
            if (Accept("with"))
            {
                Expect("grant", "option");
            }
        }
        else
        {
            Expect("to");
            ParseRoles();
            if (Accept("with"))
            {
                ParseList(() =>
                {
                    ParseColLabel();
                    return ExpectOneOf("option", "true", "false");
                });
            }
        }

        if (!isDefault)
        {
            ParseGrantedBy();
        }
    }

    /// <summary>Behind REVOKE.</summary>
    private void ParseRevoke(bool isDefault)
    {
        var isObject = isDefault;
        var isRole = false;
        if (Accept("grant", "option"))
        {
            Expect("for");
            isObject = true;
        }
        else if (!isDefault && IsColId(Current) && Peek(1).Is("option"))
        {
            Advance();
            Advance();
            Expect("for");
            isRole = true;
        }

        var isAll = ParsePrivileges();
        if (isRole && isAll)
        {
            Unexpected();
        }
        else if (isAll || isObject || (!isRole && At("on")))
        {
            Expect("on");
            ParsePrivilegeTarget(isDefault);
            Expect("from");
            ParseList(ParseGrantee);
        }
        else
        {
            Expect("from");
            ParseRoles();
        }

        if (!isDefault)
        {
            ParseGrantedBy();
        }

        ParseDropBehavior();
    }

    /// <summary>privileges; true for ALL.</summary>
    private bool ParsePrivileges()
    {
        if (Accept("all"))
        {
            Accept("privileges");
            ParseOptionalNames();
            return true;
        }

        ParseList(() =>
        {
            var privilege = Current;
            if (Accept("alter", "system"))
            {
                return privilege;
            }

            if (!Accept("select") && !Accept("references") && !Accept("create"))
            {
                ParseColId();
            }

            ParseOptionalNames();
            return privilege;
        });
        return false;
    }

    /// <summary>privilege_target. The words of most kinds may be names of tables too.</summary>
    private void ParsePrivilegeTarget(bool isDefault)
    {
        if (isDefault)
        {
            ExpectOneOf("tables", "functions", "routines", "sequences", "types", "schemas");
            return;
        }

        switch (At(SqlTokenKind.Word) && (Current.Category == KeywordCategory.Reserved || IsColId(Peek(1)) || (At("large") && Peek(1).Is("object")))
            ? Current.Text : null)
        {
            case "table":
                Advance();
                ParseList(ParseRelationName);
                break;
            case "sequence":
                Advance();
                ParseList(ParseRelationName);
                break;
            case "foreign":
                Advance();
                if (!Accept("server"))
                {
                    Expect("data", "wrapper");
                }

                ParseNames();
                break;
            case "function" or "procedure" or "routine":
                Advance();
                ParseList(ParseFunctionSignature);
                break;
            case "database" or "language" or "schema" or "tablespace":
                Advance();
                ParseNames();
                break;
            case "domain" or "type":
                Advance();
                ParseQualifiedNames();
                break;
            case "large":
                Advance();
                Expect("object");
                ParseList(() => ParseSignedNumber());
                break;
            case "parameter":
                Advance();
                ParseList(ParseSettingName);
                break;
            case "all":
                Advance();
                ExpectOneOf("tables", "sequences", "functions", "procedures", "routines");
                Expect("in", "schema");
                ParseNames();
                break;
            default:
                ParseList(ParseRelationName);
                break;
        }
    }

    private SqlName ParseGrantee()
    {
        Accept("group");
        return ParseRoleSpecification();
    }

    private void ParseGrantedBy()
    {
        if (Accept("granted"))
        {
            Expect("by");
            ParseRoleSpecification();
        }
    }

    private void ParseAlterDefaultPrivileges()
    {
        Expect("privileges");
        while (At("in") || At("for"))
        {
            if (Accept("in"))
            {
                Expect("schema");
                ParseNames();
            }
            else
            {
                Advance();
                ExpectOneOf("role", "user");
                ParseRoles();
            }
        }

        if (Accept("grant"))
        {
            ParseGrant(isDefault: true);
        }
        else
        {
            Expect("revoke");
            ParseRevoke(isDefault: true);
        }
    }
}
