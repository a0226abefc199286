using DbSafety.Sql.Parsing;

namespace DbSafety.Sql.Queries;

/// <summary>Whether a function gives the same result for the same arguments (PostgreSQL manual, 38.7).</summary>
internal enum Volatility
{
    /// <summary>Nobody knows: a function of the user.</summary>
    Unknown,

    /// <summary>Always.</summary>
    Immutable,

    /// <summary>Within one statement.</summary>
    Stable,

    /// <summary>Not even for two rows.</summary>
    Volatile,
}

/// <summary>What is known about PostgreSQL's own functions (<c>pg_proc</c>: provolatile, proretset, proisstrict, prokind, prorettype).</summary>
internal static class BuiltinFunctions
{
    private static readonly HashSet<string> VolatileNames = Names(
        "random random_normal clock_timestamp timeofday nextval currval lastval setval gen_random_uuid uuidv4 uuidv7 uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt pg_sleep pg_sleep_for "
        + "pg_sleep_until set_config pg_advisory_lock pg_advisory_xact_lock pg_try_advisory_lock pg_try_advisory_xact_lock pg_advisory_unlock pg_notify setseed dblink dblink_exec "
        + "pg_cancel_backend pg_terminate_backend query_to_xml");

    private static readonly HashSet<string> StableNames = Names(
        "now transaction_timestamp statement_timestamp current_timestamp current_date current_time localtime localtimestamp current_setting current_user session_user user current_role "
        + "system_user current_schema current_schemas current_catalog current_database to_char to_timestamp to_date to_number to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery "
        + "ts_headline concat concat_ws format age date_part date_trunc timezone date_bin to_json to_jsonb json_build_object jsonb_build_object json_build_array jsonb_build_array "
        + "row_to_json array_to_json array_to_string json_object json_array string_to_table json_populate_record jsonb_populate_record json_to_recordset jsonb_to_recordset json_to_record jsonb_to_record "
        + "has_table_privilege pg_typeof pg_backend_pid txid_current pg_is_in_recovery inet_client_addr unaccent to_regclass pg_get_userbyid obj_description jsonb_path_exists_tz "
        + "jsonb_path_query_tz generate_subscripts make_timestamptz quote_literal quote_nullable pg_table_size pg_total_relation_size pg_relation_size version");

    private static readonly HashSet<string> ImmutableNames = Names(
        "lower upper initcap trim btrim ltrim rtrim replace left right lpad rpad substr substring split_part md5 reverse translate normalize overlay position strpos length char_length "
        + "character_length octet_length bit_length ascii chr repeat regexp_replace regexp_match regexp_matches regexp_split_to_array regexp_count regexp_like regexp_substr regexp_instr starts_with to_hex encode "
        + "decode sha224 sha256 sha384 sha512 digest hmac crypt quote_ident abs ceil ceiling floor round trunc sign sqrt cbrt power pow exp ln log log10 mod div gcd lcm factorial degrees radians sin cos tan "
        + "asin acos atan atan2 pi width_bucket greatest least coalesce nullif extract make_date make_time make_timestamp make_interval justify_days justify_hours justify_interval isfinite "
        + "array_length array_lower array_upper array_ndims array_dims cardinality array_append array_prepend array_cat array_remove array_replace array_position array_positions array_fill string_to_array "
        + "jsonb_typeof json_typeof jsonb_array_length json_array_length jsonb_extract_path jsonb_extract_path_text json_extract_path json_extract_path_text jsonb_set jsonb_set_lax jsonb_insert jsonb_strip_nulls "
        + "json_strip_nulls jsonb_pretty jsonb_path_exists jsonb_path_match jsonb_path_query_array jsonb_path_query_first jsonb_exists jsonb_exists_any jsonb_exists_all jsonb_contains row num_nulls num_nonnulls "
        + "hashtext host family masklen network broadcast lower_inc upper_inc lower_inf upper_inf isempty range_merge int4range int8range numrange tsrange tstzrange daterange tsvector_to_array "
        + "setweight strip ts_rank ts_rank_cd numnode querytree similarity word_similarity strict_word_similarity soundex levenshtein metaphone uuid_generate_v5 st_makepoint st_setsrid st_point "
        + "st_geomfromtext st_intersects st_contains st_within st_dwithin st_distance st_transform st_buffer st_makeenvelope ll_to_earth earth_box earth_distance point box circle polygon lseg line path "
        + "nlevel subpath subltree lquery cube hstore exist defined get_bit set_bit get_byte set_byte concat_immutable booleq texteq int4eq");

    private static readonly HashSet<string> AggregateNames = Names(
        "count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg json_arrayagg json_objectagg bool_and bool_or every bit_and bit_or bit_xor xmlagg any_value "
        + "stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy "
        + "percentile_cont percentile_disc mode range_agg range_intersect_agg grouping st_union st_collect st_extent st_asmvt");

    private static readonly HashSet<string> SetReturningNames = Names(
        "unnest generate_series generate_subscripts regexp_matches regexp_split_to_table string_to_table jsonb_array_elements jsonb_array_elements_text json_array_elements json_array_elements_text "
        + "jsonb_each jsonb_each_text json_each json_each_text jsonb_object_keys json_object_keys jsonb_path_query jsonb_path_query_tz jsonb_to_recordset json_to_recordset jsonb_populate_recordset "
        + "json_populate_recordset ts_stat ts_parse skeys svals st_dump");

