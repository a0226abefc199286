using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Queries: SELECT, VALUES, TABLE, WITH, set operations, FROM.</content>
public sealed partial class SqlParser
{
    /// <summary>Whether a hole stood where clauses may stand, so that absent clauses behind it are unknown.</summary>
    private bool _mayHoldClauses;

    /// <summary>The part for a clause that was not found: absent, or unknown behind a hole.</summary>
    private Part<T> Missing<T>()
        where T : class => _mayHoldClauses ? Part<T>.Unknown : Part<T>.Absent;

    private bool SkipClauseHoles()
    {
        if (!SkipHoles())
        {
            return false;
        }

        _mayHoldClauses = true;
        return true;
    }

    /// <summary>A condition of WHERE, ON, HAVING: like an expression, but holes may stand beside its parts.</summary>
    private SqlExpression ParseCondition()
    {
        var condition = JoinHoleCondition(ParseExpression());
        if (!_failed && EndsInFragment(condition))
        {
            _mayHoldClauses = true;
        }

        return condition;
    }

    /// <summary>Whether a condition ends in a bare hole that is a condition itself: it may go on with ORDER BY and more.</summary>
    private static bool EndsInFragment(SqlExpression condition) => condition switch
    {
        HoleExpression or UnknownExpression => true,
        LogicalExpression logical => EndsInFragment(logical.Conditions[logical.Conditions.Length - 1]),
        UnaryExpression { Operator: "NOT" } not => EndsInFragment(not.Operand),
        _ => false,
    };

    /// <summary>A query: PostgreSQL's SelectStmt, without the parentheses around it if it has some.</summary>
    private SqlQuery ParseQuery()
    {
        if (!Enter())
        {
            Leave();
            return new UnknownQuery(Current.Span);
        }

        var outer = _mayHoldClauses;
        _mayHoldClauses = false;
        var start = Current.Start;
        SqlQuery query;
        if (At("with"))
        {
            var with = ParseWith();
            query = ParseSetOperations(0);
            if (!query.With.IsAbsent)
            {
                Fail("multiple WITH clauses not allowed");
            }

            query = query with { Span = From(start), With = Part<WithClause>.Of(with) };
        }
        else
        {
            query = ParseSetOperations(0);
        }

        query = ParseQueryTail(query);
        _mayHoldClauses = outer;
        Leave();
        return query;
    }

    /// <summary>What follows a query in parentheses: set operations, ORDER BY, LIMIT.</summary>
    private SqlQuery ParseQueryRest(SqlQuery first)
    {
        var outer = _mayHoldClauses;
        _mayHoldClauses = false;
        var query = ParseQueryTail(ParseSetOperations(first, 0));
        _mayHoldClauses = outer;
        return query;
    }

    private static bool ContinuesQuery(SqlToken token) =>
        token.Kind == SqlTokenKind.Word
        && token.Text is "union" or "intersect" or "except" or "order" or "limit" or "offset" or "fetch" or "for";

    /// <summary><c>{query} UNION ..</c></summary>
    private bool IsHoleBeforeSetOperation() =>
        At(SqlTokenKind.Hole) && (Peek(1).Is("union") || Peek(1).Is("intersect") || Peek(1).Is("except"));

    private WithClause ParseWith()
    {
        var start = Current.Start;
        Expect("with");
        var isRecursive = !Peek(1).Is("as") && Peek(1).Kind != SqlTokenKind.OpenParen && Accept("recursive");
        var tables = ImmutableArray.CreateBuilder<CommonTable>();
        do
        {
            SkipHolesBeforeCommonTable();
            if (IsStatementStart(Current) && !At(SqlTokenKind.OpenParen) && _tokens[_index - 1].Kind == SqlTokenKind.Hole)
            {
                break; // WITH {queries} SELECT ..
            }

            tables.Add(ParseCommonTable());
        }
        while (Accept(SqlTokenKind.Comma));

        SkipHoles();
        return new WithClause(From(start), isRecursive, tables.ToImmutable());
    }

    /// <summary>A hole is a whole WITH query unless AS or a list of columns makes it the name of one.</summary>
    private void SkipHolesBeforeCommonTable()
    {
        while (At(SqlTokenKind.Hole) && !Peek(1).Is("as") && Peek(1).Kind != SqlTokenKind.OpenParen)
        {
            _marks.Mark(Advance().Span, HoleRole.Clause);
            if (!Accept(SqlTokenKind.Comma))
            {
                return;
            }
        }
    }

    private CommonTable ParseCommonTable()
    {
        var start = Current.Start;
        var name = ParseColId();
        var columns = At(SqlTokenKind.OpenParen) ? ParseNameList() : ImmutableArray<SqlName>.Empty;
        Expect("as");
        var isNot = At("not") && Peek(1).Is("materialized");
        if (isNot)
        {
            Advance();
        }

        bool? isMaterialized = Accept("materialized") ? !isNot : null;
        Expect(SqlTokenKind.OpenParen);
        var statement = ParseNestedStatement();
        Expect(SqlTokenKind.CloseParen);
        if (Accept("search"))
        {
            if (!Accept("depth"))
            {
                Expect("breadth");
            }

            Expect("first");
            Expect("by");
            ParseList(() => ParseColId());
            Expect("set");
            ParseColId();
        }

        if (Accept("cycle"))
        {
            ParseList(() => ParseColId());
            Expect("set");
            ParseColId();
            if (Accept("to"))
            {
                ParsePrefix(ExpressionMode.Restricted);
                Expect("default");
                ParsePrefix(ExpressionMode.Restricted);
            }

            Expect("using");
            ParseColId();
        }

        return new CommonTable(From(start), name, columns, statement) { IsMaterialized = isMaterialized };
    }

