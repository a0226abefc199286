using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>ALTER COLUMN of ALTER TABLE.</content>
public sealed partial class SqlParser
{
    private AlterTableAction ParseAlterColumn(int start)
    {
        if (At(SqlTokenKind.Integer))
        {
            if (!int.TryParse(_source.ToString(Current.Span), out var number) || number is < 1 or > short.MaxValue)
            {
                Fail("column number must be in range from 1 to 32767");
            }

            Advance();
            Expect("set");
            Expect("statistics");
            ParseSignedNumber(isInteger: true);
            return Action(start, AlterTableActionKind.Other);
        }

        var column = ParseColId();
        if (SkipHoles())
        {
            return Action(start, AlterTableActionKind.Unknown, column);
        }

        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "type":
                Advance();
                return ParseAlterType(start, column);
            case "set" when Peek(1).Is("data"):
                Advance();
                Advance();
                Expect("type");
                return ParseAlterType(start, column);
            case "set" when Peek(1).Kind != SqlTokenKind.Word || Peek(1).Text is "default" or "not" or "statistics" or "storage" or "compression" or "expression":
                Advance();
                return ParseSetOfColumn(start, column);
            case "reset":
                Advance();
                ParseDefinitionList(allowsQualified: true);
                return Action(start, AlterTableActionKind.Other, column);
            case "add":
                Advance();
                Expect("generated");
                var isAlways = ParseGeneratedWhen();
                Expect("as");
                Expect("identity");
                ParseSequenceOptionsInParentheses();
                return Action(start, AlterTableActionKind.SetIdentity, column) with
                {
                    Constraint = new ConstraintDefinition(From(start), ConstraintKind.Identity, null) { IsAlways = isAlways },
                };
            case "set" or "restart":
                ParseIdentityChanges();
                return Action(start, AlterTableActionKind.SetIdentity, column);
            case "drop":
                Advance();
                return ParseDropOfColumn(start, column);
            default:
                if (!ParseGenericOptions(isAlter: true))
                {
                    Fail("syntax error: no action of ALTER COLUMN begins so");
                }

                return Action(start, AlterTableActionKind.Other, column);
        }
    }

    private AlterTableAction ParseAlterType(int start, SqlName column)
    {
        var type = ParseTypeName();
        SkipHoles();
        var collation = Accept("collate") ? ParseQualifiedName(HoleRole.UtilityName) : null;
        SkipHoles();
        var conversion = Accept("using") ? ParseDefinitionCondition(isClosed: true) : null;
        return Action(start, AlterTableActionKind.AlterType, column) with { Type = type, Collation = collation, Expression = conversion };
    }

    private AlterTableAction ParseSetOfColumn(int start, SqlName column)
    {
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "default":
                Advance();
                return Action(start, AlterTableActionKind.SetDefault, column) with { Expression = ParseDefinitionCondition(isClosed: true) };
            case "not":
                Advance();
                Expect("null");
                return Action(start, AlterTableActionKind.SetNotNull, column);
            case "statistics":
                Advance();
                if (!Accept("default"))
                {
                    ParseSignedNumber(isInteger: true);
                }

                break;
            case "storage" or "compression":
                Advance();
                if (!Accept("default"))
                {
                    ParseColId(HoleRole.UtilityName);
                }

                break;
            case "expression":
                Advance();
                Expect("as");
                return Action(start, AlterTableActionKind.Other, column) with { Expression = ParseParenthesizedExpression() };
            default:
                if (SkipHoles())
                {
                    return Action(start, AlterTableActionKind.Unknown, column);
                }

                ParseDefinitionList(allowsQualified: true);
                break;
        }

        return Action(start, AlterTableActionKind.Other, column);
    }

    private AlterTableAction ParseDropOfColumn(int start, SqlName column)
    {
        if (Accept("default"))
        {
            return Action(start, AlterTableActionKind.DropDefault, column);
        }

        if (Accept("not"))
        {
            Expect("null");
            return Action(start, AlterTableActionKind.DropNotNull, column);
        }

        if (SkipHoles())
        {
            return Action(start, AlterTableActionKind.Unknown, column);
        }

        var isIdentity = Accept("identity");
        if (!isIdentity)
        {
            Expect("expression");
        }

        var ifExists = AcceptIfExists();
        return Action(start, isIdentity ? AlterTableActionKind.DropIdentity : AlterTableActionKind.DropExpression, column) with { IsConditional = ifExists };
    }

    /// <summary>alter_identity_column_option_list</summary>
    private void ParseIdentityChanges()
    {
        while (true)
        {
            SkipHoles();
            if (At("restart"))
            {
                ParseSequenceOption();
            }
            else if (Accept("set"))
            {
                if (Accept("generated"))
                {
                    ParseGeneratedWhen();
                }
                else if (At("as") || At("restart") || At("owned") || !ParseSequenceOption())
                {
                    Fail("syntax error: expected an option of a sequence");
                }
            }
            else
            {
                return;
            }
        }
    }
}
