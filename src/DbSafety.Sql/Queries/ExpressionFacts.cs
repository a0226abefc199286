using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Queries;

/// <summary>What is known about a bound expression.</summary>
internal sealed class ExpressionFacts
{
    private static readonly HashSet<Relation> Nothing = new();

    /// <summary>The relations that it reads.</summary>
    public HashSet<Relation> Relations { get; set; } = Nothing;

    /// <summary>A hole, or what is not understood, is a part of it.</summary>
    public bool HasHole { get; set; }

    /// <summary>A column that nobody can tell the table of is a part of it.</summary>
    public bool HasUnknownColumn { get; set; }

    /// <summary>A function of the user is a part of it: it may be volatile.</summary>
    public bool HasUnknownFunction { get; set; }

    public bool IsVolatile { get; set; }

    public bool HasSubquery { get; set; }

    /// <summary>The whole row of a table, or an expression that a join may null, is a part of it.</summary>
    public bool HasWholeRow { get; set; }

    public bool HasAggregate { get; set; }

    public bool HasWindow { get; set; }

    public bool HasSet { get; set; }

    public string? Type { get; set; }

    public int Depth { get; set; }

    public int Size { get; set; } = 1;

    public void Add(Relation relation)
    {
        if (ReferenceEquals(Relations, Nothing))
        {
            Relations = new HashSet<Relation>();
        }

        Relations.Add(relation);
    }

    /// <summary>Adds what is known about a part.</summary>
    public void Add(ExpressionFacts part)
    {
        if (part.Relations.Count > 0)
        {
            foreach (var relation in part.Relations)
            {
                Add(relation);
            }
        }

        HasHole |= part.HasHole;
        HasUnknownColumn |= part.HasUnknownColumn;
        HasUnknownFunction |= part.HasUnknownFunction;
        IsVolatile |= part.IsVolatile;
        HasSubquery |= part.HasSubquery;
        HasWholeRow |= part.HasWholeRow;
        HasAggregate |= part.HasAggregate;
        HasWindow |= part.HasWindow;
        HasSet |= part.HasSet;
        Depth = Math.Max(Depth, part.Depth + 1);
        Size += part.Size;
    }
}

/// <content>Facts about bound expressions: what they read, what type they have.</content>
internal sealed partial class StatementReading
{
    private const int MaxExpressionDepth = 200;
    private const int MaxExpressionSize = 100_000;

    private readonly Dictionary<SqlExpression, ExpressionFacts> _facts = new(SameNode.Comparer);

    private ExpressionFacts FactsOf(SqlExpression expression)
    {
        if (_facts.TryGetValue(expression, out var known))
        {
            return known;
        }

        Work();
        var facts = new ExpressionFacts();
        string? first = null;
        foreach (var operand in expression.Operands)
        {
            var part = FactsOf(operand);
            facts.Add(part);
            first ??= part.Type;
        }

        switch (expression)
        {
            case ColumnReference when MeaningOf(expression) is { } meaning:
                AddColumn(facts, meaning);
                break;
            case ColumnReference:
                facts.HasUnknownColumn = true;
                break;
            case HoleExpression or UnknownExpression or DefaultExpression or InExpression { Query: null, Items.IsEmpty: true } or BinaryExpression { Operator: "" } or IsExpression { Test: "" }
                or InExpression { IsNegationUnknown: true } or LikeExpression { IsNegationUnknown: true } or BetweenExpression { IsNegationUnknown: true } or LiteralExpression { HasHole: true }:
                facts.HasHole = true;
                break;
            case FunctionCall call:
                AddCall(facts, call);
                break;
            case InExpression { Query: not null } or SubqueryExpression:
                facts.HasSubquery = true;
                break;
        }

        facts.Type = TypeOf(expression, first);
        _facts[expression] = facts;
        return facts;
    }

    private static void AddColumn(ExpressionFacts facts, BoundColumn meaning)
    {
        if (meaning.Relation is { } relation)
        {
            facts.Add(relation);
            facts.HasWholeRow |= meaning.Column.Length == 0;
            return;
        }

        facts.HasUnknownColumn = true;
        foreach (var candidate in meaning.Candidates)
        {
            facts.Add(candidate);
        }
    }

    private static void AddCall(ExpressionFacts facts, FunctionCall call)
    {
        if (call.Name.HasHole)
        {
            facts.HasHole = true;
            return;
        }

        var isOwn = call.Name.Parts.Length == 1 || call.Name.Schema is "pg_catalog" or "public";
        var name = call.Name.Name;
        switch (isOwn ? BuiltinFunctions.VolatilityOf(name) : Volatility.Unknown)
        {
            case Volatility.Volatile:
                facts.IsVolatile = true;
                break;
            case Volatility.Unknown when call.Over is null:
                facts.HasUnknownFunction = true;
                break;
        }

        facts.HasWindow |= call.Over is not null;
        facts.HasAggregate |= call.Over is null && (BuiltinFunctions.IsAggregate(name) || call.IsStar || call.IsDistinct || call.Filter is not null || !call.OrderBy.IsEmpty);
        facts.HasSet |= BuiltinFunctions.IsSetReturning(name);
    }

