using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>CREATE [FOREIGN] TABLE and CREATE TABLE AS.</content>
public sealed partial class SqlParser
{
    /// <summary>CREATE TABLE; the parser stands at TABLE.</summary>
    private SqlStatement ParseCreateTable(int start, bool isTemporary, bool isForeign = false)
    {
        Advance();
        var ifNotExists = AcceptIfNotExists();
        var name = ParseQualifiedName(maxParts: IsPostgreSql ? 3 : 4);
        if (!isForeign && (AtTableAs() || (At(SqlTokenKind.OpenParen) && IsColumnListBeforeAs())))
        {
            return ParseCreateTableAs(start, name, isTemporary, ifNotExists);
        }

        var body = new TableBody();
        QualifiedName? partitionOf = null, ofType = null;
        var inherits = ImmutableArray<QualifiedName>.Empty;
        if (!isForeign && Accept("of"))
        {
            ofType = ParseQualifiedName(HoleRole.UtilityName);
            ParseTypedElements(body);
        }
        else if (Accept("partition", "of"))
        {
            partitionOf = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
            ParseTypedElements(body);
            ParsePartitionBound();
        }
        else
        {
            Expect(SqlTokenKind.OpenParen);
            if (!At(SqlTokenKind.CloseParen))
            {
                ParseEntries(() => ParseTableElement(body));
            }

            Expect(SqlTokenKind.CloseParen);
            SkipHoles();
            if (Accept("inherits"))
            {
                inherits = ParseParenthesized(() => ParseQualifiedName(HoleRole.UtilityName, maxParts: 3));
            }
        }

        PartitionSpecification? partitionBy = null;
        if (isForeign)
        {
            SkipHoles();
            Expect("server");
            ParseColId(HoleRole.UtilityName);
            ParseGenericOptions();
        }
        else
        {
            partitionBy = ParsePartitionBy();
            ParseTableStorage();
            if (body.IsEmpty && _hasFragment && At("as"))
            {
                return ParseTableQuery(start, name, ImmutableArray<SqlName>.Empty, isTemporary, ifNotExists);
            }
        }

        var columns = body.Columns.ToImmutable();
        var constraints = body.Constraints.ToImmutable();
        var key = constraints.FirstOrDefault(constraint => constraint.Kind == ConstraintKind.PrimaryKey);
        return new CreateTableStatement(
            From(start), name, columns, ifNotExists, _hasFragment)
        {
            PrimaryKey = key?.Columns ?? ImmutableArray<SqlName>.Empty,
            IsTemporary = isTemporary,
            IsForeign = isForeign,
            Constraints = constraints,
            Likes = body.Likes.ToImmutable(),
            Inherits = inherits,
            PartitionOf = partitionOf,
            OfType = ofType,
            PartitionBy = partitionBy,
        };
    }

    private bool AtTableAs() =>
        At(SqlTokenKind.Word) && Current.Text is "as" or "using" or "with" or "without" or "on" or "tablespace";

    /// <summary>Whether the parenthesis holds names only: <c>CREATE TABLE t (a, b) AS SELECT</c>.</summary>
    private bool IsColumnListBeforeAs() =>
        IsColId(Peek(1)) && (Peek(2).Kind == SqlTokenKind.Comma || (Peek(2).Kind == SqlTokenKind.CloseParen && Peek(1).Kind != SqlTokenKind.Hole))
        && !(Peek(1).Kind == SqlTokenKind.Hole && !(IsColId(Peek(3)) && Peek(4).Kind is SqlTokenKind.Comma or SqlTokenKind.CloseParen));

    private SqlStatement ParseCreateTableAs(int start, QualifiedName name, bool isTemporary, bool ifNotExists)
    {
        var columns = At(SqlTokenKind.OpenParen) ? ParseNameList() : ImmutableArray<SqlName>.Empty;
        ParseTableStorage();
        return ParseTableQuery(start, name, columns, isTemporary, ifNotExists);
    }

    private SqlStatement ParseTableQuery(int start, QualifiedName name, ImmutableArray<SqlName> columns, bool isTemporary, bool ifNotExists)
    {
        Expect("as");
        var inner = At("execute") ? ParseExecute() : ParseDefinitionQuery();
        AcceptWithData();
        return new WrapperStatement(From(start), "CREATE TABLE AS", name, inner) { Columns = columns, IsTemporary = isTemporary, IfNotExists = ifNotExists };
    }

