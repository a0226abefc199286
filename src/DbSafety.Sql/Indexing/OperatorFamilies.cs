using DbSafety.Sql.Queries;

namespace DbSafety.Sql.Indexing;

/// <summary>How the type of a key takes part in a comparison.</summary>
/// <param name="Fit">Whether an index on the key itself can be searched.</param>
/// <param name="CastTo">The type that the key is cast to, where it is.</param>
internal readonly record struct KeyCast(IndexFit Fit, string? CastTo)
{
    public static readonly KeyCast None = new(IndexFit.Serves, null);

    public static readonly KeyCast Unknown = new(IndexFit.Maybe, null);

    public static KeyCast To(string type) => new(IndexFit.No, type);
}

/// <summary>
/// PostgreSQL's operator families (manual, 38.16.5), and which operator it chooses for two types (10.2): within a family it compares as they are, else one
/// side is cast, and where that is the key no index on it serves.
/// </summary>
internal static class OperatorFamilies
{
    /// <summary>The btree family of a type; null where there is none or it is not known.</summary>
    public static string? Family(string? type) => type switch
    {
        null => null,
        "smallint" or "integer" or "bigint" => "integer_ops",
        "real" or "double precision" => "float_ops",
        "text" or "character varying" or "name" => "text_ops",
        "date" or "timestamp without time zone" or "timestamp with time zone" => "datetime_ops",
        "inet" or "cidr" => "network_ops",
        "numeric" or "uuid" or "boolean" or "bytea" or "interval" or "citext" or "jsonb" or "money" or "oid" or "macaddr" or "macaddr8" or "bit" or "bit varying" or "pg_lsn"
            or "time without time zone" or "time with time zone" or "ltree" => type + "_ops",
        "character" => "bpchar_ops",
        _ when type.EndsWith("[]", StringComparison.Ordinal) => "array_ops",
        _ when IsRange(type) => "range_ops",
        _ => null,
    };

    /// <summary>Whether it is one of PostgreSQL's own range types.</summary>
    public static bool IsRange(string type) => type is "int4range" or "int8range" or "numrange" or "tsrange" or "tstzrange" or "daterange"
        or "int4multirange" or "int8multirange" or "nummultirange" or "tsmultirange" or "tstzmultirange" or "datemultirange";

    /// <summary>Whether it is one of PostgreSQL's own geometric types.</summary>
    public static bool IsGeometric(string type) => type is "point" or "box" or "circle" or "polygon" or "lseg" or "line" or "path";

    /// <summary>Whether values of the type have a collation.</summary>
    public static bool IsCollatable(string? type) => type is "text" or "character varying" or "character" or "citext";

    /// <summary>Whether LIKE reads the type as text.</summary>
    public static bool IsText(string? type) => type is "text" or "character varying" or "name" or "character";

    /// <summary>How a key is compared with a value.</summary>
    public static KeyCast Compare(string? keyType, QueryValue value)
    {
        var type = value.Type is { } array && value.IsArray && array.EndsWith("[]", StringComparison.Ordinal) ? array.Substring(0, array.Length - 2) : value.Type;
        if (keyType is null)
        {
            return KeyCast.Unknown;
        }

        if (type is null)
        {
            return value.Kind switch
            {
                QueryValueKind.Constant => KeyCast.None,

                // A driver sends strings as text, and that is another operator here.
                QueryValueKind.Parameter => keyType is "citext" or "character" ? KeyCast.Unknown : KeyCast.None,
                QueryValueKind.Volatile => KeyCast.None,
                _ => KeyCast.Unknown,
            };
        }

        if (type == keyType)
        {
            return KeyCast.None;
        }

        if (NumericRank(keyType) is > 0 and var rank && NumericRank(type) is > 0 and var valueRank)
        {
            return valueRank <= rank ? KeyCast.None : KeyCast.To(valueRank == 2 ? "numeric" : "double precision");
        }

        return (keyType, type) switch
        {
            // char(n) has operators of its own, varchar has none: two exact types win over one.
            ("character varying", "character") => KeyCast.To("character"),
            ("character", "character varying") => KeyCast.None,
            ("character" or "citext", "text") or ("citext", "character varying" or "character") => KeyCast.To("text"),
            ("text", "character" or "citext") or ("character varying", "citext") => KeyCast.None,
            _ when Family(keyType) is { } family and ("text_ops" or "datetime_ops" or "network_ops") && family == Family(type) => KeyCast.None,
            _ => KeyCast.Unknown,
        };
    }

    /// <summary>Whether a hash index searches values of another type: its families hold fewer types than those of btree.</summary>
    public static bool HashCrosses(string? keyType, string? valueType) =>
        keyType is null || valueType is null || keyType == valueType || Family(keyType) != "datetime_ops" || Family(valueType) != "datetime_ops";

    /// <summary>Integers turn into numeric, and numeric into floating point; never back.</summary>
    private static int NumericRank(string type) => type switch
    {
        "smallint" or "integer" or "bigint" => 1,
        "numeric" => 2,
        "real" or "double precision" => 3,
        _ => 0,
    };
}