    /// <summary>PreparableStmt: a query or a write.</summary>
    private SqlStatement ParseNestedStatement()
    {
        var start = Current.Start;
        if (!Enter())
        {
            Leave();
            return Other(start, "");
        }

        var outer = _mayHoldClauses;
        _mayHoldClauses = false;
        SqlStatement statement;
        if (At(SqlTokenKind.Hole))
        {
            SkipHoles(HoleRole.Statement);
            statement = IsStatementStart(Current) ? ParseSelectOrWrite(start) : Other(start, "");
        }
        else
        {
            statement = ParseSelectOrWrite(start);
            SkipHoles();
        }

        _mayHoldClauses = outer;
        Leave();
        return statement;
    }

    /// <summary>UNION and EXCEPT bind alike, INTERSECT tighter; all associate to the left.</summary>
    private SqlQuery ParseSetOperations(int minLevel) => ParseSetOperations(ParseSimpleQuery(), minLevel);

    private SqlQuery ParseSetOperations(SqlQuery left, int minLevel)
    {
        var start = left.Span.Start;
        for (var chain = 0; ; chain++)
        {
            var token = Current;
            var level = token.Is("intersect") ? 2 : token.Is("union") || token.Is("except") ? 1 : 0;
            if (level == 0 || level < minLevel)
            {
                return left;
            }

            if (chain > MaxChain)
            {
                Fail("too many set operations");
                return left;
            }

            Advance();
            var isAll = Accept("all");
            if (!isAll)
            {
                Accept("distinct");
            }

            if (At(SqlTokenKind.Hole) && IsQueryStart(Peek(1)))
            {
                SkipHoles(HoleRole.Keyword); // UNION {all} SELECT
            }

            _mayHoldClauses = false;
            var right = ParseSetOperations(level + 1);
            left = new SetOperationQuery(From(start), token.Text!.ToUpperInvariant(), isAll, left, right);
        }
    }

    private SqlQuery ParseSimpleQuery()
    {
        var start = Current.Start;
        if (At("select"))
        {
            return ParseSelect();
        }

        if (At("values"))
        {
            return ParseValues();
        }

        if (Accept("table"))
        {
            return new TableQuery(From(start), ParseTableName()) with { Span = From(start) };
        }

        if (At(SqlTokenKind.OpenParen))
        {
            // A parenthesised query; an expression here is an error.
            if (ParseParens() is SubqueryExpression { Kind: SubqueryKind.Scalar } subquery)
            {
                return subquery.Query;
            }

            Fail("syntax error: expected a query");
            return new UnknownQuery(From(start));
        }

        if (At(SqlTokenKind.Hole))
        {
            SkipClauseHoles();
            if (IsQueryStart(Current) && !At("with"))
            {
                return ParseSimpleQuery();
            }

            return new UnknownQuery(From(start));
        }

        Fail("syntax error: expected a query");
        return new UnknownQuery(new SqlSpan(LastEnd, 0));
    }

    private ValuesQuery ParseValues()
    {
        var start = Current.Start;
        Expect("values");
        var rows = ImmutableArray.CreateBuilder<RowExpression>();
        var unknown = false;
        do
        {
            if (At(SqlTokenKind.Hole))
            {
                unknown |= SkipHoles();
                if (!At(SqlTokenKind.OpenParen))
                {
                    continue;
                }
            }

            var rowStart = Current.Start;
            var items = ParseParenthesizedExpressions();
            rows.Add(new RowExpression(From(rowStart), items));
        }
        while (Accept(SqlTokenKind.Comma));

        unknown |= SkipClauseHoles();
        return new ValuesQuery(From(start), rows.ToImmutable()) { HasUnknownRows = unknown };
    }

    private SqlQuery ParseQueryTail(SqlQuery query)
    {
        var start = query.Span.Start;
        SkipClauseHoles();
        if (At("order"))
        {
            if (query.OrderBy.IsPresent)
            {
                Fail("multiple ORDER BY clauses not allowed");
            }

            query = query with { OrderBy = Part<ListClause<SortItem>>.Of(ParseOrderBy()) };
        }

        SkipClauseHoles();
        var locking = ImmutableArray.CreateBuilder<LockingClause>();
        var limits = ParseLimits(ref query);
        while (At("for"))
        {
            locking.Add(ParseLocking());
            SkipHoles();
        }

        if (!limits && locking.Count > 0)
        {
            ParseLimits(ref query);
        }

        SkipClauseHoles();
        if (_mayHoldClauses)
        {
            query = query with
            {
                OrderBy = query.OrderBy.IsAbsent ? Part<ListClause<SortItem>>.Unknown : query.OrderBy,
                Limit = query.Limit.IsAbsent ? Part<ExpressionClause>.Unknown : query.Limit,
                Offset = query.Offset.IsAbsent ? Part<ExpressionClause>.Unknown : query.Offset,
            };
        }

        return query with { Span = From(start), Locking = query.Locking.AddRange(locking), MayHoldLocking = query.MayHoldLocking || (_mayHoldClauses && locking.Count == 0) };
    }