    // Table functions that give one column, which is called like the function unless an alias says otherwise.
    private static readonly HashSet<string> OneColumnNames = Names("unnest generate_series generate_subscripts regexp_split_to_table string_to_table jsonb_path_query");

    private static readonly HashSet<string> NotStrictNames = Names(
        "coalesce nullif greatest least concat concat_ws format json_build_object jsonb_build_object json_build_array jsonb_build_array quote_nullable num_nulls num_nonnulls array_append array_prepend array_cat "
        + "array_remove array_replace array_position array_positions array_fill json_object json_array string_to_array string_to_table array_to_string row jsonb_set_lax xmlelement xmlforest xmlconcat grouping");

    /// <summary>Whether a function changes its mind.</summary>
    public static Volatility VolatilityOf(string name) =>
        VolatileNames.Contains(name) ? Volatility.Volatile
        : StableNames.Contains(name) ? Volatility.Stable
        : ImmutableNames.Contains(name) || AggregateNames.Contains(name) || SetReturningNames.Contains(name) || TypeNames.Canonical(name) != name ? Volatility.Immutable
        : Volatility.Unknown;

    /// <summary>Whether it is an aggregate.</summary>
    public static bool IsAggregate(string name) => AggregateNames.Contains(name);

    /// <summary>Whether it returns a set.</summary>
    public static bool IsSetReturning(string name) => SetReturningNames.Contains(name);

    /// <summary>Whether it certainly gives null for a null argument.</summary>
    public static bool IsStrict(string name) => VolatilityOf(name) is Volatility.Immutable or Volatility.Stable && !NotStrictNames.Contains(name) && !AggregateNames.Contains(name);

    /// <summary>The columns of a function in FROM, named after its alias where it has one column; null where not known.</summary>
    public static string[]? Columns(string name, string alias) => name switch
    {
        "jsonb_array_elements" or "jsonb_array_elements_text" or "json_array_elements" or "json_array_elements_text" => ["value"],
        "jsonb_each" or "jsonb_each_text" or "json_each" or "json_each_text" => ["key", "value"],
        "jsonb_object_keys" or "json_object_keys" => [alias],
        _ => OneColumnNames.Contains(name) ? [alias] : null,
    };

    /// <summary>The type of the result, or null.</summary>
    /// <param name="name">The function.</param>
    /// <param name="first">The type of the first argument that has one.</param>
    public static string? ResultType(string name, string? first) => FunctionTypes.Result(name) ?? name switch
    {
        "coalesce" or "nullif" or "greatest" or "least" or "min" or "max" or "abs" or "any_value" or "array_append" or "array_remove" or "array_cat" => first,
        "ceil" or "ceiling" or "floor" or "round" or "trunc" or "sqrt" or "power" or "exp" or "ln" => first is "integer" or "bigint" or "smallint" ? "double precision" : first,
        "date_trunc" => first is "date" ? "timestamp with time zone" : first is "text" or "character varying" ? null : first,
        "transaction_timestamp" or "statement_timestamp" or "make_timestamptz" => "timestamp with time zone",
        "localtimestamp" or "make_timestamp" => "timestamp without time zone",
        "localtime" => "time without time zone",
        "current_time" => "time with time zone",
        "substring" or "overlay" or "repeat" or "current_setting" or "array_to_string" or "format" or "encode" or "unaccent" or "chr" or "to_hex" or "quote_ident" or "quote_literal" => "text",
        "current_user" or "session_user" or "user" or "current_role" or "current_schema" or "current_database" or "current_catalog" => "name",
        "jsonb_build_object" or "jsonb_build_array" or "to_jsonb" or "jsonb_set" or "jsonb_insert" or "jsonb_strip_nulls" or "jsonb_extract_path" or "jsonb_agg" or "jsonb_object_agg" => "jsonb",
        "json_build_object" or "json_build_array" or "to_json" or "row_to_json" or "json_extract_path" or "json_agg" => "json",
        "ascii" or "octet_length" or "bit_length" or "array_upper" or "array_lower" or "array_position" => "integer",
        "nextval" or "currval" or "lastval" => "bigint",
        "age" or "make_interval" or "justify_days" or "justify_hours" => "interval",
        "to_tsquery" or "plainto_tsquery" or "phraseto_tsquery" or "websearch_to_tsquery" => "tsquery",
        "starts_with" or "jsonb_path_exists" or "jsonb_path_match" or "jsonb_exists" or "jsonb_exists_any" or "jsonb_exists_all" or "jsonb_contains" or "regexp_like" or "isfinite" or "st_intersects" or "st_contains"
            or "st_within" or "st_dwithin" or "bool_and" or "bool_or" or "every" => "boolean",
        "string_to_array" or "regexp_split_to_array" or "regexp_match" => "text[]",
        "uuidv4" or "uuidv7" or "uuid_generate_v4" => "uuid",
        _ => TypeNames.Canonical(name) != name ? TypeNames.Canonical(name) : null,
    };

    private static HashSet<string> Names(string names) => new(names.Split(' '), StringComparer.Ordinal);
}
