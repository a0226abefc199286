using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>VACUUM, ANALYZE, CLUSTER, REINDEX, LOCK, REASSIGN OWNED, SECURITY LABEL.</content>
public sealed partial class SqlParser
{
    private void ParseVacuum()
    {
        if (At(SqlTokenKind.OpenParen))
        {
            ParseCommandOptions();
        }
        else
        {
            Accept("full");
            Accept("freeze");
            Accept("verbose");
            AcceptOneOf("analyze", "analyse");
        }

        ParseVacuumRelations();
    }

    private void ParseAnalyze()
    {
        if (At(SqlTokenKind.OpenParen))
        {
            ParseCommandOptions();
        }
        else
        {
            Accept("verbose");
        }

        ParseVacuumRelations();
    }

    /// <summary>opt_vacuum_relation_list: tables with columns, or nothing.</summary>
    private void ParseVacuumRelations()
    {
        if (!IsColId(Current))
        {
            return;
        }

        ParseList(() =>
        {
            var name = ParseRelationName();
            ParseOptionalNames();
            return name;
        });
    }

    private void ParseCluster()
    {
        var hasOptions = At(SqlTokenKind.OpenParen);
        if (hasOptions)
        {
            ParseCommandOptions();
        }
        else
        {
            Accept("verbose");
        }

        if (!IsColId(Current))
        {
            return;
        }

        var name = ParseRelationName();
        if (Accept("using"))
        {
            ParseColId();
        }
        else if (!hasOptions && name.Parts.Length == 1 && Accept("on"))
        {
            ParseRelationName();
        }
    }

    private void ParseReindex()
    {
        if (At(SqlTokenKind.OpenParen))
        {
            ParseCommandOptions();
        }

        var kind = ExpectOneOf("index", "table", "schema", "system", "database");
        Accept("concurrently");
        if (kind is "index" or "table")
        {
            ParseRelationName();
        }
        else if (kind == "schema" || IsColId(Current))
        {
            ParseColId();
        }
    }

    private void ParseLock()
    {
        Accept("table");
        ParseList(() => ParseTableName());
        if (Accept("in"))
        {
            ParseLockMode();
            Expect("mode");
        }

        Accept("nowait");
    }

    /// <summary>lock_type</summary>
    private void ParseLockMode()
    {
        switch (ExpectOneOf("access", "row", "share", "exclusive"))
        {
            case "access" or "row":
                ExpectOneOf("share", "exclusive");
                break;
            case "share" when At("update") || At("row"):
                Advance();
                Expect("exclusive");
                break;
        }
    }

    private void ParseReassign()
    {
        Expect("owned", "by");
        ParseRoles();
        Expect("to");
        ParseRoleSpecification();
    }

    private void ParseSecurityLabel()
    {
        Expect("label");
        if (Accept("for"))
        {
            ParseWordOrString();
        }

        Expect("on");
        var kind = ParseObjectReference().Kind;
        if (kind is "CONSTRAINT" or "DOMAIN CONSTRAINT" or "POLICY" or "RULE" or "TRIGGER" or "OPERATOR" or "OPERATOR CLASS" or "OPERATOR FAMILY" or "CAST" or "TRANSFORM")
        {
            Fail("syntax error: no label for this kind of object");
        }

        Expect("is");
        if (!Accept("null"))
        {
            ParseStringConstant();
        }
    }
}
