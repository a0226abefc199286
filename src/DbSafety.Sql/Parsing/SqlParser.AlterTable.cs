using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>ALTER TABLE, and ALTER of the other relations, which takes the same actions.</content>
public sealed partial class SqlParser
{
    /// <summary>ALTER TABLE, VIEW, MATERIALIZED VIEW, INDEX, SEQUENCE, FOREIGN TABLE; the parser stands behind these words.</summary>
    private SqlStatement ParseAlterRelation(int start, string verb)
    {
        if (verb is "ALTER TABLE" or "ALTER INDEX" or "ALTER MATERIALIZED VIEW" && At("all", "in"))
        {
            return ParseMoveAll(start, verb);
        }

        var ifExists = AcceptIfExists();
        SkipHolesBeforeName();
        var isTable = verb is "ALTER TABLE" or "ALTER FOREIGN TABLE";
        var table = isTable ? ParseTableName() : new TableReference(Current.Span, ParseQualifiedName(maxParts: 3), false);
        var actions = ParseRelationActions(verb, ifExists);
        if (_hasFragment && !actions.Any(action => action.Kind == AlterTableActionKind.Unknown))
        {
            actions = actions.Add(Action(LastEnd, AlterTableActionKind.Unknown));
        }

        return new AlterTableStatement(From(start), table.Name, actions) { Verb = verb, IsOnly = table.IsOnly, IfExists = ifExists };
    }

    /// <summary>ALTER TABLE {if exists} t: a hole before a name that follows it.</summary>
    private void SkipHolesBeforeName()
    {
        if (At(SqlTokenKind.Hole) && Peek(1).Start > Current.End && Peek(1).Kind == SqlTokenKind.QuotedName)
        {
            SkipHoles();
        }
    }

    /// <summary>ALL IN TABLESPACE a [OWNED BY roles] SET TABLESPACE b [NOWAIT]</summary>
    private OtherStatement ParseMoveAll(int start, string verb)
    {
        Advance();
        Advance();
        Expect("tablespace");
        ParseColId(HoleRole.UtilityName);
        SkipHoles();
        if (Accept("owned"))
        {
            Expect("by");
            ParseBareList(ParseRoleSpecification);
        }

        Expect("set");
        Expect("tablespace");
        ParseColId(HoleRole.UtilityName);
        Accept("nowait");
        return Other(start, verb);
    }

    private AlterTableAction Action(int start, AlterTableActionKind kind, SqlName? column = null) => new(From(start), kind, column, null, null, null, false);

    private ImmutableArray<AlterTableAction> ParseRelationActions(string verb, bool ifExists)
    {
        var start = Current.Start;
        var isTable = verb is "ALTER TABLE" or "ALTER FOREIGN TABLE";
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            // These stand alone.
            case "rename":
                Advance();
                return One(ParseRename(start, verb));
            case "set" when Peek(1).Is("schema") && verb != "ALTER INDEX":
                Advance();
                Advance();
                return One(Action(start, AlterTableActionKind.SetSchema) with { NewName = ParseColId() });
            case "no" when Peek(1).Is("depends") && verb is "ALTER INDEX" or "ALTER MATERIALIZED VIEW":
            case "depends" when verb is "ALTER INDEX" or "ALTER MATERIALIZED VIEW":
                ParseDependsOn();
                return One(Action(start, AlterTableActionKind.Other));
            case "attach" when verb == "ALTER TABLE" || (verb == "ALTER INDEX" && !ifExists):
                Advance();
                Expect("partition");
                var attached = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
                if (verb == "ALTER TABLE")
                {
                    ParsePartitionBound();
                }

                return One(Action(start, AlterTableActionKind.AttachPartition) with { Other = attached });
            case "detach" when verb == "ALTER TABLE":
                Advance();
                Expect("partition");
                var detached = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
                if (!Accept("concurrently"))
                {
                    Accept("finalize");
                }

                return One(Action(start, AlterTableActionKind.DetachPartition) with { Other = detached });
            case { } word when verb == "ALTER SEQUENCE" && IsSequenceOption(word):
                ParseSequenceOption();
                ParseSequenceOptions();
                return One(Action(start, AlterTableActionKind.Other));
            default:
                return ParseList(ParseAlterTableAction);
        }

