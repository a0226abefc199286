using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>CREATE INDEX, and the keys of indexes and partitions.</content>
public sealed partial class SqlParser
{
    /// <summary>CREATE [UNIQUE] INDEX; the parser stands at UNIQUE or INDEX.</summary>
    private CreateIndexStatement ParseCreateIndex(int start)
    {
        var isUnique = Accept("unique");
        Expect("index");
        var isConcurrently = Accept("concurrently");
        var ifNotExists = AcceptIfNotExists();
        SqlName? name = null;
        if (!At("on") || ifNotExists)
        {
            name = ParseColId(HoleRole.UtilityName);
        }

        Expect("on");
        var table = ParseTableName(HoleRole.UtilityName);
        SkipHoles();
        string? method = null;
        if (Accept("using"))
        {
            var access = ParseColId(HoleRole.UtilityName);
            method = access.HasHole ? null : access.Text;
            _hasFragment |= access.HasHole;
        }

        var elements = ParseParenthesized(ParseIndexElement);
        SkipHoles();
        var include = Accept("include") ? ParseParenthesized(ParseIndexElement) : ImmutableArray<IndexElement>.Empty;
        SkipHoles();
        var isNotDistinct = ParseNullsDistinct();
        SkipHoles();
        if (Accept("with"))
        {
            ParseDefinitionList(allowsQualified: true);
        }

        SkipHoles();
        if (Accept("tablespace"))
        {
            ParseColId(HoleRole.UtilityName);
        }

        SkipHoles();
        var where = ParseIndexPredicate();
        return new CreateIndexStatement(From(start), name, table.Name, elements)
        {
            IsUnique = isUnique,
            IsConcurrently = isConcurrently,
            IfNotExists = ifNotExists,
            IsOnly = table.IsOnly,
            Method = method,
            Include = include,
            IsNullsNotDistinct = isNotDistinct,
            Where = where,
            IsIncomplete = _hasFragment || table.Name.HasHole,
        };
    }

    private Part<ExpressionClause> ParseIndexPredicate()
    {
        var start = Current.Start;
        if (!Accept("where"))
        {
            return _hasFragment ? Part<ExpressionClause>.Unknown : Part<ExpressionClause>.Absent;
        }

        return Part<ExpressionClause>.Of(new ExpressionClause(From(start), ParseDefinitionCondition()) { Span = From(start) });
    }

    /// <summary>index_elem</summary>
    private IndexElement ParseIndexElement()
    {
        var start = Current.Start;
        var element = ParseKeyHead(start);
        if (At(SqlTokenKind.OpenParen) && element.OperatorClass is not null)
        {
            ParseDefinitionList(allowsQualified: true);
        }

        var isDescending = false;
        if (!Accept("asc"))
        {
            isDescending = Accept("desc");
        }

        bool? isNullsFirst = null;
        if (AtNullsOrder())
        {
            Advance();
            if (!SkipHoles(HoleRole.Keyword))
            {
                isNullsFirst = Advance().Is("first");
            }
        }

        return element with { Span = From(start), IsDescending = isDescending, IsNullsFirst = isNullsFirst };
    }

    /// <summary>part_elem</summary>
    private IndexElement ParsePartitionElement() => ParseKeyHead(Current.Start);

    private bool AtNullsOrder() => At("nulls") && (Peek(1).Is("first") || Peek(1).Is("last") || Peek(1).Kind == SqlTokenKind.Hole);

    /// <summary>A column, a call or an expression in parentheses, with COLLATE and the operator class.</summary>
    private IndexElement ParseKeyHead(int start)
    {
        SqlExpression expression;
        if (Accept(SqlTokenKind.OpenParen))
        {
            expression = ParseDefinitionCondition(isClosed: true);
            Expect(SqlTokenKind.CloseParen);
        }
        else if (IsColId(Current) && Peek(1).Kind is not (SqlTokenKind.OpenParen or SqlTokenKind.Dot))
        {
            var name = ParseColId(HoleRole.UtilityName);
            expression = new ColumnReference(From(start), ImmutableArray.Create(name), false);
        }
        else if (ParseTableFunction() is { } call)
        {
            expression = call;
        }
        else
        {
            _pendingTable = null;
            Fail("syntax error: expected a column");
            expression = new UnknownExpression(From(start));
        }

        SkipHoles();
        QualifiedName? collation = null, operatorClass = null;
        if (Accept("collate"))
        {
            collation = ParseQualifiedName(HoleRole.UtilityName);
            SkipHoles();
        }

        if (IsColId(Current) && !AtNullsOrder())
        {
            operatorClass = ParseQualifiedName(HoleRole.UtilityName);
            SkipHoles();
        }

        return new IndexElement(From(start), expression) { Collation = collation, OperatorClass = operatorClass };
    }

    /// <summary>A condition of a definition. A hole at its end may hold what stands behind it too, unless it is in parentheses.</summary>
    private SqlExpression ParseDefinitionCondition(bool isClosed = false)
    {
        var outer = _mayHoldClauses;
        _mayHoldClauses = false;
        var condition = ParseCondition();
        _hasFragment |= _mayHoldClauses && !isClosed;
        _mayHoldClauses = outer;
        return condition;
    }
}
