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
}