    private ListClause<SortItem> ParseOrderBy()
    {
        var start = Current.Start;
        Expect("order");
        Expect("by");
        var items = ParseList(ParseSortItem);
        return new ListClause<SortItem>(From(start), items);
    }

    private SortItem ParseSortItem()
    {
        var start = Current.Start;
        var expression = ParseExpression(ExpressionMode.NoHoleOperator);
        var isDescending = false;
        var isUnknown = false;
        string? usingOperator = null;
        if (At(SqlTokenKind.Hole))
        {
            // ORDER BY a {dir}; what else may follow there is NULLS LAST.
            isUnknown = SkipHoles(HoleRole.Keyword);
            if (Accept("desc"))
            {
                isDescending = true;
            }
            else
            {
                Accept("asc");
            }
        }
        else if (Accept("using"))
        {
            if (Accept("operator"))
            {
                usingOperator = ParseOperatorName();
            }
            else if (At(SqlTokenKind.Operator))
            {
                usingOperator = Advance().Text;
            }
            else
            {
                Fail("syntax error: expected an operator");
            }
        }
        else if (!Accept("asc"))
        {
            isDescending = Accept("desc");
        }

        var isNullsFirst = ParseNullsOrder(ref isUnknown);
        return new SortItem(From(start), expression, isDescending) { IsNullsFirst = isNullsFirst, UsingOperator = usingOperator, IsDirectionUnknown = isUnknown };
    }

    private void ParseNullsOrder()
    {
        var isUnknown = false;
        ParseNullsOrder(ref isUnknown);
    }

    /// <summary>NULLS FIRST (true), NULLS LAST (false), or null where neither is written, or a hole is the word.</summary>
    private bool? ParseNullsOrder(ref bool isUnknown)
    {
        if (!(At("nulls") && (Peek(1).Is("first") || Peek(1).Is("last") || Peek(1).Kind == SqlTokenKind.Hole)))
        {
            return null;
        }

        Advance();
        if (SkipHoles(HoleRole.Keyword))
        {
            isUnknown = true;
            return null;
        }

        return Advance().Is("first");
    }

    /// <summary>LIMIT, OFFSET and FETCH, each once, in any order.</summary>
    private bool ParseLimits(ref SqlQuery query)
    {
        var any = false;
        var limit = false;
        var offset = false;
        while (true)
        {
            var start = Current.Start;
            if (At("limit") || At("fetch"))
            {
                if (limit || query.Limit.IsPresent)
                {
                    Fail("multiple LIMIT clauses not allowed");
                }

                limit = true;
                query = At("limit") ? ParseLimit(query, start) : ParseFetch(query, start);
            }
            else if (Accept("offset"))
            {
                if (offset || query.Offset.IsPresent)
                {
                    Fail("multiple OFFSET clauses not allowed");
                }

                offset = true;
                var count = ParseExpression(ExpressionMode.NoHoleOperator);
                if (!Accept("row"))
                {
                    Accept("rows");
                }

                query = query with { Offset = Part<ExpressionClause>.Of(new ExpressionClause(From(start), count)) };
            }
            else if (any && At(SqlTokenKind.Hole) && (Peek(1).Is("offset") || Peek(1).Is("limit") || Peek(1).Is("fetch")))
            {
                SkipClauseHoles();
                continue;
            }
            else
            {
                return any;
            }

            any = true;
        }
    }

    private SqlQuery ParseLimit(SqlQuery query, int start)
    {
        Expect("limit");
        if (Accept("all"))
        {
            return query with { Limit = Part<ExpressionClause>.Of(new ExpressionClause(From(start), new UnknownExpression(_tokens[_index - 1].Span))) };
        }

        var count = ParseExpression(ExpressionMode.NoHoleOperator);
        var clause = Part<ExpressionClause>.Of(new ExpressionClause(From(start), count));
        if (At(SqlTokenKind.Comma))
        {
            if (IsPostgreSql)
            {
                Fail("LIMIT #,# syntax is not supported");
            }

            // MySQL: LIMIT offset, count
            Advance();
            var second = ParseExpression(ExpressionMode.NoHoleOperator);
            return query with { Offset = clause, Limit = Part<ExpressionClause>.Of(new ExpressionClause(From(start), second)) };
        }

        return query with { Limit = clause };
    }

