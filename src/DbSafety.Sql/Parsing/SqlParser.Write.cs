using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Statements that begin with WITH, SELECT, INSERT, UPDATE, DELETE or MERGE.</content>
public sealed partial class SqlParser
{
    /// <summary>A query or a write, with the WITH before it.</summary>
    private SqlStatement ParseSelectOrWrite(int start)
    {
        if (!At("with"))
        {
            return ParseSelectOrWrite(start, Part<WithClause>.Absent);
        }

        _mayHoldClauses = false;
        var with = Part<WithClause>.Of(ParseWith());
        SkipHoles();
        return ParseSelectOrWrite(start, with);
    }

    private SqlStatement ParseSelectOrWrite(int start, Part<WithClause> with)
    {
        var verb = Current;
        _mayHoldClauses = false;
        SqlStatement statement;
        switch (verb.Kind == SqlTokenKind.Word ? verb.Text : null)
        {
            case "insert":
                statement = ParseInsert(start, with);
                break;
            case "update":
                statement = ParseUpdate(start, with);
                break;
            case "delete":
                statement = ParseDelete(start, with);
                break;
            case "merge":
                statement = ParseMerge(start, with);
                break;
            default:
                var query = ParseSetOperations(0);
                if (with.IsPresent)
                {
                    if (query.With.IsPresent)
                    {
                        Fail("multiple WITH clauses not allowed");
                    }

                    query = query with { With = with };
                }

                query = ParseQueryTail(query);
                var keyword = verb.Kind == SqlTokenKind.Word && verb.Text is "values" or "table" ? verb.Text.ToUpperInvariant() : "SELECT";
                statement = new SelectStatement(From(start), keyword, query);
                break;
        }

        return statement with { Span = From(start), VerbSpan = verb.Span };
    }

    private InsertStatement ParseInsert(int start, Part<WithClause> with)
    {
        Advance();
        while (!IsPostgreSql && Current.Kind == SqlTokenKind.Word && Current.Text is "ignore" or "or" or "replace" or "abort" or "fail" or "rollback")
        {
            Advance(); // INSERT IGNORE, INSERT OR REPLACE
        }

        if (IsPostgreSql || At("into"))
        {
            Expect("into");
        }

        var tableStart = Current.Start;
        var name = ParseQualifiedName(maxParts: IsPostgreSql ? 3 : 4);
        var alias = Accept("as") ? ParseColId() : null;
        var table = new TableReference(From(tableStart), name, false) { Alias = alias };
        var columns = Part<ListClause<ColumnTargetNode>>.Absent;
        SqlQuery? query = null;
        if (SkipHoles())
        {
            columns = Part<ListClause<ColumnTargetNode>>.Unknown;
        }

        if (At(SqlTokenKind.OpenParen) && !IsParenthesizedQuery())
        {
            columns = ParseInsertColumns();
            SkipHoles();
        }

        if (Accept("overriding"))
        {
            ParseOverridingKind();
        }

        SkipOutput();

        if (At("default") && !columns.IsPresent)
        {
            Advance();
            Expect("values");
        }
        else if (At(SqlTokenKind.End) || At(SqlTokenKind.Semicolon))
        {
            if (_tokens[_index - 1].Kind == SqlTokenKind.Hole && !_failed)
            {
                // INSERT INTO t {rest}
                query = new UnknownQuery(_tokens[_index - 1].Span);
                _mayHoldClauses = true;
            }
            else
            {
                Fail("syntax error: expected VALUES or a query");
            }
        }
        else
        {
            var queryStart = Current.Start;
            var inner = Part<WithClause>.Absent;
            if (At("with"))
            {
                inner = Part<WithClause>.Of(ParseWith());
            }

            query = ParseSetOperations(0);
            if (inner.IsPresent)
            {
                query = query with { With = inner };
            }

            query = ParseQueryTail(query) with { Span = From(queryStart) };
        }

        SkipClauseHoles();
        var conflict = ParseConflict();
        SkipClauseHoles();
        return new InsertStatement(From(start), table, columns, query)
        {
            With = with,
            OnConflict = conflict,
            Returning = ParseReturning(),
        };
    }

    /// <summary>OUTPUT of SQL Server.</summary>
    private void SkipOutput()
    {
        if (IsPostgreSql || !Accept("output"))
        {
            return;
        }

        while (!At(SqlTokenKind.End) && !At(SqlTokenKind.Semicolon)
            && !(Current.Kind == SqlTokenKind.Word && Current.Text is "values" or "select" or "from" or "where"))
        {
            Advance();
        }
    }

