using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Constraints of tables, columns and domains.</content>
public sealed partial class SqlParser
{
    /// <summary>CONSTRAINT name, where written.</summary>
    private SqlName? ParseConstraintName() => Accept("constraint") ? ParseColId(HoleRole.UtilityName) : null;

    /// <summary>Whether a table constraint begins here, and no column: EXCLUDE is a name too.</summary>
    private bool AtTableConstraint()
    {
        var token = Current;
        return token.Kind == SqlTokenKind.Word && (token.Text is "constraint" or "primary" or "unique" or "check" or "foreign" or "not"
            || (token.Text == "exclude" && (Peek(1).Is("using") || Peek(1).Kind == SqlTokenKind.OpenParen)));
    }

    /// <summary>TableConstraint: CONSTRAINT name, and what it demands.</summary>
    private ConstraintDefinition ParseTableConstraint()
    {
        var start = Current.Start;
        var name = ParseConstraintName();
        SkipHoles();
        ConstraintDefinition constraint;
        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "check":
                Advance();
                constraint = new ConstraintDefinition(From(start), ConstraintKind.Check, name) { Expression = ParseParenthesizedExpression() };
                constraint = ParseConstraintAttributes(constraint, allowsDeferrable: false, allowsNotValid: true, allowsNoInherit: true);
                break;
            case "not":
                Advance();
                Expect("null");
                constraint = new ConstraintDefinition(From(start), ConstraintKind.NotNull, name) { Columns = ImmutableArray.Create(ParseColId(HoleRole.UtilityName)) };
                constraint = ParseConstraintAttributes(constraint, allowsDeferrable: false, allowsNotValid: true, allowsNoInherit: true);
                break;
            case "unique":
                Advance();
                constraint = ParseKey(new ConstraintDefinition(From(start), ConstraintKind.Unique, name) { IsNullsNotDistinct = ParseNullsDistinct() });
                break;
            case "primary":
                Advance();
                Expect("key");
                constraint = ParseKey(new ConstraintDefinition(From(start), ConstraintKind.PrimaryKey, name));
                break;
            case "exclude":
                Advance();
                constraint = ParseExclusion(new ConstraintDefinition(From(start), ConstraintKind.Exclude, name));
                break;
            case "foreign":
                Advance();
                Expect("key");
                constraint = new ConstraintDefinition(From(start), ConstraintKind.ForeignKey, name) { Columns = ParseKeyColumns("period") };
                Expect("references");
                constraint = ParseReferences(constraint);
                constraint = ParseConstraintAttributes(constraint, allowsDeferrable: true, allowsNotValid: true, allowsNoInherit: false);
                break;
            default:
                Fail("syntax error: expected a constraint");
                constraint = new ConstraintDefinition(From(start), ConstraintKind.Check, name);
                break;
        }

