using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <summary>The names of PostgreSQL's own types (manual, table 8.1).</summary>
internal static class TypeNames
{
    /// <summary>The name as PostgreSQL prints it: <c>int4</c> is <c>integer</c>. A name with a schema other than pg_catalog stays as it is.</summary>
    public static string Canonical(ImmutableArray<SqlName> parts)
    {
        var last = parts[parts.Length - 1];
        if (parts.Length > 1 && parts[parts.Length - 2].Text != "pg_catalog")
        {
            return last.Text;
        }

        return Canonical(last.Text);
    }

    /// <summary>The name as PostgreSQL prints it.</summary>
    public static string Canonical(string name) => name switch
    {
        "int" or "int4" or "serial" or "serial4" => "integer",
        "int8" or "bigserial" or "serial8" => "bigint",
        "int2" or "smallserial" or "serial2" => "smallint",
        "bool" => "boolean",
        "float8" or "float" => "double precision",
        "float4" => "real",
        "dec" or "decimal" => "numeric",
        "varchar" => "character varying",
        "char" or "bpchar" or "nchar" => "character",
        "varbit" => "bit varying",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        _ => name,
    };

    /// <summary>Whether the name makes a column with a default of its own.</summary>
    public static bool IsSerial(string name) => name is "serial" or "bigserial" or "smallserial" or "serial4" or "serial8" or "serial2";

    /// <summary>The name under which PostgreSQL keeps a type that its grammar gives another one: <c>integer</c> is <c>int4</c>.</summary>
    public static string Internal(string name) => name switch
    {
        "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "double precision" => "float8",
        "real" => "float4",
        "character varying" => "varchar",
        "character" => "bpchar",
        "bit varying" => "varbit",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        _ => name,
    };

    /// <summary>Whether the server has the type without any extension; the name as PostgreSQL prints it, of an array that of its elements.</summary>
    public static bool IsBuiltIn(string name) => Internal(name) != name || name is "text" or "uuid" or "numeric" or "date" or "interval" or "json" or "jsonb" or "bytea" or "bit"
        or "inet" or "cidr" or "macaddr" or "macaddr8" or "money" or "xml" or "name" or "oid" or "tsvector" or "tsquery" or "point" or "line" or "lseg" or "box" or "path"
        or "polygon" or "circle" or "int4range" or "int8range" or "numrange" or "tsrange" or "tstzrange" or "daterange" or "int4multirange" or "int8multirange"
        or "nummultirange" or "tsmultirange" or "tstzmultirange" or "datemultirange" or "regclass" or "regproc" or "regtype" or "regprocedure" or "regoper" or "regrole"
        or "regnamespace" or "pg_lsn" or "xid" or "xid8" or "cid" or "tid" or "jsonpath" or "txid_snapshot" or "pg_snapshot" or "void" or "record" or "trigger";
}
