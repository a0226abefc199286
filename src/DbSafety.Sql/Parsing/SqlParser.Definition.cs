using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>
/// Definitions: CREATE, ALTER and DROP as far as the catalog needs them. Clauses that it does not need are passed over, and so are the
/// other statements: no error is reported in what is not read.
/// </content>
public sealed partial class SqlParser
{
    private SqlStatement ParseCreate(int start)
    {
        var verb = Advance();
        var isReplace = Accept("or", "replace");
        if (isReplace)
        {
            SkipHoles();
        }

        var isTemporary = false;
        while (Current.Kind == SqlTokenKind.Word && Current.Text is "temporary" or "temp" or "local" or "global" or "unlogged" or "recursive")
        {
            isTemporary |= Advance().Text is "temporary" or "temp";
        }

        SqlStatement statement;
        switch (Current.Kind == SqlTokenKind.Word ? Current.Text : null)
        {
            case "table":
                statement = ParseCreateTable(start, isTemporary);
                break;
            case "view":
                statement = ParseCreateView(start, "CREATE VIEW");
                break;
            case "materialized":
                Advance();
                statement = ParseCreateView(start, "CREATE MATERIALIZED VIEW");
                break;
            case "type":
                statement = ParseCreateType(start);
                break;
            case "domain":
                statement = ParseCreateDomain(start);
                break;
            case "schema" or "extension" or "sequence":
                statement = ParseCreateNamed(start);
                break;
            default:
                var kind = Current.Kind == SqlTokenKind.Word ? Current.Text!.ToUpperInvariant() : "";
                statement = kind is "UNIQUE" or "INDEX" or "FUNCTION" or "PROCEDURE" or "TRIGGER" or "CONSTRAINT" or "FOREIGN"
                    ? ParseUnknown(start, kind == "UNIQUE" ? "CREATE INDEX" : "CREATE " + kind)
                    : ParseCreateUtility(start, kind, isReplace);
                break;
        }

        return statement with { VerbSpan = verb.Span };
    }

    private SqlStatement ParseCreateNamed(int start)
    {
        var kind = Advance().Text!;
        AcceptIfNotExists();
        if (kind == "schema" && At("authorization"))
        {
            return ParseUnknown(start, "CREATE SCHEMA");
        }

        var name = ParseQualifiedName(HoleRole.UtilityName);
        return ParseUnknown(start, "CREATE " + kind.ToUpperInvariant(), name.Parts.ToArray());
    }

    private bool AcceptIfNotExists()
    {
        if (!At("if", "not"))
        {
            return false;
        }

        Advance();
        Advance();
        Expect("exists");
        return true;
    }

    private SqlStatement ParseCreateTable(int start, bool isTemporary)
    {
        Advance();
        var ifNotExists = AcceptIfNotExists();
        var name = ParseQualifiedName(maxParts: IsPostgreSql ? 3 : 4);
        if (At("as") || (At(SqlTokenKind.OpenParen) && IsColumnListBeforeAs()))
        {
            return ParseCreateTableAs(start, name);
        }

        var columns = ImmutableArray.CreateBuilder<ColumnDefinition>();
        var primaryKey = ImmutableArray<SqlName>.Empty;
        var isIncomplete = !At(SqlTokenKind.OpenParen);
        if (Accept(SqlTokenKind.OpenParen))
        {
            while (!At(SqlTokenKind.CloseParen) && !At(SqlTokenKind.End))
            {
                isIncomplete |= ParseTableElement(columns, ref primaryKey);
                if (!Accept(SqlTokenKind.Comma) && !At(SqlTokenKind.CloseParen))
                {
                    break;
                }
            }

            Expect(SqlTokenKind.CloseParen);
            isIncomplete |= At("inherits");
        }
        else if (!At("of") && !At("partition") && !At(SqlTokenKind.Hole) && !At("using") && !At("with") && !At("on") && !At("tablespace"))
        {
            Expect(SqlTokenKind.OpenParen);
        }

        // PARTITION OF, WITH, TABLESPACE; or AS behind them.
        SkipTableOptions();
        if (At("as") && columns.Count == 0)
        {
            return ParseCreateTableAs(start, name);
        }

        ParseUnknown(start, "CREATE TABLE");
        return new CreateTableStatement(From(start), name, columns.ToImmutable(), ifNotExists, isIncomplete)
        {
            PrimaryKey = primaryKey,
            IsTemporary = isTemporary,
        };
    }