    private SqlQuery ParseFetch(SqlQuery query, int start)
    {
        Expect("fetch");
        if (!Accept("first"))
        {
            Expect("next");
        }

        SqlExpression count = new UnknownExpression(new SqlSpan(LastEnd, 0));
        if (!At("row") && !At("rows"))
        {
            if (AtOperator("+") || AtOperator("-"))
            {
                Advance();
                if (!At(SqlTokenKind.Integer) && !At(SqlTokenKind.Decimal))
                {
                    Fail("syntax error: expected a number");
                }
            }

            count = ParsePrefix(ExpressionMode.Restricted);
        }

        if (!Accept("row"))
        {
            Expect("rows");
        }

        if (Accept("with"))
        {
            Expect("ties");
            if (!query.OrderBy.IsPresent && !_mayHoldClauses)
            {
                Fail("WITH TIES cannot be specified without ORDER BY clause");
            }
        }
        else
        {
            Expect("only");
        }

        return query with { Limit = Part<ExpressionClause>.Of(new ExpressionClause(From(start), count)) };
    }

    private LockingClause ParseLocking()
    {
        var start = Current.Start;
        Expect("for");
        var strength = "UPDATE";
        if (!IsPostgreSql && (At("json") || At("xml")))
        {
            SkipToCloseParen(); // FOR JSON PATH
            return new LockingClause(From(start), "", false, false);
        }

        if (Accept("read"))
        {
            Expect("only");
            return new LockingClause(From(start), "READ ONLY", false, false);
        }

        if (Accept("no"))
        {
            Expect("key");
            Expect("update");
            strength = "NO KEY UPDATE";
        }
        else if (Accept("key"))
        {
            Expect("share");
            strength = "KEY SHARE";
        }
        else if (Accept("share"))
        {
            strength = "SHARE";
        }
        else
        {
            Expect("update");
        }

        var tables = Accept("of") ? ParseList(() => ParseQualifiedName(maxParts: 3)) : ImmutableArray<QualifiedName>.Empty;
        var noWait = Accept("nowait");
        var skip = !noWait && Accept("skip");
        if (skip)
        {
            Expect("locked");
        }

        return new LockingClause(From(start), strength, skip, noWait) { Tables = tables };
    }

    private SelectQuery ParseSelect()
    {
        var start = Current.Start;
        Expect("select");
        var distinctOn = ImmutableArray<SqlExpression>.Empty;
        var isDistinct = Accept("distinct");
        if (isDistinct)
        {
            if (Accept("on"))
            {
                distinctOn = ParseParenthesizedExpressions();
            }
        }
        else
        {
            Accept("all");
        }

        Part<ExpressionClause> top = default;
        if (!IsPostgreSql && At("top"))
        {
            top = ParseTop();
        }

        var items = isDistinct || !EndsSelectList(Current) ? ParseSelectList() : ImmutableArray<SelectItem>.Empty;
        SkipClauseHoles();
        QualifiedName? into = null;
        var isIntoTemporary = false;
        if (Accept("into"))
        {
            into = ParseIntoTarget(out isIntoTemporary);
            SkipClauseHoles();
        }

        var from = ParseFrom("from");
        var where = ParseWhere();
        var groupBy = ParseGroupBy();
        var having = Missing<ExpressionClause>();
        var havingStart = Current.Start;
        if (Accept("having"))
        {
            var condition = ParseCondition();
            having = Part<ExpressionClause>.Of(new ExpressionClause(From(havingStart), condition));
        }

        SkipClauseHoles();
        var windows = ImmutableArray.CreateBuilder<WindowSpecification>();
        if (Accept("window"))
        {
            do
            {
                ParseColId();
                Expect("as");
                windows.Add(ParseWindow());
            }
            while (Accept(SqlTokenKind.Comma));
        }

        SkipClauseHoles();
        return new SelectQuery(From(start))
        {
            IsDistinct = isDistinct,
            DistinctOn = distinctOn,
            Items = items,
            Into = into,
            IsIntoTemporary = isIntoTemporary,
            From = from,
            Where = where,
            GroupBy = groupBy,
            Having = having,
            Windows = windows.ToImmutable(),
            Limit = top,
        };
    }

    private Part<ExpressionClause> ParseTop()
    {
        var start = Advance().Start;
        var count = At(SqlTokenKind.OpenParen) ? ParseParens() : ParsePrefix(ExpressionMode.None);
        if (AtOperator("%") || At("percent"))
        {
            Advance();
        }

        return Part<ExpressionClause>.Of(new ExpressionClause(From(start), count));
    }

    private static bool EndsSelectList(SqlToken token) =>
        token.Kind is SqlTokenKind.End or SqlTokenKind.Semicolon or SqlTokenKind.CloseParen
        || (token.Kind == SqlTokenKind.Word && token.Text is "from" or "into" or "where" or "group" or "having" or "window" or "union"
            or "intersect" or "except" or "order" or "limit" or "offset" or "fetch" or "for" or "on" or "returning" or "with");

    private ImmutableArray<SelectItem> ParseSelectList()
    {
        var items = ImmutableArray.CreateBuilder<SelectItem>();
        bool goesOn;
        do
        {
            items.Add(ParseSelectItem());

            // SELECT a {more} b, c: the hole may end in a comma.
            goesOn = !_failed && _tokens[_index - 1].Kind == SqlTokenKind.Hole && !At(SqlTokenKind.Comma) && !EndsSelectList(Current);
        }
        while (goesOn || Accept(SqlTokenKind.Comma));

        return items.ToImmutable();
    }

