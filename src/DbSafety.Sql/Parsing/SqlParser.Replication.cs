using DbSafety.Sql.Lexing;

namespace DbSafety.Sql.Parsing;

/// <content>Publications and subscriptions.</content>
public sealed partial class SqlParser
{
    private void ParseCreatePublication()
    {
        ParseColId();
        if (Accept("for"))
        {
            if (!Accept("all"))
            {
                ParsePublicationObjects();
            }
            else
            {
                Expect("tables");
            }
        }

        ParseWithDefinition();
    }

    private void ParseAlterPublication()
    {
        ParseColId();
        if (ParseChange(Changes.Name | Changes.Owner))
        {
            return;
        }

        if (ExpectOneOf("set", "add", "drop") == "set" && At(SqlTokenKind.OpenParen))
        {
            ParseDefinitionList();
            return;
        }

        ParsePublicationObjects();
    }

    /// <summary>pub_obj_list: a bare name is a table or a schema, as what stands before it.</summary>
    private void ParsePublicationObjects()
    {
        var isSchema = false;
        var isFirst = true;
        do
        {
            if (Accept("table"))
            {
                isSchema = false;
                ParseTableName();
                ParsePublishedRows();
            }
            else if (Accept("tables", "in"))
            {
                isSchema = true;
                Expect("schema");
                if (!Accept("current_schema"))
                {
                    ParseColId();
                }
            }
            else if (isFirst)
            {
                Fail("invalid publication object list");
            }
            else if (!isSchema)
            {
                ParseTableName();
                ParsePublishedRows();
            }
            else if (!Accept("current_schema"))
            {
                ParseColId();
            }

            isFirst = false;
        }
        while (Accept(SqlTokenKind.Comma));
    }

    private void ParsePublishedRows()
    {
        ParseOptionalNames();
        if (Accept("where"))
        {
            ParseExpressionInParens();
        }
    }

    private void ParseCreateSubscription()
    {
        ParseColId();
        Expect("connection");
        ParseStringConstant();
        Expect("publication");
        ParseNames();
        ParseWithDefinition();
    }

    private void ParseAlterSubscription()
    {
        ParseColId();
        if (ParseChange(Changes.Name | Changes.Owner))
        {
            return;
        }

        switch (ExpectOneOf("set", "connection", "refresh", "add", "drop", "enable", "disable", "skip"))
        {
            case "set" when At(SqlTokenKind.OpenParen):
            case "skip":
                ParseDefinitionList();
                break;
            case "connection":
                ParseStringConstant();
                break;
            case "refresh":
                Expect("publication");
                ParseWithDefinition();
                break;
            case "set" or "add" or "drop":
                Expect("publication");
                ParseNames();
                ParseWithDefinition();
                break;
        }
    }
}