        return constraint with { Span = From(start) };
    }

    /// <summary>UNIQUE and PRIMARY KEY of a table, behind the keywords: columns, or an index that is there.</summary>
    private ConstraintDefinition ParseKey(ConstraintDefinition constraint)
    {
        if (Accept("using", "index"))
        {
            constraint = constraint with { UsingIndex = ParseColId(HoleRole.UtilityName) };
        }
        else
        {
            constraint = constraint with { Columns = ParseKeyColumns("without") };
            constraint = constraint with { Include = ParseIncludedColumns() };
            ParseIndexStorage();
        }

        return ParseConstraintAttributes(constraint, allowsDeferrable: true, allowsNotValid: false, allowsNoInherit: false);
    }

    /// <summary>A list of columns in parentheses; version 18 knows <c>PERIOD p</c> and <c>p WITHOUT OVERLAPS</c> at its end.</summary>
    private ImmutableArray<SqlName> ParseKeyColumns(string lastMark) => ParseParenthesized(() =>
    {
        if (lastMark == "period" && At("period") && IsColId(Peek(1)))
        {
            Advance();
        }

        var column = ParseColId(HoleRole.UtilityName);
        if (lastMark == "without" && Accept("without"))
        {
            Expect("overlaps");
        }

        return column;
    });

    private ImmutableArray<SqlName> ParseIncludedColumns()
    {
        SkipHoles();
        return Accept("include") ? ParseParenthesized(() => ParseColId(HoleRole.UtilityName)) : ImmutableArray<SqlName>.Empty;
    }

    /// <summary>WITH (..) and USING INDEX TABLESPACE of a constraint's index.</summary>
    private void ParseIndexStorage()
    {
        SkipHoles();
        if (Accept("with"))
        {
            ParseDefinitionList();
            SkipHoles();
        }

        if (At("using", "index"))
        {
            Advance();
            Advance();
            Expect("tablespace");
            ParseColId(HoleRole.UtilityName);
        }
    }

    private bool ParseNullsDistinct()
    {
        if (!Accept("nulls"))
        {
            return false;
        }

        var isNot = Accept("not");
        Expect("distinct");
        return isNot;
    }

    private ConstraintDefinition ParseExclusion(ConstraintDefinition constraint)
    {
        if (Accept("using"))
        {
            constraint = constraint with { Method = ParseColId(HoleRole.UtilityName) };
        }

        var operators = ImmutableArray.CreateBuilder<string>();
        var elements = ParseParenthesized(() =>
        {
            var element = ParseIndexElement();
            Expect("with");
            operators.Add(Accept("operator") ? ParseOperatorName() : ParseAnyOperator());
            return element;
        });
        constraint = constraint with { Elements = elements, Operators = operators.ToImmutable(), Include = ParseIncludedColumns() };
        ParseIndexStorage();
        if (Accept("where"))
        {
            constraint = constraint with { Where = ParseParenthesizedExpression() };
        }

        return ParseConstraintAttributes(constraint, allowsDeferrable: true, allowsNotValid: false, allowsNoInherit: false);
    }

    /// <summary>any_operator: an operator, with a schema or without.</summary>
    private string ParseAnyOperator()
    {
        while (IsColId(Current) && Peek(1).Kind == SqlTokenKind.Dot)
        {
            ParseColId(HoleRole.UtilityName);
            Advance();
        }

        SkipHoles(HoleRole.Keyword);
        if (!At(SqlTokenKind.Operator))
        {
            Fail("syntax error: expected an operator");
            return "";
        }

        return Advance().Text!;
    }

    /// <summary>What REFERENCES says, behind the keyword: table, columns, MATCH, ON DELETE, ON UPDATE.</summary>
    private ConstraintDefinition ParseReferences(ConstraintDefinition constraint)
    {
        constraint = constraint with { ReferencedTable = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3) };
        if (At(SqlTokenKind.OpenParen))
        {
            constraint = constraint with { ReferencedColumns = ParseKeyColumns("period") };
        }

        SkipHoles();
        if (Accept("match"))
        {
            if (!Accept("full"))
            {
                Expect("simple"); // PARTIAL is not implemented
            }
        }

        for (var count = 0; count < 2; count++)
        {
            SkipHoles();
            if (constraint.OnDelete is null && Accept("on", "delete"))
            {
                constraint = constraint with { OnDelete = ParseKeyAction(allowsColumns: true) };
            }
            else if (constraint.OnUpdate is null && Accept("on", "update"))
            {
                constraint = constraint with { OnUpdate = ParseKeyAction(allowsColumns: false) };
            }
        }

        return constraint;
    }

    private string? ParseKeyAction(bool allowsColumns)
    {
        if (SkipHoles(HoleRole.Keyword))
        {
            return null;
        }

        if (Accept("no"))
        {
            Expect("action");
            return "NO ACTION";
        }

        if (At("restrict") || At("cascade"))
        {
            return Advance().Text!.ToUpperInvariant();
        }

        Expect("set");
        string? action = "SET NULL";
        if (SkipHoles(HoleRole.Keyword))
        {
            action = null;
        }
        else if (Accept("default"))
        {
            action = "SET DEFAULT";
        }
        else
        {
            Expect("null");
        }

        if (At(SqlTokenKind.OpenParen))
        {
            if (!allowsColumns)
            {
                Fail("a column list is only supported for ON DELETE actions");
            }

            ParseKeyColumns("");
        }

        return action;
    }

    /// <summary>ConstraintAttributeSpec: DEFERRABLE, INITIALLY .., NOT VALID, NO INHERIT, and of version 18 [NOT] ENFORCED.</summary>
    private ConstraintDefinition ParseConstraintAttributes(ConstraintDefinition constraint, bool allowsDeferrable, bool allowsNotValid, bool allowsNoInherit)
    {
        bool notDeferrable = false, deferrable = false, immediate = false, deferred = false;
        while (true)
        {
            SkipHoles();
            var token = Current;
            if (token.Kind != SqlTokenKind.Word)
            {
                return constraint;
            }

            switch (token.Text)
            {
                case "not" when Peek(1).Is("deferrable"):
                    Advance();
                    Advance();
                    notDeferrable = true;
                    break;
                case "not" when Peek(1).Is("valid"):
                    Advance();
                    Advance();
                    constraint = constraint with { IsNotValid = true };
                    if (!allowsNotValid)
                    {
                        Fail("such constraints cannot be marked NOT VALID");
                    }

                    break;
                case "not" when Peek(1).Is("enforced"):
                    Advance();
                    Advance();
                    break;
                case "enforced":
                    Advance();
                    break;
                case "deferrable":
                    Advance();
                    deferrable = true;
                    break;
                case "initially":
                    Advance();
                    if (Accept("deferred"))
                    {
                        deferred = true;
                    }
                    else
                    {
                        immediate |= Expect("immediate");
                    }

                    break;
                case "no":
                    Advance();
                    Expect("inherit");
                    constraint = constraint with { IsNoInherit = true };
                    if (!allowsNoInherit)
                    {
                        Fail("such constraints cannot be marked NO INHERIT");
                    }

                    break;
                default:
                    return constraint;
            }

            if ((notDeferrable && (deferrable || deferred)) || (immediate && deferred))
            {
                Fail("conflicting constraint properties");
            }
            else if ((deferrable || deferred) && !allowsDeferrable)
            {
                Fail("such constraints cannot be marked DEFERRABLE");
            }

            constraint = constraint with { IsDeferrable = deferrable || deferred };
        }
    }

    /// <summary>An expression in parentheses, <c>(a_expr)</c>, without them.</summary>
    private SqlExpression ParseParenthesizedExpression()
    {
        Expect(SqlTokenKind.OpenParen);
        var expression = ParseDefinitionCondition(isClosed: true);
        Expect(SqlTokenKind.CloseParen);
        return expression;
    }

    /// <summary>One entry of ColQualList; null where none begins here. COLLATE and the attributes of the constraint before change what was read.</summary>
    private ConstraintDefinition? ParseColumnConstraint()
    {
        var start = Current.Start;
        var name = ParseConstraintName();
        if (name is not null)
        {
            SkipHoles();
        }

        switch (At(SqlTokenKind.Word) ? Current.Text : null)
        {
            case "not" when Peek(1).Is("null") || name is not null:
                Advance();
                Expect("null");
                return new ConstraintDefinition(From(start), ConstraintKind.NotNull, name) { IsNoInherit = ParseNoInherit(), Span = From(start) };
            case "null":
                Advance();
                return new ConstraintDefinition(From(start), ConstraintKind.Null, name);
            case "unique":
                Advance();
                var isNotDistinct = ParseNullsDistinct();
                ParseIndexStorage();
                return new ConstraintDefinition(From(start), ConstraintKind.Unique, name) { IsNullsNotDistinct = isNotDistinct };
            case "primary":
                Advance();
                Expect("key");
                ParseIndexStorage();
                return new ConstraintDefinition(From(start), ConstraintKind.PrimaryKey, name);
            case "check":
                Advance();
                var check = ParseParenthesizedExpression();
                var isNoInherit = ParseNoInherit();
                return new ConstraintDefinition(From(start), ConstraintKind.Check, name) { Expression = check, IsNoInherit = isNoInherit };
            case "default":
                Advance();
                var value = ParseExpression(ExpressionMode.Restricted);
                return new ConstraintDefinition(From(start), ConstraintKind.Default, name) { Expression = value };
            case "generated":
                return ParseGenerated(start, name);
            case "references":
                Advance();
                return ParseReferences(new ConstraintDefinition(From(start), ConstraintKind.ForeignKey, name)) with { Span = From(start) };
            default:
                if (name is not null)
                {
                    Fail("syntax error: expected a constraint");
                }

                return null;
        }
    }

    private bool ParseNoInherit()
    {
        if (!At("no", "inherit"))
        {
            return false;
        }

        Advance();
        Advance();
        return true;
    }

    /// <summary>ALWAYS or BY DEFAULT; true for ALWAYS.</summary>
    private bool ParseGeneratedWhen()
    {
        SkipHoles(HoleRole.Keyword);
        if (Accept("always"))
        {
            return true;
        }

        if (_tokens[Math.Max(0, _index - 1)].Kind != SqlTokenKind.Hole)
        {
            Expect("by");
            Expect("default");
        }

        return false;
    }

    private ConstraintDefinition ParseGenerated(int start, SqlName? name)
    {
        Advance();
        var isAlways = ParseGeneratedWhen();
        Expect("as");
        if (!At(SqlTokenKind.OpenParen))
        {
            Expect("identity");
            ParseSequenceOptionsInParentheses();
            return new ConstraintDefinition(From(start), ConstraintKind.Identity, name) { IsAlways = isAlways };
        }

        if (!isAlways)
        {
            Fail("for a generated column, GENERATED ALWAYS must be specified");
        }

        var expression = ParseParenthesizedExpression();
        SkipHoles();
        if (!Accept("stored"))
        {
            Accept("virtual"); // version 18, where it goes without saying
        }

        return new ConstraintDefinition(From(start), ConstraintKind.Generated, name) { Expression = expression, IsAlways = true };
    }
}