    private SelectItem ParseSelectItem()
    {
        var start = Current.Start;
        if (At(SqlTokenKind.Hole) && Peek(1).IsOperator("*") && EndsSelectItem(Peek(2)))
        {
            // SELECT {top} * FROM t
            SkipHoles();
        }

        if (AtOperator("*"))
        {
            var star = Advance();
            SkipHoles();
            return new SelectItem(From(start), new ColumnReference(star.Span, ImmutableArray<SqlName>.Empty, true), null);
        }

        var expression = ParseExpression(ExpressionMode.LabelMayFollow);
        SqlName? alias = null;
        if (Accept("as"))
        {
            if (!IsPostgreSql && At(SqlTokenKind.String))
            {
                Advance(); // AS 'label'
            }
            else
            {
                alias = ParseColLabel();
            }
        }
        else if (Current.Kind == SqlTokenKind.QuotedName || (Current.Kind == SqlTokenKind.Word && Current.IsBareLabel))
        {
            alias = ParseName(true);
        }
        else if (!IsPostgreSql && At(SqlTokenKind.String))
        {
            Advance();
        }

        if (At(SqlTokenKind.Hole))
        {
            // SELECT a {more} FROM t, SELECT {columns} {from}
            SkipHoles();
            if (EndsSelectList(Current) && !At("from"))
            {
                _mayHoldClauses = true;
            }
        }
        else if (!_failed && expression is HoleExpression && (At(SqlTokenKind.End) || At(SqlTokenKind.Semicolon)) && alias is null)
        {
            _mayHoldClauses = true;
        }

        return new SelectItem(From(start), expression, alias);
    }

    private QualifiedName ParseIntoTarget(out bool isTemporary)
    {
        isTemporary = false;
        if (Accept("local") || Accept("global"))
        {
            isTemporary = true;
            if (!Accept("temporary"))
            {
                Expect("temp");
            }

            Accept("table");
        }
        else if (IsColId(Peek(1)) || Peek(1).Is("table"))
        {
            // TEMP, UNLOGGED and TABLE are optional words before the name.
            isTemporary = At("temporary") || At("temp");
            if (Accept("temporary") || Accept("temp") || Accept("unlogged"))
            {
                Accept("table");
            }
        }

        Accept("table");
        return ParseQualifiedName(maxParts: 3);
    }

    private Part<ListClause<TableSource>> ParseFrom(string keyword)
    {
        var start = Current.Start;
        if (!Accept(keyword))
        {
            return Missing<ListClause<TableSource>>();
        }

        var tables = ParseList(ParseTableSource);
        SkipClauseHoles();
        return Part<ListClause<TableSource>>.Of(new ListClause<TableSource>(From(start), tables));
    }

    private Part<ExpressionClause> ParseWhere(bool allowsCurrentOf = false)
    {
        var start = Current.Start;
        if (!Accept("where"))
        {
            return Missing<ExpressionClause>();
        }

        SqlExpression condition;
        if (allowsCurrentOf && At("current", "of"))
        {
            Advance();
            Advance();
            var cursor = ParseColId();
            condition = new UnknownExpression(cursor.Span);
        }
        else
        {
            condition = ParseCondition();
        }

        var clause = Part<ExpressionClause>.Of(new ExpressionClause(From(start), condition));
        SkipClauseHoles();
        return clause;
    }

    private Part<ListClause<SqlExpression>> ParseGroupBy()
    {
        var start = Current.Start;
        if (!Accept("group"))
        {
            return Missing<ListClause<SqlExpression>>();
        }

        Expect("by");
        if (!Accept("all"))
        {
            Accept("distinct");
        }

        var items = ParseList(ParseGroupingItem);
        var clause = new ListClause<SqlExpression>(From(start), items);
        SkipClauseHoles();
        return Part<ListClause<SqlExpression>>.Of(clause);
    }

    private SqlExpression ParseGroupingItem()
    {
        var start = Current.Start;
        if (At(SqlTokenKind.OpenParen) && Peek(1).Kind == SqlTokenKind.CloseParen)
        {
            Advance();
            Advance();
            return new RowExpression(From(start), ImmutableArray<SqlExpression>.Empty);
        }

        if ((At("rollup") || At("cube")) && Peek(1).Kind == SqlTokenKind.OpenParen)
        {
            Advance();
            var items = ParseParenthesizedExpressions();
            return new RowExpression(From(start), items);
        }

        if (At("grouping", "sets"))
        {
            if (!Enter())
            {
                Leave();
                return new UnknownExpression(Current.Span);
            }

            Advance();
            Advance();
            Expect(SqlTokenKind.OpenParen);
            var sets = ParseList(ParseGroupingItem);
            Expect(SqlTokenKind.CloseParen);
            Leave();
            return new RowExpression(From(start), sets);
        }

        return ParseExpression(ExpressionMode.NoHoleOperator);
    }

    /// <summary>A table with ONLY and <c>*</c>, without alias: relation_expr.</summary>
    private TableReference ParseTableName(HoleRole role = HoleRole.BareName)
    {
        var start = Current.Start;
        if (Accept("only"))
        {
            QualifiedName name;
            if (Accept(SqlTokenKind.OpenParen))
            {
                name = ParseQualifiedName(role, maxParts: 3);
                Expect(SqlTokenKind.CloseParen);
            }
            else
            {
                name = ParseQualifiedName(role, maxParts: 3);
            }

            return new TableReference(From(start), name, true);
        }

        var table = ParseQualifiedName(role, maxParts: IsPostgreSql ? 3 : 4);
        if (AtOperator("*"))
        {
            Advance();
        }

        return new TableReference(From(start), table, false);
    }

