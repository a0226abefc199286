using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Sequences, and the options of identity columns.</content>
public sealed partial class SqlParser
{
    private void ParseSequenceOptionsInParentheses()
    {
        SkipHoles();
        if (!Accept(SqlTokenKind.OpenParen))
        {
            return;
        }

        if (!SkipHoles() && !ParseSequenceOption())
        {
            Fail("syntax error: expected an option of a sequence");
        }

        ParseSequenceOptions();
        Expect(SqlTokenKind.CloseParen);
    }

    /// <summary>SeqOptList</summary>
    private void ParseSequenceOptions()
    {
        do
        {
            SkipHoles();
        }
        while (ParseSequenceOption());
    }

    /// <summary>SeqOptElem, where one begins here.</summary>
    private bool ParseSequenceOption()
    {
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "as":
                Advance();
                if (At("setof") || !StartsType(Current))
                {
                    Fail("syntax error: expected a type");
                }

                ParseSimpleTypeName(isConstant: false);
                return true;
            case "cache" or "maxvalue" or "minvalue":
                Advance();
                ParseSignedNumber();
                return true;
            case "cycle" or "logged" or "unlogged":
                Advance();
                return true;
            case "no":
                Advance();
                if (!SkipHoles() && !Accept("cycle") && !Accept("maxvalue"))
                {
                    Expect("minvalue");
                }

                return true;
            case "increment":
                Advance();
                Accept("by");
                ParseSignedNumber();
                return true;
            case "owned":
                Advance();
                Expect("by");
                ParseOwner();
                return true;
            case "sequence":
                Advance();
                Expect("name");
                ParseQualifiedName(HoleRole.UtilityName);
                return true;
            case "start":
                Advance();
                Accept("with");
                ParseSignedNumber();
                return true;
            case "restart":
                Advance();
                if (Accept("with") || At(SqlTokenKind.Integer) || At(SqlTokenKind.Decimal) || At(SqlTokenKind.Hole) || At(SqlTokenKind.Operator))
                {
                    ParseSignedNumber();
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>The column that owns a sequence, or NONE, which is of class ColId.</summary>
    private void ParseOwner() => ParseQualifiedName(HoleRole.UtilityName);

    private OtherStatement ParseCreateSequence(int start)
    {
        Advance();
        AcceptIfNotExists();
        var name = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
        ParseSequenceOptions();
        return Other(start, "CREATE SEQUENCE", name.Parts.ToArray());
    }
}
