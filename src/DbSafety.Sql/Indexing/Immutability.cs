using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Indexing;

/// <summary>Whether an expression may be the key of an index: PostgreSQL takes only what depends on nothing but the row (manual, CREATE INDEX; 38.7).</summary>
internal readonly struct Immutability(Table table)
{
    // Immutable for all types that they take, except where the types below tell otherwise.
    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "lower", "upper", "initcap", "btrim", "ltrim", "rtrim", "trim", "length", "char_length", "character_length", "octet_length", "substring", "substr", "left", "right", "replace",
        "reverse", "split_part", "strpos", "lpad", "rpad", "repeat", "translate", "md5", "abs", "round", "floor", "ceil", "ceiling", "trunc", "mod", "sign", "sqrt", "power", "ln",
        "coalesce", "nullif", "greatest", "least", "jsonb_extract_path", "jsonb_extract_path_text", "jsonb_array_length", "jsonb_typeof", "array_length", "cardinality", "lower_inc", "upper_inc",
        "isempty", "host", "masklen", "regexp_replace",
    };

    /// <summary>Whether it is certain that the expression may be a key.</summary>
    public bool Allows(SqlExpression expression)
    {
        switch (CanonicalText.Strip(expression))
        {
            case ColumnReference column:
                return TypeOf(column) is not null;
            case LiteralExpression { HasHole: false, Type: null, Kind: not LiteralKind.BitString }:
                return true;
            case FunctionCall { Over: null, Filter: null, IsStar: false, IsDistinct: false } call when call.OrderBy.IsEmpty && IsOwn(call.Name)
                && (call.IsPlain || call.Name.Name is "coalesce" or "nullif" or "greatest" or "least"):
                // Of a form with words between (substring(x FOR 3)) the one form keeps the arguments only.
                return All(call.Arguments) && (Functions.Contains(call.Name.Name) || OfTime(call) || (call.Name.Name == "to_tsvector" && call.Arguments.Length == 2));
            case UnaryExpression { Operator: "-" or "+" } unary:
                return Allows(unary.Operand) && !IsZoned(unary.Operand);
            case BinaryExpression { Operator: "->" or "->>" or "#>" or "#>>" } path:
                return Allows(path.Left) && Allows(path.Right);
            case BinaryExpression { Operator: "+" or "-" or "*" or "/" or "%" or "||" } binary:
                return Allows(binary.Left) && Allows(binary.Right) && IsPlain(binary.Left) && IsPlain(binary.Right);
            case BinaryExpression { Operator: "AT TIME ZONE" } zone:
                return Allows(zone.Left) && CanonicalText.Strip(zone.Right) is LiteralExpression { Kind: LiteralKind.String };
            case CastExpression { IsTypePrefix: false } cast:
                return Allows(cast.Operand) && Casts(TypeOf(cast.Operand), cast.Type);
            default:
                return false;
        }
    }

    /// <summary>The type of an expression; null where it is not known.</summary>
    public string? TypeOf(SqlExpression expression) => CanonicalText.Strip(expression) switch
    {
        ColumnReference { HasHole: false, IsStar: false } column => table.FindColumn(column.Column)?.Type,
        CastExpression { Type: { Name: { } name, IsArray: false } } => name,
        LiteralExpression { Kind: LiteralKind.Number } => "numeric",
        LiteralExpression { Kind: LiteralKind.String, Type: null } => "text",
        BinaryExpression { Operator: "->>" or "#>>" or "||" } => "text",
        BinaryExpression { Operator: "->" or "#>" } => "jsonb",
        BinaryExpression { Operator: "+" or "-" or "*" or "/" or "%" } binary => TypeOf(binary.Left),
        BinaryExpression { Operator: "AT TIME ZONE" } zone => TypeOf(zone.Left) switch
        {
            "timestamp with time zone" => "timestamp without time zone",
            "timestamp without time zone" => "timestamp with time zone",
            _ => null,
        },
        FunctionCall { Name.Name: "lower" or "upper" or "btrim" or "ltrim" or "rtrim" or "trim" or "substring" or "substr" or "left" or "right" or "replace" } => "text",
        FunctionCall { Name.Name: "coalesce", Arguments: { IsEmpty: false } arguments } => TypeOf(arguments[0]),
        FunctionCall { Name.Name: "date_trunc", Arguments: { Length: 2 } arguments } => TypeOf(arguments[1]),
        FunctionCall { Name.Name: "date" } => "date",
        FunctionCall { Name.Name: "to_tsvector" } => "tsvector",
        _ => null,
    };

    private static bool IsOwn(QualifiedName name) => !name.HasHole && name.Schema is null or "pg_catalog";

    private bool All(IEnumerable<SqlExpression> expressions)
    {
        var self = this;
        return expressions.All(self.Allows);
    }

    private bool OfTime(FunctionCall call) => call.Name.Name switch
    {
        "date_trunc" or "date_part" => call.Arguments.Length == 2 && TypeOf(call.Arguments[1]) is "timestamp without time zone" or "date" && call.Name.Name == "date_part"
            || (call.Arguments.Length == 2 && TypeOf(call.Arguments[1]) == "timestamp without time zone"),
        "date" => call.Arguments.Length == 1 && TypeOf(call.Arguments[0]) == "timestamp without time zone",
        _ => false,
    };

    private bool IsZoned(SqlExpression expression) => TypeOf(expression) is null or "timestamp with time zone";

    private bool IsPlain(SqlExpression expression) =>
        TypeOf(expression) is "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" or "text" or "character varying" or "jsonb";

    /// <summary>Text of times and times of text depend on the session.</summary>
    private static bool Casts(string? from, TypeName to) => !to.IsArray && to.Modifiers.IsEmpty && to.Name is { } type && (from, type) switch
    {
        (null, _) => false,
        ("text" or "character varying" or "character" or "citext", "text" or "character varying" or "character" or "citext" or "integer" or "bigint" or "smallint" or "numeric" or "real"
            or "double precision" or "uuid" or "boolean" or "jsonb") => true,
        ("smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision", "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" or "text") => true,
        ("uuid" or "boolean" or "jsonb" or "inet", "text") => true,
        ("boolean", "integer") => true,
        ("timestamp without time zone", "date" or "time without time zone") => true,
        ("date", "timestamp without time zone") => true,
        _ => from == type,
    };
}