    private TableSource ParseTableSource()
    {
        if (!Enter())
        {
            Leave();
            return new UnknownTable(Current.Span);
        }

        var left = ParseJoins(ParseTablePrimary());
        Leave();
        return left;
    }

    private TableSource ParseJoins(TableSource left)
    {
        for (var chain = 0; IsJoin(); chain++)
        {
            if (chain > MaxChain)
            {
                Fail("too many joins");
                break;
            }

            left = ParseJoin(left);
        }

        return left;
    }

    /// <summary>Whether a hole stands before the keyword of the join that follows.</summary>
    private bool _holeBeforeJoin;

    /// <summary>Whether a join follows; holes before its keyword (<c>t {hint} JOIN u</c>, <c>{left} JOIN u</c>) are passed over.</summary>
    private bool IsJoin()
    {
        var ahead = 0;
        while (Peek(ahead).Kind == SqlTokenKind.Hole && ahead < 8)
        {
            ahead++;
        }

        var token = Peek(ahead);
        var isJoin = token.Kind == SqlTokenKind.Word && token.Text is "join" or "cross" or "inner" or "left" or "right" or "full" or "natural";
        _holeBeforeJoin = isJoin && ahead > 0;
        if (_holeBeforeJoin)
        {
            SkipHoles();
        }

        return isJoin;
    }

    private TableSource ParseJoin(TableSource left)
    {
        var start = left.Span.Start;
        if (!Enter())
        {
            Leave();
            return left;
        }

        var kind = JoinKind.Inner;
        var hasHole = _holeBeforeJoin;
        var isNatural = Accept("natural");
        if (!isNatural && Accept("cross"))
        {
            kind = JoinKind.Cross;
            if (!IsPostgreSql && Accept("apply"))
            {
                var applied = ParseTablePrimary();
                Leave();
                return new JoinedTable(From(start), kind, left, applied, null, ImmutableArray<SqlName>.Empty, false);
            }
        }
        else if (!Accept("inner"))
        {
            kind = Accept("left") ? JoinKind.Left : Accept("right") ? JoinKind.Right : Accept("full") ? JoinKind.Full : JoinKind.Inner;
            if (kind != JoinKind.Inner)
            {
                Accept("outer");
            }
        }

        Expect("join");
        var right = ParseTablePrimary();
        SqlExpression? on = null;
        var columns = ImmutableArray<SqlName>.Empty;
        if (kind != JoinKind.Cross && !isNatural)
        {
            right = ParseJoins(right); // a JOIN b JOIN c ON .. ON ..
            var hole = At(SqlTokenKind.Hole);
            if (hole)
            {
                SkipHoles();
                hasHole = true;
            }

            if (Accept("on"))
            {
                on = JoinHoleCondition(ParseExpression());
                if (!_failed && EndsInFragment(on))
                {
                    _mayHoldClauses = true;
                }
            }
            else if (Accept("using"))
            {
                columns = ParseNameList();
                if (Accept("as"))
                {
                    ParseColId();
                }
            }
            else if (!hole)
            {
                Fail("syntax error: expected ON or USING");
            }
            else
            {
                _mayHoldClauses = true;
            }
        }

        Leave();
        return new JoinedTable(From(start), kind, left, right, on, columns, isNatural) { HasHole = hasHole };
    }

    private TableSource ParseTablePrimary()
    {
        var start = Current.Start;
        var isLateral = Accept("lateral");
        if (At(SqlTokenKind.OpenParen))
        {
            return ParseTableParens(isLateral);
        }

        if (At("rows", "from"))
        {
            return ParseTableAlias(ParseRowsFrom(), isLateral, start, isFunction: true);
        }

        if (Current.Kind == SqlTokenKind.Word && Current.Text is "xmltable" or "json_table" && Peek(1).Kind == SqlTokenKind.OpenParen)
        {
            return ParseTableAlias(ParseXmlOrJsonTable(), isLateral, start, isFunction: false);
        }

        if (!At("only") && ParseTableFunction() is { } function)
        {
            ParseOrdinality();
            return ParseTableAlias(new FunctionTable(From(start), ImmutableArray.Create(function)), isLateral, start, isFunction: true);
        }

        if (isLateral)
        {
            Fail("syntax error behind LATERAL");
        }

        if (!IsPostgreSql && At(SqlTokenKind.Parameter))
        {
            // A table variable of SQL Server.
            Advance();
            return ParseTableAlias(new UnknownTable(From(start)), false, start, isFunction: false);
        }

        TableSource table;
        if (_pendingTable is { } name)
        {
            _pendingTable = null;
            if (name.Parts.Length > (IsPostgreSql ? 3 : 4))
            {
                Fail("improper qualified name (too many dotted names)");
            }

            if (AtOperator("*"))
            {
                Advance();
            }

            table = new TableReference(From(start), name, false);
        }
        else
        {
            table = ParseTableName();
        }

        table = ParseTableAlias(table, false, start, isFunction: false);
        if (!IsPostgreSql && At("with") && Peek(1).Kind == SqlTokenKind.OpenParen)
        {
            Advance();
            Advance();
            SkipToCloseParen();
            Expect(SqlTokenKind.CloseParen);
        }

        if (Accept("tablesample"))
        {
            ParseQualifiedFunctionName();
            ParseParenthesizedExpressions();
            if (Accept("repeatable"))
            {
                Expect(SqlTokenKind.OpenParen);
                ParseExpression();
                Expect(SqlTokenKind.CloseParen);
            }
        }

        return table;
    }

