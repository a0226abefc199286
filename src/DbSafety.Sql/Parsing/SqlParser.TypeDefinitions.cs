using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>CREATE and ALTER of types and domains.</content>
public sealed partial class SqlParser
{
    private CreateTypeStatement ParseCreateType(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        var labels = ImmutableArray<string>.Empty;
        var attributes = ImmutableArray<ColumnDefinition>.Empty;
        var isEnum = false;
        var isComposite = false;
        SkipHoles();
        if (Accept("as"))
        {
            SkipHoles();
            isEnum = Accept("enum");
            isComposite = !isEnum && At(SqlTokenKind.OpenParen);
            if (isEnum)
            {
                labels = ParseLabels();
            }
            else if (isComposite)
            {
                attributes = Peek(1).Kind == SqlTokenKind.CloseParen ? attributes : ParseParenthesized(ParseAttribute);
                if (attributes.IsEmpty && Accept(SqlTokenKind.OpenParen))
                {
                    Expect(SqlTokenKind.CloseParen);
                }
            }
            else
            {
                Expect("range");
                ParseDefinitionList();
            }
        }
        else if (At(SqlTokenKind.OpenParen))
        {
            ParseDefinitionList();
        }

        return new CreateTypeStatement(From(start), name, isEnum, labels) { Attributes = attributes, IsComposite = isComposite, IsIncomplete = _hasFragment };
    }

    private ImmutableArray<string> ParseLabels()
    {
        Expect(SqlTokenKind.OpenParen);
        var labels = ImmutableArray<string>.Empty;
        if (!At(SqlTokenKind.CloseParen))
        {
            // A label with a hole is one that is not known.
            labels = ParseEntries(() => ParseStringConstant() is { } text ? text : Unknown()).ToImmutableArray();
        }

        Expect(SqlTokenKind.CloseParen);
        return labels;

        string Unknown()
        {
            _hasFragment = true;
            return "";
        }
    }

    /// <summary>TableFuncElement: an attribute of a composite type.</summary>
    private ColumnDefinition ParseAttribute()
    {
        var start = Current.Start;
        var name = ParseColId(HoleRole.UtilityName);
        var type = ParseTypeName();
        SkipHoles();
        var collation = Accept("collate") ? ParseQualifiedName(HoleRole.UtilityName) : null;
        return new ColumnDefinition(From(start), name, type, false) { Collation = collation };
    }

    private SqlStatement ParseAlterType(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        SkipHoles();
        var result = new AlterTypeStatement(From(start), name, null, null, null, false);
        if (Accept("add", "value"))
        {
            AcceptIfNotExists();
            result = result with { AddedLabel = ParseStringConstant() };
            SkipHoles();
            var isAfter = At("after");
            if (isAfter || At("before"))
            {
                Advance();
                result = result with { Neighbour = ParseStringConstant(), IsAfter = isAfter };
            }
        }
        else if (Accept("rename", "value"))
        {
            result = result with { RenamedLabel = ParseStringConstant() };
            Expect("to");
            result = result with { NewName = ParseStringConstant() };
        }
        else if (Accept("rename", "attribute"))
        {
            var actionStart = Current.Start;
            var old = ParseColId(HoleRole.UtilityName);
            Expect("to");
            var action = Action(actionStart, AlterTableActionKind.RenameColumn, old) with { NewName = ParseColId(HoleRole.UtilityName) };
            result = result with { Attributes = ImmutableArray.Create(action with { IsCascade = ParseDropBehavior() }) };
        }
        else if (Accept("rename"))
        {
            Expect("to");
            result = result with { NewName = ParseColId(HoleRole.UtilityName).Text };
        }
        else if (Accept("set", "schema"))
        {
            result = result with { NewName = ParseColId(HoleRole.UtilityName).Text, IsSetSchema = true };
        }
        else if (Accept("set"))
        {
            ParseDefinitionList();
        }
        else if (At("owner"))
        {
            ParseOwnerTo();
        }
        else
        {
            result = result with { Attributes = ParseList(ParseAttributeAction) };
        }

        return result with { Span = From(start) };
    }

