namespace DbSafety.Sql.Parsing;

/// <summary>The few built-in functions whose types tell what a hole beside them must be (PostgreSQL manual, chapter 9).</summary>
internal static class FunctionTypes
{
    /// <summary>The type that a function returns, or null where it depends on its arguments or is not known.</summary>
    public static string? Result(string function) => function switch
    {
        "lower" or "upper" or "initcap" or "trim" or "btrim" or "ltrim" or "rtrim" or "replace" or "left" or "right" or "lpad" or "rpad" or "concat"
            or "concat_ws" or "substr" or "md5" or "split_part" or "to_char" or "regexp_replace" or "reverse" or "translate" or "normalize"
            or "string_agg" or "jsonb_extract_path_text" or "json_extract_path_text" or "jsonb_typeof" or "json_typeof" => "text",
        "length" or "char_length" or "character_length" or "octet_length" or "strpos" or "position" or "array_length" or "cardinality"
            or "jsonb_array_length" or "json_array_length" => "integer",
        "count" or "row_number" or "rank" or "dense_rank" => "bigint",
        "now" or "to_timestamp" or "clock_timestamp" or "transaction_timestamp" or "statement_timestamp" or "current_timestamp" =>
            "timestamp with time zone",
        "current_date" or "to_date" or "make_date" => "date",
        "gen_random_uuid" => "uuid",
        "to_tsvector" => "tsvector",
        "extract" or "to_number" => "numeric",
        "date_part" or "random" => "double precision",
        _ => null,
    };

    /// <summary>Whether a function aggregates its first argument, so that a bare hole there is a column and no value.</summary>
    public static bool IsAggregate(string function) => function is "count" or "sum" or "avg" or "min" or "max" or "array_agg" or "string_agg"
        or "json_agg" or "jsonb_agg" or "bool_and" or "bool_or" or "every";

    /// <summary>The type that a function takes at a position, or null.</summary>
    public static string? Argument(string function, int index) => function switch
    {
        "lower" or "upper" or "initcap" or "replace" or "concat_ws" or "translate" or "reverse" or "starts_with" or "strpos" or "regexp_replace"
            or "regexp_match" or "regexp_matches" or "regexp_split_to_array" or "regexp_split_to_table" or "similarity" or "word_similarity"
            or "quote_ident" or "quote_literal" or "md5" or "pg_notify" or "to_date" => "text",

        // These take values of any type, and a constant is text to them; a value without a type is refused.
        "concat" or "format" or "json_build_object" or "jsonb_build_object" or "json_build_array" or "jsonb_build_array" => "text",
        "set_config" => index < 2 ? "text" : null,
        "trim" or "btrim" or "ltrim" or "rtrim" => "text",
        "split_part" or "string_to_array" => index < 2 ? "text" : null,
        "left" or "right" or "lpad" or "rpad" or "date_trunc" or "date_part" => index == 0 ? "text" : null,
        "to_char" => index == 1 ? "text" : null,
        _ => null,
    };
}