    /// <summary>TOP of SQL Server in a write.</summary>
    private void SkipTop()
    {
        if (!IsPostgreSql && At("top") && Peek(1).Kind == SqlTokenKind.OpenParen)
        {
            Advance();
            ParseParens();
        }
    }

    /// <summary>Whether the parenthesis opens a query and not a list of columns.</summary>
    private bool IsParenthesizedQuery()
    {
        var next = Peek(1);
        return next.Kind == SqlTokenKind.OpenParen || next.Is("select") || next.Is("with") || next.Is("table")
            || (next.Is("values") && Peek(2).Kind is SqlTokenKind.OpenParen or SqlTokenKind.Hole);
    }

    private Part<ListClause<ColumnTargetNode>> ParseInsertColumns()
    {
        var start = Current.Start;
        Expect(SqlTokenKind.OpenParen);
        if (At(SqlTokenKind.Hole) && Peek(1).Kind == SqlTokenKind.CloseParen)
        {
            SkipHoles();
            Advance();
            return Part<ListClause<ColumnTargetNode>>.Unknown;
        }

        var unknown = false;
        var columns = ImmutableArray.CreateBuilder<ColumnTargetNode>();
        do
        {
            columns.Add(ParseColumnTarget());
            unknown |= SkipHoles(); // (a, b {more})
        }
        while (Accept(SqlTokenKind.Comma));

        Expect(SqlTokenKind.CloseParen);
        return unknown
            ? Part<ListClause<ColumnTargetNode>>.Unknown
            : Part<ListClause<ColumnTargetNode>>.Of(new ListClause<ColumnTargetNode>(From(start), columns.ToImmutable()));
    }

    private ColumnTargetNode ParseColumnTarget()
    {
        var start = Current.Start;
        var name = ParseColId();
        var isWhole = true;
        while (!_failed && (At(SqlTokenKind.Dot) || At(SqlTokenKind.OpenBracket)))
        {
            isWhole = false;
            if (Accept(SqlTokenKind.OpenBracket))
            {
                ParseSubscripts();
            }
            else
            {
                Advance();
                if (AtOperator("*"))
                {
                    Advance();
                }
                else
                {
                    var last = ParseColLabel();
                    name = IsPostgreSql ? name : last; // SET t.a = 1 of other databases
                }
            }
        }

        return new ColumnTargetNode(From(start), name, isWhole || !IsPostgreSql);
    }

    private void ParseOverridingKind()
    {
        if (!Accept("user"))
        {
            Expect("system");
        }

        Expect("value");
    }

    private Part<ConflictClause> ParseConflict()
    {
        var start = Current.Start;
        if (!Accept("on"))
        {
            return Missing<ConflictClause>();
        }

        if (!IsPostgreSql && Accept("duplicate"))
        {
            Expect("key");
            Expect("update");
            var assignments = ParseSetItems(out _);
            return Part<ConflictClause>.Of(new ConflictClause(From(start), ImmutableArray<SqlExpression>.Empty, null, false) { Set = assignments });
        }

        Expect("conflict");
        var columns = ImmutableArray<SqlExpression>.Empty;
        SqlName? constraint = null;
        SqlExpression? arbiterWhere = null;
        if (At("on"))
        {
            Advance();
            Expect("constraint");
            constraint = ParseColId();
        }
        else if (At(SqlTokenKind.OpenParen))
        {
            columns = ParseIndexParameters();
            if (Accept("where"))
            {
                arbiterWhere = ParseCondition();
            }
        }

        if (SkipHoles() || _tokens[_index - 1].Kind == SqlTokenKind.Hole)
        {
            // ON CONFLICT {rest}
            if (At(SqlTokenKind.End) || At(SqlTokenKind.Semicolon) || At("returning"))
            {
                return Part<ConflictClause>.Unknown;
            }
        }

        Expect("do");
        if (SkipHoles() && !At("update") && !At("nothing"))
        {
            _mayHoldClauses = true;
            return Part<ConflictClause>.Unknown;
        }

        if (Accept("nothing"))
        {
            return Part<ConflictClause>.Of(new ConflictClause(From(start), columns, constraint, true) { ArbiterWhere = arbiterWhere });
        }

        Expect("update");
        Expect("set");
        var set = ParseSetItems(out _);
        SkipClauseHoles();
        var where = ParseWhere();
        return Part<ConflictClause>.Of(
            new ConflictClause(From(start), columns, constraint, false) { ArbiterWhere = arbiterWhere, Set = set, Where = where });
    }

