using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Foreign data: wrappers, servers, user mappings, IMPORT FOREIGN SCHEMA.</content>
public sealed partial class SqlParser
{
    /// <summary>Behind CREATE FOREIGN and ALTER FOREIGN.</summary>
    private void ParseForeignDataWrapper(bool isAlter)
    {
        Expect("data", "wrapper");
        ParseColId();
        if (isAlter && ParseChange(Changes.Name | Changes.Owner))
        {
            return;
        }

        var hasAny = false;
        while (At("handler") || At("validator") || At("no"))
        {
            hasAny = true;
            if (Accept("no"))
            {
                ExpectOneOf("handler", "validator");
            }
            else
            {
                Advance();
                ParseQualifiedName();
            }
        }

        hasAny |= ParseGenericOptions(isAlter);
        if (isAlter && !hasAny)
        {
            Unexpected();
        }
    }

    private void ParseCreateServer()
    {
        AcceptIfNotExists();
        ParseColId();
        if (Accept("type"))
        {
            ParseStringConstant();
        }

        ParseServerVersion();
        Expect("foreign");
        Expect("data", "wrapper");
        ParseColId();
        ParseGenericOptions();
    }

    private bool ParseServerVersion()
    {
        if (!Accept("version"))
        {
            return false;
        }

        if (!Accept("null"))
        {
            ParseStringConstant();
        }

        return true;
    }

    private void ParseAlterServer()
    {
        ParseColId();
        if (ParseChange(Changes.Name | Changes.Owner))
        {
            return;
        }

        var hasVersion = ParseServerVersion();
        if (!ParseGenericOptions(isAlter: true) && !hasVersion)
        {
            Unexpected();
        }
    }

    /// <summary>Behind CREATE USER and ALTER USER, at MAPPING.</summary>
    private void ParseUserMapping(bool isAlter)
    {
        Expect("mapping");
        if (!isAlter)
        {
            AcceptIfNotExists();
        }

        Expect("for");
        if (!Accept("user"))
        {
            ParseRoleSpecification();
        }

        Expect("server");
        ParseColId();
        if (!ParseGenericOptions(isAlter) && isAlter)
        {
            Unexpected();
        }
    }

    private void ParseImportForeignSchema()
    {
        Expect("foreign", "schema");
        ParseColId();
        if (At("limit") || At("except"))
        {
            if (Advance().Is("limit"))
            {
                Expect("to");
            }

            ParseParenthesized(() => ParseTableName());
        }

        Expect("from", "server");
        ParseColId();
        Expect("into");
        ParseColId();
        ParseGenericOptions();
    }
}