    /// <summary>The name of a table that was read while a function was looked for.</summary>
    private QualifiedName? _pendingTable;

    private QualifiedName ParseQualifiedFunctionName()
    {
        var start = Current.Start;
        var parts = ImmutableArray.CreateBuilder<SqlName>();
        parts.Add(ParseName(IsTypeFunctionName(Current) || (IsColId(Current) && Peek(1).Kind == SqlTokenKind.Dot)));
        while (Accept(SqlTokenKind.Dot))
        {
            parts.Add(ParseColLabel());
        }

        return new QualifiedName(From(start), parts.ToImmutable());
    }

    /// <summary>A function call without OVER, or null; a name without parentheses is left in <see cref="_pendingTable"/>.</summary>
    private SqlExpression? ParseTableFunction()
    {
        var token = Current;
        if (token.Kind == SqlTokenKind.Word)
        {
            if (ParseSpecialFunction(token, Peek(1)) is { } special)
            {
                return special;
            }

            if (token.Category == KeywordCategory.Reserved)
            {
                return null;
            }
        }
        else if (token.Kind is not (SqlTokenKind.QuotedName or SqlTokenKind.Hole))
        {
            return null;
        }

        var start = token.Start;
        var isFunctionName = IsTypeFunctionName(token);
        var isTableName = IsColId(token);
        if (!isTableName && Peek(1).Kind != SqlTokenKind.OpenParen)
        {
            return null;
        }

        var parts = ImmutableArray.CreateBuilder<SqlName>();
        parts.Add(ParseName(true));
        while (isTableName && Accept(SqlTokenKind.Dot))
        {
            if (!IsPostgreSql && At(SqlTokenKind.Dot))
            {
                continue; // database..table
            }

            parts.Add(ParseColLabel());
            isFunctionName = true;
        }

        var name = new QualifiedName(From(start), parts.ToImmutable());
        if (isFunctionName && At(SqlTokenKind.OpenParen))
        {
            return ParseCall(name, isWindowless: true);
        }

        _pendingTable = name;
        return null;
    }

    private bool ParseOrdinality()
    {
        return Accept("with", "ordinality");
    }

    private FunctionTable ParseRowsFrom()
    {
        var start = Current.Start;
        Advance();
        Advance();
        Expect(SqlTokenKind.OpenParen);
        var functions = ImmutableArray.CreateBuilder<SqlExpression>();
        do
        {
            if (ParseTableFunction() is { } function)
            {
                functions.Add(function);
            }
            else
            {
                _pendingTable = null;
                Fail("syntax error: expected a function");
            }

            if (Accept("as"))
            {
                ParseColumnDefinitions();
            }
        }
        while (Accept(SqlTokenKind.Comma));

        Expect(SqlTokenKind.CloseParen);
        ParseOrdinality();
        return new FunctionTable(From(start), functions.ToImmutable());
    }

    /// <summary>Columns with types, as functions in FROM take them.</summary>
    private void ParseColumnDefinitions()
    {
        Expect(SqlTokenKind.OpenParen);
        do
        {
            ParseColId();
            ParseTypeName();
            if (Accept("collate"))
            {
                ParseQualifiedName();
            }
        }
        while (Accept(SqlTokenKind.Comma));

        Expect(SqlTokenKind.CloseParen);
    }

    private FunctionTable ParseXmlOrJsonTable()
    {
        var token = Advance();
        Expect(SqlTokenKind.OpenParen);
        var arguments = ImmutableArray.CreateBuilder<SqlExpression>();
        if (token.Is("json_table"))
        {
            // PostgreSQL 17: read the two arguments, pass over the columns.
            arguments.Add(ParseExpression());
            SkipToCloseParen();
            Expect(SqlTokenKind.CloseParen);
            return new FunctionTable(From(token.Start), ImmutableArray.Create<SqlExpression>(Special(token, arguments.ToImmutable())));
        }

        if (Accept("xmlnamespaces"))
        {
            Expect(SqlTokenKind.OpenParen);
            do
            {
                if (Accept("default"))
                {
                    ParseExpression(0, ExpressionMode.Restricted);
                }
                else
                {
                    ParseExpression(0, ExpressionMode.Restricted);
                    Expect("as");
                    ParseColLabel();
                }
            }
            while (Accept(SqlTokenKind.Comma));

            Expect(SqlTokenKind.CloseParen);
            Expect(SqlTokenKind.Comma);
        }

        arguments.Add(ParsePrefix(ExpressionMode.Restricted));
        ParseXmlPassing(arguments);
        Expect("columns");
        do
        {
            ParseColId();
            if (Accept("for"))
            {
                Expect("ordinality");
                continue;
            }

            ParseTypeName();
            while (!_failed && !At(SqlTokenKind.Comma) && !At(SqlTokenKind.CloseParen))
            {
                if (Accept("default") || Accept("path"))
                {
                    arguments.Add(ParseExpression(0, ExpressionMode.Restricted));
                }
                else if (Accept("not"))
                {
                    Expect("null");
                }
                else
                {
                    Expect("null");
                }
            }
        }
        while (Accept(SqlTokenKind.Comma));

        Expect(SqlTokenKind.CloseParen);
        return new FunctionTable(From(token.Start), ImmutableArray.Create<SqlExpression>(Special(token, arguments.ToImmutable())));
    }

