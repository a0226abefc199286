using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>CREATE and ALTER TRIGGER.</content>
public sealed partial class SqlParser
{
    private CreateTriggerStatement ParseCreateTrigger(int start, bool isReplace)
    {
        var isConstraint = Accept("constraint");
        Expect("trigger");
        var name = ParseColId(HoleRole.UtilityName);
        var timing = ParseTriggerTiming(isConstraint);
        var columns = ImmutableArray<SqlName>.Empty;
        var events = ImmutableArray.CreateBuilder<string>();
        do
        {
            if (ParseTriggerEvent(ref columns) is { } read)
            {
                if (events.Contains(read))
                {
                    Fail("duplicate trigger events specified");
                }

                events.Add(read);
            }

            SkipHoles();
        }
        while (Accept("or"));

        Expect("on");
        var table = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
        SkipHoles();
        var isForEachRow = false;
        if (isConstraint)
        {
            if (Accept("from"))
            {
                ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
            }

            ParseConstraintAttributes(
                new ConstraintDefinition(From(start), ConstraintKind.Check, name), allowsDeferrable: true, allowsNotValid: false, allowsNoInherit: false);
            Expect("for");
            Expect("each");
            Expect("row");
            isForEachRow = true;
        }
        else
        {
            ParseTransitionTables();
            SkipHoles();
            if (Accept("for"))
            {
                Accept("each");
                SkipHoles();
                isForEachRow = Accept("row");
                if (!isForEachRow)
                {
                    Expect("statement");
                }
            }
        }

        SkipHoles();
        var when = Accept("when") ? ParseParenthesizedExpression() : null;
        Expect("execute");
        SkipHoles();
        if (!Accept("function"))
        {
            Expect("procedure");
        }

        var function = ParseFunctionName();
        ParseTriggerArguments();
        return new CreateTriggerStatement(From(start), name, table, timing, events.ToImmutable(), isForEachRow, function)
        {
            UpdateColumns = columns,
            When = when,
            IsConstraint = isConstraint,
            IsReplace = isReplace,
        };
    }

    private string ParseTriggerTiming(bool isConstraint)
    {
        SkipHoles();
        if (isConstraint || At("after"))
        {
            Expect("after");
            return "AFTER";
        }

        if (Accept("before"))
        {
            return "BEFORE";
        }

        if (Accept("instead"))
        {
            Expect("of");
            return "INSTEAD OF";
        }

        if (!(_hasFragment && At(SqlTokenKind.Word)))
        {
            Fail("syntax error: expected BEFORE, AFTER or INSTEAD OF");
        }

        return "";
    }

    private string? ParseTriggerEvent(ref ImmutableArray<SqlName> columns)
    {
        if (SkipHoles(HoleRole.Keyword))
        {
            _hasFragment = true;
            return null;
        }

        if (!At(SqlTokenKind.Word) || Current.Text is not ("insert" or "delete" or "update" or "truncate"))
        {
            Fail("syntax error: expected an event");
            return null;
        }

        var text = Advance().Text!.ToUpperInvariant();
        if (text == "UPDATE" && Accept("of"))
        {
            columns = ParseBareList(() => ParseColId(HoleRole.UtilityName));
        }

        return text;
    }

    /// <summary>REFERENCING OLD TABLE AS a NEW TABLE AS b</summary>
    private void ParseTransitionTables()
    {
        if (!Accept("referencing"))
        {
            return;
        }

        var count = 0;
        while (SkipHoles() || At("old") || At("new"))
        {
            count++;
            if (!At("old") && !At("new"))
            {
                continue;
            }

            Advance();
            if (!Accept("row"))
            {
                Expect("table");
            }

            Accept("as");
            ParseColId(HoleRole.UtilityName);
        }

        if (count == 0)
        {
            Fail("syntax error: expected OLD or NEW");
        }
    }

    /// <summary>TriggerFuncArgs: constants and words.</summary>
    private void ParseTriggerArguments()
    {
        Expect(SqlTokenKind.OpenParen);
        if (Accept(SqlTokenKind.CloseParen))
        {
            return;
        }

        var isFirst = true;
        ParseEntries(() =>
        {
            if (isFirst && At(SqlTokenKind.Comma))
            {
                // PostgreSQL's list begins with an empty entry, if it likes.
            }
            else if (IsString(Current))
            {
                ParseStringConstant();
            }
            else if (At(SqlTokenKind.Integer) || At(SqlTokenKind.Decimal))
            {
                Advance();
            }
            else
            {
                ParseColLabel(HoleRole.UtilityValue);
            }

            isFirst = false;
            return true;
        });
        Expect(SqlTokenKind.CloseParen);
    }

    /// <summary>ALTER TRIGGER name ON table RENAME TO b, DEPENDS ON EXTENSION e</summary>
    private SqlStatement ParseAlterTrigger(int start)
    {
        Advance();
        var name = ParseColId(HoleRole.UtilityName);
        Expect("on");
        var table = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
        SkipHoles();
        if (Accept("rename"))
        {
            Expect("to");
            var newName = ParseColId(HoleRole.UtilityName);
            return new RenameStatement(From(start), "ALTER TRIGGER", new QualifiedName(name.Span, ImmutableArray.Create(name)), newName) { Table = table };
        }

        ParseDependsOn();
        return Other(start, "ALTER TRIGGER");
    }
}