    /// <summary>The columns of an index or an arbiter: names, calls, or expressions in parentheses.</summary>
    private ImmutableArray<SqlExpression> ParseIndexParameters()
    {
        Expect(SqlTokenKind.OpenParen);
        var items = ImmutableArray.CreateBuilder<SqlExpression>();
        if (At(SqlTokenKind.Hole) && Peek(1).Kind == SqlTokenKind.CloseParen)
        {
            SkipHoles();
            Advance();
            return items.ToImmutable();
        }

        do
        {
            var start = Current.Start;
            if (At(SqlTokenKind.OpenParen))
            {
                Advance();
                items.Add(ParseExpression());
                Expect(SqlTokenKind.CloseParen);
            }
            else if (IsColId(Current) && Peek(1).Kind is not (SqlTokenKind.OpenParen or SqlTokenKind.Dot))
            {
                var name = ParseColId();
                items.Add(new ColumnReference(From(start), ImmutableArray.Create(name), false));
            }
            else if (ParseTableFunction() is { } call)
            {
                items.Add(call);
            }
            else
            {
                _pendingTable = null;
                Fail("syntax error: expected a column");
            }

            if (Accept("collate"))
            {
                ParseQualifiedName();
            }

            // The operator class, with parameters.
            if (IsColId(Current) && !At("nulls"))
            {
                ParseQualifiedName();
                if (At(SqlTokenKind.OpenParen))
                {
                    Advance();
                    SkipToCloseParen();
                    Expect(SqlTokenKind.CloseParen);
                }
            }

            if (!Accept("asc"))
            {
                Accept("desc");
            }

            ParseNullsOrder();
        }
        while (Accept(SqlTokenKind.Comma));

        Expect(SqlTokenKind.CloseParen);
        return items.ToImmutable();
    }

    private Part<ListClause<SelectItem>> ParseReturning()
    {
        SkipClauseHoles();
        var start = Current.Start;
        if (!Accept("returning"))
        {
            return Missing<ListClause<SelectItem>>();
        }

        if (At("with") && Peek(1).Kind == SqlTokenKind.OpenParen)
        {
            // PostgreSQL 18: RETURNING WITH (OLD AS o, NEW AS n)
            Advance();
            Advance();
            SkipToCloseParen();
            Expect(SqlTokenKind.CloseParen);
        }

        var items = ParseSelectList();
        return Part<ListClause<SelectItem>>.Of(new ListClause<SelectItem>(From(start), items));
    }

    /// <summary>The table of UPDATE, DELETE and MERGE, with its alias.</summary>
    private TableReference ParseWriteTarget(bool isUpdate)
    {
        var start = Current.Start;
        var table = ParseTableName();
        SqlName? alias = null;
        if (Accept("as"))
        {
            alias = ParseColId();
        }
        else if (IsColId(Current) && !At(SqlTokenKind.Hole) && !(isUpdate && At("set")) && !(!IsPostgreSql && At("output")))
        {
            alias = ParseColId();
        }

        return table with { Span = From(start), Alias = alias };
    }

    private UpdateStatement ParseUpdate(int start, Part<WithClause> with)
    {
        Advance();
        SkipTop();
        var table = ParseWriteTarget(isUpdate: true);
        SkipHoles();
        Expect("set");
        var set = ParseSetItems(out var unknown);
        SkipOutput();
        SkipClauseHoles();
        var from = ParseFrom("from");
        var where = ParseWhere(allowsCurrentOf: true);
        return new UpdateStatement(From(start), table, set)
        {
            With = with,
            From = from,
            Where = where,
            HasUnknownAssignments = unknown,
            Returning = ParseReturning(),
        };
    }