    /// <summary>alter_type_cmd</summary>
    private AlterTableAction ParseAttributeAction()
    {
        var start = Current.Start;
        if (SkipHoles())
        {
            return Action(start, AlterTableActionKind.Unknown);
        }

        var word = At(SqlTokenKind.Word) ? Current.Text : null;
        if (word is not ("add" or "drop" or "alter"))
        {
            Fail("syntax error: no action of ALTER TYPE begins so");
            return Action(start, AlterTableActionKind.Unknown);
        }

        Advance();
        Expect("attribute");
        AlterTableAction action;
        if (word == "add")
        {
            var attribute = ParseAttribute();
            action = Action(start, AlterTableActionKind.AddColumn, attribute.Name) with { Definition = attribute, Type = attribute.Type };
        }
        else if (word == "drop")
        {
            var ifExists = AcceptIfExists();
            action = Action(start, AlterTableActionKind.DropColumn, ParseColId(HoleRole.UtilityName)) with { IsConditional = ifExists };
        }
        else
        {
            var name = ParseColId(HoleRole.UtilityName);
            if (Accept("set"))
            {
                Expect("data");
            }

            Expect("type");
            var type = ParseTypeName();
            var collation = Accept("collate") ? ParseQualifiedName(HoleRole.UtilityName) : null;
            action = Action(start, AlterTableActionKind.AlterType, name) with { Type = type, Collation = collation };
        }

        action = action with { IsCascade = ParseDropBehavior() };
        return action with { Span = From(start) };
    }

    private CreateDomainStatement ParseCreateDomain(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        SkipHoles();
        Accept("as");
        var type = ParseTypeName();
        var read = ParseColumnConstraints(new ColumnDefinition(From(start), name.Parts[0], type, false));
        return new CreateDomainStatement(From(start), name, type, read.IsNotNull) { Constraints = read.Constraints, Collation = read.Collation };
    }

    private AlterDomainStatement ParseAlterDomain(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        var actionStart = Current.Start;
        var action = SkipHoles() ? Action(actionStart, AlterTableActionKind.Unknown) : ParseDomainAction(actionStart);
        return new AlterDomainStatement(From(start), name, action with { Span = From(actionStart) });
    }

    private AlterTableAction ParseDomainAction(int start)
    {
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "set":
                Advance();
                if (Accept("schema"))
                {
                    return Action(start, AlterTableActionKind.SetSchema) with { NewName = ParseColId(HoleRole.UtilityName) };
                }

                if (Accept("default"))
                {
                    return Action(start, AlterTableActionKind.SetDefault) with { Expression = ParseDefinitionCondition(isClosed: true) };
                }

                Expect("not");
                Expect("null");
                return Action(start, AlterTableActionKind.SetNotNull);
            case "drop":
                Advance();
                if (Accept("default"))
                {
                    return Action(start, AlterTableActionKind.DropDefault);
                }

                if (Accept("not"))
                {
                    Expect("null");
                    return Action(start, AlterTableActionKind.DropNotNull);
                }

                Expect("constraint");
                var ifExists = AcceptIfExists();
                var dropped = ParseColId(HoleRole.UtilityName);
                return Action(start, AlterTableActionKind.DropConstraint, dropped) with { IsConditional = ifExists, IsCascade = ParseDropBehavior() };
            case "add":
                Advance();
                var constraint = ParseDomainConstraint();
                return Action(start, AlterTableActionKind.AddConstraint, constraint.Name) with { Constraint = constraint };
            case "validate":
                Advance();
                Expect("constraint");
                return Action(start, AlterTableActionKind.ValidateConstraint, ParseColId(HoleRole.UtilityName));
            case "rename":
                Advance();
                if (Accept("constraint"))
                {
                    var old = ParseColId(HoleRole.UtilityName);
                    Expect("to");
                    return Action(start, AlterTableActionKind.RenameConstraint, old) with { NewName = ParseColId(HoleRole.UtilityName) };
                }

                Expect("to");
                return Action(start, AlterTableActionKind.RenameTable) with { NewName = ParseColId(HoleRole.UtilityName) };
            default:
                ParseOwnerTo();
                return Action(start, AlterTableActionKind.Other);
        }
    }

    /// <summary>A constraint of a domain: like one of a table, but NOT NULL names no column (version 17).</summary>
    private ConstraintDefinition ParseDomainConstraint()
    {
        var start = Current.Start;
        var isNamed = At("constraint");
        if ((isNamed ? Peek(2) : Current).Is("not"))
        {
            var name = ParseConstraintName();
            Advance();
            Expect("null");
            return ParseConstraintAttributes(
                new ConstraintDefinition(From(start), ConstraintKind.NotNull, name), allowsDeferrable: false, allowsNotValid: true, allowsNoInherit: true);
        }

        return ParseTableConstraint();
    }
}