    private string? TypeOf(SqlExpression expression, string? first) => expression switch
    {
        ColumnReference => MeaningOf(expression)?.Type,
        LiteralExpression { Type: { } type } => type.Name,
        LiteralExpression literal => LiteralType(literal),
        CastExpression cast => cast.Type.Name is { } name && cast.Type.IsArray && !name.EndsWith("[]", StringComparison.Ordinal) ? name + "[]" : _catalog.BaseType(cast.Type.Name),
        FunctionCall call => call.Name.Name == "nullif" || call.Name.Parts.Length <= 2 ? BuiltinFunctions.ResultType(call.Name.Name, first) : null,
        LogicalExpression or InExpression or LikeExpression or IsExpression or BetweenExpression or QuantifiedExpression or SubqueryExpression { Kind: SubqueryKind.Exists } => "boolean",
        UnaryExpression { Operator: "NOT" } => "boolean",
        UnaryExpression or ParenthesizedExpression or CollateExpression => first,
        BinaryExpression binary => OperatorType(binary, first),
        ArrayExpression array => first is not null ? first.EndsWith("[]", StringComparison.Ordinal) ? first : first + "[]"
            : !array.Items.IsEmpty && array.Items.All(item => item is LiteralExpression { Kind: LiteralKind.String }) ? "text[]" : null,
        CaseExpression choice => choice.Branches.Select(branch => FactsOf(branch.Then).Type).Concat(choice.Else is null ? [] : [FactsOf(choice.Else).Type]).FirstOrDefault(type => type is not null),
        IndirectionExpression { Field: null, Subscripts.Length: 1 } element => FactsOf(element.Operand).Type switch
        {
            { } array when array.EndsWith("[]", StringComparison.Ordinal) => array.Substring(0, array.Length - 2),
            "jsonb" => "jsonb",
            _ => null,
        },
        _ => null,
    };

    /// <summary>The type of a constant as PostgreSQL's scanner makes it: integer, bigint or numeric by size.</summary>
    private static string? LiteralType(LiteralExpression literal) => literal.Kind switch
    {
        LiteralKind.Boolean => "boolean",
        LiteralKind.BitString => "bit",
        LiteralKind.Number when literal.Text is { } text => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _) ? "integer"
            : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _) ? "bigint"
            : text.Length > 1 && text[0] == '0' && text[1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B' ? "integer" : "numeric",
        _ => null,
    };

    private string? OperatorType(BinaryExpression binary, string? first)
    {
        var left = FactsOf(binary.Left).Type;
        var right = FactsOf(binary.Right).Type;
        switch (binary.Operator)
        {
            case "=" or "<>" or "<" or ">" or "<=" or ">=" or "IS DISTINCT FROM" or "IS NOT DISTINCT FROM" or "OVERLAPS" or "~" or "~*" or "!~" or "!~*" or "@>" or "<@" or "&&" or "?" or "?|" or "?&" or "@?" or "@@":
                return "boolean";
            case "->>" or "#>>":
                return "text";
            case "->" or "#>" or "#-":
                return left;
            case "||":
                return left is "text" or "character varying" or "character" || right is "text" or "character varying" or "character" ? "text" : left ?? right;
            case "AT TIME ZONE":
                return left switch
                {
                    "timestamp with time zone" => "timestamp without time zone",
                    "timestamp without time zone" => "timestamp with time zone",
                    _ => null,
                };
            case "+" or "-" or "*" or "/" or "%" or "^":
                return ArithmeticType(binary.Operator, left, right, first);
            default:
                return null;
        }
    }

    private static string? ArithmeticType(string op, string? left, string? right, string? first)
    {
        if (left is "date" or "timestamp with time zone" or "timestamp without time zone")
        {
            return (left, op, right) switch
            {
                ("date", "-", "date") => "integer",
                ("date", _, "interval") => "timestamp without time zone",
                ("date", _, _) => right is null ? null : "date",
                (_, "-", "timestamp with time zone" or "timestamp without time zone" or "date") => "interval",
                _ => left,
            };
        }

        var rank = Math.Max(Rank(left), Rank(right));
        return left is null || right is null || (Rank(left) > 0 && Rank(right) > 0)
            ? rank switch { 1 => "smallint", 2 => "integer", 3 => "bigint", 4 => "numeric", 5 => "real", 6 => "double precision", _ => left is null || right is null ? first : null }
            : null;

        static int Rank(string? type) => type switch { "smallint" => 1, "integer" => 2, "bigint" => 3, "numeric" => 4, "real" => 5, "double precision" => 6, _ => 0 };
    }
}