        ImmutableArray<AlterTableAction> One(AlterTableAction action)
        {
            SkipHoles();
            return ImmutableArray.Create(action with { Span = From(start) });
        }
    }

    private bool IsSequenceOption(string word) => word is "as" or "cache" or "cycle" or "increment" or "maxvalue" or "minvalue" or "owned" or "sequence" or "start"
        or "restart" || (word == "no" && Peek(1).Text is "cycle" or "maxvalue" or "minvalue");

    /// <summary>[NO] DEPENDS ON EXTENSION name</summary>
    private void ParseDependsOn()
    {
        Accept("no");
        Expect("depends");
        Expect("on");
        Expect("extension");
        ParseColId(HoleRole.UtilityName);
    }

    private AlterTableAction ParseRename(int start, string verb)
    {
        SkipHolesBeforeTo();
        if (Accept("to"))
        {
            return Action(start, AlterTableActionKind.RenameTable) with { NewName = ParseColId() };
        }

        var kind = AlterTableActionKind.RenameColumn;
        if (verb == "ALTER TABLE" && Accept("constraint"))
        {
            kind = AlterTableActionKind.RenameConstraint;
        }
        else if (verb is "ALTER INDEX" or "ALTER SEQUENCE")
        {
            Fail("syntax error: expected TO");
        }
        else
        {
            Accept("column");
        }

        var old = ParseColId();
        Expect("to");
        return Action(start, kind, old) with { NewName = ParseColId() };
    }

    /// <summary>RENAME {x} {y} TO z: the first hole is a keyword.</summary>
    private void SkipHolesBeforeTo()
    {
        if (At(SqlTokenKind.Hole) && !Peek(1).Is("to") && Peek(1).Start > Current.End)
        {
            SkipHoles();
        }
    }

    private AlterTableAction ParseAlterTableAction()
    {
        var start = Current.Start;
        if (SkipHoles())
        {
            // It may hold the beginning of the action that follows.
            while (!At(SqlTokenKind.Comma) && !At(SqlTokenKind.Semicolon) && !At(SqlTokenKind.End))
            {
                if (Accept(SqlTokenKind.OpenParen))
                {
                    SkipToCloseParen();
                }
                else if (Accept(SqlTokenKind.OpenBracket))
                {
                    SkipBrackets();
                    continue;
                }

                Advance();
            }

            return Action(start, AlterTableActionKind.Unknown);
        }

        var action = ParseAlterTableActionHead(start);
        SkipHoles();
        return action with { Span = From(start) };
    }

    private AlterTableAction ParseAlterTableActionHead(int start)
    {
        var word = At(SqlTokenKind.Word) ? Current.Text : null;
        switch (word)
        {
            case "add":
                Advance();
                return ParseAdd(start);
            case "drop":
                Advance();
                return ParseDropPart(start);
            case "alter":
                Advance();
                if (Accept("constraint"))
                {
                    return ParseAlterConstraint(start);
                }

                Accept("column");
                return ParseAlterColumn(start);
            case "validate":
                Advance();
                Expect("constraint");
                return Action(start, AlterTableActionKind.ValidateConstraint, ParseColId(HoleRole.UtilityName));
            case "set":
                Advance();
                return ParseSetOfTable(start);
            case "reset":
                Advance();
                return Action(start, AlterTableActionKind.SetOptions) with { Options = OptionNames(ParseDefinitionList(allowsQualified: true)) };
            case "enable" or "disable":
                Advance();
                return ParseTriggerState(start, word == "enable");
            case "inherit":
                Advance();
                return Action(start, AlterTableActionKind.Inherit) with { Other = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3) };
            case "no" when Peek(1).Is("inherit"):
                Advance();
                Advance();
                return Action(start, AlterTableActionKind.NoInherit) with { Other = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3) };
            case "of":
                Advance();
                ParseQualifiedName(HoleRole.UtilityName);
                return Action(start, AlterTableActionKind.Unknown);
            default:
                ParseOtherAction(word);
                return Action(start, AlterTableActionKind.Other);
        }
    }

    /// <summary>The actions that change nothing that the catalog keeps.</summary>
    private void ParseOtherAction(string? word)
    {
        switch (word)
        {
            case "cluster":
                Advance();
                Expect("on");
                ParseColId(HoleRole.UtilityName);
                break;
            case "owner":
                ParseOwnerTo();
                break;
            case "replica":
                Advance();
                Expect("identity");
                if (Accept("using"))
                {
                    Expect("index");
                    ParseColId(HoleRole.UtilityName);
                }
                else if (!SkipHoles() && !Accept("nothing") && !Accept("full"))
                {
                    Expect("default");
                }

                break;
            case "not":
                Advance();
                Expect("of");
                break;
            case "no" or "force":
                Advance();
                if (word == "no")
                {
                    Expect("force");
                }

                Expect("row");
                Expect("level");
                Expect("security");
                break;
            default:
                if (!ParseGenericOptions(isAlter: true))
                {
                    Fail("syntax error: no action of ALTER begins so");
                }

                break;
        }
    }

    /// <summary>OWNER TO role</summary>
    private void ParseOwnerTo()
    {
        Expect("owner");
        Expect("to");
        ParseRoleSpecification();
    }

    private AlterTableAction ParseAdd(int start)
    {
        if (AtTableConstraint())
        {
            var constraint = ParseTableConstraint();
            return Action(start, AlterTableActionKind.AddConstraint, constraint.Name) with { Constraint = constraint };
        }

        Accept("column");
        var ifNotExists = AcceptIfNotExists();
        var definition = ParseColumnDefinition();
        return new AlterTableAction(From(start), AlterTableActionKind.AddColumn, definition.Name, definition, definition.Type, null, ifNotExists);
    }

    private AlterTableAction ParseDropPart(int start)
    {
        var kind = Accept("constraint") ? AlterTableActionKind.DropConstraint : AlterTableActionKind.DropColumn;
        if (kind == AlterTableActionKind.DropColumn)
        {
            Accept("column");
        }

        var ifExists = AcceptIfExists();
        var name = ParseColId();
        return Action(start, kind, name) with { IsConditional = ifExists, IsCascade = ParseDropBehavior() };
    }

    private AlterTableAction ParseAlterConstraint(int start)
    {
        var name = ParseColId(HoleRole.UtilityName);
        if (!Accept("inherit") && !ParseNoInherit()) // version 18
        {
            ParseConstraintAttributes(
                new ConstraintDefinition(From(start), ConstraintKind.ForeignKey, name), allowsDeferrable: true, allowsNotValid: false, allowsNoInherit: false);
        }

        return Action(start, AlterTableActionKind.Other, name);
    }

    private AlterTableAction ParseSetOfTable(int start)
    {
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "logged" or "unlogged":
                Advance();
                break;
            case "tablespace":
                Advance();
                ParseColId(HoleRole.UtilityName);
                break;
            case "access":
                Advance();
                Expect("method");
                if (!Accept("default"))
                {
                    ParseColId(HoleRole.UtilityName);
                }

                break;
            case "without":
                Advance();
                if (!Accept("oids"))
                {
                    Expect("cluster");
                }

                break;
            default:
                if (SkipHoles())
                {
                    return Action(start, AlterTableActionKind.Unknown);
                }

                return Action(start, AlterTableActionKind.SetOptions) with { Options = OptionNames(ParseDefinitionList(allowsQualified: true)) };
        }

        return Action(start, AlterTableActionKind.Other);
    }

    private static ImmutableArray<string> OptionNames(ImmutableArray<OptionItem> items) => items.Where(item => item.Name is not null)
        .Select(item => item.Name!.ToLowerInvariant() + (item.HasValue ? "=" + item.Value?.ToLowerInvariant() : "")).ToImmutableArray();

    private AlterTableAction ParseTriggerState(int start, bool isEnable)
    {
        if (Accept("row"))
        {
            Expect("level");
            Expect("security");
            return Action(start, AlterTableActionKind.Other);
        }

        var isReplica = false;
        if (isEnable && (At("always") || At("replica")))
        {
            isReplica = Advance().Is("replica");
            if (!At("rule") && !At("trigger"))
            {
                Expect("trigger");
            }

            if (IsKindBeforeAll())
            {
                Fail("syntax error: expected a name");
            }
        }

        if (Accept("rule"))
        {
            ParseColId(HoleRole.UtilityName);
            return Action(start, AlterTableActionKind.Other);
        }

        Expect("trigger");
        SqlName? name = null;
        if (!Accept("all") && !Accept("user"))
        {
            name = ParseColId(HoleRole.UtilityName);
        }

        return Action(start, AlterTableActionKind.SetTriggerState, name) with { IsEnabled = isEnable && !isReplica };
    }

    private bool IsKindBeforeAll() => At("trigger") && (Peek(1).Is("all") || Peek(1).Is("user"));
}
