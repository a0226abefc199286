using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>COPY</content>
public sealed partial class SqlParser
{
    private SqlStatement ParseCopy(int start)
    {
        Advance();
        if (At(SqlTokenKind.OpenParen))
        {
            Advance();
            var inner = ParseNestedStatement();
            var isRead = TryHead(
                start,
                () =>
                {
                    Expect(SqlTokenKind.CloseParen);
                    Expect("to");
                });
            if (!isRead)
            {
                return ParseUnknown(start, "");
            }

            Strictly(start, "COPY", () => ParseCopyTail(isFrom: false, isQuery: true));
            return new WrapperStatement(From(start), "COPY", null, inner);
        }

        CopyStatement? copy = null;
        if (!TryHead(start, () => copy = ParseCopyHead(start)))
        {
            return ParseUnknown(start, "");
        }

        Strictly(start, "COPY", () => ParseCopyTail(copy!.IsFrom, isQuery: false));
        return copy!;
    }

    private CopyStatement ParseCopyHead(int start)
    {
        Accept("binary");
        var table = ParseQualifiedName(maxParts: 3);
        var columns = At(SqlTokenKind.OpenParen) ? ParseNameList() : ImmutableArray<SqlName>.Empty;
        SkipHoles();
        var isFrom = Accept("from");
        if (!isFrom)
        {
            Expect("to");
        }

        return new CopyStatement(From(start), table, columns, isFrom);
    }

    /// <summary>What stands behind TO and FROM: the file, the options, the condition.</summary>
    private void ParseCopyTail(bool isFrom, bool isQuery)
    {
        var isProgram = Accept("program");
        if (At("stdin") || At("stdout"))
        {
            if (isProgram)
            {
                Fail("STDIN/STDOUT not allowed with PROGRAM");
            }

            Advance();
        }
        else
        {
            ParseStringConstant();
        }

        if (!isQuery && (At("delimiters") || At("using", "delimiters")))
        {
            Accept("using");
            Expect("delimiters");
            ParseStringConstant();
        }

        Accept("with");
        if (At(SqlTokenKind.OpenParen))
        {
            ParseParenthesized(ParseCopyOption);
        }
        else
        {
            while (ParseOldCopyOption())
            {
            }
        }

        if (!isQuery && At("where"))
        {
            if (!isFrom)
            {
                Fail("WHERE clause not allowed with COPY TO");
            }

            Advance();
            ParseExpression();
        }
    }

    /// <summary>copy_generic_opt_elem: a name and perhaps a value, <c>*</c>, DEFAULT or a list.</summary>
    private SqlName ParseCopyOption()
    {
        var name = ParseColLabel();
        if (At(SqlTokenKind.OpenParen))
        {
            ParseParenthesized(() =>
            {
                var value = Current;
                if (AtSettingWord())
                {
                    Advance();
                }
                else
                {
                    Unexpected();
                }

                return value;
            });
        }
        else if (!AcceptOperator("*") && !Accept("default") && (AtNumber() || AtSettingWord()))
        {
            ParseSettingValue();
        }

        return name;
    }

    /// <summary>copy_opt_item, the syntax from before version 9.0; false where no option stands.</summary>
    private bool ParseOldCopyOption()
    {
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "binary" or "freeze" or "csv" or "header":
                Advance();
                return true;
            case "delimiter" or "null" or "quote" or "escape":
                Advance();
                Accept("as");
                ParseStringConstant();
                return true;
            case "encoding":
                Advance();
                ParseStringConstant();
                return true;
            case "force":
                Advance();
                if (!Accept("quote") && !Accept("null"))
                {
                    Expect("not", "null");
                }

                if (!AcceptOperator("*"))
                {
                    ParseList(() => ParseColId());
                }

                return true;
            default:
                return false;
        }
    }
}