    private ImmutableArray<SetItem> ParseSetItems(out bool unknown)
    {
        unknown = false;
        var items = ImmutableArray.CreateBuilder<SetItem>();
        bool goesOn;
        do
        {
            goesOn = false;
            if (At(SqlTokenKind.Hole) && !Peek(1).IsOperator("=") && Peek(1).Kind is not (SqlTokenKind.Dot or SqlTokenKind.OpenBracket)
                && !(Peek(1).Kind == SqlTokenKind.Hole && Peek(1).Start == Current.End))
            {
                // SET {assignments}; it may hold clauses too, but real code ends it before WHERE.
                unknown = true;
                var isLast = Peek(1).Kind is SqlTokenKind.End or SqlTokenKind.Semicolon;
                SkipHoles();
                _mayHoldClauses |= isLast;
                if (!IsColId(Current) || At(SqlTokenKind.Comma))
                {
                    continue;
                }
            }

            var start = Current.Start;
            var targets = ImmutableArray.CreateBuilder<ColumnTargetNode>();
            if (Accept(SqlTokenKind.OpenParen))
            {
                targets.AddRange(ParseList(ParseColumnTarget));
                Expect(SqlTokenKind.CloseParen);
            }
            else
            {
                targets.Add(ParseColumnTarget());
            }

            ExpectOperator("=");
            var value = ParseExpression();
            items.Add(new SetItem(From(start), targets.ToImmutable(), value));
            if (At(SqlTokenKind.Hole))
            {
                SkipHoles();
                unknown = true;
                _mayHoldClauses = true;
                goesOn = IsColId(Current) && Peek(1).IsOperator("="); // SET a = 1 {more} b = 2: the hole ends in a comma.
            }
        }
        while (goesOn || Accept(SqlTokenKind.Comma));

        return items.ToImmutable();
    }

    private DeleteStatement ParseDelete(int start, Part<WithClause> with)
    {
        Advance();
        SkipTop();
        if (IsPostgreSql || At("from"))
        {
            Expect("from");
        }

        var table = ParseWriteTarget(isUpdate: false);
        SkipOutput();
        SkipClauseHoles();
        if (!IsPostgreSql)
        {
            ParseFrom("from"); // DELETE t FROM t JOIN u ..
        }

        var usingClause = ParseFrom("using");
        var where = ParseWhere(allowsCurrentOf: true);
        return new DeleteStatement(From(start), table)
        {
            With = with,
            Using = usingClause,
            Where = where,
            Returning = ParseReturning(),
        };
    }

    private MergeStatement ParseMerge(int start, Part<WithClause> with)
    {
        Advance();
        if (IsPostgreSql || At("into"))
        {
            Expect("into");
        }

        var table = ParseWriteTarget(isUpdate: false);
        Expect("using");
        var source = ParseTableSource();
        Expect("on");
        var on = ParseCondition();
        var whens = ImmutableArray.CreateBuilder<MergeWhen>();
        do
        {
            var any = SkipHoles();
            if (any && !At("when"))
            {
                _mayHoldClauses = true;
                break;
            }

            whens.Add(ParseMergeWhen());
        }
        while (At("when") || At(SqlTokenKind.Hole));

        return new MergeStatement(From(start), table, source, on, whens.ToImmutable()) { With = with, Returning = ParseReturning() };
    }

    private MergeWhen ParseMergeWhen()
    {
        var start = Current.Start;
        Expect("when");
        var isMatched = !Accept("not");
        Expect("matched");
        var actsLikeMatched = isMatched;
        if (!isMatched && Accept("by"))
        {
            actsLikeMatched = Accept("source");
            if (!actsLikeMatched)
            {
                Expect("target");
            }
        }

        var condition = Accept("and") ? ParseExpression() : null;
        Expect("then");
        var set = ImmutableArray<SetItem>.Empty;
        var columns = ImmutableArray<ColumnTargetNode>.Empty;
        var values = ImmutableArray<SqlExpression>.Empty;
        var action = "DO NOTHING";
        if (actsLikeMatched && Accept("update"))
        {
            Expect("set");
            set = ParseSetItems(out _);
            action = "UPDATE";
        }
        else if (actsLikeMatched && Accept("delete"))
        {
            action = "DELETE";
        }
        else if (!actsLikeMatched && Accept("insert"))
        {
            action = "INSERT";
            ParseMergeInsert(ref columns, ref values);
        }
        else
        {
            Expect("do");
            Expect("nothing");
        }

        return new MergeWhen(From(start), isMatched, condition, action, set, columns, values);
    }

    private void ParseMergeInsert(ref ImmutableArray<ColumnTargetNode> columns, ref ImmutableArray<SqlExpression> values)
    {
        if (Accept("default", "values"))
        {
            return;
        }

        if (At(SqlTokenKind.OpenParen))
        {
            columns = ParseInsertColumns().Value?.Items ?? ImmutableArray<ColumnTargetNode>.Empty;
        }

        if (Accept("overriding"))
        {
            ParseOverridingKind();
        }

        Expect("values");
        values = ParseParenthesizedExpressions();
    }
}
