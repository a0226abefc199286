using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>What belongs to a table without being a part of it: policies, rules, extended statistics; and event triggers.</content>
public sealed partial class SqlParser
{
    private void ParseCreatePolicy()
    {
        ParseColId();
        Expect("on");
        ParseRelationName();
        if (Accept("as"))
        {
            if (!IsIdentifier(Current) || (!At(SqlTokenKind.Hole) && Current.Text is not ("permissive" or "restrictive")))
            {
                Fail("unrecognized row security option");
            }

            Advance();
        }

        if (Accept("for"))
        {
            ExpectOneOf("all", "select", "insert", "update", "delete");
        }

        ParsePolicyRest();
    }

    private void ParseAlterPolicy()
    {
        var ifExists = AcceptIfExists();
        ParseColId();
        Expect("on");
        ParseRelationName();
        if (ifExists)
        {
            ExpectChange(Changes.Name);
        }
        else if (!ParseChange(Changes.Name))
        {
            ParsePolicyRest();
        }
    }

    private void ParsePolicyRest()
    {
        if (Accept("to"))
        {
            ParseRoles();
        }

        if (Accept("using"))
        {
            ParseExpressionInParens();
        }

        if (Accept("with"))
        {
            Expect("check");
            ParseExpressionInParens();
        }
    }

    private void ParseCreateRule()
    {
        ParseColId();
        Expect("as", "on");
        ExpectOneOf("select", "update", "delete", "insert");
        Expect("to");
        ParseRelationName();
        if (Accept("where"))
        {
            ParseExpression();
        }

        Expect("do");
        if (!Accept("instead"))
        {
            Accept("also");
        }

        if (Accept("nothing"))
        {
            return;
        }

        if (!Accept(SqlTokenKind.OpenParen))
        {
            ParseRuleAction();
            return;
        }

        do
        {
            if (!At(SqlTokenKind.Semicolon) && !At(SqlTokenKind.CloseParen))
            {
                ParseRuleAction();
            }
        }
        while (Accept(SqlTokenKind.Semicolon));

        Expect(SqlTokenKind.CloseParen);
    }

    /// <summary>RuleActionStmt: a query, a write other than MERGE, or NOTIFY.</summary>
    private void ParseRuleAction()
    {
        if (Accept("notify"))
        {
            ParseColId();
            if (Accept(SqlTokenKind.Comma))
            {
                ParseStringConstant();
            }

            return;
        }

        if (ParseNestedStatement() is MergeStatement)
        {
            Unexpected();
        }
    }

    private void ParseAlterRule()
    {
        ParseColId();
        Expect("on");
        ParseRelationName();
        ExpectChange(Changes.Name);
    }

    private void ParseCreateStatistics()
    {
        if (AcceptIfNotExists() || (IsColId(Current) && !At(SqlTokenKind.OpenParen)))
        {
            ParseQualifiedName();
        }

        ParseOptionalNames();
        Expect("on");
        ParseList(() =>
        {
            var first = Current;
            if (At(SqlTokenKind.OpenParen))
            {
                ParseExpressionInParens();
            }
            else if (IsColId(first) && Peek(1).Kind is not (SqlTokenKind.OpenParen or SqlTokenKind.Dot))
            {
                ParseColId();
            }
            else if (ParseTableFunction() is null)
            {
                _pendingTable = null;
                Fail("syntax error: expected a column");
            }

            return first;
        });
        Expect("from");
        ParseList(ParseTableSource);
    }

    private void ParseAlterStatistics()
    {
        var ifExists = AcceptIfExists();
        ParseQualifiedName();
        if (Accept("set", "statistics"))
        {
            if (!Accept("default"))
            {
                ParseSignedInteger();
            }
        }
        else if (ifExists)
        {
            Unexpected();
        }
        else
        {
            ExpectChange(Changes.Name | Changes.Owner | Changes.Schema);
        }
    }

    /// <summary>Behind CREATE EVENT.</summary>
    private void ParseCreateEventTrigger()
    {
        Expect("trigger");
        ParseColId();
        Expect("on");
        ParseColLabel();
        if (Accept("when"))
        {
            do
            {
                ParseColId();
                Expect("in");
                ParseParenthesized(ParseStringConstant);
            }
            while (Accept("and"));
        }

        Expect("execute");
        ExpectOneOf("function", "procedure");
        ParseQualifiedFunctionName();
        Expect(SqlTokenKind.OpenParen);
        Expect(SqlTokenKind.CloseParen);
    }

    private void ParseAlterEventTrigger()
    {
        Expect("trigger");
        ParseColId();
        if (Accept("enable"))
        {
            AcceptOneOf("replica", "always");
        }
        else if (!Accept("disable"))
        {
            ExpectChange(Changes.Name | Changes.Owner);
        }
    }
}