    /// <summary>Whether the parenthesis holds names only: <c>CREATE TABLE t (a, b) AS SELECT</c>.</summary>
    private bool IsColumnListBeforeAs() =>
        IsColId(Peek(1)) && (Peek(2).Kind == SqlTokenKind.Comma || (Peek(2).Kind == SqlTokenKind.CloseParen && Peek(1).Kind != SqlTokenKind.Hole));

    private void SkipTableOptions()
    {
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon) && !At("as"))
        {
            if (Accept(SqlTokenKind.OpenParen))
            {
                SkipToCloseParen();
            }

            Advance();
        }
    }

    private SqlStatement ParseCreateTableAs(int start, QualifiedName name)
    {
        if (At(SqlTokenKind.OpenParen))
        {
            ParseNameList();
        }

        SkipTableOptions();
        Expect("as");
        if (At("execute"))
        {
            return ParseUnknown(start, "CREATE TABLE AS", name.Parts.ToArray());
        }

        var inner = ParseNestedStatement();
        AcceptWithData();
        return new WrapperStatement(From(start), "CREATE TABLE AS", name, inner);
    }

    private void AcceptWithData()
    {
        if (At("with") && (Peek(1).Is("data") || Peek(1).Is("no")))
        {
            Advance();
            Accept("no");
            Expect("data");
        }
    }

    /// <summary>A column or a constraint of CREATE TABLE. True where it makes the list of columns incomplete.</summary>
    private bool ParseTableElement(ImmutableArray<ColumnDefinition>.Builder columns, ref ImmutableArray<SqlName> primaryKey)
    {
        if (At(SqlTokenKind.Hole) && Peek(1).Kind is SqlTokenKind.Comma or SqlTokenKind.CloseParen or SqlTokenKind.Hole)
        {
            SkipHoles();
            return true;
        }

        if (Accept("like"))
        {
            ParseQualifiedName();
            SkipTableElement();
            return true;
        }

        if (At("constraint"))
        {
            Advance();
            ParseColId();
        }

        if (Current.Kind == SqlTokenKind.Word && Current.Text is "primary" or "unique" or "check" or "foreign" or "exclude" && Current.Text != "exclude"
            || (At("exclude") && (Peek(1).Is("using") || Peek(1).Kind == SqlTokenKind.OpenParen)))
        {
            if (At("primary", "key"))
            {
                Advance();
                Advance();
                if (At(SqlTokenKind.OpenParen))
                {
                    primaryKey = ParseNameList();
                }
            }

            SkipTableElement();
            return false;
        }

        columns.Add(ParseColumnDefinition());
        return false;
    }

    private void SkipTableElement()
    {
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon) && !At(SqlTokenKind.Comma) && !At(SqlTokenKind.CloseParen))
        {
            if (Accept(SqlTokenKind.OpenParen))
            {
                SkipToCloseParen();
            }

            Advance();
        }
    }

    private ColumnDefinition ParseColumnDefinition()
    {
        var start = Current.Start;
        var name = ParseColId();
        TypeName? type = null;
        var isSerial = false;
        if (IsTypeFunctionName(Current) || (Current.Kind == SqlTokenKind.Word && Current.Category == KeywordCategory.ColumnName))
        {
            isSerial = Current.Text is { } word && TypeNames.IsSerial(word);
            type = ParseTypeName();
        }
        else if (IsPostgreSql && !At("with"))
        {
            Fail("syntax error: expected a type");
        }

        var isNotNull = isSerial;
        var hasDefault = isSerial;
        var isKey = false;
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon) && !At(SqlTokenKind.Comma) && !At(SqlTokenKind.CloseParen))
        {
            if (At("not", "null"))
            {
                Advance();
                isNotNull = true;
            }
            else if (At("primary", "key"))
            {
                isNotNull = true;
                isKey = true;
            }
            else if (At("default") || At("generated"))
            {
                hasDefault = true;
            }

            if (Accept(SqlTokenKind.OpenParen))
            {
                SkipToCloseParen();
            }
            else if (Accept(SqlTokenKind.OpenBracket))
            {
                // A default such as ARRAY[1, 2]: its commas part no columns.
                SkipBrackets();
                continue;
            }

            Advance();
        }

        return new ColumnDefinition(From(start), name, type, isNotNull) { HasDefault = hasDefault, IsPrimaryKey = isKey };
    }

    private void SkipBrackets()
    {
        var depth = 1;
        while (depth > 0 && !At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            var kind = Advance().Kind;
            depth += kind == SqlTokenKind.OpenBracket ? 1 : kind == SqlTokenKind.CloseBracket ? -1 : 0;
        }
    }

    private SqlStatement ParseCreateView(int start, string verb)
    {
        Expect("view");
        AcceptIfNotExists();
        var name = ParseQualifiedName(maxParts: 3);
        if (At(SqlTokenKind.OpenParen))
        {
            ParseNameList();
        }

        SkipTableOptions();
        Expect("as");
        var inner = ParseNestedStatement();
        AcceptWithData();
        if (Accept("with"))
        {
            if (!Accept("cascaded"))
            {
                Accept("local");
            }

            Expect("check");
            Expect("option");
        }

        return new WrapperStatement(From(start), verb, name, inner);
    }

    private SqlStatement ParseCreateType(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        if (!At("as", "enum"))
        {
            ParseUnknown(start, "CREATE TYPE");
            return new CreateTypeStatement(From(start), name, false, ImmutableArray<string>.Empty);
        }

        Advance();
        Advance();
        Expect(SqlTokenKind.OpenParen);
        var labels = ImmutableArray.CreateBuilder<string>();
        while (!At(SqlTokenKind.CloseParen) && !At(SqlTokenKind.End))
        {
            if (!SkipHoles())
            {
                labels.Add(ParseLabel() ?? "");
            }

            if (!Accept(SqlTokenKind.Comma))
            {
                break;
            }
        }

        Expect(SqlTokenKind.CloseParen);
        return new CreateTypeStatement(From(start), name, true, labels.ToImmutable());
    }

    /// <summary>A string constant of an enum; null where a hole hides it.</summary>
    private string? ParseLabel()
    {
        var token = Current;
        if (!IsString(token))
        {
            Expect(SqlTokenKind.String);
            return null;
        }

        Advance();
        var text = Constant(token, LiteralKind.String).Text;
        _marks.Mark(token.Span, HoleRole.UtilityValue);
        return text;
    }

    private SqlStatement ParseCreateDomain(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        Accept("as");
        var type = ParseTypeName();
        var isNotNull = false;
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon))
        {
            isNotNull |= At("not", "null");
            if (Accept(SqlTokenKind.OpenParen))
            {
                SkipToCloseParen();
            }

            Advance();
        }

        return new CreateDomainStatement(From(start), name, type, isNotNull);
    }

    private SqlStatement ParseAlter(int start)
    {
        var verb = Advance();
        SqlStatement statement;
        if (At("table"))
        {
            statement = ParseAlterTable(start);
        }
        else if (At("type") && !Peek(1).Is("if"))
        {
            statement = ParseAlterType(start);
        }
        else
        {
            var kind = Current.Kind == SqlTokenKind.Word ? Current.Text!.ToUpperInvariant() : "";
            statement = ParseAlterUtility(start, kind);
        }

        return statement with { VerbSpan = verb.Span };
    }

    private SqlStatement ParseAlterTable(int start)
    {
        Advance();
        if (At("all", "in"))
        {
            return ParseUnknown(start, "ALTER TABLE");
        }

        if (Accept("if", "exists"))
        {
            SkipHoles();
        }

        var table = ParseTableName().Name;
        var actions = ParseList(ParseAlterTableAction);
        ParseUnknown(start, "ALTER TABLE");
        return new AlterTableStatement(From(start), table, actions);
    }

    private AlterTableAction ParseAlterTableAction()
    {
        var start = Current.Start;
        if (SkipHoles())
        {
            return new AlterTableAction(From(start), AlterTableActionKind.Unknown, null, null, null, null, false);
        }

        var action = ParseAlterTableActionHead(start);
        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon) && !At(SqlTokenKind.Comma))
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

        return action with { Span = From(start) };
    }

    private AlterTableAction ParseAlterTableActionHead(int start)
    {
        AlterTableAction Action(AlterTableActionKind kind, SqlName? column = null, ColumnDefinition? definition = null, TypeName? type = null,
            SqlName? newName = null, bool isConditional = false) =>
            new(From(start), kind, column, definition, type, newName, isConditional);

        var word = Current.Kind == SqlTokenKind.Word ? Current.Text : null;
        switch (word)
        {
            case "add":
                Advance();
                var isColumn = Accept("column");
                if (!isColumn && Current.Kind == SqlTokenKind.Word
                    && Current.Text is "constraint" or "primary" or "unique" or "check" or "foreign" or "exclude")
                {
                    return Action(AlterTableActionKind.Other);
                }

                var ifNotExists = AcceptIfNotExists();
                var definition = ParseColumnDefinition();
                return Action(AlterTableActionKind.AddColumn, definition.Name, definition, definition.Type, isConditional: ifNotExists);
            case "drop":
                Advance();
                if (At("constraint"))
                {
                    return Action(AlterTableActionKind.Other);
                }

                Accept("column");
                var ifExists = Accept("if", "exists");
                return Action(AlterTableActionKind.DropColumn, ParseColId(), isConditional: ifExists);
            case "alter":
                Advance();
                if (At("constraint"))
                {
                    return Action(AlterTableActionKind.Other);
                }

                Accept("column");
                if (At(SqlTokenKind.Integer))
                {
                    return Action(AlterTableActionKind.Other);
                }

                var altered = ParseColId();
                if (Accept("set", "data"))
                {
                    Expect("type");
                    return Action(AlterTableActionKind.AlterType, altered, type: ParseTypeName());
                }

                if (Accept("type"))
                {
                    return Action(AlterTableActionKind.AlterType, altered, type: ParseTypeName());
                }

                if (Accept("set", "not"))
                {
                    return Action(AlterTableActionKind.SetNotNull, altered);
                }

                return Action(Accept("drop", "not") ? AlterTableActionKind.DropNotNull : AlterTableActionKind.Other, altered);
            case "rename":
                Advance();
                if (At("constraint"))
                {
                    return Action(AlterTableActionKind.Other);
                }

                if (Accept("to"))
                {
                    return Action(AlterTableActionKind.RenameTable, newName: ParseColId());
                }

                Accept("column");
                var renamed = ParseColId();
                Expect("to");
                return Action(AlterTableActionKind.RenameColumn, renamed, newName: ParseColId());
            case "set":
                Advance();
                return Accept("schema") ? Action(AlterTableActionKind.SetSchema, newName: ParseColId()) : Action(AlterTableActionKind.Other);
            case "inherit" or "of":
                return Action(AlterTableActionKind.Unknown);
            default:
                return Action(AlterTableActionKind.Other);
        }
    }

    private SqlStatement ParseAlterType(int start)
    {
        Advance();
        var name = ParseQualifiedName(HoleRole.UtilityName);
        string? added = null, renamed = null, newName = null;
        var isSetSchema = false;
        if (Accept("add", "value"))
        {
            AcceptIfNotExists();
            added = ParseLabel();
        }
        else if (Accept("rename", "value"))
        {
            renamed = ParseLabel();
            Expect("to");
            newName = ParseLabel();
        }
        else if (Accept("rename", "to"))
        {
            newName = ParseColId().Text;
        }
        else if (Accept("set", "schema"))
        {
            newName = ParseColId().Text;
            isSetSchema = true;
        }

        ParseUnknown(start, "ALTER TYPE");
        return new AlterTypeStatement(From(start), name, added, renamed, newName, isSetSchema);
    }

    private SqlStatement ParseDrop(int start)
    {
        var verb = Advance();
        var kind = Current.Kind == SqlTokenKind.Word ? Current.Text! : "";
        SqlStatement statement;
        if (kind is "table" or "view" or "type" or "domain" or "schema" or "materialized" or "sequence" or "index" or "database" or "role" or "user"
            or "extension")
        {
            Advance();
            if (kind == "materialized")
            {
                Expect("view");
                kind = "materialized view";
            }
            else if (kind == "index")
            {
                Accept("concurrently");
            }

            Accept("if", "exists");
            var role = kind is "table" or "view" or "materialized view" or "index" or "sequence" ? HoleRole.BareName : HoleRole.UtilityName;
            var names = ParseList(() => ParseQualifiedName(role));
            ParseUnknown(start, "");
            statement = new DropStatement(From(start), "DROP " + kind.ToUpperInvariant(), names);
        }
        else
        {
            statement = ParseUnknown(start, kind.Length == 0 ? "DROP" : "DROP " + kind.ToUpperInvariant());
        }

        return statement with { VerbSpan = verb.Span };
    }
}