    /// <summary>Parentheses in FROM: a query, or a join.</summary>
    private TableSource ParseTableParens(bool isLateral)
    {
        var start = Current.Start;
        if (!Enter())
        {
            Leave();
            return new UnknownTable(Current.Span);
        }

        Advance();
        TableSource result;
        if (IsQueryStart(Current) || IsHoleBeforeSetOperation())
        {
            var query = ParseQuery();
            Expect(SqlTokenKind.CloseParen);
            result = new DerivedTable(From(start), query);
        }
        else if (At(SqlTokenKind.Hole) && Peek(1).Kind == SqlTokenKind.CloseParen)
        {
            var hole = Current;
            SkipHoles(HoleRole.Statement);
            Advance();
            result = new DerivedTable(From(start), new UnknownQuery(hole.Span));
        }
        else
        {
            result = ParseTableParensContent(start);
        }

        Leave();
        if (result is JoinedTable && isLateral)
        {
            Fail("syntax error behind LATERAL");
        }

        return ParseTableAlias(result, isLateral, start, isFunction: false);
    }

    /// <summary>What stands in parentheses that open with no query keyword: <c>((SELECT ..) UNION ..)</c>, <c>((SELECT ..) x JOIN y ..)</c>, <c>(a JOIN b ..)</c>.</summary>
    private TableSource ParseTableParensContent(int start)
    {
        TableSource first;
        if (At(SqlTokenKind.OpenParen))
        {
            first = ParseTableParensWithoutAlias();
            if (first is DerivedTable { Alias: null } derived)
            {
                if (ContinuesQuery(Current))
                {
                    var query = ParseQueryRest(derived.Query);
                    Expect(SqlTokenKind.CloseParen);
                    return new DerivedTable(From(start), query);
                }

                if (At(SqlTokenKind.CloseParen))
                {
                    Advance();
                    return derived with { Span = From(start) };
                }
            }

            var wasJoin = first is JoinedTable;
            first = ParseTableAlias(first, false, first.Span.Start, isFunction: false);
            if (wasJoin && first.Alias is null && At(SqlTokenKind.CloseParen))
            {
                Advance();
                return first with { Span = From(start) };
            }
        }
        else
        {
            first = ParseTablePrimary();
        }

        var joined = ParseJoins(first);
        SkipHoles();
        if (joined is not JoinedTable || ReferenceEquals(joined, first))
        {
            Fail("syntax error: expected a join");
        }

        Expect(SqlTokenKind.CloseParen);
        return joined with { Span = From(start) };
    }

    private TableSource ParseTableParensWithoutAlias()
    {
        var start = Current.Start;
        if (!Enter())
        {
            Leave();
            return new UnknownTable(Current.Span);
        }

        Advance();
        TableSource result;
        if (IsQueryStart(Current) || IsHoleBeforeSetOperation())
        {
            var query = ParseQuery();
            Expect(SqlTokenKind.CloseParen);
            result = new DerivedTable(From(start), query);
        }
        else
        {
            result = ParseTableParensContent(start);
        }

        Leave();
        return result;
    }

    private TableSource ParseTableAlias(TableSource table, bool isLateral, int start, bool isFunction)
    {
        SqlName? alias = null;
        var columns = ImmutableArray<SqlName>.Empty;
        var hasAs = Accept("as");
        if (hasAs && isFunction && At(SqlTokenKind.OpenParen))
        {
            ParseColumnDefinitions();
        }
        else if (hasAs || (IsColId(Current) && !At(SqlTokenKind.Hole) && !IsClauseWordOfOtherDialect()))
        {
            alias = ParseColId();
            if (At(SqlTokenKind.OpenParen))
            {
                if (isFunction && !(Peek(2).Kind is SqlTokenKind.Comma or SqlTokenKind.CloseParen))
                {
                    ParseColumnDefinitions();
                }
                else
                {
                    columns = ParseNameList();
                }
            }
        }

        return table with { Span = From(start), Alias = alias, ColumnAliases = columns, IsLateral = isLateral };
    }

    /// <summary>Words that begin a clause in other databases, where PostgreSQL would read an alias.</summary>
    private bool IsClauseWordOfOtherDialect() =>
        !IsPostgreSql && Current.Kind == SqlTokenKind.Word && Current.Text is "force" or "use" or "ignore" or "option" or "pivot" or "outer";
}