    /// <summary>EXECUTE name (parameters)</summary>
    private OtherStatement ParseExecute()
    {
        var start = Current.Start;
        Advance();
        var name = ParseColId(HoleRole.UtilityName);
        if (At(SqlTokenKind.OpenParen))
        {
            ParseParenthesizedExpressions();
        }

        return Other(start, "EXECUTE", name);
    }

    /// <summary>SelectStmt inside a definition. Its errors are errors of a query.</summary>
    private SqlStatement ParseDefinitionQuery()
    {
        var (isDefinition, hasFragment) = (_isDefinition, _hasFragment);
        _isDefinition = false;
        var inner = ParseNestedStatement();
        if (IsPostgreSql && inner is WriteStatement)
        {
            Fail("syntax error: expected a query");
        }

        (_isDefinition, _hasFragment) = (isDefinition, hasFragment || inner is OtherStatement);
        return inner;
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

    /// <summary>USING, WITH or WITHOUT OIDS, ON COMMIT, TABLESPACE.</summary>
    private void ParseTableStorage()
    {
        SkipHoles();
        if (Accept("using"))
        {
            ParseColId(HoleRole.UtilityName);
            SkipHoles();
        }

        if (Accept("with"))
        {
            ParseDefinitionList(allowsQualified: true);
            SkipHoles();
        }
        else if (Accept("without"))
        {
            Expect("oids");
        }

        if (Accept("on"))
        {
            Expect("commit");
            if (Accept("delete") || Accept("preserve"))
            {
                Expect("rows");
            }
            else
            {
                Expect("drop");
            }

            SkipHoles();
        }

        if (Accept("tablespace"))
        {
            ParseColId(HoleRole.UtilityName);
        }

        SkipHoles();
    }

    private bool ParseTableElement(TableBody body)
    {
        // {columns,} PRIMARY KEY (a); but {name} {type} NOT NULL is a column.
        if (At(SqlTokenKind.Hole) && TokenBehindHoles() is { Kind: SqlTokenKind.Word, Text: "constraint" or "primary" or "foreign" or "like" })
        {
            SkipHoles();
        }

        if (At("like"))
        {
            body.Likes.Add(ParseTableLike(body.Columns.Count));
        }
        else if (AtTableConstraint())
        {
            body.Constraints.Add(ParseTableConstraint());
        }
        else
        {
            body.Columns.Add(ParseColumnDefinition());
        }

        return true;
    }

    private TableLike ParseTableLike(int position)
    {
        var start = Current.Start;
        Advance();
        var table = ParseQualifiedName(HoleRole.UtilityName, maxParts: 3);
        var included = new List<string>();
        while (true)
        {
            SkipHoles();
            var isIncluding = Accept("including");
            if (!isIncluding && !Accept("excluding"))
            {
                break;
            }

            SkipHoles();
            var token = Current;
            if (token.Kind != SqlTokenKind.Word || token.Text is not ("comments" or "compression" or "constraints" or "defaults" or "identity" or "generated"
                or "indexes" or "statistics" or "storage" or "all"))
            {
                if (_tokens[Math.Max(0, _index - 1)].Kind != SqlTokenKind.Hole)
                {
                    Fail("syntax error: expected what LIKE copies");
                }

                break;
            }

            Advance();
            var what = token.Text!.ToUpperInvariant();
            included.RemoveAll(item => item == what || (what == "ALL" && !isIncluding));
            if (isIncluding)
            {
                included.Add(what);
            }
            else if (included.Remove("ALL"))
            {
                // ALL but one
                included.AddRange(LikeParts.Where(part => part != what && !included.Contains(part)));
            }
        }

        return new TableLike(From(start), table, included.ToImmutableArray(), position);
    }

    private static readonly ImmutableArray<string> LikeParts =
        ImmutableArray.Create("COMMENTS", "COMPRESSION", "CONSTRAINTS", "DEFAULTS", "IDENTITY", "GENERATED", "INDEXES", "STATISTICS", "STORAGE");

    /// <summary>columnDef: a name, a type, and what stands behind it.</summary>
    private ColumnDefinition ParseColumnDefinition()
    {
        var start = Current.Start;
        var name = ParseColId();
        TypeName? type = null;
        var isSerial = false;
        if (StartsType(Current))
        {
            isSerial = Current.Text is { } word && TypeNames.IsSerial(word);
            type = ParseTypeName();
            isSerial &= !type.IsArray;
        }
        else
        {
            Fail("syntax error: expected a type");
        }

        if (Accept("storage") && !Accept("default"))
        {
            ParseColId(HoleRole.UtilityName);
        }

        if (Accept("compression") && !Accept("default"))
        {
            ParseColId(HoleRole.UtilityName);
        }

        ParseGenericOptions();
        return ParseColumnConstraints(new ColumnDefinition(From(start), name, type, isSerial) { HasDefault = isSerial });
    }

    /// <summary>ColQualList: constraints, their attributes, COLLATE.</summary>
    private ColumnDefinition ParseColumnConstraints(ColumnDefinition column)
    {
        var constraints = ImmutableArray.CreateBuilder<ConstraintDefinition>();
        while (true)
        {
            SkipHoles();
            if (!At(SqlTokenKind.Word))
            {
                break;
            }

            if (Accept("collate"))
            {
                if (column.Collation is not null)
                {
                    Fail("multiple COLLATE clauses not allowed");
                }

                column = column with { Collation = ParseQualifiedName(HoleRole.UtilityName) };
            }
            else if (ParseColumnConstraint() is { } constraint)
            {
                constraints.Add(constraint);
            }
            else if (!ParseColumnAttribute(constraints))
            {
                break;
            }
        }

        var all = constraints.ToImmutable();
        return column with
        {
            Span = From(column.Span.Start),
            IsNotNull = column.IsNotNull || all.Any(constraint => constraint.Kind is ConstraintKind.NotNull or ConstraintKind.PrimaryKey or ConstraintKind.Identity),
            HasDefault = column.HasDefault || all.Any(constraint => constraint.Kind is ConstraintKind.Default or ConstraintKind.Generated or ConstraintKind.Identity),
            IsPrimaryKey = all.Any(constraint => constraint.Kind == ConstraintKind.PrimaryKey),
            Constraints = all,
        };
    }

    /// <summary>ConstraintAttr: DEFERRABLE and INITIALLY, of the constraint before. Which constraint takes them is no matter of syntax.</summary>
    private bool ParseColumnAttribute(ImmutableArray<ConstraintDefinition>.Builder constraints)
    {
        var isDeferrable = false;
        switch (Current.Text)
        {
            case "deferrable":
                Advance();
                isDeferrable = true;
                break;
            case "not" when Peek(1).Is("deferrable") || Peek(1).Is("enforced"):
                Advance();
                Advance();
                break;
            case "enforced":
                Advance();
                break;
            case "initially":
                Advance();
                isDeferrable = Accept("deferred");
                if (!isDeferrable)
                {
                    Expect("immediate");
                }

                break;
            default:
                return false;
        }

        if (isDeferrable && constraints.Count > 0)
        {
            constraints[constraints.Count - 1] = constraints[constraints.Count - 1] with { IsDeferrable = true };
        }

        return true;
    }

    /// <summary>OptTypedTableElementList: columns that are there already, with constraints.</summary>
    private void ParseTypedElements(TableBody body)
    {
        if (!At(SqlTokenKind.OpenParen))
        {
            return;
        }

        ParseParenthesized(() =>
        {
            SkipHoles();
            if (AtTableConstraint())
            {
                body.Constraints.Add(ParseTableConstraint());
                return true;
            }

            var start = Current.Start;
            var name = ParseColId(HoleRole.UtilityName);
            if (Accept("with"))
            {
                Expect("options");
            }

            body.Columns.Add(ParseColumnConstraints(new ColumnDefinition(From(start), name, null, false)));
            return true;
        });
    }

    /// <summary>What the parentheses of CREATE TABLE hold.</summary>
    private sealed class TableBody
    {
        public ImmutableArray<ColumnDefinition>.Builder Columns { get; } = ImmutableArray.CreateBuilder<ColumnDefinition>();

        public ImmutableArray<ConstraintDefinition>.Builder Constraints { get; } = ImmutableArray.CreateBuilder<ConstraintDefinition>();

        public ImmutableArray<TableLike>.Builder Likes { get; } = ImmutableArray.CreateBuilder<TableLike>();

        public bool IsEmpty => Columns.Count == 0 && Constraints.Count == 0 && Likes.Count == 0;
    }
}
